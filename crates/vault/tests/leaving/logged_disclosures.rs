//! Disclosures whose records and events are in a log, and what is done to what shows it.

use ledger::{Kind, Signer, origin};

use super::disclosures::Told;
use super::logged::{DEPARTMENTS, LOG, SEEN_AT, SEEN_BY, WITNESS, Way, department_of, edit, placed, row};
use super::*;

/// The rows of a file's events, and those by which its records came into the audit behind them.
fn rows(file: &Value) -> Vec<Value> {
    let mut all = file["audit"].as_array().unwrap().clone();
    for of in file["proof"]["notes"].as_array().unwrap() {
        let note = std::iter::once(("note-sealed", &of["note"]));
        let reviews = of["reviews"].as_array().unwrap().iter().map(|review| ("note-reviewed", review));
        let addenda = of["addenda"].as_array().unwrap().iter().map(|added| ("addendum-written", added));
        for (action, record) in note.chain(reviews).chain(addenda) {
            let last = all.last().unwrap();
            let (seq, previous) = (last["seq"].as_u64().unwrap() + 1, last["hash"].as_str().unwrap().to_owned());
            let detail = canonical(&json!({ "sha256": record["sha256"] }));
            all.push(row(seq, "2026-03-04T12:00:00Z", action, &detail, &previous));
        }
    }
    all
}

/// A disclosure in a log, by the rows that `of` makes of those that it has.
fn file_from(told: &Told, way: &Way, by: u32, of: impl FnOnce(&mut Vec<Value>)) -> Value {
    let mut told = told.clone();
    if told.root.is_some() {
        told.documents = department_of(way);
    }
    told.disclosure["schema"] = json!("corroborate.disclosure.v4");
    let mut file = told.file();
    let mut rows = rows(&file);
    of(&mut rows);
    file["proof"]["ledger"] = json!(placed(&rows, way, by));
    if way.log.0 == ROOT && !way.named {
        let signer = Signer::new(Kind::Log, &origin(&public(ROOT)), &secret(way.log.1)).unwrap();
        file["proof"]["log"] = json!(signer.key().to_string());
    }
    file
}

fn file_of(told: &Told, way: &Way) -> Value {
    file_from(told, way, told.desk, |_| ())
}

/// Files that hold, by name.
pub fn holding(told: &Told) -> Vec<(&'static str, Value)> {
    let alone = Told { root: None, ..told.clone() };
    let own = Way { log: (told.desk, told.desk), witness: None, ..DEPARTMENTS };
    let records = |rows: &mut Vec<Value>| drop(rows.drain(..4));
    vec![
        ("logged by the department, seen by its witness", file_of(told, &DEPARTMENTS)),
        ("logged under a key that no roster names", file_of(told, &Way { named: false, witness: None, ..DEPARTMENTS })),
        ("its records logged, and no event", file_from(told, &DEPARTMENTS, told.desk, records)),
        ("its events logged, and no record", file_from(told, &DEPARTMENTS, told.desk, |rows| rows.truncate(4))),
        ("its records logged by the workstation, without a department", file_from(&alone, &own, told.desk, records)),
    ]
}

/// The event at the second position, as the workstation would have it had it gone another way.
fn otherwise(rows: &mut [Value]) {
    let previous = rows[1]["previous"].as_str().unwrap().to_owned();
    rows[1] = row(3, "2026-03-02T09:12:00Z", "search-refused", "{}", &previous);
}

/// Files that do not hold, each with its reason.
pub fn forged(told: &Told) -> Vec<(String, &'static str, String)> {
    type Change = fn(&mut Value);
    let changes: [(&str, &str, Change); 24] = [
        ("another position", "ledger", |p| p["ledger"][0]["row"]["seq"] = json!(3)),
        ("a position below the first", "ledger", |p| p["ledger"][0]["row"]["seq"] = json!(0)),
        ("another hash", "ledger", |p| p["ledger"][0]["row"]["hash"] = json!(sha256("another"))),
        ("another hash before it", "ledger", |p| p["ledger"][0]["row"]["previous"] = json!(sha256("another"))),
        ("another moment", "ledger", |p| p["ledger"][0]["row"]["at"] = json!("2026-03-01T12:00:01Z")),
        ("another person", "ledger", |p| p["ledger"][0]["row"]["person"] = json!("B. Examiner")),
        ("another action", "ledger", |p| p["ledger"][4]["row"]["action"] = json!("note-reviewed")),
        ("an event of another workstation", "ledger", |p| p["ledger"][0]["writer"] = json!(public(STRANGER))),
        ("a record of another workstation", "ledger", |p| p["ledger"][4]["writer"] = json!(public(STRANGER))),
        ("no workstation", "ledger", |p| p["ledger"][0]["writer"] = json!("")),
        ("the proof of another row", "ledger", |p| p["ledger"][0]["proof"] = p["ledger"][1]["proof"].clone()),
        ("no proof", "ledger", |p| p["ledger"][0]["proof"] = json!("")),
        ("an event twice", "ledger", |p| {
            let again = p["ledger"][0].clone();
            p["ledger"].as_array_mut().unwrap().push(again);
        }),
        ("a record twice", "ledger", |p| {
            let again = p["ledger"][4].clone();
            p["ledger"].as_array_mut().unwrap().push(again);
        }),
        ("another place in the log", "ledger", |p| {
            edit(p, "/ledger/0/proof", |text| text.replace("index 20", "index 21"));
        }),
        ("another log", "ledger", |p| {
            edit(p, "/ledger/0/proof", |text| text.replace("ledger.corroborate/", "ledger.corroborate/0"));
        }),
        ("the log's signature gone", "ledger", |p| {
            edit(p, "/ledger/0/proof", |text| {
                let own = |line: &&str| !line.starts_with("\u{2014} ledger.corroborate/");
                text.split('\n').filter(own).collect::<Vec<_>>().join("\n")
            });
        }),
        ("the witness's signature of another text", "ledger", |p| {
            let witness = Signer::new(Kind::Witness, SEEN_BY, &secret(WITNESS)).unwrap();
            let line = witness.line("another text\n", SEEN_AT);
            edit(p, "/ledger/5/proof", |text| {
                let kept: Vec<&str> = text.split('\n').filter(|line| !line.contains(SEEN_BY)).collect();
                kept.join("\n") + &line
            });
        }),
        ("a key beside the roster's", "ledger", |p| {
            let signer = Signer::new(Kind::Log, &origin(&public(ROOT)), &secret(LOG)).unwrap();
            p["log"] = json!(signer.key().to_string());
        }),
        ("no rows", "malformed", |p| p["ledger"] = json!([])),
        ("rows left out", "schema", |p| drop(p.as_object_mut().unwrap().remove("ledger"))),
        ("a field more of a row", "malformed", |p| p["ledger"][0]["approved"] = json!(true)),
        ("a field more in a row", "malformed", |p| p["ledger"][0]["row"]["more"] = json!(1)),
        ("a field less in a row", "malformed", |p| {
            drop(p["ledger"][0]["row"].as_object_mut().unwrap().remove("person"));
        }),
    ];
    let whole = file_of(told, &DEPARTMENTS);
    let mut all: Vec<(String, &str, String)> = Vec::new();
    let mut put = |name: &str, reason: &'static str, file: &Value| {
        all.push((format!("logged: {name}"), reason, canonical(file)));
    };
    for (name, reason, change) in changes {
        let mut file = whole.clone();
        change(&mut file["proof"]);
        put(name, reason, &file);
    }
    // By whoever signs the log, or all of it.
    let from = |by: u32, of: fn(&mut Vec<Value>)| file_from(told, &DEPARTMENTS, by, of);
    let last = |rows: &[Value]| {
        let last = rows.last().unwrap();
        (last["seq"].as_u64().unwrap() + 1, last["hash"].as_str().unwrap().to_owned())
    };
    put("an event that went another way", "ledger", &from(told.desk, |rows| otherwise(rows)));
    put(
        "an event at the position before it",
        "ledger",
        &from(told.desk, |rows| {
            rows[0] = row(1, "2026-03-02T09:00:00Z", "case-opened", "{}", "");
        }),
    );
    let mut beside = rows(&whole);
    let (seq, previous) = last(&beside);
    beside.push(row(seq, "2026-03-04T12:00:01Z", "search-sent", "{}", &previous));
    let mut file = whole.clone();
    file["proof"]["ledger"] = json!(placed(&beside, &DEPARTMENTS, told.desk));
    put("an event that it does not show", "ledger", &file);
    let other = canonical(&json!({ "sha256": sha256("another note") }));
    *beside.last_mut().unwrap() = row(seq, "2026-03-04T12:00:01Z", "note-sealed", &other, &previous);
    file["proof"]["ledger"] = json!(placed(&beside, &DEPARTMENTS, told.desk));
    put("a note that it does not hold", "ledger", &file);
    let note = canonical(&json!({ "sha256": whole["proof"]["notes"][0]["note"]["sha256"] }));
    let twice = note.replacen('{', &format!("{{\"sha256\":\"{}\",", sha256("another note")), 1);
    *beside.last_mut().unwrap() = row(seq, "2026-03-04T12:00:01Z", "note-sealed", &twice, &previous);
    file["proof"]["ledger"] = json!(placed(&beside, &DEPARTMENTS, told.desk));
    put("a record named beside another", "ledger", &file);
    // A record where the audit has an event, and two rows of one position.
    let mut moved = rows(&whole);
    let before = moved[0]["previous"].as_str().unwrap().to_owned();
    moved[0] = row(2, "2026-03-02T09:00:00Z", "note-sealed", &note, &before);
    file["proof"]["ledger"] = json!(placed(&moved, &DEPARTMENTS, told.desk));
    put("a record in an event's position", "ledger", &file);
    let mut forked = rows(&whole);
    let (at, before) = (forked[4]["seq"].as_u64().unwrap(), forked[4]["previous"].as_str().unwrap().to_owned());
    forked.push(row(at, "2026-03-04T12:00:09Z", "note-sealed", &note, &before));
    file["proof"]["ledger"] = json!(placed(&forked, &DEPARTMENTS, told.desk));
    put("two rows of one position", "ledger", &file);
    put("as rows of another workstation", "ledger", &from(STRANGER, |_| ()));
    put(
        "by a key that the roster does not name",
        "ledger",
        &file_of(told, &Way { log: (ROOT, STRANGER), ..DEPARTMENTS }),
    );
    let others = Way { log: (STRANGER, STRANGER), ..DEPARTMENTS };
    put("in the log of another department", "ledger", &file_of(told, &others));
    let mut unnamed = file_of(told, &Way { named: false, ..DEPARTMENTS });
    unnamed["proof"].as_object_mut().unwrap().remove("log");
    put("under a key that nobody names", "ledger", &unnamed);
    // The schema says what is in it, whoever signs.
    for version in ["v3", "v5"] {
        let mut relabelled = told.clone();
        relabelled.documents = department_of(&DEPARTMENTS);
        relabelled.disclosure["schema"] = json!(format!("corroborate.disclosure.{version}"));
        let mut file = relabelled.file();
        file["proof"]["ledger"] = whole["proof"]["ledger"].clone();
        put(&format!("as {version}, signed by all"), "schema", &file);
    }
    let mut keyed = Told { documents: department_of(&DEPARTMENTS), ..told.clone() }.file();
    let signer = Signer::new(Kind::Log, &origin(&public(ROOT)), &secret(LOG)).unwrap();
    keyed["proof"]["log"] = json!(signer.key().to_string());
    put("a log's key without rows", "schema", &keyed);
    all
}
