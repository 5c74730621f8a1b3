//! Vaults for tests: their secrets rest in memory, and one person opens them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use uuid::Uuid;

use casework::{CaseId, Moment, Person, PersonId, Role, SessionRule};

use crate::cases::case_text;
use crate::database::keyed;
use crate::entrance::{Admission, Entered, Entrance, Second};
use crate::error::VaultError;
use crate::key::{KeyStore, SecretStoreError};
use crate::sealing::CaseKey;
use crate::vault::Vault;

/// The passphrase of [`keeper`].
pub const PASSPHRASE: &str = "four words to remember";

/// Secrets that rest in memory.
#[derive(Debug, Default)]
pub struct InMemory(pub Mutex<HashMap<String, String>>);

impl KeyStore for InMemory {
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret.to_owned());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// Who opens such a vault, and does nothing else there.
pub fn keeper() -> Person {
    Person {
        id: PersonId(Uuid::from_u128(0xbeef)),
        name: "K. Eeper".to_owned(),
        badge: "1".to_owned(),
        ori: "CA0190000".to_owned(),
        roles: vec![Role::Administrator],
        training: None,
        added_by: None,
    }
}

/// The rule by which attempts are counted.
pub fn rule() -> SessionRule {
    SessionRule {
        lock_after_minutes: 15,
        wrong_passphrases: 5,
        wait_minutes: 10,
        passphrase_characters: 12,
        second_factor_hours: 0,
        provider: None,
    }
}

/// The entrance of the vault in `folder`, where a guess costs next to nothing: only what such an entrance sealed opens there.
///
/// # Errors
/// [`VaultError`].
pub fn entrance(folder: &Path, keys: &dyn KeyStore) -> Result<Entrance, VaultError> {
    Ok(Entrance::open(folder, keys)?.of_a_sample())
}

/// The keeper at the [`entrance`] of the vault in `folder`, with the vault itself; both are made where there is neither.
///
/// # Errors
/// [`VaultError`].
pub fn entered(folder: &Path, keys: &dyn KeyStore) -> Result<(Entrance, Entered, Vault), VaultError> {
    let mut entrance = entrance(folder, keys)?;
    let now = Moment(jiff::Timestamp::UNIX_EPOCH);
    if entrance.people()?.is_empty() {
        let vault = entrance.begin(keys)?;
        let entered = entrance.first(Admission::of(&vault, &keeper())?, PASSPHRASE, keys, now)?;
        return Ok((entrance, entered, vault));
    }
    let entered = entrance.enter(keeper().id, PASSPHRASE, Second::NotAsked, "signed-in", now, &rule())?;
    // A vault of a test has the events that the test writes.
    entrance.forget_events()?;
    let vault = entrance.vault(&entered, keys)?;
    Ok((entrance, entered, vault))
}

/// The vault alone.
///
/// # Errors
/// [`VaultError`].
pub fn opened(folder: &Path, keys: &dyn KeyStore) -> Result<Vault, VaultError> {
    Ok(entered(folder, keys)?.2)
}

/// The file of an open vault, opened by hand beside it.
///
/// # Errors
/// [`VaultError`].
pub fn beside(vault: &Vault) -> Result<Connection, VaultError> {
    keyed(&vault.folder.join("vault.db"), vault.key(), rusqlite::OpenFlags::default())
}

/// The vault's file, opened by hand with its key.
///
/// # Errors
/// [`VaultError`].
pub fn by_hand(folder: &Path, keys: &dyn KeyStore) -> Result<Connection, VaultError> {
    let (_, entered, vault) = entered(folder, keys)?;
    drop(vault);
    keyed(&folder.join("vault.db"), entered.vault_key(), rusqlite::OpenFlags::default())
}

/// A case as it lies in the vault's file, as JSON.
///
/// # Errors
/// [`VaultError`].
pub fn case_by_hand(db: &Connection, case: CaseId) -> Result<Option<String>, VaultError> {
    case_text(db, case)
}

/// Writes a part of a case by hand, sealed as the vault seals it.
///
/// # Errors
/// [`VaultError`].
pub fn put_part_by_hand(db: &Connection, case: CaseId, name: &str, text: &str) -> Result<(), VaultError> {
    let sealed = CaseKey::of(db, case)?.seal_part(name, text)?;
    db.execute(
        "INSERT INTO case_part (case_id, name, content) VALUES (?1, ?2, ?3)
         ON CONFLICT (case_id, name) DO UPDATE SET content = excluded.content",
        rusqlite::params![case.to_string(), name, sealed],
    )?;
    Ok(())
}
