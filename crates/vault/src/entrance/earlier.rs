//! Vaults of earlier programs: the secret store alone opened them, and each passphrase was kept as an Argon2id string.

use std::path::Path;

use argon2::PasswordHash;
use argon2::password_hash::PasswordVerifier;
use rusqlite::OpenFlags;

use casework::Person;

use super::door::argon2;
use crate::VaultError;

/// Whether `passphrase` is the one of an Argon2id string.
pub(super) fn fits(passphrase: &str, stored: &str) -> Result<bool, VaultError> {
    let hash = PasswordHash::new(stored).map_err(|e| VaultError::Passphrase(e.to_string()))?;
    Ok(argon2()?.verify_password(passphrase.as_bytes(), &hash).is_ok())
}

/// The people of an earlier vault who had a passphrase, with it, and whether it was somebody else's choice.
pub(super) fn people(vault: &Path, key: &str) -> Result<Vec<(Person, String, bool)>, VaultError> {
    let db = crate::keyed(vault, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // The first schema knew no passphrases.
    if !db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'credential'")?.exists([])? {
        return Ok(Vec::new());
    }
    let mut query = db.prepare(
        "SELECT p.content, c.passphrase, c.temporary FROM person p JOIN credential c USING (person_id) ORDER BY p.rowid",
    )?;
    let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get(1)?, r.get(2)?)))?;
    rows.map(|row| {
        let (person, passphrase, temporary) = row?;
        Ok((serde_json::from_str(&person)?, passphrase, temporary))
    })
    .collect()
}
