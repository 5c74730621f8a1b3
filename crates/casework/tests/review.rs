//! The supervisor's judgement.

use casework::samples::*;
use casework::*;

fn supervisor(n: u128) -> Person {
    Person { roles: vec![Role::Supervisor, Role::Examiner], ..examiner(n) }
}

fn form(decision: Decision, holds: bool) -> ReviewForm {
    let mut form = ReviewForm { decision: Some(decision), ..ReviewForm::default() };
    for judged in &mut form.judged {
        judged.holds = Some(true);
    }
    form.judged[3].holds = Some(holds);
    form
}

fn decide(form: &ReviewForm, reviewer: &Person) -> Result<Review, Vec<Gap>> {
    let note = corroborated();
    Review::decide(note.content(), &"ab".repeat(32), form, reviewer, at("2026-03-03T09:00:00Z"))
}

#[test]
fn nobody_reviews_the_own_work() {
    let approve = form(Decision::Approve, true);
    assert!(decide(&approve, &supervisor(9)).is_ok());
    for (who, person) in [("author and examiner", supervisor(1)), ("verifier", supervisor(2))] {
        let gaps = decide(&approve, &person).unwrap_err();
        assert!(gaps[0].missing.contains("took part"), "{who}: {gaps:?}");
    }
    let gaps = decide(&approve, &examiner(9)).unwrap_err();
    assert!(gaps[0].missing.contains("supervisor"), "{gaps:?}");
}

#[test]
fn a_note_is_reviewed_once() {
    assert_eq!(undecided(None), Ok(()));
    for decision in [form(Decision::Approve, true), form(Decision::Return, false)] {
        let made = decide(&ReviewForm { judged: said(&decision), ..decision }, &supervisor(9)).unwrap();
        let gaps = undecided(Some(made.content())).unwrap_err();
        assert!(gaps[0].missing.contains("reviewed this note already"), "{gaps:?}");
    }
}

/// The answers, with what is wrong where one does not hold.
fn said(form: &ReviewForm) -> Vec<Judged> {
    let said = |j: &Judged| Judged {
        remark: if j.holds == Some(false) { "It rests on one source".to_owned() } else { String::new() },
        ..j.clone()
    };
    form.judged.iter().map(said).collect()
}

#[test]
fn a_decision_fits_the_judgement() {
    let reviewer = supervisor(9);
    assert_eq!(decide(&ReviewForm::default(), &reviewer).unwrap_err().len(), 5 + 1);
    assert!(decide(&form(Decision::Approve, false), &reviewer).is_err(), "against the own judgement");
    assert!(decide(&form(Decision::Return, true), &reviewer).is_err(), "returned for nothing");
    let mut back = form(Decision::Return, false);
    assert!(decide(&back, &reviewer).is_err(), "without saying what is wrong");
    back.judged[3].remark = "The witness was shown the photograph".to_owned();
    assert!(decide(&back, &reviewer).is_ok());
    assert!(decide(&form(Decision::Refer, true), &reviewer).is_err(), "without a reason");
    let early = Review::decide(
        corroborated().content(),
        "",
        &form(Decision::Approve, true),
        &reviewer,
        at("2026-03-02T11:59:59Z"),
    );
    assert!(early.is_err(), "before the note");
}

#[test]
fn a_returned_note_becomes_a_draft_that_keeps_its_history() {
    let mut back = form(Decision::Return, false);
    back.judged[3].remark = "The witness was shown the photograph".to_owned();
    let review = decide(&back, &supervisor(9)).unwrap();
    let mut file = CaseFile::begin(CaseId(uuid(10)), examiner(1).reference());
    assert!(file.reopen(review.content()).is_err(), "not sealed");
    let waits = |file: &CaseFile, decision| [1, 2].map(|n| file.whom_it_waits_for(decision, &examiner(n).reference()));
    assert_eq!(waits(&file, None), [WaitsFor::You, WaitsFor::Examiner]);
    file.mark_sealed(&corroborated());
    for (decision, whom) in [
        (None, WaitsFor::Supervisor),
        (Some(Decision::Refer), WaitsFor::Auditor),
        (Some(Decision::Approve), WaitsFor::Nobody),
    ] {
        assert_eq!(waits(&file, decision), [whom, whom]);
    }
    assert_eq!(waits(&file, Some(Decision::Return)), [WaitsFor::You, WaitsFor::Examiner], "where the case is not");
    let approved = decide(&form(Decision::Approve, true), &supervisor(9)).unwrap();
    assert!(file.reopen(approved.content()).is_err(), "not returned");
    file.reopen(review.content()).unwrap();
    assert_eq!(file.sealed, None);
    assert_eq!(waits(&file, None), [WaitsFor::You, WaitsFor::Examiner]);
    assert_eq!(file.returned[0].judged[3].remark, "The witness was shown the photograph");
}

#[test]
fn what_is_referred_or_remarked_is_said_in_words_and_at_a_field() {
    let reviewer = supervisor(9);
    let refer = |reason: &str| {
        let form = ReviewForm { reason: reason.to_owned(), ..form(Decision::Refer, true) };
        decide(&form, &reviewer)
    };
    assert_eq!(refer(" The purpose is doubtful. ").unwrap().content().reason, "The purpose is doubtful.");
    assert!(refer("Doubtful.").is_err());
    assert!(refer(&"doubtful purpose ".repeat(2_000)).is_err(), "a book is no reason");
    let remark = |place: &str, text: &str| {
        let remarks = vec![Remark { place: place.to_owned(), text: text.to_owned() }];
        decide(&ReviewForm { remarks, ..form(Decision::Return, true) }, &reviewer)
    };
    let note = corroborated();
    for place in remark_places(note.content()) {
        assert!(remark(&place.place, "Say who was asked").is_ok(), "{}", place.place);
    }
    assert!(remark("nowhere", "Say who was asked").is_err());
    assert!(remark("disposition", " \u{3164}").is_err());
    let mut back = form(Decision::Return, false);
    back.judged[3].remark = "word ".repeat(5_000);
    assert!(decide(&back, &reviewer).is_err(), "a book is no remark");
}

#[test]
fn the_author_is_asked_what_was_judged_wrong_and_nothing_else() {
    for (at, judgement) in Judgement::ALL.into_iter().enumerate() {
        let mut back = form(Decision::Return, true);
        back.judged.iter_mut().for_each(|judged| judged.remark = "In passing".to_owned());
        back.judged[at].holds = Some(false);
        back.judged[at].remark = "Mend this".to_owned();
        let review = decide(&back, &supervisor(9)).unwrap();
        let asked = asked(review.content());
        assert_eq!(asked.len(), 1, "{judgement:?}");
        assert_eq!(asked[0].text, "Mend this");
        // An entry's field is found by its category.
        let places = remark_places(corroborated().content());
        assert!(places.iter().any(|p| p.place.starts_with(&asked[0].place)), "{}", asked[0].place);
    }
    let mut refer = ReviewForm { reason: "The purpose is doubtful.".to_owned(), ..form(Decision::Refer, false) };
    refer.judged[3].remark = "The witness was shown the photograph".to_owned();
    let review = decide(&refer, &supervisor(9)).unwrap();
    assert_eq!(asked(review.content()), [], "nothing is asked of the author of what went to audit");
}

#[test]
fn threats_are_reviewed_first_and_missing_people_next() {
    let order = [Purpose::ImminentThreat, Purpose::MissingPerson, Purpose::Felony].map(urgency);
    assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
    assert_eq!(urgency(Purpose::UnableToIdentifySelf), urgency(Purpose::MissingPerson));
}

#[test]
fn an_addendum_is_by_who_took_part_or_supervises_and_after_the_note() {
    let note = corroborated();
    let write = |author: &Person, text: &str, now: &str| {
        Addendum::write(note.content(), &"ab".repeat(32), 2, text, author, at(now))
    };
    let (now, text) = ("2026-03-03T09:00:00Z", " The clerk was asked again. ");
    let written = write(&examiner(1), text, now).unwrap();
    assert_eq!((written.content().number, written.content().text.as_str()), (3, text.trim()));
    assert_eq!(written.content().note, note.content().id);
    let only = Person { roles: vec![Role::Supervisor], ..examiner(9) };
    for person in [examiner(2), supervisor(9), only] {
        assert!(write(&person, text, now).is_ok(), "{}", person.name);
    }
    assert!(write(&examiner(9), text, now).is_err(), "took no part");
    assert!(write(&examiner(1), "Clerk", now).is_err());
    assert!(write(&examiner(1), &"asked again ".repeat(2_000), now).is_err(), "a book is no addendum");
    assert!(write(&examiner(1), text, "2026-03-02T11:59:59Z").is_err(), "before the note");
    assert!(write(&examiner(1), text, "2026-03-02T12:00:00Z").is_ok());
}

#[test]
fn a_review_is_of_the_note_that_it_names_and_of_its_words() {
    let (note, sha256) = (corroborated(), "ab".repeat(32));
    let made = decide(&form(Decision::Approve, true), &supervisor(9)).unwrap().content().clone();
    assert!(made.proven(note.content(), &sha256).is_ok());
    let wrong =
        |made: &ReviewContent, sha256: &str| made.proven(note.content(), sha256).unwrap_err()[0].missing.clone();
    assert_eq!(wrong(&ReviewContent { note: NoteId(uuid(77)), ..made.clone() }, &sha256), "It is of another note.");
    assert_eq!(wrong(&made, &"cd".repeat(32)), "It is of another note.");
}

#[test]
fn what_is_asked_leads_to_where_it_is_answered() {
    let mut form = form(Decision::Return, true);
    for judged in &mut form.judged {
        (judged.holds, judged.remark) = (Some(false), "Say how this is known".to_owned());
    }
    let made = decide(&form, &supervisor(9)).unwrap();
    let places: Vec<_> = asked(made.content()).into_iter().map(|remark| remark.place).collect();
    let wanted = ["note.narrative", "examination", "examination", "vehicle", "panel.speaks_for_the_person"];
    assert_eq!(places, wanted);
}
