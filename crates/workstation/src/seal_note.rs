//! A note from its form to the seal, and what is added to it afterwards.

use catalogue::say;
use serde_json::json;
use uuid::Uuid;

use casework::{Addendum, CandidateId, CaseId, Disposition, NoteForm, NoteId};

use crate::change_case::{case_of, elsewhere};
use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::read_note::{note_of, note_shown};
use crate::views::{CaseView, NoteView};
use crate::workstation::{Blocking, Workstation};

impl Workstation {
    /// Seals and stores the case note; a refusal is on record.
    pub async fn save_note(&self, id: CaseId) -> Outcome<NoteView> {
        self.keep_lead_photo(id).await?;
        self.run(move |s| s.seal(id).inspect_err(|error| s.audit_refusal("note-refused", id, error))).await
    }

    /// Keeps the lead's photograph with a case that is about to be sealed. Where the gallery does not give it now, the
    /// note is sealed without it, and why is on record.
    async fn keep_lead_photo(&self, id: CaseId) -> Outcome<()> {
        let Some(lead) = self.run(move |s| s.lead_of(id)).await? else { return Ok(()) };
        let fetched = self.candidate_photo(id, lead, 0).await;
        self.run(move |s| {
            s.act_as(|v, person, now| match fetched {
                Ok(_) if v.candidate_photo(id, lead)?.is_some() => Ok(()),
                Ok(bytes) => Ok(v
                    .put_original(id, "candidate", &lead.to_string(), &bytes, &person.reference(), now)
                    .map(drop)?),
                Err(error) => {
                    let detail = json!({ "case": id, "candidate": lead, "code": error.code, "message": error.message });
                    Ok(v.record(Some(&person.reference()), now, "lead-photograph-missing", &detail)?)
                }
            })
        })
        .await
    }
}

impl Blocking<'_> {
    /// The lead whose photograph goes with the note, where the note can be sealed and tells it.
    fn lead_of(&self, id: CaseId) -> Outcome<Option<CandidateId>> {
        let (file, person) = self.works_on(id)?;
        let told = file.note.disposition.is_some_and(Disposition::tells_the_lead);
        let lead = file.examination.as_ref().and_then(|e| e.work().lead).filter(|_| told);
        Ok(lead.filter(|_| file.gaps(&person, &SystemClock, &self.policy()).is_empty()))
    }

    /// Keeps what is typed of the note.
    pub fn edit_note(&self, id: CaseId, form: NoteForm) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_note(form)?))
    }

    /// Seals and stores the case note; the file is marked in the vault afterwards.
    fn seal(&self, id: CaseId) -> Outcome<NoteView> {
        let note = self.act_as(|v, person, _| {
            let mut file = case_of(v, id, person)?;
            let elsewhere = elsewhere(v, &file)?;
            file.recall(&elsewhere);
            let sealed = file
                .seal(NoteId(Uuid::new_v4()), person, &SystemClock, &self.policy())
                .map_err(|error| CommandError { message: error.to_string(), ..CommandError::from(error.0) })?;
            file.mark_sealed(&sealed);
            v.seal(&sealed, &file)?;
            note_shown(v, sealed.content().id, person)
        })?;
        self.anchor_soon();
        Ok(note)
    }

    /// Adds to a sealed note.
    pub fn add_addendum(&self, id: NoteId, text: &str) -> Outcome<NoteView> {
        self.act_as(|v, person, now| {
            let (stored, file) = note_of(v, id, person)?;
            if v.home(file.id)?.is_some() {
                return Err(CommandError::new("elsewhere", say!("workstation-addendum-written-where-case-lives")));
            }
            let (sha256, so_far) = (&stored.signed.sha256, stored.addenda.len());
            let addendum = Addendum::write(&stored.content, sha256, so_far, text, person, now)?;
            v.put_addendum(&addendum)?;
            note_shown(v, id, person)
        })
    }
}
