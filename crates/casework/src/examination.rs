use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{CandidateId, Gap, Gaps, Moment, PersonRef, Policy, SearchId, SearchRecord, said};

/// What an examiner concludes from comparing probe and candidate. Words only, never a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// The observations support that both images show one person.
    Support,
    /// They support it to a limited degree.
    LimitedSupport,
    /// They allow no conclusion.
    Inconclusive,
    /// They show two persons.
    Exclusion,
}

impl Conclusion {
    fn carries_a_lead(self) -> bool {
        matches!(self, Conclusion::Support | Conclusion::LimitedSupport)
    }
}

/// A conclusion with its reason and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordedConclusion {
    /// The conclusion.
    pub conclusion: Conclusion,
    /// What it rests on. Needed for a lead.
    pub reason: String,
    /// When it was recorded.
    pub at: Moment,
}

/// An examination under way: blind, in an order shuffled for this examiner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Examination {
    /// The search whose list is examined.
    pub search: SearchId,
    /// Who examines.
    pub examiner: PersonRef,
    /// Seed of the order in which candidates are shown; on record so that the order can be shown again.
    pub shuffle_seed: u32,
    /// Conclusions by candidate.
    pub conclusions: BTreeMap<CandidateId, RecordedConclusion>,
    /// The candidate that the examiner keeps as the lead.
    pub lead: Option<CandidateId>,
    /// Set when the answer is "none of these".
    pub none_of_these: bool,
    /// Set when the examiner has concluded. Nothing can be changed from then on.
    pub concluded_at: Option<Moment>,
}

/// What an examination came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Outcome {
    /// No candidate is kept.
    NoneOfThese,
    /// One candidate is kept as an investigative lead.
    Lead {
        /// Which.
        candidate: CandidateId,
        /// The examiner's conclusion.
        conclusion: Conclusion,
    },
}

/// A blind second examination by another trained examiner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Verification {
    /// Who verified; never the examiner.
    pub verifier: PersonRef,
    /// Conclusion on the lead.
    pub conclusion: Conclusion,
    /// When.
    pub at: Moment,
}

/// An examination that has passed its gate. Its only constructor is [`Examination::conclude`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConcludedExamination {
    #[serde(flatten)]
    examination: Examination,
    outcome: Outcome,
    verification: Option<Verification>,
}

impl Examination {
    /// A blind examination of `search` by `examiner`.
    pub fn begin(search: SearchId, examiner: PersonRef, shuffle_seed: u32) -> Self {
        Self {
            search,
            examiner,
            shuffle_seed,
            conclusions: BTreeMap::new(),
            lead: None,
            none_of_these: false,
            concluded_at: None,
        }
    }

    /// The order in which this examiner sees `search`'s candidates: Fisher-Yates over SplitMix64
    /// from the recorded seed, so that the same seed always shows the same order.
    pub fn shuffled(&self, search: &SearchRecord) -> Vec<CandidateId> {
        let mut order: Vec<CandidateId> = search.candidates.iter().map(|c| c.id).collect();
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

    /// Opens the fourth gate at `now`, or again at the recorded time for an examination that was
    /// concluded before.
    ///
    /// # Errors
    /// A [`Gap`] for each conclusion that is missing.
    pub fn conclude(
        &self,
        search: &SearchRecord,
        now: Moment,
        policy: &Policy,
    ) -> Result<ConcludedExamination, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = "People err toward whatever they looked at first; an own conclusion on several candidates guards against it.";
        let at = self.concluded_at.unwrap_or(now);
        gaps.need(
            self.search == search.id && self.conclusions.keys().all(|id| search.candidates.iter().any(|c| c.id == *id)),
            "examination",
            "This examination belongs to another candidate list. Examine the list of this search.",
            why,
        );
        gaps.need(
            search.at <= at && self.conclusions.values().all(|c| search.at <= c.at && c.at <= at),
            "examination",
            "A conclusion is dated before the search or after the examination's end. Correct the workstation's clock and conclude again.",
            "Times must be in order: search, conclusion.",
        );
        let outcome = if self.none_of_these {
            let kept = self.conclusions.values().any(|c| c.conclusion.carries_a_lead());
            gaps.need(
                !kept && self.lead.is_none(),
                "examination",
                "You recorded support for a candidate and also \u{201c}none of these\u{201d}. Change one of the two.",
                "A record may not contradict itself.",
            );
            Some(Outcome::NoneOfThese)
        } else {
            self.lead_outcome(search, policy, &mut gaps, why)
        };
        gaps.into_result(|| outcome).and_then(|outcome| {
            let outcome = outcome.ok_or_else(Vec::new)?;
            Ok(ConcludedExamination {
                examination: Examination { concluded_at: Some(at), ..self.clone() },
                outcome,
                verification: None,
            })
        })
    }

    fn lead_outcome(
        &self,
        search: &SearchRecord,
        policy: &Policy,
        gaps: &mut Gaps,
        why: &'static str,
    ) -> Option<Outcome> {
        let wanted = policy.examination.minimum_concluded.min(search.candidates.len());
        gaps.need(
            self.conclusions.len() >= wanted,
            "examination",
            format!(
                "Record a conclusion on at least {wanted} candidates ({} so far), or answer \u{201c}none of these\u{201d}.",
                self.conclusions.len()
            ),
            why,
        );
        let Some(lead) = self.lead else {
            gaps.need(
                false,
                "examination",
                "Keep one candidate as the lead, or answer \u{201c}none of these\u{201d}.",
                "\u{201c}None of these\u{201d} is as good an answer as a lead.",
            );
            return None;
        };
        let Some(recorded) = self.conclusions.get(&lead) else {
            gaps.need(false, "examination", "Record your conclusion on the candidate that you keep.", why);
            return None;
        };
        gaps.need(
            recorded.conclusion != Conclusion::Exclusion,
            "examination",
            "You keep a candidate that you excluded. Change the conclusion or keep none.",
            "A record may not contradict itself.",
        );
        gaps.need(
            said(&recorded.reason),
            "examination.reason",
            "Say what your conclusion on the lead rests on: which features agree, which differ.",
            "A conclusion without reasons cannot be reviewed.",
        );
        Some(Outcome::Lead { candidate: lead, conclusion: recorded.conclusion })
    }
}

impl ConcludedExamination {
    /// The examination with all conclusions.
    pub fn examination(&self) -> &Examination {
        &self.examination
    }

    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The blind second examination, if it was made.
    pub fn verification(&self) -> Option<&Verification> {
        self.verification.as_ref()
    }

    /// When the examiner concluded.
    pub fn concluded_at(&self) -> Option<Moment> {
        self.examination.concluded_at
    }

    /// Adds a second examiner's verification.
    ///
    /// # Errors
    /// A [`Gap`] when the verifier is the examiner, when there is no lead to verify, or when the
    /// verification is dated before the examination.
    pub fn verified(self, verification: Verification) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.need(
            verification.verifier.id != self.examination.examiner.id,
            "verification",
            "You examined this list yourself. Ask another trained examiner to verify.",
            "Separation of duties: nobody verifies the own work.",
        );
        gaps.need(
            matches!(self.outcome, Outcome::Lead { .. }),
            "verification",
            "There is no lead to verify.",
            "Verification repeats the comparison of a lead.",
        );
        gaps.need(
            self.examination.concluded_at.is_some_and(|at| at <= verification.at),
            "verification",
            "The verification is dated before the examination. Correct the workstation's clock.",
            "Times must be in order: conclusion, verification.",
        );
        gaps.into_result(|| Self { verification: Some(verification), ..self })
    }

    /// Whether examiner and verifier both concluded `support` or `limited support`.
    pub fn lead_is_verified(&self) -> bool {
        let examiner = matches!(self.outcome, Outcome::Lead { conclusion, .. } if conclusion.carries_a_lead());
        examiner && self.verification.as_ref().is_some_and(|v| v.conclusion.carries_a_lead())
    }
}
