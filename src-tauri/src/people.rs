//! Who sits at the workstation. Every command asks here; whoever is not signed in reaches nothing.

use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

use casework::{Clock, Person, PersonId, Role, Training, check_passphrase};
use vault::SignIn;

use crate::desk::{Desk, Outcome, SystemClock};
use crate::error::CommandError;
use crate::views::{PersonForm, PersonLine};

/// A person who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    person: PersonId,
    /// When the person last did something.
    seen: Instant,
    /// The passphrase is somebody else's choice and must be replaced first.
    temporary: bool,
}

fn signed_out() -> CommandError {
    CommandError::new("signed-out", "You are signed out. Sign in again to go on; what you typed is kept.")
}

fn person_of(form: &PersonForm, id: PersonId) -> Person {
    let training = match (form.completed_on, form.proficiency) {
        (Some(completed_on), Some(proficiency)) => {
            Some(Training { course: form.course.trim().to_owned(), completed_on, proficiency })
        }
        _ => None,
    };
    Person {
        id,
        name: form.name.trim().to_owned(),
        badge: form.badge.trim().to_owned(),
        ori: form.ori.trim().to_owned(),
        roles: form.roles.clone(),
        training,
        added_by: None,
    }
}

impl Desk {
    fn session(&self) -> Outcome<Option<Session>> {
        let mut slot = self.session.lock().map_err(|_| signed_out())?;
        let limit = Duration::from_secs(u64::from(self.policy.session.lock_after_minutes) * 60);
        if slot.is_some_and(|session| session.seen.elapsed() > limit) {
            *slot = None;
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
            session.seen = Instant::now();
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
        *self.session.lock().map_err(|_| signed_out())? = Some(Session { person, seen: Instant::now(), temporary });
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
        let roles = vec![Role::Examiner, Role::Administrator];
        let person = Person { roles, ..person_of(form, PersonId(Uuid::new_v4())) };
        let (wrong, weak) = (person.well_formed(), check_passphrase(&form.passphrase, &person, &self.policy));
        all(wrong, weak)?;
        let now = SystemClock.now();
        self.with(|v| {
            v.put_person(&person, &person.reference(), now)?;
            Ok(v.set_passphrase(&person.reference(), &form.passphrase, now)?)
        })?;
        self.sit_down(person.id, false)
    }

    /// Signs `id` in. Who has no passphrase yet, because the roll-out named them, chooses it here.
    pub fn sign_in(&self, id: PersonId, passphrase: &str) -> Outcome<()> {
        let person = self.with(|v| Ok(v.person(id)?))?;
        let (by, now) = (person.reference(), SystemClock.now());
        if !self.with(|v| Ok(v.has_passphrase(id)?))? {
            check_passphrase(passphrase, &person, &self.policy)?;
            self.with(|v| Ok(v.set_passphrase(&by, passphrase, now)?))?;
        }
        let rule = &self.policy.session;
        let signed = self.with(|v| Ok(v.check_passphrase(&by, passphrase, "signed-in", now, rule)?))?;
        self.sit_down(id, signed == SignIn::Temporary)
    }

    /// Locks the window.
    pub fn sign_out(&self) -> Outcome<()> {
        let session = self.session.lock().map_err(|_| signed_out())?.take();
        self.forget_photos();
        if let Some(session) = session {
            let by = self.with(|v| Ok(v.person(session.person)?))?.reference();
            self.with(|v| Ok(v.record(Some(&by), SystemClock.now(), "signed-out", &json!({}))?))?;
        }
        Ok(())
    }

    /// Replaces the own passphrase.
    pub fn change_passphrase(&self, old: &str, new: &str) -> Outcome<()> {
        let session = self.session()?.ok_or_else(signed_out)?;
        let person = self.with(|v| Ok(v.person(session.person)?))?;
        let (by, now) = (person.reference(), SystemClock.now());
        check_passphrase(new, &person, &self.policy)?;
        self.with(|v| Ok(v.check_passphrase(&by, old, "passphrase-asked", now, &self.policy.session)?))?;
        self.with(|v| Ok(v.set_passphrase(&by, new, now)?))?;
        self.sit_down(person.id, false)
    }

    /// Everybody, for the administrator.
    pub fn staff(&self) -> Outcome<Vec<Person>> {
        self.person()?.may_administer()?;
        self.with(|v| Ok(v.people()?))
    }

    /// Adds a person, or changes the record of `id`.
    pub fn save_person(&self, id: Option<PersonId>, form: &PersonForm) -> Outcome<()> {
        let admin = self.person()?;
        admin.may_administer()?;
        let (by, now) = (admin.reference(), SystemClock.now());
        if let Some(id) = id {
            let known = self.with(|v| Ok(v.person(id)?))?;
            let person = Person { added_by: known.added_by, ..person_of(form, id) };
            person.well_formed()?;
            person.has_a_role()?;
            if id == admin.id {
                person.may_administer()?;
            }
            return self.with(|v| Ok(v.put_person(&person, &by, now)?));
        }
        let person = Person { added_by: Some(by.clone()), ..person_of(form, PersonId(Uuid::new_v4())) };
        let (wrong, weak) = (person.well_formed(), check_passphrase(&form.passphrase, &person, &self.policy));
        all(wrong.and_then(|()| person.has_a_role()), weak)?;
        self.with(|v| Ok(v.add_person(&person, &form.passphrase, &by, now)?))
    }
}

/// The gaps of both.
fn all(one: Result<(), Vec<casework::Gap>>, other: Result<(), Vec<casework::Gap>>) -> Outcome<()> {
    let gaps: Vec<_> = [one, other].into_iter().filter_map(Result::err).flatten().collect();
    if gaps.is_empty() { Ok(()) } else { Err(gaps.into()) }
}
