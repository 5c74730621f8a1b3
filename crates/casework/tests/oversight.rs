//! Both sides of a search, and what somebody does who wants one of them to be missed.

use std::collections::BTreeMap;

use casework::oversight::{
    Alone, CaseSearch, Conduct, DeskEvent, GallerySearch, Grounds, Matter, OversightRule, Side, case_searches,
    cross_check, referrals,
};
use casework::samples::{at, examiner, file, uuid};
use casework::{CaseId, Moment};
use serde_json::json;

const ADDRESS: &str = "https://gallery.example";
const SEARCH: &str = "00000000-0000-0000-0000-0000000000aa";

/// What is changed in a row of the gallery.
type Change = fn(&mut serde_json::Value);

fn key(n: u8) -> String {
    hex::encode([n; 32])
}

/// An event of workstation 1, `minute` minutes after noon.
fn event(seq: i64, minute: i64, action: &str, detail: serde_json::Value) -> DeskEvent {
    let person = examiner(1).reference();
    let person = format!("{}, badge {}, {} ({})", person.name, person.badge, person.ori, person.id);
    DeskEvent::read(&key(1), seq, noon(minute), &person, action, &detail.to_string())
}

fn noon(minute: i64) -> Moment {
    Moment(at("2026-03-02T12:00:00Z").0 + jiff::SignedDuration::from_mins(minute))
}

/// A search that was sent at noon and answered.
fn searched() -> Vec<DeskEvent> {
    let case = CaseId(uuid(1));
    let sent = json!({ "case": case, "number": "26-000001", "purpose": "felony", "gallery": ADDRESS });
    vec![
        event(1, 0, "search-sent", sent),
        event(2, 1, "search-answered", json!({ "case": case, "search": SEARCH })),
        event(3, 600, "signed-out", json!({})),
    ]
}

/// The gallery's row of it, as `change` changes it.
fn row(change: impl FnOnce(&mut serde_json::Value)) -> GallerySearch {
    let mut detail = json!({ "search_id": SEARCH, "request": {
        "purpose": "felony", "case_number": "26-000001", "basis": "211 PC", "signed_by": key(1),
        "examiner_standing": "signed by key",
    } });
    change(&mut detail);
    let action = if detail["code"].is_null() { "search" } else { "search-refused" };
    let at = detail["at"].as_i64().unwrap_or(0);
    let at = noon(at).0.to_string();
    GallerySearch::read(7, &at, "workstation-1", "CA0190000", action, &detail.to_string()).expect("a search")
}

fn check(gallery: &[GallerySearch], searches: &[CaseSearch]) -> Vec<Alone> {
    let heard = BTreeMap::from([(key(1), noon(600)), (key(2), noon(-600))]);
    let numbers = BTreeMap::from([("26-000001".to_owned(), vec![CaseId(uuid(1))])]);
    let covers = (noon(-1_000), noon(1_000));
    cross_check(gallery, covers, ADDRESS, searches, &heard, &numbers, &OversightRule::default())
}

fn grounds(gallery: &[GallerySearch], events: &[DeskEvent]) -> Vec<(Side, Grounds)> {
    check(gallery, &case_searches(events, &[])).into_iter().map(|alone| (alone.side, alone.grounds)).collect()
}

#[test]
fn a_search_with_both_sides_stands_beside_no_other() {
    assert_eq!(grounds(&[row(|_| {})], &searched()), []);
    // The clocks differ by nine minutes.
    assert_eq!(grounds(&[row(|detail| detail["at"] = 9.into())], &searched()), []);
    assert_eq!(grounds(&[row(|detail| detail["at"] = (-9).into())], &searched()), []);
}

#[test]
fn whoever_searches_past_a_workstation_stands_alone_for_the_reason_that_fits() {
    let other = |change: fn(&mut serde_json::Value)| {
        row(move |detail| {
            detail["search_id"] = uuid(2).to_string().into();
            change(detail);
        })
    };
    let gallery: [(Change, Grounds); 6] = [
        (|detail| detail["request"]["signed_by"] = serde_json::Value::Null, Grounds::Unsigned),
        (|detail| detail["request"]["signed_by"] = key(9).into(), Grounds::UnknownKey),
        (|_| {}, Grounds::NoEvent),
        (|detail| detail["request"]["signed_by"] = key(2).into(), Grounds::NotHeardOf),
        // The number of a case that there is, at a time at which it was not searched.
        (|detail| detail["at"] = 300.into(), Grounds::NoEvent),
        // A signature that does not hold shows no workstation.
        (|detail| detail["request"]["examiner_standing"] = "signature refused".into(), Grounds::Unsigned),
    ];
    for (change, wanted) in gallery {
        let found = grounds(&[row(|_| {}), other(change)], &searched());
        assert_eq!(found, [(Side::Gallery, wanted)]);
    }
}

#[test]
fn a_search_stays_an_event_of_the_workstation_that_made_it_wherever_the_case_lives_now() {
    // Its case moved to workstation 2, which tells how it was conducted and has no event of a search.
    let case = CaseId(uuid(1));
    let mut events = searched();
    events.push(event(4, 700, "case-moved", json!({ "case": case, "to": "Homicide" })));
    let came = DeskEvent::read(&key(2), 1, noon(705), "workstation", "case-came", &json!({ "case": case }).to_string());
    events.push(came);
    assert_eq!(grounds(&[row(|_| {})], &events), []);
    // One that the second workstation says it made is that one twice, and one that it signed itself stands alone.
    let claimed = json!({ "case": case, "number": "26-000001", "purpose": "felony", "gallery": ADDRESS });
    events.push(DeskEvent::read(&key(2), 2, noon(0), "workstation", "search-sent", &claimed.to_string()));
    let answered = json!({ "case": case, "search": SEARCH }).to_string();
    events.push(DeskEvent::read(&key(2), 3, noon(1), "workstation", "search-answered", &answered));
    assert_eq!(grounds(&[row(|_| {})], &events), [(Side::Gallery, Grounds::Twice)]);
}

#[test]
fn an_event_that_names_the_search_of_another_explains_nothing() {
    let changed: [(Change, Grounds); 4] = [
        (|detail| detail["at"] = 60.into(), Grounds::OtherTime),
        (|detail| detail["request"]["case_number"] = "26-000002".into(), Grounds::OtherNumber),
        (|detail| detail["request"]["signed_by"] = key(2).into(), Grounds::OtherWorkstation),
        (|detail| detail["request"]["signed_by"] = serde_json::Value::Null, Grounds::Unsigned),
    ];
    for (change, wanted) in changed {
        assert_eq!(grounds(&[row(change)], &searched()), [(Side::Gallery, wanted)]);
    }
    // Named by two.
    let mut twice = searched();
    let case = CaseId(uuid(5));
    twice.push(event(4, 2, "search-sent", json!({ "case": case, "number": "26-000005", "gallery": ADDRESS })));
    twice.push(event(5, 3, "search-answered", json!({ "case": case, "search": SEARCH })));
    assert_eq!(grounds(&[row(|_| {})], &twice), [(Side::Gallery, Grounds::Twice)]);
    // A search that the gallery did not audit; one at another gallery is no matter of this one.
    assert_eq!(grounds(&[], &searched()), [(Side::Workstation, Grounds::NotAtGallery)]);
    let elsewhere: Vec<DeskEvent> = searched()
        .into_iter()
        .map(|mut event| {
            event.told.iter_mut().filter(|(name, _)| name == "gallery").for_each(|(_, text)| text.push_str(".other"));
            event
        })
        .collect();
    assert_eq!(grounds(&[], &elsewhere), []);
}

#[test]
fn a_search_that_failed_explains_one_row_and_not_two() {
    let case = CaseId(uuid(1));
    let sent = json!({ "case": case, "number": "26-000001", "purpose": "felony", "gallery": ADDRESS });
    let failed =
        [event(1, 0, "search-sent", sent), event(2, 1, "search-failed", json!({ "case": case, "code": "late" }))];
    let again = row(|detail| detail["search_id"] = uuid(2).to_string().into());
    assert_eq!(grounds(&[row(|_| {})], &failed), []);
    assert_eq!(grounds(&[row(|_| {}), again], &failed), [(Side::Gallery, Grounds::NoEvent)]);
    let refused = |key: Option<String>| {
        row(move |detail| {
            detail["code"] = "purpose-required".into();
            detail["request"]["signed_by"] = key.into();
            detail["search_id"] = serde_json::Value::Null;
        })
    };
    assert_eq!(grounds(&[refused(Some(key(1)))], &failed), []);
    // A script that tries and is refused is told too.
    let tried = check(&[refused(None)], &[]);
    assert_eq!((tried[0].grounds, tried[0].refused.as_deref()), (Grounds::Unsigned, Some("purpose-required")));
}

#[test]
fn flagged_purposes_and_reviewed_referrals_arrive_by_themselves_once_a_case() {
    let conduct = Conduct::of(&file(), &[], "key", 25).expect("a case");
    let flagged = Conduct { referrals: vec!["It names a protest.".to_owned()], ..conduct.clone() };
    let note = uuid(40);
    let events = [
        event(1, 0, "referred-to-audit", json!({ "case": flagged.case, "reasons": ["It names a protest."] })),
        event(2, 5, "note-reviewed", json!({ "note": note, "decision": "refer" })),
        event(3, 6, "note-reviewed", json!({ "note": note, "decision": "approve" })),
    ];
    let found = referrals(&events, std::slice::from_ref(&flagged));
    assert_eq!(found.len(), 2);
    let of_case = found.iter().find(|one| one.case == Some(flagged.case)).expect("of the case");
    assert_eq!((of_case.reasons.len(), of_case.events.len()), (1, 1));
    // Without any event the record itself refers; a case without a reason does not.
    assert_eq!(referrals(&[], std::slice::from_ref(&flagged)).len(), 1);
    assert_eq!(referrals(&[], &[conduct]).len(), 0);
    // One matter, whatever order it is read in.
    let again = referrals(&events, &[flagged]);
    assert_eq!(Matter::referral(&found[0]), Matter::referral(&again[0]));
}
