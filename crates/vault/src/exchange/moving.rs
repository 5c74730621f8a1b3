//! A case that moves to another workstation of the department: whole, and to one. Nothing of it changes here once it is on its way,
//! and nothing of it stays here once the other workstation has said that it has it.

use std::collections::BTreeSet;

use catalogue::say;
use department::fingerprint;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use uuid::Uuid;

use casework::{CaseFile, CaseId, Moment, PersonId, PersonRef};

use super::taking::unfit;
use super::verification::Around;
use super::{Content, FileLine, Files, Filled, Taken};
use crate::audit::append;
use crate::cases::put_parts;
use crate::records::{parse_id, parse_moment};
use crate::signed::first;
use crate::signers::Owed;
use crate::stated::handover_signed;
use crate::{PackageError, Vault, VaultError};

/// A case that moved away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub case: CaseId,
    /// Its number, as typed.
    pub number: String,
    /// The key of the workstation to which it went.
    pub to: String,
    /// Who has it.
    pub holder: PersonId,
    /// When it left.
    pub at: Moment,
    /// When that workstation was known to have it.
    pub arrived: Option<Moment>,
}

/// Whether a case moved away from here.
pub(crate) fn is_moved(db: &Connection, case: CaseId) -> Result<bool, VaultError> {
    let found = db.query_row("SELECT 1 FROM case_moved WHERE case_id = ?1", [case.to_string()], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

impl Vault {
    /// Moves a case to the workstation of the department whose key is `to`.
    ///
    /// # Errors
    /// [`PackageError::NoSuchWorkstation`]; [`VaultError::NotProven`] for a case that does not move.
    pub fn move_case(&mut self, case: CaseId, to: &str, by: &PersonRef, at: Moment) -> Result<(), VaultError> {
        if !self.workstations_of_department()?.iter().any(|card| card.signs == to) {
            return Err(PackageError::NoSuchWorkstation.into());
        }
        let file: CaseFile = self.case(case)?;
        file.may_move().map_err(|gaps| VaultError::NotProven { what: "case", why: first(&gaps) })?;
        // A hold is of this workstation, and would not go with it.
        if self.db.prepare("SELECT 1 FROM keeping WHERE case_id = ?1")?.exists([case.to_string()])? {
            return Err(VaultError::KeptHere);
        }
        let mut statements = Vec::new();
        for handover in &file.history.handed_over {
            let (stated, record) = handover_signed(handover)?;
            statements.extend(self.statements(stated, &record)?);
        }
        let files = file.files().iter().map(|hash| self.file_line(case, hash)).collect::<Result<Vec<_>, _>>()?;
        let content = Content::Case { file: serde_json::to_value(&file)?, statements };
        let package = self.put_package(case.0, to, content, files, Files::Originals(case), at)?;
        self.write(|db| {
            let (number, holder) = (file.purpose.case_number.trim(), file.holder().id.to_string());
            db.execute(
                "INSERT INTO case_moved (case_id, package_id, recipient, number, holder, moved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![case.to_string(), package.to_string(), to, number, holder, at.0.to_string()],
            )?;
            append(db, Some(by), at, "case-moved", &json!({ "case": case, "to": fingerprint(to), "package": package }))
        })
    }

    /// Cases that moved away, last first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn moved(&self) -> Result<Vec<Moved>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT case_id, number, recipient, holder, moved_at, arrived_at FROM case_moved ORDER BY moved_at DESC, case_id",
        )?;
        let rows = query.query_map([], |r| {
            let texts = [r.get::<_, String>(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?];
            Ok((texts, r.get::<_, Option<String>>(5)?))
        })?;
        rows.map(|row| {
            let ([case, number, to, holder, at], arrived) = row?;
            Ok(Moved {
                case: parse_id(&case)?,
                number,
                to,
                holder: parse_id(&holder)?,
                at: parse_moment(&at)?,
                arrived: arrived.as_deref().map(parse_moment).transpose()?,
            })
        })
        .collect()
    }

    /// Says of each case that came where it came from that it is here.
    pub(super) fn pack_arrivals(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        let mut query = self.db.prepare(
            "SELECT package_id, sender FROM inbox WHERE kind = 'case'
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'case-arrived' AND o.about = inbox.package_id)",
        )?;
        let due = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let due = due.collect::<Result<Vec<_>, _>>()?;
        drop(query);
        for (package, sender) in due {
            let package: Uuid = parse_id(&package)?;
            let content = Content::CaseArrived { package };
            match self.put_package(package, &sender, content, Vec::new(), Files::None, at) {
                Ok(_) => filled.made += 1,
                Err(error) => filled.left.push(error),
            }
        }
        Ok(())
    }
}

impl Around<'_> {
    /// Takes a case in that moved here, but for its `files`, which follow.
    pub(super) fn take_case(
        &self,
        db: &Connection,
        file: &Value,
        statements: &[String],
        files: &[FileLine],
    ) -> Result<CaseId, VaultError> {
        if !self.is_from_department() {
            return Err(unfit(say!("vault-case-from-outside")));
        }
        let whole: CaseFile = serde_json::from_value(file.clone()).map_err(unfit)?;
        whole.may_move().map_err(|gaps| unfit(first(&gaps)))?;
        let named: BTreeSet<&String> = files.iter().map(|line| &line.sha256).collect();
        if named.len() != files.len() || !whole.files().iter().eq(named) {
            return Err(unfit(say!("vault-case-other-files")));
        }
        self.proves_handovers(db, &whole, statements)?;
        let id = whole.id.to_string();
        // It comes back: what had stayed of it here is older.
        if is_moved(db, whole.id)? {
            db.execute("DELETE FROM case_moved WHERE case_id = ?1", [&id])?;
        } else if db.query_row("SELECT 1 FROM case_file WHERE case_id = ?1", [&id], |_| Ok(())).optional()?.is_some() {
            return Err(unfit(say!("vault-case-lives-here")));
        }
        db.execute(
            "INSERT INTO case_file (case_id, opened_by, changed_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (case_id) DO UPDATE SET changed_at = ?3",
            params![id, whole.opened_by.id.to_string(), self.at.0.to_string()],
        )?;
        put_parts(db, whole.id, file)?;
        Ok(whole.id)
    }

    /// Each handing over is signed by whoever did it.
    fn proves_handovers(&self, db: &Connection, whole: &CaseFile, statements: &[String]) -> Result<(), VaultError> {
        let expected = whole.history.handed_over.iter().map(|one| {
            let (stated, record) = handover_signed(one)?;
            Ok(Owed { stated, record, person: one.by.clone(), at: one.at })
        });
        let expected = expected.collect::<Result<Vec<_>, VaultError>>()?;
        if self.keep_statements(db, &expected, statements)? != expected.len() {
            return Err(unfit(say!("vault-case-handover-unsigned")));
        }
        Ok(())
    }

    /// The workstation to which a case went has it: nothing of it stays here.
    pub(super) fn take_arrival(&self, db: &Connection, package: Uuid) -> Result<Taken, VaultError> {
        let case: Option<String> = db
            .query_row(
                "SELECT case_id FROM case_moved WHERE package_id = ?1 AND recipient = ?2 AND arrived_at IS NULL",
                params![package.to_string(), self.sender],
                |r| r.get(0),
            )
            .optional()?;
        // Of a case that has come back since there is nothing to do.
        let Some(case) = case else { return Ok(Taken::Told) };
        for table in ["case_part", "original", "case_key", "case_file"] {
            db.execute(&format!("DELETE FROM {table} WHERE case_id = ?1"), [&case])?;
        }
        db.execute("UPDATE case_moved SET arrived_at = ?2 WHERE case_id = ?1", params![case, self.at.0.to_string()])?;
        append(db, None, self.at, "case-arrived", &json!({ "case": case, "at": fingerprint(self.sender) }))?;
        Ok(Taken::Told)
    }
}
