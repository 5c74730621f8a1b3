//! What happens to a case file at the bench: examination, unveiling, verification. Who acts is told by
//! identity; an examiner and a verifier each reach their own work and never the other's.

use serde::Serialize;

use crate::{
    Blind, Candidate, CandidateId, CaseFile, Comparison, ConcludedExamination, Conclusion, Conference, Disposition,
    Elsewhere, Examination, Gap, Gaps, GivenUp, Moment, Outcome, Person, PersonId, PersonRef, Policy,
    RecordedConclusion, SearchRecord, Seat, VerificationTask,
};

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

/// What the gallery said of a candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct UnveiledCandidate {
    /// Place in the gallery's order, from 1.
    pub rank: usize,
    /// Score and record.
    pub record: Candidate,
}

/// Where the verification of a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum VerificationState {
    /// The examination is not unveiled yet.
    NotYet,
    /// There is no lead to verify.
    NoLead,
    /// It can be asked for.
    Open,
    /// It was asked for; nobody has begun.
    Asked,
    /// A second examiner compares.
    Begun,
    /// It was handed in.
    Done,
}

fn gap<T>(place: &str, missing: &str, why: &str) -> Result<T, Vec<Gap>> {
    Err(vec![Gap::new(place, missing, why)])
}

impl CaseFile {
    /// The candidates of `person`'s bench in their own order; scores and records only for the examiner, and
    /// only once unveiled.
    pub fn candidates(&self, person: &Person) -> Vec<ShownCandidate> {
        let (Some(search), Some(work)) = (self.search(), self.work_of(person)) else { return Vec::new() };
        let sight = self.sight(person);
        let examination = self.examination.as_ref().filter(|_| sight.seat == Some(Seat::Examiner));
        let unveiled = examination.filter(|_| sight.records).and_then(Examination::unveiled).map(|u| u.records(search));
        let record = |id| {
            let (at, record) = unveiled?.iter().enumerate().find(|(_, c)| c.id == id)?;
            Some(UnveiledCandidate { rank: at + 1, record: record.clone() })
        };
        let shown = work.shuffled(search).into_iter().map(|id| {
            let comparison = work.comparisons.get(&id).cloned().unwrap_or_default();
            let own = work.conclusions.get(&id);
            let standing = examination.and_then(|e| e.standing(id)).or(own);
            ShownCandidate {
                id,
                looked_at: work.looked_at.contains_key(&id),
                at_thumbnail: work.at_thumbnail.contains_key(&id) && !work.looked_at.contains_key(&id),
                withdrawn: self.withdrawn.contains(&id),
                photos: 1 + search.candidates.other_photos(id).len(),
                reasons: comparison.reasons(),
                comparison,
                conclusion: standing.cloned(),
                changed: standing != own,
                blind: own.filter(|own| standing != Some(own)).cloned(),
                contradictions: work.contradictions(id),
                unveiled: record(id),
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
        match &self.examination {
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
        act: impl FnOnce(&mut Blind, &SearchRecord) -> Result<T, Vec<Gap>>,
    ) -> Result<T, Vec<Gap>> {
        self.unsealed()?;
        let Some(search) = self.searches.last() else {
            return gap("search", "There is no candidate list yet. Search first.", "");
        };
        if let Some(begun) = self.verifying.as_mut().and_then(|task| task.begun.as_mut())
            && begun.examiner.id == person
        {
            let mut bench = Blind::resume(begun.clone());
            let done = act(&mut bench, search)?;
            *begun = bench.into_work();
            return Ok(done);
        }
        match self.examination.as_mut() {
            Some(examination) if examination.work().examiner.id != person => gap(
                "examination",
                "This is another examiner's comparison. A second opinion is asked for as a verification.",
                "Two people who do not know each other's answer err less than one.",
            ),
            Some(Examination::Blind(bench)) => {
                let mut changed = bench.clone();
                let done = act(&mut changed, search)?;
                *bench = changed;
                Ok(done)
            }
            Some(_) => gap(
                "examination",
                "The examination is concluded. What you conclude since is recorded as a change after unveiling.",
                "What was seen cannot be unseen.",
            ),
            None => gap("search", "There is no candidate list yet. Search first.", ""),
        }
    }

    fn own_examination(&mut self, person: PersonId) -> Result<(&mut Examination, &SearchRecord), Vec<Gap>> {
        self.unsealed()?;
        match (self.examination.as_mut(), self.searches.last()) {
            (Some(examination), Some(search)) if examination.work().examiner.id == person => Ok((examination, search)),
            _ => gap("examination", "There is no examination of yours here.", ""),
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
            return gap("examination", "The examination is concluded already.", "");
        };
        let concluded = bench.conclude(search, now, policy)?;
        let work = bench.work();
        let (lead, examiner) = (work.lead, work.examiner.clone());
        if let Some(gap) = lead.and_then(|lead| self.history.forbids(lead, &examiner, &self.searches, now)) {
            return Err(vec![gap]);
        }
        let (examination, _) = self.own_examination(person)?;
        *examination = Examination::Concluded(concluded);
        let none = examination.work().none_of_these;
        self.bind_entries();
        if none && self.note.disposition.is_none() {
            self.set_disposition(Some(Disposition::NoCandidate));
        }
        Ok(())
    }

    /// Shows scores and records to the examiner.
    ///
    /// # Errors
    /// A gap before the own conclusions are final.
    pub fn unveil(&mut self, person: PersonId, now: Moment) -> Result<(), Vec<Gap>> {
        let (examination, _) = self.own_examination(person)?;
        match examination {
            Examination::Concluded(concluded) => {
                *examination = Examination::Unveiled(concluded.clone().unveil(now));
                Ok(())
            }
            Examination::Blind(_) => gap(
                "examination",
                "Conclude first: scores and records are shown after your own conclusions are final.",
                "A displayed score shifts what people see.",
            ),
            Examination::Unveiled(_) | Examination::Verified(_) => Ok(()),
        }
    }

    /// Changes a conclusion after unveiling.
    ///
    /// # Errors
    /// Every gap of [`crate::Unveiled::change`]; a gap before unveiling, and once a verification was asked for.
    pub fn change_conclusion(
        &mut self,
        person: PersonId,
        candidate: CandidateId,
        conclusion: Conclusion,
        reason: &str,
        now: Moment,
    ) -> Result<(), Vec<Gap>> {
        if self.verifying.is_some() {
            return gap(
                "verification",
                "A verification was asked for on the conclusion as it stands. Wait for it, or withdraw it first.",
                "The second examiner answers to one question, and it may not change meanwhile.",
            );
        }
        let (examination, search) = self.own_examination(person)?;
        match examination {
            Examination::Unveiled(unveiled) => unveiled.change(search, candidate, conclusion, reason, now),
            Examination::Blind(_) | Examination::Concluded(_) => gap("examination", "Unveil first.", ""),
            Examination::Verified(_) => gap(
                "verification",
                "The examination was verified; its conclusions stand. A disagreement is resolved in a conference.",
                "What two people concluded is not changed by one.",
            ),
        }
    }

    /// Where the verification stands.
    pub fn verification_state(&self) -> VerificationState {
        match (&self.examination, &self.verifying) {
            (Some(Examination::Verified(_)), _) => VerificationState::Done,
            (Some(Examination::Unveiled(_)), Some(VerificationTask { begun: Some(_), .. })) => VerificationState::Begun,
            (Some(Examination::Unveiled(_)), Some(_)) => VerificationState::Asked,
            (Some(Examination::Unveiled(unveiled)), None) => match unveiled.outcome() {
                Outcome::Lead { conclusion, .. } if conclusion.carries_a_lead() => VerificationState::Open,
                _ => VerificationState::NoLead,
            },
            (Some(Examination::Concluded(c)), _) if c.has_no_lead() => VerificationState::NoLead,
            _ => VerificationState::NotYet,
        }
    }

    /// Asks for the blind verification of the lead: it goes among the others whose scores are nearest.
    ///
    /// # Errors
    /// A gap without an unveiled lead, and when the list is too short to hide it.
    pub fn ask_verification(&mut self, person: &PersonRef, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        let fillers = policy.examination.verification_fillers;
        let state = self.verification_state();
        let (examination, search) = self.own_examination(person.id)?;
        let (VerificationState::Open, Some(lead)) = (state, examination.work().lead) else {
            return gap("verification", "There is no unveiled lead that waits for a verification.", "");
        };
        let mut among = search.candidates.nearest_to(lead, fillers);
        if among.len() < fillers {
            let text = format!(
                "The list has {} other candidates; a verifier must get at least {fillers} beside the lead. Search a larger gallery.",
                among.len()
            );
            return gap("verification", &text, "A list of one tells the verifier what to answer.");
        }
        among.push(lead);
        among.sort();
        self.verifying = Some(VerificationTask { asked_by: person.clone(), asked_at: now, among, begun: None });
        Ok(())
    }

    /// Takes the question back; a verifier's work that was begun stays on record, and what it says of the lead follows it.
    ///
    /// # Errors
    /// A gap for anybody but the examiner.
    pub fn withdraw_verification(&mut self, person: PersonId, now: Moment) -> Result<(), Vec<Gap>> {
        let by = self.own_examination(person)?.0.work().examiner.clone();
        if let Some(work) = self.verifying.take().and_then(|task| task.begun) {
            self.history.given_up.push(GivenUp { work, by, at: now });
        }
        Ok(())
    }

    /// `person` takes up the verification: a bench of their own, in an order of their own.
    ///
    /// # Errors
    /// A gap for the examiner and for who began the case, without a current training, and when another has
    /// taken it up.
    pub fn begin_verification(
        &mut self,
        person: &Person,
        shuffle_seed: u32,
        now: Moment,
        policy: &Policy,
    ) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let mut gaps = Gaps::new();
        gaps.extend(person.may_search(&policy.training, now.day()).err().unwrap_or_default());
        let (Some(task), Some(search), Some(examination)) =
            (self.verifying.as_mut(), self.searches.last(), &self.examination)
        else {
            return gap("verification", "No verification is asked for here any more.", "");
        };
        let me = person.reference();
        let own = [&task.asked_by, &self.opened_by, &examination.work().examiner].into_iter().any(|p| p.is_same(&me));
        let seen = self.seen_by.iter().any(|s| s.by.is_same(&me)) || self.history.saw(&me);
        gaps.need(
            !seen,
            "verification",
            "You have seen of this case before: you cannot verify it. Another trained examiner must.",
            "A second opinion is worth something only from somebody who does not know the first.",
        );
        gaps.need(
            !own,
            "verification",
            "This is your own case: you cannot verify it. Another trained examiner must.",
            "Separation of duties: nobody verifies the own work.",
        );
        gaps.need(
            task.begun.as_ref().is_none_or(|work| work.examiner.is_same(&me)),
            "verification",
            "Another examiner has taken this comparison up already.",
            "",
        );
        gaps.into_result(|| {
            if task.begun.is_none() {
                let bench = Blind::begin(search.id, person.reference(), shuffle_seed).among(task.among.clone());
                task.begun = Some(bench.into_work());
            }
        })
    }

    /// The verifier hands in; the agreement is computed.
    ///
    /// # Errors
    /// Every gap of [`crate::Unveiled::verified`].
    pub fn hand_in(&mut self, person: &PersonRef, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        if self.seen_by.iter().any(|s| s.by.is_same(person)) || self.history.saw(person) {
            return gap(
                "verification",
                "You have seen of this case since you began: what you compared can no longer verify it.",
                "A second opinion is worth something only from somebody who does not know the first.",
            );
        }
        let second = self.verifying.as_ref().and_then(|task| task.bench_of(person));
        let (Some(second), Some(Examination::Unveiled(unveiled)), Some(search)) =
            (second, &self.examination, self.searches.last())
        else {
            return gap("verification", "There is no verification of yours to hand in.", "");
        };
        let verified = unveiled.clone().verified(second, search, now, policy)?;
        self.examination = Some(Examination::Verified(verified));
        self.verifying = None;
        Ok(())
    }

    /// Records the conference that resolves a disagreement.
    ///
    /// # Errors
    /// A gap without an open disagreement, or when it is not held by examiner and verifier.
    pub fn confer(&mut self, person: PersonId, conference: Conference) -> Result<(), Vec<Gap>> {
        let (examination, _) = self.own_examination(person)?;
        let examiner = examination.work().examiner.clone();
        match examination {
            Examination::Verified(verified) => verified.verification_mut().confer(&examiner, conference),
            _ => gap("verification.conference", "There is no verification to confer about.", ""),
        }
    }

    /// The proof of the fourth gate.
    pub(crate) fn concluded(&self, now: Moment, policy: &Policy) -> Result<ConcludedExamination, Vec<Gap>> {
        match (&self.examination, self.search()) {
            (Some(examination), Some(search)) => {
                examination.proven(search, now, policy)?.within(&self.history, &self.searches)
            }
            _ => gap("search", "Search the gallery.", "A note records what a search gave."),
        }
    }
}
