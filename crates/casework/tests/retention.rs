//! The rule of retention, and those who would bend it.

use casework::samples::{at, case, examiner, file, forged, policy, sealed, uuid};
use casework::{
    CaseFile, Confirmed, Day, Decision, Ended, Gap, Gone, Keeping, KeepingWord, KeptNote, Moment, NoteContent,
    OnRecord, Person, PersonRef, PurgePermit, Reckoning, ResultContent, Retention, ReviewContent, Role, StillOpen,
    Witnesses,
};

const SEALED: &str = "2026-03-02T12:00:00Z";
/// Two years and a day after the approval.
const DUE: &str = "2028-03-03T09:00:00Z";

/// A case as it stands, with what borrows from it.
struct Standing {
    file: CaseFile,
    notes: Vec<NoteContent>,
    reviews: Vec<ReviewContent>,
    said: Vec<Keeping>,
    changed_at: Moment,
    disclosed_at: Option<Moment>,
    results: Vec<ResultContent>,
    told_at: Option<Moment>,
    waits: bool,
    moved: bool,
    beside: bool,
}

impl Standing {
    fn record(&self) -> OnRecord<'_> {
        let kept = |note| KeptNote { note, reviews: &self.reviews, addenda: &[], results: &self.results };
        OnRecord {
            file: &self.file,
            changed_at: self.changed_at,
            notes: self.notes.iter().map(kept).collect(),
            moved: self.moved,
            waits: self.waits,
            disclosed_at: self.disclosed_at,
            said: &self.said,
            told_at: self.told_at,
            beside: self.beside,
        }
    }

    fn decide(&self, now: &str) -> Retention {
        Retention::of(&self.record(), &policy().retention, Reckoning::of(at(now), Witnesses::None))
    }

    fn say(&mut self, word: KeepingWord, by: &Person, now: &str) -> Result<(), Vec<Gap>> {
        let said = Keeping::say(word, &self.record(), by, "Suit 26-CV-113 names this search.", at(now))?;
        self.said.push(said);
        Ok(())
    }

    fn purge(&self, by: &Person, now: &str, witnesses: Witnesses) -> Result<PurgePermit, Vec<Gap>> {
        let gone = vec![Gone { kind: "note".to_owned(), sha256: "ab".repeat(32), bytes: 3 }];
        let previewed = Confirmed { by: by.reference(), at: at(now) };
        let reckoning = Reckoning::of(at(now), witnesses);
        PurgePermit::grant(&self.record(), &policy(), reckoning, gone, previewed, by, at(now))
    }
}

fn supervisor(n: u128) -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(n) }
}

fn review(decision: Decision, by: PersonRef) -> ReviewContent {
    let said = serde_json::json!({
        "schema": "corroborate.review.v2", "note": sealed().content().id, "note_sha256": "ab".repeat(32), "decision": decision,
        "reviewer": by, "role": "supervisor", "at": SEALED, "judged": [], "reason": "", "remarks": [],
    });
    serde_json::from_value(said).unwrap()
}

/// An approved lead that nobody has disclosed.
fn approved() -> Standing {
    let note = sealed();
    let mut file = file();
    file.mark_sealed(&note);
    Standing {
        file,
        notes: vec![note.content().clone()],
        reviews: vec![review(Decision::Approve, supervisor(8).reference())],
        said: Vec::new(),
        changed_at: at(SEALED),
        disclosed_at: None,
        results: Vec::new(),
        told_at: None,
        beside: false,
        waits: false,
        moved: false,
    }
}

fn told() -> Standing {
    Standing { told_at: Some(at(DUE)), ..approved() }
}

fn result(n: u128, kind: &str, of: Option<u128>) -> ResultContent {
    let said = serde_json::json!({
        "schema": "x", "id": uuid(n), "note": sealed().content().id, "note_sha256": "ab".repeat(32), "number": n, "kind": kind,
        "on": "2026-03-04", "authority": "LAPD", "account": "", "rested_on": [], "of": of.map(uuid), "corrects": null,
        "described": { "race": null, "gender": null, "age": null, "from": null }, "concerns": [],
        "recorded_by": examiner(1).reference(), "recorded_at": SEALED,
    });
    serde_json::from_value(said).unwrap()
}

const NOTICED: &str = "2028-03-18T09:00:00Z";

fn day(text: &str) -> Day {
    Day(text.parse().unwrap())
}

#[test]
fn a_lead_is_due_after_its_days_and_goes_once_supervisors_were_told() {
    let mut case = approved();
    let until = day("2028-03-01");
    assert_eq!(case.decide("2028-02-29T23:59:59Z"), Retention::NotYet { until, ended: Ended::Lead });
    let due = |goes_from| Retention::Due { since: until, ended: Ended::Lead, goes_from };
    assert_eq!(case.decide(DUE), due(None));
    assert!(case.purge(&supervisor(9), DUE, Witnesses::None).is_err(), "nobody was told");
    case.told_at = Some(at(DUE));
    assert_eq!(case.decide(DUE), due(Some(at("2028-03-17T09:00:00Z"))));
    assert!(case.purge(&supervisor(9), "2028-03-17T08:59:59Z", Witnesses::None).is_err());
    let permit = case.purge(&supervisor(9), NOTICED, Witnesses::None).unwrap();
    assert_eq!((permit.content().days, permit.content().witnessed), (730, false));
    assert_eq!(permit.content().number, "26-000123");
    // What was told before it was due tells of nothing.
    case.told_at = Some(at("2027-01-01T00:00:00Z"));
    assert_eq!(case.decide(NOTICED), due(None));
}

#[test]
fn what_gave_nothing_or_never_came_to_a_note_goes_sooner() {
    let mut nothing = approved();
    nothing.notes[0].disposition = casework::Disposition::NoCandidate;
    let until = day("2026-05-31");
    assert_eq!(nothing.decide("2026-05-30T12:00:00Z"), Retention::NotYet { until, ended: Ended::Nothing });
    assert!(matches!(nothing.decide("2026-05-31T00:00:00Z"), Retention::Due { ended: Ended::Nothing, .. }));
    // Whoever approved that there was nothing may let it go.
    nothing.told_at = Some(at("2026-05-31T00:00:00Z"));
    assert!(nothing.purge(&supervisor(8), NOTICED, Witnesses::None).is_ok());
    let mut draft = approved();
    (draft.file, draft.notes) = (file(), Vec::new());
    let until = day("2026-05-01");
    assert_eq!(draft.decide("2026-04-30T12:00:00Z"), Retention::NotYet { until, ended: Ended::Draft });
    assert!(matches!(draft.decide("2026-05-01T00:00:00Z"), Retention::Due { ended: Ended::Draft, .. }));
}

/// A search that gave nothing is kept with the lead of its number, and nobody's word on it alone lets it go.
#[test]
fn a_case_beside_one_that_is_kept_is_kept() {
    let mut case = told();
    case.beside = true;
    assert_eq!(case.decide("2028-06-01T09:00:00Z"), Retention::DisclosureDuty { duty: casework::Duty::Beside });
    assert!(case.say(KeepingWord::DutyEnded, &supervisor(8), "2028-06-01T09:00:00Z").is_err());
}

#[test]
fn a_case_that_has_not_ended_never_goes() {
    let open = |change: &dyn Fn(&mut Standing)| {
        let mut case = told();
        change(&mut case);
        assert!(case.purge(&supervisor(9), NOTICED, Witnesses::None).is_err());
        match case.decide(NOTICED) {
            Retention::Open { because } => because,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(open(&|case| case.reviews.clear()), StillOpen::UnderReview);
    assert_eq!(
        open(&|case| case.reviews = vec![review(Decision::Refer, supervisor(8).reference())]),
        StillOpen::Referred
    );
    let twice = [Decision::Approve, Decision::Return].map(|decision| review(decision, supervisor(8).reference()));
    assert_eq!(open(&|case| case.reviews = twice.to_vec()), StillOpen::Referred);
    assert_eq!(open(&|case| case.waits = true), StillOpen::Waits);
    assert_eq!(open(&|case| case.moved = true), StillOpen::Moved);
    assert_eq!(open(&|case| case.file = file()), StillOpen::Returned);
    // The note is named, and is not there: no draft of which nothing is known.
    assert_eq!(open(&|case| case.notes.clear()), StillOpen::Unread);
    // A second examiner elsewhere is asked.
    assert_eq!(open(&|case| case.file = casework::samples::asked_file(7, 2)), StillOpen::Waits);
}

#[test]
fn a_clock_set_forward_makes_nothing_due_where_witnesses_bear_the_time_out() {
    let case = told();
    let ahead = |witnesses| case.purge(&supervisor(9), NOTICED, witnesses);
    assert!(ahead(Witnesses::Seen(at("2026-03-03T00:00:00Z"))).is_err());
    assert!(ahead(Witnesses::Unseen).is_err());
    assert!(ahead(Witnesses::Seen(at(NOTICED))).unwrap().content().witnessed);
    let unseen = Retention::of(&case.record(), &policy().retention, Reckoning::of(at(NOTICED), Witnesses::Unseen));
    assert_eq!(unseen, Retention::Open { because: StillOpen::NoTime });
    // A witness that is ahead moves nothing before the own clock.
    assert_eq!(Reckoning::of(at(SEALED), Witnesses::Seen(at(DUE))).now(), Some(at(SEALED)));
}

#[test]
fn a_hold_stops_it_until_somebody_else_lifts_it_and_a_third_lets_it_go() {
    let mut case = told();
    let worked = Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(1) };
    // Whoever worked on the case may have it kept.
    case.say(KeepingWord::HoldSet, &worked, NOTICED).unwrap();
    assert!(matches!(case.decide(NOTICED), Retention::Held { .. }));
    assert!(case.say(KeepingWord::HoldSet, &supervisor(9), NOTICED).is_err(), "one stands already");
    assert!(case.purge(&supervisor(9), NOTICED, Witnesses::None).is_err());
    // They do not lift it, nor does whoever decided on the lead, or is no supervisor.
    for by in [worked, supervisor(8), examiner(9)] {
        assert!(case.say(KeepingWord::HoldLifted, &by, NOTICED).is_err());
    }
    assert!(Keeping::say(KeepingWord::HoldLifted, &case.record(), &supervisor(9), "because", at(NOTICED)).is_err());
    assert!(case.say(KeepingWord::HoldLifted, &supervisor(9), "2028-03-18T08:59:59Z").is_err(), "before it was set");
    case.say(KeepingWord::HoldLifted, &supervisor(9), NOTICED).unwrap();
    // Supervisors are told anew.
    assert!(matches!(case.decide(NOTICED), Retention::Due { goes_from: None, .. }));
    case.told_at = Some(at("2028-03-18T09:00:01Z"));
    let later = "2028-04-02T10:00:00Z";
    assert!(case.purge(&supervisor(9), later, Witnesses::None).is_err(), "they lifted it");
    assert!(case.purge(&supervisor(10), later, Witnesses::None).is_ok());
}

#[test]
fn what_was_disclosed_or_runs_is_kept_until_the_proceedings_have_ended() {
    let mut case = Standing { disclosed_at: Some(at("2026-06-01T00:00:00Z")), ..told() };
    assert!(matches!(case.decide(NOTICED), Retention::DisclosureDuty { .. }));
    assert!(case.purge(&supervisor(9), NOTICED, Witnesses::None).is_err());
    assert!(case.say(KeepingWord::DutyEnded, &supervisor(8), NOTICED).is_err(), "they approved the lead");
    case.say(KeepingWord::DutyEnded, &supervisor(9), NOTICED).unwrap();
    assert!(matches!(case.decide(NOTICED), Retention::Due { goes_from: None, .. }));
    // It is disclosed again: so they have not ended.
    case.disclosed_at = Some(at("2028-03-19T00:00:00Z"));
    assert!(matches!(case.decide("2028-03-20T00:00:00Z"), Retention::DisclosureDuty { .. }));
    // A charge that runs is ended by its results and by nobody's word.
    let mut runs = Standing { results: vec![result(1, "arrest", None)], ..told() };
    assert!(matches!(runs.decide(NOTICED), Retention::DisclosureDuty { .. }));
    assert!(runs.say(KeepingWord::DutyEnded, &supervisor(9), NOTICED).is_err());
    runs.results.push(result(2, "acquitted", Some(1)));
    assert!(matches!(runs.decide(NOTICED), Retention::Due { .. }));
    // The end was recorded wrongly: so it runs still.
    let mut instead = result(3, "convicted", None);
    instead.corrects = Some(runs.results[1].id);
    runs.results.push(instead);
    assert!(matches!(runs.decide(NOTICED), Retention::DisclosureDuty { .. }));
    // One that was asked for stands like one that was made.
    let mut asked = told();
    asked.say(KeepingWord::DutyBegun, &supervisor(8), NOTICED).unwrap();
    assert!(asked.purge(&supervisor(9), NOTICED, Witnesses::None).is_err());
}

#[test]
fn nobody_lets_their_own_work_go() {
    let mut case = told();
    assert!(case.purge(&examiner(9), NOTICED, Witnesses::None).is_err(), "no supervisor");
    let worked = Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(1) };
    assert!(case.purge(&worked, NOTICED, Witnesses::None).is_err());
    // Under another identity, with the same badge.
    let again = Person { id: casework::PersonId(uuid(77)), ..worked };
    assert!(case.purge(&again, NOTICED, Witnesses::None).is_err());
    assert!(case.purge(&supervisor(8), NOTICED, Witnesses::None).is_err(), "they approved the lead");
    let confirmed = casework::Confirmation { by: supervisor(9).reference(), at: at(SEALED), of: String::new() };
    case.file = forged(case.file.clone(), |kept| kept.confirmed = Some(confirmed));
    assert!(case.purge(&supervisor(9), NOTICED, Witnesses::None).is_err(), "they confirmed what was flagged");
    assert_eq!(case.file.id, case.record().id());
    assert_eq!(self::case().id(), case.file.id);
}

#[test]
fn a_hold_after_somebody_looked_is_looked_at_again() {
    let case = told();
    let previewed = Confirmed { by: supervisor(9).reference(), at: at("2029-01-01T00:00:00Z") };
    let gone = vec![Gone { kind: "note".to_owned(), sha256: "ab".repeat(32), bytes: 3 }];
    let reckoning = Reckoning::of(at(NOTICED), Witnesses::None);
    let ahead = PurgePermit::grant(&case.record(), &policy(), reckoning, gone, previewed, &supervisor(9), at(NOTICED));
    assert!(ahead.is_err(), "looked at in the future");
    let previewed = Confirmed { by: supervisor(9).reference(), at: at(NOTICED) };
    let nothing =
        PurgePermit::grant(&case.record(), &policy(), reckoning, Vec::new(), previewed, &supervisor(9), at(NOTICED));
    assert!(nothing.is_err());
}
