//! A supervisor says how long a case is kept.

use catalogue::say;
use department::{Gap, Gaps, Moment, Person, Role, need};

use super::record::OnRecord;
use super::word::{KEEPING_SCHEMA, Keeping, KeepingWord};
use crate::text::{MAX_FIELD, tells};

/// Fewest different words of a reason.
const REASON_WORDS: usize = 3;

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
}
