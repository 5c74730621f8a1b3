use catalogue::say;
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
            ProbeSource::LiveVideo => Some(say!("rule-probe-live-video-refused-program-not")),
            ProbeSource::BodyWornVideo => Some(say!("rule-probe-body-worn-camera-footage-refused")),
            ProbeSource::Sketch => Some(say!("rule-probe-sketch-refused-template-made-from")),
            ProbeSource::Composite => Some(say!("rule-probe-composite-refused-shows-nobody-use")),
            ProbeSource::LookAlike => Some(say!("rule-probe-look-alike-refused-candidates-would")),
            ProbeSource::GeneratedOrEdited => Some(say!("rule-probe-generated-face-edited-image-refused")),
            _ => None,
        }
    }

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            ProbeSource::FixedCameraStill => say!("rule-probe-still-fixed-camera"),
            ProbeSource::WitnessPhoto => say!("rule-probe-photograph-taken-witness"),
            ProbeSource::SocialMediaPost => say!("rule-probe-social-media-post"),
            ProbeSource::IdDocument => say!("rule-probe-identity-document"),
            ProbeSource::Deceased => say!("rule-probe-photograph-deceased-person"),
            ProbeSource::OtherStill => say!("rule-probe-other-still-photograph"),
            ProbeSource::LiveVideo => say!("rule-probe-live-video"),
            ProbeSource::BodyWornVideo => say!("rule-probe-body-worn-camera"),
            ProbeSource::Sketch => say!("rule-probe-sketch"),
            ProbeSource::Composite => say!("rule-probe-composite"),
            ProbeSource::LookAlike => say!("rule-probe-look-alike"),
            ProbeSource::GeneratedOrEdited => say!("rule-probe-generated-edited-image"),
        }
    }
}
