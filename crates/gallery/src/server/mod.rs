//! The service: axum over the store and the index.

mod admission;
mod anchors;
mod error;
mod following;
mod gallery;
mod ledger;
mod logging;
mod metrics;
mod opening;
mod patterns;
mod records;
mod refusal;
mod routes;
mod scanner;
mod scanning;
mod search;
mod words;

pub use error::OpenError;
pub use following::catch_up;
#[cfg(test)]
pub(crate) use following::current_index;
pub use gallery::{Gallery, Options};
pub use logging::{Logging, WitnessOf, WitnessOfError};
pub use routes::{openapi, router};
