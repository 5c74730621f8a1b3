//! The store of record, in SQLite or PostgreSQL. It holds subject, record, template and an outbox row in one
//! transaction; the index is derived from the outbox. Photographs lie beside it as encrypted files.

mod agencies;
mod alarms;
mod anchors;
mod audit;
mod enrolment;
mod error;
mod expunge;
mod forms;
mod index_keys;
mod limits;
mod opened;
mod outbox;
mod photos;
mod postgres;
mod postgres_tls;
mod records;
mod sealed;
mod searches;
mod secrets;
mod sql;
mod sqlite;
mod staging;
mod steps;
#[cfg(test)]
mod tests;
mod tokens;
pub mod trace;
mod whole;

pub use agencies::{AgencyRule, HOME};
pub use audit::Leaves;
pub use enrolment::{Enrolled, Enrolment, Override};
pub use error::StoreError;
pub use expunge::{Certificate, CertificateFile, Order, verify_certificate};
pub use index_keys::IndexKeys;
pub use limits::{Allowance, Beginning, Begun};
pub use opened::Shown;
pub use outbox::{Change, Reader};
pub use postgres::Reach;
pub use records::{Counts, Portrait, Stats};
pub use searches::{Idempotent, Listed};
pub use staging::{Kept, Switch, ToMove};
pub use tokens::{Authority, IssuedToken, Scope, TokenHolder};
pub use whole::Store;
