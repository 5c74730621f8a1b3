//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod cli;
mod formats;
mod hostile;
mod kinds;
mod models_agree;
mod origin;
mod sandbox;
mod swap;
