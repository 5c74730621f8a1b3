//! What stands in the log, in the relay's store: rows of the workstations' audits by their hashes, and of its own.

use std::path::Path;

use catalogue::say;
use ed25519_dalek::SigningKey;
use ledger::{Hash, Leaf};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::json;

use super::{Store, StoreError, append};
use crate::keyfile;

/// Name of the file with the log's secret key, in the data folder.
const KEY: &str = "ledger.key";

/// Why rows were not taken. Nothing was added.
#[derive(Debug, thiserror::Error)]
pub enum LeafError {
    /// Rows before these are not here.
    #[error("{}", say!("relay-leaves-gap", expected, found))]
    Gap {
        /// Which row comes next.
        expected: u64,
        /// Which was brought first.
        found: u64,
    },
    /// Another row is here at one of these positions: two histories of one workstation.
    #[error("{}", say!("relay-leaves-fork", position, one, other))]
    Fork {
        /// Which.
        position: u64,
        /// Hash of the row that is here.
        one: String,
        /// Hash of the one that was brought.
        other: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for LeafError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A row that is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where it stands in the log, from 0.
    pub number: u64,
    /// Where it stands in its writer's audit, from 1.
    pub position: u64,
    /// Its hash.
    pub hash: Hash,
}

/// The end of a workstation's audit as it signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    /// How many rows.
    pub position: u64,
    /// When, RFC 3339.
    pub at: String,
    /// 128 hexadecimal digits.
    pub signature: String,
}

const NEWEST: &str = "SELECT number, position, hash FROM leaf WHERE writer = ?1 ORDER BY position DESC LIMIT 1";
const AT: &str = "SELECT number, position, hash FROM leaf WHERE writer = ?1 AND position = ?2";

/// A number as the database keeps it. None of them comes near the end of its range.
fn kept(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let found: i64 = row.get(column)?;
    u64::try_from(found).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, found))
}

fn held(row: &rusqlite::Row<'_>) -> rusqlite::Result<Held> {
    Ok(Held { number: number(row, 0)?, position: number(row, 1)?, hash: row.get(2)? })
}

/// How many rows the log has.
fn count(db: &Connection) -> rusqlite::Result<u64> {
    db.prepare_cached("SELECT coalesce(max(number) + 1, 0) FROM leaf")?.query_row([], |row| number(row, 0))
}

fn newest(db: &Connection, writer: &Hash) -> rusqlite::Result<Option<Held>> {
    db.prepare_cached(NEWEST)?.query_row([writer], held).optional()
}

fn at(db: &Connection, writer: &Hash, position: u64) -> rusqlite::Result<Option<Held>> {
    db.prepare_cached(AT)?.query_row(params![writer, kept(position)], held).optional()
}

/// The log's key, and whether it is new: from the file beside the database, which is made where neither has one.
pub(super) fn own_key(tx: &Transaction<'_>, data: &Path) -> Result<SigningKey, StoreError> {
    let path = data.join(KEY);
    let known: Option<Hash> = tx.query_row("SELECT key FROM own_key", [], |row| row.get(0)).optional()?;
    let unusable = |what: String| StoreError::LogKey { path: path.display().to_string(), what };
    if known.is_none() && !path.exists() {
        let made = keyfile::new_key().map_err(|e| unusable(e.to_string()))?;
        keyfile::write_secret(&path, &(hex::encode(made.to_bytes()) + "\n")).map_err(|e| unusable(e.to_string()))?;
    }
    let text = std::fs::read_to_string(&path).map_err(|e| unusable(e.to_string()))?;
    let seed: Option<Hash> = hex::decode(text.trim()).ok().and_then(|seed| seed.try_into().ok());
    let malformed = || unusable(say!("relay-ledger-key-malformed").to_owned());
    let own = SigningKey::from_bytes(&seed.ok_or_else(malformed)?);
    let public = own.verifying_key().to_bytes();
    match known {
        Some(known) if known == public => {}
        Some(_) => return Err(unusable(say!("relay-ledger-key-another").to_owned())),
        None => {
            tx.execute("INSERT INTO own_key (only, key) VALUES (1, ?1)", [public])?;
            // What was on the audit before there was a log.
            tx.execute(
                "INSERT INTO leaf (number, writer, position, hash)
                 SELECT (SELECT count(*) FROM leaf) + seq - 1, ?1, seq, unhex(hash) FROM audit ORDER BY seq",
                [public],
            )?;
        }
    }
    Ok(own)
}

impl Store {
    /// The log's key.
    pub fn log_key(&self) -> &SigningKey {
        &self.log_key
    }

    /// How many rows the log has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn leaves(&self) -> Result<u64, StoreError> {
        Ok(count(&self.db)?)
    }

    /// Rows of the log from number `from` on, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn leaves_from(&self, from: u64, most: usize) -> Result<Vec<Leaf>, StoreError> {
        let sql = "SELECT number, writer, position, hash FROM leaf WHERE number >= ?1 ORDER BY number LIMIT ?2";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map(params![kept(from), most as i64], |row| {
            let leaf = Leaf::new(row.get(1)?, number(row, 2)?, row.get(3)?);
            Ok((number(row, 0)?, leaf.map_err(|_| rusqlite::Error::IntegralValueOutOfRange(2, 0))?))
        })?;
        // Without gaps: a row that was taken out leaves its number.
        let follows = |(wanted, row): (u64, rusqlite::Result<(u64, Leaf)>)| match row? {
            (number, leaf) if number == wanted => Ok(leaf),
            _ => Err(StoreError::LogGap(wanted)),
        };
        (from..).zip(rows).map(follows).collect()
    }

    /// The newest row of a workstation's audit that is in the log, or the one at `position`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn held(&self, writer: &Hash, position: Option<u64>) -> Result<Option<Held>, StoreError> {
        Ok(match position {
            None => newest(&self.db, writer)?,
            Some(position) => at(&self.db, writer, position)?,
        })
    }

    /// The end of a workstation's audit, as it signed it last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn signed_head(&self, writer: &Hash) -> Result<Option<SignedHead>, StoreError> {
        let sql = "SELECT position, at, signature FROM head WHERE writer = ?1";
        let head = self.db.prepare_cached(sql)?.query_row([writer], |row| {
            Ok(SignedHead { position: number(row, 0)?, at: row.get(1)?, signature: row.get(2)? })
        });
        Ok(head.optional()?)
    }

    /// Takes rows of a workstation's audit, from position `first` on, and the end that it signed, which is the last of them. Those
    /// that are here are passed over. Gives the last.
    ///
    /// # Errors
    /// [`LeafError`]; another row than the one that is here is on the audit.
    pub fn take_leaves(
        &mut self,
        writer: &Hash,
        first: u64,
        hashes: &[Hash],
        head: &SignedHead,
    ) -> Result<Held, LeafError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = newest(&tx, writer)?.map_or(0, |held| held.position);
        if first == 0 || first > known + 1 || hashes.is_empty() {
            return Err(LeafError::Gap { expected: known + 1, found: first });
        }
        for (position, hash) in (first..=known).zip(hashes) {
            let one = at(&tx, writer, position)?.map(|held| held.hash).unwrap_or_default();
            if one != *hash {
                let (one, other) = (hex::encode(one), hex::encode(hash));
                let detail = json!({ "position": position, "one": one, "other": other });
                append(&tx, &hex::encode(writer), "audit-fork", &detail)?;
                tx.commit()?;
                return Err(LeafError::Fork { position, one, other });
            }
        }
        let last = first + hashes.len() as u64 - 1;
        if last > known {
            let mut insert =
                tx.prepare_cached("INSERT INTO leaf (number, writer, position, hash) VALUES (?1, ?2, ?3, ?4)")?;
            let new = (first..).zip(hashes).filter(|(position, _)| *position > known);
            for (number, (position, hash)) in (count(&tx)?..).zip(new) {
                insert.execute(params![kept(number), writer, kept(position), hash])?;
            }
            drop(insert);
            tx.execute(
                "INSERT OR REPLACE INTO head (writer, position, at, signature) VALUES (?1, ?2, ?3, ?4)",
                params![writer, kept(head.position), head.at, head.signature],
            )?;
        }
        let held = at(&tx, writer, last)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        tx.commit()?;
        Ok(held)
    }
}
