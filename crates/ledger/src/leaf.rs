//! What stands in the log: which row an audit has at a position. It tells nothing of what the row says.

use tlog_tiles::record_hash;

use crate::checkpoint::number;
use crate::{Hash, Refusal};

/// First line of an entry.
pub const LEAF: &str = "corroborate/leaf/v1";
/// Largest position: whole numbers up to here are the same to every reader of JSON.
const MOST_POSITION: u64 = (1 << 53) - 1;

/// One row of somebody's audit, by its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    writer: Hash,
    position: u64,
    hash: Hash,
}

fn hex_of(text: &str) -> Option<Hash> {
    let bytes: Hash = hex::decode(text).ok()?.try_into().ok()?;
    (hex::encode(bytes) == text).then_some(bytes)
}

impl Leaf {
    /// The row at `position` (from 1) of the audit that the key `writer` keeps has this hash.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] for position 0, and beyond 2^53 - 1.
    pub fn new(writer: Hash, position: u64, hash: Hash) -> Result<Self, Refusal> {
        if (1..=MOST_POSITION).contains(&position) {
            Ok(Self { writer, position, hash })
        } else {
            Err(Refusal::Malformed { what: "position" })
        }
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// [`Refusal::Malformed`].
    pub fn read(entry: &[u8]) -> Result<Self, Refusal> {
        let read = || {
            let rest = std::str::from_utf8(entry).ok()?.strip_prefix(LEAF)?.strip_prefix('\n')?.strip_suffix('\n')?;
            let mut lines = rest.split('\n');
            let (writer, position) = (hex_of(lines.next()?)?, number(lines.next()?)?);
            let hash = hex_of(lines.next()?)?;
            lines.next().is_none().then_some((writer, position, hash))
        };
        let (writer, position, hash) = read().ok_or(Refusal::Malformed { what: "entry" })?;
        Self::new(writer, position, hash)
    }

    /// Whose audit: the public key of a workstation, or of a log that keeps its own audit.
    pub fn writer(&self) -> &Hash {
        &self.writer
    }

    /// Which row, from 1.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The row's hash.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// The entry as it stands in the log.
    pub fn entry(&self) -> String {
        format!("{LEAF}\n{}\n{}\n{}\n", hex::encode(self.writer), self.position, hex::encode(self.hash))
    }

    /// Its hash in the tree.
    pub fn in_tree(&self) -> Hash {
        record_hash(self.entry().as_bytes()).0
    }
}
