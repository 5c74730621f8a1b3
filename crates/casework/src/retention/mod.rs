//! How long a case is kept: what a supervisor says of it, what the rule makes of that, and the permit without which nothing is purged.

mod decision;
mod ended;
mod permit;
mod reckoning;
mod record;
mod rule;
mod saying;
mod word;

pub use decision::Retention;
pub use ended::{Duty, Ended, StillOpen};
pub use permit::{CERTIFICATE_SCHEMA, CertificateContent, Confirmed, Gone, PurgePermit, may_purge, may_see_retention};
pub use reckoning::{Reckoning, Witnesses};
pub use record::{Kept as KeptNote, OnRecord};
pub use rule::RetentionRule;
pub use word::{KEEPING_SCHEMA, Keeping, KeepingWord};
