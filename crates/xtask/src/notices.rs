//! `THIRD-PARTY-NOTICES.txt`: what the shipped programs are made of, under which licence, with the text of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

/// Where the notices stand, from the repository's root.
const FILE: &str = "THIRD-PARTY-NOTICES.txt";
/// The programs that are shipped.
const SHIPPED: [&str; 5] = ["corroborate", "gallery", "relay", "faces", "personae"];
/// Deepest folder in a package where a licence of something that it brings along is looked for.
const DEEPEST: usize = 4;

/// What is linked dynamically and comes with the system, or is fetched beside the programs.
const BESIDE: &str = "\
Linked dynamically and installed with the system, each replaceable by another build of the same library: libheif and
libde265 (LGPL-3.0-or-later), WebKitGTK, GTK 3, GLib, librsvg and libsoup (LGPL-2.0-or-later and LGPL-2.1-or-later),
dav1d, aom (BSD-2-Clause), the C and C++ libraries of the system. The system's libheif may itself load x265
(GPL-2.0-or-later), an encoder that these programs never ask for.

Models and mesh are fetched, not built in; models/models.toml names the licence of each.
";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dep>,
}

#[derive(Deserialize)]
struct Dep {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Locked>,
}

#[derive(Deserialize)]
struct Locked {
    version: Option<String>,
    license: Option<String>,
    #[serde(default)]
    dev: bool,
}

/// Writes the notices, or with `check` says whether they are current.
///
/// # Errors
/// When they cannot be made, or are not current.
pub fn notices(check: bool) -> anyhow::Result<()> {
    let root = Path::new(env!("CORROBORATE_ROOT")).canonicalize().context("no repository")?;
    let wanted = text(&root)?;
    let path = root.join(FILE);
    if check {
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        ensure!(found == wanted, "{FILE} is not current; run `make notices`");
        return Ok(());
    }
    std::fs::write(&path, wanted).with_context(|| format!("cannot write {FILE}"))
}

fn text(root: &Path) -> anyhow::Result<String> {
    let mut parts = crates(root)?;
    parts.extend(screens(root)?);
    parts.sort();
    // The same words in other lines are the same text.
    let mut texts: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    let mut out = String::from("What Corroborate's programs contain besides its own code. Made by `make notices`.\n\n");
    out.push_str(BESIDE);
    out.push('\n');
    for part in &parts {
        writeln!(out, "{}: {}", part.name, part.licence)?;
        for text in &part.texts {
            let words: Vec<&str> = text.split_whitespace().collect();
            let known = texts.entry(words.join(" ").to_lowercase()).or_insert_with(|| (text.clone(), BTreeSet::new()));
            known.1.insert(part.name.clone());
        }
    }
    // The text that most share comes first.
    let mut texts: Vec<_> = texts.into_values().collect();
    texts.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    for (text, names) in texts {
        let names: Vec<String> = names.into_iter().collect();
        write!(out, "\n{}\nOf: {}\n\n{text}\n", "=".repeat(80), names.join(", "))?;
    }
    Ok(out)
}

/// Something that is shipped.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    licence: String,
    texts: Vec<String>,
}

/// Crates that the shipped programs are built from, for Linux.
fn crates(root: &Path) -> anyhow::Result<Vec<Part>> {
    let out = Command::new("cargo")
        .args([
            "metadata",
            "--locked",
            "--all-features",
            "--format-version",
            "1",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(root)
        .output()
        .context("cannot start cargo")?;
    if !out.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
    }
    let read: Metadata = serde_json::from_slice(&out.stdout).context("cargo metadata")?;
    let packages: BTreeMap<&str, &Package> = read.packages.iter().map(|p| (p.id.as_str(), p)).collect();
    let nodes: BTreeMap<&str, &Node> = read.resolve.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let own = |p: &&Package| p.source.is_none() && SHIPPED.contains(&p.name.as_str());
    let mut open: Vec<&str> = read.packages.iter().filter(own).map(|p| p.id.as_str()).collect();
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        for dep in nodes.get(id).into_iter().flat_map(|node| &node.deps) {
            let name = packages.get(dep.pkg.as_str()).map_or("", |p| p.name.as_str());
            // A package of sources is needed to build only, and yet it is what ends up in the program.
            let shipped = dep.dep_kinds.iter().any(|k| k.kind.is_none() || name.ends_with("-src"));
            if shipped && seen.insert(&dep.pkg) {
                open.push(&dep.pkg);
            }
        }
    }
    let shipped = seen.into_iter().filter_map(|id| packages.get(id)).filter(|p| p.source.is_some());
    shipped
        .map(|package| {
            let folder = package.manifest_path.parent().context("a package without a folder")?;
            // Some write a choice with a slash.
            let licence = package.license.as_deref().unwrap_or("see its text").replace('/', " OR ");
            let texts = chosen(&licence, licences(folder, 0)?);
            Ok(Part { name: format!("{} {}", package.name, package.version), licence, texts })
        })
        .collect()
}

/// Packages that the screens are built from.
fn screens(root: &Path) -> anyhow::Result<Vec<Part>> {
    let lock = std::fs::read_to_string(root.join("ui/package-lock.json")).context("ui/package-lock.json")?;
    let lock: Lock = serde_json::from_str(&lock).context("ui/package-lock.json")?;
    let shipped = lock.packages.iter().filter(|(path, locked)| !path.is_empty() && !locked.dev);
    shipped
        .map(|(path, locked)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            let folder = root.join("ui").join(path);
            ensure!(folder.is_dir(), "{name} is not installed; run `make setup`");
            Ok(Part {
                name: format!("{name} {}", locked.version.as_deref().unwrap_or_default()),
                licence: locked.license.clone().unwrap_or_else(|| "see its text".to_owned()),
                texts: licences(&folder, 0)?,
            })
        })
        .collect()
}

/// Where a choice is given, the shortest way to keep to it: MIT, else not the GPL.
fn chosen(licence: &str, texts: Vec<String>) -> Vec<String> {
    let holds = |text: &String, words: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").contains(words);
    let plain =
        |text: &String| holds(text, "without limitation the rights") || holds(text, "without limitation the right");
    let only = |keep: &dyn Fn(&String) -> bool| texts.iter().filter(|text| keep(text)).cloned().collect::<Vec<_>>();
    let simple = !licence.contains("AND") && !licence.contains('(') && licence.contains("OR");
    let mit = only(&plain);
    let free = only(&|text| !holds(text, "GNU GENERAL PUBLIC LICENSE"));
    match () {
        () if simple && licence.contains("MIT") && !mit.is_empty() => mit,
        () if simple && !free.is_empty() => free,
        () => texts,
    }
}

/// Texts of licences in a folder and in what it brings along.
fn licences(folder: &Path, depth: usize) -> anyhow::Result<Vec<String>> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        let name = path.file_name().map(|n| n.to_string_lossy().to_uppercase()).unwrap_or_default();
        if path.is_dir() {
            if depth < DEEPEST && !matches!(name.as_str(), "TESTS" | "TEST" | "EXAMPLES" | "NODE_MODULES" | "BENCHES") {
                found.extend(licences(&path, depth + 1)?);
            }
            continue;
        }
        let is_code = ["RS", "JS", "TS", "C", "H", "PL", "PM", "PY", "JSON", "MJS", "IN", "CPP", "POD"];
        let named =
            ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE"].iter().any(|w| name.starts_with(w));
        let ends = name.rsplit_once('.').map_or("", |(_, end)| end);
        if named && !is_code.contains(&ends) {
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).replace("\r\n", "\n");
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            found.push(lines.join("\n").trim().to_owned());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}
