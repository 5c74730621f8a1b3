//! The examiner and the verifier at the candidates: what is opened, observed, concluded and unveiled.

use casework::{
    Blind, CandidateId, CaseFile, CaseId, Comparison, Conclusion, Gap, Listing, Moment, ProbeAnalysis, RequestId,
    ViewSettings, Work,
};

use crate::error::Outcome;
use crate::photographs::{Wanted, keeps_list};
use crate::views::Answer;
use crate::workstation::{Blocking, Workstation};

impl Workstation {
    /// Waits until a candidate's photograph is there to be seen; whether it is seen for the first time.
    async fn sees(&self, id: CaseId, candidate: CandidateId) -> Outcome<bool> {
        let first = self
            .run(move |s| {
                let new = |work: &Work| !work.looked_at.contains_key(&candidate);
                s.look_as(|v, person, _| {
                    if let Some(asked) = v.requested(RequestId(id.0), person)? {
                        return Ok(asked.work_of(person).is_some_and(new));
                    }
                    Ok(v.case::<CaseFile>(id)?.work_of(person).is_some_and(new))
                })
            })
            .await?;
        if first {
            self.geometry(id, Wanted::Candidate { candidate, photo: 0 }).await?;
        }
        Ok(first)
    }

    /// Has the gallery give the candidate's photographs whole, the first time that this person opens it and may. Whether
    /// that is to be noted at a blind bench, once the photograph is shown.
    pub(crate) async fn open_first(&self, id: CaseId, candidate: CandidateId) -> Outcome<bool> {
        let asking = self
            .run(move |s| {
                let opening = s.look_as(|v, person, _| {
                    if let Some(asked) = v.requested(RequestId(id.0), person)? {
                        // Its photographs came whole.
                        let first = asked.work_of(person).is_some_and(|work| !work.looked_at.contains_key(&candidate));
                        let shown = asked.photograph(person, candidate, 0).is_some();
                        return Ok((first && shown).then_some((true, None)));
                    }
                    let file: CaseFile = v.case(id)?;
                    let first = file.work_of(person).is_some_and(|work| !work.looked_at.contains_key(&candidate));
                    if !first || !file.shows_candidate(person, candidate) {
                        return Ok(None);
                    }
                    let noted =
                        file.verifies(person) || file.examination.as_ref().is_some_and(|e| e.concluded_at().is_none());
                    // What came with the case is whole.
                    let search = if keeps_list(v, &file)? { None } else { file.search().map(|search| search.id().0) };
                    Ok(Some((noted, search)))
                })?;
                let Some((noted, search)) = opening else { return Ok(None) };
                Ok(Some((noted, search.map(|search| s.client().map(|client| (search, client))).transpose()?)))
            })
            .await?;
        let Some((noted, asking)) = asking else { return Ok(false) };
        if let Some((search, client)) = asking {
            match client.opened(search, candidate.0).await {
                // Withdrawn since, or of another token: what can still be seen of it is seen.
                Err(error) if error.problem().is_some_and(|p| p.status == 404) => return Ok(noted),
                opened => opened?,
            }
            self.0.photographs.forget_small(candidate);
        }
        Ok(noted)
    }

    /// Notes that a candidate was seen large: it is opened, whichever way the picture was asked for.
    pub(crate) async fn seen_large(&self, id: CaseId, candidate: CandidateId) -> Outcome<()> {
        self.run(move |s| s.opened(id, candidate).map(drop)).await
    }

    /// Opens a candidate in the comparison: noted only when its photograph is there to be seen.
    pub async fn look_at(&self, id: CaseId, candidate: CandidateId) -> Outcome<Answer> {
        self.open_first(id, candidate).await?;
        let first = self.sees(id, candidate).await?;
        self.run(move |s| if first { s.opened(id, candidate) } else { s.bench_answer(id) }).await
    }

    /// Keeps what is observed of a candidate beside the probe.
    pub async fn compare(&self, id: CaseId, candidate: CandidateId, comparison: Comparison) -> Outcome<Answer> {
        self.at_candidate(id, candidate, None, move |bench, search, _| bench.compare(search, candidate, comparison))
            .await
    }

    /// Notes how two photographs were laid over each other.
    pub async fn log_view(&self, id: CaseId, candidate: CandidateId, view: ViewSettings) -> Outcome<Answer> {
        self.at_candidate(id, candidate, None, move |bench, search, now| bench.log_view(search, candidate, view, now))
            .await
    }

    /// Concludes on a candidate, or takes that back.
    pub async fn conclude_on(
        &self,
        id: CaseId,
        candidate: CandidateId,
        conclusion: Option<Conclusion>,
        reason: String,
    ) -> Outcome<Answer> {
        self.at_candidate(id, candidate, Some("candidate-concluded"), move |bench, search, now| {
            bench.conclude_on(search, candidate, conclusion, &reason, now)
        })
        .await
    }

    /// Works on a candidate at the signed-in person's blind bench: nobody observes or concludes on what could not be
    /// shown.
    async fn at_candidate(
        &self,
        id: CaseId,
        candidate: CandidateId,
        audited: Option<&'static str>,
        act: impl FnOnce(&mut Blind, &dyn Listing, Moment) -> Result<(), Vec<Gap>> + Send + 'static,
    ) -> Outcome<Answer> {
        self.sees(id, candidate).await?;
        self.run(move |s| s.at_bench(id, audited, act)).await
    }
}

impl Blocking<'_> {
    /// Works at the signed-in person's blind bench.
    pub(crate) fn at_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        act: impl FnOnce(&mut Blind, &dyn Listing, Moment) -> Result<(), Vec<Gap>>,
    ) -> Outcome<Answer> {
        if self.is_requested(id)? {
            return self.change_requested(id, audited, |asked, person, now| {
                Ok(asked.at_bench(person, |b, s| act(b, s, now))?)
            });
        }
        self.change_bench(id, audited, |file, person, now| Ok(file.at_bench(person.id, |b, s| act(b, s, now))?))
    }

    /// The bench `id` as it stands.
    fn bench_answer(&self, id: CaseId) -> Outcome<Answer> {
        self.look_as(|v, person, _| {
            if let Some(asked) = v.requested(RequestId(id.0), person)? {
                return Ok(self.requested_answer(&asked, person));
            }
            Ok(self.answer(&v.case(id)?, person))
        })
    }

    fn opened(&self, id: CaseId, candidate: CandidateId) -> Outcome<Answer> {
        self.at_bench(id, Some("candidate-opened"), |bench, search, now| bench.look_at(search, candidate, now))
    }

    /// Keeps what is typed of the probe's analysis.
    pub fn edit_analysis(&self, id: CaseId, analysis: ProbeAnalysis) -> Outcome<Answer> {
        self.at_bench(id, None, |bench, _, _| bench.edit_analysis(analysis))
    }

    /// Records the probe's analysis: it stands from here on.
    pub fn record_analysis(&self, id: CaseId) -> Outcome<Answer> {
        self.at_bench(id, Some("probe-analysed"), |bench, _, now| bench.record_analysis(now))
    }

    /// Keeps a candidate as the lead, or nobody.
    pub fn keep(&self, id: CaseId, candidate: Option<CandidateId>) -> Outcome<Answer> {
        self.at_bench(id, Some("lead-kept"), |bench, _, _| {
            bench.keep(candidate);
            Ok(())
        })
    }

    /// Says that the person is none of these, or takes that back.
    pub fn none_of_these(&self, id: CaseId, none: bool) -> Outcome<Answer> {
        self.at_bench(id, Some("none-of-these"), |bench, _, _| {
            bench.none_of_these(none);
            Ok(())
        })
    }

    /// Concludes the examination.
    pub fn conclude(&self, id: CaseId) -> Outcome<Answer> {
        self.change_knowing_bench(id, Some("examination-concluded"), |file, person, now, elsewhere| {
            Ok(file.conclude(person.id, now, &self.policy(), elsewhere)?)
        })
    }

    /// Shows scores and records; a refusal is on record.
    pub fn unveil(&self, id: CaseId) -> Outcome<Answer> {
        self.change_bench(id, Some("examination-unveiled"), |file, person, now| Ok(file.unveil(person.id, now)?))
            .inspect_err(|error| self.audit_refusal("unveiling-refused", id, error))
    }

    /// Changes a conclusion after unveiling: both stand.
    pub fn change_conclusion(
        &self,
        id: CaseId,
        candidate: CandidateId,
        conclusion: Conclusion,
        reason: &str,
    ) -> Outcome<Answer> {
        self.change_bench(id, Some("changed-after-unveiling"), |file, person, now| {
            Ok(file.change_conclusion(person.id, candidate, conclusion, reason, now)?)
        })
    }
}
