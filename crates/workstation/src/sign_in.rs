//! Who sits at the workstation. Every use case asks here; whoever is not signed in reaches nothing.

use std::sync::MutexGuard;
use std::time::Duration;

use catalogue::say;
use serde_json::json;

use department::PublicKey;

use casework::{Clock, Day, Person, PersonId, PolicySummary, Role, check_passphrase};
use vault::{Due, Entered, Known, Second, SecondFactor, Settings, VaultError};

use crate::awake::Awake;
use crate::clock::SystemClock;
use crate::enclosed::Enclosed;
use crate::error::{CommandError, Outcome, signed_out};
use crate::provider::open;
use crate::provider_desk::{Shown, second};
use crate::session::Session;
use crate::views::{
    ComponentLine, DueView, PersonLine, ProviderView, QuestionLine, SecondFactorView, StaffLine, Start,
};
use crate::workstation::{Blocking, Parts};

fn second_factor_first() -> CommandError {
    CommandError::new("second-factor-due", say!("workstation-set-second-factor-first"))
}

/// How a day that is being typed is read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
pub struct DayRead {
    /// `YYYY-MM-DD`, once it is a day.
    pub day: Option<String>,
    /// The day in words, or what is wrong with it; empty where nothing is typed.
    pub words: String,
}

impl DayRead {
    /// Reads `text`.
    pub fn of(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self { day: None, words: String::new() };
        }
        match Day::read(text) {
            Ok(day) => Self { day: Some(day.to_string()), words: say!("workstation-read", day = day.in_words()) },
            Err(wrong) => Self { day: None, words: wrong },
        }
    }
}

impl Parts {
    /// Ends a session in which nobody did anything for too long.
    fn end_idle(&self) -> Outcome<MutexGuard<'_, Option<Session>>> {
        let mut slot = self.session.lock().map_err(|_| signed_out())?;
        let limit = Duration::from_secs(u64::from(self.policy().session.lock_after_minutes) * 60);
        if slot.as_ref().is_some_and(|session| session.seen.is_over(Awake::now(), limit)) {
            self.leave(&mut slot);
        }
        Ok(slot)
    }

    /// Drops what belongs to whoever was signed in: their secrets, the vault's key, what they may open.
    fn leave(&self, slot: &mut Option<Session>) {
        *slot = None;
        self.behind.close();
        self.envelope.forget();
        self.photographs.forget();
        self.provider.forget();
    }

    /// Who is signed in, and what they must do first.
    fn session(&self) -> Outcome<Option<(PersonId, Option<Due>)>> {
        Ok(self.end_idle()?.as_ref().map(|session| (session.entered.person().id, session.entered.due())))
    }

    /// Works with the session.
    pub(crate) fn in_session<T>(&self, work: impl FnOnce(&mut Session) -> Outcome<T>) -> Outcome<T> {
        work(self.end_idle()?.as_mut().ok_or_else(signed_out)?)
    }
}

impl Blocking<'_> {
    /// What the window needs to begin, and after whatever changed who sits here.
    pub fn start(&self) -> Outcome<Start> {
        let (person, due) = self.signed_in()?;
        let people = self.people()?;
        let provider_away = self.end_idle()?.as_ref().is_some_and(|session| session.away);
        let settings = if person.is_some() { self.with(|v| Ok(v.settings()?))? } else { Settings::default() };
        Ok(Start {
            person,
            due: due.map(DueView::of),
            policy_unsigned: match due {
                None if self.is_open() => !self.policy_is_signed()?,
                _ => false,
            },
            joining: if people.is_empty() { self.joining()? } else { None },
            people,
            questions: QuestionLine::all(),
            components: ComponentLine::all(),
            policy: PolicySummary::from(&*self.policy()),
            offences: self.policy().offence.iter().chain(casework::shipped_offences()).cloned().collect(),
            statement: casework::LEAD_STATEMENT.to_owned(),
            theme: settings.theme,
            letter_keys_off: settings.letter_keys_off,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            gallery_set: !settings.gallery.is_empty(),
            provider: self.signs_in_with()?.map(|rule| ProviderView::of(&rule)),
            provider_away,
            staff_news: self.staff_news()?.iter().map(StaffLine::of).collect(),
        })
    }

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

    /// Who is signed in, without counting as work of theirs.
    pub fn who(&self) -> Outcome<Person> {
        let (person, due) = self.session()?.ok_or_else(signed_out)?;
        match due {
            Some(Due::Passphrase) => {
                Err(CommandError::new("temporary-passphrase", say!("workstation-choose-passphrase-own-first-one")))
            }
            Some(Due::SecondFactor) => Err(second_factor_first()),
            Some(Due::RecoveryKit) => {
                Err(CommandError::new("recovery-kit-due", say!("workstation-recovery-kit-first")))
            }
            None => self.with(|v| Ok(v.person(person)?)),
        }
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

    /// Signs `id` in with a passphrase, or with the enrolment code that they were given, and their second factor: what they showed
    /// in the browser just now where the department has an identity provider, else a code where they have one.
    pub fn sign_in(&self, id: PersonId, passphrase: &Enclosed, code: &Enclosed) -> Outcome<()> {
        let (passphrase, code) = (self.envelope.open(passphrase)?, self.envelope.open(code)?);
        let (now, policy) = (SystemClock.now(), self.policy());
        let rule = &policy.session;
        let remembered = code.is_empty() && self.behind.remembers(id, rule.second_factor_hours)?;
        let shown = self.provider.take(id);
        let (proved, away) =
            (matches!(shown, Some(Shown::Proved(_))), matches!(shown, Some(Shown::Away(_))) && !remembered);
        let factor = if remembered { Second::NotAsked } else { second(shown.as_ref(), &code) };
        let coded = matches!(factor, Second::Code(_));
        if away {
            self.grace_lasts(id)?;
        }
        let entered =
            self.at_entrance(|entrance, _| Ok(entrance.enter(id, &passphrase, factor, "signed-in", now, rule)))?;
        let entered = match entered {
            Ok(entered) => entered,
            Err(error) => {
                self.provider.put_back(shown, &error);
                return Err(error.into());
            }
        };
        if proved {
            self.behind.proved_by(id)?;
        }
        if proved || (!remembered && !away && entered.due().is_none()) {
            self.behind.shown_by(id)?;
        }
        self.open_for(&entered)?;
        // Whoever was taken out of the people while the vault was closed has a door that leads nowhere.
        let person = self.with(|v| Ok(v.person(id)?));
        if let Err(error) = person.and_then(|person| self.may_come_with_a_code(coded, &person)) {
            self.behind.close();
            return Err(error);
        }
        let mut entered = entered;
        self.found_later(&mut entered)?;
        // A key that was exchanged elsewhere signs nothing any more.
        let signing = entered.signing().as_ref().map(PublicKey::of);
        let exchanged = self.with(|v| Ok(v.has_another_key(id, signing.as_ref(), now)))?;
        if exchanged {
            self.behind.close();
            return Err(CommandError::new("key-exchanged", say!("workstation-key-exchanged")));
        }
        self.work_by_the_departments()?;
        self.sit_down(entered)?;
        let end_session = match &shown {
            Some(Shown::Proved(proof)) => proof.end_session().cloned(),
            _ => None,
        };
        self.in_session(|session| {
            (session.end_session, session.away) = (end_session, away);
            Ok(())
        })?;
        self.state_own_door()
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

    /// Replaces the own passphrase, or the code with which somebody came in.
    pub fn change_passphrase(&self, old: &Enclosed, new: &Enclosed) -> Outcome<()> {
        let (id, _) = self.session()?.ok_or_else(signed_out)?;
        let person = self.with(|v| Ok(v.person(id)?))?;
        let (old, new) = (self.envelope.open(old)?, self.envelope.open(new)?);
        check_passphrase(&new, &person, &self.policy().session)?;
        let entered = self.let_in(&person.reference(), &old, "passphrase-asked")?;
        let entered = self.at_entrance(|entrance, _| Ok(entrance.choose(entered, &new, SystemClock.now())?))?;
        self.sit_down(entered)?;
        self.state_own_door()
    }

    /// Begins to set up the second factor of whoever is signed in: what their authenticator app takes in.
    pub fn second_factor(&self) -> Outcome<SecondFactorView> {
        let badge = self.in_session(|session| Ok(session.entered.person().badge.clone()))?;
        let factor = SecondFactor::fresh()?;
        let view = SecondFactorView::of(&factor, &badge)?;
        self.in_session(|session| {
            session.factor = Some(factor);
            Ok(view)
        })
    }

    /// Sets the second factor that was begun, once a code of it fits. Returns the recovery codes, which are told once. Whoever
    /// has one already confirms the change with their passphrase.
    pub fn set_second_factor(&self, code: &Enclosed, passphrase: &Enclosed) -> Outcome<Vec<String>> {
        let (code, passphrase) = (self.envelope.open(code)?, self.envelope.open(passphrase)?);
        let now = SystemClock.now();
        let factor = self.in_session(|session| session.factor.clone().ok_or_else(second_factor_first))?;
        if !factor.fits(&code, now) {
            return Err(VaultError::WrongCode.into());
        }
        if self.session()?.is_some_and(|(_, due)| due.is_none()) {
            self.let_in(&self.who()?.reference(), &passphrase, "second-factor-asked")?;
        }
        let codes = self.in_session(|session| {
            let entered = &mut session.entered;
            let codes = self.at_entrance(|entrance, _| Ok(entrance.set_second(entered, &factor, &code, now)?))?;
            session.factor = None;
            self.behind.shown_by(session.entered.person().id)?;
            Ok(codes)
        })?;
        self.state_own_door()?;
        Ok(codes)
    }
}
