//! The house keeps its shape: no file of production code above 500 lines, and no circle of files, neither by what they import nor by
//! the methods that they add to a type which is spread over several.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Lines of a file, blank ones and comments too.
const MOST_LINES: usize = 500;

/// Names by which a crate calls the types whose methods stand in several of its files. Elsewhere a method is called on anything, and
/// whose it is cannot be told from its name.
const SPREAD: [(&str, &[&str]); 5] = [
    ("casework", &["self", "file"]),
    ("department", &["self", "chain"]),
    ("gallery", &["self"]),
    ("vault", &["self", "v", "vault"]),
    ("workstation", &["self", "self.0", "s", "station"]),
];

/// The module of each file of a crate, with its text; comments and tests are left out.
type Modules = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CORROBORATE_ROOT"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => {}
        }
    }
}

/// Each crate with the folder of its sources.
fn crates() -> Vec<(String, PathBuf)> {
    let inside = std::fs::read_dir(root().join("crates")).unwrap();
    let inside = inside.map(|entry| entry.unwrap().path()).chain([root().join("src-tauri"), root().join("tests")]);
    let named = inside.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path.join("src")));
    named.filter(|(_, sources)| sources.is_dir()).collect()
}

fn without_tests(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

fn modules(sources_of: &Path) -> Modules {
    let mut found = Vec::new();
    sources(sources_of, &mut found);
    let name = |path: &Path| {
        let path = path.strip_prefix(sources_of).unwrap().with_extension("");
        let mut parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        parts.join("::")
    };
    let counts =
        |name: &str| !["lib", "main"].contains(&name) && !name.starts_with("bin::") && !name.ends_with("tests");
    let all = found.iter().map(|path| (name(path), without_tests(&std::fs::read_to_string(path).unwrap())));
    all.filter(|(name, _)| counts(name)).collect()
}

/// The module that `path`, as it is written in `from`, names.
fn named<'m>(modules: &'m Modules, from: &str, path: &str) -> Option<&'m str> {
    let mut at: Vec<&str> = Vec::new();
    let mut parts = path.split("::").filter(|part| !part.is_empty()).peekable();
    match parts.next()? {
        "crate" => {}
        "self" => at.extend(from.split("::")),
        "super" => {
            at.extend(from.split("::"));
            at.pop();
            while parts.next_if_eq(&"super").is_some() {
                at.pop();
            }
        }
        _ => return None,
    }
    let base = at.len();
    at.extend(parts);
    let known = |to: usize| modules.get_key_value(&at[..to].join("::")).map(|(name, _)| name.as_str());
    (base.max(1)..=at.len()).rev().find_map(known).filter(|name| *name != from)
}

/// Paths in `text` that begin at the crate or beside it. Of a list in braces each.
fn paths(text: &str) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    for (at, _) in
        text.match_indices("crate::").chain(text.match_indices("super::")).chain(text.match_indices("self::"))
    {
        if text[..at].ends_with(part) {
            continue;
        }
        let path: String = text[at..].chars().take_while(|c| part(*c)).collect();
        match text[at + path.len()..].strip_prefix('{') {
            Some(list) => {
                let list = list.split('}').next().unwrap();
                let each = list.split(',').map(|one| one.trim().chars().take_while(|c| part(*c)).collect::<String>());
                found.extend(each.map(|one| format!("{path}{one}")));
            }
            None => found.push(path),
        }
    }
    found
}

/// Which module has the one method of a name, of all names that only one has.
fn methods(modules: &Modules) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for (module, text) in modules {
        for (at, _) in text.match_indices("fn ") {
            let name: String = text[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if text[..at].ends_with([' ', '\n']) && !name.is_empty() {
                owners.entry(name).or_default().insert(module);
            }
        }
    }
    let alone = owners.into_iter().filter(|(_, modules)| modules.len() == 1);
    alone.map(|(name, modules)| (name, modules.into_iter().next().unwrap().clone())).collect()
}

/// Methods that `text` calls on one of `receivers`.
fn calls(text: &str, receivers: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for receiver in receivers {
        for (at, _) in text.match_indices(&format!("{receiver}.")) {
            let apart = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
            let rest = &text[at + receiver.len() + 1..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let called = rest[name.len()..].starts_with('(') || rest[name.len()..].starts_with("::<");
            if apart && called {
                found.insert(name);
            }
        }
    }
    found
}

/// Arrows from each module, with why.
fn arrows(name: &str, modules: &Modules) -> BTreeMap<String, BTreeMap<String, String>> {
    let (methods, spread) = (methods(modules), SPREAD.iter().find(|(of, _)| *of == name));
    let mut all = BTreeMap::new();
    for (from, text) in modules {
        let mut to: BTreeMap<String, String> = BTreeMap::new();
        for path in paths(text) {
            if let Some(module) = named(modules, from, &path) {
                // A folder's own file says which files are in it, and what of them is seen outside.
                if !module.starts_with(&format!("{from}::")) {
                    to.insert(module.to_owned(), path);
                }
            }
        }
        for call in spread.map(|(_, receivers)| calls(text, receivers)).unwrap_or_default() {
            if let Some(module) = methods.get(&call).filter(|module| *module != from) {
                to.entry(module.clone()).or_insert_with(|| format!("{call}()"));
            }
        }
        all.insert(from.clone(), to);
    }
    all
}

/// A way from `from` back to it, each step with why; none where there is no circle through it.
fn circle(arrows: &BTreeMap<String, BTreeMap<String, String>>, from: &str) -> Option<Vec<String>> {
    let mut ways: Vec<(String, Vec<String>)> = vec![(from.to_owned(), Vec::new())];
    let mut seen = BTreeSet::new();
    while let Some((at, way)) = ways.pop() {
        for (to, why) in &arrows[&at] {
            let way: Vec<String> = way.iter().cloned().chain([format!("{at} -> {to} ({why})")]).collect();
            if to == from {
                return Some(way);
            }
            if seen.insert(to.clone()) {
                ways.insert(0, (to.clone(), way));
            }
        }
    }
    None
}

#[test]
fn no_circle_of_files() {
    let mut found = Vec::new();
    for (name, sources_of) in crates() {
        let arrows = arrows(&name, &modules(&sources_of));
        assert!(
            name == "tests" || arrows.len() < 2 || arrows.values().any(|to| !to.is_empty()),
            "{name}: nothing read"
        );
        found.extend(
            arrows.keys().filter_map(|from| circle(&arrows, from)).map(|way| format!("{name}: {}", way.join(", "))),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_person_reads_at_once() {
    let mut long = Vec::new();
    // What only tests is no production code.
    for (_, sources_of) in crates().into_iter().filter(|(name, _)| name != "tests") {
        let mut found = Vec::new();
        sources(&sources_of, &mut found);
        for path in found.into_iter().filter(|path| !path.ends_with("tests.rs")) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            if lines > MOST_LINES {
                long.push(format!("{}: {lines}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(long.is_empty(), "{long:?}");
}

/// What is found is no accident of how it is written.
#[test]
fn circles_are_found() {
    let of = |files: [(&str, &str); 3]| {
        let modules = files.map(|(name, text)| (name.to_owned(), without_tests(text))).into_iter().collect();
        let arrows = arrows("vault", &modules);
        arrows.keys().find_map(|from| circle(&arrows, from))
    };
    let far = ("c", "fn z() {}");
    assert!(of([("a", "use crate::{b::x, other};"), ("b", "use super::c::y;"), far]).is_none());
    assert!(
        of([("a", "use crate::{b::x, other};"), ("b", "fn x() { crate::c::y() }"), ("c", "use super::a;")]).is_some()
    );
    assert!(
        of([("a", "impl V { fn one(&self) { self.two() } }"), ("b", "impl V { fn two(&self) { self.one() } }"), far])
            .is_some()
    );
    assert!(
        of([("a", "impl V { fn one(&self) { self.two() } }"), ("b", "impl V { fn two(&self) { other.one() } }"), far])
            .is_none()
    );
    assert!(
        of([("a", "use crate::b;"), ("b", "// crate::a\n#[cfg(test)]\nmod tests { use crate::a; }"), far]).is_none()
    );
    assert!(of([("a", "pub use crate::a::b::x;"), ("a::b", "use super::Y;"), far]).is_none());
}
