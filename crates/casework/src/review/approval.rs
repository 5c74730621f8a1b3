use super::content::{Decision, ReviewContent};

/// What the supervisors' reviews of a note come to. Only [`Approval::Given`] lets the note leave as a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Nobody has reviewed.
    NotReviewed,
    /// Whoever reviewed approved.
    Given,
    /// The review that counts returned the note.
    Returned,
    /// The review that counts referred the note to audit.
    Referred,
    /// The review that counts approved, and another did not.
    DecidedDifferently,
}

impl Approval {
    /// By `reviews` of one note; the first counts, and an approval holds only while no other speaks against it.
    pub fn of<'a>(reviews: impl IntoIterator<Item = &'a ReviewContent>) -> Self {
        let mut reviews = reviews.into_iter().map(|review| review.decision);
        match reviews.next() {
            None => Approval::NotReviewed,
            Some(Decision::Return) => Approval::Returned,
            Some(Decision::Refer) => Approval::Referred,
            Some(Decision::Approve) if reviews.all(|decision| decision == Decision::Approve) => Approval::Given,
            Some(Decision::Approve) => Approval::DecidedDifferently,
        }
    }
}
