//! A roster as it is written: `corroborate/roster/v1`.

use serde::{Deserialize, Serialize};

use crate::place::{Place, ROSTER};
use crate::{
    Day, KeySpan, Member, Moment, Person, PersonId, PublicKey, Recipient, Refusal, Role, Roster, RosterDraft, Training,
    Witness, Workstation,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyText {
    from: Day,
    key: String,
    until: Option<Day>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrainingText {
    completed_on: Day,
    course: String,
    proficiency: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonText {
    agency: String,
    badge: String,
    id: PersonId,
    keys: Vec<KeyText>,
    name: String,
    roles: Vec<Role>,
    training: Option<TrainingText>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkstationText {
    from: Day,
    name: String,
    receives: String,
    signs: String,
    until: Option<Day>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipientText {
    from: Day,
    name: String,
    receives: String,
    until: Option<Day>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WitnessText {
    from: Day,
    name: String,
    signs: String,
    until: Option<Day>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RosterText {
    auditors: Vec<RecipientText>,
    department: String,
    escrow: Vec<RecipientText>,
    made_at: Moment,
    name: String,
    people: Vec<PersonText>,
    previous: Option<String>,
    schema: String,
    version: u32,
    witnesses: Vec<WitnessText>,
    workstations: Vec<WorkstationText>,
}

impl RosterText {
    pub fn of(at: &Place, roster: &Roster) -> Self {
        let content = roster.content();
        Self {
            auditors: content.auditors.iter().map(RecipientText::of).collect(),
            department: at.department.to_string(),
            escrow: content.escrow.iter().map(RecipientText::of).collect(),
            made_at: at.made_at,
            name: content.name.clone(),
            people: content.people.iter().map(PersonText::of).collect(),
            previous: at.previous.clone(),
            schema: ROSTER.to_owned(),
            version: at.number,
            witnesses: content.witnesses.iter().map(WitnessText::of).collect(),
            workstations: content.workstations.iter().map(WorkstationText::of).collect(),
        }
    }

    pub fn read(self) -> Result<(Place, RosterDraft), Refusal> {
        let department = PublicKey::read(&self.department)?;
        let at = Place { department, number: self.version, previous: self.previous, made_at: self.made_at };
        let draft = RosterDraft {
            name: self.name,
            people: self.people.into_iter().map(PersonText::read).collect::<Result<_, _>>()?,
            workstations: self.workstations.into_iter().map(WorkstationText::read).collect::<Result<_, _>>()?,
            auditors: self.auditors.into_iter().map(RecipientText::read).collect(),
            escrow: self.escrow.into_iter().map(RecipientText::read).collect(),
            witnesses: self.witnesses.into_iter().map(WitnessText::read).collect::<Result<_, _>>()?,
        };
        Ok((at, draft))
    }
}

fn span(key: &str, from: Day, until: Option<Day>) -> Result<KeySpan, Refusal> {
    KeySpan::new(PublicKey::read(key)?, from, until)
}

impl PersonText {
    fn of(member: &Member) -> Self {
        let Member { person, keys } = member;
        let key = |span: &KeySpan| KeyText { from: span.from(), key: span.key().to_string(), until: span.until() };
        Self {
            agency: person.ori.clone(),
            badge: person.badge.clone(),
            id: person.id,
            keys: keys.iter().map(key).collect(),
            name: person.name.clone(),
            roles: person.roles.clone(),
            training: person.training.as_ref().map(|training| TrainingText {
                completed_on: training.completed_on,
                course: training.course.clone(),
                proficiency: training.proficiency,
            }),
        }
    }

    fn read(self) -> Result<Member, Refusal> {
        let training = self.training.map(|training| Training {
            course: training.course,
            completed_on: training.completed_on,
            proficiency: training.proficiency,
        });
        let keys = self.keys.into_iter().map(|key| span(&key.key, key.from, key.until)).collect::<Result<_, _>>()?;
        let person = Person {
            id: self.id,
            name: self.name,
            badge: self.badge,
            ori: self.agency,
            roles: self.roles,
            training,
            added_by: None,
        };
        Ok(Member { person, keys })
    }
}

impl WorkstationText {
    fn of(workstation: &Workstation) -> Self {
        let Workstation { name, signs, receives } = workstation;
        Self {
            from: signs.from(),
            name: name.clone(),
            receives: receives.clone(),
            signs: signs.key().to_string(),
            until: signs.until(),
        }
    }

    fn read(self) -> Result<Workstation, Refusal> {
        let signs = span(&self.signs, self.from, self.until)?;
        Ok(Workstation { name: self.name, signs, receives: self.receives })
    }
}

impl RecipientText {
    fn of(recipient: &Recipient) -> Self {
        let Recipient { name, receives, from, until } = recipient.clone();
        Self { from, name, receives, until }
    }

    fn read(self) -> Recipient {
        let Self { from, name, receives, until } = self;
        Recipient { name, receives, from, until }
    }
}

impl WitnessText {
    fn of(witness: &Witness) -> Self {
        let Witness { name, signs } = witness;
        Self { from: signs.from(), name: name.clone(), signs: signs.key().to_string(), until: signs.until() }
    }

    fn read(self) -> Result<Witness, Refusal> {
        Ok(Witness { signs: span(&self.signs, self.from, self.until)?, name: self.name })
    }
}
