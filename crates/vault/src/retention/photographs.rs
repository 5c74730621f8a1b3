//! Photographs of candidates that are kept with a case after the gallery has withdrawn their records.

use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::{CandidateId, CaseId, Moment};

use crate::audit::append;
use crate::error::VaultError;
use crate::rows::parse_id;
use crate::vault::Vault;

/// What the audit calls that one went, and that one is kept.
pub(crate) const REMOVED: &str = "candidate-photograph-removed";
const KEPT: &str = "candidate-photograph-kept";

/// What became of a photograph after the gallery withdrew its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It went.
    Removed,
    /// It is kept: a legal hold or the duty to disclose stands against it.
    Kept,
}

impl Vault {
    /// Photographs of candidates that are kept here, with their cases.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn photographs_kept(&self) -> Result<Vec<(CaseId, CandidateId)>, VaultError> {
        let mut query =
            self.db.prepare("SELECT case_id, file_name FROM original WHERE kind = 'candidate' ORDER BY rowid")?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (case, candidate) = row?;
            Ok((parse_id(&case)?, parse_id(&candidate)?))
        })
        .collect()
    }

    /// The gallery has withdrawn a candidate's record: the photograph goes, or it is on record once that it is `kept`. Whether
    /// anything was done. [`Vault::scrub`] is owed where it went.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn withdraw_photograph(
        &mut self,
        case: CaseId,
        candidate: CandidateId,
        kept: bool,
        at: Moment,
    ) -> Result<bool, VaultError> {
        let row = self.db.query_row(
            "SELECT sha256 FROM original WHERE case_id = ?1 AND kind = 'candidate' AND file_name = ?2",
            params![case.to_string(), candidate.to_string()],
            |r| r.get::<_, String>(0),
        );
        let Some(sha256) = row.optional()? else { return Ok(false) };
        let fate = self.fate_of(case, &sha256)?;
        if kept && fate == Some(Fate::Kept) {
            return Ok(false);
        }
        self.write(|db| {
            // A row of the audit names no candidate: it would tell whose lead it is.
            let detail = json!({ "case": case, "sha256": sha256, "by": "gallery" });
            if kept {
                return append(db, None, at, KEPT, &detail);
            }
            db.execute("DELETE FROM original WHERE case_id = ?1 AND sha256 = ?2", params![case.to_string(), sha256])?;
            // A package that has left and holds it is not sent again.
            db.execute(
                "UPDATE outbox SET bytes = x'' WHERE kind = 'note' AND sent_at IS NOT NULL
                   AND about IN (SELECT note_id FROM sealed_note WHERE case_id = ?1)",
                [case.to_string()],
            )?;
            super::scrub::owe(db)?;
            append(db, None, at, REMOVED, &detail)
        })?;
        Ok(true)
    }

    fn fate_of(&self, case: CaseId, sha256: &str) -> Result<Option<Fate>, VaultError> {
        let row = self.db.query_row(
            "SELECT action FROM audit WHERE action IN (?1, ?2) AND detail ->> '$.case' = ?3
               AND (?4 = '' OR detail ->> '$.sha256' = ?4) ORDER BY seq DESC LIMIT 1",
            params![REMOVED, KEPT, case.to_string(), sha256],
            |r| r.get::<_, String>(0),
        );
        Ok(row.optional()?.map(|action| if action == REMOVED { Fate::Removed } else { Fate::Kept }))
    }

    /// What became of the photograph of a case's lead after the gallery withdrew its record; `None` where it did not.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn photograph_fate(&self, case: CaseId) -> Result<Option<Fate>, VaultError> {
        self.fate_of(case, "")
    }
}
