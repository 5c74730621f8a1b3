use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::said;
use crate::{Conclusion, Gap, Gaps, Moment};

/// A part of the face that is compared by itself, in the order in which a face is read from top to bottom.
///
/// The list is that of FISWG, *Facial Image Comparison Feature List for Morphological Analysis*, version 2.0
/// (2018).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// Outline of face and head.
    Outline,
    /// Hairline.
    Hairline,
    /// Forehead.
    Forehead,
    /// Eyebrows.
    Eyebrows,
    /// Eyes.
    Eyes,
    /// Cheeks.
    Cheeks,
    /// Nose.
    Nose,
    /// Ears.
    Ears,
    /// Mouth.
    Mouth,
    /// Chin and jawline.
    ChinJawline,
    /// Neck.
    Neck,
    /// Facial hair.
    FacialHair,
    /// Facial lines.
    FacialLines,
    /// Scars.
    Scars,
    /// Marks: moles, freckles, birthmarks, blemishes.
    Marks,
    /// Alterations: piercings, tattoos, make-up, surgery.
    Alterations,
}

impl Component {
    /// All components, top to bottom.
    pub const ALL: [Component; 16] = [
        Component::Outline,
        Component::Hairline,
        Component::Forehead,
        Component::Eyebrows,
        Component::Eyes,
        Component::Cheeks,
        Component::Nose,
        Component::Ears,
        Component::Mouth,
        Component::ChinJawline,
        Component::Neck,
        Component::FacialHair,
        Component::FacialLines,
        Component::Scars,
        Component::Marks,
        Component::Alterations,
    ];

    /// Its code, the same as in records: `chin-jawline`.
    pub fn code(self) -> String {
        let mut code = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !code.is_empty() {
                code.push('-');
            }
            code.extend(letter.to_lowercase());
        }
        code
    }

    /// Its name inside a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Component::Outline => "face and head outline",
            Component::Hairline => "hairline",
            Component::Forehead => "forehead",
            Component::Eyebrows => "eyebrows",
            Component::Eyes => "eyes",
            Component::Cheeks => "cheeks",
            Component::Nose => "nose",
            Component::Ears => "ears",
            Component::Mouth => "mouth",
            Component::ChinJawline => "chin and jawline",
            Component::Neck => "neck",
            Component::FacialHair => "facial hair",
            Component::FacialLines => "facial lines",
            Component::Scars => "scars",
            Component::Marks => "marks",
            Component::Alterations => "alterations",
        }
    }

    /// Which of its characteristics to look at, after the FISWG list.
    pub fn look_at(self) -> &'static str {
        match self {
            Component::Outline => "shape of the head, its height against its width, fullness, asymmetry",
            Component::Hairline => "course across the forehead, peak, recession, temples, baldness",
            Component::Forehead => "height, width, slope, brow ridge",
            Component::Eyebrows => "shape, thickness, distance from each other and from the eyes, hairs astray",
            Component::Eyes => {
                "distance, slope of the fissure, folds of the lids, corners, colour of the iris, pouches"
            }
            Component::Cheeks => "cheekbones, fullness, hollows, dimples",
            Component::Nose => "root, bridge, length, width, tip, nostrils, septum, deviation",
            Component::Ears => "size, protrusion, helix, antihelix, tragus, lobe and how it is attached",
            Component::Mouth => "width, fullness of the lips, philtrum, cupid's bow, corners, teeth",
            Component::ChinJawline => "shape of the chin, cleft, angle of the jaw, double chin, asymmetry",
            Component::Neck => "length, width, Adam's apple, folds",
            Component::FacialHair => "where it grows, density, gaps; changes within days",
            Component::FacialLines => "creases of the forehead, between the brows, crow's feet, nose to mouth",
            Component::Scars => "place, length, direction, shape: each one by itself",
            Component::Marks => "moles, freckles, birthmarks: place and pattern of each",
            Component::Alterations => "piercings, tattoos, make-up, dental work, surgery: place and shape",
        }
    }
}

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

/// A place in pixels of the upright image, from its top left corner.
pub type Place = [f32; 2];

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Shape {
    /// A point.
    Point {
        /// Where.
        at: Place,
    },
    /// A line.
    Line {
        /// From.
        from: Place,
        /// To.
        to: Place,
    },
    /// An outline, open or closed.
    Outline {
        /// Its points.
        points: Vec<Place>,
    },
}

/// Which image a mark was drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum OnImage {
    /// The probe.
    Probe,
    /// A photograph of the candidate: 0 is the listed one, others follow.
    Candidate {
        /// Which.
        photo: u8,
    },
}

/// A drawn mark. It stays at its place of the image whatever the view does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Mark {
    /// On which image.
    pub on: OnImage,
    /// Which component it shows.
    pub component: Component,
    /// What was drawn.
    pub shape: Shape,
}

/// Most marks of one comparison.
pub const MAX_MARKS: usize = 500;
/// Most points of one outline.
pub const MAX_POINTS: usize = 2000;

fn drawable(marks: &[Mark]) -> Result<(), Vec<Gap>> {
    let finite = |p: &Place| p.iter().all(|v| v.is_finite());
    let fine = marks.iter().all(|mark| match &mark.shape {
        Shape::Point { at } => finite(at),
        Shape::Line { from, to } => finite(from) && finite(to),
        Shape::Outline { points } => points.len() <= MAX_POINTS && points.iter().all(finite),
    });
    if fine && marks.len() <= MAX_MARKS {
        return Ok(());
    }
    let text = format!("At most {MAX_MARKS} marks can be drawn here; remove some. The last one was not kept.");
    Err(vec![Gap::new("examination.marks", text, "Marks explain a comparison; hundreds of them hide it.")])
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
            ("Similar", self.with(Similarity::Similar)),
            ("Different", self.with(Similarity::Different)),
            ("Can't tell", self.with(Similarity::CannotTell)),
            ("Not visible in both", self.not_visible()),
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
                    format!("You conclude support, but recorded as different: {}.", list(&different)),
                );
                add(
                    similar.len() <= untold,
                    format!(
                        "You conclude support, but no more components are similar ({}) than could not be told ({untold}).",
                        similar.len()
                    ),
                );
            }
            Conclusion::LimitedSupport => {
                add(
                    similar.is_empty(),
                    "You conclude limited support, but recorded no component as similar.".to_owned(),
                );
                add(
                    !different.is_empty() && different.len() >= similar.len(),
                    format!(
                        "You conclude limited support, but as many components are different as similar: {}.",
                        list(&different)
                    ),
                );
            }
            Conclusion::Inconclusive => {
                add(
                    untold == 0 && different.is_empty() && !similar.is_empty() && self.unanswered().is_empty(),
                    "You conclude that nothing can be told, but recorded every component as similar.".to_owned(),
                );
            }
            Conclusion::Exclusion => {
                add(
                    different.is_empty() && !similar.is_empty(),
                    "You exclude, but recorded components as similar and none as different.".to_owned(),
                );
            }
        }
        let unseen: Vec<Component> = similar
            .iter()
            .chain(&different)
            .copied()
            .filter(|c| analysis.visibility(*c) == Some(Visibility::NotVisible))
            .collect();
        add(
            !unseen.is_empty(),
            format!("Your analysis says that the probe does not show, what you compare now: {}.", list(&unseen)),
        );
        found
    }
}

fn list(components: &[Component]) -> String {
    components.iter().map(|c| c.in_words()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
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
