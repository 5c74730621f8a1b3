use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    CandidateId, Case, Day, Gap, Gaps, Moment, Person, PersonRef, Policy, PreparationStep, ProbeRecord, Purpose,
    SearchId, Unveiled,
};

/// One row of a candidate list. A candidate is an investigative lead at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Candidate {
    /// Identity of the row.
    pub id: CandidateId,
    /// The gallery's subject; empty where a paper may not tell it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject_id: String,
    /// Similarity score: cosine, -1 to 1. Absent where a paper may not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// When the gallery photograph was taken, if known.
    pub captured_on: Option<String>,
    /// The agency that enrolled it, if known.
    pub agency: Option<String>,
    /// Where the gallery serves other photographs of the same subject.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_photos: Vec<String>,
}

/// A candidate list. What it says of a candidate besides the identity is reached only through an
/// [`Unveiled`] examination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct CandidateList(Vec<Candidate>);

impl CandidateList {
    /// A list as the gallery sent it, best score first.
    pub fn new(candidates: Vec<Candidate>) -> Self {
        Self(candidates)
    }

    /// Identities. Their order tells ranks: sort or shuffle before they are shown.
    pub fn ids(&self) -> impl Iterator<Item = CandidateId> + '_ {
        self.0.iter().map(|c| c.id)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the gallery serves other photographs of `candidate`'s subject.
    pub fn other_photos(&self, candidate: CandidateId) -> &[String] {
        self.0.iter().find(|c| c.id == candidate).map_or(&[], |c| &c.other_photos)
    }

    /// The gallery's subject of a row, if it is on this list and told.
    pub(crate) fn subject(&self, candidate: CandidateId) -> Option<&str> {
        self.0.iter().find(|c| c.id == candidate).map(|c| c.subject_id.as_str()).filter(|s| !s.is_empty())
    }

    /// Every subject that is told.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|c| c.subject_id.as_str()).filter(|s| !s.is_empty())
    }

    /// The rows of one subject.
    pub(crate) fn rows_of(&self, subject: Option<&str>) -> impl Iterator<Item = CandidateId> {
        self.0.iter().filter(move |c| subject.is_some_and(|s| s == c.subject_id)).map(|c| c.id)
    }

    /// The list without anything that the gallery said of anybody: identities of rows, in an order that tells no rank.
    #[must_use]
    pub fn withheld(&self) -> Self {
        self.marked(&BTreeMap::new())
    }

    /// The same with a mark in place of each subject that has one.
    pub(crate) fn marked(&self, marks: &BTreeMap<String, String>) -> Self {
        let mut ids: Vec<CandidateId> = self.ids().collect();
        ids.sort();
        let bare = |id| Candidate {
            id,
            subject_id: self.subject(id).and_then(|subject| marks.get(subject)).cloned().unwrap_or_default(),
            score: None,
            captured_on: None,
            agency: None,
            other_photos: Vec::new(),
        };
        Self(ids.into_iter().map(bare).collect())
    }

    /// Whether it tells anything of anybody.
    pub fn is_withheld(&self) -> bool {
        self.0.iter().all(|c| c.score.is_none() && c.captured_on.is_none() && c.agency.is_none())
    }

    /// All that the gallery said. The proof is that somebody has unveiled.
    pub(crate) fn unveiled(&self, _proof: &Unveiled) -> &[Candidate] {
        &self.0
    }

    /// The `count` others whose scores are nearest to `lead`'s; fewer when there are no more. Sorted by
    /// identity, so that neither score nor rank can be read from the order.
    pub(crate) fn nearest_to(&self, lead: CandidateId, count: usize) -> Vec<CandidateId> {
        let Some(score) = self.0.iter().find(|c| c.id == lead).and_then(|c| c.score) else { return Vec::new() };
        let far = |c: &Candidate| c.score.map_or(f32::INFINITY, |s| (s - score).abs());
        let mut others: Vec<&Candidate> = self.0.iter().filter(|c| c.id != lead).collect();
        others.sort_by(|a, b| far(a).total_cmp(&far(b)).then(a.id.cmp(&b.id)));
        let mut nearest: Vec<CandidateId> = others.into_iter().take(count).map(|c| c.id).collect();
        nearest.sort();
        nearest
    }
}

/// Which records are searched. There is no filter by sex, race or age: those guessed from a face are
/// never asked for. A record whose value is not known is always searched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct SearchFilters {
    /// Only records of these agencies (ORI); empty means all.
    pub agencies: Vec<String>,
    /// Only photographs taken on this day or later.
    pub captured_from: Option<Day>,
    /// Only photographs taken on this day or earlier.
    pub captured_until: Option<Day>,
}

/// A kind of filter that a policy may allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum FilterKind {
    /// By agency.
    Agency,
    /// By the years in which photographs were taken.
    CaptureYears,
}

impl SearchFilters {
    fn gaps(&self, policy: &Policy) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let why = "What is not searched cannot be found: filters are for what is known, never for what is guessed.";
        let by_years = self.captured_from.is_some() || self.captured_until.is_some();
        for (used, kind, name) in [
            (!self.agencies.is_empty(), FilterKind::Agency, "agency"),
            (by_years, FilterKind::CaptureYears, "capture years"),
        ] {
            gaps.need(
                !used || policy.search.filters.contains(&kind),
                "search.filters",
                format!("Your department does not allow a filter by {name}. Remove it."),
                why,
            );
        }
        gaps.need(
            self.agencies.iter().all(|ori| department::is_ori(ori)),
            "search.filters",
            "An agency is named by its ORI: nine capital letters and digits.",
            why,
        );
        gaps.need(
            !matches!((self.captured_from, self.captured_until), (Some(from), Some(until)) if until < from),
            "search.filters",
            "The last year lies before the first. Correct whichever is wrong.",
            why,
        );
        gaps.into_result(|| ()).err().unwrap_or_default()
    }
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
    /// Which records were searched.
    #[serde(default)]
    pub filters: SearchFilters,
    /// SHA-256 of the policy in force.
    #[serde(default)]
    pub policy: String,
    /// How the probe was prepared; empty for the untouched original.
    #[serde(default)]
    pub prepared: Vec<PreparationStep>,
    /// The list, best score first.
    pub candidates: CandidateList,
}

/// Leave to run one search. Exists only when purpose, probe and training allow it.
#[derive(Debug)]
pub struct SearchPermit<'a> {
    case: &'a Case,
    probe: &'a ProbeRecord,
    by: PersonRef,
    filters: SearchFilters,
    candidates: u16,
    policy: String,
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
        filters: SearchFilters,
        now: Moment,
        policy: &Policy,
    ) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.extend(examiner.may_search(&policy.training, now.day()).err().unwrap_or_default());
        gaps.extend(filters.gaps(policy));
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
        let (candidates, policy) = (policy.search.candidates, policy.sha256.clone());
        gaps.into_result(|| Self { case, probe, by: examiner.reference(), filters, candidates, policy })
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

    /// Which records are searched.
    pub fn filters(&self) -> &SearchFilters {
        &self.filters
    }

    /// SHA-256 of the policy in force.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// How many candidates to ask for.
    pub fn candidates(&self) -> u16 {
        self.candidates
    }
}
