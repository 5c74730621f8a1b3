use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};

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
    let why = say!("rule-note-read-people-not");
    need!(
        gaps,
        tells(&without_headings(narrative), ACCOUNT_WORDS),
        "note.narrative",
        say!("rule-note-write-account-done-came"),
        why,
    );
    let length = narrative.chars().count();
    need!(
        gaps,
        length <= MAX_ACCOUNT,
        "note.narrative",
        say!("rule-note-account-characters-most-kept-attach", length, max_account = MAX_ACCOUNT),
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
        gaps.push(Gap::new(
            "note.supervisor",
            say!("rule-note-account-says-supervisor-confirms-here", quoted = flag.quoted()),
            say!("rule-note-face-recognition-may-not-turned"),
        ));
    }
    gaps.into_result(|| ()).err().unwrap_or_default()
}
