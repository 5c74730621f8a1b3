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
