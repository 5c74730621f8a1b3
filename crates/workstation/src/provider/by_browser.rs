//! Signing in by way of the browser: who may, what comes of it, and what the department's policy says of it.

use std::time::Duration;

use ::provider::Refusal;
use casework::{Clock, Person, PersonId, PersonRef, Policy, ProviderRule};
use catalogue::say;
use serde_json::json;
use vault::{ProviderRefusal, VaultError};

use super::asking::ask;
use super::browser::open;
use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::shown_at_provider::Shown;
use crate::workstation::{Blocking, Workstation};

/// How long somebody may take in the browser.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

impl Workstation {
    /// Has somebody who wants to sign in show their second factor at the department's identity provider, in the
    /// browser. What comes of it waits for their passphrase, for two minutes. A second call ends the one before; so
    /// does [`Workstation::cancel`].
    ///
    /// # Errors
    /// With the codes of [`Refusal`]; `provider-away` is remembered too, for the grace that the policy may allow.
    pub async fn continue_in_browser(&self, id: PersonId) -> Outcome<()> {
        self.cancel();
        let mut ending = self.ending();
        let (rule, person) = self.run(move |s| s.asked_of(id)).await?;
        let asked = ask(&rule, &person, open, &SystemClock, PATIENCE, &self.0.provider.keys);
        let asked = tokio::select! {
            asked = asked => asked,
            () = ending.asked() => return Err(CommandError::cancelled()),
        };
        let refusal = match asked {
            Ok(proof) => {
                self.0.provider.keep(Some(Shown::Proved(proof)));
                return Ok(());
            }
            Err(refusal) => refusal,
        };
        let error = CommandError::from(&refusal);
        let code = refusal.code();
        self.run(move |s| {
            let detail = json!({ "for": "provider", "why": code });
            s.at_entrance(|entrance, _| Ok(entrance.note(&person, SystemClock.now(), "sign-in-refused", &detail)?))
        })
        .await?;
        if let Refusal::Away(away) = refusal {
            self.0.provider.keep(Some(Shown::Away(*away)));
        }
        Err(error)
    }
}

impl Blocking<'_> {
    /// The provider with which people sign in here, where the department signed a policy that names one and that is in
    /// force.
    pub(crate) fn signs_in_with(&self) -> Outcome<Option<ProviderRule>> {
        let held = self.at_entrance(|entrance, _| Ok(entrance.provider()?))?;
        Ok(held.filter(|held| self.policy().session.provider.as_ref() == Some(held)))
    }

    fn asked_of(&self, id: PersonId) -> Outcome<(ProviderRule, PersonRef)> {
        if self.is_open() {
            return Err(CommandError::new("signed-in", say!("workstation-provider-signed-in")));
        }
        self.provider.forget();
        let none = || CommandError::new("provider-none", say!("workstation-provider-none"));
        let rule = self.signs_in_with()?.ok_or_else(none)?;
        let known = self.at_entrance(|entrance, _| Ok(entrance.people()?))?;
        let known = known.into_iter().find(|known| known.person.id == id);
        Ok((rule, known.ok_or(VaultError::Unknown("person"))?.person))
    }

    /// The grace while the provider is away is over where this program itself saw it pass, whatever the clock says.
    pub(crate) fn grace_lasts(&self, id: PersonId) -> Outcome<()> {
        let hours = self.policy().session.provider.as_ref().map_or(0, |rule| rule.offline_hours);
        if !self.behind.proved_longer_ago(id, hours)? {
            return Ok(());
        }
        let detail = json!({ "for": "signed-in", "why": "provider-grace-over" });
        self.at_entrance(|entrance, _| {
            let known = entrance.people()?.into_iter().find(|known| known.person.id == id);
            let person = known.ok_or(VaultError::Unknown("person"))?.person;
            entrance.note(&person, SystemClock.now(), "sign-in-refused", &detail)?;
            Err(VaultError::from(ProviderRefusal::GraceOver { name: person.name, hours }).into())
        })
    }

    /// Where the department signs in with a provider, whoever came with a code came to sign a policy that was
    /// exchanged: nobody else does.
    pub(crate) fn may_come_with_a_code(&self, coded: bool, person: &Person) -> Outcome<()> {
        let held = coded && self.at_entrance(|entrance, _| Ok(entrance.provider()?))?.is_some();
        if !held || person.may_administer().is_ok() {
            return Ok(());
        }
        let detail = json!({ "for": "signed-in", "why": "provider-unsigned" });
        let person = person.reference();
        self.at_entrance(|entrance, _| Ok(entrance.note(&person, SystemClock.now(), "sign-in-refused", &detail)?))?;
        Err(VaultError::from(ProviderRefusal::Unsigned).into())
    }

    /// Keeps at the entrance which provider the department's newest policy names, whatever the file that is in force here
    /// says. Call it when somebody sits down or leaves, and when a newer policy came.
    pub(crate) fn hold_provider(&self, by: &PersonRef) -> Outcome<()> {
        let text = self.with(|v| {
            let newest = v.department().and_then(|chain| chain.newest().policy());
            Ok(newest.map(|policy| policy.text().to_owned()))
        })?;
        let Some(text) = text else { return Ok(()) };
        let rule = match toml::from_str::<Policy>(&text).map(Policy::check) {
            Ok(Ok(policy)) => policy.session.provider,
            // One for a newer program: what was held stays.
            Ok(Err(_)) | Err(_) => {
                tracing::warn!("the department's policy cannot be read by this program");
                return Ok(());
            }
        };
        let now = SystemClock.now();
        self.at_entrance(|entrance, _| Ok(entrance.hold_provider(rule.as_ref(), by, now)?)).map(drop)
    }
}
