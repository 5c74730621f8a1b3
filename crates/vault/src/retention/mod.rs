//! How long cases are kept: what supervisors said of it, what is on record for the rule of `casework`, and what a purge leaves.

mod certificate;
mod keeping;
mod photographs;
mod purge;
mod scrub;
mod standing;

pub use certificate::{CheckedCertificate, verify_certificate};
pub use photographs::Fate;
pub(crate) use purge::is_purged;
pub(crate) use scrub::{owe as scrub_owed, scrub_if_owed};
pub(crate) use standing::TOLD;
pub use standing::{Standing, Standings};
