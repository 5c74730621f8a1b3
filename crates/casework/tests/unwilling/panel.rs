//! What the panel says against the lead: kept where other words take its place, and nothing is kept that nobody took away.

use casework::samples::*;
use casework::*;

fn with(answer: ContradictionAnswer, rests_on: &str) -> CaseFile {
    let mut file = file();
    file.edit_checklist(|list| {
        list.panel.answers[2].answer = Some(answer);
        list.panel.answers[2].rests_on = rests_on.to_owned();
        list.panel.speaks_for_the_person = "Was at work".to_owned();
    })
    .unwrap();
    file
}

fn earlier(file: &CaseFile) -> (&[String], &[String]) {
    (&file.checklist.panel.answers[2].earlier, &file.checklist.panel.earlier)
}

#[test]
fn words_that_are_added_to_are_no_earlier_words() {
    let mut file = with(ContradictionAnswer::Contradicts, "Born 1950");
    assert_eq!(file.checklist.panel.earlier, ["Nothing known"]);
    file.edit_checklist(|list| {
        list.panel.answers[2].rests_on.push_str(", says the register");
        list.panel.speaks_for_the_person.push_str(" that evening");
    })
    .unwrap();
    assert_eq!(earlier(&file), (&[][..], &["Nothing known".to_owned()][..]));
    file.edit_checklist(|list| {
        list.panel.answers[2].rests_on = "Born 1951".to_owned();
        list.panel.speaks_for_the_person = "At home".to_owned();
    })
    .unwrap();
    let (answer, last) = earlier(&file);
    assert_eq!(answer, ["Born 1950, says the register"]);
    assert_eq!(last, ["Nothing known", "Was at work that evening"]);
}

#[test]
fn only_a_contradiction_that_rests_on_something_is_held() {
    // Nothing was said yet: it is taken back.
    let mut file = with(ContradictionAnswer::Contradicts, " ");
    file.edit_checklist(|list| list.panel.answers[2].answer = Some(ContradictionAnswer::Consistent)).unwrap();
    // What is consistent is corrected, and leaves nothing behind.
    let mut file = with(ContradictionAnswer::Consistent, "Height of the door frame");
    file.edit_checklist(|list| list.panel.answers[2].rests_on = "Measured at the till".to_owned()).unwrap();
    assert_eq!(file.checklist.panel.answers[2].earlier, [""; 0]);
    file.edit_checklist(|list| list.panel.answers[2].answer = Some(ContradictionAnswer::NotKnown)).unwrap();
    let mut file = with(ContradictionAnswer::Contradicts, "Born 1950");
    for answer in [None, Some(ContradictionAnswer::NotKnown), Some(ContradictionAnswer::Consistent)] {
        assert!(file.edit_checklist(|list| list.panel.answers[2].answer = answer).is_err(), "{answer:?}");
    }
    assert!(file.edit_checklist(|list| drop(list.panel.answers.remove(2))).is_err());
    assert!(file.edit_checklist(|list| list.panel.answers[2].rests_on.clear()).is_err());
    let empty = |list: &mut Checklist| list.panel.answers.iter_mut().for_each(|answer| answer.answer = None);
    let gaps = file.checklist.clone();
    let mut list = gaps;
    empty(&mut list);
    let places: Vec<String> =
        list.complete(&policy(), &around("2026-03-02T12:00:00Z")).unwrap_err().into_iter().map(|g| g.place).collect();
    let items = ["height", "weight", "age", "marks", "physical-condition", "custody", "known-location"]
        .map(|i| format!("panel.{i}"));
    assert_eq!(places, items, "each leads to its own field");
}
