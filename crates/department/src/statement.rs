//! What a person of the department signs: a payload of one kind, with the person's key, the roster that they knew, and the
//! moment that they claim.

use ed25519_dalek::SigningKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::schema;
use crate::key::{message, sign};
use crate::strict::{self, canonical, fields, sha256};
use crate::{Acting, Chain, Day, InForce, Member, Moment, PersonId, PublicKey, Refusal};

/// Largest statement, in bytes.
pub const MOST_STATEMENT: usize = 64 << 20;

/// A kind of statement: its name stands in what is signed, so that no statement stands for one of another kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind(String);

impl Kind {
    /// A kind, such as `note` or `review`: small letters, digits and hyphens, a letter first, at most 40.
    ///
    /// # Errors
    /// [`Refusal::KindUnfit`], also for the kinds of the department's own documents.
    pub fn new(name: &str) -> Result<Self, Refusal> {
        let fits = name.len() <= 40
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !["roster", "policy"].contains(&name);
        if fits { Ok(Self(name.to_owned())) } else { Err(Refusal::KindUnfit { kind: name.chars().take(80).collect() }) }
    }

    /// What stands before a statement of this kind when it is signed, and its schema.
    pub fn context(&self) -> String {
        format!("corroborate/{}/v1", self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementText {
    at: Moment,
    key: String,
    payload: Value,
    person: PersonId,
    roster_sha256: String,
    roster_version: u32,
    schema: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementFile {
    signature: String,
    text: String,
}

/// A statement whose signature is that of the key it names. Whether that key may say it is asked by [`Chain::verify`].
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    kind: Kind,
    key: PublicKey,
    person: PersonId,
    roster: (u32, String),
    at: Moment,
    payload: Value,
    text: String,
    signature: String,
}

/// A statement before it is signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsigned {
    kind: Kind,
    key: PublicKey,
    text: String,
}

/// What is known of the moment of a statement besides what it says itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing: whoever signed it claims a moment.
    Claimed,
    /// A ledger held it by this moment, as a witness' cosignature says. Whoever gives it has checked the proof.
    LoggedBy(Moment),
}

/// When a statement was signed, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// By the signer's word alone; it names a version that was made at `not_before`, by its administrators' word.
    Claimed {
        /// What the signer says.
        at: Moment,
        /// When the version that it names was made.
        not_before: Moment,
    },
    /// Between the version that it names and the ledger; the moment itself is still the signer's word.
    Bounded {
        /// What the signer says.
        at: Moment,
        /// When the version that it names was made.
        not_before: Moment,
        /// When the ledger held it.
        not_after: Moment,
    },
}

/// What whoever reads a statement that holds should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caveat {
    /// The signer knew an older version than the one in force at the moment claimed. By both they could say it.
    NewerInForce {
        /// The version in force.
        in_force: u32,
    },
    /// By a later version they could no longer say it: the key, the role or the training was taken away.
    EndedSince {
        /// The first such version.
        version: u32,
        /// Whether the ledger held the statement before that version was made. If not, only the signer's word says that
        /// it was signed before.
        proven: bool,
    },
    /// The key has a last day.
    KeyEnds {
        /// That day.
        on: Day,
        /// Whether the ledger held the statement by its end.
        proven: bool,
    },
}

/// A statement that somebody of the department could make at the moment that it claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified<'c, 's> {
    member: &'c Member,
    in_force: InForce<'c>,
    timing: Timing,
    caveats: Vec<Caveat>,
    statement: &'s Statement,
}

impl Unsigned {
    /// The key that shall sign it.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The canonical text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes that a key signs, for whoever keeps the key elsewhere (RFC 8032, Ed25519).
    pub fn message(&self) -> Vec<u8> {
        message(&self.kind.context(), &self.text)
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`Refusal::SignatureWrong`] where `secret` is another key's.
    pub fn sign(&self, secret: &SigningKey) -> Result<Statement, Refusal> {
        self.signed(&sign(secret, &self.kind.context(), &self.text))
    }

    /// Takes a signature that was made elsewhere, in hexadecimal.
    ///
    /// # Errors
    /// Why it does not fit.
    pub fn signed(&self, signature: &str) -> Result<Statement, Refusal> {
        Statement::opened(&self.kind, &self.text, signature)
    }
}

impl Chain {
    /// A statement to be signed by `key`, naming the version in force at `at`.
    ///
    /// # Errors
    /// Why the key could not say it then; [`Refusal::Malformed`] for a payload with a number that would lose digits.
    pub fn state(
        &self,
        kind: &Kind,
        payload: &impl Serialize,
        key: &PublicKey,
        acting: Acting<'_>,
        at: Moment,
    ) -> Result<Unsigned, Refusal> {
        let person = self.may(key, acting, at)?.person.id;
        let then = self.at(at).ok_or_else(|| Refusal::NoRosterThen { at: at.0.to_string() })?;
        let payload = serde_json::to_value(payload).map_err(|e| Refusal::Malformed { what: e.to_string() })?;
        let text = canonical(&StatementText {
            at,
            key: key.to_string(),
            payload,
            person,
            roster_sha256: then.sha256().to_owned(),
            roster_version: then.number(),
            schema: kind.context(),
        })?;
        Ok(Unsigned { kind: kind.clone(), key: *key, text })
    }

    /// Whether a statement could be made by its key at the moment that it claims.
    ///
    /// # Errors
    /// Why not: a version that is not this chain's, a moment before that version or after the ledger had it, another
    /// person's key, or what [`Chain::may`] says of that moment.
    pub fn verify<'c, 's>(
        &'c self,
        statement: &'s Statement,
        acting: Acting<'_>,
        known: Known,
    ) -> Result<Verified<'c, 's>, Refusal> {
        let (number, sha256) = (statement.roster.0, &statement.roster.1);
        let (at, key) = (statement.at, &statement.key);
        let newest = self.newest().number();
        let named = self.version(number).ok_or(Refusal::NoSuchVersion { number, newest })?;
        if named.sha256() != sha256 {
            return Err(Refusal::OtherRoster { number });
        }
        let not_before = named.made_at();
        if at < not_before {
            let (at, made_at) = (at.0.to_string(), not_before.0.to_string());
            return Err(Refusal::BeforeItsVersion { at, number, made_at });
        }
        let logged = match known {
            Known::Claimed => None,
            Known::LoggedBy(logged) if logged < at => {
                return Err(Refusal::AfterTheLog { at: at.0.to_string(), logged: logged.0.to_string() });
            }
            Known::LoggedBy(logged) => Some(logged),
        };
        let member = self.may(key, acting, at)?;
        let knew = named.allows(key, acting, at)?;
        if [member, knew].iter().any(|member| member.person.id != statement.person) {
            return Err(Refusal::AnotherPerson { named: statement.person.to_string() });
        }
        let in_force = self.at(at).ok_or_else(|| Refusal::NoRosterThen { at: at.0.to_string() })?;
        let mut caveats = Vec::new();
        if in_force.number() != number {
            caveats.push(Caveat::NewerInForce { in_force: in_force.number() });
        }
        if let Some(ended) = in_force.later().find(|later| later.allows(key, acting, at).is_err()) {
            let proven = logged.is_some_and(|logged| logged < ended.made_at());
            caveats.push(Caveat::EndedSince { version: ended.number(), proven });
        }
        if let Some(on) = self.life(key).and_then(|life| life.until) {
            caveats.push(Caveat::KeyEnds { on, proven: logged.is_some_and(|logged| logged.day() <= on) });
        }
        let timing = match logged {
            None => Timing::Claimed { at, not_before },
            Some(not_after) => Timing::Bounded { at, not_before, not_after },
        };
        Ok(Verified { member, in_force, timing, caveats, statement })
    }
}

impl Statement {
    /// Reads a statement of `kind`: one form, and signed by the key that it names.
    ///
    /// # Errors
    /// What keeps it from being one.
    pub fn read(bytes: &[u8], kind: &Kind) -> Result<Self, Refusal> {
        let (_, value) = strict::read(bytes, MOST_STATEMENT)?;
        let StatementFile { signature, text } = fields(value)?;
        Self::opened(kind, &text, &signature)
    }

    fn opened(kind: &Kind, text: &str, signature: &str) -> Result<Self, Refusal> {
        let (_, value) = strict::read(text.as_bytes(), MOST_STATEMENT)?;
        let context = kind.context();
        schema(&value, &[&context])?;
        let said: StatementText = fields(value)?;
        // A moment or an identity in another form is another text.
        if canonical(&said)? != text {
            return Err(Refusal::NotCanonical);
        }
        let key = PublicKey::read(&said.key)?;
        key.verify(&context, text, signature)?;
        Ok(Self {
            kind: kind.clone(),
            key,
            person: said.person,
            roster: (said.roster_version, said.roster_sha256),
            at: said.at,
            payload: said.payload,
            text: text.to_owned(),
            signature: signature.to_owned(),
        })
    }

    /// The file: what [`Statement::read`] reads.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] where it cannot be written.
    pub fn file(&self) -> Result<String, Refusal> {
        canonical(&StatementFile { signature: self.signature.clone(), text: self.text.clone() })
    }

    /// Of which kind.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// By which key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whom it names. It is believed once [`Chain::verify`] says so.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The moment that it claims.
    pub fn claims(&self) -> Moment {
        self.at
    }

    /// Number of the version that the signer knew.
    pub fn roster_version(&self) -> u32 {
        self.roster.0
    }

    /// The canonical text that was signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, in hexadecimal: what a ledger keeps.
    pub fn sha256(&self) -> String {
        sha256(&self.text)
    }

    /// The payload, as a record that has no more and no fewer fields.
    ///
    /// # Errors
    /// [`Refusal::UnknownField`], [`Refusal::Malformed`]; [`Refusal::PayloadDiffers`] where the record, written again, is
    /// another text.
    pub fn payload<T: Serialize + DeserializeOwned>(&self) -> Result<T, Refusal> {
        let record: T = fields(self.payload.clone())?;
        if canonical(&record)? == canonical(&self.payload)? { Ok(record) } else { Err(Refusal::PayloadDiffers) }
    }
}

impl<'c, 's> Verified<'c, 's> {
    /// Who said it, by the roster in force then.
    pub fn member(&self) -> &'c Member {
        self.member
    }

    /// The version in force at the moment that it claims.
    pub fn in_force(&self) -> InForce<'c> {
        self.in_force
    }

    /// When it was signed, and how that is known.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// What a reader should know besides.
    pub fn caveats(&self) -> &[Caveat] {
        &self.caveats
    }

    /// What was said.
    pub fn statement(&self) -> &'s Statement {
        self.statement
    }
}
