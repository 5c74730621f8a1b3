//! The supervisor's work: what waits, what is decided, and what may leave as a file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use casework::{
    Addendum, AuditLine, CaseFile, CaseId, Clock, Decision, DisclosedNote, Disclosure, NoteId, Person, Review,
    ReviewForm, Role, may_review, remark_places, took_part, undecided, urgency,
};
use documents::{LeadReport, Paper, Picture, Signature};
use faces::decoder::EditedPhoto;
use vault::{DisclosedEvent, StoredNote, Vault, VaultError, canonical, fingerprint};

use crate::error::CommandError;
use crate::pictures::Wanted;
use crate::views::{CaseLine, NoteView, QueueLine, standings};
use crate::workstation::{Outcome, SystemClock, Workstation};

impl Workstation {
    fn note_for(&self, id: NoteId, person: &Person) -> Outcome<(StoredNote, CaseFile)> {
        self.act(|v| note_of(v, id, person))
    }

    /// Puts on record that `person` reads of a case by another role than examiner: they cannot verify from then on.
    pub(crate) fn saw(&self, file: &mut CaseFile, person: &Person) -> Outcome<()> {
        self.act(|v| seen_by(v, file, person))
    }

    /// The cases that the signed-in person may read, as lines. Whose lines they see, they have read of.
    pub fn cases(&self) -> Outcome<Vec<CaseLine>> {
        let person = self.person()?;
        let mut rows = self.with(|v| Ok(v.cases::<CaseFile>()?))?;
        rows.retain(|row| row.content.may_read_note(&person));
        for row in &mut rows {
            self.saw(&mut row.content, &person)?;
        }
        Ok(rows.iter().map(|row| CaseLine::new(&row.content, row.changed_at)).collect())
    }

    /// A sealed note as `person` may read it.
    pub fn show_note(&self, id: NoteId, person: &Person) -> Outcome<NoteView> {
        let (stored, _) = self.note_for(id, person)?;
        let from = self.with(|v| {
            let home = v.home(stored.content.case.id())?;
            let known = v.workstations()?;
            Ok(home.map(|key| known.into_iter().find(|card| card.signs == key).map_or(key, |card| card.name)))
        })?;
        let before = match stored.content.amends.last() {
            Some(before) => Some(self.with(|v| Ok(v.note(*before)?))?),
            None => None,
        };
        Ok(NoteView {
            changes: before.map(|b| casework::difference(&b.content, &stored.content)).unwrap_or_default(),
            standings: standings(&stored.content.standings, &stored.content.checklist),
            outcome: stored.content.outcome,
            verification: stored.content.verification.clone(),
            sha256: stored.signed.sha256.clone(),
            sealed_by: fingerprint(&stored.signed.public_key),
            may_review: undecided(stored.review.as_ref()).is_ok() && may_review(&stored.content, person).is_ok(),
            exportable: exportable(&stored).is_ok(),
            may_add: from.is_none() && (took_part(&stored.content, &person.reference()) || person.is(Role::Supervisor)),
            places: remark_places(&stored.content),
            from,
            review: stored.review,
            further_reviews: stored.further_reviews,
            addenda: stored.addenda,
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
        let waiting = self.with(|v| Ok(v.unreviewed()?))?;
        for broken in waiting.iter().filter_map(|note| note.as_ref().err()) {
            let detail = json!({ "note": broken.0, "message": broken.1.to_string() });
            self.with(|v| Ok(v.record(Some(&person.reference()), now, "note-not-proven", &detail)?))?;
        }
        let waiting = waiting.into_iter().filter_map(Result::ok).map(|note| note.content);
        let waiting: Vec<_> = waiting.filter(|note| may_review(note, &person).is_ok()).collect();
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
            let mut file: CaseFile = self.with(|v| Ok(v.case(id)?))?;
            self.saw(&mut file, &person)?;
        }
        lines.sort_by_key(|line| (line.urgency, line.sealed_at));
        Ok(lines)
    }

    /// Decides on a note. A returned one becomes a draft again.
    pub fn review(&self, id: NoteId, form: &ReviewForm) -> Outcome<NoteView> {
        let person = self.person()?;
        self.act(|v| {
            let (stored, mut file) = note_of(v, id, &person)?;
            undecided(stored.review.as_ref())?;
            // What is signed for is hashed again, as it lies here now.
            let whole = v.check_files(file.id, &file.files())?;
            let review = Review::decide(&stored.content, &stored.signed.sha256, form, &person, SystemClock.now())?;
            // A case that lives elsewhere becomes a draft there, and nowhere else.
            let here = v.home(file.id)?.is_none();
            if review.content().decision == Decision::Return && here {
                file.reopen(review.content())?;
            }
            v.put_review(&review, file.id, &file)?;
            // Who made the author's account is no stranger to them: the auditor looks at what they decided.
            let author = v.people()?.into_iter().find(|p| p.id == stored.content.author.id);
            if author.and_then(|a| a.added_by).is_some_and(|by| by.is_same(&person.reference())) {
                let detail =
                    json!({ "note": id, "reasons": ["The reviewer made the author's account."], "by": "program" });
                v.record(Some(&person.reference()), review.content().at, "referred-to-audit", &detail)?;
            }
            let detail = json!({ "note": id, "whole": whole });
            Ok(v.record(Some(&person.reference()), review.content().at, "files-hashed-again", &detail)?)
        })?;
        self.exchange_due.notify_one();
        self.show_note(id, &person)
    }

    /// Adds to a sealed note.
    pub fn add_addendum(&self, id: NoteId, text: &str) -> Outcome<NoteView> {
        let person = self.person()?;
        self.act(|v| {
            let (stored, file) = note_of(v, id, &person)?;
            if v.home(file.id)?.is_some() {
                return Err(CommandError::new(
                    "elsewhere",
                    "An addendum is written where the case lives. Nothing was added.",
                ));
            }
            let (sha256, so_far) = (&stored.signed.sha256, stored.addenda.len());
            let addendum = Addendum::write(&stored.content, sha256, so_far, text, &person, SystemClock.now())?;
            Ok(v.put_addendum(&addendum)?)
        })?;
        self.show_note(id, &person)
    }

    /// A picture for paper: PNG or JPEG of moderate size; empty where it is not at hand or cannot be shown.
    async fn on_paper(self: &Arc<Self>, case: CaseId, wanted: Wanted, caption: String) -> Picture {
        let bytes = match self.edited(case, &wanted).await {
            Ok((bytes, _)) => bytes,
            Err(_) => return Picture { bytes: Vec::new(), caption, sha256: "not at hand".to_owned() },
        };
        let sha256 = hex::encode(Sha256::digest(bytes.as_slice()));
        let decoder = Arc::clone(&self.decoder);
        let scaled =
            tokio::task::spawn_blocking(move || decoder.picture(EditedPhoto { bytes: &bytes, steps: &[] }, 1200)).await;
        Picture { bytes: scaled.ok().and_then(Result::ok).unwrap_or_default(), caption, sha256 }
    }

    /// Writes the lead report of a note as PDF: a marked draft until the note is approved.
    pub async fn print_report(self: &Arc<Self>, id: NoteId, to: PathBuf) -> Outcome<()> {
        let person = self.person()?;
        let (stored, file) = self.note_for(id, &person)?;
        let mut pictures = Vec::new();
        let note = &stored.content;
        let probe = Wanted::Probe { sha256: note.probe.image().sha256.clone() };
        pictures.push(
            self.on_paper(file.id, probe, format!("Probe: {}, untouched original", note.probe.image().file_name)).await,
        );
        if let (casework::Outcome::Lead { candidate, .. }, true) = (note.outcome, note.disposition.tells_the_lead()) {
            let caption = "Investigative lead: photograph of the gallery".to_owned();
            pictures.push(self.on_paper(file.id, Wanted::Candidate { candidate, photo: 0 }, caption).await);
        }
        let signature = |signed: &vault::Signed| Signature {
            sha256: signed.sha256.clone(),
            signature: signed.signature.clone(),
            key: fingerprint(&signed.public_key),
        };
        let reviews =
            stored.review.iter().chain(&stored.further_reviews).zip(stored.signed_reviews.iter().map(signature));
        let paper = documents::lead_report(&LeadReport {
            department: &self.policy.department,
            note,
            sealed: signature(&stored.signed),
            reviews: reviews.collect(),
            addenda: &stored.addenda,
            pictures,
            printed: format!(
                "Printed {} by {}, badge {}",
                SystemClock.now().in_zone(&self.policy.time_zone),
                person.name,
                person.badge
            ),
        });
        let draft = !paper.draft.is_empty();
        let detail = json!({ "note": id, "draft": draft });
        self.write_paper(&paper, &to, &person, "report-printed", &detail)
    }

    /// Writes the disclosure of a case as PDF.
    pub fn print_disclosure(&self, case: CaseId, to: &Path) -> Outcome<()> {
        let person = self.person()?;
        let record = serde_json::to_value(self.disclosure_of(case, &person)?).map_err(VaultError::from)?;
        let paper = documents::disclosure(&record, &self.policy.department);
        self.write_paper(&paper, to, &person, "disclosure-printed", &json!({ "case": case }))
    }

    fn write_paper(&self, paper: &Paper, to: &Path, person: &Person, action: &str, detail: &Value) -> Outcome<()> {
        let made = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC);
        let made = [
            i32::from(made.year()),
            made.month().into(),
            made.day().into(),
            made.hour().into(),
            made.minute().into(),
            made.second().into(),
        ];
        let printed = documents::print(paper, made).map_err(|e| CommandError::new("print", format!("{e}.")))?;
        self.write_export(to, &printed.pdf, person, action, detail)
    }

    /// Writes an approved note as a file that anybody can check.
    pub fn export_note(&self, id: NoteId, to: &Path) -> Outcome<()> {
        let person = self.person()?;
        let (stored, _) = self.note_for(id, &person)?;
        exportable(&stored)?;
        let text = self.with(|v| Ok(v.export_note(id)?))?;
        self.write_export(
            to,
            text.as_bytes(),
            &person,
            "note-exported",
            &json!({ "note": id, "sha256": stored.signed.sha256 }),
        )
    }

    /// Writes everything of a case that must be disclosed.
    pub fn export_disclosure(&self, case: CaseId, to: &Path) -> Outcome<()> {
        let person = self.person()?;
        let text = canonical(&self.disclosure_of(case, &person)?)?;
        self.write_export(to, text.as_bytes(), &person, "disclosure-exported", &json!({ "case": case }))
    }

    fn disclosure_of(&self, case: CaseId, person: &Person) -> Outcome<Disclosure> {
        let mut file: CaseFile = self.with(|v| Ok(v.case(case)?))?;
        if !file.sight(person).disclosure {
            return Err(VaultError::Unknown("case").into());
        }
        self.saw(&mut file, person)?;
        let stored = self.with(|v| Ok(v.notes_of(case)?))?;
        let note = |note: StoredNote| DisclosedNote {
            id: note.content.id,
            sealed_at: note.content.sealed_at,
            sha256: note.signed.sha256,
            signature: note.signed.signature,
            public_key: note.signed.public_key,
            disposition: note.content.disposition,
            narrative: note.content.narrative,
            reviews: note.review.into_iter().chain(note.further_reviews).collect(),
            addenda: note.addenda,
        };
        let ids: Vec<String> = stored.iter().map(|note| note.content.id.to_string()).collect();
        let events = self.with(|v| Ok(v.audit()?))?;
        let of_case = |detail: &str| {
            let detail: Value = serde_json::from_str(detail).unwrap_or_default();
            let is = |field: &str, wanted: &str| !wanted.is_empty() && detail[field] == wanted;
            is("case", &case.to_string()) || ids.iter().any(|id| is("note", id))
        };
        let line = |DisclosedEvent { event, previous }| AuditLine {
            seq: event.seq,
            at: event.at,
            person: event.person,
            action: event.action,
            detail: event.detail,
            previous,
            hash: event.hash,
        };
        let lines = DisclosedEvent::of(&events, |event| of_case(&event.detail)).into_iter().map(line).collect();
        let notes = stored.into_iter().map(note).collect();
        Ok(file.disclosure(person, notes, lines, SystemClock.now(), &self.policy)?)
    }

    pub(crate) fn write_export(
        &self,
        to: &Path,
        bytes: &[u8],
        person: &Person,
        action: &str,
        detail: &Value,
    ) -> Outcome<()> {
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
        let write = || {
            let mut file = std::fs::File::create(&beside)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&beside, to)?;
            // The name is on the disk once its folder is.
            match to.parent().filter(|_| cfg!(unix)) {
                Some(folder) => std::fs::File::open(folder)?.sync_all(),
                None => Ok(()),
            }
        };
        write().map_err(unwritten)
    }
}

/// A sealed note that `person` may read, and its case. That they read it is on record: who reads by another role than
/// examiner cannot verify from then on.
fn note_of(v: &mut Vault, id: NoteId, person: &Person) -> Outcome<(StoredNote, CaseFile)> {
    let stored = v.note(id)?;
    let mut file: CaseFile = v.case(stored.content.case.id())?;
    if !file.may_read_note(person) {
        return Err(VaultError::Unknown("note").into());
    }
    seen_by(v, &mut file, person)?;
    Ok((stored, file))
}

/// Puts on record what of `file` a person reads by another role, in the stored case too: it may have gone on meanwhile.
fn seen_by(v: &mut Vault, file: &mut CaseFile, person: &Person) -> Outcome<()> {
    let now = SystemClock.now();
    if !file.saw(person, now) {
        return Ok(());
    }
    let mut stored: CaseFile = v.case(file.id)?;
    stored.saw(person, now);
    let event = Some(("case-seen", json!({ "case": stored.id })));
    Ok(v.put_case(stored.id, &stored, &person.reference(), now, event)?)
}

/// Nothing leaves as a lead before a supervisor has approved it.
fn exportable(note: &StoredNote) -> Outcome<()> {
    match note.review.as_ref().map(|review| review.decision) {
        Some(Decision::Approve) if note.further_reviews.iter().all(|r| r.decision == Decision::Approve) => Ok(()),
        Some(Decision::Approve) => Err(CommandError::new(
            "decided-differently",
            "Two supervisors decided differently on this note. It cannot leave as a lead; amend it in another note.",
        )),
        _ => Err(CommandError::new(
            "not-approved",
            "Only an approved note can be exported. A supervisor reviews it first.",
        )),
    }
}
