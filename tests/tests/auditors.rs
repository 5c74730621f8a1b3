//! Events of workstations on their way to the auditors' desk through a real relay, with proofs of the department's log; and both sides of a
//! search, where the gallery has none or the answer was lost.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use casework::oversight::{Grounds, OversightRule, Side, case_searches, cross_check};
use casework::samples::examiner;
use casework::{CaseId, Person, Role};
use department::Moment;
use jiff::{SignedDuration, Timestamp};
use ledger::Chain;
use serde_json::{Value, json};
use vault::samples::InMemory;
use vault::{DeskFault, EventQuery, GalleryRow, Taken};
use whole_product::desk::Desk;
use whole_product::relay::Relay;

struct Place {
    desk: Desk,
    _folder: tempfile::TempDir,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path(), &Arc::new(InMemory::default()), Moment(Timestamp::now())).unwrap();
    Place { desk, _folder: folder }
}

fn in_minutes(n: i64) -> Moment {
    Moment(Timestamp::now() + SignedDuration::from_mins(n))
}

/// Brings what waits in a vault's outbox to the relay; gives how many packages.
async fn sends(from: &Desk, relay: &Relay, now: Moment) -> usize {
    let mailer = from.session(relay).await.unwrap();
    from.here(|v| v.fill_outbox(None, now)).unwrap();
    let waiting: Vec<_> = from.here(|v| v.outbox()).unwrap().into_iter().filter(|p| p.sent_at.is_none()).collect();
    for package in &waiting {
        let mut bytes = Vec::new();
        from.here(|v| v.package(package.id, &mut bytes)).unwrap();
        mailer.put(&package.to, package.id, bytes.len() as u64, bytes).await.unwrap();
        from.here(|v| v.package_sent(package.id, &relay.url(), now)).unwrap();
    }
    waiting.len()
}

/// Fetches what lies at the relay for a vault; gives what came.
async fn fetches(to: &Desk, relay: &Relay, now: Moment) -> Vec<Taken> {
    let mailer = to.session(relay).await.unwrap();
    let mut taken = Vec::new();
    for package in mailer.waiting().await.unwrap().packages {
        let mut bytes = Vec::new();
        mailer.fetch(package.package_id, &mut bytes).await.unwrap();
        taken.push(to.here(|v| v.take_package(Cursor::new(&bytes), now)).unwrap());
        mailer.take_away(package.package_id).await.unwrap();
    }
    taken
}

#[tokio::test]
async fn events_come_to_the_desk_through_a_relay_with_proofs_of_the_departments_log() {
    let relay = Relay::start().unwrap();
    let (robbery, burglary, auditors) = (place(), place(), place());
    robbery.desk.join(&relay, "Robbery").unwrap();
    burglary.desk.join(&relay, "Burglary").unwrap();
    auditors.desk.join(&relay, "Auditors").unwrap();
    let auditor = Person { roles: vec![Role::Auditor], ..examiner(9) }.reference();
    let key = auditors.desk.here(|v| v.auditors_key(&auditor, in_minutes(0))).unwrap();
    relay.add_key("auditors", "Auditors", &key).unwrap();
    for desk in [&robbery.desk, &burglary.desk, &auditors.desk] {
        desk.keep_up(&relay).unwrap();
    }
    robbery.desk.work(30, "probe-viewed").unwrap();
    robbery.desk.work(3, "note-sealed").unwrap();
    burglary.desk.work(20, "probe-viewed").unwrap();
    for desk in [&robbery.desk, &burglary.desk, &auditors.desk] {
        assert_eq!(desk.round(&relay).await.unwrap(), [] as [String; 0]);
    }
    assert_eq!(
        (sends(&robbery.desk, &relay, in_minutes(0)).await, sends(&burglary.desk, &relay, in_minutes(0)).await),
        (1, 1)
    );
    assert_eq!(fetches(&auditors.desk, &relay, in_minutes(0)).await, [Taken::Events, Taken::Events]);
    let sources = auditors.desk.here(|v| v.desk_sources()).unwrap();
    assert_eq!(sources.len(), 2);
    assert!(sources.iter().all(|source| source.faults.is_empty() && source.waits_from.is_none()), "{sources:?}");
    let events = |action: &str| {
        let query = EventQuery { actions: vec![action.to_owned()], limit: 500, ..EventQuery::default() };
        auditors.desk.here(|v| v.desk_events(&query)).unwrap().events.len()
    };
    assert_eq!((events("probe-viewed"), events("note-sealed")), (50, 3));
    // Nothing is left behind, and nothing comes twice.
    assert!(fetches(&auditors.desk, &relay, in_minutes(0)).await.is_empty());
    // While the relay is away rows wait, and come in their order afterwards.
    robbery.desk.work(5, "probe-viewed").unwrap();
    robbery.desk.here(|v| v.fill_outbox(None, in_minutes(5))).unwrap();
    robbery.desk.work(5, "probe-viewed").unwrap();
    assert_eq!(sends(&robbery.desk, &relay, in_minutes(10)).await, 2);
    let came = fetches(&auditors.desk, &relay, in_minutes(10)).await;
    assert_eq!(came, [Taken::Events, Taken::Events]);
    assert_eq!(events("probe-viewed"), 60);
    let source = auditors.desk.here(|v| v.desk_sources()).unwrap().remove(0);
    assert_eq!((source.waits_from, source.faults.len()), (None, 0));
}

#[tokio::test]
async fn a_workstation_that_tells_the_desk_other_rows_than_the_log_has_is_found() {
    let relay = Relay::start().unwrap();
    let (robbery, auditors) = (place(), place());
    robbery.desk.join(&relay, "Robbery").unwrap();
    auditors.desk.join(&relay, "Auditors").unwrap();
    let auditor = Person { roles: vec![Role::Auditor], ..examiner(9) }.reference();
    let key = auditors.desk.here(|v| v.auditors_key(&auditor, in_minutes(0))).unwrap();
    relay.add_key("auditors", "Auditors", &key).unwrap();
    robbery.desk.keep_up(&relay).unwrap();
    auditors.desk.keep_up(&relay).unwrap();
    let before = robbery.desk.here(|v| v.rows()).unwrap() as i64;
    robbery.desk.work(3, "note-sealed").unwrap();
    assert_eq!(robbery.desk.round(&relay).await.unwrap(), [] as [String; 0]);
    assert_eq!(auditors.desk.round(&relay).await.unwrap(), [] as [String; 0]);
    // The desk was told another history first, by whoever has the workstation's key: the proofs of the log contradict it.
    let signs = robbery.desk.here(|v| v.card("").signs);
    let honest = robbery.desk.here(|v| v.audit()).unwrap();
    let mut chain = Chain::default();
    let told: Vec<vault::AuditEvent> = honest
        .iter()
        .map(|row| {
            let detail = if row.seq > before { "{\"n\":9}".to_owned() } else { row.detail.clone() };
            let (seq, hash) = chain.next(&[&row.at.0.to_string(), &row.person, &row.action, &detail]);
            chain = Chain::at(seq, hash.clone());
            vault::AuditEvent { seq, hash, detail, ..row.clone() }
        })
        .collect();
    auditors.desk.here(|v| v.desk_take(&signs, &told, in_minutes(0))).unwrap();
    assert_eq!(sends(&robbery.desk, &relay, in_minutes(0)).await, 1);
    assert_eq!(fetches(&auditors.desk, &relay, in_minutes(0)).await, [Taken::Events]);
    let source = auditors.desk.here(|v| v.desk_sources()).unwrap().remove(0);
    let of = |kind: DeskFault| source.faults.iter().filter(|(_, what, _)| *what == kind).count();
    assert_eq!(of(DeskFault::Ledger), 3, "each note's proof leads to another row: {:?}", source.faults);
    assert!(of(DeskFault::Fork) >= 1, "{:?}", source.faults);
}

const ADDRESS: &str = "http://127.0.0.1:1";

/// What stands alone at a desk that read the gallery's rows, with the case events of its own workstation.
fn alone(place: &Place, gallery: &[(i64, &str, Value)]) -> Vec<(Side, Grounds)> {
    let now = in_minutes(0);
    let mut chain = Chain::default();
    let rows: Vec<GalleryRow> = gallery
        .iter()
        .map(|(minute, action, detail)| {
            let (at, detail) = (format!("{:.6}", in_minutes(*minute).0), detail.to_string());
            let (seq, hash) = chain.next(&[&at, "workstation-1", "CA0190000", action, &detail]);
            chain = Chain::at(seq, hash.clone());
            let (actor, agency) = ("workstation-1".to_owned(), "CA0190000".to_owned());
            GalleryRow { seq, at, actor, agency, action: (*action).to_owned(), detail, hash }
        })
        .collect();
    place.desk.here(|v| {
        v.desk_take_gallery(ADDRESS, &rows, &[], now).unwrap();
        let key = v.conduct_key();
        v.desk_take_own(&key, 25, now).unwrap();
        let events = v.desk_events_of(&["search-sent", "search-answered", "search-failed"]).unwrap();
        let covers = v.desk_gallery(ADDRESS).unwrap().unwrap().covers.unwrap();
        let gallery = v.desk_gallery_searches(ADDRESS, &["CA0190000".to_owned()]).unwrap();
        let heard = v.desk_sources().unwrap().into_iter().filter_map(|s| Some((s.workstation.clone(), s.last_at?)));
        let heard: BTreeMap<String, Moment> = heard.collect();
        let numbers = BTreeMap::from([("26-000001".to_owned(), vec![CaseId(casework::samples::uuid(1))])]);
        let searches = case_searches(&events, &[]);
        let rule = OversightRule::default();
        let found = cross_check(&gallery, covers, ADDRESS, &searches, &heard, &numbers, &rule);
        found.into_iter().map(|alone| (alone.side, alone.grounds)).collect()
    })
}

fn put(place: &Place, minute: i64, action: &str, detail: Value) {
    place.desk.here(|v| v.record(Some(&examiner(1).reference()), in_minutes(minute), action, &detail)).unwrap();
}

const SEARCH: &str = "00000000-0000-0000-0000-0000000000aa";

fn sent(place: &Place) {
    let case = CaseId(casework::samples::uuid(1));
    put(
        place,
        0,
        "search-sent",
        json!({ "case": case, "number": "26-000001", "purpose": "felony", "gallery": ADDRESS }),
    );
}

/// A row of the gallery that this workstation's key signed.
fn audited(place: &Place) -> Value {
    let signs = place.desk.here(|v| v.card("").signs);
    json!({ "search_id": SEARCH, "request": { "purpose": "felony", "case_number": "26-000001", "basis": "211 PC",
        "signed_by": signs, "examiner_standing": "signed by key" } })
}

#[test]
fn a_made_up_event_stands_alone_and_a_lost_answer_does_not() {
    // What the gallery's audit covers reaches beyond the search on both sides.
    let (before, after) = ((-60, "token-issued", json!({})), (60, "token-issued", json!({})));
    let case = CaseId(casework::samples::uuid(1));
    let answered = json!({ "case": case, "search": SEARCH });

    // A case event that no search of the gallery stands behind: made up, or the gallery's audit was cut.
    let made_up = place();
    sent(&made_up);
    put(&made_up, 0, "search-answered", answered);
    assert_eq!(alone(&made_up, &[before.clone(), after.clone()]), [(Side::Workstation, Grounds::NotAtGallery)]);

    // The gallery searched, and its answer was lost on the way: the workstation says that it failed, and one explains the other.
    let lost = place();
    sent(&lost);
    put(&lost, 0, "search-failed", json!({ "case": case }));
    put(&lost, 60, "signed-out", json!({}));
    let row = (0, "search", audited(&lost));
    assert_eq!(alone(&lost, &[before.clone(), row, after.clone()]), []);

    // It failed before it reached the gallery: nothing stands alone.
    let failed = place();
    sent(&failed);
    put(&failed, 0, "search-failed", json!({ "case": case }));
    assert_eq!(alone(&failed, &[before.clone(), after.clone()]), []);

    // The gallery searched, and the workstation, which was heard of since, has no event at all.
    let none = place();
    put(&none, 60, "signed-out", json!({}));
    let row = (0, "search", audited(&none));
    assert_eq!(alone(&none, &[before, row, after]), [(Side::Gallery, Grounds::NoEvent)]);
}
