use image::RgbImage;
use image::imageops::{FilterType, resize};
use serde::Serialize;

/// Five points in pixels of the upright image: the person's right eye, left eye, tip of the nose,
/// right and left corner of the mouth.
pub type Landmarks = [[f32; 2]; 5];

/// A face that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Face {
    /// Left, top, width, height in pixels of the upright image.
    #[serde(rename = "box")]
    pub bounds: [f32; 4],
    /// Landmarks.
    pub landmarks: Landmarks,
    /// The detector's score, 0 to 1.
    pub score: f32,
}

/// Faces below this score are not reported (OpenCV's demo uses 0.9, its default is 0.6).
pub(crate) const MIN_SCORE: f32 = 0.6;
/// Of boxes that overlap more than this only the best stays.
const MAX_OVERLAP: f32 = 0.3;
const STRIDES: [usize; 3] = [8, 16, 32];

/// The photo scaled so that it fits into `side`×`side`, and by how much; never enlarged.
pub(crate) fn fit(pixels: &RgbImage, side: u32) -> (RgbImage, f32) {
    let longest = pixels.width().max(pixels.height());
    if longest <= side {
        return (pixels.clone(), 1.0);
    }
    let scale = side as f32 / longest as f32;
    let scaled = |length: u32| ((length as f32 * scale).round() as u32).clamp(1, side);
    let (width, height) = (scaled(pixels.width()), scaled(pixels.height()));
    (resize(pixels, width, height, FilterType::Triangle), scale)
}

/// One stride's four output maps, row by row of the grid.
pub(crate) struct Maps<'a> {
    pub cls: &'a [f32],
    pub obj: &'a [f32],
    pub bbox: &'a [f32],
    pub kps: &'a [f32],
}

/// Decodes YuNet's outputs (Wu, Peng, Yu 2023; formulas as in OpenCV's `FaceDetectorYN`) for an
/// input of `side`×`side`, in pixels of that input, best first, overlaps removed.
pub(crate) fn decode(maps: &[Maps; 3], side: usize) -> Vec<Face> {
    let mut faces = Vec::new();
    for (maps, stride) in maps.iter().zip(STRIDES) {
        let columns = side / stride;
        let s = stride as f32;
        for (prior, (cls, obj)) in maps.cls.iter().zip(maps.obj).enumerate() {
            let score = (cls.clamp(0.0, 1.0) * obj.clamp(0.0, 1.0)).sqrt();
            if score.is_nan() || score < MIN_SCORE {
                continue;
            }
            let (col, row) = ((prior % columns) as f32, (prior / columns) as f32);
            let [bx, by, bw, bh] = std::array::from_fn(|i| maps.bbox[prior * 4 + i]);
            let (width, height) = (bw.exp() * s, bh.exp() * s);
            let k = &maps.kps[prior * 10..prior * 10 + 10];
            faces.push(Face {
                bounds: [(col + bx) * s - width / 2.0, (row + by) * s - height / 2.0, width, height],
                landmarks: std::array::from_fn(|i| [(k[2 * i] + col) * s, (k[2 * i + 1] + row) * s]),
                score,
            });
        }
    }
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|k| overlap(&k.bounds, &face.bounds) <= MAX_OVERLAP) {
            kept.push(face);
        }
    }
    kept
}

/// Intersection over union of two boxes.
pub(crate) fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let side = |a0: f32, a1: f32, b0: f32, b1: f32| ((a0 + a1).min(b0 + b1) - a0.max(b0)).max(0.0);
    let common = side(a[0], a[2], b[0], b[2]) * side(a[1], a[3], b[1], b[3]);
    common / (a[2] * a[3] + b[2] * b[3] - common)
}

impl Face {
    /// The same face in an image `1/scale` times as large.
    pub(crate) fn enlarged(mut self, scale: f32) -> Self {
        for v in self.bounds.iter_mut().chain(self.landmarks.iter_mut().flatten()) {
            *v /= scale;
        }
        self
    }

    /// Distance between the eyes in pixels.
    pub fn inter_eye(&self) -> f32 {
        let [right, left, ..] = self.landmarks;
        ((left[0] - right[0]).powi(2) + (left[1] - right[1]).powi(2)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_prior_decodes_as_the_formula_says() {
        // Grid of stride 32 on 64×64: prior 3 is column 1, row 1.
        let empty = |n: usize, per: usize| vec![0.0f32; n * per];
        let (c8, b8, k8) = (empty(64, 1), empty(64, 4), empty(64, 10));
        let (c16, b16, k16) = (empty(16, 1), empty(16, 4), empty(16, 10));
        let (mut cls, mut obj, mut bbox, mut kps) = (empty(4, 1), empty(4, 1), empty(4, 4), empty(4, 10));
        cls[3] = 0.81;
        obj[3] = 1.3;
        bbox[12..16].copy_from_slice(&[0.5, 0.25, 0.0, 2.0f32.ln()]);
        kps[30] = 0.125;
        let maps = [
            Maps { cls: &c8, obj: &c8, bbox: &b8, kps: &k8 },
            Maps { cls: &c16, obj: &c16, bbox: &b16, kps: &k16 },
            Maps { cls: &cls, obj: &obj, bbox: &bbox, kps: &kps },
        ];
        let faces = decode(&maps, 64);
        assert_eq!(faces.len(), 1);
        assert!((faces[0].score - 0.9).abs() < 1e-6);
        assert_eq!(faces[0].bounds, [32.0, 8.0, 32.0, 64.0]);
        assert_eq!(faces[0].landmarks[0], [36.0, 32.0]);
    }

    #[test]
    fn overlap_of_halves() {
        assert!((overlap(&[0.0, 0.0, 2.0, 2.0], &[1.0, 0.0, 2.0, 2.0]) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(overlap(&[0.0, 0.0, 2.0, 2.0], &[5.0, 0.0, 2.0, 2.0]), 0.0);
    }
}
