use catalogue::say;
use department::{Clock, Gap, Gaps, Moment, Person, need};

use super::CaseFile;
use super::elsewhere::Elsewhere;
use crate::case::{Case, Confirmation, Flag, flags};
use crate::examination::Examination;
use crate::ids::{NoteId, ProbeId};
use crate::note::{
    Answered, CaseNote, Disposition, Fact, NoteContent, NoteDraft, NoteForm, SealError, SealedNote, SentBack, asked,
    facts,
};
use crate::note::{account_gaps, account_text};
use crate::policy::Policy;
use crate::probe::ProbeRecord;
use crate::review::{Decision, ReviewContent};
use crate::search::SearchFilters;
use crate::text::{MAX_ACCOUNT, gist, tells};

impl CaseFile {
    /// Replaces what is typed for the note.
    ///
    /// # Errors
    /// A gap after sealing.
    pub fn edit_note(&mut self, form: NoteForm) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let disposition = form.disposition;
        self.0.note = form;
        self.set_disposition(disposition);
        Ok(())
    }

    /// Whether a supervisor confirmed the account as it stands.
    pub fn account_is_confirmed(&self) -> bool {
        let text = account_text(&self.0.note.narrative, &self.0.note.reason);
        self.0.account_confirmed.as_ref().is_some_and(|c| c.of == text)
    }

    /// What is flagged in the account and the reason.
    pub fn account_flags(&self) -> Vec<Flag> {
        let mut found = flags(&self.0.note.narrative);
        found.extend(flags(&self.0.note.reason));
        found.sort();
        found.dedup();
        found
    }

    /// A supervisor confirms what is flagged in the account.
    ///
    /// # Errors
    /// As [`CaseFile::confirm_flags`].
    pub fn confirm_account(&mut self, supervisor: &Person, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let text = account_text(&self.0.note.narrative, &self.0.note.reason);
        self.0.account_confirmed = Some(Confirmation::of(text, supervisor, &self.working(), now)?);
        // They have read the account: they cannot verify.
        self.saw(supervisor, now);
        Ok(())
    }

    /// What the record shows so far, as the note will say it; nothing before the examination is concluded.
    pub fn facts(&self, now: Moment, policy: &Policy) -> Vec<Fact> {
        let (Some(case), Some(probe), Ok(concluded)) = (&self.0.case, &self.0.probe, self.concluded(now, policy))
        else {
            return Vec::new();
        };
        if concluded.concluded_at().is_none() {
            return Vec::new();
        }
        let draft = self.draft(NoteId(self.0.id.0), case, probe);
        facts(&NoteContent {
            schema: String::new(),
            id: draft.id,
            author: self.holder().clone(),
            sealed_at: now,
            statement: String::new(),
            disposition: draft.disposition.unwrap_or(Disposition::LeadNotCorroborated),
            reason: draft.reason,
            narrative: draft.narrative,
            case: draft.case,
            probe: draft.probe,
            searches: draft.searches,
            examination: concluded.examination().clone(),
            outcome: concluded.outcome(),
            verification: concluded.verification().cloned(),
            checklist: self.0.checklist.clone(),
            standings: self.standings(self.holder(), now),
            amends: draft.amends,
            withdrawn: draft.withdrawn,
            history: draft.history,
            answers: draft.answers,
            account_confirmed: draft.account_confirmed,
            policy: policy.sha256.clone(),
            time_zone: policy.time_zone.clone(),
            facts: Vec::new(),
        })
    }

    /// Everything that stands between this file and a sealed note, in the order of the screen. Of
    /// gates that are shut only the first is listed: the later ones cannot be worked on yet.
    pub fn gaps(&self, person: &Person, clock: &dyn Clock, policy: &Policy) -> Vec<Gap> {
        if self.0.sealed.is_some() {
            return Vec::new();
        }
        let (by, now) = (person.reference(), clock.now());
        if self.0.case.is_none() {
            return self.0.purpose.open(self.0.id, by, now, policy, self.0.confirmed.as_ref()).err().unwrap_or_else(
                || {
                    vec![Gap::new(
                        "purpose",
                        say!("rule-note-confirm-case-purpose"),
                        say!("rule-note-gate-opens-when-confirm"),
                    )]
                },
            );
        }
        let Some(probe) = &self.0.probe else {
            return self.accepted_probe(ProbeId(self.0.id.0), by, now, policy).err().unwrap_or_else(|| {
                vec![Gap::new("probe", say!("rule-note-confirm-probe"), say!("rule-note-gate-opens-when-confirm"))]
            });
        };
        if self.0.searches.is_empty() {
            return self
                .permit(person, SearchFilters::default(), now, policy, &Elsewhere::default())
                .err()
                .unwrap_or_else(|| {
                    vec![Gap::new(
                        "search",
                        say!("rule-examination-search-gallery"),
                        say!("rule-examination-note-records-search-gave"),
                    )]
                });
        }
        let mut gaps = Vec::new();
        if self.0.verifying.as_ref().is_some_and(|task| task.begun.is_some()) {
            gaps.push(Gap::new(
                "verification",
                say!("rule-note-second-examiner-compares-now-wait"),
                say!("rule-note-being-verified-does-not-change"),
            ));
        }
        let examination = match self.concluded(now, policy) {
            Ok(_) if self.0.examination.as_ref().is_some_and(|e| e.concluded_at().is_none()) => {
                gaps.push(Gap::new(
                    "examination",
                    say!("rule-note-conclude-examination"),
                    say!("rule-note-scores-stay-hidden-until-own"),
                ));
                None
            }
            Ok(concluded) => Some(concluded),
            Err(missing) => {
                gaps.extend(missing);
                None
            }
        };
        gaps.extend(self.returned_gaps());
        let checklist = match self.0.checklist.complete(policy, &self.around(&by, now)) {
            Ok(complete) => Some(complete),
            Err(missing) => {
                gaps.extend(missing);
                None
            }
        };
        if let (Some(examination), Some(checklist), Some(case)) = (examination, checklist, &self.0.case) {
            let draft = self.draft(NoteId(self.0.id.0), case, probe);
            gaps.extend(
                CaseNote::seal(draft, examination, checklist, by, clock, policy).err().map(|e| e.0).unwrap_or_default(),
            );
            return gaps;
        }
        if self.0.note.disposition.is_none() {
            gaps.push(Gap::new(
                "disposition",
                say!("rule-note-choose-disposition"),
                say!("rule-note-must-say-search-came"),
            ));
        }
        gaps.extend(account_gaps(&self.0.note.narrative));
        gaps
    }

    /// What a returned note still needs: an answer to each remark, and a change.
    fn returned_gaps(&self) -> Vec<Gap> {
        let (Some(before), Some(review)) = (&self.0.sent_back, self.0.returned.last()) else { return Vec::new() };
        let mut gaps = Gaps::new();
        let why = say!("rule-note-reviewer-reads-answered-beside-they");
        for (at, remark) in asked(review).iter().enumerate() {
            need!(
                gaps,
                self.0
                    .note
                    .answers
                    .get(at)
                    .is_some_and(|answer| tells(answer, 2) && answer.chars().count() <= MAX_ACCOUNT),
                format!("note.answers.{at}"),
                say!("rule-note-answer-reviewer-asked", text = remark.text.trim()),
                why,
            );
        }
        need!(
            gaps,
            **before != self.as_sent(),
            "note.narrative",
            say!("rule-note-nothing-changed-since-returned-mend"),
            say!("rule-note-returned-not-handed-again"),
        );
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    /// What a reviewer would get, apart from answers and times.
    fn as_sent(&self) -> SentBack {
        SentBack {
            disposition: self.0.note.disposition,
            reason: gist(&self.0.note.reason),
            narrative: gist(&self.0.note.narrative),
            checklist: self.0.checklist.sense(),
            examination: self.0.examination.as_ref().map(Examination::record),
        }
    }

    fn draft(&self, id: NoteId, case: &Case, probe: &ProbeRecord) -> NoteDraft {
        NoteDraft {
            id,
            case: case.clone(),
            probe: probe.clone(),
            searches: self.0.searches.clone(),
            disposition: self.0.note.disposition,
            reason: self.0.note.reason.clone(),
            narrative: self.0.note.narrative.clone(),
            amends: self.0.returned.iter().map(|review| review.note).collect(),
            withdrawn: self.0.withdrawn.clone(),
            history: self.0.history.clone(),
            account_confirmed: self
                .0
                .account_confirmed
                .clone()
                .filter(|_| self.account_is_confirmed() && !self.account_flags().is_empty()),
            answers: self.answered(),
        }
    }

    fn answered(&self) -> Vec<Answered> {
        let Some(review) = self.0.returned.last() else { return Vec::new() };
        let answers = asked(review).into_iter().enumerate().map(|(at, remark)| Answered {
            review: review.note,
            remark,
            answer: self.0.note.answers.get(at).map_or_else(String::new, |answer| answer.trim().to_owned()),
        });
        answers.collect()
    }

    /// Seals the case note through [`CaseNote::seal`]. The file itself is marked by
    /// [`CaseFile::mark_sealed`] once the note is stored.
    ///
    /// # Errors
    /// [`SealError`] with everything that is missing; nothing changes.
    pub fn seal(
        &self,
        id: NoteId,
        author: &Person,
        clock: &dyn Clock,
        policy: &Policy,
    ) -> Result<SealedNote, SealError> {
        self.unsealed().map_err(SealError)?;
        let gaps = self.gaps(author, clock, policy);
        if !gaps.is_empty() {
            return Err(SealError(gaps));
        }
        let examination = self.concluded(clock.now(), policy).map_err(SealError)?;
        let by = author.reference();
        let checklist = self.0.checklist.complete(policy, &self.around(&by, clock.now())).map_err(SealError)?;
        match (&self.0.case, &self.0.probe) {
            (Some(case), Some(probe)) => {
                CaseNote::seal(self.draft(id, case, probe), examination, checklist, by, clock, policy)
            }
            _ => Err(SealError(Vec::new())),
        }
    }

    /// Opens the file again after a reviewer returned its note: a new draft that keeps all that was typed, and
    /// the review.
    ///
    /// # Errors
    /// A gap when `review` does not return this file's note.
    pub fn reopen(&mut self, review: &ReviewContent) -> Result<(), Vec<Gap>> {
        if self.0.sealed != Some(review.note) || review.decision != Decision::Return {
            return Err(vec![Gap::new("review", say!("rule-note-review-does-not-return-case"), "")]);
        }
        self.0.sent_back = Some(Box::new(self.as_sent()));
        self.0.sealed = None;
        self.0.note.answers = vec![String::new(); asked(review).len()];
        self.0.returned.push(review.clone());
        Ok(())
    }

    /// Leaves of searches and of what was seen before only what `note` tells, for whoever reviews it elsewhere.
    pub fn as_told(&mut self, note: &NoteContent) {
        self.0.searches.clone_from(&note.searches);
        self.0.history.clone_from(&note.history);
    }

    /// Marks the file as sealed by `note`.
    pub fn mark_sealed(&mut self, note: &SealedNote) {
        self.0.sealed = Some(note.content().id);
        // Nothing is asked of another workstation any more: no answer could change what is sealed.
        self.0.verifying.take_if(|task| task.elsewhere.is_some());
        self.0.conferring = None;
    }
}
