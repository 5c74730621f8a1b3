//! `docs/compliance`: what the program does for each requirement that departments are held to, as an OSCAL component definition.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What is written by hand, from the repository's root.
const CONTROLS: &str = "docs/compliance/controls.toml";
/// What is written from it.
const DEFINITION: &str = "docs/compliance/component-definition.json";
/// Version of OSCAL.
const OSCAL: &str = "1.1.3";
/// Namespace of properties that OSCAL does not know.
const NAMESPACE: &str = "https://corroborate.example/ns/oscal";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Controls {
    title: String,
    version: String,
    last_modified: String,
    source: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    id: String,
    title: String,
    href: String,
    control: Vec<Control>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Control {
    id: String,
    title: String,
    status: Status,
    how: String,
    #[serde(default)]
    tests: Vec<String>,
    #[serde(default)]
    rest: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Implemented,
    Partial,
    NotCovered,
}

impl Status {
    /// As OSCAL's `implementation-status` says it; that nothing is done has no word there.
    fn oscal(self) -> Option<&'static str> {
        match self {
            Status::Implemented => Some("implemented"),
            Status::Partial => Some("partial"),
            Status::NotCovered => None,
        }
    }
}

/// An identity that is the same whenever it is made: a UUID of version 5 in form, from SHA-256.
fn uuid(of: &str) -> String {
    let mut bytes: Vec<u8> = Sha256::digest(of).into_iter().take(16).collect();
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Names of every test function in the repository below `root`.
///
/// # Errors
/// When a folder cannot be read.
fn tests(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let mut folders: Vec<_> = ["crates", "src-tauri", "tests"].iter().map(|name| root.join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target" && name != "node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path)?;
                let names_of = text.lines().filter_map(|line| {
                    let line = line.trim_start();
                    let line = line.strip_prefix("pub ").unwrap_or(line);
                    let line = line.strip_prefix("async ").unwrap_or(line);
                    Some(line.strip_prefix("fn ")?.split(['(', '<']).next()?.to_owned())
                });
                names.extend(names_of);
            }
        }
    }
    Ok(names)
}

/// The component definition of what is written by hand.
///
/// # Errors
/// When a control says nothing of what its status needs, or names a test that is gone.
fn definition(root: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(root.join(CONTROLS)).context(CONTROLS)?;
    let controls: Controls = toml::from_str(&text).context(CONTROLS)?;
    let known = tests(root)?;
    let mut implementations = Vec::new();
    let mut seen = BTreeSet::new();
    for source in &controls.source {
        let mut requirements = Vec::new();
        for control in &source.control {
            let named = format!("{} {}", source.id, control.id);
            ensure!(seen.insert(named.clone()), "{named} stands twice");
            ensure!(!control.how.trim().is_empty() && !control.title.trim().is_empty(), "{named} says nothing");
            let covered = control.status != Status::NotCovered;
            ensure!(covered != control.tests.is_empty(), "{named}: what is covered has tests, and nothing else has");
            let whole = control.status == Status::Implemented;
            ensure!(whole == control.rest.is_empty(), "{named}: what is not whole says what is missing");
            if let Some(gone) = control.tests.iter().find(|test| !known.contains(*test)) {
                bail!("{named}: there is no test {gone}");
            }
            requirements.push(requirement(&named, control));
        }
        implementations.push(json!({
            "uuid": uuid(&source.id), "source": source.href, "description": source.title,
            "implemented-requirements": requirements,
        }));
    }
    let definition = json!({
        "component-definition": {
            "uuid": uuid("component-definition"),
            "metadata": {
                "title": controls.title, "last-modified": controls.last_modified, "version": controls.version,
                "oscal-version": OSCAL,
            },
            "components": [{
                "uuid": uuid("corroborate"), "type": "software", "title": "Corroborate",
                "description": "A workstation for detectives: face search with mandatory corroboration.",
                "control-implementations": implementations,
            }],
        }
    });
    Ok(serde_json::to_string_pretty(&definition)? + "\n")
}

fn requirement(named: &str, control: &Control) -> Value {
    let covered = if control.status == Status::NotCovered { "not-covered" } else { "covered" };
    let mut properties = vec![json!({ "name": "coverage", "ns": NAMESPACE, "value": covered })];
    properties.extend(control.status.oscal().map(|status| json!({ "name": "implementation-status", "value": status })));
    properties.extend(control.tests.iter().map(|test| json!({ "name": "test", "ns": NAMESPACE, "value": test })));
    let said = match control.rest.is_empty() {
        true => control.how.clone(),
        false => format!("{} Not covered: {}.", control.how, control.rest),
    };
    json!({
        "uuid": uuid(named), "control-id": control.id, "description": format!("{}. {said}", control.title),
        "props": properties,
    })
}

/// Writes the component definition, or with `check` says whether it is current.
///
/// # Errors
/// When the controls do not hold, or the file is another than they give.
pub fn compliance(root: &Path, check: bool) -> anyhow::Result<()> {
    let wanted = definition(root)?;
    let path = root.join(DEFINITION);
    if !check {
        return std::fs::write(&path, wanted).context(DEFINITION);
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    ensure!(found == wanted, "{DEFINITION} is not what {CONTROLS} gives: run `cargo xtask compliance`");
    Ok(())
}
