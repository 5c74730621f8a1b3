//! Attacks on what people sign.

use department::Known;
use serde_json::{Value, json};

use super::attacks::{doubled, malleable, respelt, small};
use super::{Attack, Attempt, FOREIGN, World};
use crate::cast::{Chance, Said, canonical, hour, public, stated, text_of};

const CONTEXT: &str = "corroborate/note/v1";

fn claimed(file: String) -> Attempt {
    Attempt::Note(file, Known::Claimed)
}

/// The examiner's note with its text changed, and signed as it is.
fn spoilt(world: &World, change: impl FnOnce(&mut Value)) -> Attempt {
    let mut value = world.said().value();
    change(&mut value);
    claimed(stated(CONTEXT, &canonical(&value), 13))
}

/// The examiner's note, changed after it was signed.
fn altered(world: &World, change: impl FnOnce(&mut Value, &mut String)) -> Attempt {
    let mut file: Value = serde_json::from_str(&world.said().signed(13)).unwrap();
    let mut text: Value = serde_json::from_str(file["text"].as_str().unwrap()).unwrap();
    let mut signature = file["signature"].as_str().unwrap().to_owned();
    change(&mut text, &mut signature);
    file = json!({ "signature": signature, "text": canonical(&text) });
    claimed(canonical(&file))
}

pub const ATTACKS: &[Attack] = &[
    ("a note by an own key", &["key-unknown"], |world, chance| {
        let key = chance.of(&FOREIGN);
        claimed(Said { key, ..world.said() }.signed(key))
    }),
    ("a note under another's key", &["signature-wrong"], |world, chance| {
        claimed(world.said().signed(chance.of(&[1, 3, 4, 7, 7_001, 8_000])))
    }),
    ("a note in another's name", &["another-person"], |world, chance| {
        claimed(Said { person: chance.of(&[1, 2, 4, 7, 99]), ..world.said() }.signed(13))
    }),
    ("a note by a machine or a witness", &["key-unknown"], |world, chance| {
        let key = chance.of(&[8_000, 8_001, 0]);
        claimed(Said { key, ..world.said() }.signed(key))
    }),
    ("a note by a key that had ended", &["key-ended"], |world, chance| {
        let at = 96 + chance.below(400) as i64;
        claimed(Said { key: 3, at: at.max(144), ..world.said() }.signed(3))
    }),
    ("a note by a key that did not count yet", &["key-not-yet", "key-unknown"], |world, chance| {
        let early = Said { at: 24 + chance.below(24) as i64, roster: (1, world.hash(1)), ..world.said() };
        let said = if chance.one_in(2) { early } else { Said { key: 23, ..world.said() } };
        claimed(said.signed(said.key))
    }),
    ("a note without the role", &["role-missing"], |world, chance| {
        let key = chance.of(&[1, 2, 4, 5, 6, 12]);
        let person = if key == 12 { 2 } else { key };
        claimed(Said { key, person, ..world.said() }.signed(key))
    }),
    ("a note without training", &["not-trained"], |world, chance| {
        // Taken away with version 5; or two years later.
        let said = world.said();
        if chance.one_in(2) {
            return claimed(Said { key: 7, person: 7, ..said }.signed(7));
        }
        claimed(Said { at: 24 * (740 + chance.below(900) as i64), ..said }.signed(13))
    }),
    ("a note while the role was away", &["role-missing"], |world, chance| {
        let (at, version) = chance.of(&[(97, 4), (119, 4), (97, 3), (100, 1)]);
        claimed(
            Said { key: 7, person: 7, at, roster: (version, world.hash(version as usize)), ..world.said() }.signed(7),
        )
    }),
    ("a note dated back", &["before-its-version"], |world, chance| {
        claimed(Said { at: 143 - chance.below(300) as i64, ..world.said() }.signed(13))
    }),
    ("a note of a later version", &["no-such-version"], |world, chance| {
        let version = chance.of(&[0, 7, 8, u32::MAX]);
        claimed(Said { roster: (version, world.hash(6)), ..world.said() }.signed(13))
    }),
    ("a note of another roster", &["other-roster"], |world, chance| {
        let sha256 = chance.of(&[world.hash(5), "0".repeat(64), String::new(), world.hash(6).to_uppercase()]);
        claimed(Said { roster: (6, sha256), ..world.said() }.signed(13))
    }),
    ("a note after the ledger had it", &["after-the-log"], |world, chance| {
        let logged = Known::LoggedBy(hour(146 - chance.below(140) as i64));
        Attempt::Note(world.said().signed(13), logged)
    }),
    ("a payload changed afterwards", &["signature-wrong"], |world, chance| {
        let n = chance.below(1_000) + 8;
        altered(world, |text, _| text["payload"]["n"] = json!(n))
    }),
    ("a key, person or moment changed afterwards", &["signature-wrong"], |world, chance| {
        let other = chance.of(&[
            ("key", json!(public(3))),
            ("at", json!(hour(150))),
            ("person", json!("00000000-0000-0000-0000-000000000004")),
            ("roster_version", json!(5)),
        ]);
        altered(world, |text, _| text[other.0] = other.1)
    }),
    ("one bit of a note's signature", &["signature-wrong", "signature-malleable"], |world, chance| {
        let bit = chance.below(512);
        altered(world, |_, signature| {
            let mut bytes = hex::decode(&*signature).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            *signature = hex::encode(bytes);
        })
    }),
    ("a note's signature in another form", &["signature-malleable", "signature-malformed"], |world, chance| {
        let upper = chance.one_in(2);
        altered(world, |_, signature| *signature = if upper { signature.to_uppercase() } else { malleable(signature) })
    }),
    ("a note by a key by which anybody signs", &["key-weak"], |world, chance| {
        let small = small(chance);
        altered(world, |text, signature| {
            text["key"] = json!(small);
            *signature = small.clone() + &"0".repeat(64);
        })
    }),
    ("a statement of another kind", &["schema-unknown", "signature-wrong"], |world, chance| {
        let review = Said { kind: "review", ..world.said() };
        if chance.one_in(2) {
            claimed(review.signed(13))
        } else {
            claimed(stated("corroborate/review/v1", &canonical(&world.said().value()), 13))
        }
    }),
    ("a roster as a statement", &["schema-unknown"], |world, chance| {
        let text = text_of(&world.documents[chance.below(6)]);
        claimed(stated(CONTEXT, &text, 1))
    }),
    ("a note of an earlier format", &["schema-downgraded"], |world, _| {
        spoilt(world, |text| text["schema"] = json!("corroborate/note/v0"))
    }),
    ("a note with a name twice", &["duplicate-name"], |world, chance| {
        claimed(stated(CONTEXT, &doubled(&canonical(&world.said().value()), chance), 13))
    }),
    ("a note with a field more", &["unknown-field"], |world, chance| {
        let name = chance.of(&["zz", "role", "Key", "key "]);
        spoilt(world, |text| text[name] = json!(1))
    }),
    ("a note in another spelling", &["not-canonical"], |world, chance| {
        let text = canonical(&world.said().value());
        let text = match chance.below(3) {
            0 => text.replace("2026-01-07T03:00:00Z", "2026-01-07T03:00:00.0Z"),
            1 => text.replace("00000000-0000-0000-0000-000000000003", "00000000000000000000000000000003"),
            _ => respelt_without_null(&text, chance),
        };
        claimed(stated(CONTEXT, &text, 13))
    }),
    ("a number that would lose digits", &["not-canonical"], |world, chance| {
        let digits = chance.of(&["9007199254740993", "7.0", "0.70e1", "18446744073709551615"]);
        let text = canonical(&world.said().value()).replace("\"n\":7", &format!("\"n\":{digits}"));
        claimed(stated(CONTEXT, &text, 13))
    }),
    ("a note cut off", &["not-text"], |world, chance| {
        let file = world.said().signed(13);
        claimed(file[..chance.below(file.len())].to_owned())
    }),
];

fn respelt_without_null(text: &str, chance: &mut Chance) -> String {
    let other = respelt(text, chance);
    if other == text { format!("{text} ") } else { other }
}
