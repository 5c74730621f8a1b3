//! The department's chain of documents in the relay's store.

use std::sync::Arc;

use catalogue::say;
use department::{Chain, Moment, PublicKey, Refusal};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde_json::json;

use super::{Store, StoreError, append};

/// How far ahead of this machine's clock a version may be dated.
pub const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// Most forks whose documents are kept; the audit names all.
const MOST_FORKS: i64 = 100;

/// Why a version was not taken. Those that were there stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// There is no department to take it for.
    #[error("{}", say!("relay-no-department"))]
    NoDepartment,
    /// There is a department already.
    #[error("{}", say!("relay-department-there-already", root = _0))]
    Founded(String),
    /// It does not hold.
    #[error("{}", _0)]
    Refused(Refusal),
    /// It is another version of a number that is here, and was signed as well.
    #[error("{}", _0)]
    Fork(Refusal),
    /// It is dated ahead.
    #[error("{}", say!("relay-version-dated-ahead", made_at, now))]
    Ahead {
        /// When it says that it was made.
        made_at: Moment,
        /// When that was.
        now: Moment,
    },
    /// Somebody else made a version meanwhile.
    #[error("{}", say!("relay-version-made-meanwhile"))]
    Meanwhile,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for TakeError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What came of taking a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is the newest now.
    New,
    /// It was here.
    Known,
}

/// A second version of a number that was signed as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// Of which number.
    pub number: u32,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// The document.
    pub document: String,
    /// Which workstation brought it, or `operator`.
    pub brought_by: String,
    /// When, RFC 3339.
    pub brought_at: String,
}

/// Documents after version `after`, at least one where there is one, and then no more than so many and so long.
fn documents(db: &Connection, after: u32, count: usize, bytes: usize) -> Result<Vec<(u32, String)>, StoreError> {
    let mut query = db.prepare_cached("SELECT number, document FROM version WHERE number > ?1 ORDER BY number")?;
    let mut rows = query.query([after])?;
    let (mut found, mut length) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let (number, document): (u32, String) = (row.get(0)?, row.get(1)?);
        length += document.len();
        if !found.is_empty() && (found.len() >= count || length > bytes) {
            break;
        }
        found.push((number, document));
    }
    Ok(found)
}

/// The chain as it is in the database, from what is known of it on.
fn current(db: &Connection, known: Option<&Arc<Chain>>) -> Result<Option<Arc<Chain>>, StoreError> {
    let root: Option<String> = db.query_row("SELECT root FROM department", [], |row| row.get(0)).optional()?;
    let Some(root) = root else {
        return known.map_or(Ok(None), |known| Err(StoreError::WentBack(known.newest().number())));
    };
    let number_one = |why| StoreError::Version { number: 1, why };
    let root = PublicKey::read(&root).map_err(number_one)?;
    let same = |chain: &Chain| -> Result<bool, StoreError> {
        let sql = "SELECT sha256 FROM version WHERE number = ?1";
        let newest = chain.newest();
        let kept: Option<String> = db.prepare_cached(sql)?.query_row([newest.number()], |row| row.get(0)).optional()?;
        Ok(*chain.root() == root && kept.as_deref() == Some(newest.sha256()))
    };
    let after = match known {
        Some(known) if same(known)? => known.newest().number(),
        // What was served once is not taken back.
        Some(known) => return Err(StoreError::WentBack(known.newest().number())),
        None => 0,
    };
    let more = documents(db, after, usize::MAX, usize::MAX)?;
    let texts: Vec<&str> = more.iter().map(|(_, document)| document.as_str()).collect();
    match known {
        Some(known) if texts.is_empty() => Ok(Some(Arc::clone(known))),
        Some(known) => {
            let extended = known.extended_by(&texts);
            extended.map(|chain| Some(Arc::new(chain))).map_err(|why| StoreError::Version { number: after + 1, why })
        }
        None => Chain::read(&root, &texts).map(|chain| Some(Arc::new(chain))).map_err(|_| first_wrong(&root, &texts)),
    }
}

/// Which is the first of these documents that does not hold. They do not, all together.
fn first_wrong(root: &PublicKey, documents: &[&str]) -> StoreError {
    let read = (1..=documents.len()).find_map(|count| {
        let why = Chain::read(root, &documents[..count]).err()?;
        Some(StoreError::Version { number: count as u32, why })
    });
    read.unwrap_or(StoreError::Version { number: 1, why: Refusal::NoDocuments })
}

fn insert(db: &Connection, number: u32, sha256: &str, document: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO version (number, sha256, document, taken_at) VALUES (?1, ?2, ?3, ?4)";
    db.execute(sql, params![number, sha256, document, Timestamp::now().to_string()])?;
    Ok(())
}

fn text(document: &[u8]) -> Result<&str, TakeError> {
    std::str::from_utf8(document).map_err(|e| TakeError::Refused(Refusal::NotText { what: e.to_string() }))
}

fn in_time(chain: &Chain, now: Moment) -> Result<(), TakeError> {
    let made_at = chain.newest().made_at();
    if made_at.0.duration_since(now.0) > AHEAD { Err(TakeError::Ahead { made_at, now }) } else { Ok(()) }
}

impl Store {
    /// The department's documents as far as they are here; none before it was founded. What another process took up since
    /// the last time is read.
    ///
    /// # Errors
    /// [`StoreError`]: one that does not hold, or that there are fewer than before.
    pub fn chain(&mut self) -> Result<Option<Arc<Chain>>, StoreError> {
        self.chain = current(&self.db, self.chain.as_ref())?;
        Ok(self.chain.clone())
    }

    /// Keeps the documents of a department whose root key is `root`, where there was none. `action` is what the audit calls
    /// it.
    ///
    /// # Errors
    /// [`TakeError`]; then there is none as before.
    pub fn found<B: AsRef<[u8]>>(
        &mut self,
        root: &PublicKey,
        documents: &[B],
        action: &str,
        now: Moment,
    ) -> Result<Arc<Chain>, TakeError> {
        let chain = Chain::read(root, documents).map_err(TakeError::Refused)?;
        in_time(&chain, now)?;
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(there) = current(&tx, self.chain.as_ref())? {
            return Err(TakeError::Founded(there.root().to_string()));
        }
        tx.execute("INSERT INTO department (only, root) VALUES (1, ?1)", [root.to_string()])?;
        for (number, document) in (1..).zip(documents) {
            let sha256 = chain.version(number).map(|version| version.sha256()).unwrap_or_default();
            insert(&tx, number, sha256, text(document.as_ref())?)?;
        }
        let newest = chain.newest();
        let detail = json!({ "root": root, "version": newest.number(), "sha256": newest.sha256() });
        append(&tx, "operator", action, &detail)?;
        tx.commit()?;
        let chain = Arc::new(chain);
        self.chain = Some(Arc::clone(&chain));
        Ok(chain)
    }

    /// Takes the version that comes next, brought by `by`; one that is here is passed over. A refusal is on the audit, and a
    /// fork's document is kept as evidence.
    ///
    /// # Errors
    /// [`TakeError`].
    pub fn take(&mut self, document: &[u8], by: &str, now: Moment) -> Result<(Taken, Arc<Chain>), TakeError> {
        self.take_after(document, by, None, now)
    }

    /// Takes the version that the operator made to follow `base`; where another one did so meanwhile, it is not put beside it:
    /// that would be a fork.
    ///
    /// # Errors
    /// [`TakeError`].
    pub fn take_next(&mut self, document: &[u8], base: &Chain, now: Moment) -> Result<Arc<Chain>, TakeError> {
        self.take_after(document, "operator", Some(base), now).map(|(_, chain)| chain)
    }

    fn take_after(
        &mut self,
        document: &[u8],
        by: &str,
        base: Option<&Chain>,
        now: Moment,
    ) -> Result<(Taken, Arc<Chain>), TakeError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(chain) = current(&tx, self.chain.as_ref())? else { return Err(TakeError::NoDepartment) };
        if base.is_some_and(|base| base.newest().number() != chain.newest().number()) {
            return Err(TakeError::Meanwhile);
        }
        self.chain = Some(Arc::clone(&chain));
        let refused = match chain.extended_by(&[document]) {
            Ok(more) if more.newest().number() == chain.newest().number() => return Ok((Taken::Known, chain)),
            Ok(more) => match in_time(&more, now) {
                Ok(()) => {
                    let newest = more.newest();
                    insert(&tx, newest.number(), newest.sha256(), text(document)?)?;
                    let detail = json!({ "version": newest.number(), "sha256": newest.sha256() });
                    append(&tx, by, "version-taken", &detail)?;
                    tx.commit()?;
                    let more = Arc::new(more);
                    self.chain = Some(Arc::clone(&more));
                    return Ok((Taken::New, more));
                }
                Err(ahead) => ahead,
            },
            Err(fork @ Refusal::Fork { .. }) => TakeError::Fork(fork),
            Err(why) => TakeError::Refused(why),
        };
        match &refused {
            TakeError::Fork(Refusal::Fork { number, one, other }) => {
                let detail = json!({ "version": number, "sha256": one, "other": other });
                append(&tx, by, "chain-fork", &detail)?;
                tx.execute(
                    "INSERT OR IGNORE INTO fork (sha256, number, document, brought_by, brought_at)
                     SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) FROM fork) < ?6",
                    params![other, number, text(document)?, by, Timestamp::now().to_string(), MOST_FORKS],
                )?;
            }
            TakeError::Refused(why) => append(&tx, by, "version-refused", &json!({ "reason": why.reason() }))?,
            _ => append(&tx, by, "version-refused", &json!({ "reason": "dated-ahead" }))?,
        }
        tx.commit()?;
        Err(refused)
    }

    /// Puts on the audit that what `by` brought was refused.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn refused(&mut self, why: &Refusal, by: &str) -> Result<(), StoreError> {
        self.audit(by, "version-refused", &json!({ "reason": why.reason() }))
    }

    /// Documents after version `after`, each with its number: at least one where there is one, and then at most `count` and
    /// `bytes`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn documents(&self, after: u32, count: usize, bytes: usize) -> Result<Vec<(u32, String)>, StoreError> {
        documents(&self.db, after, count, bytes)
    }

    /// Forks that somebody brought, the first one first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forks(&self) -> Result<Vec<Fork>, StoreError> {
        let sql = "SELECT number, sha256, document, brought_by, brought_at FROM fork ORDER BY brought_at, sha256";
        let mut query = self.db.prepare(sql)?;
        let rows = query.query_map([], |row| {
            Ok(Fork {
                number: row.get(0)?,
                sha256: row.get(1)?,
                document: row.get(2)?,
                brought_by: row.get(3)?,
                brought_at: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
