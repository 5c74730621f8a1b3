//! What rows of the vault's file hold: identities, moments and signed texts, read back.

use rusqlite::{Connection, OptionalExtension};
use serde::Deserialize;
use serde_json::json;

use casework::{Moment, NoteId};

use crate::error::VaultError;
use crate::hashing::sha256;
use crate::signed::Signed;

/// An identity, or another value that is written as one text.
pub(crate) fn parse_id<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, VaultError> {
    Ok(serde_json::from_value(json!(text))?)
}

/// A moment.
pub(crate) fn parse_moment(text: &str) -> Result<Moment, VaultError> {
    parse_id(text)
}

/// A signed text with its hash, from a row of text, SHA-256, signature and public key.
pub(crate) fn signed_row(r: &rusqlite::Row<'_>) -> rusqlite::Result<Signed> {
    Ok(Signed { text: r.get(0)?, sha256: r.get(1)?, signature: r.get(2)?, public_key: r.get(3)? })
}

/// Signed texts that belong to a note; their hashes are computed.
pub(crate) fn signed_rows(db: &Connection, query: &str, id: NoteId) -> Result<Vec<Signed>, VaultError> {
    let mut query = db.prepare(query)?;
    let rows = query.query_map([id.to_string()], signed_row)?;
    rows.map(|row| row.map(|row| Signed { sha256: sha256(&row.text), ..row }).map_err(VaultError::from)).collect()
}

/// Refuses to sign anything at a time before the last event on record.
pub(crate) fn clock_runs_on(db: &Connection, now: Moment) -> Result<(), VaultError> {
    let last: Option<String> =
        db.query_row("SELECT at FROM audit ORDER BY seq DESC LIMIT 1", [], |r| r.get(0)).optional()?;
    match last.map(|at| parse_moment(&at)).transpose()? {
        Some(last) if last > now => Err(VaultError::ClockBack(last)),
        _ => Ok(()),
    }
}
