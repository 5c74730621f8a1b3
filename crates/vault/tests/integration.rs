//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod anchors;
mod backup;
mod entrance;
mod exchange;
mod foreign_vectors;
mod format_vectors;
mod joined;
mod leaving;
mod logged;
mod logged_disclosure;
mod moved;
mod oversight;
mod provider;
mod purge;
mod vault;
mod verification;
