//! A supervisor's review of a sealed note.

mod approval;
mod content;
mod decision;

pub use approval::Approval;
pub use content::{Decision, Judged, Judgement, Remark, ReviewContent};
pub use decision::{RemarkPlace, Review, ReviewForm, may_review, remark_places, took_part, undecided, urgency};
