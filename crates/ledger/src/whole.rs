//! A whole log in memory: of one workstation by itself, and of the tests.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::tiles::{consistency, inclusion};
use crate::{Growing, Hash, Included, Leaf, Refusal, Signed, Signer, Tile, Tiles};

/// A log with all of its tiles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whole {
    growing: Growing,
    full: BTreeMap<Tile, Vec<u8>>,
}

impl Whole {
    /// A log of these entries.
    pub fn of<'a>(leaves: impl IntoIterator<Item = &'a Leaf>) -> Self {
        let mut whole = Self::default();
        leaves.into_iter().for_each(|leaf| whole.push(leaf));
        whole
    }

    /// Adds an entry.
    pub fn push(&mut self, leaf: &Leaf) {
        let Self { growing, full } = self;
        let Ok(()) = growing.push(leaf.in_tree(), |tile, hashes| {
            full.insert(tile, hashes.concat());
            Ok::<(), Infallible>(())
        });
    }

    /// How many entries it has.
    pub fn size(&self) -> u64 {
        self.growing.size()
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        self.growing.root()
    }

    /// Its checkpoint, signed by its key.
    ///
    /// # Errors
    /// As [`Signed::by`].
    pub fn checkpoint(&self, log: &Signer) -> Result<Signed, Refusal> {
        Signed::by(log, self.size(), &self.root())
    }

    /// Proves that the entry `leaf`, which is the one at `index` from 0, is in it by a checkpoint of it.
    ///
    /// # Errors
    /// As [`inclusion`] and [`Included::prove`].
    pub fn included(&self, leaf: Leaf, index: u64, checkpoint: Signed) -> Result<Included, Refusal> {
        let proof = inclusion(checkpoint.size(), index, self)?;
        Included::prove(leaf, proof, checkpoint)
    }

    /// The proof that a checkpoint of it begins with its first `older` entries.
    ///
    /// # Errors
    /// As [`consistency`].
    pub fn grown(&self, older: u64, checkpoint: &Signed) -> Result<Vec<Hash>, Refusal> {
        consistency(checkpoint.size(), older, self)
    }
}

impl Tiles for Whole {
    fn tile(&self, tile: &Tile) -> Option<Vec<u8>> {
        self.full.get(&tile.full()).cloned().or_else(|| {
            let is = |held: &Tile| held.level() == tile.level() && held.index() == tile.index();
            self.growing.partial().find(|(held, _)| is(held)).map(|(_, hashes)| hashes.concat())
        })
    }
}
