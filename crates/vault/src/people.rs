use std::collections::HashSet;

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use casework::{Moment, Person, PersonId, PersonRef, Staff, StaffChange, StaffEvent};

use crate::audit::{append, in_audit};
use crate::error::VaultError;
use crate::results::{MISIDENTIFIED, MISIDENTIFIED_ELSEWHERE};
use crate::retention::TOLD;
use crate::roster::{POLICY_LOOSENED, STAFF_EVENTS};
use crate::vault::Vault;

/// What the audit calls that somebody has read of what happened to people's records.
const STAFF_READ: &str = "staff-read";

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// To somebody's record.
    Staff(Box<StaffEvent>),
    /// The policy is laxer than before: where, a sentence each.
    Loosened(Vec<String>),
    /// Cases are due to go: how many.
    Due(usize),
    /// That the wrong person was taken for the one on an image, in the case of this number.
    Misidentified(String),
}

/// What happened to somebody's record or to the policy, for supervisors and auditors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffNews {
    /// Position in the audit.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who did it: name, badge, agency and identity.
    pub by: String,
    /// What.
    pub event: News,
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

impl Vault {
    /// Everybody who may use this workstation, in the order in which they were named here. Where there is a department, its newest
    /// roster says who they are and what they may do, and not the row; whoever it names besides comes last.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn people(&self) -> Result<Vec<Person>, VaultError> {
        let mut query = self.db.prepare("SELECT content FROM person ORDER BY rowid")?;
        let rows = query.query_map([], |r| r.get::<_, String>(0))?;
        let known = rows.map(|text| Ok(serde_json::from_str(&text?)?)).collect::<Result<Vec<Person>, VaultError>>()?;
        let mut people: Vec<Person> = known.into_iter().filter_map(|person| self.of_roster(person)).collect();
        let further: Vec<Person> =
            self.members().filter(|member| people.iter().all(|person| person.id != member.id)).cloned().collect();
        people.extend(further);
        Ok(people)
    }

    /// A person by identity.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none.
    pub fn person(&self, id: PersonId) -> Result<Person, VaultError> {
        self.people()?.into_iter().find(|p| p.id == id).ok_or(VaultError::Unknown("person"))
    }

    /// Everybody, and who has not used their account yet: whoever is not among `taken`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn staff(&self, taken: &HashSet<PersonId>) -> Result<Staff, VaultError> {
        let people = self.people()?;
        let untaken = people.iter().map(|p| p.id).filter(|id| !taken.contains(id)).collect();
        Ok(Staff::new(people, untaken))
    }

    /// Stores a change of the people.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing was changed.
    pub fn put_person(&mut self, change: &StaffChange, at: Moment) -> Result<(), VaultError> {
        self.write(|db| put_person(db, change, at))
    }

    /// What happened to people's records and the policy since `supervisor` last read of it, oldest first.
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
        let mut query = self.db.prepare(
            "SELECT seq, at, person, detail, action FROM audit WHERE action IN (?1, ?2, ?4, ?5, ?6, ?7) AND seq > ?3 ORDER BY seq",
        )?;
        let [added, named] = STAFF_EVENTS;
        let wanted =
            params![added, named, read.unwrap_or(0), POLICY_LOOSENED, MISIDENTIFIED, TOLD, MISIDENTIFIED_ELSEWHERE];
        let rows = query.query_map(wanted, |r| {
            Ok((r.get(0)?, r.get::<_, String>(1)?, r.get(2)?, r.get::<_, String>(3)?, r.get::<_, String>(4)?))
        })?;
        let mut all: Vec<StaffNews> = Vec::new();
        for row in rows {
            let (seq, at, by, detail, action) = row?;
            let at = serde_json::from_value(json!(at))?;
            if action == TOLD {
                // One line for all that was told since, where the last of it was told.
                let before = all.iter().position(|news| matches!(news.event, News::Due(_))).map(|at| all.remove(at));
                let known = before.map_or(0, |news| if let News::Due(known) = news.event { known } else { 0 });
                all.push(StaffNews { seq, at, by, event: News::Due(known + 1) });
                continue;
            }
            let detail: Value = serde_json::from_str(&detail)?;
            // What was told here was done by whoever recorded it elsewhere.
            let elsewhere = (action == MISIDENTIFIED_ELSEWHERE).then(|| serde_json::from_value(detail["by"].clone()));
            let by = elsewhere.transpose()?.map_or(by, |by: PersonRef| in_audit(&by));
            let event = match detail.get("loosened") {
                _ if action == MISIDENTIFIED || action == MISIDENTIFIED_ELSEWHERE => {
                    News::Misidentified(detail["number"].as_str().unwrap_or_default().to_owned())
                }
                Some(said) => News::Loosened(serde_json::from_value(said.clone())?),
                None => News::Staff(Box::new(serde_json::from_value(detail)?)),
            };
            all.push(StaffNews { seq, at, by, event });
        }
        Ok(all)
    }

    /// Records that `supervisor` read what happened to people's records up to event `up_to`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn staff_read(&mut self, supervisor: &PersonRef, up_to: i64, at: Moment) -> Result<(), VaultError> {
        // What did not happen yet cannot have been read.
        let [added, named] = STAFF_EVENTS;
        let newest: Option<i64> = self.db.query_row(
            "SELECT max(seq) FROM audit WHERE action IN (?1, ?2, ?3, ?4, ?8, ?9) AND seq <= ?5 AND seq > coalesce((
                 SELECT max(json_extract(detail, '$.up_to')) FROM audit
                 WHERE action = ?6 AND json_extract(detail, '$.person') = ?7), 0)",
            params![
                added,
                named,
                POLICY_LOOSENED,
                TOLD,
                up_to,
                STAFF_READ,
                supervisor.id.to_string(),
                MISIDENTIFIED,
                MISIDENTIFIED_ELSEWHERE
            ],
            |r| r.get(0),
        )?;
        match newest {
            Some(seq) => {
                self.record(Some(supervisor), at, STAFF_READ, &json!({ "person": supervisor.id, "up_to": seq }))
            }
            None => Ok(()),
        }
    }
}
