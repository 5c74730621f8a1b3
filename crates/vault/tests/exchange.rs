//! Two real vaults that exchange packages, and files that are attached.

use std::io::Cursor;

use casework::samples::{StandingClock, at, attachment, case, examiner, file, named, policy, uuid};
use casework::{Addendum, CaseFile, Decision, NoteId, Person, Review, ReviewForm, Role};
use vault::samples::{InMemory, opened};
use vault::{Card, PackageError, Settings, Taken, Vault, VaultError};

const SEALED: &str = "2026-03-02T12:00:00Z";
const LATER: &str = "2026-03-03T09:00:00Z";

struct Place {
    vault: Vault,
    _folder: tempfile::TempDir,
}

fn place(name: &str, person: u128) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = opened(folder.path(), &InMemory::default()).unwrap();
    let person = examiner(person);
    let by = person.reference();
    vault.put_person(&named(person), at("2026-03-01T08:00:00Z")).unwrap();
    let settings = Settings { workstation: name.to_owned(), ..Settings::default() };
    vault.set_settings(&settings, Some(&by), at("2026-03-01T08:00:00Z")).unwrap();
    Place { vault, _folder: folder }
}

fn acquainted() -> (Place, Place) {
    let (mut here, mut there) = (place("Robbery desk", 1), place("Supervisors", 9));
    let cards = [there.vault.card("Supervisors"), here.vault.card("Robbery desk")];
    for (one, other) in [&mut here.vault, &mut there.vault].into_iter().zip(cards) {
        let card = vault::read_card(&vault::canonical(&other).unwrap()).unwrap();
        one.add_workstation(&card, &examiner(1).reference(), at("2026-03-01T09:00:00Z")).unwrap();
    }
    (here, there)
}

/// Seals the sample's note with its probe and one attachment in the vault.
fn sealed(vault: &mut Vault) -> CaseFile {
    let (mut whole, by) = (file(), examiner(1).reference());
    vault.put_case(whole.id, &whole, &by, at("2026-03-02T09:00:00Z"), None).unwrap();
    let hash =
        vault.put_original(whole.id, "probe", "camera-3.jpg", b"the probe", &by, at("2026-03-02T09:05:00Z")).unwrap();
    assert_eq!(whole.image.as_ref().unwrap().facts.sha256, hash);
    let note = whole.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    whole.mark_sealed(&note);
    vault.seal(&note, &whole).unwrap();
    whole
}

fn decide(vault: &Vault, note: NoteId, decision: Decision, reviewer: u128, when: &str) -> Review {
    let stored = vault.note(note).unwrap();
    let reviewer = Person { roles: vec![Role::Supervisor], ..examiner(reviewer) };
    let mut form = ReviewForm { decision: Some(decision), ..ReviewForm::default() };
    for judged in &mut form.judged {
        judged.holds = Some(true);
    }
    if decision == Decision::Return {
        form.judged[4].holds = Some(false);
        form.judged[4].remark = "Ask for custody records".to_owned();
    }
    Review::decide(&stored.content, &stored.signed.sha256, &form, &reviewer, at(when)).unwrap()
}

fn only_package(vault: &Vault) -> Vec<u8> {
    let waiting: Vec<_> = vault.outbox().unwrap().into_iter().filter(|p| p.sent_at.is_none()).collect();
    assert_eq!(waiting.len(), 1);
    bytes_of(vault, waiting[0].id)
}

fn bytes_of(vault: &Vault, id: uuid::Uuid) -> Vec<u8> {
    let mut bytes = Vec::new();
    vault.package(id, &mut bytes).unwrap();
    bytes
}

#[test]
fn a_note_goes_out_and_its_review_comes_back() {
    let (mut here, mut there) = acquainted();
    let whole = sealed(&mut here.vault);
    let note = whole.sealed.unwrap();
    let to = there.vault.card("").signs;
    assert_eq!(here.vault.fill_outbox(Some(&to), at(SEALED)).unwrap().made, 1);
    assert_eq!(here.vault.fill_outbox(Some(&to), at(SEALED)).unwrap().made, 0, "nothing is due twice");
    let package = only_package(&here.vault);
    assert!(!String::from_utf8_lossy(&package).contains("filling station"), "only ciphertext leaves");
    assert_eq!(there.vault.take_package(Cursor::new(&package), at(LATER)).unwrap(), Taken::Note(note));
    assert_eq!(there.vault.take_package(Cursor::new(&package), at(LATER)).unwrap(), Taken::Already);
    assert_eq!(there.vault.unreviewed().unwrap().len(), 1);
    let probe = whole.image.as_ref().unwrap().facts.sha256.clone();
    assert_eq!(there.vault.original(whole.id, &probe).unwrap(), b"the probe");
    assert_eq!(there.vault.home(whole.id).unwrap(), Some(here.vault.card("").signs));

    let review = decide(&there.vault, note, Decision::Return, 9, LATER);
    let away: CaseFile = there.vault.case(whole.id).unwrap();
    there.vault.put_review(&review, whole.id, &away).unwrap();
    assert_eq!(there.vault.fill_outbox(None, at(LATER)).unwrap().made, 1);
    let back = only_package(&there.vault);
    assert_eq!(here.vault.take_package(Cursor::new(&back), at(LATER)).unwrap(), Taken::Review(note, Decision::Return));
    assert_eq!(here.vault.take_package(Cursor::new(&back), at(LATER)).unwrap(), Taken::Already);
    let reopened: CaseFile = here.vault.case(whole.id).unwrap();
    assert_eq!((reopened.sealed, reopened.returned.len()), (None, 1));
    assert_eq!(here.vault.note(note).unwrap().review.unwrap().decision, Decision::Return);
    for vault in [&here.vault, &there.vault] {
        assert!(vault::verify_export(&vault.export_audit().unwrap()).unwrap().events > 3);
    }
}

#[test]
fn a_package_is_refused_unless_it_is_whole_ours_and_from_somebody_known() {
    let (mut here, mut there) = acquainted();
    sealed(&mut here.vault);
    here.vault.fill_outbox(Some(&there.vault.card("").signs), at(SEALED)).unwrap();
    let package = only_package(&here.vault);
    let refused = |vault: &mut Vault, bytes: &[u8]| match vault.take_package(Cursor::new(bytes), at(LATER)) {
        Err(VaultError::Package(error)) => error,
        other => panic!("{other:?}"),
    };
    let mut stranger = place("Elsewhere", 7);
    assert_eq!(refused(&mut stranger.vault, &package), PackageError::NotForUs);
    for at in (0..package.len()).step_by(package.len() / 97) {
        let mut changed = package.clone();
        changed[at] ^= 1;
        let error = refused(&mut there.vault, &changed);
        assert!(matches!(error, PackageError::Altered(_) | PackageError::NotForUs), "byte {at}: {error}");
    }
    for cut in [0, 1, 200, package.len() - 1] {
        assert!(matches!(refused(&mut there.vault, &package[..cut]), PackageError::Altered(_)), "{cut} bytes");
    }
    assert!(there.vault.unreviewed().unwrap().is_empty(), "nothing of it was taken in");

    // The same workstation before anybody added the sender's card.
    let mut new = place("New", 8);
    let card = new.vault.card("New");
    here.vault.add_workstation(&card, &examiner(1).reference(), at(LATER)).unwrap();
    let id = here.vault.pack_note(NoteId(uuid(40)), &card.signs, at(LATER)).unwrap();
    let package = bytes_of(&here.vault, id);
    assert!(
        matches!(refused(&mut new.vault, &package), PackageError::UnknownSender { name, .. } if name == "Robbery desk")
    );
}

#[test]
fn two_supervisors_may_decide_at_once_and_the_first_that_arrives_counts() {
    let (mut here, mut there) = acquainted();
    let mut third = place("Night supervisors", 8);
    let (own, other) = (here.vault.card("Here"), third.vault.card("Night"));
    here.vault.add_workstation(&other, &examiner(1).reference(), at("2026-03-01T09:00:00Z")).unwrap();
    third.vault.add_workstation(&own, &examiner(8).reference(), at("2026-03-01T09:00:00Z")).unwrap();
    let whole = sealed(&mut here.vault);
    let note = whole.sealed.unwrap();
    let mut back = Vec::new();
    for (vault, person, decision) in [(&mut there.vault, 9, Decision::Approve), (&mut third.vault, 8, Decision::Return)]
    {
        let id = here.vault.pack_note(note, &vault.card("").signs, at(SEALED)).unwrap();
        vault.take_package(Cursor::new(bytes_of(&here.vault, id)), at(LATER)).unwrap();
        let review = decide(vault, note, decision, person, LATER);
        vault.put_review(&review, whole.id, &whole).unwrap();
        vault.fill_outbox(None, at(LATER)).unwrap();
        back.push(only_package(vault));
    }
    for package in &back {
        here.vault.take_package(Cursor::new(&package), at("2026-03-03T10:00:00Z")).unwrap();
    }
    let stored = here.vault.note(note).unwrap();
    assert_eq!(stored.review.unwrap().decision, Decision::Approve);
    assert_eq!(stored.further_reviews.len(), 1, "kept beside the one that counts");
    let file: CaseFile = here.vault.case(whole.id).unwrap();
    assert_eq!(file.sealed, Some(note), "a review that does not count reopens nothing");
}

#[test]
fn nobody_reviews_the_own_note_on_another_workstation() {
    let (mut here, mut there) = acquainted();
    let whole = sealed(&mut here.vault);
    let note = whole.sealed.unwrap();
    here.vault.fill_outbox(Some(&there.vault.card("").signs), at(SEALED)).unwrap();
    there.vault.take_package(Cursor::new(only_package(&here.vault)), at(LATER)).unwrap();
    // The author has another identity there, and the same badge.
    let stored = there.vault.note(note).unwrap();
    let author = Person { id: casework::PersonId(uuid(777)), roles: vec![Role::Supervisor], ..examiner(1) };
    assert!(casework::may_review(&stored.content, &author).is_err());
}

#[test]
fn attachments_are_streamed_measured_and_hashed_again() {
    let mut here = place("Robbery desk", 1);
    let by = examiner(1).reference();
    here.vault.put_case(case().id(), &file(), &by, at(SEALED), None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("capture.bin");
    let bytes: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&path, &bytes).unwrap();
    let stored = here.vault.attach(case().id(), &path, 5_000_000, &by, at(SEALED)).unwrap();
    assert_eq!((stored.bytes, stored.file_name.as_str()), (3_000_000, "capture.bin"));
    assert_eq!(here.vault.original(case().id(), &stored.sha256).unwrap(), bytes);
    assert_eq!(here.vault.attach(case().id(), &path, 5_000_000, &by, at(SEALED)).unwrap().sha256, stored.sha256);
    assert_eq!(here.vault.check_files(case().id(), [&stored.sha256]).unwrap(), 1);
    let missing = attachment("ee").sha256;
    assert!(matches!(here.vault.check_files(case().id(), [&missing]), Err(VaultError::FileChanged(_))));

    // Two gigabytes that take no room on the disk: refused by length, before a byte is read.
    let large = std::fs::File::create(folder.path().join("video.mp4")).unwrap();
    large.set_len(2_000_000_000).unwrap();
    let began = std::time::Instant::now();
    let refused = here.vault.attach(case().id(), &folder.path().join("video.mp4"), 100_000_000, &by, at(SEALED));
    assert!(matches!(refused, Err(VaultError::TooLarge { megabytes: 2000, limit: 100 })), "{refused:?}");
    assert!(began.elapsed().as_millis() < 500, "it was not read");
    assert!(here.vault.attach(case().id(), folder.path(), 100, &by, at(SEALED)).is_err(), "a folder is no file");
}

#[test]
fn an_addendum_is_signed_and_exported_with_its_note() {
    let mut here = place("Robbery desk", 1);
    let whole = sealed(&mut here.vault);
    let note = whole.sealed.unwrap();
    let stored = here.vault.note(note).unwrap();
    let write = |earlier, when: &str| {
        Addendum::write(&stored.content, &stored.signed.sha256, earlier, "The van was found.", &examiner(1), at(when))
    };
    assert!(write(0, "2026-03-02T11:00:00Z").is_err(), "before the note");
    here.vault.put_addendum(&write(0, LATER).unwrap()).unwrap();
    assert!(here.vault.put_addendum(&write(0, LATER).unwrap()).is_err(), "its number is taken");
    here.vault.put_addendum(&write(1, LATER).unwrap()).unwrap();
    assert!(
        matches!(here.vault.put_addendum(&write(2, "2026-03-02T13:00:00Z").unwrap()), Err(VaultError::ClockBack(_))),
        "a clock set back signs nothing"
    );
    let exported = here.vault.export_note(note).unwrap();
    let checked = vault::verify_note(&exported).unwrap();
    assert_eq!(checked.addenda.iter().map(|a| a.number).collect::<Vec<_>>(), [1, 2]);
    let mut without: serde_json::Value = serde_json::from_str(&exported).unwrap();
    without["addenda"].as_array_mut().unwrap().remove(0);
    assert!(vault::verify_note(&vault::canonical(&without).unwrap()).unwrap_err().said.contains("missing"));
}

#[test]
fn a_card_is_checked_before_it_is_trusted() {
    let mut here = place("Robbery desk", 1);
    let own = here.vault.card("Robbery desk");
    let refused = here.vault.add_workstation(&own, &examiner(1).reference(), at(SEALED));
    assert!(matches!(refused, Err(VaultError::Package(PackageError::OwnCard))), "{refused:?}");
    for bad in ["", "{}", "hello", &vault::canonical(&Card { signs: "ab".to_owned(), ..own }).unwrap()] {
        assert_eq!(vault::read_card(bad), Err(PackageError::Card));
    }
}
