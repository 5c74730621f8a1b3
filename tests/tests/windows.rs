//! One program of all tests that drive real windows: linked once.

#![allow(clippy::unwrap_used)]

mod window_adversary;
mod window_audit;
mod window_backup;
mod window_bench;
mod window_department;
mod window_desk;
mod window_faults;
mod window_flow;
mod window_origin;
mod window_oversight;
mod window_provider;
mod window_retention;
mod window_stations;
mod window_validity;
