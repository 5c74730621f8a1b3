//! The department of this workstation: founded at its first start or joined, changed only by versions that its administrators
//! sign. Where a relay serves the department, a version reaches it first: there nobody else's can have come before.

use catalogue::say;
use department::{Card, Chain, KeySpan, Member, PublicKey, RosterDraft, Version, escrow};
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use casework::{Clock, Moment, Person, PersonId, PersonRef};
use vault::{Due, Entered, PackageError, SecretService, Vault, VaultError};

use crate::clock::SystemClock;
use crate::confirming::Confirming;
use crate::enclosed::Enclosed;
use crate::error::{CommandError, Outcome, signed_out, stopped};
use crate::workstation::Blocking;

fn refused(refusal: department::Refusal) -> CommandError {
    VaultError::from(refusal).into()
}

/// A person's entry with the key that they have from `now` on; keys before it end.
fn member(before: Option<&Member>, person: &Person, key: Option<PublicKey>, now: Moment) -> Outcome<Member> {
    let today = now.day();
    let mut keys = before.map(|member| member.keys.clone()).unwrap_or_default();
    if let Some(key) = key.filter(|key| !keys.iter().any(|span| span.key() == key)) {
        for span in &mut keys {
            if span.until().is_none() {
                *span = KeySpan::new(*span.key(), span.from(), Some(today)).map_err(refused)?;
            }
        }
        keys.push(KeySpan::new(key, today, None).map_err(refused)?);
    }
    Ok(Member { person: Person { added_by: None, ..person.clone() }, keys })
}

/// The second after `earlier`, or `now`, whichever is later: a version comes after the one before.
fn after(earlier: Moment, now: Moment) -> Moment {
    let next = jiff::Timestamp::from_second(earlier.0.as_second() + 1).map_or(now, Moment);
    next.max(now)
}

/// A workstation's entry in the roster, by its card.
fn workstation(card: &Card, now: Moment) -> Outcome<department::Workstation> {
    let key = PublicKey::read(&card.signs).map_err(refused)?;
    let signs = KeySpan::new(key, now.day(), None).map_err(refused)?;
    Ok(department::Workstation { name: card.name.trim().to_owned(), signs, receives: card.receives.clone() })
}

fn signed(next: &Version, signers: &[SigningKey]) -> Outcome<String> {
    next.signed(signers.iter().map(|key| next.sign(key)).collect()).map_err(refused)
}

/// The next roster, in which `change` was made, signed by `signers`. None without a department.
fn next_roster(
    vault: &Vault,
    signers: &[SigningKey],
    change: impl FnOnce(&mut RosterDraft, Moment) -> Outcome<()>,
) -> Outcome<Option<String>> {
    let Some(chain) = vault.department() else { return Ok(None) };
    let newest = chain.newest();
    let now = after(newest.made_at(), SystemClock.now());
    let mut draft = newest.roster().content().clone();
    change(&mut draft, now)?;
    let next = chain.next_roster(draft, now).map_err(refused)?;
    let document = signed(&next, signers)?;
    // Refused here and not after it was sent: too few signatures, or of somebody who may not.
    chain.extended_by(&[&document]).map_err(refused)?;
    Ok(Some(document))
}

impl Blocking<'_> {
    /// Founds the department of `people` with their keys: a root key, a roster that it signs, and the policy in force, signed by
    /// administrators where `signers` are enough of them. Returns the recovery kit: the root key is kept nowhere else.
    pub(crate) fn found(
        &self,
        vault: &mut Vault,
        people: &[(Person, Option<PublicKey>)],
        signers: &[SigningKey],
        now: Moment,
    ) -> Outcome<Zeroizing<String>> {
        let mut seed = Zeroizing::new([0u8; 32]);
        getrandom::fill(seed.as_mut()).map_err(|_| stopped())?;
        let secret = SigningKey::from_bytes(&seed);
        let root = PublicKey::of(&secret);
        // A moment before, so that what is decided in this second already knows both versions.
        let founded = Moment(jiff::Timestamp::from_second(now.0.as_second() - 1).unwrap_or(now.0));
        let members = people.iter().map(|(person, key)| member(None, person, *key, founded));
        let name = match self.policy().department.trim() {
            "" => people.first().map_or_else(String::new, |(person, _)| person.ori.clone()),
            name => name.to_owned(),
        };
        let people_of = members.collect::<Outcome<_>>()?;
        let own = workstation(&vault.card(say!("workstation-first")), founded)?;
        let draft = RosterDraft {
            name: name.clone(),
            people: people_of,
            workstations: vec![own],
            // By the kit a lost machine's vault is opened again.
            escrow: vec![escrow::recovery_kit(&secret, founded.day())],
            ..RosterDraft::default()
        };
        let first = Chain::first(&root, draft, founded).map_err(refused)?;
        let first = first.signed(vec![first.sign(&secret)]).map_err(refused)?;
        let chain = Chain::read(&root, &[&first]).map_err(refused)?;
        let second = chain.next_policy(self.policy_in_force().text.clone(), now).map_err(refused)?;
        let mut documents = vec![first];
        let enough = chain.signers(&second).count;
        if signers.len() >= enough {
            let signatures = signers.iter().take(enough).map(|key| second.sign(key)).collect();
            documents.push(second.signed(signatures).map_err(refused)?);
        }
        let by = people.first().map(|(person, _)| person.reference());
        vault.found(&root, &documents, by.as_ref(), now)?;
        Ok(relay::kit::text(&name, &secret, &now.day().to_string()))
    }

    /// An earlier program's vault becomes a department's once each of its administrators has a key: at the sign-in of one of them,
    /// who gets the recovery kit to put away.
    pub(crate) fn found_later(&self, entered: &mut Entered) -> Outcome<()> {
        let now = SystemClock.now();
        self.at_entrance(|entrance, slot| {
            let Some(vault) = slot.as_mut().filter(|vault| vault.department().is_none()) else { return Ok(()) };
            let doors = entrance.people()?;
            let key = |id| doors.iter().find(|known| known.person.id == id).and_then(|known| known.key);
            let people: Vec<_> = vault.people()?.into_iter().map(|person| (key(person.id), person)).collect();
            let administers = |person: &Person| person.may_administer().is_ok();
            let without = people.iter().any(|(key, person)| administers(person) && key.is_none());
            let own = people.iter().any(|(_, person)| person.id == entered.person().id && administers(person));
            if without || !own {
                return Ok(());
            }
            let people: Vec<_> = people.into_iter().map(|(key, person)| (person, key)).collect();
            let signers: Vec<SigningKey> = entered.signing().into_iter().collect();
            let kit = vault.act(|v| self.found(v, &people, &signers, now))?;
            vault.keep_highest_seen(&SecretService)?;
            Ok(entrance.give_kit(entered, &kit)?)
        })
    }

    /// The version in which `person` is as they shall be, signed by `signers`. None without a department.
    pub(crate) fn next_with(
        &self,
        vault: &Vault,
        person: &Person,
        key: Option<PublicKey>,
        signers: &[SigningKey],
    ) -> Outcome<Option<String>> {
        next_roster(vault, signers, |draft, now| {
            let before = draft.people.iter().find(|member| member.person.id == person.id).cloned();
            let changed = member(before.as_ref(), person, key, now)?;
            draft.people.retain(|member| member.person.id != person.id);
            draft.people.push(changed);
            Ok(())
        })
    }

    /// Changes the department's roster: signed by whoever is signed in and by who confirms it, brought to the relay where there is
    /// one, then taken in here.
    fn amend(
        &self,
        second: Option<&Confirming>,
        what: &str,
        change: impl FnOnce(&mut RosterDraft, Moment) -> Outcome<()>,
    ) -> Outcome<()> {
        let admin = self.person()?;
        admin.may_administer()?;
        self.catch_up()?;
        let signers = self.signers(second, what)?;
        let document = self.with(|v| next_roster(v, &signers, change))?;
        self.take_up(document.as_deref(), &admin.reference())
    }

    /// The keys of whoever is signed in and of the administrator who confirms `what`.
    pub(crate) fn signers(&self, second: Option<&Confirming>, what: &str) -> Outcome<Vec<SigningKey>> {
        let mut keys = vec![self.own_key()?];
        if let Some(by) = second {
            let second = self.with(|v| Ok(v.person(by.person)?))?;
            second.may_administer()?;
            keys.extend(self.confirmed_by(&second.reference(), &by.passphrase, &by.shown, what)?.signing());
        }
        Ok(keys)
    }

    /// Brings a version that was signed here to the relay, and takes it in.
    fn take_up(&self, document: Option<&str>, by: &PersonRef) -> Outcome<()> {
        let Some(document) = document else { return Ok(()) };
        self.publish(document)?;
        self.with(|v| {
            v.extend(document, Some(by), SystemClock.now())?;
            Ok(v.keep_highest_seen(&SecretService)?)
        })
    }

    /// Lets a workstation into the department, by the card that its administrator read out.
    pub fn let_in_workstation(&self, card: &str, second: Option<&Confirming>) -> Outcome<()> {
        let card = vault::read_card(card).map_err(VaultError::from)?;
        let own = self.with(|v| Ok(v.card(say!("workstation-first"))))?;
        self.amend(second, "workstation-confirmed", |draft, now| {
            // A workstation of an earlier program is not in its own roster.
            for card in [&own, &card] {
                if draft.workstations.iter().all(|known| known.signs.key().to_string() != card.signs) {
                    draft.workstations.push(workstation(card, now)?);
                }
            }
            Ok(())
        })?;
        self.exchange_due.notify_one();
        Ok(())
    }

    /// Takes a workstation out of the department, by its key: one that was stolen, or is not used any more.
    pub fn take_out_workstation(&self, key: &str, second: Option<&Confirming>) -> Outcome<()> {
        if self.with(|v| Ok(v.card("").signs))? == key {
            return Err(CommandError::new("workstation", say!("workstation-not-own-out")));
        }
        self.amend(second, "workstation-confirmed", |draft, _| {
            let before = draft.workstations.len();
            draft.workstations.retain(|known| known.signs.key().to_string() != key);
            match draft.workstations.len() < before {
                true => Ok(()),
                false => Err(VaultError::from(PackageError::NoSuchWorkstation).into()),
            }
        })
    }

    /// Takes a person out of the department: what they signed stays theirs, and they sign nothing more.
    pub fn take_out_person(&self, id: PersonId, second: Option<&Confirming>) -> Outcome<()> {
        if self.person()?.id == id {
            return Err(CommandError::new("person", say!("workstation-not-yourself-out")));
        }
        self.with(|v| Ok(v.person(id)?))?;
        self.amend(second, "person-confirmed", |draft, _| {
            draft.people.retain(|member| member.person.id != id);
            Ok(())
        })?;
        self.dismiss_gone()
    }

    /// The key with which whoever is signed in signs.
    pub(crate) fn own_key(&self) -> Outcome<SigningKey> {
        self.in_session(|session| session.entered.signing().ok_or_else(signed_out))
    }

    /// An administrator signs the policy that is in force here, with a second one where there are two.
    pub fn sign_policy(&self, second: Option<&Confirming>) -> Outcome<()> {
        let admin = self.person()?;
        admin.may_administer()?;
        self.catch_up()?;
        let keys = self.signers(second, "policy-confirmed")?;
        let document = self.with(|v| {
            let chain = v.department().ok_or_else(|| CommandError::from(VaultError::Unknown("department")))?;
            let now = after(chain.newest().made_at(), SystemClock.now());
            signed(&chain.next_policy(self.policy_in_force().text.clone(), now).map_err(refused)?, &keys)
        })?;
        self.take_up(Some(&document), &admin.reference())?;
        self.hold_provider(&admin.reference())
    }

    /// The recovery kit that whoever is signed in has to put away.
    pub fn recovery_kit(&self) -> Outcome<String> {
        self.in_session(|session| match session.entered.due() {
            Some(Due::RecoveryKit) => Ok(session.entered.kit().to_owned()),
            _ => Err(VaultError::Unknown("kit").into()),
        })
    }

    /// They have it: its last three groups are typed back from what they put away. It is kept here no longer.
    pub fn recovery_kit_kept(&self, typed: &Enclosed) -> Outcome<()> {
        let typed = self.envelope.open(typed)?;
        self.in_session(|session| {
            if !relay::kit::ends_with(session.entered.kit(), &typed) {
                return Err(CommandError::new("recovery-kit", say!("workstation-another-kit")));
            }
            let entered = &mut session.entered;
            self.at_entrance(|entrance, _| Ok(entrance.kit_kept(entered, SystemClock.now())?))
        })?;
        self.state_own_door()
    }
}
