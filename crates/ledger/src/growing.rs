//! The end of a tree while it grows: what is not in a full tile yet.

use tlog_tiles::{EMPTY_HASH, Hash as Node, node_hash};

use crate::tiles::{Tile, WIDTH};
use crate::{Hash, Leaf, Refusal, Signed};

/// The right edge of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Growing {
    size: u64,
    /// Of each level, how many tiles are full, and the hashes of the one that is not.
    levels: Vec<(u64, Vec<Hash>)>,
}

fn node(left: Hash, right: Hash) -> Hash {
    node_hash(Node(left), Node(right)).0
}

/// The root of a full tree over `hashes`, whose number is a power of two.
fn whole(hashes: &[Hash]) -> Option<Hash> {
    match hashes {
        [] => None,
        [one] => Some(*one),
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            Some(node(whole(left)?, whole(right)?))
        }
    }
}

impl Growing {
    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash in the tree. `full` gets each tile that this fills.
    ///
    /// # Errors
    /// What `full` answers; then nothing is to be asked of this tree any more.
    pub fn push<E>(&mut self, leaf: Hash, mut full: impl FnMut(Tile, &[Hash]) -> Result<(), E>) -> Result<(), E> {
        self.size += 1;
        let mut next = Some(leaf);
        let mut level = 0;
        while let Some(hash) = next.take() {
            if self.levels.len() == level {
                self.levels.push((0, Vec::with_capacity(WIDTH)));
            }
            let (tiles, hashes) = &mut self.levels[level];
            hashes.push(hash);
            if hashes.len() == WIDTH {
                full(Tile::hashes(level as u8, *tiles, WIDTH as u16), hashes)?;
                next = whole(hashes);
                *tiles += 1;
                hashes.clear();
                level += 1;
            }
        }
        Ok(())
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for (_, hashes) in &self.levels {
            let mut end = hashes.len();
            while end > 0 {
                // The smallest full tree stands rightmost.
                let begin = end - (1 << end.trailing_zeros());
                let left = whole(&hashes[begin..end]);
                root = match (left, root) {
                    (Some(left), Some(right)) => Some(node(left, right)),
                    (left, right) => left.or(right),
                };
                end = begin;
            }
        }
        root.unwrap_or(EMPTY_HASH.0)
    }

    /// The tiles that are not full, with their hashes.
    pub fn partial(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        let levels = self.levels.iter().enumerate().filter(|(_, (_, hashes))| !hashes.is_empty());
        levels.map(|(level, (tiles, hashes))| (Tile::hashes(level as u8, *tiles, hashes.len() as u16), &hashes[..]))
    }

    /// A tree of these leaves, by their hashes in the tree.
    ///
    /// # Errors
    /// As [`Growing::push`].
    pub fn of<E>(
        leaves: impl IntoIterator<Item = Hash>,
        mut full: impl FnMut(Tile, &[Hash]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut growing = Self::default();
        leaves.into_iter().try_for_each(|leaf| growing.push(leaf, &mut full))?;
        Ok(growing)
    }

    /// Whether a checkpoint says the same of a tree of this size.
    ///
    /// # Errors
    /// [`Refusal::Fork`] where it has another root.
    pub fn is(&self, root: &Hash) -> Result<(), Refusal> {
        if self.root() == *root { Ok(()) } else { Err(Refusal::Fork { size: self.size }) }
    }
}

/// Holds all entries of a log, in their order, against checkpoints of it; gives how many entries there are.
///
/// # Errors
/// [`Refusal::Fork`] at the first checkpoint that has another root than the entries up to it; [`Refusal::RolledBack`] where one
/// says more entries than there are; what `leaves` answers.
pub fn hold<E: From<Refusal>>(
    leaves: impl IntoIterator<Item = Result<Leaf, E>>,
    checkpoints: &[&Signed],
) -> Result<u64, E> {
    let mut wanted = checkpoints.to_vec();
    wanted.sort_by_key(|signed| signed.size());
    let mut wanted = wanted.into_iter().peekable();
    let mut growing = Growing::default();
    let mut leaves = leaves.into_iter();
    loop {
        while let Some(signed) = wanted.next_if(|signed| signed.size() == growing.size()) {
            growing.is(signed.root())?;
        }
        let Some(leaf) = leaves.next() else { break };
        growing.push(leaf?.in_tree(), |_, _| Ok::<(), E>(()))?;
    }
    match wanted.last() {
        Some(most) => Err(Refusal::RolledBack { seen: most.size(), found: growing.size() }.into()),
        None => Ok(growing.size()),
    }
}
