//! What was seen in a case stays seen: examinations that another search set aside, verifications that were given up,
//! and subjects that were unveiled to somebody in another case of the same probe.

use std::collections::BTreeSet;

use catalogue::say;
use department::{Gap, Moment, PersonRef};
use serde::{Deserialize, Serialize};

use super::conclusion::Outcome;
use super::state::Examination;
use super::work::Work;
use crate::case::Handover;
use crate::corroboration::same_subject;
use crate::ids::{CandidateId, CaseId};
use crate::search::SearchRecord;

/// An examination that a further search of the case set aside, or that another detective has begun afresh. It stays as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SetAside {
    /// The examination.
    #[cfg_attr(feature = "bindings", ts(as = "crate::ExaminationRecord"))]
    pub examination: Examination,
    /// When the further search was answered, or the case handed over.
    pub at: Moment,
}

/// A verification that a second examiner had begun when it was taken back or its list was set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct GivenUp {
    /// The second examiner's work as far as it went.
    pub work: Work,
    /// Who took it back.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
}

/// A subject that somebody saw with score and record in another case about the same probe or number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct UnveiledElsewhere {
    /// The gallery's subject.
    pub subject_id: String,
    /// Who saw it.
    pub to: PersonRef,
    /// In which case.
    pub case: CaseId,
    /// When it was unveiled there.
    pub at: Moment,
    /// Whether it was a lead there that a second examiner did not support.
    #[serde(default)]
    pub disagreed: bool,
}

/// All that was seen beside the examination that counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct History {
    /// Examinations of earlier searches, oldest first.
    pub set_aside: Vec<SetAside>,
    /// Verifications that were begun and not handed in.
    pub given_up: Vec<GivenUp>,
    /// What was unveiled in other cases about the same probe or number.
    pub elsewhere: Vec<UnveiledElsewhere>,
    /// From whom to whom the case went, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handed_over: Vec<Handover>,
}

impl History {
    /// Whether each examination that was set aside is of one of `searches`, and was not set aside before its list came.
    pub(crate) fn fits(&self, searches: &[SearchRecord]) -> bool {
        self.set_aside.iter().all(|aside| {
            let list = searches.iter().find(|search| search.id() == aside.examination.work().search);
            list.is_some_and(|list| list.at() <= aside.at)
        })
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        let seen = !self.set_aside.is_empty() || !self.given_up.is_empty() || !self.elsewhere.is_empty();
        !seen && self.handed_over.is_empty()
    }

    /// Everybody who examined or verified, or had the case.
    pub(crate) fn people(&self) -> impl Iterator<Item = &PersonRef> {
        let aside = self.set_aside.iter().flat_map(|s| {
            let second = s.examination.verification().map(|v| &v.verifier);
            std::iter::once(&s.examination.work().examiner).chain(second)
        });
        let held = self.handed_over.iter().flat_map(|one| [&one.from, &one.to]);
        aside.chain(self.given_up.iter().map(|g| &g.work.examiner)).chain(held)
    }

    /// Whether `person` examined or verified here before, or was shown somebody of these lists elsewhere.
    pub(crate) fn saw(&self, person: &PersonRef) -> bool {
        self.people().any(|p| p.is_same(person)) || self.elsewhere.iter().any(|e| e.to.is_same(person))
    }

    /// Who has got the case and still had it after `at`, with when they could first see what was unveiled then.
    pub(crate) fn held_from(&self, at: Moment) -> impl Iterator<Item = (&PersonRef, Moment)> {
        let ends = self.handed_over.iter().skip(1).map(|next| Some(next.at)).chain([None]);
        let held = self.handed_over.iter().zip(ends).filter(move |(_, end)| end.is_none_or(|end| at < end));
        held.map(move |(one, _)| (&one.to, at.max(one.at)))
    }

    /// Whether `author` wrote the note of a case that was theirs then, as was `opener`'s when it passed the first gate.
    pub(crate) fn is_of(&self, author: &PersonRef, opener: &PersonRef, sealed_at: Moment) -> bool {
        let Some(last) = self.handed_over.last() else { return true };
        let held = self.handed_over.iter().flat_map(|one| [&one.from, &one.to]).any(|one| one.is_same(opener));
        held && last.to.is_same(author) && last.at <= sealed_at && Handover::follow(&self.handed_over)
    }

    /// Whether an examination was set aside because the case was handed over.
    pub(crate) fn was_begun_afresh(&self, aside: &SetAside) -> bool {
        self.handed_over.iter().any(|one| one.at == aside.at && one.from.is_same(&aside.examination.work().examiner))
    }

    /// The subjects of `searches` that were shown to `person` with score and record.
    fn unveiled_to<'a>(
        &'a self,
        person: &PersonRef,
        searches: &'a [SearchRecord],
        before: Moment,
    ) -> BTreeSet<&'a str> {
        let shown = |s: &&SetAside| {
            let Some(at) = s.examination.unveiled_at() else { return false };
            let held = |(holder, from): (&PersonRef, Moment)| holder.is_same(person) && from <= before;
            s.examination.work().examiner.is_same(person) || self.held_from(at).any(held)
        };
        let here = self.set_aside.iter().filter(shown);
        let lists = here.filter_map(|s| searches.iter().find(|search| search.id() == s.examination.work().search));
        let elsewhere =
            self.elsewhere.iter().filter(|e| e.to.is_same(person) && e.at <= before).map(|e| e.subject_id.as_str());
        lists.flat_map(|search| search.candidates().subjects()).chain(elsewhere).collect()
    }

    /// Why `candidate` cannot become the lead of `examiner`, who concludes at `before`, if so. What was unveiled later did
    /// not move the conclusion.
    pub(crate) fn forbids(
        &self,
        candidate: CandidateId,
        examiner: &PersonRef,
        searches: &[SearchRecord],
        before: Moment,
    ) -> Option<Gap> {
        let subject = searches.iter().find_map(|s| s.candidates().subject(candidate))?;
        self.unveiled_to(examiner, searches, before).contains(subject).then(|| {
            Gap::new(
                format!("examination.{candidate}"),
                say!("rule-examination-score-record-person-shown-earlier"),
                say!("rule-examination-seen-cannot-unseen-searching-again"),
            )
        })
    }

    /// Whether a second examiner did not support the subject of `lead` before and nobody resolved it.
    pub(crate) fn disagrees(&self, lead: CandidateId, searches: &[SearchRecord]) -> bool {
        let rows = same_subject(searches, lead);
        let aside = self.set_aside.iter().any(|s| {
            let of_lead = matches!(s.examination.lead(), Some(candidate) if rows.contains(&candidate));
            let left = match s.examination.outcome() {
                Outcome::Lead { conclusion, .. } => !conclusion.carries_a_lead(),
                Outcome::NoneOfThese => false,
            };
            of_lead && s.examination.verification().is_some() && left
        });
        let subject = searches.iter().find_map(|s| s.candidates().subject(lead));
        let elsewhere = self.elsewhere.iter().any(|e| e.disagreed && Some(e.subject_id.as_str()) == subject);
        aside || elsewhere || self.gave_up(lead, searches)
    }

    /// Whether a second examiner whose work was given up had not supported `candidate`'s subject, or not singled them out.
    pub(crate) fn gave_up(&self, candidate: CandidateId, searches: &[SearchRecord]) -> bool {
        let rows = same_subject(searches, candidate);
        let against = |work: &Work| {
            work.among.iter().any(|id| rows.contains(id))
                && work.conclusions.iter().any(|(id, c)| rows.contains(id) != c.conclusion.carries_a_lead())
        };
        self.given_up.iter().any(|g| against(&g.work))
    }
}
