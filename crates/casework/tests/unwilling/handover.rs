//! A case that is handed over to get around something: blindness, who answers, who may verify or review.

use super::*;

const HANDED: &str = "2026-03-02T09:55:00Z";

fn hand(file: &mut CaseFile, by: &Person, to: &Person, reason: &str) -> Result<(), Vec<Gap>> {
    file.hand_over(by, to, reason, 5, at(HANDED), &policy())
}

fn handed() -> CaseFile {
    let mut file = file();
    hand(&mut file, &examiner(1), &examiner(2), "Transferred to Narcotics").unwrap();
    file
}

#[test]
fn whoever_has_the_case_goes_on_and_whoever_had_it_is_told_nothing_more() {
    let file = handed();
    assert!(file.may_open(&examiner(2)).is_ok() && file.sight(&examiner(2)).records);
    let before = file.sight(&examiner(1));
    assert!(!before.case && !before.records && before.seat.is_none() && !before.waits, "{before:?}");
    assert_eq!(file.candidates(&examiner(2)).len(), 20, "the list, as it was concluded");
    let note = file.seal(NoteId(uuid(40)), &examiner(2), &StandingClock(at(SEALED)), &policy()).unwrap();
    assert_eq!(note.content().author.id, examiner(2).id);
    assert_eq!(note.content().examination.work.examiner.id, examiner(1).id, "what was concluded stays with its name");
    note.content().proven().unwrap();
    let told = note.content().facts.iter().any(|fact| fact.text.contains("Transferred to Narcotics"));
    assert!(told, "the note tells that it was handed over");
    // The one who had it seals nothing any more.
    assert!(file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).is_err());
}

#[test]
fn a_case_goes_only_from_whoever_has_it_or_a_supervisor_to_somebody_who_may_examine() {
    let refused = |by: &Person, to: &Person, reason: &str, place: &str| {
        let gaps = hand(&mut file(), by, to, reason).unwrap_err();
        assert!(gaps.iter().any(|gap| gap.place == place), "{gaps:?}");
    };
    refused(&examiner(3), &examiner(2), "I want it closed", "handover");
    refused(&examiner(3), &examiner(3), "I take it myself", "handover");
    refused(&supervisor(9), &examiner(1), "Back to whoever has it", "handover.to");
    refused(&examiner(1), &supervisor(9), "To the boss", "person.roles");
    refused(&examiner(1), &Person { training: None, ..examiner(2) }, "Transferred to Narcotics", "person.training");
    for reason in ["", "   ", "\u{200b}\u{200b} \u{200b}", "x"] {
        refused(&examiner(1), &examiner(2), reason, "handover.reason");
    }
    // A supervisor gives it to somebody, and never to themselves under another account with the same badge.
    hand(&mut file(), &supervisor(9), &examiner(2), "R. Alvarez is ill").unwrap();
    let both = Person { id: PersonId(uuid(77)), ..Person { roles: vec![Role::Examiner], ..examiner(9) } };
    refused(&supervisor(9), &both, "R. Alvarez is ill", "handover.to");
    // Whoever confirmed, reviewed or verified something of it stays apart from it.
    let mut verified_one = file();
    forge(&mut verified_one).examination =
        Some(Examination::Verified(verified(2, Conclusion::Support, Conclusion::Exclusion).unwrap()));
    assert!(hand(&mut verified_one, &examiner(1), &examiner(2), "Transferred to Narcotics").is_err());
    hand(&mut verified_one, &examiner(1), &examiner(3), "Transferred to Narcotics").unwrap();
    // Not while somebody compares, and not once the note is sealed.
    let mut asked = file();
    asked.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    assert_eq!(hand(&mut asked, &examiner(1), &examiner(2), "Transferred").unwrap_err()[0].place, "verification");
    let mut sealed_one = file();
    let note = sealed_one.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    sealed_one.mark_sealed(&note);
    assert!(hand(&mut sealed_one, &examiner(1), &examiner(2), "Transferred to Narcotics").is_err());
}

#[test]
fn a_list_that_was_not_concluded_is_compared_afresh_by_the_next_one() {
    let mut file = file();
    forge(&mut file).examination = Some(Examination::Blind(examination()));
    hand(&mut file, &examiner(1), &examiner(2), "Off sick today").unwrap();
    let Some(Examination::Blind(bench)) = &file.examination else { panic!("blind") };
    assert_eq!(bench.work().examiner.id, examiner(2).id);
    assert!(bench.work().conclusions.is_empty() && bench.work().looked_at.is_empty(), "nothing of the other's shows");
    assert_eq!(file.history.set_aside.len(), 1, "and what the other did is kept");
    assert!(!serde_json::to_string(&file.candidates(&examiner(2))).unwrap().contains("limited-support"));
    // The one who had it cannot work on, under any order of calls.
    assert!(file.at_bench(examiner(1).id, |b, _| b.record_analysis(at(HANDED))).is_err());
    assert!(file.conclude(examiner(1).id, at(HANDED), &policy(), &Elsewhere::default()).is_err());
    assert!(file.unveil(examiner(1).id, at(HANDED)).is_err());
    assert!(file.unveil(examiner(2).id, at(HANDED)).is_err(), "nothing is unveiled before it is concluded");
}

#[test]
fn whoever_was_shown_a_list_by_having_its_case_cannot_make_a_lead_of_it_again() {
    let mut file = handed();
    searched_by(&mut file, &examiner(2), |_, subject| subject);
    keeps_by(&mut file, &examiner(2), 0);
    let gaps = file.conclude(examiner(2).id, at("2026-03-02T10:30:00Z"), &policy(), &Elsewhere::default()).unwrap_err();
    assert!(gaps[0].place.starts_with("examination."), "{gaps:?}");
    // The same in another case of the same probe.
    let mut other = super::file();
    forge(&mut other).id = CaseId(uuid(888));
    let told = other.elsewhere([&handed()]);
    assert!(told.unveiled.iter().any(|one| one.to.is_same(&examiner(2).reference())));
    // Who handed it on before anything was unveiled was shown nothing.
    let mut passed_on = super::file();
    forge(&mut passed_on).examination = Some(Examination::Blind(examination()));
    hand(&mut passed_on, &examiner(1), &examiner(2), "Off sick today").unwrap();
    passed_on
        .hand_over(&examiner(2), &examiner(3), "Transferred to Narcotics", 7, at("2026-03-02T09:56:00Z"), &policy())
        .unwrap();
    let later = examination().conclude(&search(20), at("2026-03-02T10:30:00Z"), &policy()).unwrap();
    let later = later.unveil(at("2026-03-02T10:40:00Z"));
    forge(&mut passed_on).examination = Some(Examination::Unveiled(later));
    let told = other.elsewhere([&passed_on]);
    assert!(told.unveiled.iter().all(|one| !one.to.is_same(&examiner(2).reference())), "{told:?}");
}

#[test]
fn whoever_had_the_case_neither_verifies_nor_reviews_it() {
    let file = handed();
    assert!(file.may_verify(&examiner(1), at(HANDED), &policy()).is_err());
    assert!(file.may_verify(&examiner(2), at(HANDED), &policy()).is_err());
    assert!(file.may_verify(&examiner(3), at(HANDED), &policy()).is_ok());
    let note = file.seal(NoteId(uuid(40)), &examiner(2), &StandingClock(at(SEALED)), &policy()).unwrap();
    let both = Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(1) };
    assert!(may_review(note.content(), &both).is_err());
}

#[test]
fn a_record_of_handings_over_that_was_put_together_by_hand_is_refused() {
    let read = |change: &dyn Fn(&mut Kept)| {
        let kept = serde_json::to_string(&forged(handed(), change)).unwrap();
        serde_json::from_str::<CaseFile>(&kept).map_err(|e| e.to_string())
    };
    assert!(read(&|_| ()).is_ok());
    let changes: [&dyn Fn(&mut Handover); 4] = [
        &|one| one.from = examiner(3).reference(),
        &|one| one.to = one.from.clone(),
        &|one| one.reason = "\u{200b}".to_owned(),
        &|one| one.by = one.to.clone(),
    ];
    for change in changes {
        let wrong = read(&|kept| change(&mut kept.history.handed_over[0])).unwrap_err();
        assert!(wrong.contains("handings over"), "{wrong}");
    }
    let twice = |kept: &mut Kept| kept.history.handed_over.push(kept.history.handed_over[0].clone());
    assert!(read(&twice).unwrap_err().contains("handings over"));
    // A note whose author does not have the case, or whose handing over was left out, proves nothing.
    let note = handed().seal(NoteId(uuid(40)), &examiner(2), &StandingClock(at(SEALED)), &policy()).unwrap();
    let forged = |change: &dyn Fn(&mut NoteContent)| {
        let mut note = note.content().clone();
        change(&mut note);
        note.proven().unwrap_err()
    };
    forged(&|note| note.author = examiner(1).reference());
    forged(&|note| note.author = examiner(3).reference());
    forged(&|note| note.history.handed_over.clear());
    forged(&|note| note.history.handed_over[0].at = at("2026-03-02T12:00:01Z"));
    forged(&|note| note.history.handed_over[0].reason = "Something else".to_owned());
}

#[test]
fn a_case_moves_until_a_note_of_it_was_sealed_and_while_nobody_is_asked() {
    let place = |file: &CaseFile| file.may_move().err().map(|gaps| gaps[0].place.clone());
    let mut states = vec![CaseFile::begin(CaseId(uuid(1)), examiner(1).reference()), file(), handed()];
    for examination in [
        Examination::Blind(examination()),
        Examination::Concluded(examination().conclude(&search(20), at("2026-03-02T09:40:00Z"), &policy()).unwrap()),
        Examination::Verified(verified(2, Conclusion::Support, Conclusion::Exclusion).unwrap()),
        // Whom they disagree with is here: they confer wherever the case lives.
        Examination::Verified(verified(2, Conclusion::Exclusion, Conclusion::Exclusion).unwrap()),
    ] {
        states.push(forged(file(), |kept| kept.examination = Some(examination)));
    }
    for state in &states {
        assert_eq!(place(state), None);
    }
    let mut asked = file();
    asked.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    assert_eq!(place(&asked).as_deref(), Some("verification"));
    let mut sealed_one = file();
    let note = sealed_one.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    sealed_one.mark_sealed(&note);
    assert_eq!(place(&sealed_one).as_deref(), Some("note"));
}

#[test]
fn who_has_a_case_moved_had_it_or_handed_it_over() {
    let now = at("2026-03-02T10:30:00Z");
    let file = handed();
    let by = |file: &CaseFile, n, at| file.moves_in_absence(&examiner(n).reference(), at);
    assert_eq!((by(&file, 1, now), by(&file, 2, now), by(&file, 3, now)), (Some(false), Some(false), None));
    // Before it was handed over it was for whoever had it then.
    let before = at("2026-03-02T09:54:59Z");
    assert_eq!((by(&file, 1, before), by(&file, 2, before)), (Some(false), None));
    let mut ill = super::file();
    hand(&mut ill, &supervisor(9), &examiner(2), "R. Alvarez is ill").unwrap();
    assert_eq!((by(&ill, 9, now), by(&ill, 8, now)), (Some(true), None));
}

#[test]
fn a_case_that_was_moved_away_is_not_forgotten_where_it_was_searched() {
    let mut other = file();
    forge(&mut other).id = CaseId(uuid(888));
    // What the others would say of it here, its trace says once it is gone; of itself it says nothing.
    for gone in [file(), handed(), forged(file(), |kept| kept.case = None)] {
        let trace: Trace = serde_json::from_str(&serde_json::to_string(&gone.trace()).unwrap()).unwrap();
        assert_eq!(other.elsewhere_too(Elsewhere::default(), [&trace]), other.elsewhere([&gone]));
        assert_eq!(gone.elsewhere_too(Elsewhere::default(), [&trace]), Elsewhere::default());
    }
    // A third search of the probe still needs a supervisor's word, and whoever was shown a subject makes no lead of them.
    let traces = [file().trace(), handed().trace()];
    let told = other.elsewhere_too(Elsewhere::default(), &traces);
    forge(&mut other).searches.clear();
    forge(&mut other).examination = None;
    let gaps = other.permit(&examiner(1), SearchFilters::default(), at(HANDED), &policy(), &told).unwrap_err();
    assert_eq!(gaps[0].place, "search.supervisor");
}

#[test]
fn a_case_is_taken_back_by_a_supervisor_for_a_reason_of_their_own_and_the_note_says_so() {
    let supervisor = Person { roles: vec![Role::Supervisor], ..examiner(7) };
    let back = |by: &Person, to: u128, reason: &str| {
        let mut file = file();
        file.take_back(by, &examiner(to), reason, 5, at("2026-03-02T12:00:00Z"), &policy()).map(|()| file)
    };
    for (by, to, reason) in [
        (examiner(1), 4, "The machine was stolen"),
        (supervisor.clone(), 1, "The machine was stolen"),
        (supervisor.clone(), 7, "The machine was stolen"),
        // Who had it takes back nothing of their own.
        (Person { roles: vec![Role::Supervisor], ..examiner(1) }, 4, "The machine was stolen"),
        // The program's own words are no reason.
        (supervisor.clone(), 4, " \u{3000} "),
        (supervisor.clone(), 4, "stolen"),
    ] {
        assert!(back(&by, to, reason).is_err(), "{} {to} {reason}", by.name);
    }
    let long = "word ".repeat(5_000);
    assert!(back(&supervisor, 4, long.trim()).is_err());
    let file = back(&supervisor, 4, "The machine was stolen").unwrap();
    let last = file.history.handed_over.last().unwrap();
    assert!(last.in_absence() && last.reason.starts_with("Taken back") && last.reason.ends_with("was stolen"));
    // What is kept of it is read again.
    let again: CaseFile = serde_json::from_value(serde_json::to_value(&file).unwrap()).unwrap();
    assert_eq!(again, file);
}
