//! Somebody who wants around the gates, with the rules at hand: each attack was possible before its rule.

#[path = "unwilling/doors.rs"]
mod doors;
#[path = "unwilling/elsewhere.rs"]
mod elsewhere;
#[path = "unwilling/entries.rs"]
mod entries;
#[path = "unwilling/handover.rs"]
mod handover;
#[path = "unwilling/kept.rs"]
mod kept;
#[path = "unwilling/notes.rs"]
mod notes;
#[path = "unwilling/panel.rs"]
mod panel;
#[path = "unwilling/standings.rs"]
mod standings;

use casework::samples::*;
use casework::*;

const SEALED: &str = "2026-03-02T12:00:00Z";

fn supervisor(n: u128) -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(n) }
}

fn gaps_of(file: &CaseFile) -> Vec<Gap> {
    file.gaps(&examiner(1), &StandingClock(at(SEALED)), &policy())
}

/// The sample's case, searched once more: another list of the same people.
fn searched_again(file: &mut CaseFile) {
    searched_for(file, |_, subject| subject);
}

/// Searched once more; `subject` says who stands at a rank, given who stood there before.
fn searched_for(file: &mut CaseFile, subject: impl Fn(usize, String) -> String) {
    searched_by(file, &examiner(1), subject);
}

fn searched_by(file: &mut CaseFile, by: &Person, subject: impl Fn(usize, String) -> String) {
    let now = at("2026-03-02T09:50:00Z");
    file.send_search(by, SearchFilters::default(), now, &policy(), &Elsewhere::default()).unwrap();
    let listed = search(20);
    let told: Vec<Candidate> = serde_json::from_value(serde_json::to_value(listed.candidates()).unwrap()).unwrap();
    let told = told.into_iter().enumerate().map(|(at, c)| Candidate {
        id: CandidateId(uuid(5000 + at as u128)),
        subject_id: subject(at, c.subject_id.clone()),
        ..c
    });
    let again = search_with(20, |s| {
        (s.id, s.at, s.by) = (SearchId(uuid(31)), at("2026-03-02T09:51:00Z"), by.reference());
        s.candidates = CandidateList::new(told.collect());
    });
    file.add_search(again, 9).unwrap();
}

fn second(rank: u32) -> CandidateId {
    CandidateId(uuid(5000 + u128::from(rank)))
}

/// Keeps the second list's `rank` by examiner 1.
fn keeps(file: &mut CaseFile, rank: u32) {
    keeps_by(file, &examiner(1), rank);
}

fn keeps_by(file: &mut CaseFile, by: &Person, rank: u32) {
    let (me, now) = (by.id, at("2026-03-02T10:00:00Z"));
    file.at_bench(me, |b, _| b.edit_analysis(analysis())).unwrap();
    file.at_bench(me, |b, _| b.record_analysis(at("2026-03-02T09:55:00Z"))).unwrap();
    file.at_bench(me, |b, s| b.look_at(s, second(rank), now)).unwrap();
    file.at_bench(me, |b, s| b.compare(s, second(rank), comparison(9))).unwrap();
    file.at_bench(me, |b, s| b.conclude_on(s, second(rank), Some(Conclusion::LimitedSupport), "", now)).unwrap();
    for other in (0..5).filter(|other| *other != rank) {
        file.at_bench(me, |b, s| b.look_at(s, second(other), now)).unwrap();
        file.at_bench(me, |b, s| b.conclude_on(s, second(other), Some(Conclusion::Exclusion), "", now)).unwrap();
    }
    file.at_bench(me, |b, _| {
        b.keep(Some(second(rank)));
        Ok(())
    })
    .unwrap();
}

fn disclosed(file: &CaseFile, person: &Person) -> Result<String, Vec<Gap>> {
    let made = file.disclosure(person, Vec::new(), Vec::new(), worth, at(SEALED), &policy())?;
    Ok(serde_json::to_string(&made).unwrap())
}

#[test]
fn an_event_is_disclosed_with_its_own_case_alone() {
    let (case, other) = (CaseId(uuid(10)), CaseId(uuid(11)));
    let notes = [NoteId(uuid(40))];
    let concerns = |detail: serde_json::Value| event_concerns(&detail.to_string(), case, &notes);
    assert!(concerns(serde_json::json!({ "case": case })));
    assert!(concerns(serde_json::json!({ "note": notes[0], "sha256": "ab" })), "an event that names the note alone");
    let id = case.to_string();
    for detail in [
        serde_json::json!({ "case": other }),
        serde_json::json!({ "case": other, "reason": format!("as in {id}") }),
        serde_json::json!({ "case": &id[..8] }),
        serde_json::json!({ "case": "" }),
        serde_json::json!({ "note": case }),
        serde_json::json!({ "number": "26-0001" }),
    ] {
        assert!(!concerns(detail.clone()), "{detail}");
    }
    assert!(!event_concerns(&id, case, &notes), "no JSON");
}

#[test]
fn nothing_is_disclosed_of_a_list_before_it_is_unveiled() {
    let mut blind = file();
    forge(&mut blind).examination = Some(Examination::Blind(examination()));
    let mut concluded = file();
    let done = examination().conclude(&search(20), at("2026-03-02T09:40:00Z"), &policy()).unwrap();
    forge(&mut concluded).examination = Some(Examination::Concluded(done));
    for hidden in [&blind, &concluded] {
        for person in [examiner(1), supervisor(9)] {
            let text = disclosed(hidden, &person).unwrap();
            assert!(!text.contains("subject-") && !text.contains("\"score\"") && !text.contains("worth"), "{text}");
            let order: Vec<usize> = (0..20).filter_map(|n| text.find(&candidate(n).to_string())).collect();
            assert_eq!(order.len(), 20, "the rows are there, and say nothing");
        }
    }
    assert!(disclosed(&file(), &examiner(1)).unwrap().contains("subject-0"), "unveiled, everything is disclosed");
    let mut again = file();
    searched_again(&mut again);
    let text = disclosed(&again, &examiner(1)).unwrap();
    assert!(text.contains("subject-0"), "the first list was unveiled, and that is not forgotten");
    assert_eq!(text.matches("subject-0\"").count(), 1, "the second list says nothing yet");
    assert_eq!(text.matches("\"worth\"").count(), 1, "nor what its scores are worth");
}

#[test]
fn who_may_be_asked_to_verify_is_told_nothing_by_another_role() {
    let both = Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(7) };
    let mut open = file();
    let sight = open.sight(&both);
    assert_eq!((sight.note, sight.disclosure, sight.probe, sight.case), (false, false, false, false));
    assert!(disclosed(&open, &both).is_err());
    open.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    assert!(open.sight(&both).waits && !open.sight(&both).disclosure);
    // Who has read by another role cannot verify, under this account or another with the same badge.
    let reader = supervisor(8);
    assert!(open.sight(&reader).disclosure && open.saw(&reader, at("2026-03-02T09:55:00Z")));
    let examining = Person { roles: vec![Role::Examiner], ..examiner(8) };
    let twin = Person { id: PersonId(uuid(88)), ..examining.clone() };
    for person in [examining, twin] {
        assert!(!open.sight(&person).waits);
        let refused = open.begin_verification(&person, 1, at("2026-03-02T10:00:00Z"), &policy()).unwrap_err();
        assert!(refused[0].missing.contains("seen of this case"), "{refused:?}");
    }
    // Who began compares on, and no note can be sealed and read meanwhile.
    open.begin_verification(&both, 1, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    assert!(open.sight(&both).seat == Some(Seat::Verifier) && !open.sight(&both).note);
    assert!(gaps_of(&open).iter().any(|g| g.place == "verification" && g.missing.contains("compares now")));
    forge(&mut open).seen_by.push(SeenBy { by: both.reference(), at: at("2026-03-02T10:10:00Z") });
    let refused = open.hand_in(&both.reference(), at("2026-03-02T11:00:00Z"), &policy()).unwrap_err();
    assert!(refused[0].missing.contains("since you began"), "{refused:?}");
}

#[test]
fn what_a_second_examiner_sees_at_the_own_bench_is_no_reading_by_another_role() {
    let (both, now) = (Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(7) }, at(SEALED));
    let mut open = file();
    open.ask_verification(&examiner(1).reference(), now, &policy()).unwrap();
    open.begin_verification(&both, 1, now, &policy()).unwrap();
    assert!(open.sight(&both).probe && !open.saw(&both, now) && open.seen_by.is_empty());
    open.withdraw_verification(examiner(1).id, now).unwrap();
    assert!(open.saw(&both, now), "the bench is gone; what they read now they read as supervisor");
}

#[test]
fn a_kept_lead_with_support_does_not_leave_as_excluded() {
    let mut kept = file();
    forge(&mut kept).note.disposition = Some(Disposition::Excluded);
    forge(&mut kept).note.reason = "It was somebody else after all.".to_owned();
    kept.edit_note(kept.note.clone()).unwrap();
    assert!(gaps_of(&kept).iter().any(|g| g.missing.contains("Nothing on record excludes")), "{:?}", gaps_of(&kept));
    kept.edit_checklist(|list| {
        list.panel.answers[0].answer = Some(ContradictionAnswer::Contradicts);
        list.panel.answers[0].rests_on = "The door frame beside the till".to_owned();
    })
    .unwrap();
    assert_eq!(gaps_of(&kept), []);
    let note = kept.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    let text = serde_json::to_string(&note).unwrap();
    assert!(!text.contains("subject-") && !text.contains("\"score\""), "an exclusion shows nobody of the gallery");
    note.content().proven().unwrap();
}

#[test]
fn whom_an_earlier_list_did_not_name_may_become_a_lead() {
    for (rank, free) in [(3, false), (15, true)] {
        let mut again = file();
        searched_for(&mut again, |at, subject| if at < 10 { subject } else { format!("stranger-{at}") });
        keeps(&mut again, rank);
        let done = again.conclude(examiner(1).id, at("2026-03-02T10:10:00Z"), &policy(), &Elsewhere::default());
        assert_eq!(done.is_ok(), free, "{rank}: {done:?}");
    }
}

#[test]
fn what_was_unveiled_cannot_become_a_lead_by_searching_again() {
    let mut again = file();
    searched_again(&mut again);
    assert_eq!(again.history.set_aside.len(), 1, "the earlier examination is kept");
    keeps(&mut again, 3);
    let conclude = |file: &mut CaseFile, elsewhere: &Elsewhere| {
        file.conclude(examiner(1).id, at("2026-03-02T10:10:00Z"), &policy(), elsewhere)
    };
    let refused = conclude(&mut again, &Elsewhere::default()).unwrap_err();
    assert!(refused[0].missing.contains("shown to you"), "{refused:?}");
    // Nor in another case about the same probe.
    let seen = file();
    let mut other = forged(file(), |kept| {
        kept.id = CaseId(uuid(11));
        kept.examination = Some(Examination::Blind(examination()));
    });
    let elsewhere = other.elsewhere([&seen]);
    assert_eq!(elsewhere.unveiled.len(), 20);
    assert!(conclude(&mut other, &elsewhere).is_err());
    // Another examiner may.
    let mut theirs = forged(file(), |kept| {
        kept.id = CaseId(uuid(12));
    });
    theirs.recall(&theirs.elsewhere([&seen]));
    assert!(!theirs.history.is_empty(), "on record");
    // And who saw it there does not verify it here.
    let mut asked = forged(file(), |kept| {
        kept.opened_by = examiner(5).reference();
    });
    forge(&mut asked).id = CaseId(uuid(13));
    asked.recall(&asked.elsewhere([&seen]));
    assert!(!asked.sight(&examiner(1)).waits);
}

#[test]
fn a_disagreement_follows_the_lead_through_a_given_up_verification() {
    let mut file = file();
    file.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    file.begin_verification(&examiner(2), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    let (two, now) = (examiner(2).id, at("2026-03-02T10:20:00Z"));
    file.at_bench(two, |b, _| b.edit_analysis(analysis())).unwrap();
    file.at_bench(two, |b, _| b.record_analysis(at("2026-03-02T10:05:00Z"))).unwrap();
    file.at_bench(two, |b, s| b.look_at(s, candidate(0), now)).unwrap();
    file.at_bench(two, |b, s| b.conclude_on(s, candidate(0), Some(Conclusion::Exclusion), "", now)).unwrap();
    file.withdraw_verification(examiner(1).id, at("2026-03-02T10:30:00Z")).unwrap();
    assert_eq!(file.history.given_up.len(), 1);
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    let Outcome::Lead { conclusion, .. } = note.content().outcome else { panic!("no lead") };
    assert_eq!(conclusion, Conclusion::Inconclusive);
    assert!(note.content().facts.iter().any(|f| f.about == "Verification that was given up"));
    note.content().proven().unwrap();
}

/// Examiner 5's examination of the same list, which keeps `rank`; verified by examiner 6, who concludes `on_lead` on it.
fn by_another(rank: u32, on_lead: Option<Conclusion>) -> Examination {
    let (list, now) = (search(20), at("2026-03-02T09:25:00Z"));
    let mut bench = Blind::begin(list.id(), examiner(5).reference(), 7);
    bench.edit_analysis(analysis()).unwrap();
    bench.record_analysis(at("2026-03-02T09:15:00Z")).unwrap();
    for at in 0..4 {
        let conclusion = if at == rank { Conclusion::LimitedSupport } else { Conclusion::Exclusion };
        bench.look_at(&list, candidate(at), now).unwrap();
        bench.compare(&list, candidate(at), comparison(if at == rank { 9 } else { 0 })).unwrap();
        bench.conclude_on(&list, candidate(at), Some(conclusion), "", now).unwrap();
    }
    bench.keep(Some(candidate(rank)));
    let concluded = bench.conclude(&list, at("2026-03-02T09:30:00Z"), &policy()).unwrap();
    let unveiled = concluded.unveil(at("2026-03-02T09:31:00Z"));
    let Some(on_lead) = on_lead else { return Examination::Unveiled(unveiled) };
    let on_others = if rank == 0 { Conclusion::Exclusion } else { on_lead };
    let second = samples::second(6, if rank == 0 { on_lead } else { Conclusion::Exclusion }, on_others);
    Examination::Verified(unveiled.verified(second, &list, at("2026-03-02T11:00:00Z"), &policy()).unwrap())
}

#[test]
fn only_a_disagreement_on_this_subject_follows_it_from_an_examination_that_was_set_aside() {
    let after = |aside: Examination| {
        let mut file = file();
        forge(&mut file).history.set_aside = vec![SetAside { examination: aside, at: at("2026-03-02T09:12:00Z") }];
        let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
        note.content().proven().unwrap();
        let Outcome::Lead { conclusion, .. } = note.content().outcome else { panic!("no lead") };
        conclusion
    };
    assert_eq!(after(by_another(0, Some(Conclusion::Exclusion))), Conclusion::Inconclusive);
    assert_eq!(after(by_another(0, Some(Conclusion::Support))), Conclusion::LimitedSupport, "they agreed");
    assert_eq!(after(by_another(0, None)), Conclusion::LimitedSupport, "nobody was asked");
    assert_eq!(after(by_another(1, Some(Conclusion::Exclusion))), Conclusion::LimitedSupport, "on somebody else");
}

#[test]
fn entries_count_for_the_candidate_they_were_made_for() {
    let mut file = file();
    file.add_entry(EntryId(uuid(700)), Category::Vehicle).unwrap();
    assert_eq!(file.checklist.entries.last().unwrap().made_for, Some(candidate(0)));
    // It cannot be typed away.
    file.edit_checklist(|list| {
        for entry in &mut list.entries {
            entry.made_for = None;
        }
    })
    .unwrap();
    assert_eq!(file.checklist.entries.last().unwrap().made_for, Some(candidate(0)));
    let mut list = checklist();
    list.entries.push(Entry { made_for: Some(candidate(7)), ..support(201, Category::Vehicle) });
    let standings = list.standings(&around(SEALED));
    assert_eq!(standings[3].1, Standing::NotCounted { objections: vec![Objection::MadeForAnother] });
}

#[test]
fn support_without_substance_does_not_count() {
    let worth = |change: &dyn Fn(&mut Entry)| {
        let mut entry = support(201, Category::Witness);
        change(&mut entry);
        let list = Checklist { entries: vec![entry], ..Checklist::default() };
        list.standings(&around(SEALED))[0].1.clone()
    };
    assert_eq!(worth(&|_| {}), Standing::Independent);
    type Change = Box<dyn Fn(&mut Entry)>;
    let changes: Vec<(&str, Change)> = vec![
        ("invisible", Box::new(|e| e.shows = "\u{3164}\u{200b}".to_owned())),
        ("single letters", Box::new(|e| (e.shows, e.link_to_crime) = ("a".to_owned(), "b".to_owned()))),
        ("the same twice", Box::new(|e| e.link_to_crime = e.shows.to_uppercase())),
        ("after the search", Box::new(|e| e.independence.recorded_at = Some(at("2026-03-02T09:12:00Z")))),
        ("the requester", Box::new(|e| details(e).witness = "Alvarez, R., Detective".to_owned())),
        ("the author's badge", Box::new(|e| details(e).witness = "badge 0001".to_owned())),
        ("the probe itself", Box::new(|e| e.attachments = vec![attachment(PROBE_SHA256)])),
        ("in the future", Box::new(|e| e.obtained_at = Some(at("2026-03-02T12:00:01Z")))),
        ("years before", Box::new(|e| e.independence.recorded_at = Some(at("2016-03-01T22:00:00Z")))),
        ("half answered", Box::new(|e| e.independence.about_event = None)),
    ];
    for (name, change) in changes {
        let found = worth(&*change);
        assert_ne!(found, Standing::Independent, "{name}");
    }
    // One source, file or sentence in two entries is one.
    for same in ["source", "file", "words"] {
        let (mut one, mut other) = (support(201, Category::Vehicle), support(202, Category::Witness));
        match same {
            "source" => other.source = "SOURCE  201.".to_owned(),
            "file" => {
                one.attachments = vec![attachment("77")];
                other.attachments = vec![attachment("77")];
            }
            _ => other.shows = one.shows.replace('e', "\u{435}"),
        }
        let list = Checklist { entries: vec![one, other], ..Checklist::default() };
        let counted = list.standings(&around(SEALED)).into_iter().filter(|(_, s)| *s == Standing::Independent).count();
        assert_eq!(counted, 1, "{same}");
    }
    let mut file = file();
    assert!(
        file.attach(file.checklist.entries[0].id, attachment(PROBE_SHA256)).is_err(),
        "the probe is not attached at all"
    );
}

fn details(entry: &mut Entry) -> &mut WitnessDetails {
    match &mut entry.details {
        Details::Witness(w) => w,
        _ => panic!("no witness"),
    }
}

#[test]
fn what_contradicts_is_only_added_to() {
    let mut file = file();
    let against = Entry { finding: Some(Finding::Contradicts), ..support(300, Category::Alibi) };
    file.edit_checklist(|list| list.entries.push(against)).unwrap();
    let at_last = file.checklist.entries.len() - 1;
    type Change = fn(&mut Entry);
    let changes: [(&str, Change); 6] = [
        ("overwritten", |e| e.shows = "Nothing of use was found".to_owned()),
        ("source", |e| e.source = "Hearsay".to_owned()),
        ("another finding", |e| e.finding = Some(Finding::Inconclusive)),
        ("undated first", |e| e.obtained_at = None),
        ("another kind", |e| e.details = Details::Phone(FurtherDetails { rests_on: "Record".to_owned() })),
        ("emptied", |e| e.shows.clear()),
    ];
    for (name, change) in changes {
        let before = file.checklist.clone();
        assert!(file.edit_checklist(|list| change(&mut list.entries[at_last])).is_err(), "{name}");
        assert_eq!(file.checklist, before, "{name}");
    }
    file.edit_checklist(|list| list.entries[at_last].shows.push_str(" Confirmed on 3 March.")).unwrap();
    file.edit_checklist(|list| {
        list.panel.answers[2].answer = Some(ContradictionAnswer::Contradicts);
        list.panel.answers[2].rests_on = "Born 1950".to_owned();
    })
    .unwrap();
    assert!(
        file.edit_checklist(|list| list.panel.answers[2].answer = Some(ContradictionAnswer::Consistent)).is_err(),
        "a contradiction of the panel stays one"
    );
    file.edit_checklist(|list| list.panel.answers[2].rests_on = "Not known".to_owned()).unwrap();
    assert_eq!(file.checklist.panel.answers[2].earlier, ["Born 1950"], "what it said is kept");
}

/// Changes a note as somebody does who has its text.
fn rewrite(note: &mut NoteContent, pointer: &str, to: serde_json::Value) {
    let mut text = serde_json::to_value(&*note).unwrap();
    *text.pointer_mut(pointer).unwrap() = to;
    *note = serde_json::from_value(text).unwrap();
}

#[test]
fn no_forged_note_proves_itself() {
    corroborated().content().proven().unwrap();
    sealed().content().proven().unwrap();
    type Forge = fn(&mut NoteContent);
    let forgeries: [(&str, Forge); 19] = [
        ("another disposition", |n| n.disposition = Disposition::Excluded),
        ("no entries", |n| n.checklist.entries.clear()),
        ("claimed standings", |n| n.standings[0].1 = Standing::Independent),
        ("another fact", |n| n.facts[0].text = "Identified.".to_owned()),
        ("a fact left out", |n| drop(n.facts.pop())),
        ("another statement", |n| n.statement = "Identified.".to_owned()),
        ("agreement", |n| {
            let second = n.examination.verification.as_mut().unwrap();
            second.work.conclusions.get_mut(&candidate(0)).unwrap().conclusion = Conclusion::Exclusion;
            n.verification.clone_from(&n.examination.verification);
        }),
        ("an invented conference", |n| {
            let by = examiner(1).reference();
            let held = Conference {
                held_by: [by.clone(), by],
                account: String::new(),
                agreed: Conclusion::Support,
                at: at("2026-03-02T11:30:00Z"),
                confirmed_at: None,
            };
            n.examination.verification.as_mut().unwrap().conference = Some(held);
            n.verification.clone_from(&n.examination.verification);
        }),
        ("another verifier", |n| {
            n.examination.verification.as_mut().unwrap().verifier = examiner(6).reference();
            n.verification.clone_from(&n.examination.verification);
        }),
        ("verified by the examiner", |n| {
            n.examination.verification.as_mut().unwrap().work.examiner = examiner(1).reference();
            n.verification.clone_from(&n.examination.verification);
        }),
        ("an empty analysis", |n| n.examination.work.analysis.components.clear()),
        ("nobody opened", |n| n.examination.work.looked_at.clear()),
        ("another purpose", |n| rewrite(n, "/case/purpose", "imminent-threat".into())),
        ("another charge", |n| {
            let other = serde_json::to_value(find_offence("602 PC", &[])).unwrap();
            rewrite(n, "/case/charge", other);
        }),
        ("a poor probe", |n| rewrite(n, "/probe/quality", 3.into())),
        ("another probe's search", |n| rewrite(n, "/searches/0/probe_sha256", "cd".repeat(32).into())),
        ("sealed before the search", |n| n.sealed_at = at("2026-03-02T09:00:00Z")),
        ("a case opened after its search", |n| rewrite(n, "/case/opened_at", "2026-03-02T09:12:01Z".into())),
        ("an older schema", |n| n.schema = "corroborate.note.v1".to_owned()),
    ];
    for (name, forge) in forgeries {
        let mut note = corroborated().content().clone();
        forge(&mut note);
        assert!(note.proven().is_err(), "{name}");
    }
}

#[test]
fn a_case_may_be_opened_in_the_second_of_its_search() {
    let mut note = sealed().content().clone();
    rewrite(&mut note, "/case/opened_at", "2026-03-02T09:12:00Z".into());
    note.proven().unwrap();
}

#[test]
fn a_note_of_a_departments_own_offence_proves_itself() {
    let own = Offence { code: "LAMC 52.34".to_owned(), ..find_offence("211 PC", &[]).unwrap() };
    let policy = Policy { offence: vec![own], ..policy() };
    let basis = Basis { code: "LAMC 52.34".to_owned(), ..case_draft().basis };
    let draft = CaseDraft { basis, ..case_draft() };
    let (by, now) = (examiner(1).reference(), at("2026-03-02T09:00:00Z"));
    let case = draft.open(case().id(), by.clone(), now, &policy, None).unwrap();
    let probe =
        probe_draft().accept(ProbeId(uuid(20)), &case, by.clone(), at("2026-03-02T09:10:00Z"), &policy).unwrap();
    let complete = checklist().complete(&policy, &around(SEALED)).unwrap();
    let draft = NoteDraft { case, probe, ..note_draft() };
    let note = CaseNote::seal(draft, concluded(), complete, by, &StandingClock(at(SEALED)), &policy).unwrap();
    note.content().proven().unwrap();
}

#[test]
fn no_forged_review_proves_itself() {
    let note = corroborated();
    let sha = PROBE_SHA256;
    let mut form = ReviewForm { decision: Some(Decision::Approve), ..ReviewForm::default() };
    form.judged.iter_mut().for_each(|j| j.holds = Some(true));
    let review = Review::decide(note.content(), sha, &form, &supervisor(9), at("2026-03-03T09:00:00Z")).unwrap();
    review.content().proven(note.content(), sha).unwrap();
    type Forge = fn(&mut ReviewContent);
    let forgeries: [(&str, Forge); 6] = [
        ("no role", |r| r.role = None),
        ("an examiner's", |r| r.role = Some(Role::Examiner)),
        ("the author's own", |r| r.reviewer = examiner(1).reference()),
        ("against its answers", |r| r.judged[0].holds = Some(false)),
        ("before the note", |r| r.at = at("2026-03-02T09:00:00Z")),
        ("unanswered", |r| r.judged.clear()),
    ];
    for (name, forge) in forgeries {
        let mut forged = review.content().clone();
        forge(&mut forged);
        assert!(forged.proven(note.content(), sha).is_err(), "{name}");
    }
    assert!(review.content().proven(note.content(), &"cd".repeat(32)).is_err(), "another note's");
}

#[test]
fn what_a_search_was_sent_with_stands_and_the_third_needs_a_supervisor() {
    let mut file = file();
    forge(&mut file).searches.clear();
    forge(&mut file).sent.clear();
    forge(&mut file).examination = None;
    forge(&mut file).sealed = None;
    let send = |file: &mut CaseFile, now: &str| {
        file.send_search(&examiner(1), SearchFilters::default(), at(now), &policy(), &Elsewhere::default())
    };
    send(&mut file, "2026-03-02T09:12:00Z").unwrap();
    assert!(file.edit_purpose(CaseDraft::default()).is_err(), "no answer has come yet, and it stands");
    assert!(file.edit_origin(ProbeOrigin::default()).is_err());
    assert!(file.add_search(search_with(20, |s| s.purpose = Purpose::Training), 1).is_err());
    assert!(file.add_search(search_with(20, |s| s.by = examiner(4).reference()), 1).is_err());
    for n in 0..2u128 {
        file.add_search(search_with(20, |s| s.id = SearchId(uuid(60 + n))), 1).unwrap();
        if n == 0 {
            send(&mut file, "2026-03-02T09:13:00Z").unwrap();
        }
    }
    assert_eq!(send(&mut file, "2026-03-02T09:20:00Z").unwrap_err()[0].place, "search.supervisor");
    let now = at("2026-03-02T09:21:00Z");
    assert!(file.confirm_search(&examiner(3), &Elsewhere::default(), now).is_err());
    file.confirm_search(&supervisor(9), &Elsewhere::default(), now).unwrap();
    send(&mut file, "2026-03-02T09:22:00Z").unwrap();
    assert!(file.referrals().iter().any(|r| r.contains("searched")), "{:?}", file.referrals());
}

#[test]
fn a_returned_note_needs_an_answer_and_a_change_that_is_one() {
    let mut file = file();
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    file.mark_sealed(&note);
    let mut form = ReviewForm { decision: Some(Decision::Return), ..ReviewForm::default() };
    form.judged.iter_mut().for_each(|j| j.holds = Some(true));
    form.remarks = vec![Remark { place: "note.narrative".to_owned(), text: "Say who was asked".to_owned() }];
    let review = Review::decide(note.content(), "", &form, &supervisor(9), at("2026-03-02T13:00:00Z")).unwrap();
    file.reopen(review.content()).unwrap();
    let places = |file: &CaseFile| -> Vec<String> {
        let clock = StandingClock(at("2026-03-02T14:00:00Z"));
        file.gaps(&examiner(1), &clock, &policy()).into_iter().map(|g| g.place).collect()
    };
    assert_eq!(places(&file), ["note.answers.0", "note.narrative"]);
    let typed = |file: &mut CaseFile, narrative: String, answer: &str| {
        let answers = vec![answer.to_owned()];
        file.edit_note(NoteForm { narrative, answers, ..file.note.clone() }).unwrap();
    };
    let before = file.note.narrative.clone();
    typed(&mut file, format!("  {before}\u{200b} "), "The clerk was asked.");
    assert_eq!(places(&file), ["note.narrative"], "white space is no change");
    typed(&mut file, format!("{before} The clerk was asked."), "x");
    assert_eq!(places(&file), ["note.answers.0"]);
    typed(&mut file, format!("{before} The clerk was asked."), "The clerk was asked.");
    assert_eq!(places(&file), Vec::<String>::new());
    let clock = StandingClock(at("2026-03-02T14:00:00Z"));
    let again = file.seal(NoteId(uuid(41)), &examiner(1), &clock, &policy()).unwrap();
    assert_eq!(again.content().answers[0].remark.text, "Say who was asked");
    let changes = difference(note.content(), again.content());
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].label, "Account");
}

#[test]
fn a_reviewer_sees_whatever_an_amended_note_says_otherwise() {
    let note = corroborated().content().clone();
    assert_eq!(difference(&note, &note), []);
    let changed = |label: &str, change: &dyn Fn(&mut NoteContent), words: (&str, &str)| {
        let mut other = note.clone();
        change(&mut other);
        let found = difference(&note, &other);
        let [one] = found.as_slice() else { panic!("{label}: {found:?}") };
        assert_eq!(one.label, label);
        assert!(one.before.contains(words.0) && one.after.contains(words.1), "{label}: {one:?}");
    };
    let lead = |at: u32, conclusion| Outcome::Lead { candidate: candidate(at), conclusion };
    changed("Examination", &|n| n.outcome = Outcome::NoneOfThese, ("a lead, limited support", "none of these"));
    changed("Examination", &|n| n.outcome = lead(0, Conclusion::Support), ("limited support", "a lead, support"));
    let (before, after) = (candidate(0).to_string(), candidate(7).to_string());
    changed("Examination", &|n| n.outcome = lead(7, Conclusion::LimitedSupport), (&before, &after));
    changed("Disposition", &|n| n.disposition = Disposition::Excluded, ("lead, corroborated", "excluded"));
    changed("Verification", &|n| n.verification = None, ("Examiner 2: ", ""));
    // The last entry is a witness that supports.
    let last = |n: &mut NoteContent, change: &dyn Fn(&mut Entry)| n.checklist.entries.last_mut().map(change).unwrap();
    let finding = |e: &mut Entry| e.finding = Some(Finding::Contradicts);
    changed("Witness statement", &|n| last(n, &finding), ("supports", "contradicts"));
    let knew = |e: &mut Entry| e.independence.source_knew_result = Some(true);
    changed("Witness statement", &|n| last(n, &knew), ("source knew the result: no", "source knew the result: yes"));
    let said = |e: &mut Entry| e.shows = "Something else".to_owned();
    changed("Witness statement", &|n| last(n, &said), ("", "Something else"));
    let obtained = |e: &mut Entry| e.obtained_at = Some(at("2026-03-02T11:11:00Z"));
    changed("Witness statement", &|n| last(n, &obtained), ("obtained 2026-03-02 11:00", "obtained 2026-03-02 11:11"));
    let file = |e: &mut Entry| e.attachments = vec![attachment("cd")];
    changed("Witness statement", &|n| last(n, &file), ("", "SHA-256 cdcd"));
    changed("Witness statement", &|n| drop(n.checklist.entries.pop()), ("supports", ""));
    changed("Alibi", &|n| n.checklist.entries.push(support(999, Category::Alibi)), ("", "supports"));
    // The order of the answers says nothing; an answer that is gone does.
    let mut turned = note.clone();
    turned.checklist.panel.answers.reverse();
    assert_eq!(difference(&note, &turned), []);
    let item = note.checklist.panel.answers[0].item.in_words();
    let label = format!("What could speak against it: {item}");
    changed(&label, &|n| drop(n.checklist.panel.answers.remove(0)), ("not known", ""));
    let against = |n: &mut NoteContent| n.checklist.panel.answers[0].answer = Some(ContradictionAnswer::Contradicts);
    changed(&label, &against, ("not known", "contradicts"));
    let resolved = |n: &mut NoteContent| n.checklist.panel.answers[0].resolution = "Two cars".to_owned();
    changed(&label, &resolved, ("", "Two cars"));
    let speaks = |n: &mut NoteContent| n.checklist.panel.speaks_for_the_person = "A ticket".to_owned();
    changed("What speaks for the person", &speaks, ("Nothing known", "A ticket"));
}

#[test]
fn a_note_says_of_each_search_whether_somebody_of_its_list_was_kept() {
    let gave_nothing = |change: &dyn Fn(&mut NoteContent)| {
        let mut note = sealed().content().clone();
        change(&mut note);
        let facts = facts(&note).into_iter().filter(|fact| fact.about.starts_with("Search"));
        facts.map(|fact| fact.text.contains("This search gave nothing")).collect::<Vec<_>>()
    };
    assert_eq!(gave_nothing(&|_| ()), [false]);
    assert_eq!(gave_nothing(&|note| note.outcome = Outcome::NoneOfThese), [true]);
    let further = search_with(20, |s| s.id = SearchId(uuid(31)));
    assert_eq!(gave_nothing(&|note| note.searches.push(further.clone())), [false, true]);
}

#[test]
fn a_note_says_what_was_set_aside_and_withdrawn_and_which_entry_is_worth_what() {
    let mut note = corroborated().content().clone();
    let witness = note.checklist.entries.last_mut().unwrap();
    witness.earlier = vec!["She was not sure.".to_owned()];
    let aside = |examination| SetAside { examination, at: at("2026-03-02T09:45:00Z") };
    note.history.set_aside = vec![aside(Examination::Unveiled(unveiled())), aside(Examination::Blind(examination()))];
    note.withdrawn = vec![candidate(3)];
    let mut opened = bench();
    opened.look_at(&search(20), candidate(0), at("2026-03-02T09:20:00Z")).unwrap();
    note.history.set_aside.extend([aside(Examination::Blind(opened)), aside(Examination::Blind(bench()))]);
    // Two at their thumbnails alone, and one that was opened since.
    let thumbnails = [1, 8, 9].map(|rank| (candidate(rank), at("2026-03-02T09:20:00Z")));
    note.examination.work.at_thumbnail.extend(thumbnails);
    let facts = facts(&note);
    assert!(facts.iter().any(|f| f.text.contains("2 more were excluded at the thumbnail")), "{facts:#?}");
    let of = |about: &str| -> Vec<&str> {
        facts.iter().filter(|fact| fact.about == about).map(|fact| fact.text.as_str()).collect()
    };
    let [first, second, third, fourth] = of("Earlier examination")[..] else { panic!("{facts:#?}") };
    assert!(third.contains("Examiner 1 opened 1 candidates"), "{third}");
    assert!(fourth.contains("before a candidate of it was opened"), "{fourth}");
    for said in
        ["Examiner 1 opened", "Scores and records were unveiled", "3 exclusion", "A further search set it aside"]
    {
        assert!(first.contains(said), "{said}: {first}");
    }
    assert!(!first.contains("thumbnail"), "{first}");
    assert!(second.contains("It was not concluded."), "{second}");
    assert!(facts.iter().any(|fact| fact.text.contains("has withdrawn a candidate of this list")), "{facts:#?}");
    let named = "Witness statement (Source 202): it said before: She was not sure.";
    assert!(facts.iter().any(|fact| fact.text.starts_with(named)), "{facts:#?}");
}

#[test]
fn an_account_of_headings_or_of_a_book_is_none() {
    let with = |narrative: String| {
        let mut file = file();
        forge(&mut file).note.narrative = narrative;
        gaps_of(&file).into_iter().any(|g| g.place == "note.narrative")
    };
    assert!(with("# What was done\n\n# What it came to\n\n# What is not known\n".to_owned()));
    assert!(with("word ".repeat(11_000)));
    assert!(with("a b c d e f".to_owned()));
    assert!(!with("# What was done\nThe clerk was asked again.".to_owned()));
}

#[test]
fn times_are_told_one_way() {
    let moment = at("2026-10-28T17:05:00Z");
    assert_eq!(moment.in_zone("America/Los_Angeles"), "2026-10-28 10:05 PDT (17:05 UTC)");
    let late = at("2026-10-29T02:05:00Z");
    assert_eq!(late.in_zone("America/Los_Angeles"), "2026-10-28 19:05 PDT (2026-10-29 02:05 UTC)");
    assert_eq!(moment.in_zone("UTC"), "2026-10-28 17:05 UTC");
}
