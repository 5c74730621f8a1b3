//! Everything about one case, complete or not. Each gate has a file here that lets people work at it.

use std::collections::BTreeSet;
use std::ops::Deref;

use catalogue::say;
use department::{Gap, Moment, PersonId, PersonRef};
use serde::{Deserialize, Serialize};

use crate::case::{Case, CaseDraft, Confirmation};
use crate::corroboration::{Checklist, Scope};
use crate::examination::{Examination, History};
use crate::ids::{CandidateId, CaseId, NoteId};
use crate::note::{Disposition, NoteForm, SentBack};
use crate::probe::{FurtherImage, Preparation, ProbeImage, ProbeOrigin, ProbeRecord};
use crate::review::ReviewContent;
use crate::search::{SearchRecord, Sent};
use crate::verification::{Conferring, VerificationTask};

mod asked;
mod corroboration;
mod disclosure;
mod elsewhere;
mod examination;
mod handover;
mod note;
mod probe;
mod purpose;
mod read;
mod search;
mod sight;
mod step;
mod verification;
mod waits;

pub use asked::Came;
pub use elsewhere::{Elsewhere, Trace};
pub use examination::{ShownCandidate, UnveiledCandidate};
pub use handover::moved_in_absence;
pub use sight::{Seat, Sight};
pub use step::{Step, StepState};
pub use waits::WaitsFor;

/// Somebody who read of this case by another role than examiner or verifier. They cannot verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBy {
    /// Who.
    pub by: PersonRef,
    /// When first.
    pub at: Moment,
}

/// Everything about one case, complete or not: what the vault keeps between two windows. Read with care: nothing here is
/// more than a claim until [`CaseFile::read`] has taken it in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Identity.
    pub id: CaseId,
    /// Who began it.
    pub opened_by: PersonRef,
    /// What is typed about case and purpose.
    pub purpose: CaseDraft,
    /// Set when the first gate was passed.
    pub case: Option<Case>,
    /// What is typed about the probe's origin.
    pub origin: ProbeOrigin,
    /// The probe's image.
    pub image: Option<ProbeImage>,
    /// Further photographs of the same person.
    #[serde(default)]
    pub further: Vec<FurtherImage>,
    /// Set when the second gate was passed.
    pub probe: Option<ProbeRecord>,
    /// Searches, oldest first.
    pub searches: Vec<SearchRecord>,
    /// How a copy of the probe is prepared.
    #[serde(default)]
    pub preparation: Preparation,
    /// The examination of the latest search.
    pub examination: Option<Examination>,
    /// The verification that was asked for, until it is handed in.
    #[serde(default)]
    pub verifying: Option<VerificationTask>,
    /// The checklist.
    pub checklist: Checklist,
    /// What is typed for the note.
    pub note: NoteForm,
    /// Set when the note was sealed; nothing changes from then on.
    pub sealed: Option<NoteId>,
    /// Reviews that returned a note of this case, oldest first.
    #[serde(default)]
    pub returned: Vec<ReviewContent>,
    /// Candidates whose records the gallery has withdrawn since the search: expunged or suppressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<CandidateId>,
    /// Searches that were sent, answered or not.
    #[serde(default)]
    pub sent: Vec<Sent>,
    /// All that was seen beside the examination that counts.
    #[serde(default)]
    pub history: History,
    /// A supervisor's word on what the program flagged in the purpose.
    #[serde(default)]
    pub confirmed: Option<Confirmation>,
    /// The same for a further search of one probe.
    #[serde(default)]
    pub search_confirmed: Option<Confirmation>,
    /// The same for the account.
    #[serde(default)]
    pub account_confirmed: Option<Confirmation>,
    /// Who read of this case by another role.
    #[serde(default)]
    pub seen_by: Vec<SeenBy>,
    /// The note as the last reviewer returned it, until another is sealed.
    #[serde(default)]
    pub sent_back: Option<Box<SentBack>>,
    /// A conference that waits for the verifier's word from another workstation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conferring: Option<Conferring>,
}

/// A case at work. Everybody may read of it what it keeps; it changes through its gates alone, which decide what of it may
/// go further.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct CaseFile(pub(crate) Kept);

impl Deref for CaseFile {
    type Target = Kept;

    fn deref(&self) -> &Kept {
        &self.0
    }
}

impl CaseFile {
    /// An empty file.
    pub fn begin(id: CaseId, by: PersonRef) -> Self {
        Self(Kept {
            id,
            opened_by: by,
            purpose: CaseDraft::default(),
            case: None,
            origin: ProbeOrigin::default(),
            image: None,
            further: Vec::new(),
            probe: None,
            searches: Vec::new(),
            preparation: Preparation::default(),
            examination: None,
            verifying: None,
            checklist: Checklist::default(),
            note: NoteForm::default(),
            sealed: None,
            returned: Vec::new(),
            withdrawn: Vec::new(),
            sent: Vec::new(),
            history: History::default(),
            confirmed: None,
            search_confirmed: None,
            account_confirmed: None,
            seen_by: Vec::new(),
            sent_back: None,
            conferring: None,
        })
    }

    /// Hashes of every file that the record rests on: the probe, its further photographs, attachments.
    pub fn files(&self) -> BTreeSet<String> {
        let probe = self.0.image.iter().chain(self.0.further.iter().map(|f| &f.image)).map(|image| &image.facts.sha256);
        let attached = self.0.checklist.entries.iter().flat_map(|e| &e.attachments).map(|a| &a.sha256);
        probe.chain(attached).cloned().collect()
    }

    /// Who has the case: to whom it was handed over last, or who began it.
    pub fn holder(&self) -> &PersonRef {
        self.0.history.handed_over.last().map_or(&self.0.opened_by, |last| &last.to)
    }

    /// Whether the case was handed over to `person`, who answers for what others concluded in it.
    pub(super) fn took_over(&self, person: PersonId) -> bool {
        self.0.history.handed_over.last().is_some_and(|last| last.to.id == person)
    }

    pub(crate) fn set_disposition(&mut self, disposition: Option<Disposition>) {
        self.0.note.disposition = disposition;
        self.0.checklist.scope = disposition.map_or(Scope::Lead, Disposition::scope);
    }

    /// Searches that brought a list: what nobody saw is none. A prepared copy is searched along with the original.
    pub(super) fn answered_searches(&self) -> usize {
        self.0.searches.iter().filter(|search| search.prepared().is_empty()).count()
    }

    /// Who works on the case: has it or had it, examines its list, or verifies. They confirm nothing of it.
    pub(crate) fn working(&self) -> Vec<&PersonRef> {
        let begun = self.0.verifying.as_ref().and_then(|task| task.begun.as_ref());
        let works = self.0.examination.as_ref().map(Examination::work).into_iter().chain(begun);
        let asked = self.0.verifying.as_ref().and_then(|task| task.elsewhere.as_ref()).map(|asked| &asked.of);
        let held = std::iter::once(&self.0.opened_by).chain(self.0.history.handed_over.iter().map(|one| &one.to));
        held.chain(works.map(|work| &work.examiner)).chain(asked).collect()
    }

    /// Refuses a change of what a sealed note holds already.
    pub(crate) fn unsealed(&self) -> Result<(), Vec<Gap>> {
        match self.0.sealed {
            None => Ok(()),
            Some(_) => Err(vec![Gap::new(
                "note",
                say!("rule-case-note-sealed-nothing-changes-any"),
                say!("rule-case-sealed-note-immutable"),
            )]),
        }
    }

    /// Refuses a change of what a search was made with.
    fn unsearched(&self, what: &str) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        if self.0.searches.is_empty() && self.0.sent.is_empty() {
            return Ok(());
        }
        Err(vec![Gap::new(
            "search",
            say!("rule-case-cannot-change-after-search-sent", what),
            say!("rule-case-record-must-show-searched-why"),
        )])
    }
}
