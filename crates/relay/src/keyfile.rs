//! A person's signing key in a file, wrapped by a passphrase: `corroborate/key/v1` (`docs/formats/key.md`).

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use catalogue::say;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use department::{Gap, Person, PublicKey, SessionRule, check_passphrase};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Its schema, and the first line of what the seal covers besides the secret.
pub const KEY: &str = "corroborate/key/v1";
/// Largest key file, in bytes.
const MOST_BYTES: u64 = 4096;
/// Fewest characters of a passphrase: whoever copies the file may try as many as they like.
const LEAST: usize = 12;
/// Argon2id as RFC 9106, section 4, recommends second: 64 MiB, three passes; with one lane.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// Why a key file gives no key. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file.
    #[error("{}", say!("relay-key-file-cannot-used", path, source))]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is there already.
    #[error("{}", say!("relay-file-already-there-not-touched", path = _0))]
    Exists(String),
    /// No key file.
    #[error("{}", say!("relay-no-key-file", what = _0))]
    Malformed(String),
    /// Not opened.
    #[error("{}", say!("relay-key-file-passphrase-wrong"))]
    Closed,
    /// A passphrase that others could guess.
    #[error("{}", _0.missing)]
    Guessable(Gap),
    /// The system.
    #[error("{}", say!("relay-system-gives-no-randomness", what = _0))]
    Random(getrandom::Error),
}

/// A wrapped key. Its fields are hexadecimal in lower case and stand in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// The public key.
    key: String,
    /// 24 bytes.
    nonce: String,
    /// 16 bytes.
    salt: String,
    schema: String,
    /// The secret key's 32 bytes, encrypted, with 16 bytes that prove it.
    sealed: String,
}

fn bytes<const N: usize>(name: &str, text: &str) -> Result<[u8; N], KeyFileError> {
    let lower = !text.bytes().any(|b| b.is_ascii_uppercase());
    let read = hex::decode(text).ok().filter(|_| lower).and_then(|bytes| bytes.try_into().ok());
    read.ok_or_else(|| KeyFileError::Malformed(name.to_owned()))
}

/// The cipher that a passphrase and a salt give.
fn cipher(passphrase: &str, salt: &[u8]) -> Result<XChaCha20Poly1305, KeyFileError> {
    let typed: Zeroizing<String> = Zeroizing::new(passphrase.nfc().collect());
    let mut key = Zeroizing::new([0; 32]);
    let cost = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(|e| KeyFileError::Malformed(e.to_string()))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
        .hash_password_into(typed.as_bytes(), salt, key.as_mut())
        .map_err(|e| KeyFileError::Malformed(e.to_string()))?;
    Ok(XChaCha20Poly1305::new(key.as_ref().into()))
}

impl KeyFile {
    /// Wraps a key by a passphrase that `person` could have.
    ///
    /// # Errors
    /// [`KeyFileError::Guessable`]; [`KeyFileError::Random`].
    pub fn wrap(secret: &SigningKey, passphrase: &str, person: &Person) -> Result<Self, KeyFileError> {
        fits(passphrase, person)?;
        let (mut salt, mut nonce) = ([0; 16], [0; 24]);
        getrandom::fill(&mut salt).map_err(KeyFileError::Random)?;
        getrandom::fill(&mut nonce).map_err(KeyFileError::Random)?;
        Self::wrapped(secret, passphrase, salt, nonce)
    }

    /// The same with salt and nonce that are given: for test vectors.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] where the cipher fails.
    #[doc(hidden)]
    pub fn wrapped(
        secret: &SigningKey,
        passphrase: &str,
        salt: [u8; 16],
        nonce: [u8; 24],
    ) -> Result<Self, KeyFileError> {
        let key = PublicKey::of(secret).to_string();
        let aad = format!("{KEY}\n{key}");
        let secret = Zeroizing::new(secret.to_bytes());
        let payload = Payload { msg: secret.as_ref(), aad: aad.as_bytes() };
        let sealed = cipher(passphrase, &salt)?
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|e| KeyFileError::Malformed(e.to_string()))?;
        Ok(Self {
            key,
            nonce: hex::encode(nonce),
            salt: hex::encode(salt),
            schema: KEY.to_owned(),
            sealed: hex::encode(sealed),
        })
    }

    /// Reads a key file's text; one line feed may end it.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] with what is wrong.
    pub fn read(text: &str) -> Result<Self, KeyFileError> {
        let malformed = |what: String| KeyFileError::Malformed(what);
        if text.len() as u64 > MOST_BYTES {
            return Err(malformed("length".to_owned()));
        }
        let text = text.strip_suffix('\n').unwrap_or(text);
        let file: Self = serde_json::from_str(text).map_err(|e| malformed(e.to_string()))?;
        if file.schema != KEY {
            return Err(malformed("schema".to_owned()));
        }
        if file.text()? != text {
            return Err(malformed("form".to_owned()));
        }
        bytes::<24>("nonce", &file.nonce)?;
        bytes::<16>("salt", &file.salt)?;
        bytes::<48>("sealed", &file.sealed)?;
        file.public()?;
        Ok(file)
    }

    /// Reads a key file from the disk.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        let file = |source| KeyFileError::File { path: path.display().to_string(), source };
        // A device or a pipe that never ends is no key file either.
        if std::fs::metadata(path).map_err(file)?.len() > MOST_BYTES {
            return Err(KeyFileError::Malformed(path.display().to_string()));
        }
        Self::read(&std::fs::read_to_string(path).map_err(file)?)
    }

    /// The public key.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`].
    pub fn public(&self) -> Result<PublicKey, KeyFileError> {
        PublicKey::read(&self.key).map_err(|e| KeyFileError::Malformed(e.to_string()))
    }

    /// The secret key.
    ///
    /// # Errors
    /// [`KeyFileError::Closed`] for another passphrase, or a file that was changed.
    pub fn unwrap(&self, passphrase: &str) -> Result<SigningKey, KeyFileError> {
        let nonce = bytes::<24>("nonce", &self.nonce)?;
        let sealed = bytes::<48>("sealed", &self.sealed)?;
        let aad = format!("{KEY}\n{}", self.key);
        let opened = cipher(passphrase, &bytes::<16>("salt", &self.salt)?)?
            .decrypt(XNonce::from_slice(&nonce), Payload { msg: &sealed, aad: aad.as_bytes() })
            .map_err(|_| KeyFileError::Closed)?;
        let opened = Zeroizing::new(opened);
        let secret: Zeroizing<[u8; 32]> =
            Zeroizing::new(opened.as_slice().try_into().map_err(|_| KeyFileError::Closed)?);
        let secret = SigningKey::from_bytes(&secret);
        // Whoever sealed another secret under this name knew the passphrase; it is not this key all the same.
        if PublicKey::of(&secret).to_string() == self.key { Ok(secret) } else { Err(KeyFileError::Closed) }
    }

    /// The file's text, without the line feed that ends it.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] where it cannot be written.
    pub fn text(&self) -> Result<String, KeyFileError> {
        serde_json_canonicalizer::to_string(self).map_err(|e| KeyFileError::Malformed(e.to_string()))
    }
}

/// Whether somebody may wrap a key by this passphrase.
///
/// # Errors
/// [`KeyFileError::Guessable`] with what is wrong.
pub fn fits(passphrase: &str, person: &Person) -> Result<(), KeyFileError> {
    // Of the rule only this number is asked.
    let rule = SessionRule {
        lock_after_minutes: 0,
        wrong_passphrases: 0,
        wait_minutes: 0,
        passphrase_characters: LEAST,
        second_factor_hours: 0,
        provider: None,
    };
    match check_passphrase(passphrase, person, &rule) {
        Ok(()) => Ok(()),
        Err(gaps) => gaps.into_iter().next().map_or(Ok(()), |gap| Err(KeyFileError::Guessable(gap))),
    }
}

/// A new random key.
///
/// # Errors
/// [`KeyFileError::Random`].
pub fn new_key() -> Result<SigningKey, KeyFileError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(KeyFileError::Random)?;
    Ok(SigningKey::from_bytes(&seed))
}

/// Writes a new file that only its owner reads, and sees it on the disk. One that is there is not touched.
///
/// # Errors
/// [`KeyFileError::Exists`], [`KeyFileError::File`]; then none is left.
pub fn write_secret(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let said = || path.display().to_string();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => KeyFileError::Exists(said()),
        _ => KeyFileError::File { path: said(), source },
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    // Its name too survives a power cut.
    #[cfg(unix)]
    let written = written.and_then(|()| match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => std::fs::File::open(".")?.sync_all(),
    });
    written.map_err(|source| {
        drop(std::fs::remove_file(path));
        KeyFileError::File { path: said(), source }
    })
}
