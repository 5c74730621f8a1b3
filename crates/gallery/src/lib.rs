//! The regional gallery: the wire contract, its client, and the reference service.
//!
//! [`wire`] is the one contract. `client` (feature `client`) asks; `server`, `store` and `enrol` (feature
//! `server`) answer, with the index of the crate `exact`. Photographs come in by enrolment only: a search carries a
//! template, never an image.
//!
//! **Invariant:** the audit row of a search is durable before its scan starts, and the answer of
//! a scan is the exact full-precision answer.

#[cfg(any(feature = "client", feature = "server"))]
pub mod signing;
pub mod wire;

#[cfg(feature = "server")]
pub mod authority;
#[cfg(feature = "server")]
pub mod bench;
#[cfg(feature = "server")]
pub mod booking;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod desk;
#[cfg(feature = "server")]
pub mod enrol;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod store;
