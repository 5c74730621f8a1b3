//! What lies behind the window: the entrance, and the vault while somebody is signed in. The vault's key is in memory no longer
//! than that.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use casework::{Clock, PersonId};
use vault::{Entrance, SecretService, Vault};

use crate::awake::Awake;
use crate::clock::SystemClock;
use crate::error::{Outcome, stopped};

/// Entrance and vault, under one lock.
#[derive(Default)]
pub(crate) struct Behind(Mutex<Kept>);

/// The two, with what is remembered of who came in.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) entrance: Option<Entrance>,
    pub(crate) vault: Option<Vault>,
    /// When each person last showed their second factor to this program.
    shown: HashMap<PersonId, Awake>,
    /// When the identity provider last proved each of them to this program.
    proved: HashMap<PersonId, Awake>,
}

impl Behind {
    /// Both, for as long as nobody else works with either.
    pub(crate) fn parts(&self) -> Outcome<MutexGuard<'_, Kept>> {
        self.0.lock().map_err(|_| stopped())
    }

    /// `person` showed their second factor.
    pub(crate) fn shown_by(&self, person: PersonId) -> Outcome<()> {
        self.parts()?.shown.insert(person, Awake::now());
        Ok(())
    }

    /// Whether `person` showed it within `hours` to this program.
    pub(crate) fn remembers(&self, person: PersonId, hours: u16) -> Outcome<bool> {
        let limit = Duration::from_secs(u64::from(hours) * 3600);
        let shown = self.parts()?.shown.get(&person).copied();
        Ok(hours > 0 && shown.is_some_and(|shown| !shown.is_over(Awake::now(), limit)))
    }

    /// The identity provider proved `person`.
    pub(crate) fn proved_by(&self, person: PersonId) -> Outcome<()> {
        self.parts()?.proved.insert(person, Awake::now());
        Ok(())
    }

    /// Whether it did so to this program, and longer than `hours` ago.
    pub(crate) fn proved_longer_ago(&self, person: PersonId, hours: u16) -> Outcome<bool> {
        let limit = Duration::from_secs(u64::from(hours) * 3600);
        let proved = self.parts()?.proved.get(&person).copied();
        Ok(proved.is_some_and(|proved| proved.is_over(Awake::now(), limit)))
    }

    /// Closes the vault: its key leaves the memory. What the audit's head is now is kept where an older file does not reach.
    pub(crate) fn close(&self) {
        let Some(vault) = self.0.lock().ok().and_then(|mut parts| parts.vault.take()) else { return };
        if let Err(error) = vault.keep_anchor(&SecretService, SystemClock.now()) {
            tracing::warn!(%error, "the audit's head could not be kept");
        }
    }
}
