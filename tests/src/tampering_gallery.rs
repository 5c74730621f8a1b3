//! Tampering with a gallery's audit and its log: who has the machine changes the database by hand and starts the gallery again, and
//! whoever carries the exported audit changes the file.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, bail, ensure};
use gallery::audited;
use gallery::store::Store;
use ledger::{Chain, Checkpoint, Consistent, Leaf, Signed, consistency};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use workstation::gallery_shown::FileShown;

use crate::audited_gallery::copied;
use crate::chance::{Chance, flipped, two};
use crate::tampering_shown::{Tried, case, files_by_hand, files_in};

/// Galleries that are attacked, each in copies: of so many rows yesterday, and today.
const SIZES: [(usize, usize); 4] = [(3, 9), (20, 41), (200, 255), (256, 300)];

/// A gallery as it was yesterday and is today, a branch that went on otherwise, and its audit as a file of each.
struct Template {
    folder: tempfile::TempDir,
    /// What a reader saw today.
    seen: Signed,
    /// Rows of yesterday and today.
    rows: (usize, usize),
}

fn work(data: &Path, rows: std::ops::Range<usize>, what: &str) -> anyhow::Result<()> {
    let mut store = Store::sqlite(data)?;
    rows.into_iter().try_for_each(|n| store.audit("Reyes", "CA0190000", "search", &json!({ "n": n, "what": what })))?;
    Ok(())
}

fn opened(data: &Path) -> anyhow::Result<Signed> {
    Ok(audited::open(&mut Store::sqlite(data)?, data.join("ledger"))?.0.checkpoint().clone())
}

fn export(data: &Path, to: &Path) -> anyhow::Result<()> {
    audited::export(&mut Store::sqlite(data)?, &data.join("ledger"), to)?;
    Ok(())
}

impl Template {
    fn new((early, late): (usize, usize)) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        work(&at("yesterday"), 0..early, "")?;
        opened(&at("yesterday"))?;
        export(&at("yesterday"), &at("yesterday.audit"))?;
        copied(&at("yesterday"), &at("today"))?;
        copied(&at("yesterday"), &at("branch"))?;
        work(&at("today"), early..late, "")?;
        work(&at("branch"), early..late + 7, "else")?;
        let seen = opened(&at("today"))?;
        opened(&at("branch"))?;
        export(&at("today"), &at("today.audit"))?;
        export(&at("branch"), &at("branch.audit"))?;
        let of = |name: &str| -> anyhow::Result<usize> { Ok(Store::sqlite(&at(name))?.verify_audit()?.0 as usize) };
        // Writing a file leaves a row.
        let rows = (of("yesterday")?, of("today")?);
        Ok(Self { folder, seen, rows })
    }

    fn of(chance: &mut Chance) -> anyhow::Result<&'static Self> {
        static MADE: [OnceLock<Template>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
        let n = chance.below(SIZES.len());
        if MADE[n].get().is_none() {
            // Whoever is the second to make it throws theirs away.
            drop(MADE[n].set(Self::new(SIZES[n])?));
        }
        MADE[n].get().context("no gallery")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn by_hand(data: &Path) -> anyhow::Result<Connection> {
    let db = Connection::open(data.join("gallery.sqlite"))?;
    db.execute_batch(
        "PRAGMA synchronous = off; DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_removed;",
    )?;
    Ok(db)
}

/// Chains the rows from `from` on anew, as somebody who can compute a SHA-256 does.
fn chained(db: &Connection, from: i64) -> anyhow::Result<()> {
    let before: Option<String> =
        db.query_row("SELECT max(hash) FROM audit WHERE seq = ?1", [from - 1], |row| row.get(0))?;
    let mut chain = Chain::at(from - 1, before.unwrap_or_default());
    let mut query = db.prepare("SELECT at, actor, agency, action, detail FROM audit WHERE seq >= ?1 ORDER BY seq")?;
    let rows = query.query_map([from], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))?;
    let rows: Vec<[String; 5]> = rows.collect::<Result<_, _>>()?;
    for row in rows {
        let (seq, hash) = chain.next(&row.each_ref().map(String::as_str));
        db.execute("UPDATE audit SET hash = ?2 WHERE seq = ?1", params![seq, hash])?;
        chain = Chain::at(seq, hash);
    }
    Ok(())
}

/// Whether a reader who saw `seen` finds that what the gallery shows by now is another history, or its operator that the audit is not
/// the one that was signed.
fn found(data: &Path, seen: &Signed) -> bool {
    let read = || -> anyhow::Result<()> {
        let mut store = Store::sqlite(data)?;
        let (log, _) = audited::open(&mut store, data.join("ledger"))?;
        let newest = log.checkpoint().clone();
        let hashes = match seen.size() <= newest.size() {
            true => consistency(newest.size(), seen.size(), &log)?,
            false => Vec::new(),
        };
        Consistent::prove(seen, &newest, &hashes)?;
        audited::verify(&mut store, &data.join("ledger"), &[], &[])?;
        Ok(())
    };
    read().is_err()
}

/// The rows as whoever may read the audit is given them, beside the files of the log.
fn shown(data: &Path, files: Value) -> anyhow::Result<Value> {
    Ok(json!({ "files": files, "rows": Store::sqlite(data)?.audit_rows(-1, u32::MAX)? }))
}

/// What readers are shown after the gallery was started again, and whether it refused to start: then whoever has the machine makes the
/// log of the rows by hand.
fn served(data: &Path) -> anyhow::Result<(Value, bool)> {
    if opened(data).is_ok() {
        return Ok((shown(data, files_in(&data.join("ledger"))?)?, false));
    }
    let mut store = Store::sqlite(data)?;
    let signer = store.log_signer()?;
    let leaves = store.audit_rows(-1, u32::MAX)?.into_iter().map(|row| {
        let hash = hex::decode(row.hash)?.try_into().ok().context("no hash")?;
        Ok(Leaf::new(signer.key().bytes(), row.seq.unsigned_abs(), hash)?)
    });
    let leaves = leaves.collect::<anyhow::Result<Vec<_>>>()?;
    Ok((shown(data, files_by_hand(&leaves, &signer)?)?, true))
}

/// One attack on a gallery's data folder.
pub(crate) fn gallery(kind: &str, chance: &mut Chance) -> anyhow::Result<Tried> {
    let template = Template::of(chance)?;
    let data = tempfile::tempdir()?;
    let data = data.path();
    copied(&template.path("today"), data)?;
    let (seen, rows) = (&template.seen, template.rows.1);
    // Of those that the reader saw.
    let at = 1 + chance.below(seen.size() as usize) as i64;
    let files = data.join("ledger");
    ensure!(!found(data, seen), "the untouched gallery does not hold");
    let as_case = |shown: Value| case(seen.log(), &[], &[seen], shown);
    let untouched = as_case(shown(data, files_in(&files)?)?);
    // What is changed of the files is shown as it lies there, until the gallery is started again.
    let mut lies = None;
    match kind {
        "flip" => match chance.below(4) {
            0 => {
                let hash = hex::encode([chance.below(256) as u8; 32]);
                _ = by_hand(data)?.execute("UPDATE audit SET hash = ?1 WHERE seq = ?2", params![hash, at])?;
            }
            1 => {
                let field = ["at", "actor", "agency", "action"][chance.below(4)];
                let sql = format!("UPDATE audit SET {field} = {field} || 'x' WHERE seq = ?1");
                _ = by_hand(data)?.execute(&sql, [at])?;
            }
            2 => {
                let path = files.join("checkpoint");
                let mut bytes = std::fs::read(&path)?;
                let place = chance.below(bytes.len());
                bytes[place] ^= 1;
                std::fs::write(path, bytes)?;
                lies = Some(shown(data, files_in(&files)?)?);
            }
            // A tile is never believed: what is served after the next start is what it was.
            _ => {
                let wanted = ledger::wanted_for_inclusion(opened(data)?.size(), at as u64 - 1)?;
                let tile = |tile: &ledger::Tile| Some(files.join(tile.path())).filter(|path| path.exists());
                let path = wanted.iter().find_map(tile).or_else(|| tile(&wanted.first()?.full()));
                let path = path.context("no tile")?;
                let before = std::fs::read(&path)?;
                let mut bytes = before.clone();
                let place = chance.below(bytes.len());
                bytes[place] ^= 1;
                std::fs::write(&path, bytes)?;
                let tampered = as_case(shown(data, files_in(&files)?)?);
                let found = opened(data).is_err() || std::fs::read(&path)? == before;
                return Ok(Tried { found, untouched, tampered, refused_at_start: false });
            }
        },
        "delete" => _ = by_hand(data)?.execute("DELETE FROM audit WHERE seq = ?1", [at])?,
        "truncate" => _ = by_hand(data)?.execute("DELETE FROM audit WHERE seq >= ?1", [at])?,
        "reorder" => {
            let (one, other) = two(chance, seen.size() as usize);
            let db = by_hand(data)?;
            for (from, to) in [(one as i64 + 1, -1), (other as i64 + 1, one as i64 + 1), (-1, other as i64 + 1)] {
                db.execute("UPDATE audit SET seq = ?2 WHERE seq = ?1", [from, to])?;
            }
            if chance.below(2) == 0 {
                chained(&db, one as i64 + 1)?;
            }
        }
        "insert" => {
            let db = by_hand(data)?;
            db.execute("UPDATE audit SET seq = -seq - 1 WHERE seq >= ?1", [at])?;
            db.execute("UPDATE audit SET seq = -seq WHERE seq < 0", [])?;
            db.execute(
                "INSERT INTO audit (seq, at, actor, agency, action, detail, hash)
                 SELECT ?1, at, actor, agency, action, '{}', hash FROM audit WHERE seq = ?1 + 1",
                [at],
            )?;
            if chance.below(2) == 0 {
                chained(&db, at)?;
            }
        }
        // The database of yesterday beside the files of today, or all of it.
        "roll back" => {
            let whole = chance.below(2) == 0;
            if whole {
                std::fs::remove_dir_all(&files)?;
            }
            for name in ["gallery.sqlite", "gallery.sqlite-wal", "gallery.sqlite-shm"] {
                drop(std::fs::remove_file(data.join(name)));
                let old = template.path("yesterday").join(name);
                if old.exists() {
                    std::fs::copy(old, data.join(name))?;
                }
            }
        }
        // Whoever has the machine has the log's key: what was signed is out of the way, and the rows are chained anew.
        "fork" => {
            std::fs::remove_dir_all(&files)?;
            let db = by_hand(data)?;
            db.execute("UPDATE audit SET actor = actor || 'x' WHERE seq = ?1", [at])?;
            chained(&db, at)?;
            if chance.below(2) == 0 {
                drop(db);
                work(data, rows..rows + 1 + chance.below(3), "more")?;
            }
        }
        "split view" => {
            std::fs::remove_dir_all(data)?;
            copied(&template.path("branch"), data)?;
        }
        "re-sign" => {
            let secret = vec![chance.below(250) as u8 + 1; 32];
            _ = by_hand(data)?.execute("UPDATE secret SET value = ?1 WHERE name = 'log'", [secret])?;
            if chance.below(2) == 0 {
                std::fs::remove_dir_all(&files)?;
            }
        }
        _ => bail!("no such kind"),
    }
    let found = found(data, seen);
    let (after, refused_at_start) = match lies {
        Some(shown) => (shown, false),
        None => served(data)?,
    };
    Ok(Tried { found, untouched, tampered: as_case(after), refused_at_start })
}

/// Whether an auditor who saw `seen` takes nothing in of this file.
fn refused(text: &str, seen: &Signed) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("audit");
    std::fs::write(&path, text)?;
    let Ok(file) = FileShown::read(&path) else { return Ok(true) };
    // Without a checkpoint it is a gallery's that keeps no log, which this one is not.
    let Some(newest) = file.newest() else { return Ok(true) };
    let Ok(newest) = newest.clone().signed(seen.log()) else { return Ok(true) };
    Ok(file.grown(seen, &newest).is_err())
}

/// One attack on the audit as a file.
pub(crate) fn file(kind: &str, chance: &mut Chance) -> anyhow::Result<Tried> {
    let template = Template::of(chance)?;
    let text = std::fs::read_to_string(template.path("today.audit"))?;
    let lines: Vec<&str> = text.lines().collect();
    let (rows, seen) = (lines.len() - 1, &template.seen);
    ensure!(!refused(&text, seen)?, "the untouched file does not hold");
    let at = 1 + chance.below(rows);
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    let mut changed = lines.clone();
    let tampered = match kind {
        "flip" => flipped(&text, chance),
        "delete" => {
            changed.remove(at);
            joined(&changed)
        }
        "reorder" => {
            let (one, other) = two(chance, rows);
            changed.swap(1 + one, 1 + other);
            joined(&changed)
        }
        "insert" => {
            changed.insert(at, lines[1 + chance.below(rows)]);
            joined(&changed)
        }
        "truncate" => text[..text.floor_char_boundary(chance.below(text.len()))].to_owned(),
        "roll back" => std::fs::read_to_string(template.path("yesterday.audit"))?,
        // The rows of the branch under the checkpoint of today, or all of it.
        "fork" => {
            let branch = std::fs::read_to_string(template.path("branch.audit"))?;
            let rest: Vec<&str> = branch.lines().skip(1).take(rows).collect();
            joined(&[&lines[..1], &rest].concat())
        }
        "split view" => std::fs::read_to_string(template.path("branch.audit"))?,
        "re-sign" => {
            let stranger = ed25519_dalek::SigningKey::from_bytes(&[chance.below(250) as u8 + 1; 32]);
            let name = ledger::gallery_origin(&stranger.verifying_key().to_bytes());
            let signer = ledger::Signer::new(ledger::Kind::Log, &name, &stranger)?;
            let head: Value = serde_json::from_str(lines[0])?;
            let own = Checkpoint::read(head["checkpoint"].as_str().context("no checkpoint")?.as_bytes())?;
            // Over the same root, or over the root that its own leaves have.
            let signed = match chance.below(2) {
                0 => Signed::by(&signer, own.size(), own.root())?,
                _ => {
                    let leaf = |line: &&str| -> anyhow::Result<Leaf> {
                        let row: Value = serde_json::from_str(line)?;
                        let seq = row["seq"].as_i64().context("no position")?;
                        let hash = row["hash"].as_str().context("no hash")?;
                        gallery_api::wire::leaf_of(signer.key(), seq, hash).context("no leaf")
                    };
                    let leaves: Vec<Leaf> = lines[1..].iter().map(leaf).collect::<Result<_, _>>()?;
                    ledger::Whole::of(&leaves).checkpoint(&signer)?
                }
            };
            let head = json!({ "format": head["format"], "checkpoint": signed.whole(), "cosigned": null }).to_string();
            changed[0] = &head;
            joined(&changed)
        }
        _ => bail!("no such kind"),
    };
    ensure!(tampered != text, "nothing was changed");
    let as_case = |text: &str| case(seen.log(), &[], &[seen], json!({ "file": text }));
    let (untouched, found) = (as_case(&text), refused(&tampered, seen)?);
    Ok(Tried { found, untouched, tampered: as_case(&tampered), refused_at_start: false })
}
