//! SQLite: one file, one machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};

use super::error::StoreError;
use super::sql::{Database, Kind, Row, Value};
use super::steps;

/// The version that the first step leads to: 1 and 2 were development builds with photographs in the database.
const FIRST: i64 = 3;

#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    db: Connection,
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null(_) => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Real(value) => ValueRef::Real(*value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

/// How whoever writes uses a connection.
fn prepared(db: &Connection) -> Result<(), StoreError> {
    db.busy_timeout(Duration::from_secs(20))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // A row is on the disk when its transaction returns.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "secure_delete", true)?;
    // What is sorted or set aside for a moment is written nowhere.
    db.pragma_update(None, "temp_store", "memory")?;
    Ok(())
}

impl Sqlite {
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("gallery.sqlite");
        let db = Connection::open(&path)?;
        // Three templates of 512 values a page.
        db.pragma_update(None, "page_size", 8192)?;
        prepared(&db)?;
        db.set_prepared_statement_cache_capacity(64);
        let mut this = Self { path, db };
        this.begin()?;
        let taken = this.migrate().inspect_err(|_| this.db.execute_batch("ROLLBACK").unwrap_or_default())?;
        this.commit()?;
        if (1..steps::SEALED).contains(&taken) {
            // The log still has what was in the clear, and so have the files of the index, which is made anew.
            this.scrub()?;
            let index = folder.join("index");
            match std::fs::remove_dir_all(&index) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::folder(&index)(error));
                }
                _ => {}
            }
        }
        Ok(this)
    }

    /// Takes the steps that are lacking; gives how many were taken before.
    fn migrate(&mut self) -> Result<i64, StoreError> {
        let version: i64 = self.db.pragma_query_value(None, "user_version", |r| r.get(0))?;
        if (1..FIRST).contains(&version) {
            return Err(StoreError::Development);
        }
        let taken = (version - FIRST + 1).max(0);
        for step in steps::lacking(taken, version)? {
            self.batch(step.sqlite)?;
            if let Some(then) = step.then {
                then(self)?;
            }
        }
        self.db.pragma_update(None, "user_version", FIRST + steps::LAST - 1)?;
        Ok(taken)
    }
}

impl Database for Sqlite {
    fn begin(&mut self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("COMMIT")?)
    }

    fn rollback(&mut self) {
        if let Err(error) = self.db.execute_batch("ROLLBACK") {
            tracing::error!(%error, "a transaction could not be taken back");
        }
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.db.prepare_cached(&sql.replace('$', "?"))?;
        Ok(statement.execute(params_from_iter(values))? as u64)
    }

    fn query(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.db.prepare_cached(&sql.replace('$', "?"))?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(match row.get_ref(column)? {
                    ValueRef::Null => Value::Null(Kind::Text),
                    ValueRef::Integer(value) => Value::Int(value),
                    ValueRef::Real(value) => Value::Real(value),
                    ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
                    ValueRef::Blob(value) => Value::Blob(value.to_vec()),
                });
            }
            each(Row(values.into_iter()))?;
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.db.execute_batch(sql)?)
    }

    fn scrub(&mut self) -> Result<(), StoreError> {
        // Deleted pages were overwritten (`secure_delete`); the log still has them until it is cut off. A reader that
        // is at work keeps the log: it is waited for.
        let busy: i64 = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(StoreError::LogInUse) }
    }

    fn reader(&self) -> Result<Box<dyn Database>, StoreError> {
        let db = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        db.busy_timeout(Duration::from_secs(20))?;
        db.pragma_update(None, "temp_store", "memory")?;
        Ok(Box::new(Self { path: self.path.clone(), db }))
    }

    fn writer(&self) -> Result<Box<dyn Database>, StoreError> {
        let db = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        prepared(&db)?;
        Ok(Box::new(Self { path: self.path.clone(), db }))
    }
}
