//! One program of all tests that drive no window: linked once.

#![allow(clippy::unwrap_used)]

mod auditors;
mod earlier;
mod faults;
mod gallery_log;
mod gallery_trials;
mod ledger;
mod provider;
mod validity;
mod year;
mod year_reports;
