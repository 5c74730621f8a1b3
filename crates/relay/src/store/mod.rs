//! What the relay keeps beside the packages themselves: the department's documents, who put which package, the log that
//! outsiders can check, and an audit chained by its hashes, which is in that log too.

mod leaves;
mod versions;
mod waiting;

use std::path::Path;
use std::sync::Arc;

use catalogue::say;
use department::{Card, Chain, Refusal};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use ledger::one_line;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::{Value as Json, json};

pub use leaves::{Held, LeafError, SignedHead};
pub use versions::{AHEAD, Fork, TakeError, Taken};
pub use waiting::Package;

/// Steps from one form of the database to the next. A released one is never changed.
const STEPS: [&str; 3] = [
    include_str!("../migrations/0001-workstations.sql"),
    include_str!("../migrations/0002-department.sql"),
    include_str!("../migrations/0003-ledger.sql"),
];
/// The form in which the operator admitted workstations.
const ADMITTED: i64 = 1;

/// What the relay's store cannot do. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file.
    #[error("{}", say!("relay-database-cannot-used", what = _0))]
    Database(#[from] rusqlite::Error),
    /// Made by a later program.
    #[error("{}", say!("relay-database-form-program-does-not", what = _0))]
    Newer(i64),
    /// The audit was changed.
    #[error("{}", say!("relay-audit-chain-breaks-row-changed", what = _0))]
    Broken(i64),
    /// The department's documents do not hold.
    #[error("{}", say!("relay-version-kept-does-not-hold", number, why))]
    Version {
        /// Which is the first that does not.
        number: u32,
        /// Why.
        why: Refusal,
    },
    /// The documents went back, or became others, while this program ran.
    #[error("{}", say!("relay-versions-went-back", number = _0))]
    WentBack(u32),
    /// A row of the log is gone.
    #[error("{}", say!("relay-ledger-row-gone", number = _0))]
    LogGap(u64),
    /// The log's secret key.
    #[error("{}", say!("relay-ledger-key-cannot-used", path, what))]
    LogKey {
        /// Its file.
        path: String,
        /// Why.
        what: String,
    },
}

/// The relay's database.
#[derive(Debug)]
pub struct Store {
    db: Connection,
    /// As it was read last.
    chain: Option<Arc<Chain>>,
    log_key: SigningKey,
}

impl Store {
    /// Opens the database of the data folder `data`; makes one where there is none. The department's documents are proven
    /// from the root on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let mut db = Connection::open(data.join("relay.sqlite"))?;
        // What is on record survives a power cut.
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;")?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let form: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let left = usize::try_from(form).ok().and_then(|done| STEPS.get(done..)).ok_or(StoreError::Newer(form))?;
        // Who was admitted is told to the administrators, who put them into the roster.
        let admitted = if form == ADMITTED { admitted(&tx)? } else { Vec::new() };
        for step in left {
            tx.execute_batch(step)?;
        }
        tx.pragma_update(None, "user_version", STEPS.len() as i64)?;
        if !admitted.is_empty() {
            append(&tx, "operator", "admissions-ended", &json!({ "cards": admitted }))?;
        }
        let log_key = leaves::own_key(&tx, data)?;
        tx.commit()?;
        let mut store = Self { db, chain: None, log_key };
        store.chain()?;
        Ok(store)
    }

    /// Puts on the audit what a workstation did.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit(&mut self, actor: &str, action: &str, detail: &Json) -> Result<(), StoreError> {
        self.write(actor, action, detail, |_| Ok(()))
    }

    /// Checks the whole audit; gives the number of rows and the last hash.
    ///
    /// # Errors
    /// [`StoreError::Broken`] at the first row that does not fit.
    pub fn verify_audit(&self) -> Result<(i64, String), StoreError> {
        let mut chain = ledger::Chain::default();
        let mut query = self.db.prepare("SELECT seq, at, actor, action, detail, hash FROM audit ORDER BY seq")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let fields: [String; 4] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            let fields = fields.each_ref().map(String::as_str);
            let hash: String = row.get(5)?;
            chain.take(row.get(0)?, &fields, &hash).map_err(|broken| StoreError::Broken(broken.0))?;
        }
        Ok((chain.rows(), chain.head().to_owned()))
    }

    /// Does `work` together with the audit row that tells of it.
    fn write<T>(
        &mut self,
        actor: &str,
        action: &str,
        detail: &Json,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        append(&tx, actor, action, detail)?;
        tx.commit()?;
        Ok(done)
    }
}

/// Cards of the workstations that were admitted, in the form before there was a roster.
fn admitted(tx: &Transaction<'_>) -> Result<Vec<Card>, StoreError> {
    let mut query = tx.prepare("SELECT card FROM workstation ORDER BY admitted_at, public_key")?;
    let cards = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(cards.iter().filter_map(|card| Card::read(card)).collect())
}

/// Appends a row to the audit.
fn append(tx: &Transaction<'_>, actor: &str, action: &str, detail: &Json) -> Result<(), StoreError> {
    let at = Timestamp::now().to_string();
    let last = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let chain = tx.query_row(last, [], |row| Ok(ledger::Chain::at(row.get(0)?, row.get(1)?))).optional()?;
    let (actor, detail) = (one_line(actor), detail.to_string());
    let (seq, hash) = chain.unwrap_or_default().next(&[&at, &actor, action, &detail]);
    tx.execute(
        "INSERT INTO audit (seq, at, actor, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![seq, at, actor, action, detail, hash],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
