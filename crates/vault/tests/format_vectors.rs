//! The vectors of `docs/formats` for files that leave: what they hold is what the program says, and what the tests make is what
//! they hold. `CORROBORATE_WRITE_VECTORS=1` writes them anew.

use crate::leaving;

use std::path::PathBuf;

use department::PublicKey;
use leaving::{
    ABOUT, ROOT, Splice, answers, canonical, certificates, disclosures, logged, logged_disclosures, note_attacks,
    note_claims, notes, public, spliced, splices,
};
use serde_json::{Value, json};
use vault::{
    InLog, Unproven, Whose, verify_answer, verify_certificate, verify_disclosure, verify_note, verify_signers,
};

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../docs/formats/vectors", &format!("{name}.json")].iter().collect()
}

/// Who is named as having signed, how many records show nobody's signature, and which are in a log.
type Found = Result<(usize, usize, Vec<InLog>), Unproven>;

fn note(text: &str, root: Option<&PublicKey>) -> Found {
    let checked = root.map_or_else(|| verify_note(text), |root| verify_signers(text, root))?;
    Ok((checked.signers.len(), checked.unsigned.len(), checked.logged))
}

fn disclosure(text: &str, root: Option<&PublicKey>) -> Found {
    let checked = verify_disclosure(text, root)?;
    Ok((checked.signers.len(), checked.unsigned.len(), checked.logged.rows))
}

/// A request, the answer, the verifier's statement and the department's documents, one a line.
fn answer(text: &str, root: Option<&PublicKey>) -> Found {
    let lines: Vec<&str> = text.split('\n').collect();
    let [request, answer, statement, documents @ ..] = lines.as_slice() else { panic!("too few lines") };
    let documents: Vec<String> = documents.iter().map(|&line| line.to_owned()).collect();
    verify_answer(request, answer, statement, root.unwrap(), &documents).map(|_| (1, 0, Vec::new()))
}

fn certificate(text: &str, root: Option<&PublicKey>) -> Found {
    let checked = verify_certificate(text, root)?;
    Ok((checked.signers.len(), checked.unsigned.len(), Vec::new()))
}

/// What a log says of a record, as a vector has it.
fn in_log(logged: &InLog) -> Value {
    let InLog { event, index, size, whose, seen, missing } = logged;
    let whose = match whose {
        Whose::Department => "department",
        Whose::Unnamed => "unnamed",
        Whose::Workstation => "workstation",
    };
    let seen: Vec<Value> = seen.iter().map(|seen| json!({ "at": seen.at, "name": seen.name })).collect();
    json!({ "event": event, "index": index, "missing": missing, "seen": seen, "size": size, "whose": whose })
}

fn result(found: &Found) -> Value {
    match found {
        Ok((signers, unsigned, logged)) => {
            let mut result = json!({ "result": "accepted", "signers": signers, "unsigned": unsigned });
            if !logged.is_empty() {
                result["logged"] = logged.iter().map(in_log).collect();
            }
            result
        }
        Err(refused) => json!({ "reason": refused.reason, "result": "refused" }),
    }
}

struct Vectors {
    check: fn(&str, Option<&PublicKey>) -> Found,
    files: Vec<String>,
    /// Each with its text.
    vectors: Vec<(Value, String)>,
    /// Those that came out otherwise.
    others: Vec<String>,
}

impl Vectors {
    /// A file made of file `of`, read with the reader's own root or without, with what must come out.
    fn put(&mut self, name: &str, of: usize, text: &str, with_root: bool, wanted: Option<&str>) {
        let root = PublicKey::read(&public(ROOT)).unwrap();
        let found = (self.check)(text, with_root.then_some(&root));
        let reason = found.as_ref().err().map(|refused| json!(refused.reason));
        if reason != wanted.map(|wanted| json!(wanted)) {
            self.others.push(format!("{name}: {wanted:?}, but {found:?}"));
        }
        let mut vector = result(&found);
        (vector["name"], vector["of"], vector["with_root"]) = (json!(name), json!(of), json!(with_root));
        self.vectors.push((vector, text.to_owned()));
    }

    /// Writes the vectors: one a line, so that a change is seen as one.
    fn write(&self, name: &str) {
        let written = |(vector, text): &(Value, String)| {
            let (mut vector, of) = (vector.clone(), &self.files[vector["of"].as_u64().unwrap() as usize]);
            let apart = text.len() * 4 < of.len() || text.len() > 2 * of.len();
            let all = if apart { vec![(0, of.chars().count(), text.clone())] } else { splices(of, text) };
            // One piece that stands there many times is written once.
            let many = |put: &str| put.len() > 10_000 && put.bytes().all(|byte| byte == put.as_bytes()[0]);
            let edit = |(at, gone, put): &Splice| match many(put) {
                true => json!([at, gone, put[..1], put.len()]),
                false => json!([at, gone, put]),
            };
            vector["edits"] = all.iter().map(edit).collect();
            canonical(&vector)
        };
        let files: Vec<String> = self.files.iter().map(|file| json!(file).to_string()).collect();
        let vectors: Vec<String> = self.vectors.iter().map(written).collect();
        let (about, root) = (json!(ABOUT), json!(public(ROOT)));
        let (files, vectors) = (files.join(",\n"), vectors.join(",\n"));
        let text = format!(
            "{{\n\"about\": {about},\n\"root\": {root},\n\"files\": [\n{files}\n],\n\"vectors\": [\n{vectors}\n]\n}}\n"
        );
        std::fs::write(path(name), &text).unwrap();
    }

    /// Holds what was made to what is kept.
    fn keep(self, name: &str) {
        assert!(self.others.is_empty(), "{:#?}", self.others);
        if std::env::var_os("CORROBORATE_WRITE_VECTORS").is_some() {
            self.write(name);
        }
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap();
        assert_eq!((&kept["root"], &kept["files"]), (&json!(public(ROOT)), &json!(self.files)), "{name}");
        let vectors = kept["vectors"].as_array().unwrap();
        assert!(vectors.len() == self.vectors.len() && vectors.len() >= 100, "{name}: {} vectors", vectors.len());
        for (vector, (made, text)) in vectors.iter().zip(&self.vectors) {
            let edits = vector["edits"].as_array().unwrap().iter().map(|edit| {
                let number = |at: usize| edit[at].as_u64().map(|n| n as usize);
                (number(0).unwrap(), number(1).unwrap(), edit[2].as_str().unwrap().repeat(number(3).unwrap_or(1)))
            });
            let of = self.files[made["of"].as_u64().unwrap() as usize].as_str();
            assert!(spliced(of, &edits.collect::<Vec<_>>()) == *text, "{}: another text than is kept", made["name"]);
            let mut vector = vector.clone();
            vector.as_object_mut().unwrap().remove("edits");
            assert_eq!(vector, *made);
        }
    }
}

#[test]
fn exported_notes() {
    let holding = notes::holding();
    let whole = &holding[0].1;
    let in_logs = logged::holding(whole);
    let files = holding.iter().map(|(_, made)| made.file()).chain(in_logs.iter().map(|(_, file)| file.clone()));
    let files: Vec<String> = files.map(|file| canonical(&file)).collect();
    let mut all = Vectors { check: note, files: files.clone(), vectors: Vec::new(), others: Vec::new() };
    for (at, (name, made)) in holding.iter().enumerate() {
        all.put(name, at, &files[at], false, None);
        all.put(
            &format!("{name}, to a reader of the department"),
            at,
            &files[at],
            true,
            made.root.is_none().then_some("no-department"),
        );
    }
    for (at, (name, file)) in (holding.len()..).zip(&in_logs) {
        all.put(name, at, &files[at], false, None);
        let stranger = file["root"].is_null().then_some("no-department");
        all.put(&format!("{name}, to a reader of the department"), at, &files[at], true, stranger);
    }
    for (name, reason, text) in logged::forged(whole) {
        all.put(&name, holding.len(), &text, false, Some(reason));
    }
    all.put("with a line feed at its end", 0, &format!("{}\n", files[0]), false, None);
    for (name, reason, changes) in note_claims::TOLD {
        all.put(
            &format!("signed by all: {name}"),
            0,
            &canonical(&note_attacks::told(whole, changes).file()),
            false,
            Some(reason),
        );
    }
    for (name, reason, text) in note_attacks::forged(whole) {
        if reason == "holds-for-another" {
            all.put(&format!("{name}, to anybody"), 0, &text, false, None);
            all.put(&name, 0, &text, true, Some("other-department"));
        } else {
            all.put(&name, 0, &text, false, Some(reason));
        }
    }
    let (at, (_, handed_over)) =
        holding.iter().enumerate().find(|(_, (name, _))| *name == "handed over by a colleague").unwrap();
    for (name, reason, changes) in note_claims::HANDED_OVER {
        let text = canonical(&note_attacks::told(handed_over, changes).file());
        all.put(&format!("signed by all: {name}"), at, &text, false, Some(reason));
    }
    for (name, key, reason) in [("a key of one's own", 777, "statement"), ("a colleague's key", 2, "statement")] {
        let text = canonical(&handed_over.file_signed(|hands| {
            hands.iter_mut().find(|hand| hand.kind == "handover").unwrap().key = key;
        }));
        all.put(&format!("handover: {name}"), at, &text, false, Some(reason));
    }
    for kind in ["conclusion", "verification", "note", "review", "addendum"] {
        let without = canonical(&whole.file_signed(|hands| {
            let at = hands.iter().position(|hand| hand.kind == kind).unwrap();
            hands.remove(at);
        }));
        all.put(&format!("{kind}: nobody signed"), 0, &without, false, None);
        all.put(&format!("{kind}: nobody signed, to a reader of the department"), 0, &without, true, Some("unsigned"));
    }
    all.keep("note");
}

#[test]
fn disclosures_of_cases() {
    let holding = disclosures::holding();
    let whole = &holding[0].1;
    let in_logs = logged_disclosures::holding(whole);
    let files = holding.iter().map(|(_, told)| told.file()).chain(in_logs.iter().map(|(_, file)| file.clone()));
    let files: Vec<String> = files.map(|file| canonical(&file)).collect();
    let mut all = Vectors { check: disclosure, files: files.clone(), vectors: Vec::new(), others: Vec::new() };
    for (at, (name, told)) in holding.iter().enumerate() {
        all.put(name, at, &files[at], false, None);
        all.put(
            &format!("{name}, to a reader of the department"),
            at,
            &files[at],
            true,
            told.root.is_none().then_some("no-department"),
        );
    }
    for (at, (name, file)) in (holding.len()..).zip(&in_logs) {
        all.put(name, at, &files[at], false, None);
        let stranger = file["proof"]["root"].is_null().then_some("no-department");
        all.put(&format!("{name}, to a reader of the department"), at, &files[at], true, stranger);
    }
    for (name, reason, text) in logged_disclosures::forged(whole) {
        all.put(&name, holding.len(), &text, false, Some(reason));
    }
    for (name, reason, changes) in disclosures::TOLD {
        all.put(
            &format!("signed by all: {name}"),
            0,
            &canonical(&disclosures::told(whole, changes).file()),
            false,
            Some(reason),
        );
    }
    for (name, reason, text) in disclosures::forged_files(whole) {
        if reason == "holds-for-another" {
            all.put(&format!("{name}, to anybody"), 0, &text, false, None);
            all.put(&name, 0, &text, true, Some("other-department"));
        } else {
            all.put(&name, 0, &text, false, Some(reason));
        }
    }
    // Every third is enough: the notes' own vectors have all.
    for (name, reason, changes) in note_claims::TOLD.iter().step_by(3) {
        let mut told = whole.clone();
        told.notes[0] = note_attacks::told(&told.notes[0], changes);
        let seal = leaving::signed(&told.notes[0].note, told.desk);
        let (note, disclosed) = (told.notes[0].note.clone(), &mut told.disclosure["notes"][0]);
        for field in ["sha256", "signature", "public_key"] {
            disclosed[field] = seal[field].clone();
        }
        for (here, there) in
            [("id", "id"), ("sealed_at", "sealed_at"), ("disposition", "disposition"), ("narrative", "narrative")]
        {
            disclosed[here] = note[there].clone();
        }
        (disclosed["reviews"], disclosed["addenda"]) = (json!(told.notes[0].reviews), json!(told.notes[0].addenda));
        let text = canonical(&told.file());
        let found = disclosure(&text, None).map_err(|refused| json!(refused.reason)).unwrap_err();
        // What the disclosure itself shows may be found first.
        assert!(
            [json!(reason), json!("gate"), json!("disagrees"), json!("malformed")].contains(&found),
            "{name}: {found}"
        );
        if ["gate", "sentences"].contains(reason) {
            all.put(&format!("its note: {name}"), 0, &text, false, found.as_str());
        }
    }
    all.keep("disclosure");
}

#[test]
fn answers_of_second_examiners() {
    let holding = answers::holding();
    let files: Vec<String> = holding.iter().map(|(_, answered)| answered.file()).collect();
    let mut all = Vectors { check: answer, files: files.clone(), vectors: Vec::new(), others: Vec::new() };
    for (at, (name, _)) in holding.iter().enumerate() {
        all.put(name, at, &files[at], true, None);
    }
    for (name, reason, text) in answers::forged(&holding[0].1) {
        all.put(&name, 0, &text, true, Some(reason));
    }
    all.keep("verification");
}

#[test]
fn certificates_of_purged_cases() {
    let holding = certificates::holding();
    let files: Vec<String> = holding.iter().map(|(_, made)| canonical(&made.file())).collect();
    let mut all = Vectors { check: certificate, files: files.clone(), vectors: Vec::new(), others: Vec::new() };
    for (at, (name, made)) in holding.iter().enumerate() {
        all.put(name, at, &files[at], false, None);
        let refused = made.root.is_none().then_some("no-department");
        all.put(&format!("{name}, to a reader of the department"), at, &files[at], true, refused);
    }
    let mut unsigned = holding[0].1.clone();
    unsigned.hands.clear();
    let unsigned = canonical(&unsigned.file());
    all.put("nobody signed", 0, &unsigned, false, None);
    all.put("nobody signed, to a reader of the department", 0, &unsigned, true, Some("unsigned"));
    for (name, reason, text) in certificates::forged(&holding[0].1) {
        all.put(&name, 0, &text, false, Some(reason));
    }
    all.keep("purge-certificate");
}
