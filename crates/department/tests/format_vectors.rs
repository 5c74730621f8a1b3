//! The vectors of `docs/formats`: what they hold is what the program says, and what the tests make is what they hold.
//! `CORROBORATE_WRITE_VECTORS=1` writes them anew.

use crate::cast;
use crate::forgery;

use std::path::PathBuf;

use cast::{Chance, ROOT, Said, hour, public, signed};
use department::{
    Acting, Caveat, Chain, HighestSeen, Kind, Known, PublicKey, Refusal, Statement, Timing, TrainingRule,
};
use forgery::{Attack, Attempt, RULE, World, attacks, statements};
use serde_json::{Value, json};

const ABOUT: &str = "Keys of these vectors are made from public texts: SHA-256 of \"corroborate test key N, not for use\" is \
                     the seed of key N. Trust nothing that they sign.";

/// Attacks that do not need a roster to be what comes next.
const OF_ANY_VERSION: [&str; 31] = [
    "own keys",
    "an own key beside an administrator's",
    "who administered once",
    "other people of the roster",
    "one administrator",
    "nobody",
    "one signature twice",
    "two keys of one person",
    "signatures of an earlier version",
    "one bit of a signature",
    "one bit of a key",
    "a signature in another form",
    "a signature of zeros",
    "a key by which anybody signs",
    "another format",
    "a name twice",
    "a name twice around the text",
    "a field more",
    "another spelling around the text",
    "cut off",
    "cut off inside",
    "another predecessor",
    "dated back",
    "reordered",
    "one left out",
    "held back",
    "a second version of a number",
    "a second version that nobody signed",
    "another department's",
    "a policy by others",
    "a policy changed afterwards",
];

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../docs/formats/vectors", &format!("{name}.json")].iter().collect()
}

fn kept(name: &str, made: &Value) -> Value {
    let text = serde_json::to_string_pretty(made).unwrap() + "\n";
    if std::env::var_os("CORROBORATE_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(path(name).parent().unwrap()).unwrap();
        std::fs::write(path(name), &text).unwrap();
    }
    let kept = std::fs::read_to_string(path(name)).unwrap();
    assert!(kept == text, "{name}: the tests make other vectors than are kept");
    serde_json::from_str(&kept).unwrap()
}

/// Documents that several vectors share, once.
#[derive(Default)]
struct Documents(Vec<String>);

impl Documents {
    fn places(&mut self, documents: &[String]) -> Vec<usize> {
        let mut place = |document: &String| {
            self.0.iter().position(|known| known == document).unwrap_or_else(|| {
                self.0.push(document.clone());
                self.0.len() - 1
            })
        };
        documents.iter().map(&mut place).collect()
    }
}

fn told(result: &Result<Chain, Refusal>) -> (&'static str, Value, Value) {
    match result {
        Ok(chain) => ("accepted", json!(null), json!(chain.newest().number())),
        Err(refused) => ("refused", json!(refused.reason()), json!(null)),
    }
}

/// What a reader of the vectors does with one of them.
fn asked(root: &PublicKey, documents: &[&str], seen: &Value) -> Result<Chain, Refusal> {
    let chain = Chain::read(root, documents)?;
    match serde_json::from_value::<Option<HighestSeen>>(seen.clone()).unwrap() {
        Some(seen) => chain.not_before(&seen),
        None => Ok(chain),
    }
}

fn chains(world: &World, accepted: &[(&str, Vec<String>)], attacks: &[Attack], each: u64) -> Value {
    let mut all = Documents::default();
    let mut vectors = Vec::new();
    let policy = world.context() == department::POLICY;
    let mut put = |name: String, documents: &[String], seen: Value, reasons: Option<&[&str]>| {
        let given: Vec<&str> = documents.iter().map(String::as_str).collect();
        let (result, reason, version) = told(&asked(&public(ROOT), &given, &seen));
        match reasons {
            Some(reasons) => {
                let fits = |reason| reasons.contains(&reason) || (policy && reason == "recovery-key-for-policy");
                assert!(reason.as_str().is_some_and(fits), "{name}: {reason}");
            }
            None => assert_eq!(result, "accepted", "{name}: {reason}"),
        }
        let documents = all.places(documents);
        vectors.push(json!({ "name": name, "documents": documents, "seen": seen, "result": result, "reason": reason, "version": version }));
    };
    for (name, documents) in accepted {
        put((*name).to_owned(), documents, json!(null), None);
    }
    for (name, reasons, attack) in attacks {
        for seed in 0..each {
            let (documents, seen) = match attack(world, &mut Chance(seed)) {
                Attempt::Next(next) => ([world.documents.clone(), next].concat(), json!(null)),
                Attempt::Whole(documents) => (documents, json!(null)),
                Attempt::Again(documents) => (documents, json!(world.chain.highest_seen())),
                Attempt::Note(..) => continue,
            };
            put(format!("{name}, {}", seed + 1), &documents, seen, Some(reasons));
        }
    }
    assert!(vectors.len() >= 100, "{} vectors", vectors.len());
    json!({ "about": ABOUT, "root": public(ROOT), "documents": all.0, "vectors": vectors })
}

fn read_back(file: &Value) {
    let root = PublicKey::read(file["root"].as_str().unwrap()).unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let at = vector["documents"].as_array().unwrap().iter();
        let documents: Vec<&str> =
            at.map(|at| file["documents"][at.as_u64().unwrap() as usize].as_str().unwrap()).collect();
        let (result, reason, version) = told(&asked(&root, &documents, &vector["seen"]));
        assert_eq!(
            (json!(result), reason, version),
            (vector["result"].clone(), vector["reason"].clone(), vector["version"].clone()),
            "{vector}"
        );
    }
}

#[test]
fn rosters() {
    let world = World::new();
    let mut accepted = Vec::new();
    for (name, until) in [("one version", 1), ("two versions", 2), ("three versions", 3), ("all versions", 6)] {
        accepted.push((name, world.documents[..until].to_vec()));
    }
    for (name, by) in [
        ("next by two", &[1, 5][..]),
        ("next by three", &[1, 2, 5]),
        ("by a second key", &[12, 5]),
        ("by the recovery key", &[ROOT]),
        ("by the recovery key and one", &[ROOT, 1]),
    ] {
        accepted.push((name, [world.documents.clone(), vec![signed(&world.next, by)]].concat()));
    }
    read_back(&kept("roster", &chains(&world, &accepted, attacks::ATTACKS, 2)));
}

#[test]
fn policies() {
    let world = World::with_policy();
    let of: Vec<Attack> =
        attacks::ATTACKS.iter().filter(|attack| OF_ANY_VERSION.contains(&attack.0)).copied().collect();
    assert_eq!(of.len(), OF_ANY_VERSION.len());
    let mut accepted = vec![("first policy", world.documents.clone())];
    for (name, by) in [("next by two", &[1, 5][..]), ("next by three", &[1, 2, 5]), ("by a second key", &[12, 5])] {
        accepted.push((name, [world.documents.clone(), vec![signed(&world.next, by)]].concat()));
    }
    read_back(&kept("policy", &chains(&world, &accepted, &of, 4)));
}

fn said(chain: &Chain, file: &str, kind: &Kind, rule: &TrainingRule, logged: Known) -> Value {
    let asked = Statement::read(file.as_bytes(), kind).and_then(|statement| {
        let verified = chain.verify(&statement, Acting::Trained(rule), logged)?;
        let caveats: Vec<Value> = verified
            .caveats()
            .iter()
            .map(|caveat| match caveat {
                Caveat::NewerInForce { in_force } => json!({ "caveat": "newer-in-force", "version": in_force }),
                Caveat::EndedSince { version, proven } => {
                    json!({ "caveat": "ended-since", "version": version, "proven": proven })
                }
                Caveat::KeyEnds { on, proven } => json!({ "caveat": "key-ends", "on": on, "proven": proven }),
            })
            .collect();
        let timing = match verified.timing() {
            Timing::Claimed { .. } => "claimed",
            Timing::Bounded { .. } => "bounded",
        };
        let person = verified.member().person.id;
        Ok(json!({ "result": "accepted", "reason": null, "person": person, "timing": timing, "caveats": caveats }))
    });
    asked.unwrap_or_else(|refused: Refusal| json!({ "result": "refused", "reason": refused.reason() }))
}

#[test]
fn statements_of_people() {
    let world = World::new();
    let kind = Kind::new("note").unwrap();
    let mut vectors = Vec::new();
    let mut put = |name: String, file: String, logged: Option<i64>, reasons: Option<&[&str]>| {
        let known = logged.map_or(Known::Claimed, |at| Known::LoggedBy(hour(at)));
        let mut vector = said(&world.chain, &file, &kind, &RULE, known);
        match reasons {
            Some(reasons) => {
                assert!(reasons.contains(&vector["reason"].as_str().unwrap_or_default()), "{name}: {vector}")
            }
            None => assert_eq!(vector["result"], "accepted", "{name}: {vector}"),
        }
        (vector["name"], vector["file"], vector["logged"]) = (json!(name), json!(file), json!(logged.map(hour)));
        vectors.push(vector);
    };
    for (name, key, at, version) in [
        ("by the newest roster", 13, 147, 6),
        ("by an older roster that was known", 13, 147, 5),
        ("by a key that ended later", 3, 95, 3),
        ("before the role was taken", 7, 70, 2),
    ] {
        for (logged, how) in [(None, "claimed"), (Some(at), "logged at once"), (Some(at + 300), "logged later")] {
            let person = if key == 13 { 3 } else { key };
            let said = Said { key, person, at, roster: (version, world.hash(version as usize)), ..world.said() };
            put(format!("{name}, {how}"), said.signed(key), logged, None);
        }
    }
    for (name, reasons, attack) in statements::ATTACKS {
        for seed in 0..4 {
            let Attempt::Note(file, known) = attack(&world, &mut Chance(seed)) else { continue };
            let logged = match known {
                Known::Claimed => None,
                Known::LoggedBy(at) => Some((at.0.as_second() - hour(0).0.as_second()) / 3_600),
            };
            put(format!("{name}, {}", seed + 1), file, logged, Some(reasons));
        }
    }
    assert!(vectors.len() >= 100, "{} vectors", vectors.len());
    let training = json!({ "valid_months": RULE.valid_months, "minimum_proficiency": RULE.minimum_proficiency });
    let made = json!({
        "about": ABOUT, "root": public(ROOT), "documents": world.documents, "kind": "note", "acting": "examiner",
        "training": training, "vectors": vectors,
    });
    let file = kept("statement", &made);
    let root = PublicKey::read(file["root"].as_str().unwrap()).unwrap();
    let documents: Vec<&str> =
        file["documents"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    let chain = Chain::read(&root, &documents).unwrap();
    let rule: TrainingRule = serde_json::from_value(file["training"].clone()).unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let logged: Option<department::Moment> = serde_json::from_value(vector["logged"].clone()).unwrap();
        let known = logged.map_or(Known::Claimed, Known::LoggedBy);
        let found = said(&chain, vector["file"].as_str().unwrap(), &kind, &rule, known);
        for (name, value) in found.as_object().unwrap() {
            assert_eq!(value, &vector[name], "{}: {name}", vector["name"]);
        }
    }
}
