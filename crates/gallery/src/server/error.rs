//! What keeps a gallery from opening.

use catalogue::say;
use service::log::LogError;

use crate::store::StoreError;

/// What kept a gallery from opening.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index.
    #[error(transparent)]
    Index(#[from] vector_index::IndexError),
    /// The log of the audit.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The index could not be filled.
    #[error("{}", say!("gallery-index-could-not-brought-up", what = _0))]
    Behind(String),
}
