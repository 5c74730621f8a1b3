use catalogue::say;
use department::{Gap, Moment, Person, PersonId};
use serde::Serialize;

use super::CaseFile;
use super::elsewhere::Elsewhere;
use super::sight::Seat;
use crate::examination::{
    Blind, Comparison, ConcludedExamination, Conclusion, Examination, Listing, RecordedConclusion, Work,
};
use crate::ids::CandidateId;
use crate::note::Disposition;
use crate::policy::Policy;
use crate::search::{Candidate, SearchRecord};

/// A candidate as a person at the bench may see it now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ShownCandidate {
    /// Identity.
    pub id: CandidateId,
    /// Whether it was opened.
    pub looked_at: bool,
    /// Whether it was excluded at the thumbnail without being opened.
    pub at_thumbnail: bool,
    /// Whether the gallery has withdrawn its record since the search.
    pub withdrawn: bool,
    /// How many photographs of the subject there are.
    pub photos: usize,
    /// What was observed and drawn.
    pub comparison: Comparison,
    /// The reasons that the recorded components give.
    pub reasons: String,
    /// The person's own conclusion, as it stands.
    pub conclusion: Option<RecordedConclusion>,
    /// Whether it was changed, or given, after unveiling.
    pub changed: bool,
    /// The blind conclusion then, if there was one.
    pub blind: Option<RecordedConclusion>,
    /// Where the conclusion contradicts what was recorded.
    pub contradictions: Vec<String>,
    /// Rank, from 1, score and record: only after the examiner has unveiled.
    pub unveiled: Option<UnveiledCandidate>,
}

impl ShownCandidate {
    /// As a blind bench shows it: what `work` says of it, and nothing else.
    pub(crate) fn blind(work: &Work, id: CandidateId, photos: usize, withdrawn: bool) -> Self {
        let comparison = work.comparisons.get(&id).cloned().unwrap_or_default();
        Self {
            id,
            looked_at: work.looked_at.contains_key(&id),
            at_thumbnail: work.at_thumbnail.contains_key(&id) && !work.looked_at.contains_key(&id),
            withdrawn,
            photos,
            reasons: comparison.reasons(),
            comparison,
            conclusion: work.conclusions.get(&id).cloned(),
            changed: false,
            blind: None,
            contradictions: work.contradictions(id),
            unveiled: None,
        }
    }
}

/// What the gallery said of a candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct UnveiledCandidate {
    /// Place in the gallery's order, from 1.
    pub rank: usize,
    /// Score and record.
    pub record: Candidate,
}

pub(super) fn gap<T>(place: &str, missing: &str, why: &str) -> Result<T, Vec<Gap>> {
    Err(vec![Gap::new(place, missing, why)])
}

impl CaseFile {
    /// The candidates of `person`'s bench in their own order; scores and records only for the examiner, and
    /// only once unveiled.
    pub fn candidates(&self, person: &Person) -> Vec<ShownCandidate> {
        let (Some(search), Some(work)) = (self.search(), self.work_of(person)) else { return Vec::new() };
        let sight = self.sight(person);
        let examination = self.0.examination.as_ref().filter(|_| sight.seat == Some(Seat::Examiner));
        let unveiled = examination.filter(|_| sight.records).and_then(Examination::unveiled).map(|u| u.records(search));
        let record = |id| {
            let (at, record) = unveiled?.iter().enumerate().find(|(_, c)| c.id == id)?;
            Some(UnveiledCandidate { rank: at + 1, record: record.clone() })
        };
        let shown = work.shuffled(search).into_iter().map(|id| {
            let own = work.conclusions.get(&id);
            let standing = examination.and_then(|e| e.standing(id)).or(own);
            let photos = 1 + search.candidates().other_photos(id).len();
            ShownCandidate {
                conclusion: standing.cloned(),
                changed: standing != own,
                blind: own.filter(|own| standing != Some(own)).cloned(),
                unveiled: record(id),
                ..ShownCandidate::blind(work, id, photos, self.0.withdrawn.contains(&id))
            }
        });
        shown.collect()
    }

    /// What stands between `person`'s work and its end.
    pub fn bench_gaps(&self, person: &Person, now: Moment, policy: &Policy) -> Vec<Gap> {
        let (Some(search), Some(work)) = (self.search(), self.work_of(person)) else { return Vec::new() };
        let bench = Blind::resume(work.clone());
        if bench.work().analysis.recorded_at.is_none() {
            return bench.work().analysis.complete().err().unwrap_or_default();
        }
        if self.verifies(person) {
            return bench.hand_in(search, now).err().unwrap_or_default();
        }
        match &self.0.examination {
            Some(Examination::Blind(_)) => bench.conclude(search, now, policy).err().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Lets `person` work at their bench while it is blind.
    ///
    /// # Errors
    /// What `act` refuses, or a gap when there is no such bench or it is concluded; then nothing changes.
    pub fn at_bench<T>(
        &mut self,
        person: PersonId,
        act: impl FnOnce(&mut Blind, &dyn Listing) -> Result<T, Vec<Gap>>,
    ) -> Result<T, Vec<Gap>> {
        self.unsealed()?;
        let Some(search) = self.0.searches.last() else {
            return gap("search", say!("rule-examination-no-candidate-list-yet-search"), "");
        };
        if let Some(begun) = self.0.verifying.as_mut().and_then(|task| task.begun.as_mut())
            && begun.examiner.id == person
        {
            let mut bench = Blind::resume(begun.clone());
            let done = act(&mut bench, search)?;
            *begun = bench.into_work();
            return Ok(done);
        }
        match self.0.examination.as_mut() {
            Some(examination) if examination.work().examiner.id != person => gap(
                "examination",
                say!("rule-examination-another-examiner-comparison-second-opinion"),
                say!("rule-examination-two-people-do-not-know"),
            ),
            Some(Examination::Blind(bench)) => {
                let mut changed = bench.clone();
                let done = act(&mut changed, search)?;
                *bench = changed;
                Ok(done)
            }
            Some(_) => gap(
                "examination",
                say!("rule-examination-concluded-conclude-since-recorded-change"),
                say!("rule-examination-seen-cannot-unseen"),
            ),
            None => gap("search", say!("rule-examination-no-candidate-list-yet-search"), ""),
        }
    }

    /// The examination as whoever has the case answers for it once it is concluded, by whomever.
    pub(super) fn held_examination(&mut self, person: PersonId) -> Result<(&mut Examination, &SearchRecord), Vec<Gap>> {
        let concluded = self.0.examination.as_ref().filter(|e| e.concluded_at().is_some());
        let answers = match concluded {
            Some(examination) if self.took_over(person) => examination.work().examiner.id,
            _ => person,
        };
        self.own_examination(answers)
    }

    pub(super) fn own_examination(&mut self, person: PersonId) -> Result<(&mut Examination, &SearchRecord), Vec<Gap>> {
        self.unsealed()?;
        match (self.0.examination.as_mut(), self.0.searches.last()) {
            (Some(examination), Some(search)) if examination.work().examiner.id == person => Ok((examination, search)),
            _ => gap("examination", say!("rule-examination-no-here"), ""),
        }
    }

    /// Ends `person`'s blind examination; conclusions stand from here on. With no candidate kept, the
    /// disposition is preselected.
    ///
    /// # Errors
    /// Every gap of [`Blind::conclude`], and one for a lead that was unveiled to this examiner before, here or `elsewhere`.
    pub fn conclude(
        &mut self,
        person: PersonId,
        now: Moment,
        policy: &Policy,
        elsewhere: &Elsewhere,
    ) -> Result<(), Vec<Gap>> {
        self.recall(elsewhere);
        let (examination, search) = self.own_examination(person)?;
        let Examination::Blind(bench) = examination else {
            return gap("examination", say!("rule-examination-concluded-already"), "");
        };
        let concluded = bench.conclude(search, now, policy)?;
        let work = bench.work();
        let (lead, examiner) = (work.lead, work.examiner.clone());
        if let Some(gap) = lead.and_then(|lead| self.0.history.forbids(lead, &examiner, &self.0.searches, now)) {
            return Err(vec![gap]);
        }
        let (examination, _) = self.own_examination(person)?;
        *examination = Examination::Concluded(concluded);
        let none = examination.work().none_of_these;
        self.bind_entries();
        if none && self.0.note.disposition.is_none() {
            self.set_disposition(Some(Disposition::NoCandidate));
        }
        Ok(())
    }

    /// Shows scores and records to whoever has the case.
    ///
    /// # Errors
    /// A gap before the own conclusions are final.
    pub fn unveil(&mut self, person: PersonId, now: Moment) -> Result<(), Vec<Gap>> {
        let (examination, _) = self.held_examination(person)?;
        match examination {
            Examination::Concluded(concluded) => {
                *examination = Examination::Unveiled(concluded.clone().unveil(now));
                Ok(())
            }
            Examination::Blind(_) => gap(
                "examination",
                say!("rule-examination-conclude-first-scores-records-shown"),
                say!("rule-examination-displayed-score-shifts-people-see"),
            ),
            Examination::Unveiled(_) | Examination::Verified(_) => Ok(()),
        }
    }

    /// Changes a conclusion after unveiling.
    ///
    /// # Errors
    /// Every gap of [`Unveiled::change`](crate::Unveiled::change); a gap before unveiling, and once a verification was asked for.
    pub fn change_conclusion(
        &mut self,
        person: PersonId,
        candidate: CandidateId,
        conclusion: Conclusion,
        reason: &str,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        if self.0.verifying.is_some() {
            return gap(
                "verification",
                say!("rule-examination-verification-asked-conclusion-stands-wait"),
                say!("rule-examination-second-examiner-answers-one-question"),
            );
        }
        let (examination, search) = self.own_examination(person)?;
        match examination {
            Examination::Unveiled(unveiled) => unveiled.change(search, candidate, conclusion, reason, now),
            Examination::Blind(_) | Examination::Concluded(_) => {
                gap("examination", say!("rule-examination-unveil-first"), "")
            }
            Examination::Verified(_) => gap(
                "verification",
                say!("rule-examination-verified-conclusions-stand-disagreement-resolved"),
                say!("rule-examination-two-people-concluded-not-changed"),
            ),
        }
    }

    /// The proof of the fourth gate.
    pub(crate) fn concluded(&self, now: Moment, policy: &Policy) -> Result<ConcludedExamination, Vec<Gap>> {
        match (&self.0.examination, self.search()) {
            (Some(examination), Some(search)) => {
                examination.proven(search, now, policy)?.within(&self.0.history, &self.0.searches)
            }
            _ => gap(
                "search",
                say!("rule-examination-search-gallery"),
                say!("rule-examination-note-records-search-gave"),
            ),
        }
    }
}
