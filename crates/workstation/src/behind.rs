//! What lies behind the window: the entrance, and the vault while somebody is signed in. The vault's key is in memory no longer
//! than that.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use casework::{Clock, PersonId, PersonRef};
use vault::{Entered, Entrance, Second, SecretService, Vault};

use crate::awake::Awake;
use crate::policy_in_force::PolicyInForce;
use crate::sign_in::signed_out;
use crate::workstation::{Blocking, Outcome, SystemClock, stopped};

/// Entrance and vault, under one lock.
#[derive(Default)]
pub(crate) struct Behind(Mutex<Parts>);

#[derive(Default)]
struct Parts {
    entrance: Option<Entrance>,
    vault: Option<Vault>,
    /// When each person last showed their second factor to this program.
    shown: HashMap<PersonId, Awake>,
    /// When the identity provider last proved each of them to this program.
    proved: HashMap<PersonId, Awake>,
}

impl Behind {
    fn parts(&self) -> Outcome<MutexGuard<'_, Parts>> {
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

impl Blocking<'_> {
    /// Whether the vault is open: somebody is signed in.
    pub fn is_open(&self) -> bool {
        self.behind.0.lock().is_ok_and(|parts| parts.vault.is_some())
    }

    /// Works with the vault, which is open while somebody is signed in.
    pub fn with<T>(&self, work: impl FnOnce(&mut Vault) -> Outcome<T>) -> Outcome<T> {
        work(self.behind.parts()?.vault.as_mut().ok_or_else(signed_out)?)
    }

    /// As [`Blocking::with`], as one act: what `work` reads, decides and writes happens together, or nothing of it does.
    pub fn act<T>(&self, work: impl FnOnce(&mut Vault) -> Outcome<T>) -> Outcome<T> {
        self.with(|v| v.act(work))
    }

    /// Works at the entrance, opening it when that has not succeeded yet. What happens there reaches the audit at once where
    /// the vault is open, and else when it opens.
    pub(crate) fn at_entrance<T>(
        &self,
        work: impl FnOnce(&mut Entrance, &mut Option<Vault>) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut parts = self.behind.parts()?;
        let Parts { entrance, vault, .. } = &mut *parts;
        let entrance = match entrance {
            Some(entrance) => entrance,
            empty => {
                let opened = Entrance::open(&self.folder, &SecretService)?;
                if let Some(text) = opened.policy()?.filter(|_| !self.policy_lies_here) {
                    // What the department signed is held against it once the vault is open.
                    match PolicyInForce::read(&text) {
                        Ok(policy) => self.work_by(policy),
                        Err(error) => tracing::warn!(message = error.message, "the department's policy cannot be read"),
                    }
                }
                empty.insert(opened)
            }
        };
        let done = work(entrance, vault);
        if let Some(vault) = vault {
            entrance.report(vault)?;
        }
        done
    }

    /// Who has come in with a passphrase of their own.
    pub(crate) fn taken(&self) -> Outcome<HashSet<PersonId>> {
        let known = self.at_entrance(|entrance, _| Ok(entrance.people()?))?;
        Ok(known.into_iter().filter(|known| known.own).map(|known| known.person.id).collect())
    }

    /// Opens the vault for somebody who came in.
    pub(crate) fn open_for(&self, entered: &Entered) -> Outcome<()> {
        let now = SystemClock.now();
        self.at_entrance(|entrance, slot| {
            // Another person's, which was left open.
            *slot = None;
            let vault = slot.insert(entrance.vault(entered, &SecretService)?);
            vault.set_policy(&self.policy().sha256, now)?;
            // The file may have been put back while it was closed.
            Ok(vault.check_kept_anchor(&SecretService, now)?)
        })
    }

    /// Lets `who` in for one thing, `what`, which they confirm at the screen of whoever is signed in.
    pub(crate) fn let_in(&self, who: &PersonRef, passphrase: &str, what: &str) -> Outcome<Entered> {
        let (now, policy) = (SystemClock.now(), self.policy());
        let rule = &policy.session;
        self.at_entrance(|entrance, _| Ok(entrance.enter(who.id, passphrase, Second::NotAsked, what, now, rule)?))
    }
}
