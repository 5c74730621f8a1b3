use department::Day;
use serde::{Deserialize, Serialize};

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
