//! Turning, cropping and changing the tones of a copy. Nothing else: a face is made easier to see, never
//! made into another.

use image::{RgbImage, imageops};
use serde::{Deserialize, Serialize};

/// One step on a copy of a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Adjustment {
    /// Turns it clockwise about its middle; it grows so that nothing is cut, the corners become black.
    Rotate {
        /// Degrees.
        degrees: f32,
    },
    /// Keeps a part, cut off at the picture's edges.
    Crop {
        /// Left edge in pixels.
        x: u32,
        /// Top edge.
        y: u32,
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
    /// `((v + brightness - 0.5)·contrast + 0.5)^(1/gamma)` for values 0 to 1.
    Tone {
        /// Added, -1 to 1.
        brightness: f32,
        /// Factor, more than 0.
        contrast: f32,
        /// More than 0.
        gamma: f32,
    },
}

/// Width and height in pixels.
pub type Size = (u32, u32);

impl Adjustment {
    /// Quarter turns clockwise, where it is nothing else.
    fn quarters(degrees: f32) -> Option<u8> {
        let quarters = degrees.rem_euclid(360.0) / 90.0;
        (quarters.fract() == 0.0).then_some(quarters as u8 % 4)
    }

    /// Size of the picture after this step.
    fn size(&self, (width, height): Size) -> Size {
        match *self {
            Adjustment::Tone { .. } => (width, height),
            Adjustment::Crop { x, y, width: w, height: h } => {
                (w.min(width.saturating_sub(x)).max(1), h.min(height.saturating_sub(y)).max(1))
            }
            Adjustment::Rotate { degrees } => match Self::quarters(degrees) {
                Some(0 | 2) => (width, height),
                Some(_) => (height, width),
                None => {
                    let (sin, cos) = degrees.to_radians().sin_cos();
                    let (w, h) = (width as f32, height as f32);
                    let grown = |a: f32, b: f32| (a.abs() + b.abs()).ceil().max(1.0) as u32;
                    (grown(w * cos, h * sin), grown(w * sin, h * cos))
                }
            },
        }
    }

    /// Where a place of a picture of `size` is after this step.
    fn place(&self, size: Size, [x, y]: [f32; 2]) -> [f32; 2] {
        match *self {
            Adjustment::Tone { .. } => [x, y],
            Adjustment::Crop { x: left, y: top, .. } => [x - left as f32, y - top as f32],
            Adjustment::Rotate { degrees } => {
                let after = self.size(size);
                let (sin, cos) = degrees.to_radians().sin_cos();
                let (dx, dy) = (x - size.0 as f32 / 2.0, y - size.1 as f32 / 2.0);
                [after.0 as f32 / 2.0 + dx * cos - dy * sin, after.1 as f32 / 2.0 + dx * sin + dy * cos]
            }
        }
    }

    fn apply(&self, pixels: RgbImage) -> RgbImage {
        match *self {
            Adjustment::Tone { brightness, contrast, gamma } => toned(pixels, brightness, contrast, gamma),
            Adjustment::Crop { x, y, .. } => {
                let (width, height) = self.size(pixels.dimensions());
                let (x, y) = (x.min(pixels.width() - 1), y.min(pixels.height() - 1));
                imageops::crop_imm(&pixels, x, y, width, height).to_image()
            }
            Adjustment::Rotate { degrees } => match Self::quarters(degrees) {
                Some(0) => pixels,
                Some(1) => imageops::rotate90(&pixels),
                Some(2) => imageops::rotate180(&pixels),
                Some(_) => imageops::rotate270(&pixels),
                None => turned(&pixels, degrees, self.size(pixels.dimensions())),
            },
        }
    }
}

fn toned(mut pixels: RgbImage, brightness: f32, contrast: f32, gamma: f32) -> RgbImage {
    let table: Vec<u8> = (0..=255u8)
        .map(|v| {
            let v = (f32::from(v) / 255.0 + brightness - 0.5) * contrast + 0.5;
            (v.clamp(0.0, 1.0).powf(1.0 / gamma) * 255.0).round() as u8
        })
        .collect();
    for value in pixels.iter_mut() {
        *value = table[usize::from(*value)];
    }
    pixels
}

/// Each pixel of the turned picture, interpolated between the four nearest of the original.
fn turned(pixels: &RgbImage, degrees: f32, size: Size) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = |side: u32| side as f32 / 2.0;
    RgbImage::from_fn(size.0, size.1, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - middle(size.0), y as f32 + 0.5 - middle(size.1));
        let from_x = middle(pixels.width()) + dx * cos + dy * sin - 0.5;
        let from_y = middle(pixels.height()) - dx * sin + dy * cos - 0.5;
        imageops::interpolate_bilinear(pixels, from_x, from_y).unwrap_or(image::Rgb([0; 3]))
    })
}

/// A copy with `steps` done to it, one after the other.
pub fn prepared(pixels: RgbImage, steps: &[Adjustment]) -> RgbImage {
    steps.iter().fold(pixels, |pixels, step| step.apply(pixels))
}

/// Where a place of the original of `size` is after `steps`.
pub fn place(steps: &[Adjustment], size: Size, place: [f32; 2]) -> [f32; 2] {
    steps.iter().fold((size, place), |(size, at), step| (step.size(size), step.place(size, at))).1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A white square on black.
    fn square(at: (u32, u32)) -> RgbImage {
        RgbImage::from_fn(120, 80, |x, y| {
            let inside = x.abs_diff(at.0) < 4 && y.abs_diff(at.1) < 4;
            image::Rgb([if inside { 255 } else { 0 }; 3])
        })
    }

    fn brightest(pixels: &RgbImage) -> [f32; 2] {
        let (mut sum, mut x, mut y) = (0.0, 0.0, 0.0);
        for (px, py, p) in pixels.enumerate_pixels() {
            let w = f32::from(p.0[0]);
            (sum, x, y) = (sum + w, x + w * (px as f32 + 0.5), y + w * (py as f32 + 0.5));
        }
        [x / sum, y / sum]
    }

    #[test]
    fn places_follow_the_pixels() {
        let crop = Adjustment::Crop { x: 10, y: 5, width: 100, height: 70 };
        for steps in [
            vec![Adjustment::Rotate { degrees: 90.0 }],
            vec![Adjustment::Rotate { degrees: -90.0 }],
            vec![Adjustment::Rotate { degrees: 180.0 }],
            vec![Adjustment::Rotate { degrees: 17.5 }],
            vec![crop, Adjustment::Rotate { degrees: -33.0 }],
            vec![
                Adjustment::Rotate { degrees: 8.0 },
                Adjustment::Tone { brightness: 0.0, contrast: 1.2, gamma: 1.5 },
                crop,
            ],
        ] {
            let original = square((70, 30));
            let size = original.dimensions();
            let at = place(&steps, size, brightest(&original));
            let found = brightest(&prepared(original, &steps));
            let off = (at[0] - found[0]).hypot(at[1] - found[1]);
            assert!(off < 0.2, "{steps:?}: {at:?} {found:?}");
        }
    }

    #[test]
    fn tones_are_what_they_say_and_crops_stay_inside() {
        let grey = RgbImage::from_pixel(4, 4, image::Rgb([64, 128, 250]));
        let same = Adjustment::Tone { brightness: 0.0, contrast: 1.0, gamma: 1.0 };
        assert_eq!(prepared(grey.clone(), &[same]), grey);
        let lighter = prepared(grey.clone(), &[Adjustment::Tone { brightness: 0.1, contrast: 1.0, gamma: 1.0 }]);
        assert_eq!(lighter.get_pixel(0, 0).0, [90, 154, 255]);
        let open = prepared(grey.clone(), &[Adjustment::Tone { brightness: 0.0, contrast: 1.0, gamma: 2.0 }]);
        assert_eq!(open.get_pixel(0, 0).0[0], 128);
        let beyond = Adjustment::Crop { x: 3, y: 9, width: 100, height: 100 };
        assert_eq!(prepared(grey, &[beyond]).dimensions(), (1, 1));
    }
}
