//! Case packages between workstations: signed by the sender, encrypted to one recipient, taken in once.
//!
//! A package is an age file (X25519) around one line and the files it names: the line is a signed manifest,
//! the files follow in its order. Whoever carries a package, a stick or a relay, reads nothing
//! of it.

mod around;
mod asked;
mod cards;
mod doors;
mod events;
mod listed;
mod misidentified;
mod moves;
mod moving;
mod outbox;
mod package;
mod packing;
mod restored;
mod statements;
mod taken_back;
mod taking;
mod verification;

pub(crate) use cards::put_card;
pub use cards::read_card;
pub use moving::{ListPhotographs, Moved};
pub use package::{Filled, Outgoing, Taken};
