//! What readers are shown of a tampered world, as cases of the second implementation (`docs/formats/ledger.md`, *A second reader*).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use ledger::{Checkpoint, Key, Leaf, Signed, Signer, Tile, Tiles, WIDTH, Whole, bundle};
use serde_json::{Value, json};

/// One attack: whether this program's own readers found it, and what readers are shown before and after it.
#[derive(Debug)]
pub struct Tried {
    /// Whether it was found.
    pub found: bool,
    /// The case of the untouched world.
    pub untouched: Value,
    /// The case of the tampered one.
    pub tampered: Value,
    /// Whether the service itself refused to start: then it is shown what the tampered rows make, signed by the key that lies there.
    pub refused_at_start: bool,
}

/// A case of a reader who knows these keys and saw these checkpoints; `shown` is what else stands in it.
pub(crate) fn case(log: &Key, witnesses: &[Key], seen: &[&Signed], shown: Value) -> Value {
    let names = |keys: &[Key]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    let seen: Vec<&str> = seen.iter().map(|signed| signed.whole()).collect();
    let mut case = json!({ "log": log.to_string(), "witnesses": names(witnesses), "seen": seen });
    if let (Some(case), Value::Object(shown)) = (case.as_object_mut(), shown) {
        case.extend(shown);
    }
    case
}

/// The files of a log of these entries, by path in hexadecimal: `checkpoint` and `cosigned` as they are shown, `tiles` in the place of
/// the entries' own.
pub(crate) fn files_of(
    entries: &[Leaf],
    checkpoint: &str,
    cosigned: Option<&str>,
    tiles: &BTreeMap<Tile, Vec<u8>>,
) -> Value {
    let mut files = BTreeMap::from([("checkpoint".to_owned(), hex::encode(checkpoint))]);
    files.extend(cosigned.map(|cosigned| ("cosigned".to_owned(), hex::encode(cosigned))));
    let said = Checkpoint::read(checkpoint.as_bytes()).map_or(entries.len(), |said| said.size() as usize);
    // A server has the parts of a tile from which it grew.
    for size in [said, entries.len()].into_iter().filter(|size| *size <= entries.len()) {
        let part = &entries[..size];
        let whole = Whole::of(part);
        for (index, leaves) in part.chunks(WIDTH).enumerate() {
            let tile = Tile::entries(index as u64, leaves.len() as u16);
            files.insert(tile.path(), hex::encode(bundle(leaves)));
        }
        let mut hashes = size;
        for level in 0.. {
            if hashes == 0 {
                break;
            }
            for index in 0..hashes.div_ceil(WIDTH) {
                let tile = Tile::hashes(level, index as u64, (hashes - index * WIDTH).min(WIDTH) as u16);
                files.extend(whole.tile(&tile).map(|bytes| (tile.path(), hex::encode(bytes))));
            }
            hashes /= WIDTH;
        }
    }
    files.extend(tiles.iter().map(|(tile, bytes)| (tile.path(), hex::encode(bytes))));
    json!(files)
}

/// The files of a log as they lie in a folder.
///
/// # Errors
/// Those of the disk.
pub(crate) fn files_in(folder: &Path) -> anyhow::Result<Value> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop().filter(|at| at.exists()) {
        for entry in std::fs::read_dir(at)?.flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder)?.to_str().context("a path")?.to_owned();
                files.insert(path, hex::encode(std::fs::read(entry.path())?));
            }
        }
    }
    Ok(json!(files))
}

/// The files of a log that whoever has the machine makes of rows by hand, signed with the key that lies there.
///
/// # Errors
/// Where the key signs nothing.
pub(crate) fn files_by_hand(entries: &[Leaf], signer: &Signer) -> anyhow::Result<Value> {
    let signed = Whole::of(entries).checkpoint(signer)?;
    Ok(files_of(entries, signed.whole(), None, &BTreeMap::new()))
}
