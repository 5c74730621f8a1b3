//! Each gate opens for the complete sample and names what is missing otherwise.

use casework::samples::*;
use casework::*;

fn places(gaps: &[Gap]) -> Vec<&str> {
    gaps.iter().map(|g| g.place.as_str()).collect()
}

#[test]
fn purpose_names_every_gap_at_once() {
    let gaps = CaseDraft::default()
        .open(CaseId(uuid(1)), examiner(1).reference(), at("2026-03-02T09:00:00Z"), &policy(), None)
        .unwrap_err();
    assert_eq!(places(&gaps), ["purpose.case_number", "purpose.offence", "purpose.event_at", "purpose.purpose"]);
}

/// A case file with this draft typed.
fn typed(draft: &CaseDraft) -> CaseFile {
    let mut file = CaseFile::begin(CaseId(uuid(10)), examiner(1).reference());
    file.edit_purpose(draft.clone()).unwrap();
    file
}

fn confirm(file: &mut CaseFile) -> Result<(), Vec<Gap>> {
    file.confirm_purpose(examiner(1).reference(), at("2026-03-02T09:00:00Z"), &policy(), &Elsewhere::default())
}

fn supervisor(n: u128) -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(n) }
}

#[test]
fn a_protest_needs_a_supervisor_who_signs_in() {
    let mut draft = case_draft();
    draft.basis.statement = "Seen at the protest in front of the town hall, wanted for questioning.".to_owned();
    let mut file = typed(&draft);
    assert_eq!(places(&confirm(&mut file).unwrap_err()), ["purpose.basis.supervisor"]);
    // A typed name is nobody's word.
    draft.basis.supervisor = "Sgt. K. Ito".to_owned();
    file.edit_purpose(draft.clone()).unwrap();
    assert_eq!(places(&confirm(&mut file).unwrap_err()), ["purpose.basis.supervisor"]);
    let now = at("2026-03-02T08:59:00Z");
    assert!(file.confirm_flags(&examiner(2), now).is_err(), "no supervisor");
    let own = Person { roles: vec![Role::Supervisor, Role::Examiner], ..examiner(1) };
    assert!(file.confirm_flags(&own, now).is_err(), "the own case");
    let twin = Person { id: PersonId(uuid(77)), ..own };
    assert!(file.confirm_flags(&twin, now).is_err(), "the own badge under another account");
    file.confirm_flags(&supervisor(9), now).unwrap();
    confirm(&mut file).unwrap();
    let case = file.case.clone().unwrap();
    assert_eq!(case.confirmed_by(), Some(&supervisor(9).reference()));
    assert_eq!(case.basis().supervisor, "Examiner 9", "the program writes the name");
    assert!(case.referrals()[0].contains("protest"), "{:?}", case.referrals());
    // Another text needs another word.
    draft.basis.statement.push_str(" And at the mosque.");
    file.edit_purpose(draft).unwrap();
    assert!(confirm(&mut file).is_err());
}

#[test]
fn an_imminent_threat_and_a_statement_without_an_act_need_a_supervisor() {
    let mut threat = CaseDraft { purpose: Some(Purpose::ImminentThreat), ..case_draft() };
    threat.basis.statement = "Threatens to shoot at the school in Elm Street tomorrow morning.".to_owned();
    let mut nothing = case_draft();
    nothing.basis.statement = "Suspect in crime, suspect in an ongoing criminal investigation.".to_owned();
    for draft in [threat, nothing] {
        let mut file = typed(&draft);
        assert_eq!(places(&confirm(&mut file).unwrap_err()), ["purpose.basis.supervisor"]);
        file.confirm_flags(&supervisor(9), at("2026-03-02T08:59:00Z")).unwrap();
        confirm(&mut file).unwrap();
        assert_eq!(file.case.as_ref().unwrap().referrals().len(), 1);
    }
    let mut plain = typed(&case_draft());
    assert!(plain.confirm_flags(&supervisor(9), at("2026-03-02T08:59:00Z")).is_err(), "nothing is flagged");
}

#[test]
fn the_code_is_one_of_the_table_and_fits_the_purpose() {
    for (code, purpose, opens) in [
        ("211 PC", Purpose::Felony, true),
        ("PC 211", Purpose::Felony, true),
        ("602 PC", Purpose::Felony, false),
        ("602 PC", Purpose::MisdemeanorWithInjury, false),
        ("242 PC", Purpose::MisdemeanorWithInjury, true),
        ("211 PC", Purpose::MisdemeanorWithInjury, false),
        ("999999 PC", Purpose::Felony, false),
        ("protest", Purpose::Felony, false),
        ("\u{3164}", Purpose::Felony, false),
    ] {
        let mut draft = CaseDraft { purpose: Some(purpose), ..case_draft() };
        draft.basis.code = code.to_owned();
        let done = confirm(&mut typed(&draft));
        assert_eq!(done.is_ok(), opens, "{code} {purpose:?}: {done:?}");
        if let Err(gaps) = done {
            assert_eq!(places(&gaps)[0], "purpose.basis.code", "{code}");
        }
    }
}

#[test]
fn a_second_case_with_the_same_number_is_one_on_purpose() {
    let mut first = typed(&case_draft());
    confirm(&mut first).unwrap();
    let mut draft = CaseDraft { case_number: " 26-000123 ".to_owned(), ..case_draft() };
    let second = |draft: &CaseDraft| {
        let mut file = forged(typed(draft), |kept| {
            kept.id = CaseId(uuid(11));
        });
        let elsewhere = file.elsewhere([&first]);
        file.confirm_purpose(examiner(2).reference(), at("2026-03-02T09:00:00Z"), &policy(), &elsewhere)
    };
    assert_eq!(places(&second(&draft).unwrap_err()), ["purpose.further_case"]);
    draft.further_case = true;
    second(&draft).unwrap();
}

#[test]
fn invisible_and_repeated_characters_are_no_statement() {
    for statement in [
        " ".repeat(60),
        "\u{200b}".repeat(60),
        "\u{3164}".repeat(60),
        ".".repeat(60),
        "\u{2800}".repeat(60),
        format!("a{}", "\u{2060}".repeat(60)),
    ] {
        let mut draft = case_draft();
        draft.basis.statement = statement;
        let gaps = confirm(&mut typed(&draft)).unwrap_err();
        assert!(places(&gaps).contains(&"purpose.basis.statement"), "{gaps:?}");
    }
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
    assert!(accept(&warned).unwrap().quality_warning().is_some());
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
    assert_eq!(record.further()[0].same_person, "Next frame, same jacket");
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
    let complete = checklist.complete(&policy(), &around_of(examination.examination(), now))?;
    let clock = StandingClock(at(now));
    CaseNote::seal(draft, examination, complete, examiner(1).reference(), &clock, &policy()).map_err(|e| e.0)
}

#[test]
fn an_empty_checklist_lists_all_that_is_missing() {
    let gaps = Checklist::default().complete(&policy(), &around("2026-03-02T12:00:00Z")).unwrap_err();
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
    let standings = list.standings(&around("2026-03-02T12:00:00Z"));
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
    draft.searches[0] = search_with(20, |s| s.probe_sha256 = "cd".repeat(32));
    let gaps = seal(draft, concluded(), &checklist(), "2026-03-02T12:00:00Z").unwrap_err();
    assert_eq!(places(&gaps), ["examination"]);
    // A checklist that was judged against other circumstances proves nothing.
    let lenient = checklist().complete(&policy(), &Circumstances::default()).unwrap();
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    let refused = CaseNote::seal(note_draft(), concluded(), lenient, examiner(1).reference(), &clock, &policy());
    assert_eq!(places(&refused.unwrap_err().0), ["note"]);
}

#[test]
fn an_identity_provider_is_asked_for_several_factors_and_has_bounds() {
    let strictest = ProviderRule {
        issuer: "https://login.example.gov".to_owned(),
        client_id: "corroborate".to_owned(),
        badge_claim: "badge".to_owned(),
        ori_claim: None,
        scopes: Vec::new(),
        acr: Vec::new(),
        amr: vec!["mfa".to_owned()],
        clock_skew_seconds: 60,
        max_age_minutes: 0,
        offline_hours: 0,
        end_session: true,
    };
    let with = |change: fn(&mut ProviderRule)| {
        let mut policy = policy();
        let mut rule = strictest.clone();
        change(&mut rule);
        policy.session.provider = Some(rule);
        policy.check().map(drop).map_err(|error| error.field)
    };
    assert_eq!(with(|_| ()), Ok(()));
    assert_eq!(with(|p| p.offline_hours = 24), Ok(()));
    assert_eq!(with(|p| p.offline_hours = 25), Err("session.provider.offline_hours"));
    assert_eq!(with(|p| p.max_age_minutes = 721), Err("session.provider.max_age_minutes"));
    assert_eq!(with(|p| p.clock_skew_seconds = 301), Err("session.provider.clock_skew_seconds"));
    let lax: [fn(&mut ProviderRule); 4] = [
        |p| p.amr.clear(),
        |p| p.amr = vec!["pwd".to_owned()],
        |p| p.issuer = "http://login.example.gov".to_owned(),
        |p| p.badge_claim.clear(),
    ];
    for change in lax {
        assert!(with(change).unwrap_err().starts_with("session.provider"));
    }
}

#[test]
fn a_policy_below_the_floor_is_refused() {
    let mut lax = policy();
    lax.search.candidates = 1;
    assert_eq!(lax.check().unwrap_err().field, "search.candidates");
    let mut open = policy();
    open.session.lock_after_minutes = 600;
    assert_eq!(open.check().unwrap_err().field, "session.lock_after_minutes");
    let changes: [fn(&mut Policy); 23] = [
        |p| p.basis_minimum_characters = 0,
        |p| p.search.candidates = 19,
        |p| p.search.candidates = 60_000,
        |p| p.corroboration.sought_attempts = 1,
        |p| p.corroboration.independent_supports = 0,
        |p| p.corroboration.stale_after_days = 3_650,
        |p| p.corroboration.attachment_megabytes = 0,
        |p| p.examination.minimum_concluded = 3,
        |p| p.examination.verification_fillers = 2,
        |p| p.session.wrong_passphrases = 0,
        |p| p.session.wait_minutes = 0,
        |p| p.session.passphrase_characters = 4,
        |p| p.training.valid_months = 120,
        |p| p.training.minimum_proficiency = 0,
        |p| p.quality.floor = 0,
        |p| p.quality.target = 12,
        |p| p.case_number_format = "#".to_owned(),
        |p| p.time_zone = "Nowhere/Land".to_owned(),
        |p| p.retention.lead_days = 729,
        |p| p.retention.lead_days = 1_826,
        |p| p.retention.nothing_days = 366,
        |p| p.retention.draft_days = 0,
        |p| p.retention.notice_days = 6,
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut lax = policy();
        change(&mut lax);
        assert!(lax.check().is_err(), "change {at}");
    }
    let mut laxest = Policy::laxest();
    laxest.case_number_format = "####".to_owned();
    laxest.check().unwrap();
}

#[test]
fn a_policy_that_is_laxer_than_before_says_where() {
    let strict = policy();
    assert!(strict.loosened_since(&strict).is_empty());
    let forbidding = |until: Option<&str>| PurposeRule {
        kind: Purpose::MissingPerson,
        allowed: false,
        law: "Ordinance 7".to_owned(),
        from: Day("2026-01-01".parse().unwrap()),
        until: until.map(|day| Day(day.parse().unwrap())),
    };
    let with = |change: &dyn Fn(&mut Policy)| {
        let mut changed = strict.clone();
        change(&mut changed);
        changed
    };
    // Stricter says nothing; each laxer number says which.
    assert!(with(&|p| p.basis_minimum_characters += 1).loosened_since(&strict).is_empty());
    assert!(with(&|p| p.corroboration.stale_after_days -= 1).loosened_since(&strict).is_empty());
    type Laxer<'a> = (&'a str, &'a dyn Fn(&mut Policy));
    let laxer: [Laxer<'_>; 6] = [
        ("Days for which a search that gave nothing is kept (retention.nothing_days)", &|p| {
            p.retention.nothing_days += 1
        }),
        ("Cases go sooner: retention.nothing_days", &|p| p.retention.nothing_days -= 1),
        ("Characters of a basis, at least (basis_minimum_characters)", &|p| p.basis_minimum_characters -= 1),
        ("Days after which an entry is stale (corroboration.stale_after_days)", &|p| {
            p.corroboration.stale_after_days += 1
        }),
        ("Proficiency result, at least (training.minimum_proficiency)", &|p| p.training.minimum_proficiency -= 1),
        ("Case numbers", &|p| p.case_number_format = "####".to_owned()),
    ];
    for (field, change) in laxer {
        let said = with(change).loosened_since(&strict);
        assert!(said.len() == 1 && said[0].starts_with(field), "{said:?}");
    }
    // What was forbidden and is not, or not for as long.
    let forbids = with(&|p| p.purpose = vec![forbidding(None)]);
    assert!(forbids.loosened_since(&strict).is_empty());
    for after in [strict.clone(), with(&|p| p.purpose = vec![forbidding(Some("2026-12-31"))])] {
        let said = after.loosened_since(&forbids);
        assert!(said.len() == 1 && said[0].contains("Ordinance 7"), "{said:?}");
    }
}
