//! The department's own small service, and whoever asks it.
//!
//! `wire` is the contract, `client` asks by it. `server` answers: `mailboxes` keeps case packages for their recipients in files,
//! `packages` moves them over HTTP, `sessions` knows which workstation asks, `store` which ones are admitted and what was done.
//!
//! **Invariant:** it sees ciphertext, public keys, sizes and times. A mailbox opens to whoever signs with the key that names it,
//! and to nobody else; it knows nothing of the gallery.

pub mod client;
pub mod wire;

#[cfg(feature = "server")]
pub mod mailboxes;
#[cfg(feature = "server")]
mod packages;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
mod sessions;
#[cfg(feature = "server")]
pub mod store;
