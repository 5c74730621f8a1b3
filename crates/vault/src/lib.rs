//! The workstation's encrypted store: cases, probes, sealed notes and the audit chain.
//!
//! One SQLCipher file. Its key is made at first start and rests in the system's secret store; it
//! is never written to disk. This is the only crate that writes case content to the workstation.
//!
//! **Invariant:** a note row exists only for a [`casework::SealedNote`], and the database itself
//! refuses one whose three categories are not answered, and every change of a note or audit row.

mod anchors;
mod attachments;
mod audit;
mod cases;
mod exchange;
mod key;
mod lock;
mod people;
mod private;
mod records;
mod schema;
mod settings;
mod signed;

use std::path::{Path, PathBuf};
use std::sync::Once;

use catalogue::say;
use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

pub use anchors::{AUDIT_HEAD, AuditHead, DisclosedEvent, RolledBack};
pub use audit::{AuditEvent, ChainError, CheckedAudit, verify_export};
pub use cases::{CaseRow, Cases, UnreadCase};
pub use department::{Card, fingerprint};
pub use exchange::{Filled, Outgoing, PackageError, Taken, read_card};
pub use key::{KeyStore, SecretService, SecretStoreError};
pub use people::{SignIn, StaffNews};
pub use records::{StoredNote, Waiting};
pub use settings::Settings;
pub use signed::{CheckedNote, NoteFile, Signed, canonical, prove_addendum, prove_note, prove_review, verify_note};

/// The vault could not do what was asked. Nothing was half saved.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Folder.
    #[error("{}", say!("vault-cannot-use-folder-nothing-changed", path = path.display(), source))]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another window has it open.
    #[error("{}", say!("vault-another-corroborate-open-close-then"))]
    InUse,
    /// Secret store.
    #[error(transparent)]
    Secret(#[from] SecretStoreError),
    /// The key is gone but the file is there.
    #[error("{}", say!("vault-file-but-key-not-user", what = _0.display()))]
    KeyMissing(PathBuf),
    /// The file is gone and its key is there.
    #[error("{}", say!("vault-file-missing-but-user-secret", what = _0.display()))]
    Missing(PathBuf),
    /// The key does not open the file.
    #[error("{}", say!("vault-file-cannot-opened-stored-key", what = _0.display()))]
    Locked(PathBuf),
    /// A newer program.
    #[error("{}", say!("vault-written-newer-corroborate-schema-start", what = _0))]
    Newer(i64),
    /// The database refused.
    #[error("{}", say!("vault-refused-nothing-saved-typed-kept", what = _0))]
    Database(#[from] rusqlite::Error),
    /// A record cannot be read back.
    #[error("{}", say!("vault-record-cannot-read-back-nothing", what = _0))]
    Record(#[from] serde_json::Error),
    /// A wrong passphrase.
    #[error("{}", say!("vault-not-s-passphrase-attempts-left", name, left))]
    WrongPassphrase {
        /// Whose it should be.
        name: String,
        /// Attempts before a wait.
        left: u16,
    },
    /// Too many wrong ones in a row.
    #[error("{}", say!("vault-too-many-wrong-passphrases-try", name, minutes))]
    Waiting {
        /// Whose.
        name: String,
        /// Whole minutes, rounded up.
        minutes: i64,
    },
    /// The passphrase could not be hashed or read.
    #[error("{}", say!("vault-passphrase-could-not-checked-nothing", what = _0))]
    Passphrase(String),
    /// The workstation's signing key.
    #[error("{}", say!("vault-signing-key-user-secret-store"))]
    SigningKey,
    /// An attachment beyond the policy's limit.
    #[error("{}", say!("vault-file-megabytes-department-keeps-attachments", megabytes, limit))]
    TooLarge {
        /// Of the file.
        megabytes: u64,
        /// The policy's.
        limit: u64,
    },
    /// A file cannot be read.
    #[error("{}", say!("vault-file-cannot-read-nothing-attached", what = _0))]
    Unreadable(String),
    /// A stored file is not what it was.
    #[error("{}", say!("vault-file-sha-256-missing-from", what = _0))]
    FileChanged(String),
    /// The clock stands before what is on record.
    #[error("{}", say!("vault-workstation-clock-stands-before-last", what = _0))]
    ClockBack(casework::Moment),
    /// A record that does not prove what it claims.
    #[error("{}", say!("vault-stored-does-not-hold-nothing", what, why))]
    NotProven {
        /// `note`, `review` or `addendum`.
        what: &'static str,
        /// What does not hold.
        why: String,
    },
    /// A package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// Not there.
    #[error("{}", say!("vault-no-such", what = _0))]
    Unknown(&'static str),
    /// Audit.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl VaultError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            VaultError::Folder { .. } => "vault-folder",
            VaultError::InUse => "vault-in-use",
            VaultError::Secret(_) => "secret-store",
            VaultError::KeyMissing(_) => "vault-key-missing",
            VaultError::Missing(_) => "vault-missing",
            VaultError::Locked(_) => "vault-locked",
            VaultError::Newer(_) => "vault-newer",
            VaultError::Database(_) => "vault-refused",
            VaultError::Record(_) => "vault-record",
            VaultError::WrongPassphrase { .. } => "wrong-passphrase",
            VaultError::Waiting { .. } => "sign-in-waits",
            VaultError::Passphrase(_) => "passphrase",
            VaultError::SigningKey => "signing-key",
            VaultError::TooLarge { .. } => "attachment-too-large",
            VaultError::Unreadable(_) => "unreadable",
            VaultError::FileChanged(_) => "file-changed",
            VaultError::ClockBack(_) => "clock-back",
            VaultError::NotProven { .. } => "not-proven",
            VaultError::Package(_) => "package",
            VaultError::Unknown(_) => "unknown",
            VaultError::Chain(_) => "audit-broken",
        }
    }
}

/// The open vault.
pub struct Vault {
    db: Connection,
    signing: ed25519_dalek::SigningKey,
    receiving: age::x25519::Identity,
    /// Under which its secrets rest.
    name: String,
    folder: PathBuf,
    // Held as long as the vault is open.
    _lock: lock::Lock,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Vault {
    /// Opens the vault in `folder`, making file and key when both are absent.
    ///
    /// # Errors
    /// [`VaultError`]; an existing file is never replaced.
    pub fn open(folder: &Path, keys: &dyn KeyStore) -> Result<Self, VaultError> {
        let unusable = |source| VaultError::Folder { path: folder.to_owned(), source };
        private::folder(folder).map_err(unusable)?;
        private::file(&folder.join("vault.lock")).map_err(unusable)?;
        let lock = lock::Lock::take(&folder.join("vault.lock")).map_err(unusable)?.ok_or(VaultError::InUse)?;
        let path = folder.join("vault.db");
        let name = key::entry_name(folder);
        let key = Zeroizing::new(match (keys.get(&name)?, path.exists()) {
            (Some(key), true) => key,
            // A key that never opened a vault is of a first start that was cut off.
            (Some(_), false) if keys.get(&signed::entry_name(&name))?.is_some() => {
                return Err(VaultError::Missing(path));
            }
            (Some(key), false) => key,
            (None, true) => return Err(VaultError::KeyMissing(path)),
            (None, false) => {
                let key = key::fresh()?;
                keys.set(&name, &key)?;
                key
            }
        });
        // SQLite counts itself as started a moment before SQLCipher is: of two first connections of a process, the key
        // of the second would be refused.
        static STARTED: Once = Once::new();
        STARTED.call_once(|| drop(Connection::open_in_memory()));
        for beside in ["vault.db-wal", "vault.db-shm"].map(|name| folder.join(name)) {
            if beside.exists() {
                private::file(&beside).map_err(unusable)?;
            }
        }
        private::file(&path).map_err(unusable)?;
        let mut db = Connection::open(&path)?;
        db.pragma_update(None, "key", Zeroizing::new(format!("x'{}'", *key)).as_str())?;
        // What the database frees is overwritten: pages hold cases, statements hold the key.
        db.pragma_update(None, "cipher_memory_security", true)?;
        db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(|_| VaultError::Locked(path))?;
        db.busy_timeout(std::time::Duration::from_secs(5))?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "full")?;
        // Off while tables are rebuilt.
        db.pragma_update(None, "foreign_keys", false)?;
        db.pragma_update(None, "secure_delete", true)?;
        db.pragma_update(None, "temp_store", "memory")?;
        schema::migrate(&mut db)?;
        db.pragma_update(None, "foreign_keys", true)?;
        let signing = signed::signing_key(keys, &signed::entry_name(&name))?;
        let receiving = exchange::identity(keys, &format!("exchange-{name}"))?;
        Ok(Self { db, signing, receiving, name, folder: folder.to_owned(), _lock: lock })
    }

    /// Runs `work` as one act: what it reads, decides and writes happens together, or nothing of it does.
    ///
    /// # Errors
    /// What `work` says, and [`VaultError`]; then nothing was written.
    pub fn act<T, E: From<VaultError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let say = |db: &Connection, words: &str| db.execute_batch(words).map_err(VaultError::from);
        say(&self.db, "BEGIN IMMEDIATE")?;
        let done = work(self).and_then(|done| Ok(say(&self.db, "COMMIT").map(|()| done)?));
        // SQLite may have rolled back by itself.
        if done.is_err() && !self.db.is_autocommit() {
            say(&self.db, "ROLLBACK")?;
        }
        done
    }

    /// Runs `work` in one transaction that is rolled back when it fails; within an act, as a part of it.
    fn write<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, VaultError>) -> Result<T, VaultError> {
        if !self.db.is_autocommit() {
            let part = self.db.savepoint()?;
            let done = work(&part)?;
            part.commit()?;
            return Ok(done);
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }
}
