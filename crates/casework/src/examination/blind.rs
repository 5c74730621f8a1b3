use std::collections::BTreeMap;

use catalogue::say;
use department::{Gap, Moment, PersonRef, need};

use super::analysis::ProbeAnalysis;
use super::comparison::Comparison;
use super::conclusion::{Conclusion, RecordedConclusion};
use super::listing::Listing;
use super::view::ViewSettings;
use super::work::Work;
use crate::ids::{CandidateId, SearchId};
use crate::policy::Policy;

/// Under way: no score, rank, name or record is shown, in an order shuffled for this examiner.
#[derive(Debug, Clone, PartialEq)]
pub struct Blind(Work);

/// The examiner's own conclusions are final; nothing was unveiled yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Concluded {
    pub(super) work: Work,
    pub(super) at: Moment,
}

impl Blind {
    /// A blind examination of `search` by `examiner`.
    pub fn begin(search: SearchId, examiner: PersonRef, shuffle_seed: u32) -> Self {
        Self(Work {
            search,
            examiner,
            shuffle_seed,
            among: Vec::new(),
            analysis: ProbeAnalysis::default(),
            looked_at: BTreeMap::new(),
            at_thumbnail: BTreeMap::new(),
            comparisons: BTreeMap::new(),
            conclusions: BTreeMap::new(),
            lead: None,
            none_of_these: false,
        })
    }

    /// The same with a part of the list: what a verifier gets.
    #[must_use]
    pub fn among(self, among: Vec<CandidateId>) -> Self {
        Self(Work { among, ..self.0 })
    }

    /// The blind work as it stands.
    pub fn work(&self) -> &Work {
        &self.0
    }

    pub(crate) fn into_work(self) -> Work {
        self.0
    }

    /// Goes on with work that was stored.
    pub(crate) fn resume(work: Work) -> Self {
        Self(work)
    }

    /// Takes over what was typed and drawn on the probe alone.
    ///
    /// # Errors
    /// A gap once the analysis was recorded.
    pub fn edit_analysis(&mut self, typed: ProbeAnalysis) -> Result<(), Vec<Gap>> {
        self.0.analysis.edit(typed)
    }

    /// Records the analysis of the probe; candidates can be opened from here on.
    ///
    /// # Errors
    /// Every gap of [`ProbeAnalysis::complete`], or one when it was recorded before.
    pub fn record_analysis(&mut self, now: Moment) -> Result<(), Vec<Gap>> {
        let analysis = self.0.analysis.clone();
        self.0.analysis.edit(analysis)?;
        self.0.analysis.complete()?;
        self.0.analysis.recorded_at = Some(now);
        Ok(())
    }

    /// Notes that a candidate was opened at `now`.
    ///
    /// # Errors
    /// A gap before the analysis was recorded, and for somebody who is not on the list.
    pub fn look_at(&mut self, search: &dyn Listing, candidate: CandidateId, now: Moment) -> Result<(), Vec<Gap>> {
        self.0.open(search, candidate)?;
        self.0.looked_at.entry(candidate).or_insert(now);
        Ok(())
    }

    /// Refuses what is done in the comparison on a candidate that is not on the list or was not opened.
    fn opened(&self, search: &dyn Listing, candidate: CandidateId) -> Result<(), Vec<Gap>> {
        self.0.open(search, candidate)?;
        if self.0.looked_at.contains_key(&candidate) {
            return Ok(());
        }
        Err(vec![Gap::new(
            format!("examination.{candidate}"),
            say!("rule-examination-open-candidate-first"),
            say!("rule-examination-people-err-toward-first"),
        )])
    }

    /// Takes over observations and marks on a candidate that was opened.
    ///
    /// # Errors
    /// As [`Blind::look_at`], for a candidate that was not opened, and for too many marks.
    pub fn compare(&mut self, search: &dyn Listing, candidate: CandidateId, typed: Comparison) -> Result<(), Vec<Gap>> {
        self.opened(search, candidate)?;
        self.0.comparisons.entry(candidate).or_default().edit(typed)
    }

    /// Notes how a candidate is looked at.
    ///
    /// # Errors
    /// As [`Blind::look_at`], for a candidate that was not opened, and for a number that is none.
    pub fn log_view(
        &mut self,
        search: &dyn Listing,
        candidate: CandidateId,
        view: ViewSettings,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        if !view.is_finite() {
            return Err(vec![Gap::new("examination", say!("rule-examination-view-number-none-not-noted"), "")]);
        }
        self.opened(search, candidate)?;
        self.0.comparisons.entry(candidate).or_default().log_view(view, now);
        Ok(())
    }

    /// Records the examiner's conclusion on one candidate; `None` takes it back. A candidate that was not opened can only
    /// be excluded, at the thumbnail, and does not count as looked at.
    ///
    /// # Errors
    /// As [`Blind::look_at`], and for any other conclusion on a candidate that was not opened.
    pub fn conclude_on(
        &mut self,
        search: &dyn Listing,
        candidate: CandidateId,
        conclusion: Option<Conclusion>,
        reason: &str,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        self.0.open(search, candidate)?;
        if !self.0.looked_at.contains_key(&candidate) {
            match conclusion {
                None => drop(self.0.at_thumbnail.remove(&candidate)),
                Some(Conclusion::Exclusion) => drop(self.0.at_thumbnail.entry(candidate).or_insert(now)),
                Some(_) => {
                    return Err(vec![Gap::new(
                        format!("examination.{candidate}"),
                        say!("rule-examination-open-candidate-compare-before-conclude"),
                        say!("rule-examination-people-err-toward-first"),
                    )]);
                }
            }
        }
        match conclusion {
            None => drop(self.0.conclusions.remove(&candidate)),
            Some(conclusion) => {
                let recorded = RecordedConclusion { conclusion, reason: reason.to_owned(), at: now };
                self.0.conclusions.insert(candidate, recorded);
                self.0.none_of_these &= !conclusion.carries_a_lead();
            }
        }
        let given_up = matches!(conclusion, None | Some(Conclusion::Exclusion));
        if given_up && self.0.lead == Some(candidate) {
            self.0.lead = None;
        }
        Ok(())
    }

    /// Keeps a candidate as the lead, or none.
    pub fn keep(&mut self, candidate: Option<CandidateId>) {
        self.0.lead = candidate;
        self.0.none_of_these &= candidate.is_none();
    }

    /// Answers "none of these", or takes the answer back. It takes the kept lead back too, and
    /// what was recorded as support becomes inconclusive: nobody is asked to tidy up.
    pub fn none_of_these(&mut self, none: bool) {
        self.0.none_of_these = none;
        if none {
            self.0.lead = None;
            for recorded in self.0.conclusions.values_mut() {
                if recorded.conclusion.carries_a_lead() {
                    recorded.conclusion = Conclusion::Inconclusive;
                }
            }
        }
    }

    /// Ends the blind work at `now`: from here on the conclusions stand.
    ///
    /// # Errors
    /// A [`Gap`] for each conclusion that is missing or contradicts the record.
    pub fn conclude(&self, search: &dyn Listing, now: Moment, policy: &Policy) -> Result<Concluded, Vec<Gap>> {
        let work = &self.0;
        let mut gaps = work.conclusion_gaps(search, now);
        let wanted = policy.examination.minimum_concluded.min(work.shown(search));
        need!(
            gaps,
            work.looked_at.len() >= wanted,
            "examination",
            say!("rule-examination-open-no-fewer-than-candidates", wanted, looked_at = work.looked_at.len()),
            say!("rule-examination-people-err-toward-first"),
        );
        if work.none_of_these {
            need!(
                gaps,
                work.lead.is_none() && !work.conclusions.values().any(|c| c.conclusion.carries_a_lead()),
                "examination",
                say!("rule-examination-recorded-support-candidate-also-none"),
                say!("rule-corroboration-record-may-not-contradict-itself"),
            );
        } else {
            let open = work.looked_at.keys().filter(|id| !work.conclusions.contains_key(id)).count();
            need!(
                gaps,
                open == 0,
                "examination",
                say!("rule-examination-record-conclusion-every-candidate-opened", open),
                say!("rule-examination-people-err-toward-first"),
            );
            match work.lead.map(|lead| work.conclusions.get(&lead)) {
                None => gaps.push(Gap::new(
                    "examination",
                    say!("rule-examination-keep-one-candidate-lead-answer"),
                    say!("rule-examination-none-good-answer-lead"),
                )),
                Some(None) => {
                    gaps.push(Gap::new(
                        "examination",
                        say!("rule-examination-record-conclusion-candidate-keep"),
                        say!("rule-examination-people-err-toward-first"),
                    ));
                }
                Some(Some(recorded)) => need!(
                    gaps,
                    recorded.conclusion.carries_a_lead(),
                    "examination",
                    say!("rule-examination-keep-candidate-without-support-own"),
                    say!("rule-corroboration-record-may-not-contradict-itself"),
                ),
            }
        }
        gaps.into_result(|| Concluded { work: work.clone(), at: now })
    }

    /// What a verifier's work comes to: a conclusion on every candidate that was shown.
    ///
    /// # Errors
    /// A [`Gap`] for each that is missing or contradicts the record.
    pub fn hand_in(&self, search: &dyn Listing, now: Moment) -> Result<(), Vec<Gap>> {
        let work = &self.0;
        let mut gaps = work.conclusion_gaps(search, now);
        let open = work.shown(search).saturating_sub(work.conclusions.len());
        need!(
            gaps,
            open == 0,
            "examination",
            say!("rule-examination-record-conclusion-every-candidate-without", open),
            say!("rule-examination-second-opinion-asked-all-them"),
        );
        let unopened = work.shown(search).saturating_sub(work.looked_at.len());
        need!(
            gaps,
            unopened == 0,
            "examination",
            say!("rule-examination-open-every-candidate-not-opened", unopened),
            say!("rule-examination-second-opinion-asked-all-them"),
        );
        gaps.into_result(|| ())
    }
}

impl Concluded {
    pub(crate) fn has_no_lead(&self) -> bool {
        self.work.lead.is_none()
    }
}
