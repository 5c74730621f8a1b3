//! Who sits at the workstation. Every use case asks here; whoever is not signed in reaches nothing.

use std::time::Duration;

use catalogue::say;
use serde_json::json;

use casework::{Clock, Day, Person, PersonId, PolicySummary, Role, check_passphrase};
use vault::SignIn;

use crate::awake::Awake;
use crate::enclosed::Enclosed;
use crate::error::CommandError;
use crate::views::{ComponentLine, PersonLine, QuestionLine, StaffLine, Start};
use crate::workstation::{Blocking, Outcome, Parts, SystemClock, Workstation};

/// A person who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    person: PersonId,
    /// When the person last did something.
    seen: Awake,
    /// The passphrase is somebody else's choice and must be replaced first.
    temporary: bool,
}

fn signed_out() -> CommandError {
    CommandError::new("signed-out", say!("workstation-signed-out-sign-again-go"))
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
    fn session(&self) -> Outcome<Option<Session>> {
        let mut slot = self.session.lock().map_err(|_| signed_out())?;
        let limit = Duration::from_secs(u64::from(self.policy.session.lock_after_minutes) * 60);
        if slot.is_some_and(|session| session.seen.is_over(Awake::now(), limit)) {
            *slot = None;
            self.envelope.forget();
        }
        Ok(*slot)
    }

    /// The person did something in the window.
    fn still_here(&self) -> Outcome<()> {
        if self.session()?.is_some()
            && let Some(session) = self.session.lock().map_err(|_| signed_out())?.as_mut()
        {
            session.seen = Awake::now();
        }
        Ok(())
    }
}

impl Workstation {
    /// Counts as work: the window is locked later.
    ///
    /// # Errors
    /// When the session cannot be read.
    pub fn still_here(&self) -> Outcome<()> {
        self.0.still_here()
    }
}

impl Blocking<'_> {
    /// What the window needs to begin, and after whatever changed who sits here.
    pub fn start(&self) -> Outcome<Start> {
        let (person, temporary) = self.signed_in()?;
        let people = self.people()?;
        let settings = self.with(|v| Ok(v.settings()?))?;
        Ok(Start {
            person,
            temporary,
            people,
            questions: QuestionLine::all(),
            components: ComponentLine::all(),
            policy: PolicySummary::from(&self.policy),
            offences: self.policy.offence.iter().chain(casework::shipped_offences()).cloned().collect(),
            statement: casework::LEAD_STATEMENT.to_owned(),
            theme: settings.theme,
            letter_keys_off: settings.letter_keys_off,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            gallery_set: !settings.gallery.is_empty(),
            staff_news: self.staff_news()?.iter().map(StaffLine::of).collect(),
        })
    }

    /// Who is signed in, without counting as work of theirs.
    pub fn who(&self) -> Outcome<Person> {
        let session = self.session()?.ok_or_else(signed_out)?;
        if session.temporary {
            return Err(CommandError::new("temporary-passphrase", say!("workstation-choose-passphrase-own-first-one")));
        }
        self.with(|v| Ok(v.person(session.person)?))
    }

    /// Who is signed in and works now.
    pub fn person(&self) -> Outcome<Person> {
        let person = self.who()?;
        self.still_here()?;
        Ok(person)
    }

    /// Who is signed in, if anybody, and whether the passphrase must be replaced first.
    pub fn signed_in(&self) -> Outcome<(Option<Person>, bool)> {
        match self.session()? {
            None => Ok((None, false)),
            Some(session) => Ok((Some(self.with(|v| Ok(v.person(session.person)?))?), session.temporary)),
        }
    }

    pub(crate) fn sit_down(&self, person: PersonId, temporary: bool) -> Outcome<()> {
        *self.session.lock().map_err(|_| signed_out())? = Some(Session { person, seen: Awake::now(), temporary });
        self.exchange_due.notify_one();
        Ok(())
    }

    /// Everybody who may sign in.
    pub fn people(&self) -> Outcome<Vec<PersonLine>> {
        self.with(|v| {
            let lines = v.people()?.into_iter().map(|person| {
                Ok(PersonLine {
                    has_passphrase: v.has_passphrase(person.id)?,
                    id: person.id,
                    supervises: person.is(Role::Supervisor),
                    name: person.name,
                    badge: person.badge,
                })
            });
            lines.collect()
        })
    }

    /// Signs `id` in. Who has no passphrase yet, because the roll-out named them, chooses it here.
    pub fn sign_in(&self, id: PersonId, passphrase: &Enclosed) -> Outcome<()> {
        let passphrase = self.envelope.open(passphrase)?;
        let person = self.with(|v| Ok(v.person(id)?))?;
        let (by, now) = (person.reference(), SystemClock.now());
        if !self.with(|v| Ok(v.has_passphrase(id)?))? {
            check_passphrase(&passphrase, &person, &self.policy.session)?;
            self.with(|v| Ok(v.set_passphrase(&by, &passphrase, now)?))?;
        }
        let rule = &self.policy.session;
        let signed = self.with(|v| Ok(v.check_passphrase(&by, &passphrase, "signed-in", now, rule)?))?;
        self.sit_down(id, signed == SignIn::Temporary)
    }

    /// Locks the window.
    pub fn sign_out(&self) -> Outcome<()> {
        let session = self.session.lock().map_err(|_| signed_out())?.take();
        self.envelope.forget();
        self.photographs.forget();
        if let Some(session) = session {
            let by = self.with(|v| Ok(v.person(session.person)?))?.reference();
            self.with(|v| Ok(v.record(Some(&by), SystemClock.now(), "signed-out", &json!({}))?))?;
        }
        Ok(())
    }

    /// Replaces the own passphrase.
    pub fn change_passphrase(&self, old: &Enclosed, new: &Enclosed) -> Outcome<()> {
        let session = self.session()?.ok_or_else(signed_out)?;
        let person = self.with(|v| Ok(v.person(session.person)?))?;
        let (by, now) = (person.reference(), SystemClock.now());
        let (old, new) = (self.envelope.open(old)?, self.envelope.open(new)?);
        check_passphrase(&new, &person, &self.policy.session)?;
        self.with(|v| Ok(v.check_passphrase(&by, &old, "passphrase-asked", now, &self.policy.session)?))?;
        self.with(|v| Ok(v.set_passphrase(&by, &new, now)?))?;
        self.sit_down(person.id, false)
    }
}
