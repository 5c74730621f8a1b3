//! Disclosures: those that hold, and what an adversary makes of them.

use std::collections::BTreeMap;

use casework::samples::*;
use casework::{AuditLine, CaseFile, Checklist, Conclusion, DisclosedNote, Examination, NoteContent};
use serde_json::{Value, json};

use super::notes::{self, Made};
use super::*;

/// A disclosure with the notes that it rests on, before anybody signed.
#[derive(Debug, Clone)]
pub struct Told {
    pub disclosure: Value,
    pub notes: Vec<Made>,
    pub documents: Vec<String>,
    pub root: Option<u32>,
    pub desk: u32,
}

/// Events of the audit that concern the case, with others between them.
fn events() -> Vec<AuditLine> {
    let mut all = Vec::new();
    let mut chain = ledger::Chain::default();
    let person = "Examiner 1, badge 0001, CA0190000 (00000000-0000-0000-0000-000000000001)";
    let of = [
        ("2026-03-02T08:58:00Z", "vault-opened", false),
        ("2026-03-02T09:00:00Z", "case-opened", true),
        ("2026-03-02T09:12:00Z", "search-sent", true),
        ("2026-03-02T09:13:00Z", "signed-in", false),
        ("2026-03-02T09:41:00Z", "examination-unveiled", true),
        ("2026-03-02T12:00:00Z", "note-sealed", true),
    ];
    for (moment, action, concerns) in of {
        let detail = format!("{{\"case\":\"{}\"}}", id(10));
        let previous = chain.head().to_owned();
        let (seq, hash) = chain.next(&[moment, person, action, &detail]);
        chain.take(seq, &[moment, person, action, &detail], &hash).unwrap();
        if concerns {
            let (person, action) = (person.to_owned(), action.to_owned());
            all.push(AuditLine { seq, at: at(moment), person, action, detail, previous, hash });
        }
    }
    all
}

fn disclosed(made: &Made) -> DisclosedNote {
    let note: NoteContent = serde_json::from_value(made.note.clone()).unwrap();
    let seal = signed(&made.note, made.desk);
    let text = |field: &str| seal[field].as_str().unwrap().to_owned();
    let all = |records: &[Value]| json!(records);
    DisclosedNote {
        id: note.id,
        sealed_at: note.sealed_at,
        sha256: text("sha256"),
        signature: text("signature"),
        public_key: text("public_key"),
        disposition: note.disposition,
        narrative: note.narrative.clone(),
        reviews: serde_json::from_value(all(&made.reviews)).unwrap(),
        addenda: serde_json::from_value(all(&made.addenda)).unwrap(),
    }
}

impl Told {
    fn of(file: &CaseFile, notes: Vec<Made>) -> Self {
        let of = notes.iter().map(disclosed).collect();
        let made = file.disclosure(&examiner(1), of, events(), worth, at("2026-03-05T09:00:00Z"), &policy()).unwrap();
        let disclosure = serde_json::from_str(&canonical(&serde_json::to_value(made).unwrap())).unwrap();
        Self { disclosure, notes, documents: department(), root: Some(ROOT), desk: DESK }
    }

    pub fn hands(&self) -> Vec<Hand> {
        let record = sha256(&canonical(&self.disclosure));
        let own = Hand::of("disclosure", record, &self.disclosure["produced_by"], &self.disclosure["produced_at"]);
        let mut all = vec![own];
        all.extend(self.notes.iter().flat_map(Made::hands));
        all
    }

    pub fn file_signed(&self, change: impl FnOnce(&mut Vec<Hand>)) -> Value {
        let seal = |record: &Value| signed(record, self.desk);
        let whole = seal(&self.disclosure);
        let mut proof = json!({
            "notes": self.notes.iter().map(|made| json!({
                "addenda": made.addenda.iter().map(seal).collect::<Vec<_>>(), "note": seal(&made.note),
                "reviews": made.reviews.iter().map(seal).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "public_key": whole["public_key"], "sha256": whole["sha256"], "signature": whole["signature"],
        });
        if let Some(root) = self.root {
            let mut hands = self.hands();
            change(&mut hands);
            // What two notes rest on is signed once.
            let all: BTreeMap<String, ()> = hands.iter().map(|hand| (hand.statement(&self.documents), ())).collect();
            proof["root"] = json!(public(root));
            proof["department"] = json!(self.documents);
            proof["statements"] = json!(all.into_keys().collect::<Vec<_>>());
        }
        let mut file = self.disclosure.clone();
        file["proof"] = proof;
        file
    }

    pub fn file(&self) -> Value {
        self.file_signed(|_| ())
    }
}

/// The case of the corroborated note.
pub fn corroborated_case() -> CaseFile {
    let examination = Examination::Verified(verified(2, Conclusion::Support, Conclusion::Exclusion).unwrap());
    forged(file(), |kept| {
        kept.examination = Some(examination);
        let content = corroborated();
        kept.checklist = Checklist { scope: kept.checklist.scope, ..content.content().checklist.clone() };
    })
}

/// Disclosures that hold, by name.
pub fn holding() -> Vec<(&'static str, Told)> {
    let notes: BTreeMap<&str, Made> = notes::holding().into_iter().collect();
    let with = |names: &[&str]| names.iter().map(|name| notes[name].clone()).collect::<Vec<_>>();
    let whole = Told::of(&corroborated_case(), with(&["a corroborated lead"]));
    let blind = forged(file(), |kept| kept.examination = Some(Examination::Blind(bench())));
    let unsearched = forged(file(), |kept| {
        kept.searches.clear();
        kept.examination = None;
        kept.checklist = Checklist::default();
    });
    let department = |told: &Told, documents: Vec<String>| Told { documents, ..told.clone() };
    vec![
        ("a corroborated lead", whole.clone()),
        ("a lead that is not corroborated", Told::of(&file(), with(&["a lead that is not corroborated"]))),
        ("without a note", Told::of(&file(), Vec::new())),
        ("while the list is examined blind", Told::of(&blind, Vec::new())),
        ("before a search", Told::of(&unsearched, Vec::new())),
        ("markup in its texts", hostile(&whole)),
        ("without a department", Told { root: None, ..whole.clone() }),
        (
            "a verifier's key that ended since",
            department(
                &whole,
                changed("2026-03-10T08:00:00Z", |all| {
                    all[1].keys = vec![span(2, "2026-01-20", Some("2026-03-09"))];
                }),
            ),
        ),
        ("by another key of the verifier", department(&whole, with_another_key())),
    ]
}

/// Texts that a page must not take for its own, everywhere where somebody else's text stands.
fn hostile(whole: &Told) -> Told {
    const MARKUP: &str =
        "\"><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\u{202e}";
    let mut told = whole.clone();
    let attachment = json!([{
        "attached_at": "2026-03-02T11:05:00Z", "bytes": 4096, "file_name": MARKUP, "sha256": "c9".repeat(32),
    }]);
    told.notes[0].change(|note| {
        put(note, "/probe/image/file_name", json!(MARKUP));
        put(note, "/checklist/entries/3/attachments", attachment.clone());
    });
    put(&mut told.disclosure, "/probe/image/file_name", json!(MARKUP));
    put(&mut told.disclosure, "/corroboration/entries/3/attachments", attachment);
    put(&mut told.disclosure, "/referrals", json!([MARKUP, "javascript:document.title='owned'"]));
    let mut chain = ledger::Chain::default();
    let mut lines = Vec::new();
    for moment in ["2026-03-02T09:00:00Z", "2026-03-02T09:12:00Z"] {
        let previous = chain.head().to_owned();
        let fields = [moment, MARKUP, MARKUP, "{}"];
        let (seq, hash) = chain.next(&fields);
        chain.take(seq, &fields, &hash).unwrap();
        let (person, action) = (MARKUP.to_owned(), MARKUP.to_owned());
        lines.push(AuditLine { seq, at: at(moment), person, action, detail: "{}".to_owned(), previous, hash });
    }
    put(&mut told.disclosure, "/audit", json!(lines));
    put(&mut told.disclosure, "/notes", json!(told.notes.iter().map(disclosed).collect::<Vec<_>>()));
    told
}

/// A change of the disclosure in which everybody takes part.
type Change = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What nobody can make of a disclosure, though they sign it.
pub const TOLD: &[Change] = &[
    ("an earlier schema", "schema", &[("/schema", r#""corroborate.disclosure.v2""#)]),
    ("the schema of what was logged", "schema", &[("/schema", r#""corroborate.disclosure.v4""#)]),
    ("a schema to come", "schema", &[("/schema", r#""corroborate.disclosure.v5""#)]),
    ("no schema", "schema", &[("/schema", "null")]),
    ("a field more", "malformed", &[("/approved", "true")]),
    ("a field more inside", "malformed", &[("/probe/approved", "true")]),
    ("a field more of a search", "malformed", &[("/searches/0/approved", "true")]),
    ("a field more of an event", "malformed", &[("/audit/0/approved", "true")]),
    ("text in a number's place", "malformed", &[("/audit/0/seq", r#""2""#)]),
    ("a moment that is none", "malformed", &[("/produced_at", r#""yesterday""#)]),
    ("a moment in another form", "malformed", &[("/produced_at", r#""2026-03-05T09:00:00.000Z""#)]),
    ("another statement", "gate", &[("/statement", r#""This is an identification.""#)]),
    ("use of face recognition denied", "gate", &[("/use_of_face_recognition", r#""None was used.""#)]),
    ("no case", "gate", &[("/case", "null")]),
    ("no probe", "gate", &[("/probe", "null")]),
    ("another offence", "disagrees", &[("/case/offence", r#""Theft of a bicycle""#)]),
    ("another case", "disagrees", &[("/case/id", r#""00000000-0000-0000-0000-0000000000aa""#)]),
    ("a case from after the search", "gate", &[("/case/opened_at", r#""2026-03-02T09:12:01Z""#)]),
    ("an event after the case", "gate", &[("/case/event_at", r#""2026-03-02T09:00:01Z""#)]),
    ("a sketch", "gate", &[("/probe/source", r#""sketch""#)]),
    ("a better probe", "disagrees", &[("/probe/quality", "99")]),
    ("a probe below the floor", "gate", &[("/probe/quality", "9")]),
    (
        "another photograph",
        "gate",
        &[("/probe/image/sha256", r#""0000000000000000000000000000000000000000000000000000000000000000""#)],
    ),
    ("no search", "gate", &[("/searches", "[]")]),
    ("a search of another probe", "gate", &[("/searches/0/probe_sha256", r#""00""#)]),
    ("a search by somebody else", "disagrees", &[("/searches/0/by/name", r#""Nobody""#)]),
    ("a search at another moment", "disagrees", &[("/searches/0/at", r#""2026-03-02T09:12:01Z""#)]),
    ("a larger gallery", "disagrees", &[("/searches/0/completeness/gallery_size", "5000")]),
    ("another model", "disagrees", &[("/searches/0/model", r#""other""#)]),
    ("a candidate left out", "gate", &[("/searches/0/candidates", "[]")]),
    ("a search that gave nothing", "gate", &[("/searches/0/gave_nothing", "true")]),
    ("a list withheld that was unveiled", "gate", &[("/searches/0/withheld", "true")]),
    ("no examination", "gate", &[("/examination", "null")]),
    ("an examination of another list", "gate", &[("/examination/search", r#""00000000-0000-0000-0000-0000000000ff""#)]),
    ("unveiled before it was concluded", "gate", &[("/examination/unveiled_at", r#""2026-03-02T09:39:59Z""#)]),
    (
        "another examiner",
        "disagrees",
        &[(
            "/examination/examiner",
            r#"{"badge":"0003","id":"00000000-0000-0000-0000-000000000003","name":"Examiner 3","ori":"CA0190000"}"#,
        )],
    ),
    ("another seed", "disagrees", &[("/examination/shuffle_seed", "8")]),
    (
        "a stronger conclusion",
        "disagrees",
        &[("/examination/conclusions/00000000-0000-0000-0000-0000000003e8/conclusion", r#""support""#)],
    ),
    (
        "a lead that is excluded",
        "gate",
        &[("/examination/conclusions/00000000-0000-0000-0000-0000000003e8/conclusion", r#""exclusion""#)],
    ),
    (
        "a change that nobody made",
        "gate",
        &[(
            "/changes_after_unveiling",
            r#"[{"candidate":"00000000-0000-0000-0000-0000000003e9","from":null,"to":{"at":"2026-03-02T09:50:00Z","conclusion":"inconclusive","reason":""}}]"#,
        )],
    ),
    ("a verification left out", "gate", &[("/verification", "null")]),
    ("a verification at another moment", "gate", &[("/verification/at", r#""2026-03-02T11:00:01Z""#)]),
    (
        "another agreement",
        "gate",
        &[
            ("/verification/agreement", r#""disagrees-on-lead""#),
            ("/examination/verification/agreement", r#""disagrees-on-lead""#),
        ],
    ),
    (
        "verified by the examiner",
        "gate",
        &[
            ("/verification/verifier", EXAMINER),
            ("/verification/work/examiner", EXAMINER),
            ("/examination/verification/verifier", EXAMINER),
            ("/examination/verification/work/examiner", EXAMINER),
        ],
    ),
    ("an entry that is worth more", "gate", &[("/standings/0/1", r#"{"kind":"independent"}"#)]),
    ("standings left out", "gate", &[("/standings", "[]")]),
    ("a contradiction left out", "gate", &[("/corroboration/entries/0/finding", r#""contradicts""#)]),
    (
        "a contradiction that is none",
        "gate",
        &[("/contradictions", r#"[]"#), ("/corroboration/entries/1/finding", r#""contradicts""#)],
    ),
    ("made before its note", "gate", &[("/produced_at", r#""2026-03-02T11:59:59Z""#)]),
    ("made before the review", "gate", &[("/produced_at", r#""2026-03-03T08:59:59Z""#)]),
    ("made before the addenda", "gate", &[("/produced_at", r#""2026-03-04T08:59:59Z""#)]),
    ("another account", "disagrees", &[("/notes/0/narrative", r#""Nothing was found at all, and that is all.""#)]),
    ("another disposition", "disagrees", &[("/notes/0/disposition", r#""excluded""#)]),
    ("a note at another moment", "disagrees", &[("/notes/0/sealed_at", r#""2026-03-02T12:00:01Z""#)]),
    ("a note's other hash", "disagrees", &[("/notes/0/sha256", r#""00""#)]),
    ("a note's other signature", "disagrees", &[("/notes/0/signature", r#""00""#)]),
    ("a note's other key", "disagrees", &[("/notes/0/public_key", r#""00""#)]),
    ("a note left out", "disagrees", &[("/notes", "[]")]),
    ("a review left out", "disagrees", &[("/notes/0/reviews", "[]")]),
    ("a review that returned", "disagrees", &[("/notes/0/reviews/0/decision", r#""return""#)]),
    ("an addendum left out", "disagrees", &[("/notes/0/addenda", "[]")]),
    ("an addendum that says something else", "disagrees", &[("/notes/0/addenda/0/text", r#""All was withdrawn.""#)]),
    ("an event by somebody else", "audit", &[("/audit/1/person", r#""nobody""#)]),
    ("another event", "audit", &[("/audit/1/action", r#""search-refused""#)]),
    ("an event at another moment", "audit", &[("/audit/1/at", r#""2026-03-02T09:12:01Z""#)]),
    ("another detail of an event", "audit", &[("/audit/1/detail", r#""{}""#)]),
    ("another number of an event", "audit", &[("/audit/3/seq", "7")]),
    ("an event that follows another", "audit", &[("/audit/1/previous", r#""00""#)]),
    ("an event's other hash", "audit", &[("/audit/1/hash", r#""00""#)]),
    ("an event that comes first", "audit", &[("/audit/0/seq", "1")]),
    ("an event dated later than the disclosure", "gate", &[("/audit/3/at", r#""2026-03-05T09:00:01Z""#)]),
    ("an event numbered before it", "gate", &[("/audit/1/seq", "1")]),
];

const EXAMINER: &str =
    r#"{"badge":"0001","id":"00000000-0000-0000-0000-000000000001","name":"Examiner 1","ori":"CA0190000"}"#;

/// The disclosure with these changes, signed by everybody.
pub fn told(told: &Told, changes: &[(&str, &str)]) -> Told {
    let mut told = told.clone();
    for (place, value) in changes {
        put(&mut told.disclosure, place, serde_json::from_str(value).unwrap());
    }
    told
}

/// What is done to a file that holds: name, reason, and the file.
pub fn forged_files(told: &Told) -> Vec<(String, &'static str, String)> {
    let whole = told.file();
    let mut all: Vec<(String, &'static str, String)> = Vec::new();
    let mut after = |name: &str, reason, change: &dyn Fn(&mut Value)| {
        let mut file = whole.clone();
        change(&mut file);
        all.push((name.to_owned(), reason, canonical(&file)));
    };
    after("one word changed", "hash", &|f| f["case"]["offence"] = json!("Robbery of a bank"));
    after("one word and its hash changed", "signature", &|f| {
        f["case"]["offence"] = json!("Robbery of a bank");
        let mut said = f.clone();
        said.as_object_mut().unwrap().remove("proof");
        f["proof"]["sha256"] = json!(sha256(&canonical(&said)));
    });
    after("a score changed", "hash", &|f| f["searches"][0]["candidates"][0]["score"] = json!(0.99));
    after("a candidate moved up", "hash", &|f| f["searches"][0]["candidates"].as_array_mut().unwrap().swap(0, 3));
    after("an event left out", "hash", &|f| drop(f["audit"].as_array_mut().unwrap().remove(1)));
    after("another's signature", "signature", &|f| {
        f["proof"]["signature"] = f["proof"]["notes"][0]["note"]["signature"].clone()
    });
    after("another's key", "signature", &|f| f["proof"]["public_key"] = json!(public(STRANGER)));
    after("a key by which anybody signs", "key", &|f| {
        f["proof"]["public_key"] = json!(format!("01{}", "00".repeat(31)))
    });
    after("no proof", "malformed", &|f| drop(f.as_object_mut().unwrap().remove("proof")));
    after("an empty proof", "malformed", &|f| f["proof"] = json!({}));
    after("a proof of more", "malformed", &|f| f["proof"]["checked"] = json!(true));
    after("a proof that is no object", "malformed", &|f| f["proof"] = json!("whole"));
    after("no notes in the proof", "disagrees", &|f| f["proof"]["notes"] = json!([]));
    after("a note twice", "disagrees", &|f| {
        let again = f["proof"]["notes"][0].clone();
        f["proof"]["notes"].as_array_mut().unwrap().push(again);
    });
    after("a review left out of the proof", "disagrees", &|f| f["proof"]["notes"][0]["reviews"] = json!([]));
    after("an addendum left out of the proof", "disagrees", &|f| {
        drop(f["proof"]["notes"][0]["addenda"].as_array_mut().unwrap().pop())
    });
    after("a word of a note changed", "hash", &|f| {
        let note = &mut f["proof"]["notes"][0]["note"];
        note["text"] = json!(note["text"].as_str().unwrap().replacen("gunpoint", "knifepoint", 1));
    });
    after("a word of a review changed", "hash", &|f| {
        let review = &mut f["proof"]["notes"][0]["reviews"][0];
        review["text"] = json!(review["text"].as_str().unwrap().replacen("approve", "return", 1));
    });
    after("no root", "beside", &|f| drop(f["proof"].as_object_mut().unwrap().remove("root")));
    after("no root and no documents", "beside", &|f| {
        f["proof"].as_object_mut().unwrap().remove("root");
        f["proof"].as_object_mut().unwrap().remove("department");
    });
    after("no documents", "department", &|f| drop(f["proof"].as_object_mut().unwrap().remove("department")));
    after("another root", "department", &|f| f["proof"]["root"] = json!(public(STRANGER)));
    after("documents in another order", "department", &|f| f["proof"]["department"].as_array_mut().unwrap().reverse());
    after("no policy", "statement", &|f| drop(f["proof"]["department"].as_array_mut().unwrap().pop()));
    after("a statement that cannot be read", "statement", &|f| f["proof"]["statements"][0] = json!("{}"));
    after("a statement twice", "beside", &|f| {
        let again = f["proof"]["statements"][0].clone();
        f["proof"]["statements"].as_array_mut().unwrap().push(again);
    });
    for kind in ["disclosure", "conclusion", "verification", "note", "review", "addendum"] {
        let mut hand = |name: &str, reason: &'static str, change: &dyn Fn(&mut Hand)| {
            let file = told.file_signed(|hands| change(hands.iter_mut().find(|hand| hand.kind == kind).unwrap()));
            all.push((format!("{kind}: {name}"), reason, canonical(&file)));
        };
        hand("a key of one's own", "statement", &|hand| hand.key = 777);
        hand("a colleague's key", "statement", &|hand| hand.key = 3);
        hand("a colleague instead", "beside", &|hand| (hand.key, hand.person) = (3, id(3)));
        hand("at another moment", "statement", &|hand| hand.at = "2026-03-02T09:39:00Z".to_owned());
        hand("of another record", "beside", &|hand| hand.record = sha256("another record"));
    }
    let documents = |name: &str, reason, documents: Vec<String>| {
        (name.to_owned(), reason, canonical(&Told { documents, ..told.clone() }.file()))
    };
    all.extend([
        documents(
            "a verifier whose training was taken away",
            "statement",
            changed("2026-03-01T08:00:00Z", |all| {
                all[1].person.training = None;
            }),
        ),
        documents(
            "given out by somebody who was put out",
            "statement",
            changed("2026-03-04T12:00:00Z", |all| {
                drop(all.remove(0));
            }),
        ),
        documents(
            "a reviewer who is no supervisor",
            "statement",
            changed("2026-03-01T08:00:00Z", |all| {
                all[3].person.roles = vec![Role::Administrator];
            }),
        ),
        (
            "another department's chain".to_owned(),
            "holds-for-another",
            canonical(
                &Told { documents: documents_of(STRANGER, &people(), None), root: Some(STRANGER), ..told.clone() }
                    .file(),
            ),
        ),
    ]);
    let text = canonical(&whole);
    let twice = |from: &str, to: &str| text.replacen(from, to, 1);
    all.extend([
        ("cut off".to_owned(), "not-text", text[..text.len() - 2].to_owned()),
        ("nothing".to_owned(), "not-text", String::new()),
        ("no JSON".to_owned(), "not-text", "<!doctype html><script>alert(1)</script>".to_owned()),
        ("a list".to_owned(), "schema", "[]".to_owned()),
        ("text".to_owned(), "schema", "\"corroborate.disclosure.v3\"".to_owned()),
        ("a name twice".to_owned(), "duplicate-name", twice("{\"audit\":", "{\"audit\":[],\"audit\":")),
        (
            "a name twice inside".to_owned(),
            "duplicate-name",
            twice("\"notes\":[{\"addenda\"", "\"notes\":[{\"addenda\":[],\"addenda\""),
        ),
        ("a blank".to_owned(), "not-canonical", twice("{\"audit\":", "{ \"audit\":")),
        ("a number in another form".to_owned(), "not-canonical", twice("\"shuffle_seed\":7", "\"shuffle_seed\":7.0")),
        ("deep".to_owned(), "not-text", "[".repeat(100_000)),
    ]);
    all
}
