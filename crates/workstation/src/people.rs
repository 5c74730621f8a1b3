//! Who sits at the workstation. Every command asks here; whoever is not signed in reaches nothing.

use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use casework::{Clock, Day, Gap, Person, PersonId, Role, Training, check_passphrase};
use vault::{SignIn, StaffNews};

use crate::awake::Awake;
use crate::enclosed::Enclosed;
use crate::error::CommandError;
use crate::views::{PersonForm, PersonLine};
use crate::workstation::{Outcome, SystemClock, Workstation};

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
    CommandError::new("signed-out", "You are signed out. Sign in again to go on; what you typed is kept.")
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
            Ok(day) => Self { day: Some(day.to_string()), words: format!("Read as {}.", day.in_words()) },
            Err(wrong) => Self { day: None, words: wrong },
        }
    }
}

/// The person of a form, with every gap of it at once.
fn person_of(form: &PersonForm, id: PersonId) -> Result<Person, Vec<Gap>> {
    let today = Day(jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::system()).date());
    let training = Training::read(&form.course, &form.completed_on, &form.proficiency, today);
    let person = Person {
        id,
        name: form.name.trim().to_owned(),
        badge: form.badge.trim().to_owned(),
        ori: form.ori.trim().to_owned(),
        roles: form.roles.clone(),
        training: training.clone().unwrap_or_default(),
        added_by: None,
    };
    both(person.well_formed(), training.map(drop))?;
    Ok(person)
}

impl Workstation {
    fn session(&self) -> Outcome<Option<Session>> {
        let mut slot = self.session.lock().map_err(|_| signed_out())?;
        let limit = Duration::from_secs(u64::from(self.policy.session.lock_after_minutes) * 60);
        if slot.is_some_and(|session| session.seen.is_over(Awake::now(), limit)) {
            *slot = None;
            self.envelope.forget();
        }
        Ok(*slot)
    }

    /// Who is signed in, without counting as work of theirs.
    pub fn who(&self) -> Outcome<Person> {
        let session = self.session()?.ok_or_else(signed_out)?;
        if session.temporary {
            return Err(CommandError::new(
                "temporary-passphrase",
                "Choose a passphrase of your own first; the one you have was set by somebody else.",
            ));
        }
        self.with(|v| Ok(v.person(session.person)?))
    }

    /// Who is signed in and works now.
    pub fn person(&self) -> Outcome<Person> {
        let person = self.who()?;
        self.still_here()?;
        Ok(person)
    }

    /// The person did something in the window.
    pub fn still_here(&self) -> Outcome<()> {
        if self.session()?.is_some()
            && let Some(session) = self.session.lock().map_err(|_| signed_out())?.as_mut()
        {
            session.seen = Awake::now();
        }
        Ok(())
    }

    /// Who is signed in, if anybody, and whether the passphrase must be replaced first.
    pub fn signed_in(&self) -> Outcome<(Option<Person>, bool)> {
        match self.session()? {
            None => Ok((None, false)),
            Some(session) => Ok((Some(self.with(|v| Ok(v.person(session.person)?))?), session.temporary)),
        }
    }

    fn sit_down(&self, person: PersonId, temporary: bool) -> Outcome<()> {
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

    /// The first start: whoever sets the workstation up examines and administers.
    pub fn name_first(&self, form: &PersonForm) -> Outcome<()> {
        if !self.people()?.is_empty() {
            return Err(CommandError::new("named", "This workstation has its people already. Sign in."));
        }
        let passphrase = self.envelope.open(&form.passphrase)?;
        let roles = vec![Role::Examiner, Role::Administrator];
        let id = PersonId(Uuid::new_v4());
        let read = person_of(form, id);
        both(read.clone().map(drop), check_passphrase(&passphrase, &named(form, id), &self.policy.session))?;
        let person = Person { roles, ..read? };
        let now = SystemClock.now();
        self.act(|v| {
            for change in v.staff()?.first(vec![person.clone()])? {
                v.put_person(&change, None, now)?;
            }
            Ok(v.set_passphrase(&person.reference(), &passphrase, now)?)
        })?;
        self.sit_down(id, false)
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
        self.forget_photos();
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

    /// Everybody, for the administrator.
    pub fn staff(&self) -> Outcome<Vec<Person>> {
        self.person()?.may_administer()?;
        self.with(|v| Ok(v.people()?))
    }

    /// Adds a person, or changes the record of `id`. `second` is another administrator who confirms it with their own
    /// passphrase, where there is one.
    pub fn save_person(
        &self,
        id: Option<PersonId>,
        form: &PersonForm,
        second: Option<(PersonId, &Enclosed)>,
    ) -> Outcome<()> {
        let admin = self.person()?;
        admin.may_administer()?;
        let temporary = self.envelope.open(&form.passphrase)?;
        let now = SystemClock.now();
        let adds = id.is_none();
        let id = id.unwrap_or_else(|| PersonId(Uuid::new_v4()));
        let read = person_of(form, id);
        let wrong = both(read.clone().map(drop), named(form, id).has_a_role());
        if adds {
            both(wrong, check_passphrase(&temporary, &named(form, id), &self.policy.session))?;
        } else {
            self.with(|v| Ok(v.person(id)?))?;
            wrong?;
        }
        let person = read?;
        let confirming = second.map(|(second, _)| self.with(|v| Ok(v.person(second)?))).transpose()?;
        // Asked first: nobody types a passphrase for what is refused anyway.
        self.with(|v| Ok(v.staff()?.change(person.clone(), &admin, confirming.as_ref()).map(drop)?))?;
        if let (Some(confirming), Some((_, passphrase))) = (&confirming, second) {
            self.confirmed_by(&confirming.reference(), &self.envelope.open(passphrase)?, "person-confirmed", now)?;
        }
        self.act(|v| {
            let change = v.staff()?.change(person, &admin, confirming.as_ref())?;
            Ok(v.put_person(&change, adds.then_some(temporary.as_str()), now)?)
        })
    }

    /// What happened to people's records since the signed-in supervisor last read of it.
    pub fn staff_news(&self) -> Outcome<Vec<StaffNews>> {
        match self.signed_in()? {
            (Some(person), false) if person.is(Role::Supervisor) => self.with(|v| Ok(v.staff_news(person.id)?)),
            _ => Ok(Vec::new()),
        }
    }

    /// The signed-in supervisor has read of it, up to event `up_to`.
    pub fn staff_read(&self, up_to: i64) -> Outcome<()> {
        let person = self.person()?;
        self.with(|v| Ok(v.staff_read(&person.reference(), up_to, SystemClock.now())?))
    }
}

/// Who the form names, whatever else of it is wrong: a passphrase is compared with that.
fn named(form: &PersonForm, id: PersonId) -> Person {
    let (name, badge, ori) = (form.name.clone(), form.badge.clone(), form.ori.clone());
    Person { id, name, badge, ori, roles: form.roles.clone(), training: None, added_by: None }
}

/// The gaps of both.
fn both(one: Result<(), Vec<Gap>>, other: Result<(), Vec<Gap>>) -> Result<(), Vec<Gap>> {
    let gaps: Vec<_> = [one, other].into_iter().filter_map(Result::err).flatten().collect();
    if gaps.is_empty() { Ok(()) } else { Err(gaps) }
}
