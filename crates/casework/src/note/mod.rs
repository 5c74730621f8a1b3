//! The case note: drafted, sealed, proven again, amended.

mod account;
mod addendum;
mod amended;
mod answers;
mod content;
mod disposition;
mod draft;
mod facts;
mod rules;
mod seal;
mod told;

pub(crate) use account::{account_gaps, account_text};
pub use addendum::{Addendum, AddendumContent};
pub use amended::{Change, difference};
pub use answers::{Answered, SentBack, asked};
pub use content::{FACTS, Fact, NOTE_SCHEMA, NoteContent};
pub use disposition::Disposition;
pub use draft::{NoteDraft, NoteForm};
pub use facts::facts;
pub(crate) use facts::withdrawn;
pub(crate) use rules::around;
pub use seal::{CaseNote, SealError, SealedNote};
