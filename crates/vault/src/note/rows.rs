//! The rows of notes and of their reviews.

use rusqlite::{Connection, params};

use casework::{NoteContent, NoteId, ReviewContent};

use crate::error::VaultError;
use crate::rows::signed_rows;
use crate::signed::Signed;

/// Adds the row of a note that was signed.
pub(crate) fn insert_note(db: &Connection, content: &NoteContent, signed: &Signed) -> Result<(), VaultError> {
    let disposition = serde_json::to_value(content.disposition)?;
    db.execute(
        "INSERT INTO sealed_note (note_id, case_id, sealed_at, disposition, sha256, content, signature, public_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            content.id.to_string(),
            content.case.id().to_string(),
            content.sealed_at.0.to_string(),
            disposition.as_str(),
            signed.sha256,
            signed.text,
            signed.signature,
            signed.public_key
        ],
    )?;
    Ok(())
}

/// Adds the row of a review that was signed.
pub(crate) fn insert_review(db: &Connection, content: &ReviewContent, signed: &Signed) -> Result<(), VaultError> {
    let decision = serde_json::to_value(content.decision)?;
    db.execute(
        "INSERT INTO review (note_id, decision, content, signature, public_key) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![content.note.to_string(), decision.as_str(), signed.text, signed.signature, signed.public_key],
    )?;
    Ok(())
}

/// The review that counts, signed.
pub(crate) fn review_of(db: &Connection, id: NoteId) -> Result<Option<Signed>, VaultError> {
    let rows = signed_rows(db, "SELECT content, '', signature, public_key FROM review WHERE note_id = ?1", id)?;
    Ok(rows.into_iter().next())
}
