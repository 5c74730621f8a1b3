//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod audit_log;
mod bookings;
mod contract;
mod foreign_vectors;
mod reembed;
mod sealed;
