//! The audit as a file: the chain and its signed end, made here and checked anywhere.

use catalogue::say;
use department::fingerprint;
use ledger::Chain;
use serde::{Deserialize, Serialize};

use casework::Moment;

use super::event::{AUDIT_HEAD, AuditEvent, AuditHead};
use crate::error::{ChainError, VaultError};
use crate::signed::Signed;
use crate::vault::Vault;

/// What an audit export proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedAudit {
    /// Number of events, with those that are lost.
    pub events: i64,
    /// Events that went with a machine: a restored vault says which, and that it had signed them.
    pub lost: i64,
    /// Hash of the last one.
    pub head: String,
    /// When it was signed.
    pub signed_at: Moment,
    /// Public key of the workstation that signed, in hexadecimal.
    pub key: String,
    /// The same, short enough to be read out and compared with what the workstation shows.
    pub fingerprint: String,
}

/// The last line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    signed_head: Signed,
}

/// Checks an export made by [`Vault::export_audit`]: the chain, and that it is as long and ends as the workstation
/// signed. An export without a signed head proves nothing and is refused.
///
/// # Errors
/// [`ChainError`].
pub fn verify_export(text: &str) -> Result<CheckedAudit, ChainError> {
    let form = |line, message: &dyn std::fmt::Display| ChainError::Form { line, message: message.to_string() };
    let lines: Vec<&str> = text.lines().collect();
    let Some((last, events)) = lines.split_last() else { return Err(form(1, &say!("vault-empty"))) };
    let closing: Closing =
        serde_json::from_str(last).map_err(|e| form(lines.len(), &say!("vault-does-not-end-workstation-signed", e)))?;
    let head: AuditHead = closing.signed_head.open(AUDIT_HEAD).map_err(|e| ChainError::Head(say!("vault-head", e)))?;
    let key = closing.signed_head.public_key;
    let (mut chain, mut lost) = (Chain::default(), 0);
    for (at, line) in events.iter().enumerate() {
        let event: AuditEvent = serde_json::from_str(line).map_err(|e| form(at + 1, &e))?;
        let before = chain.rows();
        event.taken(&mut chain, &key)?;
        lost += event.seq - before - 1;
    }
    if head.schema != AUDIT_HEAD || head.workstation != key {
        return Err(ChainError::Head(say!("vault-head-names-another-workstation-than").to_owned()));
    }
    if head.rows != chain.rows() || head.rows < 1 {
        return Err(ChainError::Head(say!("vault-signed-events-holds", rows = head.rows, rows2 = chain.rows())));
    }
    if head.head != chain.head() {
        return Err(ChainError::Head(say!("vault-events-others-than-signed").to_owned()));
    }
    Ok(CheckedAudit {
        events: head.rows,
        lost,
        head: head.head,
        signed_at: head.at,
        fingerprint: fingerprint(&key),
        key,
    })
}

impl Vault {
    /// Checks the whole chain; gives the number of events and the last hash.
    ///
    /// # Errors
    /// [`ChainError::Broken`] at the first event that does not fit.
    pub fn verify_audit(&self) -> Result<(i64, String), VaultError> {
        let (mut chain, own) = (Chain::default(), self.own_key());
        for event in self.audit()? {
            event.taken(&mut chain, &own)?;
        }
        Ok((chain.rows(), chain.head().to_owned()))
    }

    /// The chain as text for `corroborate verify-audit`: one JSON event a line, then the signed head.
    ///
    /// # Errors
    /// [`VaultError`]; a chain that is broken is not signed.
    pub fn export_audit(&self) -> Result<String, VaultError> {
        self.verify_audit()?;
        let events = self.audit()?;
        let Some(last) = events.last() else { return Err(VaultError::Unknown("event")) };
        let mut lines: Vec<String> = events.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        lines.push(serde_json::to_string(&Closing { signed_head: self.signed_head(last.at)? })?);
        Ok(lines.join("\n"))
    }
}
