//! The open vault: its file and its keys, and how anything is written to it: whole, or not at all.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::lock::Lock;

/// The open vault.
pub struct Vault {
    pub(crate) db: Connection,
    pub(crate) signing: ed25519_dalek::SigningKey,
    pub(crate) receiving: age::x25519::Identity,
    /// Under which its secrets rest.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) key: Zeroizing<String>,
    /// The department, proven when it was read; who signs, while somebody is signed in.
    pub(crate) department: Option<department::Chain>,
    pub(crate) pen: Option<ed25519_dalek::SigningKey>,
    // Held as long as the vault is open.
    pub(crate) _lock: Arc<Lock>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Vault {
    /// The workstation's public key, in hexadecimal.
    pub(crate) fn own_key(&self) -> String {
        hex::encode(self.signing.verifying_key().to_bytes())
    }

    /// The key of the file.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Gives the file another key; the one before opens nothing of it any more.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub(crate) fn rekey(&mut self, key: &str) -> Result<(), VaultError> {
        self.db.pragma_update(None, "rekey", Zeroizing::new(format!("x'{key}'")).as_str())?;
        // What the old key sealed does not stay beside the file.
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.key = Zeroizing::new(key.to_owned());
        Ok(())
    }

    /// Runs `work` in one transaction that is rolled back when it fails; within an act, as a part of it.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        if !self.db.is_autocommit() {
            let part = self.db.savepoint()?;
            let done = work(&part)?;
            part.commit()?;
            return Ok(done);
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }
}
