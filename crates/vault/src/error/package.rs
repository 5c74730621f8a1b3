//! Why a package or a card was not taken in.

use catalogue::say;

/// A package or card that was not taken in. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// Not a card.
    #[error("{}", say!("vault-no-workstation-card-copy-whole"))]
    Card,
    /// The own card.
    #[error("{}", say!("vault-workstation-own-card-paste-other"))]
    OwnCard,
    /// Encrypted to somebody else.
    #[error("{}", say!("vault-package-another-workstation-nothing-taken"))]
    NotForUs,
    /// Not whole.
    #[error("{}", say!("vault-package-changed-damaged-way-nothing", what = _0))]
    Altered(String),
    /// From a workstation whose card nobody added.
    #[error("{}", say!("vault-package-comes-from-workstation-not", name, fingerprint))]
    UnknownSender {
        /// As it calls itself.
        name: String,
        /// Of its card.
        fingerprint: String,
    },
    /// It does not fit what is here.
    #[error("{}", say!("vault-package-does-not-fit-workstation", what = _0))]
    Unfit(String),
    /// The department has taken this workstation out.
    #[error("{}", say!("vault-workstation-was-taken-out"))]
    TakenOut,
    /// Nobody to send to.
    #[error("{}", say!("vault-no-such-workstation-among-one"))]
    NoSuchWorkstation,
    /// It could not be encrypted to its recipient.
    #[error("{}", say!("vault-package-could-not-encrypted-nothing", what = _0))]
    NotEncrypted(String),
    /// Of a kind that this program does not know.
    #[error("{}", say!("vault-package-newer-program"))]
    Newer,
    /// Too much.
    #[error("{}", say!("vault-package-would-megabytes-more-than", what = _0))]
    TooLarge(u64),
}
