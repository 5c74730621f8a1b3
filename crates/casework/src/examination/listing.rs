use department::Moment;

use crate::ids::{CandidateId, SearchId};
use crate::search::SearchRecord;

/// A list at which somebody compares, and all that a bench asks of it: a search's, or what another workstation sent of one.
pub trait Listing {
    /// Which list.
    fn id(&self) -> SearchId;
    /// Since when it can be compared.
    fn at(&self) -> Moment;
    /// Its rows. Their order may tell ranks: sort or shuffle before they are shown.
    fn ids(&self) -> Vec<CandidateId>;
}

impl Listing for SearchRecord {
    fn id(&self) -> SearchId {
        self.id()
    }

    fn at(&self) -> Moment {
        self.at()
    }

    fn ids(&self) -> Vec<CandidateId> {
        self.candidates().ids().collect()
    }
}
