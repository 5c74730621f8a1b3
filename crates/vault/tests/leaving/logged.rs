//! Exported notes whose records are in a log, and what is done to what shows it; rows and keys of such logs.

use department::Witness;
use ledger::{Kind, Leaf, Signer, Whole, origin};

use super::notes::Made;
use super::*;

/// Keys of the department's log and of its witness.
pub const LOG: u32 = 8_100;
pub const WITNESS: u32 = 8_200;
pub const SEEN_BY: &str = "defender.example/w1";
/// When the witness saw the log, seconds since 1970: 2026-03-05.
pub const SEEN_AT: u64 = 1_772_700_000;

/// How a note was logged.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Origin and key of the log; those of the department's by default.
    pub log: (u32, u32),
    /// Whether the roster names the log's key, or the file does.
    pub named: bool,
    /// Whose cosignature stands on the checkpoint.
    pub witness: Option<u32>,
    /// The witness's last day.
    pub until: Option<&'static str>,
}

pub const DEPARTMENTS: Way = Way { log: (ROOT, LOG), named: true, witness: Some(WITNESS), until: None };

pub fn department_of(way: &Way) -> Vec<String> {
    let mut witnesses = vec![Witness { name: SEEN_BY.to_owned(), signs: span(WITNESS, "2026-01-20", way.until) }];
    if way.named {
        witnesses.push(Witness { name: origin(&public(ROOT)), signs: span(LOG, "2026-01-20", None) });
    }
    let draft = RosterDraft { name: "Police of Nowhere".to_owned(), people: people(), witnesses, ..Default::default() };
    documents_from(ROOT, &draft, None)
}

/// The rows of a file's records, each with its proof, in a log in which two other workstations write too.
fn rows(file: &Value, way: &Way, by: u32) -> Vec<Value> {
    let mut events = vec![("note-sealed", &file["note"], "2026-03-02T12:00:01Z")];
    events.extend(file["review"].is_object().then(|| ("note-reviewed", &file["review"], "2026-03-03T09:00:01Z")));
    let added = file["addenda"].as_array().unwrap().iter();
    events.extend(added.map(|added| ("addendum-written", added, "2026-03-04T09:00:01Z")));
    let mut own: Vec<Value> = Vec::new();
    for (seq, (action, record, at)) in (5..).zip(events) {
        let previous = own.last().map_or_else(|| json!(sha256("the row before")), |row| row["hash"].clone());
        let detail = canonical(&json!({ "sha256": record["sha256"] }));
        own.push(row(seq, at, action, &detail, previous.as_str().unwrap()));
    }
    placed(&own, way, by)
}

/// A row of an audit behind the one with the hash `previous`.
pub fn row(seq: u64, at: &str, action: &str, detail: &str, previous: &str) -> Value {
    let person = "A. Examiner";
    let hash = ledger::link(previous, &[&seq.to_string(), at, person, action, detail]);
    json!({
        "action": action, "at": at, "detail": detail, "hash": hash, "person": person, "previous": previous, "seq": seq,
    })
}

/// Rows of the workstation `by`, each with its proof, in a log in which two other workstations write too.
pub fn placed(rows: &[Value], way: &Way, by: u32) -> Vec<Value> {
    let bytes = |hex: &str| <[u8; 32]>::try_from(hex::decode(hex).unwrap()).unwrap();
    let (mut leaves, mut own) = (Vec::new(), Vec::new());
    for n in 1..=20 {
        leaves.push(Leaf::new([9; 32], n, bytes(&sha256(&format!("row {n}")))).unwrap());
    }
    for row in rows {
        let seq = row["seq"].as_u64().unwrap();
        own.push((leaves.len(), row));
        leaves.push(Leaf::new(bytes(&public(by)), seq, bytes(row["hash"].as_str().unwrap())).unwrap());
        leaves.push(Leaf::new([8; 32], seq, [seq as u8; 32]).unwrap());
    }
    let whole = Whole::of(&leaves);
    let signer = Signer::new(Kind::Log, &origin(&public(way.log.0)), &secret(way.log.1)).unwrap();
    let mut signed = whole.checkpoint(&signer).unwrap();
    if let Some(witness) = way.witness {
        let witness = Signer::new(Kind::Witness, SEEN_BY, &secret(witness)).unwrap();
        signed = signed.with_lines(&witness.line(signed.text(), SEEN_AT)).unwrap();
    }
    let proven = |(at, row): &(usize, &Value)| {
        let proof = whole.included(leaves[*at], *at as u64, signed.clone()).unwrap().text();
        json!({ "proof": proof, "row": row, "writer": public(by) })
    };
    own.iter().map(proven).collect()
}

fn file_of(made: &Made, way: &Way) -> Value {
    let mut made = made.clone();
    if made.root.is_some() {
        made.documents = department_of(way);
    }
    let mut file = made.file();
    file["ledger"] = json!(rows(&file, way, made.desk));
    file["format"] = json!("corroborate.note-file.v3");
    if way.log.0 == ROOT && !way.named {
        let signer = Signer::new(Kind::Log, &origin(&public(ROOT)), &secret(way.log.1)).unwrap();
        file["log"] = json!(signer.key().to_string());
    }
    file
}

/// Files that hold, by name.
pub fn holding(made: &Made) -> Vec<(&'static str, Value)> {
    let alone = Made { root: None, ..made.clone() };
    let own = Way { log: (made.desk, made.desk), witness: None, ..DEPARTMENTS };
    vec![
        ("logged by the department, seen by its witness", file_of(made, &DEPARTMENTS)),
        ("logged, seen by nobody", file_of(made, &Way { witness: None, ..DEPARTMENTS })),
        ("logged under a key that no roster names", file_of(made, &Way { named: false, ..DEPARTMENTS })),
        ("logged by the workstation, in a department", file_of(made, &own)),
        ("logged by the workstation, without a department", file_of(&alone, &own)),
        ("seen by a witness whose key had ended", file_of(made, &Way { until: Some("2026-03-04"), ..DEPARTMENTS })),
        ("seen by a stranger in the witness's name", file_of(made, &Way { witness: Some(STRANGER), ..DEPARTMENTS })),
    ]
}

/// A change of one row's text at `place`.
pub fn edit(file: &mut Value, place: &str, change: impl FnOnce(&str) -> String) {
    let at = file.pointer_mut(place).unwrap();
    *at = json!(change(at.as_str().unwrap()));
}

/// Files that do not hold, each with its reason.
pub fn forged(made: &Made) -> Vec<(String, &'static str, String)> {
    type Change = fn(&mut Value);
    let changes: [(&str, &str, Change); 26] = [
        ("another position", "ledger", |f| f["ledger"][0]["row"]["seq"] = json!(6)),
        ("a position below the first", "ledger", |f| f["ledger"][0]["row"]["seq"] = json!(0)),
        ("another hash", "ledger", |f| f["ledger"][0]["row"]["hash"] = json!(sha256("another"))),
        ("a hash in capitals", "ledger", |f| edit(f, "/ledger/0/row/hash", str::to_uppercase)),
        ("another hash before it", "ledger", |f| f["ledger"][0]["row"]["previous"] = json!(sha256("another"))),
        ("another moment", "ledger", |f| f["ledger"][0]["row"]["at"] = json!("2026-03-01T12:00:01Z")),
        ("another person", "ledger", |f| f["ledger"][0]["row"]["person"] = json!("B. Examiner")),
        ("another action", "ledger", |f| f["ledger"][0]["row"]["action"] = json!("note-reviewed")),
        ("another record", "ledger", |f| f["ledger"][0]["row"]["detail"] = f["ledger"][1]["row"]["detail"].clone()),
        ("another workstation", "ledger", |f| f["ledger"][0]["writer"] = json!(public(STRANGER))),
        ("no workstation", "ledger", |f| f["ledger"][0]["writer"] = json!("")),
        ("the proof of another row", "ledger", |f| f["ledger"][0]["proof"] = f["ledger"][1]["proof"].clone()),
        ("no proof", "ledger", |f| f["ledger"][0]["proof"] = json!("")),
        ("a row twice", "ledger", |f| {
            let again = f["ledger"][0].clone();
            f["ledger"].as_array_mut().unwrap().push(again);
        }),
        ("another place in the log", "ledger", |f| {
            edit(f, "/ledger/0/proof", |text| text.replace("index 20", "index 21"));
        }),
        ("a hash of the proof less", "ledger", |f| {
            edit(f, "/ledger/0/proof", |text| {
                let mut lines: Vec<&str> = text.split('\n').collect();
                lines.remove(2);
                lines.join("\n")
            });
        }),
        ("another log", "ledger", |f| {
            edit(f, "/ledger/0/proof", |text| text.replace("ledger.corroborate/", "ledger.corroborate/0"));
        }),
        ("a larger log", "ledger", |f| {
            edit(f, "/ledger/0/proof", |text| text.replace("\n28\n", "\n29\n"));
        }),
        ("the log's signature gone", "ledger", |f| {
            edit(f, "/ledger/0/proof", |text| {
                let own = |line: &&str| !line.starts_with("\u{2014} ledger.corroborate/");
                text.split('\n').filter(own).collect::<Vec<_>>().join("\n")
            });
        }),
        ("a key beside the roster's", "ledger", |f| {
            let signer = Signer::new(Kind::Log, &origin(&public(ROOT)), &secret(LOG)).unwrap();
            f["log"] = json!(signer.key().to_string());
        }),
        ("no rows", "malformed", |f| f["ledger"] = json!([])),
        ("rows left out", "schema", |f| drop(f.as_object_mut().unwrap().remove("ledger"))),
        ("as the format before", "schema", |f| f["format"] = json!("corroborate.note-file.v2")),
        ("as the format after", "schema", |f| f["format"] = json!("corroborate.note-file.v4")),
        ("a field more in a row", "malformed", |f| f["ledger"][0]["row"]["more"] = json!(1)),
        ("a field less in a row", "malformed", |f| {
            drop(f["ledger"][0]["row"].as_object_mut().unwrap().remove("person"));
        }),
    ];
    let whole = file_of(made, &DEPARTMENTS);
    let mut all: Vec<(String, &str, String)> = changes
        .into_iter()
        .map(|(name, reason, change)| {
            let mut file = whole.clone();
            change(&mut file);
            (format!("logged: {name}"), reason, canonical(&file))
        })
        .collect();
    // By whoever has other keys, or signs another tree.
    let by_stranger = file_of(made, &Way { log: (ROOT, STRANGER), ..DEPARTMENTS });
    all.push(("logged: by a key that the roster does not name".into(), "ledger", canonical(&by_stranger)));
    let mut unnamed = file_of(made, &Way { named: false, ..DEPARTMENTS });
    unnamed.as_object_mut().unwrap().remove("log");
    all.push(("logged: under a key that nobody names".into(), "ledger", canonical(&unnamed)));
    let others = file_of(made, &Way { log: (STRANGER, STRANGER), ..DEPARTMENTS });
    all.push(("logged: in the log of another department".into(), "ledger", canonical(&others)));
    let mut elsewhere = whole.clone();
    elsewhere["ledger"] = json!(rows(&whole, &DEPARTMENTS, STRANGER));
    all.push(("logged: as rows of another workstation".into(), "ledger", canonical(&elsewhere)));
    let mut wrongly = whole;
    let witness = Signer::new(Kind::Witness, SEEN_BY, &secret(WITNESS)).unwrap();
    let line = witness.line("another text\n", SEEN_AT);
    edit(&mut wrongly, "/ledger/0/proof", |text| {
        let kept: Vec<&str> = text.split('\n').filter(|line| !line.contains(SEEN_BY)).collect();
        kept.join("\n") + &line
    });
    all.push(("logged: the witness's signature of another text".into(), "ledger", canonical(&wrongly)));
    all
}
