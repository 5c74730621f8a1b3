//! The department's documents as this workstation has them, and what follows from them: who is there, which workstations, whose
//! door it is that came.

use department::{Acting, Card, Chain, HighestSeen, InForce, KeySpan, Kind, Known, PublicKey, Refusal, Statement};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use casework::{Moment, Person, PersonId, PersonRef, StaffEvent};

use crate::audit::append;
use crate::entrance::{Arrived, Travelling};
use crate::error::VaultError;
use crate::key::KeyStore;
use crate::stated::policy;
use crate::vault::Vault;

/// What the audit calls an event of somebody's record.
pub(crate) const STAFF_EVENTS: [&str; 2] = ["person-added", "person-named"];
/// What it calls that the department's policy is laxer than before.
pub(crate) const POLICY_LOOSENED: &str = "policy-loosened";
/// The kind of a statement of somebody's door.
const DOOR: &str = "door";
/// How far the clock of another workstation may be ahead, in seconds.
const AHEAD: i64 = 600;

/// The chain as it lies here, proven from the root on.
pub(crate) fn read(db: &Connection) -> Result<Option<Chain>, VaultError> {
    let root: Option<String> =
        db.query_row("SELECT value FROM setting WHERE name = 'department'", [], |r| r.get(0)).optional()?;
    let Some(root) = root else { return Ok(None) };
    Ok(Some(Chain::read(&PublicKey::read(&root)?, &documents(db)?)?))
}

fn documents(db: &Connection) -> Result<Vec<String>, VaultError> {
    let mut query = db.prepare("SELECT document FROM department_version ORDER BY number")?;
    Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

impl Vault {
    /// The department, once it was founded or joined.
    pub fn department(&self) -> Option<&Chain> {
        self.department.as_ref()
    }

    /// The documents as they were signed, version 1 first.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn documents(&self) -> Result<Vec<String>, VaultError> {
        documents(&self.db)
    }

    /// Founds the department of this workstation, or joins one: `documents` from version 1 on.
    ///
    /// # Errors
    /// [`VaultError::Department`] for documents that do not hold, or where there is a department.
    pub fn found(
        &mut self,
        root: &PublicKey,
        documents: &[String],
        by: Option<&PersonRef>,
        at: Moment,
    ) -> Result<(), VaultError> {
        let chain = Chain::read(root, documents)?;
        if let Some(known) = &self.department {
            return Err(Refusal::OtherDepartment { found: known.root().to_string() }.into());
        }
        let own = self.card("").signs;
        self.write(|db| {
            db.execute("INSERT INTO setting (name, value) VALUES ('department', ?1)", [root.to_string()])?;
            for (at, document) in documents.iter().enumerate() {
                db.execute(
                    "INSERT INTO department_version (number, document) VALUES (?1, ?2)",
                    params![at as i64 + 1, document],
                )?;
            }
            let detail = json!({ "root": root.to_string(), "versions": documents.len() });
            append(db, by, at, "department-founded", &detail)?;
            know_workstations(db, chain.newest(), &own)
        })?;
        self.department = Some(chain);
        Ok(())
    }

    /// Takes in the department's next version.
    ///
    /// # Errors
    /// [`VaultError::Department`] for one that does not follow, or was not signed as it must be.
    pub fn extend(&mut self, document: &str, by: Option<&PersonRef>, at: Moment) -> Result<(), VaultError> {
        let known = self.department.as_ref().ok_or(VaultError::Unknown("department"))?;
        let chain = known.extended_by(&[document])?;
        let newest = chain.newest();
        let own = self.card("").signs;
        self.write(|db| {
            let number = newest.number();
            db.execute("INSERT INTO department_version (number, document) VALUES (?1, ?2)", params![number, document])?;
            append(db, by, at, "department-version", &json!({ "number": number, "sha256": newest.sha256() }))?;
            // What was decided at another workstation reaches the supervisors here too.
            if by.is_none() {
                let signed = newest.signed_by().administrators.first();
                let signed = signed.and_then(|id| newest.before()?.roster().member(*id));
                for event in StaffEvent::of_version(newest) {
                    let action = STAFF_EVENTS[usize::from(event.before.is_some())];
                    let by = signed.map(|member| member.person.reference());
                    append(db, by.as_ref(), at, action, &serde_json::to_value(event)?)?;
                }
            }
            if let Some(loosened) = loosened(newest)? {
                append(db, by, at, POLICY_LOOSENED, &loosened)?;
            }
            know_workstations(db, newest, &own)
        })?;
        self.department = Some(chain);
        Ok(())
    }

    /// Refuses a department that is older than the newest that the secret store knows, or another one, and keeps the newest
    /// there.
    ///
    /// # Errors
    /// [`VaultError::Department`].
    pub fn keep_highest_seen(&self, keys: &dyn KeyStore) -> Result<(), VaultError> {
        let name = format!("department-{}", self.name);
        let seen: Option<HighestSeen> = keys.get(&name)?.map(|text| serde_json::from_str(&text)).transpose()?;
        let Some(chain) = &self.department else {
            return match seen {
                Some(seen) => Err(Refusal::Rollback { seen: seen.version, found: 0 }.into()),
                None => Ok(()),
            };
        };
        if let Some(seen) = &seen {
            chain.clone().not_before(seen)?;
        }
        let highest = chain.highest_seen();
        if seen.as_ref() != Some(&highest) {
            keys.set(&name, &serde_json::to_string(&highest)?)?;
        }
        Ok(())
    }

    /// A person as the department's newest roster has them; whoever is not in it is nobody here.
    pub(crate) fn of_roster(&self, known: Person) -> Option<Person> {
        match &self.department {
            None => Some(known),
            Some(chain) => {
                let member = chain.newest().roster().member(known.id)?;
                Some(Person { added_by: known.added_by, ..member.person.clone() })
            }
        }
    }

    /// Whether the newest roster names keys of `person`, and `key` is none that counts on the day of `now`.
    pub fn has_another_key(&self, person: PersonId, key: Option<&PublicKey>, now: Moment) -> bool {
        let member = self.department.as_ref().and_then(|chain| chain.newest().roster().member(person));
        member.is_some_and(|member| {
            // One that was exchanged today still counts today for what it signed before.
            let lasting = |span: &KeySpan| span.counts_on(now.day()) && span.until().is_none();
            let keys = &member.keys;
            let ends = !keys.iter().any(lasting);
            let own = |span: &KeySpan| Some(span.key()) == key && span.counts_on(now.day()) && (ends || lasting(span));
            !keys.is_empty() && !keys.iter().any(own)
        })
    }

    /// Everybody of the newest roster, who need not have been here.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Person> {
        let people = self.department.iter().flat_map(|chain| chain.newest().roster().people());
        people.map(|member| &member.person)
    }

    /// States the own door of whoever is signed in: the file that travels.
    ///
    /// # Errors
    /// [`VaultError::Department`] where their key is not one of the roster; [`VaultError::Unknown`] without a department.
    pub fn state_door(&self, door: &Travelling, at: Moment) -> Result<String, VaultError> {
        let chain = self.department.as_ref().ok_or(VaultError::Unknown("department"))?;
        let pen = self.pen.as_ref().ok_or(VaultError::Unknown("key"))?;
        let unsigned = chain.state(&Kind::new(DOOR)?, door, &PublicKey::of(pen), Acting::Anybody, at)?;
        Ok(unsigned.sign(pen)?.file()?)
    }

    /// Whose door a statement brings.
    ///
    /// # Errors
    /// [`VaultError::Department`] for one that its person did not make, or made with a key that the newest roster does not give
    /// them any more; [`VaultError::Travelling`] for one of tomorrow.
    pub(crate) fn read_door(&self, file: &str, now: Moment) -> Result<Arrived, VaultError> {
        let chain = self.department.as_ref().ok_or(VaultError::Unknown("department"))?;
        let statement = Statement::read(file.as_bytes(), &Kind::new(DOOR)?)?;
        chain.verify(&statement, Acting::Anybody, Known::Claimed)?;
        let at = statement.claims();
        if at.0.as_second() > now.0.as_second() + AHEAD {
            return Err(VaultError::Travelling);
        }
        let roster = chain.newest().roster();
        let ended = || Refusal::KeyEnded { key: statement.key().to_string(), ended: now.day().to_string() };
        let (member, span) = roster.holder(statement.key()).ok_or_else(ended)?;
        if !span.counts_on(now.day()) || span.until().is_some() {
            return Err(ended().into());
        }
        let door: Travelling = statement.payload()?;
        Ok(Arrived { person: member.person.reference(), at, key: *statement.key(), door })
    }

    /// Doors that came from other workstations, the newest of each person. One whose person has another key by now, or is gone,
    /// is left out.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn doors_arrived(&self, now: Moment) -> Result<Vec<Arrived>, VaultError> {
        let mut query = self.db.prepare("SELECT file FROM door_arrived ORDER BY person_id")?;
        let files = query.query_map([], |r| r.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(files.iter().filter_map(|file| self.read_door(file, now).ok()).collect())
    }
}

/// Where a version's policy is laxer than the one before, in words.
fn loosened(newest: InForce<'_>) -> Result<Option<Value>, VaultError> {
    let before = newest.before().and_then(|before| before.policy());
    let (Some(before), Some(now)) = (before, newest.policy()) else { return Ok(None) };
    if before.text() == now.text() {
        return Ok(None);
    }
    let said = policy(now.text())?.loosened_since(&policy(before.text())?);
    Ok((!said.is_empty()).then(|| json!({ "version": newest.number(), "loosened": said })))
}

/// Keeps the cards of the department's other workstations with those that somebody added.
fn know_workstations(db: &Connection, newest: InForce<'_>, own: &str) -> Result<(), VaultError> {
    for workstation in &newest.roster().content().workstations {
        let signs = workstation.signs.key().to_string();
        if signs != own {
            let card = Card::of(&workstation.name, signs, workstation.receives.clone());
            crate::exchange::put_card(db, &card)?;
        }
    }
    Ok(())
}
