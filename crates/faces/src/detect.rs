use serde::{Deserialize, Serialize};

use crate::landmarks::{CROP, Landmarks, TEMPLATE_LANDMARKS};

/// A face that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
/// The detector's input is a multiple of this, its coarsest stride.
pub(crate) const MULTIPLE: u32 = 32;

/// One stride's four output maps, row by row of the grid.
pub(crate) struct Maps<'a> {
    pub cls: &'a [f32],
    pub obj: &'a [f32],
    pub bbox: &'a [f32],
    pub kps: &'a [f32],
}

/// Decodes YuNet's outputs (Wu, Peng, Yu 2023; formulas as in OpenCV's `FaceDetectorYN`) for an
/// input of `width` pixels across, in pixels of that input, best first, overlaps removed.
pub(crate) fn decode(maps: &[Maps; 3], width: usize) -> Vec<Face> {
    let mut faces = Vec::new();
    for (maps, stride) in maps.iter().zip(STRIDES) {
        let columns = width / stride;
        let s = stride as f32;
        for (prior, (cls, obj)) in maps.cls.iter().zip(maps.obj).enumerate() {
            let score = (cls.clamp(0.0, 1.0) * obj.clamp(0.0, 1.0)).sqrt();
            if score.is_nan() || score < MIN_SCORE {
                continue;
            }
            let (col, row) = ((prior % columns) as f32, (prior / columns) as f32);
            let [bx, by, bw, bh] = std::array::from_fn(|i| maps.bbox[prior * 4 + i]);
            let (w, h) = (bw.exp() * s, bh.exp() * s);
            let k = &maps.kps[prior * 10..prior * 10 + 10];
            faces.push(Face {
                bounds: [(col + bx) * s - w / 2.0, (row + by) * s - h / 2.0, w, h],
                landmarks: std::array::from_fn(|i| [(k[2 * i] + col) * s, (k[2 * i + 1] + row) * s]),
                score,
            });
        }
    }
    merge(faces)
}

/// Best first; of faces that overlap only the best stays.
pub(crate) fn merge(mut faces: Vec<Face>) -> Vec<Face> {
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|k| overlap(&k.bounds, &face.bounds) <= MAX_OVERLAP) {
            kept.push(face);
        }
    }
    kept
}

/// Whether a face is one of `faces`.
pub(crate) fn is_among(faces: &[Face], face: &Face) -> bool {
    faces.iter().any(|f| overlap(&f.bounds, &face.bounds) > MAX_OVERLAP)
}

/// Width in pixels of the detector's input from which a face is found as well as it ever is.
pub(crate) const SETTLED: f32 = 32.0;
/// Scale at which a face 32 pixels wide is still found: about 16 pixels for the detector. JPEG gives
/// half the size for less than the whole.
pub(crate) const FINE: f32 = 0.5;
/// Longest side of a tile where the detector takes any size: fewer overlaps, still little memory.
pub(crate) const TILE: u32 = 1280;
/// How far tiles overlap, in pixels of the finer picture; larger faces are found in the whole.
const TILE_OVERLAP: u32 = 160;

/// Whether the whole photograph, scaled down by `scale`, was too coarse for small faces. Where there is
/// one face and it fills an eighth of the picture's shorter side it is a portrait, and nobody looks for
/// more.
pub(crate) fn small_faces_may_hide((width, height): (u32, u32), scale: f32, found: &[Face]) -> bool {
    let portrait = matches!(found, [face] if face.bounds[2] >= width.min(height) as f32 / 8.0);
    scale < FINE * 0.7 && !portrait
}

/// A part of a picture that the detector looks at by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tile {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Tile {
    /// Whether the tile shows all of a face, so that no neighbour shows it better. `face` is in
    /// pixels of the tile, `picture` the size of what was cut into tiles.
    pub fn holds(&self, face: &Face, picture: (u32, u32)) -> bool {
        let [x, y, width, height] = face.bounds;
        let cut = |low: f32, length: f32, start: u32, side: u32, whole: u32| {
            (start > 0 && low < 2.0) || (start + side < whole && low + length > side as f32 - 2.0)
        };
        !cut(x, width, self.x, self.width, picture.0) && !cut(y, height, self.y, self.height, picture.1)
    }
}

/// Tiles of at most `side` pixels that cover a picture and overlap.
pub(crate) fn tiles((width, height): (u32, u32), side: u32) -> Vec<Tile> {
    // Evenly long parts: how long, and where they start.
    let parts = |length: u32| -> (u32, Vec<u32>) {
        if length <= side {
            return (length, vec![0]);
        }
        let count = (length - TILE_OVERLAP).div_ceil(side - TILE_OVERLAP);
        let long = (length + (count - 1) * TILE_OVERLAP).div_ceil(count);
        (long, (0..count).map(|n| (length - long) * n / (count - 1)).collect())
    };
    let ((width, columns), (height, rows)) = (parts(width), parts(height));
    rows.into_iter().flat_map(|y| columns.iter().map(move |x| Tile { x: *x, y, width, height })).collect()
}

/// Intersection over union of two boxes.
pub(crate) fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let side = |a0: f32, a1: f32, b0: f32, b1: f32| ((a0 + a1).min(b0 + b1) - a0.max(b0)).max(0.0);
    let common = side(a[0], a[2], b[0], b[2]) * side(a[1], a[3], b[1], b[3]);
    common / (a[2] * a[3] + b[2] * b[3] - common)
}

impl Face {
    /// The face of a ready 112×112 crop.
    pub fn of_crop() -> Self {
        let side = CROP as f32;
        Self { bounds: [0.0, 0.0, side, side], landmarks: TEMPLATE_LANDMARKS, score: 1.0 }
    }

    /// The same face in an image `1/scale` times as large.
    pub(crate) fn enlarged(mut self, scale: f32) -> Self {
        for v in self.bounds.iter_mut().chain(self.landmarks.iter_mut().flatten()) {
            *v /= scale;
        }
        self
    }

    /// The same face in a picture of which this one was cut out at `x`, `y`.
    pub(crate) fn moved(mut self, x: u32, y: u32) -> Self {
        let shift = [x as f32, y as f32];
        for (at, v) in self.bounds[..2].iter_mut().chain(self.landmarks.iter_mut().flatten()).enumerate() {
            *v += shift[at % 2];
        }
        self
    }

    /// The same face in a picture in which its aligned crop would be `pixels` wide; never larger than it is.
    #[must_use]
    pub fn shown_in_crop(self, pixels: u32) -> Self {
        let [right, left, ..] = TEMPLATE_LANDMARKS;
        let eyes = (left[0] - right[0]) * pixels as f32 / CROP as f32;
        let scale = (self.inter_eye() / eyes).max(1.0);
        self.enlarged(scale)
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
    fn tiles_cover_everything_and_overlap() {
        for size in [(2700, 1800), (641, 640), (640, 640), (3000, 100)] {
            let tiles = tiles(size, 640);
            for (x, y) in [(0, 0), (size.0 - 1, size.1 - 1), (size.0 / 2, size.1 / 3)] {
                let covers = |t: &&Tile| (t.x..t.x + t.width).contains(&x) && (t.y..t.y + t.height).contains(&y);
                assert!(tiles.iter().any(|t| covers(&t)), "{x},{y} of {size:?}");
            }
            assert!(tiles.iter().all(|t| t.x + t.width <= size.0 && t.y + t.height <= size.1));
            for (a, b) in tiles.iter().zip(&tiles[1..]).filter(|(a, b)| a.y == b.y) {
                assert!(a.x + a.width >= b.x + TILE_OVERLAP, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_face_cut_by_an_inner_border_is_left_to_the_neighbour() {
        let face = |x: f32| Face { bounds: [x, 50.0, 80.0, 100.0], landmarks: [[0.0; 2]; 5], score: 0.9 };
        let tile = Tile { x: 480, y: 0, width: 640, height: 640 };
        assert!(tile.holds(&face(100.0), (2000, 640)));
        assert!(!tile.holds(&face(1.0), (2000, 640)) && !tile.holds(&face(560.0), (2000, 640)));
        let first = Tile { x: 0, ..tile };
        assert!(first.holds(&face(0.0), (2000, 640)), "the picture's own border cuts nothing that a neighbour has");
        assert_eq!(face(10.0).moved(480, 7).bounds, [490.0, 57.0, 80.0, 100.0]);
    }

    #[test]
    fn overlap_of_halves() {
        assert!((overlap(&[0.0, 0.0, 2.0, 2.0], &[1.0, 0.0, 2.0, 2.0]) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(overlap(&[0.0, 0.0, 2.0, 2.0], &[5.0, 0.0, 2.0, 2.0]), 0.0);
    }
}
