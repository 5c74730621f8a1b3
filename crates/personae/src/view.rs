use image::RgbImage;

use crate::math::{V3, lerp, v3};
use crate::rng::Rng;

/// How a person is photographed.
#[derive(Debug, Clone)]
pub struct View {
    /// Number of the view; 0 is the booking pose.
    pub index: u32,
    /// Head turned to the person's left, radians.
    pub yaw: f32,
    /// Head bent down, radians.
    pub pitch: f32,
    /// Head tilted, radians.
    pub roll: f32,
    pub(crate) distance: f32,
    pub(crate) framing: f32,
    pub(crate) shift: (f32, f32),
    pub(crate) key: V3,
    pub(crate) key_strength: f32,
    pub(crate) fill_strength: f32,
    pub(crate) warmth: f32,
    pub(crate) exposure: f32,
    pub(crate) expression: Vec<(&'static str, f32)>,
    pub(crate) background: (V3, V3),
    pub(crate) blur: f32,
    pub(crate) noise: f32,
    seed: u64,
}

impl View {
    /// View `index` of the person of `seed`.
    pub fn new(seed: u64, index: u32) -> Self {
        let mut rng = Rng::new(seed, 1000 + u64::from(index));
        let booking = index == 0;
        let reach = if booking { 0.15 } else { 1.0 };
        let warmth = rng.normal() * 0.05 * if booking { 0.4 } else { 1.0 };
        let side = rng.between(-1.0, 1.0);
        let key = if booking {
            v3(0.35 * side, 0.55, 1.0).unit()
        } else {
            v3(1.1 * side, rng.between(0.25, 1.1), 1.0).unit()
        };
        let mut expression = Vec::new();
        if !booking {
            if rng.chance(0.5) {
                expression.push(("mouth-corner-puller", rng.between(0.1, 0.6)));
            }
            if rng.chance(0.3) {
                let up = rng.between(0.1, 0.5);
                expression.extend([("eyebrows-left-up", up), ("eyebrows-right-up", up)]);
            }
            if rng.chance(0.3) {
                expression.push(("mouth-compression", rng.between(0.1, 0.4)));
            }
        }
        let closure = rng.between(0.0, 0.18);
        expression.extend([("eye-left-closure", closure), ("eye-right-closure", closure)]);
        let shade = rng.between(0.16, 0.5);
        let background = if booking {
            (v3(0.36, 0.41, 0.46), v3(0.24, 0.28, 0.33))
        } else {
            let tint = v3(rng.between(0.8, 1.15), rng.between(0.85, 1.1), rng.between(0.8, 1.15));
            (v3(1.0, 1.0, 1.0).times(tint) * shade, v3(0.55, 0.55, 0.55).times(tint) * shade)
        };
        Self {
            index,
            yaw: rng.between(-0.35, 0.35) * reach,
            pitch: rng.between(-0.14, 0.16) * reach,
            roll: rng.between(-0.09, 0.09) * reach,
            distance: if booking { 15.0 } else { rng.between(9.0, 24.0) },
            framing: if booking { 1.0 } else { rng.between(0.8, 1.06) },
            shift: (rng.between(-0.12, 0.12) * reach, rng.between(-0.08, 0.1) * reach),
            key,
            key_strength: if booking { 1.0 } else { rng.between(0.65, 1.25) },
            fill_strength: if booking { 0.75 } else { rng.between(0.4, 0.85) },
            warmth,
            exposure: if booking { 1.0 } else { rng.between(0.86, 1.14) },
            expression,
            background,
            blur: if booking { 0.0 } else { (rng.unit().powi(2)) * 0.9 },
            noise: if booking { 0.006 } else { rng.between(0.006, 0.024) },
            seed: seed ^ (u64::from(index) << 48),
        }
    }

    /// What the camera adds: blur and sensor noise.
    pub(crate) fn capture(&self, picture: RgbImage) -> RgbImage {
        // Blur is given for 512 px so that a person looks the same at every size.
        let sigma = self.blur * picture.width() as f32 / 512.0;
        let mut picture = if sigma > 0.15 { image::imageops::fast_blur(&picture, sigma) } else { picture };
        let mut rng = Rng::new(self.seed, 77);
        for pixel in picture.pixels_mut() {
            let grain = rng.unit() + rng.unit() + rng.unit() - 1.5;
            for c in &mut pixel.0 {
                let own = rng.unit() - 0.5;
                let value = f32::from(*c) + 255.0 * self.noise * lerp(grain, own, 0.4);
                *c = value.round().clamp(0.0, 255.0) as u8;
            }
        }
        picture
    }
}
