//! What an index holds: its segments, what came since, and how far it is.

use std::fs::File;
use std::path::PathBuf;

use catalogue::say;

use crate::keys::{Keys, KeysError};
use crate::rows::Rows;
use crate::segment::Segment;
use crate::simd::{Kernel, LANES};

/// Rows of a segment. When a person is expunged, one segment of this size is written anew (35 MB of 512 dimensions).
pub(super) const SEGMENT: usize = 65_536;
/// Longest template: the bounds' rounding was reckoned for it.
pub(super) const MOST_DIM: usize = 8192;
pub(super) const LIST: &str = "index.json";

/// Positions of the store's outbox: after `from`, up to `through`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Not included.
    pub from: i64,
    /// Included.
    pub through: i64,
}

/// A place in the store's outbox, with what tells it from the same place of another history: a store that was restored
/// from a backup goes on with the same numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// Its number, from 1; 0 before the first.
    pub seq: i64,
    /// The store's mark of that row.
    pub mark: String,
}

/// The index could not do what was asked. The store of record is untouched.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder.
    #[error("{}", say!("index-folder-cannot-used-check-disk", path, source))]
    Folder {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Another process has it.
    #[error("{}", say!("index-another-gallery-uses-folder-stop", what = _0))]
    InUse(String),
    /// A template of another length.
    #[error("{}", say!("index-template-values-where", found, dim))]
    Length {
        /// The index's.
        dim: usize,
        /// The template's.
        found: usize,
    },
    /// The keys of its files are out of reach.
    #[error("{}", say!("index-keys-out-reach", what = _0))]
    Keys(KeysError),
    /// Too long.
    #[error("{}", say!("index-templates-values-not-supported-most", what = _0, most_dim = MOST_DIM))]
    Dimension(usize),
}

#[derive(Debug)]
pub(super) struct Kept {
    pub(super) segment: Segment,
    pub(super) file: String,
    pub(super) live: Vec<u16>,
    /// Removed since the file was written.
    pub(super) dead: usize,
}

impl Kept {
    pub(super) fn new(segment: Segment, file: String) -> Self {
        let live = all_live(segment.head.rows);
        Self { segment, file, live, dead: 0 }
    }
}

/// All templates of one model. Derived from the store's outbox, never the truth.
#[derive(Debug)]
pub struct Index {
    pub(super) folder: PathBuf,
    pub(super) keys: Box<dyn Keys>,
    /// Under which its keys are kept.
    pub(super) id: String,
    /// Keys of files that are gone may be there still.
    pub(super) spent: bool,
    pub(super) model: String,
    pub(super) dim: usize,
    pub(super) kernel: Kernel,
    pub(super) kept: Vec<Kept>,
    pub(super) tail: Rows,
    pub(super) tail_live: Vec<u16>,
    /// Rows that count.
    pub(super) len: usize,
    pub(super) applied: Position,
    pub(super) flushed: Position,
    pub(super) generation: u64,
    pub(super) highest: i64,
    pub(super) damaged: Vec<Range>,
    pub(super) _lock: File,
}

pub(super) fn all_live(rows: usize) -> Vec<u16> {
    let mut live = vec![u16::MAX; rows.div_ceil(LANES)];
    if let (Some(last), left @ 1..) = (live.last_mut(), rows % LANES) {
        *last = (1 << left) - 1;
    }
    live
}

pub(super) fn count(live: &[u16]) -> usize {
    live.iter().map(|group| group.count_ones() as usize).sum()
}

pub(super) fn clear(live: &mut [u16], row: usize) -> bool {
    let bit = 1 << (row % LANES);
    let was = live[row / LANES] & bit != 0;
    live[row / LANES] &= !bit;
    was
}

pub(super) fn is_live(live: &[u16], row: usize) -> bool {
    live[row / LANES] >> (row % LANES) & 1 == 1
}

impl Index {
    /// The folder cannot be used.
    pub(super) fn unusable(&self, source: std::io::Error) -> IndexError {
        IndexError::Folder { path: self.folder.display().to_string(), source }
    }
}
