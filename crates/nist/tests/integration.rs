//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod attacks;
mod traits;
mod writing;
