//! The auditor's desk: events of all workstations, each checked against the one before it, and found by words and marks.
//!
//! `gallery_log` is the log of a gallery's audit as it was shown here.
//!
//! *A row that was taken in stays as it was: one that comes again with another hash is a fault of its workstation, and on record.*

mod desk;
mod gallery_log;
mod gallery_read;
mod kept;
mod searching;
mod taking;
mod words;

pub use desk::{DeskFault, DeskSource};
pub use gallery_log::{GalleryFault, GalleryFaulted, GalleryLog};
pub use gallery_read::{GalleryRead, GalleryRow};
pub use kept::Sample;
pub use searching::{EventPage, EventQuery, MOST_EVENTS};
pub(crate) use taking::{put_case, take_proof, take_rows};
