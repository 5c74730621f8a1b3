//! Why a file that left a workstation does not hold, by the names of `docs/formats`.

use catalogue::say;
use department::Refusal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use casework::Gap;

use crate::hashing::canonical;

/// The kind of what is wrong, as the pages of `docs/formats` and their vectors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Longer than a file of its kind may be.
    TooLarge,
    /// Not JSON in UTF-8.
    NotText,
    /// A name stands twice in one object.
    DuplicateName,
    /// Not in the canonical form of RFC 8785.
    NotCanonical,
    /// A field is missing, unknown, or holds what it cannot.
    Malformed,
    /// Another format, or one of another version.
    Schema,
    /// A text has another SHA-256 than is said.
    Hash,
    /// A key has a form that no key has, or is one by which anybody signs.
    Key,
    /// A signature does not fit.
    Signature,
    /// A gate does not open by what the record holds, or the record claims what does not come out of it.
    Gate,
    /// The sentences that the program wrote are others than the record gives.
    Sentences,
    /// A review is of another note, by somebody who may not review it, or not what its answers give.
    Review,
    /// An addendum is of another note, out of order, or one before it is missing.
    Addendum,
    /// The department's documents do not hold from the root key on.
    Department,
    /// The file names another department than the reader.
    OtherDepartment,
    /// The reader asks who signed, and the file names no department.
    NoDepartment,
    /// Somebody's signature does not do for its record: their key, role, training or moment.
    Statement,
    /// The reader asks who signed, and of one record nobody shows that they did.
    Unsigned,
    /// A signature stands there that no record asked for.
    Beside,
    /// An event of the audit has another hash than its content gives, or they are out of order.
    Audit,
    /// A row of the ledger, or its proof, does not hold.
    Ledger,
    /// The disclosure says something else than the notes in it.
    Disagrees,
}

/// A file, or a record in it, does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Unproven {
    /// Which kind of thing is wrong.
    pub reason: Reason,
    /// What, in words.
    pub said: String,
}

impl Unproven {
    pub(crate) fn new(reason: Reason, said: impl Into<String>) -> Self {
        Self { reason, said: said.into() }
    }

    /// The first thing that stands before a gate.
    pub(crate) fn gate(gaps: &[Gap]) -> Self {
        let sentences = gaps.first().is_some_and(|gap| gap.place == casework::FACTS);
        Self::new(if sentences { Reason::Sentences } else { Reason::Gate }, first(gaps))
    }

    /// The same, said inside `words`.
    pub(crate) fn within(self, words: impl FnOnce(&str) -> String) -> Self {
        Self { said: words(&self.said), ..self }
    }
}

impl From<Unproven> for String {
    fn from(unproven: Unproven) -> Self {
        unproven.said
    }
}

impl From<Refusal> for Unproven {
    /// What keeps a text from being read at all.
    fn from(refusal: Refusal) -> Self {
        let reason = match refusal {
            Refusal::TooLarge { .. } => Reason::TooLarge,
            Refusal::NotText { .. } => Reason::NotText,
            Refusal::DuplicateName { .. } => Reason::DuplicateName,
            Refusal::NotCanonical => Reason::NotCanonical,
            Refusal::KeyMalformed { .. } | Refusal::KeyWeak { .. } => Reason::Key,
            Refusal::SignatureMalformed | Refusal::SignatureMalleable | Refusal::SignatureWrong { .. } => {
                Reason::Signature
            }
            _ => Reason::Malformed,
        };
        Self::new(reason, refusal.to_string())
    }
}

/// What a canonical value says as a `T`: every field of it, and none besides.
///
/// # Errors
/// [`Reason::Malformed`].
pub(crate) fn whole<T: DeserializeOwned + Serialize>(value: Value) -> Result<T, Unproven> {
    let malformed = |e: String| Unproven::new(Reason::Malformed, say!("vault-cannot-read", e));
    let again = serde_json_canonicalizer::to_string(&value).map_err(|e| malformed(e.to_string()))?;
    let record: T = serde_json::from_value(value).map_err(|e| malformed(e.to_string()))?;
    // Fields that nobody reads, and a moment or an identity in another form.
    if canonical(&record).ok().as_deref() != Some(again.as_str()) {
        return Err(malformed(say!("vault-not-its-fields").to_owned()));
    }
    Ok(record)
}

/// What is wrong first, in words.
pub(crate) fn first(gaps: &[Gap]) -> String {
    gaps.first().map_or_else(|| say!("vault-gate-not-passed").to_owned(), |gap| gap.missing.clone())
}
