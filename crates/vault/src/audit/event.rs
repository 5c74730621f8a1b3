//! What the audit consists of: its events, and its end as it is signed.

use serde::{Deserialize, Serialize};

use casework::Moment;

/// One event of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Position, from 1 without gaps but those that a [`super::LostRows`] says.
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

impl AuditEvent {
    /// The event of a row: position, moment, person, action, detail and hash.
    pub(crate) fn of_row(r: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let at: String = r.get(1)?;
        let at = at
            .parse()
            .map(Moment)
            .map_err(|e| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(e)))?;
        let (seq, person, action, detail, hash) = (r.get(0)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?);
        Ok(Self { seq, at, person, action, detail, hash })
    }
}

/// Schema of a signed head; part of what is signed.
pub const AUDIT_HEAD: &str = "corroborate.audit-head.v1";

/// The end of a workstation's audit at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditHead {
    /// [`AUDIT_HEAD`].
    pub schema: String,
    /// Public key of the workstation, in hexadecimal.
    pub workstation: String,
    /// Number of events.
    pub rows: i64,
    /// Hash of the last one.
    pub head: String,
    /// When.
    pub at: Moment,
}
