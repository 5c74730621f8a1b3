//! A note as the file in which it leaves, and what such a file proved.

use department::PublicKey;
use serde::{Deserialize, Serialize};

use casework::{AddendumContent, NoteContent, ReviewContent};

use super::in_log::InLog;
use crate::log_row::LoggedRow;
use crate::signed::Signed;
use crate::signers::Signer;

/// A note as a file: with its review, once there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteFile {
    /// `corroborate.note-file.v1`; `v2` with the department's documents, `v3` with proofs of a log.
    pub format: String,
    /// The sealed note.
    pub note: Signed,
    /// The review.
    pub review: Option<Signed>,
    /// Addenda, in their order.
    pub addenda: Vec<Signed>,
    /// The department's root key, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// The department's documents, version 1 first: who belongs to it, by whose word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub department: Vec<String>,
    /// What its people signed: who concluded, verified, sealed, reviewed and added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
    /// The rows by which its records came into a log, with their proofs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledger: Vec<LoggedRow>,
    /// The log's key, where the roster does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

impl NoteFile {
    /// The format that its fields need.
    pub(crate) fn needs(&self) -> &'static str {
        match (&self.root, self.ledger.is_empty()) {
            (_, false) => LOGGED_NOTE_FILE,
            (None, true) => NOTE_FILE,
            (Some(_), true) => SIGNED_NOTE_FILE,
        }
    }
}

/// Format of an exported note without a department.
pub(crate) const NOTE_FILE: &str = "corroborate.note-file.v1";
/// Format of one that shows who signed.
pub(crate) const SIGNED_NOTE_FILE: &str = "corroborate.note-file.v2";

/// Format of one that is in a log.
pub(crate) const LOGGED_NOTE_FILE: &str = "corroborate.note-file.v3";

/// What an exported note proved.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedNote {
    /// The note.
    pub note: NoteContent,
    /// Fingerprint of the key that sealed it.
    pub sealed_by: String,
    /// The review with the fingerprint of its key.
    pub review: Option<(ReviewContent, String)>,
    /// Addenda, in their order.
    pub addenda: Vec<AddendumContent>,
    /// Root key of the department that the file names; whether that is the reader's is for the reader.
    pub department: Option<PublicKey>,
    /// Who signed, by the roster of that department in force then.
    pub signers: Vec<Signer>,
    /// What of it nobody of that department signed, a sentence each.
    pub unsigned: Vec<String>,
    /// Which of its records are in a log.
    pub logged: Vec<InLog>,
}
