//! Packages that leave: what is due, how each is put together, and what became of it.

use super::package::{
    Content, Earlier, FileLine, Files, Filled, LISTED, MANIFEST, MAX_LINE, MAX_PACKAGE, Manifest, Outgoing,
};
use crate::audit::append;
use crate::error::{PackageError, VaultError};
use crate::hashing::{canonical, measure, sha256};
use crate::note::review_of;
use crate::originals::copy_failed;
use crate::rows::parse_id;
use crate::signed::sign;
use crate::stated::Stated;
use crate::vault::Vault;
use casework::{CaseFile, CaseId, Moment, NoteId};
use department::fingerprint;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use uuid::Uuid;

impl Vault {
    /// Puts into the outbox whatever should leave and is not there yet: notes of this workstation without a review for
    /// `review_at`, and reviews made here for the workstations whose notes they are about. To repeat it changes nothing.
    /// What cannot be packed stays due and holds nothing else up.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn fill_outbox(&mut self, review_at: Option<&str>, at: Moment) -> Result<Filled, VaultError> {
        let mut due: Vec<(String, &str, String)> = Vec::new();
        let mut rows = |db: &Connection, kind: &'static str, query: &str, key: &str| -> Result<(), VaultError> {
            let mut query = db.prepare(query)?;
            let found = query.query_map([key], |r| Ok((r.get(0)?, kind, r.get(1)?)))?;
            due.extend(found.collect::<Result<Vec<(String, &str, String)>, _>>()?);
            Ok(())
        };
        if let Some(key) = review_at {
            let notes = "SELECT n.note_id, ?1 FROM sealed_note n JOIN case_file c USING (case_id)
                 WHERE c.home IS NULL AND n.note_id NOT IN (SELECT note_id FROM review)
                   AND EXISTS (SELECT 1 FROM workstation WHERE public_key = ?1)
                   AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about = n.note_id AND o.kind = 'note' AND o.recipient = ?1)
                 ORDER BY n.sealed_at";
            rows(&self.db, "note", notes, key)?;
        }
        let reviews =
            "SELECT r.note_id, c.home FROM review r JOIN sealed_note n USING (note_id) JOIN case_file c USING (case_id)
             WHERE c.home IS NOT NULL AND r.public_key = ?1
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about = r.note_id AND o.kind = 'review')";
        rows(&self.db, "review", reviews, &self.card("").signs)?;
        let mut filled = Filled::default();
        self.pack_verifications(&mut filled, at)?;
        self.pack_arrivals(&mut filled, at)?;
        self.pack_withdrawn(&mut filled, at)?;
        self.pack_restored(&mut filled, at)?;
        self.pack_misidentified(&mut filled, at)?;
        self.pack_events(&mut filled, at)?;
        for (note, kind, to) in &due {
            match self.pack(parse_id(note)?, kind, to, at) {
                Ok(_) => filled.made += 1,
                Err(error) => filled.left.push(error),
            }
        }
        Ok(filled)
    }

    /// Makes the package of `note` for `to` if it is not there yet, for a file or a relay.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn pack_note(&mut self, note: NoteId, to: &str, at: Moment) -> Result<Uuid, VaultError> {
        let known: Option<String> = self
            .db
            .query_row(
                "SELECT package_id FROM outbox WHERE about = ?1 AND kind = 'note' AND recipient = ?2",
                params![note.to_string(), to],
                |r| r.get(0),
            )
            .optional()?;
        match known {
            Some(id) => parse_id(&id),
            None => self.pack(note, "note", to, at),
        }
    }

    pub(super) fn pack(&mut self, note: NoteId, kind: &str, to: &str, at: Moment) -> Result<Uuid, VaultError> {
        let stored = self.note(note)?;
        let case = stored.content.case.id();
        let mut files = Vec::new();
        // Who signed it concerns the department alone, and only there can it be checked.
        let of_department = self.is_of_department(to)?;
        let content = if kind == "review" {
            let review = review_of(&self.db, note)?.ok_or(VaultError::Unknown("review"))?;
            let statements = self.statements(Stated::Review, &review.sha256)?;
            Content::Review { review, statements: statements.into_iter().filter(|_| of_department).collect() }
        } else {
            let mut file: CaseFile = self.case(case)?;
            // What the note withholds is not sent beside it.
            file.as_told(&stored.content);
            for hash in self.files_of(&file)? {
                files.push(self.file_line(case, &hash)?);
            }
            let earlier = self.notes_of(case)?.into_iter().filter(|n| n.content.id != note);
            let earlier = earlier
                .map(|n| {
                    let review = review_of(&self.db, n.content.id)?;
                    let mut statements = self.statements_of_note(&n.content, &n.signed.sha256)?;
                    if let Some(review) = &review {
                        statements.extend(self.statements(Stated::Review, &review.sha256)?);
                    }
                    statements.retain(|_| of_department);
                    Ok(Earlier { review, note: n.signed, statements })
                })
                .collect::<Result<_, VaultError>>()?;
            let mut statements = self.statements_of_note(&stored.content, &stored.signed.sha256)?;
            statements.retain(|_| of_department);
            Content::Note { note: stored.signed, earlier, file: serde_json::to_value(&file)?, statements }
        };
        self.put_package(note.0, to, content, files, Files::Originals(case), at)
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
