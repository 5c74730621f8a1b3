//! Exported notes with what shows that they were logged: by a workstation itself, by a department's log with a witness, and all that
//! does not show it.

use casework::samples::{at, case, corroborated, examiner, named};
use casework::{Moment, Role};
use department::{Chain, Day, KeySpan, Member, PublicKey, RosterDraft, Witness};
use ed25519_dalek::SigningKey;
use ledger::{Kind, Leaf, Signed, Signer, Whole, origin};
use serde_json::{Value, json};
use vault::samples::{InMemory, opened};
use vault::{InLog, Settings, Vault, Whose, canonical, verify_note};

const NOW: &str = "2026-03-02T12:00:00Z";
/// When the witness saw the log, seconds since 1970.
const SEEN: u64 = 1_772_500_000;
const WITNESS: &str = "defender.example/w1";

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn root() -> PublicKey {
    PublicKey::of(&key(200))
}

struct Place {
    _folder: tempfile::TempDir,
    vault: Vault,
    note: casework::NoteId,
}

impl Place {
    /// A vault with a sealed note.
    fn alone() -> Self {
        let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
        let mut vault = opened(folder.path(), &keys).unwrap();
        vault.put_person(&named(examiner(1)), at(NOW)).unwrap();
        vault.put_case(case().id(), &json!({ "any": 1 }), &examiner(1).reference(), at(NOW), None).unwrap();
        let note = vault.seal(&corroborated(), &json!({})).unwrap().content.id;
        Self { _folder: folder, vault, note }
    }

    /// The same in a department whose roster names the log's key, if it is `named`, and a witness.
    fn of_department(names_log: bool) -> Self {
        let mut place = Self::alone();
        let from: Day = at("2026-01-01T00:00:00Z").day();
        let span = |n: u8| KeySpan::new(PublicKey::of(&key(n)), from, None).unwrap();
        let mut person = examiner(5);
        person.roles = vec![Role::Administrator];
        person.training = None;
        let mut witnesses = vec![Witness { name: WITNESS.to_owned(), signs: span(20) }];
        if names_log {
            witnesses.push(Witness { name: origin(&root().to_string()), signs: span(10) });
        }
        let people = vec![Member { person, keys: vec![span(5)] }];
        let draft = RosterDraft { name: "Nowhere".to_owned(), people, witnesses, ..RosterDraft::default() };
        let first = Chain::first(&root(), draft, at("2026-01-02T00:00:00Z")).unwrap();
        let document = first.signed(vec![first.sign(&key(200))]).unwrap();
        place.vault.found(&root(), &[document], None, at(NOW)).unwrap();
        let settings = Settings { relay: "https://relay.example".to_owned(), ..Settings::default() };
        place.vault.set_settings(&settings, None, at(NOW)).unwrap();
        place
    }

    fn exported(&self) -> String {
        self.vault.export_note(self.note).unwrap()
    }

    /// Puts the vault's rows into a log behind others', and keeps the proof of the note's by `signed_by`'s checkpoint.
    fn logged(&mut self, secret: u8, cosign: impl Fn(&Signed) -> String) -> Signed {
        let other = |n: u64| Leaf::new([9; 32], n, [n as u8; 32]).unwrap();
        let others: Vec<Leaf> = (1..=5).map(other).collect();
        let own: Vec<Leaf> = (1..=self.vault.rows().unwrap()).map(|n| self.vault.leaf_at(n).unwrap()).collect();
        let whole = Whole::of(others.iter().chain(&own));
        let signer = Signer::new(Kind::Log, &origin(&root().to_string()), &key(secret)).unwrap();
        let bare = whole.checkpoint(&signer).unwrap();
        let signed = bare.with_lines(&cosign(&bare)).unwrap();
        if self.vault.log_seen().unwrap().is_none() {
            self.vault.see_log(&signed, None, at(NOW)).unwrap();
        }
        for position in self.vault.unproven(true, 10).unwrap() {
            let leaf = self.vault.leaf_at(position).unwrap();
            let included = whole.included(leaf, 5 + position - 1, signed.clone()).unwrap();
            self.vault.put_proof(&included, true).unwrap();
        }
        signed
    }
}

fn cosigned(n: u8) -> impl Fn(&Signed) -> String {
    move |signed| Signer::new(Kind::Witness, WITNESS, &key(n)).unwrap().line(signed.text(), SEEN)
}

fn said(file: &str) -> Vec<InLog> {
    verify_note(file).unwrap().logged
}

fn changed(file: &str, change: impl FnOnce(&mut Value)) -> Result<Vec<InLog>, String> {
    let mut value: Value = serde_json::from_str(file).unwrap();
    change(&mut value);
    Ok(verify_note(&canonical(&value).unwrap()).map(|checked| checked.logged)?)
}

#[test]
fn a_workstation_by_itself_shows_its_own_log_and_that_it_is_no_other() {
    let place = Place::alone();
    let file = place.exported();
    let checked = verify_note(&file).unwrap();
    let logged = &checked.logged[0];
    assert_eq!((logged.event.as_str(), logged.whose), ("note-sealed", Whose::Workstation));
    assert_eq!(logged.size, place.vault.rows().unwrap());
    let words = checked.log_in_words().join(" ");
    assert!(words.contains("and in no other") && words.contains("No witness saw it"), "{words}");
    // A file of an earlier program is read as before, and says plainly what it does not show.
    let mut value: Value = serde_json::from_str(&file).unwrap();
    value["format"] = json!("corroborate.note-file.v1");
    value.as_object_mut().unwrap().remove("ledger");
    let earlier = verify_note(&canonical(&value).unwrap()).unwrap();
    assert_eq!(earlier.logged, []);
    assert!(earlier.log_in_words()[0].contains("never logged"), "{:?}", earlier.log_in_words());
    value["format"] = json!("corroborate.note-file.v3");
    assert!(verify_note(&canonical(&value).unwrap()).is_err(), "the format says what is in it");
}

#[test]
fn a_note_in_the_departments_log_shows_which_witness_saw_it_and_when() {
    let mut place = Place::of_department(true);
    let bare = verify_note(&place.exported()).unwrap();
    assert!(bare.logged.is_empty() && bare.log_in_words()[0].contains("never logged"));
    let signed = place.logged(10, cosigned(20));
    let file = place.exported();
    let checked = verify_note(&file).unwrap();
    let logged = &checked.logged[0];
    assert_eq!((logged.whose, logged.size, logged.missing.len()), (Whose::Department, signed.size(), 0));
    let seen = &logged.seen[0];
    assert_eq!((seen.name.as_str(), seen.at), (WITNESS, Moment(jiff::Timestamp::from_second(SEEN as i64).unwrap())));
    let words = checked.log_in_words().join(" ");
    assert!(words.contains("department's ledger") && words.contains("saw it there at 2026-03-03"), "{words}");
    assert!(file.contains("corroborate.note-file.v3"));

    for (what, change) in [
        ("the proof of another row", (|file| file["ledger"][0]["row"]["seq"] = json!(1)) as fn(&mut Value)),
        ("another hash", |file| file["ledger"][0]["row"]["hash"] = json!("00".repeat(32))),
        ("another workstation", |file| file["ledger"][0]["writer"] = json!("11".repeat(32))),
        ("another action", |file| file["ledger"][0]["row"]["action"] = json!("note-reviewed")),
        ("another record", |file| {
            let detail = file["ledger"][0]["row"]["detail"].as_str().unwrap().replace("sha256\":\"", "sha256\":\"0");
            file["ledger"][0]["row"]["detail"] = json!(detail);
        }),
        ("the row twice", |file| {
            let again = file["ledger"][0].clone();
            file["ledger"].as_array_mut().unwrap().push(again);
        }),
        ("a key that it does not need", |file| file["log"] = json!("x+00000000+AA==")),
        ("no proof", |file| file["ledger"][0]["proof"] = json!("")),
        ("another root key", |file| {
            file["ledger"][0]["proof"] = json!(
                file["ledger"][0]["proof"].as_str().unwrap().replace("ledger.corroborate/", "ledger.corroborate/0")
            )
        }),
        ("without the format of its own", |file| file["format"] = json!("corroborate.note-file.v2")),
    ] {
        assert!(changed(&file, change).is_err(), "{what}");
    }
    // Without the witness's line it is in the log, and the witness is missed.
    let without = changed(&file, |file| {
        let proof = file["ledger"][0]["proof"].as_str().unwrap().to_owned();
        let kept: Vec<&str> = proof.lines().filter(|line| !line.contains(WITNESS)).collect();
        file["ledger"][0]["proof"] = json!(kept.join("\n") + "\n");
    });
    assert_eq!(without.unwrap()[0].missing, [WITNESS]);
}

#[test]
fn what_nobody_vouches_for_is_told_or_refused() {
    // A log that the roster does not name: told. A key beside one that it names: refused, whoever signed.
    let mut place = Place::of_department(false);
    place.logged(10, cosigned(20));
    let file = place.exported();
    assert_eq!(said(&file)[0].whose, Whose::Unnamed);
    assert!(verify_note(&file).unwrap().log_in_words()[0].contains("does not name"));
    assert!(changed(&file, |file| drop(file.as_object_mut().unwrap().remove("log"))).is_err());

    let mut place = Place::of_department(true);
    place.logged(11, cosigned(20));
    assert!(verify_note(&place.exported()).unwrap_err().said.contains("did not sign"));
    // A line in the witness's name by another key is a stranger's; one with its number refuses the whole.
    let mut place = Place::of_department(true);
    place.logged(10, cosigned(21));
    assert_eq!(said(&place.exported())[0].missing, [WITNESS]);
    let mut place = Place::of_department(true);
    place.logged(10, |_| Signer::new(Kind::Witness, WITNESS, &key(20)).unwrap().line("another text\n", SEEN));
    assert!(verify_note(&place.exported()).unwrap_err().said.contains("does not fit"));
}

#[test]
fn a_vault_keeps_only_what_follows_and_only_its_own_rows() {
    let mut place = Place::of_department(true);
    let signer = Signer::new(Kind::Log, &origin(&root().to_string()), &key(10)).unwrap();
    let log = |n: u64, salt: u8| {
        let leaves: Vec<Leaf> = (1..=n).map(|at| Leaf::new([9; 32], at, [salt; 32]).unwrap()).collect();
        Whole::of(&leaves)
    };
    let (small, large, other) = (log(5, 1), log(9, 1), log(9, 2));
    let signed = |whole: &Whole| whole.checkpoint(&signer).unwrap();
    let vault = &mut place.vault;
    vault.see_log(&signed(&small), None, at(NOW)).unwrap();
    assert!(vault.see_log(&signed(&large), None, at(NOW)).is_err(), "without a proof");
    let grown = |from: &Whole, to: &Whole| {
        ledger::Consistent::prove(&signed(from), &signed(to), &to.grown(from.size(), &signed(to)).unwrap())
    };
    assert!(grown(&small, &other).is_err());
    let elsewhere = grown(&log(5, 2), &other).unwrap();
    assert!(vault.see_log(&signed(&other), Some(&elsewhere), at(NOW)).is_err(), "a proof of another history");
    let follows = grown(&small, &large).unwrap();
    assert!(vault.see_log(&signed(&other), Some(&follows), at(NOW)).is_err(), "a proof of another checkpoint");
    vault.see_log(&signed(&large), Some(&follows), at(NOW)).unwrap();
    assert_eq!(vault.log_seen().unwrap().unwrap().newest().size(), 9);
    // The log's key is the roster's; a witness is not the log.
    assert!(vault.log_key(&signer.key().to_string()).is_ok());
    let stranger = Signer::new(Kind::Log, signer.key().name(), &key(11)).unwrap();
    assert!(vault.log_key(&stranger.key().to_string()).is_err());
    assert_eq!(vault.witnesses(at(NOW)).unwrap().len(), 1);
    // What is not this vault's row has no place among its proofs.
    let leaf = Leaf::new([9; 32], 1, [1; 32]).unwrap();
    assert!(vault.put_proof(&large.included(leaf, 0, signed(&large)).unwrap(), false).is_err());
}
