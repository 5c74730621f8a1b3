//! The identity provider as second factor: what its proof opens, and what does while it is away. Which provider counts
//! is what the department's signed policy said when the vault was last open, so that whoever exchanges the policy file
//! exchanges nobody's second factor.

use ::provider::{Away, Proof};
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use casework::{Moment, PersonRef, ProviderRule, SessionRule};

use super::entered::{Door, Second};
use super::file::Entrance;
use crate::error::{ProviderRefusal, VaultError};

/// Seconds for which a proof opens a door, and for which a provider that was away counts as away.
const FRESH: i64 = 120;

/// What is still asked of somebody whose passphrase was right.
pub(super) struct Asked<'a> {
    /// The code that was typed, where one is asked for.
    pub code: Option<&'a str>,
    /// What the record says of the provider.
    pub detail: Value,
    /// Whether the provider stands for a second factor of their own.
    pub instead: bool,
    proof: Option<&'a Proof>,
}

fn account(proof: &Proof) -> String {
    json!([proof.rule().issuer, proof.subject()]).to_string()
}

impl Entrance {
    /// The provider of the policy that the department signed last.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn provider(&self) -> Result<Option<ProviderRule>, VaultError> {
        let rule: Option<String> = self.db.query_row("SELECT rule FROM provider", [], |r| r.get(0)).optional()?;
        Ok(rule.map(|rule| serde_json::from_str(&rule)).transpose()?)
    }

    /// The newest policy that the department signed names this provider, or none: call it with an open vault that says so.
    /// Whether that changed anything.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn hold_provider(
        &mut self,
        rule: Option<&ProviderRule>,
        by: &PersonRef,
        at: Moment,
    ) -> Result<bool, VaultError> {
        if self.provider()?.as_ref() == rule {
            return Ok(false);
        }
        match rule {
            Some(rule) => self.db.execute(
                "INSERT INTO provider (only, rule) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET rule = ?1",
                [serde_json::to_string(rule)?],
            )?,
            None => self.db.execute("DELETE FROM provider", [])?,
        };
        self.note(by, at, "provider-set", &json!({ "provider": rule.map(|rule| &rule.issuer) }))?;
        Ok(true)
    }

    /// What is asked of whoever knows the passphrase of `door` and comes with `second`; `has_code` is whether they have
    /// an authenticator app.
    pub(super) fn second_asked<'a>(
        &self,
        door: &Door,
        second: Second<'a>,
        has_code: bool,
        at: Moment,
        rule: &SessionRule,
    ) -> Result<Result<Asked<'a>, ProviderRefusal>, VaultError> {
        let held = self.provider()?;
        // What a policy file says alone is not what the department says.
        let signed = held == rule.provider;
        let instead = |came: bool| held.as_ref().is_some_and(|rule| rule.offline_hours == 0 && signed && came);
        let plain = |code| Ok(Asked { code, detail: json!({}), instead: false, proof: None });
        let name = || door.person.name.clone();
        Ok(match (second, &held) {
            (Second::NotAsked, _) => {
                plain(None).map(|asked| Asked { instead: instead(door.provider_at.is_some()), ..asked })
            }
            // At somebody else's screen there is no browser of theirs: who has no app confirms with the passphrase.
            (Second::Confirming(code), _) => plain(has_code.then_some(code))
                .map(|asked| Asked { instead: instead(door.provider_at.is_some()), ..asked }),
            (Second::Code(code), None) => plain(has_code.then_some(code)),
            // The way in for who shall sign the policy that was exchanged; the caller lets nobody else pass.
            (Second::Code(code), Some(_)) if !signed && has_code => plain(Some(code)),
            (_, None) => Err(ProviderRefusal::Unsigned),
            _ if !signed => Err(ProviderRefusal::Unsigned),
            (Second::Code(_), Some(_)) => Err(ProviderRefusal::Asked(name())),
            (Second::Provider(proof), Some(held)) => self.by_proof(door, proof, held, at).map(|()| Asked {
                code: None,
                detail: proof.on_record(),
                instead: instead(true),
                proof: Some(proof),
            }),
            (Second::Away(away, code), Some(held)) => self
                .by_grace(door, away, held, at)?
                .and_then(|since| if has_code { Ok(since) } else { Err(ProviderRefusal::NoCode(name())) })
                .map(|since| Asked {
                    code: Some(code),
                    detail: json!({ "provider": "away", "last": since }),
                    instead: false,
                    proof: None,
                }),
        })
    }

    fn by_proof(&self, door: &Door, proof: &Proof, held: &ProviderRule, at: Moment) -> Result<(), ProviderRefusal> {
        if proof.person() != door.person.id || proof.rule() != held {
            return Err(ProviderRefusal::Another(door.person.name.clone()));
        }
        let age = at.0.as_second() - proof.verified_at().0.as_second();
        if !proof.spend() || !(0..=FRESH).contains(&age) {
            return Err(ProviderRefusal::Used);
        }
        match &door.provider_account {
            Some(known) if *known != account(proof) => Err(ProviderRefusal::Account(door.person.name.clone())),
            _ => Ok(()),
        }
    }

    /// Whether the grace of `door` lasts at `at`; the moment since which it does.
    fn by_grace(
        &self,
        door: &Door,
        away: &Away,
        held: &ProviderRule,
        at: Moment,
    ) -> Result<Result<Moment, ProviderRefusal>, VaultError> {
        let (now, name) = (at.0.as_second(), || door.person.name.clone());
        if away.person() != door.person.id || away.rule() != held {
            return Ok(Err(ProviderRefusal::Another(name())));
        }
        if !(0..=FRESH).contains(&(now - away.at().0.as_second())) {
            return Ok(Err(ProviderRefusal::Used));
        }
        if held.offline_hours == 0 {
            return Ok(Err(ProviderRefusal::NoGrace));
        }
        let over = ProviderRefusal::GraceOver { name: name(), hours: held.offline_hours };
        let Some(last) = door.provider_at else { return Ok(Err(over)) };
        let latest: Option<i64> = self.db.query_row("SELECT latest FROM clock", [], |r| r.get(0)).optional()?;
        let back = latest.unwrap_or(last).max(last) - now;
        if back > 0 {
            return Ok(Err(ProviderRefusal::ClockBack((back + 59) / 60)));
        }
        if now - last > i64::from(held.offline_hours) * 3600 {
            return Ok(Err(over));
        }
        Ok(jiff::Timestamp::from_second(last).map(Moment).map_err(|_| over))
    }

    /// Keeps that `asked` let the person of `door` in.
    pub(super) fn came_by(&self, door: &Door, asked: &Asked<'_>, at: Moment) -> Result<(), VaultError> {
        let Some(proof) = asked.proof else { return Ok(()) };
        let now = at.0.as_second();
        self.db.execute(
            "UPDATE door SET provider_at = ?2, provider_account = ?3 WHERE person_id = ?1",
            params![door.person.id.to_string(), now, account(proof)],
        )?;
        // The provider's clock and this one agree: whatever was on record for later was wrong.
        self.db.execute(
            "INSERT INTO clock (only, latest) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET latest = ?1",
            [now],
        )?;
        Ok(())
    }
}
