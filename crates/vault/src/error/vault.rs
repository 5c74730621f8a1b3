//! Why the vault did not do what it was asked.

use std::path::PathBuf;

use catalogue::say;

use super::backup::BackupError;
use super::chain::ChainError;
use super::package::PackageError;
use super::provider::ProviderRefusal;
use crate::key::SecretStoreError;

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
