//! Pieces of a vault's file, each kept once under its SHA-256. A vault encrypts page by page, so what did not change between two
//! backups is the same pieces.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::BackupError;
use crate::private;

/// Bytes of a piece; the last one is shorter. A multiple of the vault's pages of 4,096 bytes.
pub(super) const CHUNK: usize = 1 << 20;

/// A folder of pieces.
pub(super) struct Chunks(PathBuf);

impl Chunks {
    pub(super) fn of(backups: &Path) -> Self {
        Self(backups.join("chunks"))
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.0.join(sha256.get(..2).unwrap_or("xx")).join(sha256)
    }

    fn unusable(path: &Path) -> impl Fn(std::io::Error) -> BackupError {
        let path = path.to_owned();
        move |source| BackupError::Folder { path: path.clone(), source }
    }

    /// Keeps a piece; gives its name, and whether it was not there yet, or was damaged since. It is on the disk when this returns.
    pub(super) fn keep(&self, bytes: &[u8]) -> Result<(String, bool), BackupError> {
        let sha256 = hex::encode(Sha256::digest(bytes));
        let path = self.path(&sha256);
        if self.read(&sha256).is_ok() {
            return Ok((sha256, false));
        }
        let folder = path.parent().unwrap_or(&self.0);
        private::folder(folder).map_err(Self::unusable(folder))?;
        write_whole(&path, bytes).map_err(Self::unusable(&path))?;
        Ok((sha256, true))
    }

    /// A piece as it lies there.
    pub(super) fn read(&self, sha256: &str) -> Result<Vec<u8>, BackupError> {
        let path = self.path(sha256);
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => BackupError::MissingPiece(path.clone()),
            _ => BackupError::Folder { path: path.clone(), source: e },
        })?;
        file.take(CHUNK as u64 + 1).read_to_end(&mut bytes).map_err(Self::unusable(&path))?;
        if hex::encode(Sha256::digest(&bytes)) != sha256 {
            return Err(BackupError::DamagedPiece(path));
        }
        Ok(bytes)
    }

    /// Removes the pieces that `kept` does not name; gives how many.
    pub(super) fn sweep(&self, kept: &std::collections::BTreeSet<String>) -> Result<usize, BackupError> {
        let mut removed = 0;
        let list = |folder: &Path| -> Result<Vec<PathBuf>, BackupError> {
            let entries = std::fs::read_dir(folder).map_err(Self::unusable(folder))?;
            entries.map(|entry| Ok(entry.map_err(Self::unusable(folder))?.path())).collect()
        };
        for folder in list(&self.0)?.into_iter().filter(|path| path.is_dir()) {
            for path in list(&folder)? {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                if !kept.contains(&name) {
                    std::fs::remove_file(&path).map_err(Self::unusable(&path))?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }
}

/// Writes a file that is there whole or not at all, whenever the power goes.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("part");
    private::file(&part)?;
    let mut file = File::options().write(true).truncate(true).open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    // The name is on the disk once its folder is.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
