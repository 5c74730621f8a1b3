use super::kind::ResultKind;
use super::record::ResultContent;
use crate::review::{Approval, ReviewContent};

/// Whether a sealed note leaves as a lead: by its reviews, and by what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// Approved, and nothing that came of it speaks against the lead.
    AsLead,
    /// What its reviews come to instead of an approval.
    NotApproved(Approval),
    /// The wrong person was taken for the one on the image, or the lead was cleared.
    FoundWrong,
}

impl Leaving {
    /// By `reviews` and `results` of one note, in their orders.
    pub fn of<'a>(reviews: impl IntoIterator<Item = &'a ReviewContent>, results: &[ResultContent]) -> Self {
        let wrong = |one: &ResultContent| matches!(one.kind, ResultKind::Misidentification | ResultKind::Cleared);
        match Approval::of(reviews) {
            _ if ResultContent::standing(results).any(wrong) => Self::FoundWrong,
            Approval::Given => Self::AsLead,
            other => Self::NotApproved(other),
        }
    }
}
