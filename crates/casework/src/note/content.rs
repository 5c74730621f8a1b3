use department::{Moment, PersonRef};
use serde::{Deserialize, Serialize};

use super::answers::Answered;
use super::disposition::Disposition;
use crate::case::{Case, Confirmation, RawCase};
use crate::corroboration::{Checklist, Standing};
use crate::examination::{ExaminationRecord, History, Outcome};
use crate::ids::{CandidateId, EntryId, NoteId};
use crate::probe::{ProbeRecord, RawProbeRecord};
use crate::search::SearchRecord;
use crate::verification::Verification;

/// Schema of a note. It changes with every rule and sentence that a proof compares.
pub const NOTE_SCHEMA: &str = "corroborate.note.v2";

/// Place of the gap where a note's sentences are others than its record gives.
pub const FACTS: &str = "note.facts";

/// One fact of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Fact {
    /// What it is about.
    pub about: String,
    /// The sentence.
    pub text: String,
}

/// Everything that a sealed note says. It can be read by anybody; it becomes a [`SealedNote`](crate::SealedNote) again only by
/// [`NoteContent::proven`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NoteContent {
    /// [`NOTE_SCHEMA`].
    pub schema: String,
    /// Identity.
    pub id: NoteId,
    /// Who wrote it.
    pub author: PersonRef,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// The standing statement.
    pub statement: String,
    /// The disposition.
    pub disposition: Disposition,
    /// The reason, for `excluded`.
    pub reason: String,
    /// The author's account.
    pub narrative: String,
    /// The case.
    #[serde(deserialize_with = "RawCase::deserialize")]
    pub case: Case,
    /// The probe.
    #[serde(deserialize_with = "RawProbeRecord::deserialize")]
    pub probe: ProbeRecord,
    /// Every search of the case.
    pub searches: Vec<SearchRecord>,
    /// The examination.
    pub examination: ExaminationRecord,
    /// What it came to.
    pub outcome: Outcome,
    /// The second examination, if there was one.
    pub verification: Option<Verification>,
    /// The checklist.
    pub checklist: Checklist,
    /// What each entry of it is worth.
    pub standings: Vec<(EntryId, Standing)>,
    /// Notes of this case that were returned by a reviewer and that this one amends, oldest first.
    #[serde(default)]
    pub amends: Vec<NoteId>,
    /// Candidates whose records the gallery has withdrawn since the search: expunged or suppressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<CandidateId>,
    /// All that was seen beside the examination that counts.
    #[serde(default, skip_serializing_if = "History::is_empty")]
    pub history: History,
    /// A supervisor's word on what is flagged in the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_confirmed: Option<Confirmation>,
    /// Answers to what the last reviewer asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answered>,
    /// SHA-256 of the policy in force.
    #[serde(default)]
    pub policy: String,
    /// The zone in which its times are told.
    #[serde(default)]
    pub time_zone: String,
    /// What the record shows, in sentences that the program wrote.
    #[serde(default)]
    pub facts: Vec<Fact>,
}
