//! What a workstation signs for the gallery, as canonical JSON (RFC 8785), and how it is checked.
//!
//! The key is the workstation's Ed25519 key, which also signs its notes; what is signed here begins with a line of its
//! own, so that no signature stands for another kind of text.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::wire::{SearchRequest, Template};

/// First line of everything that is signed for a gallery.
pub const REQUEST: &str = "corroborate.request.v1";

/// What the key signs for `text`.
pub fn message(text: &str) -> String {
    format!("{REQUEST}\n{text}")
}

/// SHA-256 of a template: its model, a line feed, and its values as 32-bit floats, little-endian. In hexadecimal.
pub fn template_sha256(template: &Template) -> String {
    let mut hash = Sha256::new().chain_update(&template.model).chain_update("\n");
    for value in &template.values {
        hash.update(value.to_le_bytes());
    }
    hex::encode(hash.finalize())
}

/// Text of a search: who asks, why, with which template, once.
pub fn search_text(request: &SearchRequest, key: &str) -> String {
    canonical(&json!({
        "schema": "corroborate.search.v1", "examiner": request.examiner, "purpose": request.purpose,
        "case_number": request.case_number, "basis": request.basis,
        "template_sha256": template_sha256(&request.template), "idempotency_key": key,
    }))
}

/// Text by which whoever holds the key of a mailbox says that a token may open it. `token_sha256` is the SHA-256 of the
/// bearer token, in hexadecimal, so that the proof is worth nothing to another token.
pub fn mailbox_text(mailbox: &str, token_sha256: &str) -> String {
    canonical(&json!({ "schema": "corroborate.mailbox.v1", "mailbox": mailbox, "token_sha256": token_sha256 }))
}

/// SHA-256 of a bearer token, in hexadecimal.
pub fn token_sha256(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

fn canonical(value: &serde_json::Value) -> String {
    // Strings and null alone: nothing that the canonical form refuses.
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
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
