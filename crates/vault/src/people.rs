use std::collections::HashSet;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use casework::{Moment, Person, PersonId, PersonRef, SessionRule, Staff, StaffChange, StaffEvent};

use crate::audit::append;
use crate::{Vault, VaultError};

/// How a sign-in went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// Signed in.
    Done,
    /// The passphrase is right, but it is the one that somebody else set: it must be replaced now.
    Temporary,
}

/// Argon2id with 64 MiB and three passes: the second recommended choice of RFC 9106, section 4, with one
/// lane, because a sign-in may not need more cores than there are.
fn argon2() -> Result<Argon2<'static>, VaultError> {
    let cost = Params::new(64 * 1024, 3, 1, None).map_err(|e| VaultError::Passphrase(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, cost))
}

fn hashed(passphrase: &str) -> Result<String, VaultError> {
    let hash = argon2()?.hash_password(passphrase.as_bytes()).map_err(|e| VaultError::Passphrase(e.to_string()))?;
    Ok(hash.to_string())
}

fn fits(passphrase: &str, stored: &str) -> Result<bool, VaultError> {
    let hash = PasswordHash::new(stored).map_err(|e| VaultError::Passphrase(e.to_string()))?;
    Ok(argon2()?.verify_password(passphrase.as_bytes(), &hash).is_ok())
}

/// What the audit calls an event of somebody's record.
const STAFF_EVENTS: [&str; 2] = ["person-added", "person-named"];
/// What it calls that a supervisor has read of them.
const STAFF_READ: &str = "staff-read";

/// What happened to somebody's record, for the supervisors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffNews {
    /// Position in the audit.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who did it: name, badge, agency and identity.
    pub by: String,
    /// What.
    pub event: StaffEvent,
}

fn put_person(db: &Connection, change: &StaffChange, at: Moment) -> Result<(), VaultError> {
    let person = change.person();
    db.execute(
        "INSERT INTO person (person_id, content) VALUES (?1, ?2) ON CONFLICT (person_id) DO UPDATE SET content = ?2",
        params![person.id.to_string(), serde_json::to_string(person)?],
    )?;
    let action = STAFF_EVENTS[usize::from(!change.adds())];
    append(db, Some(change.by()), at, action, &serde_json::to_value(change.event())?)
}

fn put_passphrase(db: &Connection, person: PersonId, passphrase: &str, temporary: bool) -> Result<(), VaultError> {
    db.execute(
        "INSERT INTO credential (person_id, passphrase, temporary) VALUES (?1, ?2, ?3)
         ON CONFLICT (person_id) DO UPDATE SET passphrase = ?2, temporary = ?3, wrong = 0, wrong_at = NULL",
        params![person.to_string(), hashed(passphrase)?, temporary],
    )?;
    Ok(())
}

impl Vault {
    /// Everybody who may use this workstation, in the order in which they were named.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn people(&self) -> Result<Vec<Person>, VaultError> {
        let mut query = self.db.prepare("SELECT content FROM person ORDER BY rowid")?;
        let rows = query.query_map([], |r| r.get::<_, String>(0))?;
        rows.map(|text| Ok(serde_json::from_str(&text?)?)).collect()
    }

    /// A person by identity.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none.
    pub fn person(&self, id: PersonId) -> Result<Person, VaultError> {
        self.people()?.into_iter().find(|p| p.id == id).ok_or(VaultError::Unknown("person"))
    }

    /// Everybody, and who has not used their account yet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn staff(&self) -> Result<Staff, VaultError> {
        let mut query = self.db.prepare("SELECT person_id FROM credential WHERE NOT temporary")?;
        let own = query.query_map([], |r| r.get::<_, String>(0))?.collect::<Result<HashSet<_>, _>>()?;
        let people = self.people()?;
        let untaken = people.iter().map(|p| p.id).filter(|id| !own.contains(&id.to_string())).collect();
        Ok(Staff::new(people, untaken))
    }

    /// Stores a change of the people, with a temporary passphrase for somebody who is added; they replace it at the
    /// first sign-in.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing was changed.
    pub fn put_person(&mut self, change: &StaffChange, passphrase: Option<&str>, at: Moment) -> Result<(), VaultError> {
        self.write(|db| {
            put_person(db, change, at)?;
            match passphrase {
                Some(passphrase) => put_passphrase(db, change.person().id, passphrase, true),
                None => Ok(()),
            }
        })
    }

    /// What happened to people's records since `supervisor` last read of it, oldest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn staff_news(&self, supervisor: PersonId) -> Result<Vec<StaffNews>, VaultError> {
        let read: Option<i64> = self.db.query_row(
            "SELECT max(json_extract(detail, '$.up_to')) FROM audit
             WHERE action = ?1 AND json_extract(detail, '$.person') = ?2",
            params![STAFF_READ, supervisor.to_string()],
            |r| r.get(0),
        )?;
        let mut query = self
            .db
            .prepare("SELECT seq, at, person, detail FROM audit WHERE action IN (?1, ?2) AND seq > ?3 ORDER BY seq")?;
        let [added, named] = STAFF_EVENTS;
        let rows = query.query_map(params![added, named, read.unwrap_or(0)], |r| {
            Ok((r.get(0)?, r.get::<_, String>(1)?, r.get(2)?, r.get::<_, String>(3)?))
        })?;
        rows.map(|row| {
            let (seq, at, by, detail) = row?;
            Ok(StaffNews { seq, at: serde_json::from_value(json!(at))?, by, event: serde_json::from_str(&detail)? })
        })
        .collect()
    }

    /// Records that `supervisor` read what happened to people's records up to event `up_to`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn staff_read(&mut self, supervisor: &PersonRef, up_to: i64, at: Moment) -> Result<(), VaultError> {
        // What did not happen yet cannot have been read.
        let newest = self.staff_news(supervisor.id)?.iter().map(|news| news.seq).filter(|seq| *seq <= up_to).max();
        match newest {
            Some(seq) => {
                self.record(Some(supervisor), at, STAFF_READ, &json!({ "person": supervisor.id, "up_to": seq }))
            }
            None => Ok(()),
        }
    }

    /// Whether `person` has a passphrase yet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn has_passphrase(&self, person: PersonId) -> Result<bool, VaultError> {
        let mut query = self.db.prepare("SELECT 1 FROM credential WHERE person_id = ?1")?;
        Ok(query.exists([person.to_string()])?)
    }

    /// Sets `person`'s own passphrase.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn set_passphrase(&mut self, person: &PersonRef, passphrase: &str, at: Moment) -> Result<(), VaultError> {
        self.write(|db| {
            put_passphrase(db, person.id, passphrase, false)?;
            append(db, Some(person), at, "passphrase-set", &json!({}))
        })
    }

    /// Checks `person`'s passphrase; `action` names on record what it was asked for. A wrong one counts, and
    /// after as many in a row as `rule` says nobody can try for a while.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], [`VaultError::Waiting`]; both are on record.
    pub fn check_passphrase(
        &mut self,
        person: &PersonRef,
        passphrase: &str,
        action: &str,
        at: Moment,
        rule: &SessionRule,
    ) -> Result<SignIn, VaultError> {
        let row: Option<(String, bool, u16, Option<String>)> = self
            .db
            .query_row(
                "SELECT passphrase, temporary, wrong, wrong_at FROM credential WHERE person_id = ?1",
                [person.id.to_string()],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
            )
            .optional()?;
        let (stored, temporary, wrong, wrong_at) = row.ok_or(VaultError::Unknown("passphrase"))?;
        let last: Option<Moment> = wrong_at.map(|at| serde_json::from_value(json!(at))).transpose()?;
        let waited = last.map_or(i64::MAX, |last| at.0.as_second() - last.0.as_second());
        let wait = i64::from(rule.wait_minutes) * 60;
        // A clock that was set back does not end a wait.
        if wrong >= rule.wrong_passphrases && waited < wait {
            let minutes = (wait - waited.max(0) + 59) / 60;
            self.record(Some(person), at, "sign-in-refused", &json!({ "for": action, "wait_minutes": minutes }))?;
            return Err(VaultError::Waiting { name: person.name.clone(), minutes });
        }
        if fits(passphrase, &stored)? {
            self.write(|db| {
                db.execute(
                    "UPDATE credential SET wrong = 0, wrong_at = NULL WHERE person_id = ?1",
                    [person.id.to_string()],
                )?;
                append(db, Some(person), at, action, &json!({}))
            })?;
            return Ok(if temporary { SignIn::Temporary } else { SignIn::Done });
        }
        // After a wait the count begins anew.
        let wrong = if wrong >= rule.wrong_passphrases { 1 } else { wrong + 1 };
        self.write(|db| {
            db.execute(
                "UPDATE credential SET wrong = ?2, wrong_at = ?3 WHERE person_id = ?1",
                params![person.id.to_string(), wrong, at.0.to_string()],
            )?;
            append(db, Some(person), at, "sign-in-failed", &json!({ "for": action, "wrong_in_a_row": wrong }))
        })?;
        Err(VaultError::WrongPassphrase {
            name: person.name.clone(),
            left: rule.wrong_passphrases.saturating_sub(wrong),
        })
    }
}
