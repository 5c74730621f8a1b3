//! What a backup says of itself, signed by its workstation.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use catalogue::say;
use department::Card;
use serde::{Deserialize, Serialize};

use casework::Moment;

use super::shares::SealedShare;
use crate::error::BackupError;
use crate::signed::Signed;

/// Schema of a [`Manifest`].
pub(super) const SCHEMA: &str = "corroborate.backup.v1";

/// What a backup consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `corroborate.backup.v1`.
    pub schema: String,
    /// The workstation whose vault it is.
    pub workstation: Card,
    /// When it was made.
    pub made_at: Moment,
    /// Bytes of the vault's file.
    pub bytes: u64,
    /// Its pieces in their order, by SHA-256.
    pub chunks: Vec<String>,
    /// Events of the vault's audit then.
    pub audit_events: i64,
    /// The last one's hash.
    pub audit_head: String,
    /// The department's root key.
    pub root: String,
    /// How many shares of the vault's key it takes together.
    pub needed: u8,
    /// The shares.
    pub shares: Vec<SealedShare>,
}

/// The manifest at `path`, where its workstation signed it.
pub(super) fn read_manifest(path: &Path) -> Result<Manifest, BackupError> {
    let damaged = |why: String| BackupError::Damaged(why);
    let mut text = String::new();
    let file = File::open(path).map_err(|source| BackupError::Folder { path: path.to_owned(), source })?;
    file.take(64 << 20)
        .read_to_string(&mut text)
        .map_err(|source| BackupError::Folder { path: path.to_owned(), source })?;
    let signed: Signed = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
    let manifest: Manifest = signed.open(SCHEMA).map_err(damaged)?;
    if manifest.schema != SCHEMA || manifest.workstation.signs != signed.public_key {
        return Err(BackupError::Damaged(say!("vault-backup-another-workstation").to_owned()));
    }
    Ok(manifest)
}
