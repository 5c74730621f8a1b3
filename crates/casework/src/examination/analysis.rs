use std::collections::BTreeMap;

use catalogue::say;
use department::{Gap, Gaps, Moment, need};
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
                say!("rule-examination-analysis-probe-recorded-no-longer"),
                say!("rule-examination-seen-after-candidate-opened-no"),
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
        let why = say!("rule-examination-probe-shows-written-down-before");
        for component in Component::ALL {
            need!(
                gaps,
                self.visibility(component).is_some(),
                format!("analysis.{}", component.code()),
                say!("rule-examination-say-how-well-probe-shows", component = component.in_words()),
                why,
            );
        }
        need!(
            gaps,
            self.suitability.is_some(),
            "analysis.suitability",
            say!("rule-examination-say-probe-allows-whole"),
            why,
        );
        let limited = matches!(self.suitability, Some(Suitability::Limited | Suitability::Unsuitable));
        need!(
            gaps,
            !limited || said(&self.note),
            "analysis.note",
            say!("rule-examination-say-limits-comparison-probe"),
            why,
        );
        gaps.into_result(|| ())
    }
}
