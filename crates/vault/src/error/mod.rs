//! What the vault cannot do, and why: module list and re-exports.

mod backup;
mod chain;
mod package;
mod provider;
mod vault;

pub use backup::BackupError;
pub use chain::ChainError;
pub use package::PackageError;
pub use provider::ProviderRefusal;
pub use vault::VaultError;
