//! One act of several steps: what it reads, decides and writes happens together, or nothing of it does.

use rusqlite::Connection;

use crate::error::VaultError;
use crate::roster;
use crate::vault::Vault;

impl Vault {
    /// Runs `work` as one act: what it reads, decides and writes happens together, or nothing of it does.
    ///
    /// # Errors
    /// What `work` says, and [`VaultError`]; then nothing was written.
    pub fn act<T, E: From<VaultError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let say = |db: &Connection, words: &str| db.execute_batch(words).map_err(VaultError::from);
        say(&self.db, "BEGIN IMMEDIATE")?;
        let done = work(self).and_then(|done| Ok(say(&self.db, "COMMIT").map(|()| done)?));
        // SQLite may have rolled back by itself.
        if done.is_err() && !self.db.is_autocommit() {
            say(&self.db, "ROLLBACK")?;
        }
        if done.is_err() {
            // What was rolled back is not known any more.
            self.forget_rolled_back()?;
        }
        done
    }

    /// Forgets versions that were rolled back with an act.
    fn forget_rolled_back(&mut self) -> Result<(), VaultError> {
        let kept: u32 = self.db.query_row("SELECT count(*) FROM department_version", [], |r| r.get(0))?;
        if self.department.as_ref().map_or(0, |chain| chain.newest().number()) != kept {
            self.department = roster::read(&self.db)?;
        }
        Ok(())
    }
}
