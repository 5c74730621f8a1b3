//! What supervisors said of how long a case is kept, as it is stored and read again.

use rusqlite::{Connection, params};
use serde_json::json;

use casework::{CaseId, KEEPING_SCHEMA, Keeping, KeepingWord};

use crate::audit::append;
use crate::error::VaultError;
use crate::hashing::sha256;
use crate::rows::{clock_runs_on, signed_row};
use crate::signed::{Signed, sign};
use crate::signers::signed_by;
use crate::stated::Stated;
use crate::vault::Vault;

/// What the audit calls one.
pub(super) const SAID: &str = "retention-said";

fn broken(why: impl Into<String>) -> VaultError {
    VaultError::NotProven { what: "keeping", why: why.into() }
}

/// The rows of a case as they lie there, oldest first.
pub(super) fn rows(db: &Connection, case: CaseId) -> Result<Vec<Signed>, VaultError> {
    let mut query =
        db.prepare_cached("SELECT content, '', signature, public_key FROM keeping WHERE case_id = ?1 ORDER BY number")?;
    let rows = query.query_map([case.to_string()], signed_row)?;
    rows.map(|row| row.map(|row| Signed { sha256: sha256(&row.text), ..row }).map_err(VaultError::from)).collect()
}

impl Vault {
    /// Stores what a supervisor said, signed by the workstation and by them.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing was stored.
    pub fn put_keeping(&mut self, said: &Keeping) -> Result<(), VaultError> {
        let signed = sign(&self.signing, KEEPING_SCHEMA, said)?;
        let case = said.case();
        self.write(|db| {
            clock_runs_on(db, said.at())?;
            let word = serde_json::to_value(said.word())?;
            db.execute(
                "INSERT INTO keeping (case_id, number, word, content, signature, public_key)
                 SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5 FROM keeping WHERE case_id = ?1",
                params![case.to_string(), word.as_str(), signed.text, signed.signature, signed.public_key],
            )?;
            // Why it was said goes with the case; that it was said stays.
            let detail = json!({ "case": case, "word": said.word(), "sha256": signed.sha256 });
            append(db, Some(said.by()), said.at(), SAID, &detail)
        })?;
        self.state(Stated::Keeping, &signed.sha256, said.by(), said.at())
    }

    /// What supervisors said of a case, oldest first: exactly what the audit has of it, each signed by this workstation, and within a
    /// department what lets a case go by the supervisor too.
    ///
    /// # Errors
    /// [`VaultError::NotProven`]: a hold that somebody took out is missed, and one that somebody lifted by hand holds.
    pub(super) fn said(&self, case: CaseId, audited: &[String]) -> Result<Vec<Keeping>, VaultError> {
        let rows = rows(&self.db, case)?;
        if !rows.iter().map(|row| &row.sha256).eq(audited) {
            return Err(broken(catalogue::say!("vault-keeping-other-than-audit")));
        }
        rows.iter().map(|row| self.prove_keeping(case, row)).collect()
    }

    fn prove_keeping(&self, case: CaseId, row: &Signed) -> Result<Keeping, VaultError> {
        let said: Keeping = row.open(KEEPING_SCHEMA).map_err(broken)?;
        if said.case() != case || said.schema() != KEEPING_SCHEMA || row.public_key != self.card("").signs {
            return Err(broken(catalogue::say!("vault-keeping-of-another")));
        }
        let lets_go = matches!(said.word(), KeepingWord::HoldLifted | KeepingWord::DutyEnded);
        if let Some(chain) = self.department.as_ref().filter(|_| lets_go) {
            let mut signed = Err(catalogue::say!("vault-keeping-unsigned").to_owned());
            for text in self.statements(Stated::Keeping, &row.sha256)? {
                let (_, statement) = crate::signers::read_statement(&text).map_err(|e| broken(e.said))?;
                signed = signed_by(chain, &statement, Stated::Keeping, (&row.sha256, said.by(), said.at())).map(drop);
            }
            signed.map_err(broken)?;
        }
        Ok(said)
    }
}
