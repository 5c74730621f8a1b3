//! What earlier builds stored is read, and written again as it was: names and order of every field.

use casework::samples::*;
use casework::{CaseFile, Disclosure, NoteContent};

const FILE: &str = include_str!("stored/file.json");
const NOTE: &str = include_str!("stored/note.json");
const DISCLOSURE: &str = include_str!("stored/disclosure.json");

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// Puts `value` at `pointer`, whose last field may be missing.
fn put(stored: &mut serde_json::Value, pointer: &str, value: serde_json::Value) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    stored.pointer_mut(parent).unwrap()[field] = value;
}

#[test]
fn what_was_stored_is_read_and_written_again_as_it_was() {
    let file: CaseFile = serde_json::from_str(FILE).unwrap();
    assert_eq!(file, casework::samples::file());
    assert_eq!(text(&file), FILE);
    let note: NoteContent = serde_json::from_str(NOTE).unwrap();
    note.proven().unwrap();
    assert_eq!(text(&note), NOTE);
    let made = at("2026-03-02T13:00:00Z");
    let disclosure = file.disclosure(&examiner(1), Vec::new(), Vec::new(), worth, made, &policy()).unwrap();
    assert_eq!(text(&disclosure), DISCLOSURE);
    let read: Disclosure = serde_json::from_str(DISCLOSURE).unwrap();
    assert_eq!(read, disclosure);
    read.proven().unwrap();
}

#[test]
fn what_did_not_pass_its_gate_is_refused_with_what_is_wrong() {
    for (pointer, to, wrong) in [
        ("/case/offence", "".into(), "Name the offence"),
        ("/case/charge", serde_json::Value::Null, "not one that passed the first gate"),
        ("/case/event_at", "2027-01-01T00:00:00Z".into(), "lies in the future"),
        ("/probe/source", "sketch".into(), "A sketch is refused"),
        ("/probe/quality", 3.into(), "below the floor"),
        ("/probe/legal_basis", " ".into(), "legal basis"),
        (
            "/searches/0/encoding",
            serde_json::json!({ "thorough": true, "photographs": 1, "quality": 101 }),
            "impossible",
        ),
        (
            "/searches/0/encoding",
            serde_json::json!({ "thorough": true, "photographs": 0, "quality": 80 }),
            "impossible",
        ),
        ("/searches/0/filters/agencies", serde_json::json!(["nobody"]), "nine capital letters"),
    ] {
        let mut stored: serde_json::Value = serde_json::from_str(FILE).unwrap();
        put(&mut stored, pointer, to);
        let refused = serde_json::from_value::<CaseFile>(stored).unwrap_err().to_string();
        assert!(refused.contains(wrong), "{pointer}: {refused}");
    }
}
