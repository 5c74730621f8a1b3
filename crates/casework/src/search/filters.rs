use catalogue::say;
use department::{Day, Gap, Gaps, need};
use serde::{Deserialize, Serialize};

/// Why filters are kept few.
pub(super) fn why_filters() -> &'static str {
    say!("rule-search-not-searched-cannot-found")
}

/// Which records are searched. There is no filter by sex, race or age: those guessed from a face are
/// never asked for. A record whose value is not known is always searched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct SearchFilters {
    /// Only records of these agencies (ORI); empty means all.
    pub agencies: Vec<String>,
    /// Only photographs taken on this day or later.
    pub captured_from: Option<Day>,
    /// Only photographs taken on this day or earlier.
    pub captured_until: Option<Day>,
}

/// A kind of filter that a policy may allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum FilterKind {
    /// By agency.
    Agency,
    /// By the years in which photographs were taken.
    CaptureYears,
}

impl SearchFilters {
    /// What is wrong with them under any policy.
    pub(super) fn malformed(&self) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let why = why_filters();
        need!(
            gaps,
            self.agencies.iter().all(|ori| department::is_ori(ori)),
            "search.filters",
            say!("rule-search-agency-named-ori-nine-capital"),
            why,
        );
        need!(
            gaps,
            !matches!((self.captured_from, self.captured_until), (Some(from), Some(until)) if until < from),
            "search.filters",
            say!("rule-search-last-year-lies-before-first"),
            why,
        );
        gaps.into_result(|| ()).err().unwrap_or_default()
    }
}
