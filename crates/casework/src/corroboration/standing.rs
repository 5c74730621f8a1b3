use serde::{Deserialize, Serialize};

use super::circumstances::Circumstances;
use super::details::Details;
use super::entry::{Entry, Root};

/// Why a supporting entry does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Objection {
    /// The source knew the result and it is no record made before.
    SourceKnewResult,
    /// It is a comparison of faces.
    FaceComparison,
    /// It shares its root with the probe.
    SharesRootWithProbe,
    /// It shares its root with an entry that counts already.
    SharesRootWithEntry,
    /// It is not about the event.
    NotAboutEvent,
    /// Found by the candidate's name and no pre-existing record that fixes place, time or property.
    NameSearchWithoutRecord,
    /// A second entry found by the candidate's name.
    SecondNameSearch,
    /// Owning a vehicle alone.
    OwnershipOnly,
    /// The person only saw the video.
    OnlySawVideo,
    /// A look-alike profile photograph.
    LookAlikeProfile,
    /// The post that the probe came from.
    ProbePost,
    /// A photograph of the candidate was shown before the statement.
    PhotoShownBefore,
    /// The candidate's name was told before the statement.
    NameToldBefore,
    /// A line-up or show-up was built from this lead.
    LineUpFromLead,
    /// A file of it is the probe itself.
    ProbeFile,
    /// Its witness takes part in the case.
    PartOfTheCase,
    /// It was made for another candidate than the lead.
    MadeForAnother,
}

impl Objection {
    /// Whether this is contamination: printed as such and never mended.
    pub fn contaminates(self) -> bool {
        matches!(self, Objection::PhotoShownBefore | Objection::NameToldBefore | Objection::LineUpFromLead)
    }

    /// The reason in plain words.
    pub fn in_words(self) -> &'static str {
        match self {
            Objection::SourceKnewResult => "its source had seen or been told of the search's result",
            Objection::FaceComparison => "it is itself a comparison of faces",
            Objection::SharesRootWithProbe => "it comes from the same source as the probe",
            Objection::SharesRootWithEntry => "it comes from the same source as another entry that counts already",
            Objection::NotAboutEvent => "it is not about the event",
            Objection::NameSearchWithoutRecord => {
                "it was found by the candidate's name and is no earlier record that fixes place, time or property"
            }
            Objection::SecondNameSearch => "only one entry found by the candidate's name may count",
            Objection::OwnershipOnly => "owning a vehicle alone never counts; a sighting at the event does",
            Objection::OnlySawVideo => "a person who only saw the video is no witness",
            Objection::LookAlikeProfile => "a look-alike profile photograph is no link",
            Objection::ProbePost => "the post that the probe came from does not count",
            Objection::PhotoShownBefore => "a photograph of the candidate was shown before the statement",
            Objection::NameToldBefore => "the candidate's name was told before the statement",
            Objection::LineUpFromLead => "a line-up or show-up was built from this lead",
            Objection::ProbeFile => "a file of it is the probe itself",
            Objection::PartOfTheCase => {
                "its witness takes part in this case: who asked, examines, verifies or supervises is no witness of it"
            }
            Objection::MadeForAnother => "it was made for another candidate than the lead",
        }
    }
}

/// What an entry is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Standing {
    /// Supports, and counts as independent.
    Independent,
    /// Supports, but does not count.
    NotCounted {
        /// Why.
        objections: Vec<Objection>,
    },
    /// Contaminated; never counts.
    Contaminated {
        /// Why.
        objections: Vec<Objection>,
    },
    /// Speaks against the lead.
    Against,
    /// Answers its category and supports nothing.
    Neutral,
    /// Not all of its questions are answered, so nothing is said of it yet.
    Open,
}

impl Standing {
    /// What it means, with its reasons.
    pub fn in_words(&self) -> String {
        let because = |objections: &[Objection]| objections.iter().map(|o| o.in_words()).collect::<Vec<_>>().join("; ");
        match self {
            Standing::Independent => "Counts as independent.".to_owned(),
            Standing::NotCounted { objections } => format!("Does not count: {}.", because(objections)),
            Standing::Contaminated { objections } => {
                format!("CONTAMINATED, never to be used as support: {}.", because(objections))
            }
            Standing::Against => "Speaks against the lead.".to_owned(),
            Standing::Neutral => "Answers its category and supports nothing.".to_owned(),
            Standing::Open => "Not all of its questions are answered yet.".to_owned(),
        }
    }
}

impl Entry {
    /// Reasons why this entry does not count that lie in the entry itself and in the `around` of its case.
    pub fn own_objections(&self, around: &Circumstances) -> Vec<Objection> {
        let yes = |answer: Option<bool>| answer == Some(true);
        let mut found = Vec::new();
        let mut object = |when: bool, objection: Objection| {
            if when {
                found.push(objection);
            }
        };
        match &self.details {
            Details::Vehicle(v) => object(yes(v.ownership_only), Objection::OwnershipOnly),
            Details::Witness(w) => {
                object(yes(w.photo_shown_before), Objection::PhotoShownBefore);
                object(yes(w.name_told_before), Objection::NameToldBefore);
                object(yes(w.lineup_from_lead), Objection::LineUpFromLead);
                object(yes(w.only_saw_video), Objection::OnlySawVideo);
                let somebody = around.names_somebody(&w.witness) || around.is_somebody(&self.source);
                object(somebody, Objection::PartOfTheCase);
            }
            Details::Media(m) => {
                object(yes(m.is_probe_post), Objection::ProbePost);
                object(yes(m.lookalike_profile), Objection::LookAlikeProfile);
            }
            Details::Phone(_) | Details::Location(_) | Details::PhysicalEvidence(_) | Details::Alibi(_) => {}
        }
        let i = &self.independence;
        let earlier_record = self.is_earlier_record(around);
        object(self.attachments.iter().any(|a| around.probe_files.contains(&a.sha256)), Objection::ProbeFile);
        object(around.for_another(self.made_for), Objection::MadeForAnother);
        object(yes(i.source_knew_result) && !earlier_record, Objection::SourceKnewResult);
        object(yes(i.compares_faces), Objection::FaceComparison);
        object(i.root == Some(Root::Probe), Objection::SharesRootWithProbe);
        object(i.about_event == Some(false), Objection::NotAboutEvent);
        object(yes(i.found_by_name) && !(earlier_record && self.fixes.any()), Objection::NameSearchWithoutRecord);
        found
    }
}
