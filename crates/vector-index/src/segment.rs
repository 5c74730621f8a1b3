//! A segment: rows in a file that is written once, sealed with a key of its own.
//!
//! Layout, little-endian: 4096 bytes of head (magic, length and JSON of [`Head`], zeros), then the columns, each at a
//! multiple of 64 bytes: codes, scale, residual, norm (f32), record, subject (i64), day, agency (i32); they are sealed
//! together (ChaCha20-Poly1305, RFC 8439) with the head as associated data, and the tag ends the file. The key seals this
//! one file and no other, so its nonce is zero. Opened, the columns lie in memory alone.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use memmap2::{Mmap, MmapMut};
use serde::{Deserialize, Serialize};

use crate::keys::Key;
use crate::rows::{Columns, Rows};
use crate::simd::{LANES, STEP, STRIP};

const MAGIC: &[u8; 8] = b"CEXACT02";
const HEAD: usize = 4096;
const ALIGN: usize = 64;
const TAG: usize = 16;

/// What a segment's head says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub model: String,
    pub dim: usize,
    pub rows: usize,
    /// Positions of the store's outbox that its rows came from: after `from`, up to `through`.
    pub from: i64,
    pub through: i64,
}

#[derive(Debug)]
pub(crate) struct Segment {
    pub head: Head,
    /// Columns as they are, in memory that is no file's.
    memory: Mmap,
    /// Whether that memory is kept out of swap.
    pub locked: bool,
    at: [usize; 9],
}

/// Memory for `bytes`, kept out of swap where the system allows it.
fn room(bytes: usize) -> std::io::Result<(MmapMut, bool)> {
    let memory = MmapMut::map_anon(bytes.max(1))?;
    #[cfg(unix)]
    let locked = memory.lock().is_ok();
    #[cfg(not(unix))]
    let locked = false;
    Ok((memory, locked))
}

fn cipher(key: &Key) -> std::io::Result<LessSafeKey> {
    let unusable = |_| std::io::Error::other("key");
    Ok(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key[..]).map_err(unusable)?))
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

/// Where each column begins, and where the last one ends.
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
    let mut at = [0; 9];
    for (column, size) in sizes.into_iter().enumerate() {
        at[column + 1] = (at[column] + size).next_multiple_of(ALIGN);
    }
    at
}

impl Segment {
    /// Seals rows, writes them beside `path`, then gives them its name. The folder is not yet synced.
    pub(crate) fn write(path: &Path, rows: &Rows, head: &Head, key: &Key) -> std::io::Result<()> {
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
        let at = places(head.rows, head.dim);
        let (mut body, _) = room(at[8])?;
        for (column, bytes) in columns.into_iter().enumerate() {
            body[at[column]..at[column] + bytes.len()].copy_from_slice(bytes);
        }
        let text = serde_json::to_vec(&head).map_err(std::io::Error::other)?;
        let mut first = vec![0; HEAD];
        first[..8].copy_from_slice(MAGIC);
        first[8..12].copy_from_slice(&(text.len() as u32).to_le_bytes());
        first[12..12 + text.len()].copy_from_slice(&text);
        let tag = cipher(key)?
            .seal_in_place_separate_tag(nonce(), Aad::from(&first), &mut body[..at[8]])
            .map_err(|_| std::io::Error::other("seal"))?;
        let beside = path.with_extension("tmp");
        let mut file = File::create(&beside)?;
        file.write_all(&first)?;
        file.write_all(&body[..at[8]])?;
        file.write_all(tag.as_ref())?;
        file.sync_all()?;
        fs::rename(beside, path)
    }

    /// Opens a segment into memory; `None` when a byte of it is wrong or missing, or the key is another.
    pub(crate) fn open(path: &Path, key: &Key) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let mut first = vec![0; HEAD];
        file.read_exact(&mut first).ok()?;
        if &first[..8] != MAGIC {
            return None;
        }
        let length = u32::from_le_bytes(first[8..12].try_into().ok()?) as usize;
        let head: Head = serde_json::from_slice(first.get(12..12_usize.checked_add(length)?)?).ok()?;
        // Before the tag was checked the head is only claimed: what it asks for must be what the file has.
        let most = usize::try_from(file.metadata().ok()?.len()).ok()?;
        if head.dim == 0 || head.rows > most || head.dim > most {
            return None;
        }
        let at = places(head.rows, head.dim);
        if most != HEAD + at[8] + TAG {
            return None;
        }
        let (mut memory, locked) = room(at[8]).ok()?;
        let mut tag = [0; TAG];
        file.read_exact(&mut memory[..at[8]]).ok()?;
        file.read_exact(&mut tag).ok()?;
        let opened = cipher(key).ok()?;
        opened.open_in_place_separate_tag(nonce(), Aad::from(&first), &tag, &mut memory[..at[8]]).ok()?;
        Some(Self { head, memory: memory.make_read_only().ok()?, locked, at })
    }

    /// The record of each row, without the padding of the last group.
    pub(crate) fn records(&self) -> &[i64] {
        &self.columns().record[..self.head.rows]
    }

    pub(crate) fn columns(&self) -> Columns<'_> {
        let padded = self.head.rows.next_multiple_of(LANES);
        let bytes = |column: usize, size: usize| &self.memory[self.at[column]..self.at[column] + padded * size];
        Columns {
            codes: &self.memory[self.at[0]..self.at[1]],
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
