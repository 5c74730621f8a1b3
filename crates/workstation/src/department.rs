//! The department of this workstation: founded at its first start, changed only by versions that its administrators sign.

use catalogue::say;
use department::{Chain, KeySpan, Member, PublicKey, RosterDraft};
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use casework::{Clock, Moment, Person, PersonId, PersonRef};
use vault::{Due, Entered, SecretService, Vault, VaultError};

use crate::error::CommandError;
use crate::sign_in::signed_out;
use crate::workstation::{Blocking, Outcome, SystemClock, stopped};

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
        let name = match self.policy.department.trim() {
            "" => people.first().map_or_else(String::new, |(person, _)| person.ori.clone()),
            name => name.to_owned(),
        };
        let people_of = members.collect::<Outcome<_>>()?;
        let draft = RosterDraft { name: name.clone(), people: people_of, ..RosterDraft::default() };
        let first = Chain::first(&root, draft, founded).map_err(refused)?;
        let first = first.signed(vec![first.sign(&secret)]).map_err(refused)?;
        let chain = Chain::read(&root, &[&first]).map_err(refused)?;
        let second = chain.next_policy(self.policy_text.clone(), now).map_err(refused)?;
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

    /// Signs the roster in which `person` is as they shall be, with the keys of whoever is signed in and of who confirms, and
    /// takes it in.
    pub(crate) fn change_roster(
        &self,
        vault: &mut Vault,
        person: &Person,
        key: Option<PublicKey>,
        signers: &[SigningKey],
        (by, now): (&PersonRef, Moment),
    ) -> Outcome<()> {
        let Some(chain) = vault.department() else { return Ok(()) };
        let newest = chain.newest();
        let now = after(newest.made_at(), now);
        let mut draft = newest.roster().content().clone();
        let changed = member(newest.roster().member(person.id), person, key, now)?;
        draft.people.retain(|member| member.person.id != person.id);
        draft.people.push(changed);
        let next = chain.next_roster(draft, now).map_err(refused)?;
        let document = next.signed(signers.iter().map(|key| next.sign(key)).collect()).map_err(refused)?;
        Ok(vault.extend(&document, Some(by), now)?)
    }

    /// The key with which whoever is signed in signs.
    pub(crate) fn own_key(&self) -> Outcome<SigningKey> {
        self.in_session(|session| session.entered.signing().ok_or_else(signed_out))
    }

    /// Whether the department has signed the policy that is in force here.
    pub fn policy_is_signed(&self) -> Outcome<bool> {
        self.with(|v| {
            let Some(chain) = v.department() else { return Ok(false) };
            Ok(chain.newest().policy().is_some_and(|policy| policy.text() == self.policy_text))
        })
    }

    /// Nobody searches by rules that the department has not signed.
    ///
    /// # Errors
    /// `policy-unsigned`.
    pub(crate) fn policy_signed(&self) -> Outcome<()> {
        match self.policy_is_signed()? {
            true => Ok(()),
            false => Err(CommandError::new("policy-unsigned", say!("workstation-policy-unsigned"))),
        }
    }

    /// An administrator signs the policy that is in force here, with a second one where there are two.
    pub fn sign_policy(&self, second: Option<(PersonId, &crate::enclosed::Enclosed)>) -> Outcome<()> {
        let admin = self.person()?;
        admin.may_administer()?;
        let mut keys = vec![self.own_key()?];
        if let Some((second, passphrase)) = second {
            let second = self.with(|v| Ok(v.person(second)?))?;
            second.may_administer()?;
            let passphrase = self.envelope.open(passphrase)?;
            let entered = self.confirmed_by(&second.reference(), &passphrase, "policy-confirmed")?;
            keys.extend(entered.signing());
        }
        self.act(|v| {
            let chain = v.department().ok_or_else(|| CommandError::from(VaultError::Unknown("department")))?;
            let now = after(chain.newest().made_at(), SystemClock.now());
            let next = chain.next_policy(self.policy_text.clone(), now).map_err(refused)?;
            let document = next.signed(keys.iter().map(|key| next.sign(key)).collect()).map_err(refused)?;
            Ok(v.extend(&document, Some(&admin.reference()), now)?)
        })?;
        self.with(|v| Ok(v.keep_highest_seen(&SecretService)?))?;
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
    pub fn recovery_kit_kept(&self, typed: &crate::enclosed::Enclosed) -> Outcome<()> {
        let typed = self.envelope.open(typed)?;
        self.in_session(|session| {
            if !relay::kit::ends_with(session.entered.kit(), &typed) {
                return Err(CommandError::new("recovery-kit", say!("workstation-another-kit")));
            }
            let entered = &mut session.entered;
            self.at_entrance(|entrance, _| Ok(entrance.kit_kept(entered, SystemClock.now())?))
        })
    }
}
