//! Keys that rest in memory, for tests of one vault.

use std::collections::HashMap;
use std::sync::Mutex;

use vault::{KeyStore, SecretStoreError};

#[derive(Default)]
pub struct InMemory(pub Mutex<HashMap<String, String>>);

impl KeyStore for InMemory {
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap().insert(name.to_owned(), secret.to_owned());
        Ok(())
    }
}
