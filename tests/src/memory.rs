//! What lies in another process's memory.

use std::fs::File;
use std::os::unix::fs::FileExt;

use anyhow::Context;

/// The process of that name (as the system cuts it: 15 letters) in the process group, or one whose parents lead there.
///
/// # Errors
/// When the system's list of processes cannot be read.
pub fn descendant(group: u32, name: &str) -> anyhow::Result<Option<u32>> {
    for entry in std::fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // It may end meanwhile.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        let Some((called, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')) else { continue };
        let in_group = rest.split_whitespace().nth(2).and_then(|group| group.parse().ok()) == Some(group);
        if in_group && called == name {
            return Ok(Some(pid));
        }
    }
    Ok(None)
}

/// Where one of `wanted` lies in what the process `pid` may write: the mapping's line, and what stands before and after.
///
/// # Errors
/// When its memory cannot be read: it takes the rights of a debugger.
pub fn places(pid: u32, wanted: &[Vec<u8>]) -> anyhow::Result<Vec<String>> {
    const PART: u64 = 256 << 10;
    const AROUND: usize = 160;
    let longest = wanted.iter().map(Vec::len).max().unwrap_or(0) as u64;
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).context("maps")?;
    let memory = File::open(format!("/proc/{pid}/mem")).context("memory")?;
    let pages = File::open(format!("/proc/{pid}/pagemap")).context("pagemap")?;
    let (mut found, mut read) = (Vec::new(), 0);
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
        let Some((from, to)) = range.split_once('-') else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = (u64::from_str_radix(from, 16)?, u64::from_str_radix(to, 16)?);
        let mut at = from;
        while at < to {
            let length = PART.min(to - at);
            if !touched(&pages, at, length) {
                at += length;
                continue;
            }
            // A little of the part before, for what lies across the border.
            let begin = at.saturating_sub(longest.saturating_sub(1)).max(from);
            let mut bytes = vec![0; usize::try_from(at + length - begin)?];
            if memory.read_exact_at(&mut bytes, begin).is_ok() {
                read += bytes.len();
                found.extend(wanted.iter().flat_map(|text| memchr::memmem::find_iter(&bytes, text)).map(|place| {
                    let around = &bytes[place.saturating_sub(AROUND)..bytes.len().min(place + AROUND)];
                    format!("{line} at {:x}: {}", begin + place as u64, around.escape_ascii())
                }));
            }
            at += length;
        }
    }
    anyhow::ensure!(read > 1 << 20, "hardly any memory could be read");
    Ok(found)
}

/// Whether any page there was ever written: most of what a page's engine reserves never is, and reading it makes it.
fn touched(pages: &File, from: u64, length: u64) -> bool {
    const PAGE: u64 = 4096;
    let mut entries = vec![0; usize::try_from(length / PAGE * 8).unwrap_or(0)];
    if pages.read_exact_at(&mut entries, from / PAGE * 8).is_err() {
        return true;
    }
    // Present, or swapped out: the two highest bits of an entry.
    entries.chunks_exact(8).any(|entry| entry[7] & 0xC0 != 0)
}
