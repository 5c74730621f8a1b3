//! Complete records for tests: a robbery, one probe, one search of twenty, an examination that
//! keeps a lead, and a checklist in which everything was sought and nothing found.

#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::sync::LazyLock;

use uuid::Uuid;

use crate::*;

/// SHA-256 of the sample's photograph, whose bytes are `the probe`.
pub const PROBE_SHA256: &str = "989765b0d53426dd53c3862d0268e020a77990ffee88cf53f0ad877fe3317d9a";

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct StandingClock(pub Moment);

impl Clock for StandingClock {
    fn now(&self) -> Moment {
        self.0
    }
}

/// A moment from text.
///
/// # Panics
/// When the text is no RFC 3339 instant.
pub fn at(text: &str) -> Moment {
    Moment(text.parse().expect("an instant"))
}

/// The default policy.
///
/// # Panics
/// When the shipped policy is not well formed.
pub fn policy() -> Policy {
    static READ: LazyLock<Policy> = LazyLock::new(|| {
        let policy: Policy = toml::from_str(include_str!("../../../assets/policy.toml")).expect("well formed");
        policy.check().expect("not below the floors")
    });
    READ.clone()
}

/// An identity from a small number.
pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A trained examiner, numbered.
///
/// # Panics
/// Never with the dates given here.
pub fn examiner(n: u128) -> Person {
    Person {
        id: PersonId(uuid(n)),
        name: format!("Examiner {n}"),
        badge: format!("{n:04}"),
        ori: "CA0190000".to_owned(),
        roles: vec![Role::Examiner],
        training: Some(Training {
            course: "Facial comparison".to_owned(),
            completed_on: Day("2026-01-15".parse().expect("a day")),
            proficiency: 92,
        }),
        added_by: None,
    }
}

/// `person` as a roll-out names them.
///
/// # Panics
/// When the record is malformed.
pub fn named(person: Person) -> StaffChange {
    Staff::default().first(vec![person]).expect("well formed").remove(0)
}

/// What was typed about the case.
pub fn case_draft() -> CaseDraft {
    CaseDraft {
        case_number: "26-000123".to_owned(),
        offence: "Robbery of a filling station".to_owned(),
        event_at: Some(at("2026-03-01T21:40:00Z")),
        purpose: Some(Purpose::Felony),
        basis: Basis {
            code: "211 PC".to_owned(),
            statement: "The person in the image is seen taking the till at gunpoint on fixed camera 3.".to_owned(),
            requested_by: "Det. R. Alvarez".to_owned(),
            supervisor: String::new(),
        },
        further_case: false,
    }
}

/// The case.
///
/// # Panics
/// When the gate refuses the sample.
pub fn case() -> Case {
    case_draft()
        .open(CaseId(uuid(10)), examiner(1).reference(), at("2026-03-02T09:00:00Z"), &policy(), None)
        .expect("the gate opens")
}

/// What was typed and measured about the probe.
pub fn probe_draft() -> ProbeDraft {
    ProbeDraft {
        image: ImageFacts {
            turned: Turned::Not,
            says: Vec::new(),
            sha256: PROBE_SHA256.to_owned(),
            file_name: "camera-3.jpg".to_owned(),
            bytes: 81_234,
            format: "JPEG".to_owned(),
            width: 640,
            height: 480,
        },
        imported_at: at("2026-03-02T09:05:00Z"),
        source: Some(ProbeSource::FixedCameraStill),
        captured_at: Some(at("2026-03-01T21:41:00Z")),
        obtained_by: "Ofc. T. Brown".to_owned(),
        obtained_how: "Export by the owner".to_owned(),
        legal_basis: "Consent of the owner".to_owned(),
        face: Some(FaceBox { x: 200.0, y: 100.0, width: 120.0, height: 150.0 }),
        quality: Some(71),
        findings: Vec::new(),
        further: Vec::new(),
        prepared: None,
    }
}

/// The probe.
///
/// # Panics
/// When the gate refuses the sample.
pub fn probe() -> ProbeRecord {
    probe_draft()
        .accept(ProbeId(uuid(20)), &case(), examiner(1).reference(), at("2026-03-02T09:10:00Z"), &policy())
        .expect("the gate opens")
}

/// The search, with `n` candidates.
pub fn search(n: u32) -> SearchRecord {
    search_with(n, |_| ())
}

/// The same with a `change`.
///
/// # Panics
/// When the change is refused.
pub fn search_with(n: u32, change: impl FnOnce(&mut SearchAnswer)) -> SearchRecord {
    let mut answer = SearchAnswer {
        id: SearchId(uuid(30)),
        gallery: "https://gallery.example".to_owned(),
        model: "mobilefacenet-512".to_owned(),
        purpose: Purpose::Felony,
        probe_sha256: probe_draft().image.sha256,
        by: examiner(1).reference(),
        at: at("2026-03-02T09:12:00Z"),
        completeness: Completeness { exact: true, scanned: 500, gallery_size: 500, filtered_out: 0 },
        filters: SearchFilters::default(),
        policy: String::new(),
        prepared: Vec::new(),
        encoding: None,
        candidates: CandidateList::new(
            (0..n)
                .map(|rank| Candidate {
                    id: candidate(rank),
                    subject_id: format!("subject-{rank}"),
                    score: Some(0.8 - rank as f32 / 100.0),
                    captured_on: None,
                    agency: None,
                    other_photos: Vec::new(),
                })
                .collect(),
        ),
    };
    change(&mut answer);
    SearchRecord::made(answer).expect("well formed")
}

/// Identity of the candidate at `rank` of [`search`], from 0.
pub fn candidate(rank: u32) -> CandidateId {
    CandidateId(uuid(1000 + u128::from(rank)))
}

/// An analysis in which everything is seen clearly.
pub fn analysis() -> ProbeAnalysis {
    let clear = Seen { visibility: Some(Visibility::Clear), note: String::new() };
    ProbeAnalysis {
        components: Component::ALL.into_iter().map(|c| (c, clear.clone())).collect(),
        suitability: Some(Suitability::Suitable),
        ..ProbeAnalysis::default()
    }
}

/// A whole comparison in which `similar` components are similar and of the others nothing can be told.
pub fn comparison(similar: usize) -> Comparison {
    let finding = |at| if at < similar { Similarity::Similar } else { Similarity::CannotTell };
    let observed = |at| Observation { visible_in_both: Some(true), finding: Some(finding(at)), note: String::new() };
    let observations = Component::ALL.into_iter().enumerate().map(|(at, c)| (c, observed(at))).collect();
    Comparison { observations, ..Comparison::default() }
}

/// A blind bench with a recorded analysis.
///
/// # Panics
/// When the sample is refused.
pub fn bench() -> Blind {
    let mut bench = Blind::begin(search(20).id(), examiner(1).reference(), 7);
    bench.edit_analysis(analysis()).expect("taken");
    bench.record_analysis(at("2026-03-02T09:15:00Z")).expect("recorded");
    bench
}

/// A blind examination that keeps the first candidate.
///
/// # Panics
/// When the sample is refused.
pub fn examination() -> Blind {
    let (list, now) = (search(20), at("2026-03-02T09:30:00Z"));
    let mut bench = bench();
    bench.look_at(&list, candidate(0), now).expect("opened");
    bench.compare(&list, candidate(0), comparison(9)).expect("compared");
    bench.conclude_on(&list, candidate(0), Some(Conclusion::LimitedSupport), "", now).expect("concluded");
    for rank in 1..4 {
        bench.look_at(&list, candidate(rank), now).expect("opened");
        bench.conclude_on(&list, candidate(rank), Some(Conclusion::Exclusion), "", now).expect("concluded");
    }
    bench.keep(Some(candidate(0)));
    bench
}

/// The examination, unveiled.
///
/// # Panics
/// When the gate refuses the sample.
pub fn unveiled() -> Unveiled {
    let concluded = examination().conclude(&search(20), at("2026-03-02T09:40:00Z"), &policy()).expect("the gate opens");
    concluded.unveil(at("2026-03-02T09:41:00Z"))
}

/// What a calibration would say of the scores of [`search`].
pub fn worth(search: &SearchRecord, records: &[Candidate]) -> Worth {
    let candidates = records.iter().enumerate().map(|(rank, candidate)| CandidateWorth {
        id: candidate.id,
        usual: if rank < 5 { Usual::OnePerson } else { Usual::TwoPeople },
        times: if rank == 0 { 4_000 } else { 20 },
        at_least: rank == 0,
        by_chance: if rank == 0 { 0.012 } else { rank as f64 },
        at_most: rank == 0,
    });
    Worth::Measured(MeasuredWorth {
        calibration: "sface-2021dec-thorough.json".to_owned(),
        sha256: "5c".repeat(32),
        measured_on: "Press photographs".to_owned(),
        people: 1640,
        compared: search.completeness().scanned,
        candidates: candidates.collect(),
        present: Some(0.62),
        off: Some(0.041),
        largest: 410,
    })
}

/// The proof that the examination passed its gate.
///
/// # Panics
/// When the gate refuses the sample.
pub fn concluded() -> ConcludedExamination {
    prove(Examination::Unveiled(unveiled()))
}

/// The proof of any examination.
///
/// # Panics
/// When the gate refuses it.
pub fn prove(examination: Examination) -> ConcludedExamination {
    examination.proven(&search(20), at("2026-03-02T11:30:00Z"), &policy()).expect("the gate opens")
}

/// A second examiner's bench: the lead and three others, with these conclusions on lead and others.
///
/// # Panics
/// When the sample is refused.
pub fn second(by: u128, on_lead: Conclusion, on_others: Conclusion) -> Blind {
    let (list, now) = (search(20), at("2026-03-02T10:30:00Z"));
    let mut bench = Blind::begin(list.id(), examiner(by).reference(), 11).among((0..4).map(candidate).collect());
    bench.edit_analysis(analysis()).expect("taken");
    bench.record_analysis(at("2026-03-02T10:00:00Z")).expect("recorded");
    for rank in 0..4 {
        let conclusion = if rank == 0 { on_lead } else { on_others };
        let similar = match conclusion {
            Conclusion::Support | Conclusion::LimitedSupport => 12,
            Conclusion::Inconclusive | Conclusion::Exclusion => 0,
        };
        bench.look_at(&list, candidate(rank), now).expect("opened");
        bench.compare(&list, candidate(rank), comparison(similar)).expect("compared");
        bench.conclude_on(&list, candidate(rank), Some(conclusion), "", now).expect("concluded");
    }
    bench
}

/// The examination, verified by examiner `by`.
///
/// # Errors
/// What the rule refuses.
pub fn verified(by: u128, on_lead: Conclusion, on_others: Conclusion) -> Result<Verified, Vec<Gap>> {
    unveiled().verified(second(by, on_lead, on_others), &search(20), at("2026-03-02T11:00:00Z"), &policy())
}

/// An entry that was sought twice and not found.
pub fn sought(n: u128, category: Category) -> Entry {
    let attempt = |what: &str| Attempt {
        what: format!("{} {what}", category.in_words()),
        place: "Registry and readers".to_owned(),
        at: Some(at("2026-03-02T10:00:00Z")),
    };
    Entry {
        finding: Some(Finding::SoughtNotFound),
        attempts: vec![attempt("by name of the street"), attempt("by description")],
        ..Entry::empty(EntryId(uuid(n)), category)
    }
}

/// An entry that supports and is independent.
pub fn support(n: u128, category: Category) -> Entry {
    let mut entry = Entry {
        finding: Some(Finding::Supports),
        shows: format!("Presence at the scene, record {n}"),
        source: format!("Source {n}"),
        obtained_at: Some(at("2026-03-02T11:00:00Z")),
        obtained_by: "Det. R. Alvarez".to_owned(),
        obtained_how: "By warrant".to_owned(),
        link_to_crime: "Places the person at the till at 21:40".to_owned(),
        fixes: Fixes { place: true, time: true, property: false },
        independence: Independence {
            source_knew_result: Some(false),
            recorded_before_search: Some(true),
            recorded_at: Some(at("2026-03-01T22:00:00Z")),
            compares_faces: Some(false),
            root: Some(Root::Own),
            about_event: Some(true),
            found_by_name: Some(false),
        },
        ..Entry::empty(EntryId(uuid(n)), category)
    };
    match &mut entry.details {
        Details::Vehicle(v) => {
            v.plate = "7ABC123".to_owned();
            v.ownership_only = Some(false);
            v.seen_at = Some(at("2026-03-01T21:38:00Z"));
            v.seen_where = "Forecourt of the filling station".to_owned();
            v.relation = "Seen at the till's door; registered to the person since 2024".to_owned();
        }
        Details::Witness(w) => {
            w.witness = format!("Witness {n}");
            w.stated_at = Some(at("2026-03-01T23:00:00Z"));
            w.photo_shown_before = Some(false);
            w.name_told_before = Some(false);
            w.lineup_from_lead = Some(false);
            w.only_saw_video = Some(false);
        }
        Details::Media(m) => {
            m.locator = format!("https://example.org/post/{n}");
            m.account = "@account".to_owned();
            m.captured_at = Some(at("2026-03-02T10:30:00Z"));
            m.authentic_because = "Original upload with location".to_owned();
            m.is_probe_post = Some(false);
            m.lookalike_profile = Some(false);
            entry.attachments = vec![attachment(&format!("{:02x}", n % 256))];
        }
        Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => {
            f.rests_on = "Record 17 of the provider".to_owned();
        }
    }
    entry
}

/// An attached file with this hash; of two digits, one that repeats them.
pub fn attachment(digits: &str) -> Attachment {
    Attachment {
        sha256: digits.repeat(64 / digits.len()),
        file_name: "capture.png".to_owned(),
        bytes: 4_096,
        attached_at: at("2026-03-02T11:05:00Z"),
    }
}

/// A panel in which nothing is known.
pub fn panel() -> ContradictionPanel {
    let mut panel = ContradictionPanel { speaks_for_the_person: "Nothing known".to_owned(), ..Default::default() };
    for answer in &mut panel.answers {
        answer.answer = Some(ContradictionAnswer::NotKnown);
    }
    panel
}

/// A complete checklist without support.
pub fn checklist() -> Checklist {
    Checklist {
        scope: Scope::Lead,
        entries: Category::MANDATORY.into_iter().enumerate().map(|(n, c)| sought(100 + n as u128, c)).collect(),
        panel: panel(),
    }
}

/// The circumstances of the sample's case at `now`.
pub fn around(now: &str) -> Circumstances {
    let record = Examination::Unveiled(unveiled()).record();
    around_of(&record, now)
}

/// The same with another examination.
pub fn around_of(record: &ExaminationRecord, now: &str) -> Circumstances {
    let (case, probe, searches) = (case(), probe(), [search(20)]);
    let author = examiner(1).reference();
    let history = History::default();
    note::around(
        Some(&case),
        Some(&probe),
        &searches,
        Some((&record.work, record.verification.as_ref())),
        &history,
        &author,
        at(now),
    )
}

/// A note that only needs sealing.
pub fn note_draft() -> NoteDraft {
    NoteDraft {
        id: NoteId(uuid(40)),
        case: case(),
        probe: probe(),
        searches: vec![search(20)],
        disposition: Some(Disposition::LeadNotCorroborated),
        reason: String::new(),
        narrative: "One candidate examined; nothing independent found.".to_owned(),
        amends: Vec::new(),
        withdrawn: Vec::new(),
        history: History::default(),
        account_confirmed: None,
        answers: Vec::new(),
    }
}

/// A sealed note: a lead that is not corroborated.
///
/// # Panics
/// When a gate refuses the sample.
pub fn sealed() -> SealedNote {
    let complete = checklist().complete(&policy(), &around("2026-03-02T12:00:00Z")).expect("the gate opens");
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    CaseNote::seal(note_draft(), concluded(), complete, examiner(1).reference(), &clock, &policy())
        .expect("the gate opens")
}

/// A sealed note: a lead that is corroborated.
///
/// # Panics
/// When a gate refuses the sample.
pub fn corroborated() -> SealedNote {
    let mut list = checklist();
    list.entries.push(support(201, Category::Vehicle));
    list.entries.push(support(202, Category::Witness));
    let draft = NoteDraft { disposition: Some(Disposition::LeadCorroborated), ..note_draft() };
    let second = Examination::Verified(verified(2, Conclusion::Support, Conclusion::Exclusion).expect("verified"));
    let around = around_of(&second.record(), "2026-03-02T12:00:00Z");
    let complete = list.complete(&policy(), &around).expect("the gate opens");
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    CaseNote::seal(draft, prove(second), complete, examiner(1).reference(), &clock, &policy()).expect("the gate opens")
}

/// A case whose note only needs sealing: a lead that is not corroborated.
///
/// # Panics
/// When a gate refuses the sample.
pub fn file() -> CaseFile {
    let probe = probe();
    let image = ProbeImage {
        facts: probe.image().clone(),
        imported_at: at("2026-03-02T09:05:00Z"),
        faces: Vec::new(),
        picked: None,
    };
    let note = note_draft();
    CaseFile(Kept {
        purpose: case_draft(),
        case: Some(case()),
        image: Some(image),
        probe: Some(probe),
        searches: vec![search(20)],
        examination: Some(Examination::Unveiled(unveiled())),
        checklist: checklist(),
        note: NoteForm {
            disposition: note.disposition,
            reason: note.reason,
            narrative: note.narrative,
            answers: Vec::new(),
        },
        sent: vec![Sent { by: examiner(1).reference(), at: at("2026-03-02T09:12:00Z") }],
        ..CaseFile::begin(case().id(), examiner(1).reference()).0
    })
}

/// What a case keeps, for whoever writes into the vault by hand.
pub fn forge(file: &mut CaseFile) -> &mut Kept {
    &mut file.0
}

/// A case as they would leave it.
pub fn forged(mut file: CaseFile, change: impl FnOnce(&mut Kept)) -> CaseFile {
    change(forge(&mut file));
    file
}

/// A picture that travels, by number, and its SHA-256.
pub fn picture(n: u128) -> (Vec<u8>, String) {
    use sha2::Digest;
    let bytes = format!("pixels {n}").into_bytes();
    let sha256 = hex::encode(sha2::Sha256::digest(&bytes));
    (bytes, sha256)
}

/// Request `n` of the sample's lead and the three others: tokens in another order than the ranks, two pictures of the lead.
pub fn sending(n: u128) -> Sending {
    let token = |rank: u32| CandidateId(uuid(n * 1_000 + 900 - u128::from(rank * 37 % 11)));
    let pictures = |rank: u32| {
        let all = if rank == 0 { vec![10, 20] } else { vec![u128::from(10 + rank)] };
        all.into_iter().map(|picture_of| picture(picture_of).1).collect()
    };
    Sending {
        id: RequestId(uuid(n)),
        salt: "5a".repeat(32),
        probe: picture(1).1,
        face: Some(FaceBox { x: 200.0, y: 100.0, width: 120.0, height: 150.0 }),
        candidates: (0..4).map(|rank| (candidate(rank), (token(rank), pictures(rank)))).collect(),
    }
}

/// The sample's case, in which request `n` asks examiner `of` at the workstation with the key `ab…`.
///
/// # Panics
/// When the rule refuses it.
pub fn asked_file(n: u128, of: u128) -> CaseFile {
    let mut file = file();
    let (me, place) = (examiner(1).reference(), ("ab".repeat(32), "Fraud desk"));
    let place = (place.0.as_str(), place.1);
    file.ask_elsewhere(&me, &examiner(of), place, sending(n), at("2026-03-02T09:50:00Z"), &policy()).expect("asked");
    file
}

/// Something that an examiner does at a bench.
type Step<'a> = &'a mut dyn FnMut(&mut Blind, &dyn Listing) -> Result<(), Vec<Gap>>;

/// Does the whole comparison of a request as examiner `by`: `on` says what is concluded on each token.
///
/// # Panics
/// When the bench refuses it.
pub fn compare_requested(requested: &mut Requested, by: u128, on: impl Fn(CandidateId) -> Conclusion) {
    let (me, now) = (examiner(by), at("2026-03-02T10:30:00Z"));
    requested.begin(&me, 11, at("2026-03-02T10:00:00Z"), &policy()).expect("begun");
    requested.at_bench(&me, |bench, _| bench.edit_analysis(analysis())).expect("taken");
    requested.at_bench(&me, |bench, _| bench.record_analysis(at("2026-03-02T10:05:00Z"))).expect("recorded");
    let tokens: Vec<CandidateId> = requested.request().candidates().iter().map(|c| c.token).collect();
    for token in tokens {
        let conclusion = on(token);
        let similar = if conclusion.carries_a_lead() { 12 } else { 0 };
        let mut at_bench = |act: Step<'_>| {
            requested.at_bench(&me, |bench, list| act(bench, list)).expect("done");
        };
        at_bench(&mut |bench, list| bench.look_at(list, token, now));
        at_bench(&mut |bench, list| bench.compare(list, token, comparison(similar)));
        at_bench(&mut |bench, list| bench.conclude_on(list, token, Some(conclusion), "", now));
    }
}
