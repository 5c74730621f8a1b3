//! Keys of the index's files: in the store, apart from the files. On a node of several its disk alone opens nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use vector_index::{Key, Keys, KeysError};

use super::error::StoreError;
use super::sql::{Database, Row, one, with, write};
use super::whole::Store;

/// What stands where a key was destroyed.
pub(super) const DESTROYED: [u8; 32] = [0; 32];

/// The keys of an index's files, over a connection of their own: an index is written while the store is in use.
#[derive(Debug)]
pub struct IndexKeys(Mutex<Box<dyn Database>>);

impl Store {
    /// Keys for an index of this store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn index_keys(&self) -> Result<IndexKeys, StoreError> {
        Ok(IndexKeys(Mutex::new(self.db.writer()?)))
    }

    /// Destroys the keys of every index but `own`: those of nodes that run write their files anew when they next fill
    /// them, those of nodes that do not can be read by nobody.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn destroy_other_index_keys(&mut self, own: &str) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            let sql = "UPDATE index_key SET key = $1 WHERE index_id <> $2 AND key <> $1";
            db.execute(sql, with![DESTROYED.to_vec(), own]).map(drop)
        })
    }
}

impl IndexKeys {
    fn locked(&self) -> MutexGuard<'_, Box<dyn Database>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys for IndexKeys {
    fn get(&self, index: &str, file: &str) -> Result<Option<Key>, KeysError> {
        let sql = "SELECT key FROM index_key WHERE index_id = $1 AND file = $2 AND key <> $3";
        let values = with![index, file, DESTROYED.to_vec()];
        let known: Option<Vec<u8>> = one(&mut **self.locked(), sql, values, Row::next)?;
        Ok(known.and_then(|key| key.try_into().ok()).map(Key::new))
    }

    fn put(&self, index: &str, file: &str, key: &Key) -> Result<(), KeysError> {
        let mut db = self.locked();
        Ok(write(&mut **db, |db| {
            let destroyed = DESTROYED.to_vec();
            let own = "SELECT slot FROM index_key WHERE index_id = $1 AND file = $2";
            let free = "SELECT slot FROM index_key WHERE key = $1 ORDER BY slot LIMIT 1";
            let slot: Option<i64> = match one(db, own, with![index, file], Row::next)? {
                None => one(db, free, with![destroyed], Row::next)?,
                own => own,
            };
            let done = match slot {
                Some(slot) => db.execute(
                    "UPDATE index_key SET index_id = $1, file = $2, key = $3 WHERE slot = $4",
                    with![index, file, key.to_vec(), slot],
                ),
                None => db.execute(
                    "INSERT INTO index_key (index_id, file, key) VALUES ($1, $2, $3)",
                    with![index, file, key.to_vec()],
                ),
            };
            done.map(drop)
        })?)
    }

    fn keep(&self, index: &str, files: &[&str]) -> Result<(), KeysError> {
        let mut db = self.locked();
        Ok(write(&mut **db, |db| {
            let known: Vec<(i64, String)> = super::sql::all(
                db,
                "SELECT slot, file FROM index_key WHERE index_id = $1 AND key <> $2",
                with![index, DESTROYED.to_vec()],
                |row| Ok((row.next()?, row.next()?)),
            )?;
            for (slot, _) in known.iter().filter(|(_, file)| !files.contains(&file.as_str())) {
                db.execute("UPDATE index_key SET key = $1 WHERE slot = $2", with![DESTROYED.to_vec(), *slot])?;
            }
            Ok(())
        })?)
    }
}
