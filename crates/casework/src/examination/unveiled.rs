use catalogue::say;
use department::{Gap, Gaps, Moment, need};

use super::blind::{Blind, Concluded};
use super::conclusion::{ChangedConclusion, Conclusion, Outcome, RecordedConclusion};
use crate::ids::CandidateId;
use crate::policy::Policy;
use crate::search::{Candidate, SearchRecord};
use crate::text::tells;
use crate::verification::Verification;

/// Scores and records were shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Unveiled {
    pub(super) concluded: Concluded,
    pub(super) at: Moment,
    pub(super) changes: Vec<ChangedConclusion>,
}

/// A second examiner has compared blind.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    pub(super) unveiled: Unveiled,
    pub(super) verification: Box<Verification>,
}

impl Concluded {
    /// Shows scores and records from `now` on.
    pub fn unveil(self, now: Moment) -> Unveiled {
        Unveiled { concluded: self, at: now, changes: Vec::new() }
    }
}

impl Unveiled {
    /// Scores and records of `search`'s list, best score first.
    pub fn records<'a>(&self, search: &'a SearchRecord) -> &'a [Candidate] {
        search.candidates().told()
    }

    pub(super) fn standing(&self, candidate: CandidateId) -> Option<&RecordedConclusion> {
        let changed = self.changes.iter().rev().find(|c| c.candidate == candidate).map(|c| &c.to);
        changed.or_else(|| self.concluded.work.conclusions.get(&candidate))
    }

    /// Changes a conclusion after scores were seen. Both stay on the record. Nobody becomes a lead
    /// this way; a lead that is no longer supported is given up.
    ///
    /// # Errors
    /// A gap without a reason, or when nothing changes.
    pub fn change(
        &mut self,
        search: &SearchRecord,
        candidate: CandidateId,
        conclusion: Conclusion,
        reason: &str,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        let from = self.standing(candidate).cloned();
        let mut gaps = Gaps::new();
        need!(
            gaps,
            search.candidates().ids().any(|id| id == candidate),
            "examination",
            say!("rule-examination-candidate-not-list"),
            "",
        );
        need!(
            gaps,
            tells(reason, 2),
            "examination.change",
            say!("rule-examination-say-why-change-conclusion-after"),
            say!("rule-examination-both-conclusions-stay-record-court"),
        );
        need!(
            gaps,
            from.as_ref().map(|c| c.conclusion) != Some(conclusion),
            "examination.change",
            say!("rule-examination-conclusion-already-choose-another-leave"),
            "",
        );
        let to = RecordedConclusion { conclusion, reason: reason.trim().to_owned(), at: now };
        gaps.into_result(|| self.changes.push(ChangedConclusion { candidate, from, to }))
    }

    /// Conclusions that were changed.
    pub fn changes(&self) -> &[ChangedConclusion] {
        &self.changes
    }

    /// Adds a second examiner's blind work.
    ///
    /// # Errors
    /// A [`Gap`] when the verifier is the examiner, when there is no lead to verify, when the list was
    /// not what a verifier must get, or when it is dated before the unveiling.
    pub fn verified(
        self,
        second: Blind,
        search: &SearchRecord,
        now: Moment,
        policy: &Policy,
    ) -> Result<Verified, Vec<Gap>> {
        let work = second.work();
        let mut gaps = Gaps::new();
        need!(
            gaps,
            !work.examiner.is_same(&self.concluded.work.examiner),
            "verification",
            say!("rule-examination-examined-list-yourself-ask-another"),
            say!("rule-examination-separation-duties-nobody-verifies-own"),
        );
        need!(
            gaps,
            self.at <= now,
            "verification",
            say!("rule-examination-verification-dated-before-correct-workstation"),
            say!("rule-examination-times-must-order-conclusion-verification"),
        );
        let lead = match self.outcome() {
            Outcome::Lead { candidate, conclusion } if conclusion.carries_a_lead() => Some((candidate, conclusion)),
            _ => None,
        };
        need!(
            gaps,
            lead.is_some(),
            "verification",
            say!("rule-examination-no-lead-verify"),
            say!("rule-examination-verification-repeats-comparison-lead"),
        );
        need!(
            gaps,
            lead.is_none_or(|(lead, _)| {
                work.among.contains(&lead) && work.among.len() > policy.examination.verification_fillers
            }),
            "verification",
            say!("rule-examination-verifier-did-not-get-lead"),
            say!("rule-examination-list-one-tells-verifier-answer"),
        );
        gaps.extend(second.hand_in(search, now).err().unwrap_or_default());
        gaps.into_result(|| lead).and_then(|lead| {
            let (lead, examiner) = lead.ok_or_else(Vec::new)?;
            let verification = Verification::of(lead, examiner, second.into_work(), now).ok_or_else(Vec::new)?;
            Ok(Verified { unveiled: self, verification: Box::new(verification) })
        })
    }

    /// What the examination comes to by the examiner alone.
    pub fn outcome(&self) -> Outcome {
        self.concluded.work.lead.map_or(Outcome::NoneOfThese, |candidate| {
            let standing = self.standing(candidate).map_or(Conclusion::Inconclusive, |c| c.conclusion);
            if standing == Conclusion::Exclusion {
                Outcome::NoneOfThese
            } else {
                Outcome::Lead { candidate, conclusion: standing }
            }
        })
    }
}

impl Verified {
    /// What was seen when it was unveiled.
    pub fn unveiled(&self) -> &Unveiled {
        &self.unveiled
    }

    /// The second examination.
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    pub(crate) fn verification_mut(&mut self) -> &mut Verification {
        &mut self.verification
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.unveiled.outcome() {
            Outcome::Lead { candidate, conclusion } => {
                Outcome::Lead { candidate, conclusion: self.verification.standing(conclusion) }
            }
            none => none,
        }
    }
}
