//! A backup that is made, and the older ones that go with it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use department::{Card, escrow};
use rusqlite::OptionalExtension;
use serde_json::json;

use casework::{Moment, PersonRef};

use super::chunks::{CHUNK, Chunks, write_whole};
use super::manifest::{Manifest, SCHEMA};
use super::restore::{BackupFile, manifests, named};
use super::shares;
use crate::audit::{append, chain};
use crate::error::{BackupError, VaultError};
use crate::hashing::canonical;
use crate::private;
use crate::rows::parse_moment;
use crate::signed::sign;
use crate::vault::Vault;

/// Backups that are kept; older ones go with the pieces that no other needs.
const KEPT: usize = 30;

/// A backup that was made, and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Its manifest.
    pub path: PathBuf,
    /// When.
    pub at: Moment,
    /// Bytes of the vault.
    pub bytes: u64,
    /// Bytes that were not in an earlier backup.
    pub fresh: u64,
}

/// Event of a backup that was copied to the relay.
const COPIED: &str = "backup-copied";

/// The folder of one workstation's backups within a folder of backups.
fn folder_of(folder: &Path, card: &Card) -> PathBuf {
    folder.join(format!("corroborate-{}", card.signs.get(..16).unwrap_or(&card.signs)))
}

impl Vault {
    /// Makes a backup into `folder`. `doors` are the statements of doors that were made here: whoever chose a passphrase comes in by
    /// it where the backup is restored. It is read back whole before it counts.
    ///
    /// # Errors
    /// [`VaultError::Backup`]; then there is no new backup, and earlier ones are untouched.
    pub fn back_up(
        &mut self,
        folder: &Path,
        doors: &[String],
        by: Option<&PersonRef>,
        at: Moment,
    ) -> Result<BackedUp, VaultError> {
        let newest = self.department().ok_or(BackupError::Nobody)?.newest();
        let root = self.department().map(|chain| chain.root().to_string()).unwrap_or_default();
        let today = at.day();
        let recipients = newest.roster().content().escrow.iter();
        let recipients: Vec<(String, String)> = recipients
            .filter(|one| one.from <= today && one.until.is_none_or(|until| today <= until))
            .map(|one| (one.name.clone(), one.receives.clone()))
            .collect();
        let needed = u8::try_from(escrow::needed(recipients.len())).unwrap_or(u8::MAX);
        if recipients.is_empty() || recipients.len() > usize::from(u8::MAX) {
            return Err(BackupError::Nobody.into());
        }
        self.keep_doors(doors, at)?;
        let card = self.card(&self.settings()?.workstation);
        let own = folder_of(folder, &card);
        private::folder(&own).map_err(|source| BackupError::Folder { path: own.clone(), source })?;
        let shares = shares::seal(self.key(), needed, &recipients)?;
        let kept = Chunks::of(&own);
        let (mut chunks, mut bytes, mut fresh) = (Vec::new(), 0, 0);
        let mut audit = ledger::Chain::default();
        self.standing_still(|db, mut file| {
            audit = chain(db)?;
            loop {
                let mut piece = Vec::with_capacity(CHUNK);
                file.by_ref()
                    .take(CHUNK as u64)
                    .read_to_end(&mut piece)
                    .map_err(|source| VaultError::Folder { path: folder.to_owned(), source })?;
                if piece.is_empty() {
                    return Ok(());
                }
                let (name, new) = kept.keep(&piece)?;
                bytes += piece.len() as u64;
                fresh += if new { piece.len() as u64 } else { 0 };
                chunks.push(name);
            }
        })?;
        let manifest = Manifest {
            schema: SCHEMA.to_owned(),
            workstation: card,
            made_at: at,
            bytes,
            chunks,
            audit_events: audit.rows(),
            audit_head: audit.head().to_owned(),
            root,
            needed,
            shares,
        };
        let signed = canonical(&sign(&self.signing, SCHEMA, &manifest)?)?;
        let path = own.join(format!("{}.json", named(at)));
        write_whole(&path, signed.as_bytes()).map_err(|source| BackupError::Folder { path: path.clone(), source })?;
        // It counts once it was read back; what cannot be read is no backup.
        let read_back = BackupFile::read(&path).and_then(|backup| backup.check());
        if let Err(error) = read_back {
            drop(std::fs::remove_file(&path));
            return Err(error.into());
        }
        // What was purged does not stay in backups from before.
        thin_out(&own, &kept, self.last_purge()?)?;
        let detail = json!({ "bytes": bytes, "fresh": fresh, "made_at": at });
        self.write(|db| append(db, by, at, "backup-made", &detail))?;
        Ok(BackedUp { path, at, bytes, fresh })
    }

    /// Backups of this vault in a folder of backups, oldest first; those that cannot be read are passed over.
    ///
    /// # Errors
    /// [`VaultError::Backup`].
    pub fn backups_in(&self, folder: &Path) -> Result<Vec<BackupFile>, VaultError> {
        let own = folder_of(folder, &self.card(""));
        if !own.is_dir() {
            return Ok(Vec::new());
        }
        Ok(manifests(&own)?.iter().filter_map(|path| BackupFile::read(path).ok()).collect())
    }

    /// Puts on record that a backup lies at the relay now.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn backup_copied(&mut self, made_at: Moment, relay: &str, fresh: u64, at: Moment) -> Result<(), VaultError> {
        let detail = json!({ "made_at": made_at, "relay": relay, "fresh": fresh });
        self.write(|db| append(db, None, at, COPIED, &detail))
    }

    /// When the newest backup that lies at the relay was made.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn last_copied(&self) -> Result<Option<Moment>, VaultError> {
        let sql = "SELECT detail ->> '$.made_at' FROM audit WHERE action = ?1 ORDER BY seq DESC LIMIT 1";
        let made_at: Option<String> = self.db.query_row(sql, [COPIED], |r| r.get(0)).optional()?;
        made_at.map(|at| parse_moment(&at)).transpose()
    }

    /// Whether backups hold what went from the vault since the last one was made.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn backup_is_behind_purge(&self) -> Result<bool, VaultError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM audit WHERE action = 'backup-made'";
        Ok(self.last_purge()? > self.db.query_row::<i64, _, _>(sql, [], |r| r.get(0))?)
    }

    /// When the last backup was made, and how many bytes it has.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn last_backup(&self) -> Result<Option<(Moment, u64)>, VaultError> {
        let sql = "SELECT at, detail ->> '$.bytes' FROM audit WHERE action = 'backup-made' ORDER BY seq DESC LIMIT 1";
        let row: Option<(String, i64)> = self.db.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        row.map(|(at, bytes)| Ok((parse_moment(&at)?, bytes.unsigned_abs()))).transpose()
    }

    /// Runs `work` on the vault's file while nothing writes to it and all of it is in the one file.
    fn standing_still(
        &mut self,
        work: impl FnOnce(&rusqlite::Connection, File) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let path = self.folder.join("vault.db");
        let busy: i64 = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
        if busy != 0 {
            return Err(VaultError::InUse);
        }
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        let done = File::open(&path)
            .map_err(|source| VaultError::Folder { path, source })
            .and_then(|file| work(&self.db, file));
        self.db.execute_batch("ROLLBACK")?;
        done
    }
}

/// Removes backups beyond the newest, those that end before the audit's event `purge`, and the pieces that no other needs. Of the latter
/// nothing stays that cannot be read: it could hold what was purged.
fn thin_out(own: &Path, kept: &Chunks, purge: i64) -> Result<(), BackupError> {
    let mut manifests = manifests(own)?;
    let beyond = manifests.len().saturating_sub(KEPT);
    let goes = |(at, path): (usize, &PathBuf)| {
        at < beyond || purge > 0 && BackupFile::read(path).map_or(true, |old| old.manifest().audit_events < purge)
    };
    let going: Vec<PathBuf> =
        manifests.iter().enumerate().filter(|one| goes((one.0, one.1))).map(|(_, path)| path.clone()).collect();
    if going.is_empty() {
        return Ok(());
    }
    for path in &going {
        std::fs::remove_file(path).map_err(|source| BackupError::Folder { path: path.clone(), source })?;
    }
    manifests.retain(|path| !going.contains(path));
    let mut named = BTreeSet::new();
    for path in &manifests {
        // Of one that cannot be read nothing is known: nothing is removed then.
        match BackupFile::read(path) {
            Ok(backup) => named.extend(backup.manifest().chunks.iter().cloned()),
            Err(_) => return Ok(()),
        }
    }
    kept.sweep(&named).map(drop)
}
