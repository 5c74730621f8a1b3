//! What each door gives follows the one decision of who may be told what.

use casework::samples::*;
use casework::*;

use super::{SEALED, supervisor};

/// What the doors give `person`: the note, the probe, whether a verification waits or is theirs, whether work of theirs is
/// there, the lead's photograph, another candidate's.
fn doors(file: &CaseFile, person: &Person, other: CandidateId) -> [bool; 7] {
    [
        file.may_read_note(person),
        file.shows_probe(person),
        file.waits_for(person),
        file.verifies(person),
        file.work_of(person).is_some(),
        file.shows_candidate(person, candidate(0)),
        file.shows_candidate(person, other),
    ]
}

const NOTHING: [bool; 7] = [false; 7];

#[test]
fn an_open_case_is_its_examiners_alone() {
    let open = file();
    let far = candidate(7);
    assert_eq!(doors(&open, &examiner(1), far), [true, true, false, false, true, true, true]);
    for stranger in
        [examiner(2), supervisor(9), Person { roles: vec![Role::Auditor, Role::Administrator], ..examiner(3) }]
    {
        assert_eq!(doors(&open, &stranger, far), NOTHING, "{:?}", stranger.roles);
        assert!(open.may_open(&stranger).is_err());
    }
    assert!(open.may_open(&examiner(1)).is_ok());
    assert!(
        open.may_open(&Person { roles: vec![Role::Supervisor], ..examiner(1) }).is_err(),
        "the role was taken away"
    );
    assert!(
        !forged(open, |kept| {
            kept.searches = Vec::new();
        })
        .shows_candidate(&examiner(1), candidate(0))
    );
}

#[test]
fn a_verifier_reaches_the_own_bench_and_nothing_beside_it() {
    let mut asked = file();
    asked.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy()).unwrap();
    let far = candidate(7);
    assert_eq!(doors(&asked, &examiner(2), far), [false, false, true, false, false, false, false], "it waits for them");
    assert!(!asked.waits_for(&examiner(1)) && !asked.waits_for(&supervisor(9)));
    asked.begin_verification(&examiner(2), 9, at("2026-03-02T10:00:00Z"), &policy()).unwrap();
    let among = &asked.work_of(&examiner(2)).unwrap().among;
    let outside = (0..20).map(candidate).find(|id| !among.contains(id)).unwrap();
    asked.at_bench(examiner(2).id, |b, _| b.edit_analysis(analysis())).unwrap();
    asked.at_bench(examiner(2).id, |b, _| b.record_analysis(at("2026-03-02T10:05:00Z"))).unwrap();
    assert_eq!(doors(&asked, &examiner(2), outside), [false, true, true, true, true, true, false]);
    assert_eq!(doors(&asked, &examiner(3), outside), NOTHING, "one is enough");
    assert!(!asked.verifies(&examiner(1)) && asked.may_open(&examiner(2)).is_err());
}

#[test]
fn a_sealed_note_shows_a_supervisor_its_lead_and_no_other() {
    let sealed = |disposition: Disposition, reason: &str| {
        let mut file = file();
        forge(&mut file).note.disposition = Some(disposition);
        forge(&mut file).note.reason = reason.to_owned();
        file.edit_note(file.note.clone()).unwrap();
        if disposition == Disposition::Excluded {
            file.edit_checklist(|list| {
                list.panel.answers[0].answer = Some(ContradictionAnswer::Contradicts);
                list.panel.answers[0].rests_on = "The door frame beside the till".to_owned();
            })
            .unwrap();
        }
        let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
        file.mark_sealed(&note);
        file
    };
    let far = candidate(7);
    let lead = sealed(Disposition::LeadNotCorroborated, "");
    assert_eq!(doors(&lead, &supervisor(9), far), [true, true, false, false, false, true, false]);
    assert_eq!(doors(&lead, &examiner(2), far), NOTHING);
    let excluded = sealed(Disposition::Excluded, "It was somebody else after all.");
    assert_eq!(doors(&excluded, &supervisor(9), far), [true, true, false, false, false, false, false]);
}

#[test]
fn whoever_works_on_a_case_reads_nothing_of_it_by_another_role_and_everybody_else_once() {
    let now = at(SEALED);
    let mut begun = CaseFile::begin(CaseId(uuid(50)), examiner(1).reference());
    assert!(!begun.saw(&examiner(1), now), "who began it, before there is a list");
    let mut open = forged(file(), |kept| {
        kept.opened_by = examiner(5).reference();
    });
    for working in [examiner(5), examiner(1), Person { roles: vec![Role::Supervisor], ..examiner(1) }] {
        assert!(!open.saw(&working, now), "{} {:?}", working.name, working.roles);
    }
    assert!(open.seen_by.is_empty());
    assert!(open.saw(&supervisor(9), now));
    assert!(!open.saw(&supervisor(9), now), "once");
    assert_eq!(open.seen_by.len(), 1);
}
