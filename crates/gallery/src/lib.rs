//! The regional gallery's service, its store and enrolment.
//!
//! `server`, `store` and `enrol` answer the contract of `gallery-api` with the index of the crate `vector-index`. Photographs come in
//! by enrolment only: a search carries a template, never an image. `audited` holds the audit against the log that was signed of it.
//!
//! **Invariant:** the audit row of a search is durable before its scan starts, and the answer of
//! a scan is the exact full-precision answer.

pub mod audited;
pub mod benchmark;
pub mod enrol;
pub mod job;
pub mod reembed;
pub mod server;
pub mod store;
