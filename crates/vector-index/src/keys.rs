//! Where the keys of an index's files lie: apart from the files, with whoever has the store of record.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

/// A key of one file.
pub type Key = Zeroizing<[u8; 32]>;

/// Why keys could not be reached.
pub type KeysError = Box<dyn Error + Send + Sync>;

/// Keeps the keys of files, each of one file of one index. `index` has 32 characters, `file` 20: 16 digits and `.seg`.
pub trait Keys: std::fmt::Debug + Send + Sync {
    /// The key of `file`; `None` when there is none or it was destroyed.
    ///
    /// # Errors
    /// When it cannot be told.
    fn get(&self, index: &str, file: &str) -> Result<Option<Key>, KeysError>;

    /// Keeps the key of `file`; it is on the disk when this returns.
    ///
    /// # Errors
    /// When it is not kept; then the file must not be used.
    fn put(&self, index: &str, file: &str, key: &Key) -> Result<(), KeysError>;

    /// Destroys every key of `index` but those of `files`.
    ///
    /// # Errors
    /// When some may be there still.
    fn keep(&self, index: &str, files: &[&str]) -> Result<(), KeysError>;
}

/// Keys in memory, for tests and measurements: an index whose keys are gone fills itself again.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<HashMap<(String, String), Key>>);

impl Keys for InMemory {
    fn get(&self, index: &str, file: &str) -> Result<Option<Key>, KeysError> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.get(&(index.to_owned(), file.to_owned())).cloned())
    }

    fn put(&self, index: &str, file: &str, key: &Key) -> Result<(), KeysError> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert((index.to_owned(), file.to_owned()), key.clone());
        Ok(())
    }

    fn keep(&self, index: &str, files: &[&str]) -> Result<(), KeysError> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|(of, file), _| of != index || files.contains(&file.as_str()));
        Ok(())
    }
}

impl<K: Keys + ?Sized> Keys for std::sync::Arc<K> {
    fn get(&self, index: &str, file: &str) -> Result<Option<Key>, KeysError> {
        (**self).get(index, file)
    }

    fn put(&self, index: &str, file: &str, key: &Key) -> Result<(), KeysError> {
        (**self).put(index, file, key)
    }

    fn keep(&self, index: &str, files: &[&str]) -> Result<(), KeysError> {
        (**self).keep(index, files)
    }
}
