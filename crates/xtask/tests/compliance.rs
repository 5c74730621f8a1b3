//! What is said of each requirement holds: its tests are there, and the OSCAL file is what the controls give.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn every_requirement_names_tests_that_are_there_or_says_what_is_not_covered() {
    xtask::compliance::compliance(Path::new(env!("CORROBORATE_ROOT")), true).unwrap();
}

#[test]
fn a_test_that_is_gone_and_a_gap_that_is_not_said_are_found() {
    let root = tempfile::tempdir().unwrap();
    for folder in ["crates", "src-tauri", "tests", "docs/compliance"] {
        std::fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    std::fs::write(root.path().join("tests/here.rs"), "#[test]\nfn it_is_here() {}\n").unwrap();
    let refused = |control: &str| {
        let head = "title='T'\nversion='1'\nlast_modified='2026-01-01T00:00:00Z'\n[[source]]\nid='s'\ntitle='S'\nhref='https://s.example'\n";
        let text = format!("{head}[[source.control]]\nid='c'\ntitle='C'\nhow='It does.'\n{control}");
        std::fs::write(root.path().join("docs/compliance/controls.toml"), text).unwrap();
        xtask::compliance::compliance(root.path(), false).err().map(|e| format!("{e:#}"))
    };
    assert_eq!(refused("status='implemented'\ntests=['it_is_here']"), None);
    assert_eq!(refused("status='not-covered'\nrest='it is not'"), None);
    for (control, said) in [
        ("status='implemented'\ntests=['it_was_here']", "no test it_was_here"),
        ("status='implemented'", "has tests"),
        ("status='implemented'\ntests=['it_is_here']\nrest='more'", "not whole"),
        ("status='partial'\ntests=['it_is_here']", "not whole"),
        ("status='not-covered'", "not whole"),
        ("status='not-covered'\nrest='x'\ntests=['it_is_here']", "has tests"),
        ("status='perhaps'", "perhaps"),
    ] {
        assert!(refused(control).unwrap_or_default().contains(said), "{control}: {:?}", refused(control));
    }
}
