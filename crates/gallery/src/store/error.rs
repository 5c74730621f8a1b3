//! Why the store did not do what it was asked.

use std::path::Path;

use catalogue::say;

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
    /// A folder or file that cannot be used.
    pub(super) fn folder(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
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
