//! The gate before a note: what was found beside the photograph, and what it is worth.

mod category;
mod checklist;
mod circumstances;
mod details;
mod entry;
mod entry_gaps;
mod panel;
mod standing;
mod vehicle;

pub use category::{Category, Scope};
pub use checklist::{Checklist, CompleteChecklist};
pub use circumstances::Circumstances;
pub(crate) use circumstances::same_subject;
pub use details::{Details, FurtherDetails, MediaDetails, VehicleDetails, WitnessDetails};
pub use entry::{Attachment, Attempt, Entry, Finding, Fixes, Independence, Root};
pub use panel::{ContradictionAnswer, ContradictionItem, ContradictionPanel, PanelAnswer};
pub use standing::{Objection, Standing};
