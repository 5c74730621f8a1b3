use serde::{Deserialize, Serialize};

use super::CaseFile;
use crate::verification::VerificationState;

/// The steps of a case, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Case and purpose.
    Purpose,
    /// Probe.
    Probe,
    /// Search.
    Search,
    /// Examination of the candidates.
    Examine,
    /// Blind second examination of a lead.
    Verify,
    /// Corroboration.
    Corroborate,
    /// Case note.
    Note,
}

impl Step {
    /// All steps.
    pub const ALL: [Step; 7] =
        [Step::Purpose, Step::Probe, Step::Search, Step::Examine, Step::Verify, Step::Corroborate, Step::Note];
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Its gate was passed.
    Done,
    /// It can be worked on.
    Open,
    /// An earlier gate is shut.
    Shut,
    /// There is nothing to do: no lead to verify.
    NotNeeded,
}

impl CaseFile {
    /// Where `step` stands.
    pub fn state(&self, step: Step) -> StepState {
        let concluded = self.0.examination.as_ref().is_some_and(|e| e.concluded_at().is_some());
        let verification = self.verification_state();
        if step == Step::Verify && verification == VerificationState::NoLead {
            return StepState::NotNeeded;
        }
        let (before, done) = match step {
            Step::Purpose => (true, self.0.case.is_some()),
            Step::Probe => (self.0.case.is_some(), self.0.probe.is_some()),
            Step::Search => (self.0.probe.is_some(), !self.0.searches.is_empty()),
            Step::Examine => (!self.0.searches.is_empty(), concluded),
            Step::Verify => (verification != VerificationState::NotYet, verification == VerificationState::Done),
            Step::Corroborate => (!self.0.searches.is_empty(), self.0.sealed.is_some()),
            Step::Note => (!self.0.searches.is_empty(), self.0.sealed.is_some()),
        };
        match (before, done) {
            (_, true) => StepState::Done,
            (true, false) => StepState::Open,
            (false, false) => StepState::Shut,
        }
    }
}
