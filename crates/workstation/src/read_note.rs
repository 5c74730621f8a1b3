//! A sealed note as it is read. Who reads of a case by another role than examiner is on record: they cannot verify from then on.

use catalogue::say;
use serde_json::json;

use casework::{
    Approval, CaseFile, Clock, Leaving, NoteId, Person, Role, may_record, may_review, remark_places, took_part,
    undecided,
};
use vault::{Fate, StoredNote, Vault, VaultError, fingerprint};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::views::{NoteView, ResultLine, ResultOffers, standings};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// Reads a sealed note; that is on record.
    pub fn read_note(&self, id: NoteId) -> Outcome<NoteView> {
        self.act_as(|v, person, now| {
            let view = note_shown(v, id, person)?;
            v.record(Some(&person.reference()), now, "note-read", &json!({ "note": id }))?;
            Ok(view)
        })
    }
}

/// A sealed note as `person` may read it.
pub(crate) fn note_shown(v: &mut Vault, id: NoteId, person: &Person) -> Outcome<NoteView> {
    let (stored, _) = note_of(v, id, person)?;
    let case = stored.content.case.id();
    let known = v.workstations()?;
    let named = |key: String| known.into_iter().find(|card| card.signs == key).map_or(key, |card| card.name);
    let from = v.home(case)?.map(named);
    let before = stored.content.amends.last().map(|before| v.note(*before)).transpose()?;
    Ok(NoteView {
        photograph: v.photograph_fate(case)?.map(|fate| match fate {
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
        operation: v.operation(case)?.map_or_else(String::new, |one| one.name),
        operations: v.operations()?,
        review: stored.review,
        further_reviews: stored.further_reviews,
        addenda: stored.addenda,
        results: ResultLine::all(stored.results),
        result_offers: ResultOffers::of(stored.content.case.purpose()),
        content: stored.content,
        from,
    })
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
