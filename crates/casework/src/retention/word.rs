use department::{Moment, PersonRef};
use serde::{Deserialize, Serialize};

use crate::ids::CaseId;

/// Schema of a [`Keeping`].
pub const KEEPING_SCHEMA: &str = "corroborate.keeping.v1";

/// What a supervisor can say of how long a case is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum KeepingWord {
    /// A legal hold: nothing of it goes until it is lifted.
    HoldSet,
    /// The hold is lifted.
    HoldLifted,
    /// A disclosure was asked for, or proceedings run.
    DutyBegun,
    /// The proceedings have ended.
    DutyEnded,
}

/// What a supervisor said of how long a case is kept. Its only constructor is [`Keeping::say`]; what is read from storage is a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeping {
    pub(super) schema: String,
    pub(super) case: CaseId,
    pub(super) word: KeepingWord,
    pub(super) by: PersonRef,
    pub(super) at: Moment,
    pub(super) reason: String,
}

impl Keeping {
    /// Its schema.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Of which case.
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// What.
    pub fn word(&self) -> KeepingWord {
        self.word
    }

    /// Who said it.
    pub fn by(&self) -> &PersonRef {
        &self.by
    }

    /// When.
    pub fn at(&self) -> Moment {
        self.at
    }

    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
