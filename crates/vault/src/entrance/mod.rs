//! The entrance of a vault: a small file beside it that says who may come in and how. The secret store opens the entrance; a
//! person opens the vault, whose key lies here sealed under each one's passphrase. So neither the machine with its secret store
//! nor a passphrase alone opens anything, and nobody's key is in memory while nobody is signed in.

mod coming_in;
mod door;
mod earlier;
mod entered;
mod file;
mod provider;
mod second;
mod travelling;

pub use entered::{Admission, Due, Entered, Known, Second};
pub use file::{CODE_DAYS, Entrance};
pub use second::SecondFactor;
pub use travelling::{Arrived, Travelling};
