//! The rows of the vault's own audit: added and read.

use rusqlite::OptionalExtension;
use serde_json::Value;

use casework::{Moment, PersonRef};

use super::chain::append;
use super::event::AuditEvent;
use crate::error::VaultError;
use crate::vault::Vault;

impl Vault {
    /// Adds an event that is not part of another change.
    ///
    /// # Errors
    /// [`VaultError::Database`]; then what it belongs to must not happen.
    pub fn record(
        &mut self,
        by: Option<&PersonRef>,
        at: Moment,
        action: &str,
        detail: &Value,
    ) -> Result<(), VaultError> {
        self.write(|db| append(db, by, at, action, detail))
    }

    /// Takes in what happened at the entrance while the vault was closed. What was taken in before is passed over.
    pub(crate) fn take_in(&mut self, events: &[(i64, Moment, PersonRef, String, Value)]) -> Result<(), VaultError> {
        self.write(|db| {
            let known: Option<String> =
                db.query_row("SELECT value FROM setting WHERE name = 'entrance'", [], |r| r.get(0)).optional()?;
            let known = known.and_then(|seq| seq.parse().ok()).unwrap_or(0);
            for (seq, at, person, action, detail) in events.iter().filter(|event| event.0 > known) {
                append(db, Some(person), *at, action, detail)?;
                db.execute(
                    "INSERT INTO setting (name, value) VALUES ('entrance', ?1)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    [seq.to_string()],
                )?;
            }
            Ok(())
        })
    }

    /// All events, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn audit(&self) -> Result<Vec<AuditEvent>, VaultError> {
        self.audit_after(0, i64::MAX)
    }

    /// Events after `position`, oldest first, at most `most`.
    pub(crate) fn audit_after(&self, position: i64, most: i64) -> Result<Vec<AuditEvent>, VaultError> {
        let mut query = self
            .db
            .prepare("SELECT seq, at, person, action, detail, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let rows = query.query_map([position, most], AuditEvent::of_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
