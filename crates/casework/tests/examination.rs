//! The bench: what must be recorded before what, and what a second examiner's answer does.

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
    let mut bench = Blind::begin(list.id(), examiner(1).reference(), 7);
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
    let mut bench = Blind::begin(list.id(), examiner(1).reference(), 7);
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
    let order = |seed| Blind::begin(list.id(), examiner(1).reference(), seed).work().shuffled(&list);
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
    let alone = Blind::begin(search(20).id(), examiner(2).reference(), 11).among(vec![candidate(0)]);
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

/// SplitMix64 as it was published, and Fisher-Yates from the end: the order that is on record with the seed.
fn order_of(seed: u32, mut rows: Vec<CandidateId>) -> Vec<CandidateId> {
    rows.sort();
    let mut state = u64::from(seed);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let once = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let twice = (once ^ once >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        twice ^ twice >> 31
    };
    let mut at = rows.len();
    while at > 1 {
        let chosen = next() % at as u64;
        at -= 1;
        rows.swap(at, chosen as usize);
    }
    rows
}

#[test]
fn the_order_that_was_shown_can_be_shown_again_from_its_seed() {
    for (seed, rows) in [(0, 20), (7, 20), (7, 1), (u32::MAX, 5)] {
        let list = search(rows);
        let bench = Blind::begin(list.id(), examiner(1).reference(), seed);
        assert_eq!(bench.work().shuffled(&list), order_of(seed, (0..rows).map(candidate).collect()), "{seed} {rows}");
    }
    let list = search(20);
    let few: Vec<CandidateId> = [3, 9, 1, 14].map(candidate).to_vec();
    let bench = Blind::begin(list.id(), examiner(2).reference(), 5).among(few.clone());
    assert_eq!(bench.work().shuffled(&list), order_of(5, few));
}

#[test]
fn nothing_is_concluded_before_the_search_or_after_the_end() {
    let with = |concluded: &str, end: &str| {
        let mut record = Examination::Blind(examination()).record();
        record.work.conclusions.values_mut().for_each(|c| c.at = at(concluded));
        Examination::from(record).proven(&search(20), at(end), &policy()).is_ok()
    };
    let (searched, end) = ("2026-03-02T09:12:00Z", "2026-03-02T09:40:00Z");
    assert!(with(searched, end) && with(end, end) && with(searched, searched));
    assert!(!with("2026-03-02T09:11:59Z", end) && !with("2026-03-02T09:40:01Z", end));
    let mut record = Examination::Blind(examination()).record();
    record.work.conclusions.clear();
    (record.work.lead, record.work.none_of_these) = (None, true);
    let early = Examination::from(record).proven(&search(20), at("2026-03-02T09:11:59Z"), &policy());
    assert_eq!(places(&early.unwrap_err()), ["examination"], "ended before the search");
}

#[test]
fn what_came_after_the_blind_work_came_in_order() {
    let mut whole = unveiled();
    let now = at("2026-03-02T09:41:00Z");
    whole.change(&search(20), candidate(5), Conclusion::Exclusion, "Ears differ after all", now).unwrap();
    assert_eq!(whole.changes().len(), 1);
    let record = Examination::Unveiled(whole).record();
    let proven = |change: &dyn Fn(&mut ExaminationRecord)| {
        let mut record = record.clone();
        change(&mut record);
        Examination::from(record).proven(&search(20), at("2026-03-02T11:30:00Z"), &policy()).is_ok()
    };
    assert!(proven(&|_| {}), "changed in the moment of unveiling");
    assert!(proven(&|r| r.changes[0].to.at = at("2026-03-02T10:00:00Z")));
    assert!(!proven(&|r| r.changes[0].to.at = at("2026-03-02T09:40:59Z")), "changed before unveiling");
    assert!(proven(&|r| (r.unveiled_at, r.changes) = (r.concluded_at, Vec::new())), "unveiled at once");
    assert!(!proven(&|r| (r.unveiled_at, r.changes) = (Some(at("2026-03-02T09:39:59Z")), Vec::new())));
    assert!(
        !proven(&|r| r.changes[0].from = r.work.conclusions.get(&candidate(1)).cloned()),
        "from what was not there"
    );
}

#[test]
fn a_verification_is_of_a_supported_lead_among_three_others_after_unveiling() {
    let second = || second(2, Conclusion::Support, Conclusion::Exclusion);
    let (now, list) = (at("2026-03-02T11:00:00Z"), search(20));
    let shown = |rows: &[u32]| {
        let mut record = Examination::Blind(second()).record();
        record.work.among = rows.iter().copied().map(candidate).collect();
        let rows = &record.work.among;
        record.work.conclusions.retain(|row, _| rows.contains(row));
        record.work.looked_at.retain(|row, _| rows.contains(row));
        let Examination::Blind(bench) = Examination::from(record) else { panic!("blind") };
        unveiled().verified(bench, &list, now, &policy())
    };
    assert!(shown(&[0, 1, 2, 3]).is_ok());
    assert!(shown(&[0, 1, 2]).is_err(), "among two others");
    assert!(unveiled().verified(second(), &list, at("2026-03-02T10:30:00Z"), &policy()).is_ok());
    let late = |at_| Examination::Unveiled(unveiled()).record().unveiled_at == Some(at_);
    assert!(late(at("2026-03-02T09:41:00Z")));
    let mut record = Examination::Unveiled(unveiled()).record();
    record.unveiled_at = Some(at("2026-03-02T11:00:01Z"));
    let Examination::Unveiled(later) = Examination::from(record) else { panic!("unveiled") };
    assert!(later.verified(second(), &list, now, &policy()).is_err(), "before it was unveiled");
    let mut doubted = unveiled();
    doubted.change(&list, candidate(0), Conclusion::Inconclusive, "Ears differ after all", now).unwrap();
    assert!(doubted.verified(second(), &list, now, &policy()).is_err(), "no lead that is supported");
}

const LOOKED: &str = "2026-03-02T09:30:00Z";

#[test]
fn work_belongs_to_the_list_that_it_names() {
    let with = |change: fn(&mut Work)| {
        let mut record = Examination::Blind(examination()).record();
        change(&mut record.work);
        Examination::from(record).proven(&search(20), at("2026-03-02T09:40:00Z"), &policy()).is_ok()
    };
    assert!(with(|_| {}));
    assert!(!with(|work| work.search = SearchId(uuid(31))), "the rows of this list under another's name");
    assert!(!with(|work| work.at_thumbnail.extend([(candidate(20), at(LOOKED))])), "somebody of another list");
    assert!(!with(|work| {
        let excluded = RecordedConclusion { conclusion: Conclusion::Exclusion, reason: String::new(), at: at(LOOKED) };
        work.looked_at.insert(candidate(20), at(LOOKED));
        work.conclusions.insert(candidate(20), excluded);
    }));
}

#[test]
fn none_of_these_goes_with_no_lead_and_with_no_support() {
    let with = |lead: bool, support: bool| {
        let mut record = Examination::Blind(examination()).record();
        record.work.none_of_these = true;
        record.work.lead = lead.then_some(candidate(0));
        if let Some(recorded) = record.work.conclusions.get_mut(&candidate(0)).filter(|_| !support) {
            (recorded.conclusion, recorded.reason) = (Conclusion::Inconclusive, "Too little is seen.".to_owned());
        }
        Examination::from(record).proven(&search(20), at("2026-03-02T09:40:00Z"), &policy()).is_ok()
    };
    assert!(with(false, false));
    assert!(!with(true, false) && !with(false, true) && !with(true, true));
}

#[test]
fn nobody_who_is_not_listed_is_concluded_on_after_unveiling() {
    let (list, now) = (search(20), at("2026-03-02T09:50:00Z"));
    let change = |candidate| unveiled().change(&list, candidate, Conclusion::Inconclusive, "Seen again", now);
    assert!(change(candidate(2)).is_ok());
    assert!(change(CandidateId(uuid(9999))).is_err());
}

#[test]
fn a_verification_waits_for_a_lead_that_is_unveiled() {
    let with = |bench: &Blind| {
        let mut file = file();
        forge(&mut file).examination = Some(Examination::Concluded(conclude(bench).unwrap()));
        file.verification_state()
    };
    assert_eq!(with(&examination()), VerificationState::NotYet);
    let mut none = examination();
    none.none_of_these(true);
    assert_eq!(with(&none), VerificationState::NoLead);
    assert_eq!(file().verification_state(), VerificationState::Open);
}

#[test]
fn a_conclusion_rests_on_an_opened_candidate_or_an_exclusion_at_its_thumbnail() {
    let with = |change: &dyn Fn(&mut Work)| {
        let mut work = examination().work().clone();
        work.looked_at.remove(&candidate(3));
        change(&mut work);
        let mut record = Examination::Blind(examination()).record();
        record.work = work;
        let stored: Examination = serde_json::from_value(serde_json::to_value(&record).unwrap()).unwrap();
        stored.proven(&search(20), at("2026-03-02T09:40:00Z"), &policy()).is_ok()
    };
    let now = at("2026-03-02T09:30:00Z");
    assert!(!with(&|_| ()), "neither");
    // One more is opened, so that enough of them are.
    let opened = |work: &mut Work| {
        work.looked_at.insert(candidate(4), now);
        let exclusion = work.conclusions[&candidate(2)].clone();
        work.conclusions.insert(candidate(4), exclusion);
        work.at_thumbnail.insert(candidate(3), now);
    };
    assert!(with(&opened));
    assert!(!with(&|work| {
        opened(work);
        work.conclusions.get_mut(&candidate(3)).unwrap().conclusion = Conclusion::Inconclusive;
    }));
    assert!(!with(&|work| {
        opened(work);
        work.at_thumbnail.clear();
    }));
}
