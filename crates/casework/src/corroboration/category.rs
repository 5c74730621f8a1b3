use catalogue::say;
use serde::{Deserialize, Serialize};

/// What an entry is about: one of the three mandatory categories, or a further kind, which supports a record
/// and never takes the place of one of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Vehicle information.
    Vehicle,
    /// Witness statements.
    Witness,
    /// Open-source media.
    OpenSourceMedia,
    /// Phone records.
    Phone,
    /// Location records.
    Location,
    /// Physical evidence.
    PhysicalEvidence,
    /// An alibi.
    Alibi,
}

impl Category {
    /// The three mandatory categories, in the order of the screen.
    pub const MANDATORY: [Category; 3] = [Category::Vehicle, Category::Witness, Category::OpenSourceMedia];

    /// The further kinds.
    pub const FURTHER: [Category; 4] =
        [Category::Phone, Category::Location, Category::PhysicalEvidence, Category::Alibi];

    /// Whether it is one of the three.
    pub fn is_mandatory(self) -> bool {
        Self::MANDATORY.contains(&self)
    }

    /// The code used in places of gaps.
    pub fn code(self) -> &'static str {
        match self {
            Category::Vehicle => "vehicle",
            Category::Witness => "witness",
            Category::OpenSourceMedia => "open-source-media",
            Category::Phone => "phone",
            Category::Location => "location",
            Category::PhysicalEvidence => "physical-evidence",
            Category::Alibi => "alibi",
        }
    }

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Category::Vehicle => say!("rule-corroboration-vehicle-information"),
            Category::Witness => say!("rule-corroboration-witness-statement"),
            Category::OpenSourceMedia => say!("rule-corroboration-open-source-media"),
            Category::Phone => say!("rule-corroboration-phone-records"),
            Category::Location => say!("rule-corroboration-location-records"),
            Category::PhysicalEvidence => say!("rule-corroboration-physical-evidence"),
            Category::Alibi => say!("rule-corroboration-alibi"),
        }
    }
}

/// What a checklist is completed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A lead: everything is asked.
    #[default]
    Lead,
    /// An exclusion: entries may be few, but none may be half answered.
    Exclusion,
    /// No candidate: nothing is asked.
    NoCandidate,
}
