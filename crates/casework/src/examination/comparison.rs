use std::collections::BTreeMap;

use catalogue::say;
use department::{Gap, Moment};
use serde::{Deserialize, Serialize};

use super::analysis::{ProbeAnalysis, Visibility};
use super::component::Component;
use super::conclusion::Conclusion;
use super::mark::{Mark, drawable};
use super::view::ViewSettings;

/// How a component of one image stands to the same of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Similarity {
    /// Similar.
    Similar,
    /// Different.
    Different,
    /// Can't tell.
    CannotTell,
}

/// What was observed of one component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct Observation {
    /// Whether it is visible in both images.
    pub visible_in_both: Option<bool>,
    /// How it compares; only for what is visible in both.
    pub finding: Option<Similarity>,
    /// What is seen.
    pub note: String,
}

impl Observation {
    fn answered(&self) -> bool {
        matches!((self.visible_in_both, self.finding), (Some(false), None) | (Some(true), Some(_)))
    }
}

/// Most view settings kept of one comparison.
const MAX_VIEWS: usize = 200;

/// The comparison of probe and one candidate, component by component.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct Comparison {
    /// What was observed.
    pub observations: BTreeMap<Component, Observation>,
    /// Marks on both images.
    pub marks: Vec<Mark>,
    /// View settings, oldest first.
    pub views: Vec<ViewSettings>,
}

impl Comparison {
    /// Takes over what was observed and drawn; the log of view settings stays.
    ///
    /// # Errors
    /// A gap for more marks than [`MAX_MARKS`].
    pub(crate) fn edit(&mut self, typed: Comparison) -> Result<(), Vec<Gap>> {
        drawable(&typed.marks)?;
        (self.observations, self.marks) = (typed.observations, typed.marks);
        Ok(())
    }

    /// Notes how the images are looked at.
    pub(crate) fn log_view(&mut self, view: ViewSettings, now: Moment) {
        let same = |last: &ViewSettings| {
            ViewSettings { at: None, ..last.clone() } == ViewSettings { at: None, ..view.clone() }
        };
        if !self.views.last().is_some_and(same) && self.views.len() < MAX_VIEWS {
            self.views.push(ViewSettings { at: Some(now), ..view });
        }
    }

    /// Components with this finding, top to bottom.
    pub fn with(&self, finding: Similarity) -> Vec<Component> {
        self.of(|o| o.visible_in_both == Some(true) && o.finding == Some(finding))
    }

    /// Components that are not visible in both.
    pub fn not_visible(&self) -> Vec<Component> {
        self.of(|o| o.visible_in_both == Some(false))
    }

    fn of(&self, wanted: impl Fn(&Observation) -> bool) -> Vec<Component> {
        self.observations.iter().filter(|(_, o)| wanted(o)).map(|(c, _)| *c).collect()
    }

    /// Components without an answer, or whose answers exclude each other.
    pub fn unanswered(&self) -> Vec<Component> {
        Component::ALL.into_iter().filter(|c| !self.observations.get(c).is_some_and(Observation::answered)).collect()
    }

    /// The reasons that the recorded components give, as sentences; empty without any.
    pub fn reasons(&self) -> String {
        let parts = [
            (say!("rule-examination-similar"), self.with(Similarity::Similar)),
            (say!("rule-examination-different"), self.with(Similarity::Different)),
            (say!("rule-examination-can-tell"), self.with(Similarity::CannotTell)),
            (say!("rule-examination-not-visible-both"), self.not_visible()),
        ];
        let sentences = parts
            .iter()
            .filter(|(_, found)| !found.is_empty())
            .map(|(word, found)| format!("{word}: {}.", list(found)));
        sentences.collect::<Vec<_>>().join(" ")
    }

    /// Where `conclusion` contradicts what is recorded, in words that ask for an explanation.
    ///
    /// The rules compare counts only with each other: the field knows no number of features that would
    /// make a conclusion (FISWG, *Guidelines for Facial Comparison Methods*).
    pub fn contradictions(&self, conclusion: Conclusion, analysis: &ProbeAnalysis) -> Vec<String> {
        let (similar, different) = (self.with(Similarity::Similar), self.with(Similarity::Different));
        let untold = self.with(Similarity::CannotTell).len() + self.not_visible().len();
        let mut found = Vec::new();
        let mut add = |holds: bool, text: String| {
            if holds {
                found.push(text);
            }
        };
        match conclusion {
            Conclusion::Support => {
                add(
                    !different.is_empty(),
                    say!("rule-examination-conclude-support-but-recorded-different", different = list(&different)),
                );
                add(
                    similar.len() <= untold,
                    say!("rule-examination-conclude-support-but-no-more", similar = similar.len(), untold),
                );
            }
            Conclusion::LimitedSupport => {
                add(similar.is_empty(), say!("rule-examination-conclude-limited-support-but-recorded").to_owned());
                add(
                    !different.is_empty() && different.len() >= similar.len(),
                    say!("rule-examination-conclude-limited-support-but-many", different = list(&different)),
                );
            }
            Conclusion::Inconclusive => {
                add(
                    untold == 0 && different.is_empty() && !similar.is_empty() && self.unanswered().is_empty(),
                    say!("rule-examination-conclude-nothing-can-told-but").to_owned(),
                );
            }
            Conclusion::Exclusion => {
                add(
                    different.is_empty() && !similar.is_empty(),
                    say!("rule-examination-exclude-but-recorded-components-similar").to_owned(),
                );
            }
        }
        let unseen: Vec<Component> = similar
            .iter()
            .chain(&different)
            .copied()
            .filter(|c| analysis.visibility(*c) == Some(Visibility::NotVisible))
            .collect();
        add(!unseen.is_empty(), say!("rule-examination-analysis-says-probe-does-not", unseen = list(&unseen)));
        found
    }
}

fn list(components: &[Component]) -> String {
    components.iter().map(|c| c.in_words()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::analysis::Seen;
    use super::*;

    fn comparison(similar: usize, different: usize, cannot_tell: usize) -> Comparison {
        let findings = std::iter::repeat_n(Similarity::Similar, similar)
            .chain(std::iter::repeat_n(Similarity::Different, different))
            .chain(std::iter::repeat_n(Similarity::CannotTell, cannot_tell));
        let observations = Component::ALL.into_iter().zip(findings).map(|(component, finding)| {
            (component, Observation { visible_in_both: Some(true), finding: Some(finding), note: String::new() })
        });
        Comparison { observations: observations.collect(), ..Comparison::default() }
    }

    #[test]
    fn a_conclusion_that_contradicts_the_components_asks_why() {
        let asks = |c: &Comparison, conclusion| !c.contradictions(conclusion, &ProbeAnalysis::default()).is_empty();
        for (similar, different, cannot, asked) in [
            (12, 0, 4, [false, false, false, true]),
            (12, 1, 3, [true, false, false, false]),
            (2, 0, 14, [true, false, false, true]),
            (0, 0, 16, [true, true, false, false]),
            (3, 3, 10, [true, true, false, false]),
            (0, 5, 11, [true, true, false, false]),
            (16, 0, 0, [false, false, true, true]),
            (0, 0, 0, [true, true, false, false]),
        ] {
            let c = comparison(similar, different, cannot);
            let all =
                [Conclusion::Support, Conclusion::LimitedSupport, Conclusion::Inconclusive, Conclusion::Exclusion];
            assert_eq!(all.map(|conclusion| asks(&c, conclusion)), asked, "{similar} {different} {cannot}");
        }
        let mut analysis = ProbeAnalysis::default();
        let unseen = Seen { visibility: Some(Visibility::NotVisible), note: String::new() };
        analysis.components.insert(Component::Outline, unseen);
        assert_eq!(comparison(12, 0, 4).contradictions(Conclusion::Support, &analysis).len(), 1);
    }

    #[test]
    fn reasons_come_from_the_components() {
        let reasons = comparison(1, 1, 0).reasons();
        assert_eq!(reasons, "Similar: face and head outline. Different: hairline.");
        assert_eq!(comparison(1, 1, 0).unanswered().len(), 14);
    }
}
