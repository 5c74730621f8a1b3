//! Where hair grows, and what colour it has.

use crate::assets::Material;
use crate::identity::{Beard, HairStyle, Identity};
use crate::math::{V3, lerp, polyline, smooth, v3};
use crate::noise::{floor, fractal, hash, value};

// All places below are rest positions of the base mesh in decimetres: chin 6.17, mouth 6.72,
// tip of the nose (0, 6.91, 1.68), eyes (±0.31, 7.28, 1.39), brow ridge 7.5, top of the head 8.49.

/// Front edge of the hair (largest z with hair) at each height.
const FRONT: &[(f32, f32)] = &[
    (6.35, -0.5),
    (6.5, -0.2),
    (6.7, -0.08),
    (7.0, -0.02),
    (7.1, 0.02),
    (7.16, 0.84),
    (7.3, 0.88),
    (7.5, 0.9),
    (7.62, 0.97),
    (7.75, 1.06),
    (7.86, 1.12),
    (7.95, 1.2),
    (8.03, 1.36),
    (8.1, 1.7),
    (8.6, 2.0),
];

/// Where hair grows, how thick it stands and which strands exist.
pub(crate) struct Hairdo<'a> {
    identity: &'a Identity,
    seed: u32,
}

impl<'a> Hairdo<'a> {
    pub fn new(identity: &'a Identity) -> Self {
        Self { identity, seed: (identity.seed as u32).wrapping_mul(0x9E37) ^ 0xA5 }
    }

    pub fn has_long_hair(&self) -> bool {
        self.identity.hair.style == HairStyle::Long
    }

    /// Signed distance into the hair of the head, decimetres; negative on bare skin.
    pub fn scalp(&self, p: V3) -> f32 {
        let hair = &self.identity.hair;
        let ear = p.x.abs() > 0.715 && p.y > 6.9 && p.y < 7.5 && p.z > 0.2;
        if ear {
            return -0.2;
        }
        let temple = smooth(0.18, 0.45, p.x.abs()) * smooth(7.62, 7.9, p.y);
        let y = p.y - hair.hairline - hair.recede * temple * 0.9 + 0.07;
        let line = polyline(FRONT, y) - p.z;
        let ragged = fractal(p * 9.0, self.seed) * 0.03;
        let crown = v3(p.x, p.y - 8.3, p.z - 0.35);
        let bald = hair.thinning * 0.75 - crown.length();
        let back = if hair.style == HairStyle::Bald { -0.08 - hair.thinning } else { 0.0 };
        (line + ragged + back).min(-bald * 0.8 + ragged)
    }

    /// Strength of the beard at `p`, 0 to 1.
    pub fn beard(&self, p: V3) -> f32 {
        let kind = self.identity.hair.beard;
        if kind == Beard::None || p.y > 7.3 || p.y < 6.0 {
            return 0.0;
        }
        let ragged = fractal(p * 8.0, self.seed ^ 9) * 0.06;
        let x = p.x.abs();
        // Upper edge: from the sideburn down the cheek to the corner of the moustache.
        let upper = polyline(&[(0.0, 6.86), (0.22, 6.84), (0.32, 6.72), (0.5, 6.74), (0.68, 6.98), (0.8, 7.25)], x);
        let cheek = smooth(0.0, 0.1, upper - p.y + ragged);
        let lips =
            smooth(0.0, 0.05, ((x / 0.27).powi(2) + ((p.y - 6.7) / 0.085).powi(2)).sqrt() * 0.2 - 0.19 + ragged * 0.2);
        let nose = 1.0 - smooth(6.8, 6.86, p.y) * (1.0 - smooth(0.14, 0.2, x)) * smooth(1.56, 1.6, p.z);
        let throat = smooth(6.1, 6.24, p.y + ragged) * smooth(0.35, 0.55, p.z);
        let all = cheek * lips * nose * throat;
        let moustache = all * smooth(6.7, 6.74, p.y) * (1.0 - smooth(0.27, 0.36, x));
        let chin = all * (1.0 - smooth(0.24, 0.34, x)) * smooth(0.9, 1.1, p.z);
        match kind {
            Beard::None => 0.0,
            Beard::Stubble | Beard::Full => all,
            Beard::Moustache => moustache,
            Beard::Goatee => chin.max(moustache * 0.9),
        }
    }

    fn beard_length(&self) -> f32 {
        match self.identity.hair.beard {
            Beard::Full => 0.07,
            Beard::Goatee => 0.05,
            Beard::Moustache => 0.04,
            Beard::Stubble | Beard::None => 0.0,
        }
    }

    /// Whether hair stands on or near `p`.
    pub fn reaches(&self, p: V3) -> bool {
        (p.y > 6.2 && self.scalp(p) > -0.2 && self.identity.hair.volume > 0.015)
            || (self.beard_length() > 0.0 && self.beard(p) > 0.0)
    }

    /// Height of the hair over the skin at `p`, decimetres.
    pub fn thickness(&self, p: V3) -> f32 {
        let hair = &self.identity.hair;
        let edge = smooth(-0.08, 0.3, self.scalp(p));
        let top = smooth(7.2, 8.1, p.y);
        let clumps = 1.0 + 0.3 * value(p * 2.3, self.seed ^ 3) + 0.12 * value(p * 6.0, self.seed ^ 4);
        let shape = match hair.style {
            HairStyle::Bald => 0.0,
            HairStyle::Buzz => 1.0,
            HairStyle::Short => lerp(0.35, 1.0, top),
            HairStyle::Swept => lerp(0.5, 1.0, top),
            HairStyle::Long => lerp(0.8, 1.0, top),
        };
        let nape = smooth(6.4, 6.9, p.y);
        // Sideburns lie flat before the ear.
        let flat = lerp(1.0, lerp(0.12, 1.0, smooth(7.25, 7.75, p.y)), smooth(0.1, 0.3, p.z));
        (hair.volume * shape * clumps * edge * nape * flat).max(self.beard_length() * self.beard(p))
    }

    /// Direction in which the hair lies, times how far the tips are carried along.
    pub fn lean(&self, p: V3) -> V3 {
        if self.scalp(p) <= 0.0 {
            return v3(0.0, -0.35, 0.1) * (self.beard_length() * self.beard(p) * 0.6);
        }
        self.lie(p) * (self.identity.hair.volume * 0.45)
    }

    /// `p` in a space where one unit cell is one strand: long along the strands, narrow across.
    pub fn strand_space(&self, p: V3) -> V3 {
        let hair = &self.identity.hair;
        let warp = v3(value(p * 4.0, self.seed ^ 24), value(p * 4.0, self.seed ^ 25), value(p * 4.0, self.seed ^ 26));
        let tight =
            v3(value(p * 13.0, self.seed ^ 27), value(p * 13.0, self.seed ^ 28), value(p * 13.0, self.seed ^ 29));
        let p = p + warp * (0.03 + 0.1 * hair.curl) + tight * (0.05 * hair.curl);
        let across = 62.0;
        let long = lerp(5.0, 16.0, hair.curl);
        if self.scalp(p) < -0.02 {
            return v3(p.x * across, p.y * 22.0, p.z * across);
        }
        match hair.style {
            HairStyle::Swept => v3(p.x * across, p.y * across * 0.6, p.z * long),
            HairStyle::Long => v3(p.x * long, p.y * long, p.z * across),
            HairStyle::Short => v3(p.x * across, p.y * 20.0, p.z * 18.0),
            HairStyle::Buzz | HairStyle::Bald => p * 80.0,
        }
    }

    /// Unit direction along the strands at `p`.
    pub fn lie(&self, p: V3) -> V3 {
        let hair = &self.identity.hair;
        let from_parting = (p.x - hair.parting) * 1.6;
        let direction = match hair.style {
            HairStyle::Swept => v3(p.x * 0.5, 0.15 * (8.3 - p.y), -1.0),
            HairStyle::Long => v3(from_parting, -0.9, -0.35),
            HairStyle::Short => v3(from_parting * 0.7, -0.25, 0.35),
            HairStyle::Buzz | HairStyle::Bald => v3(0.0, -0.3, 0.4),
        };
        let wave = v3(value(p * 5.0, self.seed ^ 21), value(p * 5.0, self.seed ^ 22), value(p * 5.0, self.seed ^ 23));
        (direction.unit() + wave * (0.15 + 0.8 * hair.curl)).unit()
    }

    /// Whether something exists at rest position `p`, `height` of the way up the hair.
    pub fn keeps(&self, material: Material, p: V3, height: f32) -> bool {
        match material {
            Material::Eye { .. } => true,
            Material::Cloth => {
                let side = smooth(0.1, 0.7, p.x.abs());
                p.y < lerp(5.55, 5.78, side) + 0.18 * smooth(0.7, 0.2, p.z)
            }
            // The upper lashes only, as fine strokes that end before the mesh does.
            Material::Lash => {
                let stroke = value(v3(p.x * 150.0, (p.y - 7.3) * 12.0 * p.x.signum(), 0.0), self.seed);
                p.y > 7.285 && p.z < 1.425 - 0.02 * stroke && stroke > -0.25
            }
            Material::LongHair => {
                let strand = value(v3(p.x * 60.0, p.y * 2.0, p.z * 60.0), self.seed);
                let end = 5.35 + self.identity.hair.hairline * 3.0 + strand * 0.2;
                p.z < 0.32 && p.y < 7.6 && p.y > end
            }
            Material::Skin if height == 0.0 => true,
            Material::Skin => {
                let scalp = self.scalp(p);
                let (density, fine, length) = if scalp > -0.02 {
                    let hair = &self.identity.hair;
                    let buzz = hair.style == HairStyle::Buzz;
                    (smooth(-0.02, 0.1, scalp), 1.0, if buzz { 0.5 } else { 0.2 })
                } else {
                    (self.beard(p) * 0.9, 1.2, 0.4)
                };
                if density <= 0.0 {
                    return false;
                }
                // Strands are combed: the higher up, the further back their root lies.
                let comb = self.lie(p) * (height * 0.12);
                let q = self.strand_space(p - comb) * fine;
                let (x, y, z) = (floor(q.x), floor(q.y), floor(q.z));
                let strand = hash(x, y, z, self.seed);
                let reach = 1.0 - length * hash(z, x, y, self.seed ^ 7);
                strand < density * (1.05 - 0.75 * height * height) && height <= reach
            }
        }
    }

    /// Colour of the hair at `p`, `height` of the way up.
    pub fn colour(&self, p: V3, height: f32) -> V3 {
        let hair = &self.identity.hair;
        let q = self.strand_space(p);
        let own = value(q, self.seed ^ 31);
        let streak = value(q * 0.3, self.seed ^ 33);
        let grey = (hair.grey * 1.1 + 0.35 * own * hair.grey.min(1.0 - hair.grey) * 2.0).clamp(0.0, 0.95);
        let base = hair.colour.mix(v3(0.36, 0.355, 0.34), grey);
        base * ((0.5 + 0.6 * height) * (1.0 + 0.32 * streak + 0.22 * own))
    }
}
