//! Each gate opens for the complete sample and names what is missing otherwise.

#![allow(clippy::unwrap_used)]

use casework::samples::*;
use casework::*;

fn places(gaps: &[Gap]) -> Vec<&str> {
    gaps.iter().map(|g| g.place.as_str()).collect()
}

#[test]
fn purpose_names_every_gap_at_once() {
    let gaps = CaseDraft::default()
        .open(CaseId(uuid(1)), examiner(1).reference(), at("2026-03-02T09:00:00Z"), &policy())
        .unwrap_err();
    assert_eq!(places(&gaps), ["purpose.case_number", "purpose.offence", "purpose.event_at", "purpose.purpose"]);
}

#[test]
fn a_protest_needs_a_supervisor() {
    let mut draft = case_draft();
    draft.basis.statement = "Seen at the protest in front of the town hall, wanted for questioning.".to_owned();
    let open = |d: &CaseDraft| d.open(CaseId(uuid(1)), examiner(1).reference(), at("2026-03-02T09:00:00Z"), &policy());
    assert_eq!(places(&open(&draft).unwrap_err()), ["purpose.basis.supervisor"]);
    draft.basis.supervisor = "Sgt. K. Ito".to_owned();
    assert!(open(&draft).is_ok());
}

#[test]
fn refused_kinds_and_low_quality_stop_a_probe() {
    let accept = |d: &ProbeDraft| {
        d.accept(ProbeId(uuid(2)), &case(), examiner(1).reference(), at("2026-03-02T09:10:00Z"), &policy())
    };
    for source in ProbeSource::ALL {
        let draft = ProbeDraft { source: Some(source), ..probe_draft() };
        assert_eq!(accept(&draft).is_err(), source.refused_because().is_some(), "{source:?}");
    }
    let low = ProbeDraft { quality: Some(24), ..probe_draft() };
    assert_eq!(places(&accept(&low).unwrap_err()), ["probe.face"]);
    let warned = ProbeDraft { quality: Some(30), ..probe_draft() };
    assert!(accept(&warned).unwrap().quality_warning.is_some());
    let early = ProbeDraft { captured_at: Some(at("2026-02-28T00:00:00Z")), ..probe_draft() };
    assert_eq!(places(&accept(&early).unwrap_err()), ["probe.captured_at"]);
}

#[test]
fn further_frames_need_a_face_quality_and_a_reason() {
    let accept = |further: &[FurtherDraft]| {
        let draft = ProbeDraft { further: further.to_vec(), ..probe_draft() };
        draft.accept(ProbeId(uuid(2)), &case(), examiner(1).reference(), at("2026-03-02T09:10:00Z"), &policy())
    };
    let whole = FurtherDraft {
        image: probe_draft().image,
        face: probe_draft().face,
        quality: Some(60),
        same_person: " Next frame, same jacket ".to_owned(),
    };
    let record = accept(std::slice::from_ref(&whole)).unwrap();
    assert_eq!(record.further[0].same_person, "Next frame, same jacket");
    let unsaid = FurtherDraft { same_person: "  ".to_owned(), ..whole.clone() };
    let poor = FurtherDraft { quality: Some(5), ..whole.clone() };
    let unpicked = FurtherDraft { face: None, quality: None, ..whole };
    let missing = accept(&[unsaid, poor, unpicked]).unwrap_err();
    assert_eq!(places(&missing), ["further.0.same_person", "further.1.face", "further.2.face"]);
}

#[test]
fn only_the_trained_may_search() {
    let (case, probe, policy) = (case(), probe(), policy());
    let grant = |p: &Person, now: &str| {
        SearchPermit::grant(&case, &probe, p, SearchFilters::default(), at(now), &policy)
            .map(|_| ())
            .map_err(|g| g.len())
    };
    assert_eq!(grant(&examiner(1), "2026-03-02T09:11:00Z"), Ok(()));
    assert_eq!(grant(&examiner(1), "2027-01-16T00:00:01Z"), Err(1), "a training is current for twelve months");
    let untrained = Person { training: None, ..examiner(1) };
    assert_eq!(grant(&untrained, "2026-03-02T09:11:00Z"), Err(1));
    let supervisor = Person { roles: vec![Role::Supervisor], ..examiner(1) };
    assert_eq!(grant(&supervisor, "2026-03-02T09:11:00Z"), Err(1));
}

fn seal(
    draft: NoteDraft,
    examination: ConcludedExamination,
    checklist: &Checklist,
    now: &str,
) -> Result<SealedNote, Vec<Gap>> {
    let complete = checklist.complete(&policy())?;
    CaseNote::seal(draft, examination, complete, examiner(1).reference(), &StandingClock(at(now))).map_err(|e| e.0)
}

#[test]
fn an_empty_checklist_lists_all_that_is_missing() {
    let gaps = Checklist::default().complete(&policy()).unwrap_err();
    let places = places(&gaps);
    assert_eq!(places[..3], ["vehicle", "witness", "open-source-media"]);
    assert_eq!(places.len(), 3 + 7 + 1, "three categories, seven facts, what speaks for the person");
}

#[test]
fn the_sample_seals_and_carries_the_statement() {
    let note = sealed();
    assert_eq!(note.content().statement, LEAD_STATEMENT);
    assert_eq!(note.content().disposition, Disposition::LeadNotCorroborated);
}

#[test]
fn a_corroborated_lead_needs_two_independent_supports_and_a_second_examiner() {
    let draft = NoteDraft { disposition: Some(Disposition::LeadCorroborated), ..note_draft() };
    let verified = || prove(Examination::Verified(verified(2, Conclusion::Support, Conclusion::Exclusion).unwrap()));
    let mut list = checklist();
    assert!(seal(draft.clone(), verified(), &list, "2026-03-02T12:00:00Z").is_err());
    list.entries.push(support(201, Category::Vehicle));
    list.entries.push(support(202, Category::Witness));
    assert!(seal(draft.clone(), verified(), &list, "2026-03-02T12:00:00Z").is_ok());
    let unverified = seal(draft.clone(), concluded(), &list, "2026-03-02T12:00:00Z").unwrap_err();
    assert_eq!(places(&unverified), ["verification"]);
    // The Detroit pattern: the witness was shown the candidate's photograph.
    if let Details::Witness(w) = &mut list.entries[4].details {
        w.photo_shown_before = Some(true);
    }
    list.entries[4].independence.source_knew_result = Some(true);
    let gaps = seal(draft, verified(), &list, "2026-03-02T12:00:00Z").unwrap_err();
    assert!(gaps.iter().all(|g| g.place == "disposition"), "{gaps:?}");
    let standings = list.standings();
    assert!(matches!(&standings[4].1, Standing::Contaminated { .. }));
}

#[test]
fn a_stale_lead_is_not_sealed() {
    let gaps = seal(note_draft(), concluded(), &checklist(), "2026-04-05T12:00:00Z").unwrap_err();
    assert_eq!(places(&gaps), ["search"]);
}

#[test]
fn no_candidate_is_quick_and_names_its_search() {
    let mut none = bench();
    for rank in 0..4 {
        none.look_at(&search(20), candidate(rank), at("2026-03-02T09:20:00Z")).unwrap();
    }
    none.none_of_these(true);
    let none = none.conclude(&search(20), at("2026-03-02T09:40:00Z"), &policy()).unwrap();
    let none = prove(Examination::Concluded(none));
    let draft = NoteDraft { disposition: Some(Disposition::NoCandidate), ..note_draft() };
    let empty = Checklist { scope: Scope::NoCandidate, ..Checklist::default() };
    let note = seal(draft.clone(), none, &empty, "2026-03-02T10:00:00Z").unwrap();
    assert_eq!(note.content().searches.len(), 1);
    let gaps = seal(draft, concluded(), &empty, "2026-03-02T10:00:00Z").unwrap_err();
    assert_eq!(places(&gaps), ["disposition"]);
}

#[test]
fn the_scope_of_a_checklist_cannot_be_used_for_another_disposition() {
    let empty = Checklist { scope: Scope::NoCandidate, ..Checklist::default() };
    let gaps = seal(note_draft(), concluded(), &empty, "2026-03-02T12:00:00Z").unwrap_err();
    assert_eq!(places(&gaps), ["disposition"]);
}

#[test]
fn a_note_needs_a_search_of_its_own_probe() {
    let mut draft = note_draft();
    draft.searches[0].probe_sha256 = "cd".repeat(32);
    let gaps = seal(draft, concluded(), &checklist(), "2026-03-02T12:00:00Z").unwrap_err();
    assert_eq!(places(&gaps), ["examination"]);
}

#[test]
fn a_policy_below_the_floor_is_refused() {
    let mut lax = policy();
    lax.search.candidates = 1;
    assert_eq!(lax.check().unwrap_err().field, "search.candidates");
    let mut open = policy();
    open.session.lock_after_minutes = 600;
    assert_eq!(open.check().unwrap_err().field, "session.lock_after_minutes");
}
