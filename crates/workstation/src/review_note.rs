//! The supervisor's work: what waits, and what is decided.

use catalogue::say;
use serde_json::json;

use casework::{
    CaseFile, CaseId, Decision, Moment, NoteId, Person, Review, ReviewForm, Role, may_review, undecided, urgency,
};
use vault::Vault;

use crate::error::Outcome;
use crate::read_note::{note_of, note_shown, seen_by};
use crate::views::{NoteView, QueueLine};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// Notes that wait for the signed-in supervisor, the most urgent first, then the oldest.
    pub fn queue(&self) -> Outcome<Vec<QueueLine>> {
        self.act_as(queue_of)
    }

    /// Decides on a note. A returned one becomes a draft again.
    pub fn review(&self, id: NoteId, form: &ReviewForm) -> Outcome<NoteView> {
        let view = self.act_as(|v, person, now| {
            decide(v, id, form, person, now)?;
            note_shown(v, id, person)
        })?;
        self.exchange_due.notify_one();
        Ok(view)
    }
}

fn queue_of(v: &mut Vault, person: &Person, now: Moment) -> Outcome<Vec<QueueLine>> {
    if !person.is(Role::Supervisor) {
        return Ok(Vec::new());
    }
    let waiting = v.unreviewed()?;
    for broken in waiting.iter().filter_map(|note| note.as_ref().err()) {
        let detail = json!({ "note": broken.0, "message": broken.1.to_string() });
        v.record(Some(&person.reference()), now, "note-not-proven", &detail)?;
    }
    let waiting = waiting.into_iter().filter_map(Result::ok).map(|note| note.content);
    let waiting: Vec<_> = waiting.filter(|note| may_review(note, person).is_ok()).collect();
    let read: Vec<CaseId> = waiting.iter().map(|note| note.case.id()).collect();
    let mut lines: Vec<QueueLine> = waiting
        .into_iter()
        .map(|note| QueueLine {
            note: note.id,
            number: note.case.number().to_string(),
            offence: note.case.offence().to_owned(),
            purpose: note.case.purpose(),
            urgency: urgency(note.case.purpose()),
            disposition: note.disposition,
            author: note.author.name,
            sealed_at: note.sealed_at,
            days: now.days_since(note.sealed_at),
            amended: !note.amends.is_empty(),
        })
        .collect();
    // The list names offence, author and disposition: whoever reads that cannot verify once the note is returned.
    for id in read {
        let mut file: CaseFile = v.case(id)?;
        seen_by(v, &mut file, person)?;
    }
    lines.sort_by_key(|line| (line.urgency, line.sealed_at));
    Ok(lines)
}

fn decide(v: &mut Vault, id: NoteId, form: &ReviewForm, person: &Person, now: Moment) -> Outcome<()> {
    let (stored, mut file) = note_of(v, id, person)?;
    undecided(stored.review.as_ref())?;
    // What is signed for is hashed again, as it lies here now.
    let whole = v.check_files(file.id, &file.files())?;
    let review = Review::decide(&stored.content, &stored.signed.sha256, form, person, now)?;
    // A case that lives elsewhere becomes a draft there, and nowhere else.
    let here = v.home(file.id)?.is_none();
    if review.content().decision == Decision::Return && here {
        file.reopen(review.content())?;
    }
    v.put_review(&review, file.id, &file)?;
    // Who made the author's account is no stranger to them: the auditor looks at what they decided.
    let author = v.people()?.into_iter().find(|p| p.id == stored.content.author.id);
    if author.and_then(|a| a.added_by).is_some_and(|by| by.is_same(&person.reference())) {
        let detail = json!({ "note": id, "reasons": [say!("workstation-reviewer-made-account")], "by": "program" });
        v.record(Some(&person.reference()), review.content().at, "referred-to-audit", &detail)?;
    }
    let detail = json!({ "note": id, "whole": whole });
    Ok(v.record(Some(&person.reference()), review.content().at, "files-hashed-again", &detail)?)
}
