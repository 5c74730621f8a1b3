//! A case that goes to a colleague at another workstation: whole, to one, and only with what its people signed.

#[path = "moved/asked.rs"]
mod asked;
#[path = "moved/attacks.rs"]
mod attacks;
#[path = "moved/by_hand.rs"]
mod by_hand;
#[path = "moved/history.rs"]
mod history;
#[path = "moved/restored.rs"]
mod restored;
#[path = "moved/searched.rs"]
mod searched;
#[path = "moved/taken_back.rs"]
mod taken_back;
#[path = "moved/told.rs"]
mod told;

use std::io::Cursor;
use std::sync::Arc;

use casework::samples::{at, examiner, file, forged, policy};
use casework::{CaseFile, CaseId, Day, Person, Role};
use department::{Chain, KeySpan, Member, PublicKey, RosterDraft, Workstation};
use ed25519_dalek::SigningKey;
use vault::samples::{InMemory, beside, opened};
use vault::{ListPhotographs, PackageError, Taken, Vault, VaultError};

const FOUNDED: &str = "2026-02-01T08:00:00Z";
const HANDED: &str = "2026-03-02T09:50:00Z";
const MOVED: &str = "2026-03-02T09:55:00Z";
const ARRIVED: &str = "2026-03-02T10:00:00Z";

fn key(n: u128) -> SigningKey {
    SigningKey::from_bytes(&[u8::try_from(n).unwrap() + 1; 32])
}

/// Person `n` of the department; 7 administers and supervises.
fn somebody(n: u128) -> Person {
    let roles = if n == 7 { vec![Role::Administrator, Role::Supervisor] } else { vec![Role::Examiner] };
    Person { roles, ..examiner(n) }
}

struct Place {
    vault: Vault,
    folder: Arc<tempfile::TempDir>,
    keys: Arc<InMemory>,
}

/// Four workstations, of which the first three are the department's.
fn places() -> [Place; 4] {
    let mut all = strangers();
    found(&mut all);
    all
}

fn strangers() -> [Place; 4] {
    let opened = || {
        let (folder, keys) = (Arc::new(tempfile::tempdir().unwrap()), Arc::new(InMemory::default()));
        Place { vault: opened(folder.path(), &*keys).unwrap(), folder, keys }
    };
    [opened(), opened(), opened(), opened()]
}

/// Founds a department of the first three.
fn found(all: &mut [Place; 4]) {
    let secret = SigningKey::from_bytes(&[99; 32]);
    let (root, day) = (PublicKey::of(&secret), Day("2026-01-20".parse().unwrap()));
    let span = |key: PublicKey| KeySpan::new(key, day, None).unwrap();
    let member = |n| Member { person: somebody(n), keys: vec![span(PublicKey::of(&key(n)))] };
    let cards: Vec<_> =
        all.iter().zip(["Robbery", "Homicide", "Narcotics", "Outside"]).map(|(p, name)| p.vault.card(name)).collect();
    let workstation = |card: &vault::Card| Workstation {
        name: card.name.clone(),
        signs: span(PublicKey::read(&card.signs).unwrap()),
        receives: card.receives.clone(),
    };
    let draft = RosterDraft {
        name: "County".to_owned(),
        people: [1, 2, 3, 7].map(member).into(),
        workstations: cards[..3].iter().map(workstation).collect(),
        ..RosterDraft::default()
    };
    let first = Chain::first(&root, draft, at(FOUNDED)).unwrap();
    let mut documents = vec![first.signed(vec![first.sign(&secret)]).unwrap()];
    let chain = Chain::read(&root, &documents).unwrap();
    let rules =
        chain.next_policy(include_str!("../../../assets/policy.toml").to_owned(), at("2026-02-01T08:00:01Z")).unwrap();
    documents.push(rules.signed(vec![rules.sign(&key(7))]).unwrap());
    for (n, place) in all.iter_mut().enumerate() {
        place.vault.found(&root, &documents, None, at(FOUNDED)).unwrap();
        for (_, card) in cards.iter().enumerate().filter(|(other, _)| *other != n) {
            place.vault.add_workstation(card, &somebody(7).reference(), at(FOUNDED)).unwrap();
        }
        place.vault.signs_with(Some(key(1)));
    }
}

/// The sample's case before it was searched, with its probe.
fn draft() -> CaseFile {
    forged(file(), |kept| {
        kept.searches.clear();
        kept.sent.clear();
        kept.examination = None;
    })
}

/// Puts the case into `vault`, handed over to examiner 2 where `handed`.
fn put(vault: &mut Vault, mut whole: CaseFile, handed: bool) -> CaseId {
    let me = somebody(1).reference();
    vault.put_case(whole.id, &whole, &me, at(FOUNDED), None).unwrap();
    vault.put_original(whole.id, "probe", "camera-3.jpg", b"the probe", &me, at(FOUNDED)).unwrap();
    if handed {
        whole.hand_over(&somebody(1), &somebody(2), "Transferred to Homicide", 5, at(HANDED), &policy()).unwrap();
        vault.put_case(whole.id, &whole, &me, at(HANDED), None).unwrap();
        vault.state_handovers(0, &whole).unwrap();
    }
    whole.id
}

fn none() -> ListPhotographs {
    ListPhotographs::new()
}

fn key_of(place: &Place) -> String {
    place.vault.card("").signs
}

fn leaving(vault: &mut Vault, now: &str) -> Vec<Vec<u8>> {
    assert!(vault.fill_outbox(None, at(now)).unwrap().left.is_empty());
    let waiting: Vec<_> = vault.outbox().unwrap().into_iter().filter(|p| p.sent_at.is_none()).collect();
    let bytes = |vault: &mut Vault, id| {
        let mut bytes = Vec::new();
        vault.package(id, &mut bytes).unwrap();
        vault.package_sent(id, "relay", at(now)).unwrap();
        bytes
    };
    waiting.into_iter().map(|p| bytes(vault, p.id)).collect()
}

fn take(vault: &mut Vault, package: &[u8], now: &str) -> Result<Taken, VaultError> {
    vault.take_package(Cursor::new(package), at(now))
}

/// Takes the workstation whose key is `gone` out of the department, as the others learn it.
fn take_out(all: &mut [Place], gone: &str, when: &str) {
    let chain = all[0].vault.department().unwrap().clone();
    let mut draft = chain.newest().roster().content().clone();
    draft.workstations.retain(|one| one.signs.key().to_string() != gone);
    let next = chain.next_roster(draft, at(when)).unwrap();
    let document = next.signed(vec![next.sign(&key(7))]).unwrap();
    for place in all {
        place.vault.extend(&document, None, at(when)).unwrap();
    }
}

/// The case's files are those that it names.
fn probe_of(whole: &CaseFile) -> CaseFile {
    let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(b"the probe"));
    forged(whole.clone(), |kept| {
        kept.probe = None;
        kept.image.as_mut().unwrap().facts.sha256 = sha256;
    })
}

#[test]
fn a_case_moves_whole_and_lives_at_one_workstation() {
    let [mut here, mut there, ..] = places();
    let case = put(&mut here.vault, probe_of(&draft()), true);
    let whole: CaseFile = here.vault.case(case).unwrap();
    here.vault.move_case(case, &key_of(&there), &none(), &somebody(1).reference(), at(MOVED)).unwrap();

    // From now on nobody works on it here, whatever they call and whatever they write by hand.
    assert!(matches!(here.vault.case::<CaseFile>(case), Err(VaultError::Moved)));
    assert!(here.vault.put_case(case, &whole, &somebody(1).reference(), at(MOVED), None).is_err());
    assert!(
        here.vault.move_case(case, &key_of(&there), &none(), &somebody(1).reference(), at(MOVED)).is_err(),
        "nor twice"
    );
    assert!(here.vault.cases::<CaseFile>().unwrap().0.is_empty());
    let moved = here.vault.moved().unwrap();
    assert_eq!((moved.len(), moved[0].holder, moved[0].arrived), (1, somebody(2).id, None));
    let by_hand = beside(&here.vault).unwrap();
    assert!(by_hand.execute("UPDATE case_part SET content = x'00' WHERE name = 'purpose'", []).is_err());

    // There it is as it was, with its file, and with who handed it over.
    let packages = leaving(&mut here.vault, MOVED);
    assert_eq!(take(&mut there.vault, &packages[0], ARRIVED).unwrap(), Taken::Case(case));
    assert_eq!(take(&mut there.vault, &packages[0], ARRIVED).unwrap(), Taken::Already);
    assert_eq!(there.vault.case::<CaseFile>(case).unwrap(), whole);
    assert_eq!(there.vault.home(case).unwrap(), None);
    let probe = there.vault.original(case, &whole.image.as_ref().unwrap().facts.sha256).unwrap();
    assert_eq!(probe, b"the probe");

    // Once that is known, nothing of it stays where it was.
    let back = leaving(&mut there.vault, ARRIVED);
    assert_eq!(take(&mut here.vault, &back[0], ARRIVED).unwrap(), Taken::Told);
    let left: i64 = by_hand
        .query_row("SELECT (SELECT count(*) FROM case_part) + (SELECT count(*) FROM original)", [], |r| r.get(0))
        .unwrap();
    assert_eq!(left, 0);
    assert!(here.vault.moved().unwrap()[0].arrived.is_some());

    // It may come back, and the word of the first time that arrives late undoes nothing.
    there.vault.signs_with(Some(key(2)));
    there.vault.move_case(case, &key_of(&here), &none(), &somebody(2).reference(), at(ARRIVED)).unwrap();
    let packages = leaving(&mut there.vault, ARRIVED);
    assert_eq!(take(&mut here.vault, &packages[0], ARRIVED).unwrap(), Taken::Case(case));
    assert_eq!(here.vault.case::<CaseFile>(case).unwrap(), whole);
    assert!(here.vault.moved().unwrap().is_empty());
}

#[test]
fn a_case_goes_to_no_other_department_and_none_comes_from_there() {
    let [mut here, mut there, _, mut outside] = places();
    let case = put(&mut here.vault, probe_of(&draft()), false);
    let me = somebody(1).reference();
    let refused = here.vault.move_case(case, &key_of(&outside), &none(), &me, at(MOVED)).unwrap_err();
    assert!(matches!(refused, VaultError::Package(PackageError::NoSuchWorkstation)), "{refused}");
    // The other one's program does not let it go either; somebody packs it by hand.
    let forged = put(&mut outside.vault, probe_of(&draft()), true);
    assert!(outside.vault.move_case(forged, &key_of(&here), &none(), &me, at(MOVED)).is_err());
    let case = put(&mut there.vault, probe_of(&draft()), true);
    there.vault.move_case(case, &key_of(&here), &none(), &me, at(MOVED)).unwrap();
    let package = leaving(&mut there.vault, MOVED).remove(0);
    let package = by_hand::Opened::of(&package, &here.vault).again(&outside.vault, &here.vault);
    let refused = take(&mut here.vault, &package, ARRIVED).unwrap_err();
    assert!(refused.to_string().contains("department"), "{refused}");
}

#[test]
fn a_case_that_nobody_signed_over_does_not_leave() {
    let [mut here, there, ..] = places();
    // Handed over in the file, by somebody's hand and not by their key.
    let mut whole = probe_of(&draft());
    whole.hand_over(&somebody(1), &somebody(2), "Transferred to Homicide", 5, at(HANDED), &policy()).unwrap();
    let case = put(&mut here.vault, whole, false);
    let refused =
        here.vault.move_case(case, &key_of(&there), &none(), &somebody(1).reference(), at(MOVED)).unwrap_err();
    assert!(refused.to_string().contains("not signed"), "{refused}");
    assert!(here.vault.case::<CaseFile>(case).is_ok() && leaving(&mut here.vault, MOVED).is_empty(), "nothing changed");
}
