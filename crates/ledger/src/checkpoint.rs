//! How large a log is and how it ends (C2SP tlog-checkpoint): read, then signed by the log, then cosigned by witnesses.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::{Hash, Key, Kind, Note, Refusal, Signer};

/// Most leaves of a log: whole numbers up to here are the same to every reader of JSON.
pub const MOST_LEAVES: u64 = (1 << 53) - 1;

/// A number in its one form.
pub(crate) fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A hash in its one form.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}

/// A hash as text.
pub(crate) fn text_of(hash: &Hash) -> String {
    BASE64_STANDARD.encode(hash)
}

/// A checkpoint that was read. Nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    note: Note,
    origin: String,
    size: u64,
    root: Hash,
}

impl Checkpoint {
    /// Reads a checkpoint with its signature lines.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`]; [`Refusal::Malformed`], also for more leaves than [`MOST_LEAVES`].
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let note = Note::read(bytes)?;
        let mut lines = note.text().split('\n');
        let mut next = |what| lines.next().filter(|line| !line.is_empty()).ok_or(Refusal::Malformed { what });
        let origin = next("origin")?.to_owned();
        let size = number(next("size")?).filter(|size| *size <= MOST_LEAVES);
        let size = size.ok_or(Refusal::Malformed { what: "size" })?;
        let root = hash(next("root")?).ok_or(Refusal::Malformed { what: "root" })?;
        // What is left are extension lines, and the empty text after the last line feed.
        let mut rest: Vec<&str> = lines.collect();
        if rest.pop() != Some("") || rest.iter().any(|line| line.is_empty()) {
            return Err(Refusal::Malformed { what: "extension-line" });
        }
        Ok(Self { note, origin, size, root })
    }

    /// Which log it says that it is of.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves it says.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree's root, as it says.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// All of it, as it was read.
    pub fn whole(&self) -> &str {
        self.note.whole()
    }

    /// The text that is signed.
    pub fn text(&self) -> &str {
        self.note.text()
    }

    /// The same with the signature of its log.
    ///
    /// # Errors
    /// [`Refusal::OtherLog`] where its first line is not the key's name; [`Refusal::NotSigned`], [`Refusal::SignatureWrong`].
    pub fn signed(self, log: &Key) -> Result<Signed, Refusal> {
        if self.origin != log.name() || log.kind() != Kind::Log {
            return Err(Refusal::OtherLog { wanted: log.name().to_owned(), found: self.origin });
        }
        self.note.signed_by(log)?;
        Ok(Signed { checkpoint: self, log: log.clone() })
    }
}

/// A checkpoint that its log signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    checkpoint: Checkpoint,
    log: Key,
}

impl Signed {
    /// The checkpoint of a tree with `size` leaves and this root, signed by its log.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] for more leaves than [`MOST_LEAVES`]; [`Refusal::OtherLog`] where `log` is no log's key.
    pub fn by(log: &Signer, size: u64, root: &Hash) -> Result<Self, Refusal> {
        let text = format!("{}\n{size}\n{}\n", log.key().name(), text_of(root));
        let whole = format!("{text}\n{}", log.line(&text, 0));
        Checkpoint::read(whole.as_bytes())?.signed(log.key())
    }

    /// Its key.
    pub fn log(&self) -> &Key {
        &self.log
    }

    /// How many leaves the log has.
    pub fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The tree's root.
    pub fn root(&self) -> &Hash {
        &self.checkpoint.root
    }

    /// All of it, with every signature line that it came with.
    pub fn whole(&self) -> &str {
        self.checkpoint.whole()
    }

    /// The text that is signed.
    pub fn text(&self) -> &str {
        self.checkpoint.text()
    }

    /// The same with further signature lines, such as a witness answered. None of them is believed.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::TooLarge`].
    pub fn with_lines(&self, lines: &str) -> Result<Self, Refusal> {
        Checkpoint::read(format!("{}{lines}", self.whole()).as_bytes())?.signed(&self.log)
    }

    /// When this witness cosigned it, seconds since 1970.
    ///
    /// # Errors
    /// [`Refusal::NotSigned`], [`Refusal::SignatureWrong`].
    pub fn seen_by(&self, witness: &Key) -> Result<u64, Refusal> {
        if witness.kind() != Kind::Witness {
            return Err(Refusal::NotSigned { name: witness.name().to_owned() });
        }
        self.checkpoint.note.signed_by(witness)
    }

    /// The same with the cosignatures of all `witnesses`.
    ///
    /// # Errors
    /// [`Refusal::NoWitness`] where none is wanted; else as [`Signed::seen_by`], of the first that is missing.
    pub fn cosigned(&self, witnesses: &[Key]) -> Result<Cosigned, Refusal> {
        let seen = witnesses.iter().map(|witness| Ok((witness.name().to_owned(), self.seen_by(witness)?)));
        let seen: Vec<(String, u64)> = seen.collect::<Result<_, Refusal>>()?;
        if seen.is_empty() { Err(Refusal::NoWitness) } else { Ok(Cosigned { signed: self.clone(), seen }) }
    }
}

/// A checkpoint that its log signed, and every witness that was wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    signed: Signed,
    seen: Vec<(String, u64)>,
}

impl Cosigned {
    /// The checkpoint.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// Which witnesses saw it, and when, seconds since 1970.
    pub fn seen(&self) -> &[(String, u64)] {
        &self.seen
    }

    /// When the first of them saw it: what is in this log was there by then.
    pub fn first_seen(&self) -> u64 {
        self.seen.iter().map(|(_, time)| *time).min().unwrap_or_default()
    }
}
