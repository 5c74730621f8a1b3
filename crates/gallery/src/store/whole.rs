//! The store as a whole: its database and its photographs, opened.

use std::collections::HashSet;
use std::path::Path;

use super::alarms::Alarms;
use super::error::StoreError;
use super::photos::Photos;
use super::postgres::{Postgres, Reach};
use super::sql::Database;
use super::sqlite::Sqlite;

/// A store of record.
#[derive(Debug)]
pub struct Store {
    pub(super) db: Box<dyn Database>,
    pub(super) photos: Photos,
    pub(super) alarms: Alarms,
}

impl Store {
    /// Opens the SQLite store in `folder`, making it when it is new.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used or was written by a newer program.
    pub fn sqlite(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::folder(folder))?;
        let db = Box::new(Sqlite::open(folder)?);
        Self::with(db, &folder.join("photos"))
    }

    /// Opens the PostgreSQL store at `url`; photographs lie in `photos`, which all nodes share.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn postgres(url: &str, reach: &Reach, photos: &Path) -> Result<Self, StoreError> {
        Self::with(Box::new(Postgres::open(url, reach)?), photos)
    }

    fn with(db: Box<dyn Database>, photos: &Path) -> Result<Self, StoreError> {
        Ok(Self { db, photos: Photos::open(photos)?, alarms: Alarms::default() })
    }

    /// Removes photographs that no record names, but those of the last hour; gives how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sweep(&mut self) -> Result<u64, StoreError> {
        let mut used = HashSet::new();
        self.db.query("SELECT photo FROM record", &[], &mut |mut row| {
            used.insert(row.next::<String>()?);
            Ok(())
        })?;
        let hour = std::time::Duration::from_secs(3600);
        self.photos.sweep(&used, hour).map_err(|source| StoreError::Folder { path: "photos".to_owned(), source })
    }
}
