use catalogue::say;
use department::Moment;
use serde::{Deserialize, Serialize};

use crate::ids::CandidateId;

/// What an examiner concludes from comparing probe and candidate. Words only, never a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// The observations support that both images show one person.
    Support,
    /// They support it to a limited degree.
    LimitedSupport,
    /// They allow no conclusion.
    Inconclusive,
    /// They show two persons.
    Exclusion,
}

impl Conclusion {
    /// All conclusions.
    pub const ALL: [Conclusion; 4] =
        [Conclusion::Support, Conclusion::LimitedSupport, Conclusion::Inconclusive, Conclusion::Exclusion];

    /// Whether a lead can rest on it.
    pub fn carries_a_lead(self) -> bool {
        matches!(self, Conclusion::Support | Conclusion::LimitedSupport)
    }

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Conclusion::Support => say!("rule-examination-support"),
            Conclusion::LimitedSupport => say!("rule-examination-limited-support"),
            Conclusion::Inconclusive => say!("rule-corroboration-inconclusive"),
            Conclusion::Exclusion => say!("rule-examination-exclusion"),
        }
    }
}

/// A conclusion with its reason and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordedConclusion {
    /// The conclusion.
    pub conclusion: Conclusion,
    /// The examiner's own words: needed where the conclusion contradicts the recorded components.
    pub reason: String,
    /// When it was recorded.
    pub at: Moment,
}

/// A conclusion that was changed after scores and records had been seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ChangedConclusion {
    /// On which candidate.
    pub candidate: CandidateId,
    /// The blind conclusion, if there was one.
    pub from: Option<RecordedConclusion>,
    /// The conclusion since, with the reason for the change.
    pub to: RecordedConclusion,
}

/// What an examination came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Outcome {
    /// No candidate is kept.
    NoneOfThese,
    /// One candidate is kept as an investigative lead.
    Lead {
        /// Which.
        candidate: CandidateId,
        /// The conclusion that stands: the examiner's, or what the conference came to; inconclusive
        /// where examiner and verifier disagree.
        conclusion: Conclusion,
    },
}
