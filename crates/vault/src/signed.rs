//! Signed texts: what leaves the vault as a file and can be checked anywhere.
//!
//! A record is written in the canonical form of RFC 8785 (JSON Canonicalization Scheme), hashed with SHA-256, and
//! signed with Ed25519 by the workstation's key over `<schema>\n<text>`, so that no signature of one kind of record
//! stands for another.

use catalogue::say;
use department::{Chain, PublicKey};
use ed25519_dalek::{Signer as _, SigningKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use casework::{AddendumContent, NoteContent, ReviewContent};

use crate::logged::LoggedRow;
use crate::logging::{InLog, in_log};
use crate::signers::{Signer, signers};
use crate::unproven::{Reason, Unproven, whole};
use crate::{VaultError, fingerprint};

/// Largest file that leaves a workstation and is read again, in bytes.
pub const MOST_FILE: usize = 64 << 20;

/// A canonical text with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// RFC 8785 text.
    pub text: String,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
    /// Ed25519 signature, in hexadecimal.
    pub signature: String,
    /// Public key, in hexadecimal.
    pub public_key: String,
}

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

/// Schema of a note, a review and an addendum; each is part of what is signed.
pub(crate) const NOTE: &str = casework::NOTE_SCHEMA;
pub(crate) const REVIEW: &str = "corroborate.review.v2";
pub(crate) const ADDENDUM: &str = "corroborate.addendum.v1";

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

pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The canonical text of a record.
///
/// # Errors
/// [`VaultError::Record`].
pub fn canonical(record: &impl Serialize) -> Result<String, VaultError> {
    Ok(serde_json_canonicalizer::to_string(record)?)
}

/// The workstation's key, from its seed in hexadecimal.
pub(crate) fn signing_key(seed: &str) -> Result<SigningKey, VaultError> {
    let seed: Option<[u8; 32]> = hex::decode(seed).ok().and_then(|bytes| bytes.try_into().ok());
    seed.map(|seed| SigningKey::from_bytes(&seed)).ok_or(VaultError::SigningKey)
}

/// Signs `record` as one of `schema`.
pub(crate) fn sign(key: &SigningKey, schema: &str, record: &impl Serialize) -> Result<Signed, VaultError> {
    let text = canonical(record)?;
    let signature = key.sign(format!("{schema}\n{text}").as_bytes());
    Ok(Signed {
        sha256: sha256(&text),
        signature: hex::encode(signature.to_bytes()),
        public_key: hex::encode(key.verifying_key().to_bytes()),
        text,
    })
}

/// First line of what is signed for a service.
const REQUEST: &str = "corroborate.request.v1";

impl crate::Vault {
    /// The workstation's public key, and its signature of `text` as a request to a service, both in hexadecimal. The
    /// first line of what is signed keeps it from standing for a note, a review or a package.
    pub fn sign_request(&self, text: &str) -> (String, String) {
        let signature = self.signing.sign(format!("{REQUEST}\n{text}").as_bytes());
        (self.own_key(), hex::encode(signature.to_bytes()))
    }
}

impl Signed {
    /// Reads the record, if nothing of it was changed since it was signed as one of `schema`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn open<T: DeserializeOwned + Serialize>(&self, schema: &str) -> Result<T, String> {
        self.signed_as(schema)?;
        serde_json::from_str(&self.text).map_err(|e| say!("vault-cannot-read", e))
    }

    /// The same for a record that leaves as a file: its text has one reading, and no field besides its own.
    ///
    /// # Errors
    /// What is wrong.
    pub(crate) fn prove<T: DeserializeOwned + Serialize>(&self, schema: &str) -> Result<T, Unproven> {
        self.signed_as(schema)?;
        let (_, value) = department::read_canonical(self.text.as_bytes(), MOST_FILE)?;
        if value["schema"] != schema {
            return Err(Unproven::new(Reason::Schema, say!("vault-record-of-another-schema", schema)));
        }
        whole(value)
    }

    /// Whether the text has the hash that stands beside it and is signed, as one of `schema`, by the key that stands there.
    pub(crate) fn signed_as(&self, schema: &str) -> Result<(), Unproven> {
        let found = sha256(&self.text);
        if found != self.sha256 {
            let said = say!("vault-changed-after-sealed-sha-256", found, sha256 = self.sha256);
            return Err(Unproven::new(Reason::Hash, said));
        }
        let key = PublicKey::read(&self.public_key)
            .map_err(|_| Unproven::new(Reason::Key, say!("vault-signature-key-malformed")))?;
        key.verify(schema, &self.text, &self.signature)
            .map_err(|_| Unproven::new(Reason::Signature, say!("vault-signature-does-not-fit-text")))
    }
}

/// What is wrong first, in words.
pub(crate) fn first(gaps: &[casework::Gap]) -> String {
    gaps.first().map_or_else(|| say!("vault-gate-not-passed").to_owned(), |gap| gap.missing.clone())
}

/// The one proof of a note, wherever it is read, received, reviewed, exported, printed or checked as a file: text, hash,
/// signature, and every gate passed again.
///
/// # Errors
/// What does not hold.
pub fn prove_note(signed: &Signed) -> Result<NoteContent, Unproven> {
    let note: NoteContent = signed.prove(NOTE)?;
    note.proven().map_err(|gaps| Unproven::gate(&gaps))?;
    Ok(note)
}

/// The one proof of a review of `note`: text, hash, signature, role, and a decision that fits its own answers.
///
/// # Errors
/// What does not hold.
pub fn prove_review(signed: &Signed, note: &NoteContent, note_sha256: &str) -> Result<ReviewContent, Unproven> {
    let review: ReviewContent = signed.prove(REVIEW)?;
    review.proven(note, note_sha256).map_err(|gaps| Unproven::new(Reason::Review, first(&gaps)))?;
    Ok(review)
}

/// The one proof of an addendum: the `number`th of `note`.
///
/// # Errors
/// What does not hold.
pub fn prove_addendum(
    signed: &Signed,
    note: &NoteContent,
    note_sha256: &str,
    number: usize,
) -> Result<AddendumContent, Unproven> {
    let addendum: AddendumContent = signed.prove(ADDENDUM)?;
    if addendum.note != note.id || addendum.note_sha256 != note_sha256 || addendum.number as usize != number {
        return Err(Unproven::new(Reason::Addendum, say!("vault-another-note-one-before-missing")));
    }
    if addendum.at < note.sealed_at {
        return Err(Unproven::new(Reason::Addendum, say!("vault-dated-before-note")));
    }
    Ok(addendum)
}

/// A file that left, as one canonical value: a line feed may end it.
///
/// # Errors
/// What keeps it from being read.
pub(crate) fn file_value(text: &str) -> Result<serde_json::Value, Unproven> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(department::read_canonical(text.as_bytes(), MOST_FILE)?.1)
}

/// Checks an exported note as the program checks its own: every byte of the file, the signatures, every gate passed again,
/// and that the review is one of this note by a supervisor who took no part in it.
///
/// # Errors
/// What is wrong.
pub fn verify_note(text: &str) -> Result<CheckedNote, Unproven> {
    let value = file_value(text).map_err(|e| e.within(|e| say!("vault-not-exported-note", e)))?;
    let format = value["format"].as_str().unwrap_or_default().to_owned();
    let with_department = !value["root"].is_null();
    let without_rows = if with_department { SIGNED_NOTE_FILE } else { NOTE_FILE };
    if ![without_rows, LOGGED_NOTE_FILE].contains(&format.as_str()) {
        return Err(Unproven::new(Reason::Schema, say!("vault-file-format-program-does-not", file = format)));
    }
    let file: NoteFile = whole(value).map_err(|e| e.within(|e| say!("vault-not-exported-note", e)))?;
    let beside = !(with_department || file.department.is_empty() && file.statements.is_empty());
    if format != file.needs() || beside || (file.ledger.is_empty() && file.log.is_some()) {
        return Err(Unproven::new(Reason::Schema, say!("vault-file-format-program-does-not", file = format)));
    }
    let note = prove_note(&file.note).map_err(|e| e.within(|e| say!("vault-note-does-not-hold", e)))?;
    let review = match &file.review {
        None => None,
        Some(signed) => {
            let review = prove_review(signed, &note, &file.note.sha256)
                .map_err(|e| e.within(|e| say!("vault-review-does-not-hold", e)))?;
            Some((review, fingerprint(&signed.public_key)))
        }
    };
    let mut addenda = Vec::new();
    for (at, signed) in file.addenda.iter().enumerate() {
        let addendum = prove_addendum(signed, &note, &file.note.sha256, at + 1)
            .map_err(|e| e.within(|e| say!("vault-addendum-does-not-hold", at = at + 1, e)))?;
        addenda.push(addendum);
    }
    let mut checked = CheckedNote {
        addenda,
        note,
        sealed_by: fingerprint(&file.note.public_key),
        review,
        department: None,
        signers: Vec::new(),
        unsigned: Vec::new(),
        logged: Vec::new(),
    };
    let mut chain = None;
    if let Some(root) = &file.root {
        let root =
            PublicKey::read(root).map_err(|e| Unproven::new(Reason::Department, say!("vault-signer-department", e)))?;
        (checked.signers, checked.unsigned) = signers(&checked, &file, &root)?;
        chain = Some(Chain::read(&root, &file.department)?);
        checked.department = Some(root);
    }
    checked.logged = in_log(&file, chain.as_ref()).map_err(|why| Unproven::new(Reason::Ledger, why))?;
    Ok(checked)
}
