//! A vault's disclosure with what it keeps of the department's log: nothing before it was logged, and every event and record after.

use crate::leaving::disclosures::corroborated_case;
use crate::leaving::logged::{DEPARTMENTS, LOG, SEEN_AT, SEEN_BY, WITNESS, department_of};
use crate::leaving::{ROOT, public, secret};

use casework::samples::{at, case, corroborated, examiner, named, policy, worth};
use casework::{AuditLine, DisclosedNote, Disclosure, NoteId};
use department::PublicKey;
use ledger::{Kind, Leaf, Signed, Signer, Whole, origin};
use serde_json::json;
use vault::samples::{InMemory, opened};
use vault::{CheckedDisclosure, Counted, DisclosedEvent, Settings, Vault, Whose, verify_disclosure};

const NOW: &str = "2026-03-02T12:00:00Z";
/// Events of the case, beside the others.
const EVENTS: usize = 300;

/// A vault with a sealed note and many events of its case.
fn busy() -> (tempfile::TempDir, Vault, NoteId) {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = opened(folder.path(), &keys).unwrap();
    vault.put_person(&named(examiner(1)), at(NOW)).unwrap();
    vault.put_case(case().id(), &json!({ "any": 1 }), &examiner(1).reference(), at(NOW), None).unwrap();
    let note = vault.seal(&corroborated(), &json!({})).unwrap().content.id;
    for _ in 0..EVENTS {
        let detail = json!({ "case": case().id() });
        vault.record(Some(&examiner(1).reference()), at(NOW), "case-opened", &detail).unwrap();
    }
    (folder, vault, note)
}

fn disclosure(vault: &Vault, note: NoteId) -> Disclosure {
    let stored = vault.note(note).unwrap();
    let told = DisclosedNote {
        id: note,
        sealed_at: stored.content.sealed_at,
        sha256: stored.signed.sha256,
        signature: stored.signed.signature,
        public_key: stored.signed.public_key,
        disposition: stored.content.disposition,
        narrative: stored.content.narrative,
        reviews: Vec::new(),
        addenda: Vec::new(),
    };
    let ids = [note.to_string(), case().id().to_string()];
    let events = vault.audit().unwrap();
    let of = DisclosedEvent::of(&events, &vault.card("").signs, |event| ids.iter().any(|id| event.detail.contains(id)));
    let line = |DisclosedEvent { event, previous }| AuditLine {
        seq: event.seq,
        at: event.at,
        person: event.person,
        action: event.action,
        detail: event.detail,
        previous,
        hash: event.hash,
    };
    let (lines, moment) = (of.into_iter().map(line).collect(), at("2026-03-05T09:00:00Z"));
    corroborated_case().disclosure(&examiner(1), vec![told], lines, worth, moment, &policy()).unwrap()
}

/// Puts all rows into a log behind another workstation's, and keeps the proofs that the vault asks for.
fn log(vault: &mut Vault) {
    let other = |n: u64| Leaf::new([9; 32], n, [7; 32]).unwrap();
    let others: Vec<Leaf> = (1..=2_000).map(other).collect();
    let own: Vec<Leaf> = (1..=vault.rows().unwrap()).map(|n| vault.leaf_at(n).unwrap()).collect();
    let whole = Whole::of(others.iter().chain(&own));
    let signer = Signer::new(Kind::Log, &origin(&public(ROOT)), &secret(LOG)).unwrap();
    let bare: Signed = whole.checkpoint(&signer).unwrap();
    let witness = Signer::new(Kind::Witness, SEEN_BY, &secret(WITNESS)).unwrap();
    let signed = bare.with_lines(&witness.line(bare.text(), SEEN_AT)).unwrap();
    vault.see_log(&signed, None, at(NOW)).unwrap();
    for position in vault.unproven(true, 10_000).unwrap() {
        let leaf = vault.leaf_at(position).unwrap();
        let included = whole.included(leaf, 2_000 + position - 1, signed.clone()).unwrap();
        vault.put_proof(&included, true).unwrap();
    }
}

fn checked(file: &str) -> CheckedDisclosure {
    verify_disclosure(file, None).unwrap()
}

#[test]
fn a_workstation_by_itself_claims_its_own_log_of_the_records_and_no_more() {
    let (_folder, mut vault, note) = busy();
    let told = disclosure(&vault, note);
    let found = checked(&vault.disclosure_file(&told).unwrap());
    // The note's row is one of the case's events.
    let records = Counted { notes: 1, events: 1, ..Counted::default() };
    assert_eq!(found.logged.logged, [(Whose::Workstation, records)]);
    let words = found.logged.in_words().join(" ");
    assert!(words.contains("of the workstation itself, and in no other: notes 1 of 1"), "{words}");
    assert!(
        words.contains("No witness saw 1 of these 1 rows") && words.contains("Never shown to be logged"),
        "{words}"
    );
    assert_eq!(found.logged.never.events, found.disclosure.audit.len() - 1);
}

#[test]
fn what_was_disclosed_is_wanted_of_the_log_and_shown_once_it_is_there() {
    let (_folder, mut vault, note) = busy();
    let root = PublicKey::read(&public(ROOT)).unwrap();
    vault.found(&root, &department_of(&DEPARTMENTS), None, at(NOW)).unwrap();
    let settings = Settings { relay: "https://relay.example".to_owned(), ..Settings::default() };
    vault.set_settings(&settings, None, at(NOW)).unwrap();
    vault.signs_with(Some(secret(1)));
    let told = disclosure(&vault, note);
    let events = told.audit.len();
    assert!(events > EVENTS);
    assert_eq!(vault.unproven(true, 10_000).unwrap().len(), 1, "the note");

    let before = vault.disclosure_file(&told).unwrap();
    let found = checked(&before);
    assert!(found.disclosure.schema.ends_with(".v3") && found.logged.rows.is_empty());
    assert!(found.logged.in_words()[0].contains("claims no ledger"), "{:?}", found.logged.in_words());
    // The note is among its own events; it comes first.
    let wanted = vault.unproven(true, 10_000).unwrap();
    assert_eq!(wanted.len(), events);
    assert_eq!(vault.audit().unwrap()[wanted[0] as usize - 1].action, "note-sealed");

    log(&mut vault);
    let after = vault.disclosure_file(&told).unwrap();
    let found = checked(&after);
    assert!(found.disclosure.schema.ends_with(".v4"));
    assert_eq!(found.logged.logged, [(Whose::Department, Counted { notes: 1, events, ..Counted::default() })]);
    assert_eq!(found.logged.never, Counted::default());
    let words = found.logged.in_words().join(" ");
    assert!(words.contains(&format!("Witness {SEEN_BY} saw {events} of these {events} rows")), "{words}");
    assert!(!words.contains("Never"), "{words}");
    let each = (after.len() - before.len()) / events;
    println!("{each} bytes an event, {} with {events}", after.len());
    assert!(each < 2_300, "{each} bytes an event");
    // Such a page still takes it in: crates/workstation/src/kit.rs.
    assert!(after.len() < 1 << 20, "{} bytes", after.len());
}
