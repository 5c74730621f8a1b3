//! One version of the department's documents: a roster, or a policy's text. Each names the SHA-256 of the one before.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::key::{message, sign};
use crate::place::{POLICY, Place, ROSTER};
use crate::roster_text::RosterText;
use crate::strict::{self, canonical, fields, sha256};
use crate::{Moment, PublicKey, Refusal, Roster, RosterDraft};

/// Largest document with its signatures, in bytes.
pub const MOST_BYTES: usize = 32 << 20;
/// Largest policy text, in bytes.
const MOST_POLICY: usize = 1 << 20;
/// Most signatures of one document.
const MOST_SIGNATURES: usize = 64;

/// A policy's text as it is in the chain. What it means, and whether it is laxer than the one before, is for whoever reads
/// policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    text: String,
    sha256: String,
}

impl PolicyText {
    /// # Errors
    /// [`Refusal::TooLarge`]; [`Refusal::TextUnfit`] for one that says nothing.
    pub(crate) fn new(text: String) -> Result<Self, Refusal> {
        if text.len() > MOST_POLICY {
            return Err(Refusal::TooLarge { bytes: text.len(), most: MOST_POLICY });
        }
        if !crate::text::said(&text) {
            return Err(Refusal::TextUnfit { what: "policy".to_owned() });
        }
        Ok(Self { sha256: sha256(&text), text })
    }

    /// The text, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text's bytes, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// What a version sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Who belongs to the department.
    Roster(Arc<Roster>),
    /// The policy's text.
    Policy(Arc<PolicyText>),
}

/// A version without signatures. Whether it follows from a chain is asked by [`crate::Chain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    department: PublicKey,
    number: u32,
    previous: Option<String>,
    made_at: Moment,
    body: Body,
    text: String,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyDocument {
    department: String,
    made_at: Moment,
    previous: Option<String>,
    schema: String,
    text: String,
    version: u32,
}

impl Version {
    pub(crate) fn roster(at: Place, draft: RosterDraft) -> Result<Self, Refusal> {
        let roster = Roster::new(draft, &at.department, at.made_at)?;
        let text = canonical(&RosterText::of(&at, &roster))?;
        Ok(Self::with(at, Body::Roster(Arc::new(roster)), text))
    }

    pub(crate) fn policy(at: Place, text: String) -> Result<Self, Refusal> {
        let policy = PolicyText::new(text)?;
        let document = PolicyDocument {
            department: at.department.to_string(),
            made_at: at.made_at,
            previous: at.previous.clone(),
            schema: POLICY.to_owned(),
            text: policy.text.clone(),
            version: at.number,
        };
        Ok(Self::with(at, Body::Policy(Arc::new(policy)), canonical(&document)?))
    }

    fn with(at: Place, body: Body, text: String) -> Self {
        let Place { department, number, previous, made_at } = at;
        Self { department, number, previous, made_at, body, sha256: sha256(&text), text }
    }

    /// Reads a version's text.
    fn read(text: &str) -> Result<Self, Refusal> {
        let (_, value) = strict::read(text.as_bytes(), MOST_BYTES)?;
        let version = match schema(&value, &[ROSTER, POLICY])? {
            POLICY => {
                let document: PolicyDocument = fields(value)?;
                let department = PublicKey::read(&document.department)?;
                let PolicyDocument { made_at, previous, version: number, text, .. } = document;
                Self::policy(Place { department, number, previous, made_at }, text)?
            }
            _ => {
                let (at, draft) = fields::<RosterText>(value)?.read()?;
                Self::roster(at, draft)?
            }
        };
        // What was read, written once more: lists in another order, or a moment in another form, are another text.
        if version.text == text { Ok(version) } else { Err(Refusal::NotCanonical) }
    }

    /// The department's root key.
    pub fn department(&self) -> &PublicKey {
        &self.department
    }

    /// Its number, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// SHA-256 of the text of the version before, in hexadecimal; none for version 1.
    pub fn previous(&self) -> Option<&str> {
        self.previous.as_deref()
    }

    /// From when on it is in force, as whoever made it says.
    pub fn made_at(&self) -> Moment {
        self.made_at
    }

    /// What it sets.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The canonical text that is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, in hexadecimal: what the next version names.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The line that stands before the text when it is signed.
    pub fn context(&self) -> &'static str {
        match self.body {
            Body::Roster(_) => ROSTER,
            Body::Policy(_) => POLICY,
        }
    }

    /// The bytes that a key signs, for whoever keeps the key elsewhere (RFC 8032, Ed25519).
    pub fn message(&self) -> Vec<u8> {
        message(self.context(), &self.text)
    }

    /// The signature by a key.
    pub fn sign(&self, secret: &SigningKey) -> Signature {
        Signature { key: PublicKey::of(secret), signature: sign(secret, self.context(), &self.text) }
    }

    /// The document with these signatures, as bytes that [`Document::read`] reads. Nothing is asked of them here.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] where it cannot be written.
    pub fn signed(&self, mut signatures: Vec<Signature>) -> Result<String, Refusal> {
        signatures.sort_by_key(|signature| signature.key);
        let signatures =
            signatures.into_iter().map(|s| SignatureText { key: s.key.to_string(), signature: s.signature }).collect();
        canonical(&DocumentText { signatures, text: self.text.clone() })
    }
}

/// The schema of a document, one of `known`.
///
/// # Errors
/// [`Refusal::SchemaDowngraded`] for an earlier one of the same kind, [`Refusal::SchemaUnknown`] for any other.
pub(crate) fn schema<'a>(value: &Value, known: &[&'a str]) -> Result<&'a str, Refusal> {
    let found = value["schema"].as_str().unwrap_or_default();
    if let Some(schema) = known.iter().find(|schema| **schema == found) {
        return Ok(schema);
    }
    let parts = |schema: &str| {
        let (kind, number) = schema.rsplit_once("/v")?;
        Some((kind.to_owned(), number.parse::<u32>().ok()?))
    };
    let earlier = |known: &str| match (parts(found), parts(known)) {
        (Some((kind, number)), Some((of, least))) => kind == of && number < least,
        _ => false,
    };
    let found: String = found.chars().take(80).collect();
    if known.iter().any(|schema| earlier(schema)) {
        Err(Refusal::SchemaDowngraded { found })
    } else {
        Err(Refusal::SchemaUnknown { found })
    }
}

/// A key's signature of a version, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// By which key.
    pub key: PublicKey,
    /// 128 hexadecimal digits.
    pub signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureText {
    key: String,
    signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentText {
    signatures: Vec<SignatureText>,
    text: String,
}

/// A version with signatures that were read and not yet checked.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub version: Version,
    pub signatures: Vec<Signature>,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// What keeps it from being one.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let (_, value) = strict::read(bytes, MOST_BYTES)?;
        let DocumentText { signatures, text } = fields(value)?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(Refusal::TooMany { what: "signatures".to_owned(), most: MOST_SIGNATURES });
        }
        let read = |s: SignatureText| Ok(Signature { key: PublicKey::read(&s.key)?, signature: s.signature });
        let signatures: Vec<Signature> = signatures.into_iter().map(read).collect::<Result<_, Refusal>>()?;
        if signatures.windows(2).any(|pair| pair[0].key > pair[1].key) {
            return Err(Refusal::NotCanonical);
        }
        Ok(Self { version: Version::read(&text)?, signatures })
    }
}
