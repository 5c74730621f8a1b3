use std::collections::BTreeSet;

use crate::need;
use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::chain::InForce;
use crate::person::one_badge;
use crate::text::gist;
use crate::{Gap, Gaps, Person, PersonId, PersonRef, Role, Training};

/// Who works at a workstation.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    people: Vec<Person>,
    untaken: BTreeSet<PersonId>,
}

/// A change of who may do what that the rules allow. Whoever stores a person asks for one.
#[derive(Debug, Clone)]
pub struct StaffChange {
    person: Person,
    before: Option<Person>,
    by: PersonRef,
    second: Option<PersonRef>,
    namesake: bool,
    code: bool,
}

/// What the audit keeps of a [`StaffChange`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEvent {
    /// Whose record it is.
    pub person: PersonId,
    /// The person as named now; empty in events of earlier versions.
    #[serde(default)]
    pub name: String,
    /// The badge now.
    pub badge: String,
    /// The agency now; empty in events of earlier versions.
    #[serde(default)]
    pub ori: String,
    /// What the person may do now.
    pub roles: Vec<Role>,
    /// The training record now.
    pub training: Option<Training>,
    /// The record before; absent for somebody who is new.
    #[serde(default)]
    pub before: Option<Box<Person>>,
    /// The administrator who confirmed.
    #[serde(default)]
    pub second: Option<PersonRef>,
    /// Whether somebody else here has the same name.
    #[serde(default)]
    pub namesake: bool,
    /// Whether they got an enrolment code: whoever has it signs in as them.
    #[serde(default)]
    pub code: bool,
}

impl Staff {
    /// The people, and who of them has never signed in with a passphrase of their own.
    pub fn new(people: Vec<Person>, untaken: BTreeSet<PersonId>) -> Self {
        Self { people, untaken }
    }

    /// Everybody, in the order in which they were named.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    fn find(&self, id: PersonId) -> Option<&Person> {
        self.people.iter().find(|p| p.id == id)
    }

    /// Whether a change of `person` by `by` needs a second administrator: once there are two, every change does. One is
    /// excepted: whoever added an administrator alone may take that back until the account is first used, since nobody
    /// could confirm it.
    pub fn needs_second(&self, person: &Person, by: &PersonRef) -> bool {
        let administrators = self.people.iter().filter(|p| p.is(Role::Administrator));
        let others: Vec<&Person> = administrators.filter(|p| !p.reference().is_same(by)).collect();
        let takes_back = |only: &Person| {
            let own = only.added_by.as_ref().is_some_and(|added| added.id == by.id);
            let fewer = person.roles.iter().all(|role| only.is(*role)) && !person.is(Role::Administrator);
            let same = Person { roles: only.roles.clone(), ..person.clone() } == *only;
            only.id == person.id && self.untaken.contains(&only.id) && own && fewer && same
        };
        match others.as_slice() {
            [] => false,
            [only] => !takes_back(only),
            _ => true,
        }
    }

    /// Who may confirm a change of `by`: the other administrators.
    pub fn seconds<'a>(&'a self, by: &'a PersonRef) -> impl Iterator<Item = &'a Person> {
        self.people.iter().filter(move |p| p.is(Role::Administrator) && !p.reference().is_same(by))
    }

    /// The people that a first start or a roll-out names, each by themself.
    ///
    /// # Errors
    /// A [`Gap`] where the workstation has people, and for each that is malformed, has no role, or is named twice.
    pub fn first(&self, people: Vec<Person>) -> Result<Vec<StaffChange>, Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.people.is_empty(),
            "person",
            say!("people-workstation-already-administrator-signs-adds"),
            say!("people-may-work-here-decided-few"),
        );
        let mut named = Self::default();
        let mut changes = Vec::new();
        for person in people {
            let person = Person { added_by: None, ..person };
            gaps.also(person.well_formed());
            gaps.also(person.has_a_role());
            named.one_account(&person, &mut gaps);
            let namesake = named.has_namesake(&person);
            named.people.push(person.clone());
            let by = person.reference();
            changes.push(StaffChange { person, before: None, by, second: None, namesake, code: true });
        }
        gaps.into_result(|| changes)
    }

    /// `by` adds `person`, or changes their record; `second` confirmed it with their own passphrase.
    ///
    /// # Errors
    /// The gaps that keep it from being so: `by` does not administer, a second administrator is missing or is the first,
    /// the record is malformed, another account has this badge, nobody would administer any more.
    pub fn change(&self, person: Person, by: &Person, second: Option<&Person>) -> Result<StaffChange, Vec<Gap>> {
        let mut gaps = Gaps::new();
        // As they stand here, not as they were handed in.
        let acting = self.find(by.id);
        let by = acting.unwrap_or(by).reference();
        match acting {
            Some(known) => gaps.also(known.may_administer()),
            None => {
                gaps.push(Gap::new("person", say!("people-not-workstation"), say!("people-only-administrators-decide")))
            }
        }
        let before = self.find(person.id).cloned();
        let added_by = before.as_ref().map_or_else(|| Some(by.clone()), |known| known.added_by.clone());
        let person = Person { added_by, ..person };
        gaps.also(person.well_formed());
        gaps.also(person.has_a_role());
        self.one_account(&person, &mut gaps);
        let others = self.people.iter().filter(|p| p.id != person.id);
        need!(
            gaps,
            person.is(Role::Administrator) || others.clone().any(|p| p.is(Role::Administrator)),
            "person.roles",
            say!("people-nobody-would-administer-workstation-any"),
            say!("people-without-one-nobody-could-added"),
        );
        let second = second.and_then(|p| self.find(p.id)).map(Person::reference);
        let holds = second.as_ref().is_some_and(|s| self.seconds(&by).any(|p| p.id == s.id));
        need!(
            gaps,
            holds || (second.is_none() && !self.needs_second(&person, &by)),
            "person.second",
            say!("people-second-administrator-confirms-their-own"),
            say!("people-may-work-here-decided-two"),
        );
        let namesake = self.has_namesake(&person);
        gaps.into_result(|| StaffChange { person, before, by, second, namesake, code: false })
    }

    /// One person, one account: nobody else of the agency has this badge, however it is written.
    fn one_account(&self, person: &Person, gaps: &mut Gaps) {
        let taken = self.people.iter().find(|p| p.id != person.id && one_badge(p) == one_badge(person));
        if let Some(taken) = taken {
            gaps.push(Gap::new(
                "person.badge",
                say!("people-badge-change-their-record-enter", name = taken.name),
                say!("people-one-person-one-account-examines"),
            ));
        }
    }

    fn has_namesake(&self, person: &Person) -> bool {
        self.people.iter().any(|p| p.id != person.id && gist(&p.name) == gist(&person.name))
    }
}

impl StaffChange {
    /// The person as they shall be.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Who acts.
    pub fn by(&self) -> &PersonRef {
        &self.by
    }

    /// The same change, with which the person gets an enrolment code.
    #[must_use]
    pub fn with_code(self) -> Self {
        Self { code: true, ..self }
    }

    /// Whether the person is new here.
    pub fn adds(&self) -> bool {
        self.before.is_none()
    }

    /// What the audit keeps of it.
    pub fn event(&self) -> StaffEvent {
        let person = &self.person;
        StaffEvent {
            person: person.id,
            name: person.name.clone(),
            badge: person.badge.clone(),
            ori: person.ori.clone(),
            roles: person.roles.clone(),
            training: person.training.clone(),
            before: self.before.clone().map(Box::new),
            second: self.second.clone(),
            namesake: self.namesake,
            code: self.code,
        }
    }
}

fn roles(of: &[Role]) -> String {
    let names: Vec<&str> = of.iter().map(|role| role.in_words()).collect();
    if names.is_empty() { say!("people-nothing").to_owned() } else { names.join(", ") }
}

fn training(of: Option<&Training>) -> String {
    of.map_or_else(
        || say!("people-none").to_owned(),
        |t| {
            say!("people-100", course = t.course, completed_on = t.completed_on.in_words(), proficiency = t.proficiency)
        },
    )
}

impl StaffEvent {
    /// What a version of the department changed of its people, compared with the one before; who was taken out has no role after it.
    pub fn of_version(version: InForce<'_>) -> Vec<Self> {
        let Some(before) = version.before().map(|before| before.roster()) else { return Vec::new() };
        let after = version.roster();
        let second = version.signed_by().administrators.get(1).and_then(|id| before.member(*id));
        let of = |person: &Person, known: Option<&Person>| Self {
            person: person.id,
            name: person.name.clone(),
            badge: person.badge.clone(),
            ori: person.ori.clone(),
            roles: person.roles.clone(),
            training: person.training.clone(),
            before: known.cloned().map(Box::new),
            second: second.map(|member| member.person.reference()),
            namesake: after
                .people()
                .iter()
                .any(|p| p.person.id != person.id && gist(&p.person.name) == gist(&person.name)),
            code: false,
        };
        let now = after.people().iter().filter_map(|member| {
            let known = before.member(member.person.id).map(|member| &member.person);
            (known != Some(&member.person)).then(|| of(&member.person, known))
        });
        let gone = before.people().iter().filter(|member| after.member(member.person.id).is_none()).map(|member| {
            let nobody = Person { roles: Vec::new(), training: None, ..member.person.clone() };
            of(&nobody, Some(&member.person))
        });
        now.chain(gone).collect()
    }

    /// What happened, a sentence each, for the supervisors.
    pub fn in_words(&self) -> Vec<String> {
        let mut said = match &self.before {
            None => vec![
                say!("people-new-here-may-act", roles = roles(&self.roles)),
                say!("people-training", training = training(self.training.as_ref())),
            ],
            Some(before) => {
                let changed =
                    |what: &str, from: String, to: String| (from != to).then(|| say!("people-now", what, from, to));
                let all = [
                    changed(say!("people-role"), roles(&before.roles), roles(&self.roles)),
                    changed(
                        say!("people-training-2"),
                        training(before.training.as_ref()),
                        training(self.training.as_ref()),
                    ),
                    changed(say!("people-name"), before.name.clone(), self.name.clone()),
                    changed(say!("people-badge"), before.badge.clone(), self.badge.clone()),
                    changed(say!("people-agency"), before.ori.clone(), self.ori.clone()),
                ];
                all.into_iter().flatten().collect()
            }
        };
        if self.namesake {
            said.push(say!("people-somebody-else-here-same-name").to_owned());
        }
        said.push(match &self.second {
            Some(second) => say!("people-confirmed-badge", name = second.name, badge = second.badge),
            None => say!("people-nobody-else-confirmed").to_owned(),
        });
        if self.code && self.before.is_some() {
            said.push(say!("people-got-a-new-enrolment-code").to_owned());
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(id: u128, badge: &str, roles: &[Role]) -> Person {
        Person {
            id: PersonId(Uuid::from_u128(id)),
            name: format!("Person {id}"),
            badge: badge.to_owned(),
            ori: "CA0190000".to_owned(),
            roles: roles.to_vec(),
            training: None,
            added_by: None,
        }
    }

    const ADMIN: &[Role] = &[Role::Administrator];
    const EXAMINER: &[Role] = &[Role::Examiner];

    fn places(changed: Result<StaffChange, Vec<Gap>>) -> Vec<String> {
        changed.expect_err("refused").into_iter().map(|gap| gap.place).collect()
    }

    #[test]
    fn one_administrator_acts_alone_and_two_only_together() {
        let (one, two, new) = (person(1, "1", ADMIN), person(2, "2", ADMIN), person(3, "3", EXAMINER));
        let alone = Staff::new(vec![one.clone()], BTreeSet::new());
        let change = alone.change(new.clone(), &one, None).expect("alone");
        assert_eq!(change.person().added_by.as_ref().map(|by| by.id), Some(one.id));
        let both = Staff::new(vec![one.clone(), two.clone()], BTreeSet::new());
        assert_eq!(places(both.change(new.clone(), &one, None)), ["person.second"]);
        assert_eq!(places(both.change(new.clone(), &one, Some(&one))), ["person.second"], "the first again");
        assert_eq!(places(both.change(new.clone(), &one, Some(&new))), ["person.second"], "nobody of here");
        assert_eq!(
            places(both.change(person(2, "2", EXAMINER), &one, None)),
            ["person.second"],
            "the other is outvoted"
        );
        let change = both.change(new, &one, Some(&two)).expect("by two");
        assert_eq!(change.event().second.map(|by| by.id), Some(two.id));
    }

    #[test]
    fn a_role_that_is_claimed_and_not_held_counts_for_nothing() {
        let (one, two) = (person(1, "1", ADMIN), person(2, "2", EXAMINER));
        let staff = Staff::new(vec![one, two.clone()], BTreeSet::new());
        let claimed = Person { roles: ADMIN.to_vec(), ..two };
        assert!(places(staff.change(person(3, "3", EXAMINER), &claimed, None)).contains(&"person.roles".to_owned()));
    }

    #[test]
    fn an_account_that_was_never_used_can_be_taken_back_by_who_added_it_and_nothing_more() {
        let one = person(1, "1", ADMIN);
        let two = Person { added_by: Some(one.reference()), ..person(2, "2", &[Role::Administrator, Role::Examiner]) };
        let staff = Staff::new(vec![one.clone(), two.clone()], BTreeSet::from([two.id]));
        let with = |roles: &[Role]| Person { roles: roles.to_vec(), ..two.clone() };
        assert!(staff.change(with(EXAMINER), &one, None).is_ok());
        assert_eq!(places(staff.change(with(&[Role::Supervisor]), &one, None)), ["person.second"], "another role");
        let renamed = Person { name: "Another".to_owned(), ..with(EXAMINER) };
        assert_eq!(places(staff.change(renamed, &one, None)), ["person.second"], "another person");
        assert_eq!(places(staff.change(person(3, "3", EXAMINER), &one, None)), ["person.second"], "a third account");
        let used = Staff::new(vec![one.clone(), two.clone()], BTreeSet::new());
        assert_eq!(places(used.change(with(EXAMINER), &one, None)), ["person.second"], "it was used");
        let other = Person { added_by: None, ..two.clone() };
        let rollout = Staff::new(vec![one.clone(), other.clone()], BTreeSet::from([other.id]));
        let fewer = Person { roles: EXAMINER.to_vec(), ..other };
        assert_eq!(places(rollout.change(fewer, &one, None)), ["person.second"], "the roll-out named two");
    }

    #[test]
    fn a_badge_is_one_persons_however_it_is_written() {
        let one = person(1, "44 71", ADMIN);
        let staff = Staff::new(vec![one.clone()], BTreeSet::new());
        for badge in ["4471", " 44-71", "４４７１", "44\u{200b}71"] {
            assert_eq!(places(staff.change(person(2, badge, EXAMINER), &one, None)), ["person.badge"], "{badge}");
        }
        let namesake = Person { name: " PERSON 1".to_owned(), ..person(2, "2", EXAMINER) };
        let event = staff.change(namesake, &one, None).expect("two people may share a name").event();
        assert!(event.in_words().iter().any(|said| said.contains("same name")));
    }

    #[test]
    fn the_last_administrator_stays_one() {
        let one = person(1, "1", ADMIN);
        let staff = Staff::new(vec![one.clone()], BTreeSet::new());
        assert_eq!(places(staff.change(person(1, "1", EXAMINER), &one, None)), ["person.roles"]);
    }

    #[test]
    fn a_roll_out_names_everybody_once_and_only_where_nobody_is() {
        let all = vec![person(1, "1", ADMIN), person(2, "2", EXAMINER)];
        assert_eq!(Staff::default().first(all.clone()).expect("named").len(), 2);
        assert!(Staff::default().first(vec![person(1, "1", ADMIN), person(2, "1", EXAMINER)]).is_err());
        assert!(Staff::new(vec![person(3, "3", ADMIN)], BTreeSet::new()).first(all).is_err());
        let claimed = Person { added_by: Some(person(9, "9", ADMIN).reference()), ..person(1, "1", ADMIN) };
        let named = Staff::default().first(vec![claimed]).expect("named");
        assert_eq!(named[0].person().added_by, None);
    }
}
