//! The gallery's audit: rows chained by their hashes, each durable before what it tells of happens.

use gallery_api::wire::AuditRow;
use ledger::{Chain, one_line};
use serde_json::Value as Json;

use super::sql::{Database, all, one, with};
use super::{Store, StoreError, now, write};

impl Store {
    /// Writes an audit row; it is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then the action that it belongs to must not happen.
    pub fn audit(&mut self, actor: &str, agency: &str, action: &str, detail: &Json) -> Result<(), StoreError> {
        write(&mut *self.db, |db| append_audit(db, actor, agency, action, detail))
    }

    /// Audit rows after `after`, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit_rows(&mut self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        all(
            &mut *self.db,
            "SELECT seq, at, actor, agency, action, detail, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
            with![after, i64::from(limit)],
            |r| {
                Ok(AuditRow {
                    seq: r.next()?,
                    at: r.next()?,
                    actor: r.next()?,
                    agency: r.next()?,
                    action: r.next()?,
                    detail: r.next()?,
                    hash: r.next()?,
                })
            },
        )
    }

    /// Checks the whole chain; gives the number of rows and the last hash.
    ///
    /// # Errors
    /// [`StoreError::AuditBroken`] at the first row that does not fit.
    pub fn verify_audit(&mut self) -> Result<(i64, String), StoreError> {
        let mut chain = Chain::default();
        loop {
            let rows = self.audit_rows(chain.rows(), 1000)?;
            if rows.is_empty() {
                return Ok((chain.rows(), chain.head().to_owned()));
            }
            for row in rows {
                let fields = [row.at.as_str(), &row.actor, &row.agency, &row.action, &row.detail];
                chain.take(row.seq, &fields, &row.hash).map_err(|broken| StoreError::AuditBroken(broken.0))?;
            }
        }
    }
}

pub(super) fn append_audit(
    db: &mut dyn Database,
    actor: &str,
    agency: &str,
    action: &str,
    detail: &Json,
) -> Result<(), StoreError> {
    let last =
        one(db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", &[], |r| Ok(Chain::at(r.next()?, r.next()?)))?;
    let (at, actor, agency, detail) = (now(), one_line(actor), one_line(agency), detail.to_string());
    let (seq, hash) = last.unwrap_or_default().next(&[&at, &actor, &agency, action, &detail]);
    db.execute(
        "INSERT INTO audit (seq, at, actor, agency, action, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        with![seq, at, actor, agency, action, detail, hash],
    )?;
    Ok(())
}
