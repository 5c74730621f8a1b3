//! A log that outsiders can check, at whoever keeps one (`kept`: its files; `cosigning`: it asks its witnesses) and at whoever is
//! shown it (`reading`; `readers` counts them). What stands in it and what is proven of it is `ledger`.

#[cfg(feature = "server")]
mod cosigning;
#[cfg(feature = "server")]
mod kept;
#[cfg(feature = "server")]
mod readers;
mod reading;

#[cfg(feature = "server")]
pub use cosigning::{Logged, WitnessAt, WitnessAtError, ask};
#[cfg(feature = "server")]
pub use kept::{Log, LogError, Rows, answer, changes};
#[cfg(feature = "server")]
pub use readers::{FILES_A_MINUTE, Readers};
pub use reading::{LedgerError, LedgerFiles};

/// The file of the newest checkpoint, as the log signed it.
pub const CHECKPOINT: &str = "checkpoint";
/// The file of the newest one that a witness cosigned.
pub const COSIGNED: &str = "cosigned";
