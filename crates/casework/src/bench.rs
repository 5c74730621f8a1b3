//! What happens to a case file at the bench: examination, unveiling, verification. Who acts is told by
//! identity; an examiner and a verifier each reach their own work and never the other's.

use serde::Serialize;

use crate::{
    Blind, Candidate, CandidateId, CaseFile, Comparison, ConcludedExamination, Conclusion, Conference, Disposition,
    Examination, Gap, Gaps, Moment, Outcome, Person, PersonId, PersonRef, Policy, RecordedConclusion, Role,
    SearchRecord, VerificationTask, Work,
};

/// A candidate as a person at the bench may see it now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ShownCandidate {
    /// Identity.
    pub id: CandidateId,
    /// Whether it was opened.
    pub looked_at: bool,
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
    /// Whether `person` may read and change this case: who began it, and who examines its list. A second
    /// examiner may not: what they would read there is what they must not know.
    ///
    /// # Errors
    /// A gap that says whose case it is.
    pub fn may_open(&self, person: &Person) -> Result<(), Vec<Gap>> {
        person.may_open_cases()?;
        let own = self.opened_by.id == person.id;
        if own || self.examination.as_ref().is_some_and(|e| e.work().examiner.id == person.id) {
            return Ok(());
        }
        let text = format!(
            "This is {}'s case. You can be asked to verify its lead, blind; then it stands among your comparisons.",
            self.opened_by.name
        );
        gap("case", &text, "A second opinion is worth something only from somebody who does not know the first.")
    }

    /// Whether `person` may read the sealed note: whoever may open the case, and supervisors.
    pub fn may_read_note(&self, person: &Person) -> bool {
        self.may_open(person).is_ok() || (self.sealed.is_some() && person.is(Role::Supervisor))
    }

    /// The work of `person` in this case: as verifier, or as examiner.
    pub fn work_of(&self, person: PersonId) -> Option<&Work> {
        let second = self.verifying.as_ref().and_then(|task| task.begun.as_ref());
        let own = second.into_iter().chain(self.examination.as_ref().map(Examination::work));
        own.into_iter().find(|work| work.examiner.id == person)
    }

    /// Whether `person`'s work here is a verification.
    pub fn verifies(&self, person: PersonId) -> bool {
        let begun = self.verifying.as_ref().and_then(|task| task.begun.as_ref());
        begun.is_some_and(|work| work.examiner.id == person)
    }

    /// Whether `person` may see the probe.
    pub fn shows_probe(&self, person: &Person) -> bool {
        self.may_read_note(person) || self.work_of(person.id).is_some()
    }

    /// Whether `person` may see `candidate`'s photographs now.
    pub fn shows_candidate(&self, person: &Person, candidate: CandidateId) -> bool {
        let Some(search) = self.search() else { return false };
        // Whoever may read the sealed note may see what it is about.
        let lead = self.examination.as_ref().filter(|e| e.unveiled().is_some()).and_then(|e| e.work().lead);
        if self.sealed.is_some() && lead == Some(candidate) && self.may_read_note(person) {
            return true;
        }
        self.work_of(person.id).is_some_and(|work| work.may_show(search, candidate))
    }

    /// The candidates of `person`'s bench in their own order; scores and records only for the examiner, and
    /// only once unveiled.
    pub fn candidates(&self, person: PersonId) -> Vec<ShownCandidate> {
        let (Some(search), Some(work)) = (self.search(), self.work_of(person)) else { return Vec::new() };
        let examination = self.examination.as_ref().filter(|_| !self.verifies(person));
        let unveiled = examination.and_then(Examination::unveiled).map(|u| u.records(search));
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
    pub fn bench_gaps(&self, person: PersonId, now: Moment, policy: &Policy) -> Vec<Gap> {
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
    /// Every gap of [`Blind::conclude`].
    pub fn conclude(&mut self, person: PersonId, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        let (examination, search) = self.own_examination(person)?;
        let Examination::Blind(bench) = examination else {
            return gap("examination", "The examination is concluded already.", "");
        };
        let concluded = bench.conclude(search, now, policy)?;
        *examination = Examination::Concluded(concluded);
        let none = examination.work().none_of_these;
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

    /// Takes the question back; a verifier's work that was begun is given up.
    ///
    /// # Errors
    /// A gap for anybody but the examiner.
    pub fn withdraw_verification(&mut self, person: PersonId) -> Result<(), Vec<Gap>> {
        self.own_examination(person)?;
        self.verifying = None;
        Ok(())
    }

    /// Whether `person` can take up the verification that waits here, or has.
    pub fn waits_for(&self, person: &Person) -> bool {
        let Some(task) = self.verifying.as_ref().filter(|_| self.sealed.is_none()) else { return false };
        match &task.begun {
            Some(work) => work.examiner.id == person.id,
            None => task.asked_by.id != person.id && self.opened_by.id != person.id && person.is(Role::Examiner),
        }
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
        gaps.extend(person.may_search(policy, now.day()).err().unwrap_or_default());
        let (Some(task), Some(search), Some(examination)) =
            (self.verifying.as_mut(), self.searches.last(), &self.examination)
        else {
            return gap("verification", "No verification is asked for here any more.", "");
        };
        let own = [task.asked_by.id, self.opened_by.id, examination.work().examiner.id].contains(&person.id);
        gaps.need(
            !own,
            "verification",
            "This is your own case: you cannot verify it. Another trained examiner must.",
            "Separation of duties: nobody verifies the own work.",
        );
        gaps.need(
            task.begun.as_ref().is_none_or(|work| work.examiner.id == person.id),
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
            (Some(examination), Some(search)) => examination.proven(search, now, policy),
            _ => gap("search", "Search the gallery.", "A note records what a search gave."),
        }
    }
}
