//! A text with signature lines (C2SP signed-note), read and not yet believed.
//!
//! The crate `signed_note` reads this form too. It is an oracle of the tests and no part of the program: it verifies Ed25519
//! with the cofactor left open, knows no cosignatures, and would bring a second version of the whole Ed25519 library.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::key::is_name;
use crate::{Key, Refusal};

/// Largest note, in bytes.
pub const MOST_BYTES: usize = 64 * 1024;
/// Most signature lines.
const MOST_LINES: usize = 64;
/// What a signature line begins with.
const DASH: &str = "\u{2014} ";

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    name: String,
    id: u32,
    signature: Vec<u8>,
}

impl Line {
    fn read(line: &str) -> Result<Self, Refusal> {
        let malformed = Refusal::Malformed { what: "signature-line" };
        let parts = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' '));
        let Some((name, encoded)) = parts.filter(|(name, _)| is_name(name)) else { return Err(malformed) };
        let Ok(bytes) = BASE64_STANDARD.decode(encoded) else { return Err(malformed) };
        match bytes.split_at_checked(4) {
            Some((id, signature)) if !signature.is_empty() => {
                let id = u32::from_be_bytes([id[0], id[1], id[2], id[3]]);
                Ok(Self { name: name.to_owned(), id, signature: signature.to_vec() })
            }
            _ => Err(malformed),
        }
    }

    /// Who is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn is_of(&self, key: &Key) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

/// A text with signature lines. Nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    whole: String,
    lines: Vec<Line>,
}

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`], [`Refusal::Malformed`].
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MOST_BYTES {
            return Err(Refusal::TooLarge { bytes: bytes.len(), most: MOST_BYTES });
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| Refusal::Malformed { what: "encoding" })?;
        if whole.contains(|c: char| c < ' ' && c != '\n') {
            return Err(Refusal::Malformed { what: "control-character" });
        }
        // The last empty line parts text and signatures.
        let parted = whole.rfind("\n\n").map(|at| (&whole[..=at], &whole[at + 2..]));
        let Some((text, signatures)) = parted.filter(|(text, _)| *text != "\n") else {
            return Err(Refusal::Malformed { what: "note" });
        };
        let Some(signatures) = signatures.strip_suffix('\n') else {
            return Err(Refusal::Malformed { what: "signature-line" });
        };
        let lines: Vec<&str> = signatures.split('\n').collect();
        if lines.len() > MOST_LINES {
            return Err(Refusal::Malformed { what: "signatures" });
        }
        let lines = lines.into_iter().map(Line::read).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), whole: whole.to_owned(), lines })
    }

    /// The text that is signed, with the line feed at its end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All of it, as it was read.
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// Its signature lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// When `key` signed this, seconds since 1970 (0 for a log's, which says no time); where it did several times, first.
    ///
    /// # Errors
    /// [`Refusal::NotSigned`]; [`Refusal::SignatureWrong`] where a line names this key and is not its signature: then nothing
    /// else of the note counts either.
    pub(crate) fn signed_by(&self, key: &Key) -> Result<u64, Refusal> {
        let mut first = None;
        for line in self.lines.iter().filter(|line| line.is_of(key)) {
            let Some(time) = key.verify(&self.text, &line.signature) else {
                return Err(Refusal::SignatureWrong { name: key.name().to_owned() });
            };
            first = Some(first.map_or(time, |first: u64| first.min(time)));
        }
        first.ok_or_else(|| Refusal::NotSigned { name: key.name().to_owned() })
    }
}
