use catalogue::say;
use department::{Gap, Moment, Person};

use super::CaseFile;
use crate::corroboration::{Entry, Finding};
use crate::disclosure::{AuditLine, DISCLOSURE_SCHEMA, DisclosedNote, DisclosedSearch, Disclosure, Worth};
use crate::examination::Examination;
use crate::policy::Policy;
use crate::search::{Candidate, SearchRecord};
use crate::text::LEAD_STATEMENT;

impl CaseFile {
    /// Everything of the case that must be disclosed, as `person` may have it now. `worth` measures the scores of a search; it
    /// is asked about lists that were unveiled, and about no other.
    ///
    /// # Errors
    /// A gap for somebody to whom nothing of the case may be told.
    pub fn disclosure(
        &self,
        person: &Person,
        notes: Vec<DisclosedNote>,
        audit: Vec<AuditLine>,
        worth: impl Fn(&SearchRecord, &[Candidate]) -> Worth,
        now: Moment,
        policy: &Policy,
    ) -> Result<Disclosure, Vec<Gap>> {
        if !self.sight(person).disclosure {
            return Err(vec![Gap::new("case", say!("rule-disclosure-no-such-case-here"), "")]);
        }
        Ok(Disclosure::new(self, person, notes, audit, worth, now, policy))
    }
}

impl Disclosure {
    pub(crate) fn new(
        file: &CaseFile,
        by: &Person,
        notes: Vec<DisclosedNote>,
        audit: Vec<AuditLine>,
        worth: impl Fn(&SearchRecord, &[Candidate]) -> Worth,
        now: Moment,
        policy: &Policy,
    ) -> Self {
        let record = file.examination.as_ref().map(Examination::record);
        // A list that nobody examined, or in which nobody was kept, gave nothing.
        let kept = record.as_ref().and_then(|r| r.work.lead.map(|_| r.work.search));
        let all = || file.history.set_aside.iter().map(|s| &s.examination).chain(&file.examination);
        let searches = file.searches.iter().map(|search| {
            let unveiled = all().any(|e| e.work().search == search.id() && e.unveiled().is_some());
            let candidates = if unveiled { search.candidates().clone() } else { search.candidates().withheld() };
            DisclosedSearch {
                search: search.clone().telling(candidates),
                gave_nothing: kept != Some(search.id()),
                withheld: !unveiled,
                worth: unveiled.then(|| worth(search, search.candidates().told())),
            }
        });
        // Subjects of a list that is not unveiled stay hidden here as well.
        let told = |subject: &str| {
            all().any(|e| {
                let list = file.searches.iter().find(|s| s.id() == e.work().search);
                e.unveiled().is_some() && list.is_some_and(|l| l.candidates().subjects().any(|s| s == subject))
            })
        };
        let mut history = file.history.clone();
        history.elsewhere.retain(|one| told(&one.subject_id));
        let against = |entry: &&Entry| entry.finding == Some(Finding::Contradicts);
        Self {
            schema: DISCLOSURE_SCHEMA.to_owned(),
            statement: LEAD_STATEMENT.to_owned(),
            use_of_face_recognition: say!("rule-disclosure-face-recognition-search-made-case").to_owned(),
            produced_at: now,
            time_zone: policy.time_zone.clone(),
            produced_by: by.reference(),
            case: file.case.clone(),
            probe: file.probe.clone(),
            searches: searches.collect(),
            changes_after_unveiling: record.as_ref().map(|r| r.changes.clone()).unwrap_or_default(),
            verification: record.as_ref().and_then(|r| r.verification.clone()),
            examination: record,
            history,
            referrals: file.referrals(),
            standings: file.standings(file.holder(), now),
            contradictions: file.checklist.entries.iter().filter(against).cloned().collect(),
            corroboration: file.checklist.clone(),
            notes,
            audit,
        }
    }
}
