use department::Moment;
use serde::{Deserialize, Serialize};

/// Brightness, contrast and the like of one side. They never touch the stored image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct SideSettings {
    /// Added to every value, -1 to 1.
    pub brightness: f32,
    /// Factor around the middle, 0 to 4; 1 leaves it.
    pub contrast: f32,
    /// Exponent's inverse, 0.2 to 5; 1 leaves it.
    pub gamma: f32,
    /// Shown without colour.
    pub grey: bool,
    /// Mirrored left to right.
    pub flipped: bool,
    /// Degrees clockwise beside the alignment.
    pub rotation: f32,
}

impl Default for SideSettings {
    fn default() -> Self {
        Self { brightness: 0.0, contrast: 1.0, gamma: 1.0, grey: false, flipped: false, rotation: 0.0 }
    }
}

/// How two images are laid on or beside each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ViewMode {
    /// Side by side.
    #[default]
    Beside,
    /// One left, one right of a line that moves.
    SwipeVertical,
    /// One above, one below a line that moves.
    SwipeHorizontal,
    /// One over the other, seen through.
    Overlay,
    /// One after the other, again and again.
    Flicker,
}

/// How a candidate was looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct ViewSettings {
    /// When; the program fills it in.
    pub at: Option<Moment>,
    /// How the images lie.
    pub mode: ViewMode,
    /// Share of the candidate in an overlay, 0 to 1.
    pub opacity: f32,
    /// Changes a second of a flicker.
    pub rate: f32,
    /// Magnification beside the one that fits.
    pub zoom: f32,
    /// Which photograph of the candidate.
    pub photo: u8,
    /// Grid, guide lines or landmarks shown.
    pub guides: Vec<String>,
    /// The probe's side.
    pub probe: SideSettings,
    /// The candidate's side.
    pub candidate: SideSettings,
}

impl ViewSettings {
    /// Whether every number in it is one: JSON has no other, and what cannot be read back loses a case.
    pub(crate) fn is_finite(&self) -> bool {
        let of_side = |s: &SideSettings| [s.brightness, s.contrast, s.gamma, s.rotation];
        let sides = [&self.probe, &self.candidate].into_iter().flat_map(of_side);
        [self.opacity, self.rate, self.zoom].into_iter().chain(sides).all(f32::is_finite)
    }
}
