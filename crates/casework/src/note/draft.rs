use serde::{Deserialize, Serialize};

use super::answers::Answered;
use super::disposition::Disposition;
use crate::case::{Case, Confirmation};
use crate::examination::History;
use crate::ids::{CandidateId, NoteId};
use crate::probe::ProbeRecord;
use crate::search::SearchRecord;

/// What is typed for the note.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NoteForm {
    /// Disposition.
    pub disposition: Option<Disposition>,
    /// The reason, for `excluded`.
    pub reason: String,
    /// The author's account.
    pub narrative: String,
    /// Answers to what the last reviewer asked to be mended, in the order of [`asked`](crate::asked).
    #[serde(default)]
    pub answers: Vec<String>,
}

/// A note being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoteDraft {
    /// Identity the note will have.
    pub id: NoteId,
    /// The case.
    pub case: Case,
    /// The probe.
    pub probe: ProbeRecord,
    /// Every search of the case, those that gave nothing too.
    pub searches: Vec<SearchRecord>,
    /// What the examiner decided.
    pub disposition: Option<Disposition>,
    /// The reason, for `excluded`.
    pub reason: String,
    /// The account in the author's words.
    pub narrative: String,
    /// Notes of this case that were returned by a reviewer, oldest first.
    pub amends: Vec<NoteId>,
    /// Candidates whose records the gallery has withdrawn since the search.
    pub withdrawn: Vec<CandidateId>,
    /// All that was seen beside the examination that counts.
    pub history: History,
    /// A supervisor's word on what is flagged in the account.
    pub account_confirmed: Option<Confirmation>,
    /// Answers to what the last reviewer asked.
    pub answers: Vec<Answered>,
}
