//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod cast;
mod chain;
mod foreign_vectors;
mod forged;
mod forgery;
mod format_vectors;
mod history;
mod provider_rule;
