use department::{Moment, PersonRef};
use serde::{Deserialize, Serialize};

use super::filters::SearchFilters;
use super::list::CandidateList;
use crate::case::Purpose;
use crate::ids::SearchId;
use crate::probe::PreparationStep;

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

/// A search that was sent; what it was sent with stands from then on, whatever comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Who sent it.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
}
