//! Heads of workstations' audits: deposited, and given back to the workstation that asks whether it is older than that.

use axum::Json;
use axum::extract::{Path, State};
use catalogue::say;
use ed25519_dalek::{Signature, VerifyingKey};
use gallery_api::wire::{Anchor, Problem};

use service::refusal::Refusal;
use service::request::Caller;

use super::admission::admitted;
use super::gallery::{Shared, blocking};
use crate::store::Scope;

/// Whether the anchor's signature, where it has one, is by the key that it names.
pub(super) fn signed_by_itself(anchor: &Anchor) -> bool {
    let Some(signature) = &anchor.signature else { return true };
    let key = hex::decode(&anchor.workstation).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = key.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = hex::decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signed = key.zip(signature);
    signed.is_some_and(|(key, signature)| key.verify_strict(anchor.signed_text().as_bytes(), &signature).is_ok())
}

/// The latest head that a workstation signed and deposited here.
#[utoipa::path(get, path = "/v1/anchors/{workstation}", security(("bearer" = [])),
    params(("workstation" = String, Path, pattern = "^[0-9a-f]{64}$", description = "its public key, 64 hexadecimal digits")),
    responses((status = 200, body = Anchor), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn last_anchor(
    State(gallery): State<Shared>,
    caller: Caller,
    Path(workstation): Path<String>,
) -> Result<Json<Anchor>, Refusal> {
    admitted(&gallery, &caller, Scope::Search).await?;
    let none = || Refusal::not_found(say!("gallery-no-signed-head-workstation-deposited"));
    if workstation.len() != 64 || !workstation.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()) {
        return Err(none());
    }
    blocking(&gallery, move |g| Ok(Json(g.locked()?.last_anchor(&workstation)?.ok_or_else(none)?))).await
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    #[test]
    fn a_head_is_believed_only_with_the_signature_of_the_key_that_it_names() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let mut anchor = Anchor {
            workstation: hex::encode(key.verifying_key().to_bytes()),
            rows: 12,
            head: "cd".repeat(32),
            at: Some("2026-03-02T12:00:00Z".to_owned()),
            signature: None,
        };
        anchor.signature = Some(hex::encode(key.sign(anchor.signed_text().as_bytes()).to_bytes()));
        assert!(signed_by_itself(&anchor));
        for change in [
            |a: &mut Anchor| a.rows = 13,
            |a: &mut Anchor| a.head = "ce".repeat(32),
            |a: &mut Anchor| a.at = None,
            |a: &mut Anchor| a.workstation = "ab".repeat(32),
            |a: &mut Anchor| a.signature = Some("00".repeat(64)),
            |a: &mut Anchor| a.signature = Some("no".to_owned()),
        ] {
            let mut changed = anchor.clone();
            change(&mut changed);
            assert!(!signed_by_itself(&changed), "{changed:?}");
        }
    }
}
