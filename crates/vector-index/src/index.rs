//! Segments and what came since, as one index.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::Entry;
use crate::rows::Rows;
use crate::scan::{self, Part, Probe, Shortlist};
use crate::segment::{Head, Segment};
use crate::simd::{Kernel, LANES, STRIP};

/// Rows of a segment. When a person is expunged, one segment of this size is written anew (35 MB of 512 dimensions).
const SEGMENT: usize = 65_536;
/// Longest template: the bounds' rounding was reckoned for it.
const MOST_DIM: usize = 8192;
const LIST: &str = "index.json";

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
    /// Too long.
    #[error("{}", say!("index-templates-values-not-supported-most", what = _0, most_dim = MOST_DIM))]
    Dimension(usize),
}

#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    file: String,
    from: i64,
    through: i64,
    columns_xxh3: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    model: String,
    dim: usize,
    applied: i64,
    #[serde(default)]
    mark: String,
    /// Counts up, so that no file name is used twice.
    generation: u64,
    segments: Vec<Listed>,
}

#[derive(Debug)]
struct Kept {
    segment: Segment,
    file: String,
    live: Vec<u16>,
    /// Removed since the file was written.
    dead: usize,
}

/// All templates of one model. Derived from the store's outbox, never the truth.
#[derive(Debug)]
pub struct Index {
    folder: PathBuf,
    model: String,
    dim: usize,
    kernel: Kernel,
    kept: Vec<Kept>,
    tail: Rows,
    tail_live: Vec<u16>,
    /// Rows that count.
    len: usize,
    applied: Position,
    flushed: Position,
    generation: u64,
    highest: i64,
    damaged: Vec<Range>,
    _lock: File,
}

fn all_live(rows: usize) -> Vec<u16> {
    let mut live = vec![u16::MAX; rows.div_ceil(LANES)];
    if let (Some(last), left @ 1..) = (live.last_mut(), rows % LANES) {
        *last = (1 << left) - 1;
    }
    live
}

fn count(live: &[u16]) -> usize {
    live.iter().map(|group| group.count_ones() as usize).sum()
}

fn clear(live: &mut [u16], row: usize) -> bool {
    let bit = 1 << (row % LANES);
    let was = live[row / LANES] & bit != 0;
    live[row / LANES] &= !bit;
    was
}

fn is_live(live: &[u16], row: usize) -> bool {
    live[row / LANES] >> (row % LANES) & 1 == 1
}

impl Index {
    /// Opens the index of `model` in `folder`, making it when it is new. Every byte is checked; segments that are
    /// damaged or missing are left out and named by [`Index::damaged`], to be filled again with [`Index::refill`]. An
    /// index of another model begins anew.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open(folder: &Path, model: &str, dim: usize) -> Result<Self, IndexError> {
        if dim == 0 || dim > MOST_DIM {
            return Err(IndexError::Dimension(dim));
        }
        let path = folder.display().to_string();
        let unusable = |source| IndexError::Folder { path: path.clone(), source };
        fs::create_dir_all(folder).map_err(unusable)?;
        let lock = File::create(folder.join("lock")).map_err(unusable)?;
        lock.try_lock().map_err(|_| IndexError::InUse(path.clone()))?;
        let list: List = fs::read(folder.join(LIST))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .filter(|list: &List| list.model == model && list.dim == dim)
            .unwrap_or_default();
        let flushed = Position { seq: list.applied, mark: list.mark };
        let mut index = Self {
            folder: folder.to_owned(),
            model: model.to_owned(),
            dim,
            kernel: Kernel::detect(),
            kept: Vec::new(),
            tail: Rows::new(dim),
            tail_live: Vec::new(),
            len: 0,
            applied: flushed.clone(),
            flushed,
            generation: list.generation,
            highest: 0,
            damaged: Vec::new(),
            _lock: lock,
        };
        for listed in list.segments {
            let whole = Segment::open(&folder.join(&listed.file)).filter(|segment| {
                segment.head.model == model
                    && segment.head.dim == dim
                    && segment.head.columns_xxh3 == listed.columns_xxh3
            });
            match whole {
                Some(segment) => index.keep(segment, listed.file),
                None => index.damaged.push(Range { from: listed.from, through: listed.through }),
            }
        }
        index.sweep().map_err(unusable)?;
        Ok(index)
    }

    fn keep(&mut self, segment: Segment, file: String) {
        let live = all_live(segment.head.rows);
        self.len += segment.head.rows;
        self.highest = segment.records().iter().copied().fold(self.highest, i64::max);
        self.kept.push(Kept { segment, file, live, dead: 0 });
    }

    /// Removes files that a crash or a rewrite left over.
    fn sweep(&self) -> std::io::Result<()> {
        let used: HashSet<&str> = self.kept.iter().map(|kept| kept.file.as_str()).collect();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            if (name.ends_with(".seg") || name.ends_with(".tmp")) && !used.contains(name.as_str()) {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }

    /// The store's outbox up to here is in the index, but for [`Index::damaged`].
    pub fn applied(&self) -> i64 {
        self.applied.seq
    }

    /// That place as the store marked it: an index of another history must begin anew.
    pub fn position(&self) -> &Position {
        &self.applied
    }

    /// Ranges of the outbox whose rows are missing.
    pub fn damaged(&self) -> &[Range] {
        &self.damaged
    }

    /// Rows in the index.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Values of a template.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// How this machine compares.
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Compares with `kernel`, for measurements and tests.
    pub fn set_kernel(&mut self, kernel: Kernel) {
        self.kernel = kernel;
    }

    /// Adds a row; one of the same record is replaced.
    ///
    /// # Errors
    /// [`IndexError::Length`].
    pub fn add(&mut self, entry: Entry, values: &[f32]) -> Result<(), IndexError> {
        if values.len() != self.dim {
            return Err(IndexError::Length { dim: self.dim, found: values.len() });
        }
        // Records come in ascending order but for those that were taken back, so that few are looked for.
        if entry.record <= self.highest {
            self.remove(entry.record);
        }
        self.highest = self.highest.max(entry.record);
        self.tail.push(entry, values);
        let row = self.tail.len() - 1;
        self.tail_live.resize(self.tail.len().div_ceil(LANES), 0);
        self.tail_live[row / LANES] |= 1 << (row % LANES);
        self.len += 1;
        Ok(())
    }

    /// Takes a record out of every answer from now on; [`Index::flush`] takes it out of the files. `false` when it is
    /// not there.
    pub fn remove(&mut self, record: i64) -> bool {
        let mut removed = false;
        let tail = &self.tail.record[..self.tail.len()];
        for row in tail.iter().enumerate().filter_map(|(row, r)| (*r == record).then_some(row)) {
            removed |= clear(&mut self.tail_live, row);
        }
        for kept in &mut self.kept {
            if let Some(row) = kept.segment.records().iter().position(|r| *r == record)
                && clear(&mut kept.live, row)
            {
                kept.dead += 1;
                removed = true;
            }
        }
        self.len -= usize::from(removed);
        removed
    }

    /// Records that count.
    fn records(&self) -> HashSet<i64> {
        let live = |records: &[i64], live: &[u16]| -> Vec<i64> {
            records.iter().enumerate().filter(|(row, _)| is_live(live, *row)).map(|(_, record)| *record).collect()
        };
        let kept = self.kept.iter().flat_map(|k| live(k.segment.records(), &k.live));
        kept.chain(live(&self.tail.record[..self.tail.len()], &self.tail_live)).collect()
    }

    /// Notes that the outbox up to `position` is in the index. Writes a segment when enough came together.
    ///
    /// # Errors
    /// [`IndexError::Folder`]; the rows stay in memory and are written the next time.
    pub fn applied_through(&mut self, position: Position) -> Result<(), IndexError> {
        if position.seq > self.applied.seq {
            self.applied = position;
        }
        if self.tail.len() >= SEGMENT { self.flush() } else { Ok(()) }
    }

    /// Fills a damaged range again with the rows of its records that are still there, and writes them.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn refill(&mut self, range: Range, rows: impl Iterator<Item = (Entry, Vec<f32>)>) -> Result<(), IndexError> {
        let mut fresh = Rows::new(self.dim);
        let mut held = self.records();
        for (entry, values) in rows {
            if values.len() != self.dim {
                return Err(IndexError::Length { dim: self.dim, found: values.len() });
            }
            if held.insert(entry.record) {
                fresh.push(entry, &values);
            }
        }
        let done = (|| {
            if fresh.len() > 0 {
                let (segment, file) = self.write(&fresh, range)?;
                self.keep(segment, file);
            }
            self.damaged.retain(|known| *known != range);
            self.write_list()
        })();
        done.map_err(|source| self.unusable(source))
    }

    fn unusable(&self, source: std::io::Error) -> IndexError {
        IndexError::Folder { path: self.folder.display().to_string(), source }
    }

    /// Writes what is in memory only, and writes segments anew that hold removed rows: after this no file has them.
    ///
    /// # Errors
    /// [`IndexError::Folder`]; everything stays as it was in memory.
    pub fn flush(&mut self) -> Result<(), IndexError> {
        self.try_flush().map_err(|source| self.unusable(source))
    }

    fn try_flush(&mut self) -> std::io::Result<()> {
        let clean = self.tail.len() == 0 && self.kept.iter().all(|kept| kept.dead == 0);
        if clean && self.applied == self.flushed {
            return Ok(());
        }
        for at in 0..self.kept.len() {
            if self.kept[at].dead > 0 {
                let kept = &self.kept[at];
                let mut rows = Rows::new(self.dim);
                copy_live(&mut rows, kept);
                let range = Range { from: kept.segment.head.from, through: kept.segment.head.through };
                let (segment, file) = self.write(&rows, range)?;
                let live = all_live(segment.head.rows);
                self.kept[at] = Kept { segment, file, live, dead: 0 };
            }
        }
        if self.tail.len() > 0 {
            // A small last segment is taken in, so that restarts do not leave many.
            let small = self.kept.last().is_some_and(|last| last.segment.head.rows + self.tail.len() <= SEGMENT);
            let mut range = Range { from: self.flushed.seq, through: self.applied.seq };
            let (segment, file) = if !small && count(&self.tail_live) == self.tail.len() {
                let tail = std::mem::take(&mut self.tail);
                let written = self.write(&tail, range);
                self.tail = tail;
                written?
            } else {
                let mut rows = Rows::new(self.dim);
                if let Some(last) = self.kept.last().filter(|_| small) {
                    copy_live(&mut rows, last);
                    range.from = last.segment.head.from;
                }
                let tail = self.tail.columns();
                let live = (0..self.tail.len()).filter(|row| is_live(&self.tail_live, *row));
                live.for_each(|row| rows.push_row(&tail, row));
                self.write(&rows, range)?
            };
            if small {
                self.kept.pop();
            }
            let live = all_live(segment.head.rows);
            self.kept.push(Kept { segment, file, live, dead: 0 });
            self.tail = Rows::new(self.dim);
            self.tail_live.clear();
        }
        self.flushed = self.applied.clone();
        debug_assert_eq!(self.len, self.kept.iter().map(|kept| count(&kept.live)).sum::<usize>());
        self.write_list()?;
        self.sweep()
    }

    fn write(&mut self, rows: &Rows, range: Range) -> std::io::Result<(Segment, String)> {
        self.generation += 1;
        let file = format!("{:016}.seg", self.generation);
        let path = self.folder.join(&file);
        let head = Head {
            model: self.model.clone(),
            dim: self.dim,
            rows: rows.len(),
            from: range.from,
            through: range.through,
            columns_xxh3: 0,
        };
        Segment::write(&path, rows, &head)?;
        let segment =
            Segment::open(&path).ok_or_else(|| std::io::Error::other(say!("index-disk-gives-back-other-bytes")))?;
        Ok((segment, file))
    }

    fn write_list(&self) -> std::io::Result<()> {
        let list = List {
            model: self.model.clone(),
            dim: self.dim,
            applied: self.flushed.seq,
            mark: self.flushed.mark.clone(),
            generation: self.generation,
            segments: self
                .kept
                .iter()
                .map(|kept| Listed {
                    file: kept.file.clone(),
                    from: kept.segment.head.from,
                    through: kept.segment.head.through,
                    columns_xxh3: kept.segment.head.columns_xxh3,
                })
                .chain(self.damaged.iter().map(|range| Listed {
                    file: "damaged.seg".to_owned(),
                    from: range.from,
                    through: range.through,
                    columns_xxh3: 0,
                }))
                .collect(),
        };
        let beside = self.folder.join("index.tmp");
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec(&list).map_err(std::io::Error::other)?)?;
        file.sync_all()?;
        fs::rename(beside, self.folder.join(LIST))?;
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Every row that can be among the best, for each probe: one pass for all of them, by `threads` threads.
    ///
    /// # Errors
    /// [`IndexError::Length`] when a probe has another length.
    pub fn scan(&self, probes: &[Probe<'_>], threads: usize) -> Result<Vec<Shortlist>, IndexError> {
        if let Some(probe) = probes.iter().find(|probe| probe.values.len() != self.dim) {
            return Err(IndexError::Length { dim: self.dim, found: probe.values.len() });
        }
        let kept = self.kept.iter().map(|kept| Part { columns: kept.segment.columns(), live: &kept.live });
        let parts: Vec<Part<'_>> = kept.chain([Part { columns: self.tail.columns(), live: &self.tail_live }]).collect();
        Ok(scan::scan(self.kernel, &parts, self.dim.div_ceil(STRIP), probes, threads))
    }
}

fn copy_live(rows: &mut Rows, kept: &Kept) {
    let columns = kept.segment.columns();
    (0..kept.segment.head.rows).filter(|row| is_live(&kept.live, *row)).for_each(|row| rows.push_row(&columns, row));
}
