use std::path::Path;

use age::secrecy::ExposeSecret;
use catalogue::say;
use keyring::Entry;
use sha2::{Digest, Sha256};

/// The secret store could not be used. There is no fallback: a key on disk would open the vault
/// to whoever takes the disk.
#[derive(Debug, thiserror::Error)]
pub enum SecretStoreError {
    /// None runs.
    #[error("{}", say!("vault-no-secret-store-answers-machine", what = _0))]
    Unavailable(String),
    /// No randomness.
    #[error("{}", say!("gallery-system-gives-no-random-numbers", what = _0))]
    Random(getrandom::Error),
}

/// Where secrets rest.
pub trait KeyStore {
    /// The secret named `name`, if there is one.
    ///
    /// # Errors
    /// [`SecretStoreError::Unavailable`].
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError>;

    /// Stores a secret.
    ///
    /// # Errors
    /// [`SecretStoreError::Unavailable`].
    fn set(&self, name: &str, secret: &str) -> Result<(), SecretStoreError>;

    /// Removes a secret; one that is not there is removed already.
    ///
    /// # Errors
    /// [`SecretStoreError::Unavailable`].
    fn remove(&self, name: &str) -> Result<(), SecretStoreError>;
}

/// The system's secret store: Secret Service, Windows Credential Manager, macOS Keychain.
#[derive(Debug, Clone, Copy, Default)]
pub struct SecretService;

const SERVICE: &str = "org.corroborate.workstation";

fn unavailable(error: impl std::fmt::Display) -> SecretStoreError {
    SecretStoreError::Unavailable(error.to_string())
}

impl KeyStore for SecretService {
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        match Entry::new(SERVICE, name).and_then(|entry| entry.get_password()) {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        Entry::new(SERVICE, name).and_then(|entry| entry.set_password(secret)).map_err(unavailable)
    }

    fn remove(&self, name: &str) -> Result<(), SecretStoreError> {
        match Entry::new(SERVICE, name).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}

/// The name under which the key of the vault in `folder` rests: two vaults never share one.
pub(crate) fn entry_name(folder: &Path) -> String {
    let whole = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let hash = hex::encode(Sha256::digest(whole.to_string_lossy().as_bytes()));
    format!("vault-{}", &hash[..16])
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SecretStoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(SecretStoreError::Random)?;
    Ok(bytes)
}

/// 256 random bits in hexadecimal: SQLCipher's raw key.
pub(crate) fn fresh() -> Result<String, SecretStoreError> {
    Ok(hex::encode(random::<32>()?))
}

/// A fresh age identity, of a workstation or a person: for what is encrypted to them.
pub(crate) fn fresh_identity() -> String {
    age::x25519::Identity::generate().to_string().expose_secret().to_owned()
}
