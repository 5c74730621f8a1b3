//! Backups of a vault: what lies in its file, encrypted as it is, in pieces of which each is kept once; its key in shares for the
//! department's escrow; signed by the workstation, and read back before it counts.

mod chunks;
mod making;
mod manifest;
mod restore;
mod shares;

pub use crate::error::BackupError;
pub use making::BackedUp;
pub use manifest::Manifest;
pub use restore::{BackupFile, BroughtBack, Drilled, newest};
pub use shares::SealedShare;
