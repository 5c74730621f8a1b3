//! Who may work here: the first person, further ones, their records, and what supervisors are told of it.

use catalogue::say;
use uuid::Uuid;

use casework::{Clock, Day, Gap, Person, PersonId, Role, Staff, StaffChange, Training, check_passphrase};
use department::PublicKey;
use vault::{Admission, Entrance, SecretService, StaffNews, Vault};

use crate::clock::SystemClock;
use crate::confirming::Confirming;
use crate::error::{CommandError, Outcome, signed_out};
use crate::views::PersonForm;
use crate::workstation::Blocking;

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

impl Blocking<'_> {
    /// The first start: whoever sets the workstation up examines and administers.
    pub fn name_first(&self, form: &PersonForm) -> Outcome<()> {
        if !self.people()?.is_empty() {
            return Err(CommandError::new("named", say!("workstation-people-already-sign")));
        }
        let passphrase = self.envelope.open(&form.passphrase)?;
        let roles = vec![Role::Examiner, Role::Administrator];
        let id = PersonId(Uuid::new_v4());
        let read = person_of(form, id);
        both(read.clone().map(drop), check_passphrase(&passphrase, &named(form, id), &self.policy().session))?;
        let person = Person { roles, ..read? };
        let now = SystemClock.now();
        let entered = self.at_entrance(|entrance, slot| {
            let (vault, mut admitted) = self.begin(entrance, vec![person])?;
            let (_, admission) = admitted.remove(0);
            let entered = entrance.first(admission, &passphrase, &SecretService, now)?;
            *slot = Some(vault);
            Ok(entered)
        })?;
        self.sit_down(entered)
    }

    /// A vault with its first people and the department of them. It is void until the entrance admits one.
    pub(crate) fn begin(&self, entrance: &Entrance, people: Vec<Person>) -> Outcome<(Vault, Vec<(Person, Admission)>)> {
        let changes = Staff::default().first(people)?;
        let now = SystemClock.now();
        let mut vault = entrance.begin(&SecretService)?;
        vault.set_policy(&self.policy().sha256, now)?;
        let admitted =
            changes.iter().map(|change| Ok((change.person().clone(), Admission::of(&vault, change.person())?)));
        let mut admitted = admitted.collect::<Outcome<Vec<_>>>()?;
        vault.act(|v| -> Outcome<()> {
            changes.iter().try_for_each(|change| v.put_person(change, now))?;
            let people: Vec<_> =
                admitted.iter().map(|(person, admission)| (person.clone(), key_of(admission))).collect();
            let administrators = admitted.iter().filter(|(person, _)| person.may_administer().is_ok());
            let signers: Vec<_> = administrators.filter_map(|(_, admission)| admission.signing()).collect();
            let kit = self.found(v, &people, &signers, now)?;
            let first = admitted.iter_mut().find(|(person, _)| person.may_administer().is_ok());
            if let Some((_, admission)) = first {
                admission.give_kit(&kit);
            }
            Ok(())
        })?;
        vault.keep_highest_seen(&SecretService)?;
        Ok((vault, admitted))
    }

    /// Everybody, for the administrator.
    pub fn staff(&self) -> Outcome<Vec<Person>> {
        self.act_as(|v, person, _| {
            person.may_administer()?;
            Ok(v.people()?)
        })
    }

    /// Adds a person, or changes the record of `id`. `second` is another administrator who confirms it, where there is one. Returns the enrolment code of somebody who is added, which is told once.
    pub fn save_person(&self, id: Option<PersonId>, form: &PersonForm, second: Option<&Confirming>) -> Outcome<String> {
        self.person()?.may_administer()?;
        let adds = id.is_none();
        let id = id.unwrap_or_else(|| PersonId(Uuid::new_v4()));
        let read = person_of(form, id);
        if !adds {
            self.with(|v| Ok(v.person(id)?))?;
        }
        both(read.clone().map(drop), named(form, id).has_a_role())?;
        self.change_person(read?, adds, second)
    }

    /// Gives a person a new enrolment code: what opened their door before opens it no more. They choose a passphrase and a
    /// second factor again.
    pub fn issue_code(&self, id: PersonId, second: Option<&Confirming>) -> Outcome<String> {
        self.person()?.may_administer()?;
        let person = self.with(|v| Ok(v.person(id)?))?;
        self.change_person(person, true, second)
    }

    /// Changes a person's record, `admits` them with a new code where it says so.
    fn change_person(&self, person: Person, admits: bool, second: Option<&Confirming>) -> Outcome<String> {
        let by = self.person()?.reference();
        let now = SystemClock.now();
        let taken = self.taken()?;
        // By what both are when it is written: their records may change while somebody types.
        let change = |v: &Vault| -> Outcome<StaffChange> {
            let (admin, confirming) = (v.person(by.id)?, second.map(|by| v.person(by.person)).transpose()?);
            let change = v.staff(&taken)?.change(person.clone(), &admin, confirming.as_ref())?;
            Ok(if admits { change.with_code() } else { change })
        };
        // Asked first: nobody types a passphrase for what is refused anyway.
        self.with(|v| change(v).map(drop))?;
        self.catch_up()?;
        let signers = self.signers(second, "person-confirmed")?;
        let (admission, document) = self.at_entrance(|entrance, vault| {
            let vault = vault.as_mut().ok_or_else(signed_out)?;
            let admission = admits.then(|| Admission::of(vault, &person)).transpose()?;
            // Somebody of an earlier program's vault made theirs at their first sign-in here.
            let known = entrance.people()?.into_iter().find(|known| known.person.id == person.id);
            let key = admission.as_ref().map_or_else(|| known.and_then(|known| known.key), key_of);
            Ok((admission, self.next_with(vault, change(vault)?.person(), key, &signers)?))
        })?;
        if let Some(document) = &document {
            self.publish(document)?;
        }
        self.at_entrance(|entrance, vault| {
            let vault = vault.as_mut().ok_or_else(signed_out)?;
            let person = vault.act(|v| -> Outcome<Person> {
                let change = change(v)?;
                v.put_person(&change, now)?;
                if let Some(document) = &document {
                    v.extend(document, Some(&by), now)?;
                }
                Ok(change.person().clone())
            })?;
            vault.keep_highest_seen(&SecretService)?;
            match &admission {
                Some(admission) => Ok(entrance.admit(admission, &SecretService, now)?),
                None => Ok(entrance.rename(&person).map(|()| String::new())?),
            }
        })
    }

    /// What happened to people's records and the policy since the signed-in supervisor or auditor last read of it.
    pub fn staff_news(&self) -> Outcome<Vec<StaffNews>> {
        match self.signed_in()? {
            (Some(person), None) if person.is(Role::Supervisor) || person.is(Role::Auditor) => {
                self.with(|v| Ok(v.staff_news(person.id)?))
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The signed-in supervisor has read of it, up to event `up_to`.
    pub fn staff_read(&self, up_to: i64) -> Outcome<()> {
        self.act_as(|v, person, now| Ok(v.staff_read(&person.reference(), up_to, now)?))
    }
}

fn key_of(admission: &Admission) -> Option<PublicKey> {
    admission.signing().as_ref().map(PublicKey::of)
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
