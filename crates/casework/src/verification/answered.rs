//! What was handed in elsewhere is held against what was asked.

use catalogue::say;
use department::{Gap, Gaps, Moment, need};

use super::answer::VerificationAnswer;
use super::record::Verification;
use super::request::Asked;
use crate::examination::Listing;

impl Asked {
    /// What the second examiner handed in, as they signed it. `None` where `verification` is not of this request.
    pub fn answered(&self, verification: &Verification) -> Option<VerificationAnswer> {
        let work = verification.work.renamed(Listing::id(self.request()), |candidate| self.token(candidate))?;
        VerificationAnswer::made(self.request(), work, verification.at).ok()
    }

    /// Whether `verification` is an answer to this request, asked at a moment when scores were `unveiled`.
    ///
    /// # Errors
    /// A gap where it is not.
    pub(crate) fn proves(&self, verification: &Verification, unveiled: Moment) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            verification.work.search == self.search()
                && verification.verifier.id == self.request().to()
                && unveiled <= self.request().asked_at()
                && self
                    .answered(verification)
                    .is_some_and(|answer| self.told(answer.work()).as_ref() == Some(&verification.work)),
            "verification",
            say!("rule-verification-answer-another-request"),
            say!("rule-verification-what-was-sent-stands"),
        );
        gaps.into_result(|| ())
    }
}
