use catalogue::say;

/// Why something of the log does not hold. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // Each variant's words say what it is.
pub enum Refusal {
    #[error("{}", say!("ledger-too-large", bytes, most))]
    TooLarge { bytes: usize, most: usize },
    #[error("{}", say!("ledger-malformed", what))]
    Malformed { what: &'static str },
    #[error("{}", say!("ledger-key-malformed"))]
    KeyMalformed,
    #[error("{}", say!("ledger-key-weak"))]
    KeyWeak,
    #[error("{}", say!("ledger-other-log", wanted, found))]
    OtherLog { wanted: String, found: String },
    #[error("{}", say!("ledger-not-signed", name))]
    NotSigned { name: String },
    #[error("{}", say!("ledger-signature-wrong", name))]
    SignatureWrong { name: String },
    #[error("{}", say!("ledger-no-witness"))]
    NoWitness,
    #[error("{}", say!("ledger-not-included", index, size))]
    NotIncluded { index: u64, size: u64 },
    #[error("{}", say!("ledger-rolled-back", seen, found))]
    RolledBack { seen: u64, found: u64 },
    #[error("{}", say!("ledger-fork", size))]
    Fork { size: u64 },
    #[error("{}", say!("ledger-inconsistent", older, newer))]
    Inconsistent { older: u64, newer: u64 },
    #[error("{}", say!("ledger-tile-missing", path))]
    TileMissing { path: String },
}

impl Refusal {
    /// A stable code for programs, such as `signature-wrong`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::Malformed { .. } => "malformed",
            Self::KeyMalformed => "key-malformed",
            Self::KeyWeak => "key-weak",
            Self::OtherLog { .. } => "other-log",
            Self::NotSigned { .. } => "not-signed",
            Self::SignatureWrong { .. } => "signature-wrong",
            Self::NoWitness => "no-witness",
            Self::NotIncluded { .. } => "not-included",
            Self::RolledBack { .. } => "rolled-back",
            Self::Fork { .. } => "fork",
            Self::Inconsistent { .. } => "inconsistent",
            Self::TileMissing { .. } => "tile-missing",
        }
    }

    /// Whether the log contradicts itself: it showed another history than before.
    pub fn is_another_history(&self) -> bool {
        matches!(self, Self::RolledBack { .. } | Self::Fork { .. } | Self::Inconsistent { .. })
    }
}
