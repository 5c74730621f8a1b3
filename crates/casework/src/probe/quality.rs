use serde::{Deserialize, Serialize};

/// How one quality component turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum QualityVerdict {
    /// At or above what a comparison wants.
    Good,
    /// Usable with a warning.
    Fair,
    /// Too little to rely on.
    Poor,
}

/// One measured component of a face's quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct QualityFinding {
    /// Name of the component, for instance `inter-eye distance`.
    pub component: String,
    /// The measured value with its unit, for people.
    pub measured: String,
    /// How it turned out.
    pub verdict: QualityVerdict,
    /// What it means and what would help.
    pub advice: String,
}
