//! Examinations and seals against oracles that were written apart from them, plainly, from the rules.

use crate::cases;

use casework::samples::*;
use casework::*;
use proptest::prelude::*;

/// What is done to one candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Done {
    Nothing,
    LookedAt,
    Concluded(Conclusion),
    /// Support without a component compared.
    Hasty,
    /// Excluded at the thumbnail, not opened.
    AtThumbnail,
}

fn done() -> impl Strategy<Value = Done> {
    prop_oneof![
        3 => Just(Done::Nothing),
        1 => Just(Done::LookedAt),
        8 => Just(Done::Concluded(Conclusion::Exclusion)),
        2 => Just(Done::Concluded(Conclusion::Inconclusive)),
        3 => Just(Done::Concluded(Conclusion::LimitedSupport)),
        1 => Just(Done::Hasty),
        2 => Just(Done::AtThumbnail),
    ]
}

const NOW: &str = "2026-03-02T09:30:00Z";

/// The rules of a conclusion, one sentence a line.
fn may_conclude(all: &[Done], lead: Option<usize>, none: bool, suitable: bool) -> bool {
    let looked = all.iter().filter(|d| !matches!(d, Done::Nothing | Done::AtThumbnail)).count();
    if looked < 4 {
        return false;
    }
    let supports = |d: &Done| matches!(d, Done::Hasty | Done::Concluded(Conclusion::LimitedSupport));
    if all.contains(&Done::Hasty) {
        return false;
    }
    if all.iter().any(supports) && !suitable {
        return false;
    }
    if none {
        return !all.iter().any(supports);
    }
    if all.contains(&Done::LookedAt) {
        return false;
    }
    lead.is_some_and(|at| supports(&all[at]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases::cases()))]

    #[test]
    fn an_examination_concludes_when_the_oracle_says_so(
        all in prop::collection::vec(done(), 7), lead in prop::option::of(0usize..7), none: bool, suitable in prop::bool::weighted(0.8),
    ) {
        let (list, now) = (search(20), at(NOW));
        let mut bench = Blind::begin(list.id(), examiner(1).reference(), 7);
        let suitability = if suitable { Suitability::Suitable } else { Suitability::Unsuitable };
        bench.edit_analysis(ProbeAnalysis { suitability: Some(suitability), note: "Blurred.".to_owned(), ..analysis() }).expect("taken");
        bench.record_analysis(at("2026-03-02T09:15:00Z")).expect("recorded");
        // "None of these" is said first: what follows may take it back.
        bench.none_of_these(none);
        for (rank, done) in all.iter().enumerate() {
            let id = candidate(rank as u32);
            match done {
                Done::Nothing => {}
                Done::LookedAt => bench.look_at(&list, id, now).expect("shown"),
                Done::AtThumbnail => {
                    for other in [Conclusion::Support, Conclusion::LimitedSupport, Conclusion::Inconclusive] {
                        prop_assert!(bench.conclude_on(&list, id, Some(other), "Own words.", now).is_err());
                    }
                    bench.conclude_on(&list, id, Some(Conclusion::Exclusion), "", now).expect("excluded");
                }
                Done::Concluded(conclusion) => {
                    bench.look_at(&list, id, now).expect("shown");
                    if *conclusion == Conclusion::LimitedSupport {
                        bench.compare(&list, id, comparison(9)).expect("compared");
                    }
                    bench.conclude_on(&list, id, Some(*conclusion), "Own words.", now).expect("concluded");
                }
                Done::Hasty => {
                    bench.look_at(&list, id, now).expect("shown");
                    bench.conclude_on(&list, id, Some(Conclusion::Support), "Own words.", now).expect("taken");
                }
            }
        }
        bench.keep(lead.map(|at| candidate(at as u32)));
        let supported = all.iter().any(|d| matches!(d, Done::Hasty | Done::Concluded(Conclusion::LimitedSupport)));
        let still_none = none && lead.is_none() && !supported;
        let concluded = bench.conclude(&list, now, &policy());
        prop_assert_eq!(concluded.is_ok(), may_conclude(&all, lead, still_none, suitable), "{:?}", concluded.err());
    }
}

/// The records that a note may rest on, by name.
fn records() -> Vec<(&'static str, ConcludedExamination)> {
    let none = {
        let (list, now) = (search(20), at(NOW));
        let mut bench = bench();
        for rank in 0..4 {
            bench.look_at(&list, candidate(rank), now).expect("opened");
            bench.conclude_on(&list, candidate(rank), Some(Conclusion::Exclusion), "", now).expect("concluded");
        }
        bench.none_of_these(true);
        let done = bench.conclude(&list, at("2026-03-02T09:40:00Z"), &policy()).expect("the gate opens");
        prove(Examination::Unveiled(done.unveil(at("2026-03-02T09:41:00Z"))))
    };
    let second = |on_lead, on_others| prove(Examination::Verified(verified(2, on_lead, on_others).expect("verified")));
    vec![
        ("none", none),
        ("alone", concluded()),
        ("agrees", second(Conclusion::Support, Conclusion::Exclusion)),
        ("disagrees", second(Conclusion::Exclusion, Conclusion::Exclusion)),
        ("another", second(Conclusion::Support, Conclusion::Support)),
    ]
}

const ACCOUNT: &str = "One candidate was kept and looked into.";
const REASON: &str = "Height and custody differ.";

/// Every disposition against every record, every set of up to three further entries, and every way to leave account
/// and reason empty.
#[test]
fn every_disposition_seals_exactly_when_the_rules_say_so() {
    let mut contradicts = support(303, Category::OpenSourceMedia);
    contradicts.finding = Some(Finding::Contradicts);
    let mut resolved = contradicts.clone();
    resolved.id = EntryId(uuid(304));
    resolved.shows = "A post of the same evening from another town".to_owned();
    resolved.resolution = "Another person, shown by the register".to_owned();
    let mut floating = support(305, Category::Witness);
    floating.fixes = Fixes::default();
    let extras = [
        support(301, Category::Vehicle),
        support(302, Category::Witness),
        contradicts,
        resolved,
        floating,
        support(306, Category::Phone),
    ];
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    let (mut checked, mut sealed) = (0usize, 0usize);
    for (name, record) in records() {
        for disposition in Disposition::ALL {
            for set in 0..1u32 << extras.len() {
                for (narrative, reason) in
                    [(ACCOUNT, REASON), (ACCOUNT, " "), (ACCOUNT, "."), ("# What was done:", REASON)]
                {
                    checked += 1;
                    if checked % cases::each() != 0 {
                        continue;
                    }
                    let has = |at: usize| set & (1 << at) != 0;
                    let mut list = checklist();
                    list.entries.extend(extras.iter().enumerate().filter(|(at, _)| has(*at)).map(|(_, e)| e.clone()));
                    list.scope = disposition.scope();
                    let around = around_of(record.examination(), "2026-03-02T12:00:00Z");
                    let complete = list.complete(&policy(), &around).expect("whole entries");
                    let draft = NoteDraft {
                        disposition: Some(disposition),
                        narrative: narrative.to_owned(),
                        reason: reason.to_owned(),
                        ..note_draft()
                    };
                    let done =
                        CaseNote::seal(draft, record.clone(), complete, examiner(1).reference(), &clock, &policy());
                    let lead = name != "none";
                    let categories = usize::from(has(0)) + usize::from(has(1) || has(4));
                    let supports = [0, 1, 4].into_iter().filter(|at| has(*at)).count();
                    let fixed = has(0) || has(1);
                    // What stands against the lead: the examination, or a contradiction that nobody resolved.
                    let excludes = matches!(name, "none" | "disagrees" | "another") || has(2);
                    let wanted = narrative == ACCOUNT
                        && match disposition {
                            Disposition::NoCandidate => !lead,
                            Disposition::Excluded => reason == REASON && excludes,
                            Disposition::LeadNotCorroborated => lead,
                            Disposition::LeadCorroborated => {
                                lead && name == "agrees" && supports >= 2 && categories == 2 && fixed && !has(2)
                            }
                        };
                    if let Ok(note) = &done {
                        note.content().proven().expect("what was sealed is proved again");
                    }
                    assert_eq!(done.is_ok(), wanted, "{name}, {disposition:?}, entries {set:06b}: {:?}", done.err());
                    sealed += usize::from(wanted);
                }
            }
        }
    }
    assert_eq!(checked, 5 * 4 * 64 * 4);
    assert!(sealed > 100 / cases::each(), "{sealed} of {checked}");
}
