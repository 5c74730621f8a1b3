//! Random histories of a department, against a second keeping of them that was written from the rules: which versions may
//! follow, and who could say what when.

use crate::cast;

use std::collections::BTreeMap;

use cast::{Chance, Entry, Key, ROOT, Said, entry, hash_of, hour, public, roster, signed};
use department::{Acting, Chain, Kind, Known, Role, Statement, TrainingRule};
use serde_json::json;

const ROLES: [Role; 4] = [Role::Examiner, Role::Supervisor, Role::Auditor, Role::Administrator];
const RULE: TrainingRule = TrainingRule { valid_months: 1, minimum_proficiency: 70 };
/// Versions that are tried in a history.
const STEPS: usize = 14;

/// A department on paper.
struct Paper {
    made: Vec<i64>,
    rosters: Vec<Vec<Entry>>,
    hashes: Vec<String>,
    /// The next person and the next key.
    next: u32,
}

fn on(at: i64) -> i64 {
    at.div_euclid(24)
}

fn counts(key: &Key, day: i64) -> bool {
    key.1 <= day && key.2.is_none_or(|until| day <= until)
}

fn holder(people: &[Entry], key: u32) -> Option<(&Entry, &Key)> {
    people.iter().find_map(|entry| entry.keys.iter().find(|k| k.0 == key).map(|key| (entry, key)))
}

impl Paper {
    fn last(&self) -> &[Entry] {
        self.rosters.last().unwrap()
    }

    /// Whether a roster holds by itself.
    fn sound(people: &[Entry], day: i64) -> bool {
        let all = || people.iter().enumerate();
        let keys: Vec<u32> = people.iter().flat_map(|entry| entry.keys.iter().map(|key| key.0)).collect();
        let twice =
            all().any(|(at, one)| people[at + 1..].iter().any(|two| one.id == two.id || one.badge == two.badge));
        let shared =
            keys.iter().enumerate().any(|(at, key)| keys[at + 1..].contains(key) || [ROOT, 8_000, 8_001].contains(key));
        let spans = people.iter().flat_map(|entry| &entry.keys).all(|key| key.2.is_none_or(|until| key.1 <= until));
        let trained = people.iter().all(|entry| entry.trained.is_none_or(|(passed, _)| passed <= day));
        let able = |entry: &Entry| entry.keys.iter().any(|key| key.2.is_none_or(|until| day <= until));
        let administrators: Vec<&Entry> = people.iter().filter(|entry| entry.is(Role::Administrator)).collect();
        !twice
            && !shared
            && spans
            && trained
            && people.iter().all(|entry| !entry.roles.is_empty())
            && !administrators.is_empty()
            && administrators.into_iter().all(able)
    }

    /// Whether it may come after what was.
    fn follows(&self, people: &[Entry], day: i64) -> bool {
        let key_follows = |entry: &Entry, key: &Key| {
            let mut earlier = self.rosters.iter().filter_map(|roster| holder(roster, key.0)).peekable();
            if earlier.peek().is_none() {
                return true;
            }
            let Some((_, last)) = holder(self.last(), key.0) else { return false };
            let longer = last.2.is_some_and(|before| key.2.is_none_or(|now| now > before));
            earlier.all(|(owner, _)| owner.id == entry.id)
                && last.1 == key.1
                && !(last.2.is_some_and(|until| until < day) && longer)
        };
        let same = |entry: &Entry| {
            let before = self.last().iter().find(|other| other.id == entry.id);
            before.is_none_or(|before| before.name == entry.name || before.badge == entry.badge)
        };
        people.iter().all(|entry| same(entry) && entry.keys.iter().all(|key| key_follows(entry, key)))
    }

    /// Whether these keys are enough for it.
    fn signed(&self, people: &[Entry], day: i64, signers: &[u32]) -> bool {
        let mut who = Vec::new();
        for key in signers.iter().filter(|key| **key != ROOT) {
            match holder(self.last(), *key) {
                Some((entry, key)) if entry.is(Role::Administrator) && counts(key, day) => who.push(entry.id),
                _ => return false,
            }
        }
        let roots = signers.iter().filter(|key| **key == ROOT).count();
        let mut once = who.clone();
        once.sort_unstable();
        once.dedup();
        if roots > 1 || once.len() != who.len() {
            return false;
        }
        let before: Vec<u32> = self.last().iter().filter(|e| e.is(Role::Administrator)).map(|e| e.id).collect();
        let stays = |id: &u32| people.iter().any(|entry| entry.id == *id && entry.is(Role::Administrator));
        let removes = !before.iter().all(stays);
        let others = who.iter().filter(|id| stays(id)).count();
        roots == 1 || (who.len() >= before.len().min(2) && (!removes || others >= 2))
    }

    /// Whether somebody could say something, by what is written.
    fn could(&self, said: &Said, acting: usize, logged: Option<i64>) -> bool {
        let (named, at) = (said.roster.0 as usize, said.at);
        let Some(made) = named.checked_sub(1).and_then(|n| self.made.get(n)) else { return false };
        let in_force = self.made.iter().rposition(|made| *made <= at);
        let Some(in_force) = in_force.filter(|_| *made <= at && logged.is_none_or(|logged| at <= logged)) else {
            return false;
        };
        let able = |people: &[Entry]| {
            let Some((entry, key)) = holder(people, said.key) else { return false };
            let trained = entry.trained.is_some_and(|(passed, result)| {
                // One month after a day of January, February or March 2026.
                let passed_on = cast::day(passed);
                let until = passed_on.0.checked_add(jiff::Span::new().months(1)).unwrap();
                passed <= on(at) && cast::day(on(at)).0 <= until && result >= 70
            });
            let role = match acting {
                0 => true,
                1 => entry.is(Role::Examiner) && trained,
                n => entry.is(ROLES[n - 2]),
            };
            entry.id == said.person && counts(key, on(at)) && role
        };
        let later: Vec<_> = self.rosters.iter().filter_map(|roster| holder(roster, said.key)).collect();
        let never_shorter = later.last().is_some_and(|(_, key)| key.2.is_none_or(|until| on(at) <= until));
        able(&self.rosters[in_force]) && able(&self.rosters[named - 1]) && never_shorter
    }
}

/// What an administrator, or somebody who would like to be one, thinks of next.
fn change(chance: &mut Chance, paper: &mut Paper, day: i64) -> Vec<Entry> {
    let mut people = paper.last().to_vec();
    for _ in 0..1 + chance.below(3) {
        let at = chance.below(people.len());
        let any_key = chance.below(paper.next as usize) as u32;
        match chance.below(16) {
            0 | 1 => {
                let role = chance.of(&ROLES);
                let mut new = entry(paper.next, &[role]);
                new.keys[0].1 = day - chance.below(2) as i64;
                paper.next += 1;
                people.push(new);
            }
            2 if people.len() > 2 => drop(people.remove(at)),
            3 | 4 => {
                let role = chance.of(&ROLES);
                let roles = &mut people[at].roles;
                if roles.contains(&role) { roles.retain(|r| *r != role) } else { roles.push(role) }
            }
            5 => {
                people[at].trained =
                    chance.one_in(2).then(|| (day - chance.below(3) as i64, 60 + 10 * chance.below(4) as u8))
            }
            6 | 7 => {
                people[at].keys.push(Key(paper.next, day, None));
                paper.next += 1;
            }
            8 if people[at].keys.len() > 1 || chance.one_in(3) => drop(people[at].keys.pop()),
            9 | 10 => {
                let until = day - 3 + chance.below(8) as i64;
                if let Some(key) = people[at].keys.first_mut() {
                    key.2 = Some(until);
                }
            }
            11 => people[at].keys.iter_mut().for_each(|key| key.2 = None),
            12 => people[at].name.push_str(" B"),
            13 if chance.one_in(4) => (people[at].name, people[at].badge) = (format!("Q {day}"), format!("{day}77")),
            14 if chance.one_in(3) => people[at].keys.push(Key(any_key, 0, None)),
            15 if chance.one_in(4) => people[at].badge = people[0].badge.clone(),
            _ => {}
        }
    }
    people
}

fn signers(chance: &mut Chance, paper: &Paper, people: &[Entry]) -> Vec<u32> {
    let administrators: Vec<u32> =
        paper.last().iter().filter(|e| e.is(Role::Administrator)).filter_map(|e| e.keys.last().map(|k| k.0)).collect();
    let stay = |key: &&u32| people.iter().any(|e| e.is(Role::Administrator) && e.keys.iter().any(|k| k.0 == **key));
    match chance.below(12) {
        0 => vec![ROOT],
        1 => vec![ROOT, chance.of(&administrators)],
        2 => vec![chance.below(paper.next as usize) as u32, chance.of(&administrators)],
        3 => vec![chance.of(&administrators), chance.of(&administrators)],
        4 => vec![chance.of(&administrators)],
        5 => (0..3).map(|_| chance.below(paper.next as usize) as u32).collect(),
        6..=8 => administrators.iter().filter(stay).copied().collect(),
        _ => administrators.into_iter().take(2).collect(),
    }
}

fn history(seed: u64) -> BTreeMap<&'static str, u32> {
    let mut chance = Chance(seed.wrapping_mul(0xD134_2543_DE82_EF95));
    let people = vec![
        entry(1, &[Role::Administrator]),
        entry(2, if chance.one_in(3) { &[Role::Supervisor] } else { &[Role::Administrator] }),
        entry(3, &[Role::Examiner]),
    ];
    let first = signed(&roster(1, None, 0, &people), &[ROOT]);
    let mut chain = Chain::read(&public(ROOT), &[&first]).unwrap();
    let mut paper = Paper { made: vec![0], rosters: vec![people], hashes: vec![hash_of(&first)], next: 10 };
    let mut counted = BTreeMap::new();
    let mut count = |what| *counted.entry(what).or_insert(0) += 1;
    for step in 0..STEPS {
        let made = paper.made.last().unwrap() + 1 + chance.below(60) as i64;
        let people = change(&mut chance, &mut paper, on(made));
        let by = signers(&mut chance, &paper, &people);
        let number = paper.made.len() as u32 + 1;
        let document = signed(&roster(number, paper.hashes.last().map(String::as_str), made, &people), &by);
        let sound = Paper::sound(&people, on(made)) && paper.follows(&people, on(made));
        let allowed = sound && paper.signed(&people, on(made), &by);
        let found = chain.extended_by(&[&document]);
        let reason = found.as_ref().err().map(ToString::to_string);
        assert_eq!(
            found.is_ok(),
            allowed,
            "history {seed}, step {step}, signed by {by:?}: {reason:?}\n{people:#?}\n{:#?}",
            paper.last()
        );
        count(if allowed {
            "versions taken"
        } else if sound {
            "versions refused for signatures"
        } else {
            "versions refused"
        });
        if let Ok(longer) = found {
            chain = longer;
            paper.made.push(made);
            paper.hashes.push(hash_of(&document));
            paper.rosters.push(people);
        }
    }
    let kind = Kind::new("note").unwrap();
    for _ in 0..24 {
        let now: Vec<u32> = paper.last().iter().flat_map(|entry| entry.keys.iter().map(|key| key.0)).collect();
        let key = if chance.one_in(3) || now.is_empty() {
            1 + chance.below(paper.next as usize - 1) as u32
        } else {
            chance.of(&now)
        };
        let owner = paper.rosters.iter().find_map(|roster| holder(roster, key)).map_or(key, |(entry, _)| entry.id);
        let person = if chance.one_in(10) { 1 + chance.below(12) as u32 } else { owner };
        let at = chance.below(*paper.made.last().unwrap() as usize + 60) as i64;
        let then = paper.made.iter().filter(|made| **made <= at).count();
        let named = if chance.one_in(3) { 1 + chance.below(paper.made.len() + 1) } else { then } as u32;
        let sha256 = paper.hashes.get(named as usize - 1).cloned().unwrap_or_default();
        let said = Said { kind: "note", at, key, person, roster: (named, sha256), payload: json!({ "seen": at }) };
        let statement = Statement::read(said.signed(key).as_bytes(), &kind).unwrap();
        let acting = if chance.one_in(2) { 0 } else { chance.below(6) };
        let logged = chance.one_in(2).then(|| at - 2 + chance.below(40) as i64);
        let asked = match acting {
            0 => Acting::Anybody,
            1 => Acting::Trained(&RULE),
            n => Acting::As(ROLES[n - 2]),
        };
        let known = logged.map_or(Known::Claimed, |logged| Known::LoggedBy(hour(logged)));
        let found = chain.verify(&statement, asked, known);
        let could = paper.could(&said, acting, logged);
        let reason = found.as_ref().err().map(ToString::to_string);
        assert_eq!(
            found.is_ok(),
            could,
            "history {seed}: {asked:?} {known:?} {said:?}: {reason:?}\n{:#?}",
            paper.rosters
        );
        count(if could { "statements that hold" } else { "statements refused" });
        // Whoever could not say it is not given anything to sign either.
        if chain.state(&kind, &json!(1), &public(key), asked, hour(at)).is_ok() {
            let (_, newest) = holder(&paper.rosters[then - 1], key).unwrap();
            assert!(counts(newest, on(at)), "history {seed}");
        }
    }
    counted
}

#[test]
fn every_history_is_what_the_rules_make_of_it() {
    let all: u64 = std::env::var("CORROBORATE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    std::thread::scope(|scope| {
        let part = |nth: u64| (nth..all).step_by(threads as usize).map(history).collect::<Vec<_>>();
        let parts: Vec<_> = (0..threads).map(|nth| scope.spawn(move || part(nth))).collect();
        for one in parts.into_iter().flat_map(|part| part.join().unwrap()) {
            one.into_iter().for_each(|(what, count)| *counted.entry(what).or_default() += count);
        }
    });
    println!("{all} histories: {counted:?}");
    // Each is met often enough to mean something.
    assert!(counted.len() == 5 && counted.values().all(|count| u64::from(*count) > all / 2), "{counted:?}");
}
