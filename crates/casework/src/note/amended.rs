use serde::Serialize;

use super::content::NoteContent;
use crate::corroboration::{ContradictionAnswer, ContradictionItem, Entry, Finding, PanelAnswer};
use crate::examination::Outcome;

/// One thing that is different in a note that amends a returned one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Change {
    /// Its name for people.
    pub label: String,
    /// As it was; empty where it is new.
    pub before: String,
    /// As it is; empty where it is gone.
    pub after: String,
}

/// An entry of the checklist in one text.
fn entry(entry: &Entry) -> String {
    let mut parts = vec![entry.finding.map_or("no finding", Finding::in_words).to_owned()];
    parts.extend(entry.texts().into_iter().map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty()));
    parts.extend(entry.dates().into_iter().map(|(field, at)| format!("{} {at}", field.replace("_at", ""))));
    let i = &entry.independence;
    let answers = [
        ("source knew the result", i.source_knew_result),
        ("recorded before the search", i.recorded_before_search),
        ("compares faces", i.compares_faces),
        ("about the event", i.about_event),
        ("found by name", i.found_by_name),
    ];
    let yes = |answer| if answer { "yes" } else { "no" };
    parts.extend(answers.into_iter().filter_map(|(name, answer)| Some(format!("{name}: {}", yes(answer?)))));
    parts.extend(entry.attachments.iter().map(|a| format!("file {}, SHA-256 {}", a.file_name, a.sha256)));
    parts.join("; ")
}

fn panel_answer(given: &PanelAnswer) -> String {
    let answer = given.answer.map_or("not answered", ContradictionAnswer::in_words);
    [answer, &given.rests_on, &given.resolution].join(" ").trim().to_owned()
}

fn outcome(note: &NoteContent) -> String {
    match note.outcome {
        Outcome::NoneOfThese => "none of these".to_owned(),
        Outcome::Lead { candidate, conclusion } => format!("a lead, {}, candidate {candidate}", conclusion.in_words()),
    }
}

/// What `after` says otherwise than `before`, the returned note that it amends, in the order of the note.
pub fn difference(before: &NoteContent, after: &NoteContent) -> Vec<Change> {
    let mut found = Vec::new();
    let mut compare = |label: String, before: String, after: String| {
        if before.trim() != after.trim() {
            found.push(Change { label, before, after });
        }
    };
    let disposition = |note: &NoteContent| note.disposition.in_words().to_owned();
    compare("Disposition".to_owned(), disposition(before), disposition(after));
    compare("Reason".to_owned(), before.reason.clone(), after.reason.clone());
    compare("Account".to_owned(), before.narrative.clone(), after.narrative.clone());
    compare("Examination".to_owned(), outcome(before), outcome(after));
    let second = |note: &NoteContent| {
        note.verification
            .as_ref()
            .map_or_else(String::new, |v| format!("{}: {}", v.verifier.name, v.conclusion.in_words()))
    };
    compare("Verification".to_owned(), second(before), second(after));
    let list = |note: &NoteContent| note.checklist.entries.clone();
    for old in list(before) {
        let new = after.checklist.entries.iter().find(|e| e.id == old.id).map(entry).unwrap_or_default();
        compare(old.category().in_words().to_owned(), entry(&old), new);
    }
    for new in list(after).iter().filter(|new| before.checklist.entries.iter().all(|old| old.id != new.id)) {
        compare(new.category().in_words().to_owned(), String::new(), entry(new));
    }
    for item in ContradictionItem::ALL {
        let told = |note: &NoteContent| {
            let of_item = note.checklist.panel.answers.iter().find(|answer| answer.item == item);
            of_item.map(panel_answer).unwrap_or_default()
        };
        compare(format!("What could speak against it: {}", item.in_words()), told(before), told(after));
    }
    compare(
        "What speaks for the person".to_owned(),
        before.checklist.panel.speaks_for_the_person.clone(),
        after.checklist.panel.speaks_for_the_person.clone(),
    );
    found
}
