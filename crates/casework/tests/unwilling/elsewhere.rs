//! What another case about the same probe says, and who knows of it.

use std::collections::BTreeSet;

use casework::samples::*;
use casework::*;

use super::{SEALED, searched_again, supervisor};

/// Another case about the sample's probe, by examiner 5, with what the first one says.
fn about_the_same(first: &CaseFile) -> CaseFile {
    let mut other = forged(file(), |kept| {
        kept.id = CaseId(uuid(14));
        kept.opened_by = examiner(5).reference();
    });
    let mut record = unveiled_record();
    record.work.examiner = examiner(5).reference();
    forge(&mut other).examination = Some(Examination::from(record));
    other.recall(&other.elsewhere([first]));
    other
}

fn unveiled_record() -> ExaminationRecord {
    Examination::Unveiled(unveiled()).record()
}

#[test]
fn a_disagreement_follows_the_lead_into_another_case() {
    let outcome = |file: &CaseFile| {
        let note = file.seal(NoteId(uuid(40)), &examiner(5), &StandingClock(at(SEALED)), &policy()).unwrap();
        note.content().outcome
    };
    let lead = |conclusion| Outcome::Lead { candidate: candidate(0), conclusion };
    let mut first = file();
    assert_eq!(outcome(&about_the_same(&first)), lead(Conclusion::LimitedSupport));
    first.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    first.begin_verification(&examiner(2), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    let (two, now) = (examiner(2).id, at("2026-03-02T10:20:00Z"));
    first.at_bench(two, |b, _| b.edit_analysis(analysis())).unwrap();
    first.at_bench(two, |b, _| b.record_analysis(at("2026-03-02T10:05:00Z"))).unwrap();
    first.at_bench(two, |b, s| b.look_at(s, candidate(0), now)).unwrap();
    first.at_bench(two, |b, s| b.conclude_on(s, candidate(0), Some(Conclusion::Exclusion), "", now)).unwrap();
    assert_eq!(outcome(&about_the_same(&first)), lead(Conclusion::LimitedSupport), "nothing is handed in or given up");
    first.withdraw_verification(examiner(1).id, at("2026-03-02T10:30:00Z")).unwrap();
    assert_eq!(outcome(&about_the_same(&first)), lead(Conclusion::Inconclusive), "given up there, left here");
}

#[test]
fn a_disagreement_that_was_resolved_in_another_case_is_resolved_here() {
    let mut first = file();
    let left = verified(2, Conclusion::Exclusion, Conclusion::Exclusion).unwrap();
    forge(&mut first).examination = Some(Examination::Verified(left));
    let disagreed = |file: &CaseFile| file.history.elsewhere.iter().filter(|one| one.disagreed).count();
    let mut here = about_the_same(&first);
    assert_eq!(disagreed(&here), 1);
    let conference = Conference {
        held_by: [examiner(1).reference(), examiner(2).reference()],
        account: "Looked again at the left ear at full size".to_owned(),
        agreed: Conclusion::LimitedSupport,
        at: at("2026-03-02T11:20:00Z"),
        confirmed_at: None,
    };
    first.confer(examiner(1).id, conference).unwrap();
    here.recall(&here.elsewhere([&first]));
    assert_eq!(disagreed(&here), 0, "whether it was told before or after");
    assert_eq!(disagreed(&about_the_same(&first)), 0);
}

#[test]
fn who_read_of_a_case_knows_the_lead_in_another_one_about_the_same_probe() {
    let both = Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(7) };
    let mut first = file();
    assert!(first.saw(&both, at("2026-03-02T09:50:00Z")));
    // They do not verify there,
    let mut asked = about_the_same(&first);
    let facts = asked.facts(at(SEALED), &policy());
    let told = facts.iter().find(|fact| fact.about == "Seen in other cases").unwrap();
    assert!(told.text.starts_with("20 listed people"), "{}", told.text);
    asked.ask_verification(&examiner(5).reference(), at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    assert!(!asked.sight(&both).waits);
    let refused = asked.begin_verification(&both, 1, at("2026-03-02T10:10:00Z"), &policy()).unwrap_err();
    assert!(refused[0].missing.contains("seen of this case"), "{refused:?}");
    // and keep nobody of the list themselves.
    let mut record = examination();
    record.none_of_these(false);
    let mut own = forged(file(), |kept| {
        kept.id = CaseId(uuid(15));
        kept.opened_by = both.reference();
    });
    let mut work = Examination::Blind(record).record();
    work.work.examiner = both.reference();
    forge(&mut own).examination = Some(Examination::from(work));
    let elsewhere = own.elsewhere([&first]);
    let refused = own.conclude(both.id, at("2026-03-02T10:20:00Z"), &policy(), &elsewhere).unwrap_err();
    assert!(refused[0].missing.contains("shown to you"), "{refused:?}");
}

#[test]
fn nobody_confirms_a_further_search_of_what_they_work_on() {
    let both = |n| Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(n) };
    let now = at("2026-03-02T10:10:00Z");
    let mut file = file();
    file.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    file.begin_verification(&both(7), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    let often = Elsewhere { searches: 2, ..Elsewhere::default() };
    for person in [both(1), both(7)] {
        let refused = file.confirm_search(&person, &often, now).unwrap_err();
        assert!(refused[0].missing.contains("You work on this case"), "{refused:?}");
    }
    // Examined by somebody else than who began it.
    let mut record = unveiled_record();
    record.work.examiner = examiner(6).reference();
    forge(&mut file).verifying = None;
    forge(&mut file).examination = Some(Examination::from(record));
    assert!(file.confirm_search(&both(6), &often, now).is_err());
    file.confirm_search(&supervisor(9), &often, now).unwrap();
}

/// Subjects on whom somebody disagreed, as another case hears of it.
fn disagreed(first: &CaseFile) -> BTreeSet<String> {
    let told = about_the_same(first).history.elsewhere.clone();
    told.into_iter().filter(|one| one.disagreed).map(|one| one.subject_id).collect()
}

#[test]
fn a_verification_that_was_set_aside_follows_its_lead_and_nobody_else() {
    let aside = |verified: Option<Verified>| {
        let mut first = file();
        if let Some(verified) = verified {
            forge(&mut first).examination = Some(Examination::Verified(verified));
        }
        searched_again(&mut first);
        disagreed(&first)
    };
    let left = verified(2, Conclusion::Exclusion, Conclusion::Exclusion).unwrap();
    assert_eq!(aside(Some(left)), BTreeSet::from(["subject-0".to_owned()]));
    assert_eq!(aside(Some(verified(2, Conclusion::LimitedSupport, Conclusion::Exclusion).unwrap())), BTreeSet::new());
    assert_eq!(aside(None), BTreeSet::new(), "nobody was asked");
}

#[test]
fn a_verification_that_was_given_up_speaks_of_those_whom_it_compared() {
    let mut first = file();
    first.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    first.begin_verification(&examiner(2), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    let (two, now) = (examiner(2).id, at("2026-03-02T10:20:00Z"));
    first.at_bench(two, |b, _| b.edit_analysis(analysis())).unwrap();
    first.at_bench(two, |b, _| b.record_analysis(at("2026-03-02T10:05:00Z"))).unwrap();
    let mut among = Vec::new();
    first
        .at_bench(two, |b, _| {
            among.clone_from(&b.work().among);
            Ok(())
        })
        .unwrap();
    let other = *among.iter().find(|id| **id != candidate(0)).unwrap();
    first.at_bench(two, |b, s| b.look_at(s, other, now)).unwrap();
    first.at_bench(two, |b, s| b.compare(s, other, comparison(9))).unwrap();
    first.at_bench(two, |b, s| b.conclude_on(s, other, Some(Conclusion::LimitedSupport), "", now)).unwrap();
    first.withdraw_verification(examiner(1).id, at("2026-03-02T10:30:00Z")).unwrap();
    let compared: BTreeSet<_> =
        (0..20).filter(|rank| among.contains(&candidate(*rank))).map(|rank| format!("subject-{rank}")).collect();
    let told = disagreed(&first);
    assert!(told.contains("subject-0"), "the lead was not singled out");
    assert!(told.is_subset(&compared), "{told:?} of {compared:?}");
}
