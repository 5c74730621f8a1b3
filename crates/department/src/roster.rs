//! The roster's content: who belongs to the department, with which roles, training and keys, and which machines and keys
//! beside them. A [`Roster`] exists only as the value of [`Roster::new`], which asks every rule that one roster alone can
//! break; what a roster may change of the one before is asked by [`crate::Chain`].

use std::collections::{BTreeMap, BTreeSet};

use bech32::Bech32;
use bech32::primitives::decode::CheckedHrpstring;

use crate::key::in_order;
use crate::person::one_badge;
use crate::{Day, KeySpan, Moment, Person, PersonId, PublicKey, Refusal, Role};

/// Most people, machines or keys of one kind.
pub(crate) const MOST: usize = 20_000;
/// Most keys of one person.
const MOST_KEYS: usize = 64;
/// Most characters of a name.
const LONGEST: usize = 200;

/// One person's entry in the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who, with roles and training. [`Person::added_by`] is empty: the signatures of the version say it.
    pub person: Person,
    /// Keys by which this person signs.
    pub keys: Vec<KeySpan>,
}

/// A workstation, as its [`crate::Card`] names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workstation {
    /// Its name.
    pub name: String,
    /// The key by which it signs and is known.
    pub signs: KeySpan,
    /// age recipient that packages are encrypted to.
    pub receives: String,
}

/// A key that something is encrypted to: an auditor's, or one of the escrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Whose, or where it is kept.
    pub name: String,
    /// age recipient.
    pub receives: String,
    /// First day on which something is encrypted to it.
    pub from: Day,
    /// Last such day, if it ends.
    pub until: Option<Day>,
}

/// A witness that cosigns the ledger's checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its name, as cosignatures carry it: no blanks, no plus sign.
    pub name: String,
    /// The key by which it cosigns.
    pub signs: KeySpan,
}

/// A roster as administrators write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterDraft {
    /// The department's name.
    pub name: String,
    /// Everybody.
    pub people: Vec<Member>,
    /// Workstations.
    pub workstations: Vec<Workstation>,
    /// Keys that what auditors read is encrypted to.
    pub auditors: Vec<Recipient>,
    /// Keys that everything is encrypted to besides, so that nothing is lost with a machine.
    pub escrow: Vec<Recipient>,
    /// Witnesses of the ledger.
    pub witnesses: Vec<Witness>,
}

/// A roster that holds by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    draft: RosterDraft,
    holders: BTreeMap<PublicKey, usize>,
}

/// Whose a key is. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Person(PersonId),
    Workstation,
    Witness,
}

impl Roster {
    /// The roster of a department whose recovery key is `root`, made at `made_at`. Lists are put in their order.
    ///
    /// # Errors
    /// The first rule that it breaks: a person, badge, name or key twice, an entry that is not complete, a day out of
    /// order, no administrator, an administrator without a key.
    pub fn new(mut draft: RosterDraft, root: &PublicKey, made_at: Moment) -> Result<Self, Refusal> {
        plain(&draft.name)?;
        draft.people.sort_by_key(|member| member.person.id);
        draft.workstations.sort_by(|a, b| a.name.cmp(&b.name));
        draft.witnesses.sort_by(|a, b| a.name.cmp(&b.name));
        let counts = [
            ("people", draft.people.len()),
            ("workstations", draft.workstations.len()),
            ("auditors", draft.auditors.len()),
            ("escrow", draft.escrow.len()),
            ("witnesses", draft.witnesses.len()),
        ];
        if let Some((what, _)) = counts.iter().find(|(_, count)| *count > MOST) {
            return Err(Refusal::TooMany { what: (*what).to_owned(), most: MOST });
        }
        let today = made_at.day();
        for member in &mut draft.people {
            entry(member, today)?;
        }
        badges_once(&draft.people)?;
        for workstation in &draft.workstations {
            plain(&workstation.name)?;
            recipient(&workstation.name, &workstation.receives)?;
        }
        once(draft.workstations.iter().map(|workstation| workstation.name.as_str()))?;
        for list in [&mut draft.auditors, &mut draft.escrow] {
            list.sort_by(|a, b| a.name.cmp(&b.name));
            for key in list.iter() {
                plain(&key.name)?;
                recipient(&key.name, &key.receives)?;
                in_order(key.from, key.until, || key.name.clone())?;
            }
            once(list.iter().map(|key| key.name.as_str()))?;
        }
        let receives = draft.workstations.iter().map(|workstation| &workstation.receives);
        let mut received = BTreeSet::new();
        for text in receives.chain(draft.auditors.iter().chain(&draft.escrow).map(|key| &key.receives)) {
            if !received.insert(text) {
                return Err(Refusal::KeyTwice { key: text.clone() });
            }
        }
        for witness in &draft.witnesses {
            plain(&witness.name)?;
            if witness.name.contains(|c: char| c.is_whitespace() || c == '+') {
                return Err(Refusal::TextUnfit { what: witness.name.clone() });
            }
        }
        once(draft.witnesses.iter().map(|witness| witness.name.as_str()))?;
        let roster = Self { holders: BTreeMap::new(), draft };
        let mut keys = BTreeSet::from([*root]);
        for (span, _) in roster.signing() {
            if !keys.insert(*span.key()) {
                return Err(Refusal::KeyTwice { key: span.key().to_string() });
            }
        }
        if roster.administrators().next().is_none() {
            return Err(Refusal::NoAdministrator);
        }
        let without = |member: &&Member| member.keys.iter().all(|span| span.ended_by(today));
        if let Some(member) = roster.administrators().find(without) {
            return Err(Refusal::AdministratorWithoutKey { name: member.person.name.clone() });
        }
        let people = roster.draft.people.iter().enumerate();
        let holders = people.flat_map(|(at, member)| member.keys.iter().map(move |span| (*span.key(), at))).collect();
        Ok(Self { holders, ..roster })
    }

    /// What it says.
    pub fn content(&self) -> &RosterDraft {
        &self.draft
    }

    /// Everybody, by identity.
    pub fn people(&self) -> &[Member] {
        &self.draft.people
    }

    /// Somebody's entry.
    pub fn member(&self, id: PersonId) -> Option<&Member> {
        let at = self.draft.people.binary_search_by_key(&id, |member| member.person.id).ok()?;
        self.draft.people.get(at)
    }

    /// Whose key it is, with its days; they may have ended.
    pub fn holder(&self, key: &PublicKey) -> Option<(&Member, &KeySpan)> {
        let member = self.draft.people.get(*self.holders.get(key)?)?;
        Some((member, member.keys.iter().find(|span| span.key() == key)?))
    }

    /// Whether a workstation of the department signs with `key`, in hexadecimal.
    pub fn has_workstation(&self, key: &str) -> bool {
        self.draft.workstations.iter().any(|workstation| workstation.signs.key().to_string() == key)
    }

    /// Whoever administers.
    pub fn administrators(&self) -> impl Iterator<Item = &Member> {
        self.draft.people.iter().filter(|member| member.person.is(Role::Administrator))
    }

    /// Every key that signs, with whose it is.
    pub(crate) fn signing(&self) -> impl Iterator<Item = (&KeySpan, Owner)> {
        let people = self.draft.people.iter();
        let people = people.flat_map(|m| m.keys.iter().map(move |span| (span, Owner::Person(m.person.id))));
        let workstations = self.draft.workstations.iter().map(|w| (&w.signs, Owner::Workstation));
        people.chain(workstations).chain(self.draft.witnesses.iter().map(|w| (&w.signs, Owner::Witness)))
    }
}

/// Puts an entry in its order and asks what it lacks.
fn entry(member: &mut Member, today: Day) -> Result<(), Refusal> {
    let Member { person, keys } = member;
    person.added_by = None;
    person.roles.sort();
    keys.sort_by_key(|span| *span.key());
    let name = || person.name.clone();
    for text in [&person.name, &person.badge].into_iter().chain(person.training.as_ref().map(|t| &t.course)) {
        plain(text)?;
    }
    let complete = person.well_formed().and_then(|()| person.has_a_role());
    complete.map_err(|gaps| Refusal::Incomplete { name: name(), gaps })?;
    if person.roles.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::Malformed { what: "roles".to_owned() });
    }
    if keys.len() > MOST_KEYS {
        return Err(Refusal::TooMany { what: name(), most: MOST_KEYS });
    }
    match &person.training {
        Some(training) if training.completed_on > today => Err(Refusal::DatesOutOfOrder {
            what: name(),
            earlier: training.completed_on.to_string(),
            later: today.to_string(),
        }),
        _ => Ok(()),
    }
}

/// # Errors
/// [`Refusal::PersonTwice`] for one identity, or one badge of an agency however it is written, in two entries.
fn badges_once(people: &[Member]) -> Result<(), Refusal> {
    let twice = |member: &Member| Refusal::PersonTwice { name: member.person.name.clone() };
    if let Some(pair) = people.windows(2).find(|pair| pair[0].person.id == pair[1].person.id) {
        return Err(twice(&pair[1]));
    }
    let mut badges = BTreeSet::new();
    match people.iter().find(|member| !badges.insert(one_badge(&member.person))) {
        Some(member) => Err(twice(member)),
        None => Ok(()),
    }
}

/// # Errors
/// [`Refusal::NameTwice`]; the names are in their order.
fn once<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut before = None;
    for name in names {
        if before.replace(name) == Some(name) {
            return Err(Refusal::NameTwice { name: name.to_owned() });
        }
    }
    Ok(())
}

/// A name that people can tell from another one by reading it.
///
/// # Errors
/// [`Refusal::TextUnfit`].
fn plain(text: &str) -> Result<(), Refusal> {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let fits =
        crate::text::said(text) && text.trim() == text && text.chars().count() <= LONGEST && !text.contains(unseen);
    if fits { Ok(()) } else { Err(Refusal::TextUnfit { what: text.chars().take(LONGEST).collect() }) }
}

/// # Errors
/// [`Refusal::RecipientMalformed`] where the text is no age recipient (X25519), or has a typing error.
fn recipient(name: &str, text: &str) -> Result<(), Refusal> {
    let read = CheckedHrpstring::new::<Bech32>(text).ok();
    let fits = read.is_some_and(|read| read.hrp().as_str() == "age" && read.byte_iter().count() == 32);
    let lower = !text.bytes().any(|b| b.is_ascii_uppercase());
    if fits && lower { Ok(()) } else { Err(Refusal::RecipientMalformed { name: name.to_owned() }) }
}
