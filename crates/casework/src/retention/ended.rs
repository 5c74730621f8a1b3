//! How a case ended, why it has not, and why it is kept for those who are accused.

use department::{Moment, PersonRef};
use serde::{Deserialize, Serialize};

/// How a case ended, by which its days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// With an approved note that tells a lead.
    Lead,
    /// With an approved note of a search that gave nothing, or of somebody whom the record excludes.
    Nothing,
    /// With no note at all: it was begun, and nobody has touched it since.
    Draft,
    /// The same, and the program referred it to the auditor: it is kept as long as a lead, so that they can look.
    Referred,
}

/// Why a case has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StillOpen {
    /// Its note waits for review.
    UnderReview,
    /// Its note was returned, and none was sealed since.
    Returned,
    /// Its note was referred to audit, or reviewers decided differently.
    Referred,
    /// Something about it waits for another workstation.
    Waits,
    /// It lives at another workstation.
    Moved,
    /// Nobody can say what time it is.
    NoTime,
    /// What is on record of it does not fit.
    Unread,
    /// It is kept by somebody's word, and whoever looks could still be asked to verify in it: nothing of it is told.
    Untold,
}

/// Why a case is kept for those who are accused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Duty {
    /// It was disclosed, and nobody said that the proceedings have ended.
    Disclosed {
        /// When last.
        since: Moment,
    },
    /// A supervisor said that a disclosure was asked for, or that proceedings run.
    Asked {
        /// When.
        since: Moment,
        /// Who.
        by: PersonRef,
        /// Why.
        reason: String,
    },
    /// An arrest or a charge that came of it runs, by its results.
    Running {
        /// Since when.
        since: Moment,
    },
    /// Another case with its number is kept: what was searched beside it must be disclosed with it.
    Beside,
}

impl Duty {
    /// Whether a supervisor's word ends it; one that follows from results ends with them.
    pub(super) fn may_be_ended(&self) -> bool {
        !matches!(self, Duty::Running { .. } | Duty::Beside)
    }
}
