//! The department's own small service, and whoever asks it.
//!
//! `wire` is the contract, `client` asks by it. `server` answers with what `running` holds: `admission` says who may ask, `versions` serves the department's roster and policy versions
//! and takes new ones, `mailboxes` keeps case packages for their recipients in files, `packages` moves them over HTTP, `senders`
//! limits what one workstation leaves and asks, `sessions` knows which workstation asks, `store` keeps documents and audit.
//! `keyfile` is an administrator's key in a file, `kit` the root key on paper. `log` is the log that outsiders can check, as files;
//! `ledger_client` proves what it shows, `watching` is the program of a witness. `backups` keeps workstations' backups,
//! `backup_client` brings them.
//!
//! **Invariant:** it sees ciphertext, public documents, public keys, sizes and times. Who may ask is said by the newest roster
//! and by nothing else; a version is taken only if it follows from the root key on. A mailbox opens to whoever signs with the key
//! that names it, and to nobody else. It knows nothing of the gallery.

mod backup_client;
pub mod client;
pub mod kit;
pub mod ledger_client;
pub mod wire;

#[cfg(feature = "server")]
mod admission;
#[cfg(feature = "server")]
mod backups;
#[cfg(feature = "server")]
pub mod keyfile;
#[cfg(feature = "server")]
pub mod log;
#[cfg(feature = "server")]
pub mod mailboxes;
#[cfg(feature = "server")]
mod packages;
#[cfg(feature = "server")]
pub mod running;
#[cfg(feature = "server")]
pub mod senders;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
mod sessions;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
mod versions;
#[cfg(feature = "server")]
pub mod watching;
