use serde::{Deserialize, Serialize};

use crate::{CandidateId, Case, Gap, Gaps, Moment, Person, PersonRef, Policy, ProbeRecord, Purpose, SearchId};

/// One row of a candidate list. A candidate is an investigative lead at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Candidate {
    /// Identity of the row.
    pub id: CandidateId,
    /// The gallery's subject.
    pub subject_id: String,
    /// Similarity score: cosine, -1 to 1.
    pub score: f32,
    /// When the gallery photograph was taken, if known.
    pub captured_on: Option<String>,
    /// The agency that enrolled it, if known.
    pub agency: Option<String>,
}

/// What the gallery says it searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Completeness {
    /// Whether the answer equals a full-precision scan.
    pub exact: bool,
    /// Templates that were compared.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub scanned: u64,
    /// Templates in the gallery.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub gallery_size: u64,
    /// Templates that filters left out.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub filtered_out: u64,
}

/// A search that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SearchRecord {
    /// Identity, given by the gallery.
    pub id: SearchId,
    /// Address of the gallery.
    pub gallery: String,
    /// Embedding model of template and gallery.
    pub model: String,
    /// What it was for.
    pub purpose: Purpose,
    /// SHA-256 of the probe's original.
    pub probe_sha256: String,
    /// Who searched.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
    /// What was searched.
    pub completeness: Completeness,
    /// The list, best score first. Screens get it shuffled and without scores until the examiner
    /// has concluded.
    pub candidates: Vec<Candidate>,
}

/// Leave to run one search. Exists only when purpose, probe and training allow it.
#[derive(Debug)]
pub struct SearchPermit<'a> {
    case: &'a Case,
    probe: &'a ProbeRecord,
    by: PersonRef,
    candidates: u16,
}

impl<'a> SearchPermit<'a> {
    /// Opens the third gate.
    ///
    /// # Errors
    /// The gaps that forbid the search: training, or a purpose the policy no longer allows.
    pub fn grant(
        case: &'a Case,
        probe: &'a ProbeRecord,
        examiner: &Person,
        now: Moment,
        policy: &Policy,
    ) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.extend(examiner.may_search(policy, now.day()).err().unwrap_or_default());
        if let Some(law) = policy.purpose_forbidden(case.purpose, now.day()) {
            gaps.need(
                false,
                "purpose.purpose",
                format!("Your department no longer allows this purpose ({law})."),
                "Department policy and local law decide which purposes are allowed.",
            );
        }
        gaps.need(
            probe.imported_at <= now,
            "probe.captured_at",
            "The workstation's clock stands before the probe's import. Correct the clock.",
            "Times must be in order: event, capture, import, search.",
        );
        gaps.into_result(|| Self { case, probe, by: examiner.reference(), candidates: policy.search.candidates })
    }

    /// The case.
    pub fn case(&self) -> &Case {
        self.case
    }

    /// The probe.
    pub fn probe(&self) -> &ProbeRecord {
        self.probe
    }

    /// Who searches.
    pub fn by(&self) -> &PersonRef {
        &self.by
    }

    /// How many candidates to ask for.
    pub fn candidates(&self) -> u16 {
        self.candidates
    }
}
