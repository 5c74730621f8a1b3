//! The chain of the department's versions, from the root key to the newest: numbers, predecessors, dates, keys that never
//! change hands, and the signatures of whoever administered before. Everything else that the department says is believed
//! because of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::{Body, Document, PolicyText, Signature, Version};
use crate::person::one_badge;
use crate::place::Place;
use crate::roster::Owner;
use crate::text::gist;
use crate::{Day, KeySpan, Moment, PersonId, PublicKey, Refusal, Role, Roster, RosterDraft};

/// Versions that were proven from the root on. One exists only as the value of [`Chain::read`] and [`Chain::extended_by`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    root: PublicKey,
    links: Vec<Link>,
    lives: BTreeMap<PublicKey, Life>,
}

/// A version in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub version: Version,
    pub signed_by: SignedBy,
    /// Where the roster lies that is in force from here on.
    roster: usize,
    /// Where the policy lies, once there is one.
    policy: Option<usize>,
}

/// A version of a chain, with the roster and the policy that are in force from there on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce<'c> {
    chain: &'c Chain,
    at: usize,
}

/// Who signed a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignedBy {
    /// Administrators of the version before.
    pub administrators: Vec<PersonId>,
    /// Whether the recovery key did.
    pub recovery: bool,
}

/// Who must sign the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signers {
    /// How many administrators; none where only the recovery key may.
    pub count: usize,
    /// Whose signature does not count, since they would no longer administer.
    pub except: Vec<PersonId>,
    /// Whether the recovery key may sign in their place.
    pub recovery: bool,
}

/// A key from its first version on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Life {
    pub owner: Owner,
    from: Day,
    pub until: Option<Day>,
    /// When it was taken out of the roster.
    pub gone: Option<Moment>,
}

/// The newest version that somebody saw, to be kept where a chain cannot be put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HighestSeen {
    /// The department's root key, in hexadecimal.
    pub department: String,
    /// Its number.
    pub version: u32,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

impl<'c> InForce<'c> {
    pub(crate) fn new(chain: &'c Chain, at: usize) -> Self {
        Self { chain, at }
    }

    fn link(self) -> &'c Link {
        self.chain.link(self.at)
    }

    /// The version itself.
    pub fn version(self) -> &'c Version {
        &self.link().version
    }

    /// Its number, from 1.
    pub fn number(self) -> u32 {
        self.version().number()
    }

    /// SHA-256 of its text, in hexadecimal.
    pub fn sha256(self) -> &'c str {
        self.version().sha256()
    }

    /// From when on it is in force.
    pub fn made_at(self) -> Moment {
        self.version().made_at()
    }

    /// Who signed it.
    pub fn signed_by(self) -> &'c SignedBy {
        &self.link().signed_by
    }

    /// The roster in force.
    pub fn roster(self) -> &'c Roster {
        self.chain.roster_at(self.at)
    }

    /// The policy in force, once there is one.
    pub fn policy(self) -> Option<&'c PolicyText> {
        self.chain.policy_at(self.at)
    }

    /// The version before.
    pub fn before(self) -> Option<Self> {
        self.at.checked_sub(1).map(|at| Self { at, ..self })
    }

    /// Versions after this one, oldest first.
    pub fn later(self) -> impl Iterator<Item = Self> {
        (self.number() + 1..).map_while(move |number| self.chain.version(number))
    }
}

impl Chain {
    /// The newest version.
    pub fn newest(&self) -> InForce<'_> {
        InForce::new(self, self.links().len() - 1)
    }

    /// A version by its number.
    pub fn version(&self, number: u32) -> Option<InForce<'_>> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        (at < self.links().len()).then(|| InForce::new(self, at))
    }

    /// Reads a department's documents, version 1 first and none left out.
    ///
    /// # Errors
    /// Why the first that does not hold is refused.
    pub fn read<B: AsRef<[u8]>>(root: &PublicKey, documents: &[B]) -> Result<Self, Refusal> {
        let mut chain = Self { root: *root, links: Vec::new(), lives: BTreeMap::new() };
        for bytes in documents {
            chain.take(bytes.as_ref(), false)?;
        }
        if chain.links.is_empty() { Err(Refusal::NoDocuments) } else { Ok(chain) }
    }

    /// The chain with what comes next. Versions that it has already are passed over.
    ///
    /// # Errors
    /// Why the first that does not hold is refused; a second version of a number, signed as well, is [`Refusal::Fork`].
    pub fn extended_by<B: AsRef<[u8]>>(&self, documents: &[B]) -> Result<Self, Refusal> {
        let mut chain = self.clone();
        for bytes in documents {
            chain.take(bytes.as_ref(), true)?;
        }
        Ok(chain)
    }

    /// Refuses a chain that is older than, or another than, what was seen.
    ///
    /// # Errors
    /// [`Refusal::Rollback`], [`Refusal::Fork`], [`Refusal::OtherDepartment`].
    pub fn not_before(self, seen: &HighestSeen) -> Result<Self, Refusal> {
        if seen.department != self.root.to_string() {
            return Err(Refusal::OtherDepartment { found: self.root.to_string() });
        }
        match self.version(seen.version) {
            None => Err(Refusal::Rollback { seen: seen.version, found: self.newest().number() }),
            Some(version) if version.sha256() != seen.sha256 => Err(Refusal::Fork {
                number: seen.version,
                one: seen.sha256.clone(),
                other: version.sha256().to_owned(),
            }),
            Some(_) => Ok(self),
        }
    }

    /// What to keep of it for [`Chain::not_before`].
    pub fn highest_seen(&self) -> HighestSeen {
        let newest = self.newest();
        let sha256 = newest.sha256().to_owned();
        HighestSeen { department: self.root.to_string(), version: newest.number(), sha256 }
    }

    /// The department's root key: its identity, and the key that recovers it.
    pub fn root(&self) -> &PublicKey {
        &self.root
    }

    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    pub(crate) fn link(&self, at: usize) -> &Link {
        &self.links[at]
    }

    pub(crate) fn roster_at(&self, at: usize) -> &Roster {
        match self.links[self.links[at].roster].version.body() {
            Body::Roster(roster) => roster,
            // `admit` sets the place of a roster only.
            Body::Policy(_) => unreachable!(),
        }
    }

    pub(crate) fn policy_at(&self, at: usize) -> Option<&PolicyText> {
        match self.links[self.links[at].policy?].version.body() {
            Body::Policy(policy) => Some(policy),
            Body::Roster(_) => None,
        }
    }

    pub(crate) fn life(&self, key: &PublicKey) -> Option<&Life> {
        self.lives.get(key)
    }

    /// Version 1 of a department whose root key is `root`, to be signed by that key.
    ///
    /// # Errors
    /// The rule that the roster breaks.
    pub fn first(root: &PublicKey, draft: RosterDraft, made_at: Moment) -> Result<Version, Refusal> {
        Version::roster(Place { department: *root, number: 1, previous: None, made_at }, draft)
    }

    fn place(&self, made_at: Moment) -> Result<Place, Refusal> {
        let newest = self.newest();
        later(newest.made_at(), made_at)?;
        let previous = Some(newest.sha256().to_owned());
        Ok(Place { department: self.root, number: newest.number() + 1, previous, made_at })
    }

    /// The next roster, to be signed as [`Chain::signers`] says.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn next_roster(&self, draft: RosterDraft, made_at: Moment) -> Result<Version, Refusal> {
        let version = Version::roster(self.place(made_at)?, draft)?;
        self.follows(&version)?;
        Ok(version)
    }

    /// The next policy, to be signed as [`Chain::signers`] says.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn next_policy(&self, text: String, made_at: Moment) -> Result<Version, Refusal> {
        Version::policy(self.place(made_at)?, text)
    }

    /// Who must sign a version that comes next.
    pub fn signers(&self, next: &Version) -> Signers {
        let all: Vec<PersonId> = self.newest().roster().administrators().map(|member| member.person.id).collect();
        let needed = all.len().min(2);
        let Body::Roster(after) = next.body() else {
            return Signers { count: needed, except: Vec::new(), recovery: false };
        };
        let stays = |id: &PersonId| after.member(*id).is_some_and(|member| member.person.is(Role::Administrator));
        let except: Vec<PersonId> = all.iter().copied().filter(|id| !stays(id)).collect();
        let count = match all.len() - except.len() {
            _ if except.is_empty() => needed,
            0 | 1 => 0,
            _ => 2,
        };
        Signers { count, except, recovery: true }
    }

    /// Takes the document that comes next; `again` passes over one that is here already.
    fn take(&mut self, bytes: &[u8], again: bool) -> Result<(), Refusal> {
        let document = Document::read(bytes)?;
        let version = &document.version;
        if *version.department() != self.root {
            return Err(Refusal::OtherDepartment { found: version.department().to_string() });
        }
        let expected = self.links.len() as u32 + 1;
        let number = version.number();
        if number == 0 || number > expected {
            return Err(Refusal::WrongNumber { expected, found: number });
        }
        if number < expected {
            let known = self.link(number as usize - 1).version.sha256().to_owned();
            if known == version.sha256() {
                return if again { Ok(()) } else { Err(Refusal::WrongNumber { expected, found: number }) };
            }
            // It is a fork only if it would hold in the other's place: anybody can write another version 7.
            let other = version.sha256().to_owned();
            self.until(number - 1).admit(document)?;
            return Err(Refusal::Fork { number, one: known, other });
        }
        self.admit(document)
    }

    /// The chain as it was when `count` versions were known.
    fn until(&self, count: u32) -> Self {
        let mut chain = Self { root: self.root, links: Vec::new(), lives: BTreeMap::new() };
        for link in self.links.iter().take(count as usize) {
            chain.live(&link.version);
            chain.links.push(link.clone());
        }
        chain
    }

    fn admit(&mut self, document: Document) -> Result<(), Refusal> {
        let Document { version, signatures } = document;
        let number = version.number();
        let last = self.links.last();
        if version.previous() != last.map(|link| link.version.sha256()) {
            return Err(Refusal::WrongPredecessor { number });
        }
        if let Some(last) = last {
            later(last.version.made_at(), version.made_at())?;
        }
        self.follows(&version)?;
        let signed_by = self.signed(&version, &signatures)?;
        let at = self.links.len();
        let (roster, policy) = match (version.body(), self.links.last()) {
            (Body::Roster(_), last) => (at, last.and_then(|last| last.policy)),
            (Body::Policy(_), Some(last)) => (last.roster, Some(at)),
            (Body::Policy(_), None) => return Err(Refusal::NoAdministrator),
        };
        self.live(&version);
        self.links.push(Link { version, signed_by, roster, policy });
        Ok(())
    }

    /// What a roster may change of the one before.
    fn follows(&self, version: &Version) -> Result<(), Refusal> {
        let Body::Roster(after) = version.body() else { return Ok(()) };
        let today = version.made_at().day();
        for (span, owner) in after.signing() {
            if let Some(life) = self.lives.get(span.key()) {
                life.continued(span, owner, today)?;
            }
        }
        if self.links.is_empty() {
            return Ok(());
        }
        for member in self.newest().roster().people() {
            let before = &member.person;
            let Some(now) = after.member(before.id).map(|member| &member.person) else { continue };
            if gist(&now.name) != gist(&before.name) && one_badge(now) != one_badge(before) {
                return Err(Refusal::PersonSwapped { name: before.name.clone() });
            }
        }
        Ok(())
    }

    /// Keeps how long keys live.
    fn live(&mut self, version: &Version) {
        let Body::Roster(roster) = version.body() else { return };
        let mut present = std::collections::BTreeSet::new();
        for (span, owner) in roster.signing() {
            present.insert(*span.key());
            let (from, until) = (span.from(), span.until());
            self.lives.insert(*span.key(), Life { owner, from, until, gone: None });
        }
        for (key, life) in &mut self.lives {
            if !present.contains(key) && life.gone.is_none() {
                life.gone = Some(version.made_at());
            }
        }
    }

    /// Who signed, where that is enough.
    fn signed(&self, version: &Version, signatures: &[Signature]) -> Result<SignedBy, Refusal> {
        let policy = matches!(version.body(), Body::Policy(_));
        let before = (!self.links.is_empty()).then(|| self.newest());
        let mut by = SignedBy::default();
        for Signature { key, signature } in signatures {
            if *key == self.root {
                if policy {
                    return Err(Refusal::RecoveryKeyForPolicy);
                }
                if by.recovery {
                    return Err(Refusal::SignedTwice { name: key.to_string() });
                }
                key.verify(version.context(), version.text(), signature)?;
                by.recovery = true;
                continue;
            }
            let unknown = || Refusal::NotAnAdministrator { key: key.to_string(), number: version.number().max(1) - 1 };
            let before = before.ok_or_else(unknown)?;
            let (member, span) = before.roster().holder(key).ok_or_else(unknown)?;
            if !member.person.is(Role::Administrator) {
                return Err(unknown());
            }
            counts(span, version.made_at().day())?;
            if by.administrators.contains(&member.person.id) {
                return Err(Refusal::SignedTwice { name: member.person.name.clone() });
            }
            key.verify(version.context(), version.text(), signature)?;
            by.administrators.push(member.person.id);
        }
        if by.recovery {
            return Ok(by);
        }
        let Some(before) = before else { return Err(Refusal::TooFewSignatures { needed: 1, found: 0 }) };
        let needed = before.roster().administrators().count().min(2);
        if by.administrators.len() < needed {
            return Err(Refusal::TooFewSignatures { needed, found: by.administrators.len() });
        }
        let Signers { except, .. } = self.signers(version);
        let others = by.administrators.iter().filter(|id| !except.contains(id)).count();
        match except.first().and_then(|id| before.roster().member(*id)) {
            Some(removed) if others < 2 => Err(Refusal::RemovalNeedsOthers { name: removed.person.name.clone() }),
            _ => Ok(by),
        }
    }
}

/// # Errors
/// [`Refusal::DatesOutOfOrder`] unless `after` comes after `before`.
fn later(before: Moment, after: Moment) -> Result<(), Refusal> {
    if after > before {
        return Ok(());
    }
    let what = "made_at".to_owned();
    Err(Refusal::DatesOutOfOrder { what, earlier: before.0.to_string(), later: after.0.to_string() })
}

/// Whether a key counts on `day`.
///
/// # Errors
/// [`Refusal::KeyNotYet`], [`Refusal::KeyEnded`].
pub(crate) fn counts(span: &KeySpan, day: Day) -> Result<(), Refusal> {
    let key = || span.key().to_string();
    match span.until() {
        _ if day < span.from() => Err(Refusal::KeyNotYet { key: key(), from: span.from().to_string() }),
        Some(until) if until < day => Err(Refusal::KeyEnded { key: key(), ended: until.to_string() }),
        _ => Ok(()),
    }
}

impl Life {
    /// Whether a key may stand in a roster of `today` as it does.
    fn continued(&self, span: &KeySpan, owner: Owner, today: Day) -> Result<(), Refusal> {
        let key = || span.key().to_string();
        if self.owner != owner {
            return Err(Refusal::KeyOfAnother { key: key() });
        }
        let ended = self.until.is_some_and(|until| until < today);
        let extended = match (self.until, span.until()) {
            (Some(before), Some(now)) => now > before,
            (before, now) => before.is_some() && now.is_none(),
        };
        if self.gone.is_some() || (ended && extended) {
            return Err(Refusal::KeyCameBack { key: key() });
        }
        if self.from != span.from() {
            return Err(Refusal::KeyBeginsOtherwise { key: key() });
        }
        Ok(())
    }
}
