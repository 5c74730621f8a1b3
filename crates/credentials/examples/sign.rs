//! For tests: signs a photograph with a key that is made for it. `sign IN OUT ANCHOR [SOURCE TYPE [REMOTE ADDRESS]]`; the
//! certificate to trust goes to ANCHOR, a SOURCE TYPE of `-` declares none.

use std::error::Error;
use std::fmt::Write;
use std::io::Cursor;

use c2pa::{Builder, EphemeralSigner, Signer};
use serde_json::json;

/// A signed copy of a JPEG, and its authority's certificate in PEM.
pub fn signed(photo: &[u8], source: Option<&str>, remote: Option<&str>) -> Result<(Vec<u8>, String), Box<dyn Error>> {
    let signer = EphemeralSigner::new("camera.example")?;
    let mut created = json!({ "action": "c2pa.created" });
    if let Some(source) = source {
        created["digitalSourceType"] = format!("http://cv.iptc.org/newscodes/digitalsourcetype/{source}").into();
    }
    let definition = json!({
        "claim_generator_info": [{ "name": "Field Camera", "version": "2.1" }],
        "assertions": [{
            "label": "c2pa.actions.v2",
            "data": { "actions": [created, { "action": "c2pa.cropped" }, { "action": "c2pa.color_adjustments" }] },
        }],
    });
    let mut builder = Builder::new().with_definition(definition.to_string())?;
    if let Some(address) = remote {
        builder.set_remote_url(address).set_no_embed(true);
    }
    let mut out = Cursor::new(Vec::new());
    builder.sign(&signer, "image/jpeg", &mut Cursor::new(photo), &mut out)?;
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let certificate = signer.certs()?.pop().ok_or("no authority")?;
    for line in base64(&certificate).as_bytes().chunks(64) {
        writeln!(pem, "{}", String::from_utf8_lossy(line))?;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    Ok((out.into_inner(), pem))
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for part in bytes.chunks(3) {
        let all = part.iter().fold(0u32, |all, byte| (all << 8) | u32::from(*byte)) << (8 * (3 - part.len()));
        for at in 0..4 {
            let sign = SIGNS[(all >> (18 - 6 * at)) as usize & 63] as char;
            out.push(if at <= part.len() { sign } else { '=' });
        }
    }
    out
}

#[allow(dead_code)]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, anchor, rest @ ..] = &arguments[..] else { return Err("sign IN OUT ANCHOR [SOURCE [REMOTE]]".into()) };
    let source = rest.first().map(String::as_str).filter(|source| *source != "-");
    let (out, pem) = signed(&std::fs::read(from)?, source, rest.get(1).map(String::as_str))?;
    std::fs::write(to, out)?;
    Ok(std::fs::write(anchor, pem)?)
}
