//! The workstation's encrypted store: cases, probes, sealed notes and the audit chain.
//!
//! One SQLCipher file. Its key is made at first start and lies in the [`Entrance`], sealed under each person's passphrase: the
//! secret store opens the entrance, a person the vault. This is the only crate that writes case content to the workstation.
//!
//! **Invariant:** a note row exists only for a [`casework::SealedNote`], and the database itself
//! refuses one whose three categories are not answered, and every change of a note or audit row.

mod anchors;
mod answered;
mod attachments;
mod audit;
pub mod backup;
mod cases;
mod disclosed;
mod entrance;
mod exchange;
mod first_steps;
mod key;
mod lock;
mod logged;
mod logging;
mod lost;
mod oversight;
mod people;
mod private;
mod records;
mod reported;
mod results;
mod retention;
mod roster;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod schema;
mod sealing;
mod settings;
mod signed;
mod signers;
mod stated;
mod unproven;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use catalogue::say;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};
use zeroize::Zeroizing;

pub use anchors::{AUDIT_HEAD, AuditHead, DisclosedEvent, RolledBack};
pub use answered::verify_answer;
pub use audit::{AuditEvent, ChainError, CheckedAudit, verify_export};
pub use backup::BackupError;
pub use cases::{CaseRow, Cases, UnreadCase};
pub use department::{Card, fingerprint};
pub use disclosed::{CheckedDisclosure, DISCLOSURE, DisclosureProof, ProofNote, verify_disclosure};
pub use entrance::{
    Admission, Arrived, CODE_DAYS, Due, Entered, Entrance, Known, ProviderRefusal, Second, SecondFactor, Travelling,
};
pub use exchange::{Filled, ListPhotographs, Moved, Outgoing, PackageError, Taken, read_card};
pub use key::{KeyStore, SecretService, SecretStoreError};
pub use logged::{LogSeen, LoggedRow};
pub use logging::{InLog, Whose, Witnessed};
pub use lost::LostRows;
pub use oversight::{
    DeskFault, DeskSource, EventPage, EventQuery, GalleryFault, GalleryFaulted, GalleryLog, GalleryRead, GalleryRow,
    MOST_EVENTS, Sample as DeskSample,
};
pub use people::{News, StaffNews};
pub use records::{StoredNote, Waiting};
pub use reported::MadeReport;
pub use retention::{CheckedCertificate, Fate, Standing, Standings, verify_certificate};
pub use settings::Settings;
pub use signed::{
    CheckedNote, MOST_FILE, NoteFile, Signed, canonical, prove_addendum, prove_note, prove_review, verify_note,
};
pub use signers::{Signer, verify_signers};
pub use stated::{Stated, decided_at};
pub use unproven::{Reason, Unproven};

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
    /// A case that lives at another workstation of the department now.
    #[error("{}", say!("vault-case-moved"))]
    Moved,
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
    /// A code that does not fit the second factor which is being set up.
    #[error("{}", say!("vault-code-does-not-fit-app"))]
    WrongCode,
    /// A code that was used before.
    #[error("{}", say!("vault-code-used-already-wait", name = _0))]
    CodeUsed(String),
    /// An enrolment code that is too old.
    #[error("{}", say!("vault-enrolment-code-ended-ask", name = _0))]
    CodeEnded(String),
    /// Somebody of an earlier program's vault who comes after its key went.
    #[error("{}", say!("vault-no-door-ask-administrator", name = _0))]
    NoDoor(String),
    /// What the department's identity provider said, or that it is away, lets nobody in.
    #[error(transparent)]
    Provider(#[from] ProviderRefusal),
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
    /// The department's documents, or what somebody signed by them.
    #[error("{}", say!("vault-department-refused", what = _0))]
    Department(#[from] department::Refusal),
    /// A door that came from another workstation is malformed.
    #[error("{}", say!("vault-door-malformed"))]
    Travelling,
    /// The department's policy cannot be read.
    #[error("{}", say!("vault-policy-cannot-read", what = _0))]
    Policy(String),
    /// A record that does not prove what it claims.
    #[error("{}", say!("vault-stored-does-not-hold-nothing", what, why))]
    NotProven {
        /// `note`, `review` or `addendum`.
        what: &'static str,
        /// What does not hold.
        why: String,
    },
    /// Something of a case that does not open with the case's key: changed, or put where it does not belong.
    #[error("{}", say!("vault-sealed-does-not-open"))]
    Unsealed,
    /// A case that was purged.
    #[error("{}", say!("vault-case-purged"))]
    Purged,
    /// A case that a supervisor said something of does not move.
    #[error("{}", say!("vault-case-kept-here"))]
    KeptHere,
    /// What the department's log shows.
    #[error(transparent)]
    Ledger(#[from] ledger::Refusal),
    /// The relay's log has another key than the department's.
    #[error("{}", say!("vault-log-key"))]
    LogKey,
    /// A package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// Not there.
    #[error("{}", say!("vault-no-such", what = _0))]
    Unknown(&'static str),
    /// Audit.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
}

impl VaultError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            VaultError::Folder { .. } => "vault-folder",
            VaultError::Moved => "case-moved",
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
            VaultError::WrongCode => "wrong-code",
            VaultError::CodeUsed(_) => "code-used",
            VaultError::CodeEnded(_) => "code-ended",
            VaultError::NoDoor(_) => "no-door",
            VaultError::Provider(why) => why.code(),
            VaultError::Passphrase(_) => "passphrase",
            VaultError::SigningKey => "signing-key",
            VaultError::TooLarge { .. } => "attachment-too-large",
            VaultError::Unreadable(_) => "unreadable",
            VaultError::FileChanged(_) => "file-changed",
            VaultError::ClockBack(_) => "clock-back",
            VaultError::Department(_) => "department",
            VaultError::Travelling => "door",
            VaultError::Policy(_) => "policy",
            VaultError::NotProven { .. } => "not-proven",
            VaultError::Unsealed => "vault-sealed",
            VaultError::Purged => "case-purged",
            VaultError::KeptHere => "case-kept",
            VaultError::Ledger(_) => "ledger",
            VaultError::LogKey => "ledger-key",
            VaultError::Package(_) => "package",
            VaultError::Unknown(_) => "unknown",
            VaultError::Chain(_) => "audit-broken",
            VaultError::Backup(_) => "backup",
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
    key: Zeroizing<String>,
    /// The department, proven when it was read; who signs, while somebody is signed in.
    department: Option<department::Chain>,
    pen: Option<ed25519_dalek::SigningKey>,
    // Held as long as the vault is open.
    _lock: Arc<lock::Lock>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("db", &self.db).finish_non_exhaustive()
    }
}

/// A SQLCipher file with its key, which may not fit.
fn keyed(path: &Path, key: &str, flags: OpenFlags) -> Result<Connection, VaultError> {
    // SQLite counts itself as started a moment before SQLCipher is: of two first connections of a process, the key
    // of the second would be refused.
    static STARTED: Once = Once::new();
    STARTED.call_once(|| drop(Connection::open_in_memory()));
    let db = Connection::open_with_flags(path, flags)?;
    db.pragma_update(None, "key", Zeroizing::new(format!("x'{key}'")).as_str())?;
    // What the database frees is overwritten: pages hold cases, statements hold the key.
    db.pragma_update(None, "cipher_memory_security", true)?;
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .map_err(|_| VaultError::Locked(path.to_owned()))?;
    Ok(db)
}

/// A file of the vault, made where it is not there: nobody else may read it, and what is in it survives a power cut.
fn database(path: &Path, key: &str, unusable: impl Fn(std::io::Error) -> VaultError) -> Result<Connection, VaultError> {
    for beside in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        let beside = Path::new(&name);
        if beside.exists() {
            private::file(beside).map_err(&unusable)?;
        }
    }
    private::file(path).map_err(unusable)?;
    let db = keyed(path, key, OpenFlags::default())?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "temp_store", "memory")?;
    Ok(db)
}

impl Vault {
    /// Opens the file in `folder` with its key, making it where it is absent. Only an [`Entrance`] knows a key.
    fn open(
        folder: &Path,
        name: &str,
        lock: Arc<lock::Lock>,
        key: &str,
        keys: &dyn KeyStore,
    ) -> Result<Self, VaultError> {
        let unusable = |source| VaultError::Folder { path: folder.to_owned(), source };
        let mut db = database(&folder.join("vault.db"), key, unusable)?;
        // Off while tables are rebuilt.
        db.pragma_update(None, "foreign_keys", false)?;
        schema::migrate(&mut db, schema::STEPS, schema::finish)?;
        db.pragma_update(None, "foreign_keys", true)?;
        let signing = signed::signing_key(&own_key(&db, keys, "signing", name, || Ok(key::fresh()?))?)?;
        let receiving = own_key(&db, keys, "exchange", name, || Ok(exchange::fresh()))?;
        let receiving = receiving.parse().map_err(|_| VaultError::SigningKey)?;
        let (name, key) = (name.to_owned(), Zeroizing::new(key.to_owned()));
        let department = roster::read(&db)?;
        let folder = folder.to_owned();
        let vault = Self { db, signing, receiving, name, folder, key, department, pen: None, _lock: lock };
        vault.keep_highest_seen(keys)?;
        retention::scrub_if_owed(&vault.db);
        Ok(vault)
    }

    /// The workstation's public key, in hexadecimal.
    pub(crate) fn own_key(&self) -> String {
        hex::encode(self.signing.verifying_key().to_bytes())
    }

    /// The key of the file.
    fn key(&self) -> &str {
        &self.key
    }

    /// Gives the file another key; the one before opens nothing of it any more.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    fn rekey(&mut self, key: &str) -> Result<(), VaultError> {
        self.db.pragma_update(None, "rekey", Zeroizing::new(format!("x'{key}'")).as_str())?;
        // What the old key sealed does not stay beside the file.
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.key = Zeroizing::new(key.to_owned());
        Ok(())
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
        if done.is_err() {
            // What was rolled back is not known any more.
            self.forget_rolled_back()?;
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
