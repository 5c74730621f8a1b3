use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};
use serde::{Deserialize, Deserializer, Serialize};

use super::filters::SearchFilters;
use super::list::CandidateList;
use crate::case::{Case, Purpose};
use crate::ids::SearchId;
use crate::probe::{PreparationStep, ProbeRecord, check_steps};
use crate::text::refused;

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

/// How the template that was searched with was made, and how good the face was that it was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Encoding {
    /// Whether the mirrored face was encoded, too.
    pub thorough: bool,
    /// Photographs of the person that went into it.
    pub photographs: u16,
    /// Quality of the picked face as it was encoded, 0 to 100.
    pub quality: u8,
}

/// What a search was made with, and what came back: what a [`SearchRecord`] is made from, and read from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SearchAnswer {
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
    /// How its template was made; not kept of the first searches.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// The list, best score first.
    pub candidates: CandidateList,
}

/// A search that was made. Its one constructor is [`SearchRecord::made`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SearchRecord {
    /// Identity, given by the gallery.
    id: SearchId,
    /// Address of the gallery.
    gallery: String,
    /// Embedding model of template and gallery.
    model: String,
    /// What it was for.
    purpose: Purpose,
    /// SHA-256 of the probe's original.
    probe_sha256: String,
    /// Who searched.
    by: PersonRef,
    /// When.
    at: Moment,
    /// What was searched.
    completeness: Completeness,
    /// Which records were searched.
    filters: SearchFilters,
    /// SHA-256 of the policy in force.
    policy: String,
    /// How the probe was prepared; empty for the untouched original.
    prepared: Vec<PreparationStep>,
    /// How its template was made; not kept of the first searches, whose text stays as it was sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    encoding: Option<Encoding>,
    /// The list, best score first.
    candidates: CandidateList,
}

impl<'de> Deserialize<'de> for SearchRecord {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        SearchRecord::made(SearchAnswer::deserialize(from)?).map_err(|gaps| refused("search", &gaps))
    }
}

impl SearchRecord {
    /// The record of a search.
    ///
    /// # Errors
    /// A [`Gap`] for filters, steps of preparation and an encoding that no search is sent with.
    pub fn made(answer: SearchAnswer) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.extend(answer.filters.malformed());
        gaps.extend(check_steps(&answer.prepared).err().unwrap_or_default());
        need!(
            gaps,
            answer.encoding.is_none_or(|e| e.photographs > 0 && e.quality <= 100),
            "search",
            say!("rule-search-encoding-impossible"),
            "",
        );
        let SearchAnswer {
            id,
            gallery,
            model,
            purpose,
            probe_sha256,
            by,
            at,
            completeness,
            filters,
            policy,
            prepared,
            encoding,
            candidates,
        } = answer;
        gaps.into_result(|| Self {
            id,
            gallery,
            model,
            purpose,
            probe_sha256,
            by,
            at,
            completeness,
            filters,
            policy,
            prepared,
            encoding,
            candidates,
        })
    }

    /// Whether it was made for the purpose of `case`, with the original of `probe`.
    pub(crate) fn is_of(&self, case: &Case, probe: &ProbeRecord) -> bool {
        self.purpose == case.purpose() && self.probe_sha256 == probe.image().sha256
    }

    /// The same search with as much of its list as may be told.
    pub(crate) fn telling(self, candidates: CandidateList) -> Self {
        Self { candidates, ..self }
    }

    /// Identity, given by the gallery.
    pub fn id(&self) -> SearchId {
        self.id
    }

    /// Address of the gallery.
    pub fn gallery(&self) -> &str {
        &self.gallery
    }

    /// Embedding model of template and gallery.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// What it was for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// SHA-256 of the probe's original.
    pub fn probe_sha256(&self) -> &str {
        &self.probe_sha256
    }

    /// Who searched.
    pub fn by(&self) -> &PersonRef {
        &self.by
    }

    /// When the list came back.
    pub fn at(&self) -> Moment {
        self.at
    }

    /// What was searched.
    pub fn completeness(&self) -> &Completeness {
        &self.completeness
    }

    /// Which records were searched.
    pub fn filters(&self) -> &SearchFilters {
        &self.filters
    }

    /// SHA-256 of the policy in force.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// How the probe was prepared; empty for the untouched original.
    pub fn prepared(&self) -> &[PreparationStep] {
        &self.prepared
    }

    /// How its template was made; not kept of the first searches.
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// The list, best score first.
    pub fn candidates(&self) -> &CandidateList {
        &self.candidates
    }
}

/// A search that was sent; what it was sent with stands from then on, whatever comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Who sent it.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
}
