//! Certificates of purged cases: those that hold, and what an adversary makes of them.

use serde_json::{Value, json};

use super::*;

/// A certificate with those who sign it.
#[derive(Debug, Clone)]
pub struct Certified {
    pub certificate: Value,
    pub desk: u32,
    pub root: Option<u32>,
    pub documents: Vec<String>,
    /// Who signs, with which key, as what, when.
    pub hands: Vec<Hand>,
}

impl Certified {
    fn of(ended: &str, days: u16) -> Self {
        let by = |n: u128| serde_json::to_value(somebody(n).reference()).unwrap();
        let gone =
            |kind: &str, n: u32| json!({ "bytes": 100 + n, "kind": kind, "sha256": sha256(&format!("{kind} {n}")) });
        let mut all: Vec<Value> =
            ["addendum", "attachment", "candidate", "keeping", "note", "package", "part", "probe", "review"]
                .into_iter()
                .flat_map(|kind| [gone(kind, 1), gone(kind, 2)])
                .collect();
        all.sort_by_key(|one| (one["kind"].to_string(), one["sha256"].to_string()));
        let certificate = json!({
            "schema": "corroborate.purge-certificate.v1", "case": id(10), "number": "26-000123", "ended": ended, "days": days,
            "law": "California Government Code 34090", "policy": sha256("the policy"), "due_since": "2028-03-02",
            "told_at": "2028-03-03T09:00:00Z", "witnessed": true, "searches": [id(20), id(21)],
            "previewed": { "by": by(8), "at": "2028-03-20T08:00:00Z" },
            "confirmed": { "by": by(8), "at": "2028-03-20T09:00:00Z" }, "gone": all,
        });
        Self { certificate, desk: DESK, root: Some(ROOT), documents: department(), hands: Vec::new() }.by_hand()
    }

    /// Signed by whoever confirmed it.
    fn by_hand(mut self) -> Self {
        let confirmed = &self.certificate["confirmed"];
        self.hands = vec![Hand::of("purge", sha256(&canonical(&self.certificate)), &confirmed["by"], &confirmed["at"])];
        self
    }

    pub fn file(&self) -> Value {
        let mut file = json!({
            "format": "corroborate.purge-file.v1", "certificate": signed(&self.certificate, self.desk),
        });
        if let Some(root) = self.root {
            let said: Vec<String> = self.hands.iter().map(|hand| hand.statement(&self.documents)).collect();
            (file["root"], file["department"]) = (json!(public(root)), json!(self.documents));
            if !said.is_empty() {
                file["statements"] = json!(said);
            }
        }
        file
    }

    /// The same with something else said, signed by all.
    fn told(&self, pointer: &str, value: Value) -> Self {
        let mut made = self.clone();
        put(&mut made.certificate, pointer, value);
        made.by_hand()
    }
}

/// Certificates that hold, by name.
pub fn holding() -> Vec<(&'static str, Certified)> {
    let lead = Certified::of("lead", 730);
    let mut nobody = lead.clone();
    (nobody.root, nobody.hands) = (None, Vec::new());
    vec![
        ("a lead", lead.clone()),
        ("a search that gave nothing", Certified::of("nothing", 90)),
        ("a draft", Certified::of("draft", 30)),
        ("the longest that any policy allows", Certified::of("lead", 1_825)),
        ("by the workstation's clock alone", lead.told("/witnessed", json!(false))),
        ("of a case without a number", lead.told("/number", json!(""))),
        ("of a case without a search", lead.told("/searches", json!([]))),
        ("looked at by a colleague", {
            let by = serde_json::to_value(somebody(7).reference()).unwrap();
            lead.told("/previewed/by", by)
        }),
        ("no department", nobody),
    ]
}

/// What is done to a certificate that holds: name, reason, and the file.
pub fn forged(whole: &Certified) -> Vec<(String, &'static str, String)> {
    let mut all: Vec<(String, &'static str, String)> = Vec::new();
    let said: Vec<(&str, Value, &'static str)> = vec![
        ("/days", json!(729), "gate"),
        ("/days", json!(0), "gate"),
        ("/days", json!(1_826), "gate"),
        ("/days", json!(65_536), "malformed"),
        ("/days", json!(-1), "malformed"),
        ("/days", json!("730"), "malformed"),
        ("/ended", json!("nothing"), "gate"),
        ("/ended", json!("draft"), "gate"),
        ("/ended", json!("closed"), "malformed"),
        ("/ended", Value::Null, "malformed"),
        ("/due_since", json!("2028-03-04"), "gate"),
        ("/due_since", json!("2028-3-2"), "malformed"),
        ("/due_since", json!("2028-03-02T00:00:00Z"), "malformed"),
        ("/told_at", json!("2028-03-13T09:00:01Z"), "gate"),
        ("/told_at", json!("2028-03-01T09:00:00Z"), "gate"),
        ("/told_at", json!("2028-03-21T09:00:00Z"), "gate"),
        ("/told_at", json!("2028-03-03 09:00"), "malformed"),
        ("/told_at", json!("2028-03-03T10:00:00+01:00"), "malformed"),
        ("/previewed/at", json!("2028-03-20T09:00:01Z"), "gate"),
        ("/previewed", Value::Null, "malformed"),
        ("/confirmed/at", json!("2028-03-10T08:59:59Z"), "gate"),
        ("/confirmed/at", json!("never"), "malformed"),
        ("/confirmed/by", Value::Null, "malformed"),
        ("/gone", json!([]), "gate"),
        ("/gone", json!({}), "malformed"),
        ("/gone/0/sha256", json!("ab"), "gate"),
        ("/gone/0/sha256", json!("AB".repeat(32)), "gate"),
        ("/gone/0/sha256", json!("zz".repeat(32)), "gate"),
        ("/gone/0/kind", json!("zebra"), "gate"),
        ("/gone/0/bytes", json!(-1), "malformed"),
        ("/gone/0/bytes", json!(1.5), "malformed"),
        ("/gone/0/name", json!("camera-3.jpg"), "malformed"),
        ("/policy", json!(""), "gate"),
        ("/policy", json!("AB".repeat(32)), "gate"),
        ("/law", Value::Null, "malformed"),
        ("/number", json!(26), "malformed"),
        ("/case", json!("the case"), "malformed"),
        ("/case", json!(id(10).to_uppercase().replace('0', "A")), "malformed"),
        ("/searches", json!(["one"]), "malformed"),
        ("/searches", Value::Null, "malformed"),
        ("/witnessed", json!("yes"), "malformed"),
        ("/witnessed", json!(1), "malformed"),
        ("/further", json!("a field of nobody's"), "malformed"),
        ("/schema", json!("corroborate.purge-certificate.v2"), "signature"),
        ("/schema", json!("corroborate.note.v2"), "signature"),
    ];
    for (n, (pointer, value, reason)) in said.into_iter().enumerate() {
        let told = canonical(&whole.told(pointer, value.clone()).file());
        all.push((format!("signed by all: {pointer} {n}"), reason, told));
    }
    for field in [
        "schema",
        "case",
        "number",
        "ended",
        "days",
        "law",
        "policy",
        "due_since",
        "told_at",
        "witnessed",
        "searches",
        "gone",
    ] {
        let mut made = whole.clone();
        made.certificate.as_object_mut().unwrap().remove(field);
        let reason = if field == "schema" { "signature" } else { "malformed" };
        all.push((format!("without {field}"), reason, canonical(&made.by_hand().file())));
    }
    // Two things that went, the other way round.
    let mut turned = whole.clone();
    turned.certificate["gone"].as_array_mut().unwrap().reverse();
    all.push(("what went, out of order".to_owned(), "gate", canonical(&turned.by_hand().file())));
    // Who let it go.
    let by = |n: u128| serde_json::to_value(somebody(n).reference()).unwrap();
    let as_person = |n: u128| whole.told("/confirmed/by", by(n));
    all.push(("by an examiner".to_owned(), "statement", canonical(&as_person(1).file())));
    for (name, change) in hands() {
        let mut made = whole.clone();
        change(&mut made.hands[0]);
        let reason = if name.starts_with("as ") || name.starts_with("of ") || name.starts_with("another person") {
            "beside"
        } else {
            "statement"
        };
        all.push((format!("statement: {name}"), reason, canonical(&made.file())));
    }
    let mut twice = whole.clone();
    twice.hands.push(Hand { record: sha256("something else"), ..twice.hands[0].clone() });
    all.push(("a statement beside it".to_owned(), "beside", canonical(&twice.file())));
    let ended = changed("2028-03-10T08:00:00Z", |all| all[4].keys = vec![span(8, "2026-01-20", Some("2028-03-09"))]);
    all.push((
        "by a key that ended before".to_owned(),
        "statement",
        canonical(&Certified { documents: ended, ..whole.clone() }.file()),
    ));
    let dismissed = changed("2028-03-10T08:00:00Z", |all| drop(all.remove(4)));
    all.push((
        "by somebody who had left".to_owned(),
        "statement",
        canonical(&Certified { documents: dismissed, ..whole.clone() }.file()),
    ));
    // The file around it.
    let file = whole.file();
    let mut spoil = |name: &str, reason: &'static str, change: &dyn Fn(&mut Value)| {
        let mut made = file.clone();
        change(&mut made);
        all.push((name.to_owned(), reason, canonical(&made)));
    };
    spoil("another format", "schema", &|f| f["format"] = json!("corroborate.purge-file.v2"));
    spoil("no format", "schema", &|f| drop(f.as_object_mut().unwrap().remove("format")));
    spoil("a further field", "malformed", &|f| f["further"] = json!(1));
    spoil("no certificate", "malformed", &|f| drop(f.as_object_mut().unwrap().remove("certificate")));
    spoil("another hash", "hash", &|f| f["certificate"]["sha256"] = json!("ab".repeat(32)));
    spoil("a hash in upper case", "hash", &|f| {
        f["certificate"]["sha256"] = json!(f["certificate"]["sha256"].as_str().unwrap().to_uppercase());
    });
    spoil("another key", "signature", &|f| f["certificate"]["public_key"] = json!(public(777)));
    spoil("a key in upper case", "key", &|f| f["certificate"]["public_key"] = json!(public(DESK).to_uppercase()));
    spoil("a key of small order", "key", &|f| f["certificate"]["public_key"] = json!(format!("01{}", "00".repeat(31))));
    spoil("no signature", "signature", &|f| f["certificate"]["signature"] = json!(""));
    spoil("a signature in upper case", "signature", &|f| {
        f["certificate"]["signature"] = json!(f["certificate"]["signature"].as_str().unwrap().to_uppercase());
    });
    spoil("a signature of zeros", "signature", &|f| f["certificate"]["signature"] = json!("00".repeat(64)));
    spoil("a text that is not canonical", "signature", &|f| {
        let text = f["certificate"]["text"].as_str().unwrap().replacen(':', ": ", 1);
        f["certificate"]["sha256"] = json!(sha256(&text));
        f["certificate"]["text"] = json!(text);
    });
    spoil("statements without a department", "no-department", &|f| {
        f.as_object_mut().unwrap().remove("root");
    });
    spoil("no documents", "department", &|f| drop(f.as_object_mut().unwrap().remove("department")));
    spoil("the policy left out", "statement", &|f| drop(f["department"].as_array_mut().unwrap().remove(1)));
    spoil("the first version left out", "department", &|f| drop(f["department"].as_array_mut().unwrap().remove(0)));
    spoil("versions the other way round", "department", &|f| f["department"].as_array_mut().unwrap().reverse());
    spoil("another root", "department", &|f| f["root"] = json!(public(STRANGER)));
    spoil("a root that is no key", "key", &|f| f["root"] = json!("ab"));
    spoil("a statement that is none", "statement", &|f| f["statements"] = json!(["{}"]));
    spoil("a statement twice", "beside", &|f| {
        let one = f["statements"][0].clone();
        f["statements"].as_array_mut().unwrap().push(one);
    });
    let text = canonical(&file);
    all.push(("a name twice".to_owned(), "duplicate-name", text.replacen("{", "{\"certificate\":1,", 1)));
    all.push(("a space".to_owned(), "not-canonical", text.replacen(':', ": ", 1)));
    all.push(("cut off".to_owned(), "not-text", text[..text.len() - 1].to_owned()));
    all.push(("nothing".to_owned(), "not-text", String::new()));
    all.push(("no object".to_owned(), "schema", "[]".to_owned()));
    all
}

type Change = (&'static str, fn(&mut Hand));

/// What is done to the supervisor's statement.
fn hands() -> Vec<Change> {
    vec![
        ("a key of one's own", |hand| hand.key = 777),
        ("a colleague's key", |hand| hand.key = 7),
        ("a second earlier", |hand| hand.at = "2028-03-20T08:59:59Z".to_owned()),
        ("a version that is not there", |hand| hand.version = Some(9)),
        ("another person of the roster", |hand| hand.person = id(7)),
        ("as a review", |hand| hand.kind = "review"),
        ("as a word on how long it is kept", |hand| hand.kind = "keeping"),
        ("of another record", |hand| hand.record = sha256("something else")),
    ]
}
