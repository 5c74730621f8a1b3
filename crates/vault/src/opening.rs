//! Opening a vault: its schema is brought up to date, its keys are found or made, and what is owed since it was open last is done.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};
use zeroize::Zeroizing;

use crate::database::database;
use crate::error::VaultError;
use crate::key::{self, KeyStore};
use crate::lock::Lock;
use crate::migrate::migrate;
use crate::retention::scrub_if_owed;
use crate::roster;
use crate::schema;
use crate::signed::signing_key;
use crate::vault::Vault;

impl Vault {
    /// Opens the file in `folder` with its key, making it where it is absent. Only an entrance knows a key.
    pub(crate) fn open(
        folder: &Path,
        name: &str,
        lock: Arc<Lock>,
        key: &str,
        keys: &dyn KeyStore,
    ) -> Result<Self, VaultError> {
        let unusable = |source| VaultError::Folder { path: folder.to_owned(), source };
        let mut db = database(&folder.join("vault.db"), key, unusable)?;
        // Off while tables are rebuilt.
        db.pragma_update(None, "foreign_keys", false)?;
        migrate(&mut db, Some(schema::WHOLE), schema::STEPS, schema::finish)?;
        db.pragma_update(None, "foreign_keys", true)?;
        let signing = signing_key(&own_key(&db, keys, "signing", name, || Ok(key::fresh()?))?)?;
        let receiving = own_key(&db, keys, "exchange", name, || Ok(key::fresh_identity()))?;
        let receiving = receiving.parse().map_err(|_| VaultError::SigningKey)?;
        let (name, key) = (name.to_owned(), Zeroizing::new(key.to_owned()));
        let department = roster::read(&db)?;
        let folder = folder.to_owned();
        let vault = Self { db, signing, receiving, name, folder, key, department, pen: None, _lock: lock };
        vault.keep_highest_seen(keys)?;
        scrub_if_owed(&vault.db);
        Ok(vault)
    }
}

/// A key of the workstation. It rests in the vault; an earlier program kept it in the secret store, from where it moves here.
fn own_key(
    db: &Connection,
    keys: &dyn KeyStore,
    kind: &str,
    name: &str,
    fresh: impl FnOnce() -> Result<String, VaultError>,
) -> Result<Zeroizing<String>, VaultError> {
    let known = db.query_row("SELECT value FROM secret WHERE name = ?1", [kind], |r| r.get(0)).optional()?;
    let entry = format!("{kind}-{name}");
    let value = match known {
        Some(value) => Zeroizing::new(value),
        None => {
            let value = Zeroizing::new(keys.get(&entry)?.map_or_else(fresh, Ok)?);
            db.execute("INSERT INTO secret (name, value) VALUES (?1, ?2)", [kind, &value])?;
            value
        }
    };
    if keys.get(&entry)?.is_some() {
        keys.remove(&entry)?;
    }
    Ok(value)
}
