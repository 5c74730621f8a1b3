//! A row of an audit with the proof that it is in a log, and the log's forms of keys and hashes.

use department::{PublicKey, Refusal as Refused, read_canonical};
use ledger::{Hash, Key, Kind, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit::{AuditEvent, DisclosedEvent};
use crate::signed::MOST_FILE;

/// Events that put a record into the audit, by the record's SHA-256.
pub(crate) const RECORDS: [&str; 3] = ["note-sealed", "note-reviewed", "addendum-written"];

/// The SHA-256 that an event's details name. Details that have two readings, a name twice, name nothing.
pub(crate) fn named_by(event: &AuditEvent) -> Option<String> {
    let detail: Value = match read_canonical(event.detail.as_bytes(), MOST_FILE) {
        Ok((_, detail)) => detail,
        // An audit's details need not be canonical.
        Err(Refused::NotCanonical) => serde_json::from_str(&event.detail).ok()?,
        Err(_) => return None,
    };
    Some(detail["sha256"].as_str()?.to_owned())
}

/// Whether an event put one of the records with these hashes into the audit.
pub(crate) fn puts(event: &AuditEvent, records: &[&str]) -> bool {
    RECORDS.contains(&event.action.as_str()) && named_by(event).is_some_and(|found| records.contains(&found.as_str()))
}

/// A row of a workstation's audit, with the proof that it is in a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedRow {
    /// Public key of the workstation whose audit it is, in hexadecimal.
    pub writer: String,
    /// The row, with the hash before it.
    pub row: DisclosedEvent,
    /// C2SP tlog-proof.
    pub proof: String,
}

/// 32 bytes of 64 digits.
pub(crate) fn bytes_of(text: &str) -> Option<Hash> {
    hex::decode(text).ok()?.try_into().ok()
}

/// A key of the roster as the log's forms have it.
pub(crate) fn key_of(kind: Kind, name: &str, key: &PublicKey) -> Result<Key, Refusal> {
    Key::new(kind, name, &bytes_of(&key.to_string()).ok_or(Refusal::KeyMalformed)?)
}
