//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod papers;
mod public_report;
mod validity;
