use std::collections::BTreeMap;

use department::{Gap, Gaps, Moment};
use serde::{Deserialize, Serialize};

use super::component::Component;
use super::mark::{Mark, drawable};
use crate::text::said;

/// How well a component is seen in one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// With its details.
    Clear,
    /// In part, or without details.
    Partly,
    /// Not at all.
    NotVisible,
}

/// What the image allows as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Suitability {
    /// A comparison in detail.
    Suitable,
    /// A comparison of coarse features.
    Limited,
    /// No comparison.
    Unsuitable,
}

/// One component in the analysis of the probe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct Seen {
    /// How well it is seen.
    pub visibility: Option<Visibility>,
    /// What is seen.
    pub note: String,
}

/// What the probe shows by itself, recorded before any candidate is opened: the A of ACE-V.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct ProbeAnalysis {
    /// Component by component.
    pub components: BTreeMap<Component, Seen>,
    /// What the image allows as a whole.
    pub suitability: Option<Suitability>,
    /// What limits it, in words.
    pub note: String,
    /// Marks on the probe.
    pub marks: Vec<Mark>,
    /// Set when it was recorded. Nothing of it changes from then on.
    pub recorded_at: Option<Moment>,
}

impl ProbeAnalysis {
    /// How well a component is seen in the probe.
    pub fn visibility(&self, component: Component) -> Option<Visibility> {
        self.components.get(&component).and_then(|seen| seen.visibility)
    }

    /// Takes over what was typed and drawn.
    ///
    /// # Errors
    /// A gap once it was recorded, and for more marks than [`MAX_MARKS`].
    pub(crate) fn edit(&mut self, typed: ProbeAnalysis) -> Result<(), Vec<Gap>> {
        if self.recorded_at.is_some() {
            return Err(vec![Gap::new(
                "analysis",
                "The analysis of the probe is recorded and no longer changes: candidates were opened since. Write what you see now into the comparison.",
                "What is seen after a candidate was opened is no longer seen independently.",
            )]);
        }
        drawable(&typed.marks)?;
        *self = Self { recorded_at: None, ..typed };
        Ok(())
    }

    /// What is missing before it can be recorded.
    ///
    /// # Errors
    /// A [`Gap`] for each component without an answer, and for the suitability.
    pub fn complete(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = "What the probe shows is written down before a candidate can suggest what to see.";
        for component in Component::ALL {
            gaps.need(
                self.visibility(component).is_some(),
                format!("analysis.{}", component.code()),
                format!("Say how well the probe shows: {}.", component.in_words()),
                why,
            );
        }
        gaps.need(self.suitability.is_some(), "analysis.suitability", "Say what the probe allows as a whole.", why);
        let limited = matches!(self.suitability, Some(Suitability::Limited | Suitability::Unsuitable));
        gaps.need(!limited || said(&self.note), "analysis.note", "Say what limits a comparison with this probe.", why);
        gaps.into_result(|| ())
    }
}
