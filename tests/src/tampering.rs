//! Tampering with what the ledger holds, and who finds it: the audit of a workstation, the department's log as it is shown, proofs that
//! left it, the relay's own store, and a gallery's audit with its log, in its store and as a file. Each attack is drawn from a seed. The
//! untouched world of the same seed must hold, so that nothing is found by finding everything.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use ed25519_dalek::SigningKey;
use ledger::{
    Asked, Chain, Checkpoint, Consistent, Growing, Hash, Key, Kind, Leaf, Proof, Signed, Signer, Tile, Tiles, Watched,
    Whole, consistency, origin,
};
use serde_json::{Value, json};

use crate::chance::{Chance, flipped, two};
use crate::tampering_shown::{Tried, case, files_of};

/// What is done to it.
pub const KINDS: [&str; 9] =
    ["flip", "delete", "reorder", "insert", "truncate", "roll back", "fork", "re-sign", "split view"];
/// To what.
pub const PLACES: [&str; 6] = ["vault", "log", "proof", "relay", "gallery", "file"];

/// One row of an audit.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    seq: i64,
    fields: [String; 4],
    hash: String,
}

/// Rows chained anew from their fields, as somebody who can compute a SHA-256 does.
fn chained(fields: impl IntoIterator<Item = [String; 4]>) -> Vec<Row> {
    let mut chain = Chain::default();
    let row = |fields: [String; 4]| {
        let (seq, hash) = chain.next(&fields.each_ref().map(String::as_str));
        chain = Chain::at(seq, hash.clone());
        Row { seq, fields, hash }
    };
    fields.into_iter().map(row).collect()
}

fn fields(n: usize, what: u64) -> [String; 4] {
    [
        "2026-03-02T12:00:00Z".to_owned(),
        "A. Examiner".to_owned(),
        "searched".to_owned(),
        format!("{{\"n\":{n},\"w\":{what}}}"),
    ]
}

/// What somebody is shown of a log.
#[derive(Debug, Clone)]
struct Shown {
    entries: Vec<Leaf>,
    checkpoint: String,
    cosigned: String,
    /// Tiles that are not those of the entries.
    tiles: BTreeMap<Tile, Vec<u8>>,
}

/// A department's log with a past: workstations' audits, what readers and a witness saw.
pub struct World {
    audits: Vec<(Hash, Vec<Row>)>,
    entries: Vec<Leaf>,
    log: Signer,
    witness: Signer,
    /// As its first reader saw it, before, and its second, last.
    seen: [Signed; 2],
    watched: Watched,
    /// What the witness cosigned before.
    cosigned_first: String,
    shown: Shown,
}

const NOW: u64 = 1_772_500_000;

fn signer(kind: Kind, name: &str, n: u8) -> anyhow::Result<Signer> {
    Ok(Signer::new(kind, name, &SigningKey::from_bytes(&[n; 32]))?)
}

/// A log's checkpoint of these entries.
fn checkpoint(entries: &[Leaf], log: &Signer) -> anyhow::Result<Signed> {
    Ok(Whole::of(entries).checkpoint(log)?)
}

impl World {
    /// One from a seed.
    ///
    /// # Errors
    /// When it does not hold by itself.
    pub fn new(chance: &mut Chance) -> anyhow::Result<Self> {
        let log = signer(Kind::Log, &origin(&"ab".repeat(32)), 1)?;
        let witness = signer(Kind::Witness, "defender.example/w1", 2)?;
        let audits: Vec<(Hash, Vec<Row>)> = (0..2 + chance.below(2))
            .map(|at| {
                let rows = chained((0..12 + chance.below(120)).map(|n| fields(n, chance.next())));
                ([at as u8 + 10; 32], rows)
            })
            .collect();
        let (mut entries, mut next) = (Vec::new(), vec![0usize; audits.len()]);
        while next.iter().zip(&audits).any(|(next, (_, rows))| *next < rows.len()) {
            let at = chance.below(audits.len());
            let Some(row) = audits[at].1.get(next[at]) else { continue };
            let hash: Hash = hex::decode(&row.hash)?.try_into().ok().context("a hash")?;
            entries.push(Leaf::new(audits[at].0, row.seq.unsigned_abs(), hash)?);
            next[at] += 1;
        }
        let whole = Whole::of(&entries);
        let early = 2 + chance.below(entries.len() - 2);
        let (first, newest) = (checkpoint(&entries[..early], &log)?, whole.checkpoint(&log)?);
        let mut watched = Watched::new(log.key().clone(), None)?;
        let mut cosigned = Vec::new();
        for (signed, old) in [(&first, 0), (&newest, first.size())] {
            let asked = Asked::new(old, whole.grown(old, signed)?, Checkpoint::read(signed.whole().as_bytes())?);
            let Ok((line, next)) = watched.answer(&asked, &witness, NOW) else { bail!("the witness does not cosign") };
            watched = next;
            cosigned.push(signed.with_lines(&line)?.whole().to_owned());
        }
        let [cosigned_first, cosigned] = &cosigned[..] else { bail!("the witness saw two checkpoints") };
        let shown = Shown {
            entries: entries.clone(),
            checkpoint: newest.whole().to_owned(),
            cosigned: cosigned.clone(),
            tiles: BTreeMap::new(),
        };
        let (seen, cosigned_first) = ([first, newest], cosigned_first.clone());
        Ok(Self { audits, entries, log, witness, seen, watched, cosigned_first, shown })
    }

    /// An audit against the log: whole by itself, and what the log has of it.
    fn audit_holds(&self, writer: &Hash, rows: &[Row]) -> anyhow::Result<()> {
        let mut chain = Chain::default();
        for Row { seq, fields, hash } in rows {
            let fields = fields.each_ref().map(String::as_str);
            chain.take(*seq, &fields, hash).map_err(|broken| anyhow::anyhow!("broken at {}", broken.0))?;
        }
        for leaf in self.entries.iter().filter(|leaf| leaf.writer() == writer) {
            let row = rows.get(leaf.position() as usize - 1).context("rows are missing")?;
            ensure!(row.hash == hex::encode(leaf.hash()), "another row {}", row.seq);
        }
        Ok(())
    }

    /// What a reader who saw `seen` before finds in what is shown: signatures, growth, the witness, and that the entries are the tree's.
    fn shown_holds(&self, shown: &Shown, seen: Option<&Signed>) -> anyhow::Result<()> {
        let newest = Checkpoint::read(shown.checkpoint.as_bytes())?.signed(self.log.key())?;
        let cosigned = Checkpoint::read(shown.cosigned.as_bytes())?.signed(self.log.key())?;
        let cosigned = cosigned.cosigned(std::slice::from_ref(self.witness.key()))?;
        let whole = Whole::of(&shown.entries);
        let tiles = |tile: &Tile| shown.tiles.get(tile).cloned().or_else(|| whole.tile(tile));
        for older in seen.into_iter().chain([cosigned.signed()]) {
            let hashes = match older.size() <= newest.size() {
                true => consistency(newest.size(), older.size(), &tiles)?,
                false => Vec::new(),
            };
            Consistent::prove(older, &newest, &hashes)?;
        }
        let Ok(growing) = Growing::of(shown.entries.iter().map(Leaf::in_tree), |tile, hashes: &[Hash]| {
            let served = tiles(&tile).filter(|served| *served == hashes.concat());
            served.map(drop).ok_or(())
        }) else {
            bail!("a tile is not that of its entries");
        };
        for (tile, hashes) in growing.partial() {
            ensure!(tiles(&tile) == Some(hashes.concat()), "a tile is not that of its entries");
        }
        ensure!(growing.size() == newest.size(), "entries are missing");
        growing.is(newest.root())?;
        let mut positions: BTreeMap<&Hash, u64> = BTreeMap::new();
        for leaf in &shown.entries {
            let before = positions.insert(leaf.writer(), leaf.position()).unwrap_or(0);
            ensure!(leaf.position() == before + 1, "positions of a writer are out of order");
        }
        Ok(())
    }

    /// Whether anybody finds it: both readers, and the witness.
    fn log_holds(&self, shown: &Shown) -> anyhow::Result<()> {
        self.seen.iter().try_for_each(|seen| self.shown_holds(shown, Some(seen)))?;
        let newest = Checkpoint::read(shown.checkpoint.as_bytes())?;
        let old = self.watched.last().map_or(0, Signed::size);
        let hashes = Whole::of(&shown.entries).grown(old, &newest.clone().signed(self.log.key())?)?;
        let answer = self.watched.answer(&Asked::new(old, hashes, newest), &self.witness, NOW);
        ensure!(answer.is_ok(), "the witness does not cosign");
        Ok(())
    }

    /// What the second implementation is shown of an audit, beside the log that its reader knows.
    fn audit_case(&self, writer: &Hash, rows: &[Row]) -> Value {
        let rows: Vec<Value> = rows
            .iter()
            .map(|Row { seq, fields: [at, person, action, detail], hash }| {
                json!({ "seq": seq, "at": at, "person": person, "action": action, "detail": detail, "hash": hash })
            })
            .collect();
        let Shown { entries, checkpoint, cosigned, tiles } = &self.shown;
        let files = files_of(entries, checkpoint, Some(cosigned), tiles);
        let shown = json!({ "files": files, "writer": hex::encode(writer), "rows": rows });
        case(self.log.key(), &[], &[&self.seen[1]], shown)
    }

    /// What it is shown of the log, as somebody who saw `seen` before.
    fn log_case(&self, shown: &Shown, seen: &[&Signed]) -> Value {
        let files = files_of(&shown.entries, &shown.checkpoint, Some(&shown.cosigned), &shown.tiles);
        case(self.log.key(), std::slice::from_ref(self.witness.key()), seen, json!({ "files": files }))
    }

    /// What is shown of these entries, signed by `log`, with the witness's lines of the checkpoint that it cosigned.
    fn signed_anew(&self, entries: Vec<Leaf>, log: &Signer) -> anyhow::Result<Shown> {
        let signed = checkpoint(&entries, log)?;
        let lines: String = self
            .shown
            .cosigned
            .lines()
            .filter(|l| l.contains(self.witness.key().name()))
            .map(|l| format!("{l}\n"))
            .collect();
        let cosigned = format!("{}{lines}", signed.whole());
        Ok(Shown { entries, checkpoint: signed.whole().to_owned(), cosigned, tiles: BTreeMap::new() })
    }
}

/// Entries with another one in the place of `at`.
fn other(leaf: &Leaf, chance: &mut Chance) -> anyhow::Result<Leaf> {
    Ok(Leaf::new(*leaf.writer(), leaf.position(), chance.hash())?)
}

fn vault(world: &World, kind: &str, chance: &mut Chance) -> anyhow::Result<Tried> {
    let (writer, rows) = &world.audits[chance.below(world.audits.len())];
    world.audit_holds(writer, rows)?;
    let (mut rows, whole, at) = (rows.clone(), rows, chance.below(rows.len()));
    match kind {
        "flip" => match chance.below(2) {
            0 => rows[at].hash = flipped(&rows[at].hash, chance),
            _ => {
                let field = chance.below(4);
                rows[at].fields[field] = flipped(&rows[at].fields[field], chance);
            }
        },
        "delete" => drop(rows.remove(at)),
        "reorder" => {
            let (one, other) = two(chance, rows.len());
            rows.swap(one, other);
        }
        "insert" => rows.insert(at, Row { fields: fields(at, chance.next()), ..rows[at].clone() }),
        "truncate" => rows.truncate(at),
        // The copy of yesterday, which went on.
        "roll back" => {
            let mut all: Vec<[String; 4]> = rows[..at].iter().map(|row| row.fields.clone()).collect();
            all.extend((0..chance.below(200)).map(|n| fields(n, chance.next())));
            rows = chained(all);
        }
        // Written anew from a row on, whole by itself.
        "fork" | "re-sign" | "split view" => {
            let mut all: Vec<[String; 4]> = rows.iter().map(|row| row.fields.clone()).collect();
            match kind {
                "fork" => all[at] = fields(at, chance.next()),
                "re-sign" => drop(all.remove(at)),
                _ => all.insert(at, fields(at, chance.next())),
            }
            rows = chained(all);
        }
        _ => bail!("no such kind"),
    }
    ensure!(rows != *whole, "nothing was changed");
    let (untouched, tampered) = (world.audit_case(writer, whole), world.audit_case(writer, &rows));
    Ok(Tried { found: world.audit_holds(writer, &rows).is_err(), untouched, tampered, refused_at_start: false })
}

fn log(world: &World, kind: &str, chance: &mut Chance) -> anyhow::Result<Tried> {
    world.log_holds(&world.shown)?;
    let (mut shown, at) = (world.shown.clone(), chance.below(world.entries.len()));
    let entries = &world.entries;
    match kind {
        "flip" => match chance.below(4) {
            0 => shown.entries[at] = other(&entries[at], chance)?,
            1 => shown.checkpoint = flipped(&shown.checkpoint, chance),
            2 => shown.cosigned = flipped(&shown.cosigned, chance),
            _ => {
                let tile = Tile::hashes(0, at as u64 / 256, ((entries.len() - at / 256 * 256).min(256)) as u16);
                let mut bytes = Whole::of(entries).tile(&tile).context("no tile")?;
                let place = chance.below(bytes.len());
                bytes[place] ^= 1 << chance.below(8);
                shown.tiles.insert(tile, bytes);
            }
        },
        "delete" => drop(shown.entries.remove(at)),
        "reorder" => {
            let (one, other) = two(chance, entries.len());
            shown.entries.swap(one, other);
        }
        "insert" => shown.entries.insert(at, other(&entries[at], chance)?),
        // The log signs what it cut, changed, or says again of yesterday.
        "truncate" => shown = world.signed_anew(entries[..at].to_vec(), &world.log)?,
        "roll back" => {
            let seen = &world.seen[0];
            shown = world.signed_anew(entries[..seen.size() as usize - 1].to_vec(), &world.log)?;
        }
        "fork" => {
            let mut forked = entries.clone();
            forked[at] = other(&forked[at], chance)?;
            let more = (0..chance.below(50)).map(|n| Leaf::new([99; 32], n as u64 + 1, chance.hash()));
            forked.extend(more.collect::<Result<Vec<_>, _>>()?);
            shown = world.signed_anew(forked, &world.log)?;
        }
        "re-sign" => {
            let stranger = signer(Kind::Log, world.log.key().name(), 77)?;
            shown = world.signed_anew(entries.clone(), &stranger)?;
        }
        // Somebody who saw nothing before is shown a branch of their own; the witness cosigned the other.
        "split view" => {
            let mut branch = entries.clone();
            branch[at] = other(&branch[at], chance)?;
            let cosigned = shown.cosigned.clone();
            shown = world.signed_anew(branch, &world.log)?;
            match chance.below(3) {
                0 => shown.cosigned = cosigned,
                // One that both branches have; then the witness has not seen how this one goes on, and that is told.
                1 => shown.cosigned.clone_from(&world.cosigned_first),
                _ => {}
            }
            let unseen = Checkpoint::read(shown.cosigned.as_bytes())?.text()
                != Checkpoint::read(shown.checkpoint.as_bytes())?.text();
            let (untouched, tampered) = (world.log_case(&world.shown, &[]), world.log_case(&shown, &[]));
            let found = unseen || world.shown_holds(&shown, None).is_err();
            return Ok(Tried { found, untouched, tampered, refused_at_start: false });
        }
        _ => bail!("no such kind"),
    }
    // An older cosignature is a good one: then the history itself must tell.
    if ["truncate", "roll back", "fork"].contains(&kind) && chance.below(3) > 0 {
        shown.cosigned.clone_from(&world.cosigned_first);
    }
    let seen = [&world.seen[0], &world.seen[1]];
    let (untouched, tampered) = (world.log_case(&world.shown, &seen), world.log_case(&shown, &seen));
    Ok(Tried { found: world.log_holds(&shown).is_err(), untouched, tampered, refused_at_start: false })
}

fn proof(world: &World, kind: &str, chance: &mut Chance) -> anyhow::Result<Tried> {
    let (entries, at) = (&world.entries, chance.below(world.entries.len()));
    let by = |entries: &[Leaf], at: usize, whole: &str, log: &Key| -> anyhow::Result<String> {
        let signed = Checkpoint::read(whole.as_bytes())?.signed(log)?;
        Ok(Whole::of(entries).included(entries[at], at as u64, signed)?.text())
    };
    let holds = |text: &str, leaf: Leaf| {
        let included = Proof::read(text).ok().and_then(|proof| proof.of(leaf, world.log.key()).ok());
        included.is_some_and(|i| i.checkpoint().cosigned(std::slice::from_ref(world.witness.key())).is_ok())
    };
    let text = by(entries, at, &world.shown.cosigned, world.log.key())?;
    ensure!(holds(&text, entries[at]), "the proof does not hold");
    let mut lines: Vec<&str> = text.split('\n').collect();
    // Behind the first two lines, and before the empty one, are the hashes.
    let hashes = lines.iter().position(|line| line.is_empty()).context("no checkpoint")? - 2;
    let mut leaf = entries[at];
    let tampered = match kind {
        "flip" if chance.below(8) == 0 => {
            leaf = other(&leaf, chance)?;
            text.clone()
        }
        "flip" => flipped(&text, chance),
        "delete" => {
            lines.remove(2 + chance.below(hashes));
            lines.join("\n")
        }
        "insert" => {
            let again = lines[2 + chance.below(hashes)];
            lines.insert(2 + chance.below(hashes + 1), again);
            lines.join("\n")
        }
        "reorder" => {
            let (one, other) = two(chance, hashes);
            lines.swap(2 + one, 2 + other);
            lines.join("\n")
        }
        "truncate" => text[..text.floor_char_boundary(chance.below(text.len()))].to_owned(),
        // Of another row, as it was before.
        "roll back" => {
            leaf = entries[(at + 1 + chance.below(entries.len() - 1)) % entries.len()];
            text.clone()
        }
        "fork" | "re-sign" | "split view" => {
            let mut branch = entries.clone();
            let log = if kind == "re-sign" {
                signer(Kind::Log, world.log.key().name(), 77)?
            } else {
                signer(Kind::Log, world.log.key().name(), 1)?
            };
            if kind != "re-sign" {
                branch[at] = other(&branch[at], chance)?;
            }
            leaf = branch[at];
            let shown = world.signed_anew(branch.clone(), &log)?;
            let whole = if kind == "fork" { shown.checkpoint } else { shown.cosigned };
            by(&branch, at, &whole, log.key())?
        }
        _ => bail!("no such kind"),
    };
    let as_case = |proof: &str, leaf: Leaf| {
        let shown = json!({ "proof": proof, "entry": leaf.entry() });
        case(world.log.key(), std::slice::from_ref(world.witness.key()), &[], shown)
    };
    let (found, untouched) = (!holds(&tampered, leaf), as_case(&text, entries[at]));
    Ok(Tried { found, untouched, tampered: as_case(&tampered, leaf), refused_at_start: false })
}

/// Tries one attack, which `seed` draws.
///
/// # Errors
/// Where the untouched world does not hold, or nothing was attacked.
pub fn tried(place: &str, kind: &str, seed: u64) -> anyhow::Result<Tried> {
    let mut chance = Chance(seed);
    if place == "relay" {
        return crate::tampering_relay::relay(kind, &mut chance);
    }
    match place {
        "gallery" => return crate::tampering_gallery::gallery(kind, &mut chance),
        "file" => return crate::tampering_gallery::file(kind, &mut chance),
        _ => {}
    }
    let world = World::new(&mut chance)?;
    match place {
        "vault" => vault(&world, kind, &mut chance),
        "log" => log(&world, kind, &mut chance),
        "proof" => proof(&world, kind, &mut chance),
        _ => bail!("no such place"),
    }
}
