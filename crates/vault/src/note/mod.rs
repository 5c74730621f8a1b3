//! A note with its review and its addenda: proven wherever it is read, and checked as the file in which it left. Module list and
//! re-exports.

mod file;
mod in_log;
mod logging;
mod proof;
mod rows;
mod verify;

pub use file::{CheckedNote, NoteFile};
pub use in_log::{InLog, Whose, Witnessed};
pub(crate) use logging::{OfNote, Shown, in_log};
pub use proof::{prove_addendum, prove_note, prove_review};
pub(crate) use rows::{insert_note, insert_review, review_of};
pub use verify::{verify_note, verify_signers};
