//! What is proven of a log: that it holds an entry (RFC 6962, C2SP tlog-proof), and that it only grew.

use tlog_tiles::{Hash as Node, check_record, check_tree};

use crate::checkpoint::{MOST_LEAVES, hash, number, text_of};
use crate::{Checkpoint, Hash, Key, Leaf, Refusal, Signed};

/// First line of a proof as a text.
pub const PROOF: &str = "c2sp.org/tlog-proof@v1";
/// Most hashes of a proof.
const MOST_HASHES: usize = 63;

fn nodes(hashes: &[Hash]) -> Vec<Node> {
    hashes.iter().map(|hash| Node(*hash)).collect()
}

/// Reads lines of one hash each.
pub(crate) fn hashes_of<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, Refusal> {
    let hashes: Option<Vec<Hash>> = lines.take(MOST_HASHES + 1).map(hash).collect();
    hashes.filter(|hashes| hashes.len() <= MOST_HASHES).ok_or(Refusal::Malformed { what: "hashes" })
}

/// Writes hashes, a line each.
pub(crate) fn lines_of(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| text_of(hash) + "\n").collect()
}

/// What is said to lead from an entry to a root. Nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Which leaf, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
}

/// An entry that is in a log, by a proof that leads to the root of a checkpoint that the log signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    leaf: Leaf,
    proof: Inclusion,
    checkpoint: Signed,
}

impl Included {
    /// Proves that `leaf` is in the log of `checkpoint`.
    ///
    /// # Errors
    /// [`Refusal::NotIncluded`].
    pub fn prove(leaf: Leaf, proof: Inclusion, checkpoint: Signed) -> Result<Self, Refusal> {
        let (size, root) = (checkpoint.size(), Node(*checkpoint.root()));
        let refused = Refusal::NotIncluded { index: proof.index, size };
        if proof.hashes.len() > MOST_HASHES || proof.index >= size {
            return Err(refused);
        }
        let held = check_record(&nodes(&proof.hashes), size, root, proof.index, Node(leaf.in_tree()));
        if held.is_ok() { Ok(Self { leaf, proof, checkpoint }) } else { Err(refused) }
    }

    /// The entry.
    pub fn leaf(&self) -> &Leaf {
        &self.leaf
    }

    /// Where it stands in the log, from 0.
    pub fn index(&self) -> u64 {
        self.proof.index
    }

    /// In which log.
    pub fn checkpoint(&self) -> &Signed {
        &self.checkpoint
    }

    /// The proof as a text.
    pub fn text(&self) -> String {
        let (index, hashes) = (self.proof.index, lines_of(&self.proof.hashes));
        format!("{PROOF}\nindex {index}\n{hashes}\n{}", self.checkpoint.whole())
    }
}

/// A proof that was read. Nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    proof: Inclusion,
    checkpoint: Checkpoint,
}

impl Proof {
    /// Reads a proof. One with extra data, which nobody signs, is refused.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::TooLarge`].
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let malformed = || Refusal::Malformed { what: "proof" };
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(malformed)?;
        let mut lines = head.split('\n');
        let index = lines.next().filter(|line| *line == PROOF).and_then(|_| lines.next()?.strip_prefix("index "));
        let index = index.and_then(number).filter(|index| *index < MOST_LEAVES).ok_or_else(malformed)?;
        let hashes = hashes_of(lines)?;
        Ok(Self { proof: Inclusion { index, hashes }, checkpoint: Checkpoint::read(checkpoint.as_bytes())? })
    }

    /// The checkpoint that comes with it.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Proves by it that `leaf` is in the log whose key is `log`.
    ///
    /// # Errors
    /// As [`Checkpoint::signed`] and [`Included::prove`].
    pub fn of(self, leaf: Leaf, log: &Key) -> Result<Included, Refusal> {
        Included::prove(leaf, self.proof, self.checkpoint.signed(log)?)
    }
}

/// Two checkpoints of one log, of which the later one's tree begins with all that the earlier one's had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consistent {
    older: Signed,
    newer: Signed,
}

impl Consistent {
    /// Proves it.
    ///
    /// # Errors
    /// [`Refusal::OtherLog`] where they are of two logs; [`Refusal::RolledBack`] where the newer one is smaller;
    /// [`Refusal::Fork`] where they have one size and two roots; [`Refusal::Inconsistent`] where the proof does not hold.
    pub fn prove(older: &Signed, newer: &Signed, hashes: &[Hash]) -> Result<Self, Refusal> {
        if older.log().name() != newer.log().name() {
            let (wanted, found) = (older.log().name().to_owned(), newer.log().name().to_owned());
            return Err(Refusal::OtherLog { wanted, found });
        }
        let (seen, found) = (older.size(), newer.size());
        if found < seen {
            return Err(Refusal::RolledBack { seen, found });
        }
        if found == seen && older.root() != newer.root() {
            return Err(Refusal::Fork { size: found });
        }
        let held = match (seen, found) {
            (0, _) => hashes.is_empty() && *older.root() == tlog_tiles::EMPTY_HASH.0,
            (seen, found) => {
                let (one, other) = (Node(*older.root()), Node(*newer.root()));
                hashes.len() <= MOST_HASHES && check_tree(&nodes(hashes), found, other, seen, one).is_ok()
            }
        };
        if held {
            Ok(Self { older: older.clone(), newer: newer.clone() })
        } else {
            Err(Refusal::Inconsistent { older: seen, newer: found })
        }
    }

    /// The earlier one.
    pub fn older(&self) -> &Signed {
        &self.older
    }

    /// The later one.
    pub fn newer(&self) -> &Signed {
        &self.newer
    }
}
