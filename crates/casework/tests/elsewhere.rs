//! A second examiner at another workstation: what they are given tells nothing, and what comes back counts only as theirs.

use casework::samples::*;
use casework::*;
use proptest::prelude::*;

const ANSWERED: &str = "2026-03-02T11:00:00Z";
const TAKEN: &str = "2026-03-02T11:05:00Z";

fn asked(file: &CaseFile) -> AskedElsewhere {
    file.asked_elsewhere().unwrap().clone()
}

/// The request as it arrives over there.
fn arrived(file: &CaseFile) -> Requested {
    let text = serde_json::to_string(asked(file).asked.request()).unwrap();
    Requested::take(serde_json::from_str(&text).unwrap(), at("2026-03-02T09:55:00Z"))
}

fn answered_by(file: &CaseFile, by: u128, on_lead: Conclusion, on_others: Conclusion) -> Reply {
    let mut requested = arrived(file);
    let lead = asked(file).asked.token(candidate(0));
    compare_requested(&mut requested, by, |token| if Some(token) == lead { on_lead } else { on_others });
    requested.hand_in(&examiner(by), at(ANSWERED), &policy()).unwrap();
    requested.reply().unwrap()
}

fn take(file: &mut CaseFile, asked: &AskedElsewhere, reply: &Reply) -> Result<Came, Vec<Gap>> {
    file.take_reply(asked, reply, &examiner(2), at(TAKEN), &policy())
}

/// Why `reply` is refused; the case is as it was.
fn refused(file: &CaseFile, asked: &AskedElsewhere, reply: &Reply) -> String {
    let mut tried = file.clone();
    let gaps = take(&mut tried, asked, reply).unwrap_err();
    assert_eq!(&tried, file, "a refusal changes nothing");
    gaps[0].missing.clone()
}

fn changed<T: serde::Serialize + for<'a> serde::Deserialize<'a>>(
    what: &T,
    change: impl FnOnce(&mut serde_json::Value),
) -> Result<T, serde_json::Error> {
    let mut value = serde_json::to_value(what).unwrap();
    change(&mut value);
    serde_json::from_value(value)
}

#[test]
fn an_answer_from_elsewhere_verifies_the_lead_like_one_from_here() {
    let mut file = asked_file(500, 2);
    assert_eq!(file.verification_state(), VerificationState::Asked);
    assert!(!file.waits_for(&examiner(3)), "it is asked of one person, and not here");
    assert!(file.begin_verification(&examiner(3), 1, at("2026-03-02T10:00:00Z"), &policy()).is_err());
    let question = asked(&file);
    let reply = answered_by(&file, 2, Conclusion::Support, Conclusion::Exclusion);
    assert_eq!(take(&mut file, &question, &reply).unwrap(), Came::Verified);
    let Some(Examination::Verified(verified)) = &file.examination else { panic!("not verified") };
    let verification = verified.verification();
    assert_eq!((verification.agreement, verification.verifier.name.as_str()), (Agreement::Agrees, "Examiner 2"));
    // What was signed is found again from what is on record.
    let Reply::Answered { answer } = &reply else { panic!("no answer") };
    let again = question.asked.answered(verification).unwrap();
    assert_eq!((again.sha256(), &again), (answer.sha256(), answer));
    assert!(prove(file.examination.clone().unwrap()).lead_is_verified());
    let stored: CaseFile = serde_json::from_str(&serde_json::to_string(&file).unwrap()).unwrap();
    assert_eq!(stored, file);
    assert!(refused(&file, &question, &reply).contains("answered already"));
    // The note carries it all, and proves it again.
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at("2026-03-02T12:00:00Z")), &policy());
    assert_eq!(note.unwrap().content().proven().unwrap().content().verification.as_ref(), Some(verification));
}

#[test]
fn a_request_tells_nothing_of_the_case() {
    let file = asked_file(500, 2);
    let question = asked(&file);
    let text = serde_json::to_string(question.asked.request()).unwrap();
    let known = serde_json::to_string(&file).unwrap();
    assert!(known.contains("subject-0") && known.contains("26-000123") && known.contains("Examiner 1"));
    let mut telling = vec!["subject-".to_owned(), "26-000123".into(), "Examiner".into(), "211".into(), "score".into()];
    telling.extend(["support", "exclusion", "camera", "felony", "CA019"].map(str::to_owned));
    telling.extend((0..20).map(|rank| candidate(rank).to_string()));
    telling.extend([SearchId(uuid(30)).to_string(), file.id.to_string(), examiner(1).id.to_string()]);
    telling.extend([PROBE_SHA256.to_owned(), "5a5a5a5a".to_owned()]);
    for word in telling {
        assert!(!text.contains(&word), "{word} is in {text}");
    }
    // Nor can somebody add to it: what has no place is refused.
    let more = |what: &str| changed(question.asked.request(), |v| v[what] = "x".into()).is_err();
    assert!(more("lead") && more("score") && more("case") && more("by"));
    // An order that tells something is no list, and neither is one person.
    let reversed = |v: &mut serde_json::Value| v["candidates"].as_array_mut().unwrap().reverse();
    assert!(changed(question.asked.request(), reversed).is_err());
    let alone = |v: &mut serde_json::Value| v["candidates"].as_array_mut().unwrap().truncate(1);
    assert!(changed(question.asked.request(), alone).is_err());
}

#[test]
fn a_bench_elsewhere_is_one_persons() {
    let file = asked_file(500, 2);
    let mut requested = arrived(&file);
    for other in
        [examiner(1), examiner(3), Person { roles: vec![Role::Supervisor, Role::Administrator], ..examiner(4) }]
    {
        assert!(!requested.waits_for(&other));
        assert!(requested.begin(&other, 1, at("2026-03-02T10:00:00Z"), &policy()).is_err());
        assert!(requested.decline(&other, "Busy", at(ANSWERED)).is_err());
    }
    let untrained = Person { training: None, ..examiner(2) };
    assert!(requested.begin(&untrained, 1, at("2026-03-02T10:00:00Z"), &policy()).is_err());
    compare_requested(&mut requested, 2, |_| Conclusion::Exclusion);
    let token = requested.request().candidates()[0].token;
    assert!(requested.photograph(&examiner(2), token, 0).is_some());
    assert!(requested.photograph(&examiner(3), token, 0).is_none() && requested.candidates(&examiner(3)).is_empty());
    let foreign = |bench: &mut Blind, list: &dyn Listing| bench.look_at(list, candidate(0), at(ANSWERED));
    assert!(requested.at_bench(&examiner(2), foreign).is_err(), "only what was sent");
    // A training that ends in the middle: refused, and what was compared is kept.
    let before = requested.clone();
    let ended = requested.hand_in(&untrained, at(ANSWERED), &policy()).unwrap_err();
    assert_eq!(ended[0].place, "person.training");
    assert_eq!(requested, before);
    // Photographs of somebody who was expunged are gone, and whoever was opened before may be concluded on.
    assert!(requested.remove(token) && !requested.remove(token));
    assert!(requested.photograph(&examiner(2), token, 0).is_none());
    assert!(requested.candidates(&examiner(2)).iter().any(|shown| shown.withdrawn));
    assert_eq!(
        requested.pictures().len(),
        requested.request().pictures().len() - requested.request().candidates()[0].photographs.len()
    );
    requested.hand_in(&examiner(2), at(ANSWERED), &policy()).unwrap();
    assert!(requested.pictures().is_empty(), "nothing is kept that is not needed");
    assert!(requested.hand_in(&examiner(2), at(ANSWERED), &policy()).is_err(), "once");
    let stored: Requested = serde_json::from_str(&serde_json::to_string(&requested).unwrap()).unwrap();
    assert_eq!(stored, requested);
}

#[test]
fn an_answer_counts_only_as_it_was_asked() {
    let file = asked_file(500, 2);
    let question = asked(&file);
    let reply = answered_by(&file, 2, Conclusion::Support, Conclusion::Exclusion);
    let other = asked_file(501, 2);
    let theirs = answered_by(&other, 2, Conclusion::Support, Conclusion::Exclusion);
    refused(&file, &question, &theirs);
    refused(&file, &asked(&other), &reply);
    assert!(take(&mut file.clone(), &asked(&other), &theirs).unwrap() == Came::Late, "never asked of this case");
    // By another person, even if they say that they are the one.
    let asked_three = asked_file(500, 3);
    let by_three = answered_by(&asked_three, 3, Conclusion::Support, Conclusion::Exclusion);
    refused(&file, &question, &by_three);
    let forged = changed(&by_three, |v| v["answer"]["work"]["examiner"] = serde_json::json!(examiner(2).reference()));
    refused(&file, &question, &forged.unwrap());
    // Work that was altered on its way: incomplete, elsewhere, before it was asked, after it was handed in.
    let lead = question.asked.token(candidate(0)).unwrap().to_string();
    let alter = |path: &str, to: serde_json::Value| {
        changed(&reply, |v| *v.pointer_mut(path).unwrap() = to.clone()).map(|reply| refused(&file, &question, &reply))
    };
    assert!(alter(&format!("/answer/work/conclusions/{lead}/at"), "2026-03-02T09:00:00Z".into()).is_ok());
    assert!(alter(&format!("/answer/work/conclusions/{lead}/at"), "2026-03-02T11:30:00Z".into()).is_err());
    assert!(alter("/answer/request_sha256", "ab".repeat(32).into()).is_ok());
    assert!(alter("/answer/work/lead", lead.clone().into()).is_ok());
    assert!(alter("/answer/work/search", uuid(30).to_string().into()).is_ok());
    let gone = |v: &mut serde_json::Value| {
        v["answer"]["work"]["conclusions"].as_object_mut().unwrap().remove(&lead).unwrap();
    };
    refused(&file, &question, &changed(&reply, gone).unwrap());
    // Dated in the future of this workstation, or by somebody whose training had ended.
    let mut tried = file.clone();
    assert!(tried.take_reply(&question, &reply, &examiner(2), at("2026-03-02T10:59:00Z"), &policy()).is_err());
    let untrained = Person { training: None, ..examiner(2) };
    assert!(tried.take_reply(&question, &reply, &untrained, at(TAKEN), &policy()).is_err());
    // By somebody who has seen of the case meanwhile.
    tried.saw(&Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(2) }, at("2026-03-02T10:30:00Z"));
    assert!(take(&mut tried, &question, &reply).unwrap_err()[0].missing.contains("seen of this case"));
}

#[test]
fn what_was_sent_cannot_become_something_else() {
    let mut file = asked_file(500, 2);
    let question = asked(&file);
    let swap = |v: &mut serde_json::Value| {
        let key = v["key"]["candidates"].as_object_mut().unwrap();
        let tokens: Vec<String> = key.keys().cloned().collect();
        let (one, other) = (key[&tokens[0]].clone(), key[&tokens[1]].clone());
        key.insert(tokens[0].clone(), other);
        key.insert(tokens[1].clone(), one);
    };
    assert!(changed(&question.asked, swap).is_err(), "the key's digest travelled with the question");
    let reply = answered_by(&file, 2, Conclusion::Exclusion, Conclusion::Exclusion);
    take(&mut file, &question, &reply).unwrap();
    // Nor afterwards in the record: the proof is made again from what was signed.
    let forged =
        changed(&file, |v| v["examination"]["verification"]["asked"]["request"]["to"] = uuid(3).to_string().into());
    let proven = |file: &CaseFile| {
        let examination = file.examination.clone().unwrap();
        examination.proven(&search(20), at("2026-03-02T11:30:00Z"), &policy()).map(drop)
    };
    proven(&file).unwrap();
    assert!(proven(&forged.unwrap()).is_err());
    let forged = changed(&file, |v| {
        let work = &mut v["examination"]["verification"]["work"];
        let (lead, other) = (candidate(0).to_string(), candidate(1).to_string());
        let of_lead = work["conclusions"][&lead].clone();
        work["conclusions"][&lead] = work["conclusions"][&other].clone();
        work["conclusions"][&other] = of_lead;
        v["examination"]["verification"]["asked"]["request"]["asked_at"] = "2026-03-02T11:00:00Z".into();
    });
    assert!(proven(&forged.unwrap()).is_err());
}

#[test]
fn what_comes_after_a_withdrawal_verifies_nothing_and_follows_the_lead() {
    let mut file = asked_file(500, 2);
    let question = asked(&file);
    let against = answered_by(&file, 2, Conclusion::Exclusion, Conclusion::Exclusion);
    file.withdraw_verification(examiner(1).id, at("2026-03-02T10:50:00Z")).unwrap();
    assert_eq!(file.verification_state(), VerificationState::Open);
    assert_eq!(take(&mut file, &question, &against).unwrap(), Came::Late);
    assert_eq!(take(&mut file, &question, &against).unwrap(), Came::Late);
    assert_eq!(file.history.given_up.len(), 1, "once, however often it comes");
    assert!(file.may_verify(&examiner(2), at(TAKEN), &policy()).is_err());
    // Asked again of somebody who agrees: the first one's answer still stands against the lead.
    let me = examiner(1).reference();
    file.ask_elsewhere(&me, &examiner(3), ("cd", "Desk"), sending(502), at("2026-03-02T11:10:00Z"), &policy()).unwrap();
    let question = asked(&file);
    let mut requested = Requested::take(question.asked.request().clone(), at("2026-03-02T11:11:00Z"));
    let three = examiner(3);
    requested.begin(&three, 5, at("2026-03-02T11:12:00Z"), &policy()).unwrap();
    requested.at_bench(&three, |b, _| b.edit_analysis(analysis())).unwrap();
    requested.at_bench(&three, |b, _| b.record_analysis(at("2026-03-02T11:13:00Z"))).unwrap();
    for token in question.asked.request().candidates().iter().map(|c| c.token) {
        let lead = question.asked.token(candidate(0)) == Some(token);
        let conclusion = if lead { Conclusion::Support } else { Conclusion::Exclusion };
        let now = at("2026-03-02T11:14:00Z");
        requested.at_bench(&three, |b, s| b.look_at(s, token, now)).unwrap();
        requested.at_bench(&three, |b, s| b.compare(s, token, comparison(if lead { 12 } else { 0 }))).unwrap();
        requested.at_bench(&three, |b, s| b.conclude_on(s, token, Some(conclusion), "", now)).unwrap();
    }
    requested.hand_in(&three, at("2026-03-02T11:20:00Z"), &policy()).unwrap();
    let now = at("2026-03-02T11:30:00Z");
    assert_eq!(
        file.take_reply(&question, &requested.reply().unwrap(), &three, now, &policy()).unwrap(),
        Came::Verified
    );
    let note =
        file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at("2026-03-02T12:00:00Z")), &policy()).unwrap();
    let inconclusive = Outcome::Lead { candidate: candidate(0), conclusion: Conclusion::Inconclusive };
    assert_eq!(note.content().outcome, inconclusive);
}

#[test]
fn whoever_is_busy_says_so_and_what_they_had_begun_stays_seen() {
    let mut file = asked_file(500, 2);
    let question = asked(&file);
    let mut requested = arrived(&file);
    assert!(requested.decline(&examiner(2), " \u{200b} ", at(ANSWERED)).is_err());
    requested.decline(&examiner(2), "In court until Friday", at(ANSWERED)).unwrap();
    assert!(!requested.waits_for(&examiner(2)));
    assert_eq!(take(&mut file, &question, &requested.reply().unwrap()).unwrap(), Came::Declined);
    let declined = file.verifying.as_ref().unwrap().elsewhere.as_ref().unwrap().declined.clone().unwrap();
    assert_eq!(declined.reason, "In court until Friday");
    assert!(file.asked_elsewhere().is_none(), "an answer would be late now");
    let late = answered_by(&asked_file(500, 2), 2, Conclusion::Support, Conclusion::Exclusion);
    assert_eq!(take(&mut file, &question, &late).unwrap(), Came::Late);
    // Withdrawn over there while somebody compares: as far as they came goes back.
    let mut file = asked_file(500, 2);
    let mut requested = arrived(&file);
    compare_requested(&mut requested, 2, |_| Conclusion::Exclusion);
    assert!(
        take(
            &mut file,
            &question,
            &Reply::GivenUp {
                request: RequestId(uuid(500)),
                at: at(ANSWERED),
                begun: requested.work_of(&examiner(2)).unwrap().clone(),
            }
        )
        .is_err(),
        "nobody gives up what is still asked"
    );
    file.withdraw_verification(examiner(1).id, at("2026-03-02T10:50:00Z")).unwrap();
    requested.withdraw(at(ANSWERED));
    assert!(requested.hand_in(&examiner(2), at(ANSWERED), &policy()).is_err());
    assert_eq!(take(&mut file, &question, &requested.reply().unwrap()).unwrap(), Came::Late);
    assert_eq!(file.history.given_up.len(), 1);
    let untouched = {
        let mut r = arrived(&asked_file(500, 2));
        r.withdraw(at(ANSWERED));
        r
    };
    // Whoever had not begun says so: the case waits for that before it moves.
    assert!(matches!(untouched.reply(), Some(Reply::Declined { begun: None, .. })));
}

#[test]
fn a_conference_apart_counts_once_both_have_signed() {
    let mut file = asked_file(500, 2);
    let question = asked(&file);
    let reply = answered_by(&file, 2, Conclusion::Exclusion, Conclusion::Exclusion);
    take(&mut file, &question, &reply).unwrap();
    let (me, now) = (examiner(1).reference(), at("2026-03-02T11:10:00Z"));
    let here = Conference {
        held_by: [me.clone(), examiner(2).reference()],
        account: "Looked again at the left ear".to_owned(),
        agreed: Conclusion::LimitedSupport,
        at: now,
        confirmed_at: None,
    };
    assert!(file.confer(me.id, here).is_err(), "nobody confirms it at a screen where they do not sit");
    assert!(file.propose_conference(&me, uuid(700), " ", Conclusion::LimitedSupport, now).is_err());
    let two = examiner(2).reference();
    assert!(file.propose_conference(&two, uuid(700), "Looked again at the ear", Conclusion::Support, now).is_err());
    let text = "Looked again at the left ear at full size";
    let conferring = file.propose_conference(&me, uuid(700), text, Conclusion::LimitedSupport, now).unwrap().clone();
    let mut conferred =
        Conferred { id: conferring.id, part: conferring.part.clone(), confirmed_at: None, declined: None };
    assert!(!conferred.waits_for(&examiner(3)) && conferred.answer(&examiner(3), None, now).is_err());
    let later = at("2026-03-02T11:20:00Z");
    conferred.answer(&examiner(2), None, later).unwrap();
    assert!(conferred.answer(&examiner(2), Some("After all not"), later).is_err(), "once");
    assert!(file.take_conference(uuid(701), &two, later, None, later).is_err(), "another one");
    assert!(file.take_conference(uuid(700), &examiner(3).reference(), later, None, later).is_err());
    let mut declined = file.clone();
    let no = Declined { reason: "I still see two people".to_owned(), at: later };
    declined.take_conference(uuid(700), &two, later, Some(no), later).unwrap();
    assert!(
        declined.take_conference(uuid(700), &two, later, None, later).is_err(),
        "a no stands until it is proposed again"
    );
    file.take_conference(uuid(700), &two, later, None, later).unwrap();
    let proven = prove(file.examination.clone().unwrap());
    assert_eq!(proven.outcome(), Outcome::Lead { candidate: candidate(0), conclusion: Conclusion::LimitedSupport });
    let conference = proven.verification().unwrap().conference.clone().unwrap();
    assert_eq!(
        ConferencePart::of(RequestId(uuid(500)), &conference),
        conferring.part,
        "what both signed is found again"
    );
}

fn conclusion() -> impl Strategy<Value = Conclusion> {
    prop_oneof![
        Just(Conclusion::Support),
        Just(Conclusion::LimitedSupport),
        Just(Conclusion::Inconclusive),
        Just(Conclusion::Exclusion)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is concluded and however tokens fall: an answer from elsewhere comes to the same as the same comparison here,
    /// and only from whom it was asked.
    #[test]
    fn elsewhere_is_like_here(
        on_lead in conclusion(), on_others in conclusion(), tokens in proptest::collection::hash_set(any::<u128>(), 4),
        by in 1u128..5, of in 2u128..5,
    ) {
        let mut sent = sending(500);
        for ((token, _), fresh) in sent.candidates.values_mut().zip(tokens) {
            *token = CandidateId(uuid(fresh));
        }
        let mut file = file();
        let me = examiner(1).reference();
        file.ask_elsewhere(&me, &examiner(of), ("ab", "Desk"), sent, at("2026-03-02T09:50:00Z"), &policy()).unwrap();
        let question = asked(&file);
        let mut requested = arrived(&file);
        prop_assert_eq!(requested.begin(&examiner(by), 3, at("2026-03-02T10:00:00Z"), &policy()).is_ok(), by == of);
        if by == of {
            let lead = question.asked.token(candidate(0));
            compare_requested(&mut requested, by, |token| if Some(token) == lead { on_lead } else { on_others });
            let handed = requested.hand_in(&examiner(by), at(ANSWERED), &policy());
            let here = verified(by, on_lead, on_others);
            prop_assert_eq!(handed.is_ok(), here.is_ok());
            if let (Ok(_), Ok(here)) = (handed, here) {
                let reply = requested.reply().unwrap();
                file.take_reply(&question, &reply, &examiner(by), at(TAKEN), &policy()).unwrap();
                let there = prove(file.examination.clone().unwrap());
                let here = prove(Examination::Verified(here));
                prop_assert_eq!(there.outcome(), here.outcome());
                let told = |e: &ConcludedExamination| e.verification().map(|v| (v.agreement, v.conclusion)).unwrap();
                prop_assert_eq!(told(&there), told(&here));
            }
        }
    }
}
