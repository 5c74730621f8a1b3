//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod format_vectors;
mod log;
mod logs;
