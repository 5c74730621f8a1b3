//! What a disposition needs, and the order of times.

use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};

use super::disposition::Disposition;
use super::draft::NoteDraft;
use crate::case::Case;
use crate::corroboration::{Circumstances, CompleteChecklist};
use crate::examination::{ConcludedExamination, Conclusion, History, Outcome, Work};
use crate::probe::ProbeRecord;
use crate::search::SearchRecord;
use crate::text::{MAX_ACCOUNT, tells};
use crate::verification::Verification;

/// Fewest different words of a reason.
const REASON_WORDS: usize = 3;

pub(super) fn disposition_gaps(
    disposition: Disposition,
    draft: &NoteDraft,
    examination: &ConcludedExamination,
    checklist: &CompleteChecklist,
) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let why = say!("rule-note-disposition-must-record-shows");
    need!(
        gaps,
        checklist.checklist().scope == disposition.scope(),
        "disposition",
        say!("rule-note-checklist-completed-another-disposition-choose"),
        why,
    );
    let has_lead = matches!(examination.outcome(), Outcome::Lead { .. });
    match disposition {
        Disposition::NoCandidate => {
            need!(gaps, !has_lead, "disposition", say!("rule-note-examination-kept-candidate-so-no"), why)
        }
        Disposition::Excluded => {
            need!(
                gaps,
                tells(&draft.reason, REASON_WORDS) && draft.reason.chars().count() <= MAX_ACCOUNT,
                "note.reason",
                say!("rule-note-say-excludes-examination-evidence"),
                why,
            );
            let stands = match examination.outcome() {
                Outcome::NoneOfThese => true,
                Outcome::Lead { conclusion, .. } => {
                    matches!(conclusion, Conclusion::Inconclusive | Conclusion::Exclusion)
                }
            };
            need!(
                gaps,
                stands || checklist.excludes(),
                "disposition",
                say!("rule-note-nothing-record-excludes-examination-supports"),
                why,
            );
        }
        Disposition::LeadNotCorroborated | Disposition::LeadCorroborated => {
            need!(gaps, has_lead, "disposition", say!("rule-note-examination-kept-no-candidate-choose"), why);
            need!(
                gaps,
                examination.examination().unveiled_at.is_some(),
                "examination",
                say!("rule-note-unveil-scores-records-before-write"),
                why,
            );
        }
    }
    if disposition == Disposition::LeadCorroborated {
        need!(
            gaps,
            examination.lead_is_verified(),
            "verification",
            say!("rule-note-second-trained-examiner-must-compare"),
            say!("rule-examination-two-people-do-not-know"),
        );
        gaps.extend(checklist.support_gaps());
    }
    gaps.into_result(|| ()).err().unwrap_or_default()
}

pub(super) fn time_gaps(
    draft: &NoteDraft,
    search: &SearchRecord,
    examination: &ConcludedExamination,
    checklist: &CompleteChecklist,
    now: Moment,
) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let concluded = examination.concluded_at().unwrap_or(now);
    let changed = examination.examination().changes.iter().map(|change| change.to.at);
    need!(
        gaps,
        changed.chain(examination.examination().unveiled_at).chain(draft.case.confirmed_at()).all(|at| at <= now),
        "note",
        say!("rule-note-something-record-dated-after-check"),
        say!("rule-note-times-must-order-event-capture"),
    );
    need!(
        gaps,
        draft.probe.imported_at() <= search.at() && search.at() <= concluded && concluded <= now,
        "note",
        say!("rule-note-record-times-out-order-check"),
        say!("rule-note-times-must-order-event-capture"),
    );
    if matches!(draft.disposition, Some(Disposition::LeadCorroborated | Disposition::LeadNotCorroborated)) {
        need!(
            gaps,
            now.days_since(search.at()) <= i64::from(checklist.stale_after_days),
            "search",
            say!("rule-note-search-older-than-days-lead", stale_after_days = checklist.stale_after_days),
            say!("rule-note-galleries-change-record-may-expunged"),
        );
    }
    gaps.into_result(|| ()).err().unwrap_or_default()
}

/// What the entries of a note are judged against.
pub(crate) fn around(
    case: Option<&Case>,
    probe: Option<&ProbeRecord>,
    searches: &[SearchRecord],
    examination: Option<(&Work, Option<&Verification>)>,
    history: &History,
    author: &PersonRef,
    now: Moment,
) -> Circumstances {
    let second = examination.and_then(|(_, second)| second).map(|v| &v.verifier);
    let people = examination.map(|(work, _)| &work.examiner).into_iter().chain(second).chain(history.people());
    let lead = examination.and_then(|(work, _)| work.lead);
    Circumstances::new(case, probe, searches, lead, people.chain([author]), now)
}
