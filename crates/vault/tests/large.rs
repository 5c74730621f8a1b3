//! Packages with large files: what they cost in memory. A process of its own, which nothing else fills.

#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

use std::io::Seek;

use casework::NoteId;
use casework::samples::{StandingClock, at, examiner, file, named, policy, uuid};
use vault::samples::{InMemory, opened};
use vault::{Taken, Vault};

/// Megabytes that this process held at most.
fn most() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<usize>().unwrap() / 1024
}

fn place(name: &str, person: u128) -> (Vault, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = opened(folder.path(), &InMemory::default()).unwrap();
    vault.put_person(&named(examiner(person)), at("2026-03-01T08:00:00Z")).unwrap();
    let card = vault.card(name);
    assert_eq!(card.name, name);
    (vault, folder)
}

#[test]
fn a_package_with_films_is_made_and_taken_in_without_holding_them() {
    const FILM: usize = 30_000_000;
    let ((mut here, folder), (mut there, _there)) = (place("Robbery desk", 1), place("Supervisors", 9));
    let by = examiner(1).reference();
    let early = at("2026-03-01T09:00:00Z");
    here.add_workstation(&there.card("Supervisors"), &by, early).unwrap();
    there.add_workstation(&here.card("Robbery desk"), &by, early).unwrap();

    let mut whole = file();
    here.put_case(whole.id, &whole, &by, at("2026-03-02T09:00:00Z"), None).unwrap();
    here.put_original(whole.id, "probe", "camera-3.jpg", b"the probe", &by, at("2026-03-02T09:05:00Z")).unwrap();
    let entry = whole.checklist.entries[0].id;
    for film in 0..2u8 {
        let path = folder.path().join(format!("film-{film}.mp4"));
        std::fs::write(&path, vec![film; FILM]).unwrap();
        let attachment = here.attach(whole.id, &path, 100_000_000, &by, at("2026-03-02T09:06:00Z")).unwrap();
        whole.attach(entry, attachment).unwrap();
    }
    let note =
        whole.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at("2026-03-02T12:00:00Z")), &policy()).unwrap();
    whole.mark_sealed(&note);
    here.seal(&note, &whole).unwrap();

    let before = most();
    let id = here.pack_note(NoteId(uuid(40)), &there.card("").signs, at("2026-03-02T13:00:00Z")).unwrap();
    let mut package = here.spool().unwrap();
    here.package(id, &package).unwrap();
    assert!(package.stream_position().unwrap() > 2 * FILM as u64);
    package.rewind().unwrap();
    let taken = there.take_package(&package, at("2026-03-03T09:00:00Z")).unwrap();
    assert_eq!(taken, Taken::Note(NoteId(uuid(40))));
    let held = most() - before;
    assert!(held < 24, "{held} MB more for a package of {} MB", 2 * FILM / 1_000_000);
    assert_eq!(there.check_files(whole.id, &whole.files()).unwrap(), 3);
}
