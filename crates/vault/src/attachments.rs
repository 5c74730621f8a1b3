//! Files of any kind, stored byte for byte without ever holding a whole one in memory.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use catalogue::say;
use rusqlite::{OptionalExtension, params};
use serde_json::json;
use sha2::{Digest, Sha256};

use casework::{Attachment, CaseId, Moment, PersonRef};

use crate::audit::append;
use crate::{Vault, VaultError};

fn unreadable(error: std::io::Error) -> VaultError {
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

/// Copies to the end and gives SHA-256 and length.
pub(crate) fn measure(mut from: impl Read, mut to: impl Write) -> std::io::Result<(String, u64)> {
    let (mut hash, mut length, mut part) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = from.read(&mut part)?;
        if n == 0 {
            return Ok((hex::encode(hash.finalize()), length));
        }
        hash.update(&part[..n]);
        to.write_all(&part[..n])?;
        length += n as u64;
    }
}

impl Vault {
    /// Stores the file at `path` for a case, at most `limit` bytes long.
    ///
    /// # Errors
    /// [`VaultError::TooLarge`] before more than `limit` bytes were read, [`VaultError::Unreadable`], or what the
    /// database refuses; nothing is stored then.
    pub fn attach(
        &mut self,
        case: CaseId,
        path: &Path,
        limit: u64,
        by: &PersonRef,
        at: Moment,
    ) -> Result<Attachment, VaultError> {
        let too_large = |bytes| VaultError::TooLarge { megabytes: bytes / 1_000_000, limit: limit / 1_000_000 };
        let mut file = File::open(path).map_err(unreadable)?;
        let meta = file.metadata().map_err(unreadable)?;
        if !meta.is_file() {
            return Err(VaultError::Unreadable(say!("vault-no-file").to_owned()));
        }
        if meta.len() > limit {
            return Err(too_large(meta.len()));
        }
        let (sha256, bytes) = measure(Read::by_ref(&mut file).take(limit + 1), std::io::sink()).map_err(unreadable)?;
        if bytes > limit {
            return Err(too_large(bytes));
        }
        let file_name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let folder = self.folder.clone();
        self.write(|db| {
            let known = db.query_row(
                "SELECT 1 FROM original WHERE case_id = ?1 AND sha256 = ?2",
                params![case.to_string(), sha256],
                |_| Ok(()),
            );
            if known.optional()?.is_none() {
                db.execute(
                    "INSERT INTO original (case_id, sha256, kind, file_name, bytes) VALUES (?1, ?2, 'attachment', ?3, zeroblob(?4))",
                    params![case.to_string(), sha256, file_name, bytes as i64],
                )?;
                let mut blob = db.blob_open("main", "original", "bytes", db.last_insert_rowid(), false)?;
                let (again, length) = measure(Read::by_ref(&mut file).take(bytes), &mut blob).map_err(|e| copy_failed(&folder, e))?;
                if again != sha256 || length != bytes {
                    return Err(VaultError::Unreadable(say!("vault-changed-while-read").to_owned()));
                }
            }
            let detail = json!({ "case": case, "sha256": sha256, "kind": "attachment", "file_name": file_name, "bytes": bytes });
            append(db, Some(by), at, "original-stored", &detail)
        })?;
        Ok(Attachment { sha256, file_name, bytes, attached_at: at })
    }

    /// Hashes the files of a case again, as they lie in the vault.
    ///
    /// # Errors
    /// [`VaultError::FileChanged`] for the first that is missing or not what was stored.
    pub fn check_files<'a>(
        &self,
        case: CaseId,
        hashes: impl IntoIterator<Item = &'a String>,
    ) -> Result<usize, VaultError> {
        let mut whole = 0;
        for hash in hashes {
            let found = self.copy_original(case, hash, std::io::sink())?;
            if found.as_ref() != Some(hash) {
                return Err(VaultError::FileChanged(hash.clone()));
            }
            whole += 1;
        }
        Ok(whole)
    }

    /// Copies an original of a case to `to`, and hashes it again; `None` where there is none.
    pub(crate) fn copy_original(&self, case: CaseId, hash: &str, to: impl Write) -> Result<Option<String>, VaultError> {
        let row: Option<i64> = self
            .db
            .query_row(
                "SELECT rowid FROM original WHERE case_id = ?1 AND sha256 = ?2",
                params![case.to_string(), hash],
                |r| r.get(0),
            )
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        let blob = self.db.blob_open("main", "original", "bytes", row, true)?;
        Ok(Some(measure(blob, to).map_err(|e| copy_failed(&self.folder, e))?.0))
    }
}
