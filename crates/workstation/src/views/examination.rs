//! The examination as examiner and verifier see it.

use serde::Serialize;

use casework::{
    CaseFile, CaseId, Clock, Examination, Gap, Moment, Outcome, Person, Policy, ProbeAnalysis, ShownCandidate,
    Verification, VerificationState,
};

use faces::calibrate::Strength;

use super::CaseView;
use crate::strength::Calibrations;

/// Which state an examination is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Candidates are compared blind.
    Blind,
    /// Concluded, nothing told yet.
    Concluded,
    /// Scores and records are told.
    Unveiled,
    /// A second examiner handed in.
    Verified,
}

/// A bench as its screens need it: an examiner's, or a verifier's.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct BenchView {
    /// The case whose list it is.
    pub case: CaseId,
    /// Whether this is a blind second examination.
    pub verifying: bool,
    /// SHA-256 of the probe's original.
    pub probe: String,
    /// How far the examination is.
    pub stage: Stage,
    /// What the probe shows by itself.
    pub analysis: ProbeAnalysis,
    /// Candidates in the order in which they are shown.
    pub candidates: Vec<ShownCandidate>,
    /// Who is kept as the lead.
    pub lead: Option<casework::CandidateId>,
    /// Whether the answer is "none of these".
    pub none_of_these: bool,
    /// Fewest candidates to look at.
    pub wanted: usize,
    /// What stands between this work and its end.
    pub gaps: Vec<Gap>,
    /// What the scores are worth, once they are unveiled.
    pub worth: Option<Worth>,
}

/// Why nothing is said of what a list's scores are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum NotMeasured {
    /// The search is older than what is kept of its template, or tells no scores.
    NotKept,
    /// The template was made of several photographs.
    SeveralPhotographs,
    /// The probe was prepared.
    Prepared,
    /// No calibration for this model and this way of encoding.
    Model,
    /// Too few labelled photographs of this quality.
    Quality,
}

/// What the scores of an unveiled list are worth.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Worth {
    /// Nothing is said.
    NotMeasured {
        /// Why.
        because: NotMeasured,
    },
    /// By a calibration.
    Measured {
        /// What photographs it was measured on.
        measured_on: String,
        /// Of how many people.
        people: usize,
        /// Photographs that the search compared.
        #[ts(type = "number")]
        compared: u64,
        /// Of each candidate.
        candidates: Vec<CandidateWorth>,
        /// The probability, 0 to 1, that the person of the probe is in the gallery at all, where every second such probe shows
        /// somebody who is; `None` where that was not measured.
        present: Option<f64>,
        /// People of the largest gallery that it was measured with.
        largest: usize,
    },
}

/// Of which pairs a score is more usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum Usual {
    /// Of two photographs of one person.
    OnePerson,
    /// Of photographs of two people.
    TwoPeople,
    /// As usual of either.
    Either,
}

/// What one candidate's score is worth.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct CandidateWorth {
    /// Whose.
    pub id: casework::CandidateId,
    /// Of which pairs it is more usual.
    pub usual: Usual,
    /// How many times, to one digit.
    #[ts(type = "number")]
    pub times: u64,
    /// Whether so many is only what could be measured.
    pub at_least: bool,
    /// How many photographs of other people are expected to score at least so high among those that were compared.
    pub by_chance: f64,
    /// Whether so many is only what could be measured: they may be fewer.
    pub at_most: bool,
}

impl CandidateWorth {
    pub(crate) fn new(id: casework::CandidateId, strength: &Strength, compared: u64) -> Self {
        let times = one_digit(strength.ratio.max(1.0 / strength.ratio));
        let usual = match strength.ratio {
            _ if times < 2 => Usual::Either,
            ratio if ratio > 1.0 => Usual::OnePerson,
            _ => Usual::TwoPeople,
        };
        let by_chance = strength.false_above * compared as f64;
        Self { id, usual, times, at_least: strength.bounded, by_chance, at_most: strength.beyond }
    }
}

/// Rounded down to one digit: no more is said than was measured.
fn one_digit(value: f64) -> u64 {
    let power = 10f64.powf(value.max(1.0).log10().floor());
    ((value / power).floor() * power) as u64
}

/// What a command at the bench gives back: the case, if it is the person's own, and their bench.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Answer {
    /// The case as it stands now, where it is the person's own.
    pub case: Option<CaseView>,
    /// Their bench as it stands now.
    pub bench: Option<BenchView>,
}

/// A comparison that waits for a second examiner.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct WaitingLine {
    /// The case whose lead is verified.
    pub case: CaseId,
    /// When it was asked for.
    pub asked_at: Moment,
    /// How many are compared.
    pub candidates: usize,
    /// Whether this person began already.
    pub begun: bool,
}

/// The verification of a lead as its examiner sees it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct VerificationView {
    /// How far it is.
    pub state: VerificationState,
    /// When it was asked for.
    pub asked_at: Option<Moment>,
    /// Once handed in.
    pub done: Option<Verification>,
    /// The conclusion that stands then.
    pub outcome: Option<Outcome>,
}

/// Size of a picture, and where its face is.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Geometry {
    /// Of the upright picture, in pixels.
    pub width: u32,
    /// Of the upright picture, in pixels.
    pub height: u32,
    /// Right eye, left eye, tip of the nose, right and left corner of the mouth, as the person has them.
    pub landmarks: Option<Vec<[f32; 2]>>,
    /// Left, top, width and height of the face, in pixels.
    pub bounds: Option<[f32; 4]>,
}

impl BenchView {
    /// The bench of `person` in `file`, if there is one. Scores and records are in it only once unveiled:
    /// [`CaseFile::candidates`] decides.
    pub(crate) fn new(
        file: &CaseFile,
        person: &Person,
        clock: &dyn Clock,
        policy: &Policy,
        calibrations: &Calibrations,
    ) -> Option<Self> {
        let (work, search) = (file.work_of(person)?, file.search()?);
        let verifying = file.verifies(person);
        let stage = match &file.examination {
            Some(Examination::Concluded(_)) if !verifying => Stage::Concluded,
            Some(Examination::Unveiled(_)) if !verifying => Stage::Unveiled,
            Some(Examination::Verified(_)) if !verifying => Stage::Verified,
            _ => Stage::Blind,
        };
        let shown = work.shown(search);
        Some(Self {
            case: file.id,
            verifying,
            probe: search.probe_sha256().to_owned(),
            stage,
            analysis: work.analysis.clone(),
            candidates: file.candidates(person),
            lead: work.lead,
            none_of_these: work.none_of_these,
            wanted: if verifying { shown } else { policy.examination.minimum_concluded.min(shown) },
            gaps: file.bench_gaps(person, clock.now(), policy),
            worth: calibrations.worth(file, person),
        })
    }
}

impl VerificationView {
    pub(super) fn new(file: &CaseFile, clock: &dyn Clock, policy: &Policy) -> Self {
        let done = match &file.examination {
            Some(Examination::Verified(verified)) => Some(verified.verification().clone()),
            _ => None,
        };
        let proof = file.examination.as_ref().zip(file.search());
        let proof = proof.filter(|_| done.is_some()).and_then(|(e, search)| e.proven(search, clock.now(), policy).ok());
        Self {
            state: file.verification_state(),
            asked_at: file.verifying.as_ref().map(|task| task.asked_at),
            outcome: proof.map(|proof| proof.outcome()),
            done,
        }
    }
}
