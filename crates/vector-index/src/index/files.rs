//! An index's files: the list and its segments, each sealed under a key of its own.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Write;

use catalogue::say;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::held::{Index, IndexError, Kept, LIST, Range, SEGMENT, count, is_live};
use crate::keys::Key;
use crate::rows::Rows;
use crate::segment::{Head, Segment};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Listed {
    pub file: String,
    pub from: i64,
    pub through: i64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct List {
    /// Under which the keys of its files are kept; lists of files in the clear had none, and are not read any more.
    pub index: String,
    pub model: String,
    pub dim: usize,
    pub applied: i64,
    pub mark: String,
    /// Counts up, so that no file name is used twice.
    pub generation: u64,
    pub segments: Vec<Listed>,
}

fn fresh<const N: usize>() -> std::io::Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut bytes[..]).map_err(std::io::Error::other)?;
    Ok(bytes)
}

pub(super) fn new_id() -> std::io::Result<String> {
    Ok(fresh::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Index {
    /// Destroys the keys of files that are gone.
    pub(super) fn destroy_spent(&mut self) -> Result<(), IndexError> {
        if self.spent {
            let files: Vec<&str> = self.kept.iter().map(|kept| kept.file.as_str()).collect();
            self.keys.keep(&self.id, &files).map_err(IndexError::Keys)?;
            self.spent = false;
        }
        Ok(())
    }

    /// Removes files that a crash or a rewrite left over.
    pub(super) fn sweep(&self) -> std::io::Result<()> {
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

    /// Writes what is in memory only, and writes segments anew that hold removed rows: after this no file has them, and
    /// the keys of the files that had them are destroyed.
    ///
    /// # Errors
    /// [`IndexError`]; everything stays as it was in memory, and is done the next time.
    pub fn flush(&mut self) -> Result<(), IndexError> {
        self.write_all()?;
        self.destroy_spent()
    }

    pub(super) fn write_all(&mut self) -> Result<(), IndexError> {
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
                self.kept[at] = self.write(&rows, range)?;
            }
        }
        if self.tail.len() > 0 {
            // A small last segment is taken in, so that restarts do not leave many.
            let small = self.kept.last().is_some_and(|last| last.segment.head.rows + self.tail.len() <= SEGMENT);
            let mut range = Range { from: self.flushed.seq, through: self.applied.seq };
            let written = if !small && count(&self.tail_live) == self.tail.len() {
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
            self.kept.push(written);
            self.tail = Rows::new(self.dim);
            self.tail_live.clear();
        }
        self.flushed = self.applied.clone();
        debug_assert_eq!(self.len, self.kept.iter().map(|kept| count(&kept.live)).sum::<usize>());
        self.write_list().and_then(|()| self.sweep()).map_err(|source| self.unusable(source))
    }

    pub(super) fn write(&mut self, rows: &Rows, range: Range) -> Result<Kept, IndexError> {
        self.generation += 1;
        self.spent = true;
        let file = format!("{:016}.seg", self.generation);
        let path = self.folder.join(&file);
        let head = Head {
            model: self.model.clone(),
            dim: self.dim,
            rows: rows.len(),
            from: range.from,
            through: range.through,
        };
        let key: Key = fresh().map_err(|source| self.unusable(source))?;
        self.keys.put(&self.id, &file, &key).map_err(IndexError::Keys)?;
        Segment::write(&path, rows, &head, &key).map_err(|source| self.unusable(source))?;
        let segment = Segment::open(&path, &key)
            .ok_or_else(|| self.unusable(std::io::Error::other(say!("index-disk-gives-back-other-bytes"))))?;
        Ok(Kept::new(segment, file))
    }

    pub(super) fn write_list(&self) -> std::io::Result<()> {
        let list = List {
            index: self.id.clone(),
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
                })
                .chain(self.damaged.iter().map(|range| Listed {
                    file: "damaged.seg".to_owned(),
                    from: range.from,
                    through: range.through,
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
}

fn copy_live(rows: &mut Rows, kept: &Kept) {
    let columns = kept.segment.columns();
    (0..kept.segment.head.rows).filter(|row| is_live(&kept.live, *row)).for_each(|row| rows.push_row(&columns, row));
}
