//! A file of the vault, brought up to this program's schema.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::VaultError;

/// Brings a file up to this program's schema, all `steps` in one transaction; `finish` is called after each with its number. An empty
/// file gets what they come to at once, where that is given as `whole`.
pub(crate) fn migrate(
    db: &mut Connection,
    whole: Option<&str>,
    steps: &[&str],
    finish: impl Fn(usize, &Connection) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = tx.pragma_query_value(None, "user_version", |r| r.get(0))?;
    let known = steps.len() as i64;
    if version > known {
        return Err(VaultError::Newer(version));
    }
    match whole.filter(|_| version == 0) {
        Some(whole) => tx.execute_batch(whole)?,
        None => {
            for (at, step) in steps.iter().enumerate().skip(version.max(0) as usize) {
                tx.execute_batch(step)?;
                finish(at + 1, &tx)?;
            }
        }
    }
    tx.pragma_update(None, "user_version", known)?;
    Ok(tx.commit()?)
}
