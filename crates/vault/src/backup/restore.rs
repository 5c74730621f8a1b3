//! A backup that is read: checked piece by piece, tried without touching anything, or restored on a bare machine.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;
use serde_json::json;
use zeroize::Zeroizing;

use casework::{Moment, PersonRef};

use super::chunks::Chunks;
use super::manifest::{Manifest, read_manifest};
use super::shares;
use crate::audit::{AUDIT_HEAD, AuditHead, LostRows, RESTORED, append_after, chain, lost};
use crate::database::keyed;
use crate::entrance::Entrance;
use crate::error::{BackupError, VaultError};
use crate::key::KeyStore;
use crate::private;
use crate::signed::Signed;
use crate::vault::Vault;

/// A backup in its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    folder: PathBuf,
    manifest: Manifest,
}

/// What a drill found in a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drilled {
    /// Cases in it.
    pub cases: i64,
    /// Sealed notes.
    pub notes: i64,
    /// Events of its audit, which follow from one another.
    pub audit_events: i64,
}

/// A vault that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtBack {
    /// Who can come in.
    pub people: Vec<PersonRef>,
    /// Rows of its audit that went with the machine.
    pub lost: Option<LostRows>,
}

/// Manifests in a workstation's folder of backups, oldest first.
pub(super) fn manifests(own: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let unusable = |source| BackupError::Folder { path: own.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(own).map_err(unusable)? {
        let path = entry.map_err(unusable)?.path();
        if path.extension().is_some_and(|end| end == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// How a backup made at that moment is named.
pub(super) fn named(made_at: Moment) -> String {
    made_at.0.to_string().replace(':', "")
}

/// The newest backup in a folder of backups, or in that of one workstation.
///
/// # Errors
/// [`BackupError::None`] where there is none; [`BackupError::Damaged`] where several workstations have backups there.
pub fn newest(folder: &Path) -> Result<PathBuf, BackupError> {
    if folder.is_file() {
        return Ok(folder.to_owned());
    }
    let unusable = |source| BackupError::Folder { path: folder.to_owned(), source };
    let mut own = vec![folder.to_owned()];
    for entry in std::fs::read_dir(folder).map_err(unusable)? {
        let path = entry.map_err(unusable)?.path();
        let named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("corroborate-"));
        if named && path.is_dir() {
            own.push(path);
        }
    }
    let mut found = Vec::new();
    for folder in &own {
        found.extend(manifests(folder)?.pop());
    }
    match found.as_slice() {
        [] => Err(BackupError::None(folder.to_owned())),
        [one] => Ok(one.clone()),
        _ => Err(BackupError::Damaged(catalogue::say!("vault-backup-of-several").to_owned())),
    }
}

impl BackupFile {
    /// Reads a backup's manifest, which its workstation signed.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        Ok(Self { folder, manifest: read_manifest(path)? })
    }

    /// What it says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its name: when it was made, without colons.
    pub fn name(&self) -> String {
        named(self.manifest.made_at)
    }

    /// The manifest as it was signed.
    ///
    /// # Errors
    /// [`BackupError::Folder`].
    pub fn text(&self) -> Result<String, BackupError> {
        let path = self.folder.join(format!("{}.json", self.name()));
        std::fs::read_to_string(&path).map_err(|source| BackupError::Folder { path, source })
    }

    /// A piece that its manifest names.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn piece(&self, sha256: &str) -> Result<Vec<u8>, BackupError> {
        Chunks::of(&self.folder).read(sha256)
    }

    /// Reads every piece: each is there, unchanged, and together they are as long as the vault was.
    ///
    /// # Errors
    /// [`BackupError`] that names the piece.
    pub fn check(&self) -> Result<(), BackupError> {
        self.write(std::io::sink())
    }

    fn write(&self, mut to: impl Write) -> Result<(), BackupError> {
        let (kept, mut bytes) = (Chunks::of(&self.folder), 0);
        for name in &self.manifest.chunks {
            let piece = kept.read(name)?;
            bytes += piece.len() as u64;
            to.write_all(&piece).map_err(|source| BackupError::Folder { path: self.folder.clone(), source })?;
        }
        match bytes == self.manifest.bytes {
            true => Ok(()),
            false => Err(BackupError::Damaged(catalogue::say!("vault-backup-other-length").to_owned())),
        }
    }

    /// The vault's key, by keys of the escrow (`AGE-SECRET-KEY-1…`).
    ///
    /// # Errors
    /// [`BackupError::TooFewKeys`] and others.
    pub fn key(&self, identities: &[Zeroizing<String>]) -> Result<Zeroizing<String>, BackupError> {
        shares::open(&self.manifest.shares, self.manifest.needed, identities)
    }

    /// Puts the vault's file together in `path`.
    fn assemble(&self, path: &Path) -> Result<(), VaultError> {
        let unusable = |source| VaultError::Folder { path: path.to_owned(), source };
        private::file(path).map_err(unusable)?;
        let file = File::options().write(true).truncate(true).open(path).map_err(unusable)?;
        self.write(&file)?;
        file.sync_all().map_err(unusable)
    }

    /// Proves the backup in a folder of its own that is gone afterwards: the key opens it, its pages are whole, and its audit is the
    /// one that was signed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn drill(&self, key: &str) -> Result<Drilled, VaultError> {
        let folder = tempfile::tempdir().map_err(|source| VaultError::Folder { path: std::env::temp_dir(), source })?;
        let path = folder.path().join("vault.db");
        self.assemble(&path)?;
        let db = keyed(&path, key, OpenFlags::default())?;
        self.proves(&db)?;
        let count = |table: &str| db.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0));
        Ok(Drilled {
            cases: count("case_file")?,
            notes: count("sealed_note")?,
            audit_events: self.manifest.audit_events,
        })
    }

    /// Whether the opened file is what the manifest says.
    fn proves(&self, db: &rusqlite::Connection) -> Result<(), VaultError> {
        let damaged = |why: String| VaultError::from(BackupError::Damaged(why));
        let mut faults = Vec::new();
        for pragma in ["cipher_integrity_check", "integrity_check"] {
            let mut query = db.prepare(&format!("PRAGMA {pragma}"))?;
            let rows = query.query_map([], |r| r.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            faults.extend(rows.into_iter().filter(|row| row != "ok"));
        }
        if let Some(fault) = faults.into_iter().next() {
            return Err(damaged(fault));
        }
        let audit = chain(db)?;
        if (audit.rows(), audit.head()) != (self.manifest.audit_events, self.manifest.audit_head.as_str()) {
            return Err(damaged(catalogue::say!("vault-backup-other-audit").to_owned()));
        }
        Ok(())
    }
}

impl Entrance {
    /// Restores a backup on a machine that has no vault: its people come in by the passphrases that they had when it was made. The
    /// vault gets another key, so that the backup's opens nothing of what is written from now on. `reach` is asked how far the
    /// workstation was by its own signature, where it left one elsewhere: the audit goes on after that, and says what is lost.
    ///
    /// # Errors
    /// [`VaultError::InUse`] where somebody may come in already; [`VaultError::Backup`]; what `reach` refuses. Then nothing of it stays.
    pub fn restore<E: From<VaultError>>(
        &mut self,
        backup: &BackupFile,
        key: &str,
        keys: &dyn KeyStore,
        at: Moment,
        reach: impl FnOnce(&Vault) -> Result<Option<Signed>, E>,
    ) -> Result<BroughtBack, E> {
        let restored = self.take_over_backup(backup, key, keys, at, reach);
        if restored.is_err() && self.is_joining()? {
            self.give_up_joining()?;
        }
        restored
    }

    fn take_over_backup<E: From<VaultError>>(
        &mut self,
        backup: &BackupFile,
        key: &str,
        keys: &dyn KeyStore,
        at: Moment,
        reach: impl FnOnce(&Vault) -> Result<Option<Signed>, E>,
    ) -> Result<BroughtBack, E> {
        let mut vault = self.wait_with(key, keys, |path| backup.assemble(path))?;
        backup.proves(&vault.db)?;
        let damaged = |why: &str| VaultError::from(BackupError::Damaged(why.to_owned()));
        if vault.card("").signs != backup.manifest.workstation.signs {
            return Err(damaged(catalogue::say!("vault-backup-another-workstation")).into());
        }
        vault.verify_audit()?;
        let doors = vault.doors_arrived(at)?;
        if doors.is_empty() {
            return Err(VaultError::from(BackupError::NoDoor).into());
        }
        let ahead = reach(&vault)?;
        let lost = vault.restored(&backup.manifest, ahead.as_ref(), at)?;
        self.joined(&doors, &mut vault, keys)?;
        Ok(BroughtBack { people: doors.into_iter().map(|door| door.person).collect(), lost })
    }
}

impl Vault {
    /// Puts on record that it was restored. `ahead` is how far its workstation was by its own signature: rows up to there that are not
    /// here are lost, and the audit goes on after them.
    ///
    /// # Errors
    /// [`VaultError::Backup`] where another workstation signed that, or where the same rows are here otherwise.
    fn restored(
        &mut self,
        manifest: &Manifest,
        ahead: Option<&Signed>,
        at: Moment,
    ) -> Result<Option<LostRows>, VaultError> {
        let (mut last, mut detail) = (
            chain(&self.db)?,
            json!({
                "made_at": manifest.made_at, "audit_events": manifest.audit_events, "audit_head": manifest.audit_head,
            }),
        );
        if let Some(ahead) = ahead {
            let other =
                || VaultError::from(BackupError::Damaged(catalogue::say!("vault-backup-another-end").to_owned()));
            let head: AuditHead = ahead.open(AUDIT_HEAD).map_err(|_| other())?;
            let rows = u64::try_from(head.rows).map_err(|_| other())?;
            if head.workstation != self.own_key() || ahead.public_key != head.workstation {
                return Err(other());
            }
            if head.rows > last.rows() {
                detail["lost"] = json!({ "from": last.rows() + 1, "signed_head": ahead });
                last = ledger::Chain::at(head.rows, head.head);
            } else if self.hash_at(rows)?.as_deref() != Some(head.head.as_str()) {
                return Err(other());
            }
        }
        self.write(|db| append_after(db, &last, None, at, RESTORED, &detail))?;
        let own = self.own_key();
        Ok(lost(&self.db, &own)?.into_iter().find(|lost| lost.through == last.rows()))
    }
}
