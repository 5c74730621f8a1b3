//! What comes back from a second examiner at another workstation.

use catalogue::say;
use department::{Gap, Gaps, Moment, need};
use serde::{Deserialize, Deserializer, Serialize};

use super::request::{VerificationRequest, digest};
use crate::examination::{Blind, Listing, Work};
use crate::ids::RequestId;
use crate::text::refused;

/// A second examiner's whole work on a request: what they sign. Which request it is of is a part of it, by identity and
/// digest; that it was complete is proven where the request is at hand ([`VerificationAnswer::answers`]).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerificationAnswer {
    request: RequestId,
    request_sha256: String,
    work: Work,
    at: Moment,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAnswer {
    request: RequestId,
    request_sha256: String,
    work: Work,
    at: Moment,
}

impl<'de> Deserialize<'de> for VerificationAnswer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let RawAnswer { request, request_sha256, work, at } = RawAnswer::deserialize(from)?;
        let answer = Self { request, request_sha256, work, at };
        answer.in_order().map_err(|gaps| refused("verification", &gaps))?;
        Ok(answer)
    }
}

impl VerificationAnswer {
    /// The answer of whoever did `work` on `request`, handed in at `at`.
    ///
    /// # Errors
    /// Every gap of [`Blind::hand_in`], and one for times that are out of order.
    pub(crate) fn made(request: &VerificationRequest, work: Work, at: Moment) -> Result<Self, Vec<Gap>> {
        let answer = Self { request: request.id(), request_sha256: request.sha256(), work, at };
        answer.answers(request)?;
        Ok(answer)
    }

    /// # Errors
    /// A gap where something is recorded after it was handed in.
    fn in_order(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.work.moments().all(|at| at <= self.at),
            "verification",
            say!("rule-verification-answer-times-out-of-order"),
            say!("rule-examination-times-must-order-conclusion-verification"),
        );
        gaps.into_result(|| ())
    }

    /// Whether it is a whole answer to `request`: by whom it was asked of, on its list, each conclusion made and none before
    /// it was asked.
    ///
    /// # Errors
    /// A gap for each thing that it is not.
    pub fn answers(&self, request: &VerificationRequest) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.request == request.id() && self.request_sha256 == request.sha256(),
            "verification",
            say!("rule-verification-answer-another-request"),
            say!("rule-verification-what-was-sent-stands"),
        );
        need!(
            gaps,
            self.work.examiner.id == request.to(),
            "verification",
            say!("rule-verification-answer-another-person"),
            say!("rule-verification-who-was-asked-answers"),
        );
        need!(
            gaps,
            self.work.moments().all(|at| request.asked_at() <= at),
            "verification",
            say!("rule-verification-answer-times-out-of-order"),
            say!("rule-examination-times-must-order-conclusion-verification"),
        );
        need!(
            gaps,
            self.work.among == request.ids() && self.work.lead.is_none() && !self.work.none_of_these,
            "verification",
            say!("rule-verification-answer-another-request"),
            say!("rule-verification-what-was-sent-stands"),
        );
        gaps.also(self.in_order());
        gaps.extend(Blind::resume(self.work.clone()).hand_in(request, self.at).err().unwrap_or_default());
        gaps.into_result(|| ())
    }

    /// Which request it answers, as it says.
    pub fn request(&self) -> RequestId {
        self.request
    }

    /// The work, on the request's tokens.
    pub fn work(&self) -> &Work {
        &self.work
    }

    /// When it was handed in, as it says.
    pub fn at(&self) -> Moment {
        self.at
    }

    /// SHA-256 of its canonical text: the record that the second examiner signs.
    pub fn sha256(&self) -> String {
        digest(self)
    }
}

/// What goes back to who asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reply", deny_unknown_fields)]
pub enum Reply {
    /// The whole work; its person's signature travels beside it.
    Answered {
        /// What was signed.
        answer: VerificationAnswer,
    },
    /// They cannot compare now.
    Declined {
        /// Which request.
        request: RequestId,
        /// Why, in their words.
        reason: String,
        /// When.
        at: Moment,
        /// What they had begun: it stays seen.
        begun: Option<Work>,
    },
    /// The request was withdrawn after they had begun: what they had concluded by then is not lost with it.
    GivenUp {
        /// Which request.
        request: RequestId,
        /// When the withdrawal arrived.
        at: Moment,
        /// The work as far as it went.
        begun: Work,
    },
}

impl Reply {
    /// Which request it is about.
    pub fn request(&self) -> RequestId {
        match self {
            Self::Answered { answer } => answer.request(),
            Self::Declined { request, .. } | Self::GivenUp { request, .. } => *request,
        }
    }

    /// When it was said, as it says.
    pub fn at(&self) -> Moment {
        match self {
            Self::Answered { answer } => answer.at(),
            Self::Declined { at, .. } | Self::GivenUp { at, .. } => *at,
        }
    }

    /// The work in it.
    pub fn work(&self) -> Option<&Work> {
        match self {
            Self::Answered { answer } => Some(answer.work()),
            Self::Declined { begun, .. } => begun.as_ref(),
            Self::GivenUp { begun, .. } => Some(begun),
        }
    }
}
