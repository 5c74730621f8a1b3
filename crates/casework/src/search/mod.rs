//! The third gate: leave to search, what was searched, and the list that came back.

mod filters;
mod list;
mod permit;
mod record;

pub use filters::{FilterKind, SearchFilters};
pub use list::{Candidate, CandidateList};
pub use permit::SearchPermit;
pub use record::{Completeness, Encoding, SearchAnswer, SearchRecord, Sent};
