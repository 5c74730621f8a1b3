//! Two vaults of one department: a blind request goes out, an answer comes back, and whatever does not fit counts for nothing.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use casework::samples::{
    StandingClock, at, candidate, compare_requested, examiner, file, picture, policy, sending, uuid,
};
use casework::{
    Agreement, CaseFile, Conclusion, Day, Examination, NoteId, Outcome, Person, PersonId, RequestId, Requested, Role,
    VerificationState,
};
use department::{Chain, KeySpan, Member, PublicKey, RosterDraft};
use ed25519_dalek::SigningKey;
use vault::samples::{InMemory, beside, opened};
use vault::{PackageError, Settings, Taken, Vault, VaultError};

const FOUNDED: &str = "2026-02-01T08:00:00Z";
const ASKED: &str = "2026-03-02T09:50:00Z";
const ARRIVED: &str = "2026-03-02T09:55:00Z";
const ANSWERED: &str = "2026-03-02T11:00:00Z";
const BACK: &str = "2026-03-02T11:05:00Z";

fn key(n: u128) -> SigningKey {
    SigningKey::from_bytes(&[u8::try_from(n).unwrap() + 1; 32])
}

/// Person `n` of the department; 7 administers and supervises.
fn somebody(n: u128) -> Person {
    let roles = if n == 7 { vec![Role::Administrator, Role::Supervisor] } else { vec![Role::Examiner] };
    Person { roles, ..examiner(n) }
}

/// The department's documents, with a second roster from 10:45 on where `later` changes it.
fn documents(later: impl FnOnce(&mut Vec<Member>) -> bool) -> (PublicKey, Vec<String>) {
    let secret = SigningKey::from_bytes(&[99; 32]);
    let root = PublicKey::of(&secret);
    let day = Day("2026-01-20".parse().unwrap());
    let member =
        |n| Member { person: somebody(n), keys: vec![KeySpan::new(PublicKey::of(&key(n)), day, None).unwrap()] };
    let mut people: Vec<Member> = [1, 2, 3, 4, 7].map(member).into();
    let draft = RosterDraft { name: "County".to_owned(), people: people.clone(), ..RosterDraft::default() };
    let first = Chain::first(&root, draft.clone(), at(FOUNDED)).unwrap();
    let mut signed = vec![first.signed(vec![first.sign(&secret)]).unwrap()];
    let chain = Chain::read(&root, &signed).unwrap();
    let text = include_str!("../../../assets/policy.toml").to_owned();
    let rules = chain.next_policy(text, at("2026-02-01T08:00:01Z")).unwrap();
    signed.push(rules.signed(vec![rules.sign(&key(7))]).unwrap());
    if later(&mut people) {
        let chain = Chain::read(&root, &signed).unwrap();
        let next = chain.next_roster(RosterDraft { people, ..draft }, at("2026-03-02T10:45:00Z")).unwrap();
        signed.push(next.signed(vec![next.sign(&key(7))]).unwrap());
    }
    (root, signed)
}

struct Place {
    vault: Vault,
    _folder: tempfile::TempDir,
}

fn place(name: &str, signs: u128, (root, documents): &(PublicKey, Vec<String>)) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = opened(folder.path(), &InMemory::default()).unwrap();
    vault.found(root, documents, None, at(FOUNDED)).unwrap();
    let settings = Settings { workstation: name.to_owned(), ..Settings::default() };
    vault.set_settings(&settings, Some(&somebody(7).reference()), at(FOUNDED)).unwrap();
    vault.signs_with(Some(key(signs)));
    Place { vault, _folder: folder }
}

fn acquaint(one: &mut Vault, other: &mut Vault, names: [&str; 2]) {
    let cards = [other.card(names[1]), one.card(names[0])];
    for (vault, card) in [one, other].into_iter().zip(cards) {
        vault.add_workstation(&card, &somebody(7).reference(), at(FOUNDED)).unwrap();
    }
}

/// The examiner's workstation, and the second examiner's.
fn department_of(later: impl FnOnce(&mut Vec<Member>) -> bool) -> (Place, Place) {
    let documents = documents(later);
    let (mut here, mut there) = (place("Robbery desk", 1, &documents), place("Fraud desk", 2, &documents));
    acquaint(&mut here.vault, &mut there.vault, ["Robbery desk", "Fraud desk"]);
    (here, there)
}

fn both() -> (Place, Place) {
    department_of(|_| false)
}

fn pictures() -> BTreeMap<String, Vec<u8>> {
    [1, 10, 11, 12, 13, 20].map(picture).into_iter().map(|(bytes, sha256)| (sha256, bytes)).collect()
}

/// Request `n` of the sample's case asks examiner 2 there, and its package lies in the outbox.
fn ask(here: &mut Vault, there: &Vault, n: u128) -> CaseFile {
    let (mut whole, me) = (file(), examiner(1).reference());
    if n == 500 {
        here.put_case(whole.id, &whole, &me, at(ASKED), None).unwrap();
        here.put_original(whole.id, "probe", "camera-3.jpg", b"the probe", &me, at(ASKED)).unwrap();
    } else {
        whole = here.case(whole.id).unwrap();
    }
    let card = there.card("Fraud desk");
    whole.ask_elsewhere(&me, &somebody(2), (&card.signs, &card.name), sending(n), at(ASKED), &policy()).unwrap();
    here.put_case(whole.id, &whole, &me, at(ASKED), None).unwrap();
    here.ask_elsewhere(&whole, &pictures(), at(ASKED)).unwrap();
    whole
}

/// What is waiting to leave, oldest first; it has left then.
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

fn take(vault: &mut Vault, package: &[u8], now: &str) -> Taken {
    vault.take_package(Cursor::new(package), at(now)).unwrap()
}

fn of(vault: &Vault, n: u128) -> Requested {
    vault.requested(RequestId(uuid(n)), &somebody(2)).unwrap().unwrap()
}

/// Compares and hands in, as examiner 2.
fn answer(there: &mut Vault, asked: &CaseFile, n: u128, on_lead: Conclusion) {
    let mut requested = of(there, n);
    let lead = asked.asked_elsewhere().unwrap().asked.token(candidate(0));
    compare_requested(&mut requested, 2, |t| if Some(t) == lead { on_lead } else { Conclusion::Exclusion });
    requested.hand_in(&somebody(2), at(ANSWERED), &policy()).unwrap();
    there.put_requested(&requested, &somebody(2).reference(), at(ANSWERED), Some("verification-handed-in")).unwrap();
}

fn count(vault: &Vault, table: &str) -> i64 {
    beside(vault).unwrap().query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap()
}

#[test]
fn a_verification_goes_out_and_comes_back_signed() {
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    let packages = leaving(&mut here.vault, ASKED);
    assert_eq!(packages.len(), 1);
    assert_eq!(take(&mut there.vault, &packages[0], ARRIVED), Taken::Asked);
    assert_eq!(take(&mut there.vault, &packages[0], ARRIVED), Taken::Already);
    // It waits for one person, and nobody else reaches it.
    assert_eq!(there.vault.requested_of(&somebody(2)).unwrap().len(), 1);
    for n in [1, 3, 4, 7] {
        assert!(there.vault.requested_of(&somebody(n)).unwrap().is_empty());
        assert!(there.vault.requested(RequestId(uuid(500)), &somebody(n)).unwrap().is_none());
    }
    assert_eq!(there.vault.cases::<CaseFile>().unwrap().0.len(), 0, "no case came");
    for (hash, bytes) in pictures() {
        assert_eq!(there.vault.requested_picture(RequestId(uuid(500)), &hash).unwrap(), bytes);
    }
    assert!(leaving(&mut there.vault, ARRIVED).is_empty());
    // The package once more, because it was thought lost: the same one.
    here.vault.send_again(RequestId(uuid(500)), &examiner(1).reference(), at(ARRIVED)).unwrap();
    assert_eq!(leaving(&mut here.vault, ARRIVED), packages);

    answer(&mut there.vault, &asked, 500, Conclusion::Support);
    assert_eq!(count(&there.vault, "requested_picture"), 0, "nobody keeps photographs that nobody needs");
    let back = leaving(&mut there.vault, ANSWERED);
    assert_eq!(back.len(), 1);
    assert!(leaving(&mut there.vault, ANSWERED).is_empty(), "nothing is due twice");
    assert_eq!(take(&mut here.vault, &back[0], BACK), Taken::Told);
    assert_eq!(take(&mut here.vault, &back[0], BACK), Taken::Already);
    let mut verified: CaseFile = here.vault.case(asked.id).unwrap();
    assert_eq!(verified.verification_state(), VerificationState::Done);
    let Some(Examination::Verified(of)) = &verified.examination else { panic!("not verified") };
    assert_eq!(of.verification().agreement, Agreement::Agrees);
    assert!(leaving(&mut here.vault, BACK).is_empty());
    assert!(here.vault.send_again(RequestId(uuid(500)), &examiner(1).reference(), at(BACK)).is_err());

    // The note shows who verified, by the roster, to whoever has the department's root key.
    here.vault.state_changes([None, Some(at(ANSWERED))], &verified).unwrap();
    let sealed = StandingClock(at("2026-03-02T12:00:00Z"));
    let note = verified.seal(NoteId(uuid(40)), &examiner(1), &sealed, &policy()).unwrap();
    verified.mark_sealed(&note);
    here.vault.seal(&note, &verified).unwrap();
    let exported = here.vault.export_note(NoteId(uuid(40))).unwrap();
    let (root, _) = documents(|_| false);
    let checked = vault::verify_signers(&exported, &root).unwrap();
    assert!(checked.signers.iter().any(|s| s.stated == vault::Stated::Verification && s.name == "Examiner 2"));
    for vault in [&here.vault, &there.vault] {
        assert!(vault::verify_export(&vault.export_audit().unwrap()).unwrap().events > 2);
    }
}

/// All that whoever owns the receiving workstation can read: the opened package, and every byte of the vault.
fn all_of(there: &Vault, package: &[u8]) -> String {
    let receiving: String =
        beside(there).unwrap().query_row("SELECT value FROM secret WHERE name = 'exchange'", [], |r| r.get(0)).unwrap();
    let identity: age::x25519::Identity = receiving.parse().unwrap();
    let mut plain = Vec::new();
    let sealed = age::Decryptor::new(package).unwrap();
    sealed.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap().read_to_end(&mut plain).unwrap();
    let db = beside(there).unwrap();
    let mut all = String::from_utf8_lossy(&plain).into_owned();
    for table in ["requested", "request_withdrawn", "conferred", "inbox", "audit", "case_part"] {
        let mut query = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                all.push_str(&format!("{:?}\n", row.get_ref(at).unwrap()));
                if let Ok(text) = row.get::<_, String>(at) {
                    all.push_str(&text);
                }
            }
        }
    }
    all
}

#[test]
fn a_package_opened_with_every_key_tells_nothing_of_the_case() {
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    let package = leaving(&mut here.vault, ASKED).remove(0);
    take(&mut there.vault, &package, ARRIVED);
    let all = all_of(&there.vault, &package);
    assert!(all.contains("verification-request") && all.contains("pixels 10") && all.contains("Robbery desk"));
    let mut telling: Vec<String> = (0..20).map(|rank| format!("subject-{rank}")).collect();
    telling.extend((0..20).map(|rank| candidate(rank).to_string()));
    telling.extend((0..20).map(|rank| format!("{:.2}", 0.8 - f64::from(rank) / 100.0)).filter(|score| score != "0.80"));
    // Who examines: by name, badge or identity, in whatever case.
    telling.extend(
        ["Examiner 1", "\"0001\"", "R. Alvarez", "T. Brown", "support", "exclusion", "score"].map(str::to_owned),
    );
    telling.extend(["26-000123", "211 PC", "Robbery of", "felony", "till", "camera-3", "lead"].map(str::to_owned));
    telling.extend([examiner(1).id.to_string(), asked.id.to_string(), uuid(30).to_string(), uuid(20).to_string()]);
    telling.extend([casework::samples::PROBE_SHA256.to_owned(), "5a".repeat(32), "gallery.example".to_owned()]);
    let all = all.to_lowercase();
    for word in telling {
        assert!(!all.contains(&word.to_lowercase()), "{word} is told");
    }
    // The candidates stand in the order of their tokens, which were drawn: the lead's place says nothing.
    let request = of(&there.vault, 500);
    let tokens: Vec<_> = request.request().candidates().iter().map(|c| c.token).collect();
    assert!(tokens.is_sorted() && Some(tokens[0]) != asked.asked_elsewhere().unwrap().asked.token(candidate(0)));
}

#[test]
fn an_answer_counts_only_from_whom_it_was_asked_signed_and_trained() {
    // Somebody else there signs: the answer is never made.
    let (mut here, mut there) = both();
    ask(&mut here.vault, &there.vault, 500);
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ARRIVED);
    let mut requested = of(&there.vault, 500);
    compare_requested(&mut requested, 2, |_| Conclusion::Exclusion);
    requested.hand_in(&somebody(2), at(ANSWERED), &policy()).unwrap();
    there.vault.signs_with(Some(key(3)));
    let me = somebody(2).reference();
    assert!(there.vault.put_requested(&requested, &me, at(ANSWERED), None).is_err(), "another one's key");
    assert!(leaving(&mut there.vault, ANSWERED).is_empty());
    assert!(!of(&there.vault, 500).has_begun(), "nothing of it was stored");

    // Their training was taken away before they handed in, and only the asking side knows it yet.
    let untrained = |people: &mut Vec<Member>| {
        people.iter_mut().find(|m| m.person.id == PersonId(uuid(2))).unwrap().person.training = None;
        true
    };
    let (_, newer) = documents(untrained);
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ARRIVED);
    answer(&mut there.vault, &asked, 500, Conclusion::Support);
    let back = leaving(&mut there.vault, ANSWERED);
    here.vault.extend(&newer[2], None, at("2026-03-02T10:46:00Z")).unwrap();
    let Taken::Void(why) = take(&mut here.vault, &back[0], BACK) else { panic!("it counted") };
    assert!(!why.is_empty());
    let file: CaseFile = here.vault.case(asked.id).unwrap();
    assert_eq!(file.verification_state(), VerificationState::Asked, "the question is still open");
    assert_eq!(count(&here.vault, "verification_reply"), 1, "on record");
    // And over there, once they know it: refused, with nothing lost.
    let (mut here, mut there) = both();
    ask(&mut here.vault, &there.vault, 500);
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ARRIVED);
    there.vault.extend(&newer[2], None, at("2026-03-02T10:46:00Z")).unwrap();
    let mut requested = of(&there.vault, 500);
    compare_requested(&mut requested, 2, |_| Conclusion::Exclusion);
    there.vault.put_requested(&requested, &me, at("2026-03-02T10:30:00Z"), None).unwrap();
    requested.hand_in(&somebody(2), at(ANSWERED), &policy()).unwrap();
    assert!(there.vault.put_requested(&requested, &me, at(ANSWERED), None).is_err());
    assert!(of(&there.vault, 500).has_begun());
}

#[test]
fn an_answer_by_a_newer_roster_waits_until_it_is_known_here() {
    let (_, newer) = documents(|people| {
        people.iter_mut().find(|m| m.person.id == PersonId(uuid(4))).unwrap().person.training = None;
        true
    });
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ARRIVED);
    there.vault.extend(&newer[2], None, at("2026-03-02T10:46:00Z")).unwrap();
    answer(&mut there.vault, &asked, 500, Conclusion::Support);
    let back = leaving(&mut there.vault, ANSWERED);
    let early = here.vault.take_package(Cursor::new(&back[0]), at(BACK)).unwrap_err();
    assert!(matches!(early, VaultError::Package(PackageError::Unfit(_))), "{early}");
    assert_eq!(count(&here.vault, "verification_reply"), 0);
    here.vault.extend(&newer[2], None, at(BACK)).unwrap();
    assert_eq!(take(&mut here.vault, &back[0], BACK), Taken::Told);
}

#[test]
fn a_second_answer_and_one_after_a_withdrawal_count_for_nothing() {
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    let request = leaving(&mut here.vault, ASKED);
    take(&mut there.vault, &request[0], ARRIVED);
    answer(&mut there.vault, &asked, 500, Conclusion::Exclusion);
    let first = leaving(&mut there.vault, ANSWERED);
    // It crosses with the withdrawal.
    let me = examiner(1).reference();
    let mut file: CaseFile = here.vault.case(asked.id).unwrap();
    file.withdraw_verification(me.id, at("2026-03-02T10:58:00Z")).unwrap();
    here.vault.put_case(file.id, &file, &me, at("2026-03-02T10:58:00Z"), None).unwrap();
    let withdrawn = leaving(&mut here.vault, "2026-03-02T10:58:00Z");
    assert_eq!(withdrawn.len(), 1);
    assert!(matches!(take(&mut here.vault, &first[0], BACK), Taken::Void(_)));
    let file: CaseFile = here.vault.case(asked.id).unwrap();
    assert_eq!((file.verification_state(), file.history.given_up.len()), (VerificationState::Open, 1));
    assert_eq!(take(&mut there.vault, &withdrawn[0], BACK), Taken::Told);
    assert!(leaving(&mut there.vault, BACK).is_empty(), "what was answered is not answered again");
    assert!(leaving(&mut here.vault, BACK).is_empty(), "nor withdrawn again");

    // Withdrawn while somebody compares there: it waits for nobody any more, and what was begun comes back.
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ARRIVED);
    let mut requested = of(&there.vault, 500);
    compare_requested(&mut requested, 2, |_| Conclusion::Exclusion);
    let two = somebody(2).reference();
    there.vault.put_requested(&requested, &two, at("2026-03-02T10:30:00Z"), None).unwrap();
    let mut file: CaseFile = here.vault.case(asked.id).unwrap();
    file.withdraw_verification(me.id, at("2026-03-02T10:58:00Z")).unwrap();
    here.vault.put_case(file.id, &file, &me, at("2026-03-02T10:58:00Z"), None).unwrap();
    let withdrawn = leaving(&mut here.vault, "2026-03-02T10:58:00Z");
    assert_eq!(take(&mut there.vault, &withdrawn[0], ANSWERED), Taken::Told);
    assert!(there.vault.requested_of(&somebody(2)).unwrap().is_empty());
    assert_eq!(count(&there.vault, "requested_picture"), 0);
    let begun = leaving(&mut there.vault, ANSWERED);
    assert!(matches!(take(&mut here.vault, &begun[0], BACK), Taken::Void(_)));
    let file: CaseFile = here.vault.case(asked.id).unwrap();
    assert_eq!(file.history.given_up.len(), 1);

    // A withdrawal that overtakes its request.
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    let request = leaving(&mut here.vault, ASKED);
    let mut file: CaseFile = here.vault.case(asked.id).unwrap();
    file.withdraw_verification(me.id, at(ARRIVED)).unwrap();
    here.vault.put_case(file.id, &file, &me, at(ARRIVED), None).unwrap();
    let withdrawn = leaving(&mut here.vault, ARRIVED);
    assert_eq!(take(&mut there.vault, &withdrawn[0], ARRIVED), Taken::Told);
    take(&mut there.vault, &request[0], ARRIVED);
    assert!(there.vault.requested_of(&somebody(2)).unwrap().is_empty());
    assert_eq!(count(&there.vault, "requested_picture"), 0);
    // Another question of the same case is another one.
    let again = ask(&mut here.vault, &there.vault, 501);
    take(&mut there.vault, &leaving(&mut here.vault, ARRIVED)[0], ARRIVED);
    answer(&mut there.vault, &again, 501, Conclusion::Support);
    let back = leaving(&mut there.vault, ANSWERED);
    // That nobody had begun the first is told too: a case that moves waits for that.
    assert!(matches!(take(&mut here.vault, &back[0], BACK), Taken::Void(_)));
    assert_eq!(take(&mut here.vault, &back[1], BACK), Taken::Told);
}

#[test]
fn a_replayed_or_strange_reply_is_void_and_no_workstation_speaks_for_another() {
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    let request = leaving(&mut here.vault, ASKED);
    take(&mut there.vault, &request[0], ARRIVED);
    answer(&mut there.vault, &asked, 500, Conclusion::Support);
    let back = leaving(&mut there.vault, ANSWERED);
    // To an examiner who never asked this: another workstation of the department that knows the sender.
    let mut third = place("Auto theft", 3, &documents(|_| false));
    acquaint(&mut third.vault, &mut there.vault, ["Auto theft", "Fraud desk"]);
    let refused = third.vault.take_package(Cursor::new(&back[0]), at(BACK)).unwrap_err();
    assert!(matches!(refused, VaultError::Package(PackageError::NotForUs)));
    // A third workstation that has both the question and examiner 2's own key answers in place of the one that was asked.
    acquaint(&mut here.vault, &mut third.vault, ["Robbery desk", "Auto theft"]);
    let question = asked.asked_elsewhere().unwrap().asked.request().clone();
    let loot = serde_json::to_string(&Requested::take(question, at(ARRIVED))).unwrap();
    let hand = beside(&third.vault).unwrap();
    let row = [uuid(500).to_string(), here.vault.card("").signs, uuid(2).to_string(), loot];
    hand.execute("INSERT INTO requested (request_id, sender, person_id, content) VALUES (?1, ?2, ?3, ?4)", row)
        .unwrap();
    drop(hand);
    third.vault.signs_with(Some(key(2)));
    answer(&mut third.vault, &asked, 500, Conclusion::Exclusion);
    let theirs = leaving(&mut third.vault, ANSWERED);
    let Taken::Void(why) = take(&mut here.vault, &theirs[0], BACK) else { panic!("it counted") };
    assert!(why.contains("another workstation"), "{why}");
    // Dated ahead of the clock here: it waits.
    let early = here.vault.take_package(Cursor::new(&back[0]), at("2026-03-02T10:59:00Z")).unwrap_err();
    assert!(matches!(early, VaultError::Package(PackageError::Unfit(_))));
    assert_eq!(take(&mut here.vault, &back[0], BACK), Taken::Told);
    let verified: CaseFile = here.vault.case(asked.id).unwrap();
    assert_eq!(verified.verification_state(), VerificationState::Done);
}

#[test]
fn what_the_gallery_withdraws_goes_at_the_other_workstation_too() {
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ARRIVED);
    let me = examiner(1).reference();
    let mut file: CaseFile = here.vault.case(asked.id).unwrap();
    assert!(file.withdraw(&[candidate(0), candidate(15)]));
    here.vault.put_case(file.id, &file, &me, at(ARRIVED), None).unwrap();
    let removal = leaving(&mut here.vault, ARRIVED);
    assert_eq!(removal.len(), 1, "of those that were sent");
    assert_eq!(count(&there.vault, "requested_picture"), 6);
    assert_eq!(take(&mut there.vault, &removal[0], ARRIVED), Taken::Told);
    assert_eq!(count(&there.vault, "requested_picture"), 4, "the lead had two photographs");
    assert!(leaving(&mut here.vault, ARRIVED).is_empty());
    assert!(here.vault.send_again(RequestId(uuid(500)), &me, at(ARRIVED)).is_err(), "they do not leave once more");
}

#[test]
fn a_conference_is_signed_at_both_workstations() {
    let (mut here, mut there) = both();
    let asked = ask(&mut here.vault, &there.vault, 500);
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ARRIVED);
    answer(&mut there.vault, &asked, 500, Conclusion::Inconclusive);
    take(&mut here.vault, &leaving(&mut there.vault, ANSWERED)[0], BACK);
    let (me, two) = (examiner(1).reference(), somebody(2).reference());
    let mut file: CaseFile = here.vault.case(asked.id).unwrap();
    let now = at("2026-03-02T11:10:00Z");
    let text = "Looked again at the left ear at full size";
    file.propose_conference(&me, uuid(700), text, Conclusion::LimitedSupport, now).unwrap();
    here.vault.put_case(file.id, &file, &me, now, None).unwrap();
    here.vault.send_conference(&file, &me, now).unwrap();
    let out = leaving(&mut here.vault, "2026-03-02T11:10:00Z");
    assert_eq!(take(&mut there.vault, &out[0], "2026-03-02T11:11:00Z"), Taken::Asked);
    assert!(there.vault.conferences_of(&somebody(3)).unwrap().is_empty());
    let (_, mut conferred) = there.vault.conferences_of(&somebody(2)).unwrap().remove(0);
    let later = at("2026-03-02T11:20:00Z");
    conferred.answer(&somebody(2), None, later).unwrap();
    there.vault.signs_with(Some(key(3)));
    assert!(there.vault.put_conferred(&conferred, &two, later).is_err(), "another one's key");
    there.vault.signs_with(Some(key(2)));
    there.vault.put_conferred(&conferred, &two, later).unwrap();
    let back = leaving(&mut there.vault, "2026-03-02T11:20:00Z");
    assert_eq!(take(&mut here.vault, &back[0], "2026-03-02T11:21:00Z"), Taken::Told);
    let mut file: CaseFile = here.vault.case(asked.id).unwrap();
    assert!(file.conferring.is_none());
    here.vault.state_changes([None, Some(at(ANSWERED))], &file).unwrap();
    let note =
        file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at("2026-03-02T12:00:00Z")), &policy()).unwrap();
    let stands = Outcome::Lead { candidate: candidate(0), conclusion: Conclusion::LimitedSupport };
    assert_eq!(note.content().outcome, stands);
    file.mark_sealed(&note);
    here.vault.seal(&note, &file).unwrap();
    let exported = here.vault.export_note(NoteId(uuid(40))).unwrap();
    let (root, _) = documents(|_| false);
    let checked = vault::verify_signers(&exported, &root).unwrap();
    let conferred = checked.signers.iter().filter(|s| s.stated == vault::Stated::Conference);
    assert_eq!(conferred.map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Examiner 1", "Examiner 2"]);
    // Without the verifier's signature it is no conference of both.
    let mut cut: serde_json::Value = serde_json::from_str(&exported).unwrap();
    let statements = cut["statements"].as_array_mut().unwrap();
    statements.retain(|s| {
        !(s.as_str().unwrap().contains("corroborate/conference/v1")
            && s.as_str().unwrap().contains(&uuid(2).to_string()))
    });
    assert!(vault::verify_signers(&vault::canonical(&cut).unwrap(), &root).is_err());
}

#[test]
fn a_package_of_a_newer_program_is_refused_politely() {
    let (here, mut there) = both();
    let newer = |schema: &str, kind: &str| {
        let line = format!("{{\"schema\":\"{schema}\",\"content\":{{\"kind\":\"{kind}\"}}}}");
        let signed = serde_json::json!({ "text": line, "sha256": "", "signature": "", "public_key": "" });
        let recipient: age::x25519::Recipient = there.vault.card("").receives.parse().unwrap();
        age::encrypt(&recipient, format!("{signed}\n").as_bytes()).unwrap()
    };
    let packages = [newer("corroborate.package.v3", "note"), newer("corroborate.package.v2", "hologram")];
    for package in packages {
        let refused = there.vault.take_package(Cursor::new(package), at(BACK)).unwrap_err();
        assert!(matches!(refused, VaultError::Package(PackageError::Newer)), "{refused}");
    }
    drop(here);
}

/// What two workstations may be at when packages come in any order, twice, late or never.
#[test]
fn packages_in_any_order_come_to_one_answer_or_none() {
    for seed in 0..10u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut below = |n: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % n as u64).unwrap()
        };
        let (mut here, mut there) = both();
        let (me, two) = (examiner(1).reference(), somebody(2).reference());
        let first = ask(&mut here.vault, &there.vault, 500);
        let mut asked: BTreeMap<u128, CaseFile> = BTreeMap::from([(500, first)]);
        // Packages under way, each of which may come again.
        let (mut to_there, mut to_here): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
        let mut withdrawn = std::collections::BTreeSet::new();
        for _ in 0..24 {
            to_there.extend(leaving(&mut here.vault, BACK));
            to_here.extend(leaving(&mut there.vault, BACK));
            match below(7) {
                0 | 1 if !to_there.is_empty() => {
                    let package = &to_there[below(to_there.len())];
                    // What came before its request, or for one that never comes, is refused or waits.
                    drop(there.vault.take_package(Cursor::new(package), at(BACK)));
                }
                2 | 3 if !to_here.is_empty() => {
                    let package = &to_here[below(to_here.len())];
                    take(&mut here.vault, package, BACK);
                }
                4 => {
                    let mut file: CaseFile = here.vault.case(asked[&500].id).unwrap();
                    let open = file.asked_elsewhere().map(|open| open.asked.request().id().0.as_u128());
                    if let Some(n) = open {
                        file.withdraw_verification(me.id, at(BACK)).unwrap();
                        here.vault.put_case(file.id, &file, &me, at(BACK), None).unwrap();
                        withdrawn.insert(n);
                    } else if file.verification_state() == VerificationState::Open
                        && file.may_verify(&somebody(2), at(BACK), &policy()).is_ok()
                    {
                        let n = 500 + asked.len() as u128;
                        asked.insert(n, ask(&mut here.vault, &there.vault, n));
                    }
                }
                _ => {
                    let waiting = there.vault.requested_of(&somebody(2)).unwrap();
                    if let Some((_, found)) = waiting.first() {
                        let n = found.request().id().0.as_u128();
                        if below(3) == 0 {
                            let mut busy = found.clone();
                            busy.decline(&somebody(2), "In court until Friday", at(ANSWERED)).unwrap();
                            there.vault.put_requested(&busy, &two, at(ANSWERED), None).unwrap();
                        } else {
                            answer(&mut there.vault, &asked[&n], n, Conclusion::Support);
                        }
                    }
                }
            }
            let file: CaseFile = here.vault.case(asked[&500].id).unwrap();
            let verified = matches!(&file.examination, Some(Examination::Verified(_)));
            let counted: i64 = beside(&here.vault)
                .unwrap()
                .query_row(
                    "SELECT count(*) FROM verification_reply WHERE counts = 1 AND content ->> '$.reply' = 'answered'",
                    [],
                    |r| r.get(0),
                )
                .unwrap();
            assert_eq!(counted, i64::from(verified), "history {seed}: one answer counts, and only what is on record");
            if let Some(Examination::Verified(of)) = &file.examination {
                let request = of.verification().asked.as_ref().unwrap().request().id().0.as_u128();
                assert!(!withdrawn.contains(&request), "history {seed}: what was withdrawn verified");
            }
        }
        // Everything arrives at last: nobody is asked any more what nobody asks.
        for _ in 0..4 {
            to_there.extend(leaving(&mut here.vault, BACK));
            for package in &to_there {
                drop(there.vault.take_package(Cursor::new(package), at(BACK)));
            }
            to_here.extend(leaving(&mut there.vault, BACK));
            for package in &to_here {
                take(&mut here.vault, package, BACK);
            }
        }
        let file: CaseFile = here.vault.case(asked[&500].id).unwrap();
        let open = file.asked_elsewhere().map(|open| open.asked.request().id());
        let waiting: Vec<_> = there
            .vault
            .requested_of(&somebody(2))
            .unwrap()
            .into_iter()
            .map(|(_, found)| found.request().id())
            .collect();
        assert_eq!(waiting, open.into_iter().collect::<Vec<_>>(), "history {seed}");
        let pictures = if waiting.is_empty() { 0 } else { 6 };
        assert_eq!(count(&there.vault, "requested_picture"), pictures, "history {seed}");
    }
}
