use department::Moment;
use serde::{Deserialize, Serialize};

use super::party::Party;
use crate::case::Purpose;
use crate::ids::CaseId;

/// Most characters of one thing that an event tells; a longer one is cut.
pub const MAX_TOLD: usize = 300;
/// Most bytes of details that are read at all.
const MAX_DETAIL: usize = 64 * 1024;
/// What of an event's details an auditor is told: what was done to which record, and nothing that somebody wrote into a case. Names of
/// files, filters and accounts are not in it.
const TOLD: &[&str] = &[
    "after",
    "at",
    "before",
    "code",
    "decision",
    "disposition",
    "events",
    "for",
    "from",
    "gallery",
    "kind",
    "loosened",
    "missing",
    "note",
    "number",
    "package",
    "photographs",
    "policy",
    "purpose",
    "reason",
    "reasons",
    "request",
    "rows",
    "search",
    "seed",
    "sha256",
    "thorough",
    "to",
    "topic",
    "version",
    "wait_minutes",
    "way",
    "wrong_in_a_row",
];

/// An audit row of a workstation, as an auditor reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DeskEvent {
    /// Public key of the workstation, in hexadecimal.
    pub workstation: String,
    /// Position in its audit, from 1.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub seq: i64,
    /// When, by the workstation's clock.
    pub at: Moment,
    /// Who, as it was written.
    pub person: String,
    /// The same, where it is somebody.
    pub by: Option<Party>,
    /// What was done.
    pub action: String,
    /// The case, where it concerns one.
    pub case: Option<CaseId>,
    /// Its number, where the event names it.
    pub number: Option<String>,
    /// What it was for, where the event says so.
    pub purpose: Option<Purpose>,
    /// What else it tells, name and text.
    pub told: Vec<(String, String)>,
}

impl DeskEvent {
    /// Reads a row. What cannot be read of its details is said by its length; the row itself stands.
    pub fn read(workstation: &str, seq: i64, at: Moment, person: &str, action: &str, detail: &str) -> Self {
        let mut event = Self {
            workstation: workstation.to_owned(),
            seq,
            at,
            person: cut(person),
            by: Party::read(person),
            action: cut(action),
            case: None,
            number: None,
            purpose: None,
            told: Vec::new(),
        };
        let fields: Option<serde_json::Map<String, serde_json::Value>> = Some(detail)
            .filter(|detail| detail.len() <= MAX_DETAIL)
            .and_then(|detail| serde_json::from_str(detail).ok());
        let Some(fields) = fields else {
            event.told.push(("bytes".to_owned(), detail.len().to_string()));
            return event;
        };
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(all) if all.iter().all(serde_json::Value::is_string) => {
                all.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        };
        event.case = fields.get("case").and_then(|case| serde_json::from_value(case.clone()).ok());
        event.purpose = fields.get("purpose").and_then(|purpose| serde_json::from_value(purpose.clone()).ok());
        let numbered = event.case.is_some() || event.purpose.is_some();
        let number = fields.get("number").filter(|_| numbered).and_then(serde_json::Value::as_str);
        event.number = number.map(cut);
        for name in TOLD {
            if let Some(value) = fields.get(*name).filter(|value| !value.is_null()) {
                event.told.push(((*name).to_owned(), cut(&text(value))));
            }
        }
        event
    }

    /// One thing that it tells.
    pub fn says(&self, name: &str) -> Option<&str> {
        self.told.iter().find(|(said, _)| said == name).map(|(_, text)| text.as_str())
    }

    /// Whether somebody did it, and who.
    pub fn is_by(&self, party: &Party) -> bool {
        self.by.as_ref() == Some(party)
    }
}

/// A text no longer than [`MAX_TOLD`].
fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_TOLD) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(detail: &str) -> DeskEvent {
        let at = Moment(jiff::Timestamp::UNIX_EPOCH);
        DeskEvent::read(&"ab".repeat(32), 1, at, "workstation", "original-stored", detail)
    }

    #[test]
    fn what_somebody_wrote_into_a_case_is_not_told() {
        let event = read(
            r#"{"case":"00000000-0000-0000-0000-000000000001","file_name":"Jo Doe.jpg","kind":"probe","filters":{"a":1}}"#,
        );
        assert!(event.case.is_some());
        assert_eq!(event.told, [("kind".to_owned(), "probe".to_owned())]);
    }

    #[test]
    fn details_of_a_hundred_megabytes_are_a_number_and_markup_stays_text() {
        assert_eq!(read(&format!("{{\"reason\":\"{}\"}}", "x".repeat(100_000_000))).told[0].0, "bytes");
        let event = read(r#"{"reason":"<script>alert(1)</script>"}"#);
        assert_eq!(event.says("reason"), Some("<script>alert(1)</script>"));
        assert_eq!(read(&format!("{{\"reason\":\"{}\"}}", "é".repeat(2_000))).told[0].1.chars().count(), MAX_TOLD + 1);
        assert!(read("[1]").told[0].0 == "bytes" && read("").told[0].1 == "0");
    }
}
