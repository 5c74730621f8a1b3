//! A case goes to a colleague: whoever has it answers for it, and what was decided stays with who decided it.

use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, Role, need};

use super::CaseFile;
use crate::case::Handover;
use crate::examination::{Blind, Examination, SetAside};
use crate::ids::CandidateId;
use crate::policy::Policy;

/// [`CaseFile::moves_in_absence`] of a case that `begun` began and that was `handed_over` since, oldest first.
pub fn moved_in_absence(
    (begun, handed_over): (&PersonRef, &[Handover]),
    person: &PersonRef,
    at: Moment,
) -> Option<bool> {
    let Some(last) = handed_over.iter().rfind(|one| one.at <= at) else {
        return begun.is_same(person).then_some(false);
    };
    match [&last.to, &last.from].into_iter().any(|one| one.is_same(person)) {
        true => Some(false),
        false => last.by.is_same(person).then_some(true),
    }
}

impl CaseFile {
    /// Whether `handed_over` goes on where the handings over of this case end; those before `until`, where that is given.
    pub fn was_handed_on(&self, handed_over: &[Handover], until: Option<Moment>) -> bool {
        let first = handed_over.first().is_none_or(|first| first.from.is_same(&self.0.opened_by));
        let own = &self.0.history.handed_over;
        let own = &own[..own.partition_point(|one| until.is_none_or(|until| one.at < until))];
        first && Handover::follow(handed_over) && handed_over.starts_with(own)
    }

    /// Whether `person` is of this case already, so that it cannot become theirs: as verifier, or by a word that only somebody
    /// apart from it may give.
    fn is_apart_from(&self, person: &PersonRef) -> bool {
        let confirmed = [&self.0.confirmed, &self.0.search_confirmed, &self.0.account_confirmed];
        let confirmed = confirmed.into_iter().flatten().map(|confirmation| &confirmation.by);
        let confirmed = confirmed.chain(self.0.case.as_ref().and_then(|case| case.confirmed_by()));
        let reviewed = self.0.returned.iter().map(|review| &review.reviewer);
        let aside = self.0.history.set_aside.iter().map(|aside| &aside.examination);
        let verified = aside.chain(&self.0.examination).filter_map(Examination::verification).map(|v| &v.verifier);
        let begun = self.0.history.given_up.iter().map(|given_up| &given_up.work.examiner);
        confirmed.chain(reviewed).chain(verified).chain(begun).all(|one| !one.is_same(person))
    }

    /// Whether `person` had the case before it was taken back at `at`: what they did or saw with it elsewhere is not known, so that it
    /// does not become theirs once more.
    ///
    /// # Errors
    /// A [`Gap`] where they had.
    pub fn had_nothing_before(&self, at: Moment, person: &PersonRef) -> Result<(), Vec<Gap>> {
        let had = self.0.history.handed_over.iter().filter(|one| one.at < at).map(|one| &one.to);
        let had = std::iter::once(&self.0.opened_by).chain(had).any(|one| one.is_same(person));
        let mut gaps = Gaps::new();
        need!(gaps, !had, "handover.to", say!("rule-handover-had-it-before"), say!("rule-handover-who-answers"));
        gaps.into_result(|| ())
    }

    /// Whether the case can move whole to another workstation: searched or not, as long as no note of it was sealed and nobody is
    /// asked about it.
    ///
    /// # Errors
    /// A [`Gap`] for each thing that keeps it here.
    pub fn may_move(&self) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.0.returned.is_empty() && self.0.sent_back.is_none(),
            "handover.place",
            say!("rule-handover-stays-here"),
            say!("rule-handover-notes-are-here"),
        );
        need!(
            gaps,
            self.0.verifying.is_none() && self.0.conferring.is_none(),
            "verification",
            say!("rule-handover-verification-first"),
            say!("rule-handover-answer-comes-here"),
        );
        need!(
            gaps,
            self.disagreement().is_none(),
            "verification.conference",
            say!("rule-handover-conference-first"),
            say!("rule-handover-answer-comes-here"),
        );
        gaps.into_result(|| ())
    }

    /// Whether it was for `person` to have the case moved at `at`: who had it then, or had handed it over last. Then, whether they did so
    /// as a supervisor, for whoever had it.
    pub fn moves_in_absence(&self, person: &PersonRef, at: Moment) -> Option<bool> {
        moved_in_absence((&self.0.opened_by, &self.0.history.handed_over), person, at)
    }

    /// The photographs that move with the case, by candidate how many: those of its list, but of whom the gallery has withdrawn.
    pub fn photographs_that_move(&self) -> Vec<(CandidateId, usize)> {
        let Some(list) = self.search().map(|search| search.candidates()) else { return Vec::new() };
        let there = list.ids().filter(|id| !self.0.withdrawn.contains(id));
        let mut all: Vec<_> = there.map(|id| (id, 1 + list.other_photos(id).len())).collect();
        all.sort();
        all
    }

    /// Whether `by` can hand the case over to `to`.
    ///
    /// # Errors
    /// A [`Gap`] for a sealed note, while a second examiner is asked, for whoever neither has the case nor is a supervisor, and for
    /// somebody who may not examine, has the case, or is of it in another way.
    pub fn may_hand_over(&self, by: &Person, to: &Person, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let why = say!("rule-handover-who-answers");
        let to_ref = to.reference();
        let own = by.is(Role::Examiner) && self.holder().is_same(&by.reference());
        let mut gaps = Gaps::new();
        need!(gaps, own || by.is(Role::Supervisor), "handover", say!("rule-handover-not-yours"), why);
        need!(
            gaps,
            self.0.verifying.is_none() && self.0.conferring.is_none(),
            "verification",
            say!("rule-handover-verification-first"),
            say!("rule-examination-second-examiner-answers-one-question"),
        );
        need!(
            gaps,
            self.0.history.handed_over.last().is_none_or(|last| last.at <= now),
            "handover",
            say!("rule-note-something-record-dated-after-check"),
            say!("rule-note-times-must-order-event-capture"),
        );
        need!(gaps, !self.holder().is_same(&to_ref), "handover.to", say!("rule-handover-to-another"), why);
        need!(gaps, self.is_apart_from(&to_ref), "handover.to", say!("rule-handover-to-somebody-apart"), why);
        gaps.also(to.may_search(&policy.training, now.day()));
        gaps.into_result(|| ())
    }

    /// Hands the case over to `to`. What `from` concluded stays theirs; a comparison that was not concluded is set aside as far as it
    /// went, and `to` begins afresh, blind.
    ///
    /// # Errors
    /// As for [`CaseFile::may_hand_over`], and a [`Gap`] without a reason.
    pub fn hand_over(
        &mut self,
        by: &Person,
        to: &Person,
        reason: &str,
        shuffle_seed: u32,
        now: Moment,
        policy: &Policy,
    ) -> Result<(), Vec<Gap>> {
        let handover = self.handover(by, to, reason, now, policy)?;
        self.goes_to(handover, shuffle_seed);
        Ok(())
    }

    /// As [`CaseFile::hand_over`] by a supervisor, of a case that is taken back on its way to a workstation which the department has taken
    /// out: the reason says so.
    ///
    /// # Errors
    /// As for [`CaseFile::hand_over`].
    pub fn take_back(
        &mut self,
        by: &Person,
        to: &Person,
        reason: &str,
        shuffle_seed: u32,
        now: Moment,
        policy: &Policy,
    ) -> Result<(), Vec<Gap>> {
        by.may_reassign()?;
        self.had_nothing_before(now, &to.reference())?;
        // Whoever had it would else take back their own.
        self.had_nothing_before(now, &by.reference())?;
        let mut handover = self.handover(by, to, reason, now, policy)?;
        handover.reason = say!("rule-handover-taken-back", reason = handover.reason);
        let mut gaps = Gaps::new();
        gaps.extend(handover.gaps());
        gaps.into_result(|| ())?;
        self.goes_to(handover, shuffle_seed);
        Ok(())
    }

    fn handover(
        &self,
        by: &Person,
        to: &Person,
        reason: &str,
        now: Moment,
        policy: &Policy,
    ) -> Result<Handover, Vec<Gap>> {
        let [by_ref, to_ref] = [by, to].map(Person::reference);
        let reason = reason.trim().to_owned();
        let handover = Handover { from: self.holder().clone(), to: to_ref, by: by_ref, at: now, reason };
        let mut gaps = Gaps::new();
        gaps.also(self.may_hand_over(by, to, now, policy));
        gaps.extend(handover.gaps());
        gaps.into_result(|| handover)
    }

    fn goes_to(&mut self, handover: Handover, shuffle_seed: u32) {
        if let Some(Examination::Blind(bench)) = &self.0.examination {
            let afresh = Blind::begin(bench.work().search, handover.to.clone(), shuffle_seed);
            let aside = self.0.examination.replace(Examination::Blind(afresh));
            self.0.history.set_aside.extend(aside.map(|examination| SetAside { examination, at: handover.at }));
        }
        self.0.history.handed_over.push(handover);
    }
}
