use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::CandidateId;

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
/// [`Unveiled`](crate::Unveiled) examination.
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

    /// All that the gallery said. Out of this crate it goes only against the proof that somebody has unveiled:
    /// [`Unveiled::records`](crate::Unveiled::records).
    pub(crate) fn told(&self) -> &[Candidate] {
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
