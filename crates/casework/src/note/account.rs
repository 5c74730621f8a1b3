use department::{Gap, Gaps, Moment, PersonRef};

use super::draft::NoteDraft;
use crate::case::{Confirmation, flags};
use crate::text::{MAX_ACCOUNT, gist, tells, without_headings};

/// What a supervisor confirms of an account: another text needs another confirmation.
pub(crate) fn account_text(narrative: &str, reason: &str) -> String {
    format!("{}|{}", gist(narrative), gist(reason))
}

/// Fewest different words of an account, headings left out.
const ACCOUNT_WORDS: usize = 4;

pub(crate) fn account_gaps(narrative: &str) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let why = "A note is read by people who were not there.";
    gaps.need(
        tells(&without_headings(narrative), ACCOUNT_WORDS),
        "note.narrative",
        "Write the account: what was done and what it came to.",
        why,
    );
    let length = narrative.chars().count();
    gaps.need(
        length <= MAX_ACCOUNT,
        "note.narrative",
        format!(
            "The account has {length} characters; at most {MAX_ACCOUNT} are kept. Attach long documents to an entry."
        ),
        why,
    );
    gaps.into_result(|| ()).err().unwrap_or_default()
}

pub(super) fn flag_gaps(draft: &NoteDraft, author: &PersonRef, now: Moment) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let found = flags(&draft.narrative).into_iter().chain(flags(&draft.reason)).next();
    let text = account_text(&draft.narrative, &draft.reason);
    let working = |c: &Confirmation| [author, draft.case.opened_by()].into_iter().any(|p| p.is_same(&c.by));
    let confirmed = draft.account_confirmed.as_ref().is_some_and(|c| c.of == text && !working(c) && c.at <= now);
    if let (Some(flag), false) = (found, confirmed) {
        gaps.need(
            false,
            "note.supervisor",
            format!(
                "The account says {}. A supervisor confirms it here with their own passphrase, and the auditor is told.",
                flag.quoted()
            ),
            "Face recognition may not be turned on people for assembling, believing or holding a view.",
        );
    }
    gaps.into_result(|| ()).err().unwrap_or_default()
}
