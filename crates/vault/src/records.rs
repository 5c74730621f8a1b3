use std::collections::HashMap;
use std::io::Write;

use catalogue::say;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde_json::json;

use casework::{
    Addendum, AddendumContent, Approval, CandidateId, CaseId, Decision, Leaving, Moment, NoteContent, NoteId,
    PersonRef, ResultContent, Review, ReviewContent, SealedNote,
};

use crate::audit::append;
use crate::cases::{put_after, unsealed};
use crate::error::VaultError;
use crate::hashing::{canonical, sha256};
use crate::log_row::puts;
use crate::note::{NoteFile, insert_note, insert_review, prove_addendum, prove_note, prove_review, review_of};
use crate::originals::{has_original, put_sealed};
use crate::rows::{clock_runs_on, parse_id, signed_row, signed_rows};
use crate::sealing::CaseKey;
use crate::signed::{Signed, sign};
use crate::signers::{Owed, owed_by_note};
use crate::stated::Stated;
use crate::unproven::{Unproven, first};
use crate::vault::Vault;

/// A sealed note as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredNote {
    /// What it says.
    pub content: NoteContent,
    /// The exact text that was sealed, with its signature.
    pub signed: Signed,
    /// The review that counts, if there is one.
    pub review: Option<ReviewContent>,
    /// Reviews that came from other workstations after it.
    pub further_reviews: Vec<ReviewContent>,
    /// The same reviews, signed.
    pub signed_reviews: Vec<Signed>,
    /// Addenda, in their order.
    pub addenda: Vec<AddendumContent>,
    /// What came of it, in the order of recording.
    pub results: Vec<ResultContent>,
}

impl StoredNote {
    /// What its reviews come to.
    pub fn approval(&self) -> Approval {
        Approval::of(self.review.iter().chain(&self.further_reviews))
    }

    /// Whether it leaves as a lead.
    pub fn leaving(&self) -> Leaving {
        Leaving::of(self.review.iter().chain(&self.further_reviews), &self.results)
    }
}

/// A note that waits for review, or one that does not prove itself, with what is wrong.
pub type Waiting = Result<StoredNote, (NoteId, VaultError)>;

impl Vault {
    /// What was decided on each note that was reviewed, as lists show it; a note itself is proven when it is read.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn decisions(&self) -> Result<HashMap<NoteId, Decision>, VaultError> {
        let mut query = self.db.prepare("SELECT note_id, decision FROM review")?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (note, decision) = row?;
            Ok((parse_id(&note)?, parse_id(&decision)?))
        })
        .collect()
    }

    /// Names the policy in force by the SHA-256 of its text: every event of the audit carries it from now on.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn set_policy(&mut self, sha256: &str, at: Moment) -> Result<(), VaultError> {
        self.write(|db| {
            let known: Option<String> =
                db.query_row("SELECT value FROM setting WHERE name = 'policy'", [], |r| r.get(0)).optional()?;
            if known.as_deref() == Some(sha256) {
                return Ok(());
            }
            db.execute(
                "INSERT INTO setting (name, value) VALUES ('policy', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
                [sha256],
            )?;
            append(db, None, at, "policy-in-force", &json!({ "before": known }))
        })
    }

    /// Stores an original byte for byte; the same bytes in the same case are stored once.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn put_original(
        &mut self,
        case: CaseId,
        kind: &str,
        file_name: &str,
        bytes: &[u8],
        by: &PersonRef,
        at: Moment,
    ) -> Result<String, VaultError> {
        let (hash, self_folder) = (sha256(bytes), self.folder.clone());
        self.write(|db| {
            if !has_original(db, case, &hash)? {
                let (key, named) = (CaseKey::of(db, case)?, (hash.as_str(), kind, file_name));
                let put = put_sealed(db, &key, &case.to_string(), named, bytes.len() as u64, |mut to| {
                    to.write_all(bytes)?;
                    to.finish()
                });
                put.map_err(|e| e.in_folder(&self_folder))?;
            }
            // The audit outlives the case, so that it names no file.
            let detail = json!({ "case": case, "sha256": hash, "kind": kind, "bytes": bytes.len() });
            append(db, Some(by), at, "original-stored", &detail)
        })?;
        Ok(hash)
    }

    /// The bytes of an original, checked against its hash.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not there or not what was stored.
    pub fn original(&self, case: CaseId, hash: &str) -> Result<Vec<u8>, VaultError> {
        let mut bytes = Vec::new();
        let found = self.copy_original(case, hash, &mut bytes)?;
        found.filter(|found| found == hash).map(|_| bytes).ok_or(VaultError::Unknown("original"))
    }

    /// Stores a sealed note, and its case file as it stands after sealing, in one transaction.
    /// There is no other way to store a note.
    ///
    /// # Errors
    /// [`VaultError`]; the database refuses a note that is not complete, whoever wrote it.
    pub fn seal<T: Serialize>(&mut self, note: &SealedNote, file: &T) -> Result<StoredNote, VaultError> {
        let content = note.content();
        // Proved from its own words once more: what was read from the file of the case is believed nowhere.
        content.proven().map_err(|gaps| VaultError::NotProven { what: "note", why: first(&gaps) })?;
        if self.home(content.case.id())?.is_some() {
            let why = say!("vault-case-lives-another-workstation-where").to_owned();
            return Err(VaultError::NotProven { what: "note", why });
        }
        let signed = sign(&self.signing, &content.schema, note)?;
        let (file, disposition) = (serde_json::to_value(file)?, serde_json::to_value(content.disposition)?);
        self.write(|db| {
            clock_runs_on(db, content.sealed_at)?;
            insert_note(db, content, &signed)?;
            unsealed(db, content.case.id())?;
            put_after(db, content.case.id(), content.sealed_at, &file)?;
            let detail = json!({
                "note": content.id, "case": content.case.number(), "disposition": disposition, "sha256": signed.sha256,
                "searches": content.searches.len(),
            });
            append(db, Some(&content.author), content.sealed_at, "note-sealed", &detail)
        })?;
        self.state(Stated::Note, &signed.sha256, &content.author, content.sealed_at)?;
        self.note(content.id)
    }

    /// A sealed note with its reviews and addenda. Each is proved as it is read: hash, signature, a key that may have made
    /// it, role and gates.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not there, [`VaultError::NotProven`] when something of it does not hold.
    pub fn note(&self, id: NoteId) -> Result<StoredNote, VaultError> {
        let row: Option<Signed> = self
            .db
            .query_row(
                "SELECT content, sha256, coalesce(signature, ''), coalesce(public_key, '') FROM sealed_note WHERE note_id = ?1",
                [id.to_string()],
                signed_row,
            )
            .optional()?;
        let signed = row.ok_or(VaultError::Unknown("note"))?;
        let broken = |what| move |why| VaultError::NotProven { what, why };
        let content = prove_note(&signed).map_err(String::from).map_err(broken("note"))?;
        let own = self.card("").signs;
        let home = self.home(content.case.id())?.unwrap_or_else(|| own.clone());
        if content.id != id || signed.public_key != home {
            let why = say!("vault-sealed-key-not-workstation-where").to_owned();
            return Err(VaultError::NotProven { what: "note", why });
        }
        let known: Vec<String> = self.workstations()?.into_iter().map(|card| card.signs).collect();
        let mut signed_reviews: Vec<Signed> = review_of(&self.db, id)?.into_iter().collect();
        signed_reviews.extend(signed_rows(
            &self.db,
            "SELECT content, '', signature, public_key FROM further_review WHERE note_id = ?1 ORDER BY rowid",
            id,
        )?);
        let prove = |review: &Signed| {
            let made = prove_review(review, &content, &signed.sha256)?;
            let key = &review.public_key;
            // What a workstation signed while it was of the department stands when it is taken out.
            let was_known = || {
                let then = self.department().and_then(|chain| chain.at(made.at));
                then.is_some_and(|then| then.roster().has_workstation(key))
            };
            if *key != own && *key != home && !known.contains(key) && !was_known() {
                return Err(say!("vault-signed-key-no-workstation-known").to_owned());
            }
            Ok(made)
        };
        let reviews: Vec<ReviewContent> =
            signed_reviews.iter().map(prove).collect::<Result<_, _>>().map_err(broken("review"))?;
        let addenda = self.signed_addenda(id)?;
        let prove = |(at, signed_addendum): (usize, &Signed)| {
            if signed_addendum.public_key != home {
                return Err(say!("vault-signed-another-key-than-note").to_owned());
            }
            prove_addendum(signed_addendum, &content, &signed.sha256, at + 1).map_err(String::from)
        };
        let proved: Vec<AddendumContent> =
            addenda.iter().enumerate().map(prove).collect::<Result<_, _>>().map_err(broken("addendum"))?;
        let results = self.results_of((&content, &signed.sha256), &reviews, &home)?;
        let mut reviews = reviews.into_iter();
        Ok(StoredNote {
            content,
            signed,
            review: reviews.next(),
            further_reviews: reviews.collect(),
            signed_reviews,
            addenda: proved,
            results,
        })
    }

    pub(crate) fn signed_addenda(&self, id: NoteId) -> Result<Vec<Signed>, VaultError> {
        signed_rows(
            &self.db,
            "SELECT content, '', signature, public_key FROM addendum WHERE note_id = ?1 ORDER BY number",
            id,
        )
    }

    /// Stores an addendum, signed.
    ///
    /// # Errors
    /// [`VaultError`]; the database refuses one whose number is taken.
    pub fn put_addendum(&mut self, addendum: &Addendum) -> Result<(), VaultError> {
        let content = addendum.content();
        let signed = sign(&self.signing, &content.schema, addendum)?;
        self.write(|db| {
            clock_runs_on(db, content.at)?;
            db.execute(
                "INSERT INTO addendum (note_id, number, content, signature, public_key) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![content.note.to_string(), content.number, signed.text, signed.signature, signed.public_key],
            )?;
            let detail = json!({ "note": content.note, "number": content.number, "sha256": signed.sha256 });
            append(db, Some(&content.author), content.at, "addendum-written", &detail)
        })?;
        self.state(Stated::Addendum, &signed.sha256, &content.author, content.at)
    }

    /// The stored photograph of a candidate, if the case has it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn candidate_photo(&self, case: CaseId, candidate: CandidateId) -> Result<Option<Vec<u8>>, VaultError> {
        let hash = self.db.query_row(
            "SELECT sha256 FROM original WHERE case_id = ?1 AND kind = 'candidate' AND file_name = ?2",
            params![case.to_string(), candidate.to_string()],
            |r| r.get::<_, String>(0),
        );
        hash.optional()?.map(|hash| self.original(case, &hash)).transpose()
    }

    /// Sealed notes without a review that holds, oldest first; one that does not hold itself is an error of its own, so that
    /// it hides no other.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn unreviewed(&self) -> Result<Vec<Waiting>, VaultError> {
        let mut query = self.db.prepare("SELECT note_id FROM sealed_note ORDER BY sealed_at, note_id")?;
        let ids: Vec<String> = query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        for id in &ids {
            let id = parse_id(id)?;
            match self.note(id) {
                Ok(note) if note.review.is_some() => {}
                Ok(note) => found.push(Ok(note)),
                Err(error @ VaultError::NotProven { .. }) => found.push(Err((id, error))),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Every note of a case, oldest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn notes_of(&self, case: CaseId) -> Result<Vec<StoredNote>, VaultError> {
        let mut query =
            self.db.prepare("SELECT note_id FROM sealed_note WHERE case_id = ?1 ORDER BY sealed_at, note_id")?;
        let ids: Vec<String> = query.query_map([case.to_string()], |r| r.get(0))?.collect::<Result<_, _>>()?;
        ids.iter().map(|id| self.note(parse_id(id)?)).collect()
    }

    /// Stores a review, signed, and the case file as it stands after it where that is on this workstation.
    ///
    /// # Errors
    /// [`VaultError`]; the database refuses a second review of a note and one by somebody who took part.
    pub fn put_review<T: Serialize>(&mut self, review: &Review, case: CaseId, file: &T) -> Result<(), VaultError> {
        let content = review.content();
        let signed = sign(&self.signing, &content.schema, review)?;
        let file = serde_json::to_value(file)?;
        self.write(|db| {
            clock_runs_on(db, content.at)?;
            insert_review(db, content, &signed)?;
            put_after(db, case, content.at, &file)?;
            let detail = json!({ "note": content.note, "decision": content.decision, "sha256": signed.sha256 });
            append(db, Some(&content.reviewer), content.at, "note-reviewed", &detail)
        })?;
        self.state(Stated::Review, &signed.sha256, &content.reviewer, content.at)
    }

    /// What people signed of a note itself.
    pub(crate) fn statements_of_note(&self, note: &NoteContent, sha256: &str) -> Result<Vec<String>, VaultError> {
        let unread = |why: Unproven| VaultError::NotProven { what: "note", why: why.said };
        let mut statements = Vec::new();
        for Owed { stated, record, .. } in owed_by_note(note, sha256).map_err(unread)? {
            let found = self.statements(stated, &record)?;
            // Both sign one conference: what is there of a record is listed once.
            statements.extend(found.into_iter().filter(|text| !statements.contains(text)).collect::<Vec<_>>());
        }
        Ok(statements)
    }

    /// A sealed note as a file for `corroborate verify-note`, with its review.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn export_note(&self, id: NoteId) -> Result<String, VaultError> {
        let stored = self.note(id)?;
        let review = stored.signed_reviews.into_iter().next();
        let addenda = self.signed_addenda(id)?;
        let department = self.documents()?;
        let statements = match department.is_empty() {
            true => Vec::new(),
            false => self.statements_of(&stored.content, &stored.signed, review.as_slice(), &addenda)?,
        };
        let root = self.department().map(|chain| chain.root().to_string());
        let records = review.iter().chain(&addenda).chain([&stored.signed]).map(|signed| signed.sha256.as_str());
        let records: Vec<&str> = records.collect();
        let ledger = self.logged_rows(|event| puts(event, &records))?;
        let log = self.unnamed_log(&ledger)?;
        let (format, note) = (String::new(), stored.signed);
        let mut file = NoteFile { format, root, review, note, addenda, department, statements, ledger, log };
        file.format = file.needs().to_owned();
        canonical(&file)
    }

    /// What people signed of a note, its reviews and its addenda.
    pub(crate) fn statements_of(
        &self,
        content: &NoteContent,
        note: &Signed,
        reviews: &[Signed],
        addenda: &[Signed],
    ) -> Result<Vec<String>, VaultError> {
        let mut all = self.statements_of_note(content, &note.sha256)?;
        for review in reviews {
            all.extend(self.statements(Stated::Review, &review.sha256)?);
        }
        for addendum in addenda {
            all.extend(self.statements(Stated::Addendum, &addendum.sha256)?);
        }
        Ok(all)
    }
}
