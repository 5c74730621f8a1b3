//! A case file from the first word to the sealed note.

use casework::samples::*;
use casework::*;

fn clock(text: &str) -> StandingClock {
    StandingClock(at(text))
}

fn searched() -> CaseFile {
    let by = examiner(1).reference();
    let mut file = CaseFile::begin(CaseId(uuid(10)), by.clone());
    file.edit_purpose(case_draft()).unwrap();
    file.confirm_purpose(by.clone(), at("2026-03-02T09:00:00Z"), &policy(), &Elsewhere::default()).unwrap();
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
    send(&mut file, 1, "2026-03-02T09:11:00Z");
    file.add_search(search(20), 7).unwrap();
    file
}

/// Sends a search by examiner `n`.
fn send(file: &mut CaseFile, n: u128, now: &str) {
    file.send_search(&examiner(n), SearchFilters::default(), at(now), &policy(), &Elsewhere::default()).unwrap();
}

const ME: fn() -> PersonId = || examiner(1).id;

/// Works at the first examiner's bench.
fn at_bench(file: &mut CaseFile, act: impl FnOnce(&mut Blind, &dyn Listing) -> Result<(), Vec<Gap>>) {
    file.at_bench(ME(), act).unwrap();
}

/// Records the analysis, looks at the first four and excludes all but the first, which is kept.
fn examined() -> CaseFile {
    let mut file = searched();
    at_bench(&mut file, |b, _| b.edit_analysis(analysis()));
    at_bench(&mut file, |b, _| b.record_analysis(at("2026-03-02T09:15:00Z")));
    let now = at("2026-03-02T09:20:00Z");
    for rank in 1..4 {
        at_bench(&mut file, |b, s| b.look_at(s, candidate(rank), now));
        at_bench(&mut file, |b, s| b.conclude_on(s, candidate(rank), Some(Conclusion::Exclusion), "", now));
    }
    at_bench(&mut file, |b, s| b.look_at(s, candidate(0), now));
    at_bench(&mut file, |b, s| b.compare(s, candidate(0), comparison(9)));
    at_bench(&mut file, |b, s| b.conclude_on(s, candidate(0), Some(Conclusion::LimitedSupport), "", now));
    at_bench(&mut file, |b, _| {
        b.keep(Some(candidate(0)));
        Ok(())
    });
    file
}

fn unveiled_file() -> CaseFile {
    let mut file = examined();
    file.conclude(ME(), at("2026-03-02T09:40:00Z"), &policy(), &Elsewhere::default()).unwrap();
    file.unveil(ME(), at("2026-03-02T09:41:00Z")).unwrap();
    file
}

#[test]
fn scores_and_records_stay_hidden_until_the_examiner_unveils() {
    let mut file = searched();
    let hidden = |file: &CaseFile| {
        let text = serde_json::to_string(&file.candidates(&examiner(1))).unwrap();
        assert_eq!(file.candidates(&examiner(1)).len(), 20);
        assert!(
            !text.contains("subject-") && !text.contains("score"),
            "nothing of the record is in what the screen gets"
        );
    };
    hidden(&file);
    assert!(!file.shows_candidate(&examiner(1), candidate(0)), "no photograph before the analysis of the probe");
    assert!(file.at_bench(ME(), |b, s| b.look_at(s, candidate(0), at("2026-03-02T09:14:00Z"))).is_err());
    at_bench(&mut file, |b, _| b.edit_analysis(analysis()));
    at_bench(&mut file, |b, _| b.record_analysis(at("2026-03-02T09:15:00Z")));
    assert!(file.shows_candidate(&examiner(1), candidate(0)));
    assert!(file.unveil(ME(), at("2026-03-02T09:16:00Z")).is_err(), "no unveiling before conclusions");
    at_bench(&mut file, |b, _| {
        b.none_of_these(true);
        Ok(())
    });
    assert!(
        file.conclude(ME(), at("2026-03-02T09:30:00Z"), &policy(), &Elsewhere::default()).is_err(),
        "nobody was looked at"
    );
    for rank in 0..4 {
        at_bench(&mut file, |b, s| b.look_at(s, candidate(rank), at("2026-03-02T09:20:00Z")));
    }
    file.conclude(ME(), at("2026-03-02T09:40:00Z"), &policy(), &Elsewhere::default()).unwrap();
    hidden(&file);
    file.unveil(ME(), at("2026-03-02T09:41:00Z")).unwrap();
    assert!(file.candidates(&examiner(1)).iter().all(|c| c.unveiled.is_some()));
    assert!(file.at_bench(ME(), |_, _| Ok(())).is_err(), "what was seen cannot be unseen");
    assert_eq!(file.note.disposition, Some(Disposition::NoCandidate), "the easy answer is preselected");
    assert_eq!(file.state(Step::Verify), StepState::NotNeeded);
}

#[test]
fn the_whole_way_to_a_sealed_note() {
    let now = clock("2026-03-02T12:00:00Z");
    let early = searched().seal(NoteId(uuid(40)), &examiner(1), &now, &policy()).unwrap_err().0;
    for place in ["examination", "analysis", "vehicle", "witness", "open-source-media", "disposition", "note.narrative"]
    {
        assert!(early.iter().any(|g| g.place == place), "{place} is not among what is missing");
    }
    let mut file = unveiled_file();
    let done = checklist();
    file.edit_checklist(|list| *list = done).unwrap();
    file.edit_note(NoteForm {
        disposition: Some(Disposition::LeadNotCorroborated),
        reason: String::new(),
        narrative: "Nothing found that is independent of it.".to_owned(),
        answers: Vec::new(),
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
fn a_file_survives_being_stored_in_every_state() {
    let mut file = examined();
    let stored = |file: &CaseFile| {
        let again: CaseFile = serde_json::from_str(&serde_json::to_string(file).unwrap()).unwrap();
        assert_eq!(&again, file);
    };
    stored(&file);
    file.conclude(ME(), at("2026-03-02T09:40:00Z"), &policy(), &Elsewhere::default()).unwrap();
    stored(&file);
    file.unveil(ME(), at("2026-03-02T09:41:00Z")).unwrap();
    stored(&file);
    file.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    file.begin_verification(&examiner(2), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    stored(&file);
    // As it was stored before there were states.
    let mut old = serde_json::to_value(examined()).unwrap();
    for added in ["among", "analysis", "looked_at", "comparisons", "unveiled_at", "changes", "verification"] {
        old["examination"].as_object_mut().unwrap().remove(added).unwrap();
    }
    old["examination"]["concluded_at"] = "2026-03-02T09:40:00Z".into();
    let old: CaseFile = serde_json::from_value(old).unwrap();
    assert!(matches!(old.examination, Some(Examination::Concluded(_))));
}

#[test]
fn a_second_examiner_sees_only_the_blind_bench() {
    let mut file = unveiled_file();
    assert!(file.may_open(&examiner(2)).is_err());
    assert!(!file.waits_for(&examiner(2)));
    file.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    assert!(file.waits_for(&examiner(2)) && !file.waits_for(&examiner(1)));
    let own = file.begin_verification(&examiner(1), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap_err();
    assert!(own[0].missing.contains("your own case"));
    let untrained = Person { training: None, ..examiner(3) };
    assert!(file.begin_verification(&untrained, 9, at("2026-03-02T10:00:00Z"), &policy()).is_err());
    file.begin_verification(&examiner(2), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    assert!(file.begin_verification(&examiner(3), 9, at("2026-03-02T10:00:00Z"), &policy()).is_err(), "one at a time");

    let shown = file.candidates(&examiner(2));
    assert_eq!(shown.len(), 4, "the lead and three others");
    let text = serde_json::to_string(&shown).unwrap();
    assert!(!text.contains("subject-") && !text.contains("score") && !text.contains("limited-support"), "{text}");
    assert!(!file.shows_candidate(&examiner(2), shown[0].id), "the second examiner analyses the probe first too");
    assert!(file.shows_probe(&examiner(2)) && !file.shows_probe(&examiner(3)));
    assert!(file.may_open(&examiner(2)).is_err(), "the case itself stays shut");

    let hand_in = |file: &mut CaseFile| file.hand_in(&examiner(2).reference(), at("2026-03-02T11:00:00Z"), &policy());
    assert!(hand_in(&mut file).is_err());
    let two = examiner(2).id;
    file.at_bench(two, |b, _| b.edit_analysis(analysis())).unwrap();
    file.at_bench(two, |b, _| b.record_analysis(at("2026-03-02T10:05:00Z"))).unwrap();
    assert!(!file.shows_candidate(&examiner(2), candidate(15)), "only what is on the bench");
    for c in &shown {
        file.at_bench(two, |b, s| b.conclude_on(s, c.id, Some(Conclusion::Exclusion), "", at("2026-03-02T10:20:00Z")))
            .unwrap();
    }
    assert!(hand_in(&mut file).unwrap_err()[0].missing.contains("not opened"), "thumbnails are no comparison");
    for c in &shown {
        file.at_bench(two, |b, s| b.look_at(s, c.id, at("2026-03-02T10:25:00Z"))).unwrap();
        file.at_bench(two, |b, s| b.conclude_on(s, c.id, Some(Conclusion::Exclusion), "", at("2026-03-02T10:30:00Z")))
            .unwrap();
    }
    assert!(
        file.change_conclusion(ME(), candidate(0), Conclusion::Support, "Looked again", at("2026-03-02T10:40:00Z"))
            .is_err(),
        "the question does not change while it is answered"
    );
    hand_in(&mut file).unwrap();
    let outcome = |file: &CaseFile| {
        let Some(examination) = &file.examination else { panic!("no examination") };
        prove(examination.clone()).outcome()
    };
    let inconclusive = Outcome::Lead { candidate: candidate(0), conclusion: Conclusion::Inconclusive };
    assert_eq!(outcome(&file), inconclusive, "a disagreement makes it inconclusive");
    let conference = |second: u128, account: &str| Conference {
        held_by: [examiner(1).reference(), examiner(second).reference()],
        account: account.to_owned(),
        agreed: Conclusion::LimitedSupport,
        at: at("2026-03-02T11:20:00Z"),
        confirmed_at: None,
    };
    assert!(file.confer(ME(), conference(3, "Looked again together")).is_err(), "not the verifier");
    assert!(file.confer(ME(), conference(2, " ")).is_err());
    file.confer(ME(), conference(2, "Looked again at the left ear at full size")).unwrap();
    assert_eq!(outcome(&file), Outcome::Lead { candidate: candidate(0), conclusion: Conclusion::LimitedSupport });
    assert_eq!(file.state(Step::Verify), StepState::Done);
}

#[test]
fn a_conclusion_changed_after_unveiling_keeps_both() {
    let mut file = unveiled_file();
    let now = at("2026-03-02T09:45:00Z");
    assert!(file.change_conclusion(ME(), candidate(0), Conclusion::Exclusion, " ", now).is_err(), "a reason is needed");
    assert!(file.change_conclusion(ME(), candidate(0), Conclusion::LimitedSupport, "Same as before", now).is_err());
    file.change_conclusion(ME(), candidate(5), Conclusion::Support, "The score is high", now).unwrap();
    let lead = |file: &CaseFile| prove(file.examination.clone().unwrap()).outcome();
    assert!(
        matches!(lead(&file), Outcome::Lead { candidate: c, .. } if c == candidate(0)),
        "nobody becomes a lead by a score"
    );
    file.change_conclusion(ME(), candidate(0), Conclusion::Exclusion, "Ears differ after all", now).unwrap();
    assert_eq!(lead(&file), Outcome::NoneOfThese);
    let shown = file.candidates(&examiner(1));
    let first = shown.iter().find(|c| c.id == candidate(0)).unwrap();
    assert_eq!(first.conclusion.as_ref().unwrap().conclusion, Conclusion::Exclusion);
    assert_eq!(first.blind.as_ref().unwrap().conclusion, Conclusion::LimitedSupport);
    assert!(file.ask_verification(&examiner(1).reference(), now, &policy()).is_err(), "there is no lead any more");
}

#[test]
fn a_short_list_cannot_be_verified() {
    let mut file = searched();
    send(&mut file, 1, "2026-03-02T09:12:00Z");
    file.add_search(search_with(1, |s| s.id = SearchId(uuid(31))), 7).unwrap();
    at_bench(&mut file, |b, _| b.edit_analysis(analysis()));
    at_bench(&mut file, |b, _| b.record_analysis(at("2026-03-02T09:15:00Z")));
    let now = at("2026-03-02T09:20:00Z");
    at_bench(&mut file, |b, s| b.look_at(s, candidate(0), now));
    at_bench(&mut file, |b, s| b.compare(s, candidate(0), comparison(12)));
    at_bench(&mut file, |b, s| b.conclude_on(s, candidate(0), Some(Conclusion::Support), "", now));
    at_bench(&mut file, |b, _| {
        b.keep(Some(candidate(0)));
        Ok(())
    });
    file.conclude(ME(), now, &policy(), &Elsewhere::default()).unwrap();
    file.unveil(ME(), now).unwrap();
    let gaps = file.ask_verification(&examiner(1).reference(), now, &policy()).unwrap_err();
    assert!(gaps[0].missing.contains("0 other candidates"), "{gaps:?}");
}

#[test]
fn a_prepared_copy_is_searched_beside_the_original() {
    let by = examiner(1).reference();
    let mut file = searched();
    assert!(file.prepare(vec![PreparationStep::Rotate { degrees: 4.0 }]).is_err(), "a search was made");
    let kept = forge(&mut file);
    (kept.searches, kept.sent, kept.examination) = (Vec::new(), Vec::new(), None);
    assert!(file.prepare(vec![PreparationStep::Tone { brightness: 3.0, contrast: 1.0, gamma: 1.0 }]).is_err());
    let face = file.image.as_ref().unwrap().faces[0].clone();
    assert!(file.choose_prepared(Some(face.clone())).is_err(), "nothing is prepared");
    file.prepare(vec![PreparationStep::Rotate { degrees: 4.0 }]).unwrap();
    let confirm =
        |file: &mut CaseFile| file.confirm_probe(ProbeId(uuid(20)), by.clone(), at("2026-03-02T09:10:00Z"), &policy());
    file.choose_prepared(Some(SeenFace { quality: 3, ..face.clone() })).unwrap();
    assert_eq!(confirm(&mut file).unwrap_err()[0].place, "preparation");
    file.choose_prepared(Some(face)).unwrap();
    confirm(&mut file).unwrap();
    assert_eq!(file.probe.as_ref().unwrap().prepared().unwrap().steps.len(), 1);
    file.prepare(Vec::new()).unwrap();
    assert!(file.probe.is_none() && file.preparation.chosen.is_none(), "another copy must be chosen anew");
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
    file.confirm_purpose(by, at("2026-03-02T09:00:00Z"), &policy(), &Elsewhere::default()).unwrap();
    assert_eq!(file.state(Step::Probe), StepState::Open);
    file.edit_purpose(CaseDraft { offence: String::new(), ..case_draft() }).unwrap();
    assert_eq!(file.state(Step::Probe), StepState::Shut);
    assert_eq!(file.gaps(&examiner(1), &clock("2026-03-02T09:01:00Z"), &policy())[0].place, "purpose.offence");
}

#[test]
fn what_contradicts_the_lead_is_never_removed() {
    let mut file = unveiled_file();
    let against = Entry { finding: Some(Finding::Contradicts), ..support(300, Category::Witness) };
    file.edit_checklist(|list| list.entries.push(against)).unwrap();
    let refused = |file: &mut CaseFile, change: fn(&mut Checklist)| {
        let before = file.checklist.clone();
        assert!(file.edit_checklist(change).unwrap_err()[0].missing.contains("stays on the record"));
        assert_eq!(file.checklist, before, "nothing changed");
    };
    refused(&mut file, |list| list.entries.clear());
    refused(&mut file, |list| list.entries[0].finding = Some(Finding::Supports));
    refused(&mut file, |list| list.entries[0].shows = " ".to_owned());
    file.edit_checklist(|list| list.entries[0].shows.push_str(", says W-2")).unwrap();
}

#[test]
fn an_entry_is_changed_alone_and_by_the_same_rules() {
    let mut file = unveiled_file();
    let against = Entry { finding: Some(Finding::Contradicts), ..support(300, Category::Witness) };
    file.edit_checklist(|list| list.entries.extend([against.clone(), support(301, Category::Vehicle)])).unwrap();
    let before = file.checklist.clone();
    file.edit_entry(Entry { shows: format!("{}, says W-2", against.shows), ..against.clone() }).unwrap();
    assert_eq!(file.checklist.entries[1..], before.entries[1..], "nothing else changed");
    assert_eq!(file.checklist.panel, before.panel);
    let turned = file.edit_entry(Entry { finding: Some(Finding::Supports), ..against }).unwrap_err();
    assert!(turned[0].missing.contains("stays on the record"));
    let gone = file.edit_entry(support(999, Category::Witness)).unwrap_err();
    assert!(gone[0].missing.contains("removed meanwhile"), "an entry that is gone does not come back by typing");
    let mut panel = before.panel.clone();
    panel.speaks_for_the_person = "Was at work that evening".to_owned();
    file.edit_panel(panel.clone()).unwrap();
    assert_eq!(file.checklist.panel, panel);
    assert_eq!(file.checklist.entries[1..], before.entries[1..]);
}

#[test]
fn a_turned_photograph_came_in_when_it_came_in_and_is_the_same_one() {
    let by = examiner(1).reference();
    let mut file = CaseFile::begin(CaseId(uuid(10)), by.clone());
    file.edit_purpose(case_draft()).unwrap();
    file.confirm_purpose(by, at("2026-03-02T09:00:00Z"), &policy(), &Elsewhere::default()).unwrap();
    let draft = probe_draft();
    let turned = |facts: &ImageFacts| ImageFacts { turned: facts.turned.next(), ..facts.clone() };
    assert!(file.turn_image(turned(&draft.image), Vec::new()).is_err(), "nothing was brought");
    file.bring_image(draft.image.clone(), Vec::new(), draft.imported_at).unwrap();
    let other = ImageFacts { sha256: "cd".repeat(32), ..turned(&draft.image) };
    assert!(file.turn_image(other, Vec::new()).is_err(), "another photograph was brought meanwhile");
    assert!(file.turn_image(draft.image.clone(), Vec::new()).is_err(), "it is not turned");
    for degrees in [90, 180, 270, 0] {
        let facts = turned(&file.image.as_ref().unwrap().facts);
        file.turn_image(facts, Vec::new()).unwrap();
        let image = file.image.as_ref().unwrap();
        assert_eq!((image.facts.turned.degrees(), image.imported_at), (degrees, draft.imported_at));
    }
}

#[test]
fn a_photograph_that_declares_itself_generated_enters_nowhere() {
    let declared = |kind: &str| vec![Saying::Declared { kind: kind.to_owned() }];
    let draft = probe_draft();
    let now = draft.imported_at;
    let face = || {
        let (bounds, quality) = (draft.face.unwrap(), draft.quality.unwrap());
        vec![SeenFace { bounds, quality, findings: Vec::new() }]
    };
    let mut file = CaseFile::begin(CaseId(uuid(10)), examiner(1).reference());
    file.edit_purpose(case_draft()).unwrap();
    file.confirm_purpose(examiner(1).reference(), at("2026-03-02T09:00:00Z"), &policy(), &Elsewhere::default())
        .unwrap();
    file.bring_image(draft.image.clone(), face(), now).unwrap();
    for kind in ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeCapture", "digitalArt"] {
        let image = ImageFacts { says: declared(kind), sha256: "ef".repeat(32), ..draft.image.clone() };
        let gaps = file.bring_image(image.clone(), face(), now).unwrap_err();
        assert!(gaps[0].place == "probe.file" && gaps[0].missing.contains(kind), "{gaps:?}");
        assert_eq!(file.bring_further(image.clone(), face(), now).unwrap_err()[0].place, "further");
        // A draft or a record that holds one passes no gate, whoever wrote it.
        let forged = ProbeDraft { image, ..probe_draft() };
        let by = examiner(1).reference();
        let id = probe().id();
        assert!(forged.accept(id, &case(), by, now, &policy()).is_err());
        let mut record = serde_json::to_value(probe()).unwrap();
        record["image"]["says"] = serde_json::to_value(declared(kind)).unwrap();
        let error = serde_json::from_value::<ProbeRecord>(record).unwrap_err().to_string();
        assert!(error.contains(kind), "{error}");
    }
    let camera = ImageFacts { says: declared("digitalCapture"), ..draft.image.clone() };
    file.bring_image(camera, face(), now).unwrap();
    let written = serde_json::to_string(&probe()).unwrap();
    assert!(!written.contains("says"), "a record of before reads and digests as it did");
}
