use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use casework::{Moment, PersonRef};

use crate::{Vault, VaultError};

/// One event of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Position, from 1 without gaps.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who: name, badge, agency and identity as one text; `workstation` for the program itself.
    pub person: String,
    /// What was done.
    pub action: String,
    /// Details as JSON text.
    pub detail: String,
    /// SHA-256 over the previous hash and this event, in hexadecimal.
    pub hash: String,
}

/// The chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A link does not fit.
    #[error("the audit chain is broken at event {0}: an event was changed, removed or put in")]
    Broken(i64),
    /// Not an audit export.
    #[error("this is not an audit export: line {line}: {message}")]
    Form {
        /// Line from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// SHA-256 of the previous hash and the event's fields, each ended by a line feed; no field holds
/// a raw one (JSON escapes it, the person's is replaced).
fn link(previous: &str, seq: i64, at: Moment, person: &str, action: &str, detail: &str) -> String {
    hex::encode(Sha256::digest(format!("{previous}\n{seq}\n{}\n{person}\n{action}\n{detail}\n", at.0)))
}

fn follows(previous: &str, seq: i64, event: &AuditEvent) -> Result<(), ChainError> {
    let hash = link(previous, event.seq, event.at, &event.person, &event.action, &event.detail);
    if event.seq == seq && event.hash == hash { Ok(()) } else { Err(ChainError::Broken(seq)) }
}

/// Adds an event at the end of the chain.
pub(crate) fn append(
    db: &Connection,
    by: Option<&PersonRef>,
    at: Moment,
    action: &str,
    detail: &Value,
) -> Result<(), VaultError> {
    let (last, previous): (i64, String) = db
        .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?
        .unwrap_or_default();
    let person =
        by.map_or_else(|| "workstation".to_owned(), |p| format!("{}, badge {}, {} ({})", p.name, p.badge, p.ori, p.id));
    // The policy in force stands on every event.
    let policy: Option<String> =
        db.query_row("SELECT value FROM setting WHERE name = 'policy'", [], |r| r.get(0)).optional()?;
    let mut detail = detail.clone();
    if let (Some(policy), Some(fields)) = (policy, detail.as_object_mut()) {
        fields.insert("policy".to_owned(), policy.into());
    }
    let (person, detail) = (person.replace(['\n', '\r'], " "), detail.to_string());
    let hash = link(&previous, last + 1, at, &person, action, &detail);
    db.execute(
        "INSERT INTO audit (seq, at, person, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![last + 1, at.0.to_string(), person, action, detail, hash],
    )?;
    Ok(())
}

/// Checks an export made by [`Vault::export_audit`]; gives the number of events and the last hash.
///
/// # Errors
/// [`ChainError`].
pub fn verify_export(text: &str) -> Result<(i64, String), ChainError> {
    let (mut seq, mut previous) = (0, String::new());
    for (at, line) in text.lines().enumerate() {
        let event: AuditEvent =
            serde_json::from_str(line).map_err(|e| ChainError::Form { line: at + 1, message: e.to_string() })?;
        follows(&previous, seq + 1, &event)?;
        (seq, previous) = (event.seq, event.hash);
    }
    Ok((seq, previous))
}

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

    /// All events, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn audit(&self) -> Result<Vec<AuditEvent>, VaultError> {
        let mut query = self.db.prepare("SELECT seq, at, person, action, detail, hash FROM audit ORDER BY seq")?;
        let rows = query.query_map([], |r| {
            let at: String = r.get(1)?;
            let at = at
                .parse()
                .map(Moment)
                .map_err(|e| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(e)))?;
            Ok(AuditEvent {
                seq: r.get(0)?,
                at,
                person: r.get(2)?,
                action: r.get(3)?,
                detail: r.get(4)?,
                hash: r.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Checks the whole chain; gives the number of events and the last hash.
    ///
    /// # Errors
    /// [`ChainError::Broken`] at the first event that does not fit.
    pub fn verify_audit(&self) -> Result<(i64, String), VaultError> {
        let (mut seq, mut previous) = (0, String::new());
        for event in self.audit()? {
            follows(&previous, seq + 1, &event)?;
            (seq, previous) = (event.seq, event.hash);
        }
        Ok((seq, previous))
    }

    /// The chain as text, one JSON event a line, for `corroborate verify-audit`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn export_audit(&self) -> Result<String, VaultError> {
        let lines: Vec<String> = self.audit()?.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        Ok(lines.join("\n"))
    }
}
