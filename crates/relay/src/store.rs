//! What the relay keeps beside packages: which workstations are admitted, and an audit chained by its hashes.

use std::path::Path;

use catalogue::say;
use department::Card;
use jiff::Timestamp;
use ledger::{Chain, one_line};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value as Json, json};

/// Form of the database; a later step counts up.
const FORM: i64 = 1;

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
    /// Nobody of that key.
    #[error("{}", say!("relay-no-workstation-key-admitted", what = _0))]
    Unknown(String),
}

/// An admitted workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workstation {
    /// Its card.
    pub card: Card,
    /// Since when, RFC 3339.
    pub since: String,
}

/// The relay's database.
#[derive(Debug)]
pub struct Store(Connection);

impl Store {
    /// Opens the database of the data folder `data`; makes one where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let mut db = Connection::open(data.join("relay.sqlite"))?;
        // What is on record survives a power cut.
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;")?;
        let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        match tx.pragma_query_value(None, "user_version", |row| row.get(0))? {
            0 => {
                tx.execute_batch(include_str!("migrations/0001-workstations.sql"))?;
                tx.pragma_update(None, "user_version", FORM)?;
            }
            FORM => {}
            other => return Err(StoreError::Newer(other)),
        }
        tx.commit()?;
        Ok(Self(db))
    }

    /// Admits the workstation of a card; one of the same key gets the new name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn admit(&mut self, card: &Card) -> Result<(), StoreError> {
        let text = serde_json::to_string(card).unwrap_or_default();
        self.write("operator", "workstation-admitted", &json!({ "key": card.signs, "name": card.name }), |tx, now| {
            tx.execute(
                "INSERT INTO workstation (public_key, card, admitted_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (public_key) DO UPDATE SET card = ?2",
                params![card.signs, text, now],
            )?;
            Ok(())
        })
    }

    /// Dismisses a workstation; what waits for it stays.
    ///
    /// # Errors
    /// [`StoreError::Unknown`].
    pub fn dismiss(&mut self, key: &str) -> Result<(), StoreError> {
        self.write("operator", "workstation-dismissed", &json!({ "key": key }), |tx, _| {
            match tx.execute("DELETE FROM workstation WHERE public_key = ?1", [key])? {
                0 => Err(StoreError::Unknown(key.to_owned())),
                _ => Ok(()),
            }
        })
    }

    /// Admitted workstations, the first one first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn workstations(&self) -> Result<Vec<Workstation>, StoreError> {
        let mut query = self.0.prepare("SELECT card, admitted_at FROM workstation ORDER BY admitted_at, public_key")?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let read = |(card, since): (String, String)| Some(Workstation { card: Card::read(&card)?, since });
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter_map(read).collect())
    }

    /// Whether the workstation with this key is admitted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn admits(&self, key: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM workstation WHERE public_key = ?1";
        Ok(self.0.query_row(sql, [key], |_| Ok(())).optional()?.is_some())
    }

    /// Puts on the audit what a workstation did.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit(&mut self, actor: &str, action: &str, detail: &Json) -> Result<(), StoreError> {
        self.write(actor, action, detail, |_, _| Ok(()))
    }

    /// Checks the whole audit; gives the number of rows and the last hash.
    ///
    /// # Errors
    /// [`StoreError::Broken`] at the first row that does not fit.
    pub fn verify_audit(&self) -> Result<(i64, String), StoreError> {
        let mut chain = Chain::default();
        let mut query = self.0.prepare("SELECT seq, at, actor, action, detail, hash FROM audit ORDER BY seq")?;
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
    fn write(
        &mut self,
        actor: &str,
        action: &str,
        detail: &Json,
        work: impl FnOnce(&rusqlite::Transaction<'_>, &str) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let tx = self.0.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let at = Timestamp::now().to_string();
        work(&tx, &at)?;
        let last = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
        let chain = tx.query_row(last, [], |row| Ok(Chain::at(row.get(0)?, row.get(1)?))).optional()?;
        let (actor, detail) = (one_line(actor), detail.to_string());
        let (seq, hash) = chain.unwrap_or_default().next(&[&at, &actor, action, &detail]);
        tx.execute(
            "INSERT INTO audit (seq, at, actor, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![seq, at, actor, action, detail, hash],
        )?;
        Ok(tx.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(n: u8) -> Card {
        Card::of(&format!("Desk {n}"), hex::encode([n; 32]), "age1x".to_owned())
    }

    #[test]
    fn who_is_admitted_is_kept_with_an_audit_that_tells_of_changes() {
        let data = tempfile::tempdir().expect("a folder");
        let mut store = Store::open(data.path()).expect("opened");
        assert!(!store.admits(&card(1).signs).expect("asked"));
        store.admit(&card(1)).expect("admitted");
        store.admit(&card(2)).expect("admitted");
        store.admit(&Card { name: "Another name".to_owned(), ..card(1) }).expect("admitted");
        drop(store);
        let mut store = Store::open(data.path()).expect("opened");
        let names: Vec<String> = store.workstations().expect("read").into_iter().map(|w| w.card.name).collect();
        assert_eq!(names, ["Another name", "Desk 2"]);
        store.dismiss(&card(2).signs).expect("dismissed");
        assert!(matches!(store.dismiss(&card(2).signs), Err(StoreError::Unknown(_))));
        assert!(!store.admits(&card(2).signs).expect("asked"));
        // What was refused left no row.
        assert_eq!(store.verify_audit().expect("whole").0, 4);
        store.0.execute("UPDATE audit SET detail = '{}' WHERE seq = 2", []).expect("by hand");
        assert!(matches!(store.verify_audit(), Err(StoreError::Broken(2))));
    }

    #[test]
    fn a_database_of_a_later_program_is_left_alone() {
        let data = tempfile::tempdir().expect("a folder");
        let store = Store::open(data.path()).expect("opened");
        store.0.pragma_update(None, "user_version", FORM + 1).expect("by hand");
        drop(store);
        assert!(matches!(Store::open(data.path()), Err(StoreError::Newer(n)) if n == FORM + 1));
    }
}
