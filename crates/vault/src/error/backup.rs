//! Why there is no backup, or why it cannot be read.

use std::path::PathBuf;

use catalogue::say;

/// A backup could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Folder or file.
    #[error("{}", say!("vault-backup-folder", path = path.display(), source))]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The roster names no key of an escrow: nobody could restore it.
    #[error("{}", say!("vault-backup-nobody-could-restore"))]
    Nobody,
    /// The vault's key could not be sealed.
    #[error("{}", say!("vault-backup-not-sealed", why = _0))]
    NotSealed(String),
    /// There is none in the folder.
    #[error("{}", say!("vault-backup-none", path = _0.display()))]
    None(PathBuf),
    /// It is not one, or was changed.
    #[error("{}", say!("vault-backup-damaged", why = _0))]
    Damaged(String),
    /// A piece was changed.
    #[error("{}", say!("vault-backup-piece-damaged", path = _0.display()))]
    DamagedPiece(PathBuf),
    /// A piece is gone.
    #[error("{}", say!("vault-backup-piece-missing", path = _0.display()))]
    MissingPiece(PathBuf),
    /// What was given is no key.
    #[error("{}", say!("vault-backup-no-key"))]
    NoKey,
    /// Too few keys of the escrow.
    #[error("{}", say!("vault-backup-too-few-keys", opened, needed))]
    TooFewKeys {
        /// Shares that the given keys open.
        opened: usize,
        /// Shares that it takes.
        needed: usize,
    },
    /// Nobody's door is in it: nobody could sign in.
    #[error("{}", say!("vault-backup-no-door"))]
    NoDoor,
}
