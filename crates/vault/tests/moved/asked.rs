//! A case in which somebody at another workstation was asked: it stays until they have answered, and then moves with what they said.

use std::collections::BTreeMap;

use super::searched::{photographs, put_searched, searched};
use super::*;
use casework::samples::{candidate, compare_requested, picture, sending, unveiled, uuid};
use casework::{Conclusion, Examination, RequestId};

const ASKED: &str = "2026-03-02T09:50:00Z";
const TAKEN_BACK: &str = "2026-03-02T10:58:00Z";
const ANSWERED: &str = "2026-03-02T11:00:00Z";
const LATER: &str = "2026-03-02T11:10:00Z";

/// Examiner 2 is asked at the second workstation, where the question has arrived.
fn asked() -> ([Place; 4], CaseFile) {
    let mut all = places();
    let me = examiner(1).reference();
    let mut whole = searched(Examination::Unveiled(unveiled()));
    let card = all[1].vault.card("Homicide");
    let [here, there, ..] = &mut all;
    put_searched(&mut here.vault, &whole);
    let to = somebody(2);
    whole.ask_elsewhere(&me, &to, (&card.signs, &card.name), sending(500), at(ASKED), &policy()).unwrap();
    here.vault.put_case(whole.id, &whole, &me, at(ASKED), None).unwrap();
    let pictures: BTreeMap<_, _> =
        [1, 10, 11, 12, 13, 20].map(picture).into_iter().map(|(bytes, sha256)| (sha256, bytes)).collect();
    here.vault.ask_elsewhere(&whole, &pictures, at(ASKED)).unwrap();
    take(&mut there.vault, &leaving(&mut here.vault, ASKED)[0], ASKED).unwrap();
    (all, whole)
}

/// Has the case moved to the third workstation.
fn on(all: &mut [Place; 4], case: CaseId) -> Result<(), VaultError> {
    let to = key_of(&all[2]);
    let whole: CaseFile = all[0].vault.case(case)?;
    all[0].vault.move_case(case, &to, &photographs(&whole), &somebody(1).reference(), at(LATER))
}

fn stays(all: &mut [Place; 4], case: CaseId, why: &str) {
    let refused = on(all, case).unwrap_err().to_string();
    assert!(refused.contains(why), "{refused}");
}

/// What lies at the second workstation comes back to the first.
fn answered(all: &mut [Place; 4]) -> Vec<Taken> {
    let back = leaving(&mut all[1].vault, ANSWERED);
    back.iter().map(|package| take(&mut all[0].vault, package, LATER).unwrap()).collect()
}

fn taken_back(all: &mut [Place; 4], case: CaseId) {
    let me = examiner(1).reference();
    let mut file: CaseFile = all[0].vault.case(case).unwrap();
    file.withdraw_verification(me.id, at(TAKEN_BACK)).unwrap();
    all[0].vault.put_case(case, &file, &me, at(TAKEN_BACK), None).unwrap();
}

/// Examiner 2 compares, and hands in where they are to.
fn compares(all: &mut [Place; 4], whole: &CaseFile, on_lead: Conclusion, hands_in: bool) {
    let there = &mut all[1].vault;
    let mut requested = there.requested(RequestId(uuid(500)), &somebody(2)).unwrap().unwrap();
    let lead = whole.asked_elsewhere().unwrap().asked.token(candidate(0));
    compare_requested(&mut requested, 2, |t| if Some(t) == lead { on_lead } else { Conclusion::Exclusion });
    if hands_in {
        requested.hand_in(&somebody(2), at(ANSWERED), &policy()).unwrap();
    }
    there.signs_with(Some(key(2)));
    there.put_requested(&requested, &somebody(2).reference(), at(ANSWERED), None).unwrap();
}

#[test]
fn a_question_that_was_taken_back_is_answered_before_the_case_moves() {
    // Nobody had begun.
    let (mut all, whole) = asked();
    stays(&mut all, whole.id, "second examiner is asked");
    taken_back(&mut all, whole.id);
    stays(&mut all, whole.id, "may still come here");
    let withdrawal = leaving(&mut all[0].vault, TAKEN_BACK);
    take(&mut all[1].vault, &withdrawal[0], TAKEN_BACK).unwrap();
    assert!(matches!(answered(&mut all)[..], [Taken::Void(_)]));
    on(&mut all, whole.id).unwrap();

    // Somebody had, and does not support the lead: that goes with it, and is not lost on the way.
    let (mut all, whole) = asked();
    compares(&mut all, &whole, Conclusion::Exclusion, false);
    taken_back(&mut all, whole.id);
    stays(&mut all, whole.id, "may still come here");
    let withdrawal = leaving(&mut all[0].vault, TAKEN_BACK);
    take(&mut all[1].vault, &withdrawal[0], TAKEN_BACK).unwrap();
    answered(&mut all);
    on(&mut all, whole.id).unwrap();
    let package = leaving(&mut all[0].vault, LATER).remove(0);
    take(&mut all[2].vault, &package, LATER).unwrap();
    let came: CaseFile = all[2].vault.case(whole.id).unwrap();
    assert_eq!(came.history.given_up.len(), 1);
    let arrived = leaving(&mut all[2].vault, LATER).remove(0);
    take(&mut all[0].vault, &arrived, LATER).unwrap();
    let by_hand = beside(&all[0].vault).unwrap();
    for table in ["verification_asked", "verification_reply", "case_part"] {
        let left: i64 = by_hand.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[test]
fn what_was_verified_elsewhere_moves_once_both_agree_and_a_disagreement_is_conferred_about_first() {
    let (mut all, whole) = asked();
    compares(&mut all, &whole, Conclusion::Exclusion, true);
    assert_eq!(answered(&mut all), [Taken::Told]);
    stays(&mut all, whole.id, "conference");

    let (mut all, whole) = asked();
    compares(&mut all, &whole, Conclusion::Support, true);
    assert_eq!(answered(&mut all), [Taken::Told]);
    on(&mut all, whole.id).unwrap();
    let package = leaving(&mut all[0].vault, LATER).remove(0);
    assert_eq!(take(&mut all[2].vault, &package, LATER).unwrap(), Taken::Case(whole.id));
    let came: CaseFile = all[2].vault.case(whole.id).unwrap();
    assert!(matches!(came.examination, Some(Examination::Verified(_))));
}
