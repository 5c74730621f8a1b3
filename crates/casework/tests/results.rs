//! What came of approved notes: nobody gets around saying what an arrest rested on.

use casework::samples::*;
use casework::*;

const HASH: &str = "abababababababababababababababababababababababababababababababab";

fn day(text: &str) -> Day {
    Day(text.parse().unwrap())
}

fn supervisor(n: u128) -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(n) }
}

fn reviewed(decision: Decision) -> ReviewContent {
    let judged = Judgement::ALL.into_iter().map(|judgement| Judged {
        judgement,
        holds: Some(decision == Decision::Approve),
        remark: "It rests on one source".to_owned(),
    });
    let form = ReviewForm {
        judged: judged.collect(),
        decision: Some(decision),
        reason: "The auditor should look at the basis".to_owned(),
        remarks: Vec::new(),
    };
    let at = at("2026-03-03T09:00:00Z");
    Review::decide(corroborated().content(), HASH, &form, &supervisor(9), at).unwrap().content().clone()
}

fn form(kind: ResultKind) -> ResultForm {
    ResultForm {
        kind: Some(kind),
        on: Some(day("2026-03-05")),
        authority: "Demo Police Department, robbery".to_owned(),
        account: "The person was arrested at home without incident.".to_owned(),
        rested_on: match kind.rests_on_something() {
            true => vec![evidence("Fingerprint on the till, matched by the laboratory")],
            false => Vec::new(),
        },
        ..ResultForm::default()
    }
}

fn evidence(what: &str) -> RestedOn {
    RestedOn::Evidence {
        what: what.to_owned(),
        source: "County laboratory".to_owned(),
        source_knew_result: Some(false),
        compares_faces: Some(false),
    }
}

fn record_by(form: &ResultForm, earlier: &[ResultContent], by: &Person) -> Result<ResultContent, Vec<Gap>> {
    let reviews = [reviewed(Decision::Approve)];
    let id = ResultId(uuid(700 + earlier.len() as u128));
    let note = corroborated();
    let result = InvestigativeResult::record(
        (note.content(), HASH),
        &reviews,
        earlier,
        id,
        form,
        by,
        at("2026-03-10T09:00:00Z"),
    )?;
    let content = result.content().clone();
    content.proven((note.content(), HASH), &reviews, earlier).unwrap();
    Ok(content)
}

fn record(form: &ResultForm, earlier: &[ResultContent]) -> Result<ResultContent, Vec<Gap>> {
    record_by(form, earlier, &examiner(1))
}

fn refused(form: &ResultForm, earlier: &[ResultContent], place: &str) {
    let gaps = record(form, earlier).unwrap_err();
    assert!(gaps.iter().all(|gap| gap.place == place), "{place}: {gaps:?}");
}

#[test]
fn results_come_after_the_approval_and_from_people_of_the_case() {
    let note = corroborated();
    let attempt = |reviews: &[ReviewContent], by: &Person| {
        let moment = at("2026-03-10T09:00:00Z");
        InvestigativeResult::record(
            (note.content(), HASH),
            reviews,
            &[],
            ResultId(uuid(7)),
            &form(ResultKind::Arrest),
            by,
            moment,
        )
    };
    for reviews in [vec![], vec![reviewed(Decision::Return)], vec![reviewed(Decision::Refer)]] {
        assert!(attempt(&reviews, &examiner(1)).unwrap_err()[0].missing.contains("approved"));
    }
    let approved = [reviewed(Decision::Approve)];
    assert!(attempt(&approved, &examiner(2)).is_ok(), "the verifier took part");
    assert!(attempt(&approved, &supervisor(9)).is_ok());
    assert!(attempt(&approved, &examiner(7)).is_err(), "a stranger");
    for role in [Role::Auditor, Role::Administrator] {
        assert!(attempt(&approved, &Person { roles: vec![role], ..examiner(1) }).is_err(), "{role:?}");
    }
}

#[test]
fn an_arrest_that_rests_on_the_lead_alone_is_a_violation_however_it_is_written() {
    let note = corroborated();
    let independent = |wanted: bool| {
        let found = note.content().standings.iter().find(|(_, s)| (*s == Standing::Independent) == wanted);
        RestedOn::Entry { entry: found.unwrap().0 }
    };
    let with = |rested_on: Vec<RestedOn>, kind| record(&ResultForm { rested_on, ..form(kind) }, &[]).unwrap().concerns;
    let sourced = |source: &str| RestedOn::Evidence {
        what: "The report of the analyst on file".to_owned(),
        source: source.to_owned(),
        source_knew_result: Some(false),
        compares_faces: Some(false),
    };
    let answered = |knew, faces| RestedOn::Evidence {
        what: "The clerk pointed him out".to_owned(),
        source: "The clerk".to_owned(),
        source_knew_result: Some(knew),
        compares_faces: Some(faces),
    };
    let alone = [
        vec![],
        vec![independent(false)],
        vec![evidence("Face recognition result of the county")],
        vec![evidence("The FACIAL-RECOGNITION search said so")],
        vec![evidence("Clerk picked him from a line-up")],
        vec![evidence("Clerk picked him from a lineup")],
        vec![evidence("Clerk picked him from a six-pack of photographs")],
        vec![evidence("La rueda de reconocimiento del martes")],
        vec![evidence("Clerk recognized the booking photo at once")],
        vec![evidence("f\u{200b}ace recognition by the county system")],
        vec![sourced("Regional facial recognition")],
        vec![answered(true, false)],
        vec![answered(false, true)],
        vec![independent(false), answered(true, true), evidence("The photo array of March 4")],
    ];
    for rested_on in alone {
        for kind in [ResultKind::Arrest, ResultKind::ChargeAdded, ResultKind::SearchWarrant] {
            assert_eq!(with(rested_on.clone(), kind), [Concern::LeadAlone], "{rested_on:?}");
        }
        assert_eq!(with(rested_on.clone(), ResultKind::VehicleImpounded), [], "{rested_on:?}");
    }
    for rested_on in [vec![independent(true)], vec![evidence("Fingerprint on the till, found by the laboratory")]] {
        assert_eq!(with(rested_on, ResultKind::Arrest), []);
    }
    // Correcting it later does not undo that it was.
    let violation = record(&ResultForm { rested_on: vec![], ..form(ResultKind::Arrest) }, &[]).unwrap();
    let corrects = ResultForm { corrects: Some(violation.id), ..form(ResultKind::Arrest) };
    let after = record(&corrects, std::slice::from_ref(&violation)).unwrap();
    let digest = digest_of(&[violation.clone(), after]);
    let span = Span { from: day("2026-03-01"), to: day("2026-03-31") };
    let figures = ResultFigures::of(&[digest], None, &span, "UTC");
    assert_eq!((figures.all.count(ResultKind::Arrest), figures.all.violations), (1, 1));
    // Nor does a hand that takes the violation out of the record.
    let forged = ResultContent { concerns: Vec::new(), ..violation };
    assert!(forged.proven((note.content(), HASH), &[reviewed(Decision::Approve)], &[]).is_err());
}

fn digest_of(results: &[ResultContent]) -> CaseDigest {
    let note = corroborated();
    CaseDigest::of(&file(), &[(note.content(), vec![reviewed(Decision::Approve)])], results, "Task force 9").unwrap()
}

/// Nobody takes back what speaks against their own work, by correcting it into something else.
#[test]
fn a_misidentification_is_taken_back_by_nobody_who_had_a_hand_in_it() {
    let wrong = record(&form(ResultKind::Misidentification), &[]).unwrap();
    for kind in [ResultKind::NoAction, ResultKind::Arrest, ResultKind::Cleared] {
        let instead = ResultForm { corrects: Some(wrong.id), ..form(kind) };
        for by in [examiner(1), examiner(2), supervisor(1)] {
            let gaps = record_by(&instead, std::slice::from_ref(&wrong), &by).unwrap_err();
            assert!(gaps.iter().any(|gap| gap.place == "result.corrects"), "{kind:?} {gaps:?}");
        }
        let stranger = record_by(&instead, std::slice::from_ref(&wrong), &supervisor(9)).unwrap();
        assert!(stranger.concerns.contains(&Concern::AnotherKind), "{kind:?}");
    }
    let same = ResultForm { corrects: Some(wrong.id), ..form(ResultKind::Misidentification) };
    assert!(record(&same, std::slice::from_ref(&wrong)).is_ok(), "its words are corrected by whoever worked on it");
}

#[test]
fn an_arrest_before_the_approval_is_looked_at() {
    let early = ResultForm { on: Some(day("2026-03-02")), ..form(ResultKind::Arrest) };
    assert_eq!(record(&early, &[]).unwrap().concerns, [Concern::BeforeApproval]);
}

#[test]
fn half_an_answer_is_none() {
    let base = || form(ResultKind::Arrest);
    refused(&ResultForm { kind: None, ..base() }, &[], "result.kind");
    for on in [None, Some(day("2026-02-27")), Some(day("2026-03-11")), Some(day("2099-01-01"))] {
        refused(&ResultForm { on, ..base() }, &[], "result.on");
    }
    for empty in ["", " \u{a0}\u{200b}", ".", "\u{2800}"] {
        refused(&ResultForm { authority: empty.to_owned(), ..base() }, &[], "result.authority");
        refused(&ResultForm { account: empty.to_owned(), ..base() }, &[], "result.account");
        refused(&ResultForm { rested_on: vec![evidence(empty)], ..base() }, &[], "result.rested_on");
    }
    refused(&ResultForm { account: "yes yes yes".to_owned(), ..base() }, &[], "result.account");
    refused(
        &ResultForm { rested_on: vec![RestedOn::Entry { entry: EntryId(uuid(1)) }], ..base() },
        &[],
        "result.rested_on",
    );
    let open = RestedOn::Evidence {
        what: "The clerk pointed him out".to_owned(),
        source: "The clerk".to_owned(),
        source_knew_result: None,
        compares_faces: Some(false),
    };
    refused(&ResultForm { rested_on: vec![open], ..base() }, &[], "result.rested_on");
    // A felony names nobody, and a description stands somewhere.
    refused(&form(ResultKind::PersonNamed), &[], "result.kind");
    let described = Described { race: Some(Race::White), ..Described::default() };
    refused(&ResultForm { described, ..base() }, &[], "result.described");
}

#[test]
fn the_end_of_a_charge_has_its_beginning() {
    let dropped = form(ResultKind::ChargesDropped);
    refused(&dropped, &[], "result.of");
    let arrest = record(&form(ResultKind::Arrest), &[]).unwrap();
    let of = ResultForm { of: Some(arrest.id), ..dropped.clone() };
    let ended = record(&of, std::slice::from_ref(&arrest)).unwrap();
    let both = [arrest.clone(), ended.clone()];
    refused(&of, &both, "result.of");
    let acquitted = ResultForm { of: Some(arrest.id), ..form(ResultKind::Acquitted) };
    refused(&acquitted, &both, "result.of");
    assert!(record_by(&ResultForm { corrects: Some(ended.id), ..acquitted }, &both, &supervisor(9)).is_ok());
    let early = ResultForm { on: Some(day("2026-03-04")), of: Some(arrest.id), ..dropped };
    refused(&early, std::slice::from_ref(&arrest), "result.of");
    refused(&ResultForm { of: Some(arrest.id), ..form(ResultKind::NoAction) }, &both, "result.of");
}

#[test]
fn a_misidentification_adds_to_the_note() {
    let note = corroborated();
    let reviews = [reviewed(Decision::Approve)];
    let learned = ResultForm {
        account: "His alibi was confirmed by the hospital.".to_owned(),
        ..form(ResultKind::Misidentification)
    };
    let now = at("2026-03-10T09:00:00Z");
    let result = InvestigativeResult::record(
        (note.content(), HASH),
        &reviews,
        &[],
        ResultId(uuid(7)),
        &learned,
        &examiner(1),
        now,
    )
    .unwrap();
    assert_eq!(result.content().concerns, [Concern::WrongPerson]);
    let text = result.addendum().unwrap();
    assert!(text.contains("hospital") && text.contains("must not be used"), "{text}");
    assert!(Addendum::write(note.content(), HASH, 0, &text, &examiner(1), now).is_ok());
}

#[test]
fn no_lead_leaves_that_nobody_approved_or_that_was_found_wrong() {
    let approved = [reviewed(Decision::Approve)];
    let both = [reviewed(Decision::Approve), reviewed(Decision::Return)];
    assert_eq!(Leaving::of(&approved, &[]), Leaving::AsLead);
    assert_eq!(Leaving::of(&[], &[]), Leaving::NotApproved(Approval::NotReviewed));
    assert_eq!(Leaving::of(&both, &[]), Leaving::NotApproved(Approval::DecidedDifferently));
    let arrest = record(&form(ResultKind::Arrest), &[]).unwrap();
    assert_eq!(Leaving::of(&approved, std::slice::from_ref(&arrest)), Leaving::AsLead);
    for kind in [ResultKind::Misidentification, ResultKind::Cleared] {
        let wrong = record(&form(kind), std::slice::from_ref(&arrest)).unwrap();
        let results = [arrest.clone(), wrong.clone()];
        assert_eq!(Leaving::of(&approved, &results), Leaving::FoundWrong, "{kind:?}");
        assert_eq!(Leaving::of(&both, &results), Leaving::FoundWrong, "{kind:?}");
    }
    // What was recorded by mistake is corrected, and stands no more.
    let cleared = record(&form(ResultKind::Cleared), &[]).unwrap();
    let instead = ResultForm { corrects: Some(cleared.id), ..form(ResultKind::NoAction) };
    let after = record_by(&instead, std::slice::from_ref(&cleared), &supervisor(8)).unwrap();
    assert_eq!(Leaving::of(&approved, &[cleared, after]), Leaving::AsLead);
}

#[test]
fn an_operation_against_an_assembly_is_seen() {
    let named = |name: &str| Operation::of(name, examiner(1).reference(), at("2026-03-10T09:00:00Z"));
    assert_eq!(named("  Task   force 9 ").unwrap().name, "Task force 9");
    assert!(named("Task force 9").unwrap().flags().is_empty());
    assert!(!named("May Day protest detail").unwrap().flags().is_empty());
    assert!(named("").is_ok());
    for wrong in [".", "\u{200b}\u{200b}", &"x".repeat(81)] {
        assert!(named(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn days_are_those_of_the_people() {
    let mut digest = digest_of(&[]);
    digest.searches[0].at = at("2026-04-01T02:00:00Z");
    let march = Span { from: day("2026-03-01"), to: day("2026-03-31") };
    let searches = |zone| ResultFigures::of(std::slice::from_ref(&digest), None, &march, zone).all.searches;
    assert_eq!((searches("America/Los_Angeles"), searches("UTC")), (1, 0));
}
