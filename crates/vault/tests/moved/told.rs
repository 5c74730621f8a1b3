//! A misidentification is told at every workstation of the department, and nothing of its case is; what was reviewed at one that is taken
//! out stands.

use casework::samples::{StandingClock, at, corroborated, file, policy, uuid};
use casework::{
    Day, Decision, InvestigativeResult, NoteId, PersonId, ResultForm, ResultId, ResultKind, Review, ReviewForm,
};
use serde_json::json;
use vault::{News, Taken, Vault};

use super::by_hand::Opened;
use super::{ARRIVED, HANDED, Place, found, key, key_of, places, somebody, strangers, take, take_out};

const SEALED: &str = "2026-03-02T12:00:00Z";
const REVIEWED: &str = "2026-03-03T09:00:00Z";
const RECORDED: &str = "2026-03-04T09:00:00Z";
const LATER: &str = "2026-03-05T09:00:00Z";
const ACCOUNT: &str = "His alibi was confirmed by the hospital.";

/// Four workstations, of which the first three are the department's; the first has an approved note.
fn approved() -> [Place; 4] {
    let mut all = strangers();
    let vault = &mut all[0].vault;
    let case = corroborated().content().case.id();
    vault.put_case(case, &json!({ "any": 1 }), &somebody(1).reference(), at(HANDED), None).unwrap();
    let stored = vault.seal(&corroborated(), &json!({})).unwrap();
    let mut form = ReviewForm { decision: Some(Decision::Approve), ..ReviewForm::default() };
    form.judged.iter_mut().for_each(|judged| judged.holds = Some(true));
    let review = Review::decide(&stored.content, &stored.signed.sha256, &form, &somebody(7), at(REVIEWED)).unwrap();
    vault.put_review(&review, case, &json!({})).unwrap();
    found(&mut all);
    all
}

fn misidentified(vault: &mut Vault, n: u128) {
    vault.signs_with(Some(key(7)));
    let note = vault.note(corroborated().content().id).unwrap();
    let reviews: Vec<_> = note.review.clone().into_iter().collect();
    let form = ResultForm {
        kind: Some(ResultKind::Misidentification),
        on: Some(Day("2026-03-04".parse().unwrap())),
        authority: "Demo Police Department".to_owned(),
        account: ACCOUNT.to_owned(),
        ..ResultForm::default()
    };
    let of = (&note.content, note.signed.sha256.as_str());
    let id = ResultId(uuid(n));
    let result =
        InvestigativeResult::record(of, &reviews, &note.results, id, &form, &somebody(7), at(RECORDED)).unwrap();
    vault.put_result(&result, &note.content).unwrap();
}

/// What leaves for `to` and has not left.
fn leaving(vault: &mut Vault, to: &str) -> Vec<Vec<u8>> {
    assert!(vault.fill_outbox(None, at(LATER)).unwrap().left.is_empty());
    let waiting: Vec<_> = vault.outbox().unwrap().into_iter().filter(|p| p.to == to && p.sent_at.is_none()).collect();
    let mut package = |id| {
        let mut bytes = Vec::new();
        vault.package(id, &mut bytes).unwrap();
        vault.package_sent(id, "relay", at(LATER)).unwrap();
        bytes
    };
    waiting.into_iter().map(|waiting| package(waiting.id)).collect()
}

fn news(vault: &Vault, reader: PersonId) -> Vec<(String, News)> {
    vault.staff_news(reader).unwrap().into_iter().map(|news| (news.by, news.event)).collect()
}

#[test]
fn a_misidentification_is_told_at_every_workstation_of_the_department() {
    let mut all = approved();
    misidentified(&mut all[0].vault, 71);
    for (to, packages) in [(1, 1), (2, 1), (3, 0)] {
        let there = key_of(&all[to]);
        let left = leaving(&mut all[0].vault, &there);
        assert_eq!(left.len(), packages, "one for each other workstation of the department");
        assert!(leaving(&mut all[0].vault, &there).is_empty(), "and each once");
        let Some(package) = left.first() else { continue };
        let told = Opened::of(package, &all[to].vault).manifest.to_string();
        assert!(told.contains("26-000123") && !told.contains("alibi"), "the number and nothing of its account: {told}");
        assert!(!told.contains("DEMO-"), "{told}");
        let vault = &mut all[to].vault;
        assert_eq!(take(vault, package, LATER).unwrap(), Taken::Told);
        assert_eq!(take(vault, package, LATER).unwrap(), Taken::Already);
        let read = news(vault, somebody(7).id);
        let [(by, News::Misidentified(number))] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((number.as_str(), by.contains(&somebody(7).name)), ("26-000123", true), "{by}");
        let up_to = vault.staff_news(somebody(7).id).unwrap()[0].seq;
        vault.staff_read(&somebody(7).reference(), up_to, at(LATER)).unwrap();
        assert!(news(vault, somebody(7).id).is_empty());
    }
}

#[test]
fn what_nobody_signed_is_told_to_nobody() {
    let mut all = approved();
    misidentified(&mut all[0].vault, 71);
    let there = key_of(&all[1]);
    let packages = leaving(&mut all[0].vault, &there);
    for (n, forge) in [
        (|told: &mut serde_json::Value| told["statements"] = json!([])) as fn(&mut serde_json::Value),
        |told| told["record"] = json!("a".repeat(64)),
        |told| told["by"]["badge"] = json!("1"),
        |told| told["at"] = json!(ARRIVED),
        |told| told["number"] = json!("x".repeat(101)),
    ]
    .into_iter()
    .enumerate()
    {
        let mut opened = Opened::of(&packages[0], &all[1].vault);
        forge(&mut opened.manifest["content"]["told"]);
        let forged = opened.again(&all[0].vault, &all[1].vault);
        let taken = take(&mut all[1].vault, &forged, LATER);
        assert!(!matches!(taken, Ok(Taken::Told)), "{n}: {taken:?}");
        assert!(news(&all[1].vault, somebody(7).id).is_empty(), "{n}");
    }
    // Nor is it told in another's name.
    let mut opened = Opened::of(&packages[0], &all[1].vault);
    opened.manifest["content"]["told"]["by"]["name"] = json!("Somebody Else");
    let renamed = opened.again(&all[0].vault, &all[1].vault);
    assert_eq!(take(&mut all[1].vault, &renamed, LATER).unwrap(), Taken::Told);
    assert!(news(&all[1].vault, somebody(7).id)[0].0.starts_with(&somebody(7).name));
    // The same one in another package is no news.
    assert_eq!(take(&mut all[1].vault, &packages[0], LATER).unwrap(), Taken::Told);
    assert_eq!(news(&all[1].vault, somebody(7).id).len(), 1);
}

#[test]
fn what_was_reviewed_at_a_workstation_stands_when_it_is_taken_out() {
    let mut all = places();
    let (mut whole, me) = (file(), somebody(1).reference());
    all[0].vault.put_case(whole.id, &whole, &me, at(HANDED), None).unwrap();
    all[0].vault.put_original(whole.id, "probe", "camera-3.jpg", b"the probe", &me, at(HANDED)).unwrap();
    let note = whole.seal(NoteId(uuid(40)), &somebody(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    whole.mark_sealed(&note);
    all[0].vault.seal(&note, &whole).unwrap();
    let there = key_of(&all[1]);
    let package = all[0].vault.pack_note(note.content().id, &there, at(SEALED)).unwrap();
    let mut bytes = Vec::new();
    all[0].vault.package(package, &mut bytes).unwrap();
    assert_eq!(take(&mut all[1].vault, &bytes, SEALED).unwrap(), Taken::Note(note.content().id));

    let stored = all[1].vault.note(note.content().id).unwrap();
    let mut form = ReviewForm { decision: Some(Decision::Approve), ..ReviewForm::default() };
    form.judged.iter_mut().for_each(|judged| judged.holds = Some(true));
    let review = Review::decide(&stored.content, &stored.signed.sha256, &form, &somebody(7), at(REVIEWED)).unwrap();
    all[1].vault.signs_with(Some(key(7)));
    all[1].vault.put_review(&review, whole.id, &whole).unwrap();
    let here = key_of(&all[0]);
    let left = leaving(&mut all[1].vault, &here);
    assert!(matches!(take(&mut all[0].vault, &left[0], LATER).unwrap(), Taken::Review(..)));
    assert!(all[0].vault.note(note.content().id).unwrap().review.is_some());

    take_out(&mut all[..3], &there, LATER);
    assert!(all[0].vault.note(note.content().id).unwrap().review.is_some());
}
