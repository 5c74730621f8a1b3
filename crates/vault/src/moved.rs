//! Cases that moved away: that they did, and what the cases here go on knowing of them.

use rusqlite::{Connection, OptionalExtension};

use casework::{CaseId, Trace};

use crate::error::VaultError;

/// Whether a case moved away from here.
pub(crate) fn is_moved(db: &Connection, case: CaseId) -> Result<bool, VaultError> {
    let found = db.query_row("SELECT 1 FROM case_moved WHERE case_id = ?1", [case.to_string()], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// What the cases here go on knowing of those that moved away.
pub(crate) fn traces(db: &Connection) -> Result<Vec<Trace>, VaultError> {
    let mut query = db.prepare_cached("SELECT trace FROM case_moved WHERE trace IS NOT NULL ORDER BY case_id")?;
    let rows = query.query_map([], |r| r.get::<_, String>(0))?;
    rows.map(|trace| Ok(serde_json::from_str(&trace?)?)).collect()
}
