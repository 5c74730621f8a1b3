use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, need};

use super::filters::{FilterKind, SearchFilters, why_filters};
use crate::case::Case;
use crate::policy::Policy;
use crate::probe::ProbeRecord;

impl SearchFilters {
    fn gaps(&self, policy: &Policy) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let by_years = self.captured_from.is_some() || self.captured_until.is_some();
        for (used, kind, name) in [
            (!self.agencies.is_empty(), FilterKind::Agency, "agency"),
            (by_years, FilterKind::CaptureYears, say!("rule-search-capture-years")),
        ] {
            need!(
                gaps,
                !used || policy.search.filters.contains(&kind),
                "search.filters",
                say!("rule-search-department-does-not-allow-filter", name),
                why_filters(),
            );
        }
        gaps.extend(self.malformed());
        gaps.into_result(|| ()).err().unwrap_or_default()
    }
}

/// Leave to run one search. Exists only when purpose, probe and training allow it.
#[derive(Debug)]
pub struct SearchPermit<'a> {
    case: &'a Case,
    probe: &'a ProbeRecord,
    by: PersonRef,
    filters: SearchFilters,
    candidates: u16,
    policy: String,
}

impl<'a> SearchPermit<'a> {
    /// Opens the third gate.
    ///
    /// # Errors
    /// The gaps that forbid the search: training, or a purpose the policy no longer allows.
    pub fn grant(
        case: &'a Case,
        probe: &'a ProbeRecord,
        examiner: &Person,
        filters: SearchFilters,
        now: Moment,
        policy: &Policy,
    ) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.extend(examiner.may_search(&policy.training, now.day()).err().unwrap_or_default());
        gaps.extend(filters.gaps(policy));
        if let Some(law) = policy.purpose_forbidden(case.purpose(), now.day()) {
            gaps.push(Gap::new(
                "purpose.purpose",
                say!("rule-search-department-no-longer-allows-purpose", law),
                say!("rule-case-department-policy-local-law-decide"),
            ));
        }
        need!(
            gaps,
            probe.imported_at() <= now,
            "probe.captured_at",
            say!("rule-search-workstation-clock-stands-before-probe"),
            say!("rule-probe-times-must-order-event-capture"),
        );
        let (candidates, policy) = (policy.search.candidates, policy.sha256.clone());
        gaps.into_result(|| Self { case, probe, by: examiner.reference(), filters, candidates, policy })
    }

    /// The case.
    pub fn case(&self) -> &Case {
        self.case
    }

    /// The probe.
    pub fn probe(&self) -> &ProbeRecord {
        self.probe
    }

    /// Who searches.
    pub fn by(&self) -> &PersonRef {
        &self.by
    }

    /// Which records are searched.
    pub fn filters(&self) -> &SearchFilters {
        &self.filters
    }

    /// SHA-256 of the policy in force.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// How many candidates to ask for.
    pub fn candidates(&self) -> u16 {
        self.candidates
    }
}
