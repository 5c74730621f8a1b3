//! A case that is moved to get around something, by whoever has the keys of both workstations: what a person signed and what came
//! before decide, and not what a package says.

use serde_json::{Value, json};

use super::by_hand::{Opened, sha256};
use super::searched::{moved, photographs, put_searched, searched, states};
use super::*;
use casework::samples::{candidate, examination, unveiled, uuid};
use casework::{CandidateId, Examination};

/// The unveiled case on its way, with both workstations.
fn on_its_way() -> ([Place; 4], CaseFile, Vec<u8>) {
    let mut all = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let [here, there, ..] = &mut all;
    put_searched(&mut here.vault, &whole);
    let package = moved(here, there, &whole);
    (all, whole, package)
}

/// Takes a package in by the second workstation; nothing of it may stay.
fn refused(all: &mut [Place; 4], package: &[u8]) -> String {
    let refused = take(&mut all[1].vault, package, ARRIVED).unwrap_err().to_string();
    assert!(all[1].vault.cases::<CaseFile>().unwrap().0.is_empty(), "nothing was kept");
    let by_hand = beside(&all[1].vault).unwrap();
    for table in ["original", "list_photograph", "statement", "case_came"] {
        let left: i64 = by_hand.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
    refused
}

#[test]
fn a_package_that_was_made_again_unchanged_is_the_case() {
    let (mut all, whole, package) = on_its_way();
    let again = Opened::of(&package, &all[1].vault).again(&all[0].vault, &all[1].vault);
    assert_eq!(take(&mut all[1].vault, &again, ARRIVED).unwrap(), Taken::Case(whole.id));
}

#[test]
fn what_was_changed_by_hand_is_not_what_was_signed() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 8] = [
        ("another score", |case| case["searches"][0]["candidates"][0]["score"] = json!(0.99)),
        ("another subject", |case| case["searches"][0]["candidates"][0]["subject_id"] = json!("subject-7")),
        ("never unveiled", |case| case["examination"]["unveiled_at"] = Value::Null),
        ("another purpose typed", |case| case["purpose"]["offence"] = json!("Murder")),
        ("who read of it", |case| case["seen_by"] = json!([{ "by": examiner(3).reference(), "at": HANDED }])),
        ("a candidate withdrawn", |case| case["withdrawn"] = json!([candidate(3)])),
        ("a search not sent", |case| case["sent"] = json!([])),
        ("an entry more", |case| case["note"]["narrative"] = json!("Somebody else's words.")),
    ];
    let (mut all, _, package) = on_its_way();
    for (what, change) in changes {
        let altered = |says_so: bool| {
            let mut opened = Opened::of(&package, &all[1].vault);
            let before = opened.content()["file"].clone();
            change(&mut opened.content()["file"]);
            assert_ne!(before, opened.content()["file"], "{what}");
            if says_so { opened.says_what_it_holds() } else { opened }.again(&all[0].vault, &all[1].vault)
        };
        // As it was signed, and as the move says it is.
        for altered in [altered(false), altered(true)] {
            let why = refused(&mut all, &altered);
            assert!(["sign", "record", "case"].iter().any(|word| why.contains(word)), "{what}: {why}");
        }
    }
    // The case itself comes in after all of them.
    assert!(matches!(take(&mut all[1].vault, &package, ARRIVED), Ok(Taken::Case(_))));
}

#[test]
fn a_swapped_photograph_is_not_the_one_that_was_signed() {
    let (mut all, _, package) = on_its_way();
    // Another face under the name of the lead, in the file alone, in the manifest too, and in the move too.
    for depth in 0..3 {
        let mut opened = Opened::of(&package, &all[1].vault);
        let face = b"the face of somebody else".to_vec();
        if depth > 0 {
            opened.manifest["files"][1]["sha256"] = json!(sha256(&face));
            opened.manifest["files"][1]["bytes"] = json!(face.len());
        }
        if depth > 1 {
            opened.last()["photographs"][0]["sha256"] = json!(sha256(&face));
        }
        if depth == 0 {
            let length = opened.files[1].len();
            opened.files[1] = face[..length.min(face.len())].to_vec();
            opened.files[1].resize(length, 0);
        } else {
            opened.files[1] = face;
        }
        let package = opened.again(&all[0].vault, &all[1].vault);
        refused(&mut all, &package);
    }
    // Two candidates change places.
    let mut opened = Opened::of(&package, &all[1].vault);
    let listed = opened.last()["photographs"].as_array_mut().unwrap();
    let (one, other) = (listed[0]["sha256"].clone(), listed[1]["sha256"].clone());
    (listed[0]["sha256"], listed[1]["sha256"]) = (other, one);
    opened.files.swap(1, 2);
    opened.manifest["files"].as_array_mut().unwrap().swap(1, 2);
    let swapped = opened.again(&all[0].vault, &all[1].vault);
    let why = refused(&mut all, &swapped);
    assert!(why.contains("sign") || why.contains("record"), "{why}");
    // One is left out.
    let mut opened = Opened::of(&package, &all[1].vault);
    opened.last()["photographs"].as_array_mut().unwrap().remove(4);
    opened.manifest["files"].as_array_mut().unwrap().remove(5);
    opened.files.remove(5);
    let package = opened.again(&all[0].vault, &all[1].vault);
    refused(&mut all, &package);
}

#[test]
fn what_nobody_signed_or_signed_of_another_case_does_not_come() {
    let (mut all, _, package) = on_its_way();
    let statements = Opened::of(&package, &all[1].vault).content()["statements"].as_array().unwrap().len();
    assert_eq!(statements, 3, "who concluded, handed over and had it moved");
    for left_out in 0..statements {
        let mut opened = Opened::of(&package, &all[1].vault);
        opened.content()["statements"].as_array_mut().unwrap().remove(left_out);
        let package = opened.again(&all[0].vault, &all[1].vault);
        let why = refused(&mut all, &package);
        assert!(why.contains("signed"), "{why}");
    }
    // The same of another case by the same people, in its place.
    let [mut other, mut elsewhere, ..] = places();
    let another = forged(searched(Examination::Blind(examination())), |kept| kept.note.reason = "Another".to_owned());
    put_searched(&mut other.vault, &another);
    let foreign = moved(&mut other, &mut elsewhere, &another);
    let foreign = Opened::of(&foreign, &elsewhere.vault).content()["statements"].clone();
    let mut opened = Opened::of(&package, &all[1].vault);
    opened.content()["statements"] = foreign;
    let made = opened.again(&all[0].vault, &all[1].vault);
    refused(&mut all, &made);
    // A statement more than is owed hides nothing.
    let mut opened = Opened::of(&package, &all[1].vault);
    let all_of_it = opened.content()["statements"].as_array_mut().unwrap();
    let of = all_of_it.iter().find_map(|one| one.as_str().filter(|one| one.contains("conclusion"))).unwrap();
    all_of_it.push(json!(of.replace("conclusion", "verification")));
    let made = opened.again(&all[0].vault, &all[1].vault);
    refused(&mut all, &made);
}

#[test]
fn only_whoever_had_the_case_has_it_moved_and_only_on_record() {
    let mut all = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let case = put_searched(&mut all[0].vault, &whole);
    let to = key_of(&all[1]);
    let here = &mut all[0].vault;
    // Neither a colleague nor a supervisor who has not handed it over, with their own key or with another's.
    for by in [3, 7] {
        for pen in [1, by] {
            here.signs_with(Some(key(pen)));
            let refused =
                here.move_case(case, &to, &photographs(&whole), &somebody(by).reference(), at(MOVED)).unwrap_err();
            assert!(refused.to_string().contains("whoever has the case"), "{refused}");
        }
    }
    // Nor in the name of whoever has it.
    here.signs_with(Some(key(3)));
    assert!(here.move_case(case, &to, &photographs(&whole), &somebody(1).reference(), at(MOVED)).is_err());
    here.signs_with(None);
    assert!(here.move_case(case, &to, &photographs(&whole), &somebody(1).reference(), at(MOVED)).is_err());
    assert!(here.case::<CaseFile>(case).is_ok() && here.outbox().unwrap().is_empty());
    // In a package by hand: another person in the move, and the move before it left out or made up.
    here.signs_with(Some(key(1)));
    let [here, there, ..] = &mut all;
    let package = moved(here, there, &whole);
    for change in [
        |one: &mut Value| one["by"] = serde_json::to_value(somebody(3).reference()).unwrap(),
        |one: &mut Value| one["in_absence"] = json!(true),
        |one: &mut Value| one["number"] = json!(2),
        |one: &mut Value| one["before"] = json!("ab".repeat(32)),
        |one: &mut Value| one["from"] = json!("ab".repeat(32)),
        |one: &mut Value| one["case"] = json!(CaseId(uuid(777))),
        |one: &mut Value| one["at"] = json!("2026-03-02T09:54:00Z"),
        |one: &mut Value| one["at"] = json!("2026-03-03T09:54:00Z"),
    ] {
        let mut opened = Opened::of(&package, &all[1].vault);
        change(opened.last());
        let made = opened.again(&all[0].vault, &all[1].vault);
        refused(&mut all, &made);
    }
    // Without any move, as an earlier program moved what was not searched.
    let mut opened = Opened::of(&package, &all[1].vault);
    opened.content()["moves"] = json!([]);
    let made = opened.again(&all[0].vault, &all[1].vault);
    refused(&mut all, &made);
    // To another workstation than the one that was signed for.
    let made = Opened::of(&package, &all[1].vault).again(&all[0].vault, &all[2].vault);
    assert!(take(&mut all[2].vault, &made, ARRIVED).is_err());
}

#[test]
fn an_older_copy_is_not_the_case_that_has_moved_on() {
    let (mut all, whole, first) = on_its_way();
    let case = whole.id;
    take(&mut all[1].vault, &first, ARRIVED).unwrap();
    let arrived = leaving(&mut all[1].vault, ARRIVED).remove(0);
    // Once more, in a package of its own, while the case lives there.
    let older = Opened::of(&first, &all[1].vault).again(&all[0].vault, &all[1].vault);
    let why = take(&mut all[1].vault, &older, ARRIVED).unwrap_err().to_string();
    assert!(why.contains("lives here"), "{why}");
    // And once it went on to the third: at the second, that knows it left; at the third, where it lives.
    let to = key_of(&all[2]);
    all[1].vault.signs_with(Some(key(2)));
    all[1].vault.move_case(case, &to, &none(), &somebody(2).reference(), at(ARRIVED)).unwrap();
    let second = leaving(&mut all[1].vault, ARRIVED).remove(0);
    let why = take(&mut all[1].vault, &older, ARRIVED).unwrap_err().to_string();
    assert!(why.contains("older copy"), "{why}");
    take(&mut all[2].vault, &second, ARRIVED).unwrap();
    let why = take(&mut all[1].vault, &older, ARRIVED).unwrap_err().to_string();
    assert!(why.contains("older copy"), "{why}");
    let made = Opened::of(&second, &all[2].vault).again(&all[1].vault, &all[2].vault);
    assert!(take(&mut all[2].vault, &made, ARRIVED).is_err());

    // It comes back to where it began, past the second; the arrival there of the first time undoes nothing, nor does the first package.
    let home = key_of(&all[0]);
    all[2].vault.signs_with(Some(key(2)));
    all[2].vault.move_case(case, &home, &none(), &somebody(2).reference(), at("2026-03-02T10:05:00Z")).unwrap();
    let back = leaving(&mut all[2].vault, "2026-03-02T10:05:00Z");
    assert_eq!(take(&mut all[0].vault, &back[0], "2026-03-02T10:06:00Z").unwrap(), Taken::Case(case));
    assert_eq!(take(&mut all[0].vault, &arrived, "2026-03-02T10:06:00Z").unwrap(), Taken::Told);
    assert!(all[0].vault.case::<CaseFile>(case).is_ok());
    assert!(take(&mut all[1].vault, &older, "2026-03-02T10:06:00Z").is_err());
    let seconds = Opened::of(&second, &all[2].vault).again(&all[1].vault, &all[2].vault);
    assert!(take(&mut all[2].vault, &seconds, "2026-03-02T10:06:00Z").is_err());
    // And to the second once more, by whom it was never forgotten.
    let (now, to) = ("2026-03-02T10:07:00Z", key_of(&all[1]));
    all[0].vault.signs_with(Some(key(2)));
    all[0].vault.move_case(case, &to, &none(), &somebody(2).reference(), at(now)).unwrap();
    for package in leaving(&mut all[0].vault, now) {
        let _ = take(&mut all[1].vault, &package, now);
    }
    assert!(all[1].vault.case::<CaseFile>(case).is_ok());
    let living = all.iter().filter(|place| place.vault.case::<CaseFile>(case).is_ok()).count();
    assert_eq!(living, 1);
}

#[test]
fn what_the_gallery_withdraws_reaches_where_the_case_lives_and_comes_from_nobody_else() {
    let (mut all, whole, package) = on_its_way();
    let (case, gone) = (whole.id, candidate(4));
    assert_eq!(all[0].vault.moved_lists().unwrap(), [(case, whole.search().unwrap().id())]);
    // Told before the case has arrived: the news waits for it.
    assert!(all[0].vault.tell_withdrawn(case, &[gone]).unwrap());
    let news = leaving(&mut all[0].vault, ARRIVED);
    assert!(take(&mut all[1].vault, &news[0], ARRIVED).is_err());
    take(&mut all[1].vault, &package, ARRIVED).unwrap();
    assert_eq!(take(&mut all[1].vault, &news[0], ARRIVED).unwrap(), Taken::Told);
    assert_eq!(all[1].vault.withdrawn_news().unwrap(), [(case, vec![gone])]);
    assert!(all[1].vault.withdrawn_done(case, &[gone]).unwrap());
    assert_eq!(all[1].vault.list_photograph(case, gone, 0).unwrap(), None);
    assert!(all[1].vault.list_photograph(case, candidate(5), 0).unwrap().is_some());
    assert!(leaving(&mut all[0].vault, ARRIVED).is_empty(), "it is told once");
    // A third workstation has no say, whatever it writes.
    let (first, second) = all.split_at_mut(2);
    let mut opened = Opened::of(&news[0], &first[1].vault);
    opened.content()["candidates"] = json!([candidate(5)]);
    let made = opened.again(&second[0].vault, &first[1].vault);
    assert!(matches!(take(&mut first[1].vault, &made, ARRIVED), Ok(Taken::Void(_))));
    assert!(first[1].vault.withdrawn_news().unwrap().is_empty());

    // It has moved on: what comes is told on, by the way that the case went.
    leaving(&mut all[1].vault, ARRIVED);
    let to = key_of(&all[2]);
    all[1].vault.signs_with(Some(key(2)));
    // Of whom the gallery has withdrawn no photograph goes on.
    let mut file: CaseFile = all[1].vault.case(case).unwrap();
    assert!(file.withdraw(&[gone]));
    all[1].vault.put_case(case, &file, &somebody(2).reference(), at(ARRIVED), None).unwrap();
    all[1].vault.move_case(case, &to, &none(), &somebody(2).reference(), at(ARRIVED)).unwrap();
    let on = leaving(&mut all[1].vault, ARRIVED);
    take(&mut all[2].vault, &on[0], ARRIVED).unwrap();
    assert_eq!(all[2].vault.list_photograph(case, gone, 0).unwrap(), None);
    assert!(all[0].vault.tell_withdrawn(case, &[candidate(6)]).unwrap());
    let news = leaving(&mut all[0].vault, ARRIVED).pop().unwrap();
    take(&mut all[1].vault, &news, ARRIVED).unwrap();
    let on = leaving(&mut all[1].vault, ARRIVED).pop().unwrap();
    assert_eq!(take(&mut all[2].vault, &on, ARRIVED).unwrap(), Taken::Told);
    let told: Vec<CandidateId> = all[2].vault.withdrawn_news().unwrap().remove(0).1;
    assert!(told.contains(&candidate(6)));
}

#[test]
fn what_was_seen_in_a_case_that_moved_away_stays_seen_here() {
    let ([here, ..], whole, _) = on_its_way();
    let other = forged(whole.clone(), |kept| {
        kept.id = CaseId(uuid(888));
        kept.case = None;
    });
    let traces = here.vault.traces().unwrap();
    assert_eq!(traces.len(), 1);
    let told = other.elsewhere_too(other.elsewhere([]), &traces);
    assert_eq!(told.searches, 1);
    assert!(told.unveiled.iter().any(|one| one.to.is_same(&examiner(1).reference()) && one.subject_id == "subject-0"));
}

#[test]
fn nothing_is_done_to_a_case_that_moved_in_the_middle_of_an_examination() {
    // Half examined, and unveiled.
    for (state, whole) in states().into_iter().skip(1).step_by(2) {
        let mut all = places();
        let case = put_searched(&mut all[0].vault, &whole);
        // Somebody is at the bench with what they loaded before.
        let stale: CaseFile = all[0].vault.case(case).unwrap();
        let [here, there, ..] = &mut all;
        let package = moved(here, there, &whole);
        assert!(
            matches!(
                here.vault.put_case(case, &stale, &somebody(1).reference(), at(MOVED), Some(("lead-kept", json!({})))),
                Err(VaultError::Moved)
            ),
            "{state}"
        );
        take(&mut there.vault, &package, ARRIVED).unwrap();
        let back = leaving(&mut there.vault, ARRIVED).remove(0);
        take(&mut here.vault, &back, ARRIVED).unwrap();
        assert!(here.vault.put_case(case, &stale, &somebody(1).reference(), at(ARRIVED), None).is_err(), "{state}");
        assert!(here.vault.put_original(case, "probe", "x.jpg", b"y", &somebody(1).reference(), at(ARRIVED)).is_err());
    }
}
