//! Doors that travel: whose they are, which of two counts, and what a workstation that joins keeps of its beginning.

use std::io::Cursor;
use std::path::Path;

use casework::samples::{at, examiner};
use casework::{Moment, Person};
use department::{Chain, KeySpan, Member, PublicKey, RosterDraft, Workstation};
use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use vault::samples::{InMemory, PASSPHRASE, entered, entrance, keeper, rule};
use vault::{Admission, Card, Entered, Entrance, Second, SecondFactor, Taken, Travelling, Vault, VaultError};

const NOW: &str = "2026-03-02T12:00:00Z";

fn later(seconds: i64) -> Moment {
    Moment(jiff::Timestamp::from_second(at(NOW).0.as_second() + seconds).unwrap())
}

fn shown(factor: &SecondFactor, now: Moment) -> String {
    let secret = totp_rs::Secret::try_from_base32(factor.typed().replace(' ', "")).unwrap();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(now.0.as_second() as u64).to_string()
}

/// A workstation of the department where people work.
struct Here {
    _folder: tempfile::TempDir,
    keys: InMemory,
    entrance: Entrance,
    vault: Vault,
    entered: Entered,
    factor: SecondFactor,
    root: SigningKey,
}

fn workstation(card: &Card) -> Workstation {
    let signs = KeySpan::new(PublicKey::read(&card.signs).unwrap(), at(NOW).day(), None).unwrap();
    Workstation { name: card.name.clone(), signs, receives: card.receives.clone() }
}

fn member(person: &Person, key: &SigningKey) -> Member {
    let keys = vec![KeySpan::new(PublicKey::of(key), at(NOW).day(), None).unwrap()];
    Member { person: person.clone(), keys }
}

impl Here {
    /// The keeper with a second factor; the department has them and `people`.
    fn new(people: &[(Person, SigningKey)]) -> Self {
        let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
        let (mut entrance, mut entered, mut vault) = entered(folder.path(), &keys).unwrap();
        let factor = SecondFactor::fresh().unwrap();
        let code = shown(&factor, at(NOW));
        entrance.set_second(&mut entered, &factor, &code, at(NOW)).unwrap();
        let root = SigningKey::from_bytes(&[7; 32]);
        let own = member(&keeper(), &entered.signing().unwrap());
        let people = people.iter().map(|(person, key)| member(person, key)).chain([own]).collect();
        let workstations = vec![workstation(&vault.card("Here"))];
        let draft = RosterDraft { name: "Police".to_owned(), people, workstations, ..RosterDraft::default() };
        let first = Chain::first(&PublicKey::of(&root), draft, at(NOW)).unwrap();
        let first = first.signed(vec![first.sign(&root)]).unwrap();
        vault.found(&PublicKey::of(&root), &[first], None, at(NOW)).unwrap();
        vault.signs_with(entered.signing());
        Self { _folder: folder, keys, entrance, vault, entered, factor, root }
    }

    /// Signs the next roster.
    fn amend(&mut self, seconds: i64, change: impl FnOnce(&mut RosterDraft)) -> String {
        let chain = self.vault.department().unwrap();
        let mut draft = chain.newest().roster().content().clone();
        change(&mut draft);
        let next = chain.next_roster(draft, later(seconds)).unwrap();
        let by = self.entered.signing().unwrap();
        let document = next.signed(vec![next.sign(&by)]).unwrap();
        self.vault.extend(&document, Some(&keeper().reference()), later(seconds)).unwrap();
        document
    }

    fn stated(&mut self, seconds: i64) -> Travelling {
        let door = self.entrance.travelling(&mut self.entered).unwrap().unwrap();
        let file = self.vault.state_door(&door, later(seconds)).unwrap();
        self.entrance.stated(keeper().id, &file, later(seconds)).unwrap();
        door
    }

    /// The newest package for anybody.
    fn package(&mut self, seconds: i64) -> Vec<u8> {
        let statements = self.entrance.stated_here().unwrap();
        self.vault.send_doors(&statements, later(seconds)).unwrap();
        let newest = self.vault.outbox().unwrap().into_iter().max_by_key(|package| package.made_at.0).unwrap();
        let mut bytes = Vec::new();
        self.vault.package(newest.id, &mut bytes).unwrap();
        bytes
    }
}

/// A workstation that waits to be let in.
fn joining(folder: &Path, keys: &InMemory) -> (Entrance, Vault) {
    let mut entrance = entrance(folder, keys).unwrap();
    let vault = entrance.join(keys).unwrap();
    (entrance, vault)
}

fn enter(entrance: &mut Entrance, passphrase: &str, code: &str, seconds: i64) -> Result<Entered, VaultError> {
    entrance.enter(keeper().id, passphrase, Second::Code(code), "signed-in", later(seconds), &rule())
}

#[test]
fn whoever_chose_a_passphrase_comes_in_by_it_at_a_workstation_that_joins() {
    let mut here = Here::new(&[]);
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let (entrance, vault) = joining(folder.path(), &keys);
    let card = vault.card("There");
    let beginning: String = {
        // The key that a copy of the entrance of this moment holds.
        let kept = keys.0.lock().unwrap();
        let secret = kept.iter().find(|(name, _)| name.starts_with("entrance-")).unwrap().1.clone();
        let db = Connection::open(folder.path().join("entrance.db")).unwrap();
        db.pragma_update(None, "key", format!("x'{secret}'")).unwrap();
        db.query_row("SELECT key FROM joining", [], |r| r.get(0)).unwrap()
    };
    // The program is started again while it waits: it is the same workstation.
    drop((entrance, vault));
    let (mut entrance, mut vault) = joining(folder.path(), &keys);
    assert_eq!(vault.card("There"), card);
    assert!(entrance.people().unwrap().is_empty() && entrance.is_joining().unwrap());

    here.amend(1, |draft| draft.workstations.push(workstation(&card)));
    here.stated(2);
    let package = here.package(2);
    let root = PublicKey::of(&here.root);
    vault.found(&root, &here.vault.documents().unwrap(), None, later(3)).unwrap();
    assert_eq!(vault.take_package(Cursor::new(&package), later(3)).unwrap(), Taken::Door(keeper().id));
    assert_eq!(vault.take_package(Cursor::new(&package), later(3)).unwrap(), Taken::Already);
    let arrived = vault.doors_arrived(later(3)).unwrap();
    entrance.joined(&arrived, &mut vault, &keys).unwrap();
    drop(vault);

    let code = shown(&here.factor, later(60));
    assert!(matches!(enter(&mut entrance, "another four words", &code, 60), Err(VaultError::WrongPassphrase { .. })));
    assert!(enter(&mut entrance, PASSPHRASE, "000000", 60).is_err(), "without the telephone");
    let entered = enter(&mut entrance, PASSPHRASE, &code, 60).unwrap();
    assert_eq!(entered.signing().unwrap().to_bytes(), here.entered.signing().unwrap().to_bytes());
    assert_ne!(entered.vault_key(), here.entered.vault_key(), "a vault's key does not travel");
    let vault = entrance.vault(&entered, &keys).unwrap();
    assert_eq!(vault.person(keeper().id).unwrap().name, keeper().name);
    drop(vault);
    assert!(enter(&mut entrance, PASSPHRASE, &shown(&here.factor, later(120)), 120).is_ok(), "and again");
    assert_ne!(entered.vault_key(), beginning);
    let old = Connection::open(folder.path().join("vault.db")).unwrap();
    old.pragma_update(None, "key", format!("x'{beginning}'")).unwrap();
    assert!(old.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).is_err(), "what waited opens nothing");
}

#[test]
fn of_two_doors_the_newer_counts_and_one_whose_key_was_exchanged_opens_nothing() {
    let mut here = Here::new(&[]);
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let (mut entrance, mut vault) = joining(folder.path(), &keys);
    let card = vault.card("There");
    here.amend(1, |draft| draft.workstations.push(workstation(&card)));
    here.stated(2);
    let first = here.package(2);
    let again = here.entrance.enter(keeper().id, PASSPHRASE, Second::NotAsked, "x", later(3), &rule()).unwrap();
    here.entered = here.entrance.choose(again, "nine words that are new", later(3)).unwrap();
    here.stated(4);
    let second = here.package(4);
    assert!(here.entrance.travelling(&mut here.entered).unwrap().is_none(), "nothing changed since");
    vault.found(&PublicKey::of(&here.root), &here.vault.documents().unwrap(), None, later(5)).unwrap();
    vault.take_package(Cursor::new(&second), later(5)).unwrap();
    let newest = vault.doors_arrived(later(5)).unwrap();
    entrance.joined(&newest, &mut vault, &keys).unwrap();
    // The older one comes later, as packages may.
    vault.take_package(Cursor::new(&first), later(6)).unwrap();
    let arrived = vault.doors_arrived(later(6)).unwrap();
    assert_eq!(arrived, newest);
    entrance.arrive(&arrived, &vault, &keys).unwrap();
    let code = shown(&here.factor, later(60));
    assert!(enter(&mut entrance, PASSPHRASE, &code, 60).is_err(), "yesterday's passphrase");
    assert!(enter(&mut entrance, "nine words that are new", &code, 60).is_ok());

    // A new enrolment code is a new key: what came with the one before is no door any more.
    let fresh = SigningKey::from_bytes(&[9; 32]);
    let document = here.amend(70, |draft| {
        let own = draft.people.iter_mut().find(|member| member.person.id == keeper().id).unwrap();
        let ended = KeySpan::new(*own.keys[0].key(), own.keys[0].from(), Some(at(NOW).day())).unwrap();
        own.keys = vec![ended, KeySpan::new(PublicKey::of(&fresh), at(NOW).day(), None).unwrap()];
    });
    vault.extend(&document, None, later(71)).unwrap();
    assert_eq!(vault.doors_arrived(later(71)).unwrap(), Vec::new());
    let old = here.entered.signing().as_ref().map(PublicKey::of);
    assert!(!vault.has_another_key(keeper().id, Some(&PublicKey::of(&fresh)), later(71)));
    assert!(vault.has_another_key(keeper().id, old.as_ref(), later(71)));
    assert!(vault.has_another_key(keeper().id, None, later(71)));
}

#[test]
fn nobody_brings_somebody_elses_door() {
    let (colleague, theirs) = (examiner(2), SigningKey::from_bytes(&[2; 32]));
    let mut here = Here::new(&[(colleague.clone(), theirs.clone())]);
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let (mut entrance, mut vault) = joining(folder.path(), &keys);
    let card = vault.card("There");
    here.amend(1, |draft| draft.workstations.push(workstation(&card)));
    let own = here.stated(2);
    let genuine = here.entrance.stated_here().unwrap().remove(0);
    vault.found(&PublicKey::of(&here.root), &here.vault.documents().unwrap(), None, later(3)).unwrap();

    // The keeper signs a door that names the colleague; a stranger signs; words are changed; tomorrow's.
    let named = genuine.replace(&keeper().id.to_string(), &colleague.id.to_string());
    here.vault.signs_with(Some(SigningKey::from_bytes(&[66; 32])));
    assert!(here.vault.state_door(&own, later(2)).is_err(), "a key of nobody");
    here.vault.signs_with(Some(theirs));
    let of_colleague = here.vault.state_door(&own, later(2)).unwrap();
    let tomorrow = here.vault.state_door(&own, later(90_000)).unwrap();
    for (forged, why) in [
        (named, "another's name under the own signature"),
        (genuine.replace(&own.salt, &own.salt.chars().rev().collect::<String>()), "changed words"),
        (tomorrow, "of tomorrow"),
    ] {
        here.vault.send_doors(std::slice::from_ref(&forged), later(2)).unwrap();
        assert!(here.vault.outbox().unwrap().is_empty(), "{why} is not even sent");
    }
    // What a colleague states under their own name is theirs, and is sealed under a passphrase that is not.
    here.vault.send_doors(&[of_colleague], later(2)).unwrap();
    let mut bytes = Vec::new();
    here.vault.package(here.vault.outbox().unwrap()[0].id, &mut bytes).unwrap();
    assert_eq!(vault.take_package(Cursor::new(&bytes), later(3)).unwrap(), Taken::Door(colleague.id));
    entrance.joined(&vault.doors_arrived(later(3)).unwrap(), &mut vault, &keys).unwrap();
    let opened = entrance.enter(colleague.id, PASSPHRASE, Second::Code(""), "signed-in", later(4), &rule());
    let refused = matches!(opened, Err(VaultError::WrongPassphrase { .. }));
    assert!(refused, "the keeper's secrets do not open as somebody else's");
    assert!(enter(&mut entrance, PASSPHRASE, "", 4).is_err(), "and the keeper did not come");
}

#[test]
fn a_door_of_somebody_who_was_taken_out_stays_shut_and_the_vault_stays() {
    let mut here = Here::new(&[]);
    let two = examiner(2);
    let code = here.entrance.admit(&Admission::of(&here.vault, &two).unwrap(), &here.keys, at(NOW)).unwrap();
    here.entrance.dismiss(two.id).unwrap();
    let refused = here.entrance.enter(two.id, &code, Second::Code(""), "signed-in", at(NOW), &rule());
    assert!(matches!(refused, Err(VaultError::WrongPassphrase { .. })));
    assert!(here.entrance.people().unwrap().iter().all(|known| known.person.id != two.id));
    here.entrance.dismiss(keeper().id).unwrap();
    assert!(here.entrance.people().unwrap().is_empty());
    assert!(
        matches!(here.entrance.begin(&here.keys), Err(VaultError::InUse)),
        "one whose people are gone is no new one"
    );
    assert!(matches!(here.entrance.join(&here.keys), Err(VaultError::InUse)));
    assert!(matches!(here.entrance.give_up_joining(), Err(VaultError::InUse)));
}
