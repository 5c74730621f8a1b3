//! The conference of two examiners who sit at different workstations: one text, which both sign.

use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, need};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::Conference;
use super::request::{Declined, digest};
use crate::examination::Conclusion;
use crate::ids::RequestId;
use crate::text::{said, tells};

/// What examiner and verifier sign of their conference, each with their own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConferencePart {
    /// The request whose answer they disagree about.
    pub request: RequestId,
    /// The examiner, who wrote it down, and the verifier.
    pub held_by: [PersonRef; 2],
    /// What was looked at again and why one of them changed.
    pub account: String,
    /// What both conclude.
    pub agreed: Conclusion,
    /// When it was written down, and signed by the examiner.
    pub at: Moment,
}

impl ConferencePart {
    /// The same of a conference that is on record.
    pub fn of(request: RequestId, conference: &Conference) -> Self {
        let Conference { held_by, account, agreed, at, confirmed_at: _ } = conference.clone();
        Self { request, held_by, account, agreed, at }
    }

    /// The conference, as the verifier confirmed it at `at`.
    pub(crate) fn confirmed(self, at: Moment) -> Conference {
        let Self { request: _, held_by, account, agreed, at: written } = self;
        Conference { held_by, account, agreed, at: written, confirmed_at: Some(at) }
    }

    /// SHA-256 of its canonical text: the record that both sign.
    pub fn sha256(&self) -> String {
        digest(self)
    }
}

/// A conference that waits for the verifier's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conferring {
    /// A fresh identity.
    pub id: Uuid,
    /// What both shall sign.
    pub part: ConferencePart,
    /// Set when the verifier does not agree to the text.
    pub declined: Option<Declined>,
}

/// A conference where the verifier is: what they are asked to sign, and what they said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conferred {
    /// Its identity.
    pub id: Uuid,
    /// What they sign.
    pub part: ConferencePart,
    /// When they signed it.
    pub confirmed_at: Option<Moment>,
    /// Set when they do not agree.
    pub declined: Option<Declined>,
}

impl Conferred {
    /// Whether it waits for `person`.
    pub fn waits_for(&self, person: &Person) -> bool {
        let [_, verifier] = &self.part.held_by;
        self.confirmed_at.is_none() && self.declined.is_none() && verifier.id == person.id
    }

    /// `person` agrees to it, or says why not.
    ///
    /// # Errors
    /// A gap for anybody whose word it does not wait for, for a text that tells nothing or is dated later than now, and for
    /// a no without a reason.
    pub fn answer(&mut self, person: &Person, no: Option<&str>, now: Moment) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.waits_for(person),
            "verification.conference",
            say!("rule-verification-no-confer-about"),
            say!("rule-verification-who-was-asked-answers"),
        );
        need!(
            gaps,
            tells(&self.part.account, 3) && self.part.at <= now,
            "verification.conference",
            say!("rule-verification-write-looked-again-together-why"),
            say!("rule-verification-disagreement-counts-inconclusive-until-both"),
        );
        need!(
            gaps,
            no.is_none_or(said),
            "verification.decline",
            say!("rule-verification-say-why-decline"),
            say!("rule-verification-who-asks-plans"),
        );
        gaps.into_result(|| match no {
            None => self.confirmed_at = Some(now),
            Some(reason) => self.declined = Some(Declined { reason: reason.trim().to_owned(), at: now }),
        })
    }
}
