//! What people do at a workstation, without its window: whoever calls has a person, a wish and gets an answer or an error
//! that a person can act on.
//!
//! [`Workstation`] holds what lies behind the window: the vault, the policy, who is signed in, the decoder's process. The
//! window's commands and the command line call the same functions.
//!
//! **Invariant:** nobody who is not signed in reaches anything; what an act reads, decides and writes happens in one
//! transaction of the vault ([`Workstation::act`]); no foreign photograph is decoded in this process.

mod anchors;
mod awake;
mod enclosed;
mod error;
mod examining;
mod exchange;
pub mod foreign_pdf;
mod people;
mod pictures;
mod reviewing;
mod searching;
pub mod views;
mod workstation;

pub use anchors::{VaultState, read_text, verify_audit};
pub use enclosed::{Enclosed, Envelope};
pub use error::CommandError;
pub use exchange::Round;
pub use people::DayRead;
pub use pictures::{Wanted, parse};
pub use workstation::{DECODER, Outcome, SystemClock, Workstation};
