//! Case files, kept in parts: one row for each thing that a case holds (its purpose, its list, its checklist, …), so that what
//! is typed in one rewrites that one and no other.

use std::collections::HashMap;

use catalogue::say;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use casework::{CaseId, Moment, NoteId, PersonRef};

use crate::audit::append;
use crate::error::VaultError;
use crate::moved::is_moved;
use crate::rows::{parse_id, parse_moment};
use crate::sealing::CaseKey;
use crate::vault::Vault;

/// One row of the list of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow<T> {
    /// Identity.
    pub id: CaseId,
    /// When it was last stored.
    pub changed_at: Moment,
    /// As stored.
    pub content: T,
}

/// A case that lies in the vault and cannot be read: it hides no other.
#[derive(Debug)]
pub struct UnreadCase {
    /// Identity.
    pub id: CaseId,
    /// When it was last stored, where that can be read.
    pub changed_at: Option<Moment>,
    /// What is wrong with it.
    pub why: VaultError,
}

/// The cases of a vault, and those of them that cannot be read.
pub type Cases<T> = (Vec<CaseRow<T>>, Vec<UnreadCase>);

impl Vault {
    /// Stores a case file. `action` and `detail` go to the audit in the same transaction; `None`
    /// for changes that are only typing.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn put_case<T: Serialize>(
        &mut self,
        id: CaseId,
        content: &T,
        by: &PersonRef,
        at: Moment,
        audited: Option<(&str, Value)>,
    ) -> Result<(), VaultError> {
        let content = serde_json::to_value(content)?;
        self.write(|db| {
            db.execute(
                "INSERT INTO case_file (case_id, opened_by, changed_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (case_id) DO UPDATE SET changed_at = ?3",
                params![id.to_string(), by.id.to_string(), at.0.to_string()],
            )?;
            put_parts(db, id, &content)?;
            match audited {
                Some((action, detail)) => append(db, Some(by), at, action, &detail),
                None => Ok(()),
            }
        })
    }

    /// A case file.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none; [`VaultError::Moved`] for one that lives elsewhere now.
    pub fn case<T: for<'a> Deserialize<'a>>(&self, id: CaseId) -> Result<T, VaultError> {
        if is_moved(&self.db, id)? {
            return Err(VaultError::Moved);
        }
        Ok(serde_json::from_str(&case_text(&self.db, id)?.ok_or(VaultError::Unknown("case"))?)?)
    }

    /// All case files that live here, last changed first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn cases<T: for<'a> Deserialize<'a>>(&self) -> Result<Cases<T>, VaultError> {
        let mut query =
            self.db.prepare("SELECT case_id, changed_at FROM case_file WHERE case_id NOT IN (SELECT case_id FROM case_moved) ORDER BY changed_at DESC, case_id")?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for row in rows {
            let (id, changed_at) = row?;
            let id = parse_id(&id)?;
            match parse_moment(&changed_at).and_then(|changed_at| Ok((changed_at, self.case(id)?))) {
                Ok((changed_at, content)) => read.push(CaseRow { id, changed_at, content }),
                Err(why) => unread.push(UnreadCase { id, changed_at: parse_moment(&changed_at).ok(), why }),
            }
        }
        Ok((read, unread))
    }

    /// The key of the workstation where the case lives; `None` for this one.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn home(&self, case: CaseId) -> Result<Option<String>, VaultError> {
        let home = self.db.query_row("SELECT home FROM case_file WHERE case_id = ?1", [case.to_string()], |r| r.get(0));
        Ok(home.optional()?.flatten())
    }
}

/// Stores what changed of a case, and nothing else.
pub(crate) fn put_parts(db: &Connection, id: CaseId, content: &Value) -> Result<(), VaultError> {
    let Value::Object(parts) = content else { return Err(VaultError::Unknown("case")) };
    // What does not change is not written, and would pass the trigger by.
    if is_moved(db, id)? {
        return Err(VaultError::Moved);
    }
    let key = CaseKey::of(db, id)?;
    let known: HashMap<String, String> = parts_of(db, id)?.into_iter().collect();
    let mut put = db.prepare_cached(
        "INSERT INTO case_part (case_id, name, content) VALUES (?1, ?2, ?3)
         ON CONFLICT (case_id, name) DO UPDATE SET content = excluded.content",
    )?;
    for (name, part) in parts {
        let text = serde_json::to_string(part)?;
        if known.get(name) != Some(&text) {
            put.execute(params![id.to_string(), name, key.seal_part(name, &text)?])?;
        }
    }
    let names: Vec<&String> = parts.keys().collect();
    db.execute(
        "DELETE FROM case_part WHERE case_id = ?1 AND name NOT IN (SELECT value FROM json_each(?2))",
        params![id.to_string(), serde_json::to_string(&names)?],
    )?;
    Ok(())
}

/// Stores a case as it stands after something was signed about it.
pub(crate) fn put_after(db: &Connection, id: CaseId, at: Moment, content: &Value) -> Result<(), VaultError> {
    db.execute("UPDATE case_file SET changed_at = ?2 WHERE case_id = ?1", params![id.to_string(), at.0.to_string()])?;
    put_parts(db, id, content)
}

/// What a case holds, by name, opened.
fn parts_of(db: &Connection, id: CaseId) -> Result<Vec<(String, String)>, VaultError> {
    let mut query = db.prepare_cached("SELECT name, content FROM case_part WHERE case_id = ?1")?;
    let sealed = query.query_map([id.to_string()], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let sealed: Vec<(String, Vec<u8>)> = sealed.collect::<Result<_, _>>()?;
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    let key = CaseKey::known(db, id)?.ok_or(VaultError::Unsealed)?;
    sealed.into_iter().map(|(name, part)| key.open_part(&name, &part).map(|text| (name, text))).collect()
}

/// One part of a case, as JSON.
pub(crate) fn part_of(db: &Connection, id: CaseId, name: &str) -> Result<Option<String>, VaultError> {
    let mut query = db.prepare_cached("SELECT content FROM case_part WHERE case_id = ?1 AND name = ?2")?;
    let sealed: Option<Vec<u8>> = query.query_row([&id.to_string(), name], |r| r.get(0)).optional()?;
    let Some(sealed) = sealed else { return Ok(None) };
    CaseKey::known(db, id)?.ok_or(VaultError::Unsealed)?.open_part(name, &sealed).map(Some)
}

/// Every case that has a part called `name`, with that part as JSON.
pub(crate) fn all_with_part(db: &Connection, name: &str) -> Result<Vec<(CaseId, String)>, VaultError> {
    let mut query = db.prepare_cached("SELECT case_id FROM case_part WHERE name = ?1 ORDER BY rowid")?;
    let ids: Vec<String> = query.query_map([name], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for id in ids {
        let id = parse_id(&id)?;
        // One that does not open hides no other.
        if let Ok(Some(part)) = part_of(db, id, name) {
            found.push((id, part));
        }
    }
    Ok(found)
}

/// A case as JSON, from its parts.
pub(crate) fn case_text(db: &Connection, id: CaseId) -> Result<Option<String>, VaultError> {
    let mut text = String::new();
    for (name, part) in parts_of(db, id)? {
        text.push(if text.is_empty() { '{' } else { ',' });
        text.push_str(&serde_json::to_string(&name)?);
        text.push(':');
        text.push_str(&part);
    }
    Ok((!text.is_empty()).then(|| text + "}"))
}

/// Refuses to seal what was sealed meanwhile: of two notes of one case at once the second finds it sealed.
pub(crate) fn unsealed(db: &Connection, id: CaseId) -> Result<(), VaultError> {
    let sealed = part_of(db, id, "sealed")?;
    let sealed: Option<NoteId> = sealed.map(|text| serde_json::from_str(&text)).transpose()?.flatten();
    match sealed {
        None => Ok(()),
        Some(_) => Err(VaultError::NotProven { what: "note", why: say!("vault-case-sealed-meanwhile").to_owned() }),
    }
}
