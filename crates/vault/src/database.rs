//! The SQLCipher files of a vault, opened with their keys.

use std::path::Path;
use std::sync::Once;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::private;

/// A SQLCipher file with its key, which may not fit.
pub(crate) fn keyed(path: &Path, key: &str, flags: OpenFlags) -> Result<Connection, VaultError> {
    // SQLite counts itself as started a moment before SQLCipher is: of two first connections of a process, the key
    // of the second would be refused.
    static STARTED: Once = Once::new();
    STARTED.call_once(|| drop(Connection::open_in_memory()));
    let db = Connection::open_with_flags(path, flags)?;
    // What the database frees is overwritten: pages hold cases, and the next statement holds the key.
    db.pragma_update(None, "cipher_memory_security", true)?;
    db.pragma_update(None, "key", Zeroizing::new(format!("x'{key}'")).as_str())?;
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .map_err(|_| VaultError::Locked(path.to_owned()))?;
    Ok(db)
}

/// A file of the vault, made where it is not there: nobody else may read it, and what is in it survives a power cut.
pub(crate) fn database(
    path: &Path,
    key: &str,
    unusable: impl Fn(std::io::Error) -> VaultError,
) -> Result<Connection, VaultError> {
    for beside in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        let beside = Path::new(&name);
        if beside.exists() {
            private::file(beside).map_err(&unusable)?;
        }
    }
    private::file(path).map_err(unusable)?;
    let db = keyed(path, key, OpenFlags::default())?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "temp_store", "memory")?;
    Ok(db)
}
