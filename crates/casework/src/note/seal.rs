use catalogue::say;
use department::{Clock, Gap, Gaps, Moment, PersonRef, need};
use serde::Serialize;

use super::account::{account_gaps, flag_gaps};
use super::content::{FACTS, NOTE_SCHEMA, NoteContent};
use super::draft::NoteDraft;
use super::facts::facts;
use super::rules::{around, disposition_gaps, time_gaps};
use super::told::told;
use crate::corroboration::{Circumstances, CompleteChecklist};
use crate::examination::{ConcludedExamination, Examination};
use crate::policy::Policy;
use crate::text::LEAD_STATEMENT;

/// A note that proved every gate. It is the value of [`CaseNote::seal`], first or again by [`NoteContent::proven`];
/// `vault` stores nothing else as a note.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SealedNote(NoteContent);

impl SealedNote {
    /// What the note says.
    pub fn content(&self) -> &NoteContent {
        &self.0
    }
}

/// Why a note was not sealed. Nothing was saved, the draft is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    say!("rule-note-cannot-saved-yet", missing = _0.first().map_or(say!("rule-note-something-missing"), |g| g.missing.as_str()))
)]
pub struct SealError(
    /// What is missing, in the order of the screen.
    pub Vec<Gap>,
);

/// The case note's maker.
#[derive(Debug)]
pub enum CaseNote {}

impl CaseNote {
    /// Seals a note: the last gate, whose arguments prove the earlier ones.
    ///
    /// # Errors
    /// [`SealError`] with every gap between the draft and its disposition's needs.
    pub fn seal(
        draft: NoteDraft,
        examination: ConcludedExamination,
        checklist: CompleteChecklist,
        author: PersonRef,
        clock: &dyn Clock,
        policy: &Policy,
    ) -> Result<SealedNote, SealError> {
        let now = clock.now();
        let examination = examination.within(&draft.history, &draft.searches).map_err(SealError)?;
        let mut gaps = Gaps::new();
        let around = around(
            Some(&draft.case),
            Some(&draft.probe),
            &draft.searches,
            Some((&examination.examination().work, examination.verification())),
            &draft.history,
            &author,
            now,
        );
        let same = Circumstances { now: checklist.around.now, ..around };
        need!(
            gaps,
            same == checklist.around && checklist.around.now.is_some_and(|then| then <= now),
            "note",
            say!("rule-note-checklist-judged-against-another-case"),
            say!("rule-note-counts-judged-against-case-own"),
        );
        gaps.extend(flag_gaps(&draft, &author, now));
        need!(
            gaps,
            draft.history.is_of(&author, draft.case.opened_by(), now),
            "note",
            say!("rule-handover-author-has-case"),
            say!("rule-handover-who-answers"),
        );
        let search = draft.searches.iter().find(|s| s.id() == examination.examination().work.search);
        need!(
            gaps,
            search.is_some_and(|s| s.probe_sha256() == draft.probe.image().sha256),
            "examination",
            say!("rule-note-examination-does-not-belong-search"),
            say!("rule-note-joins-one-probe-searches-their"),
        );
        gaps.extend(account_gaps(&draft.narrative));
        match draft.disposition {
            None => gaps.push(Gap::new(
                "disposition",
                say!("rule-note-choose-disposition"),
                say!("rule-note-must-say-search-came"),
            )),
            Some(disposition) => {
                gaps.extend(disposition_gaps(disposition, &draft, &examination, &checklist));
            }
        }
        if let Some(search) = search {
            gaps.extend(time_gaps(&draft, search, &examination, &checklist, now));
        }
        let disposition = draft.disposition;
        gaps.into_result(|| disposition)
            .and_then(|disposition| disposition.ok_or_else(Vec::new))
            .map_err(SealError)
            .map(|disposition| {
                let (searches, history) = told(draft.searches, draft.history, disposition, examination.examination());
                let mut content = NoteContent {
                    schema: NOTE_SCHEMA.to_owned(),
                    id: draft.id,
                    author,
                    sealed_at: now,
                    statement: LEAD_STATEMENT.to_owned(),
                    disposition,
                    reason: draft.reason.trim().to_owned(),
                    narrative: draft.narrative.trim().to_owned(),
                    case: draft.case,
                    probe: draft.probe,
                    searches,
                    examination: examination.examination().clone(),
                    outcome: examination.outcome(),
                    verification: examination.verification().cloned(),
                    checklist: checklist.checklist().clone(),
                    standings: checklist.standings().to_vec(),
                    amends: draft.amends,
                    withdrawn: draft.withdrawn,
                    history,
                    account_confirmed: draft.account_confirmed,
                    answers: draft.answers,
                    policy: policy.sha256.clone(),
                    time_zone: policy.time_zone.clone(),
                    facts: Vec::new(),
                };
                content.facts = facts(&content);
                SealedNote(content)
            })
    }
}

impl NoteContent {
    /// Proves a note that was read, received or claimed: every gate is passed again from what it holds, and what comes out must
    /// be what it says, to the last sentence. Its own policy is not at hand, so the laxest that a department may have is held
    /// against it; the rules of one department (case numbers, laws) were checked where it was sealed.
    ///
    /// # Errors
    /// What does not hold.
    pub fn proven(&self) -> Result<SealedNote, Vec<Gap>> {
        let policy = Policy { sha256: self.policy.clone(), time_zone: self.time_zone.clone(), ..Policy::laxest() };
        let wrong =
            |place: &str, text: &str| Err(vec![Gap::new(place, text, say!("rule-case-note-claims-computed-again"))]);
        if self.schema != NOTE_SCHEMA {
            return wrong("note", say!("rule-note-sealed-another-version-under-other"));
        }
        let case = self.case.clone().proven(&policy)?;
        self.probe.proven(&case, &policy)?;
        let search = self.searches.iter().find(|s| s.id() == self.examination.work.search);
        let Some(search) = search else { return wrong("examination", say!("rule-note-examination-belongs-no-search")) };
        let in_order = self.searches.iter().all(|s| s.is_of(&case, &self.probe) && s.at() <= self.sealed_at);
        if !in_order || case.opened_at() > search.at() {
            return wrong("search", say!("rule-note-search-another-purpose-probe-time"));
        }
        let second = self.examination.verification.clone();
        if self.verification != second {
            return wrong("verification", say!("rule-note-verification-not-one-examination"));
        }
        if !self.history.fits(&self.searches) {
            return wrong("examination", say!("rule-note-examination-set-aside-belongs-no"));
        }
        let clock = At(self.sealed_at);
        let examination = Examination::from(self.examination.clone()).proven(search, self.sealed_at, &policy)?;
        let around = around(
            Some(&self.case),
            Some(&self.probe),
            &self.searches,
            Some((&self.examination.work, second.as_ref())),
            &self.history,
            &self.author,
            self.sealed_at,
        );
        let checklist = self.checklist.complete(&policy, &around)?;
        let draft = NoteDraft {
            id: self.id,
            case: self.case.clone(),
            probe: self.probe.clone(),
            searches: self.searches.clone(),
            disposition: Some(self.disposition),
            reason: self.reason.clone(),
            narrative: self.narrative.clone(),
            amends: self.amends.clone(),
            withdrawn: self.withdrawn.clone(),
            history: self.history.clone(),
            account_confirmed: self.account_confirmed.clone(),
            answers: self.answers.clone(),
        };
        let again =
            CaseNote::seal(draft, examination, checklist, self.author.clone(), &clock, &policy).map_err(|e| e.0)?;
        if (NoteContent { facts: self.facts.clone(), ..again.0.clone() }) == *self && again.0 != *self {
            return wrong(FACTS, say!("rule-note-claims-standings-outcome-facts-statement"));
        }
        if again.0 != *self {
            return wrong("note", say!("rule-note-claims-standings-outcome-facts-statement"));
        }
        Ok(again)
    }
}

struct At(Moment);

impl Clock for At {
    fn now(&self) -> Moment {
        self.0
    }
}
