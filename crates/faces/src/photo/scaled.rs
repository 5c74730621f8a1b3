use image::RgbImage;

use crate::Face;

/// A photograph at some scale: what lies at `x` in the photograph lies at `scale·x + offset` here.
#[derive(Debug, Clone)]
pub struct Scaled {
    /// Its pixels.
    pub pixels: RgbImage,
    /// Pixels here per pixel of the photograph, at most 1.
    pub scale: f32,
    /// Where the photograph's corner lies, less than a pixel.
    pub offset: [f32; 2],
}

impl Scaled {
    pub(super) fn full(pixels: RgbImage) -> Self {
        Self { pixels, scale: 1.0, offset: [0.0; 2] }
    }

    /// A face that was found here, in pixels of the photograph.
    pub(crate) fn out(&self, mut face: Face) -> Face {
        let [left, top, width, height] = face.bounds;
        let out = |p: [f32; 2]| [(p[0] - self.offset[0]) / self.scale, (p[1] - self.offset[1]) / self.scale];
        let [left, top] = out([left, top]);
        face.bounds = [left, top, width / self.scale, height / self.scale];
        face.landmarks = face.landmarks.map(out);
        face
    }

    /// A point of the photograph, here.
    pub(crate) fn here(&self, p: [f32; 2]) -> [f32; 2] {
        [p[0] * self.scale + self.offset[0], p[1] * self.scale + self.offset[1]]
    }

    /// Shrunk so that the longer side is `side` pixels, and by how much; `None` if it is no longer.
    pub(crate) fn shrunk(&self, side: u32) -> Option<(RgbImage, f32)> {
        let longest = self.pixels.width().max(self.pixels.height());
        (longest > side).then(|| {
            let by = side as f32 / longest as f32;
            (shrunk(&self.pixels, by), by)
        })
    }
}

/// What each place along a side takes from: the first source pixel and the share of it and each that
/// follows. A place covers `1/by` source pixels; shares of those at its ends are partial.
fn shares(from: u32, to: u32, by: f32) -> Vec<(usize, Vec<f32>)> {
    let wide = 1.0 / f64::from(by);
    (0..to)
        .map(|at| {
            let (low, high) = (f64::from(at) * wide, ((f64::from(at) + 1.0) * wide).min(f64::from(from)));
            let (first, last) = (low.floor() as usize, (high.ceil() as usize).max(low.floor() as usize + 1));
            let inside = |i: usize| (high.min(i as f64 + 1.0) - low.max(i as f64)).max(0.0);
            let sum: f64 = (first..last).map(inside).sum();
            (first.min(from as usize - 1), (first..last).map(|i| (inside(i) / sum.max(1e-9)) as f32).collect())
        })
        .collect()
}

/// Shrinks by averaging exactly the area that each new pixel covers (OpenCV's `INTER_AREA`).
pub(crate) fn shrunk(pixels: &RgbImage, by: f32) -> RgbImage {
    let scaled = |length: u32| ((length as f32 * by).round() as u32).max(1);
    let (width, height) = (scaled(pixels.width()), scaled(pixels.height()));
    let (columns, rows) = (shares(pixels.width(), width, by), shares(pixels.height(), height, by));
    let row = pixels.width() as usize * 3;
    let mut out = RgbImage::new(width, height);
    let mut sums = vec![0.0f32; row];
    for (out, (first, weights)) in out.chunks_exact_mut(width as usize * 3).zip(&rows) {
        sums.fill(0.5);
        for (from, weight) in pixels.as_raw()[first * row..].chunks_exact(row).zip(weights) {
            for (sum, value) in sums.iter_mut().zip(from) {
                *sum += f32::from(*value) * weight;
            }
        }
        for (out, (first, weights)) in out.chunks_exact_mut(3).zip(&columns) {
            let mut all = [0.0; 3];
            for (from, weight) in sums[first * 3..].chunks_exact(3).zip(weights) {
                for (all, value) in all.iter_mut().zip(from) {
                    *all += value * weight;
                }
            }
            for (out, value) in out.iter_mut().zip(all) {
                *out = value as u8;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_keeps_the_mean_and_the_place() {
        let pixels = RgbImage::from_fn(30, 20, |x, _| image::Rgb([if x < 15 { 0 } else { 200 }, 100, x as u8]));
        let half = shrunk(&pixels, 0.5);
        assert_eq!(half.dimensions(), (15, 10));
        assert_eq!(half.get_pixel(6, 3).0, [0, 100, 13]);
        assert_eq!(half.get_pixel(7, 3).0, [100, 100, 15], "one pixel of each side of the edge");
        let third = shrunk(&pixels, 0.4);
        assert_eq!(third.dimensions(), (12, 8));
        assert_eq!(third.get_pixel(5, 0).0[0], 0);
        assert_eq!(third.get_pixel(6, 0).0[0], 200);
    }
}
