//! Files that leave, written without the program around the sample's records: a department, its people's keys, statements,
//! and the splices by which a vector differs from a file that holds.
//!
//! Every key is made from a public text. None of them may be used for anything else.

pub mod answers;
pub mod certificates;
pub mod disclosures;
pub mod logged;
pub mod logged_disclosures;
pub mod note_attacks;
pub mod note_claims;
pub mod notes;

use casework::samples::{at, examiner, uuid};
use casework::{Day, Person, Role, Verification};
use department::{Chain, KeySpan, Member, PublicKey, RosterDraft};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The department's root key, another department's, and those of its workstations.
pub const ROOT: u32 = 0;
pub const STRANGER: u32 = 9_000;
pub const DESK: u32 = 8_000;
/// The first key of the verifier where the department gave them another one.
pub const OLD: u32 = 102;

pub const ABOUT: &str = "Keys of these vectors are made from public texts: SHA-256 of \"corroborate test key N, not for use\" \
                         is the seed of key N. Trust nothing that they sign. Nobody in them exists.";

pub fn secret(n: u32) -> SigningKey {
    SigningKey::from_bytes(&Sha256::digest(format!("corroborate test key {n}, not for use")).into())
}

pub fn public(n: u32) -> String {
    PublicKey::of(&secret(n)).to_string()
}

pub fn canonical(value: &Value) -> String {
    serde_json_canonicalizer::to_string(value).unwrap()
}

pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

pub fn sign(context: &str, text: &str, key: u32) -> String {
    hex::encode(secret(key).sign(format!("{context}\n{text}").as_bytes()).to_bytes())
}

/// A record as a workstation signs it.
pub fn signed(record: &Value, key: u32) -> Value {
    let text = canonical(record);
    let schema = record["schema"].as_str().unwrap_or_default();
    json!({ "public_key": public(key), "sha256": sha256(&text), "signature": sign(schema, &text, key), "text": text })
}

/// Person `n`: 7 administers and reviews, 8 reviews, the others examine.
pub fn somebody(n: u128) -> Person {
    match n {
        7 => Person { roles: vec![Role::Supervisor, Role::Administrator], training: None, ..examiner(7) },
        8 => Person { roles: vec![Role::Supervisor], training: None, ..examiner(8) },
        n => examiner(n),
    }
}

fn member(n: u128, keys: Vec<KeySpan>) -> Member {
    Member { person: somebody(n), keys }
}

pub fn span(key: u32, from: &str, until: Option<&str>) -> KeySpan {
    let day = |text: &str| Day(text.parse().unwrap());
    KeySpan::new(PublicKey::of(&secret(key)), day(from), until.map(day)).unwrap()
}

/// The documents of a department with these people and a policy, and a further roster from `later` on where there is one.
pub fn documents_of(root: u32, people: &[Member], later: Option<(&str, Vec<Member>)>) -> Vec<String> {
    let draft = RosterDraft { name: "Police of Nowhere".to_owned(), people: people.to_vec(), ..RosterDraft::default() };
    documents_from(root, &draft, later)
}

/// The same of any first roster.
pub fn documents_from(root: u32, draft: &RosterDraft, later: Option<(&str, Vec<Member>)>) -> Vec<String> {
    let owner = PublicKey::of(&secret(root));
    let first = Chain::first(&owner, draft.clone(), at("2026-02-01T08:00:00Z")).unwrap();
    let mut documents = vec![first.signed(vec![first.sign(&secret(root))]).unwrap()];
    let next = |documents: &[String]| Chain::read(&owner, documents).unwrap();
    let text = include_str!("../../../../assets/policy.toml").to_owned();
    let rules = next(&documents).next_policy(text, at("2026-02-01T08:00:01Z")).unwrap();
    documents.push(rules.signed(vec![rules.sign(&secret(7))]).unwrap());
    if let Some((made, people)) = later {
        let roster = next(&documents).next_roster(RosterDraft { people, ..draft.clone() }, at(made)).unwrap();
        documents.push(roster.signed(vec![roster.sign(&secret(7))]).unwrap());
    }
    documents
}

/// Everybody, each with key `n`.
pub fn people() -> Vec<Member> {
    [1, 2, 3, 7, 8].map(|n: u32| member(n.into(), vec![span(n, "2026-01-20", None)])).into()
}

/// The department.
pub fn department() -> Vec<String> {
    documents_of(ROOT, &people(), None)
}

/// The department, in which `change` came at `made`.
pub fn changed(made: &str, change: impl FnOnce(&mut Vec<Member>)) -> Vec<String> {
    let mut later = people();
    change(&mut later);
    documents_of(ROOT, &people(), Some((made, later)))
}

/// The same, in which the verifier (person 2) got another key: [`OLD`] ended.
pub fn with_another_key() -> Vec<String> {
    let keys = |until| vec![span(OLD, "2026-01-20", until)];
    let mut before = people();
    before[1].keys = keys(None);
    let mut after = people();
    after[1].keys = [keys(Some("2026-02-20")), vec![span(2, "2026-02-21", None)]].concat();
    documents_of(ROOT, &before, Some(("2026-02-21T08:00:00Z", after)))
}

/// Who signs, with which key, when, naming which version.
#[derive(Debug, Clone)]
pub struct Hand {
    pub kind: &'static str,
    pub record: String,
    pub person: String,
    pub key: u32,
    pub at: String,
    /// The version that is named; the newest then where there is none.
    pub version: Option<usize>,
}

impl Hand {
    pub fn of(kind: &'static str, record: String, person: &Value, at: &Value) -> Self {
        let id = person["id"].as_str().unwrap_or_default().to_owned();
        let number = id.rsplit('-').next().and_then(|last| u32::from_str_radix(last, 16).ok());
        let at = at.as_str().unwrap_or_default().to_owned();
        Self { kind, record, person: id, key: number.unwrap_or_default(), at, version: None }
    }

    pub fn statement(&self, documents: &[String]) -> String {
        let text =
            |document: &String| serde_json::from_str::<Value>(document).unwrap()["text"].as_str().unwrap().to_owned();
        let texts: Vec<String> = documents.iter().map(text).collect();
        let made = |text: &String| serde_json::from_str::<Value>(text).unwrap()["made_at"].as_str().unwrap().to_owned();
        let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap_or_default();
        let newest = texts.iter().filter(|text| moment(&made(text)) <= moment(&self.at)).count().max(1);
        let version = self.version.unwrap_or(newest);
        let named = texts.get(version - 1).map_or_else(|| "0".repeat(64), |text| sha256(text));
        let context = format!("corroborate/{}/v1", self.kind);
        let said = canonical(&json!({
            "at": self.at, "key": public(self.key), "payload": { "sha256": self.record }, "person": self.person,
            "roster_sha256": named, "roster_version": version, "schema": context,
        }));
        canonical(&json!({ "signature": sign(&context, &said, self.key), "text": said }))
    }
}

/// What people sign of a note: its conclusion, verification, conference and itself.
pub fn hands_of(note: &Value) -> Vec<Hand> {
    let examination = &note["examination"];
    let mut work = examination.clone();
    for later in ["concluded_at", "unveiled_at", "changes", "verification"] {
        work.as_object_mut().unwrap().remove(later);
    }
    let mut all =
        vec![Hand::of("conclusion", sha256(&canonical(&work)), &examination["examiner"], &examination["concluded_at"])];
    let verification = &note["verification"];
    if !verification.is_null() {
        let asked = serde_json::from_value::<Verification>(verification.clone()).ok().and_then(|v| {
            let answer = v.asked.as_ref()?.answered(&v)?;
            Some(answer.sha256())
        });
        let record = asked.unwrap_or_else(|| sha256(&canonical(&verification["work"])));
        all.push(Hand::of("verification", record, &verification["verifier"], &verification["at"]));
        let conference = &verification["conference"];
        if !verification["asked"].is_null() && !conference.is_null() {
            let mut part = conference.clone();
            part.as_object_mut().unwrap().remove("confirmed_at");
            part["request"] = verification["asked"]["request"]["id"].clone();
            let record = sha256(&canonical(&part));
            for (at, moment) in [(0, "at"), (1, "confirmed_at")] {
                all.push(Hand::of("conference", record.clone(), &conference["held_by"][at], &conference[moment]));
            }
        }
    }
    for one in note["history"]["handed_over"].as_array().into_iter().flatten() {
        let kind = if one["by"] == one["from"] { "handover" } else { "reassignment" };
        all.push(Hand::of(kind, sha256(&canonical(one)), &one["by"], &one["at"]));
    }
    all.push(Hand::of("note", sha256(&canonical(note)), &note["author"], &note["sealed_at"]));
    all
}

/// Puts `value` at `pointer`, whose last field may be missing; nothing at a pointer that leads nowhere is a mistake.
pub fn put(record: &mut Value, pointer: &str, value: Value) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = record.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
    match parent {
        Value::Array(all) => all[field.parse::<usize>().unwrap()] = value,
        parent => parent[field] = value,
    }
}

/// A splice of a text: where, how many characters go, and what stands there then.
pub type Splice = (usize, usize, String);

/// By which splices `made` differs from `of`, first to last. Places count characters of `of`.
pub fn splices(of: &str, made: &str) -> Vec<Splice> {
    fn parts(text: &str) -> Vec<&str> {
        text.split_inclusive(['"', ',', '-', ':', ' ']).collect()
    }
    let (old, new) = (parts(of), parts(made));
    let same = |(one, other): &(&&str, &&str)| one == other;
    let before = old.iter().zip(&new).take_while(same).count();
    let after = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(same).count();
    let (old, tail) = old.split_at(old.len() - after);
    let (head, old) = old.split_at(before);
    let new = &new[before..new.len() - after];
    let long = |parts: &[&str]| parts.iter().map(|part| part.chars().count()).sum::<usize>();
    let mut starts = vec![long(head)];
    for part in old.iter().chain(tail) {
        starts.push(starts.last().copied().unwrap_or_default() + part.chars().count());
    }
    let mut all: Vec<Splice> = Vec::new();
    for op in similar::capture_diff_slices(similar::Algorithm::Patience, old, new) {
        let (tag, from, to) = op.as_tag_tuple();
        if tag != similar::DiffTag::Equal {
            all.push((starts[from.start], starts[from.end] - starts[from.start], new[to].concat()));
        }
    }
    if spliced(of, &all) == made {
        return all;
    }
    // Two runs that were moved past each other: one splice says the same.
    let middle = old.concat();
    vec![(starts[0], middle.chars().count(), new.concat())]
}

/// The text that splices make of another.
pub fn spliced(of: &str, splices: &[Splice]) -> String {
    let chars: Vec<char> = of.chars().collect();
    let (mut made, mut at) = (String::new(), 0);
    for (from, gone, put) in splices {
        made.extend(&chars[at..*from]);
        made += put;
        at = from + gone;
    }
    made.extend(&chars[at..]);
    made
}

pub fn id(n: u128) -> String {
    uuid(n).to_string()
}
