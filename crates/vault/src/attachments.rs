//! Files of any kind, stored byte for byte without ever holding a whole one in memory.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use catalogue::say;
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::{Attachment, CaseId, Moment, PersonRef};

use crate::audit::append;
use crate::error::VaultError;
use crate::hashing::measure;
use crate::originals::{NotPut, copy_failed, has_original, put_sealed, unreadable};
use crate::sealing::CaseKey;
use crate::vault::Vault;

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
            if !has_original(db, case, &sha256)? {
                let mut read = (String::new(), 0);
                let named = (sha256.as_str(), "attachment", file_name.as_str());
                let put = put_sealed(db, &CaseKey::of(db, case)?, &case.to_string(), named, bytes, |mut to| {
                    read = measure(Read::by_ref(&mut file).take(bytes), &mut to)?;
                    to.finish()
                });
                if (read.0.as_str(), read.1) != (&sha256, bytes) && !matches!(put, Err(NotPut::Vault(_))) {
                    return Err(VaultError::Unreadable(say!("vault-changed-while-read").to_owned()));
                }
                put.map_err(|e| e.in_folder(&folder))?;
            }
            let detail = json!({ "case": case, "sha256": sha256, "kind": "attachment", "bytes": bytes });
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
        let key = CaseKey::known(&self.db, case)?.ok_or(VaultError::Unsealed)?;
        let blob = self.db.blob_open("main", "original", "bytes", row, true)?;
        match key.opening(hash, blob).and_then(|opening| measure(opening, to)) {
            Ok((found, _)) => Ok(Some(found)),
            // What was changed has the hash of nothing.
            Err(error) if error.kind() == ErrorKind::InvalidData => Ok(Some(String::new())),
            Err(error) => Err(copy_failed(&self.folder, error)),
        }
    }
}
