//! Doors on their way to the other workstations of the department, and those that came.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::Moment;

use super::package::{Content, Files};
use crate::entrance::Arrived;
use crate::error::VaultError;
use crate::vault::Vault;

/// Keeps a door that came; of one person the newest.
pub(super) fn take_door(db: &Connection, door: &Arrived, statement: &str) -> Result<(), VaultError> {
    let (person, claims) = (door.person.id.to_string(), door.at.0.to_string());
    db.execute(
        "INSERT INTO door_arrived (person_id, claims, file) VALUES (?1, ?2, ?3)
         ON CONFLICT (person_id) DO UPDATE SET claims = ?2, file = ?3 WHERE claims < ?2",
        params![person, claims, statement],
    )?;
    Ok(())
}

impl Vault {
    /// Keeps doors that were stated here, for a backup: by them its people come in where it is restored.
    pub(crate) fn keep_doors(&mut self, statements: &[String], at: Moment) -> Result<(), VaultError> {
        for statement in statements {
            // What was stated with a key that ended since opens nothing.
            if let Ok(door) = self.read_door(statement, at) {
                self.write(|db| take_door(db, &door, statement))?;
            }
        }
        Ok(())
    }

    /// Puts doors that were stated here into the outbox for every other workstation of the department that does not have them.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn send_doors(&mut self, statements: &[String], at: Moment) -> Result<(), VaultError> {
        let others = self.workstations_of_department()?;
        for statement in statements {
            // What was stated with a key that ended since is not sent.
            if self.read_door(statement, at).is_err() {
                continue;
            }
            let about = Uuid::from_slice(&Sha256::digest(statement)[..16]).map_err(|_| VaultError::Unknown("door"))?;
            for card in &others {
                let sent = self
                    .db
                    .prepare("SELECT 1 FROM outbox WHERE kind = 'door' AND recipient = ?1 AND about = ?2")?
                    .exists([&card.signs, &about.to_string()])?;
                if !sent {
                    let content = Content::Door { statement: statement.clone() };
                    self.put_package(about, &card.signs, content, Vec::new(), Files::None, at)?;
                }
            }
        }
        Ok(())
    }
}
