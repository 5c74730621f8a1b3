//! Why an audit chain does not hold.

use catalogue::say;

/// The chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A link does not fit.
    #[error("{}", say!("vault-audit-chain-broken-event-event", what = _0))]
    Broken(i64),
    /// Not an audit export.
    #[error("{}", say!("vault-not-audit-export-line", line, message))]
    Form {
        /// Line from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The chain is whole, but not the one that was signed for.
    #[error("{}", say!("vault-export-not-workstation-signed", what = _0))]
    Head(String),
}
