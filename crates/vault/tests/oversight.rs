//! The auditor's desk: rows that come late, twice, forked or never; what is found by words; events on their way to the auditors.

use std::io::Cursor;
use std::time::Instant;

use casework::oversight::{ClosedAs, Conduct, Matter, Pattern, Topic};
use casework::samples::{at, examiner, file, uuid};
use casework::{CaseId, Day, Moment, Person, Role};
use department::{Chain, KeySpan, Member, PublicKey, Recipient, RosterDraft, Workstation};
use ed25519_dalek::SigningKey;
use ledger::Chain as Rows;
use serde_json::json;
use vault::samples::{InMemory, opened};
use vault::{AuditEvent, DeskFault, EventQuery, PackageError, Settings, Taken, Vault, VaultError};

const FOUNDED: &str = "2026-02-01T08:00:00Z";
const NOW: &str = "2026-03-02T12:00:00Z";

struct Place {
    vault: Vault,
    _folder: tempfile::TempDir,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place { vault: opened(folder.path(), &InMemory::default()).unwrap(), _folder: folder }
}

/// Rows of an audit, one a minute from noon of the first of March on.
fn rows(n: usize, what: impl Fn(usize) -> (String, String, String)) -> Vec<AuditEvent> {
    let start = at("2026-03-01T12:00:00Z").0.as_second();
    let mut chain = Rows::default();
    (0..n)
        .map(|n| {
            let (person, action, detail) = what(n);
            let at = Moment(jiff::Timestamp::from_second(start + 60 * n as i64).unwrap());
            let (seq, hash) = chain.next(&[&at.0.to_string(), &person, &action, &detail]);
            // The next row follows from this one.
            chain = Rows::at(seq, hash.clone());
            AuditEvent { seq, at, person, action, detail, hash }
        })
        .collect()
}

fn plain(n: usize) -> (String, String, String) {
    let person = examiner(n as u128 % 7).reference();
    let person = format!("{}, badge {}, {} ({})", person.name, person.badge, person.ori, person.id);
    let action = ["search-sent", "case-opened", "signed-in"][n % 3];
    let detail = json!({
        "case": CaseId(uuid(n as u128 / 10)), "number": format!("26-{:06}", n / 10), "purpose": "felony",
    });
    (person, action.to_owned(), detail.to_string())
}

fn key(n: u8) -> String {
    hex::encode([n; 32])
}

#[test]
fn rows_that_come_late_twice_forked_changed_or_never_are_told_apart() {
    let mut desk = place().vault;
    let (all, now) = (rows(60, plain), at(NOW));
    assert_eq!(desk.desk_take(&key(1), &all[..20], now).unwrap(), 20);
    // Twice: nothing changes.
    assert_eq!(desk.desk_take(&key(1), &all[10..20], now).unwrap(), 0);
    // Late: what came first waits, and a gap is said.
    assert_eq!(desk.desk_take(&key(1), &all[40..], now).unwrap(), 0);
    let source = desk.desk_sources().unwrap().remove(0);
    assert_eq!((source.rows, source.waits_from, source.faults.len()), (20, Some(41), 0));
    assert_eq!(desk.desk_take(&key(1), &all[20..40], now).unwrap(), 40);
    let source = desk.desk_sources().unwrap().remove(0);
    assert_eq!((source.rows, source.waits_from), (60, None));
    assert_eq!(source.last_at, Some(all[59].at));

    // Another history of the same workstation: the rows stay as they came first.
    let other = rows(60, |n| if n < 30 { plain(n) } else { plain(n + 1) });
    assert_eq!(desk.desk_take(&key(1), &other[25..], now).unwrap(), 0);
    let source = desk.desk_sources().unwrap().remove(0);
    assert_eq!(source.faults.first().map(|(seq, what, _)| (*seq, *what)), Some((31, DeskFault::Fork)));
    let page = desk.desk_events(&EventQuery { limit: 500, ..EventQuery::default() }).unwrap();
    assert_eq!(page.events.len(), 60);

    // A row that was changed, and everything after it, is not taken in.
    let mut changed = rows(30, plain);
    changed[9].detail = changed[9].detail.replace("felony", "training");
    assert_eq!(desk.desk_take(&key(2), &changed, now).unwrap(), 9);
    let source = desk.desk_sources().unwrap().remove(1);
    assert_eq!((source.rows, source.faults[0].0, source.faults[0].1), (9, 10, DeskFault::Changed));

    // Rows of one workstation under the name of another follow from nothing there.
    assert_eq!(
        desk.desk_take(&key(2), &all[9..20], now).unwrap(),
        11,
        "the same rows follow: a chain names no workstation"
    );
    assert_eq!(desk.desk_take(&key(3), &all[9..20], now).unwrap(), 0);
    assert_eq!(desk.desk_sources().unwrap()[2].waits_from, Some(10));
}

#[test]
fn events_are_found_by_words_people_cases_and_days_page_by_page() {
    let mut desk = place().vault;
    let (all, now) = (rows(1_000, plain), at(NOW));
    desk.desk_take(&key(1), &all[..1_000], now).unwrap();
    let hostile = rows(3, |n| {
        let detail = json!({ "reason": "\" OR words MATCH 'x'; -- <script>" });
        (plain(n).0, "note-read".to_owned(), detail.to_string())
    });
    desk.desk_take(&key(2), &hostile, now).unwrap();
    let find = |query: EventQuery| desk.desk_events(&EventQuery { limit: 500, ..query }).unwrap().events;
    let text = |text: &str| find(EventQuery { text: text.to_owned(), ..EventQuery::default() });
    assert_eq!(text("26-000042").len(), 10);
    assert_eq!(
        text("exam search-s 26-000042").len(),
        text("26-000042").iter().filter(|e| e.action == "search-sent").count()
    );
    assert_eq!((text("26-00004").len(), text("26-00").len(), text("search-sent 26-000042").len()), (100, 500, 4));
    assert_eq!(text("EXAMINER 0003").len(), (0..1_000).filter(|n| n % 7 == 3).count());
    assert_eq!((text("nobody").len(), text("\"").len(), text("* OR ( NEAR").len()), (0, 500, 0));
    assert_eq!(text("<script>").len(), 3);
    let of = |actions: &[&str]| EventQuery {
        actions: actions.iter().map(|a| (*a).to_owned()).collect(),
        ..EventQuery::default()
    };
    assert_eq!(find(of(&["search-sent"])).len(), 334);
    assert_eq!(find(of(&["search-sent", "note-read"])).len(), 337);
    let person = Some("ca0190000 0003".to_owned());
    assert!(
        find(EventQuery { person: person.clone(), ..of(&["case-opened"]) }).iter().all(|e| e.person.contains("0003"))
    );
    let cases = vec![CaseId(uuid(42)), CaseId(uuid(43))];
    assert_eq!(find(EventQuery { cases, ..EventQuery::default() }).len(), 20);
    assert_eq!(find(EventQuery { workstation: Some(key(2)), ..EventQuery::default() }).len(), 3);
    assert_eq!(find(EventQuery { workstation: Some(key(9)), ..EventQuery::default() }).len(), 0);
    let (from, until) = (Some(all[100].at), Some(all[110].at));
    assert_eq!(find(EventQuery { from, until, ..EventQuery::default() }).len(), 10);
    assert_eq!(find(EventQuery { from, until, ..of(&["search-sent"]) }).len(), 3);

    // Pages hold everything once, the newest first.
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let query = EventQuery { text: "examiner".to_owned(), before, limit: 137, ..EventQuery::default() };
        let page = desk.desk_events(&query).unwrap();
        seen.extend(page.events.into_iter().map(|event| (event.at, event.workstation, event.seq)));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 1_003);
    assert!(seen.windows(2).all(|two| two[0].0 >= two[1].0));
    assert_eq!(seen.iter().collect::<std::collections::BTreeSet<_>>().len(), 1_003);
    assert_eq!(desk.desk_actions().unwrap(), ["case-opened", "note-read", "search-sent", "signed-in"]);
}

#[test]
fn a_search_among_many_events_takes_no_longer_than_a_glance() {
    let mut desk = place().vault;
    desk.desk_take(&key(1), &rows(20_000, plain), at(NOW)).unwrap();
    let queries = [
        EventQuery::default(),
        EventQuery { text: "exam 26-0019".to_owned(), ..EventQuery::default() },
        EventQuery { text: "examiner search-sent felony".to_owned(), ..EventQuery::default() },
        EventQuery {
            actions: vec!["search-sent".to_owned()],
            person: Some("nobody".to_owned()),
            ..EventQuery::default()
        },
    ];
    for query in queries {
        let start = Instant::now();
        desk.desk_events(&EventQuery { limit: 100, ..query.clone() }).unwrap();
        assert!(start.elapsed().as_millis() < 200, "{query:?} took {:?}", start.elapsed());
    }
}

/// A workstation where somebody works, the auditors' desk, and one whose key is not in the roster.
struct County {
    here: Place,
    desk: Place,
    root: PublicKey,
    documents: Vec<String>,
}

fn county() -> County {
    let (secret, administrator) = (SigningKey::from_bytes(&[99; 32]), SigningKey::from_bytes(&[8; 32]));
    let (root, day) = (PublicKey::of(&secret), Day("2026-01-20".parse().unwrap()));
    let (mut here, mut desk) = (place(), place());
    let auditor = Person { roles: vec![Role::Auditor], ..examiner(9) };
    let receives = desk.vault.auditors_key(&auditor.reference(), at(FOUNDED)).unwrap();
    assert_eq!(desk.vault.auditors_key(&auditor.reference(), at(FOUNDED)).unwrap(), receives);
    let workstation = |name: &str, vault: &Vault| {
        let card = vault.card(name);
        let signs = KeySpan::new(PublicKey::read(&card.signs).unwrap(), day, None).unwrap();
        Workstation { name: name.to_owned(), signs, receives: card.receives }
    };
    let person = Person { roles: vec![Role::Administrator], ..examiner(7) };
    let member = Member { person, keys: vec![KeySpan::new(PublicKey::of(&administrator), day, None).unwrap()] };
    let draft = RosterDraft {
        name: "County".to_owned(),
        people: vec![member],
        workstations: vec![workstation("Robbery desk", &here.vault), workstation("Auditors", &desk.vault)],
        auditors: vec![Recipient { name: "Auditors".to_owned(), receives, from: day, until: None }],
        ..RosterDraft::default()
    };
    let first = Chain::first(&root, draft, at(FOUNDED)).unwrap();
    let documents = vec![first.signed(vec![first.sign(&secret)]).unwrap()];
    for vault in [&mut here.vault, &mut desk.vault] {
        vault.found(&root, &documents, None, at(FOUNDED)).unwrap();
    }
    County { here, desk, root, documents }
}

fn leaving(vault: &mut Vault, now: &str) -> Vec<Vec<u8>> {
    let filled = vault.fill_outbox(None, at(now)).unwrap();
    assert!(filled.left.is_empty(), "{:?}", filled.left);
    let waiting: Vec<_> = vault.outbox().unwrap().into_iter().filter(|p| p.sent_at.is_none()).collect();
    let bytes = waiting.into_iter().map(|p| {
        let mut bytes = Vec::new();
        vault.package(p.id, &mut bytes).unwrap();
        vault.package_sent(p.id, "relay", at(now)).unwrap();
        bytes
    });
    bytes.collect()
}

#[test]
fn a_workstation_delivers_its_audit_sealed_to_the_auditors_once_and_in_order() {
    let County { mut here, mut desk, root, documents } = county();
    let me = examiner(1).reference();
    let whole = file();
    here.vault
        .put_case(
            whole.id,
            &whole,
            &me,
            at("2026-03-02T09:00:00Z"),
            Some(("search-answered", json!({ "case": whole.id }))),
        )
        .unwrap();
    let first = leaving(&mut here.vault, "2026-03-02T09:10:00Z");
    assert_eq!(first.len(), 1);
    // What the package itself put on record is nothing to send, and not before a minute has passed.
    assert!(leaving(&mut here.vault, "2026-03-02T09:10:20Z").is_empty());
    here.vault.record(Some(&me), at("2026-03-02T09:10:30Z"), "signed-out", &json!({})).unwrap();
    assert!(leaving(&mut here.vault, "2026-03-02T09:10:40Z").is_empty());
    let second = leaving(&mut here.vault, "2026-03-02T09:20:00Z");
    assert_eq!(second.len(), 1);
    assert!(leaving(&mut here.vault, "2026-03-02T09:40:00Z").is_empty());

    // Sealed to the auditors' key: another workstation of the department opens nothing, nor the one that sent it.
    let sealed = here.vault.take_package(Cursor::new(&first[0]), at(NOW));
    assert!(matches!(sealed, Err(VaultError::Package(PackageError::NotForUs))), "{sealed:?}");
    // The second came before the first: it waits; the first a second time changes nothing.
    assert_eq!(desk.vault.take_package(Cursor::new(&second[0]), at(NOW)).unwrap(), Taken::Events);
    let waits = desk.vault.desk_sources().unwrap().remove(0);
    assert_eq!((waits.rows, waits.workstation.as_str()), (0, here.vault.card("").signs.as_str()));
    assert!(waits.waits_from.is_some());
    assert_eq!(desk.vault.take_package(Cursor::new(&first[0]), at(NOW)).unwrap(), Taken::Events);
    assert_eq!(desk.vault.take_package(Cursor::new(&first[0]), at(NOW)).unwrap(), Taken::Already);
    let source = desk.vault.desk_sources().unwrap().remove(0);
    assert_eq!((source.waits_from, source.faults.len()), (None, 0));
    let page = desk.vault.desk_events(&EventQuery { limit: 500, ..EventQuery::default() }).unwrap();
    assert_eq!(page.events.len() as i64, source.rows);
    let (home, conduct) = desk.vault.desk_case(whole.id).unwrap().unwrap();
    assert_eq!((home, conduct.searches.len()), (here.vault.card("").signs, 1));
    assert_eq!(conduct.examination, None);
    assert_eq!(desk.vault.desk_cases_of(&conduct.number).unwrap(), [whole.id]);

    // Another workstation that says something of the same case replaces nothing of what the first said.
    let made_up = Conduct { number: "26-777777".to_owned(), ..conduct.clone() };
    desk.vault.desk_take_case(&key(9), &made_up, at(NOW)).unwrap();
    assert_eq!(desk.vault.desk_case(whole.id).unwrap().unwrap().0, here.vault.card("").signs);
    assert_eq!(desk.vault.desk_cases().unwrap().len(), 2);
    // One that had it before it was searched says nothing any more.
    let before = Conduct { searches: Vec::new(), ..conduct.clone() };
    desk.vault.desk_take_case(&key(9), &before, at(NOW)).unwrap();
    assert_eq!(desk.vault.desk_cases().unwrap(), [(here.vault.card("").signs, conduct)]);

    // It moved away once it was searched: where it came says how it is conducted since, and the search stays an event of where it was
    // made. Nobody makes it so but the workstation from which it went, in its own audit.
    let (own, to) = (here.vault.card("").signs, key(8));
    let came = rows(1, |_| {
        ("workstation".to_owned(), "case-came".to_owned(), json!({ "case": whole.id, "from": "there" }).to_string())
    });
    let elsewhere =
        Conduct { holder: (&examiner(2).reference()).into(), ..desk.vault.desk_cases().unwrap()[0].1.clone() };
    let came: Vec<_> = came.into_iter().map(|row| AuditEvent { at: at("2026-03-02T12:30:00Z"), ..row }).collect();
    let came: Vec<_> = came
        .into_iter()
        .map(|row| {
            let (_, hash) = Rows::default().next(&[&row.at.0.to_string(), &row.person, &row.action, &row.detail]);
            AuditEvent { hash, ..row }
        })
        .collect();
    desk.vault.desk_take(&to, &came, at(NOW)).unwrap();
    desk.vault.desk_take_case(&to, &elsewhere, at(NOW)).unwrap();
    assert_eq!(desk.vault.desk_case(whole.id).unwrap().unwrap().0, own, "its word alone moves nothing");
    let moved = json!({ "case": whole.id, "to": "there", "package": uuid(77) });
    here.vault.record(Some(&me), at("2026-03-02T12:20:00Z"), "case-moved", &moved).unwrap();
    for package in leaving(&mut here.vault, "2026-03-02T12:40:00Z") {
        desk.vault.take_package(Cursor::new(&package), at(NOW)).unwrap();
    }
    assert_eq!(desk.vault.desk_case(whole.id).unwrap().unwrap(), (to.clone(), elsewhere.clone()));
    assert_eq!(desk.vault.desk_cases().unwrap(), [(to, elsewhere)]);
    let searched = desk.vault.desk_events_of(&["search-answered"]).unwrap();
    assert_eq!(searched.iter().map(|event| event.workstation.clone()).collect::<Vec<_>>(), [own]);

    // A workstation that is not of the department delivers nothing, though somebody added its card.
    let Place { vault: mut foreign, _folder: kept } = place();
    foreign.found(&root, &documents, None, at(FOUNDED)).unwrap();
    foreign
        .set_settings(&Settings { workstation: "Elsewhere".to_owned(), ..Settings::default() }, Some(&me), at(FOUNDED))
        .unwrap();
    desk.vault.add_workstation(&foreign.card("Elsewhere"), &me, at(NOW)).unwrap();
    let package = leaving(&mut foreign, NOW).remove(0);
    let refused = desk.vault.take_package(Cursor::new(&package), at(NOW));
    assert!(matches!(refused, Err(VaultError::Package(PackageError::Unfit(_)))), "{refused:?}");
    assert_eq!(desk.vault.desk_sources().unwrap().len(), 3);
    drop(kept);
}

#[test]
fn the_own_audit_is_taken_to_the_desk_and_a_closed_matter_stays_on_record() {
    let mut desk = place().vault;
    let me = Person { roles: vec![Role::Auditor], ..examiner(9) };
    desk.record(Some(&me.reference()), at(NOW), "signed-in", &json!({})).unwrap();
    let key = desk.conduct_key();
    let taken = desk.desk_take_own(&key, 25, at(NOW)).unwrap();
    assert_eq!(taken, desk.audit().unwrap().len());
    assert_eq!(desk.desk_take_own(&key, 25, at(NOW)).unwrap(), 0);
    let topic = Topic {
        pattern: Pattern::Exports,
        about: vec![(&examiner(1).reference()).into()],
        why: String::new(),
        usual: String::new(),
        cases: Vec::new(),
        events: vec![("ab".to_owned(), 1)],
    };
    let closing = Matter::topic(&topic).close(&me, ClosedAs::FalseAlarm, "All for one hearing", at(NOW)).unwrap();
    desk.desk_close(&closing, "topic").unwrap();
    assert_eq!(desk.desk_closings().unwrap(), [closing]);
    let last = desk.audit().unwrap().pop().unwrap();
    assert!(last.action == "audit-matter-closed" && last.detail.contains("All for one hearing"));
    let commitment = desk.desk_commit(&[7; 32], &me.reference(), at(NOW)).unwrap();
    assert_eq!(desk.desk_seed(&commitment).unwrap(), [7; 32]);
    assert!(!desk.audit().unwrap().pop().unwrap().detail.contains(&hex::encode([7; 32])));
}
