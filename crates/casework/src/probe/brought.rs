//! What is brought and typed for a probe before its gate is passed.

use department::Moment;
use serde::{Deserialize, Serialize};

use super::image::{FaceBox, ImageFacts};
use super::preparation::PreparationStep;
use super::quality::QualityFinding;
use super::record::FurtherDraft;
use super::source::ProbeSource;

/// A face that was found in the probe's image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SeenFace {
    /// Where.
    pub bounds: FaceBox,
    /// Overall quality, 0 to 100.
    pub quality: u8,
    /// Components of the quality.
    pub findings: Vec<QualityFinding>,
}

/// What is typed about a probe's origin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ProbeOrigin {
    /// Declared kind.
    pub source: Option<ProbeSource>,
    /// When the picture was taken.
    pub captured_at: Option<Moment>,
    /// Who obtained it.
    pub obtained_by: String,
    /// How it was obtained.
    pub obtained_how: String,
    /// Legal basis for having it.
    pub legal_basis: String,
}

/// The image of a probe, with the faces that were found in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ProbeImage {
    /// Facts of the file.
    pub facts: ImageFacts,
    /// When it came in.
    pub imported_at: Moment,
    /// Faces, best first.
    pub faces: Vec<SeenFace>,
    /// The face that was picked.
    pub picked: Option<usize>,
}

/// A further photograph of the unknown person, from the same source and moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FurtherImage {
    /// The image.
    pub image: ProbeImage,
    /// Why it shows the same person.
    pub same_person: String,
}

impl FurtherImage {
    pub(crate) fn draft(&self) -> FurtherDraft {
        let face = self.image.picked.and_then(|at| self.image.faces.get(at));
        FurtherDraft {
            image: self.image.facts.clone(),
            face: face.map(|f| f.bounds),
            quality: face.map(|f| f.quality),
            same_person: self.same_person.clone(),
        }
    }
}

/// Most photographs of one person that a template is made from, the probe included.
pub const MAX_PHOTOS: usize = 5;

/// A copy of the probe that is prepared for a search of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct Preparation {
    /// What was done to it, in order.
    pub steps: Vec<PreparationStep>,
    /// The face in it, when the copy is to be searched too.
    pub chosen: Option<SeenFace>,
}
