//! Complete records for tests: a robbery, one probe, one search of twenty, an examination that
//! keeps a lead, and a checklist in which everything was sought and nothing found.

#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::sync::LazyLock;

use uuid::Uuid;

use crate::*;

mod corroborated;

pub use corroborated::*;

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
        let policy: Policy = toml::from_str(include_str!("../../../../assets/policy.toml")).expect("well formed");
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
