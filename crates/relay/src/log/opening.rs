//! The department's log in the data folder: whose key signs it, and what of the store stands in it. Its files are `service::log`'s.

use std::path::Path;

use catalogue::say;
use ledger::{Kind, Leaf, Signer};
use service::log::Rows;
use service::refusal::Refusal;

pub use service::log::{Log, LogError, WitnessAt, WitnessAtError};

use crate::store::{Store, StoreError};
use crate::wire::origin;

/// The folder of the log's files, in the data folder.
const FOLDER: &str = "ledger";

impl Rows for &Store {
    type Error = StoreError;

    fn count(&mut self) -> Result<u64, StoreError> {
        self.leaves()
    }

    fn leaves_from(&mut self, from: u64, most: usize) -> Result<Vec<Leaf>, StoreError> {
        Store::leaves_from(self, from, most)
    }
}

/// The log of the department with this root key, from the store.
///
/// # Errors
/// As [`Log::open`].
pub fn open(data: &Path, root: &str, store: &Store) -> Result<Log, LogError> {
    let signer = Signer::new(Kind::Log, &origin(root), store.log_key())?;
    Log::open(data.join(FOLDER), signer, store)
}

/// A log that failed, as it is answered.
pub(crate) fn log_failed(error: LogError) -> Refusal {
    let failed = |error: LogError| {
        tracing::error!(%error, "ledger");
        Refusal::unavailable(say!("relay-cannot-answer"), error.to_string())
    };
    match error {
        LogError::Rows(error) => match error.downcast::<StoreError>() {
            Ok(error) => (*error).into(),
            Err(error) => failed(LogError::Rows(error)),
        },
        error => failed(error),
    }
}
