//! The outbox: how a package is put together and sealed to whom it goes, and what became of it.

use super::package::{Content, FileLine, Files, LISTED, MANIFEST, MAX_LINE, MAX_PACKAGE, Manifest, Outgoing};
use crate::audit::append;
use crate::error::{PackageError, VaultError};
use crate::hashing::{canonical, measure, sha256};
use crate::originals::copy_failed;
use crate::rows::parse_id;
use crate::signed::sign;
use crate::vault::Vault;
use casework::{CaseFile, CaseId, Moment};
use department::fingerprint;
use rusqlite::{OptionalExtension, params};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use uuid::Uuid;

impl Vault {
    pub(super) fn is_packed(&self, to: &str, kind: &str, about: Uuid) -> Result<bool, VaultError> {
        let found = self.db.query_row(
            "SELECT 1 FROM outbox WHERE recipient = ?1 AND kind = ?2 AND about = ?3",
            params![to, kind, about.to_string()],
            |_| Ok(()),
        );
        Ok(found.optional()?.is_some())
    }

    /// How a package names an original of `case`.
    pub(super) fn file_line(&self, case: CaseId, hash: &str) -> Result<FileLine, VaultError> {
        let query = "SELECT kind, file_name, length FROM original WHERE case_id = ?1 AND sha256 = ?2";
        Ok(self.db.query_row(query, params![case.to_string(), hash], |r| {
            let bytes = r.get::<_, i64>(2)?.unsigned_abs();
            Ok(FileLine { sha256: hash.to_owned(), kind: r.get(0)?, file_name: r.get(1)?, bytes })
        })?)
    }

    /// Puts a package of `content` about `about` into the outbox, with the `files` that it names.
    pub(super) fn put_package(
        &mut self,
        about: Uuid,
        to: &str,
        content: Content,
        files: Vec<FileLine>,
        from: Files<'_>,
        at: Moment,
    ) -> Result<Uuid, VaultError> {
        let card = self.workstations()?.into_iter().find(|card| card.signs == to);
        let recipient = card.map(|card| card.receives).ok_or(PackageError::NoSuchWorkstation)?;
        self.put_package_for(about, (to, &recipient), content, files, from, at)
    }

    /// As [`Vault::put_package`], encrypted to another key than that of the workstation to whose mailbox it goes.
    pub(super) fn put_package_for(
        &mut self,
        about: Uuid,
        (to, recipient): (&str, &str),
        content: Content,
        files: Vec<FileLine>,
        from: Files<'_>,
        at: Moment,
    ) -> Result<Uuid, VaultError> {
        let recipient = recipient.parse::<age::x25519::Recipient>().map_err(|_| PackageError::NoSuchWorkstation)?;
        let (kind, schema) = (content.kind(), content.schema());
        let id = Uuid::new_v4();
        let manifest = Manifest {
            schema: schema.to_owned(),
            id,
            from: self.card(&self.settings()?.workstation),
            to: to.to_owned(),
            made_at: at,
            content,
            files,
        };
        let line = canonical(&sign(&self.signing, schema, &manifest)?)?;
        let whole = line.len() as u64 + 1 + manifest.files.iter().map(|file| file.bytes).sum::<u64>();
        if whole > MAX_PACKAGE || line.len() as u64 >= MAX_LINE {
            return Err(PackageError::TooLarge(whole / 1_000_000).into());
        }
        let (mut sealed, length) = self.encrypt(&recipient, &line, &manifest.files, from)?;
        let folder = self.folder.clone();
        self.write(|db| {
            db.execute(
                "INSERT INTO outbox (package_id, recipient, kind, about, made_at, bytes) VALUES (?1, ?2, ?3, ?4, ?5, zeroblob(?6))",
                params![id.to_string(), to, kind, about.to_string(), at.0.to_string(), length as i64],
            )?;
            let mut blob = db.blob_open("main", "outbox", "bytes", db.last_insert_rowid(), false)?;
            let (sha256, _) = measure(&mut sealed, &mut blob).map_err(|e| copy_failed(&folder, e))?;
            let what = if schema == MANIFEST { "note" } else { "about" };
            let detail = json!({ "package": id, "kind": kind, what: about, "to": fingerprint(to), "sha256": sha256 });
            append(db, None, at, "package-made", &detail)
        })?;
        Ok(id)
    }

    /// A file without a name, in the vault's folder: for what is encrypted already and travels.
    ///
    /// # Errors
    /// [`VaultError::Folder`].
    pub fn spool(&self) -> Result<File, VaultError> {
        let unusable = |source| VaultError::Folder { path: self.folder.clone(), source };
        tempfile::tempfile_in(&self.folder).map_err(unusable)
    }

    /// The line and the files, encrypted to `recipient`, in a file without a name that ends with this process; its length
    /// beside it.
    pub(super) fn encrypt(
        &self,
        recipient: &age::x25519::Recipient,
        line: &str,
        files: &[FileLine],
        from: Files<'_>,
    ) -> Result<(File, u64), VaultError> {
        let not_encrypted = |e| copy_failed(&self.folder, e);
        let to = std::iter::once(recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(to).map_err(|e| PackageError::NotEncrypted(e.to_string()))?;
        let mut sealing = encryptor.wrap_output(self.spool()?).map_err(not_encrypted)?;
        sealing.write_all(line.as_bytes()).and_then(|()| sealing.write_all(b"\n")).map_err(not_encrypted)?;
        for file in files {
            match from {
                Files::Originals(case) | Files::Case(case, _) if file.kind != LISTED => {
                    if self.copy_original(case, &file.sha256, &mut sealing)?.as_ref() != Some(&file.sha256) {
                        return Err(VaultError::FileChanged(file.sha256.clone()));
                    }
                }
                Files::Pictures(pictures) | Files::Case(_, pictures) => {
                    let bytes = pictures.get(&file.sha256).filter(|bytes| sha256(bytes) == file.sha256);
                    let bytes = bytes.ok_or_else(|| VaultError::FileChanged(file.sha256.clone()))?;
                    sealing.write_all(bytes).map_err(not_encrypted)?;
                }
                Files::Originals(_) | Files::None => return Err(VaultError::FileChanged(file.sha256.clone())),
            }
        }
        let mut spool = sealing.finish().map_err(not_encrypted)?;
        let length = spool.stream_position().map_err(not_encrypted)?;
        spool.seek(SeekFrom::Start(0)).map_err(not_encrypted)?;
        Ok((spool, length))
    }

    /// Hashes of what a case's record rests on and is here: its files, and the lead's photograph.
    pub(super) fn files_of(&self, file: &CaseFile) -> Result<BTreeSet<String>, VaultError> {
        let mut query = self.db.prepare("SELECT sha256 FROM original WHERE case_id = ?1 AND kind = 'candidate'")?;
        let photos: Vec<String> = query.query_map([file.id.to_string()], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let told = file.note.disposition.is_some_and(casework::Disposition::tells_the_lead);
        Ok(file.files().into_iter().chain(photos.into_iter().filter(|_| told)).collect())
    }

    /// Everything in the outbox, oldest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn outbox(&self) -> Result<Vec<Outgoing>, VaultError> {
        let mut query = self
            .db
            .prepare("SELECT package_id, recipient, about, made_at, sent_at FROM outbox ORDER BY made_at, rowid")?;
        let rows = query.query_map([], |r| {
            Ok((r.get::<_, String>(0)?, r.get(1)?, r.get::<_, String>(2)?, r.get::<_, String>(3)?, r.get(4)?))
        })?;
        rows.map(|row| {
            let (id, to, about, made_at, sent_at): (_, _, _, _, Option<String>) = row?;
            Ok(Outgoing {
                id: parse_id(&id)?,
                to,
                about: parse_id(&about)?,
                made_at: parse_id(&made_at)?,
                sent_at: sent_at.as_deref().map(parse_id).transpose()?,
            })
        })
        .collect()
    }

    /// Writes a package of the outbox to `to`: always the same bytes.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none, [`VaultError::Unreadable`] when it cannot be written.
    pub fn package(&self, id: Uuid, to: impl Write) -> Result<(), VaultError> {
        let row: Option<i64> = self
            .db
            .query_row("SELECT rowid FROM outbox WHERE package_id = ?1", [id.to_string()], |r| r.get(0))
            .optional()?;
        let blob = self.db.blob_open("main", "outbox", "bytes", row.ok_or(VaultError::Unknown("package"))?, true)?;
        measure(blob, to).map_err(|e| copy_failed(&self.folder, e)).map(drop)
    }

    /// Notes that a package left, `way` to a relay or into a file.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn package_sent(&mut self, id: Uuid, way: &str, at: Moment) -> Result<(), VaultError> {
        self.write(|db| {
            let first = db.execute(
                "UPDATE outbox SET sent_at = ?2 WHERE package_id = ?1 AND sent_at IS NULL",
                params![id.to_string(), at.0.to_string()],
            )?;
            if first == 0 {
                return Ok(());
            }
            append(db, None, at, "package-sent", &json!({ "package": id, "way": way }))
        })
    }
}
