//! What was done before the first case, by the audit: who accepted which policy, and whether the gallery that is set answered.

use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::{Moment, PersonId, PersonRef};

use crate::audit::append;
use crate::error::VaultError;
use crate::vault::Vault;

const ACCEPTED: &str = "policy-accepted";
const TESTED: &str = "gallery-tested";

impl Vault {
    /// SHA-256 of the policy that `person` accepted last.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn accepted_policy(&self, person: PersonId) -> Result<Option<String>, VaultError> {
        let sql = "SELECT detail ->> '$.sha256' FROM audit WHERE action = ?1 AND detail ->> '$.person' = ?2
                   ORDER BY seq DESC LIMIT 1";
        Ok(self.db.query_row(sql, params![ACCEPTED, person.to_string()], |r| r.get(0)).optional()?)
    }

    /// Puts on record that somebody accepted the policy with this hash; once.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn accept_policy(&mut self, by: &PersonRef, sha256: &str, at: Moment) -> Result<(), VaultError> {
        if self.accepted_policy(by.id)?.as_deref() == Some(sha256) {
            return Ok(());
        }
        let detail = json!({ "person": by.id, "sha256": sha256 });
        self.write(|db| append(db, Some(by), at, ACCEPTED, &detail))
    }

    /// Puts on record that the gallery that is set answered; `fits`: with the model of this program.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn gallery_tested(&mut self, fits: bool, by: &PersonRef, at: Moment) -> Result<(), VaultError> {
        let detail = json!({ "gallery": self.settings()?.gallery, "fits": fits });
        self.write(|db| append(db, Some(by), at, TESTED, &detail))
    }

    /// Whether the gallery that is set answered last with the model of this program.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn gallery_answered(&self) -> Result<bool, VaultError> {
        let sql = "SELECT detail ->> '$.fits' FROM audit WHERE action = ?1 AND detail ->> '$.gallery' = ?2
                   ORDER BY seq DESC LIMIT 1";
        let fits = self.db.query_row(sql, [TESTED, &self.settings()?.gallery], |r| r.get(0)).optional()?;
        Ok(fits.unwrap_or(false))
    }

    /// Whether any case was begun here.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn has_cases(&self) -> Result<bool, VaultError> {
        Ok(self.db.query_row("SELECT EXISTS (SELECT 1 FROM case_file)", [], |r| r.get(0))?)
    }
}
