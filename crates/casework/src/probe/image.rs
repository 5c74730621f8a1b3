use catalogue::say;
use department::Gap;
use serde::{Deserialize, Serialize};

use super::preparation::PreparationStep;
use super::says::Saying;

/// Facts of the original file, read by the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ImageFacts {
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// File name as it was given.
    pub file_name: String,
    /// Size in bytes.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub bytes: u64,
    /// Format, for instance `JPEG`.
    pub format: String,
    /// Width of the upright image in pixels.
    pub width: u32,
    /// Height of the upright image in pixels.
    pub height: u32,
    /// How it was turned to be upright, where it lay on its side and nothing in the file says so.
    #[serde(default, skip_serializing_if = "Turned::is_not")]
    #[cfg_attr(feature = "bindings", ts(as = "Option<Turned>", optional))]
    pub turned: Turned,
    /// What the file says of where it comes from, as far as there is something to tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "bindings", ts(as = "Option<Vec<Saying>>", optional))]
    pub says: Vec<Saying>,
}

impl ImageFacts {
    /// A gap at `place` for each thing that the file declares against itself: no such photograph is searched.
    pub(crate) fn refusals(&self, place: &str) -> Vec<Gap> {
        let why = say!("rule-probe-garbage-wrongful-lead-out-only");
        self.says.iter().filter_map(Saying::refused_because).map(|reason| Gap::new(place, reason, why)).collect()
    }

    /// What leads from the file's picture to a copy with `steps`: it is brought upright before anything else is done to it.
    pub fn steps_to(&self, steps: &[PreparationStep]) -> Vec<PreparationStep> {
        let upright = PreparationStep::Rotate { degrees: self.turned.degrees().into() };
        (!self.turned.is_not()).then_some(upright).into_iter().chain(steps.iter().copied()).collect()
    }
}

/// Quarter turns clockwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Turned {
    /// Not turned.
    #[default]
    Not,
    /// By 90°.
    Quarter,
    /// By 180°.
    Half,
    /// By 270°.
    ThreeQuarters,
}

impl Turned {
    /// Whether it lies as the file says.
    pub fn is_not(&self) -> bool {
        *self == Self::Not
    }

    /// Degrees clockwise, 0 to 270.
    pub fn degrees(self) -> u16 {
        90 * self as u16
    }

    /// A quarter further.
    pub fn next(self) -> Self {
        match self {
            Self::Not => Self::Quarter,
            Self::Quarter => Self::Half,
            Self::Half => Self::ThreeQuarters,
            Self::ThreeQuarters => Self::Not,
        }
    }
}

/// Where a face stands, in pixels of the upright image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FaceBox {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}
