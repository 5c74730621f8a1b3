//! What a pattern is, what it is looked for in, and the topic that it becomes.

use catalogue::say;
use department::Moment;
use serde::{Deserialize, Serialize};

use super::super::conduct::Conduct;
use super::super::event::DeskEvent;
use super::super::party::Party;
use crate::ids::CaseId;

/// Actions of events that a pattern looks at; of the others none is needed.
pub const PATTERN_ACTIONS: &[&str] = &[
    "audit-exported",
    "defence-kit-exported",
    "disclosure-exported",
    "disclosure-printed",
    "note-exported",
    "policy-loosened",
    "report-printed",
    "search-sent",
    "sign-in-failed",
];

/// What is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// Searches without a note after some days.
    Unfinished,
    /// Many searches of one case.
    ManySearches,
    /// The same basis again and again.
    SameBasis,
    /// Bases that say little, or are flagged.
    WeakBasis,
    /// Probes whose quality is near the floor.
    NearFloor,
    /// Lists examined in seconds.
    InSeconds,
    /// The lead is always the candidate with the highest score.
    TopScore,
    /// Conclusions changed after unveiling.
    ChangedAfterUnveiling,
    /// Always the same examiner and verifier.
    SamePair,
    /// A supervisor who never returns anything.
    NeverReturns,
    /// Entries copied between cases.
    CopiedEntries,
    /// Searches at unusual hours.
    UnusualHours,
    /// Many exports.
    Exports,
    /// Many failed sign-ins.
    FailedSignIns,
    /// The policy was loosened.
    PolicyLoosened,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Unfinished,
        Self::ManySearches,
        Self::SameBasis,
        Self::WeakBasis,
        Self::NearFloor,
        Self::InSeconds,
        Self::TopScore,
        Self::ChangedAfterUnveiling,
        Self::SamePair,
        Self::NeverReturns,
        Self::CopiedEntries,
        Self::UnusualHours,
        Self::Exports,
        Self::FailedSignIns,
        Self::PolicyLoosened,
    ];

    /// The name of the topic.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Unfinished => say!("rule-oversight-unfinished"),
            Self::ManySearches => say!("rule-oversight-many-searches"),
            Self::SameBasis => say!("rule-oversight-same-basis"),
            Self::WeakBasis => say!("rule-oversight-weak-basis"),
            Self::NearFloor => say!("rule-oversight-near-floor"),
            Self::InSeconds => say!("rule-oversight-in-seconds"),
            Self::TopScore => say!("rule-oversight-top-score"),
            Self::ChangedAfterUnveiling => say!("rule-oversight-changed"),
            Self::SamePair => say!("rule-oversight-same-pair"),
            Self::NeverReturns => say!("rule-oversight-never-returns"),
            Self::CopiedEntries => say!("rule-oversight-copied"),
            Self::UnusualHours => say!("rule-oversight-hours"),
            Self::Exports => say!("rule-oversight-exports"),
            Self::FailedSignIns => say!("rule-oversight-failed-sign-ins"),
            Self::PolicyLoosened => say!("rule-oversight-policy"),
        }
    }
}

/// What the patterns are looked for in.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// Events of [`PATTERN_ACTIONS`], in any order.
    pub events: &'a [DeskEvent],
    /// How cases were conducted.
    pub cases: &'a [Conduct],
    /// The present.
    pub now: Moment,
    /// The department's time zone, by its IANA name.
    pub zone: &'a str,
}

/// A topic for training. It accuses nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Which.
    pub pattern: Pattern,
    /// Whom it is about; nobody where no person did it.
    pub about: Vec<Party>,
    /// Why it is one.
    pub why: String,
    /// What is usual among colleagues, where that is known.
    pub usual: String,
    /// Cases that it rests on.
    pub cases: Vec<CaseId>,
    /// Events that it rests on, by workstation and position.
    pub events: Vec<(String, i64)>,
}
