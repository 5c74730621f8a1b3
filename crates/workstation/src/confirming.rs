//! Somebody confirms one thing at the screen of whoever is signed in: a supervisor, a second administrator, the verifier.

use catalogue::say;
use department::PersonRef;
use serde::Deserialize;

use casework::{CaseFile, CaseId, Clock, Elsewhere, Moment, Person, PersonId};
use vault::{Due, Entered, Second};

use crate::change_case::{case_of, elsewhere};
use crate::clock::SystemClock;
use crate::enclosed::Enclosed;
use crate::error::{CommandError, Outcome};
use crate::views::CaseView;
use crate::workstation::Blocking;

/// Who confirms, and what they typed.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct Confirming {
    /// Who.
    pub person: PersonId,
    /// Their own passphrase.
    pub passphrase: Enclosed,
    /// The code of their authenticator app; empty where none is asked for.
    pub shown: Enclosed,
}

impl Blocking<'_> {
    /// Checks that `who` confirms `what`: with a passphrase that they chose themselves and, as when they sign in, the code of their
    /// authenticator app, unless they signed in here with it within the policy's hours. Whoever watched them type a passphrase cannot
    /// confirm for them the next time. Wrong ones count against their own attempts.
    ///
    /// # Errors
    /// As at signing in; `temporary-passphrase` and `second-factor-due` while they have not chosen a passphrase of their own or set up
    /// what they would show.
    pub(crate) fn confirmed_by(
        &self,
        who: &PersonRef,
        passphrase: &Enclosed,
        shown: &Enclosed,
        what: &str,
    ) -> Outcome<Entered> {
        let (passphrase, code) = (self.envelope.open(passphrase)?, self.envelope.open(shown)?);
        let (now, policy) = (SystemClock.now(), self.policy());
        let rule = &policy.session;
        let remembered = code.is_empty() && self.behind.remembers(who.id, rule.second_factor_hours)?;
        let second = if remembered { Second::NotAsked } else { Second::Confirming(&code) };
        let entered =
            self.at_entrance(|entrance, _| Ok(entrance.enter(who.id, &passphrase, second, what, now, rule)?))?;
        let first = |code, says| Err(CommandError::new(code, says));
        match entered.due() {
            Some(Due::Passphrase) => {
                first("temporary-passphrase", say!("workstation-must-sign-once-choose-passphrase", name = who.name))
            }
            Some(Due::SecondFactor) => {
                first("second-factor-due", say!("workstation-must-sign-once-set-second-factor", name = who.name))
            }
            Some(Due::RecoveryKit) | None => Ok(entered),
        }
    }

    /// What a supervisor confirms at the screen of whoever is signed in.
    pub fn confirm(
        &self,
        id: CaseId,
        by: &Confirming,
        what: &'static str,
        confirm: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let (_, supervisor) = self.act_as(|v, person, _| Ok((case_of(v, id, person)?, v.person(by.person)?)))?;
        self.confirmed_by(&supervisor.reference(), &by.passphrase, &by.shown, what)?;
        self.change_with(id, what, |v, file, _, now| {
            // By what they are now: their record may have changed while they typed.
            let (supervisor, elsewhere) = (v.person(by.person)?, elsewhere(v, file)?);
            confirm(file, &supervisor, now, &elsewhere)
        })
    }
}
