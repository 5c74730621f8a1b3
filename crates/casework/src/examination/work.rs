use std::collections::BTreeMap;

use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};
use serde::{Deserialize, Serialize};

use super::analysis::{ProbeAnalysis, Suitability};
use super::comparison::Comparison;
use super::component::Component;
use super::conclusion::{Conclusion, RecordedConclusion};
use super::listing::Listing;
use crate::ids::{CandidateId, SearchId};
use crate::text::said;

/// What one person does at the bench: looks, compares, concludes. Examiner and verifier alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Work {
    /// The search whose list is examined.
    pub search: SearchId,
    /// Who examines.
    pub examiner: PersonRef,
    /// Seed of the order in which candidates are shown; on record so that the order can be shown again.
    pub shuffle_seed: u32,
    /// The candidates that are shown, where they are not the whole list: a verifier's.
    #[serde(default)]
    pub among: Vec<CandidateId>,
    /// What the probe shows by itself.
    #[serde(default)]
    pub analysis: ProbeAnalysis,
    /// Candidates that were opened, and when first.
    #[serde(default)]
    pub looked_at: BTreeMap<CandidateId, Moment>,
    /// Candidates that were excluded at the thumbnail without being opened, and when. They are not looked at.
    #[serde(default)]
    pub at_thumbnail: BTreeMap<CandidateId, Moment>,
    /// Comparisons by candidate.
    #[serde(default)]
    pub comparisons: BTreeMap<CandidateId, Comparison>,
    /// Conclusions by candidate, as they were recorded blind.
    pub conclusions: BTreeMap<CandidateId, RecordedConclusion>,
    /// The candidate that the examiner keeps as the lead.
    pub lead: Option<CandidateId>,
    /// Set when the answer is "none of these".
    pub none_of_these: bool,
}

impl Work {
    /// The order in which this examiner sees `search`'s candidates: Fisher-Yates over SplitMix64
    /// from the recorded seed, so that the same seed always shows the same order.
    pub fn shuffled(&self, search: &dyn Listing) -> Vec<CandidateId> {
        let mut order: Vec<CandidateId> = search.ids().into_iter().filter(|id| self.lists(*id)).collect();
        // Sorted first: the shuffle must not depend on the order of scores.
        order.sort();
        let mut state = u64::from(self.shuffle_seed);
        for last in (1..order.len()).rev() {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            order.swap(last, (z % (last as u64 + 1)) as usize);
        }
        order
    }

    /// The same work on another list whose rows are the same people: every identity as `name` gives it. `None` where it gives
    /// none, or one to two rows.
    pub(crate) fn renamed(&self, search: SearchId, name: impl Fn(CandidateId) -> Option<CandidateId>) -> Option<Self> {
        fn keys<T: Clone>(
            of: &BTreeMap<CandidateId, T>,
            name: &impl Fn(CandidateId) -> Option<CandidateId>,
        ) -> Option<BTreeMap<CandidateId, T>> {
            let renamed: BTreeMap<_, _> =
                of.iter().map(|(id, what)| Some((name(*id)?, what.clone()))).collect::<Option<_>>()?;
            (renamed.len() == of.len()).then_some(renamed)
        }
        let mut among: Vec<CandidateId> = self.among.iter().map(|id| name(*id)).collect::<Option<_>>()?;
        // The order of identities, as every list of a verifier has it: it says nothing.
        among.sort();
        let lead = match self.lead {
            Some(lead) => Some(name(lead)?),
            None => None,
        };
        Some(Self {
            search,
            examiner: self.examiner.clone(),
            shuffle_seed: self.shuffle_seed,
            among,
            analysis: self.analysis.clone(),
            looked_at: keys(&self.looked_at, &name)?,
            at_thumbnail: keys(&self.at_thumbnail, &name)?,
            comparisons: keys(&self.comparisons, &name)?,
            conclusions: keys(&self.conclusions, &name)?,
            lead,
            none_of_these: self.none_of_these,
        })
    }

    /// Every moment that it records.
    pub(crate) fn moments(&self) -> impl Iterator<Item = Moment> {
        let views = self.comparisons.values().flat_map(|comparison| comparison.views.iter().filter_map(|view| view.at));
        let seen = self.looked_at.values().chain(self.at_thumbnail.values()).copied();
        seen.chain(self.conclusions.values().map(|c| c.at)).chain(self.analysis.recorded_at).chain(views)
    }

    /// When the last conclusion was recorded.
    pub(super) fn newest(&self) -> Moment {
        let last = self.conclusions.values().map(|c| c.at).max();
        last.unwrap_or(Moment(jiff::Timestamp::MAX))
    }

    fn lists(&self, candidate: CandidateId) -> bool {
        self.among.is_empty() || self.among.contains(&candidate)
    }

    pub(super) fn open(&self, search: &dyn Listing, candidate: CandidateId) -> Result<(), Vec<Gap>> {
        if self.analysis.recorded_at.is_none() {
            return Err(vec![Gap::new(
                "analysis",
                say!("rule-examination-record-probe-shows-itself-first"),
                say!("rule-examination-probe-shows-written-down-before"),
            )]);
        }
        if self.lists(candidate) && search.ids().contains(&candidate) {
            return Ok(());
        }
        Err(vec![Gap::new("examination", say!("rule-examination-candidate-not-list"), "")])
    }

    /// Whether `candidate`'s photograph may be shown.
    pub fn may_show(&self, search: &dyn Listing, candidate: CandidateId) -> bool {
        self.open(search, candidate).is_ok()
    }

    /// How many candidates are shown.
    pub fn shown(&self, search: &dyn Listing) -> usize {
        if self.among.is_empty() { search.ids().len() } else { self.among.len() }
    }

    /// Where the conclusion on `candidate` contradicts what was recorded of it.
    pub fn contradictions(&self, candidate: CandidateId) -> Vec<String> {
        let (Some(recorded), Some(comparison)) = (self.conclusions.get(&candidate), self.comparisons.get(&candidate))
        else {
            return Vec::new();
        };
        comparison.contradictions(recorded.conclusion, &self.analysis)
    }

    /// What every conclusion on record must keep to.
    pub(super) fn conclusion_gaps(&self, search: &dyn Listing, now: Moment) -> Gaps {
        let mut gaps = Gaps::new();
        let all = search.ids();
        let listed = |id: &CandidateId| self.lists(*id) && all.contains(id);
        need!(
            gaps,
            self.search == search.id()
                && self.conclusions.keys().chain(self.looked_at.keys()).chain(self.at_thumbnail.keys()).all(listed),
            "examination",
            say!("rule-examination-belongs-another-candidate-list-examine"),
            say!("rule-examination-people-err-toward-first"),
        );
        need!(
            gaps,
            search.at() <= now && self.conclusions.values().all(|c| search.at() <= c.at && c.at <= now),
            "examination",
            say!("rule-examination-conclusion-dated-before-search-after"),
            say!("rule-examination-times-must-order-search-conclusion"),
        );
        need!(
            gaps,
            self.analysis.recorded_at.is_some(),
            "analysis",
            say!("rule-examination-record-probe-shows-itself-before"),
            say!("rule-examination-probe-shows-written-down-before"),
        );
        gaps.extend(self.analysis.complete().err().unwrap_or_default());
        for (id, recorded) in &self.conclusions {
            need!(
                gaps,
                self.looked_at.contains_key(id)
                    || (recorded.conclusion == Conclusion::Exclusion && self.at_thumbnail.contains_key(id)),
                format!("examination.{id}"),
                say!("rule-examination-conclusion-stands-candidate-not-opened"),
                say!("rule-examination-people-err-toward-first"),
            );
            if recorded.conclusion.carries_a_lead() {
                let open =
                    self.comparisons.get(id).map(Comparison::unanswered).unwrap_or_else(|| Component::ALL.to_vec());
                need!(
                    gaps,
                    open.is_empty(),
                    format!("examination.{id}.components"),
                    say!(
                        "rule-examination-compare-every-component-before-record",
                        open = open.len(),
                        open2 = open.iter().take(3).map(|c| c.in_words()).collect::<Vec<_>>().join(", ")
                            + if open.len() > 3 { " …" } else { "" }
                    ),
                    say!("rule-examination-support-rests-features-compared-one"),
                );
                need!(
                    gaps,
                    self.analysis.suitability != Some(Suitability::Unsuitable),
                    format!("examination.{id}"),
                    say!("rule-examination-analysis-says-probe-allows-no"),
                    say!("rule-corroboration-record-may-not-contradict-itself"),
                );
            }
            if let Some(contradiction) = self.contradictions(*id).into_iter().next() {
                need!(
                    gaps,
                    said(&recorded.reason),
                    format!("examination.{id}.reason"),
                    say!("rule-examination-explain-change-one-two", contradiction),
                    say!("rule-examination-conclusion-own-record-contradicts-cannot"),
                );
            }
        }
        gaps
    }
}
