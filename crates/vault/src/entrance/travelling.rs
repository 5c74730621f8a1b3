//! Doors that travel: whoever chose a passphrase at one workstation of a department comes in by it at the others. What travels
//! is sealed under the passphrase and stated with the person's own key; the key of a vault never travels.

use std::io::Read;

use rusqlite::{OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use casework::{Moment, PersonId, PersonRef};
use department::PublicKey;

use super::door::Secrets;
use super::entered::{Due, Entered};
use super::file::Entrance;
use crate::error::VaultError;
use crate::key::{self, KeyStore};
use crate::vault::Vault;

/// What travels of somebody's door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Travelling {
    /// age recipient of the person: another workstation seals the key of its vault to it.
    pub receives: String,
    /// Salt of the passphrase, 16 bytes in hexadecimal.
    pub salt: String,
    /// Signing key, second factor and recovery codes under the passphrase, in hexadecimal.
    pub sealed: String,
    /// Whether they have a second factor.
    pub second: bool,
}

/// A door that came from another workstation, proven to be its person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Whose.
    pub person: PersonRef,
    /// When they stated it.
    pub at: Moment,
    /// Their own key, which the department's newest roster names.
    pub key: PublicKey,
    /// What came.
    pub door: Travelling,
}

fn malformed() -> VaultError {
    VaultError::Travelling
}

/// Secrets that travel: all but what belongs to this vault alone.
fn of(secrets: &Secrets) -> Secrets {
    Secrets {
        vault: String::new(),
        seed: secrets.seed.clone(),
        second: secrets.second.clone(),
        recovery: secrets.recovery.clone(),
        kit: String::new(),
        receives: secrets.receives.clone(),
    }
}

/// The key of this vault, as it was sealed to whoever holds `secrets`.
///
/// # Errors
/// [`VaultError::Travelling`] where it was sealed to somebody else.
pub(super) fn vault_key(secrets: &Secrets, here: &[u8]) -> Result<String, VaultError> {
    let own: age::x25519::Identity = secrets.receives.parse().map_err(|_| malformed())?;
    let sealed = age::Decryptor::new(here).map_err(|_| malformed())?;
    let mut plain = sealed.decrypt(std::iter::once(&own as &dyn age::Identity)).map_err(|_| malformed())?;
    let mut key = String::new();
    plain.read_to_string(&mut key).map_err(|_| malformed())?;
    Ok(key)
}

impl Entrance {
    /// What travels of the door of whoever came in, for them to state; nothing where that was done, or where they have something
    /// to do first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn travelling(&mut self, entered: &mut Entered) -> Result<Option<Travelling>, VaultError> {
        let id = entered.person.id;
        let sql = "SELECT changed FROM door WHERE person_id = ?1";
        let changed: Option<bool> = self.db.query_row(sql, [id.to_string()], |r| r.get(0)).optional()?;
        let ready = matches!(entered.due(), None | Some(Due::RecoveryKit)) && !entered.secrets.seed.is_empty();
        if changed != Some(true) || !ready {
            return Ok(None);
        }
        if entered.secrets.receives.is_empty() {
            entered.secrets.receives = key::fresh_identity();
            self.reseal(entered)?;
        }
        let own: age::x25519::Identity = entered.secrets.receives.parse().map_err(|_| malformed())?;
        let Some(key) = &entered.key else { return Ok(None) };
        Ok(Some(Travelling {
            receives: own.to_public().to_string(),
            salt: hex::encode(key.salt),
            sealed: hex::encode(key.seal(id, &of(&entered.secrets))?),
            second: !entered.secrets.second.is_empty(),
        }))
    }

    /// Keeps what `person` stated of their door at `at`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn stated(&mut self, person: PersonId, file: &str, at: Moment) -> Result<(), VaultError> {
        self.db.execute(
            "UPDATE door SET stated = ?2, stated_at = ?3, changed = 0 WHERE person_id = ?1",
            params![person.to_string(), file, at.0.to_string()],
        )?;
        Ok(())
    }

    /// Statements of doors that were made here, for the other workstations.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn stated_here(&self) -> Result<Vec<String>, VaultError> {
        let mut query = self.db.prepare("SELECT stated FROM door WHERE stated IS NOT NULL ORDER BY rowid")?;
        Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Takes in doors that came from other workstations, each where it is newer than what is known of its person.
    ///
    /// # Errors
    /// [`VaultError`]; then none was taken in.
    pub fn arrive(&mut self, arrived: &[Arrived], vault: &Vault, keys: &dyn KeyStore) -> Result<(), VaultError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for one in arrived {
            arrive(&tx, one, vault)?;
        }
        tx.commit()?;
        Ok(keys.set(&format!("used-{}", self.name), "1")?)
    }

    /// The department's policy as it was kept here.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn policy(&self) -> Result<Option<String>, VaultError> {
        Ok(self.db.query_row("SELECT text FROM policy", [], |r| r.get(0)).optional()?)
    }

    /// Keeps the department's policy, by whose rules people sign in while the vault is closed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn keep_policy(&mut self, text: &str) -> Result<(), VaultError> {
        let sql = "INSERT INTO policy (only, text) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET text = ?1";
        Ok(self.db.execute(sql, [text]).map(drop)?)
    }

    /// Somebody is not of the department any more: their door is no more.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn dismiss(&mut self, person: PersonId) -> Result<(), VaultError> {
        // What opened it goes.
        let sql =
            "UPDATE door SET gone = 1, kind = 'own', sealed = zeroblob(0), salt = NULL, earlier = NULL, until = NULL,
                       temporary = 0, here = NULL, stated = NULL, changed = 0
                   WHERE person_id = ?1";
        Ok(self.db.execute(sql, [person.to_string()]).map(drop)?)
    }

    /// Whether this vault waits to be let into a department.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn is_joining(&self) -> Result<bool, VaultError> {
        Ok(self.is_new()? && self.db.prepare("SELECT 1 FROM joining")?.exists([])?)
    }

    /// Begins a vault that waits to be let into a department, or goes on with it. It holds nothing but the workstation's own
    /// keys, and nobody is there yet whose passphrase could seal its key: until then the entrance keeps that.
    ///
    /// # Errors
    /// [`VaultError::InUse`] where somebody may come in already.
    pub fn join(&mut self, keys: &dyn KeyStore) -> Result<Vault, VaultError> {
        if !self.is_new()? {
            return Err(VaultError::InUse);
        }
        let sql = "SELECT key, next FROM joining";
        let known: Option<(String, Option<String>)> =
            self.db.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        if let Some((key, next)) = known {
            // It may have been cut off before or after the vault got its next key.
            return match (self.with_key(&key, keys), next) {
                (Err(VaultError::Locked(_)), Some(next)) => self.with_key(&next, keys),
                (opened, _) => opened,
            };
        }
        self.clear()?;
        let key = Zeroizing::new(key::fresh()?);
        self.db.execute("INSERT INTO joining (only, key) VALUES (1, ?1)", [&*key])?;
        self.with_key(&key, keys)
    }

    /// Begins with a vault's file that `put` writes, whose key is known: it waits for its people as one that joins does.
    ///
    /// # Errors
    /// [`VaultError::InUse`] where somebody may come in already.
    pub(crate) fn wait_with(
        &mut self,
        key: &str,
        keys: &dyn KeyStore,
        put: impl FnOnce(&std::path::Path) -> Result<(), VaultError>,
    ) -> Result<Vault, VaultError> {
        if !self.is_new()? {
            return Err(VaultError::InUse);
        }
        self.clear()?;
        self.db.execute("INSERT INTO joining (only, key) VALUES (1, ?1)", [key])?;
        put(&self.folder.join("vault.db"))?;
        self.with_key(key, keys)
    }

    /// Ends joining: nothing of the vault stays.
    ///
    /// # Errors
    /// [`VaultError::InUse`] where somebody may come in already.
    pub fn give_up_joining(&mut self) -> Result<(), VaultError> {
        if self.is_new()? { self.clear() } else { Err(VaultError::InUse) }
    }

    /// The department let this vault in, and the first of its people are there: they alone open it from now on. The key that the
    /// entrance kept opens nothing any more.
    ///
    /// # Errors
    /// [`VaultError`]; then the vault still waits.
    pub fn joined(&mut self, arrived: &[Arrived], vault: &mut Vault, keys: &dyn KeyStore) -> Result<(), VaultError> {
        if arrived.is_empty() || !self.is_joining()? {
            return Ok(());
        }
        let next = Zeroizing::new(key::fresh()?);
        self.db.execute("UPDATE joining SET key = ?1, next = ?2", [vault.key(), &*next])?;
        vault.rekey(&next)?;
        self.arrive(arrived, vault, keys)?;
        Ok(self.db.execute("DELETE FROM joining", []).map(drop)?)
    }
}

fn arrive(db: &rusqlite::Connection, arrived: &Arrived, vault: &Vault) -> Result<(), VaultError> {
    let Arrived { person, at, key, door } = arrived;
    let recipient: age::x25519::Recipient = door.receives.parse().map_err(|_| malformed())?;
    let salt: [u8; 16] = hex::decode(&door.salt).ok().and_then(|salt| salt.try_into().ok()).ok_or_else(malformed)?;
    let sealed = hex::decode(&door.sealed).map_err(|_| malformed())?;
    let here = age::encrypt(&recipient, vault.key().as_bytes()).map_err(|_| malformed())?;
    db.execute(
        "INSERT INTO door (person_id, person, kind, salt, sealed, public_key, second, stated_at, changed, here)
         VALUES (?1, ?2, 'own', ?3, ?4, ?5, ?6, ?7, 0, ?8)
         ON CONFLICT (person_id) DO UPDATE SET person = ?2, kind = 'own', salt = ?3, sealed = ?4, public_key = ?5, second = ?6,
             stated = NULL, stated_at = ?7, changed = 0, here = ?8, earlier = NULL, temporary = 0, until = NULL, gone = 0
         WHERE (stated_at IS NULL OR stated_at < ?7) AND NOT (changed AND public_key IS ?5)",
        params![
            person.id.to_string(),
            serde_json::to_string(person)?,
            salt,
            sealed,
            key.to_string(),
            door.second,
            at.0.to_string(),
            here
        ],
    )?;
    Ok(())
}
