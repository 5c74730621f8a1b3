//! The bench: what must be recorded before what, and what a second examiner's answer does.

#![allow(clippy::unwrap_used)]

use casework::samples::*;
use casework::*;
use proptest::prelude::*;

fn places(gaps: &[Gap]) -> Vec<&str> {
    gaps.iter().map(|g| g.place.as_str()).collect()
}

fn conclude(bench: &Blind) -> Result<Concluded, Vec<Gap>> {
    bench.conclude(&search(20), at("2026-03-02T09:40:00Z"), &policy())
}

#[test]
fn an_examination_needs_own_conclusions() {
    let (list, now) = (search(20), at("2026-03-02T09:30:00Z"));
    assert!(conclude(&examination()).is_ok());
    let mut open = examination();
    open.look_at(&list, candidate(9), now).unwrap();
    assert_eq!(places(&conclude(&open).unwrap_err()), ["examination"], "one was opened and not concluded on");
    let mut few = bench();
    few.none_of_these(true);
    few.look_at(&list, candidate(0), now).unwrap();
    assert_eq!(places(&conclude(&few).unwrap_err()), ["examination"], "one of twenty was looked at");
    let mut lead = examination();
    lead.none_of_these(true);
    assert!(conclude(&lead).is_ok(), "the answer takes the lead back");
    assert_eq!(lead.work().lead, None);
    let mut nobody = examination();
    nobody.keep(None);
    assert!(conclude(&nobody).is_err());
    let mut unsupported = examination();
    unsupported.keep(Some(candidate(2)));
    assert!(conclude(&unsupported).is_err(), "kept and excluded");
}

#[test]
fn the_probe_is_analysed_before_any_candidate_is_opened() {
    let list = search(20);
    let mut bench = Blind::begin(list.id, examiner(1).reference(), 7);
    assert!(!bench.work().may_show(&list, candidate(0)));
    let missing = bench.record_analysis(at("2026-03-02T09:15:00Z")).unwrap_err();
    assert_eq!(missing.len(), 16 + 1, "sixteen components and the whole");
    bench.edit_analysis(ProbeAnalysis { suitability: Some(Suitability::Limited), ..analysis() }).unwrap();
    assert_eq!(places(&bench.record_analysis(at("2026-03-02T09:15:00Z")).unwrap_err()), ["analysis.note"]);
    bench.edit_analysis(analysis()).unwrap();
    bench.record_analysis(at("2026-03-02T09:15:00Z")).unwrap();
    assert!(bench.work().may_show(&list, candidate(0)));
    assert!(bench.edit_analysis(ProbeAnalysis::default()).is_err(), "what was recorded stands");
}

#[test]
fn support_needs_every_component_and_an_explanation_where_they_contradict() {
    let (list, now) = (search(20), at("2026-03-02T09:30:00Z"));
    let mut quick = bench();
    quick.look_at(&list, candidate(0), now).unwrap();
    quick.conclude_on(&list, candidate(0), Some(Conclusion::Support), "Looks alike", now).unwrap();
    quick.keep(Some(candidate(0)));
    for rank in 1..4 {
        quick.look_at(&list, candidate(rank), now).unwrap();
        quick.conclude_on(&list, candidate(rank), Some(Conclusion::Exclusion), "", now).unwrap();
    }
    let lead = candidate(0);
    assert_eq!(places(&conclude(&quick).unwrap_err()), [format!("examination.{lead}.components")]);
    let mut whole = comparison(9);
    whole.observations.get_mut(&Component::Ears).unwrap().finding = Some(Similarity::Different);
    quick.compare(&list, lead, whole).unwrap();
    assert!(conclude(&quick).is_ok(), "the examiner's own words explain the difference");
    quick.conclude_on(&list, lead, Some(Conclusion::Support), " ", now).unwrap();
    let gaps = conclude(&quick).unwrap_err();
    assert_eq!(places(&gaps), [format!("examination.{lead}.reason")]);
    assert!(gaps[0].missing.contains("ears"), "{gaps:?}");
}

#[test]
fn an_unsuitable_probe_supports_nobody() {
    let (list, now) = (search(20), at("2026-03-02T09:30:00Z"));
    let mut bench = Blind::begin(list.id, examiner(1).reference(), 7);
    let poor = ProbeAnalysis { suitability: Some(Suitability::Unsuitable), note: "Dark".to_owned(), ..analysis() };
    bench.edit_analysis(poor).unwrap();
    bench.record_analysis(at("2026-03-02T09:15:00Z")).unwrap();
    bench.look_at(&list, candidate(0), now).unwrap();
    bench.compare(&list, candidate(0), comparison(12)).unwrap();
    bench.conclude_on(&list, candidate(0), Some(Conclusion::Support), "", now).unwrap();
    for rank in 1..4 {
        bench.look_at(&list, candidate(rank), now).unwrap();
        bench.conclude_on(&list, candidate(rank), Some(Conclusion::Exclusion), "", now).unwrap();
    }
    bench.keep(Some(candidate(0)));
    assert_eq!(places(&conclude(&bench).unwrap_err()), [format!("examination.{}", candidate(0))]);
}

#[test]
fn marks_and_views_stay_within_bounds() {
    let (list, now) = (search(20), at("2026-03-02T09:30:00Z"));
    let mut bench = bench();
    let mark = Mark { on: OnImage::Probe, component: Component::Scars, shape: Shape::Point { at: [10.0, 20.5] } };
    let drawn = Comparison { marks: vec![mark.clone()], ..Comparison::default() };
    assert!(bench.compare(&list, candidate(0), drawn.clone()).is_err(), "not opened");
    assert!(bench.log_view(&list, candidate(0), ViewSettings::default(), now).is_err(), "not opened");
    bench.look_at(&list, candidate(0), now).unwrap();
    bench.compare(&list, candidate(0), drawn.clone()).unwrap();
    let many = Comparison { marks: vec![mark; MAX_MARKS + 1], ..Comparison::default() };
    assert!(bench.compare(&list, candidate(0), many).is_err());
    let nowhere = Shape::Line { from: [0.0, f32::NAN], to: [1.0, 1.0] };
    let nowhere = Mark { on: OnImage::Candidate { photo: 1 }, component: Component::Nose, shape: nowhere };
    assert!(bench.compare(&list, candidate(0), Comparison { marks: vec![nowhere], ..Comparison::default() }).is_err());
    assert_eq!(bench.work().comparisons[&candidate(0)].marks, drawn.marks, "what was there stands");
    let view = ViewSettings { mode: ViewMode::Overlay, opacity: 0.5, ..ViewSettings::default() };
    for _ in 0..3 {
        bench.log_view(&list, candidate(0), view.clone(), now).unwrap();
    }
    bench.log_view(&list, candidate(0), ViewSettings::default(), now).unwrap();
    let views = &bench.work().comparisons[&candidate(0)].views;
    assert_eq!(views.len(), 2, "a view is logged when it changes");
    assert_eq!(views[0].at, Some(now));
}

#[test]
fn the_order_depends_on_the_seed_and_not_on_scores() {
    let list = search(20);
    let order = |seed| Blind::begin(list.id, examiner(1).reference(), seed).work().shuffled(&list);
    assert_eq!(order(7), order(7));
    assert_ne!(order(7), order(8));
    let first_is_best = (0..2000).filter(|seed| order(*seed)[0] == candidate(0)).count();
    assert!(
        (50..150).contains(&first_is_best),
        "the best score comes first in about one of twenty orders: {first_is_best}"
    );
}

#[test]
fn nobody_verifies_the_own_work_and_disagreement_is_inconclusive() {
    use Conclusion::{Exclusion, Inconclusive, LimitedSupport, Support};
    let own = verified(1, Support, Exclusion).unwrap_err();
    assert!(own[0].missing.contains("You examined this list yourself"));
    for (on_lead, on_others, agreement, stands) in [
        (Support, Exclusion, Agreement::Agrees, LimitedSupport),
        (LimitedSupport, Inconclusive, Agreement::Agrees, LimitedSupport),
        (Inconclusive, Exclusion, Agreement::DisagreesOnLead, Inconclusive),
        (Exclusion, Exclusion, Agreement::DisagreesOnLead, Inconclusive),
        (Support, LimitedSupport, Agreement::SupportsAnother, Inconclusive),
    ] {
        let done = verified(2, on_lead, on_others).unwrap();
        assert_eq!(done.verification().agreement, agreement, "{on_lead:?} {on_others:?}");
        let proof = prove(Examination::Verified(done));
        assert_eq!(proof.outcome(), Outcome::Lead { candidate: candidate(0), conclusion: stands });
        assert_eq!(proof.lead_is_verified(), agreement == Agreement::Agrees);
    }
}

#[test]
fn a_verifier_gets_the_lead_among_enough_others() {
    let alone = Blind::begin(search(20).id, examiner(2).reference(), 11).among(vec![candidate(0)]);
    let refused = unveiled().verified(alone, &search(20), at("2026-03-02T11:00:00Z"), &policy()).unwrap_err();
    assert!(refused.iter().any(|g| g.missing.contains("among enough others")), "{refused:?}");
}

fn any_conclusion() -> impl Strategy<Value = Conclusion> {
    (0usize..4).prop_map(|n| Conclusion::ALL[n])
}

proptest! {
    /// Whatever is done at the bench: an examination that passes its gate keeps what the rules say.
    #[test]
    fn what_passes_the_gate_keeps_the_rules(
        acts in prop::collection::vec((0u32..20, any_conclusion(), 0usize..17, any::<bool>()), 0..24),
        lead in prop::option::of(0u32..20),
        none in any::<bool>(),
    ) {
        let (list, now) = (search(20), at("2026-03-02T09:30:00Z"));
        let mut bench = bench();
        for (rank, conclusion, similar, compared) in acts {
            if compared {
                bench.look_at(&list, candidate(rank), now).unwrap();
                bench.compare(&list, candidate(rank), comparison(similar)).unwrap();
            } else if conclusion != Conclusion::Exclusion {
                bench.look_at(&list, candidate(rank), now).unwrap();
            }
            bench.conclude_on(&list, candidate(rank), Some(conclusion), "", now).unwrap();
        }
        bench.keep(lead.map(candidate));
        if none {
            bench.none_of_these(true);
        }
        if let Ok(concluded) = conclude(&bench) {
            let work = Examination::Concluded(concluded).work().clone();
            prop_assert!(work.looked_at.len() >= 4);
            prop_assert!(work.none_of_these || work.looked_at.keys().all(|id| work.conclusions.contains_key(id)));
            prop_assert!(work.none_of_these != work.lead.is_some());
            for (id, recorded) in &work.conclusions {
                if recorded.conclusion.carries_a_lead() {
                    prop_assert!(!work.none_of_these);
                    prop_assert!(work.comparisons[id].unanswered().is_empty());
                    prop_assert!(work.contradictions(*id).is_empty());
                }
            }
        }
    }
}
