//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod contract;
mod department;
mod founded;
mod founding;
mod key_vectors;
mod ledger;
