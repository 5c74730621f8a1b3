//! Which packages wait, and who put them: what limits by sender are counted from.

use std::collections::HashMap;

use rusqlite::params;
use serde_json::json;
use uuid::Uuid;

use super::{Store, StoreError};

/// A package that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Whose mailbox it lies in.
    pub mailbox: String,
    /// Its identity.
    pub id: Uuid,
    /// Who put it; empty where that was not kept.
    pub sender: String,
    /// Its length.
    pub bytes: u64,
}

impl Store {
    /// Keeps who put a package that lies in its mailbox now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn package_put(&mut self, package: &Package) -> Result<(), StoreError> {
        let Package { mailbox, id, sender, bytes } = package;
        let detail = json!({ "package": id, "mailbox": mailbox, "bytes": bytes });
        let length = i64::try_from(*bytes).unwrap_or(i64::MAX);
        self.write(sender, "package-put", &detail, |tx| {
            let sql = "INSERT OR REPLACE INTO package (mailbox, id, sender, bytes) VALUES (?1, ?2, ?3, ?4)";
            tx.execute(sql, params![mailbox, id.to_string(), sender, length])?;
            Ok(())
        })
    }

    /// Notes that the owner of a mailbox has taken a package away; gives it where it was still counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn package_taken(&mut self, mailbox: &str, id: Uuid) -> Result<Option<Package>, StoreError> {
        self.write(mailbox, "package-taken", &json!({ "package": id }), |tx| {
            let sql = "DELETE FROM package WHERE mailbox = ?1 AND id = ?2 RETURNING sender, bytes";
            let mut query = tx.prepare(sql)?;
            let mut rows = query.query_map(params![mailbox, id.to_string()], |row| {
                let (sender, bytes): (String, i64) = (row.get(0)?, row.get(1)?);
                Ok(Package { mailbox: mailbox.to_owned(), id, sender, bytes: bytes.unsigned_abs() })
            })?;
            Ok(rows.next().transpose()?)
        })
    }

    /// What waits, after a start: the packages that lie in the mailboxes, each with its sender where that was kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn packages(&mut self, lying: Vec<Package>) -> Result<Vec<Package>, StoreError> {
        let tx = self.db.transaction()?;
        let mut kept = HashMap::new();
        {
            let mut query = tx.prepare("SELECT mailbox, id, sender FROM package")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                kept.insert((row.get::<_, String>(0)?, row.get::<_, String>(1)?), row.get::<_, String>(2)?);
            }
        }
        let sender = |package: &Package| kept.get(&(package.mailbox.clone(), package.id.to_string())).cloned();
        let all: Vec<Package> =
            lying.into_iter().map(|p| Package { sender: sender(&p).unwrap_or_default(), ..p }).collect();
        // A crash between file and database leaves one of them alone: the file says what waits.
        tx.execute("DELETE FROM package", [])?;
        for Package { mailbox, id, sender, bytes } in &all {
            let sql = "INSERT INTO package (mailbox, id, sender, bytes) VALUES (?1, ?2, ?3, ?4)";
            tx.execute(sql, params![mailbox, id.to_string(), sender, i64::try_from(*bytes).unwrap_or(i64::MAX)])?;
        }
        tx.commit()?;
        Ok(all)
    }
}
