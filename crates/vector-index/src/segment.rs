//! A segment: rows in a file that is written once and mapped.
//!
//! Layout, little-endian: 4096 bytes of head (magic, length and JSON of [`Head`], zeros, XXH3-64 of all that before in
//! the last 8), then the columns, each at a multiple of 64 bytes: codes, scale, residual, norm (f32), record, subject
//! (i64), day, agency (i32). The head holds the XXH3-64 of the columns.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use memmap2::Mmap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::rows::{Columns, Rows};
use crate::simd::{LANES, STEP, STRIP, map};

const MAGIC: &[u8; 8] = b"CEXACT01";
const HEAD: usize = 4096;
const ALIGN: usize = 64;

/// What a segment's head says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub model: String,
    pub dim: usize,
    pub rows: usize,
    /// Positions of the store's outbox that its rows came from: after `from`, up to `through`.
    pub from: i64,
    pub through: i64,
    pub columns_xxh3: u64,
}

#[derive(Debug)]
pub(crate) struct Segment {
    pub head: Head,
    map: Mmap,
    at: [usize; 9],
}

/// Where each column begins, and where the file ends.
fn places(rows: usize, dim: usize) -> [usize; 9] {
    let groups = rows.div_ceil(LANES);
    let padded = groups * LANES;
    let sizes = [
        groups * dim.div_ceil(STRIP) * STEP,
        padded * 4,
        padded * 4,
        padded * 4,
        padded * 8,
        padded * 8,
        padded * 4,
        padded * 4,
    ];
    let mut at = [HEAD; 9];
    for (column, size) in sizes.into_iter().enumerate() {
        at[column + 1] = (at[column] + size).next_multiple_of(ALIGN);
    }
    at
}

impl Segment {
    /// Writes rows beside `path`, then gives them its name. The folder is not yet synced.
    pub(crate) fn write(path: &Path, rows: &Rows, head: &Head) -> std::io::Result<Head> {
        let beside = path.with_extension("tmp");
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&beside)?);
        file.write_all(&[0; HEAD])?;
        let c = rows.columns();
        let columns: [&[u8]; 8] = [
            c.codes,
            bytemuck::cast_slice(c.scale),
            bytemuck::cast_slice(c.residual),
            bytemuck::cast_slice(c.norm),
            bytemuck::cast_slice(c.record),
            bytemuck::cast_slice(c.subject),
            bytemuck::cast_slice(c.day),
            bytemuck::cast_slice(c.agency),
        ];
        let mut sum = Xxh3::new();
        let at = places(head.rows, head.dim);
        for (column, bytes) in columns.into_iter().enumerate() {
            let padding = &[0; ALIGN][..at[column + 1] - at[column] - bytes.len()];
            for bytes in [bytes, padding] {
                sum.update(bytes);
                file.write_all(bytes)?;
            }
        }
        let head = Head { columns_xxh3: sum.digest(), ..head.clone() };
        let text = serde_json::to_vec(&head).map_err(std::io::Error::other)?;
        let mut first = vec![0; HEAD];
        first[..8].copy_from_slice(MAGIC);
        first[8..12].copy_from_slice(&(text.len() as u32).to_le_bytes());
        first[12..12 + text.len()].copy_from_slice(&text);
        let sum = xxh3_64(&first[..HEAD - 8]);
        first[HEAD - 8..].copy_from_slice(&sum.to_le_bytes());
        let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        std::io::Seek::rewind(&mut file)?;
        file.write_all(&first)?;
        file.sync_all()?;
        fs::rename(beside, path)?;
        Ok(head)
    }

    /// Opens a segment and checks every byte of it; `None` when one is wrong or missing.
    pub(crate) fn open(path: &Path) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let mut first = vec![0; HEAD];
        file.read_exact(&mut first).ok()?;
        let sum = u64::from_le_bytes(first[HEAD - 8..].try_into().ok()?);
        if &first[..8] != MAGIC || xxh3_64(&first[..HEAD - 8]) != sum {
            return None;
        }
        let length = u32::from_le_bytes(first[8..12].try_into().ok()?) as usize;
        let head: Head = serde_json::from_slice(first.get(12..12 + length)?).ok()?;
        let at = places(head.rows, head.dim);
        if file.metadata().ok()?.len() != at[8] as u64 {
            return None;
        }
        let map = map(&file, at[8]).ok()?;
        let segment = Self { head, map, at };
        (xxh3_64(&segment.map[HEAD..]) == segment.head.columns_xxh3).then_some(segment)
    }

    /// The record of each row, without the padding of the last group.
    pub(crate) fn records(&self) -> &[i64] {
        &self.columns().record[..self.head.rows]
    }

    pub(crate) fn columns(&self) -> Columns<'_> {
        let padded = self.head.rows.next_multiple_of(LANES);
        let bytes = |column: usize, size: usize| &self.map[self.at[column]..self.at[column] + padded * size];
        Columns {
            codes: &self.map[self.at[0]..self.at[1]],
            scale: bytemuck::cast_slice(bytes(1, 4)),
            residual: bytemuck::cast_slice(bytes(2, 4)),
            norm: bytemuck::cast_slice(bytes(3, 4)),
            record: bytemuck::cast_slice(bytes(4, 8)),
            subject: bytemuck::cast_slice(bytes(5, 8)),
            day: bytemuck::cast_slice(bytes(6, 4)),
            agency: bytemuck::cast_slice(bytes(7, 4)),
        }
    }
}
