//! The end of the audit chain, signed: what was on record at a time can be shown later to whoever cut or rewrote it.
//!
//! A chain by itself only shows that nothing *inside* it was changed. A signed head says how long it was and how it
//! ended. One closes every export; others are deposited where this workstation cannot take them back: in the secret
//! store beside the vault's key, and in the audit of the gallery.

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use serde_json::json;

use casework::Moment;

use super::chain::{append, chain};
use super::event::{AUDIT_HEAD, AuditHead};
use super::lost::lost;
use crate::error::VaultError;
use crate::key::KeyStore;
use crate::signed::{Signed, sign};
use crate::vault::Vault;

/// A head that is on record elsewhere and not in this vault: it is older than it was, or its audit was rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolledBack {
    /// What was deposited.
    pub anchor: AuditHead,
    /// Where: `secret-store` or the gallery's address.
    pub held_by: String,
    /// Number of events that this vault had when it was noticed.
    pub found: i64,
    /// When it was noticed.
    pub noticed_at: Moment,
}

impl Vault {
    /// How long the audit is and how it ends, signed with the workstation's key.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn signed_head(&self, at: Moment) -> Result<Signed, VaultError> {
        let chain = chain(&self.db)?;
        self.head(chain.rows(), chain.head().to_owned(), at)
    }

    /// The same of the audit's first `rows` rows.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where there are not as many.
    pub fn signed_head_of(&self, rows: u64, at: Moment) -> Result<Signed, VaultError> {
        let head = self.hash_at(rows)?.ok_or(VaultError::Unknown("event"))?;
        self.head(i64::try_from(rows).unwrap_or(i64::MAX), head, at)
    }

    fn head(&self, rows: i64, head: String, at: Moment) -> Result<Signed, VaultError> {
        let workstation = self.own_key();
        let head = AuditHead { schema: AUDIT_HEAD.to_owned(), workstation, rows, head, at };
        sign(&self.signing, AUDIT_HEAD, &head)
    }

    /// Keeps the present head in the secret store: a vault file that is put back to an older state contradicts it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn keep_anchor(&self, keys: &dyn KeyStore, at: Moment) -> Result<(), VaultError> {
        let signed = serde_json::to_string(&self.signed_head(at)?)?;
        Ok(keys.set(&format!("anchor-{}", self.name), &signed)?)
    }

    /// Compares this vault with the head that the secret store keeps.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn check_kept_anchor(&mut self, keys: &dyn KeyStore, at: Moment) -> Result<(), VaultError> {
        let Some(text) = keys.get(&format!("anchor-{}", self.name))? else { return Ok(()) };
        let signed: Signed = serde_json::from_str(&text)?;
        self.check_anchor(&signed, "secret-store", keys, at)
    }

    /// Compares this vault with a head that was deposited by it at `held_by`. A contradiction is audited, and stays
    /// known in the secret store, where an older vault file does not undo it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn check_anchor(
        &mut self,
        anchor: &Signed,
        held_by: &str,
        keys: &dyn KeyStore,
        at: Moment,
    ) -> Result<(), VaultError> {
        // What this workstation did not sign says nothing of it.
        let Ok(anchor) = anchor.open::<AuditHead>(AUDIT_HEAD) else { return Ok(()) };
        let own = self.own_key();
        if anchor.workstation != own {
            return Ok(());
        }
        // Of what is lost it is known that it was there.
        if lost(&self.db, &own)?.iter().any(|lost| (lost.from..=lost.through).contains(&anchor.rows)) {
            return Ok(());
        }
        let there: Option<String> =
            self.db.query_row("SELECT hash FROM audit WHERE seq = ?1", [anchor.rows], |r| r.get(0)).optional()?;
        let known = self.rolled_back(keys)?;
        if there.as_deref() == Some(anchor.head.as_str()) || known.is_some_and(|known| known.anchor == anchor) {
            return Ok(());
        }
        let found = chain(&self.db)?.rows();
        let rolled_back = RolledBack { anchor, held_by: held_by.to_owned(), found, noticed_at: at };
        keys.set(&format!("rolled-back-{}", self.name), &serde_json::to_string(&rolled_back)?)?;
        let detail = json!({
            "held_by": held_by, "deposited_at": rolled_back.anchor.at, "deposited_events": rolled_back.anchor.rows,
            "deposited_hash": rolled_back.anchor.head, "found_events": found,
        });
        self.write(|db| append(db, None, at, "vault-rolled-back", &detail))
    }

    /// What is known of this vault having been put back to an older state.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn rolled_back(&self, keys: &dyn KeyStore) -> Result<Option<RolledBack>, VaultError> {
        let known = keys.get(&format!("rolled-back-{}", self.name))?;
        Ok(known.map(|text| serde_json::from_str(&text)).transpose()?)
    }
}
