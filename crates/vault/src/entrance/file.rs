//! The entrance's own file: opened and made, who is admitted, and what happens there until the vault opens.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use casework::{Moment, Person, PersonId, PersonRef};
use department::PublicKey;

use super::door::{Cost, Key};
use super::entered::{Admission, Door, Entered, Known, public};
use super::second;
use crate::database::database;
use crate::error::VaultError;
use crate::key::{self, KeyStore, SecretStoreError};
use crate::lock::Lock;
use crate::migrate::migrate;
use crate::private;
use crate::rows::parse_moment;
use crate::vault::Vault;

/// One step a version, in order; a step that was released is never changed.
const STEPS: &[&str] =
    &[include_str!("0001-doors.sql"), include_str!("0002-travelling.sql"), include_str!("0003-provider.sql")];
/// Days for which an enrolment code is good.
pub const CODE_DAYS: i64 = 7;
const DAY: i64 = 86_400;

/// The entrance, and the right to use this vault while it is held.
pub struct Entrance {
    pub(super) db: Connection,
    pub(super) folder: PathBuf,
    /// Under which the vault's secrets rest.
    pub(super) name: String,
    pub(super) lock: Arc<Lock>,
    pub(super) cost: Cost,
}

impl std::fmt::Debug for Entrance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entrance").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Entrance {
    /// Opens the entrance of the vault in `folder`, making it where there is neither.
    ///
    /// # Errors
    /// [`VaultError`]; an existing file is never replaced.
    pub fn open(folder: &Path, keys: &dyn KeyStore) -> Result<Self, VaultError> {
        let unusable = |source| VaultError::Folder { path: folder.to_owned(), source };
        private::folder(folder).map_err(unusable)?;
        private::file(&folder.join("vault.lock")).map_err(unusable)?;
        let lock = Lock::take(&folder.join("vault.lock")).map_err(unusable)?.ok_or(VaultError::InUse)?;
        let (path, vault) = (folder.join("entrance.db"), folder.join("vault.db"));
        let name = key::entry_name(folder);
        let (own, used) = (format!("entrance-{name}"), format!("used-{name}"));
        let earlier = keys.get(&name)?.map(Zeroizing::new);
        let secret = match (keys.get(&own)?, path.exists(), vault.exists()) {
            (Some(secret), true, _) => secret,
            (None, true, _) => return Err(VaultError::KeyMissing(path)),
            // The first start of this program on an earlier one's vault.
            (secret, false, true) if earlier.is_some() => own_secret(keys, &own, secret)?,
            (Some(_), false, true) => return Err(VaultError::Missing(path)),
            (None, false, true) => return Err(VaultError::KeyMissing(vault)),
            // Keys that never opened a vault are of a first start that was cut off.
            (secret, false, false) => {
                let opened = earlier.is_some() && keys.get(&format!("signing-{name}"))?.is_some();
                if opened || keys.get(&used)?.is_some() {
                    return Err(VaultError::Missing(vault));
                }
                own_secret(keys, &own, secret)?
            }
        };
        let mut db = database(&path, &Zeroizing::new(secret), unusable)?;
        migrate(&mut db, None, STEPS, |_, _| Ok(()))?;
        let mut entrance = Self { db, folder: folder.to_owned(), name, lock: Arc::new(lock), cost: Cost::FULL };
        if let Some(earlier) = earlier {
            if vault.exists() && entrance.is_new()? {
                entrance.take_over(&vault, &earlier)?;
            }
            keys.remove(&entrance.name)?;
        }
        if !entrance.is_new()? {
            if !vault.exists() {
                return Err(VaultError::Missing(vault));
            }
            if keys.get(&used)?.is_none() {
                keys.set(&used, "1")?;
            }
        }
        Ok(entrance)
    }

    /// The same for a test: whatever is chosen at this entrance opens only at one like it.
    #[cfg(feature = "samples")]
    pub(crate) fn of_a_sample(self) -> Self {
        Self { cost: Cost::SAMPLE, ..self }
    }

    /// Whether nobody ever could come in.
    pub(super) fn is_new(&self) -> Result<bool, VaultError> {
        Ok(!self.db.prepare("SELECT 1 FROM door UNION SELECT 1 FROM earlier_key")?.exists([])?)
    }

    /// Who may come in, in the order in which they were admitted.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn people(&self) -> Result<Vec<Known>, VaultError> {
        let mut query =
            self.db.prepare("SELECT person, kind, second, public_key FROM door WHERE NOT gone ORDER BY rowid")?;
        let rows = query.query_map([], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get(2)?, r.get::<_, Option<String>>(3)?))
        })?;
        rows.map(|row| {
            let (person, kind, second, key) = row?;
            let key = key.and_then(|key| PublicKey::read(&key).ok());
            Ok(Known { person: serde_json::from_str(&person)?, own: kind != "code", second, key })
        })
        .collect()
    }

    /// Begins a vault that has nobody yet: whoever is admitted next gets its key.
    ///
    /// # Errors
    /// [`VaultError::InUse`] where somebody may come in already.
    pub fn begin(&self, keys: &dyn KeyStore) -> Result<Vault, VaultError> {
        if !self.is_new()? {
            return Err(VaultError::InUse);
        }
        self.clear()?;
        let key = Zeroizing::new(key::fresh()?);
        self.with_key(&key, keys)
    }

    pub(super) fn with_key(&self, key: &str, keys: &dyn KeyStore) -> Result<Vault, VaultError> {
        Vault::open(&self.folder, &self.name, Arc::clone(&self.lock), key, keys)
    }

    /// Removes a vault that nobody was admitted to: it holds nothing.
    pub(super) fn clear(&self) -> Result<(), VaultError> {
        self.db.execute("DELETE FROM joining", [])?;
        for left in ["vault.db", "vault.db-wal", "vault.db-shm"].map(|name| self.folder.join(name)) {
            match std::fs::remove_file(&left) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(VaultError::Folder { path: left, source });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Opens the vault for somebody who came in, and takes into its audit what happened here while it was closed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn vault(&mut self, entered: &Entered, keys: &dyn KeyStore) -> Result<Vault, VaultError> {
        let mut vault = self.with_key(entered.vault_key(), keys)?;
        self.report(&mut vault)?;
        Ok(vault)
    }

    /// Takes into the vault's audit what happened here since; each event once.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn report(&mut self, vault: &mut Vault) -> Result<(), VaultError> {
        let mut query = self.db.prepare("SELECT seq, at, person, action, detail FROM event ORDER BY seq")?;
        let rows = query.query_map([], |r| {
            Ok((r.get(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get(3)?, r.get::<_, String>(4)?))
        })?;
        let mut events: Vec<(i64, Moment, PersonRef, String, Value)> = Vec::new();
        for row in rows {
            let (seq, at, person, action, detail) = row?;
            events.push((
                seq,
                parse_moment(&at)?,
                serde_json::from_str(&person)?,
                action,
                serde_json::from_str(&detail)?,
            ));
        }
        let Some(last) = events.last().map(|event| event.0) else { return Ok(()) };
        vault.take_in(&events)?;
        self.db.execute("DELETE FROM event WHERE seq <= ?1", [last])?;
        Ok(())
    }

    /// Admits somebody with a new enrolment code, which is told once: they come in with it and choose a passphrase. Whatever opened
    /// their door before opens it no more.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing was changed.
    pub fn admit(&mut self, admission: &Admission, keys: &dyn KeyStore, at: Moment) -> Result<String, VaultError> {
        let code = second::code::<16>()?;
        let key = Key::fresh(&second::normal(&code), self.cost)?;
        let person = &admission.person;
        let sealed = key.seal(person.id, &admission.secrets)?;
        let until = jiff::Timestamp::from_second(at.0.as_second() + CODE_DAYS * DAY)
            .map_err(|e| VaultError::Passphrase(e.to_string()))?;
        self.db.execute(
            "INSERT INTO door (person_id, person, kind, salt, sealed, until, public_key)
             VALUES (?1, ?2, 'code', ?3, ?4, ?5, ?6)
             ON CONFLICT (person_id) DO UPDATE SET person = ?2, kind = 'code', salt = ?3, sealed = ?4, until = ?5,
                 public_key = ?6, earlier = NULL, temporary = 0, second = 0, used_step = 0, wrong = 0, wrong_at = NULL,
                 here = NULL, stated = NULL, changed = 1, gone = 0, provider_at = NULL, provider_account = NULL",
            params![
                person.id.to_string(),
                serde_json::to_string(person)?,
                key.salt,
                sealed,
                until.to_string(),
                public(&admission.secrets)
            ],
        )?;
        keys.set(&format!("used-{}", self.name), "1")?;
        Ok(code)
    }

    /// Whoever came in gets the department's recovery kit to put away.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn give_kit(&mut self, entered: &mut Entered, kit: &str) -> Result<(), VaultError> {
        entered.secrets.kit = kit.to_owned();
        self.reseal(entered)
    }

    pub(super) fn reseal(&self, entered: &Entered) -> Result<(), VaultError> {
        let id = entered.person.id;
        let sealed = entered.key.as_ref().map(|key| key.seal(id, &entered.secrets)).transpose()?;
        let sql = "UPDATE door SET sealed = coalesce(?2, sealed) WHERE person_id = ?1";
        Ok(self.db.execute(sql, params![id.to_string(), sealed]).map(drop)?)
    }

    /// Whoever founded the department has put its recovery kit away: it is not kept here any more.
    ///
    /// # Errors
    /// [`VaultError`]; then it is kept.
    pub fn kit_kept(&mut self, entered: &mut Entered, at: Moment) -> Result<(), VaultError> {
        let kit = std::mem::take(&mut entered.secrets.kit);
        let kept = self.reseal(entered).and_then(|()| self.note(&entered.person, at, "recovery-kit-kept", &json!({})));
        if kept.is_err() {
            entered.secrets.kit = kit;
        } else {
            drop(Zeroizing::new(kit));
        }
        kept
    }

    /// The person of a door is called otherwise now.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn rename(&mut self, person: &Person) -> Result<(), VaultError> {
        self.db.execute(
            "UPDATE door SET person = ?2 WHERE person_id = ?1",
            params![person.id.to_string(), serde_json::to_string(&person.reference())?],
        )?;
        Ok(())
    }

    pub(super) fn door(&self, person: PersonId) -> Result<Door, VaultError> {
        let row = self.db.query_row(
            "SELECT person, kind, salt, sealed, earlier, temporary, administers, until, used_step, wrong, wrong_at, here,
                 provider_at, provider_account
             FROM door WHERE person_id = ?1",
            [person.to_string()],
            |r| {
                let moments: [Option<String>; 2] = [r.get(7)?, r.get(10)?];
                let door = (r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(8)?, r.get(9)?, r.get(11)?);
                Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, door, moments, (r.get(12)?, r.get(13)?)))
            },
        );
        let (person, kind, door, [until, wrong_at], (provider_at, provider_account)) =
            row.optional()?.ok_or(VaultError::Unknown("person"))?;
        let (salt, sealed, earlier, temporary, administers, used_step, wrong, here) = door;
        let moment = |text: Option<String>| text.map(|text| parse_moment(&text)).transpose();
        Ok(Door {
            person: serde_json::from_str(&person)?,
            kind,
            salt,
            sealed,
            earlier,
            temporary,
            administers,
            until: moment(until)?,
            used_step,
            wrong,
            wrong_at: moment(wrong_at)?,
            here,
            provider_at,
            provider_account,
        })
    }

    /// It is at least as late as `at`.
    pub(super) fn reached(&self, at: Moment) -> Result<(), VaultError> {
        self.db.execute(
            "INSERT INTO clock (only, latest) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET latest = max(latest, ?1)",
            [at.0.as_second()],
        )?;
        Ok(())
    }

    /// Puts on record what happened here.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn note(&self, person: &PersonRef, at: Moment, action: &str, detail: &Value) -> Result<(), VaultError> {
        self.reached(at)?;
        self.db.execute(
            "INSERT INTO event (at, person, action, detail) VALUES (?1, ?2, ?3, ?4)",
            params![at.0.to_string(), serde_json::to_string(person)?, action, detail.to_string()],
        )?;
        Ok(())
    }

    /// Forgets what was not reported yet.
    #[cfg(any(test, feature = "samples"))]
    pub(crate) fn forget_events(&self) -> Result<(), VaultError> {
        Ok(self.db.execute("DELETE FROM event", []).map(drop)?)
    }
}

/// The entrance's key, made where there is none.
fn own_secret(keys: &dyn KeyStore, name: &str, known: Option<String>) -> Result<String, SecretStoreError> {
    match known {
        Some(secret) => Ok(secret),
        None => {
            let fresh = key::fresh()?;
            keys.set(name, &fresh)?;
            Ok(fresh)
        }
    }
}
