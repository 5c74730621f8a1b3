//! A blind request where it was sent: the second examiner's side. Nothing of the case is here, so nothing of it can be told.

use std::collections::BTreeSet;

use catalogue::say;
use department::{Gap, Gaps, Moment, Person, need};
use serde::{Deserialize, Deserializer, Serialize};

use super::answer::{Reply, VerificationAnswer};
use super::request::VerificationRequest;
use crate::examination::{Blind, Listing, Work};
use crate::file::ShownCandidate;
use crate::ids::CandidateId;
use crate::policy::Policy;
use crate::text::{refused, said};

/// How a request ended here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "ended")]
#[expect(clippy::large_enum_variant, reason = "there is one a request, and it is kept as text")]
enum Ended {
    Answered { answer: VerificationAnswer },
    Declined { reason: String, at: Moment },
    Withdrawn { at: Moment },
}

/// A request that somebody of this workstation is asked, and what they have done of it. It changes through its own gates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requested {
    request: VerificationRequest,
    taken_at: Moment,
    begun: Option<Work>,
    /// Whose photographs were taken back since: their records are gone at the gallery.
    withdrawn: BTreeSet<CandidateId>,
    ended: Option<Ended>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequested {
    request: VerificationRequest,
    taken_at: Moment,
    begun: Option<Work>,
    withdrawn: BTreeSet<CandidateId>,
    ended: Option<Ended>,
}

impl<'de> Deserialize<'de> for Requested {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let RawRequested { request, taken_at, begun, withdrawn, ended } = RawRequested::deserialize(from)?;
        let own = begun.as_ref().is_none_or(|work| {
            work.examiner.id == request.to() && work.search == Listing::id(&request) && work.among == request.ids()
        });
        let mut gaps = Gaps::new();
        need!(gaps, own, "verification", say!("rule-verification-answer-another-request"), "");
        if let Some(Ended::Answered { answer }) = &ended {
            gaps.also(answer.answers(&request));
        }
        gaps.into_result(|| Self { request, taken_at, begun, withdrawn, ended })
            .map_err(|gaps| refused("verification", &gaps))
    }
}

impl Requested {
    /// A request that arrived.
    pub fn take(request: VerificationRequest, now: Moment) -> Self {
        Self { request, taken_at: now, begun: None, withdrawn: BTreeSet::new(), ended: None }
    }

    /// What was asked.
    pub fn request(&self) -> &VerificationRequest {
        &self.request
    }

    /// Whether it waits for `person`, or they are at it. It is nobody else's to see, in whatever role.
    pub fn waits_for(&self, person: &Person) -> bool {
        self.ended.is_none() && self.request.to() == person.id
    }

    /// Whether they began.
    pub fn has_begun(&self) -> bool {
        self.begun.is_some()
    }

    /// SHA-256 of each picture that is still needed: none once it ended.
    pub fn pictures(&self) -> BTreeSet<&str> {
        if self.ended.is_some() {
            return BTreeSet::new();
        }
        let shown = self.request.candidates().iter().filter(|c| !self.withdrawn.contains(&c.token));
        let photographs = shown.flat_map(|c| c.photographs.iter().map(String::as_str));
        photographs.chain([self.request.probe()]).collect()
    }

    fn may_compare(&self, person: &Person, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.waits_for(person),
            "verification",
            say!("rule-verification-no-asked-here-any-more"),
            say!("rule-verification-who-was-asked-answers"),
        );
        gaps.also(person.may_search(&policy.training, now.day()));
        gaps.into_result(|| ())
    }

    /// `person` takes the comparison up, in an order of their own.
    ///
    /// # Errors
    /// A gap for anybody who was not asked, without a current training, and once it ended.
    pub fn begin(&mut self, person: &Person, shuffle_seed: u32, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.may_compare(person, now, policy)?;
        if self.begun.is_none() {
            let bench = Blind::begin(Listing::id(&self.request), person.reference(), shuffle_seed);
            self.begun = Some(bench.among(self.request.ids()).into_work());
        }
        Ok(())
    }

    /// Lets `person` work at their bench.
    ///
    /// # Errors
    /// What `act` refuses, or a gap where there is no such bench; then nothing changes.
    pub fn at_bench<T>(
        &mut self,
        person: &Person,
        act: impl FnOnce(&mut Blind, &dyn Listing) -> Result<T, Vec<Gap>>,
    ) -> Result<T, Vec<Gap>> {
        let open = self.waits_for(person);
        let Some(begun) = self.begun.as_mut().filter(|_| open) else {
            return Err(vec![Gap::new("verification", say!("rule-verification-no-asked-here-any-more"), "")]);
        };
        let mut bench = Blind::resume(begun.clone());
        let done = act(&mut bench, &self.request)?;
        // Nobody is kept as a lead at this bench: each is concluded on.
        bench.keep(None);
        bench.none_of_these(false);
        *begun = bench.into_work();
        Ok(done)
    }

    /// `person` hands their work in; it stands from here on.
    ///
    /// # Errors
    /// Every gap of [`Blind::hand_in`], and a training that ended meanwhile: what was compared is kept then.
    pub fn hand_in(&mut self, person: &Person, now: Moment, policy: &Policy) -> Result<VerificationAnswer, Vec<Gap>> {
        self.may_compare(person, now, policy)?;
        let Some(work) = self.begun.clone() else {
            return Err(vec![Gap::new("verification", say!("rule-verification-no-hand"), "")]);
        };
        let answer = VerificationAnswer::made(&self.request, work, now)?;
        self.ended = Some(Ended::Answered { answer: answer.clone() });
        Ok(answer)
    }

    /// `person` says that they cannot compare now. What they had begun goes back with it.
    ///
    /// # Errors
    /// A gap without a reason, and for anybody who was not asked.
    pub fn decline(&mut self, person: &Person, reason: &str, now: Moment) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.waits_for(person),
            "verification",
            say!("rule-verification-no-asked-here-any-more"),
            say!("rule-verification-who-was-asked-answers"),
        );
        need!(
            gaps,
            said(reason) && reason.chars().count() <= crate::MAX_FIELD,
            "verification.decline",
            say!("rule-verification-say-why-decline"),
            say!("rule-verification-who-asks-plans"),
        );
        gaps.into_result(|| self.ended = Some(Ended::Declined { reason: reason.trim().to_owned(), at: now }))
    }

    /// Who asked took the question back. An answer that was given stands as it was given.
    pub fn withdraw(&mut self, now: Moment) {
        if self.ended.is_none() {
            self.ended = Some(Ended::Withdrawn { at: now });
        }
    }

    /// The gallery has withdrawn the record of `token`'s person: their photographs are gone. Whether that is new.
    pub fn remove(&mut self, token: CandidateId) -> bool {
        self.request.ids().contains(&token) && self.withdrawn.insert(token)
    }

    /// What goes back to who asked, once it ended.
    pub fn reply(&self) -> Option<Reply> {
        let request = self.request.id();
        Some(match self.ended.clone()? {
            Ended::Answered { answer } => Reply::Answered { answer },
            Ended::Declined { reason, at } => Reply::Declined { request, reason, at, begun: self.begun.clone() },
            Ended::Withdrawn { at } => match self.begun.clone() {
                Some(begun) => Reply::GivenUp { request, at, begun },
                // Whoever asked waits for this before their case moves on: nothing was compared.
                None => {
                    let reason = say!("rule-verification-taken-back-before-begun").to_owned();
                    Reply::Declined { request, reason, at, begun: None }
                }
            },
        })
    }

    /// `person`'s work, while it is theirs to do.
    pub fn work_of(&self, person: &Person) -> Option<&Work> {
        self.begun.as_ref().filter(|_| self.waits_for(person))
    }

    /// SHA-256 of the picture that `person` may see of a candidate now: the `photo`th, from 0.
    pub fn photograph(&self, person: &Person, token: CandidateId, photo: usize) -> Option<&str> {
        let work = self.work_of(person)?;
        let shown = work.may_show(&self.request, token) && !self.withdrawn.contains(&token);
        let sent = self.request.candidates().iter().find(|c| c.token == token).filter(|_| shown)?;
        sent.photographs.get(photo).map(String::as_str)
    }

    /// The candidates of `person`'s bench in their own order.
    pub fn candidates(&self, person: &Person) -> Vec<ShownCandidate> {
        let Some(work) = self.work_of(person) else { return Vec::new() };
        let photos = |id| self.request.candidates().iter().find(|c| c.token == id).map_or(0, |c| c.photographs.len());
        let shown = |id| ShownCandidate::blind(work, id, photos(id), self.withdrawn.contains(&id));
        work.shuffled(&self.request).into_iter().map(shown).collect()
    }

    /// What stands between `person`'s work and its end.
    pub fn gaps(&self, person: &Person, now: Moment) -> Vec<Gap> {
        let Some(work) = self.work_of(person) else { return Vec::new() };
        if work.analysis.recorded_at.is_none() {
            return work.analysis.complete().err().unwrap_or_default();
        }
        Blind::resume(work.clone()).hand_in(&self.request, now).err().unwrap_or_default()
    }
}
