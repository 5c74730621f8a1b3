//! Who sits at the workstation. Every use case asks here; whoever is not signed in reaches nothing.

use std::sync::MutexGuard;
use std::time::Duration;

use catalogue::say;

use casework::{Clock, Moment, Person, PersonId};
use vault::{Due, Vault};

use crate::awake::Awake;
use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome, signed_out};
use crate::session::Session;
use crate::workstation::{Blocking, Parts};

pub(crate) fn second_factor_first() -> CommandError {
    CommandError::new("second-factor-due", say!("workstation-set-second-factor-first"))
}

impl Parts {
    /// Ends a session in which nobody did anything for too long.
    pub(crate) fn end_idle(&self) -> Outcome<MutexGuard<'_, Option<Session>>> {
        let mut slot = self.session.lock().map_err(|_| signed_out())?;
        let limit = Duration::from_secs(u64::from(self.policy().session.lock_after_minutes) * 60);
        if slot.as_ref().is_some_and(|session| session.seen.is_over(Awake::now(), limit)) {
            self.leave(&mut slot);
        }
        Ok(slot)
    }

    /// Drops what belongs to whoever was signed in: their secrets, the vault's key, what they may open.
    pub(crate) fn leave(&self, slot: &mut Option<Session>) {
        *slot = None;
        self.behind.close();
        self.envelope.forget();
        self.photographs.forget();
        self.provider.forget();
    }

    /// Who is signed in, and what they must do first.
    pub(crate) fn session(&self) -> Outcome<Option<(PersonId, Option<Due>)>> {
        Ok(self.end_idle()?.as_ref().map(|session| (session.entered.person().id, session.entered.due())))
    }

    /// Works with the session.
    pub(crate) fn in_session<T>(&self, work: impl FnOnce(&mut Session) -> Outcome<T>) -> Outcome<T> {
        work(self.end_idle()?.as_mut().ok_or_else(signed_out)?)
    }
}

impl Blocking<'_> {
    /// Counts as work: the window is locked later.
    ///
    /// # Errors
    /// When the session cannot be read.
    pub fn still_here(&self) -> Outcome<()> {
        if let Some(session) = self.end_idle()?.as_mut() {
            session.seen = Awake::now();
        }
        Ok(())
    }

    /// Whoever is signed in and has nothing to do first.
    fn seated(&self) -> Outcome<PersonId> {
        let (person, due) = self.session()?.ok_or_else(signed_out)?;
        match due {
            Some(Due::Passphrase) => {
                Err(CommandError::new("temporary-passphrase", say!("workstation-choose-passphrase-own-first-one")))
            }
            Some(Due::SecondFactor) => Err(second_factor_first()),
            Some(Due::RecoveryKit) => {
                Err(CommandError::new("recovery-kit-due", say!("workstation-recovery-kit-first")))
            }
            None => Ok(person),
        }
    }

    /// Who is signed in, without counting as work of theirs.
    pub fn who(&self) -> Outcome<Person> {
        let id = self.seated()?;
        self.with(|v| Ok(v.person(id)?))
    }

    /// Who is signed in and works now.
    pub fn person(&self) -> Outcome<Person> {
        let person = self.who()?;
        self.still_here()?;
        Ok(person)
    }

    /// Who is signed in, if anybody, and what they must do first.
    pub fn signed_in(&self) -> Outcome<(Option<Person>, Option<Due>)> {
        match self.session()? {
            None => Ok((None, None)),
            Some((person, due)) => Ok((Some(self.with(|v| Ok(v.person(person)?))?), due)),
        }
    }

    /// As [`Blocking::act`], by whoever is signed in and works now. Their record is read in the act itself: what they may is decided by
    /// what stands when it is written.
    pub fn act_as<T>(&self, work: impl FnOnce(&mut Vault, &Person, Moment) -> Outcome<T>) -> Outcome<T> {
        self.seated()?;
        self.still_here()?;
        self.look_as(work)
    }

    /// As [`Blocking::act_as`], where nobody works: a picture that is shown, a screen that is drawn anew.
    pub(crate) fn look_as<T>(&self, work: impl FnOnce(&mut Vault, &Person, Moment) -> Outcome<T>) -> Outcome<T> {
        let id = self.seated()?;
        self.act(|v| {
            let person = v.person(id)?;
            work(v, &person, SystemClock.now())
        })
    }
}
