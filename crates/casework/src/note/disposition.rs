use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::corroboration::Scope;

/// How a note disposes of what the search brought. None of them means an arrest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// "None of these": the search gave nothing, and that must be disclosed.
    NoCandidate,
    /// Examination or evidence excludes.
    Excluded,
    /// A lead without sufficient independent support.
    LeadNotCorroborated,
    /// A lead with independent support from two categories, verified by a second examiner.
    LeadCorroborated,
}

impl Disposition {
    /// All dispositions, the easy one first.
    pub const ALL: [Disposition; 4] = [
        Disposition::NoCandidate,
        Disposition::Excluded,
        Disposition::LeadNotCorroborated,
        Disposition::LeadCorroborated,
    ];

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Disposition::NoCandidate => say!("rule-note-no-candidate"),
            Disposition::Excluded => say!("rule-note-excluded"),
            Disposition::LeadNotCorroborated => say!("rule-note-lead-not-corroborated"),
            Disposition::LeadCorroborated => say!("rule-note-lead-corroborated"),
        }
    }

    /// Whether papers of it may show the lead's photograph and record: an exclusion shows nobody.
    pub fn tells_the_lead(self) -> bool {
        matches!(self, Disposition::LeadNotCorroborated | Disposition::LeadCorroborated)
    }

    /// What the checklist must be completed for.
    pub fn scope(self) -> Scope {
        match self {
            Disposition::NoCandidate => Scope::NoCandidate,
            Disposition::Excluded => Scope::Exclusion,
            Disposition::LeadNotCorroborated | Disposition::LeadCorroborated => Scope::Lead,
        }
    }
}
