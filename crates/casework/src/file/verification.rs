use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonId, PersonRef, need};

use super::CaseFile;
use super::examination::gap;
use crate::examination::{Blind, Examination, GivenUp, Outcome};
use crate::ids::CandidateId;
use crate::policy::Policy;
use crate::verification::{Conference, VerificationState, VerificationTask};

impl CaseFile {
    /// Where the verification stands.
    pub fn verification_state(&self) -> VerificationState {
        match (&self.0.examination, &self.0.verifying) {
            (Some(Examination::Verified(_)), _) => VerificationState::Done,
            (Some(Examination::Unveiled(_)), Some(VerificationTask { begun: Some(_), .. })) => VerificationState::Begun,
            (Some(Examination::Unveiled(_)), Some(_)) => VerificationState::Asked,
            (Some(Examination::Unveiled(unveiled)), None) => match unveiled.outcome() {
                Outcome::Lead { conclusion, .. } if conclusion.carries_a_lead() => VerificationState::Open,
                _ => VerificationState::NoLead,
            },
            (Some(Examination::Concluded(c)), _) if c.has_no_lead() => VerificationState::NoLead,
            _ => VerificationState::NotYet,
        }
    }

    /// Asks for the blind verification of the lead: it goes among the others whose scores are nearest.
    ///
    /// # Errors
    /// A gap without an unveiled lead, and when the list is too short to hide it.
    pub fn ask_verification(&mut self, person: &PersonRef, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        let among = self.verification_among(person, policy)?;
        let task = VerificationTask { asked_by: person.clone(), asked_at: now, among, begun: None, elsewhere: None };
        self.0.verifying = Some(task);
        Ok(())
    }

    /// Whom a second examiner compares, by identity: the lead among the others whose scores are nearest.
    ///
    /// # Errors
    /// As for [`CaseFile::ask_verification`].
    pub fn verification_among(&self, person: &PersonRef, policy: &Policy) -> Result<Vec<CandidateId>, Vec<Gap>> {
        self.unsealed()?;
        let fillers = policy.examination.verification_fillers;
        let state = self.verification_state();
        let own = self.0.examination.as_ref().zip(self.search());
        let own = own.filter(|(e, _)| e.work().examiner.id == person.id || self.took_over(person.id));
        let Some((examination, search)) = own else {
            return gap("examination", say!("rule-examination-no-here"), "");
        };
        let (VerificationState::Open, Some(lead)) = (state, examination.work().lead) else {
            return gap("verification", say!("rule-verification-no-unveiled-lead-waits"), "");
        };
        let mut among = search.candidates().nearest_to(lead, fillers);
        if among.len() < fillers {
            let text = say!("rule-verification-list-other-candidates-verifier-must", among = among.len(), fillers);
            return gap("verification", &text, say!("rule-examination-list-one-tells-verifier-answer"));
        }
        among.push(lead);
        among.sort();
        Ok(among)
    }

    /// Why `person` cannot give a second opinion here, if so: the case is their own, or they have seen of it.
    pub(super) fn partial(&self, me: &PersonRef) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        let asked = self.0.verifying.as_ref().map(|task| &task.asked_by);
        let examines = self.0.examination.as_ref().map(|examination| &examination.work().examiner);
        let own = asked.into_iter().chain(examines).chain([&self.0.opened_by]).any(|p| p.is_same(me));
        let reviewed = self.0.returned.iter().any(|review| review.reviewer.is_same(me));
        let seen = reviewed || self.0.seen_by.iter().any(|s| s.by.is_same(me)) || self.0.history.saw(me);
        need!(
            gaps,
            !seen,
            "verification",
            say!("rule-verification-seen-case-before-cannot-verify"),
            say!("rule-case-second-opinion-worth-something-only"),
        );
        need!(
            gaps,
            !own,
            "verification",
            say!("rule-verification-own-case-cannot-verify-another"),
            say!("rule-examination-separation-duties-nobody-verifies-own"),
        );
        gaps.into_result(|| ())
    }

    /// Whether `person` could verify the lead of this case today.
    ///
    /// # Errors
    /// A gap for who works on the case, for who has seen of it, and without a current training.
    pub fn may_verify(&self, person: &Person, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.also(person.may_search(&policy.training, now.day()));
        gaps.also(self.partial(&person.reference()));
        gaps.into_result(|| ())
    }

    /// Takes the question back; a verifier's work that was begun stays on record, and what it says of the lead follows it.
    ///
    /// # Errors
    /// A gap for anybody but the examiner.
    pub fn withdraw_verification(&mut self, person: PersonId, now: Moment) -> Result<(), Vec<Gap>> {
        let examiner = self.held_examination(person)?.0.work().examiner.clone();
        let by = if self.took_over(person) { self.holder().clone() } else { examiner };
        if let Some(work) = self.0.verifying.take().and_then(|task| task.begun) {
            self.0.history.given_up.push(GivenUp { work, by, at: now });
        }
        Ok(())
    }

    /// `person` takes up the verification: a bench of their own, in an order of their own.
    ///
    /// # Errors
    /// A gap for the examiner and for who began the case, without a current training, and when another has
    /// taken it up.
    pub fn begin_verification(
        &mut self,
        person: &Person,
        shuffle_seed: u32,
        now: Moment,
        policy: &Policy,
    ) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let mut gaps = Gaps::new();
        gaps.also(self.may_verify(person, now, policy));
        let (Some(task), Some(search), Some(_)) =
            (self.0.verifying.as_mut(), self.0.searches.last(), &self.0.examination)
        else {
            return gap("verification", say!("rule-verification-no-asked-here-any-more"), "");
        };
        let me = person.reference();
        need!(
            gaps,
            task.elsewhere.is_none(),
            "verification",
            say!("rule-verification-asked-elsewhere"),
            say!("rule-verification-who-was-asked-answers"),
        );
        need!(
            gaps,
            task.begun.as_ref().is_none_or(|work| work.examiner.is_same(&me)),
            "verification",
            say!("rule-verification-another-examiner-taken-comparison-up"),
            "",
        );
        gaps.into_result(|| {
            if task.begun.is_none() {
                let bench = Blind::begin(search.id(), person.reference(), shuffle_seed).among(task.among.clone());
                task.begun = Some(bench.into_work());
            }
        })
    }

    /// The verifier hands in; the agreement is computed.
    ///
    /// # Errors
    /// Every gap of [`Unveiled::verified`](crate::Unveiled::verified).
    pub fn hand_in(&mut self, person: &PersonRef, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        if self.0.seen_by.iter().any(|s| s.by.is_same(person)) || self.0.history.saw(person) {
            return gap(
                "verification",
                say!("rule-verification-seen-case-since-began-compared"),
                say!("rule-case-second-opinion-worth-something-only"),
            );
        }
        let second = self.0.verifying.as_ref().and_then(|task| task.bench_of(person));
        let (Some(second), Some(Examination::Unveiled(unveiled)), Some(search)) =
            (second, &self.0.examination, self.0.searches.last())
        else {
            return gap("verification", say!("rule-verification-no-hand"), "");
        };
        let verified = unveiled.clone().verified(second, search, now, policy)?;
        self.0.examination = Some(Examination::Verified(verified));
        self.0.verifying = None;
        Ok(())
    }

    /// Records the conference that resolves a disagreement.
    ///
    /// # Errors
    /// A gap without an open disagreement, or when it is not held by examiner and verifier.
    pub fn confer(&mut self, person: PersonId, conference: Conference) -> Result<(), Vec<Gap>> {
        let (examination, _) = self.own_examination(person)?;
        let examiner = examination.work().examiner.clone();
        match examination {
            Examination::Verified(verified) => verified.verification_mut().confer(&examiner, conference),
            _ => gap("verification.conference", say!("rule-verification-no-confer-about"), ""),
        }
    }
}
