//! The store of record, in SQLite or PostgreSQL. It holds subject, record, template and an outbox row in one
//! transaction; the index is derived from the outbox. Photographs lie beside it as encrypted files.

use std::collections::HashSet;
use std::path::Path;

use catalogue::say;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

mod anchors;
mod audit;
mod expunge;
mod index_keys;
mod limits;
mod opened;
mod outbox;
mod photos;
mod postgres;
mod postgres_tls;
mod records;
mod sealed;
mod searches;
mod secrets;
mod sql;
mod sqlite;
mod staging;
mod steps;
mod tokens;
pub mod trace;

pub use audit::Leaves;
pub use expunge::{Certificate, CertificateFile, Order, verify_certificate};
pub use index_keys::IndexKeys;
pub use limits::{AgencyRule, Allowance, Beginning, Begun};
pub use opened::Shown;
pub use outbox::{Change, Reader};
pub use postgres::Reach;
pub use records::{Counts, Enrolled, Enrolment, Override, Portrait, Stats};
pub use searches::{Idempotent, Listed};
pub use staging::{Kept, Switch, ToMove};
pub use tokens::{Authority, HOME, IssuedToken, Scope, TokenHolder};

use photos::Photos;
use sql::Database;

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder cannot be used.
    #[error("{}", say!("gallery-cannot-use-2", path, source))]
    Folder {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite refused.
    #[error("{}", say!("gallery-database-refused", what = _0))]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refused or is out of reach.
    #[error("{}", say!("gallery-database-refused-cannot-reached", what = in_full(_0)))]
    Postgres(#[from] ::postgres::Error),
    /// TLS to PostgreSQL cannot be set up.
    #[error("{}", say!("gallery-connection-database-cannot-encrypted-verified", what = _0))]
    Tls(String),
    /// The connection broke while something was written. Nothing of it was acknowledged.
    #[error("{}", say!("gallery-connection-database-broke-while-written"))]
    Broken,
    /// A row that is not as written.
    #[error("{}", say!("gallery-database-holds-row-another-form"))]
    Column,
    /// The audit chain is broken.
    #[error("{}", say!("gallery-audit-chain-broken-row-row", what = _0))]
    AuditBroken(i64),
    /// A newer program wrote this.
    #[error("{}", say!("gallery-data-written-newer-schema-use", what = _0))]
    Newer(i64),
    /// A development build wrote this.
    #[error("{}", say!("gallery-data-folder-written-development-build"))]
    Development,
    /// A sealed template does not open.
    #[error("{}", say!("gallery-template-record-does-not-open", record = _0))]
    Sealed(i64),
    /// Another program reads the database, so its log still holds what was deleted.
    #[error("{}", say!("gallery-log-database-in-use"))]
    LogInUse,
    /// No randomness.
    #[error("{}", say!("gallery-system-gives-no-random-numbers", what = _0))]
    Random(getrandom::Error),
    /// Nothing of that name.
    #[error("{}", say!("gallery-no-2", what = _0))]
    Unknown(String),
    /// A photograph.
    #[error("{}", say!("gallery-photograph-cannot-used", what = _0))]
    Photo(String),
    /// The gallery holds templates of another model.
    #[error("{}", say!("gallery-enrolled-records-cannot-added", enrolled, offered))]
    OtherModel {
        /// What is there.
        enrolled: String,
        /// What was offered.
        offered: String,
    },
    /// A person or photograph that was expunged by order.
    #[error("{}", say!("gallery-record-expunged-order-certificate-enrol", what = _0))]
    Expunged(String),
    /// A photograph that looks like a copy of one that was expunged.
    #[error("{}", say!("gallery-photograph-looks-like-copy-one", what = _0))]
    Resembles(String),
    /// Records of another agency.
    #[error("{}", say!("gallery-records-belong-only-agency-operator", what = _0))]
    OtherAgency(String),
    /// Stopped until an operator says otherwise.
    #[error("{}", say!("gallery-searches-token-paused-since-ask", because, token))]
    Paused {
        /// Why.
        because: String,
        /// The token's identity.
        token: String,
    },
    /// A photograph of a candidate that nobody opened.
    #[error("{}", say!("gallery-other-photographs-candidate-served-once"))]
    NotOpened,
    /// Records that a search found are gone since.
    #[error("{}", say!("gallery-record-found-gone-since"))]
    Gone,
    /// A limit.
    #[error("{why}")]
    Limited {
        /// Which.
        why: String,
        /// Seconds after which it may be tried again.
        seconds: u64,
    },
}

impl StoreError {
    fn folder(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
        let path = path.display().to_string();
        move |source| StoreError::Folder { path: path.clone(), source }
    }
}

fn in_full(error: &::postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// A store of record.
#[derive(Debug)]
pub struct Store {
    db: Box<dyn Database>,
    photos: Photos,
    alarms: limits::Alarms,
}

/// With a fixed number of digits, so that text sorts by time.
fn now() -> String {
    moment(Timestamp::now())
}

fn moment(at: Timestamp) -> String {
    format!("{at:.6}")
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A key of a person or file.
fn new_key() -> Result<Vec<u8>, StoreError> {
    let mut key = vec![0; 32];
    getrandom::fill(&mut key).map_err(StoreError::Random)?;
    Ok(key)
}

fn from_blob(blob: &[u8]) -> Vec<f32> {
    blob.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

/// A day as the index has it.
fn day_number(day: Option<&str>) -> i32 {
    let date = day.and_then(|day| day.parse::<jiff::civil::Date>().ok());
    date.map_or(0, |d| i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()))
}

/// Does `work` in one transaction: all of it or nothing.
fn write<T>(
    db: &mut dyn Database,
    work: impl FnOnce(&mut dyn Database) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    db.begin()?;
    match work(db) {
        Ok(done) => db.commit().map(|()| done),
        Err(error) => {
            db.rollback();
            Err(error)
        }
    }
}

impl Store {
    /// Opens the SQLite store in `folder`, making it when it is new.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used or was written by a newer program.
    pub fn sqlite(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::folder(folder))?;
        let db = Box::new(sqlite::Sqlite::open(folder)?);
        Self::with(db, &folder.join("photos"))
    }

    /// Opens the PostgreSQL store at `url`; photographs lie in `photos`, which all nodes share.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn postgres(url: &str, reach: &Reach, photos: &Path) -> Result<Self, StoreError> {
        Self::with(Box::new(postgres::Postgres::open(url, reach)?), photos)
    }

    fn with(db: Box<dyn Database>, photos: &Path) -> Result<Self, StoreError> {
        Ok(Self { db, photos: Photos::open(photos)?, alarms: limits::Alarms::default() })
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

#[cfg(test)]
mod tests;
