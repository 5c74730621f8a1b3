//! The dense landmark network (MediaPipe's face mesh, 468 points): where eyes, nose and mouth lie, more exactly than the
//! detector says.

use crate::align::Similarity;
use crate::landmarks::{CROP, Landmarks, TEMPLATE_LANDMARKS};

/// How much of a face's surroundings the network is shown: the aligned crop's side this many times. Between 1.2 and 1.5 the
/// choice hardly matters; at 1.8 its points are worse than the detector's (models/face-mesh-468.md).
const WIDER: f32 = 1.35;

/// The middle of what it is shown, in the aligned crop.
const MIDDLE: [f32; 2] = [56.0, 60.0];

/// Where its five points lie in an aligned crop: the medians over 1,906 photographs aligned by the detector's.
pub(crate) const TEMPLATE_MESH: Landmarks =
    [[37.54, 53.04], [73.67, 52.40], [55.71, 75.35], [40.92, 91.24], [71.96, 90.61]];

/// Points around the eye on the person's own right, and left.
const EYES: [[usize; 16]; 2] = [
    [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173],
    [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398],
];

/// Tip of the nose and corners of the mouth.
const NOSE: usize = 1;
const MOUTH: [usize; 2] = [61, 291];

/// Carries the surroundings of a face with these landmarks into the network's square of `side` pixels, turned by half a turn
/// as the network is.
pub(crate) fn turned(landmarks: &Landmarks, side: u32) -> Option<Similarity> {
    let (last, middle, per) = ((side - 1) as f32, side as f32 / 2.0, side as f32 / (WIDER * CROP as f32));
    let at = |p: [f32; 2], axis: usize| last - (middle + (p[axis] - MIDDLE[axis]) * per);
    Similarity::fit(landmarks, &TEMPLATE_LANDMARKS.map(|p| [at(p, 0), at(p, 1)]))
}

/// The five points in the photograph, from the network's points in its upright square of `side` pixels. `None` when they are
/// not 468 points in three dimensions.
pub(crate) fn five(points: &[f32], side: u32, turned: &Similarity) -> Option<Landmarks> {
    (points.len() == 468 * 3 && points.iter().all(|v| v.is_finite())).then(|| {
        let last = (side - 1) as f32;
        let at = |i: usize| turned.back([last - points[3 * i], last - points[3 * i + 1]]);
        let [right, left] = EYES.map(|ring| {
            let sum = ring.iter().map(|i| at(*i)).fold([0.0; 2], |s, p| [s[0] + p[0], s[1] + p[1]]);
            sum.map(|v| v / ring.len() as f32)
        });
        [right, left, at(NOSE), at(MOUTH[0]), at(MOUTH[1])]
    })
}
