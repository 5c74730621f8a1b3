//! What a workstation signs for a service, as canonical JSON (RFC 8785), and how it is checked.
//!
//! The key is the workstation's Ed25519 key, which also signs its notes; what is signed here begins with a line of its
//! own, so that no signature stands for another kind of text.

use sha2::{Digest, Sha256};

/// First line of everything that is signed for a service.
pub const REQUEST: &str = "corroborate.request.v1";

/// What the key signs for `text`.
pub fn message(text: &str) -> String {
    format!("{REQUEST}\n{text}")
}

/// The canonical text of what is said.
pub fn canonical(value: &serde_json::Value) -> String {
    // Strings and null alone: nothing that the canonical form refuses.
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
}

/// SHA-256 of a bearer token, in hexadecimal.
pub fn token_sha256(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Whether `signature` is `public_key`'s of `text`.
pub fn verify(public_key: &str, text: &str, signature: &str) -> bool {
    let read = || -> Option<bool> {
        let key: [u8; 32] = hex::decode(public_key).ok()?.try_into().ok()?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).ok()?;
        let signature = ed25519_dalek::Signature::from_slice(&hex::decode(signature).ok()?).ok()?;
        Some(key.verify_strict(message(text).as_bytes(), &signature).is_ok())
    };
    read().unwrap_or(false)
}
