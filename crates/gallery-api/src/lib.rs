//! The gallery's contract, and whoever asks by it.
//!
//! [`wire`] is the one contract of workstation and gallery: HTTP `/v1`, JSON. [`client`] asks and trusts nothing that comes
//! back; [`signing`] is what a workstation signs for a gallery, and how that is checked.
//!
//! **Invariant:** a search carries a template; the contract has no field for an image.

pub mod audit_file;
pub mod client;
pub mod signing;
pub mod wire;
