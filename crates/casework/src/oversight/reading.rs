//! A case that an auditor opens: only with a reason, and only what says how it was conducted.

use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, Role, need};
use serde::Serialize;

use super::closing::TELLING;
use super::party::Party;
use crate::case::Purpose;
use crate::examination::Examination;
use crate::file::CaseFile;
use crate::note::{Disposition, NoteContent};
use crate::review::{Decision, ReviewContent};
use crate::text::{MAX_FIELD, tells};

/// What an auditor is shown of a case: why it was searched and by whom, what came of it and who decided. No photograph, no candidate, no
/// name of anybody outside the department.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AuditedCase {
    /// Its number.
    pub number: String,
    /// What it is for.
    pub purpose: Option<Purpose>,
    /// The offence.
    pub offence: String,
    /// Its code.
    pub code: String,
    /// The statement that justifies the search.
    pub statement: String,
    /// Who asked for it.
    pub requested_by: String,
    /// Why the program refers it.
    pub referrals: Vec<String>,
    /// Who has the case.
    pub holder: Party,
    /// Searches: when, by whom, how many candidates.
    pub searches: Vec<(Moment, Party, usize)>,
    /// Who examined, and on how many candidates they concluded; once a note was sealed.
    pub examined: Option<(Party, usize)>,
    /// Who verified.
    pub verified: Option<Party>,
    /// Notes: when sealed, by whom, with which disposition, and the review.
    pub notes: Vec<AuditedNote>,
    /// Who read of it by another role than examiner or verifier, and when.
    pub seen_by: Vec<(Party, Moment)>,
}

/// A note of such a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AuditedNote {
    /// When it was sealed.
    pub sealed_at: Moment,
    /// Who wrote it.
    pub author: Party,
    /// The disposition.
    pub disposition: Disposition,
    /// Who reviewed it, what they decided, and why.
    pub review: Option<(Party, Decision, String)>,
}

impl CaseFile {
    /// Whether `person` may open this case for audit, for `reason`.
    ///
    /// # Errors
    /// A [`Gap`] for who is no auditor, works or worked on the case, or gives no reason; for a case that a second examiner may still be
    /// asked for, to an auditor who could be asked.
    pub fn may_audit(&self, person: &Person, reason: &str) -> Result<(), Vec<Gap>> {
        let me = person.reference();
        let mut gaps = Gaps::new();
        gaps.also(person.may_read_audit());
        need!(
            gaps,
            !self.has_worked(&me),
            "oversight.case",
            say!("rule-oversight-open-own"),
            say!("rule-oversight-close-own-why"),
        );
        let may_be_asked = person.is(Role::Examiner) && self.0.sealed.is_none() && self.waits_for(person);
        need!(
            gaps,
            !may_be_asked,
            "oversight.case",
            say!("rule-oversight-open-verifier"),
            say!("rule-case-second-opinion-worth-something-only"),
        );
        need!(
            gaps,
            tells(reason, TELLING) && reason.chars().count() <= MAX_FIELD,
            "oversight.reason",
            say!("rule-oversight-open-reason"),
            say!("rule-oversight-open-reason-why"),
        );
        gaps.into_result(|| ())
    }

    /// Whether `person` had a hand in this case: has it or had it, examined, verified, confirmed or reviewed something of it.
    fn has_worked(&self, person: &PersonRef) -> bool {
        let kept = &self.0;
        let confirmed = [&kept.confirmed, &kept.search_confirmed, &kept.account_confirmed];
        let confirmed =
            confirmed.into_iter().flatten().map(|one| &one.by).chain(kept.case.iter().filter_map(|c| c.confirmed_by()));
        let aside = kept.history.set_aside.iter().map(|aside| &aside.examination);
        let examinations: Vec<&Examination> = aside.chain(&kept.examination).collect();
        let verified = examinations.iter().filter_map(|e| e.verification()).map(|v| &v.verifier);
        let examined = examinations.iter().map(|e| &e.work().examiner);
        let given_up = kept.history.given_up.iter().map(|one| &one.work.examiner);
        let handed = kept.history.handed_over.iter().flat_map(|one| [&one.from, &one.to, &one.by]);
        let begun = kept.verifying.as_ref().and_then(|task| task.begun.as_ref()).map(|work| &work.examiner);
        let searched = kept.searches.iter().map(|search| search.by());
        std::iter::once(&kept.opened_by)
            .chain(confirmed)
            .chain(verified)
            .chain(examined)
            .chain(given_up)
            .chain(handed)
            .chain(begun)
            .chain(searched)
            .chain(kept.returned.iter().map(|review| &review.reviewer))
            .any(|one| one.is_same(person))
    }

    /// What an auditor is shown, with the notes of the case and the review of each.
    ///
    /// # Errors
    /// As for [`CaseFile::may_audit`], and a [`Gap`] for who wrote or reviewed one of the notes.
    pub fn audited(
        &self,
        person: &Person,
        reason: &str,
        notes: &[(&NoteContent, Option<&ReviewContent>)],
    ) -> Result<AuditedCase, Vec<Gap>> {
        self.may_audit(person, reason)?;
        let me = person.reference();
        let mut gaps = Gaps::new();
        let wrote = notes.iter().any(|(note, review)| {
            note.author.is_same(&me) || review.is_some_and(|review| review.reviewer.is_same(&me))
        });
        need!(gaps, !wrote, "oversight.case", say!("rule-oversight-open-own"), say!("rule-oversight-close-own-why"));
        let kept = &self.0;
        let noted = kept.sealed.is_some() || !kept.returned.is_empty();
        let examination = kept.examination.as_ref().filter(|_| noted);
        let note = |(note, review): &(&NoteContent, Option<&ReviewContent>)| AuditedNote {
            sealed_at: note.sealed_at,
            author: (&note.author).into(),
            disposition: note.disposition,
            review: review.map(|review| ((&review.reviewer).into(), review.decision, review.reason.clone())),
        };
        gaps.into_result(|| AuditedCase {
            number: kept.purpose.case_number.trim().to_owned(),
            purpose: kept.purpose.purpose,
            offence: kept.purpose.offence.clone(),
            code: kept.purpose.basis.code.clone(),
            statement: kept.purpose.basis.statement.clone(),
            requested_by: kept.purpose.basis.requested_by.clone(),
            referrals: self.referrals(),
            holder: self.holder().into(),
            searches: kept.searches.iter().map(|s| (s.at(), s.by().into(), s.candidates().len())).collect(),
            examined: examination.map(|e| ((&e.work().examiner).into(), e.work().conclusions.len())),
            verified: examination.and_then(|e| e.verification()).map(|v| (&v.verifier).into()),
            notes: notes.iter().map(note).collect(),
            seen_by: kept.seen_by.iter().map(|seen| ((&seen.by).into(), seen.at)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examination::Conclusion;
    use crate::samples::{examiner, file, forged, verified};

    #[test]
    fn a_case_is_opened_for_audit_with_a_reason_by_an_auditor_who_had_no_hand_in_it() {
        let (file, reason) = (file(), "Drawn in the sample of March");
        let auditor = |n| Person { roles: vec![Role::Auditor], ..examiner(n) };
        let shown = file.audited(&auditor(7), reason, &[]).expect("shown");
        assert_eq!((shown.searches.len(), shown.examined.clone()), (1, None));
        let text = serde_json::to_string(&shown).expect("JSON");
        for candidate in file.searches[0].candidates().ids() {
            assert!(!text.contains(&candidate.to_string()));
        }
        let second = verified(2, Conclusion::Support, Conclusion::Exclusion).expect("verified");
        let verified = forged(file.clone(), |kept| kept.examination = Some(Examination::Verified(second)));
        for (file, person, reason) in [
            (&file, auditor(7), " . "),
            (&file, examiner(7), reason),
            (&file, auditor(1), reason),
            (&verified, auditor(2), reason),
        ] {
            assert!(file.audited(&person, reason, &[]).is_err(), "{} {reason}", person.name);
        }
        assert!(verified.audited(&auditor(7), reason, &[]).is_ok());
    }
}
