use catalogue::say;
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
    let mut parts = vec![entry.finding.map_or(say!("rule-note-no-finding"), Finding::in_words).to_owned()];
    parts.extend(entry.texts().into_iter().map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty()));
    parts.extend(entry.dates().into_iter().map(|(field, at)| format!("{} {at}", field.replace("_at", ""))));
    let i = &entry.independence;
    let answers = [
        (say!("rule-note-source-knew-result"), i.source_knew_result),
        (say!("rule-note-recorded-before-search"), i.recorded_before_search),
        (say!("rule-note-compares-faces"), i.compares_faces),
        (say!("rule-note-about-event"), i.about_event),
        (say!("rule-note-found-name"), i.found_by_name),
    ];
    let yes = |answer| if answer { say!("rule-note-yes") } else { say!("rule-note-no") };
    parts.extend(answers.into_iter().filter_map(|(name, answer)| Some(format!("{name}: {}", yes(answer?)))));
    parts.extend(
        entry.attachments.iter().map(|a| say!("rule-note-file-sha-256", file_name = a.file_name, sha256 = a.sha256)),
    );
    parts.join("; ")
}

fn panel_answer(given: &PanelAnswer) -> String {
    let answer = given.answer.map_or(say!("rule-note-not-answered"), ContradictionAnswer::in_words);
    [answer, &given.rests_on, &given.resolution].join(" ").trim().to_owned()
}

fn outcome(note: &NoteContent) -> String {
    match note.outcome {
        Outcome::NoneOfThese => say!("rule-note-none").to_owned(),
        Outcome::Lead { candidate, conclusion } => {
            say!("rule-note-lead-candidate", conclusion = conclusion.in_words(), candidate)
        }
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
    compare(say!("rule-note-disposition").to_owned(), disposition(before), disposition(after));
    compare(say!("rule-note-reason").to_owned(), before.reason.clone(), after.reason.clone());
    compare(say!("rule-note-account").to_owned(), before.narrative.clone(), after.narrative.clone());
    compare(say!("rule-note-examination").to_owned(), outcome(before), outcome(after));
    let second = |note: &NoteContent| {
        note.verification
            .as_ref()
            .map_or_else(String::new, |v| format!("{}: {}", v.verifier.name, v.conclusion.in_words()))
    };
    compare(say!("rule-note-verification").to_owned(), second(before), second(after));
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
        compare(say!("rule-note-could-speak-against", item = item.in_words()), told(before), told(after));
    }
    compare(
        say!("rule-note-speaks-person").to_owned(),
        before.checklist.panel.speaks_for_the_person.clone(),
        after.checklist.panel.speaks_for_the_person.clone(),
    );
    found
}
