//! What came of an approved note: results, each dated, with the authority and what it rested on. A lead of which nobody records
//! what came of it can neither be audited nor believed.

mod described;
mod digest;
mod figures;
mod kind;
mod leaving;
mod operation;
mod record;
mod rested;

pub use described::{AgeBand, Described, DescribedIn, Gender, Race};
pub use digest::{CaseDigest, DigestNote, DigestResult, DigestSearch};
pub use figures::{Figure, ResultFigures, Span, may_read_figures};
pub use kind::ResultKind;
pub use leaving::Leaving;
pub use operation::Operation;
pub use record::{Concern, InvestigativeResult, RESULT_SCHEMA, ResultContent, ResultForm, may_record};
pub use rested::RestedOn;
