//! The vectors of `docs/formats/ledger.md`: what they hold is what the program says, and what the test makes is what they hold.
//! `CORROBORATE_WRITE_VECTORS=1` writes them anew.

use crate::logs;

use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ledger::{
    Asked, Checkpoint, Consistent, Key, Kind, LEAF, Leaf, Proof, Refusal, Signed, Signer, Tile, Watched, Whole,
};
use logs::{cosigned, leaf, leaves, log, log_of, secret, witness, witnesses};
use serde_json::{Value, json};

const ABOUT: &str = "Keys of these vectors are made from public texts: SHA-256 of \"corroborate test key N, not for use\" is the \
                     seed of key N. Trust nothing that they sign.";
/// When the witness of the vectors answers, seconds since 1970.
const NOW: u64 = 1_772_000_500;

fn refused(refusal: &Refusal) -> Value {
    json!({ "result": "refused", "reason": refusal.reason() })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn hash(value: &Value) -> [u8; 32] {
    hex::decode(text(value)).unwrap().try_into().unwrap()
}

/// What a reader says of a vector's input.
fn said(vector: &Value, log: &Key, witnesses: &[Key]) -> Value {
    let input = &vector["input"];
    match text(&vector["kind"]) {
        "key" => match Key::read(text(input)) {
            Ok(key) => {
                let kind = if key.kind() == Kind::Log { "log" } else { "witness" };
                json!({ "result": "accepted", "name": key.name(), "of": kind, "key": hex::encode(key.bytes()) })
            }
            Err(why) => refused(&why),
        },
        "leaf" => match Leaf::read(text(input).as_bytes()) {
            Ok(leaf) => json!({
                "result": "accepted", "writer": hex::encode(leaf.writer()), "position": leaf.position(),
                "hash": hex::encode(leaf.hash()), "in_tree": hex::encode(leaf.in_tree()),
            }),
            Err(why) => refused(&why),
        },
        "tile" => match Tile::read(text(input)) {
            Ok(tile) => {
                json!({ "result": "accepted", "level": tile.level(), "index": tile.index(), "width": tile.width() })
            }
            Err(why) => refused(&why),
        },
        "tree" => {
            let count = input["leaves"].as_u64().unwrap();
            json!({ "result": "accepted", "root": BASE64_STANDARD.encode(log_of(count).root()) })
        }
        "checkpoint" => {
            let read = Checkpoint::read(text(input).as_bytes()).and_then(|read| read.signed(log));
            match read.and_then(|signed| signed.cosigned(witnesses)) {
                Ok(cosigned) => json!({
                    "result": "accepted", "size": cosigned.signed().size(), "first_seen": cosigned.first_seen(),
                    "root": BASE64_STANDARD.encode(cosigned.signed().root()),
                }),
                Err(why) => refused(&why),
            }
        }
        "proof" => {
            let of = &input["leaf"];
            let leaf = Leaf::new(hash(&of["writer"]), of["position"].as_u64().unwrap(), hash(&of["hash"])).unwrap();
            match Proof::read(text(&input["proof"])).and_then(|proof| proof.of(leaf, log)) {
                Ok(included) => {
                    json!({ "result": "accepted", "index": included.index(), "size": included.checkpoint().size() })
                }
                Err(why) => refused(&why),
            }
        }
        "grown" => {
            let read = |value: &Value| Checkpoint::read(text(value).as_bytes()).and_then(|read| read.signed(log));
            let hashes: Vec<[u8; 32]> = input["hashes"].as_array().unwrap().iter().map(hash).collect();
            let both = read(&input["older"]).and_then(|older| Ok((older, read(&input["newer"])?)));
            match both.and_then(|(older, newer)| Consistent::prove(&older, &newer, &hashes)) {
                Ok(held) => json!({ "result": "accepted", "older": held.older().size(), "newer": held.newer().size() }),
                Err(why) => refused(&why),
            }
        }
        "witness" => {
            let last = input["last"].as_str().map(str::as_bytes);
            let watched = Watched::new(log.clone(), last).unwrap();
            let answered = Asked::read(text(&input["asked"]).as_bytes())
                .and_then(|asked| watched.answer(&asked, &witness(1), NOW));
            match answered {
                Ok((line, _)) => json!({ "result": "accepted", "status": 200, "line": line }),
                Err(denied) => json!({ "result": "refused", "status": denied.status() }),
            }
        }
        other => panic!("{other}"),
    }
}

/// A point of large order, by the encoding that lies above the field's size.
fn second_encoding() -> [u8; 32] {
    let above = (0xee..=0xff).map(|low| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (low, 0x7f);
        bytes
    });
    let is = |bytes: &[u8; 32]| ed25519_dalek::VerifyingKey::from_bytes(bytes).is_ok_and(|key| !key.is_weak());
    above.into_iter().find(is).unwrap()
}

#[derive(Default)]
struct Made(Vec<Value>);

impl Made {
    fn put(&mut self, kind: &str, name: impl Into<String>, input: Value, wanted: Option<&str>) {
        let mut vector = json!({ "kind": kind, "name": name.into(), "input": input });
        let found = said(&vector, log().key(), &witnesses());
        let reason = found["reason"]
            .as_str()
            .map(str::to_owned)
            .or_else(|| (found["result"] == "refused").then(|| found["status"].to_string()));
        assert_eq!(reason.as_deref(), wanted, "{vector}");
        vector["result"] = found["result"].clone();
        for (name, value) in found.as_object().unwrap() {
            vector[name] = value.clone();
        }
        self.0.push(vector);
    }
}

fn keys(made: &mut Made) {
    let log = log().key().to_string();
    made.put("key", "of a log", json!(log), None);
    made.put("key", "of a witness", json!(witness(1).key().to_string()), None);
    let (name, rest) = log.split_once('+').unwrap();
    let (id, key) = rest.split_once('+').unwrap();
    let bytes = BASE64_STANDARD.decode(key).unwrap();
    let with = |name: &str, bytes: &[u8]| {
        // A number that fits, so that something else refuses it.
        use sha2::{Digest, Sha256};
        let digest = Sha256::new().chain_update(name).chain_update("\n").chain_update(bytes).finalize();
        format!("{name}+{}+{}", hex::encode(&digest[..4]), BASE64_STANDARD.encode(bytes))
    };
    made.put("key", "made by hand", json!(with(name, &bytes)), None);
    for (what, wrong) in [
        ("another number", format!("{name}+00000000+{key}")),
        ("number in capitals", format!("{name}+{}+{key}", id.to_uppercase())),
        ("without a number", format!("{name}+{key}")),
        ("without a key", format!("{name}+{id}+")),
        ("another kind", with(name, &[&[2], &bytes[1..]].concat())),
        ("a byte short", with(name, &bytes[..32])),
        ("a byte long", with(name, &[&bytes[..], &[0]].concat())),
        ("no point", with(name, &[&[1, 2][..], &[0; 31]].concat())),
        ("a second encoding", with(name, &[&[1][..], &second_encoding()].concat())),
        ("cut short", witness(1).key().to_string()[..witness(1).key().to_string().len() - 1].to_owned()),
        ("a line feed after", format!("{log}\n")),
        ("nothing", String::new()),
    ] {
        made.put("key", what, json!(wrong), Some("key-malformed"));
    }
    made.put("key", "of small order", json!(with(name, &[&[1, 1][..], &[0; 31]].concat())), Some("key-weak"));
    for (what, name) in [("name with a blank", "a b"), ("without a name", ""), ("long name", &"n".repeat(257))] {
        made.put("key", what, json!(with(name, &bytes)), Some("malformed"));
    }
}

fn entries(made: &mut Made) {
    for position in [1, 2, 10, (1 << 53) - 1] {
        made.put("leaf", format!("position {position}"), json!(leaf(position).entry()), None);
    }
    let entry = leaf(3).entry();
    let lines: Vec<&str> = entry.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    for (what, wrong) in [
        ("without the last line feed", entry.trim_end().to_owned()),
        ("another line feed", format!("{entry}\n")),
        ("carriage returns", entry.replace('\n', "\r\n")),
        ("another kind", entry.replace(LEAF, "corroborate/leaf/v2")),
        ("position 0", joined(&[lines[0], lines[1], "0", lines[3]])),
        ("position with a zero before", joined(&[lines[0], lines[1], "03", lines[3]])),
        ("position with a sign", joined(&[lines[0], lines[1], "+3", lines[3]])),
        ("position beyond 2^53 - 1", joined(&[lines[0], lines[1], "9007199254740992", lines[3]])),
        ("hash in capitals", joined(&[lines[0], lines[1], "3", &lines[3].to_uppercase()])),
        ("hash a digit short", joined(&[lines[0], lines[1], "3", &lines[3][1..]])),
        ("writer a byte long", joined(&[lines[0], &format!("{}00", lines[1]), "3", lines[3]])),
        ("lines in another order", joined(&[lines[0], lines[3], lines[1], "3"])),
        ("a line more", joined(&[lines[0], lines[1], "3", lines[3], "x"])),
        ("nothing", String::new()),
    ] {
        made.put("leaf", what, json!(wrong), Some("malformed"));
    }
    for path in ["tile/0/000", "tile/0/000.p/1", "tile/1/x001/234.p/255", "tile/63/999", "tile/entries/x002/x003/004"] {
        made.put("tile", path, json!(path), None);
    }
    for path in [
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/../000",
        "tile/data/000",
        "tile/8/0/000",
        "tile/0/-01",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "",
    ] {
        made.put("tile", format!("no path {path:?}"), json!(path), Some("malformed"));
    }
    for count in [0, 1, 2, 3, 7, 255, 256, 257, 1000] {
        made.put("tree", format!("{count} leaves"), json!({ "leaves": count }), None);
    }
}

fn checkpoints(made: &mut Made) {
    for count in [0, 1, 5, 300] {
        made.put("checkpoint", format!("{count} leaves"), json!(cosigned(&log_of(count)).whole()), None);
    }
    let signed = cosigned(&log_of(5));
    let whole = signed.whole();
    let (head, lines) = whole.split_once("\n\n").unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    let joined = |head: &str, lines: &[&str]| format!("{head}\n\n{}\n", lines.join("\n"));
    let stranger = witness(3).line(signed.text(), 7);
    made.put("checkpoint", "a stranger's signature beside", json!(format!("{whole}{stranger}")), None);
    made.put("checkpoint", "lines in another order", json!(joined(head, &[lines[2], lines[0], lines[1]])), None);
    made.put("checkpoint", "a cosignature twice", json!(joined(head, &[lines[0], lines[1], lines[2], lines[1]])), None);
    for (what, left) in [("the log", 0), ("the first witness", 1), ("the second witness", 2)] {
        let others: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| *at != left).map(|(_, line)| *line).collect();
        made.put("checkpoint", format!("not signed by {what}"), json!(joined(head, &others)), Some("not-signed"));
    }
    let later = log_of(6);
    let text = later.checkpoint(&log()).unwrap().text().to_owned();
    let moved = format!("{text}\n{}\n", lines.join("\n"));
    made.put("checkpoint", "signatures of an earlier one", json!(moved), Some("signature-wrong"));
    for at in 0..3 {
        let other = &witness(1).line(&text, 5)[..];
        let one = Signer::new(Kind::Log, logs::ORIGIN, &secret(1)).unwrap().line(&text, 0);
        let of = [&one, other, &witness(2).line(&text, 5)][at].trim_end().to_owned();
        let mut changed: Vec<&str> = lines.clone();
        changed[at] = &of;
        made.put(
            "checkpoint",
            format!("line {} of another text", at + 1),
            json!(joined(head, &changed)),
            Some("signature-wrong"),
        );
    }
    let elsewhere = Signer::new(Kind::Log, "ledger.example/elsewhere", &secret(1)).unwrap();
    made.put(
        "checkpoint",
        "of another log",
        json!(log_of(5).checkpoint(&elsewhere).unwrap().whole()),
        Some("other-log"),
    );
    let with = |from: &str, to: &str| json!(whole.replacen(from, to, 1));
    made.put("checkpoint", "another size", with("\n5\n", "\n6\n"), Some("signature-wrong"));
    for (what, wrong) in [
        ("size with a zero before", with("\n5\n", "\n05\n")),
        ("size with a sign", with("\n5\n", "\n+5\n")),
        ("size beyond 2^53 - 1", with("\n5\n", "\n9007199254740992\n")),
        ("without a size", with("\n5\n", "\n")),
        ("without an origin", json!(whole.split_once('\n').unwrap().1)),
        ("an empty origin", json!(format!("\n{}", whole.split_once('\n').unwrap().1))),
        ("root without its padding", with("=\n\n", "\n\n")),
        ("a carriage return", with("\n5\n", "\r\n5\n")),
        ("a tab", with("nowhere\n", "nowhere\t\n")),
        ("without signatures", json!(format!("{head}\n\n"))),
        ("without an empty line", json!(format!("{head}\n{}\n", lines.join("\n")))),
        ("without the last line feed", json!(whole.trim_end())),
        ("a line that is no signature", json!(format!("{whole}x\n"))),
        ("a hyphen for the dash", with("\u{2014} ", "- ")),
        ("a signature without bytes", json!(format!("{whole}\u{2014} x AAAAAA==\n"))),
        ("a name with a plus sign", json!(format!("{whole}\u{2014} x+y AAAAAAA=\n"))),
        ("sixty-five signatures", json!(joined(head, &[lines[1]; 65]))),
        ("nothing", json!("")),
    ] {
        made.put("checkpoint", what, wrong, Some("malformed"));
    }
    made.put(
        "checkpoint",
        "too large",
        json!(format!("{head}\n{}\n\n{}\n", "x".repeat(70_000), lines[0])),
        Some("too-large"),
    );
}

fn proofs(made: &mut Made) {
    let of = |leaf: &Leaf, proof: String| {
        json!({ "leaf": { "writer": hex::encode(leaf.writer()), "position": leaf.position(), "hash": hex::encode(leaf.hash()) },
                "proof": proof })
    };
    let proof = |count: u64, index: u64| {
        let whole = log_of(count);
        whole.included(leaf(index + 1), index, cosigned(&whole)).unwrap().text()
    };
    for (count, index) in [(1, 0), (2, 1), (3, 2), (7, 3), (256, 255), (300, 0), (300, 299)] {
        made.put("proof", format!("entry {index} of {count}"), of(&leaf(index + 1), proof(count, index)), None);
    }
    let base = proof(7, 3);
    made.put("proof", "of another entry", of(&leaf(5), base.clone()), Some("not-included"));
    made.put("proof", "another index", of(&leaf(4), base.replace("index 3", "index 2")), Some("not-included"));
    made.put("proof", "beyond the log", of(&leaf(4), base.replace("index 3", "index 7")), Some("not-included"));
    let lines: Vec<&str> = base.split('\n').collect();
    let without =
        |at: usize| lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, l)| *l).collect::<Vec<_>>().join("\n");
    let twice = |at: usize| [&lines[..at], &[lines[at]], &lines[at..]].concat().join("\n");
    made.put("proof", "a hash short", of(&leaf(4), without(2)), Some("not-included"));
    made.put("proof", "a hash more", of(&leaf(4), twice(2)), Some("not-included"));
    made.put(
        "proof",
        "hashes in another order",
        of(&leaf(4), [&lines[..2], &[lines[3], lines[2]], &lines[4..]].concat().join("\n")),
        Some("not-included"),
    );
    let other = Whole::of(&[&leaves(6)[..], &[leaf(9)]].concat());
    let forked = base.split_once("\n\n").unwrap().0.to_owned() + "\n\n" + cosigned(&other).whole();
    made.put("proof", "with another history's checkpoint", of(&leaf(4), forked), Some("not-included"));
    let bare = other.checkpoint(&Signer::new(Kind::Log, logs::ORIGIN, &secret(3)).unwrap()).unwrap();
    let strange = base.split_once("\n\n").unwrap().0.to_owned() + "\n\n" + bare.whole();
    made.put("proof", "with a checkpoint by another key", of(&leaf(4), strange), Some("not-signed"));
    for (what, wrong) in [
        ("another form", base.replace("@v1", "@v2")),
        ("extra data", base.replace("index 3", "extra AAAA\nindex 3")),
        ("index with a zero before", base.replace("index 3", "index 03")),
        ("without an index", without(1)),
        ("a hash cut short", base.replacen(lines[2], &lines[2][..40], 1)),
        ("without its checkpoint", base.split_once("\n\n").unwrap().0.to_owned()),
        ("nothing", String::new()),
    ] {
        made.put("proof", what, of(&leaf(4), wrong), Some("malformed"));
    }
}

fn growth(made: &mut Made) {
    let of = |older: &Signed, newer: &Signed, hashes: &[[u8; 32]]| {
        let hashes: Vec<String> = hashes.iter().map(hex::encode).collect();
        json!({ "older": older.whole(), "newer": newer.whole(), "hashes": hashes })
    };
    let at = |count: u64| (log_of(count), log_of(count).checkpoint(&log()).unwrap());
    for (small, large) in [(0, 0), (0, 5), (1, 2), (3, 7), (4, 7), (6, 8), (7, 7), (255, 257), (256, 300)] {
        let ((_, older), (whole, newer)) = (at(small), at(large));
        made.put(
            "grown",
            format!("{small} to {large}"),
            of(&older, &newer, &whole.grown(small, &newer).unwrap()),
            None,
        );
    }
    let ((_, older), (whole, newer)) = (at(5), at(9));
    let hashes = whole.grown(5, &newer).unwrap();
    made.put("grown", "went back", of(&newer, &older, &hashes), Some("rolled-back"));
    made.put("grown", "without hashes", of(&older, &newer, &[]), Some("inconsistent"));
    made.put("grown", "a hash short", of(&older, &newer, &hashes[1..]), Some("inconsistent"));
    made.put("grown", "a hash more", of(&older, &newer, &[&hashes[..], &hashes[..1]].concat()), Some("inconsistent"));
    let other = Whole::of(&[&leaves(4)[..], &[leaf(99)]].concat());
    let fork = other.checkpoint(&log()).unwrap();
    made.put("grown", "two histories of one size", of(&older, &fork, &[]), Some("fork"));
    made.put("grown", "from another history", of(&fork, &newer, &hashes), Some("inconsistent"));
    let mut swapped = leaves(9);
    swapped.swap(0, 1);
    let moved = Whole::of(&swapped);
    let reordered = moved.checkpoint(&log()).unwrap();
    made.put(
        "grown",
        "two entries in another order",
        of(&older, &reordered, &moved.grown(5, &reordered).unwrap()),
        Some("inconsistent"),
    );
    let elsewhere = Signer::new(Kind::Log, "ledger.example/elsewhere", &secret(1)).unwrap();
    made.put("grown", "of another log", of(&whole.checkpoint(&elsewhere).unwrap(), &newer, &[]), Some("other-log"));
}

fn witnessed(made: &mut Made) {
    let read = |signed: &Signed| Checkpoint::read(signed.whole().as_bytes()).unwrap();
    let ((older, newer), whole) =
        ((log_of(5).checkpoint(&log()).unwrap(), log_of(9).checkpoint(&log()).unwrap()), log_of(9));
    let hashes = whole.grown(5, &newer).unwrap();
    let asked = |old: u64, hashes: &[[u8; 32]], signed: &Signed| Asked::new(old, hashes.to_vec(), read(signed)).text();
    let of = |last: Option<&Signed>, asked: String| json!({ "last": last.map(|last| last.whole()), "asked": asked });
    made.put("witness", "the first", of(None, asked(0, &[], &older)), None);
    made.put("witness", "the next", of(Some(&older), asked(5, &hashes, &newer)), None);
    made.put("witness", "the same again", of(Some(&older), asked(5, &[], &older)), None);
    made.put("witness", "a size that was never cosigned", of(None, asked(5, &hashes, &newer)), Some("409"));
    made.put("witness", "an earlier size", of(Some(&newer), asked(5, &hashes, &newer)), Some("409"));
    made.put("witness", "a smaller log", of(Some(&newer), asked(9, &[], &older)), Some("400"));
    made.put("witness", "without hashes", of(Some(&older), asked(5, &[], &newer)), Some("422"));
    made.put("witness", "hashes from nothing", of(None, asked(0, &hashes, &newer)), Some("422"));
    let fork = Whole::of(&[&leaves(4)[..], &[leaf(99)]].concat()).checkpoint(&log()).unwrap();
    made.put("witness", "two histories of one size", of(Some(&older), asked(5, &[], &fork)), Some("409"));
    let grown = Whole::of(&[&leaves(4)[..], &[leaf(99)], &leaves(9)[5..]].concat());
    let forked = grown.checkpoint(&log()).unwrap();
    made.put(
        "witness",
        "another history grown",
        of(Some(&older), asked(5, &grown.grown(5, &forked).unwrap(), &forked)),
        Some("422"),
    );
    let stranger = Signer::new(Kind::Log, logs::ORIGIN, &secret(3)).unwrap();
    made.put(
        "witness",
        "signed by another key",
        of(Some(&older), asked(5, &hashes, &whole.checkpoint(&stranger).unwrap())),
        Some("403"),
    );
    let elsewhere = Signer::new(Kind::Log, "ledger.example/elsewhere", &secret(1)).unwrap();
    made.put(
        "witness",
        "of another log",
        of(Some(&older), asked(5, &hashes, &whole.checkpoint(&elsewhere).unwrap())),
        Some("404"),
    );
    let base = asked(5, &hashes, &newer);
    for (what, wrong) in [
        ("old size with a zero before", base.replace("old 5", "old 05")),
        ("without an old size", base.replace("old 5\n", "")),
        (
            "sixty-four hashes",
            base.replace("old 5\n", &format!("old 5\n{}", format!("{}\n", BASE64_STANDARD.encode([0; 32])).repeat(64))),
        ),
        ("without a checkpoint", base.split_once("\n\n").unwrap().0.to_owned()),
        ("nothing", String::new()),
    ] {
        made.put("witness", what, of(Some(&older), wrong), Some("400"));
    }
}

#[test]
fn ledgers() {
    let mut made = Made::default();
    for group in [keys, entries, checkpoints, proofs, growth, witnessed] {
        group(&mut made);
    }
    assert!(made.0.len() >= 100, "{} vectors", made.0.len());
    let witnesses: Vec<String> = witnesses().iter().map(ToString::to_string).collect();
    let made = json!({
        "about": ABOUT, "log": log().key().to_string(), "witnesses": witnesses, "witness_answers_at": NOW,
        "leaves": "Leaf n, from 1, is the entry of the writer of key 7 at position n with the SHA-256 of \"row n\".",
        "vectors": made.0,
    });
    let whole = serde_json::to_string_pretty(&made).unwrap() + "\n";
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../docs/formats/vectors/ledger.json"].iter().collect();
    if std::env::var_os("CORROBORATE_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &whole).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == whole, "the test makes other vectors than are kept");
    let kept: Value = serde_json::from_str(&kept).unwrap();
    let log = Key::read(text(&kept["log"])).unwrap();
    let keys: Vec<Key> =
        kept["witnesses"].as_array().unwrap().iter().map(|key| Key::read(text(key)).unwrap()).collect();
    for vector in kept["vectors"].as_array().unwrap() {
        for (name, value) in said(vector, &log, &keys).as_object().unwrap() {
            assert_eq!(value, &vector[name], "{}: {name}", vector["name"]);
        }
    }
}
