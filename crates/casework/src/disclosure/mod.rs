//! What must be disclosed of a case, as a type; [`crate::CaseFile::disclosure`] makes it.

mod proof;
mod worth;

use department::{Moment, PersonRef};
use serde::{Deserialize, Deserializer, Serialize};

use crate::case::{Case, RawCase};
use crate::corroboration::{Checklist, Entry, Standing};
use crate::examination::{ChangedConclusion, ExaminationRecord, History};
use crate::ids::{CaseId, EntryId, NoteId};
use crate::note::{AddendumContent, Disposition};
use crate::probe::{ProbeRecord, RawProbeRecord};
use crate::review::ReviewContent;
use crate::search::{Candidate, SearchRecord};
use crate::verification::Verification;

pub use worth::{CandidateWorth, MeasuredWorth, NotMeasured, Usual, Worth};

/// Schema of a disclosure. It changes with every rule and sentence that a proof compares.
pub const DISCLOSURE_SCHEMA: &str = "corroborate.disclosure.v3";
/// Schema of one whose file shows what of it is in a log; it differs in nothing else.
pub const LOGGED_DISCLOSURE_SCHEMA: &str = "corroborate.disclosure.v4";

/// A note of the case, as its store holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisclosedNote {
    /// Identity.
    pub id: NoteId,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// SHA-256 of its text.
    pub sha256: String,
    /// Ed25519 signature.
    pub signature: String,
    /// Public key.
    pub public_key: String,
    /// Its disposition.
    pub disposition: Disposition,
    /// The author's account.
    pub narrative: String,
    /// Reviews; the first counts.
    pub reviews: Vec<ReviewContent>,
    /// Addenda, in their order.
    pub addenda: Vec<AddendumContent>,
}

/// An event of the audit that concerns the case, whole, so that its hash can be computed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Position in the chain.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub person: String,
    /// What was done.
    pub action: String,
    /// Details, as the JSON text that was hashed.
    pub detail: String,
    /// Hash of the event before it.
    pub previous: String,
    /// Its hash.
    pub hash: String,
}

/// Whether an event with this `detail`, a JSON text, is one of `case`: it names the case or one of its `notes`, each as a whole.
pub fn event_concerns(detail: &str, case: CaseId, notes: &[NoteId]) -> bool {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    detail["case"] == case.to_string() || notes.iter().any(|note| detail["note"] == note.to_string())
}

/// A search as it is disclosed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisclosedSearch {
    #[serde(flatten)]
    pub(crate) search: SearchRecord,
    pub(crate) gave_nothing: bool,
    pub(crate) withheld: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) worth: Option<Worth>,
}

impl DisclosedSearch {
    /// The search. Its list is withheld as far as [`Self::withheld`] says.
    pub fn search(&self) -> &SearchRecord {
        &self.search
    }

    /// Whether nobody of its list was kept. That must be disclosed.
    pub fn gave_nothing(&self) -> bool {
        self.gave_nothing
    }

    /// Set while its examination is not concluded and unveiled: then nothing of anybody on the list is told.
    pub fn withheld(&self) -> bool {
        self.withheld
    }

    /// What its scores are worth; nothing while it is withheld.
    pub fn worth(&self) -> Option<&Worth> {
        self.worth.as_ref()
    }

    /// Who stands on the list, best first; identities alone, in an order that tells no rank, while it is withheld.
    pub fn candidates(&self) -> &[Candidate] {
        self.search.candidates().told()
    }
}

/// Everything of a case that must be disclosed. Screens, JSON and paper are made from it; `docs/disclosure.schema.json`
/// describes it. [`CaseFile::disclosure`](crate::CaseFile::disclosure) makes it; one that was read is a claim until
/// [`Disclosure::proven`] says that it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Disclosure {
    /// [`DISCLOSURE_SCHEMA`], or [`LOGGED_DISCLOSURE_SCHEMA`] once its file shows what of it is in a log.
    pub schema: String,
    /// The standing statement.
    pub statement: String,
    /// That face recognition was used.
    pub use_of_face_recognition: String,
    /// When it was made.
    pub produced_at: Moment,
    /// The zone in which its times are told.
    pub time_zone: String,
    /// By whom.
    pub produced_by: PersonRef,
    /// The case.
    #[serde(deserialize_with = "claimed_case")]
    pub case: Option<Case>,
    /// The probe.
    #[serde(deserialize_with = "claimed_probe")]
    pub probe: Option<ProbeRecord>,
    /// Every search, oldest first.
    pub searches: Vec<DisclosedSearch>,
    /// The examination of the latest list.
    pub examination: Option<ExaminationRecord>,
    /// Examinations before it, verifications that were given up, and what was unveiled elsewhere.
    pub history: History,
    /// Conclusions that were changed after unveiling.
    pub changes_after_unveiling: Vec<ChangedConclusion>,
    /// The second examination.
    pub verification: Option<Verification>,
    /// Why the program referred the case to the auditor.
    pub referrals: Vec<String>,
    /// The checklist.
    pub corroboration: Checklist,
    /// What each entry is worth.
    pub standings: Vec<(EntryId, Standing)>,
    /// Entries that speak against the lead.
    pub contradictions: Vec<Entry>,
    /// Sealed notes, oldest first.
    pub notes: Vec<DisclosedNote>,
    /// Events of the audit that concern the case.
    pub audit: Vec<AuditLine>,
}

fn claimed_case<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Case>, D::Error> {
    #[derive(Deserialize)]
    struct Claimed(#[serde(deserialize_with = "RawCase::deserialize")] Case);
    Ok(Option::<Claimed>::deserialize(from)?.map(|claimed| claimed.0))
}

fn claimed_probe<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ProbeRecord>, D::Error> {
    #[derive(Deserialize)]
    struct Claimed(#[serde(deserialize_with = "RawProbeRecord::deserialize")] ProbeRecord);
    Ok(Option::<Claimed>::deserialize(from)?.map(|claimed| claimed.0))
}
