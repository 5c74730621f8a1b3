use serde::{Deserialize, Serialize};

use super::disposition::Disposition;
use crate::examination::ExaminationRecord;
use crate::ids::NoteId;
use crate::review::{Decision, Remark, ReviewContent};
use crate::text::said;

/// What a reviewer asked to be mended, with the author's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Answered {
    /// The note that was returned.
    pub review: NoteId,
    /// What was asked.
    pub remark: Remark,
    /// The answer.
    pub answer: String,
}

/// A note as a reviewer returned it, as far as a change of it matters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentBack {
    pub(crate) disposition: Option<Disposition>,
    pub(crate) reason: String,
    pub(crate) narrative: String,
    pub(crate) checklist: String,
    pub(crate) examination: Option<ExaminationRecord>,
}

/// Everything that a review asks of the author: remarks on fields, and on judgements that do not hold.
pub fn asked(review: &ReviewContent) -> Vec<Remark> {
    if review.decision != Decision::Return {
        return Vec::new();
    }
    let judged = review.judged.iter().filter(|j| j.holds == Some(false) && said(&j.remark));
    let judged = judged.map(|j| Remark { place: j.judgement.place().to_owned(), text: j.remark.clone() });
    judged.chain(review.remarks.iter().cloned()).collect()
}
