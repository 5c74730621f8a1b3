//! Work with the vault, which is open while somebody is signed in, and at its entrance.

use std::collections::HashSet;

use casework::{Clock, PersonId, PersonRef};
use vault::{Entered, Entrance, Second, SecretService, Vault};

use crate::behind::Kept;
use crate::clock::SystemClock;
use crate::error::{Outcome, signed_out};
use crate::policy_in_force::PolicyInForce;
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// Whether the vault is open: somebody is signed in.
    pub fn is_open(&self) -> bool {
        self.behind.parts().is_ok_and(|parts| parts.vault.is_some())
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
        let Kept { entrance, vault, .. } = &mut *parts;
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
