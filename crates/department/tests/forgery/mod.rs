//! A department with a past, and what somebody hands in who wants around its rules.

pub mod attacks;
pub mod statements;

use department::{Acting, Chain, Kind, Known, Refusal, Role, Statement, TrainingRule};
use serde_json::{Value, json};

use crate::cast::{Chance, Entry, Key, ROOT, Said, entry, hash_of, policy, public, roster, signed};

pub const RULE: TrainingRule = TrainingRule { valid_months: 24, minimum_proficiency: 70 };
/// Keys of nobody here.
pub const FOREIGN: [u32; 3] = [7_001, 7_002, 7_003];

/// A department with a past. Administrators: 1, 2 (of whom key 12 is a second one), 5; examiner 3, whose first key ended and whose third begins later;
/// supervisor 4; 6 administered until version 3; 7 was an examiner until version 4 and lost the training with version 5.
pub struct World {
    pub documents: Vec<String>,
    pub chain: Chain,
    pub people: Vec<Entry>,
    /// Version 7 as it would be.
    pub next: Value,
}

/// What is handed in.
pub enum Attempt {
    /// After what is known.
    Next(Vec<String>),
    /// As the whole chain.
    Whole(Vec<String>),
    /// As the whole chain to somebody who has seen all of it.
    Again(Vec<String>),
    /// As a note of an examiner.
    Note(String, Known),
}

pub type Attack = (&'static str, &'static [&'static str], fn(&World, &mut Chance) -> Attempt);

impl World {
    pub fn new() -> Self {
        let administrator = |n| entry(n, &[Role::Administrator]);
        let mut people = vec![administrator(1), administrator(2), entry(3, &[Role::Examiner])];
        people.extend([entry(4, &[Role::Supervisor]), administrator(5), administrator(6), entry(7, &[Role::Examiner])]);
        people[1].keys.push(Key(12, 0, None));
        let mut documents = vec![signed(&roster(1, None, 0, &people), &[ROOT])];
        let mut add = |people: &[Entry], signers: &[u32]| {
            let number = documents.len() as u32 + 1;
            let previous = hash_of(documents.last().unwrap());
            documents.push(signed(&roster(number, Some(&previous), i64::from(number) * 24, people), signers));
        };
        people[2].keys.push(Key(13, 2, None));
        people[2].keys[0].2 = Some(3);
        people[2].keys.push(Key(23, 300, None));
        add(&people, &[1, 2]);
        people[5].roles = vec![Role::Auditor];
        add(&people, &[1, 5]);
        people[6].roles = vec![Role::Supervisor];
        add(&people, &[2, 5]);
        people[6].roles = vec![Role::Examiner];
        people[6].trained = None;
        add(&people, &[12, 5]);
        let six = policy(6, &hash_of(&documents[4]), 144, "minimum = 20\n");
        documents.push(signed(&six, &[1, 5]));
        let chain = Chain::read(&public(ROOT), &documents).unwrap();
        let mut more = people.clone();
        more.push(entry(8, &[Role::Examiner]));
        let next = roster(7, Some(&hash_of(&documents[5])), 168, &more);
        Self { documents, chain, people, next }
    }

    /// The same with a policy to come next.
    pub fn with_policy() -> Self {
        let world = Self::new();
        let next = policy(7, &world.hash(6), 168, "minimum = 20\nnull = 0\n");
        Self { next, ..world }
    }

    /// What stands before the next version when it is signed.
    pub fn context(&self) -> &str {
        self.next["schema"].as_str().unwrap()
    }

    pub fn hash(&self, number: usize) -> String {
        hash_of(&self.documents[number - 1])
    }

    /// A note by the examiner, three hours into version 6, whose key and training are in order.
    pub fn said(&self) -> Said {
        Said {
            kind: "note",
            at: 147,
            key: 13,
            person: 3,
            roster: (6, self.hash(6)),
            payload: json!({ "text": "seen", "n": 7 }),
        }
    }

    pub fn note(&self, file: &str, known: Known) -> Result<(), Refusal> {
        let statement = Statement::read(file.as_bytes(), &Kind::new("note")?)?;
        self.chain.verify(&statement, Acting::Trained(&RULE), known).map(drop)
    }

    pub fn asked(&self, attempt: &Attempt) -> Result<(), Refusal> {
        match attempt {
            Attempt::Next(documents) => self.chain.extended_by(documents).map(drop),
            Attempt::Whole(documents) => Chain::read(&public(ROOT), documents).map(drop),
            Attempt::Again(documents) => {
                Chain::read(&public(ROOT), documents)?.not_before(&self.chain.highest_seen()).map(drop)
            }
            Attempt::Note(file, known) => self.note(file, *known),
        }
    }
}
