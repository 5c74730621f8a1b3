//! The first gate: a case, what the search is for, and why it is justified.

mod basis;
mod confirmation;
mod handover;
mod offence;
mod opening;
mod purpose;

pub use basis::{Basis, Flag, flags};
pub use confirmation::Confirmation;
pub use handover::Handover;
pub use offence::{Offence, OffenceClass, find_offence, shipped_offences};
pub(crate) use opening::RawCase;
pub use opening::{Case, CaseDraft, CaseNumber};
pub use purpose::Purpose;
