use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};
use serde::{Deserialize, Serialize};

use super::request::Asked;
use crate::examination::{Conclusion, Work};
use crate::ids::CandidateId;
use crate::text::tells;

/// Whether two blind examinations of one lead agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// Both support the lead, and the verifier nobody else.
    Agrees,
    /// The verifier does not support the lead.
    DisagreesOnLead,
    /// The verifier supports another candidate too, so the features do not single out the lead.
    SupportsAnother,
}

impl Agreement {
    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Agreement::Agrees => say!("rule-verification-agrees"),
            Agreement::DisagreesOnLead => say!("rule-verification-disagrees-lead"),
            Agreement::SupportsAnother => say!("rule-verification-supports-another-candidate-too"),
        }
    }
}

/// A talk of both examiners about their disagreement, confirmed by both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Conference {
    /// Who wrote it down, and who confirmed it.
    pub held_by: [PersonRef; 2],
    /// What was looked at again and why one of them changed.
    pub account: String,
    /// What both conclude.
    pub agreed: Conclusion,
    /// When.
    pub at: Moment,
    /// Where both sat at different workstations: when the other one signed it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub confirmed_at: Option<Moment>,
}

/// A blind second examination by another trained examiner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Verification {
    /// Who verified; never the examiner.
    pub verifier: PersonRef,
    /// Conclusion on the lead.
    pub conclusion: Conclusion,
    /// When it was handed in.
    pub at: Moment,
    /// Computed from both examinations.
    pub agreement: Agreement,
    /// The verifier's blind work, with the conclusions on the other candidates.
    pub work: Work,
    /// How a disagreement was resolved, if it was.
    pub conference: Option<Conference>,
    /// Where the second examiner sat at another workstation: what they were sent, and what they signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub asked: Option<Asked>,
}

impl Verification {
    /// What `work` says of `lead`; `None` when it says nothing.
    pub(crate) fn of(lead: CandidateId, examiner: Conclusion, work: Work, at: Moment) -> Option<Self> {
        let conclusion = work.conclusions.get(&lead)?.conclusion;
        let another = work.conclusions.iter().any(|(id, c)| *id != lead && c.conclusion.carries_a_lead());
        let agreement = if !(examiner.carries_a_lead() && conclusion.carries_a_lead()) {
            Agreement::DisagreesOnLead
        } else if another {
            Agreement::SupportsAnother
        } else {
            Agreement::Agrees
        };
        Some(Self { verifier: work.examiner.clone(), conclusion, at, agreement, work, conference: None, asked: None })
    }

    /// The conclusion that stands beside the examiner's: the weaker of two that agree, what a conference
    /// came to, and inconclusive for a disagreement that nobody resolved.
    pub fn standing(&self, examiner: Conclusion) -> Conclusion {
        match (&self.conference, self.agreement) {
            (Some(conference), _) => conference.agreed,
            (None, Agreement::Agrees) => examiner.max(self.conclusion),
            (None, _) => Conclusion::Inconclusive,
        }
    }

    /// Records the conference of examiner and verifier.
    ///
    /// # Errors
    /// A gap without a disagreement, without an account, when it is not confirmed by the two, or when one
    /// was recorded before.
    pub(crate) fn confer(&mut self, examiner: &PersonRef, conference: Conference) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = say!("rule-verification-disagreement-counts-inconclusive-until-both");
        need!(
            gaps,
            self.agreement != Agreement::Agrees && self.conference.is_none(),
            "verification.conference",
            say!("rule-verification-no-open-disagreement-resolve"),
            why,
        );
        let [one, other] = &conference.held_by;
        let pair = |a: &PersonRef, b: &PersonRef| a.is_same(examiner) && b.is_same(&self.verifier);
        need!(
            gaps,
            (pair(one, other) || pair(other, one)) && !one.is_same(other),
            "verification.conference",
            say!("rule-verification-conference-held-confirmed-examiner-verifier"),
            why,
        );
        need!(
            gaps,
            tells(&conference.account, 3),
            "verification.account",
            say!("rule-verification-write-looked-again-together-why"),
            why,
        );
        // At one workstation both are there; from another one the verifier's own signature comes.
        need!(
            gaps,
            conference.confirmed_at.is_some() == self.asked.is_some()
                && conference
                    .confirmed_at
                    .is_none_or(|confirmed| self.at <= conference.at && conference.at <= confirmed),
            "verification.conference",
            say!("rule-verification-conference-signed-apart"),
            why,
        );
        gaps.into_result(|| self.conference = Some(conference))
    }
}
