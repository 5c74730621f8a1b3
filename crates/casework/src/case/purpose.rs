use catalogue::say;
use serde::{Deserialize, Serialize};

/// What a search is for. Codes are those of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A felony.
    Felony,
    /// A misdemeanor in which somebody was injured.
    MisdemeanorWithInjury,
    /// A missing person.
    MissingPerson,
    /// Naming a deceased person.
    DeceasedIdentification,
    /// A living person who cannot say who they are.
    UnableToIdentifySelf,
    /// An imminent threat to life; needs a supervisor and is always referred to audit.
    ImminentThreat,
    /// Training, against the training gallery only.
    Training,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Purpose; 7] = [
        Purpose::Felony,
        Purpose::MisdemeanorWithInjury,
        Purpose::MissingPerson,
        Purpose::DeceasedIdentification,
        Purpose::UnableToIdentifySelf,
        Purpose::ImminentThreat,
        Purpose::Training,
    ];

    /// The code that goes over the wire, the same as in records.
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Felony => "felony",
            Purpose::MisdemeanorWithInjury => "misdemeanor-with-injury",
            Purpose::MissingPerson => "missing-person",
            Purpose::DeceasedIdentification => "deceased-identification",
            Purpose::UnableToIdentifySelf => "unable-to-identify-self",
            Purpose::ImminentThreat => "imminent-threat",
            Purpose::Training => "training",
        }
    }

    pub(super) fn concerns_a_crime(self) -> bool {
        matches!(self, Purpose::Felony | Purpose::MisdemeanorWithInjury)
    }

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Purpose::Felony => say!("rule-case-felony"),
            Purpose::MisdemeanorWithInjury => say!("rule-case-misdemeanor-injury"),
            Purpose::MissingPerson => say!("rule-case-missing-person"),
            Purpose::DeceasedIdentification => say!("rule-case-identification-deceased-person"),
            Purpose::UnableToIdentifySelf => say!("rule-case-person-unable-say-they"),
            Purpose::ImminentThreat => say!("rule-case-imminent-threat-2"),
            Purpose::Training => say!("rule-case-training"),
        }
    }
}
