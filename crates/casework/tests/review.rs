//! The supervisor's judgement.

#![allow(clippy::unwrap_used)]

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
    file.mark_sealed(&corroborated());
    let approved = decide(&form(Decision::Approve, true), &supervisor(9)).unwrap();
    assert!(file.reopen(approved.content()).is_err(), "not returned");
    file.reopen(review.content()).unwrap();
    assert_eq!(file.sealed, None);
    assert_eq!(file.returned[0].judged[3].remark, "The witness was shown the photograph");
}
