//! What a disposition needs, and the order of times.

use department::{Gap, Gaps, Moment, PersonRef};

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
    let why = "The disposition must be what the record shows.";
    gaps.need(
        checklist.checklist().scope == disposition.scope(),
        "disposition",
        "The checklist was completed for another disposition. Choose the disposition again.",
        why,
    );
    let has_lead = matches!(examination.outcome(), Outcome::Lead { .. });
    match disposition {
        Disposition::NoCandidate => gaps.need(
            !has_lead,
            "disposition",
            "The examination kept a candidate, so \u{201c}no candidate\u{201d} is not what it came to. Complete the checklist or record an exclusion.",
            why,
        ),
        Disposition::Excluded => {
            gaps.need(
                tells(&draft.reason, REASON_WORDS) && draft.reason.chars().count() <= MAX_ACCOUNT,
                "note.reason",
                "Say what excludes: the examination or which evidence.",
                why,
            );
            let stands = match examination.outcome() {
                Outcome::NoneOfThese => true,
                Outcome::Lead { conclusion, .. } => {
                    matches!(conclusion, Conclusion::Inconclusive | Conclusion::Exclusion)
                }
            };
            gaps.need(
                stands || checklist.excludes(),
                "disposition",
                "Nothing on record excludes: the examination supports the lead and no contradiction stands against it. Record what excludes, or choose \u{201c}lead, not corroborated\u{201d}.",
                why,
            );
        }
        Disposition::LeadNotCorroborated | Disposition::LeadCorroborated => {
            gaps.need(
                has_lead,
                "disposition",
                "The examination kept no candidate. Choose \u{201c}no candidate\u{201d}.",
                why,
            );
            gaps.need(
                examination.examination().unveiled_at.is_some(),
                "examination",
                "Unveil scores and records before you write of a lead: the note tells the record that it rests on.",
                why,
            );
        }
    }
    if disposition == Disposition::LeadCorroborated {
        gaps.need(
            examination.lead_is_verified(),
            "verification",
            "A second trained examiner must compare blind and conclude support or limited support. Until then the lead is not corroborated.",
            "Two people who do not know each other's answer err less than one.",
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
    gaps.need(
        changed.chain(examination.examination().unveiled_at).chain(draft.case.confirmed_at()).all(|at| at <= now),
        "note",
        "Something on record is dated after this note. Check the workstation's clock, then save again; nothing is lost.",
        "Times must be in order: event, capture, import, search, conclusion, note.",
    );
    gaps.need(
        draft.probe.imported_at() <= search.at() && search.at() <= concluded && concluded <= now,
        "note",
        "The record's times are out of order. Check the workstation's clock, then save again; nothing is lost.",
        "Times must be in order: event, capture, import, search, conclusion, note.",
    );
    if matches!(draft.disposition, Some(Disposition::LeadCorroborated | Disposition::LeadNotCorroborated)) {
        gaps.need(
            now.days_since(search.at()) <= i64::from(checklist.stale_after_days),
            "search",
            format!("The search is older than {} days: the lead is stale. Search again.", checklist.stale_after_days),
            "Galleries change: a record may have been expunged since.",
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
