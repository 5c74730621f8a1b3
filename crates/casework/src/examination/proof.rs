//! The proof of the fourth gate.

use catalogue::say;
use department::{Gap, Moment};
use serde::Serialize;

use super::blind::Blind;
use super::conclusion::{Conclusion, Outcome};
use super::history::History;
use super::state::{Examination, ExaminationRecord};
use crate::policy::Policy;
use crate::search::SearchRecord;
use crate::verification::Verification;

/// An examination that has passed its gate. Its only constructor is [`Examination::proven`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConcludedExamination {
    examination: ExaminationRecord,
    outcome: Outcome,
}

impl Examination {
    /// Proves the fourth gate anew, whatever the stored state claims: for an examination under way as if it
    /// were concluded `now`, else at the recorded time.
    ///
    /// # Errors
    /// A [`Gap`] for each conclusion that is missing or contradicts the record.
    pub fn proven(
        &self,
        search: &SearchRecord,
        now: Moment,
        policy: &Policy,
    ) -> Result<ConcludedExamination, Vec<Gap>> {
        let at = self.concluded_at().unwrap_or(now);
        let blind = Blind::resume(self.work().clone());
        let concluded = blind.conclude(search, at, policy)?;
        let examination = match self {
            Examination::Blind(_) => Examination::Concluded(concluded),
            other => other.clone(),
        };
        if let Some(unveiled) = examination.unveiled() {
            // What came after the blind work is done once more, and must come to the same.
            let wrong = || {
                vec![Gap::new(
                    "examination",
                    say!("rule-examination-claims-not-work-gives"),
                    say!("rule-corroboration-record-may-not-contradict-itself"),
                )]
            };
            if unveiled.at < unveiled.concluded.at {
                return Err(wrong());
            }
            let mut again = unveiled.concluded.clone().unveil(unveiled.at);
            for change in &unveiled.changes {
                if change.to.at < unveiled.at {
                    return Err(wrong());
                }
                again.change(search, change.candidate, change.to.conclusion, &change.to.reason, change.to.at)?;
            }
            if again.changes != unveiled.changes {
                return Err(wrong());
            }
            if let Examination::Verified(v) = &examination {
                let second = Blind::resume(v.verification.work.clone());
                let mut second = again.verified(second, search, v.verification.at, policy)?;
                if let Some(asked) = &v.verification.asked {
                    asked.proves(&v.verification, unveiled.at)?;
                    second.verification.asked = Some(asked.clone());
                }
                if let Some(conference) = v.verification.conference.clone() {
                    second.verification.confer(&unveiled.concluded.work.examiner, conference)?;
                }
                if second != *v {
                    return Err(wrong());
                }
            }
        }
        Ok(ConcludedExamination { outcome: examination.outcome(), examination: examination.into() })
    }
}

impl ConcludedExamination {
    /// The same among all that was seen in the case before: a disagreement on the lead follows it.
    ///
    /// # Errors
    /// A [`Gap`] when the lead is a subject that was unveiled to this examiner before.
    pub(crate) fn within(self, history: &History, searches: &[SearchRecord]) -> Result<Self, Vec<Gap>> {
        let Outcome::Lead { candidate, .. } = self.outcome else { return Ok(self) };
        let concluded = self.examination.concluded_at.unwrap_or(self.examination.work.newest());
        if let Some(gap) = history.forbids(candidate, &self.examination.work.examiner, searches, concluded) {
            return Err(vec![gap]);
        }
        let second = self.examination.verification.as_ref();
        let knew = second.is_some_and(|v| history.forbids(candidate, &v.verifier, searches, v.at).is_some());
        if knew || history.disagrees(candidate, searches) {
            let outcome = Outcome::Lead { candidate, conclusion: Conclusion::Inconclusive };
            return Ok(Self { outcome, ..self });
        }
        Ok(self)
    }

    /// The examination with all conclusions.
    pub fn examination(&self) -> &ExaminationRecord {
        &self.examination
    }

    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The blind second examination, if it was made.
    pub fn verification(&self) -> Option<&Verification> {
        self.examination.verification.as_ref()
    }

    /// When the examiner concluded.
    pub fn concluded_at(&self) -> Option<Moment> {
        self.examination.concluded_at
    }

    /// Whether a second examiner compared blind and a lead stands: both agree, or a conference of both
    /// came to it.
    pub fn lead_is_verified(&self) -> bool {
        let stands = matches!(self.outcome, Outcome::Lead { conclusion, .. } if conclusion.carries_a_lead());
        stands && self.verification().is_some()
    }
}
