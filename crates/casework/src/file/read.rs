//! A case is taken in from storage through a gate of its own: what its records say of each other must fit.

use catalogue::say;
use department::{Gap, Gaps, need};
use serde::{Deserialize, Deserializer};

use super::{CaseFile, Kept};
use crate::case::{Case, Handover};
use crate::policy::Policy;
use crate::probe::ProbeRecord;
use crate::text::refused;

impl<'de> Deserialize<'de> for CaseFile {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        CaseFile::read(Kept::deserialize(from)?).map_err(|gaps| refused("case", &gaps))
    }
}

impl CaseFile {
    /// Takes in what was kept of a case. Each record in it has passed its own gate when it was read; here they are held
    /// against each other. What was typed and not confirmed is anybody's.
    ///
    /// # Errors
    /// A [`Gap`] for each record that is not of this case, its probe or its searches.
    pub fn read(kept: Kept) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = || say!("rule-case-what-is-kept-fits");
        need!(
            gaps,
            kept.case.as_ref().is_none_or(|case| case.id() == kept.id),
            "purpose",
            say!("rule-case-kept-of-another"),
            why()
        );
        if let Some(probe) = &kept.probe {
            kept.proves_probe(probe, &mut gaps);
        }
        need!(gaps, kept.searches_fit(), "search", say!("rule-note-search-another-purpose-probe-time"), why());
        need!(gaps, kept.examinations_fit(), "examination", say!("rule-case-kept-examination-of-another"), why());
        need!(gaps, kept.handovers_fit(), "handover", say!("rule-handover-do-not-follow"), why());
        gaps.into_result(|| Self(kept))
    }
}

impl Kept {
    fn proves_probe(&self, probe: &ProbeRecord, gaps: &mut Gaps) {
        match &self.case {
            Some(case) => gaps.also(probe.proven(case, &Policy::laxest())),
            None => gaps.push(Gap::new(
                "probe",
                say!("rule-probe-complete-case-purpose-first"),
                say!("rule-probe-no-without-case"),
            )),
        }
        let same = self.image.as_ref().map(|image| &image.facts) == Some(probe.image())
            && self.further.iter().map(|one| &one.image.facts).eq(probe.further().iter().map(|one| &one.image));
        need!(gaps, same, "probe", say!("rule-case-kept-probe-of-another"), say!("rule-case-what-is-kept-fits"));
    }

    /// Whether each search is of this case's purpose and probe, and none stands there twice.
    fn searches_fit(&self) -> bool {
        let fits = |case: &Case, probe: &ProbeRecord| {
            self.searches.iter().enumerate().all(|(at, search)| {
                search.is_of(case, probe)
                    && case.opened_at() <= search.at()
                    && !self.searches.iter().take(at).any(|before| before.id() == search.id())
            })
        };
        self.searches.is_empty() || matches!((&self.case, &self.probe), (Some(case), Some(probe)) if fits(case, probe))
    }

    /// Whether it was handed over by whoever had it, from who began it on.
    fn handovers_fit(&self) -> bool {
        let all = &self.history.handed_over;
        all.first().is_none_or(|first| first.from.is_same(&self.opened_by)) && Handover::follow(all)
    }

    /// Whether the examination is of the latest search, and each that was set aside of one before it was.
    fn examinations_fit(&self) -> bool {
        let latest = self.searches.last().map(|search| search.id());
        let examined = self.examination.as_ref().map(|examination| examination.work().search);
        examined == latest && self.history.fits(&self.searches)
    }
}
