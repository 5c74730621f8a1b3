//! The audit's witnesses: heads of the chain lie where an older vault file does not reach, and whoever signs in is told
//! when the vault contradicts one.

use std::sync::atomic::Ordering;

use catalogue::say;
use gallery_api::wire::Anchor;
use serde::Serialize;
use serde_json::json;

use casework::Clock;
use vault::{AuditHead, SecretService, Signed, VaultError};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::workstation::{Blocking, Workstation};

/// How often a head is deposited when nothing is sealed.
pub const DEPOSIT: std::time::Duration = std::time::Duration::from_secs(3600);

/// What everybody who signs in has to know of the vault.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct VaultState {
    /// Why the vault is not what it was; empty where it is.
    pub warning: String,
}

/// The head as the gallery takes it.
fn on_the_wire(signed: &Signed) -> Outcome<Anchor> {
    let head: AuditHead = serde_json::from_str(&signed.text).map_err(|e| CommandError::from(VaultError::from(e)))?;
    Ok(Anchor {
        workstation: head.workstation,
        rows: head.rows,
        head: head.head,
        at: Some(head.at.0.to_string()),
        signature: Some(signed.signature.clone()),
    })
}

/// The same back; whether it is signed is seen by whoever opens it.
fn from_the_wire(anchor: &Anchor) -> Signed {
    use sha2::{Digest, Sha256};
    let text = anchor.text();
    Signed {
        sha256: hex::encode(Sha256::digest(&text)),
        signature: anchor.signature.clone().unwrap_or_default(),
        public_key: anchor.workstation.clone(),
        text,
    }
}

impl Workstation {
    /// Compares the vault with the head that the gallery has of it, and deposits the present one. Whether anything has
    /// to be said to whoever sits here.
    pub async fn anchor_there(&self) -> Outcome<bool> {
        let (before, settings) = self
            .run(|s| {
                let before = s.vault_state()?;
                s.anchor_here()?;
                Ok((before, s.with(|v| Ok(v.settings()?))?))
            })
            .await?;
        if !settings.gallery.trim().is_empty() {
            let (client, signed) =
                self.run(|s| Ok((s.client()?, s.with(|v| Ok(v.signed_head(SystemClock.now())?))?))).await?;
            let own = on_the_wire(&signed)?;
            if let Some(last) = client.last_anchor(&own.workstation).await? {
                let (last, at) = (from_the_wire(&last), settings.gallery.clone());
                self.run(move |s| s.with(|v| Ok(v.check_anchor(&last, &at, &SecretService, SystemClock.now())?)))
                    .await?;
            }
            client.deposit_anchor(&own).await?;
            let detail = json!({ "gallery": settings.gallery, "events": own.rows, "hash": own.head });
            self.run(move |s| s.with(|v| Ok(v.record(None, SystemClock.now(), "audit-head-deposited", &detail)?)))
                .await?;
        }
        Ok(self.run(|s| s.vault_state()).await? != before)
    }
}

impl Blocking<'_> {
    /// Compares the vault with the head in the secret store, and keeps the present one there.
    pub fn anchor_here(&self) -> Outcome<()> {
        let now = SystemClock.now();
        self.with(|v| {
            // Compared before it is replaced.
            v.check_kept_anchor(&SecretService, now)?;
            Ok(v.keep_anchor(&SecretService, now)?)
        })
    }

    /// Has a head deposited with the next round.
    pub fn anchor_soon(&self) {
        self.anchor_due.store(true, Ordering::Relaxed);
        self.exchange_due.notify_one();
    }

    /// What everybody who signs in has to know of the vault.
    pub fn vault_state(&self) -> Outcome<VaultState> {
        let warning = match self.with(|v| Ok(v.rolled_back(&SecretService)?))? {
            None => String::new(),
            Some(known) => {
                let held_by = match known.held_by.as_str() {
                    "secret-store" => say!("workstation-user-secret-store"),
                    gallery => gallery,
                };
                say!(
                    "workstation-vault-put-back-older-state",
                    at = known.anchor.at,
                    rows = known.anchor.rows,
                    held_by,
                    noticed_at = known.noticed_at
                )
            }
        };
        Ok(VaultState { warning })
    }
}

#[cfg(test)]
mod tests {
    use vault::AUDIT_HEAD;

    use super::*;

    #[test]
    fn a_head_goes_to_the_gallery_and_comes_back_as_it_was_signed() {
        let head = AuditHead {
            schema: AUDIT_HEAD.to_owned(),
            workstation: "ab".repeat(32),
            rows: 12,
            head: "cd".repeat(32),
            at: SystemClock.now(),
        };
        let text = vault::canonical(&head).expect("canonical");
        let signed = Signed { text, sha256: String::new(), signature: "00".repeat(64), public_key: "ab".repeat(32) };
        let back = from_the_wire(&on_the_wire(&signed).expect("a head"));
        assert_eq!((back.text, back.signature, back.public_key), (signed.text, signed.signature, signed.public_key));
    }
}
