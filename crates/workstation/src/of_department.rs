//! What follows at this workstation from what its department signed: whose doors open here, by which rules people work, and whether it
//! is of the department at all.

use std::sync::atomic::Ordering;

use catalogue::say;

use casework::{Clock, Moment, PersonId};
use vault::{SecretService, Vault, VaultError};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::policy_in_force::PolicyInForce;
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// The doors of people who are not of the department any more lead nowhere; whoever of them is signed in is signed out.
    pub(crate) fn dismiss_gone(&self) -> Outcome<()> {
        let seated = self.in_session(|session| Ok(session.entered.person().id)).ok();
        let gone = self.at_entrance(|entrance, slot| {
            let Some(vault) = slot.as_ref().filter(|vault| vault.department().is_some()) else { return Ok(false) };
            let people: Vec<PersonId> = vault.people()?.into_iter().map(|person| person.id).collect();
            let doors = entrance.people()?.into_iter().map(|known| known.person.id);
            let gone: Vec<PersonId> = doors.filter(|id| !people.contains(id)).collect();
            gone.iter().try_for_each(|id| entrance.dismiss(*id))?;
            Ok(seated.is_some_and(|id| gone.contains(&id)))
        })?;
        match gone {
            true => self.sign_out(),
            false => Ok(()),
        }
    }

    /// Whoever is signed in states their door where something of it changed, so that they come in by it at the department's other
    /// workstations.
    pub(crate) fn state_own_door(&self) -> Outcome<()> {
        let now = SystemClock.now();
        self.in_session(|session| {
            let entered = &mut session.entered;
            self.at_entrance(|entrance, slot| {
                let Some(vault) = slot.as_ref().filter(|vault| vault.department().is_some()) else { return Ok(()) };
                let Some(door) = entrance.travelling(entered)? else { return Ok(()) };
                match vault.state_door(&door, now) {
                    Ok(file) => Ok(entrance.stated(entered.person().id, &file, now)?),
                    // The roster does not name their key yet.
                    Err(VaultError::Department(_)) => Ok(()),
                    Err(error) => Err(error.into()),
                }
            })
        })?;
        self.exchange_due.notify_one();
        Ok(())
    }

    /// Doors that came let their people in; a vault that waited for the department's people has them now.
    pub(crate) fn open_doors(&self) -> Outcome<()> {
        let now = SystemClock.now();
        self.at_entrance(|entrance, slot| {
            let Some(vault) = slot else { return Ok(()) };
            let arrived = vault.doors_arrived(now)?;
            match entrance.is_joining()? {
                true => Ok(entrance.joined(&arrived, vault, &SecretService)?),
                false => Ok(entrance.arrive(&arrived, vault, &SecretService)?),
            }
        })
    }

    /// Works by the policy that the department signed, where no file of it lies here.
    pub(crate) fn work_by_the_departments(&self) -> Outcome<()> {
        let now = SystemClock.now();
        let text = self.with(|v| {
            let relay = !v.settings()?.relay.is_empty();
            let newest = v.department().filter(|_| relay).and_then(|chain| chain.newest().policy());
            Ok(newest.map(|policy| policy.text().to_owned()))
        })?;
        let known = self.policy_in_force();
        let Some(text) = text.filter(|text| !self.policy_lies_here && *text != known.text) else { return Ok(()) };
        let policy = PolicyInForce::read(&text)?;
        self.with(|v| Ok(v.set_policy(&policy.policy.sha256, now)?))?;
        self.at_entrance(|entrance, _| Ok(entrance.keep_policy(&text)?))?;
        self.work_by(policy);
        Ok(())
    }

    /// Whether the department has signed the policy that is in force here.
    pub fn policy_is_signed(&self) -> Outcome<bool> {
        self.with(|v| Ok(self.is_signed(v)))
    }

    fn is_signed(&self, v: &Vault) -> bool {
        let newest = v.department().and_then(|chain| chain.newest().policy());
        newest.is_some_and(|policy| policy.text() == self.policy_in_force().text)
    }

    /// Whether the department has taken this workstation out, by its documents or by what its relay answered last.
    pub(crate) fn is_taken_out(&self, v: &Vault, now: Moment) -> bool {
        self.revoked.load(Ordering::Relaxed) || v.is_taken_out(now)
    }

    /// Nobody searches by rules that the department has not signed, or at a workstation that it has taken out.
    ///
    /// # Errors
    /// `policy-unsigned`, `taken-out`.
    pub(crate) fn policy_signed(&self) -> Outcome<()> {
        self.with(|v| {
            if self.is_taken_out(v, SystemClock.now()) {
                return Err(CommandError::new("taken-out", say!("workstation-taken-out")));
            }
            match self.is_signed(v) {
                true => Ok(()),
                false => Err(CommandError::new("policy-unsigned", say!("workstation-policy-unsigned"))),
            }
        })
    }
}
