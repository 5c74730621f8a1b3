use catalogue::say;
use serde::{Deserialize, Serialize};

/// Race as the booking record or the officer's report has it, in the groups of California's stop data (Penal Code 13012, 13519.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Race {
    /// Asian.
    Asian,
    /// Black or African American.
    Black,
    /// Hispanic or Latino.
    Hispanic,
    /// Middle Eastern or South Asian.
    MiddleEastern,
    /// Native American.
    NativeAmerican,
    /// Pacific Islander.
    PacificIslander,
    /// White.
    White,
    /// More than one.
    Multiracial,
}

/// Gender as the booking record or the officer's report has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither.
    Nonbinary,
}

/// Age in years, in the bands of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum AgeBand {
    /// Below 18.
    #[serde(rename = "0-17")]
    Minor,
    /// 18 to 24.
    #[serde(rename = "18-24")]
    To24,
    /// 25 to 34.
    #[serde(rename = "25-34")]
    To34,
    /// 35 to 44.
    #[serde(rename = "35-44")]
    To44,
    /// 45 to 64.
    #[serde(rename = "45-64")]
    To64,
    /// 65 and above.
    #[serde(rename = "65-")]
    Above,
}

/// Where a description stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DescribedIn {
    /// The booking record.
    BookingRecord,
    /// The officer's report.
    OfficersReport,
}

/// Whom a result concerns, as a record has it: for reports that laws ask for, and for nothing else. It is typed after approval and
/// never reaches a search or an examination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Described {
    /// Race.
    pub race: Option<Race>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Age.
    pub age: Option<AgeBand>,
    /// Where it stands.
    pub from: Option<DescribedIn>,
}

impl Described {
    /// Whether something of it is said.
    pub fn says(&self) -> bool {
        self.race.is_some() || self.gender.is_some() || self.age.is_some()
    }
}

impl DescribedIn {
    /// All.
    pub const ALL: [DescribedIn; 2] = [DescribedIn::BookingRecord, DescribedIn::OfficersReport];

    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            DescribedIn::BookingRecord => say!("rule-results-in-booking-record"),
            DescribedIn::OfficersReport => say!("rule-results-in-officers-report"),
        }
    }
}

impl Race {
    /// All.
    pub const ALL: [Race; 8] = [
        Race::Asian,
        Race::Black,
        Race::Hispanic,
        Race::MiddleEastern,
        Race::NativeAmerican,
        Race::PacificIslander,
        Race::White,
        Race::Multiracial,
    ];

    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Race::Asian => say!("rule-results-race-asian"),
            Race::Black => say!("rule-results-race-black"),
            Race::Hispanic => say!("rule-results-race-hispanic"),
            Race::MiddleEastern => say!("rule-results-race-middle-eastern"),
            Race::NativeAmerican => say!("rule-results-race-native-american"),
            Race::PacificIslander => say!("rule-results-race-pacific-islander"),
            Race::White => say!("rule-results-race-white"),
            Race::Multiracial => say!("rule-results-race-multiracial"),
        }
    }
}

impl Gender {
    /// All.
    pub const ALL: [Gender; 3] = [Gender::Female, Gender::Male, Gender::Nonbinary];

    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Gender::Female => say!("rule-results-gender-female"),
            Gender::Male => say!("rule-results-gender-male"),
            Gender::Nonbinary => say!("rule-results-gender-nonbinary"),
        }
    }
}

impl AgeBand {
    /// Its code in records and reports.
    pub fn code(self) -> &'static str {
        match self {
            AgeBand::Minor => "0-17",
            AgeBand::To24 => "18-24",
            AgeBand::To34 => "25-34",
            AgeBand::To44 => "35-44",
            AgeBand::To64 => "45-64",
            AgeBand::Above => "65-",
        }
    }

    /// All.
    pub const ALL: [AgeBand; 6] =
        [AgeBand::Minor, AgeBand::To24, AgeBand::To34, AgeBand::To44, AgeBand::To64, AgeBand::Above];

    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            AgeBand::Minor => say!("rule-results-age-minor"),
            AgeBand::To24 => say!("rule-results-age-to-24"),
            AgeBand::To34 => say!("rule-results-age-to-34"),
            AgeBand::To44 => say!("rule-results-age-to-44"),
            AgeBand::To64 => say!("rule-results-age-to-64"),
            AgeBand::Above => say!("rule-results-age-above"),
        }
    }
}
