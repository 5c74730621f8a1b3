//! People, keys and documents for the tests, written without the program: as plain JSON, and signed here.
//!
//! Every key is made from a public text. None of them may be used for anything else.

use std::collections::BTreeMap;
use std::sync::Mutex;

use bech32::{Bech32, Hrp};
use department::{KeySpan, Member, Moment, Person, PersonId, PublicKey, Role, Training};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The department's root key.
pub const ROOT: u32 = 0;
/// The root key of another department.
pub const STRANGER: u32 = 9_000;

/// A key by its number; made once.
fn pair(n: u32) -> (SigningKey, PublicKey) {
    static MADE: Mutex<BTreeMap<u32, (SigningKey, PublicKey)>> = Mutex::new(BTreeMap::new());
    let make = || {
        let seed = Sha256::digest(format!("corroborate test key {n}, not for use"));
        let secret = SigningKey::from_bytes(&seed.into());
        let public = PublicKey::of(&secret);
        (secret, public)
    };
    MADE.lock().unwrap().entry(n).or_insert_with(make).clone()
}

pub fn secret(n: u32) -> SigningKey {
    pair(n).0
}

pub fn public(n: u32) -> PublicKey {
    pair(n).1
}

/// Hours after the first day of the tests.
pub fn hour(n: i64) -> Moment {
    Moment("2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap() + jiff::SignedDuration::from_hours(n))
}

/// The day `n` days after the first one.
pub fn day(n: i64) -> department::Day {
    hour(24 * n).day()
}

pub fn recipient(n: u32) -> String {
    let mut text = String::new();
    let hrp = Hrp::parse("age").unwrap();
    bech32::encode_to_fmt::<Bech32, String>(&mut text, hrp, &Sha256::digest(format!("recipient {n}"))).unwrap();
    text
}

/// A key in an entry: its number, first and last day.
#[derive(Debug, Clone, PartialEq)]
pub struct Key(pub u32, pub i64, pub Option<i64>);

/// Somebody's entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: u32,
    pub name: String,
    pub badge: String,
    pub roles: Vec<Role>,
    pub trained: Option<(i64, u8)>,
    pub keys: Vec<Key>,
}

/// Person `n` with key `n`, whose training was passed on the first day.
pub fn entry(n: u32, roles: &[Role]) -> Entry {
    let trained = roles.contains(&Role::Examiner).then_some((0, 90));
    let (name, badge) = (format!("Person {n}"), format!("{}", 4000 + n));
    Entry { id: n, name, badge, roles: roles.to_vec(), trained, keys: vec![Key(n, 0, None)] }
}

impl Entry {
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub fn person_id(&self) -> PersonId {
        PersonId(uuid::Uuid::from_u128(u128::from(self.id)))
    }

    pub fn value(&self) -> Value {
        let mut keys: Vec<Value> = Vec::new();
        let mut sorted = self.keys.clone();
        sorted.sort_by_key(|key| public(key.0));
        for Key(n, from, until) in sorted {
            keys.push(json!({ "from": day(from), "key": public(n), "until": until.map(day) }));
        }
        let mut roles = self.roles.clone();
        roles.sort();
        let trained = self.trained.map(
            |(on, result)| json!({ "completed_on": day(on), "course": "Facial comparison", "proficiency": result }),
        );
        json!({
            "agency": "CA0190000", "badge": self.badge, "id": self.person_id(), "keys": keys, "name": self.name,
            "roles": roles, "training": trained,
        })
    }

    pub fn member(&self) -> Member {
        let training = self.trained.map(|(on, proficiency)| Training {
            course: "Facial comparison".to_owned(),
            completed_on: day(on),
            proficiency,
        });
        let person = Person {
            id: self.person_id(),
            name: self.name.clone(),
            badge: self.badge.clone(),
            ori: "CA0190000".to_owned(),
            roles: self.roles.clone(),
            training,
            added_by: None,
        };
        let span = |key: &Key| KeySpan::new(public(key.0), day(key.1), key.2.map(day)).unwrap();
        Member { person, keys: self.keys.iter().map(span).collect() }
    }
}

pub fn canonical(value: &Value) -> String {
    serde_json_canonicalizer::to_string(value).unwrap()
}

pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The text of a version with these people, and a workstation, a witness, an auditor's and an escrow key beside them.
pub fn roster(version: u32, previous: Option<&str>, made: i64, people: &[Entry]) -> Value {
    let mut people = people.to_vec();
    people.sort_by_key(|entry| entry.id);
    json!({
        "auditors": [{ "from": day(0), "name": "Auditors", "receives": recipient(3), "until": null }],
        "department": public(ROOT),
        "escrow": [{ "from": day(0), "name": "Safe of the county clerk", "receives": recipient(2), "until": null }],
        "made_at": hour(made),
        "name": "Police of Nowhere",
        "people": people.iter().map(Entry::value).collect::<Vec<_>>(),
        "previous": previous,
        "schema": "corroborate/roster/v1",
        "version": version,
        "witnesses": [{ "from": day(0), "name": "witness.example/1", "signs": public(8_001), "until": null }],
        "workstations": [
            { "from": day(0), "name": "Robbery 2", "receives": recipient(1), "signs": public(8_000), "until": null },
        ],
    })
}

pub fn policy(version: u32, previous: &str, made: i64, text: &str) -> Value {
    json!({
        "department": public(ROOT), "made_at": hour(made), "previous": previous, "schema": "corroborate/policy/v1",
        "text": text, "version": version,
    })
}

pub fn sign(context: &str, text: &str, key: u32) -> String {
    hex::encode(secret(key).sign(format!("{context}\n{text}").as_bytes()).to_bytes())
}

/// A document around a text, whatever it says.
pub fn enveloped(context: &str, text: &str, signers: &[u32]) -> String {
    let mut signers = signers.to_vec();
    signers.sort_by_key(|n| public(*n));
    let signatures: Vec<Value> =
        signers.iter().map(|n| json!({ "key": public(*n), "signature": sign(context, text, *n) })).collect();
    canonical(&json!({ "signatures": signatures, "text": text }))
}

/// The document of a version.
pub fn signed(version: &Value, signers: &[u32]) -> String {
    let context = version["schema"].as_str().unwrap_or_default();
    enveloped(context, &canonical(version), signers)
}

/// The text inside a document.
pub fn text_of(document: &str) -> String {
    serde_json::from_str::<Value>(document).unwrap()["text"].as_str().unwrap().to_owned()
}

/// The hash that the next version names.
pub fn hash_of(document: &str) -> String {
    sha256(&text_of(document))
}

/// What a statement says.
#[derive(Debug, Clone)]
pub struct Said {
    pub kind: &'static str,
    pub at: i64,
    pub key: u32,
    pub person: u32,
    pub roster: (u32, String),
    pub payload: Value,
}

impl Said {
    pub fn value(&self) -> Value {
        json!({
            "at": hour(self.at), "key": public(self.key), "payload": self.payload,
            "person": uuid::Uuid::from_u128(u128::from(self.person)), "roster_sha256": self.roster.1,
            "roster_version": self.roster.0, "schema": format!("corroborate/{}/v1", self.kind),
        })
    }

    /// The file, signed by `by`.
    pub fn signed(&self, by: u32) -> String {
        let value = self.value();
        stated(value["schema"].as_str().unwrap(), &canonical(&value), by)
    }
}

/// A statement's file around a text, whatever it says.
pub fn stated(context: &str, text: &str, by: u32) -> String {
    canonical(&json!({ "signature": sign(context, text, by), "text": text }))
}

/// SplitMix64: one seed, one history.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}
