use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::case::Purpose;

/// What came of a lead, or of a note without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ResultKind {
    /// Somebody was arrested.
    Arrest,
    /// A charge was added for somebody in custody already.
    ChargeAdded,
    /// A court gave a search warrant.
    SearchWarrant,
    /// A vehicle was impounded.
    VehicleImpounded,
    /// Property was recovered.
    PropertyRecovered,
    /// Somebody was found.
    PersonLocated,
    /// Somebody missing, deceased or unable to say who they are was named.
    PersonNamed,
    /// The lead was not the person.
    Cleared,
    /// Nothing was done.
    NoAction,
    /// Charges were dropped.
    ChargesDropped,
    /// A court convicted.
    Convicted,
    /// A court acquitted.
    Acquitted,
    /// Somebody complained of the use.
    Complaint,
    /// The wrong person was taken for the one on the image.
    Misidentification,
}

impl ResultKind {
    /// All, in the order of forms and pages: what a chief presents, then what speaks with equal weight beside it.
    pub const ALL: [ResultKind; 14] = [
        ResultKind::Arrest,
        ResultKind::ChargeAdded,
        ResultKind::SearchWarrant,
        ResultKind::VehicleImpounded,
        ResultKind::PropertyRecovered,
        ResultKind::PersonLocated,
        ResultKind::PersonNamed,
        ResultKind::Cleared,
        ResultKind::NoAction,
        ResultKind::ChargesDropped,
        ResultKind::Convicted,
        ResultKind::Acquitted,
        ResultKind::Complaint,
        ResultKind::Misidentification,
    ];

    /// Its code in records and reports.
    pub fn code(self) -> &'static str {
        match self {
            ResultKind::Arrest => "arrest",
            ResultKind::ChargeAdded => "charge-added",
            ResultKind::SearchWarrant => "search-warrant",
            ResultKind::VehicleImpounded => "vehicle-impounded",
            ResultKind::PropertyRecovered => "property-recovered",
            ResultKind::PersonLocated => "person-located",
            ResultKind::PersonNamed => "person-named",
            ResultKind::Cleared => "cleared",
            ResultKind::NoAction => "no-action",
            ResultKind::ChargesDropped => "charges-dropped",
            ResultKind::Convicted => "convicted",
            ResultKind::Acquitted => "acquitted",
            ResultKind::Complaint => "complaint",
            ResultKind::Misidentification => "misidentification",
        }
    }

    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            ResultKind::Arrest => say!("rule-results-arrest"),
            ResultKind::ChargeAdded => say!("rule-results-charge-added"),
            ResultKind::SearchWarrant => say!("rule-results-search-warrant"),
            ResultKind::VehicleImpounded => say!("rule-results-vehicle-impounded"),
            ResultKind::PropertyRecovered => say!("rule-results-property-recovered"),
            ResultKind::PersonLocated => say!("rule-results-person-located"),
            ResultKind::PersonNamed => say!("rule-results-person-named"),
            ResultKind::Cleared => say!("rule-results-cleared"),
            ResultKind::NoAction => say!("rule-results-no-action"),
            ResultKind::ChargesDropped => say!("rule-results-charges-dropped"),
            ResultKind::Convicted => say!("rule-results-convicted"),
            ResultKind::Acquitted => say!("rule-results-acquitted"),
            ResultKind::Complaint => say!("rule-results-complaint"),
            ResultKind::Misidentification => say!("rule-results-misidentification"),
        }
    }

    /// Whether it takes somebody's liberty or enters their home: then a lead alone must not carry it.
    pub fn needs_more_than_the_lead(self) -> bool {
        matches!(self, ResultKind::Arrest | ResultKind::ChargeAdded | ResultKind::SearchWarrant)
    }

    /// Whether it ends what an arrest or a charge began.
    pub fn ends_a_charge(self) -> bool {
        matches!(self, ResultKind::ChargesDropped | ResultKind::Convicted | ResultKind::Acquitted)
    }

    /// Whether what it rested on is asked.
    pub fn rests_on_something(self) -> bool {
        !matches!(self, ResultKind::NoAction | ResultKind::Complaint) && !self.ends_a_charge()
    }

    /// Whether a case of `purpose` can have it.
    pub fn fits(self, purpose: Purpose) -> bool {
        let nameless =
            matches!(purpose, Purpose::MissingPerson | Purpose::DeceasedIdentification | Purpose::UnableToIdentifySelf);
        purpose != Purpose::Training && (self != ResultKind::PersonNamed || nameless)
    }
}
