use catalogue::say;
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
            Objection::SourceKnewResult => say!("rule-corroboration-source-seen-told-search-result-2"),
            Objection::FaceComparison => say!("rule-corroboration-itself-comparison-faces"),
            Objection::SharesRootWithProbe => say!("rule-corroboration-comes-from-same-source-probe"),
            Objection::SharesRootWithEntry => say!("rule-corroboration-comes-from-same-source-another"),
            Objection::NotAboutEvent => say!("rule-corroboration-not-about-event"),
            Objection::NameSearchWithoutRecord => {
                say!("rule-corroboration-found-candidate-name-no-earlier")
            }
            Objection::SecondNameSearch => say!("rule-corroboration-only-one-entry-found-candidate"),
            Objection::OwnershipOnly => say!("rule-corroboration-owning-vehicle-alone-never-counts-sighting"),
            Objection::OnlySawVideo => say!("rule-corroboration-person-only-saw-video-no-witness"),
            Objection::LookAlikeProfile => say!("rule-corroboration-look-alike-profile-photograph-no-link"),
            Objection::ProbePost => say!("rule-corroboration-post-probe-came-from-does-not"),
            Objection::PhotoShownBefore => say!("rule-corroboration-photograph-candidate-shown-before-statement"),
            Objection::NameToldBefore => say!("rule-corroboration-candidate-name-told-before-statement"),
            Objection::LineUpFromLead => say!("rule-corroboration-line-up-show-up-built"),
            Objection::ProbeFile => say!("rule-corroboration-file-probe-itself"),
            Objection::PartOfTheCase => {
                say!("rule-corroboration-witness-takes-part-case-asked")
            }
            Objection::MadeForAnother => say!("rule-corroboration-made-another-candidate-than-lead"),
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
            Standing::Independent => say!("rule-corroboration-counts-independent").to_owned(),
            Standing::NotCounted { objections } => {
                say!("rule-corroboration-does-not-count", objections = because(objections))
            }
            Standing::Contaminated { objections } => {
                say!("rule-corroboration-contaminated-never-used-support", objections = because(objections))
            }
            Standing::Against => say!("rule-corroboration-speaks-against-lead").to_owned(),
            Standing::Neutral => say!("rule-corroboration-answers-category-supports-nothing").to_owned(),
            Standing::Open => say!("rule-corroboration-not-all-questions-answered-yet").to_owned(),
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
