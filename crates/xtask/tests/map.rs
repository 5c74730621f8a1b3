//! ARCHITECTURE.md names every file, and no file that is not there.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Endings of files that somebody writes.
const WRITTEN: [&str; 8] = ["rs", "ts", "svelte", "sql", "css", "sh", "py", "ftl"];
/// Folders whose files come from elsewhere or stand for themselves.
const APART: [&str; 6] = ["target", "node_modules", "dist", "fuzz", ".git", "mutants.out"];

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !APART.contains(&name.as_str()) && !name.starts_with('.') {
                files(&path, found);
            }
        } else if path.extension().is_some_and(|e| WRITTEN.iter().any(|w| e == *w)) && !name.ends_with(".test.ts") {
            found.insert(path);
        }
    }
}

/// A file of tests that no program names would be compiled by nobody.
#[test]
fn every_file_of_tests_belongs_to_a_program() {
    let root = Path::new(env!("CORROBORATE_ROOT"));
    let mut written = BTreeSet::new();
    files(root, &mut written);
    let named = |folder: &Path, name: &str| {
        let roots =
            ["integration.rs", "windows.rs"].map(|root| std::fs::read_to_string(folder.join(root)).unwrap_or_default());
        roots.iter().any(|text| text.lines().any(|line| line == format!("mod {name};")))
    };
    let told = |folder: &Path, name: &str| {
        let manifest = std::fs::read_to_string(folder.with_file_name("Cargo.toml")).unwrap();
        !manifest.contains("autotests = false") || manifest.contains(&format!("path = \"tests/{name}.rs\""))
    };
    let in_none: Vec<_> = written
        .iter()
        .filter(|path| {
            path.extension().is_some_and(|e| e == "rs") && path.parent().is_some_and(|folder| folder.ends_with("tests"))
        })
        .filter(|path| {
            let (folder, name) = (path.parent().unwrap(), path.file_stem().unwrap().to_string_lossy());
            !named(folder, &name) && !told(folder, &name)
        })
        .collect();
    assert!(in_none.is_empty(), "in no program of tests: {in_none:?}");
}

#[test]
fn every_file_has_its_line_in_the_architecture() {
    let root = Path::new(env!("CORROBORATE_ROOT"));
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let (_, index) = text.split_once("## Every file").unwrap();
    let (mut folder, mut named, mut gone) = (PathBuf::new(), BTreeSet::new(), Vec::new());
    for line in index.lines() {
        if let Some(of) = line.strip_prefix("### ") {
            folder = root.join(of);
        } else if let Some((name, _)) = line.strip_prefix("- `").and_then(|line| line.split_once('`')) {
            let found = [folder.join("src").join(name), folder.join(name)].into_iter().find(|path| path.is_file());
            match found {
                Some(path) => assert!(named.insert(path), "{line}: named twice"),
                None if name.contains('*') => {}
                None => gone.push(line.to_owned()),
            }
        }
    }
    let mut written = BTreeSet::new();
    files(root, &mut written);
    let missing: Vec<_> = written.difference(&named).map(|path| path.strip_prefix(root).unwrap()).collect();
    assert!(missing.is_empty() && gone.is_empty(), "without a line: {missing:?}; not there: {gone:?}");
}
