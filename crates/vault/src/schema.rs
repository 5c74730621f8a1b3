use rusqlite::{Connection, TransactionBehavior};

use crate::VaultError;

/// One step a version, in order; a step that was released is never changed.
pub(crate) const STEPS: &[&str] = &[
    include_str!("migrations/0001-first.sql"),
    include_str!("migrations/0002-people.sql"),
    include_str!("migrations/0003-signatures.sql"),
    include_str!("migrations/0004-exchange.sql"),
    include_str!("migrations/0005-proof.sql"),
    include_str!("migrations/0006-parts.sql"),
    include_str!("migrations/0007-entrance.sql"),
    include_str!("migrations/0008-department.sql"),
    include_str!("migrations/0009-verifications.sql"),
    include_str!("migrations/0010-joined.sql"),
    include_str!("migrations/0011-moved.sql"),
    include_str!("migrations/0012-ledger.sql"),
    include_str!("migrations/0013-retention.sql"),
    include_str!("migrations/0014-results.sql"),
    include_str!("migrations/0015-oversight.sql"),
    include_str!("migrations/0016-lost.sql"),
    include_str!("migrations/0017-whole-moves.sql"),
    include_str!("migrations/0018-gallery-log.sql"),
];

/// What a step of [`STEPS`] cannot say in SQL, right after it.
pub(crate) fn finish(step: usize, db: &Connection) -> Result<(), VaultError> {
    if step == 13 { crate::sealing::seal_earlier(db) } else { Ok(()) }
}

/// Brings a file up to this program's schema, all `steps` in one transaction; `finish` is called after each with its number.
pub(crate) fn migrate(
    db: &mut Connection,
    steps: &[&str],
    finish: impl Fn(usize, &Connection) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = tx.pragma_query_value(None, "user_version", |r| r.get(0))?;
    let known = steps.len() as i64;
    if version > known {
        return Err(VaultError::Newer(version));
    }
    for (at, step) in steps.iter().enumerate().skip(version.max(0) as usize) {
        tx.execute_batch(step)?;
        finish(at + 1, &tx)?;
    }
    tx.pragma_update(None, "user_version", known)?;
    Ok(tx.commit()?)
}
