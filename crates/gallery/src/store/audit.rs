//! The gallery's audit: rows chained by their hashes, each durable before what it tells of happens. Each becomes a leaf of the
//! gallery's log after that: the log is made from these rows and from nothing else, so that none is lost between the two.

use ed25519_dalek::SigningKey;
use gallery_api::wire::AuditRow;
use ledger::{Chain, Hash, Kind, Leaf, Signer, gallery_origin, one_line};
use serde_json::{Value as Json, json};
use service::log::Rows;

use super::error::StoreError;
use super::forms::{new_key, now};
use super::secrets::secret_of;
use super::sql::{Database, Row, all, one, with, write};
use super::whole::Store;

/// The audit as the gallery's log takes it in, over a connection of its own: whoever searches does not wait for it.
#[derive(Debug)]
pub struct Leaves {
    db: Box<dyn Database>,
    /// Public key of the log, whose audit this is.
    writer: Hash,
}

impl Rows for &mut Leaves {
    type Error = StoreError;

    fn count(&mut self) -> Result<u64, StoreError> {
        let last: i64 = one(&mut *self.db, "SELECT COALESCE(max(seq), 0) FROM audit", &[], Row::next)?.unwrap_or(0);
        u64::try_from(last).map_err(|_| StoreError::Column)
    }

    fn leaves_from(&mut self, from: u64, most: usize) -> Result<Vec<Leaf>, StoreError> {
        let (after, most) = (i64::try_from(from).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX));
        let sql = "SELECT seq, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
        let rows: Vec<(i64, String)> = all(&mut *self.db, sql, with![after, most], |r| Ok((r.next()?, r.next()?)))?;
        let leaf = |(place, (seq, hash)): (u64, (i64, String))| {
            // Without gaps: a row that was taken out leaves its number.
            let hash = hex::decode(hash).ok().and_then(|hash| hash.try_into().ok());
            let here = u64::try_from(seq).is_ok_and(|seq| seq == place);
            let hash = hash.filter(|_| here).ok_or(StoreError::AuditBroken(i64::try_from(place).unwrap_or(seq)))?;
            Leaf::new(self.writer, place, hash).map_err(|_| StoreError::AuditBroken(seq))
        };
        (from + 1..).zip(rows).map(leaf).collect()
    }
}

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

    /// The key of the gallery's log, which is made where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn log_signer(&mut self) -> Result<Signer, StoreError> {
        let secret = write(&mut *self.db, |db| secret_of(db, "log"))?;
        let key = SigningKey::from_bytes(&secret);
        let origin = gallery_origin(&key.verifying_key().to_bytes());
        Signer::new(Kind::Log, &origin, &key).map_err(|_| StoreError::Column)
    }

    /// Gives the log of the audit another key, under which it begins anew: of a gallery that was put back from an older copy no
    /// witness cosigns the old one any more. It is on the audit, with both keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_log_anew(&mut self, because: &str) -> Result<(), StoreError> {
        let before = self.log_signer()?.key().to_string();
        let fresh = new_key()?;
        write(&mut *self.db, |db| {
            db.execute("UPDATE secret SET value = $1 WHERE name = 'log'", with![fresh])?;
            let detail = json!({ "because": because, "before": before });
            append_audit(db, "administrator", "", "log-begun-anew", &detail)
        })
    }

    /// The audit's rows as leaves of the log with the key of `signer`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn leaves(&self, signer: &Signer) -> Result<Leaves, StoreError> {
        Ok(Leaves { db: self.db.reader()?, writer: signer.key().bytes() })
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
