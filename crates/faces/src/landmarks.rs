//! Five points of a face, and where they lie in an aligned crop.

/// Five points in pixels of the upright image: the person's right eye, left eye, tip of the nose,
/// right and left corner of the mouth.
pub type Landmarks = [[f32; 2]; 5];

/// Where the five landmarks lie in an aligned 112×112 crop (ArcFace's template: Deng et al. 2019).
pub const TEMPLATE_LANDMARKS: Landmarks =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

/// Side of an aligned crop in pixels.
pub(crate) const CROP: u32 = 112;
