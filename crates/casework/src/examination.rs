//! The comparison of a probe with candidates, and what of it may be seen when.
//!
//! An examination goes through four states, each a type of its own: [`Blind`], [`Concluded`],
//! [`Unveiled`], [`Verified`]. Scores and records of candidates are reached only through the two
//! latter ([`Unveiled::records`]), so that no screen can show them earlier.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::{said, tells};
use crate::{
    Candidate, CandidateId, Comparison, Gap, Gaps, History, Moment, PersonRef, Policy, ProbeAnalysis, SearchId,
    SearchRecord, Suitability, Verification, ViewSettings,
};

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
    /// All conclusions.
    pub const ALL: [Conclusion; 4] =
        [Conclusion::Support, Conclusion::LimitedSupport, Conclusion::Inconclusive, Conclusion::Exclusion];

    /// Whether a lead can rest on it.
    pub fn carries_a_lead(self) -> bool {
        matches!(self, Conclusion::Support | Conclusion::LimitedSupport)
    }
}

/// A conclusion with its reason and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordedConclusion {
    /// The conclusion.
    pub conclusion: Conclusion,
    /// The examiner's own words: needed where the conclusion contradicts the recorded components.
    pub reason: String,
    /// When it was recorded.
    pub at: Moment,
}

/// A conclusion that was changed after scores and records had been seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ChangedConclusion {
    /// On which candidate.
    pub candidate: CandidateId,
    /// The blind conclusion, if there was one.
    pub from: Option<RecordedConclusion>,
    /// The conclusion since, with the reason for the change.
    pub to: RecordedConclusion,
}

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

/// An examination as it is stored and printed. The states of [`Examination`] decide what may be done with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ExaminationRecord {
    /// The blind work.
    #[serde(flatten)]
    pub work: Work,
    /// Set when the examiner has concluded. The blind work does not change from then on.
    pub concluded_at: Option<Moment>,
    /// Set when scores and records were shown.
    #[serde(default)]
    pub unveiled_at: Option<Moment>,
    /// Conclusions that were changed since.
    #[serde(default)]
    pub changes: Vec<ChangedConclusion>,
    /// The blind second examination.
    #[serde(default)]
    pub verification: Option<Verification>,
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
        /// The conclusion that stands: the examiner's, or what the conference came to; inconclusive
        /// where examiner and verifier disagree.
        conclusion: Conclusion,
    },
}

/// Under way: no score, rank, name or record is shown, in an order shuffled for this examiner.
#[derive(Debug, Clone, PartialEq)]
pub struct Blind(Work);

/// The examiner's own conclusions are final; nothing was unveiled yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Concluded {
    work: Work,
    at: Moment,
}

/// Scores and records were shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Unveiled {
    concluded: Concluded,
    at: Moment,
    changes: Vec<ChangedConclusion>,
}

/// A second examiner has compared blind.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    unveiled: Unveiled,
    verification: Box<Verification>,
}

/// An examination in whatever state it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "ExaminationRecord", into = "ExaminationRecord")]
pub enum Examination {
    /// Under way.
    Blind(Blind),
    /// Concluded.
    Concluded(Concluded),
    /// Unveiled.
    Unveiled(Unveiled),
    /// Verified.
    Verified(Verified),
}

impl From<ExaminationRecord> for Examination {
    fn from(r: ExaminationRecord) -> Self {
        let Some(at) = r.concluded_at else { return Examination::Blind(Blind(r.work)) };
        let concluded = Concluded { work: r.work, at };
        let Some(at) = r.unveiled_at else { return Examination::Concluded(concluded) };
        let unveiled = Unveiled { concluded, at, changes: r.changes };
        match r.verification {
            None => Examination::Unveiled(unveiled),
            Some(verification) => Examination::Verified(Verified { unveiled, verification: Box::new(verification) }),
        }
    }
}

impl From<Examination> for ExaminationRecord {
    fn from(examination: Examination) -> Self {
        let blind =
            |work| Self { work, concluded_at: None, unveiled_at: None, changes: Vec::new(), verification: None };
        let concluded = |c: Concluded| Self { concluded_at: Some(c.at), ..blind(c.work) };
        let unveiled = |u: Unveiled| Self { unveiled_at: Some(u.at), changes: u.changes, ..concluded(u.concluded) };
        match examination {
            Examination::Blind(b) => blind(b.0),
            Examination::Concluded(c) => concluded(c),
            Examination::Unveiled(u) => unveiled(u),
            Examination::Verified(v) => Self { verification: Some(*v.verification), ..unveiled(v.unveiled) },
        }
    }
}

const WHY_OWN: &str =
    "People err toward whatever they looked at first; an own conclusion on several candidates guards against it.";
const WHY_RECORD: &str = "A record may not contradict itself.";

impl Work {
    /// The order in which this examiner sees `search`'s candidates: Fisher-Yates over SplitMix64
    /// from the recorded seed, so that the same seed always shows the same order.
    pub fn shuffled(&self, search: &SearchRecord) -> Vec<CandidateId> {
        let mut order: Vec<CandidateId> = search.candidates.ids().filter(|id| self.lists(*id)).collect();
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

    /// When the last conclusion was recorded.
    fn newest(&self) -> Moment {
        let last = self.conclusions.values().map(|c| c.at).max();
        last.unwrap_or(Moment(jiff::Timestamp::MAX))
    }

    fn lists(&self, candidate: CandidateId) -> bool {
        self.among.is_empty() || self.among.contains(&candidate)
    }

    fn open(&self, search: &SearchRecord, candidate: CandidateId) -> Result<(), Vec<Gap>> {
        if self.analysis.recorded_at.is_none() {
            return Err(vec![Gap::new(
                "analysis",
                "Record what the probe shows by itself first; candidates are shown then.",
                "What the probe shows is written down before a candidate can suggest what to see.",
            )]);
        }
        if self.lists(candidate) && search.candidates.ids().any(|id| id == candidate) {
            return Ok(());
        }
        Err(vec![Gap::new("examination", "This candidate is not on the list.", "")])
    }

    /// Whether `candidate`'s photograph may be shown.
    pub fn may_show(&self, search: &SearchRecord, candidate: CandidateId) -> bool {
        self.open(search, candidate).is_ok()
    }

    /// How many candidates are shown.
    pub fn shown(&self, search: &SearchRecord) -> usize {
        if self.among.is_empty() { search.candidates.len() } else { self.among.len() }
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
    fn conclusion_gaps(&self, search: &SearchRecord, now: Moment) -> Gaps {
        let mut gaps = Gaps::new();
        let listed = |id: &CandidateId| self.lists(*id) && search.candidates.ids().any(|c| c == *id);
        gaps.need(
            self.search == search.id
                && self.conclusions.keys().chain(self.looked_at.keys()).chain(self.at_thumbnail.keys()).all(listed),
            "examination",
            "This examination belongs to another candidate list. Examine the list of this search.",
            WHY_OWN,
        );
        gaps.need(
            search.at <= now && self.conclusions.values().all(|c| search.at <= c.at && c.at <= now),
            "examination",
            "A conclusion is dated before the search or after the examination's end. Correct the workstation's clock and conclude again.",
            "Times must be in order: search, conclusion.",
        );
        gaps.need(
            self.analysis.recorded_at.is_some(),
            "analysis",
            "Record what the probe shows by itself, before a candidate is opened.",
            "What the probe shows is written down before a candidate can suggest what to see.",
        );
        gaps.extend(self.analysis.complete().err().unwrap_or_default());
        for (id, recorded) in &self.conclusions {
            gaps.need(
                self.looked_at.contains_key(id)
                    || (recorded.conclusion == Conclusion::Exclusion && self.at_thumbnail.contains_key(id)),
                format!("examination.{id}"),
                "A conclusion stands on a candidate that was not opened. Open it and compare.",
                WHY_OWN,
            );
            if recorded.conclusion.carries_a_lead() {
                let open = self
                    .comparisons
                    .get(id)
                    .map(Comparison::unanswered)
                    .unwrap_or_else(|| crate::Component::ALL.to_vec());
                gaps.need(
                    open.is_empty(),
                    format!("examination.{id}.components"),
                    format!(
                        "Compare every component before you record support: {} are not answered ({}).",
                        open.len(),
                        open.iter().take(3).map(|c| c.in_words()).collect::<Vec<_>>().join(", ")
                            + if open.len() > 3 { " …" } else { "" }
                    ),
                    "Support rests on features that were compared one by one, not on an impression.",
                );
                gaps.need(
                    self.analysis.suitability != Some(Suitability::Unsuitable),
                    format!("examination.{id}"),
                    "Your analysis says that the probe allows no comparison, so it cannot support a lead. Conclude inconclusive or exclude.",
                    WHY_RECORD,
                );
            }
            if let Some(contradiction) = self.contradictions(*id).into_iter().next() {
                gaps.need(
                    said(&recorded.reason),
                    format!("examination.{id}.reason"),
                    format!("{contradiction} Explain it, or change one of the two."),
                    "A conclusion that its own record contradicts cannot be reviewed.",
                );
            }
        }
        gaps
    }
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
    pub fn look_at(&mut self, search: &SearchRecord, candidate: CandidateId, now: Moment) -> Result<(), Vec<Gap>> {
        self.0.open(search, candidate)?;
        self.0.looked_at.entry(candidate).or_insert(now);
        Ok(())
    }

    /// Refuses what is done in the comparison on a candidate that is not on the list or was not opened.
    fn opened(&self, search: &SearchRecord, candidate: CandidateId) -> Result<(), Vec<Gap>> {
        self.0.open(search, candidate)?;
        if self.0.looked_at.contains_key(&candidate) {
            return Ok(());
        }
        Err(vec![Gap::new(format!("examination.{candidate}"), "Open this candidate first.", WHY_OWN)])
    }

    /// Takes over observations and marks on a candidate that was opened.
    ///
    /// # Errors
    /// As [`Blind::look_at`], for a candidate that was not opened, and for too many marks.
    pub fn compare(
        &mut self,
        search: &SearchRecord,
        candidate: CandidateId,
        typed: Comparison,
    ) -> Result<(), Vec<Gap>> {
        self.opened(search, candidate)?;
        self.0.comparisons.entry(candidate).or_default().edit(typed)
    }

    /// Notes how a candidate is looked at.
    ///
    /// # Errors
    /// As [`Blind::look_at`], for a candidate that was not opened, and for a number that is none.
    pub fn log_view(
        &mut self,
        search: &SearchRecord,
        candidate: CandidateId,
        view: ViewSettings,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        if !view.is_finite() {
            return Err(vec![Gap::new("examination", "This view has a number that is none. It was not noted.", "")]);
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
        search: &SearchRecord,
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
                        "Open this candidate and compare before you conclude anything but an exclusion.",
                        WHY_OWN,
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
    pub fn conclude(&self, search: &SearchRecord, now: Moment, policy: &Policy) -> Result<Concluded, Vec<Gap>> {
        let work = &self.0;
        let mut gaps = work.conclusion_gaps(search, now);
        let wanted = policy.examination.minimum_concluded.min(work.shown(search));
        gaps.need(
            work.looked_at.len() >= wanted,
            "examination",
            format!(
                "Open no fewer than {wanted} candidates ({} so far; whom you exclude at the thumbnail does not count).",
                work.looked_at.len()
            ),
            WHY_OWN,
        );
        if work.none_of_these {
            gaps.need(
                work.lead.is_none() && !work.conclusions.values().any(|c| c.conclusion.carries_a_lead()),
                "examination",
                "You recorded support for a candidate and also \u{201c}none of these\u{201d}. Change one of the two.",
                WHY_RECORD,
            );
        } else {
            let open = work.looked_at.keys().filter(|id| !work.conclusions.contains_key(id)).count();
            gaps.need(
                open == 0,
                "examination",
                format!("Record a conclusion on every candidate that you opened ({open} without), or answer \u{201c}none of these\u{201d}."),
                WHY_OWN,
            );
            match work.lead.map(|lead| work.conclusions.get(&lead)) {
                None => gaps.need(
                    false,
                    "examination",
                    "Keep one candidate as the lead, or answer \u{201c}none of these\u{201d}.",
                    "\u{201c}None of these\u{201d} is as good an answer as a lead.",
                ),
                Some(None) => {
                    gaps.need(false, "examination", "Record your conclusion on the candidate that you keep.", WHY_OWN);
                }
                Some(Some(recorded)) => gaps.need(
                    recorded.conclusion.carries_a_lead(),
                    "examination",
                    "You keep a candidate without support in your own conclusion. Change the conclusion, or keep none.",
                    WHY_RECORD,
                ),
            }
        }
        gaps.into_result(|| Concluded { work: work.clone(), at: now })
    }

    /// What a verifier's work comes to: a conclusion on every candidate that was shown.
    ///
    /// # Errors
    /// A [`Gap`] for each that is missing or contradicts the record.
    pub fn hand_in(&self, search: &SearchRecord, now: Moment) -> Result<(), Vec<Gap>> {
        let work = &self.0;
        let mut gaps = work.conclusion_gaps(search, now);
        let open = work.shown(search).saturating_sub(work.conclusions.len());
        gaps.need(
            open == 0,
            "examination",
            format!("Record a conclusion on every candidate ({open} without)."),
            "A second opinion is asked on all of them alike.",
        );
        let unopened = work.shown(search).saturating_sub(work.looked_at.len());
        gaps.need(
            unopened == 0,
            "examination",
            format!("Open every candidate ({unopened} not opened)."),
            "A second opinion is asked on all of them alike.",
        );
        gaps.into_result(|| ())
    }
}

impl Concluded {
    pub(crate) fn has_no_lead(&self) -> bool {
        self.work.lead.is_none()
    }

    /// Shows scores and records from `now` on.
    pub fn unveil(self, now: Moment) -> Unveiled {
        Unveiled { concluded: self, at: now, changes: Vec::new() }
    }
}

impl Unveiled {
    /// Scores and records of `search`'s list, best score first.
    pub fn records<'a>(&self, search: &'a SearchRecord) -> &'a [Candidate] {
        search.candidates.unveiled(self)
    }

    fn standing(&self, candidate: CandidateId) -> Option<&RecordedConclusion> {
        let changed = self.changes.iter().rev().find(|c| c.candidate == candidate).map(|c| &c.to);
        changed.or_else(|| self.concluded.work.conclusions.get(&candidate))
    }

    /// Changes a conclusion after scores were seen. Both stay on the record. Nobody becomes a lead
    /// this way; a lead that is no longer supported is given up.
    ///
    /// # Errors
    /// A gap without a reason, or when nothing changes.
    pub fn change(
        &mut self,
        search: &SearchRecord,
        candidate: CandidateId,
        conclusion: Conclusion,
        reason: &str,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        let from = self.standing(candidate).cloned();
        let mut gaps = Gaps::new();
        gaps.need(
            search.candidates.ids().any(|id| id == candidate),
            "examination",
            "This candidate is not on the list.",
            "",
        );
        gaps.need(
            tells(reason, 2),
            "examination.change",
            "Say why you change your conclusion after you have seen scores and records.",
            "Both conclusions stay on the record; a court will ask for the reason.",
        );
        gaps.need(
            from.as_ref().map(|c| c.conclusion) != Some(conclusion),
            "examination.change",
            "This is your conclusion already. Choose another, or leave it.",
            "",
        );
        let to = RecordedConclusion { conclusion, reason: reason.trim().to_owned(), at: now };
        gaps.into_result(|| self.changes.push(ChangedConclusion { candidate, from, to }))
    }

    /// Conclusions that were changed.
    pub fn changes(&self) -> &[ChangedConclusion] {
        &self.changes
    }

    /// Adds a second examiner's blind work.
    ///
    /// # Errors
    /// A [`Gap`] when the verifier is the examiner, when there is no lead to verify, when the list was
    /// not what a verifier must get, or when it is dated before the unveiling.
    pub fn verified(
        self,
        second: Blind,
        search: &SearchRecord,
        now: Moment,
        policy: &Policy,
    ) -> Result<Verified, Vec<Gap>> {
        let work = second.work();
        let mut gaps = Gaps::new();
        gaps.need(
            !work.examiner.is_same(&self.concluded.work.examiner),
            "verification",
            "You examined this list yourself. Ask another trained examiner to verify.",
            "Separation of duties: nobody verifies the own work.",
        );
        gaps.need(
            self.at <= now,
            "verification",
            "The verification is dated before the examination. Correct the workstation's clock.",
            "Times must be in order: conclusion, verification.",
        );
        let lead = match self.outcome() {
            Outcome::Lead { candidate, conclusion } if conclusion.carries_a_lead() => Some((candidate, conclusion)),
            _ => None,
        };
        gaps.need(
            lead.is_some(),
            "verification",
            "There is no lead to verify.",
            "Verification repeats the comparison of a lead.",
        );
        gaps.need(
            lead.is_none_or(|(lead, _)| {
                work.among.contains(&lead) && work.among.len() > policy.examination.verification_fillers
            }),
            "verification",
            "The verifier did not get the lead among enough others. Ask for the verification again.",
            "A list of one tells the verifier what to answer.",
        );
        gaps.extend(second.hand_in(search, now).err().unwrap_or_default());
        gaps.into_result(|| lead).and_then(|lead| {
            let (lead, examiner) = lead.ok_or_else(Vec::new)?;
            let verification = Verification::of(lead, examiner, second.into_work(), now).ok_or_else(Vec::new)?;
            Ok(Verified { unveiled: self, verification: Box::new(verification) })
        })
    }

    /// What the examination comes to by the examiner alone.
    pub fn outcome(&self) -> Outcome {
        self.concluded.work.lead.map_or(Outcome::NoneOfThese, |candidate| {
            let standing = self.standing(candidate).map_or(Conclusion::Inconclusive, |c| c.conclusion);
            if standing == Conclusion::Exclusion {
                Outcome::NoneOfThese
            } else {
                Outcome::Lead { candidate, conclusion: standing }
            }
        })
    }
}

impl Verified {
    /// What was seen when it was unveiled.
    pub fn unveiled(&self) -> &Unveiled {
        &self.unveiled
    }

    /// The second examination.
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    pub(crate) fn verification_mut(&mut self) -> &mut Verification {
        &mut self.verification
    }

    fn outcome(&self) -> Outcome {
        match self.unveiled.outcome() {
            Outcome::Lead { candidate, conclusion } => {
                Outcome::Lead { candidate, conclusion: self.verification.standing(conclusion) }
            }
            none => none,
        }
    }
}

/// An examination that has passed its gate. Its only constructor is [`Examination::proven`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConcludedExamination {
    examination: ExaminationRecord,
    outcome: Outcome,
}

impl Examination {
    /// The blind work, in every state.
    pub fn work(&self) -> &Work {
        match self {
            Examination::Blind(b) => &b.0,
            Examination::Concluded(c) => &c.work,
            Examination::Unveiled(u) => &u.concluded.work,
            Examination::Verified(v) => &v.unveiled.concluded.work,
        }
    }

    /// As it is stored and printed.
    pub fn record(&self) -> ExaminationRecord {
        self.clone().into()
    }

    /// What was unveiled, if it was.
    pub fn unveiled(&self) -> Option<&Unveiled> {
        match self {
            Examination::Unveiled(u) => Some(u),
            Examination::Verified(v) => Some(&v.unveiled),
            _ => None,
        }
    }

    /// When scores and records were shown, if so.
    pub(crate) fn unveiled_at(&self) -> Option<Moment> {
        self.unveiled().map(|unveiled| unveiled.at)
    }

    /// When the examiner concluded, if so.
    pub fn concluded_at(&self) -> Option<Moment> {
        match self {
            Examination::Blind(_) => None,
            Examination::Concluded(c) => Some(c.at),
            Examination::Unveiled(u) => Some(u.concluded.at),
            Examination::Verified(v) => Some(v.unveiled.concluded.at),
        }
    }

    /// The conclusion that stands on `candidate`: as changed after unveiling, else the blind one.
    pub fn standing(&self, candidate: CandidateId) -> Option<&RecordedConclusion> {
        match self.unveiled() {
            Some(unveiled) => unveiled.standing(candidate),
            None => self.work().conclusions.get(&candidate),
        }
    }

    /// The blind second examination, if it was handed in.
    pub fn verification(&self) -> Option<&Verification> {
        match self {
            Examination::Verified(v) => Some(&v.verification),
            _ => None,
        }
    }

    /// The candidate that the examiner kept.
    pub(crate) fn lead(&self) -> Option<CandidateId> {
        self.work().lead
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Examination::Verified(v) => v.outcome(),
            Examination::Unveiled(u) => u.outcome(),
            Examination::Blind(_) | Examination::Concluded(_) => {
                let work = self.work();
                work.lead.map_or(Outcome::NoneOfThese, |candidate| {
                    let recorded = work.conclusions.get(&candidate);
                    let conclusion = recorded.map_or(Conclusion::Inconclusive, |c| c.conclusion);
                    Outcome::Lead { candidate, conclusion }
                })
            }
        }
    }

    /// Proves the fourth gate anew, whatever the stored state claims: for an examination under way as if it
    /// were concluded `now`, else at the recorded time.
    ///
    /// # Errors
    /// A [`Gap`] for each conclusion that is missing or contradicts the record.
    pub fn proven(
        &self,
        search: &SearchRecord,
        now: Moment,
        policy: &Policy,
    ) -> Result<ConcludedExamination, Vec<Gap>> {
        let at = self.concluded_at().unwrap_or(now);
        let blind = Blind(self.work().clone());
        let concluded = blind.conclude(search, at, policy)?;
        let examination = match self {
            Examination::Blind(_) => Examination::Concluded(concluded),
            other => other.clone(),
        };
        if let Some(unveiled) = examination.unveiled() {
            // What came after the blind work is done once more, and must come to the same.
            let wrong = || vec![Gap::new("examination", "What it claims is not what its work gives.", WHY_RECORD)];
            if unveiled.at < unveiled.concluded.at {
                return Err(wrong());
            }
            let mut again = unveiled.concluded.clone().unveil(unveiled.at);
            for change in &unveiled.changes {
                if change.to.at < unveiled.at {
                    return Err(wrong());
                }
                again.change(search, change.candidate, change.to.conclusion, &change.to.reason, change.to.at)?;
            }
            if again.changes != unveiled.changes {
                return Err(wrong());
            }
            if let Examination::Verified(v) = &examination {
                let second = Blind(v.verification.work.clone());
                let mut second = again.verified(second, search, v.verification.at, policy)?;
                if let Some(conference) = v.verification.conference.clone() {
                    second.verification.confer(&unveiled.concluded.work.examiner, conference)?;
                }
                if second != *v {
                    return Err(wrong());
                }
            }
        }
        Ok(ConcludedExamination { outcome: examination.outcome(), examination: examination.into() })
    }
}

impl ConcludedExamination {
    /// The same among all that was seen in the case before: a disagreement on the lead follows it.
    ///
    /// # Errors
    /// A [`Gap`] when the lead is a subject that was unveiled to this examiner before.
    pub(crate) fn within(self, history: &History, searches: &[SearchRecord]) -> Result<Self, Vec<Gap>> {
        let Outcome::Lead { candidate, .. } = self.outcome else { return Ok(self) };
        let concluded = self.examination.concluded_at.unwrap_or(self.examination.work.newest());
        if let Some(gap) = history.forbids(candidate, &self.examination.work.examiner, searches, concluded) {
            return Err(vec![gap]);
        }
        let second = self.examination.verification.as_ref();
        let knew = second.is_some_and(|v| history.forbids(candidate, &v.verifier, searches, v.at).is_some());
        if knew || history.disagrees(candidate, searches) {
            let outcome = Outcome::Lead { candidate, conclusion: Conclusion::Inconclusive };
            return Ok(Self { outcome, ..self });
        }
        Ok(self)
    }

    /// The examination with all conclusions.
    pub fn examination(&self) -> &ExaminationRecord {
        &self.examination
    }

    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The blind second examination, if it was made.
    pub fn verification(&self) -> Option<&Verification> {
        self.examination.verification.as_ref()
    }

    /// When the examiner concluded.
    pub fn concluded_at(&self) -> Option<Moment> {
        self.examination.concluded_at
    }

    /// Whether a second examiner compared blind and a lead stands: both agree, or a conference of both
    /// came to it.
    pub fn lead_is_verified(&self) -> bool {
        let stands = matches!(self.outcome, Outcome::Lead { conclusion, .. } if conclusion.carries_a_lead());
        stands && self.verification().is_some()
    }
}
