//! Attacks on the department's documents.

use serde_json::{Value, json};

use super::{Attack, Attempt, FOREIGN, World};
use crate::cast::{Chance, Key, ROOT, STRANGER, canonical, entry, enveloped, policy, public, roster, signed};
use department::Role;

const GOOD: &[u32] = &[1, 5];

fn next(document: String) -> Attempt {
    Attempt::Next(vec![document])
}

/// The next version with a change that two administrators sign.
fn spoilt(world: &World, change: impl FnOnce(&mut Value)) -> Attempt {
    let mut value = world.next.clone();
    change(&mut value);
    next(signed(&value, GOOD))
}

/// The next version with other people.
fn people(world: &World, signers: &[u32], change: impl FnOnce(&mut Vec<crate::cast::Entry>)) -> Attempt {
    let mut people = world.people.clone();
    change(&mut people);
    next(signed(&roster(7, Some(&world.hash(6)), 168, &people), signers))
}

/// The next document with its text replaced, and its signatures kept.
fn altered(world: &World, change: impl FnOnce(&mut Value)) -> Attempt {
    let mut value = world.next.clone();
    change(&mut value);
    let mut document: Value = serde_json::from_str(&signed(&world.next, GOOD)).unwrap();
    document["text"] = json!(canonical(&value));
    next(canonical(&document))
}

/// The next document with its signatures changed.
fn resigned(world: &World, change: impl FnOnce(&mut Vec<Value>)) -> Attempt {
    let mut document: Value = serde_json::from_str(&signed(&world.next, GOOD)).unwrap();
    change(document["signatures"].as_array_mut().unwrap());
    next(canonical(&document))
}

fn flip(hexadecimal: &Value, bit: usize) -> Value {
    let mut bytes = hex::decode(hexadecimal.as_str().unwrap()).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    json!(hex::encode(bytes))
}

/// S + L, which is S to whoever does not look.
pub fn malleable(signature: &str) -> String {
    const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let (mut bytes, order) = (hex::decode(signature).unwrap(), hex::decode(ORDER).unwrap());
    let mut carry = 0u16;
    for (byte, order) in bytes[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    hex::encode(bytes)
}

/// Points of small order, by which a signature of zeros is anybody's.
pub fn small(chance: &mut Chance) -> String {
    let all = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ];
    chance.of(&all).to_owned()
}

/// Repeats a member of some object of a text, with another value or the same.
pub fn doubled(text: &str, chance: &mut Chance) -> String {
    let members: Vec<usize> = text.match_indices("\":").map(|(at, _)| at).collect();
    loop {
        let end = members[chance.below(members.len())];
        let start = text[..end].rfind('"').unwrap();
        let name = &text[start..=end];
        // In front of itself, where an object begins or goes on.
        if name.len() > 2 && (text[..start].ends_with('{') || text[..start].ends_with(',')) {
            return format!("{}{name}:null,{}", &text[..start], &text[start..]);
        }
    }
}

/// Puts one more member into some object of a value.
pub fn extended(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Object(all) if all.is_empty() || chance.one_in(2) => drop(all.insert("zz".to_owned(), json!(1))),
        Value::Object(all) => {
            let inner: Vec<String> =
                all.iter().filter(|(_, v)| holds_object(v)).map(|(name, _)| name.clone()).collect();
            match inner.is_empty() {
                true => drop(all.insert("zz".to_owned(), json!(1))),
                false => extended(all.get_mut(&chance.of(&inner)).unwrap(), chance),
            }
        }
        Value::Array(all) => {
            let at = chance.below(all.len());
            extended(&mut all[at], chance);
        }
        _ => {}
    }
}

fn holds_object(value: &Value) -> bool {
    match value {
        Value::Array(all) => !all.is_empty() && all.iter().all(holds_object),
        Value::Object(_) => true,
        _ => false,
    }
}

/// Another spelling of the same JSON.
pub fn respelt(text: &str, chance: &mut Chance) -> String {
    match chance.below(5) {
        0 => format!("{text}\n"),
        1 => text.replacen(":", ": ", 1 + chance.below(9)),
        2 => serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).unwrap()).unwrap(),
        3 => text.replacen('o', "\\u006f", 1),
        _ => text.replacen("null", "null ", 1).replacen("\":", "\" :", 1),
    }
}

pub const ATTACKS: &[Attack] = &[
    ("own keys", &["not-an-administrator"], |world, chance| {
        let count = 1 + chance.below(3);
        next(signed(&world.next, &FOREIGN[..count]))
    }),
    ("an own key beside an administrator's", &["not-an-administrator"], |world, chance| {
        next(signed(&world.next, &[chance.of(&FOREIGN), chance.of(&[1, 2, 5])]))
    }),
    ("who administered once", &["not-an-administrator"], |world, chance| {
        next(signed(&world.next, &[6, chance.of(&[1, 2, 5])]))
    }),
    ("other people of the roster", &["not-an-administrator"], |world, chance| {
        let other = chance.of(&[3, 4, 7, 13, 8_000, 8_001, 8]);
        next(signed(&world.next, &[other, chance.of(&[1, 2, 5, 12])]))
    }),
    ("one administrator", &["too-few-signatures"], |world, chance| {
        next(signed(&world.next, &[chance.of(&[1, 2, 5, 12])]))
    }),
    ("nobody", &["too-few-signatures"], |world, _| next(signed(&world.next, &[]))),
    ("one signature twice", &["signed-twice"], |world, chance| {
        let who = chance.of(&[1, 2, 5, ROOT]);
        next(signed(&world.next, &[who, who]))
    }),
    ("two keys of one person", &["signed-twice"], |world, _| next(signed(&world.next, &[2, 12]))),
    ("signatures of an earlier version", &["signature-wrong"], |world, chance| {
        let earlier = chance.of(&[1, 2, 3]);
        let mut document: Value = serde_json::from_str(&world.documents[earlier]).unwrap();
        document["text"] = json!(canonical(&world.next));
        next(canonical(&document))
    }),
    ("a signature of another kind", &["signature-wrong"], |world, chance| {
        let context = chance.of(&[
            "corroborate/policy/v1",
            "corroborate/note/v1",
            "corroborate.request.v1",
            "",
            "corroborate/roster/v2",
        ]);
        next(enveloped(context, &canonical(&world.next), GOOD))
    }),
    ("one bit of a signature", &["signature-wrong", "signature-malleable"], |world, chance| {
        let (at, bit) = (chance.below(2), if chance.one_in(9) { 509 } else { chance.below(512) });
        resigned(world, |all| all[at]["signature"] = flip(&all[at]["signature"], bit))
    }),
    ("one bit of a key", &["key-malformed", "not-an-administrator", "not-canonical"], |world, chance| {
        let (at, bit) = (chance.below(2), chance.below(256));
        resigned(world, |all| all[at]["key"] = flip(&all[at]["key"], bit))
    }),
    ("a signature in another form", &["signature-malformed", "signature-malleable"], |world, chance| {
        let which = chance.below(4);
        resigned(world, |all| {
            let signature = all[0]["signature"].as_str().unwrap().to_owned();
            all[0]["signature"] = match which {
                0 => json!(signature.to_uppercase()),
                1 => json!(signature[2..]),
                2 => json!(format!("{signature}00")),
                _ => json!(malleable(&signature)),
            };
        })
    }),
    ("a signature of zeros", &["signature-wrong"], |world, chance| {
        let all_of_it = chance.one_in(2);
        resigned(world, |all| {
            let signature = all[0]["signature"].as_str().unwrap();
            all[0]["signature"] =
                json!(if all_of_it { "0".repeat(128) } else { signature[..64].to_owned() + &"0".repeat(64) });
        })
    }),
    ("a key by which anybody signs", &["key-weak"], |world, chance| {
        let small = small(chance);
        resigned(world, |all| *all = vec![json!({ "key": small, "signature": small.clone() + &"0".repeat(64) })])
    }),
    ("such a key in an entry", &["key-weak"], |world, chance| {
        let (small, at) = (small(chance), chance.below(8));
        spoilt(world, |value| value["people"][at]["keys"][0]["key"] = json!(small))
    }),
    ("a name or badge afterwards", &["signature-wrong"], |world, chance| {
        let at = chance.below(8);
        let (field, other) = chance.of(&[("name", "Another"), ("badge", "7777"), ("agency", "CA0190001")]);
        altered(world, |value| value["people"][at][field] = json!(other))
    }),
    ("a role afterwards", &["signature-wrong"], |world, chance| {
        let at = chance.of(&[2, 3, 5, 6]);
        altered(world, |value| value["people"][at]["roles"] = json!(["administrator"]))
    }),
    ("training taken away or made better afterwards", &["signature-wrong"], |world, chance| {
        let better = json!({ "completed_on": "2026-01-05", "course": "Facial comparison", "proficiency": 100 });
        let training = if chance.one_in(2) { json!(null) } else { better };
        altered(world, |value| value["people"][2]["training"] = training)
    }),
    ("a key put in afterwards", &["signature-wrong"], |world, chance| {
        let (at, own) = (chance.below(8), chance.of(&FOREIGN));
        altered(world, |value| {
            value["people"][at]["keys"] = json!([{ "from": "2026-01-01", "key": public(own), "until": null }])
        })
    }),
    ("persons who change places", &["key-of-another"], |world, chance| {
        let (one, two) = chance.of(&[(0, 3), (2, 3), (2, 6), (3, 6)]);
        people(world, GOOD, |people| {
            let keys = people[one].keys.clone();
            people[one].keys = std::mem::replace(&mut people[two].keys, keys);
        })
    }),
    ("another person in somebody's entry", &["person-swapped"], |world, chance| {
        let at = chance.below(7);
        people(world, GOOD, |people| {
            (people[at].name, people[at].badge) = ("Somebody Else".to_owned(), "9999".to_owned())
        })
    }),
    ("a key in two entries", &["key-twice"], |world, chance| {
        let (at, key) = (chance.of(&[2, 3, 5]), chance.of(&[1, 2, 4, ROOT, 8_000, 8_001]));
        people(world, GOOD, |people| {
            people[at].keys.retain(|own| own.0 != key);
            people[at].keys.push(Key(key, 0, None));
            if key == 4 {
                people[0].keys.push(Key(4, 0, None));
            }
        })
    }),
    ("a badge or identity twice", &["person-twice"], |world, chance| {
        let (at, badge) = (chance.of(&[2, 3, 5, 6]), chance.of(&["4001", "40-01", "４００１", "40\u{ad}01"]));
        let same = chance.one_in(4);
        people(world, GOOD, |people| {
            if same { people.push(entry(3, &[Role::Auditor])) } else { people[at].badge = badge.to_owned() }
        })
    }),
    ("an ended key that comes back", &["key-came-back"], |world, chance| {
        let until = chance.of(&[None, Some(9), Some(4)]);
        people(world, GOOD, |people| people[2].keys[0].2 = until)
    }),
    ("a key dated back", &["key-begins-otherwise"], |world, chance| {
        let (at, from) = (chance.below(7), -1 - chance.below(400) as i64);
        people(world, GOOD, |people| people[at].keys.last_mut().unwrap().1 = from)
    }),
    (
        "an administrator put out by one, or by two of whom one is put out",
        &["removal-needs-others", "too-few-signatures"],
        |world, chance| {
            let (at, signers) =
                chance.of(&[(0, &[1, 2][..]), (1, &[1, 2]), (1, &[5, 12]), (4, &[5]), (0, &[2]), (4, &[2, 5])]);
            let outright = chance.one_in(2);
            people(world, signers, |people| {
                if outright { drop(people.remove(at)) } else { people[at].roles = vec![Role::Auditor] }
            })
        },
    ),
    ("two administrators put out at once", &["removal-needs-others"], |world, chance| {
        let signers: &[u32] = if chance.one_in(2) { &[1, 2, 5] } else { &[1, 2] };
        people(world, signers, |people| people.retain(|entry| ![1, 5].contains(&entry.id)))
    }),
    ("no administrator", &["no-administrator"], |world, _| {
        people(world, &[ROOT], |people| people.retain(|entry| !entry.is(Role::Administrator)))
    }),
    ("an earlier format", &["schema-downgraded"], |world, _| {
        spoilt(world, |value| value["schema"] = json!("corroborate/roster/v0"))
    }),
    ("another format", &["schema-unknown"], |world, chance| {
        let other = chance.of(&[
            "corroborate/roster/v2",
            "corroborate/note/v1",
            "corroborate.roster.v1",
            "",
            "corroborate/roster/v1 ",
        ]);
        spoilt(world, |value| value["schema"] = json!(other))
    }),
    ("a name twice", &["duplicate-name"], |world, chance| {
        next(enveloped(world.context(), &doubled(&canonical(&world.next), chance), GOOD))
    }),
    ("a name twice around the text", &["duplicate-name"], |world, chance| {
        next(doubled_outside(&signed(&world.next, GOOD), chance))
    }),
    ("a field more", &["unknown-field"], |world, chance| spoilt(world, |value| extended(value, chance))),
    ("a field less", &["malformed", "not-canonical"], |world, chance| {
        let field = chance.of(&[
            "auditors",
            "department",
            "escrow",
            "made_at",
            "name",
            "people",
            "previous",
            "version",
            "witnesses",
        ]);
        spoilt(world, |value| drop(value.as_object_mut().unwrap().remove(field)))
    }),
    ("another spelling", &["not-canonical"], |world, chance| {
        next(enveloped(world.context(), &respelt(&canonical(&world.next), chance), GOOD))
    }),
    ("another spelling around the text", &["not-canonical"], |world, chance| {
        let document = signed(&world.next, GOOD);
        next(if chance.one_in(2) { format!(" {document}") } else { document.replacen("\":", "\": ", 1) })
    }),
    ("lists in another order", &["not-canonical"], |world, chance| {
        let at = 1 + chance.below(7);
        let turned = chance.one_in(2);
        if turned {
            resigned(world, |all| all.reverse())
        } else {
            spoilt(world, |value| value["people"].as_array_mut().unwrap().rotate_left(at))
        }
    }),
    ("cut off", &["not-text"], |world, chance| {
        let document = signed(&world.next, GOOD);
        next(document[..chance.below(document.len())].to_owned())
    }),
    ("cut off inside", &["not-text"], |world, chance| {
        let text = canonical(&world.next);
        next(enveloped(world.context(), &text[..chance.below(text.len())], GOOD))
    }),
    ("depth", &["not-text"], |_, chance| next("[".repeat(1 + chance.below(20_000)))),
    ("numbers beyond numbers", &["malformed", "not-canonical", "wrong-number"], |world, chance| {
        let number = chance.of(&[json!(-7), json!(7.5), json!(4_294_967_303_u64), json!(8), json!(0), json!("7")]);
        let exact = chance.one_in(4).then(|| canonical(&world.next).replace("\"version\":7", "\"version\":7.0"));
        match exact {
            Some(text) => next(enveloped(world.context(), &text, GOOD)),
            None => spoilt(world, |value| value["version"] = number),
        }
    }),
    ("another predecessor", &["wrong-predecessor"], |world, chance| {
        let other = chance.of(&[
            json!(null),
            json!(""),
            json!("0".repeat(64)),
            json!(world.hash(5)),
            json!(world.hash(6).to_uppercase()),
        ]);
        spoilt(world, |value| value["previous"] = other)
    }),
    ("dated back", &["dates-out-of-order"], |world, chance| {
        let made = 144 - chance.below(200) as i64;
        let mut value = roster(7, Some(&world.hash(6)), made.max(72), &world.people);
        if made < 72 {
            value = policy(7, &world.hash(6), made, "minimum = 1");
        }
        next(signed(&value, GOOD))
    }),
    ("reordered", &["wrong-number"], |world, chance| {
        let mut documents = world.documents.clone();
        let (one, two) = (chance.below(5), 1 + chance.below(5));
        documents.swap(one, if one == two { 0 } else { two });
        if documents == world.documents {
            documents.reverse()
        }
        Attempt::Whole(documents)
    }),
    ("one left out", &["wrong-number"], |world, chance| {
        let mut documents = world.documents.clone();
        documents.remove(chance.below(5));
        Attempt::Whole(documents)
    }),
    ("held back", &["rollback", "no-documents"], |world, chance| {
        Attempt::Again(world.documents[..chance.below(6)].to_vec())
    }),
    ("a second version of a number", &["fork"], |world, chance| {
        let number = 2 + chance.below(5);
        let made = 24 * number as i64 + 1;
        let previous = world.hash(number - 1);
        let other = if number > 5 {
            policy(number as u32, &previous, made, "minimum = 1")
        } else {
            roster(number as u32, Some(&previous), made, &world.people)
        };
        // Before version 2 nobody had the examiner's second key, and two who still administered sign.
        Attempt::Next(vec![signed(&other, if number > 5 { GOOD } else { &[ROOT] })])
    }),
    ("a second version that nobody signed", &["not-an-administrator", "too-few-signatures"], |world, chance| {
        let number = 2 + chance.below(5) as u32;
        let other = policy(number, &world.hash(number as usize - 1), 24 * i64::from(number) + 1, "minimum = 1");
        next(signed(&other, chance.of(&[&FOREIGN[..], &[1], &[3, 4]])))
    }),
    ("another department's", &["other-department"], |world, chance| {
        let mut value = roster(1, None, 0, &world.people);
        value["department"] = json!(public(STRANGER));
        let document = signed(&value, &[STRANGER]);
        if chance.one_in(2) { next(document) } else { Attempt::Whole(vec![document]) }
    }),
    ("another department under this one's key", &["not-an-administrator"], |world, chance| {
        let value = roster(1, None, chance.below(99) as i64, &world.people);
        Attempt::Whole(vec![signed(&value, &[STRANGER])])
    }),
    (
        "a policy by others",
        &["recovery-key-for-policy", "not-an-administrator", "too-few-signatures"],
        |world, chance| {
            let value = policy(7, &world.hash(6), 168, "minimum = 1");
            next(signed(&value, chance.of(&[&[ROOT][..], &[ROOT, 1], &[3, 4], &[1], &[6, 5]])))
        },
    ),
    ("a policy changed afterwards", &["signature-wrong"], |world, chance| {
        let number = 1 + chance.below(19);
        let document = signed(&policy(7, &world.hash(6), 168, "minimum = 20"), GOOD);
        next(document.replace("minimum = 20", &format!("minimum = {number}")))
    }),
    (
        "any byte of a document",
        &[
            "not-text",
            "not-canonical",
            "malformed",
            "unknown-field",
            "not-an-administrator",
            "signature-wrong",
            "signature-malformed",
            "key-malformed",
        ],
        |world, chance| {
            let document = signed(&world.next, GOOD);
            let mut bytes = document.clone().into_bytes();
            loop {
                let at = chance.below(bytes.len());
                let before = bytes[at];
                bytes[at] = b'!' + chance.below(90) as u8;
                if bytes[at] != before && text_known(&bytes, &document) {
                    return next(String::from_utf8(bytes).unwrap());
                }
                bytes[at] = before;
            }
        },
    ),
];

/// Leaves what has an attack of its own: the place in the chain, and numbers of the text's rules.
fn text_known(bytes: &[u8], document: &str) -> bool {
    let changed = bytes.iter().zip(document.bytes()).position(|(one, two)| *one != two).unwrap();
    let text = document.find("\"text\":").unwrap();
    changed < text && changed > 30 && !document[..changed].ends_with("\"key\":\"") || {
        let name = document.find("Police of Nowhere").unwrap();
        (name..name + 6).contains(&changed) && bytes[changed].is_ascii_alphanumeric()
    }
}

fn doubled_outside(document: &str, chance: &mut Chance) -> String {
    let empty = if chance.one_in(2) { "{\"signatures\":[]," } else { "{\"signatures\":null," };
    document.replacen('{', empty, 1)
}
