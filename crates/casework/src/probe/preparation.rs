use catalogue::say;
use department::{Gap, Gaps, need};
use serde::{Deserialize, Serialize};

/// One step that prepares a copy of the probe. Nothing else can be done to a probe, and the original is
/// never touched.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum PreparationStep {
    /// Turns the picture clockwise about its middle; the picture grows so that nothing is cut.
    Rotate {
        /// Degrees, -180 to 180.
        degrees: f32,
    },
    /// Keeps a part.
    Crop {
        /// Left edge, pixels of the picture before this step.
        x: u32,
        /// Top edge.
        y: u32,
        /// Width, at least [`LEAST_SIDE`].
        width: u32,
        /// Height.
        height: u32,
    },
    /// Changes tones: `((v + brightness - 0.5)·contrast + 0.5)^(1/gamma)` for values 0 to 1.
    Tone {
        /// -1 to 1.
        brightness: f32,
        /// 0.1 to 4.
        contrast: f32,
        /// 0.2 to 5.
        gamma: f32,
    },
}

/// Most steps.
pub const MAX_STEPS: usize = 20;

/// Least side of a crop in pixels.
pub const LEAST_SIDE: u32 = 32;

impl PreparationStep {
    /// The step in words, for records and prints.
    pub fn in_words(&self) -> String {
        match self {
            PreparationStep::Rotate { degrees } => {
                say!("rule-probe-turned-degrees-clockwise", degrees = format!("{:.1}", degrees))
            }
            PreparationStep::Crop { x, y, width, height } => {
                say!("rule-probe-cropped-pixels-from", width, height, x, y)
            }
            PreparationStep::Tone { brightness, contrast, gamma } => {
                say!(
                    "rule-probe-brightness-contrast-gamma",
                    brightness = format!("{:+.2}", brightness),
                    contrast = format!("{:.2}", contrast),
                    gamma = format!("{:.2}", gamma)
                )
            }
        }
    }

    fn in_range(&self) -> bool {
        match *self {
            PreparationStep::Rotate { degrees } => (-180.0..=180.0).contains(&degrees),
            PreparationStep::Crop { width, height, .. } => width >= LEAST_SIDE && height >= LEAST_SIDE,
            PreparationStep::Tone { brightness, contrast, gamma } => {
                (-1.0..=1.0).contains(&brightness) && (0.1..=4.0).contains(&contrast) && (0.2..=5.0).contains(&gamma)
            }
        }
    }
}

/// Checks a list of steps.
///
/// # Errors
/// A gap for too many steps or one out of range.
pub(crate) fn check_steps(steps: &[PreparationStep]) -> Result<(), Vec<Gap>> {
    let mut gaps = Gaps::new();
    let why = say!("rule-probe-may-turned-cropped-made-lighter");
    need!(
        gaps,
        steps.len() <= MAX_STEPS,
        "preparation",
        say!("rule-probe-steps-enough-take-one-back", max_steps = MAX_STEPS),
        why,
    );
    for step in steps {
        need!(
            gaps,
            step.in_range(),
            "preparation",
            say!("rule-probe-step-out-range-not-added", step = step.in_words()),
            why,
        );
    }
    gaps.into_result(|| ())
}
