//! Manners that every service of ours has: connections with limits, TLS, refusals as RFC 9457 problem+json, numbers for
//! Prometheus, and how a program serves until it is told to stop. `client` is how a workstation asks one, `signing` what its key
//! signs for one, `log` a log that outsiders can check.
//!
//! **Invariant:** it knows neither the gallery nor the relay: what it answers, counts or logs names no person, no case and no agency.

pub mod client;
pub mod log;
mod problem;
pub mod signing;

#[cfg(feature = "server")]
pub mod authority;
#[cfg(feature = "server")]
pub mod connections;
#[cfg(feature = "server")]
pub mod peer;
#[cfg(feature = "server")]
pub mod refusal;
#[cfg(feature = "server")]
pub mod request;
#[cfg(feature = "server")]
pub mod requests;
#[cfg(feature = "server")]
pub mod serving;
#[cfg(feature = "server")]
pub mod tls;
#[cfg(feature = "server")]
mod unread;

pub use problem::Problem;
