//! What proves a disclosure, as its file has it.

use casework::{DISCLOSURE_SCHEMA, LOGGED_DISCLOSURE_SCHEMA};
use serde::{Deserialize, Serialize};

use crate::log_row::LoggedRow;
use crate::signed::Signed;

/// A note of the case with all that was signed of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofNote {
    /// The sealed note.
    pub note: Signed,
    /// Its reviews; the first counts.
    pub reviews: Vec<Signed>,
    /// Addenda, in their order.
    pub addenda: Vec<Signed>,
}

/// What a disclosure rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureProof {
    /// SHA-256 of the disclosure's canonical text, without this proof.
    pub sha256: String,
    /// The workstation's signature of it.
    pub signature: String,
    /// The workstation's public key.
    pub public_key: String,
    /// The notes as they were sealed, in the order of the disclosure.
    pub notes: Vec<ProofNote>,
    /// The department's root key, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// The department's documents, version 1 first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub department: Vec<String>,
    /// What its people signed, this disclosure included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
    /// The rows by which its records and the events of its audit came into a log, with their proofs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledger: Vec<LoggedRow>,
    /// The log's key, where the roster does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

impl DisclosureProof {
    /// The schema of the disclosure that such a proof is of.
    pub(crate) fn needs(&self) -> &'static str {
        if self.ledger.is_empty() { DISCLOSURE_SCHEMA } else { LOGGED_DISCLOSURE_SCHEMA }
    }
}
