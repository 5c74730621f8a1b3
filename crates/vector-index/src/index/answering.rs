//! An index opened, filled, and searched.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;

use super::files::{List, new_id};
use super::held::{Index, IndexError, Kept, LIST, MOST_DIM, Position, Range, SEGMENT, clear, is_live};
use crate::Entry;
use crate::keys::Keys;
use crate::rows::Rows;
use crate::scan::{self, Part, Probe, Shortlist};
use crate::segment::Segment;
use crate::simd::{Kernel, LANES, STRIP};

impl Index {
    /// Opens the index of `model` in `folder`, making it when it is new; `keys` has the keys of its files. Every byte is
    /// checked; segments that are damaged or missing, or whose key was destroyed, are left out and named by
    /// [`Index::damaged`], to be filled again with [`Index::refill`]. An index of another model begins anew.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open(folder: &Path, model: &str, dim: usize, keys: impl Keys + 'static) -> Result<Self, IndexError> {
        if dim == 0 || dim > MOST_DIM {
            return Err(IndexError::Dimension(dim));
        }
        let path = folder.display().to_string();
        let unusable = |source| IndexError::Folder { path: path.clone(), source };
        fs::create_dir_all(folder).map_err(unusable)?;
        let lock = File::create(folder.join("lock")).map_err(unusable)?;
        lock.try_lock().map_err(|_| IndexError::InUse(path.clone()))?;
        let list: Option<List> = fs::read(folder.join(LIST)).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let mut index = Self {
            folder: folder.to_owned(),
            keys: Box::new(keys),
            id: list.as_ref().map_or_else(String::new, |list| list.index.clone()),
            spent: true,
            model: model.to_owned(),
            dim,
            kernel: Kernel::detect(),
            kept: Vec::new(),
            tail: Rows::new(dim),
            tail_live: Vec::new(),
            len: 0,
            applied: Position::default(),
            flushed: Position::default(),
            generation: list.as_ref().map_or(0, |list| list.generation),
            highest: 0,
            damaged: Vec::new(),
            _lock: lock,
        };
        match list.filter(|list| list.model == model && list.dim == dim) {
            Some(list) => index.read(list)?,
            None => index.begin_anew(model, dim)?,
        }
        index.sweep().map_err(unusable)?;
        Ok(index)
    }

    fn read(&mut self, list: List) -> Result<(), IndexError> {
        self.flushed = Position { seq: list.applied, mark: list.mark };
        self.applied = self.flushed.clone();
        for listed in list.segments {
            let key = self.keys.get(&self.id, &listed.file).map_err(IndexError::Keys)?;
            let whole = key.and_then(|key| Segment::open(&self.folder.join(&listed.file), &key)).filter(|segment| {
                let head = &segment.head;
                let found = (head.model.as_str(), head.dim, head.from, head.through);
                found == (self.model.as_str(), self.dim, listed.from, listed.through)
            });
            match whole {
                Some(segment) => self.keep(segment, listed.file),
                None => self.damaged.push(Range { from: listed.from, through: listed.through }),
            }
        }
        Ok(())
    }

    /// Forgets every row and destroys the keys of its files: an empty index of `model`, before the first position.
    ///
    /// # Errors
    /// [`IndexError`]; it is empty then too, and its keys are destroyed with the next [`Index::flush`].
    pub fn begin_anew(&mut self, model: &str, dim: usize) -> Result<(), IndexError> {
        if dim == 0 || dim > MOST_DIM {
            return Err(IndexError::Dimension(dim));
        }
        self.model = model.to_owned();
        self.dim = dim;
        self.kept.clear();
        self.tail = Rows::new(dim);
        self.tail_live.clear();
        self.len = 0;
        self.applied = Position::default();
        self.flushed = Position::default();
        self.highest = 0;
        self.damaged.clear();
        self.spent = true;
        if !self.id.is_empty() {
            self.keys.keep(&self.id, &[]).map_err(IndexError::Keys)?;
        }
        self.id = new_id().map_err(|source| self.unusable(source))?;
        self.write_list().and_then(|()| self.sweep()).map_err(|source| self.unusable(source))
    }

    fn keep(&mut self, segment: Segment, file: String) {
        self.len += segment.head.rows;
        self.highest = segment.records().iter().copied().fold(self.highest, i64::max);
        self.kept.push(Kept::new(segment, file));
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

    /// Under which name its keys are kept: 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whose templates it holds.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether all that was read from its files is kept out of swap.
    pub fn is_locked(&self) -> bool {
        self.kept.iter().all(|kept| kept.segment.locked)
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
    pub fn refill<V: AsRef<[f32]>>(
        &mut self,
        range: Range,
        rows: impl Iterator<Item = (Entry, V)>,
    ) -> Result<(), IndexError> {
        let mut fresh = Rows::new(self.dim);
        let mut held = self.records();
        for (entry, values) in rows {
            let values = values.as_ref();
            if values.len() != self.dim {
                return Err(IndexError::Length { dim: self.dim, found: values.len() });
            }
            if held.insert(entry.record) {
                fresh.push(entry, values);
            }
        }
        let done = (|| {
            if fresh.len() > 0 {
                let Kept { segment, file, .. } = self.write(&fresh, range)?;
                self.keep(segment, file);
            }
            self.damaged.retain(|known| *known != range);
            self.write_list().map_err(|source| self.unusable(source))
        })();
        done.and_then(|()| self.destroy_spent())
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
