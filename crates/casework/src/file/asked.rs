//! The verification of a lead by somebody at another workstation: what is asked, and what of that which comes back counts.

use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, need};
use uuid::Uuid;

use super::CaseFile;
use super::examination::gap;
use crate::examination::{Blind, Conclusion, Examination, GivenUp, Work};
use crate::policy::Policy;
use crate::verification::{
    Agreement, Asked, AskedElsewhere, Conference, ConferencePart, Conferring, Declined, Reply, Sending, Verification,
    VerificationTask,
};

/// What came of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It is the verification of the lead.
    Verified,
    /// Whoever was asked cannot compare now.
    Declined,
    /// The question had been taken back: it verifies nothing, and what it says of the lead follows it.
    Late,
}

impl CaseFile {
    /// Asks `of`, who works at `place` (a workstation's key and name), for the blind verification of the lead.
    ///
    /// # Errors
    /// As [`CaseFile::ask_verification`]; a gap for somebody who may not verify ([`CaseFile::may_verify`]), and for pictures of
    /// others than the list that a verifier must get.
    pub fn ask_elsewhere(
        &mut self,
        person: &PersonRef,
        of: &Person,
        place: (&str, &str),
        sending: Sending,
        now: Moment,
        policy: &Policy,
    ) -> Result<(), Vec<Gap>> {
        let among = self.verification_among(person, policy)?;
        let mut gaps = Gaps::new();
        gaps.also(self.may_verify(of, now, policy));
        need!(
            gaps,
            sending.candidates.keys().eq(among.iter()),
            "verification",
            say!("rule-verification-request-malformed"),
            say!("rule-examination-list-one-tells-verifier-answer"),
        );
        gaps.into_result(|| ())?;
        let Some(search) = self.search().map(|search| search.id()) else {
            return gap("verification", say!("rule-verification-no-unveiled-lead-waits"), "");
        };
        let asked = Asked::make(search, of.id, sending, now)?;
        let elsewhere = AskedElsewhere {
            asked,
            by: person.clone(),
            of: of.reference(),
            workstation: place.0.to_owned(),
            place: place.1.to_owned(),
            declined: None,
        };
        self.0.verifying = Some(VerificationTask {
            asked_by: person.clone(),
            asked_at: now,
            among,
            begun: None,
            elsewhere: Some(Box::new(elsewhere)),
        });
        Ok(())
    }

    /// The request that is open: an answer to it would count.
    pub fn asked_elsewhere(&self) -> Option<&AskedElsewhere> {
        let task = self.0.verifying.as_ref().filter(|_| self.0.sealed.is_none())?;
        task.elsewhere.as_deref().filter(|elsewhere| elsewhere.declined.is_none())
    }

    fn is_open(&self, asked: &AskedElsewhere) -> bool {
        self.asked_elsewhere().is_some_and(|open| open.asked == asked.asked)
    }

    /// Whether `asked` was answered already, here or before a further search.
    fn was_answered(&self, asked: &AskedElsewhere) -> bool {
        let aside = self.0.history.set_aside.iter().filter_map(|s| s.examination.verification());
        let now = self.0.examination.as_ref().and_then(Examination::verification);
        aside.chain(now).any(|v| v.asked.as_ref() == Some(&asked.asked))
    }

    /// Takes in what came back for `asked`, which this case once asked, from `person`, who said it. Whose signature it
    /// carries is asked before.
    ///
    /// # Errors
    /// A gap for each reason why it counts for nothing; then nothing changes.
    pub fn take_reply(
        &mut self,
        asked: &AskedElsewhere,
        reply: &Reply,
        person: &Person,
        now: Moment,
        policy: &Policy,
    ) -> Result<Came, Vec<Gap>> {
        self.unsealed()?;
        let request = asked.asked.request();
        let mut gaps = Gaps::new();
        need!(
            gaps,
            reply.request() == request.id()
                && person.id == request.to()
                && asked.of.id == person.id
                && reply.work().is_none_or(|work| work.examiner.is_same(&person.reference())),
            "verification",
            say!("rule-verification-answer-another-person"),
            say!("rule-verification-who-was-asked-answers"),
        );
        need!(
            gaps,
            request.asked_at() <= reply.at() && reply.at() <= now,
            "verification",
            say!("rule-verification-answer-times-out-of-order"),
            say!("rule-examination-times-must-order-conclusion-verification"),
        );
        need!(
            gaps,
            !self.was_answered(asked),
            "verification",
            say!("rule-verification-answered-already"),
            say!("rule-verification-first-answer-counts"),
        );
        gaps.into_result(|| ())?;
        let told = |work: &Work| match asked.asked.told(work) {
            Some(work) => Ok(work),
            None => gap("verification", say!("rule-verification-answer-another-request"), ""),
        };
        let open = self.is_open(asked);
        match reply {
            Reply::Answered { answer } => {
                answer.answers(request)?;
                let work = told(answer.work())?;
                person.may_search(&policy.training, answer.at().day())?;
                if !open {
                    return Ok(self.came_late(asked, Some(work), now));
                }
                self.partial(&person.reference())?;
                let (Some(Examination::Unveiled(unveiled)), Some(search)) =
                    (&self.0.examination, self.0.searches.last())
                else {
                    return gap("verification", say!("rule-verification-no-asked-here-any-more"), "");
                };
                let mut verified = unveiled.clone().verified(Blind::resume(work), search, answer.at(), policy)?;
                verified.verification_mut().asked = Some(asked.asked.clone());
                self.0.examination = Some(Examination::Verified(verified));
                self.0.verifying = None;
                Ok(Came::Verified)
            }
            Reply::Declined { reason, at, begun, .. } => {
                let begun = begun.as_ref().map(told).transpose()?;
                self.came_late(asked, begun, now);
                let task = self.0.verifying.as_mut().filter(|_| open);
                let Some(elsewhere) = task.and_then(|task| task.elsewhere.as_mut()) else { return Ok(Came::Late) };
                elsewhere.declined = Some(Declined { reason: reason.clone(), at: *at });
                Ok(Came::Declined)
            }
            Reply::GivenUp { begun, .. } => {
                let begun = told(begun)?;
                if open {
                    return gap("verification", say!("rule-verification-not-withdrawn"), "");
                }
                Ok(self.came_late(asked, Some(begun), now))
            }
        }
    }

    /// What was compared and verifies nothing stays seen.
    fn came_late(&mut self, asked: &AskedElsewhere, work: Option<Work>, now: Moment) -> Came {
        let known = |work: &Work| self.0.history.given_up.iter().any(|g| g.work == *work);
        if let Some(work) = work.filter(|work| !known(work)) {
            self.0.history.given_up.push(GivenUp { work, by: asked.by.clone(), at: now });
        }
        Came::Late
    }

    /// The open disagreement with a verifier at another workstation.
    pub(super) fn disagreement(&self) -> Option<(&Verification, &Asked)> {
        let verification = self.0.examination.as_ref().and_then(Examination::verification)?;
        let open = verification.agreement != Agreement::Agrees && verification.conference.is_none();
        verification.asked.as_ref().filter(|_| open && self.0.sealed.is_none()).map(|asked| (verification, asked))
    }

    /// The examiner writes down a conference with a verifier at another workstation; it counts once both have signed it.
    ///
    /// # Errors
    /// A gap for anybody but the examiner, without an open disagreement, and without an account.
    pub fn propose_conference(
        &mut self,
        person: &PersonRef,
        id: Uuid,
        account: &str,
        agreed: Conclusion,
        now: Moment,
    ) -> Result<&Conferring, Vec<Gap>> {
        self.own_examination(person.id)?;
        let Some((verification, asked)) = self.disagreement() else {
            return gap("verification.conference", say!("rule-verification-no-open-disagreement-resolve"), "");
        };
        let conference = Conference {
            held_by: [person.clone(), verification.verifier.clone()],
            account: account.trim().to_owned(),
            agreed,
            at: now,
            confirmed_at: Some(now),
        };
        verification.clone().confer(person, conference.clone())?;
        let part = ConferencePart::of(asked.request().id(), &conference);
        Ok(self.0.conferring.insert(Conferring { id, part, declined: None }))
    }

    /// The verifier's word on the conference `id`, whose signature was asked before: `declined`, or confirmed at `at`.
    ///
    /// # Errors
    /// A gap where it does not wait for it any more.
    pub fn take_conference(
        &mut self,
        id: Uuid,
        person: &PersonRef,
        at: Moment,
        declined: Option<Declined>,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        let open = self.0.conferring.as_ref().filter(|c| c.id == id && c.declined.is_none());
        let Some(part) = open.filter(|_| self.disagreement().is_some()).map(|c| c.part.clone()) else {
            return gap("verification.conference", say!("rule-verification-no-open-disagreement-resolve"), "");
        };
        let mut gaps = Gaps::new();
        need!(
            gaps,
            part.held_by[1].is_same(person) && part.at <= at && at <= now,
            "verification.conference",
            say!("rule-verification-answer-times-out-of-order"),
            say!("rule-verification-who-was-asked-answers"),
        );
        gaps.into_result(|| ())?;
        if declined.is_some() {
            if let Some(conferring) = &mut self.0.conferring {
                conferring.declined = declined;
            }
            return Ok(());
        }
        let examiner = part.held_by[0].clone();
        let Some(Examination::Verified(verified)) = &mut self.0.examination else {
            return gap("verification.conference", say!("rule-verification-no-confer-about"), "");
        };
        verified.verification_mut().confer(&examiner, part.confirmed(at))?;
        self.0.conferring = None;
        Ok(())
    }
}
