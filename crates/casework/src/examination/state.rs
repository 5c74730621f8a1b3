use department::Moment;
use serde::{Deserialize, Serialize};

use super::blind::{Blind, Concluded};
use super::conclusion::{ChangedConclusion, Conclusion, Outcome, RecordedConclusion};
use super::unveiled::{Unveiled, Verified};
use super::work::Work;
use crate::ids::CandidateId;
use crate::verification::Verification;

/// An examination as it is stored and printed. The states of [`Examination`] decide what may be done with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ExaminationRecord {
    /// The blind work.
    #[serde(flatten)]
    pub work: Work,
    /// Set when the examiner has concluded. The blind work does not change from then on.
    pub concluded_at: Option<Moment>,
    /// Set when scores and records were shown.
    #[serde(default)]
    pub unveiled_at: Option<Moment>,
    /// Conclusions that were changed since.
    #[serde(default)]
    pub changes: Vec<ChangedConclusion>,
    /// The blind second examination.
    #[serde(default)]
    pub verification: Option<Verification>,
}

/// An examination in whatever state it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "ExaminationRecord", into = "ExaminationRecord")]
pub enum Examination {
    /// Under way.
    Blind(Blind),
    /// Concluded.
    Concluded(Concluded),
    /// Unveiled.
    Unveiled(Unveiled),
    /// Verified.
    Verified(Verified),
}

impl From<ExaminationRecord> for Examination {
    fn from(r: ExaminationRecord) -> Self {
        let Some(at) = r.concluded_at else { return Examination::Blind(Blind::resume(r.work)) };
        let concluded = Concluded { work: r.work, at };
        let Some(at) = r.unveiled_at else { return Examination::Concluded(concluded) };
        let unveiled = Unveiled { concluded, at, changes: r.changes };
        match r.verification {
            None => Examination::Unveiled(unveiled),
            Some(verification) => Examination::Verified(Verified { unveiled, verification: Box::new(verification) }),
        }
    }
}

impl From<Examination> for ExaminationRecord {
    fn from(examination: Examination) -> Self {
        let blind =
            |work| Self { work, concluded_at: None, unveiled_at: None, changes: Vec::new(), verification: None };
        let concluded = |c: Concluded| Self { concluded_at: Some(c.at), ..blind(c.work) };
        let unveiled = |u: Unveiled| Self { unveiled_at: Some(u.at), changes: u.changes, ..concluded(u.concluded) };
        match examination {
            Examination::Blind(b) => blind(b.into_work()),
            Examination::Concluded(c) => concluded(c),
            Examination::Unveiled(u) => unveiled(u),
            Examination::Verified(v) => Self { verification: Some(*v.verification), ..unveiled(v.unveiled) },
        }
    }
}

impl Examination {
    /// The blind work, in every state.
    pub fn work(&self) -> &Work {
        match self {
            Examination::Blind(b) => b.work(),
            Examination::Concluded(c) => &c.work,
            Examination::Unveiled(u) => &u.concluded.work,
            Examination::Verified(v) => &v.unveiled.concluded.work,
        }
    }

    /// As it is stored and printed.
    pub fn record(&self) -> ExaminationRecord {
        self.clone().into()
    }

    /// What was unveiled, if it was.
    pub fn unveiled(&self) -> Option<&Unveiled> {
        match self {
            Examination::Unveiled(u) => Some(u),
            Examination::Verified(v) => Some(&v.unveiled),
            _ => None,
        }
    }

    /// When scores and records were shown, if so.
    pub(crate) fn unveiled_at(&self) -> Option<Moment> {
        self.unveiled().map(|unveiled| unveiled.at)
    }

    /// When the examiner concluded, if so.
    pub fn concluded_at(&self) -> Option<Moment> {
        match self {
            Examination::Blind(_) => None,
            Examination::Concluded(c) => Some(c.at),
            Examination::Unveiled(u) => Some(u.concluded.at),
            Examination::Verified(v) => Some(v.unveiled.concluded.at),
        }
    }

    /// The conclusion that stands on `candidate`: as changed after unveiling, else the blind one.
    pub fn standing(&self, candidate: CandidateId) -> Option<&RecordedConclusion> {
        match self.unveiled() {
            Some(unveiled) => unveiled.standing(candidate),
            None => self.work().conclusions.get(&candidate),
        }
    }

    /// The blind second examination, if it was handed in.
    pub fn verification(&self) -> Option<&Verification> {
        match self {
            Examination::Verified(v) => Some(&v.verification),
            _ => None,
        }
    }

    /// The candidate that the examiner kept.
    pub(crate) fn lead(&self) -> Option<CandidateId> {
        self.work().lead
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Examination::Verified(v) => v.outcome(),
            Examination::Unveiled(u) => u.outcome(),
            Examination::Blind(_) | Examination::Concluded(_) => {
                let work = self.work();
                work.lead.map_or(Outcome::NoneOfThese, |candidate| {
                    let recorded = work.conclusions.get(&candidate);
                    let conclusion = recorded.map_or(Conclusion::Inconclusive, |c| c.conclusion);
                    Outcome::Lead { candidate, conclusion }
                })
            }
        }
    }
}
