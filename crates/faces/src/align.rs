use image::{Rgb, RgbImage};

use crate::landmarks::{CROP, Landmarks, TEMPLATE_LANDMARKS};

/// A rotation with uniform scale and a shift: `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Similarity {
    pub a: f32,
    pub b: f32,
    pub tx: f32,
    pub ty: f32,
}

impl Similarity {
    /// The least-squares similarity that carries `from` to `to` (Umeyama 1991; in two dimensions
    /// the solution is closed, and never a reflection). `None` when the points coincide.
    pub fn fit(from: &Landmarks, to: &Landmarks) -> Option<Self> {
        let mean = |points: &Landmarks| {
            points.iter().fold([0.0f64; 2], |m, p| [m[0] + f64::from(p[0]) / 5.0, m[1] + f64::from(p[1]) / 5.0])
        };
        let (mf, mt) = (mean(from), mean(to));
        let (mut dot, mut cross, mut spread) = (0.0f64, 0.0f64, 0.0f64);
        for (f, t) in from.iter().zip(to) {
            let (fx, fy) = (f64::from(f[0]) - mf[0], f64::from(f[1]) - mf[1]);
            let (tx, ty) = (f64::from(t[0]) - mt[0], f64::from(t[1]) - mt[1]);
            dot += fx * tx + fy * ty;
            cross += fx * ty - fy * tx;
            spread += fx * fx + fy * fy;
        }
        if !(spread.is_finite() && spread > 1e-9 && (dot * dot + cross * cross) > 1e-12) {
            return None;
        }
        let (a, b) = (dot / spread, cross / spread);
        Some(Self {
            a: a as f32,
            b: b as f32,
            tx: (mt[0] - a * mf[0] + b * mf[1]) as f32,
            ty: (mt[1] - b * mf[0] - a * mf[1]) as f32,
        })
    }

    /// The similarity that carries a square around `bounds` to one of `side` pixels.
    pub fn around(bounds: &[f32; 4], side: f32) -> Option<Self> {
        let [x, y, width, height] = *bounds;
        let a = side / width.max(height);
        let whole = a.is_finite() && a > 1e-6;
        whole.then(|| Self {
            a,
            b: 0.0,
            tx: side / 2.0 - a * (x + width / 2.0),
            ty: side / 2.0 - a * (y + height / 2.0),
        })
    }

    /// Lengths there per length here.
    pub fn scale(&self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The point that this similarity carries to `p`.
    pub fn back(&self, p: [f32; 2]) -> [f32; 2] {
        let d = self.a * self.a + self.b * self.b;
        let (x, y) = (p[0] - self.tx, p[1] - self.ty);
        [(self.a * x + self.b * y) / d, (self.a * y - self.b * x) / d]
    }
}

/// Cuts the 112×112 crop in which `landmarks` lie where the embedding expects them, as [`cut`].
///
/// `None` when the landmarks coincide.
pub fn align(pixels: &RgbImage, landmarks: &Landmarks) -> Option<RgbImage> {
    Some(cut(pixels, &Similarity::fit(landmarks, &TEMPLATE_LANDMARKS)?, CROP))
}

/// What `similarity` carries into a square of `side` pixels: bilinear, black outside the picture, as
/// OpenCV's `warpAffine`; but where the picture is finer than the square, each of its pixels is the mean of
/// as many samples as it covers, so that nothing is skipped.
pub(crate) fn cut(pixels: &RgbImage, similarity: &Similarity, side: u32) -> RgbImage {
    let samples = ((1.0 / similarity.scale()).round() as u32).clamp(1, MAX_SAMPLES);
    let (step, first) = (1.0 / samples as f32, (1.0 / samples as f32 - 1.0) / 2.0);
    let share = step * step;
    RgbImage::from_fn(side, side, |x, y| {
        let mut sum = [0.5f32; 3];
        for at in 0..samples * samples {
            let (u, v) = ((at % samples) as f32 * step + first, (at / samples) as f32 * step + first);
            let value = sample(pixels, similarity.back([x as f32 + u, y as f32 + v]));
            for (sum, value) in sum.iter_mut().zip(value) {
                *sum += value * share;
            }
        }
        Rgb(sum.map(|v| v as u8))
    })
}

/// Most samples along a side of one of the crop's pixels.
const MAX_SAMPLES: u32 = 16;

fn sample(pixels: &RgbImage, [x, y]: [f32; 2]) -> [f32; 3] {
    let (x0, y0) = (x.floor(), y.floor());
    let (u, v) = (x - x0, y - y0);
    let (x0, y0) = (x0 as i64, y0 as i64);
    let get = |x: i64, y: i64| match (u32::try_from(x), u32::try_from(y)) {
        (Ok(x), Ok(y)) if x < pixels.width() && y < pixels.height() => pixels.get_pixel(x, y).0.map(f32::from),
        _ => [0.0; 3],
    };
    let (a, b, c, d) = (get(x0, y0), get(x0 + 1, y0), get(x0, y0 + 1), get(x0 + 1, y0 + 1));
    std::array::from_fn(|i| {
        let top = a[i] * (1.0 - u) + b[i] * u;
        let bottom = c[i] * (1.0 - u) + d[i] * u;
        top * (1.0 - v) + bottom * v
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_similarity_is_found_again() {
        let known = Similarity { a: 1.7, b: -0.6, tx: 31.0, ty: -12.0 };
        let from = TEMPLATE_LANDMARKS.map(|p| known.back(p));
        let found = Similarity::fit(&from, &TEMPLATE_LANDMARKS).expect("the points differ");
        for (found, known) in [(found.a, known.a), (found.b, known.b), (found.tx, known.tx), (found.ty, known.ty)] {
            assert!((found - known).abs() < 1e-3, "{found} for {known}");
        }
    }

    #[test]
    fn coinciding_landmarks_are_refused() {
        assert_eq!(Similarity::fit(&[[5.0, 5.0]; 5], &TEMPLATE_LANDMARKS), None);
        assert_eq!(Similarity::fit(&[[f32::NAN; 2]; 5], &TEMPLATE_LANDMARKS), None);
    }
}
