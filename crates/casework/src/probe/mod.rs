//! The second gate: the photograph of the unknown person, where it comes from and what it allows.

mod brought;
mod fusion;
mod image;
mod preparation;
mod quality;
mod record;
mod says;
mod source;

pub use brought::{FurtherImage, MAX_PHOTOS, Preparation, ProbeImage, ProbeOrigin, SeenFace};
pub use fusion::may_join;
pub use image::{FaceBox, ImageFacts, Turned};
pub(crate) use preparation::check_steps;
pub use preparation::{LEAST_SIDE, MAX_STEPS, PreparationStep};
pub use quality::{QualityFinding, QualityVerdict};
pub(crate) use record::RawProbeRecord;
pub use record::{FurtherDraft, FurtherPhoto, PreparedProbe, ProbeDraft, ProbeRecord};
pub use says::{Credentials, FileRead, Saying, Signature, THUMBNAIL_ALIKE};
pub use source::ProbeSource;
