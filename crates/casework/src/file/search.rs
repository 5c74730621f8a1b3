use catalogue::say;
use department::{Gap, Gaps, Moment, Person, need};

use super::CaseFile;
use super::elsewhere::Elsewhere;
use crate::case::Confirmation;
use crate::examination::{Blind, Examination, GivenUp, SetAside};
use crate::ids::CandidateId;
use crate::note::withdrawn;
use crate::policy::Policy;
use crate::search::{SearchFilters, SearchPermit, SearchRecord, Sent};

/// Searches of one probe that need nobody's word; the next one is confirmed by a supervisor and referred to audit.
const SEARCHES_OF_ONE_PROBE: usize = 2;

impl CaseFile {
    /// The latest search.
    pub fn search(&self) -> Option<&SearchRecord> {
        self.0.searches.last()
    }

    /// Leave to search.
    ///
    /// # Errors
    /// Every gap of [`SearchPermit::grant`], or the gate before.
    pub fn permit(
        &self,
        examiner: &Person,
        filters: SearchFilters,
        now: Moment,
        policy: &Policy,
        elsewhere: &Elsewhere,
    ) -> Result<SearchPermit<'_>, Vec<Gap>> {
        self.unsealed()?;
        if let Some(gap) = self.further_search_gap(elsewhere) {
            return Err(vec![gap]);
        }
        match (&self.0.case, &self.0.probe) {
            (Some(case), Some(probe)) => SearchPermit::grant(case, probe, examiner, filters, now, policy),
            _ => Err(vec![Gap::new(
                "probe",
                say!("rule-search-complete-purpose-probe-first"),
                say!("rule-search-no-without-case-probe"),
            )]),
        }
    }

    /// A supervisor confirms a further search of the same probe.
    ///
    /// # Errors
    /// As [`CaseFile::confirm_flags`], and when no confirmation is needed.
    pub fn confirm_search(&mut self, supervisor: &Person, elsewhere: &Elsewhere, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let (next, made) = self.next_search(elsewhere);
        if made < SEARCHES_OF_ONE_PROBE {
            return Err(vec![Gap::new("search", say!("rule-search-needs-nobody-confirmation"), "")]);
        }
        self.0.search_confirmed = Some(Confirmation::of(next, supervisor, &self.working(), now)?);
        self.saw(supervisor, now);
        Ok(())
    }

    /// What a confirmation of the search that comes next is bound to, and how many were made of the probe.
    fn next_search(&self, elsewhere: &Elsewhere) -> (String, usize) {
        let made = self.answered_searches() + elsewhere.searches;
        (format!("search {}", made + 1), made)
    }

    /// What a search needs a supervisor's word for, if it does: the reason, for people.
    fn further_search_gap(&self, elsewhere: &Elsewhere) -> Option<Gap> {
        let (next, made) = self.next_search(elsewhere);
        let confirmed = self.0.search_confirmed.as_ref().is_some_and(|c| c.of == next);
        (made >= SEARCHES_OF_ONE_PROBE && !confirmed).then(|| {
            Gap::new(
                "search.supervisor",
                say!("rule-search-probe-searched-times-already-supervisor", made),
                say!("rule-search-repeated-until-somebody-comes-up"),
            )
        })
    }

    /// Records that a search is sent now. Case, purpose and probe stand from here on, whatever comes back.
    ///
    /// # Errors
    /// Every gap of [`CaseFile::permit`].
    pub fn send_search(
        &mut self,
        examiner: &Person,
        filters: SearchFilters,
        now: Moment,
        policy: &Policy,
        elsewhere: &Elsewhere,
    ) -> Result<(), Vec<Gap>> {
        self.permit(examiner, filters, now, policy, elsewhere)?;
        self.0.sent.push(Sent { by: examiner.reference(), at: now });
        Ok(())
    }

    /// Takes in a search's list and begins its blind examination. Earlier searches stay on record, and so do their
    /// examinations with all that was seen in them.
    ///
    /// # Errors
    /// A gap when the note is sealed, when no search was sent, and for a list that is not of this case's purpose and probe.
    pub fn add_search(&mut self, search: SearchRecord, shuffle_seed: u32) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let mut gaps = Gaps::new();
        let sent = self.0.sent.iter().any(|sent| sent.by == *search.by() && sent.at <= search.at());
        let fits = matches!((&self.0.case, &self.0.probe), (Some(case), Some(probe)) if search.is_of(case, probe));
        need!(
            gaps,
            sent && fits && !self.0.searches.iter().any(|known| known.id() == search.id()),
            "search",
            say!("rule-search-list-does-not-answer-sent"),
            say!("rule-case-record-must-show-searched-why"),
        );
        gaps.into_result(|| ())?;
        if let Some(examination) = self.0.examination.take() {
            self.0.history.set_aside.push(SetAside { examination, at: search.at() });
        }
        if let Some(work) = self.0.verifying.take().and_then(|task| task.begun) {
            self.0.history.given_up.push(GivenUp { work, by: search.by().clone(), at: search.at() });
        }
        self.0.examination = Some(Examination::Blind(Blind::begin(search.id(), search.by().clone(), shuffle_seed)));
        self.0.searches.push(search);
        Ok(())
    }

    /// Notes that the gallery has withdrawn candidates of the latest search; `false` when that was known, the case is
    /// sealed, or they are not on its list.
    pub fn withdraw(&mut self, candidates: &[CandidateId]) -> bool {
        let Some(search) = self.0.searches.last().filter(|_| self.0.sealed.is_none()) else { return false };
        let listed = candidates
            .iter()
            .filter(|c| search.candidates().ids().any(|id| id == **c) && !self.0.withdrawn.contains(c));
        let fresh: Vec<CandidateId> = listed.copied().collect();
        self.0.withdrawn.extend(&fresh);
        !fresh.is_empty()
    }

    /// What an examiner must know of withdrawn candidates, in a sentence.
    pub fn withdrawn_in_words(&self) -> Option<String> {
        let lead = self.0.examination.as_ref().and_then(|e| e.work().lead);
        withdrawn(&self.0.withdrawn, lead.filter(|lead| self.0.withdrawn.contains(lead)).is_some())
    }
}
