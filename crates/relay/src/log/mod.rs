//! The department's log.

mod asking;
pub(crate) mod opening;
pub(crate) mod routes;

pub use opening::{Log, LogError, WitnessAt, WitnessAtError, open};

#[cfg(test)]
mod tests;
