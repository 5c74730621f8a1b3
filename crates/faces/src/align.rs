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
    let samples = Samples::of(similarity);
    let share = 1.0 / (samples.many * samples.many) as f32;
    RgbImage::from_fn(side, side, |x, y| {
        let middle = similarity.back([x as f32, y as f32]);
        let sum = samples.within(pixels, middle).unwrap_or_else(|| samples.at_the_border(pixels, middle));
        Rgb([0, 1, 2].map(|i| (sum[i] * share + 0.5) as u8))
    })
}

/// Most samples along a side of one of the crop's pixels.
const MAX_SAMPLES: u32 = 16;

/// Samples of one of the square's pixels, around its middle in the picture.
struct Samples {
    /// Along a side.
    many: u32,
    /// From one to the next, in the picture.
    right: [f32; 2],
    down: [f32; 2],
}

impl Samples {
    fn of(similarity: &Similarity) -> Self {
        let many = ((1.0 / similarity.scale()).round() as u32).clamp(1, MAX_SAMPLES);
        let d = similarity.scale().powi(2) * many as f32;
        let (a, b) = (similarity.a / d, similarity.b / d);
        Self { many, right: [a, -b], down: [b, a] }
    }

    /// From the middle to the first.
    fn first(&self) -> [f32; 2] {
        [0, 1].map(|i| (1.0 - self.many as f32) / 2.0 * (self.right[i] + self.down[i]))
    }

    /// Their sum, by red, green, blue and what comes next, where all lie within the picture: most do, and those need no
    /// question at each. Places are counted in 65,536ths of a pixel.
    #[inline(never)]
    fn within(&self, pixels: &RgbImage, middle: [f32; 2]) -> Option<[f32; 4]> {
        const ONE: f32 = 65_536.0;
        let last = [pixels.width() as f32 - 3.0, pixels.height() as f32 - 3.0];
        let reach = [0, 1].map(|i| self.many as f32 / 2.0 * (self.right[i].abs() + self.down[i].abs()));
        if !(0..2).all(|i| middle[i] - reach[i] >= 1.0 && middle[i] + reach[i] <= last[i]) {
            return None;
        }
        let fixed = |p: [f32; 2]| p.map(|v| (v * ONE) as i64);
        let (first, right, down) = (self.first(), fixed(self.right), fixed(self.down));
        let mut start = fixed([middle[0] + first[0], middle[1] + first[1]]);
        let row = 3 * pixels.width() as usize;
        let raw = pixels.as_raw().as_slice();
        let mut sum = [0.0; 4];
        for _ in 0..self.many {
            let [mut x, mut y] = start;
            for _ in 0..self.many {
                let part = |v: i64| (v & 0xFFFF) as i32 as f32 / ONE;
                let (u, v) = (part(x), part(y));
                let at = ((y >> 16) as usize).wrapping_mul(row).wrapping_add(((x >> 16) as usize).wrapping_mul(3));
                let (above, below) = (&raw[at..][..7], &raw[at.wrapping_add(row)..][..7]);
                let four = |row: &[u8], at: usize| -> [f32; 4] { std::array::from_fn(|i| f32::from(row[at + i])) };
                let (a, b, c, d) = (four(above, 0), four(above, 3), four(below, 0), four(below, 3));
                for i in 0..4 {
                    let top = a[i] + (b[i] - a[i]) * u;
                    let bottom = c[i] + (d[i] - c[i]) * u;
                    sum[i] += top + (bottom - top) * v;
                }
                (x, y) = (x.wrapping_add(right[0]), y.wrapping_add(right[1]));
            }
            start = [start[0].wrapping_add(down[0]), start[1].wrapping_add(down[1])];
        }
        Some(sum)
    }

    /// As [`Samples::within`], where the picture may end.
    fn at_the_border(&self, pixels: &RgbImage, middle: [f32; 2]) -> [f32; 4] {
        let first = self.first();
        let mut sum = [0.0; 4];
        for at in 0..self.many * self.many {
            let (u, v) = ((at % self.many) as f32, (at / self.many) as f32);
            let value = sample(pixels, [0, 1].map(|i| middle[i] + first[i] + u * self.right[i] + v * self.down[i]));
            for (sum, value) in sum.iter_mut().zip(value) {
                *sum += value;
            }
        }
        sum
    }
}

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
    fn what_lies_within_is_cut_as_what_lies_at_the_border() {
        let pixels = RgbImage::from_fn(300, 200, |x, y| {
            Rgb([0, 8, 16].map(|by| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503_001)).to_le_bytes()[by / 8]))
        });
        for (scale, turn) in [(1.3f32, 0.0f32), (0.7, 0.4), (0.45, 3.0), (0.21, -1.2), (0.03, 0.1)] {
            let (a, b) = (scale * turn.cos(), scale * turn.sin());
            // The picture's middle lies in the square's, and a part of the square beyond the picture where it is coarse.
            let known = Similarity { a, b, tx: 24.0 - a * 150.0 + b * 100.0, ty: 24.0 - b * 150.0 - a * 100.0 };
            let samples = Samples::of(&known);
            let mut inner = 0;
            for (x, y) in (0..48).flat_map(|y| (0..48).map(move |x| (x as f32, y as f32))) {
                let middle = known.back([x, y]);
                let Some(found) = samples.within(&pixels, middle) else { continue };
                inner += 1;
                let wanted = samples.at_the_border(&pixels, middle);
                let many = (samples.many * samples.many) as f32;
                let off = (0..3).map(|i| (found[i] - wanted[i]).abs() / many).fold(0.0, f32::max);
                assert!(off < 0.1, "{off} of 255 at {x},{y} with {known:?}");
            }
            assert!(inner > 8, "{inner} of 2304 lie within with {known:?}");
        }
    }

    #[test]
    fn coinciding_landmarks_are_refused() {
        assert_eq!(Similarity::fit(&[[5.0, 5.0]; 5], &TEMPLATE_LANDMARKS), None);
        assert_eq!(Similarity::fit(&[[f32::NAN; 2]; 5], &TEMPLATE_LANDMARKS), None);
    }
}
