use department::{Moment, PersonRef};

use super::ended::Duty;
use super::word::{Keeping, KeepingWord};
use crate::CaseFile;
use crate::ids::CaseId;
use crate::note::{AddendumContent, NoteContent};
use crate::results::{ResultContent, ResultKind};
use crate::review::{Approval, ReviewContent};

/// A sealed note of a case, with what was said of it.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// The note, proven when it was read.
    pub note: &'a NoteContent,
    /// Its reviews, the one that counts first.
    pub reviews: &'a [ReviewContent],
    /// Its addenda.
    pub addenda: &'a [AddendumContent],
    /// What came of it, oldest first.
    pub results: &'a [ResultContent],
}

/// What the rule of retention looks at: a case as it stands on record. Whoever makes one has read each part where it is proven.
#[derive(Debug, Clone)]
pub struct OnRecord<'a> {
    /// The case.
    pub file: &'a CaseFile,
    /// When anything of it was last stored.
    pub changed_at: Moment,
    /// Its sealed notes, oldest first.
    pub notes: Vec<Kept<'a>>,
    /// Whether it lives at another workstation now.
    pub moved: bool,
    /// Whether something about it waits for another workstation.
    pub waits: bool,
    /// When it was last disclosed.
    pub disclosed_at: Option<Moment>,
    /// What supervisors said of how long it is kept, oldest first.
    pub said: &'a [Keeping],
    /// When supervisors were first told that it is due, after all of that.
    pub told_at: Option<Moment>,
    /// Whether another case with its number is kept by a hold or a duty.
    pub beside: bool,
}

impl OnRecord<'_> {
    /// Identity.
    pub fn id(&self) -> CaseId {
        self.file.id
    }

    /// Its number, as typed.
    pub fn number(&self) -> &str {
        self.file.purpose.case_number.trim()
    }

    /// What was said of how long it is kept.
    pub fn said(&self) -> &[Keeping] {
        self.said
    }

    /// The last word of two that answer each other.
    fn last(&self, one: KeepingWord, other: KeepingWord) -> Option<&Keeping> {
        self.said.iter().rev().find(|said| said.word() == one || said.word() == other)
    }

    /// The legal hold, while there is one.
    pub fn hold(&self) -> Option<&Keeping> {
        self.last(KeepingWord::HoldSet, KeepingWord::HoldLifted).filter(|last| last.word() == KeepingWord::HoldSet)
    }

    /// Who lifted the last hold and who ended the last duty, as far as none was set or begun since.
    pub(super) fn let_go_by(&self) -> impl Iterator<Item = &PersonRef> {
        let hold = self.last(KeepingWord::HoldSet, KeepingWord::HoldLifted);
        let duty = self.last(KeepingWord::DutyBegun, KeepingWord::DutyEnded);
        let lets_go = |word| matches!(word, KeepingWord::HoldLifted | KeepingWord::DutyEnded);
        hold.into_iter().chain(duty).filter(move |said| lets_go(said.word())).map(Keeping::by)
    }

    /// Why it must be kept for those who are accused, while it must. A disclosure after the proceedings were said to have ended says
    /// that they have not.
    pub fn duty(&self) -> Option<Duty> {
        self.own_duty().or(self.beside.then_some(Duty::Beside))
    }

    /// Whether it is kept by a hold or a duty of its own: then so is every other case with its number.
    pub fn is_kept(&self) -> bool {
        self.hold().is_some() || self.own_duty().is_some()
    }

    /// The last word on the proceedings, where it says that they run.
    pub(super) fn asked(&self) -> bool {
        let last = self.last(KeepingWord::DutyBegun, KeepingWord::DutyEnded);
        last.is_some_and(|said| said.word() == KeepingWord::DutyBegun)
    }

    fn own_duty(&self) -> Option<Duty> {
        if let Some(since) = self.running_since() {
            return Some(Duty::Running { since });
        }
        let last = self.last(KeepingWord::DutyBegun, KeepingWord::DutyEnded);
        match last {
            Some(said) if said.word() == KeepingWord::DutyBegun => {
                Some(Duty::Asked { since: said.at(), by: said.by().clone(), reason: said.reason().to_owned() })
            }
            ended => {
                let since = self.disclosed_at.filter(|at| ended.is_none_or(|ended| ended.at() <= *at))?;
                Some(Duty::Disclosed { since })
            }
        }
    }

    /// Since when an arrest or a charge that came of it runs: one that no result ends, and none was recorded in place of.
    fn running_since(&self) -> Option<Moment> {
        let results: Vec<&ResultContent> = self.notes.iter().flat_map(|kept| kept.results).collect();
        let stands = |one: &ResultContent| results.iter().all(|later| later.corrects != Some(one.id));
        let begins = |one: &&&ResultContent| matches!(one.kind, ResultKind::Arrest | ResultKind::ChargeAdded);
        let ended = |one: &ResultContent| results.iter().any(|later| later.of == Some(one.id) && stands(later));
        let run = results.iter().filter(begins).filter(|one| stands(one) && !ended(one));
        run.map(|one| one.recorded_at).min()
    }

    /// Whether a photograph stays although the gallery has withdrawn its record.
    pub fn keeps_withdrawn(&self) -> bool {
        self.hold().is_some() || self.duty().is_some()
    }

    /// Whether `person` worked on the case: began, had, examined or verified it, wrote of it, confirmed something in it, or decided on
    /// a lead of it.
    pub fn involves(&self, person: &PersonRef) -> bool {
        let confirmed = [&self.file.confirmed, &self.file.search_confirmed, &self.file.account_confirmed];
        let confirmed = confirmed.into_iter().flatten().map(|one| &one.by);
        let notes = self.notes.iter().flat_map(|kept| {
            let decided = kept.reviews.iter().filter(|_| kept.note.disposition.tells_the_lead());
            let confirmed = kept.note.account_confirmed.iter().map(|one| &one.by);
            let recorded = kept.results.iter().map(|one| &one.recorded_by);
            let added = kept.addenda.iter().map(|one| &one.author);
            decided.map(|review| &review.reviewer).chain(added).chain(recorded).chain(confirmed)
        });
        let given = self.file.history.handed_over.iter().map(|one| &one.by);
        let verified = self.file.examination.as_ref().and_then(|examination| examination.verification());
        let worked = self.file.working().into_iter().chain(self.file.history.people());
        let worked = worked.chain(verified.map(|one| &one.verifier));
        worked.chain(given).chain(confirmed).chain(notes).any(|one| one.is_same(person))
            || self.notes.iter().any(|kept| crate::took_part(kept.note, person))
    }

    /// What the reviews of the newest note come to; `None` where the case is no sealed note's.
    pub(super) fn approval(&self) -> Option<(Approval, Moment)> {
        let sealed = self.file.sealed?;
        let kept = self.notes.iter().find(|kept| kept.note.id == sealed)?;
        let reviewed = kept.reviews.iter().map(|review| review.at);
        let added = kept.addenda.iter().map(|addendum| addendum.at);
        let came = kept.results.iter().map(|result| result.recorded_at);
        let last = reviewed.chain(added).chain(came).fold(kept.note.sealed_at, Moment::max);
        Some((Approval::of(kept.reviews), last))
    }
}
