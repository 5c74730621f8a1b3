//! Same seed and size, same bytes, whatever else was asked for.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

fn run(out: &Path, seed: u64, count: u64, views: u32) {
    let done = Command::new(env!("CARGO_BIN_EXE_personae"))
        .args(["render", "--size", "96", "--out"])
        .arg(out)
        .args(["--seed", &seed.to_string(), "--count", &count.to_string(), "--views", &views.to_string()])
        .status()
        .unwrap();
    assert!(done.success());
}

#[test]
fn count_and_views_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (many, one) = (folder.path().join("many"), folder.path().join("one"));
    run(&many, 40, 3, 3);
    run(&one, 41, 1, 2);
    for view in ["view-0.png", "view-1.png"] {
        let read = |set: &Path| std::fs::read(set.join("41").join(view)).unwrap();
        assert_eq!(read(&many), read(&one), "{view}");
    }
    assert!(!one.join("41/view-2.png").exists());
    let table = std::fs::read_to_string(many.join("people.csv")).unwrap();
    assert_eq!(table.lines().count(), 4, "{table}");
    let read = |seed: &str, view: &str| std::fs::read(many.join(seed).join(view)).unwrap();
    assert_ne!(read("40", "view-0.png"), read("41", "view-0.png"));
    assert_ne!(read("40", "view-0.png"), read("40", "view-1.png"));
}

#[test]
fn ages_sexes_and_ancestries_are_spread() {
    let assets = personae::Assets::shared().unwrap();
    let people: Vec<_> = (0..400).map(|seed| personae::Identity::new(assets, seed)).collect();
    let female = people.iter().filter(|p| p.sex == personae::Sex::Female).count();
    assert!((140..260).contains(&female), "{female} of 400");
    for (name, share) in [
        ("african", people.iter().filter(|p| p.ancestry.african > 0.5).count()),
        ("asian", people.iter().filter(|p| p.ancestry.asian > 0.5).count()),
        ("caucasian", people.iter().filter(|p| p.ancestry.caucasian > 0.5).count()),
    ] {
        assert!(share > 40, "{name}: {share} of 400");
    }
    let (young, old) = (people.iter().filter(|p| p.age < 30).count(), people.iter().filter(|p| p.age > 55).count());
    assert!(young > 40 && old > 40, "{young} young, {old} old");
}
