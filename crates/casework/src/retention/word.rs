use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, Role, need};
use serde::{Deserialize, Serialize};

use super::record::OnRecord;
use crate::ids::CaseId;
use crate::text::{MAX_FIELD, tells};

/// Schema of a [`Keeping`].
pub const KEEPING_SCHEMA: &str = "corroborate.keeping.v1";
/// Fewest different words of a reason.
const REASON_WORDS: usize = 3;

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
    schema: String,
    case: CaseId,
    word: KeepingWord,
    by: PersonRef,
    at: Moment,
    reason: String,
}

impl Keeping {
    /// Records what `supervisor` says of the case, for a `reason`. Whoever worked on it may have it kept, and never let it go.
    ///
    /// # Errors
    /// Every [`Gap`] that stands in the way.
    pub fn say(
        word: KeepingWord,
        case: &OnRecord<'_>,
        supervisor: &Person,
        reason: &str,
        at: Moment,
    ) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            supervisor.is(Role::Supervisor),
            "retention",
            say!("rule-retention-supervisor-alone"),
            say!("rule-retention-somebody-answers"),
        );
        need!(
            gaps,
            tells(reason, REASON_WORDS) && reason.chars().count() <= MAX_FIELD,
            "retention.reason",
            say!("rule-retention-say-why"),
            say!("rule-retention-read-later"),
        );
        let hold = case.hold().is_some();
        let fits = match word {
            KeepingWord::HoldSet => !hold,
            KeepingWord::HoldLifted => hold,
            // Beside what follows from results: those may end before the proceedings do.
            KeepingWord::DutyBegun => !case.asked(),
            KeepingWord::DutyEnded => case.asked() || case.duty().is_some_and(|duty| duty.may_be_ended()),
        };
        need!(gaps, fits, "retention", say!("rule-retention-stands-already"), "");
        let lets_go = matches!(word, KeepingWord::HoldLifted | KeepingWord::DutyEnded);
        need!(
            gaps,
            !lets_go || !case.involves(&supervisor.reference()),
            "retention",
            say!("rule-retention-took-part"),
            say!("rule-retention-nobody-lets-own-work-go"),
        );
        need!(
            gaps,
            case.said().last().is_none_or(|last| last.at <= at),
            "retention",
            say!("rule-retention-clock-before"),
            "",
        );
        let (schema, case, by) = (KEEPING_SCHEMA.to_owned(), case.id(), supervisor.reference());
        gaps.into_result(|| Self { schema, case, word, by, at, reason: reason.trim().to_owned() })
    }

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
