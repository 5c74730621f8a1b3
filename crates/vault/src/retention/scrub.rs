//! After a purge: nothing of what went stays in pages that nobody uses, nor in the log beside the file.

use rusqlite::{Connection, OptionalExtension};

use crate::error::VaultError;
use crate::vault::Vault;

/// Up to this size the file is written anew in memory; a larger one beside it on the disk, encrypted as it is.
const IN_MEMORY: u64 = 256 << 20;

fn is_owed(db: &Connection) -> Result<bool, VaultError> {
    let owed = db.query_row("SELECT 1 FROM setting WHERE name = 'scrub'", [], |_| Ok(()));
    Ok(owed.optional()?.is_some())
}

/// Notes that it is owed, within the transaction that owes it.
pub(crate) fn owe(db: &Connection) -> Result<(), VaultError> {
    db.execute("INSERT INTO setting (name, value) VALUES ('scrub', '1') ON CONFLICT (name) DO NOTHING", [])?;
    Ok(())
}

fn scrub(db: &Connection) -> Result<(), VaultError> {
    let pages: u64 = db.query_row("PRAGMA page_count", [], |r| r.get::<_, i64>(0))?.unsigned_abs();
    if pages * 4096 > IN_MEMORY {
        db.pragma_update(None, "temp_store", "file")?;
    }
    // SQLite overwrites what it frees; what it moved before, from one page to another, only this finds.
    let written = db.execute_batch("VACUUM");
    db.pragma_update(None, "temp_store", "memory")?;
    written?;
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
    if busy != 0 {
        return Err(VaultError::InUse);
    }
    db.execute("DELETE FROM setting WHERE name = 'scrub'", [])?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Does what a purge still owes; what keeps it from being done now is tried again when the vault is opened next.
pub(crate) fn scrub_if_owed(db: &Connection) {
    if is_owed(db).is_ok_and(|owed| owed) {
        let _ = scrub(db);
    }
}

impl Vault {
    /// Writes the file anew after a purge, where that is owed. Never within an act.
    ///
    /// # Errors
    /// [`VaultError`]; then it stays owed.
    pub fn scrub(&mut self) -> Result<(), VaultError> {
        match is_owed(&self.db)? {
            true => scrub(&self.db),
            false => Ok(()),
        }
    }
}
