//! What an adversary makes of an exported note. A change before it is signed is one in which everybody whose signature is
//! needed takes part.

use casework::{Day, Role};
use serde_json::{Value, json};

use super::notes::Made;
use super::*;

/// The note with these changes, signed by everybody.
pub fn told(made: &Made, changes: &[(&str, &str)]) -> Made {
    let mut made = made.clone();
    made.change(|note| {
        for (place, value) in changes {
            let value: Value = serde_json::from_str(value).unwrap();
            match place.strip_prefix('@') {
                None => put(note, place, value),
                Some(inside) => {
                    put(note, &format!("/verification{inside}"), value.clone());
                    put(note, &format!("/examination/verification{inside}"), value);
                }
            }
        }
    });
    made
}

/// What is done to a file that holds, by somebody who is not everybody: name, reasons, and the file.
pub fn forged(made: &Made) -> Vec<(String, &'static str, String)> {
    let whole = made.file();
    let mut all: Vec<(String, &'static str, String)> = Vec::new();
    let mut put_file = |name: &str, reason, file: &Value| all.push((name.to_owned(), reason, canonical(file)));
    let mut after = |name: &str, reason, change: &dyn Fn(&mut Value)| {
        let mut file = whole.clone();
        change(&mut file);
        put_file(name, reason, &file);
    };
    let other = |text: &Value, from: &str, to: &str| json!(text.as_str().unwrap().replacen(from, to, 1));
    after("one word of the note changed", "hash", &|f| {
        f["note"]["text"] = other(&f["note"]["text"], "gunpoint", "knifepoint")
    });
    after("one word and its hash changed", "signature", &|f| {
        f["note"]["text"] = other(&f["note"]["text"], "gunpoint", "knifepoint");
        f["note"]["sha256"] = json!(sha256(f["note"]["text"].as_str().unwrap()));
    });
    after("the review's decision changed", "hash", &|f| {
        f["review"]["text"] = other(&f["review"]["text"], "approve", "return")
    });
    after("sealed by another workstation's key", "signature", &|f| f["note"]["public_key"] = json!(public(STRANGER)));
    after("sealed again by another workstation", "beside-or-holds", &|_| ());
    after("a signature of the review on the note", "signature", &|f| {
        f["note"]["signature"] = f["review"]["signature"].clone()
    });
    after("a signature in capitals", "signature", &|f| {
        f["note"]["signature"] = json!(f["note"]["signature"].as_str().unwrap().to_uppercase());
    });
    after("a signature of zeros", "signature", &|f| f["note"]["signature"] = json!("00".repeat(64)));
    after("a signature that somebody else made of it", "signature", &|f| {
        f["note"]["signature"] = json!(malleable(f["note"]["signature"].as_str().unwrap()));
    });
    after("a signature cut off", "signature", &|f| {
        f["note"]["signature"] = json!(f["note"]["signature"].as_str().unwrap()[..126].to_owned());
    });
    after("a key in capitals", "key", &|f| {
        f["note"]["public_key"] = json!(f["note"]["public_key"].as_str().unwrap().to_uppercase());
    });
    after("a key by which anybody signs", "key", &|f| {
        f["note"]["public_key"] = json!(format!("01{}", "00".repeat(31)))
    });
    after("no key", "key", &|f| f["note"]["public_key"] = json!(""));
    after("an addendum left out", "addendum", &|f| drop(f["addenda"].as_array_mut().unwrap().remove(0)));
    after("the last addendum left out", "beside", &|f| drop(f["addenda"].as_array_mut().unwrap().pop()));
    after("addenda in another order", "addendum", &|f| f["addenda"].as_array_mut().unwrap().reverse());
    after("an addendum twice", "addendum", &|f| {
        let again = f["addenda"][1].clone();
        f["addenda"].as_array_mut().unwrap().push(again);
    });
    after("the review left out", "beside", &|f| f["review"] = json!(null));
    after("the note in the review's place", "signature", &|f| f["review"] = f["note"].clone());
    after("a field more", "malformed", &|f| f["approved"] = json!(true));
    after("a field more in a record", "malformed", &|f| f["note"]["by"] = json!("anybody"));
    after("a field left out", "malformed", &|f| drop(f.as_object_mut().unwrap().remove("addenda")));
    after("another format", "schema", &|f| f["format"] = json!("corroborate.note-file.v3"));
    after("an earlier format with a department", "schema", &|f| f["format"] = json!("corroborate.note-file.v1"));
    after("an earlier format with signatures beside", "schema", &|f| {
        f["format"] = json!("corroborate.note-file.v1");
        f.as_object_mut().unwrap().remove("root");
    });
    after("a list of files", "schema", &|f| *f = json!([f.clone()]));
    after("another department's root", "department", &|f| f["root"] = json!(public(STRANGER)));
    after("no root, and its format", "schema", &|f| f["root"] = json!(null));
    after("an empty root", "department", &|f| f["root"] = json!(""));
    after("a root by which anybody signs", "department", &|f| f["root"] = json!("00".repeat(32)));
    after("no documents", "malformed", &|f| f["department"] = json!([]));
    after("no policy", "statement", &|f| drop(f["department"].as_array_mut().unwrap().pop()));
    after("documents in another order", "department", &|f| f["department"].as_array_mut().unwrap().reverse());
    after("a document twice", "department", &|f| {
        let again = f["department"][1].clone();
        f["department"].as_array_mut().unwrap().push(again);
    });
    after("a roster changed afterwards", "department", &|f| {
        f["department"][0] = other(&f["department"][0], "Examiner 2", "Examiner 9");
    });
    for at in 0..made.hands().len() {
        after(&format!("signature {at} twice"), "beside", &|f| {
            let again = f["statements"][at].clone();
            f["statements"].as_array_mut().unwrap().push(again);
        });
    }
    after("a statement that cannot be read", "statement", &|f| f["statements"][0] = json!("{}"));
    after("a statement of an unknown kind", "statement", &|f| {
        f["statements"][0] = other(&f["statements"][0], "corroborate/", "corroborate/x-");
    });
    let at_hand = |name: &str, reason: &'static str, change: &dyn Fn(&mut Vec<Hand>)| {
        (name.to_owned(), reason, canonical(&made.file_signed(|hands| change(hands))))
    };
    let of = |hands: &mut Vec<Hand>, kind: &str| hands.iter().position(|hand| hand.kind == kind).unwrap();
    let kinds = ["conclusion", "verification", "note", "review", "addendum"];
    for kind in kinds {
        all.push(at_hand(&format!("{kind}: a key of one's own"), "statement", &|hands| {
            let at = of(hands, kind);
            hands[at].key = 777;
        }));
        all.push(at_hand(&format!("{kind}: a colleague's key"), "statement", &|hands| {
            let at = of(hands, kind);
            hands[at].key = 3;
        }));
        all.push(at_hand(&format!("{kind}: a colleague instead"), "beside", &|hands| {
            let at = of(hands, kind);
            (hands[at].key, hands[at].person) = (3, id(3));
        }));
        all.push(at_hand(&format!("{kind}: at another moment"), "statement", &|hands| {
            let at = of(hands, kind);
            hands[at].at = "2026-03-02T09:39:00Z".to_owned();
        }));
        all.push(at_hand(&format!("{kind}: of another record"), "beside", &|hands| {
            let at = of(hands, kind);
            hands[at].record = sha256("another record");
        }));
        all.push(at_hand(&format!("{kind}: of another kind"), "beside", &|hands| {
            let at = of(hands, kind);
            hands[at].kind = if kind == "note" { "review" } else { "note" };
        }));
        all.push(at_hand(&format!("{kind}: of a version to come"), "statement", &|hands| {
            let at = of(hands, kind);
            hands[at].version = Some(9);
        }));
    }
    let documents = |name: &str, reason, documents: Vec<String>| {
        (name.to_owned(), reason, canonical(&Made { documents, ..made.clone() }.file()))
    };
    let before = "2026-03-01T08:00:00Z";
    all.extend([
        documents(
            "a verifier whose training had ended",
            "statement",
            changed(before, |all| {
                all[1].person.training.as_mut().unwrap().completed_on = Day("2023-01-15".parse().unwrap());
            }),
        ),
        documents(
            "a verifier whose training was taken away",
            "statement",
            changed(before, |all| all[1].person.training = None),
        ),
        documents(
            "a verifier below the proficiency",
            "statement",
            changed(before, |all| {
                all[1].person.training.as_mut().unwrap().proficiency = 60;
            }),
        ),
        documents(
            "a verifier who is no examiner any more",
            "statement",
            changed(before, |all| {
                all[1].person.roles = vec![Role::Auditor];
            }),
        ),
        documents("a verifier who was put out", "statement", changed(before, |all| drop(all.remove(1)))),
        documents(
            "a verifier whose key had ended",
            "statement",
            changed(before, |all| {
                all[1].keys = vec![span(2, "2026-01-20", Some("2026-02-28"))];
            }),
        ),
        documents(
            "a verifier whose key was found to have ended",
            "statement",
            changed("2026-03-05T08:00:00Z", |all| {
                all[1].keys = vec![span(2, "2026-01-20", Some("2026-03-01"))];
            }),
        ),
        documents(
            "a verifier with a key to come",
            "statement",
            documents_of(
                ROOT,
                &{
                    let mut all = people();
                    all[1].keys = vec![span(2, "2026-03-20", None)];
                    all
                },
                None,
            ),
        ),
        documents(
            "an author who is no examiner",
            "statement",
            changed("2026-03-02T11:30:00Z", |all| {
                all[0].person.roles = vec![Role::Auditor];
            }),
        ),
        documents(
            "an examiner who was trained too little",
            "statement",
            changed(before, |all| {
                all[0].person.training.as_mut().unwrap().proficiency = 10;
            }),
        ),
        documents(
            "a reviewer who is no supervisor",
            "statement",
            changed(before, |all| {
                all[3].person.roles = vec![Role::Administrator];
            }),
        ),
        documents(
            "a person swapped for another",
            "statement",
            documents_of(
                ROOT,
                &{
                    let mut all = people();
                    let keys = all[1].keys.clone();
                    all[1].keys = std::mem::replace(&mut all[2].keys, keys);
                    all
                },
                None,
            ),
        ),
        documents(
            "another name in the roster",
            "statement",
            documents_of(
                ROOT,
                &{
                    let mut all = people();
                    (all[1].person.name, all[1].person.badge) = ("Somebody Else".to_owned(), "9999".to_owned());
                    all
                },
                None,
            ),
        ),
        documents("a department that began later", "statement", documents_of(STRANGER, &people(), None)),
    ]);
    // The last names its own root: another department's chain, whole.
    let last = all.last_mut().unwrap();
    *last = (
        "another department's chain".to_owned(),
        "holds-for-another",
        canonical(
            &Made { documents: documents_of(STRANGER, &people(), None), root: Some(STRANGER), ..made.clone() }.file(),
        ),
    );
    let reviewed = |name: &str, reason: &'static str, change: &dyn Fn(&mut Value)| {
        let mut made = made.clone();
        change(&mut made.reviews[0]);
        (name.to_owned(), reason, canonical(&made.file()))
    };
    let person = |n: u128| serde_json::to_value(somebody(n).reference()).unwrap();
    all.extend([
        reviewed("reviewed by the author", "review", &|r| r["reviewer"] = person(1)),
        reviewed("reviewed by the verifier", "review", &|r| r["reviewer"] = person(2)),
        reviewed("reviewed by an examiner", "statement", &|r| r["reviewer"] = person(3)),
        reviewed("reviewed as an examiner", "review", &|r| r["role"] = json!("examiner")),
        reviewed("a review in no role", "review", &|r| r["role"] = json!(null)),
        reviewed("a review before the note", "review", &|r| r["at"] = json!("2026-03-02T11:59:59Z")),
        reviewed("approved against the own judgement", "review", &|r| {
            r["judged"][0]["holds"] = json!(false);
            r["judged"][0]["remark"] = json!("The purpose does not fit.");
        }),
        reviewed("approved with a question open", "review", &|r| r["judged"][2]["holds"] = json!(null)),
        reviewed("a question left out", "review", &|r| drop(r["judged"].as_array_mut().unwrap().pop())),
        reviewed("returned without a reason", "review", &|r| r["decision"] = json!("return")),
        reviewed("referred without a reason", "review", &|r| r["decision"] = json!("refer")),
        reviewed("a review of another note", "review", &|r| r["note"] = json!(id(99))),
        reviewed("a review of another text of the note", "review", &|r| r["note_sha256"] = json!("00".repeat(32))),
        reviewed("a review of an earlier schema", "signature", &|r| r["schema"] = json!("corroborate.review.v1")),
        reviewed("a review that says more", "malformed", &|r| r["urgent"] = json!(true)),
    ]);
    let added = |name: &str, reason: &'static str, change: &dyn Fn(&mut Value)| {
        let mut made = made.clone();
        change(&mut made.addenda[0]);
        (name.to_owned(), reason, canonical(&made.file()))
    };
    all.extend([
        added("an addendum before the note", "addendum", &|a| a["at"] = json!("2026-03-02T11:59:59Z")),
        added("an addendum to another note", "addendum", &|a| a["note"] = json!(id(99))),
        added("an addendum of another number", "addendum", &|a| a["number"] = json!(7)),
        added("an addendum of another schema", "signature", &|a| a["schema"] = json!("corroborate.addendum.v0")),
    ]);
    let text = canonical(&whole);
    let twice = |from: &str, to: &str| text.replacen(from, to, 1);
    all.extend([
        ("cut off".to_owned(), "not-text", text[..text.len() - 2].to_owned()),
        ("nothing".to_owned(), "not-text", String::new()),
        ("no JSON".to_owned(), "not-text", "<!doctype html><script>alert(1)</script>".to_owned()),
        ("another value".to_owned(), "schema", "[]".to_owned()),
        ("a name twice".to_owned(), "duplicate-name", twice("{\"addenda\":", "{\"addenda\":[],\"addenda\":")),
        (
            "a name twice, once spelt otherwise".to_owned(),
            "duplicate-name",
            twice("{\"addenda\":", "{\"\\u0061ddenda\":[],\"addenda\":"),
        ),
        ("a blank".to_owned(), "not-canonical", twice("{\"addenda\":", "{ \"addenda\":")),
        (
            "fields in another order".to_owned(),
            "not-canonical",
            twice("\"format\":\"corroborate.note-file.v2\",", "").replacen(
                '{',
                "{\"format\":\"corroborate.note-file.v2\",",
                1,
            ),
        ),
        ("two line feeds".to_owned(), "not-canonical", format!("{text}\n\n")),
        ("a byte order mark".to_owned(), "not-text", format!("\u{feff}{text}")),
        ("deep".to_owned(), "not-text", "[".repeat(100_000)),
    ]);
    let inside = |name: &str, reason: &'static str, change: &dyn Fn(String) -> String| {
        let mut file = whole.clone();
        let text = change(canonical(&made.note));
        let schema = "corroborate.note.v2";
        file["note"] = json!({ "public_key": public(made.desk), "sha256": sha256(&text), "signature": sign(schema, &text, made.desk), "text": text });
        (name.to_owned(), reason, canonical(&file))
    };
    all.extend([
        inside("a name twice in the note", "duplicate-name", &|text| {
            text.replacen("\"reason\":\"\"", "\"reason\":\"Other\",\"reason\":\"\"", 1)
        }),
        inside("a blank in the note", "not-canonical", &|text| text.replacen("\"reason\":\"\"", "\"reason\": \"\"", 1)),
        inside("a number in another form", "not-canonical", &|text| {
            text.replacen("\"scanned\":500", "\"scanned\":500.0", 1)
        }),
        inside("no note", "not-text", &|_| "the note".to_owned()),
    ]);
    all.retain(|(_, reason, _)| *reason != "beside-or-holds");
    all
}

/// A second signature that means the same to whoever does not look: the group's order is added to its second half.
fn malleable(signature: &str) -> String {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut bytes = hex::decode(signature).unwrap();
    let mut carry = 0u16;
    for (byte, order) in bytes[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    hex::encode(bytes)
}
