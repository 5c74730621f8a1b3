use catalogue::say;
use serde::{Deserialize, Serialize};

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
            Component::Outline => say!("rule-examination-face-head-outline"),
            Component::Hairline => say!("rule-examination-hairline"),
            Component::Forehead => say!("rule-examination-forehead"),
            Component::Eyebrows => say!("rule-examination-eyebrows"),
            Component::Eyes => say!("rule-examination-eyes"),
            Component::Cheeks => say!("rule-examination-cheeks"),
            Component::Nose => say!("rule-examination-nose"),
            Component::Ears => say!("rule-examination-ears"),
            Component::Mouth => say!("rule-examination-mouth"),
            Component::ChinJawline => say!("rule-examination-chin-jawline"),
            Component::Neck => say!("rule-examination-neck"),
            Component::FacialHair => say!("rule-examination-facial-hair"),
            Component::FacialLines => say!("rule-examination-facial-lines"),
            Component::Scars => say!("rule-examination-scars"),
            Component::Marks => say!("rule-examination-marks"),
            Component::Alterations => say!("rule-examination-alterations"),
        }
    }

    /// Which of its characteristics to look at, after the FISWG list.
    pub fn look_at(self) -> &'static str {
        match self {
            Component::Outline => say!("rule-examination-shape-head-height-against-width"),
            Component::Hairline => say!("rule-examination-course-across-forehead-peak-recession"),
            Component::Forehead => say!("rule-examination-height-width-slope-brow-ridge"),
            Component::Eyebrows => say!("rule-examination-shape-thickness-distance-from-each"),
            Component::Eyes => {
                say!("rule-examination-distance-slope-fissure-folds-lids")
            }
            Component::Cheeks => say!("rule-examination-cheekbones-fullness-hollows-dimples"),
            Component::Nose => say!("rule-examination-root-bridge-length-width-tip"),
            Component::Ears => say!("rule-examination-size-protrusion-helix-antihelix-tragus"),
            Component::Mouth => say!("rule-examination-width-fullness-lips-philtrum-cupid"),
            Component::ChinJawline => say!("rule-examination-shape-chin-cleft-angle-jaw"),
            Component::Neck => say!("rule-examination-length-width-adam-apple-folds"),
            Component::FacialHair => say!("rule-examination-where-grows-density-gaps-changes"),
            Component::FacialLines => say!("rule-examination-creases-forehead-between-brows-crow"),
            Component::Scars => say!("rule-examination-place-length-direction-shape-each"),
            Component::Marks => say!("rule-examination-moles-freckles-birthmarks-place-pattern"),
            Component::Alterations => say!("rule-examination-piercings-tattoos-make-up-dental"),
        }
    }
}
