//! Secrets of the gallery, in its store.

use super::error::StoreError;
use super::sql::{Database, Row, one, with};

/// A secret of the gallery by its name, which is drawn where there is none.
pub(super) fn secret_of(db: &mut dyn Database, name: &str) -> Result<[u8; 32], StoreError> {
    let known: Option<Vec<u8>> = one(db, "SELECT value FROM secret WHERE name = $1", with![name], Row::next)?;
    if let Some(known) = known {
        return known.try_into().map_err(|_| StoreError::Column);
    }
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh).map_err(StoreError::Random)?;
    db.execute("INSERT INTO secret (name, value) VALUES ($1, $2)", with![name, fresh.to_vec()])?;
    Ok(fresh)
}
