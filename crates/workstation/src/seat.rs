//! Who may sit here; somebody sits down at the open vault, and leaves it.

use serde_json::json;

use casework::{Clock, Person, Role};
use vault::{Entered, Known};

use crate::awake::Awake;
use crate::clock::SystemClock;
use crate::error::{Outcome, signed_out};
use crate::provider::open;
use crate::session::Session;
use crate::views::PersonLine;
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// `entered` sits down at the open vault.
    pub(crate) fn sit_down(&self, entered: Entered) -> Outcome<()> {
        self.hold_provider(entered.person())?;
        self.with(|v| {
            v.signs_with(entered.signing());
            Ok(())
        })?;
        let mut slot = self.session.lock().map_err(|_| signed_out())?;
        let (end_session, away) = slot.take().map_or((None, false), |before| (before.end_session, before.away));
        *slot = Some(Session { entered, seen: Awake::now(), factor: None, end_session, away });
        self.exchange_due.notify_one();
        Ok(())
    }

    /// Everybody who may sign in.
    pub fn people(&self) -> Outcome<Vec<PersonLine>> {
        let (known, people) = self.at_entrance(|entrance, vault| {
            Ok((entrance.people()?, vault.as_ref().map(|v| v.people()).transpose()?.unwrap_or_default()))
        })?;
        let supervises = |id| people.iter().any(|p: &Person| p.id == id && p.is(Role::Supervisor));
        let hours = self.policy().session.second_factor_hours;
        let provider = self.signs_in_with()?.is_some();
        let line = |known: Known| {
            Ok(PersonLine {
                browser: provider && !self.behind.remembers(known.person.id, hours)?,
                id: known.person.id,
                supervises: supervises(known.person.id),
                second: known.second && !self.behind.remembers(known.person.id, hours)?,
                name: known.person.name,
                badge: known.person.badge,
                own: known.own,
            })
        };
        known.into_iter().map(line).collect()
    }

    /// Locks the window.
    pub fn sign_out(&self) -> Outcome<()> {
        let mut slot = self.session.lock().map_err(|_| signed_out())?;
        let by = slot.as_ref().map(|session| session.entered.person().clone());
        let end_session = slot.as_mut().and_then(|session| session.end_session.take());
        let noted = match by {
            Some(by) => {
                // A newer policy may have come meanwhile.
                if let Err(error) = self.hold_provider(&by) {
                    tracing::warn!(message = error.message, "the department's provider could not be kept");
                }
                self.at_entrance(|entrance, _| Ok(entrance.note(&by, SystemClock.now(), "signed-out", &json!({}))?))
            }
            None => Ok(()),
        };
        self.leave(&mut slot);
        // As well as it can be done: what protects the vault is done.
        if let Some(Err(error)) = end_session.map(|address| open(&address)) {
            tracing::warn!(%error, "the browser's session with the identity provider could not be ended");
        }
        noted
    }
}
