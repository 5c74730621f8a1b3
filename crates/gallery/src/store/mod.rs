//! Stores of record. The store holds subject, record, template and an outbox row in one
//! transaction; the index is derived from the outbox.

mod sqlite;

pub use sqlite::{
    Change, Enrolled, Enrolment, Expunged, Idempotent, IssuedToken, Scope, Sqlite, Stats, StoreError, TokenHolder,
};
