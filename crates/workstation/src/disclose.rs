//! What leaves as a file: approved notes, lead reports, disclosures and the audit. Each is put on record in the act that decides on it,
//! before it is written.

use std::io::Read;
use std::path::{Path, PathBuf};

use catalogue::say;
use serde_json::json;
use sha2::{Digest, Sha256};

use casework::{
    AuditLine, Candidate, CaseFile, CaseId, Clock, DisclosedNote, Disclosure, Leaving, Moment, NoteId, Person,
    SearchRecord, event_concerns,
};
use documents::{LeadReport, Paper, Picture, Signature};
use faces::decoder::EditedPhoto;
use vault::{AUDIT_HEAD, DisclosedEvent, StoredNote, Vault, VaultError, fingerprint};

use crate::bring_photo::adjustments;
use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::photographs::Wanted;
use crate::read_note::{exportable, note_of, seen_by};
use crate::workstation::{Blocking, Workstation};

impl Workstation {
    /// A picture for paper: PNG or JPEG of moderate size; empty where it is not at hand or cannot be shown.
    async fn on_paper(&self, case: CaseId, wanted: Wanted, caption: String) -> Picture {
        let (bytes, steps) = match self.edited(case, &wanted).await {
            Ok(edited) => edited,
            Err(_) => return Picture { bytes: Vec::new(), caption, sha256: say!("workstation-not-hand").to_owned() },
        };
        let sha256 = hex::encode(Sha256::digest(bytes.as_slice()));
        let scaled = self
            .run(move |s| Ok(s.decoder.picture(EditedPhoto { bytes: &bytes, steps: &adjustments(&steps) }, 1200)?))
            .await;
        Picture { bytes: scaled.unwrap_or_default(), caption, sha256 }
    }

    /// Writes the lead report of a note as PDF: a marked draft until the note is approved, and marked once its lead was found wrong.
    pub async fn print_report(&self, id: NoteId, to: PathBuf) -> Outcome<()> {
        let (stored, case) = self
            .run(move |s| {
                s.act_as(|v, person, _| {
                    let (stored, file) = note_of(v, id, person)?;
                    Ok((stored, file.id))
                })
            })
            .await?;
        let mut pictures = Vec::new();
        let note = &stored.content;
        let probe = Wanted::Probe { sha256: note.probe.image().sha256.clone() };
        pictures.push(
            self.on_paper(
                case,
                probe,
                match note.probe.image().turned.is_not() {
                    true => say!("workstation-probe-untouched-original", file_name = note.probe.image().file_name),
                    false => say!("workstation-probe-turned-original", file_name = note.probe.image().file_name),
                },
            )
            .await,
        );
        let tells = note.disposition.tells_the_lead() && stored.leaving() != Leaving::FoundWrong;
        if let (casework::Outcome::Lead { candidate, .. }, true) = (note.outcome, tells) {
            let caption = say!("workstation-investigative-lead-photograph-gallery").to_owned();
            pictures.push(self.on_paper(case, Wanted::Candidate { candidate, photo: 0 }, caption).await);
        }
        // Its pictures may have taken a while: what is printed is the note as it stands then.
        self.run(move |s| s.write_report(id, pictures, &to)).await
    }
}

impl Blocking<'_> {
    fn write_report(&self, id: NoteId, pictures: Vec<Picture>, to: &Path) -> Outcome<()> {
        loop {
            let (stored, person) = self.act_as(|v, person, _| Ok((note_of(v, id, person)?.0, person.clone())))?;
            let paper = self.report_of(&stored, &person, pictures.clone());
            let pdf = printed(&paper)?;
            let detail = json!({ "note": id, "draft": !paper.draft.is_empty() });
            let stands = self.act_as(|v, person, now| {
                // Setting it takes a second: a review that came meanwhile is on the paper too.
                if note_of(v, id, person)?.0 != stored {
                    return Ok(false);
                }
                v.record(Some(&person.reference()), now, "report-printed", &detail)?;
                Ok(true)
            })?;
            if stands {
                return write_out(to, &mut pdf.as_slice());
            }
        }
    }

    fn report_of(&self, stored: &StoredNote, person: &Person, pictures: Vec<Picture>) -> Paper {
        let signature = |signed: &vault::Signed| Signature {
            sha256: signed.sha256.clone(),
            signature: signed.signature.clone(),
            key: fingerprint(&signed.public_key),
        };
        let reviews =
            stored.review.iter().chain(&stored.further_reviews).zip(stored.signed_reviews.iter().map(signature));
        documents::lead_report(&LeadReport {
            department: &self.policy().department,
            note: &stored.content,
            sealed: signature(&stored.signed),
            reviews: reviews.collect(),
            addenda: &stored.addenda,
            results: &stored.results,
            pictures,
            printed: say!(
                "workstation-printed-badge",
                time_zone = SystemClock.now().in_zone(&self.policy().time_zone),
                name = person.name,
                badge = person.badge
            ),
        })
    }

    /// Writes the disclosure of a case as PDF.
    pub fn print_disclosure(&self, case: CaseId, to: &Path) -> Outcome<()> {
        let disclosure = self.act_as(|v, person, now| {
            let disclosure = self.disclosure_of(v, case, person, now)?;
            v.record(Some(&person.reference()), now, "disclosure-printed", &json!({ "case": case }))?;
            Ok(disclosure)
        })?;
        let paper = documents::disclosure(&disclosure, &self.policy().department);
        write_out(to, &mut printed(&paper)?.as_slice())
    }

    /// Writes an approved note as a file that anybody can check.
    pub fn export_note(&self, id: NoteId, to: &Path) -> Outcome<()> {
        // A refusal is no error of the transaction: that they read the note stays on record.
        let text = self.act_as(|v, person, now| {
            let (stored, _) = note_of(v, id, person)?;
            if let Err(refused) = exportable(&stored) {
                return Ok(Err(refused));
            }
            let text = v.export_note(id)?;
            let detail = json!({ "note": id, "sha256": stored.signed.sha256 });
            v.record(Some(&person.reference()), now, "note-exported", &detail)?;
            Ok(Ok(text))
        })?;
        write_out(to, &mut text?.as_bytes())
    }

    /// Writes everything of a case that must be disclosed.
    pub fn export_disclosure(&self, case: CaseId, to: &Path) -> Outcome<()> {
        let text = self.act_as(|v, person, now| {
            let disclosure = self.disclosure_of(v, case, person, now)?;
            let text = v.disclosure_file(&disclosure)?;
            v.record(Some(&person.reference()), now, "disclosure-exported", &json!({ "case": case }))?;
            Ok(text)
        })?;
        write_out(to, &mut text.as_bytes())
    }

    /// Everything of a case that must be disclosed, as it is in this act.
    pub(crate) fn disclosure_of(
        &self,
        v: &mut Vault,
        case: CaseId,
        person: &Person,
        now: Moment,
    ) -> Outcome<Disclosure> {
        let mut file: CaseFile = v.case(case)?;
        if !file.sight(person).disclosure {
            return Err(VaultError::Unknown("case").into());
        }
        seen_by(v, &mut file, person)?;
        let stored = v.notes_of(case)?;
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
        let ids: Vec<NoteId> = stored.iter().map(|note| note.content.id).collect();
        let events = v.audit()?;
        let line = |DisclosedEvent { event, previous }| AuditLine {
            seq: event.seq,
            at: event.at,
            person: event.person,
            action: event.action,
            detail: event.detail,
            previous,
            hash: event.hash,
        };
        let own = v.card("").signs;
        let lines = DisclosedEvent::of(&events, &own, |event| event_concerns(&event.detail, case, &ids))
            .into_iter()
            .map(line)
            .collect();
        let notes = stored.into_iter().map(note).collect();
        let worth = |search: &SearchRecord, records: &[Candidate]| self.calibrations.of(search, records);
        Ok(file.disclosure(person, notes, lines, worth, now, &self.policy())?)
    }

    /// Writes the whole audit with its signed head, for the auditor.
    pub fn export_audit(&self, to: &Path) -> Outcome<()> {
        let text = self.act_as(|v, person, now| {
            person.may_read_audit()?;
            let text = v.export_audit()?;
            let events = text.lines().count().saturating_sub(1);
            let detail = json!({ "events": events, "schema": AUDIT_HEAD });
            v.record(Some(&person.reference()), now, "audit-exported", &detail)?;
            Ok(text)
        })?;
        write_out(to, &mut text.as_bytes())
    }
}

/// Writes a file whole, or says to a person that it could not be.
///
/// # Errors
/// `not-written`.
pub(crate) fn write_out(to: &Path, bytes: &mut dyn Read) -> Outcome<()> {
    write_whole(to, bytes).map_err(|e| {
        CommandError::new("not-written", say!("workstation-file-could-not-written-nothing", to = to.display(), e))
    })
}

/// A paper as PDF, made now.
///
/// # Errors
/// [`CommandError`] where it cannot be set.
pub(crate) fn printed(paper: &Paper) -> Outcome<Vec<u8>> {
    let made = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC);
    let made = [
        i32::from(made.year()),
        made.month().into(),
        made.day().into(),
        made.hour().into(),
        made.minute().into(),
        made.second().into(),
    ];
    Ok(documents::print(paper, made).map_err(|e| CommandError::new("print", format!("{e}.")))?.pdf)
}

/// Writes a file whole or not at all: beside, then moved into its place.
///
/// # Errors
/// Those of reading and writing; nothing is left beside.
pub fn write_whole(to: &Path, bytes: &mut dyn Read) -> std::io::Result<()> {
    let beside = PathBuf::from(format!("{}.part", to.display()));
    let mut write = || {
        let mut file = std::fs::File::create(&beside)?;
        std::io::copy(bytes, &mut file)?;
        file.sync_all()?;
        std::fs::rename(&beside, to)?;
        // The name is on the disk once its folder is.
        match to.parent().filter(|_| cfg!(unix)) {
            Some(folder) if folder.as_os_str().is_empty() => std::fs::File::open(".")?.sync_all(),
            Some(folder) => std::fs::File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    };
    write().inspect_err(|_| _ = std::fs::remove_file(&beside))
}
