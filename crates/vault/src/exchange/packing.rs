//! Packages that leave: what is due, how each is put together, and what became of it.

use super::package::{Content, Earlier, Files, Filled};
use crate::error::VaultError;
use crate::note::review_of;
use crate::rows::parse_id;
use crate::stated::Stated;
use crate::vault::Vault;
use casework::{CaseFile, Moment, NoteId};
use rusqlite::{Connection, OptionalExtension, params};
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
}
