//! The tree as files (C2SP tlog-tiles), and what is said from them. Nothing of it is believed: [`crate::Included::prove`] and
//! [`crate::Consistent::prove`] hold it against the root.

use std::cell::RefCell;
use std::collections::BTreeMap;

use tlog_tiles::{Error, Hash as Node, HashReader, prove_record, prove_tree};

use crate::checkpoint::MOST_LEAVES;
use crate::checkpoint::number;
use crate::{Hash, Inclusion, Leaf, Refusal};

/// Hashes of a full tile.
pub const WIDTH: usize = 256;
/// Height of a tile: [`WIDTH`] is 2 to this power.
const HEIGHT: u8 = 8;
/// What its path begins with.
const TILE: &str = "tile/";

/// Which tile, or which bundle of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// None for a bundle of entries.
    level: Option<u8>,
    index: u64,
    width: u16,
}

impl Tile {
    /// Hashes `index` * 256 and following of a level, `width` (1 to 256) of them.
    pub fn hashes(level: u8, index: u64, width: u16) -> Self {
        Self { level: Some(level), index, width }
    }

    /// Entries `index` * 256 and following, `width` (1 to 256) of them.
    pub fn entries(index: u64, width: u16) -> Self {
        Self { level: None, index, width }
    }

    /// Its level; none for a bundle of entries.
    pub fn level(&self) -> Option<u8> {
        self.level
    }

    /// Which of its level, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether it is full.
    pub fn is_full(&self) -> bool {
        usize::from(self.width) == WIDTH
    }

    /// The full one in its place.
    pub fn full(self) -> Self {
        Self { width: WIDTH as u16, ..self }
    }

    /// Its path below the log's prefix, such as `tile/0/x001/234.p/5`.
    pub fn path(&self) -> String {
        let mut path = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            path = format!("x{:03}/{path}", rest % 1000);
            rest /= 1000;
        }
        let level = self.level.map_or_else(|| "entries".to_owned(), |level| level.to_string());
        let part = if self.is_full() { String::new() } else { format!(".p/{}", self.width) };
        format!("{TILE}{level}/{path}{part}")
    }

    /// Reads a path.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] where it is not the one path of a tile of a log with at most [`MOST_LEAVES`] leaves.
    pub fn read(path: &str) -> Result<Self, Refusal> {
        let read = || {
            let (level, rest) = path.strip_prefix(TILE)?.split_once('/')?;
            let level = match level {
                "entries" => None,
                level => Some(u8::try_from(number(level)?).ok().filter(|level| *level < 64)?),
            };
            let (index, width) = match rest.split_once(".p/") {
                Some((index, width)) => (index, u16::try_from(number(width)?).ok()?),
                None => (rest, WIDTH as u16),
            };
            let mut whole = 0u64;
            for part in index.split('/') {
                let digits = part.strip_prefix('x').unwrap_or(part);
                whole = whole.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
            }
            let tile = Self { level, index: whole, width };
            (tile.path() == path && (1..=WIDTH as u16).contains(&width) && tile.index <= MOST_LEAVES >> HEIGHT)
                .then_some(tile)
        };
        read().ok_or(Refusal::Malformed { what: "path" })
    }
}

/// Where tiles are read from. What they hold is not believed.
pub trait Tiles {
    /// The bytes of a tile: 32 for each of its hashes, or of the full tile in its place; none where it is not there.
    fn tile(&self, tile: &Tile) -> Option<Vec<u8>>;
}

impl<F: Fn(&Tile) -> Option<Vec<u8>>> Tiles for F {
    fn tile(&self, tile: &Tile) -> Option<Vec<u8>> {
        self(tile)
    }
}

/// Hands hashes to the library, out of the tiles that hold them, and keeps which were asked for and which was not there.
///
/// The library's own `TileHashReader` holds tiles against the root, but in version 0.2.0 not each of them (it begins to look at
/// parents behind as many tiles as the root has summands, and some of those share a tile). Here nothing is held against
/// anything: a proof is, when it is proven.
struct Reader<'a> {
    size: u64,
    tiles: &'a dyn Tiles,
    asked: RefCell<BTreeMap<Tile, Vec<u8>>>,
    missing: RefCell<Option<String>>,
}

impl Reader<'_> {
    fn held(&self, tile: Tile) -> Result<Vec<u8>, Error> {
        if let Some(held) = self.asked.borrow().get(&tile) {
            return Ok(held.clone());
        }
        let length = usize::from(tile.width) * size_of::<Hash>();
        let held = self.tiles.tile(&tile).filter(|held| held.len() >= length).map(|held| held[..length].to_vec());
        self.asked.borrow_mut().insert(tile, held.clone().unwrap_or_default());
        held.ok_or_else(|| {
            self.missing.borrow_mut().get_or_insert_with(|| tile.path());
            Error::InvalidTile
        })
    }
}

impl HashReader for Reader<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Node>, Error> {
        let read = |index: &u64| {
            // As wide as it is in a tree of this size.
            let tile = tlog_tiles::Tile::from_index(HEIGHT, *index).parent(0, self.size).ok_or(Error::BadMath)?;
            let held = self.held(Tile::hashes(tile.level(), tile.level_index(), tile.width() as u16))?;
            tile.hash_at_index(&held, *index)
        };
        // All are asked for, so that what is missing is known at once.
        let hashes: Vec<Result<Node, Error>> = indexes.iter().map(read).collect();
        hashes.into_iter().collect()
    }
}

/// Does `work` with the tiles of a tree; gives which were asked for too.
fn with(
    size: u64,
    tiles: &dyn Tiles,
    work: impl FnOnce(&Reader<'_>) -> Result<Vec<Node>, Error>,
) -> (Result<Vec<Hash>, Refusal>, Vec<Tile>) {
    let reader = Reader { size, tiles, asked: RefCell::default(), missing: RefCell::default() };
    let done = work(&reader);
    let Reader { asked, missing, .. } = reader;
    let refused = |_| Refusal::TileMissing { path: missing.into_inner().unwrap_or_default() };
    (
        done.map(|hashes| hashes.into_iter().map(|hash| hash.0).collect()).map_err(refused),
        asked.into_inner().into_keys().collect(),
    )
}

fn in_tree(size: u64, index: u64) -> Result<(), Refusal> {
    if index < size && size <= MOST_LEAVES { Ok(()) } else { Err(Refusal::NotIncluded { index, size }) }
}

fn not_after(older: u64, size: u64) -> Result<(), Refusal> {
    if older <= size && size <= MOST_LEAVES { Ok(()) } else { Err(Refusal::RolledBack { seen: older, found: size }) }
}

/// What leads from leaf `index` (from 0) to the root of the tree of `size` leaves.
///
/// # Errors
/// [`Refusal::NotIncluded`], [`Refusal::TileMissing`].
pub fn inclusion(size: u64, index: u64, tiles: &dyn Tiles) -> Result<Inclusion, Refusal> {
    in_tree(size, index)?;
    Ok(Inclusion { index, hashes: with(size, tiles, |reader| prove_record(size, index, reader)).0? })
}

/// Which tiles [`inclusion`] asks for.
///
/// # Errors
/// [`Refusal::NotIncluded`].
pub fn wanted_for_inclusion(size: u64, index: u64) -> Result<Vec<Tile>, Refusal> {
    in_tree(size, index)?;
    Ok(with(size, &|_: &Tile| None, |reader| prove_record(size, index, reader)).1)
}

/// What shows that the tree of `size` leaves begins with the tree of its first `older` leaves.
///
/// # Errors
/// [`Refusal::RolledBack`] where `older` is more than `size`; [`Refusal::TileMissing`].
pub fn consistency(size: u64, older: u64, tiles: &dyn Tiles) -> Result<Vec<Hash>, Refusal> {
    not_after(older, size)?;
    if older == 0 || older == size { Ok(Vec::new()) } else { with(size, tiles, |r| prove_tree(size, older, r)).0 }
}

/// Which tiles [`consistency`] asks for.
///
/// # Errors
/// [`Refusal::RolledBack`].
pub fn wanted_for_consistency(size: u64, older: u64) -> Result<Vec<Tile>, Refusal> {
    not_after(older, size)?;
    if older == 0 || older == size {
        return Ok(Vec::new());
    }
    Ok(with(size, &|_: &Tile| None, |reader| prove_tree(size, older, reader)).1)
}

/// A bundle of entries: each after its length in two bytes, the higher one first.
pub fn bundle<'a>(leaves: impl IntoIterator<Item = &'a Leaf>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in leaves.into_iter().map(Leaf::entry) {
        // An entry has far fewer bytes than two can say.
        bytes.extend((entry.len() as u16).to_be_bytes());
        bytes.extend(entry.as_bytes());
    }
    bytes
}

/// What a bundle of entries holds.
///
/// # Errors
/// [`Refusal::Malformed`].
pub fn entries_of(bundle: &[u8]) -> Result<Vec<Leaf>, Refusal> {
    let (mut leaves, mut rest) = (Vec::new(), bundle);
    while !rest.is_empty() {
        let cut = rest.split_at_checked(2).and_then(|(length, after)| {
            after.split_at_checked(usize::from(u16::from_be_bytes([length[0], length[1]])))
        });
        let (entry, after) = cut.ok_or(Refusal::Malformed { what: "bundle" })?;
        leaves.push(Leaf::read(entry)?);
        rest = after;
    }
    Ok(leaves)
}
