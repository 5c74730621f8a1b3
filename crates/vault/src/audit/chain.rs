//! How each event of the audit follows from the one before it, and what is added at the end.

use ledger::Chain;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use casework::{Moment, PersonRef};

use super::event::AuditEvent;
use super::lost::LostRows;
use crate::error::{ChainError, VaultError};

impl AuditEvent {
    /// Whether its hash is the one that its content and the hash before it give.
    pub fn follows_from(&self, previous: &str) -> bool {
        self.taken(&mut Chain::at(self.seq - 1, previous.to_owned()), "").is_ok()
    }

    /// Takes it as what comes next in the audit of `workstation`: after the last row, or after the rows that it says are lost.
    pub(crate) fn taken(&self, chain: &mut Chain, workstation: &str) -> Result<(), ChainError> {
        let lost = LostRows::of(self, workstation);
        let lost = lost.filter(|lost| lost.from == chain.rows() + 1);
        let mut after = lost.map_or_else(|| chain.clone(), |lost| Chain::at(lost.through, lost.head().to_owned()));
        let at = self.at.0.to_string();
        let fields = [at.as_str(), &self.person, &self.action, &self.detail];
        after.take(self.seq, &fields, &self.hash).map_err(|_| ChainError::Broken(chain.rows() + 1))?;
        *chain = after;
        Ok(())
    }
}

/// The chain as it stands.
pub(crate) fn chain(db: &Connection) -> Result<Chain, VaultError> {
    let last = db.query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| {
        Ok(Chain::at(r.get(0)?, r.get(1)?))
    });
    Ok(last.optional()?.unwrap_or_default())
}

/// Adds an event at the end of the chain.
pub(crate) fn append(
    db: &Connection,
    by: Option<&PersonRef>,
    at: Moment,
    action: &str,
    detail: &Value,
) -> Result<(), VaultError> {
    append_after(db, &chain(db)?, by, at, action, detail)
}

/// How the audit names somebody.
pub(crate) fn in_audit(by: &PersonRef) -> String {
    format!("{}, badge {}, {} ({})", by.name, by.badge, by.ori, by.id)
}

/// The same after the row that `chain` ends with.
pub(crate) fn append_after(
    db: &Connection,
    chain: &Chain,
    by: Option<&PersonRef>,
    at: Moment,
    action: &str,
    detail: &Value,
) -> Result<(), VaultError> {
    let person = by.map_or_else(|| "workstation".to_owned(), in_audit);
    // The policy in force stands on every event.
    let policy: Option<String> =
        db.query_row("SELECT value FROM setting WHERE name = 'policy'", [], |r| r.get(0)).optional()?;
    let mut detail = detail.clone();
    if let (Some(policy), Some(fields)) = (policy, detail.as_object_mut()) {
        fields.insert("policy".to_owned(), policy.into());
    }
    let (at, person, detail) = (at.0.to_string(), ledger::one_line(&person), detail.to_string());
    let (seq, hash) = chain.next(&[&at, &person, action, &detail]);
    db.execute(
        "INSERT INTO audit (seq, at, person, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![seq, at, person, action, detail, hash],
    )?;
    Ok(())
}
