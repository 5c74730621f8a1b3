use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};
use serde::{Deserialize, Serialize};

use crate::case::{Flag, flags};
use crate::text::said;

/// Most characters of an operation's name.
const MAX_NAME: usize = 80;

/// The operation that a case belongs to: a task force, an event. The last that was said counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Its name; empty for none.
    pub name: String,
    /// Who said so.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
}

impl Operation {
    /// Says that a case belongs to the operation `name`, or with an empty one to none.
    ///
    /// # Errors
    /// A gap for a name that nobody can read, or that is too long for a table.
    pub fn of(name: &str, by: PersonRef, at: Moment) -> Result<Self, Vec<Gap>> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut gaps = Gaps::new();
        need!(
            gaps,
            name.is_empty() || (said(&name) && name.chars().count() <= MAX_NAME),
            "operation",
            say!("rule-results-operation-name", most = MAX_NAME),
            say!("rule-results-operation-why"),
        );
        gaps.into_result(|| Self { name, by, at })
    }

    /// What of the name the auditor is told: an operation against an assembly or a belief is not what the system is for.
    pub fn flags(&self) -> Vec<Flag> {
        flags(&self.name)
    }
}
