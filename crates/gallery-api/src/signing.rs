//! What a workstation signs for the gallery.

use serde_json::json;
use service::signing::canonical;
use sha2::{Digest, Sha256};

use crate::wire::{SearchRequest, Template};

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
