//! The supervisor's desk: what waits, what is decided, and what may leave as a file.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use casework::{CaseFile, CaseId, Clock, Decision, NoteId, Person, Review, ReviewForm, Role, may_review, urgency};
use vault::{StoredNote, VaultError, canonical, fingerprint};

use crate::desk::{Desk, Outcome, SystemClock};
use crate::error::CommandError;
use crate::views::{NoteView, QueueLine, standings};

impl Desk {
    fn note_for(&self, id: NoteId, person: &Person) -> Outcome<(StoredNote, CaseFile)> {
        let stored = self.with(|v| Ok(v.note(id)?))?;
        let file: CaseFile = self.with(|v| Ok(v.case(stored.content.case.id)?))?;
        if file.may_open(person).is_ok() || person.is(Role::Supervisor) {
            Ok((stored, file))
        } else {
            Err(VaultError::Unknown("note").into())
        }
    }

    /// A sealed note as `person` may read it.
    pub fn show_note(&self, id: NoteId, person: &Person) -> Outcome<NoteView> {
        let (stored, _) = self.note_for(id, person)?;
        Ok(NoteView {
            standings: standings(&stored.content.standings),
            outcome: stored.content.outcome,
            verification: stored.content.verification.clone(),
            sha256: stored.signed.sha256.clone(),
            sealed_by: fingerprint(&stored.signed.public_key),
            may_review: stored.review.is_none() && may_review(&stored.content, person).is_ok(),
            exportable: exportable(&stored).is_ok(),
            review: stored.review,
            content: stored.content,
        })
    }

    /// Notes that wait for the signed-in supervisor, the most urgent first, then the oldest.
    pub fn queue(&self) -> Outcome<Vec<QueueLine>> {
        let person = self.person()?;
        if !person.is(Role::Supervisor) {
            return Ok(Vec::new());
        }
        let now = SystemClock.now();
        let mut lines: Vec<QueueLine> = self
            .with(|v| Ok(v.unreviewed()?))?
            .into_iter()
            .map(|note| note.content)
            .filter(|note| may_review(note, &person).is_ok())
            .map(|note| QueueLine {
                note: note.id,
                number: note.case.number.to_string(),
                offence: note.case.offence,
                purpose: note.case.purpose,
                urgency: urgency(note.case.purpose),
                disposition: note.disposition,
                author: note.author.name,
                sealed_at: note.sealed_at,
                days: now.days_since(note.sealed_at),
                amended: !note.amends.is_empty(),
            })
            .collect();
        lines.sort_by_key(|line| (line.urgency, line.sealed_at));
        Ok(lines)
    }

    /// Decides on a note. A returned one becomes a draft again.
    pub fn review(&self, id: NoteId, form: &ReviewForm) -> Outcome<NoteView> {
        let person = self.person()?;
        let (stored, mut file) = self.note_for(id, &person)?;
        let review = Review::decide(&stored.content, &stored.signed.sha256, form, &person, SystemClock.now())?;
        if review.content().decision == Decision::Return {
            file.reopen(review.content())?;
        }
        self.with(|v| Ok(v.put_review(&review, file.id, &file)?))?;
        self.show_note(id, &person)
    }

    /// Writes an approved note as a file that anybody can check.
    pub fn export_note(&self, id: NoteId, to: &Path) -> Outcome<()> {
        let person = self.person()?;
        let (stored, _) = self.note_for(id, &person)?;
        exportable(&stored)?;
        let text = self.with(|v| Ok(v.export_note(id)?))?;
        self.write_export(to, &text, &person, "note-exported", &json!({ "note": id, "sha256": stored.signed.sha256 }))
    }

    /// Writes everything of a case that must be disclosed.
    pub fn export_disclosure(&self, case: CaseId, to: &Path) -> Outcome<()> {
        let person = self.person()?;
        let file: CaseFile = self.with(|v| Ok(v.case(case)?))?;
        if file.may_open(&person).is_err() && !person.is(Role::Supervisor) {
            return Err(VaultError::Unknown("case").into());
        }
        let notes = self.with(|v| Ok(v.notes_of(case)?))?;
        let events = self.with(|v| Ok(v.audit()?))?;
        let of_case = case.to_string();
        let events: Vec<Value> = events
            .into_iter()
            .filter(|event| event.detail.contains(&of_case) || event.detail.contains(&file.purpose.case_number))
            .map(|e| json!({ "seq": e.seq, "at": e.at, "person": e.person, "action": e.action, "hash": e.hash }))
            .collect();
        let disclosure = disclosure(&file, &notes, &person, events)?;
        let text = canonical(&disclosure)?;
        self.write_export(to, &text, &person, "disclosure-exported", &json!({ "case": case }))
    }

    fn write_export(&self, to: &Path, text: &str, person: &Person, action: &str, detail: &Value) -> Outcome<()> {
        // On record before anything leaves the vault.
        self.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), action, detail)?))?;
        let unwritten = |e: std::io::Error| {
            CommandError::new(
                "not-written",
                format!(
                    "The file {} could not be written ({e}). Nothing in the vault was changed; choose another place.",
                    to.display()
                ),
            )
        };
        // Whole or not at all: written beside, then moved into its place.
        let beside = PathBuf::from(format!("{}.part", to.display()));
        std::fs::write(&beside, text).map_err(unwritten)?;
        std::fs::rename(&beside, to).map_err(unwritten)
    }
}

/// Nothing leaves as a lead before a supervisor has approved it.
fn exportable(note: &StoredNote) -> Outcome<()> {
    match note.review.as_ref().map(|review| review.decision) {
        Some(Decision::Approve) => Ok(()),
        _ => Err(CommandError::new(
            "not-approved",
            "Only an approved note can be exported. A supervisor reviews it first.",
        )),
    }
}

/// The machine-readable disclosure; `docs/disclosure.schema.json` describes it.
fn disclosure(file: &CaseFile, notes: &[StoredNote], by: &Person, audit: Vec<Value>) -> Outcome<Value> {
    let notes: Vec<Value> = notes
        .iter()
        .map(|note| {
            json!({
                "id": note.content.id, "sealed_at": note.content.sealed_at, "sha256": note.signed.sha256,
                "signature": note.signed.signature, "public_key": note.signed.public_key,
                "disposition": note.content.disposition, "narrative": note.content.narrative, "review": note.review,
            })
        })
        .collect();
    let record = file.examination.as_ref().map(casework::Examination::record);
    let contradictions: Vec<_> =
        file.checklist.entries.iter().filter(|entry| entry.finding == Some(casework::Finding::Contradicts)).collect();
    // A list that nobody examined, or in which nobody was kept, gave nothing.
    let kept = record.as_ref().and_then(|r| r.work.lead.map(|_| r.work.search));
    let searches: Vec<Value> = file
        .searches
        .iter()
        .map(|search| {
            let mut value = serde_json::to_value(search).map_err(VaultError::from)?;
            value["gave_nothing"] = (kept != Some(search.id)).into();
            Ok(value)
        })
        .collect::<Outcome<_>>()?;
    Ok(json!({
        "schema": "corroborate.disclosure.v1",
        "statement": casework::LEAD_STATEMENT,
        "use_of_face_recognition": "A face recognition search was made in this case. Its candidates are investigative leads, not identifications.",
        "produced_at": SystemClock.now(),
        "produced_by": by.reference(),
        "case": file.case,
        "probe": file.probe,
        "searches": searches,
        "examination": record,
        "changes_after_unveiling": record.as_ref().map(|r| r.changes.clone()).unwrap_or_default(),
        "verification": record.as_ref().and_then(|r| r.verification.clone()),
        "corroboration": file.checklist,
        "standings": file.standings(),
        "contradictions": contradictions,
        "notes": notes,
        "audit": audit,
    }))
}
