use serde::{Deserialize, Serialize};

/// What kind of image a probe is, as the person who brings it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ProbeSource {
    /// A still from a fixed camera.
    FixedCameraStill,
    /// A photograph taken by a witness.
    WitnessPhoto,
    /// A post on social media.
    SocialMediaPost,
    /// An identity document.
    IdDocument,
    /// A deceased person.
    Deceased,
    /// Another still photograph.
    OtherStill,
    /// Live video or a still of it. Refused.
    LiveVideo,
    /// Body-worn camera. Refused.
    BodyWornVideo,
    /// A drawing. Refused.
    Sketch,
    /// A composite of several faces. Refused.
    Composite,
    /// A photograph of somebody who looks similar. Refused.
    LookAlike,
    /// Generated, or edited in the face. Refused.
    GeneratedOrEdited,
}

impl ProbeSource {
    /// All kinds, accepted ones first.
    pub const ALL: [ProbeSource; 12] = [
        ProbeSource::FixedCameraStill,
        ProbeSource::WitnessPhoto,
        ProbeSource::SocialMediaPost,
        ProbeSource::IdDocument,
        ProbeSource::Deceased,
        ProbeSource::OtherStill,
        ProbeSource::LiveVideo,
        ProbeSource::BodyWornVideo,
        ProbeSource::Sketch,
        ProbeSource::Composite,
        ProbeSource::LookAlike,
        ProbeSource::GeneratedOrEdited,
    ];

    /// Why this kind is refused whatever the policy says; `None` for kinds that are accepted.
    pub fn refused_because(self) -> Option<&'static str> {
        match self {
            ProbeSource::LiveVideo => Some(
                "Live video is refused: this program is not for surveillance. Use a still of the event from a recording.",
            ),
            ProbeSource::BodyWornVideo => {
                Some("Body-worn camera footage is refused. Look for another source of the same moment.")
            }
            ProbeSource::Sketch => Some(
                "A sketch is refused: a template made from a drawing describes the drawing. Look for a photograph of the person.",
            ),
            ProbeSource::Composite => {
                Some("A composite is refused: it shows nobody. Use one of the photographs that it was made from.")
            }
            ProbeSource::LookAlike => Some(
                "A look-alike is refused: the candidates would resemble somebody else. Look for a photograph of the person.",
            ),
            ProbeSource::GeneratedOrEdited => {
                Some("A generated or face-edited image is refused. Use the photograph before the edit.")
            }
            _ => None,
        }
    }

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            ProbeSource::FixedCameraStill => "still of a fixed camera",
            ProbeSource::WitnessPhoto => "photograph taken by a witness",
            ProbeSource::SocialMediaPost => "social media post",
            ProbeSource::IdDocument => "identity document",
            ProbeSource::Deceased => "photograph of a deceased person",
            ProbeSource::OtherStill => "other still photograph",
            ProbeSource::LiveVideo => "live video",
            ProbeSource::BodyWornVideo => "body-worn camera",
            ProbeSource::Sketch => "sketch",
            ProbeSource::Composite => "composite",
            ProbeSource::LookAlike => "look-alike",
            ProbeSource::GeneratedOrEdited => "generated or edited image",
        }
    }
}
