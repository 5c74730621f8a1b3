//! Reads the content credentials (C2PA) of one photograph behind the walls of the decoder, and says what they say. Input:
//! four parts, each its length in eight bytes (little-endian) and its bytes: the media type, PEM certificates of
//! trusted signers, those of time stamps, the file. Output: one JSON object, [`Said`].

use std::io::{self, Cursor, Read, Write};
use std::process::ExitCode;

use c2pa::{Context, Error, Reader, Settings, ValidationState};
use serde::Serialize;
use serde_json::{Value, json};

// The same walls as the decoder's, from one text.
#[path = "../../faces/src/sandbox.rs"]
mod sandbox;

/// Most bytes of a part.
const MOST: u64 = 256 * 1024 * 1024;
/// Most entries of a list, and characters of a text, that are passed on.
const MOST_SAID: usize = 40;

/// What a file's credentials say.
#[derive(Debug, Default, Serialize)]
struct Said {
    /// `trusted`, `valid` (signer not on the list), `invalid`, `elsewhere`, `none`, `broken`.
    state: &'static str,
    signer: Option<String>,
    /// When it was signed, RFC 3339, as a time stamp says.
    at: Option<String>,
    tool: Option<String>,
    /// Declared edits, as codes of the specification.
    actions: Vec<String>,
    /// Declared digital source types, of every manifest in the file.
    sources: Vec<String>,
    /// Address of a manifest that lies elsewhere.
    elsewhere: Option<String>,
    /// Codes of what failed.
    failed: Vec<String>,
}

fn part(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut bytes = Vec::new();
    from.take(length.min(MOST)).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(bytes) }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Every `digitalSourceType` below a value, and every action of the manifest that is active.
fn gather(value: &Value, sources: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key.to_lowercase().ends_with("digitalsourcetype") => {
                        sources.push(short(text))
                    }
                    _ => gather(value, sources),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, sources)),
        _ => {}
    }
}

fn tool(manifest: &Value) -> Option<String> {
    let info = &manifest["claim_generator_info"][0];
    let named = info["name"].as_str().map(|name| match info["version"].as_str() {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    });
    named.or_else(|| manifest["claim_generator"].as_str().map(str::to_owned)).map(|name| short(&name))
}

fn read(media: &str, trusted: &str, stamps: &str, photo: &[u8]) -> Said {
    let broken = |failed: String| Said { state: "broken", failed: vec![short(&failed)], ..Said::default() };
    let anchors = [trusted, stamps].join("\n");
    let settings = json!({
        "trust": { "trust_anchors": if anchors.contains("BEGIN") { Value::from(anchors) } else { Value::Null } },
        "verify": { "remote_manifest_fetch": false, "ocsp_fetch": false },
        "core": { "allowed_network_hosts": [], "decode_identity_assertions": false },
    });
    let settings = Settings::new().with_json(&settings.to_string());
    let context = match settings.and_then(|settings| Context::new().with_settings(settings)) {
        Ok(context) => context,
        Err(error) => return broken(error.to_string()),
    };
    let reader = match Reader::from_context(context).with_stream(media, Cursor::new(photo)) {
        Ok(reader) => reader,
        Err(Error::JumbfNotFound) => return Said { state: "none", ..Said::default() },
        Err(Error::RemoteManifestUrl(address)) => {
            return Said { state: "elsewhere", elsewhere: Some(short(&address)), ..Said::default() };
        }
        Err(error) => return broken(error.to_string()),
    };
    let all: Value = serde_json::from_str(&reader.json()).unwrap_or_default();
    let active = all["active_manifest"].as_str().map_or(&Value::Null, |label| &all["manifests"][label]);
    let mut said = Said {
        state: match reader.validation_state() {
            ValidationState::Trusted => "trusted",
            ValidationState::Valid => "valid",
            ValidationState::Invalid => "invalid",
        },
        tool: tool(active),
        ..Said::default()
    };
    let signed = &active["signature_info"];
    said.signer = signed["issuer"].as_str().or_else(|| signed["common_name"].as_str()).map(short);
    said.at = signed["time"].as_str().map(short);
    gather(&all["manifests"], &mut said.sources);
    let assertions = active["assertions"].as_array().into_iter().flatten();
    let actions = assertions.filter_map(|a| a["data"]["actions"].as_array()).flatten();
    said.actions = actions.filter_map(|action| action["action"].as_str()).map(short).collect();
    said.failed = reader.validation_status().unwrap_or_default().iter().map(|status| short(status.code())).collect();
    for list in [&mut said.sources, &mut said.actions, &mut said.failed] {
        list.dedup();
        list.truncate(MOST_SAID);
    }
    said
}

fn run() -> io::Result<()> {
    sandbox::limit()?;
    sandbox::enter(sandbox::Walls::Both)?;
    let mut from = io::stdin().lock();
    let [media, trusted, stamps, photo] = [part(&mut from)?, part(&mut from)?, part(&mut from)?, part(&mut from)?];
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = read(&text(&media), &text(&trusted), &text(&stamps), &photo);
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &said)?;
    out.flush()
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("credentials: {error}");
            ExitCode::FAILURE
        }
    }
}
