//! Coming in: a passphrase and what goes with it, wrong ones, and what somebody chooses for the next time.

use super::door::{Key, Secrets};
use super::entered::{Admission, Door, Entered, Opened, Second, public};
use super::file::Entrance;
use super::second::{Judged, SecondFactor};
use super::{earlier, second, travelling};
use crate::error::VaultError;
use crate::key::KeyStore;
use crate::key::random;
use casework::{Moment, PersonId, SessionRule};
use rusqlite::{OptionalExtension, params};
use serde_json::json;
use zeroize::{Zeroize, Zeroizing};

impl Entrance {
    pub(super) fn tried(&self, door: &Door, passphrase: &str, at: Moment) -> Result<Opened, VaultError> {
        if let Some(earlier) = &door.earlier {
            if !earlier::fits(passphrase, earlier)? {
                return Ok(Opened::Wrong);
            }
            let key: Option<String> = self.db.query_row("SELECT key FROM earlier_key", [], |r| r.get(0)).optional()?;
            let vault = Zeroizing::new(key.ok_or_else(|| VaultError::NoDoor(door.person.name.clone()))?);
            return Ok(Opened::Right(Secrets::with_vault(&vault), None));
        }
        let salt = door.salt.as_deref().and_then(|salt| salt.try_into().ok());
        let (Some(salt), Some(sealed)) = (salt, &door.sealed) else { return Ok(Opened::Wrong) };
        let typed = if door.kind == "code" { second::normal(passphrase) } else { passphrase.to_owned() };
        let key = Key::of(&Zeroizing::new(typed), salt, self.cost)?;
        Ok(match key.open(door.person.id, sealed) {
            None => Opened::Wrong,
            Some(_) if door.until.is_some_and(|until| until < at) => Opened::Ended,
            Some(mut secrets) => {
                if let (true, Some(here)) = (secrets.vault.is_empty(), &door.here) {
                    secrets.vault = travelling::vault_key(&secrets, here)?;
                }
                Opened::Right(secrets, Some(key))
            }
        })
    }

    /// Lets `person` in; `action` names on record what for. A wrong passphrase or code counts, and after as many in a row as
    /// `rule` says nobody can try for a while.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], [`VaultError::Waiting`], [`VaultError::CodeUsed`], [`VaultError::CodeEnded`],
    /// [`VaultError::NoDoor`], [`VaultError::Provider`]; all are on record. [`VaultError::Unknown`] for somebody who was not admitted.
    pub fn enter(
        &mut self,
        person: PersonId,
        passphrase: &str,
        code: Second<'_>,
        action: &str,
        at: Moment,
        rule: &SessionRule,
    ) -> Result<Entered, VaultError> {
        let door = self.door(person)?;
        let waited = door.wrong_at.map_or(i64::MAX, |last| at.0.as_second() - last.0.as_second());
        let wait = i64::from(rule.wait_minutes) * 60;
        // A clock that was set back does not end a wait; a machine that slept has waited.
        if door.wrong >= rule.wrong_passphrases && waited < wait {
            let minutes = (wait - waited.max(0) + 59) / 60;
            self.note(&door.person, at, "sign-in-refused", &json!({ "for": action, "wait_minutes": minutes }))?;
            return Err(VaultError::Waiting { name: door.person.name, minutes });
        }
        let refuse = |entrance: &Self, why: &str, error: VaultError| {
            let detail = json!({ "for": action, "why": why });
            entrance.note(&door.person, at, "sign-in-refused", &detail).and(Err(error))
        };
        let (mut secrets, key) = match self.tried(&door, passphrase, at) {
            Ok(Opened::Right(secrets, key)) => (secrets, key),
            Ok(Opened::Wrong) => return self.wrong(&door, action, at, rule),
            Ok(Opened::Ended) => {
                return refuse(self, "code-ended", VaultError::CodeEnded(door.person.name.clone()));
            }
            Err(error @ VaultError::NoDoor(_)) => return refuse(self, "no-door", error),
            Err(error) => return Err(error),
        };
        let mut asked = match self.second_asked(&door, code, !secrets.second.is_empty(), at, rule)? {
            Ok(asked) => asked,
            Err(why) => return refuse(self, why.code(), why.into()),
        };
        let mut used_step = door.used_step;
        if let Some(code) = asked.code {
            match second::judge(&mut secrets, door.used_step.try_into().unwrap_or_default(), code, at) {
                Judged::Wrong => return self.wrong(&door, action, at, rule),
                Judged::Used => return refuse(self, "code-used", VaultError::CodeUsed(door.person.name.clone())),
                Judged::Step(step) => used_step = i64::try_from(step).unwrap_or(i64::MAX),
                Judged::Recovery => {
                    asked.detail["recovery_codes_left"] = json!(secrets.recovery.len());
                    // It is used at the other workstations too.
                    self.db.execute("UPDATE door SET changed = 1 WHERE person_id = ?1", [person.to_string()])?;
                }
            }
        }
        let own = door.kind == "own";
        let mut entered = Entered { person: door.person.clone(), secrets, key, own, instead: asked.instead };
        if door.kind == "earlier" && !door.temporary {
            entered = self.choose(entered, passphrase, at)?;
            if door.administers {
                // Whoever did not come in until now gets an enrolment code.
                self.db.execute("DELETE FROM earlier_key", [])?;
            }
        } else {
            self.keep(&entered, used_step)?;
        }
        self.came_by(&door, &asked, at)?;
        self.note(&entered.person, at, action, &asked.detail)?;
        Ok(entered)
    }

    /// Counts a wrong attempt.
    pub(super) fn wrong(
        &self,
        door: &Door,
        action: &str,
        at: Moment,
        rule: &SessionRule,
    ) -> Result<Entered, VaultError> {
        // After a wait the count begins anew.
        let wrong = if door.wrong >= rule.wrong_passphrases { 1 } else { door.wrong + 1 };
        self.db.execute(
            "UPDATE door SET wrong = ?2, wrong_at = ?3 WHERE person_id = ?1",
            params![door.person.id.to_string(), wrong, at.0.to_string()],
        )?;
        self.note(&door.person, at, "sign-in-failed", &json!({ "for": action, "wrong_in_a_row": wrong }))?;
        let left = rule.wrong_passphrases.saturating_sub(wrong);
        Err(VaultError::WrongPassphrase { name: door.person.name.clone(), left })
    }

    /// Keeps what changed of somebody's secrets, and that their last attempt was right.
    pub(super) fn keep(&self, entered: &Entered, used_step: i64) -> Result<(), VaultError> {
        let id = entered.person.id;
        let sealed = entered.key.as_ref().map(|key| key.seal(id, &entered.secrets)).transpose()?;
        self.db.execute(
            "UPDATE door SET sealed = coalesce(?2, sealed), used_step = ?3, wrong = 0, wrong_at = NULL, here = NULL
             WHERE person_id = ?1",
            params![id.to_string(), sealed, used_step],
        )?;
        Ok(())
    }

    /// The first person of a vault comes in with a passphrase that they choose.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn first(
        &mut self,
        admission: Admission,
        passphrase: &str,
        keys: &dyn KeyStore,
        at: Moment,
    ) -> Result<Entered, VaultError> {
        self.admit(&admission, keys, at)?;
        let Admission { person, secrets } = admission;
        self.choose(Entered { person, secrets, key: None, own: false, instead: false }, passphrase, at)
    }

    /// Sets a passphrase that `entered` chose; the first one gives them a key of their own.
    ///
    /// # Errors
    /// [`VaultError`]; then what opened the door before still does.
    pub fn choose(&mut self, mut entered: Entered, passphrase: &str, at: Moment) -> Result<Entered, VaultError> {
        if entered.secrets.seed.is_empty() {
            let mut seed: [u8; 32] = random()?;
            entered.secrets.seed = hex::encode(seed);
            seed.zeroize();
        }
        let key = Key::fresh(passphrase, self.cost)?;
        let sealed = key.seal(entered.person.id, &entered.secrets)?;
        self.db.execute(
            "UPDATE door SET kind = 'own', salt = ?2, sealed = ?3, public_key = ?4, earlier = NULL, temporary = 0,
                 until = NULL, wrong = 0, wrong_at = NULL, here = NULL, changed = 1
             WHERE person_id = ?1",
            params![entered.person.id.to_string(), key.salt, sealed, public(&entered.secrets)],
        )?;
        self.db.execute("DELETE FROM earlier_key WHERE NOT EXISTS (SELECT 1 FROM door WHERE kind = 'earlier')", [])?;
        self.note(&entered.person, at, "passphrase-set", &json!({}))?;
        (entered.key, entered.own) = (Some(key), true);
        Ok(entered)
    }

    /// Sets the second factor of somebody who came in, once a code of it is right. Returns their recovery codes, which are told
    /// once.
    ///
    /// # Errors
    /// [`VaultError::WrongCode`]; then the one before still holds, if there was one.
    pub fn set_second(
        &mut self,
        entered: &mut Entered,
        factor: &SecondFactor,
        code: &str,
        at: Moment,
    ) -> Result<Vec<String>, VaultError> {
        let step = factor.judge(code, at).ok_or(VaultError::WrongCode)?;
        let (codes, kept) = second::recovery()?;
        let before = (entered.secrets.second.clone(), entered.secrets.recovery.clone());
        (entered.secrets.second, entered.secrets.recovery) = (factor.hex(), kept);
        let kept = self.keep(entered, i64::try_from(step).unwrap_or(i64::MAX)).and_then(|()| {
            self.db.execute(
                "UPDATE door SET second = 1, changed = 1 WHERE person_id = ?1",
                [entered.person.id.to_string()],
            )?;
            self.note(&entered.person, at, "second-factor-set", &json!({}))
        });
        if let Err(error) = kept {
            (entered.secrets.second, entered.secrets.recovery) = before;
            return Err(error);
        }
        Ok(codes)
    }
}
