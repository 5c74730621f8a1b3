use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};
use serde::{Deserialize, Serialize};

use crate::text::{MAX_FIELD, tells};

/// Fewest different words of a reason.
const REASON_WORDS: usize = 2;

/// A case that went from one detective to another, who answers for it from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Who had it.
    pub from: PersonRef,
    /// Who has it since.
    pub to: PersonRef,
    /// Who handed it over: whoever had it, or a supervisor in their absence.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

impl Handover {
    /// Whether a supervisor did it for whoever had the case.
    pub fn in_absence(&self) -> bool {
        !self.by.is_same(&self.from)
    }

    /// What is wrong with it by itself.
    pub(crate) fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let why = say!("rule-handover-who-answers");
        need!(
            gaps,
            tells(&self.reason, REASON_WORDS) && self.reason.chars().count() <= MAX_FIELD,
            "handover.reason",
            say!("rule-handover-say-why"),
            why,
        );
        need!(
            gaps,
            !self.to.is_same(&self.from) && !self.to.is_same(&self.by),
            "handover.to",
            say!("rule-handover-to-another"),
            why,
        );
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    /// Whether each of `all`, oldest first, goes on where the one before ended.
    pub(crate) fn follow(all: &[Self]) -> bool {
        let whole = all.iter().all(|one| one.gaps().is_empty());
        whole && all.windows(2).all(|two| two[1].from.is_same(&two[0].to) && two[0].at <= two[1].at)
    }
}
