//! Accounts that are flagged, and notes whose parts do not belong together.

use casework::samples::*;
use casework::*;

use super::{SEALED, gaps_of, rewrite, supervisor};

fn telling(narrative: &str) -> CaseFile {
    let mut file = file();
    file.edit_note(NoteForm { narrative: narrative.to_owned(), ..file.note.clone() }).unwrap();
    file
}

#[test]
fn a_flagged_account_needs_a_supervisor_who_read_this_one() {
    let flagged = |file: &CaseFile| gaps_of(file).iter().any(|gap| gap.place == "note.supervisor");
    let text = "The person was seen at the protest before the robbery.";
    let mut file = telling(text);
    assert!(flagged(&file));
    let now = at("2026-03-02T11:40:00Z");
    for person in [examiner(3), Person { roles: vec![Role::Supervisor], ..examiner(1) }] {
        assert!(file.confirm_account(&person, now).is_err(), "{}", person.name);
    }
    file.confirm_account(&supervisor(9), now).unwrap();
    assert!(!flagged(&file));
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    assert_eq!(note.content().account_confirmed.as_ref().unwrap().by, supervisor(9).reference());
    note.content().proven().unwrap();
    // Who confirmed has read it, and verifies no more.
    assert!(file.seen_by.iter().any(|seen| seen.by == supervisor(9).reference()));
    // Another text, or another reason, is another account.
    let mut other = file.clone();
    other.edit_note(NoteForm { narrative: format!("{text} So says the clerk."), ..file.note.clone() }).unwrap();
    assert!(flagged(&other));
    file.edit_note(NoteForm { reason: "Seen at the mosque that evening".to_owned(), ..file.note.clone() }).unwrap();
    assert!(flagged(&file));
    // Nobody who works on it confirms it in a forged note, and nobody confirms it later.
    type Forge = fn(&mut Confirmation);
    let forgeries: [Forge; 3] = [
        |c| c.by = examiner(1).reference(),
        |c| c.at = at("2026-03-02T12:00:01Z"),
        |c| c.of = "another account".to_owned(),
    ];
    for forge in forgeries {
        let mut forged = note.content().clone();
        forge(forged.account_confirmed.as_mut().unwrap());
        assert!(forged.proven().is_err());
    }
}

#[test]
fn an_account_has_room_and_an_end() {
    let narrative = |characters: usize| {
        let text = "The clerk was asked again. ".repeat(characters / 27 + 1);
        gaps_of(&telling(&text[..characters])).iter().any(|gap| gap.place == "note.narrative")
    };
    assert!(!narrative(20_000) && narrative(20_001));
}

#[test]
fn a_checklist_is_judged_where_it_is_sealed() {
    let seal = |around: &Circumstances, now: &str| {
        let complete = checklist().complete(&policy(), around).unwrap();
        let clock = StandingClock(at(now));
        CaseNote::seal(note_draft(), concluded(), complete, examiner(1).reference(), &clock, &policy())
    };
    assert!(seal(&around(SEALED), SEALED).is_ok());
    assert!(seal(&around(SEALED), "2026-03-02T12:30:00Z").is_ok(), "judged a while ago");
    assert!(seal(&around("2026-03-02T12:30:00Z"), SEALED).is_err(), "judged in the future");
    let mut elsewhere = around(SEALED);
    elsewhere.probe_files.clear();
    assert!(seal(&elsewhere, SEALED).is_err());
    assert!(seal(&Circumstances::default(), SEALED).is_err(), "judged against nothing");
}

#[test]
fn a_note_proves_itself_under_the_policy_of_its_department() {
    let own =
        Offence { code: "9.40 LAMC".to_owned(), name: "Own".to_owned(), class: OffenceClass::Felony, injury: false };
    let policy = Policy { sha256: "cd".repeat(32), offence: vec![own], ..policy() };
    let mut draft = case_draft();
    draft.basis.code = "9.40 LAMC".to_owned();
    let by = examiner(1).reference();
    let case = draft.open(case().id(), by.clone(), at("2026-03-02T09:00:00Z"), &policy, None).unwrap();
    let mut file = forged(file(), |kept| {
        kept.purpose = draft;
        kept.case = Some(case);
    });
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy).unwrap();
    assert_eq!(note.content().policy, policy.sha256);
    note.content().proven().unwrap();
    file.mark_sealed(&note);
}

#[test]
fn no_list_of_another_purpose_or_time_proves_itself() {
    let mut again = file();
    super::searched_again(&mut again);
    let (first, second) = (again.searches[0].clone(), again.searches[1].clone());
    let aside = again.history.set_aside[0].clone();
    let base = {
        let mut note = corroborated().content().clone();
        note.searches = vec![first.clone(), second];
        note
    };
    type Forge = Box<dyn Fn(&mut NoteContent)>;
    let forgeries: Vec<(&str, Forge)> = vec![
        ("another purpose", Box::new(|n| rewrite(n, "/searches/1/purpose", "training".into()))),
        ("another probe", Box::new(|n| rewrite(n, "/searches/1/probe_sha256", "cd".repeat(32).into()))),
        ("after the note", Box::new(|n| rewrite(n, "/searches/1/at", "2026-03-02T12:00:01Z".into()))),
        ("set aside of no list", {
            let aside = aside.clone();
            Box::new(move |n| {
                n.history.set_aside.push(aside.clone());
                n.searches.remove(0);
            })
        }),
        ("set aside before its list", {
            let aside = SetAside { at: at("2026-03-02T09:11:59Z"), ..aside.clone() };
            Box::new(move |n| n.history.set_aside.push(aside.clone()))
        }),
    ];
    for (name, forge) in forgeries {
        let mut note = base.clone();
        forge(&mut note);
        let wrong = note.proven().unwrap_err();
        assert!(["search", "examination"].contains(&wrong[0].place.as_str()), "{name}: {wrong:?}");
    }
}

#[test]
fn a_note_of_a_lead_tells_no_score_of_a_list_that_nobody_unveiled() {
    let mut file = file();
    forge(&mut file).examination = Some(Examination::Blind(examination()));
    super::searched_again(&mut file);
    super::keeps(&mut file, 3);
    let me = examiner(1).id;
    file.conclude(me, at("2026-03-02T10:10:00Z"), &policy(), &Elsewhere::default()).unwrap();
    file.unveil(me, at("2026-03-02T10:11:00Z")).unwrap();
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    let told: Vec<bool> = note.content().searches.iter().map(|search| search.candidates().is_withheld()).collect();
    assert_eq!(told, [true, false]);
    note.content().proven().unwrap();
}

#[test]
fn a_note_without_a_history_says_nothing_of_one() {
    let plain = serde_json::to_value(corroborated().content()).unwrap();
    assert!(plain.get("history").is_none());
}

#[test]
fn no_note_is_sealed_over_times_that_are_out_of_order() {
    let sealed_with = |imported: &str, sealed: &str| {
        let brought = ProbeDraft { imported_at: at(imported), ..probe_draft() };
        let probe = brought
            .accept(ProbeId(uuid(20)), &case(), examiner(1).reference(), at("2026-03-02T09:20:00Z"), &policy())
            .unwrap();
        let complete = checklist().complete(&policy(), &around(SEALED)).unwrap();
        let draft = NoteDraft { probe, ..note_draft() };
        CaseNote::seal(draft, concluded(), complete, examiner(1).reference(), &StandingClock(at(sealed)), &policy())
    };
    let told = |sealed: Result<SealedNote, SealError>| {
        sealed.err().is_some_and(|e| e.0.iter().any(|gap| gap.missing.contains("out of order")))
    };
    // Searched at 09:12, concluded at 09:40.
    assert!(!told(sealed_with("2026-03-02T09:05:00Z", SEALED)));
    assert!(told(sealed_with("2026-03-02T09:13:00Z", SEALED)));
    assert!(told(sealed_with("2026-03-02T09:05:00Z", "2026-03-02T09:39:00Z")));
}

#[test]
fn a_note_without_a_lead_marks_who_comes_up_twice_and_names_nobody() {
    let again = search_with(20, |s| {
        s.id = SearchId(uuid(31));
        let listed = (0..20).map(|rank: u32| Candidate {
            id: CandidateId(uuid(5000 + u128::from(rank))),
            subject_id: if rank == 7 { "subject-2".to_owned() } else { format!("stranger-{rank}") },
            score: Some(0.7 - rank as f32 / 100.0),
            captured_on: None,
            agency: None,
            other_photos: Vec::new(),
        });
        s.candidates = CandidateList::new(listed.collect());
    });
    let mut file = file();
    forge(&mut file).searches = vec![again, search(20)];
    // And one who was unveiled in another case.
    forge(&mut file).history.elsewhere.push(UnveiledElsewhere {
        subject_id: "subject-5".to_owned(),
        to: examiner(7).reference(),
        case: CaseId(uuid(11)),
        at: at("2026-03-01T22:00:00Z"),
        disagreed: false,
    });
    file.edit_checklist(|list| {
        list.entries.push(Entry { finding: Some(Finding::Contradicts), ..support(300, Category::Alibi) });
    })
    .unwrap();
    let (disposition, reason) = (Some(Disposition::Excluded), "The alibi excludes the person.".to_owned());
    file.edit_note(NoteForm { disposition, reason, ..file.note.clone() }).unwrap();
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    let text = serde_json::to_string(note.content()).unwrap();
    assert!(!text.contains("subject-") && !text.contains("stranger-"));
    assert_eq!(text.matches("person 1").count(), 2, "the one person of both lists");
    assert_eq!(text.matches("person 2").count(), 2, "in the list, and where it says who was seen elsewhere");
    assert!(!text.contains("person 3"));
    note.content().proven().unwrap();
}
