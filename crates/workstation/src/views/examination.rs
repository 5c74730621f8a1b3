//! The examination as examiner and verifier see it.

use serde::Serialize;

use casework::{
    CandidateWorth, CaseFile, CaseId, Clock, Examination, Gap, Moment, Outcome, Person, Policy, ProbeAnalysis,
    ShownCandidate, Verification, VerificationState, Worth,
};

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
    pub worth: Option<WorthView>,
}

/// What the scores of an unveiled list are worth, in the words of the disclosure.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct WorthView {
    /// Whether it was measured.
    pub measured: bool,
    /// Of the list as a whole, a paragraph each.
    pub says: Vec<String>,
    /// Of each candidate; none where nothing was measured.
    pub candidates: Vec<WorthLine>,
}

/// What one candidate's score is worth, in words.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct WorthLine {
    /// Whose.
    pub id: casework::CandidateId,
    /// How usual such a score is.
    pub usual: String,
    /// How often chance brings it.
    pub by_chance: String,
}

impl From<&Worth> for WorthView {
    fn from(worth: &Worth) -> Self {
        let line = |one: &CandidateWorth| WorthLine {
            id: one.id,
            usual: one.usual_in_words(),
            by_chance: one.by_chance_in_words(),
        };
        let candidates = match worth {
            Worth::NotMeasured { .. } => Vec::new(),
            Worth::Measured(measured) => measured.candidates.iter().map(line).collect(),
        };
        Self { measured: matches!(worth, Worth::Measured(_)), says: worth.in_words(), candidates }
    }
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
            worth: calibrations.worth(file, person).as_ref().map(WorthView::from),
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
