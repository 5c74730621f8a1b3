//! Signed texts: what leaves the vault as a file and can be checked anywhere.
//!
//! A record is written in the canonical form of RFC 8785 (JSON Canonicalization Scheme), hashed with SHA-256, and
//! signed with Ed25519 by the workstation's key over `<schema>\n<text>`, so that no signature of one kind of record
//! stands for another.

use catalogue::say;
use department::PublicKey;
use ed25519_dalek::{Signer as _, SigningKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::VaultError;
use crate::hashing::{canonical, sha256};
use crate::unproven::{Reason, Unproven, whole};
use crate::vault::Vault;

/// Largest file that leaves a workstation and is read again, in bytes.
pub const MOST_FILE: usize = 64 << 20;

/// A canonical text with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// RFC 8785 text.
    pub text: String,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
    /// Ed25519 signature, in hexadecimal.
    pub signature: String,
    /// Public key, in hexadecimal.
    pub public_key: String,
}

/// The workstation's key, from its seed in hexadecimal.
pub(crate) fn signing_key(seed: &str) -> Result<SigningKey, VaultError> {
    let seed: Option<[u8; 32]> = hex::decode(seed).ok().and_then(|bytes| bytes.try_into().ok());
    seed.map(|seed| SigningKey::from_bytes(&seed)).ok_or(VaultError::SigningKey)
}

/// Signs `record` as one of `schema`.
pub(crate) fn sign(key: &SigningKey, schema: &str, record: &impl Serialize) -> Result<Signed, VaultError> {
    let text = canonical(record)?;
    let signature = key.sign(format!("{schema}\n{text}").as_bytes());
    Ok(Signed {
        sha256: sha256(&text),
        signature: hex::encode(signature.to_bytes()),
        public_key: hex::encode(key.verifying_key().to_bytes()),
        text,
    })
}

/// First line of what is signed for a service.
const REQUEST: &str = "corroborate.request.v1";

impl Vault {
    /// The workstation's public key, and its signature of `text` as a request to a service, both in hexadecimal. The
    /// first line of what is signed keeps it from standing for a note, a review or a package.
    pub fn sign_request(&self, text: &str) -> (String, String) {
        let signature = self.signing.sign(format!("{REQUEST}\n{text}").as_bytes());
        (self.own_key(), hex::encode(signature.to_bytes()))
    }
}

impl Signed {
    /// Reads the record, if nothing of it was changed since it was signed as one of `schema`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn open<T: DeserializeOwned + Serialize>(&self, schema: &str) -> Result<T, String> {
        self.signed_as(schema)?;
        serde_json::from_str(&self.text).map_err(|e| say!("vault-cannot-read", e))
    }

    /// The same for a record that leaves as a file: its text has one reading, and no field besides its own.
    ///
    /// # Errors
    /// What is wrong.
    pub(crate) fn prove<T: DeserializeOwned + Serialize>(&self, schema: &str) -> Result<T, Unproven> {
        self.signed_as(schema)?;
        let (_, value) = department::read_canonical(self.text.as_bytes(), MOST_FILE)?;
        if value["schema"] != schema {
            return Err(Unproven::new(Reason::Schema, say!("vault-record-of-another-schema", schema)));
        }
        whole(value)
    }

    /// Whether the text has the hash that stands beside it and is signed, as one of `schema`, by the key that stands there.
    pub(crate) fn signed_as(&self, schema: &str) -> Result<(), Unproven> {
        let found = sha256(&self.text);
        if found != self.sha256 {
            let said = say!("vault-changed-after-sealed-sha-256", found, sha256 = self.sha256);
            return Err(Unproven::new(Reason::Hash, said));
        }
        let key = PublicKey::read(&self.public_key)
            .map_err(|_| Unproven::new(Reason::Key, say!("vault-signature-key-malformed")))?;
        key.verify(schema, &self.text, &self.signature)
            .map_err(|_| Unproven::new(Reason::Signature, say!("vault-signature-does-not-fit-text")))
    }
}

/// A file that left, as one canonical value: a line feed may end it.
///
/// # Errors
/// What keeps it from being read.
pub(crate) fn file_value(text: &str) -> Result<serde_json::Value, Unproven> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(department::read_canonical(text.as_bytes(), MOST_FILE)?.1)
}
