//! A workstation is taken out of the department while a case is on its way to it, or from it.

use super::by_hand::Opened;
use super::searched::{moved, photographs, put_searched, searched, states};
use super::*;
use casework::samples::unveiled;
use casework::{Examination, Gap};
use serde_json::json;

const OUT: &str = "2026-03-02T10:05:00Z";
const BACK: &str = "2026-03-02T10:10:00Z";
const ON: &str = "2026-03-02T10:15:00Z";

/// Person 7, who supervises, gives the case to `to`, as the program does it.
fn take_back(place: &mut Place, case: CaseId, to: u128, reason: &str) -> Result<(), VaultError> {
    place.vault.signs_with(Some(key(7)));
    let supervisor = somebody(7);
    place.vault.act(|v| {
        v.take_back(case, &supervisor.reference(), at(BACK), |v| {
            let mut file: CaseFile = v.case(case)?;
            let held = file.history.handed_over.len();
            let refused = |gaps: Vec<Gap>| VaultError::NotProven { what: "case", why: gaps[0].missing.clone() };
            file.take_back(&supervisor, &somebody(to), reason, 5, at(BACK), &policy()).map_err(refused)?;
            v.put_case(case, &file, &supervisor.reference(), at(BACK), None)?;
            v.state_handovers(held, &file)
        })
    })
}

fn events(place: &Place, action: &str) -> usize {
    place.vault.audit().unwrap().iter().filter(|event| event.action == action).count()
}

/// Takes in at `place` whatever of `packages` is for it. How many were.
fn take_all(place: &mut Place, packages: &[Vec<u8>], when: &str) -> usize {
    packages.iter().filter(|package| take(&mut place.vault, package, when).is_ok()).count()
}

#[test]
fn a_case_on_its_way_to_a_workstation_that_was_taken_out_is_taken_back_for_a_colleague() {
    for (state, whole) in states() {
        let mut all = places();
        let case = put_searched(&mut all[0].vault, &whole);
        let there = key_of(&all[1]);
        let me = somebody(1).reference();
        all[0].vault.move_case(case, &there, &photographs(&whole), &me, at(MOVED)).unwrap();
        leaving(&mut all[0].vault, MOVED);

        // While its workstation is of the department nobody takes it back.
        assert!(all[0].vault.stranded().unwrap().is_empty());
        let refused = take_back(&mut all[0], case, 2, "The machine was stolen").unwrap_err();
        assert!(matches!(refused, VaultError::Moved), "{refused}");

        take_out(&mut all[..3], &there, OUT);
        assert!(all[0].vault.moved().unwrap()[0].stranded);
        assert_eq!(all[0].vault.name_of_workstation(&there).unwrap().as_deref(), Some("Homicide"), "as it was called");
        assert!(all[0].vault.fill_outbox(None, at(OUT)).unwrap().left.is_empty(), "nothing complains each round");
        // Not without a reason of somebody's own, and not to whoever had it.
        for (to, reason) in [(2, "  "), (2, "why"), (1, "The machine was stolen")] {
            assert!(take_back(&mut all[0], case, to, reason).is_err(), "{state} {to} {reason}");
            assert!(all[0].vault.moved().unwrap()[0].stranded, "nothing changed");
        }
        take_back(&mut all[0], case, 2, "The machine was stolen").unwrap();
        let back: CaseFile = all[0].vault.case(case).unwrap();
        assert!(back.holder().is_same(&somebody(2).reference()));
        let last = back.history.handed_over.last().unwrap();
        assert!(last.reason.contains("taken out") && last.reason.ends_with("The machine was stolen"), "{state}");
        assert_eq!((all[0].vault.moved().unwrap().len(), events(&all[0], "case-taken-back")), (0, 1));

        // It stays here, and becomes nobody's who had it: what they did with it elsewhere is not known.
        all[0].vault.signs_with(Some(key(2)));
        let (sent, third) = (photographs(&back), key_of(&all[2]));
        let refused = all[0].vault.move_case(case, &third, &sent, &somebody(2).reference(), at(ON)).unwrap_err();
        assert!(refused.to_string().contains("taken back"), "{state} {refused}");
        let since = all[0].vault.taken_back_at(case).unwrap().unwrap();
        assert!(back.had_nothing_before(since, &somebody(1).reference()).is_err());
        assert!(back.had_nothing_before(since, &somebody(3).reference()).is_ok());
    }
}

#[test]
fn nobody_but_a_supervisor_takes_a_case_back() {
    let mut all = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let case = put_searched(&mut all[0].vault, &whole);
    let there = key_of(&all[1]);
    all[0].vault.move_case(case, &there, &photographs(&whole), &somebody(1).reference(), at(MOVED)).unwrap();
    take_out(&mut all[..3], &there, OUT);

    let mut file = all[0].vault.stranded().unwrap().remove(0);
    for by in [1, 2] {
        assert!(file.take_back(&somebody(by), &somebody(3), "The machine was stolen", 5, at(BACK), &policy()).is_err());
    }
    // Without the handing over nothing comes back, and without the supervisor's key neither.
    let by = somebody(7).reference();
    all[0].vault.signs_with(Some(key(7)));
    let kept = all[0].vault.act(|v| v.take_back(case, &by, at(BACK), |_| Ok::<_, VaultError>(())));
    assert!(kept.is_err() && all[0].vault.case::<CaseFile>(case).is_err());
    all[0].vault.signs_with(Some(key(1)));
    let handed = all[0].vault.act(|v| {
        v.take_back(case, &by, at(BACK), |v| {
            let mut file: CaseFile = v.case(case)?;
            file.take_back(&somebody(7), &somebody(2), "The machine was stolen", 5, at(BACK), &policy()).unwrap();
            v.put_case(case, &file, &by, at(BACK), None)
        })
    });
    assert!(handed.is_err() && all[0].vault.case::<CaseFile>(case).is_err());
}

#[test]
fn an_earlier_handing_over_and_a_clock_that_is_behind_take_nothing_back() {
    let mut all = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let case = put_searched(&mut all[0].vault, &whole);
    let there = key_of(&all[1]);
    // A supervisor had given it to examiner 2, and had it moved.
    let supervisor = somebody(7);
    let mut handed = whole.clone();
    handed.hand_over(&supervisor, &somebody(2), "Transferred to Homicide", 5, at(HANDED), &policy()).unwrap();
    all[0].vault.signs_with(Some(key(7)));
    all[0].vault.put_case(case, &handed, &supervisor.reference(), at(HANDED), None).unwrap();
    all[0].vault.state_handovers(0, &handed).unwrap();
    all[0].vault.move_case(case, &there, &photographs(&whole), &supervisor.reference(), at(MOVED)).unwrap();
    take_out(&mut all[..3], &there, OUT);
    let v = &mut all[0].vault;
    let by = supervisor.reference();
    assert!(v.act(|v| v.take_back(case, &by, at(BACK), |_| Ok::<_, VaultError>(()))).is_err());
    let early = v.act(|v| {
        v.take_back(case, &by, at(ARRIVED), |v| {
            let mut file: CaseFile = v.case(case)?;
            file.take_back(&supervisor, &somebody(3), "The machine was stolen", 5, at(ARRIVED), &policy()).unwrap();
            v.put_case(case, &file, &by, at(ARRIVED), None)?;
            v.state_handovers(1, &file)
        })
    });
    assert!(early.unwrap_err().to_string().contains("clock"));
    assert!(matches!(v.case::<CaseFile>(case), Err(VaultError::Moved)) && v.stranded().unwrap().len() == 1);
    take_back(&mut all[0], case, 3, "The machine was stolen").unwrap();
}

/// A case that went from the first over the second to the third, of which the first heard nothing, and was taken back there.
fn gone_on() -> ([Place; 4], CaseId, CaseFile) {
    let mut all = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let case = put_searched(&mut all[0].vault, &whole);
    let (there, third) = (key_of(&all[1]), key_of(&all[2]));
    let [first, second, last, _] = &mut all;
    let package = moved(first, second, &whole);
    take(&mut second.vault, &package, ARRIVED).unwrap();
    second.vault.signs_with(Some(key(1)));
    let sent = photographs(&whole);
    second.vault.move_case(case, &third, &sent, &somebody(1).reference(), at(ARRIVED)).unwrap();
    let packages = leaving(&mut second.vault, ARRIVED);
    assert_eq!(take_all(last, &packages, ARRIVED), 1, "that it arrived is never told to the first");

    take_out(&mut all[..3], &there, OUT);
    take_back(&mut all[0], case, 3, "The machine was stolen").unwrap();
    assert!(all[0].vault.case::<CaseFile>(case).is_ok() && all[2].vault.case::<CaseFile>(case).is_ok(), "for now");
    (all, case, whole)
}

#[test]
fn a_case_that_had_gone_on_from_there_lives_where_it_went() {
    let (mut all, case, _) = gone_on();
    // The others are asked; whoever has it answers, and the copy goes.
    let asked = leaving(&mut all[0].vault, BACK);
    assert_eq!(take_all(&mut all[2], &asked, BACK), 1);
    let answers = leaving(&mut all[2].vault, BACK);
    let lives_here =
        |package: &Vec<u8>, at: &Vault| Opened::of(package, at).manifest["content"]["kind"] == "case-lives-here";
    let answer = answers.iter().find(|package| lives_here(package, &all[0].vault)).unwrap();
    // Nobody brings it there after the second was taken out.
    let mut forged = Opened::of(answer, &all[0].vault);
    forged.content()["moves"][1]["at"] = json!(BACK);
    let forged = forged.again(&all[2].vault, &all[0].vault);
    assert!(!matches!(take(&mut all[0].vault, &forged, BACK), Ok(Taken::Told)));
    assert!(all[0].vault.case::<CaseFile>(case).is_ok());
    assert_eq!(take(&mut all[0].vault, answer, BACK).unwrap(), Taken::Told);
    assert!(matches!(all[0].vault.case::<CaseFile>(case), Err(VaultError::Moved)));
    assert!(all[2].vault.case::<CaseFile>(case).is_ok());
    assert_eq!(events(&all[0], "case-lives-elsewhere"), 1);
}

#[test]
fn a_case_that_had_gone_on_comes_back_from_where_it_went() {
    let (mut all, case, whole) = gone_on();
    let first = key_of(&all[0]);
    all[2].vault.signs_with(Some(key(1)));
    let sent = photographs(&whole);
    all[2].vault.move_case(case, &first, &sent, &somebody(1).reference(), at(ON)).unwrap();
    let there: CaseFile = {
        let packages = leaving(&mut all[2].vault, ON);
        let taken: Vec<_> = packages.iter().map(|package| take(&mut all[0].vault, package, ON)).collect();
        assert!(taken.iter().any(|taken| matches!(taken, Ok(Taken::Case(_)))), "{taken:?}");
        all[0].vault.case(case).unwrap()
    };
    assert!(there.holder().is_same(&somebody(2).reference()), "as it came, and not as it was taken back");
    assert_eq!((all[0].vault.taken_back_at(case).unwrap(), all[0].vault.moved().unwrap().len()), (None, 0));
}

#[test]
fn a_case_that_left_before_its_workstation_was_taken_out_is_taken_in_and_none_that_left_after() {
    for (left, taken_in) in [(MOVED, true), (BACK, false)] {
        let mut all = places();
        let whole = searched(Examination::Unveiled(unveiled()));
        let case = put_searched(&mut all[0].vault, &whole);
        let (out, to) = (key_of(&all[0]), key_of(&all[1]));
        // The one that is taken out does not learn of it.
        take_out(&mut all[1..3], &out, OUT);
        all[0].vault.move_case(case, &to, &photographs(&whole), &somebody(1).reference(), at(left)).unwrap();
        let packages = leaving(&mut all[0].vault, left);
        let here = &mut all[1];
        assert_eq!(take_all(here, &packages, ON), usize::from(taken_in), "{left}");
        assert_eq!(here.vault.case::<CaseFile>(case).is_ok(), taken_in);
        assert!(here.vault.fill_outbox(None, at(ON)).unwrap().left.is_empty(), "there is nobody to tell");
    }
}
