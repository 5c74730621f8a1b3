//! Rows of the audit that went with a machine: a vault that is restored from a backup lacks what was written after it. Where its workstation
//! had signed elsewhere how far it was, the audit goes on after that row, and the first row says which ones are lost.

use rusqlite::Connection;
use serde_json::Value;

use casework::Moment;

use super::event::{AUDIT_HEAD, AuditEvent, AuditHead};
use crate::error::VaultError;
use crate::signed::Signed;

/// Event of a vault that was restored.
pub(crate) const RESTORED: &str = "vault-restored";

/// Rows that are lost, as the row after them says and the workstation signed before they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRows {
    /// The first that is lost.
    pub from: i64,
    /// The last.
    pub through: i64,
    /// When the workstation signed that it had as many.
    pub signed_at: Moment,
    head: String,
}

impl LostRows {
    /// What an event of the audit of `workstation` (public key, hexadecimal) says is lost before it; none where it says nothing of the kind,
    /// or where that workstation did not sign that it had these rows.
    pub fn of(event: &AuditEvent, workstation: &str) -> Option<Self> {
        if event.action != RESTORED {
            return None;
        }
        let detail: Value = serde_json::from_str(&event.detail).ok()?;
        let from = detail["lost"]["from"].as_i64()?;
        let signed: Signed = serde_json::from_value(detail["lost"]["signed_head"].clone()).ok()?;
        let AuditHead { workstation: own, rows: through, head, at, .. } = signed.open(AUDIT_HEAD).ok()?;
        let theirs = own == workstation && signed.public_key == workstation;
        let fits = (1..=through).contains(&from) && through.checked_add(1) == Some(event.seq);
        (theirs && fits).then_some(Self { from, through, signed_at: at, head })
    }

    /// Hash of the last row that is lost.
    pub fn head(&self) -> &str {
        &self.head
    }
}

/// What the audit of `workstation` says is lost.
pub(crate) fn lost(db: &Connection, workstation: &str) -> Result<Vec<LostRows>, VaultError> {
    let sql = "SELECT seq, at, person, action, detail, hash FROM audit WHERE action = ?1 ORDER BY seq";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([RESTORED], AuditEvent::of_row)?.collect::<Result<Vec<_>, _>>()?;
    Ok(rows.iter().filter_map(|event| LostRows::of(event, workstation)).collect())
}
