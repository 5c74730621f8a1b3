//! A note from its form to the seal, and as it is read afterwards.

use catalogue::say;
use serde_json::json;
use uuid::Uuid;

use casework::{
    Addendum, Approval, CandidateId, CaseFile, CaseId, Clock, Disposition, Leaving, NoteForm, NoteId, Person, Role,
    may_record, may_review, remark_places, took_part, undecided,
};
use vault::{Fate, StoredNote, Vault, VaultError, fingerprint};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::views::{CaseView, NoteView, ResultLine, ResultOffers, standings};
use crate::workstation::{Blocking, Workstation, elsewhere};

impl Workstation {
    /// Seals and stores the case note; a refusal is on record.
    pub async fn save_note(&self, id: CaseId) -> Outcome<NoteView> {
        self.keep_lead_photo(id).await?;
        self.run(move |s| {
            let note = s.seal(id).inspect_err(|error| s.audit_refusal("note-refused", id, error))?;
            s.show_note(note, &s.who()?)
        })
        .await
    }

    /// Keeps the lead's photograph with a case that is about to be sealed. Where the gallery does not give it now, the
    /// note is sealed without it, and why is on record.
    async fn keep_lead_photo(&self, id: CaseId) -> Outcome<()> {
        let Some(lead) = self.run(move |s| s.lead_of(id)).await? else { return Ok(()) };
        let fetched = self.candidate_photo(id, lead, 0).await;
        self.run(move |s| {
            let (by, now) = (s.person()?.reference(), SystemClock.now());
            s.act(|v| match fetched {
                Ok(_) if v.candidate_photo(id, lead)?.is_some() => Ok(()),
                Ok(bytes) => Ok(v.put_original(id, "candidate", &lead.to_string(), &bytes, &by, now).map(drop)?),
                Err(error) => {
                    let detail = json!({ "case": id, "candidate": lead, "code": error.code, "message": error.message });
                    Ok(v.record(Some(&by), now, "lead-photograph-missing", &detail)?)
                }
            })
        })
        .await
    }
}

impl Blocking<'_> {
    /// The lead whose photograph goes with the note, where the note can be sealed and tells it.
    fn lead_of(&self, id: CaseId) -> Outcome<Option<CandidateId>> {
        let person = self.person()?;
        let file = self.case_for(id, &person)?;
        let told = file.note.disposition.is_some_and(Disposition::tells_the_lead);
        let lead = file.examination.as_ref().and_then(|e| e.work().lead).filter(|_| told);
        Ok(lead.filter(|_| file.gaps(&person, &SystemClock, &self.policy()).is_empty()))
    }

    /// Keeps what is typed of the note.
    pub fn edit_note(&self, id: CaseId, form: NoteForm) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_note(form)?))
    }

    /// Seals and stores the case note; the file is marked in the vault afterwards.
    fn seal(&self, id: CaseId) -> Outcome<NoteId> {
        let person = self.person()?;
        let note = self.act(|v| {
            let mut file: CaseFile = v.case(id)?;
            file.may_open(&person)?;
            let elsewhere = elsewhere(v, &file)?;
            file.recall(&elsewhere);
            let sealed = file
                .seal(NoteId(Uuid::new_v4()), &person, &SystemClock, &self.policy())
                .map_err(|error| CommandError { message: error.to_string(), ..CommandError::from(error.0) })?;
            file.mark_sealed(&sealed);
            v.seal(&sealed, &file)?;
            Ok(sealed.content().id)
        })?;
        self.anchor_soon();
        Ok(note)
    }

    /// Reads a sealed note; that is on record.
    pub fn read_note(&self, id: NoteId) -> Outcome<NoteView> {
        let person = self.person()?;
        let view = self.show_note(id, &person)?;
        let detail = json!({ "note": id });
        self.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), "note-read", &detail)?))?;
        Ok(view)
    }

    pub(crate) fn note_for(&self, id: NoteId, person: &Person) -> Outcome<(StoredNote, CaseFile)> {
        self.act(|v| note_of(v, id, person))
    }

    /// Puts on record that `person` reads of a case by another role than examiner: they cannot verify from then on.
    pub(crate) fn saw(&self, file: &mut CaseFile, person: &Person) -> Outcome<()> {
        self.act(|v| seen_by(v, file, person))
    }

    /// A sealed note as `person` may read it.
    pub(crate) fn show_note(&self, id: NoteId, person: &Person) -> Outcome<NoteView> {
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
        let fate = self.with(|v| Ok(v.photograph_fate(stored.content.case.id())?))?;
        Ok(NoteView {
            photograph: fate.map(|fate| match fate {
                Fate::Removed => say!("workstation-photograph-removed").to_owned(),
                Fate::Kept => say!("workstation-photograph-kept").to_owned(),
            }),
            changes: before.map(|b| casework::difference(&b.content, &stored.content)).unwrap_or_default(),
            standings: standings(&stored.content.standings, &stored.content.checklist),
            outcome: stored.content.outcome,
            verification: stored.content.verification.clone(),
            sha256: stored.signed.sha256.clone(),
            sealed_by: fingerprint(&stored.signed.public_key),
            may_review: undecided(stored.review.as_ref()).is_ok() && may_review(&stored.content, person).is_ok(),
            exportable: exportable(&stored).is_ok(),
            found_wrong: stored.leaving() == Leaving::FoundWrong,
            may_add: from.is_none() && (took_part(&stored.content, &person.reference()) || person.is(Role::Supervisor)),
            places: remark_places(&stored.content),
            may_record: from.is_none() && records(&stored, person),
            operation: self
                .with(|v| Ok(v.operation(stored.content.case.id())?))?
                .map_or_else(String::new, |one| one.name),
            operations: self.with(|v| Ok(v.operations()?))?,
            review: stored.review,
            further_reviews: stored.further_reviews,
            addenda: stored.addenda,
            results: ResultLine::all(stored.results),
            result_offers: ResultOffers::of(stored.content.case.purpose()),
            content: stored.content,
            from,
        })
    }

    /// Adds to a sealed note.
    pub fn add_addendum(&self, id: NoteId, text: &str) -> Outcome<NoteView> {
        let person = self.person()?;
        self.act(|v| {
            let (stored, file) = note_of(v, id, &person)?;
            if v.home(file.id)?.is_some() {
                return Err(CommandError::new("elsewhere", say!("workstation-addendum-written-where-case-lives")));
            }
            let (sha256, so_far) = (&stored.signed.sha256, stored.addenda.len());
            let addendum = Addendum::write(&stored.content, sha256, so_far, text, &person, SystemClock.now())?;
            Ok(v.put_addendum(&addendum)?)
        })?;
        self.show_note(id, &person)
    }
}

/// A sealed note that `person` may read, and its case. That they read it is on record: who reads by another role than
/// examiner cannot verify from then on.
pub(crate) fn note_of(v: &mut Vault, id: NoteId, person: &Person) -> Outcome<(StoredNote, CaseFile)> {
    let stored = v.note(id)?;
    let mut file: CaseFile = v.case(stored.content.case.id())?;
    if !file.may_read_note(person) {
        return Err(VaultError::Unknown("note").into());
    }
    seen_by(v, &mut file, person)?;
    Ok((stored, file))
}

/// Puts on record what of `file` a person reads by another role, in the stored case too: it may have gone on meanwhile.
pub(crate) fn seen_by(v: &mut Vault, file: &mut CaseFile, person: &Person) -> Outcome<()> {
    let now = SystemClock.now();
    if !file.saw(person, now) {
        return Ok(());
    }
    let mut stored: CaseFile = v.case(file.id)?;
    stored.saw(person, now);
    let event = Some(("case-seen", json!({ "case": stored.id })));
    Ok(v.put_case(stored.id, &stored, &person.reference(), now, event)?)
}

/// Whether `person` may record what came of a note now.
fn records(note: &StoredNote, person: &Person) -> bool {
    let approved = matches!(note.approval(), Approval::Given | Approval::DecidedDifferently);
    approved && may_record(&note.content, person)
}

/// Nothing leaves as a lead before a supervisor has approved it, nor after the lead was found wrong.
pub(crate) fn exportable(note: &StoredNote) -> Outcome<()> {
    match note.leaving() {
        Leaving::AsLead => Ok(()),
        Leaving::FoundWrong => Err(CommandError::new("lead-was-wrong", say!("workstation-lead-was-wrong"))),
        Leaving::NotApproved(Approval::DecidedDifferently) => {
            Err(CommandError::new("decided-differently", say!("workstation-two-supervisors-decided-differently-note")))
        }
        Leaving::NotApproved(_) => {
            Err(CommandError::new("not-approved", say!("workstation-only-approved-note-can-exported")))
        }
    }
}
