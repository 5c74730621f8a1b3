//! Tampering with the relay's own store and files: who has the machine changes the database by hand, and starts the relay again.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use ledger::{Consistent, Hash, Kind, Leaf, Signed, Signer, consistency, origin};
use relay::log::{Log, open as open_log};
use relay::store::{SignedHead, Store};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::tampering_shown::{Tried, case, files_by_hand, files_in};

const WRITER: Hash = [7; 32];

fn bring(store: &mut Store, first: u64, hashes: &[Hash]) -> anyhow::Result<()> {
    let head = SignedHead { position: first + hashes.len() as u64 - 1, at: String::new(), signature: String::new() };
    Ok(store.take_leaves(&WRITER, first, hashes, &head).map(drop)?)
}

fn root() -> String {
    "ab".repeat(32)
}

fn opened(data: &Path) -> anyhow::Result<(Log, Signed)> {
    let store = Store::open(data)?;
    let log = open_log(data, &root(), &store)?;
    let signed = log.checkpoint().clone();
    Ok((log, signed))
}

fn by_hand(data: &Path) -> anyhow::Result<Connection> {
    let db = Connection::open(data.join("relay.sqlite"))?;
    db.execute_batch(
        "DROP TRIGGER leaf_stays; DROP TRIGGER leaf_kept; DROP TRIGGER leaf_follows; DROP TRIGGER audit_logged;",
    )?;
    Ok(db)
}

fn copied(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(from)?.flatten() {
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&there)?;
            copied(&entry.path(), &there)?;
        } else {
            std::fs::copy(entry.path(), there)?;
        }
    }
    Ok(())
}

/// Whether a reader who saw `seen` finds that what the relay shows by now is another history.
fn read_on(data: &Path, seen: &Signed) -> bool {
    let Ok((log, newest)) = opened(data) else { return true };
    let hashes = match seen.size() <= newest.size() {
        true => consistency(newest.size(), seen.size(), &log).unwrap_or_default(),
        false => Vec::new(),
    };
    Consistent::prove(seen, &newest, &hashes).is_err()
}

/// What readers are shown of the log after the relay was started again, and whether it refused to start: then whoever has the machine
/// makes the log of the rows by hand.
fn served(data: &Path) -> anyhow::Result<(Value, bool)> {
    if opened(data).is_ok() {
        return Ok((files_in(&data.join("ledger"))?, false));
    }
    let secret: Hash =
        hex::decode(std::fs::read_to_string(data.join("ledger.key"))?.trim())?.try_into().ok().context("no key")?;
    let signer = Signer::new(Kind::Log, &origin(&root()), &ed25519_dalek::SigningKey::from_bytes(&secret))?;
    let db = Connection::open(data.join("relay.sqlite"))?;
    let mut query = db.prepare("SELECT writer, position, hash FROM leaf ORDER BY number")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let leaves = rows.map(|row| {
        let (writer, position, hash): (Hash, i64, Hash) = row?;
        Ok(Leaf::new(writer, position.unsigned_abs(), hash)?)
    });
    Ok((files_by_hand(&leaves.collect::<anyhow::Result<Vec<_>>>()?, &signer)?, true))
}

/// One attack on a relay's data folder.
pub(crate) fn relay(kind: &str, chance: &mut Chance) -> anyhow::Result<Tried> {
    let data = tempfile::tempdir()?;
    let rows = 3 + chance.below(300) as u64;
    let hashes: Vec<Hash> = (0..rows).map(|n| [n as u8 ^ chance.below(256) as u8; 32]).collect();
    let early = 1 + chance.below(rows as usize - 1) as u64;
    let mut store = Store::open(data.path())?;
    bring(&mut store, 1, &hashes[..early as usize])?;
    drop(store);
    drop(opened(data.path())?);
    let yesterday = tempfile::tempdir()?;
    copied(data.path(), yesterday.path())?;
    let mut store = Store::open(data.path())?;
    bring(&mut store, early + 1, &hashes[early as usize..])?;
    drop(store);
    let (log, seen) = opened(data.path())?;
    drop(log);
    ensure!(!read_on(data.path(), &seen), "the untouched relay does not hold");
    let at = chance.below(rows as usize) as i64;
    let other = hashes[at as usize].map(|byte| !byte);
    let files = data.path().join("ledger");
    let as_case = |files: Value| case(seen.log(), &[], &[&seen], json!({ "files": files }));
    let untouched = as_case(files_in(&files)?);
    // What is changed of the files is shown as it lies there, until the relay is started again.
    let (mut lies, mut at_path) = (None, data.path());
    match kind {
        "flip" => match chance.below(3) {
            0 => {
                _ = by_hand(data.path())?.execute("UPDATE leaf SET hash = ?1 WHERE number = ?2", params![other, at])?;
            }
            1 => {
                let path = files.join("checkpoint");
                let mut bytes = std::fs::read(&path)?;
                let place = chance.below(bytes.len());
                bytes[place] ^= 1;
                std::fs::write(path, bytes)?;
                lies = Some(files_in(&files)?);
            }
            // A tile is never believed: what is served after the next start is what it was.
            _ => {
                let tile = |tile: &ledger::Tile| files.join(tile.path());
                let wanted = ledger::wanted_for_inclusion(seen.size(), at as u64)?;
                let path = tile(wanted.first().context("no tile")?);
                let before = std::fs::read(&path)?;
                let mut bytes = before.clone();
                let place = chance.below(bytes.len());
                bytes[place] ^= 1;
                std::fs::write(&path, bytes)?;
                let tampered = as_case(files_in(&files)?);
                drop(opened(data.path())?);
                let found = std::fs::read(&path)? == before;
                return Ok(Tried { found, untouched, tampered, refused_at_start: false });
            }
        },
        "delete" => _ = by_hand(data.path())?.execute("DELETE FROM leaf WHERE number = ?1", [at])?,
        "truncate" => _ = by_hand(data.path())?.execute("DELETE FROM leaf WHERE number >= ?1", [at])?,
        "reorder" => {
            let (one, other) = (chance.below(rows as usize - 1), rows as usize - 1);
            if hashes[one] == hashes[other] {
                // Two rows alike, in each other's place, still have each other's position.
                by_hand(data.path())?
                    .execute("UPDATE leaf SET position = position + 1000 WHERE number = ?1", [one as i64])?;
            } else {
                let db = by_hand(data.path())?;
                db.execute("UPDATE leaf SET hash = ?1 WHERE number = ?2", params![hashes[other], one as i64])?;
                db.execute("UPDATE leaf SET hash = ?1 WHERE number = ?2", params![hashes[one], other as i64])?;
            }
        }
        "insert" => {
            let db = by_hand(data.path())?;
            db.execute_batch("PRAGMA ignore_check_constraints = ON")?;
            db.execute("UPDATE leaf SET number = -number - 2 WHERE number >= ?1", [at])?;
            db.execute("UPDATE leaf SET number = -number - 1 WHERE number < 0", [])?;
            db.execute(
                "INSERT INTO leaf (number, writer, position, hash) VALUES (?1, ?2, 1, ?3)",
                params![at, [8u8; 32], [8u8; 32]],
            )?;
        }
        // The database of yesterday beside the files of today, or all of it.
        "roll back" => {
            let whole = chance.below(2) == 0;
            for name in ["relay.sqlite", "relay.sqlite-wal", "relay.sqlite-shm"] {
                drop(std::fs::remove_file(data.path().join(name)));
                if yesterday.path().join(name).exists() {
                    std::fs::copy(yesterday.path().join(name), data.path().join(name))?;
                }
            }
            if whole {
                std::fs::remove_dir_all(&files)?;
            }
        }
        // Whoever has the log's key signs another history: the checkpoint that was kept is out of the way.
        "fork" | "split view" => {
            std::fs::remove_dir_all(&files)?;
            if kind == "fork" {
                by_hand(data.path())?.execute("UPDATE leaf SET hash = ?1 WHERE number = ?2", params![other, at])?;
            } else {
                let mut branch = Store::open(yesterday.path())?;
                let more: Vec<Hash> = hashes[early as usize..].iter().map(|hash| hash.map(|byte| !byte)).collect();
                bring(&mut branch, early + 1, &more[..1 + chance.below(more.len())])?;
                drop(branch);
                at_path = yesterday.path();
            }
        }
        "re-sign" => std::fs::write(data.path().join("ledger.key"), hex::encode([chance.below(250) as u8; 32]))?,
        _ => bail!("no such kind"),
    }
    let found = read_on(at_path, &seen);
    let (shown, refused_at_start) = match lies {
        Some(files) => (files, false),
        None => served(at_path)?,
    };
    Ok(Tried { found, untouched, tampered: as_case(shown), refused_at_start })
}
