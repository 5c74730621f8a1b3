//! Originals as they lie in the vault's file: sealed, and never whole in memory.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::{Connection, params};

use casework::CaseId;

use crate::error::VaultError;
use crate::sealing::{CaseKey, Sealing, sealed_length};

/// A file cannot be read.
pub(crate) fn unreadable(error: std::io::Error) -> VaultError {
    VaultError::Unreadable(error.to_string())
}

/// Why a copy broke off: there is no room in the vault's folder, or the file cannot be read.
pub(crate) fn copy_failed(folder: &Path, source: std::io::Error) -> VaultError {
    match source.kind() {
        // What the database refuses to keep comes as `Other`.
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::Other => {
            VaultError::Folder { path: folder.to_owned(), source }
        }
        _ => unreadable(source),
    }
}

/// Whether a case has an original already.
pub(crate) fn has_original(db: &Connection, case: CaseId, sha256: &str) -> Result<bool, VaultError> {
    let mut query = db.prepare_cached("SELECT 1 FROM original WHERE case_id = ?1 AND sha256 = ?2")?;
    Ok(query.exists(params![case.to_string(), sha256])?)
}

/// Why an original was not put there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPut {
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Copy(#[from] std::io::Error),
}

impl From<rusqlite::Error> for NotPut {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}

impl NotPut {
    /// The same, where it was put in a vault in `folder`.
    pub(crate) fn in_folder(self, folder: &Path) -> VaultError {
        match self {
            Self::Vault(error) => error,
            Self::Copy(error) => copy_failed(folder, error),
        }
    }
}

/// Adds the row of an original of `length` bytes, which `write` writes into what seals it and ends.
pub(crate) fn put_sealed(
    db: &Connection,
    key: &CaseKey,
    case: &str,
    (sha256, kind, file_name): (&str, &str, &str),
    length: u64,
    write: impl FnOnce(Sealing<rusqlite::blob::Blob<'_>>) -> std::io::Result<()>,
) -> Result<(), NotPut> {
    db.execute(
        "INSERT INTO original (case_id, sha256, kind, file_name, length, bytes) VALUES (?1, ?2, ?3, ?4, ?5, zeroblob(?6))",
        params![case, sha256, kind, file_name, length as i64, sealed_length(length) as i64],
    )?;
    let blob = db.blob_open("main", "original", "bytes", db.last_insert_rowid(), false)?;
    Ok(write(key.sealing(sha256, blob)?)?)
}
