//! A case file from the first word to the sealed note.

#![allow(clippy::unwrap_used)]

use casework::samples::*;
use casework::*;

fn clock(text: &str) -> StandingClock {
    StandingClock(at(text))
}

fn searched() -> CaseFile {
    let by = examiner(1).reference();
    let mut file = CaseFile::begin(CaseId(uuid(10)), by.clone());
    file.edit_purpose(case_draft()).unwrap();
    file.confirm_purpose(by.clone(), at("2026-03-02T09:00:00Z"), &policy()).unwrap();
    let draft = probe_draft();
    let face = SeenFace { bounds: draft.face.unwrap(), quality: draft.quality.unwrap(), findings: Vec::new() };
    file.bring_image(draft.image, vec![face], draft.imported_at).unwrap();
    file.edit_origin(ProbeOrigin {
        source: draft.source,
        captured_at: draft.captured_at,
        obtained_by: draft.obtained_by,
        obtained_how: draft.obtained_how,
        legal_basis: draft.legal_basis,
    })
    .unwrap();
    file.confirm_probe(ProbeId(uuid(20)), by, at("2026-03-02T09:10:00Z"), &policy()).unwrap();
    file.permit(&examiner(1), at("2026-03-02T09:11:00Z"), &policy()).unwrap();
    file.add_search(search(20), 7).unwrap();
    file
}

#[test]
fn scores_and_records_stay_hidden_until_the_examiner_has_concluded() {
    let mut file = searched();
    assert_eq!(file.candidates().len(), 20);
    assert!(file.candidates().iter().all(|c| c.unveiled.is_none()));
    let text = serde_json::to_string(&file.candidates()).unwrap();
    assert!(!text.contains("subject-") && !text.contains("score"), "nothing of the record is in what the screen gets");
    file.none_of_these(true).unwrap();
    file.conclude(at("2026-03-02T09:40:00Z"), &policy()).unwrap();
    assert!(file.candidates().iter().all(|c| c.unveiled.is_some()));
    assert!(file.none_of_these(false).is_err(), "what was seen cannot be unseen");
    assert_eq!(file.note.disposition, Some(Disposition::NoCandidate), "the easy answer is preselected");
}

#[test]
fn the_whole_way_to_a_sealed_note() {
    let mut file = searched();
    let now = clock("2026-03-02T12:00:00Z");
    let early = file.seal(NoteId(uuid(40)), &examiner(1), &now, &policy()).unwrap_err().0;
    for place in ["examination", "vehicle", "witness", "open-source-media", "disposition", "note.narrative"] {
        assert!(early.iter().any(|g| g.place == place), "{place} is not among what is missing");
    }
    let ids: Vec<_> = file.candidates().iter().map(|c| c.id).collect();
    for id in &ids[1..5] {
        file.conclude_on(*id, Some(Conclusion::Exclusion), "", at("2026-03-02T09:20:00Z")).unwrap();
    }
    file.conclude_on(ids[0], Some(Conclusion::LimitedSupport), "Ears and brow", at("2026-03-02T09:21:00Z")).unwrap();
    file.keep(Some(ids[0])).unwrap();
    file.conclude(at("2026-03-02T09:40:00Z"), &policy()).unwrap();
    let done = checklist();
    file.edit_checklist(|list| *list = done).unwrap();
    file.edit_note(NoteForm {
        disposition: Some(Disposition::LeadNotCorroborated),
        reason: String::new(),
        narrative: "Nothing found.".to_owned(),
    })
    .unwrap();
    assert_eq!(file.gaps(&examiner(1), &now, &policy()), []);
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &now, &policy()).unwrap();
    file.mark_sealed(&note);
    assert!(file.edit_note(NoteForm::default()).is_err());
    assert!(file.seal(NoteId(uuid(41)), &examiner(1), &now, &policy()).is_err());
    assert_eq!(file.state(Step::Note), StepState::Done);
}

#[test]
fn what_was_searched_cannot_change() {
    let mut file = searched();
    assert!(file.edit_purpose(CaseDraft::default()).is_err());
    assert!(file.pick_face(0).is_err());
    assert!(file.edit_origin(ProbeOrigin::default()).is_err());
}

#[test]
fn a_changed_answer_shuts_the_gate_again() {
    let by = examiner(1).reference();
    let mut file = CaseFile::begin(CaseId(uuid(10)), by.clone());
    file.edit_purpose(case_draft()).unwrap();
    file.confirm_purpose(by, at("2026-03-02T09:00:00Z"), &policy()).unwrap();
    assert_eq!(file.state(Step::Probe), StepState::Open);
    file.edit_purpose(CaseDraft { offence: String::new(), ..case_draft() }).unwrap();
    assert_eq!(file.state(Step::Probe), StepState::Shut);
    assert_eq!(file.gaps(&examiner(1), &clock("2026-03-02T09:01:00Z"), &policy())[0].place, "purpose.offence");
}

#[test]
fn none_of_these_takes_leads_back() {
    let mut file = searched();
    let first = file.candidates()[0].id;
    file.conclude_on(first, Some(Conclusion::Support), "Looks alike", at("2026-03-02T09:20:00Z")).unwrap();
    file.keep(Some(first)).unwrap();
    file.none_of_these(true).unwrap();
    assert_eq!(file.conclude(at("2026-03-02T09:40:00Z"), &policy()).unwrap(), Outcome::NoneOfThese);
}
