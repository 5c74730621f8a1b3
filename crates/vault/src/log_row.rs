//! A row of an audit with the proof that it is in a log, and the log's forms of keys and hashes.

use department::PublicKey;
use ledger::{Hash, Key, Kind, Refusal};
use serde::{Deserialize, Serialize};

use crate::audit::DisclosedEvent;

/// Events that put a record into the audit, by the record's SHA-256.
pub(crate) const RECORDS: [&str; 3] = ["note-sealed", "note-reviewed", "addendum-written"];

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
