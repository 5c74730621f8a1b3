//! The examination as examiner and verifier see it.

use serde::Serialize;

use casework::{
    CandidateWorth, CaseFile, CaseId, Clock, Examination, Gap, Moment, Outcome, Person, Policy, ProbeAnalysis,
    Requested, ShownCandidate, Verification, VerificationState, Worth,
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
    /// The workstation that asks, where it is another one.
    pub from: Option<String>,
}

/// A colleague by name.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ColleagueLine {
    /// Who.
    pub id: casework::PersonId,
    /// Their name.
    pub name: String,
    /// Their badge.
    pub badge: String,
}

impl From<Person> for ColleagueLine {
    fn from(person: Person) -> Self {
        Self { id: person.id, name: person.name, badge: person.badge }
    }
}

impl From<casework::PersonRef> for ColleagueLine {
    fn from(person: casework::PersonRef) -> Self {
        Self { id: person.id, name: person.name, badge: person.badge }
    }
}

/// Somebody who has open cases.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct HolderLine {
    /// Who.
    pub of: ColleagueLine,
    /// How many.
    pub cases: usize,
    /// How many of them were on their way to a workstation that was taken out of the department.
    pub stranded: usize,
}

/// Who can be asked for a second opinion, or have a case next, and where.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ColleaguesView {
    /// People of the department, by name.
    pub people: Vec<ColleagueLine>,
    /// Other workstations of the department; none where the case stays at this one.
    pub workstations: Vec<super::WorkstationLine>,
    /// What keeps the case at this one, in a sentence; empty where nothing does.
    pub stays: String,
}

/// A conference that waits for the signature of whoever is signed in.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ConferenceLine {
    /// Its identity.
    pub id: String,
    /// The workstation that asks.
    pub from: String,
    /// The examiner, who wrote it down and has signed it.
    pub examiner: casework::PersonRef,
    /// What was looked at again and why one of them changed.
    pub account: String,
    /// What both conclude.
    pub agreed: casework::Conclusion,
    /// When it was written down.
    pub at: Moment,
}

/// A verification that is asked of somebody at another workstation, as its examiner sees it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct AskedView {
    /// Who is asked.
    pub name: String,
    /// At which workstation.
    pub place: String,
    /// Set when they cannot compare now.
    pub declined: Option<casework::Declined>,
}

/// A conference that waits for the verifier's signature from another workstation.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ConferringView {
    /// What was written down.
    pub account: String,
    /// What both conclude.
    pub agreed: casework::Conclusion,
    /// When.
    pub at: Moment,
    /// Set when the verifier does not sign it.
    pub declined: Option<casework::Declined>,
}

/// The verification of a lead as its examiner sees it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct VerificationView {
    /// How far it is.
    pub state: VerificationState,
    /// When it was asked for.
    pub asked_at: Option<Moment>,
    /// Where it is asked of another workstation.
    pub elsewhere: Option<AskedView>,
    /// A conference that waits for a signature from there.
    pub conferring: Option<ConferringView>,
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

impl BenchView {
    /// The bench of `person` at what another workstation asks of them, while it is theirs.
    pub(crate) fn requested(asked: &Requested, person: &Person, now: Moment) -> Option<Self> {
        let work = asked.work_of(person)?;
        let candidates = asked.candidates(person);
        Some(Self {
            case: CaseId(asked.request().id().0),
            verifying: true,
            probe: asked.request().probe().to_owned(),
            stage: Stage::Blind,
            analysis: work.analysis.clone(),
            wanted: candidates.len(),
            candidates,
            lead: None,
            none_of_these: false,
            gaps: asked.gaps(person, now),
            worth: None,
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
            elsewhere: file.verifying.as_ref().and_then(|task| task.elsewhere.as_ref()).map(|asked| AskedView {
                name: asked.of.name.clone(),
                place: asked.place.clone(),
                declined: asked.declined.clone(),
            }),
            conferring: file.conferring.as_ref().map(|conferring| ConferringView {
                account: conferring.part.account.clone(),
                agreed: conferring.part.agreed,
                at: conferring.part.at,
                declined: conferring.declined.clone(),
            }),
            outcome: proof.map(|proof| proof.outcome()),
            done,
        }
    }
}
