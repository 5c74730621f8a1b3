//! Vaults of earlier programs: the secret store alone opened them, and each passphrase was kept as an Argon2id string.

use std::path::Path;

use argon2::PasswordHash;
use argon2::password_hash::PasswordVerifier;
use rusqlite::{OpenFlags, TransactionBehavior, params};

use casework::{Person, Role};

use super::door::Cost;
use super::file::Entrance;
use crate::database::keyed;
use crate::error::VaultError;

/// Whether `passphrase` is the one of an Argon2id string.
pub(super) fn fits(passphrase: &str, stored: &str) -> Result<bool, VaultError> {
    let hash = PasswordHash::new(stored).map_err(|e| VaultError::Passphrase(e.to_string()))?;
    Ok(Cost::FULL.argon2()?.verify_password(passphrase.as_bytes(), &hash).is_ok())
}

/// The people of an earlier vault who had a passphrase, with it, and whether it was somebody else's choice.
pub(super) fn people(vault: &Path, key: &str) -> Result<Vec<(Person, String, bool)>, VaultError> {
    let db = keyed(vault, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
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

impl Entrance {
    /// Takes over an earlier program's vault: its key, and who had which passphrase there.
    pub(super) fn take_over(&mut self, vault: &Path, key: &str) -> Result<(), VaultError> {
        let people = people(vault, key)?;
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("INSERT INTO earlier_key (only, key) VALUES (1, ?1)", [key])?;
        for (person, passphrase, temporary) in people {
            tx.execute(
                "INSERT INTO door (person_id, person, kind, earlier, temporary, administers)
                 VALUES (?1, ?2, 'earlier', ?3, ?4, ?5)",
                params![
                    person.id.to_string(),
                    serde_json::to_string(&person.reference())?,
                    passphrase,
                    temporary,
                    person.is(Role::Administrator)
                ],
            )?;
        }
        Ok(tx.commit()?)
    }
}
