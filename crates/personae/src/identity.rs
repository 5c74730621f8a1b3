use crate::assets::{Assets, Material, Target};
use crate::math::{V3, v3};
use crate::rng::Rng;
use crate::view::View;

/// Sex of the rendered person, as the shape is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Shares of the three shape ancestries that the mesh offers; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ancestry {
    /// African.
    pub african: f32,
    /// Asian.
    pub asian: f32,
    /// European.
    pub caucasian: f32,
}

impl Ancestry {
    /// Which of the mesh's three targets has the largest share.
    pub fn largest(&self) -> &'static str {
        let shares = [("african", self.african), ("asian", self.asian), ("caucasian", self.caucasian)];
        shares.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or("", |(name, _)| name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HairStyle {
    Bald,
    Buzz,
    Short,
    Swept,
    Long,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beard {
    None,
    Stubble,
    Moustache,
    Goatee,
    Full,
}

#[derive(Debug, Clone)]
pub(crate) struct Hair {
    pub style: HairStyle,
    pub colour: V3,
    pub grey: f32,
    /// Thickness over the skull, decimetres.
    pub volume: f32,
    /// Height of the hairline against the average, decimetres.
    pub hairline: f32,
    /// How far the temples recede, decimetres.
    pub recede: f32,
    /// How far the crown is bare, 0 to 1.
    pub thinning: f32,
    /// Waviness, 0 to 1.
    pub curl: f32,
    /// Where the hair parts, decimetres from the middle.
    pub parting: f32,
    pub beard: Beard,
}

#[derive(Debug, Clone)]
pub(crate) struct Brow {
    pub thickness: f32,
    pub density: f32,
    pub arch: f32,
    pub height: f32,
    pub inner: f32,
    pub outer: f32,
    pub colour: V3,
}

#[derive(Debug, Clone)]
pub(crate) struct Skin {
    pub colour: V3,
    pub redness: f32,
    pub mottling: f32,
    pub freckles: f32,
    pub lips: V3,
    pub lids: f32,
    pub circles: f32,
    pub shine: f32,
    pub wrinkles: f32,
    /// Moles and marks: rest position, radius in decimetres, darkness 0 to 1.
    pub moles: Vec<(V3, f32, f32)>,
    /// Scars: two ends in rest position.
    pub scar: Option<(V3, V3)>,
}

/// A person who does not exist.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The seed that everything is drawn from.
    pub seed: u64,
    /// Sex.
    pub sex: Sex,
    /// Apparent age in years, 20 to 75.
    pub age: u32,
    /// Ancestry of the shape.
    pub ancestry: Ancestry,
    pub(crate) weight: f32,
    pub(crate) axes: Vec<f32>,
    pub(crate) skin: Skin,
    pub(crate) iris: V3,
    pub(crate) hair: Hair,
    pub(crate) brow: Brow,
    pub(crate) cloth: V3,
}

/// A posed and deformed body.
pub(crate) struct Body {
    pub positions: Vec<V3>,
    pub normals: Vec<V3>,
    /// Centres of the eyes: right, left.
    pub eyes: [V3; 2],
}

fn srgb(r: u8, g: u8, b: u8) -> V3 {
    let linear = |c: u8| (f32::from(c) / 255.0).powf(2.2);
    v3(linear(r), linear(g), linear(b))
}

impl Identity {
    /// The person of `seed`. Sex, age and ancestry are spread over the population of seeds.
    pub fn new(assets: &Assets, seed: u64) -> Self {
        let mut rng = Rng::new(seed, 1);
        let sex = if rng.chance(0.5) { Sex::Female } else { Sex::Male };
        let age = 20 + (rng.unit().powf(1.35) * 55.0) as u32;
        let ancestry = ancestry(&mut rng);
        let weight = (rng.normal() * 0.5).clamp(-1.0, 1.0);
        let axes =
            assets.axes.iter().map(|(name, ..)| axis_weight(name, &mut Rng::new(seed, name_hash(name)))).collect();
        let skin = skin(&mut Rng::new(seed, 2), ancestry, sex, age);
        let (hair, iris) = hair(&mut Rng::new(seed, 3), ancestry, sex, age);
        let brow = brow(&mut Rng::new(seed, 4), sex, &hair);
        let mut rng = Rng::new(seed, 5);
        let cloth = rng.pick(&[
            srgb(60, 64, 72),
            srgb(96, 100, 104),
            srgb(42, 52, 78),
            srgb(120, 60, 52),
            srgb(70, 84, 66),
            srgb(150, 148, 142),
            srgb(30, 30, 34),
            srgb(88, 76, 100),
            srgb(178, 172, 160),
        ]);
        Self { seed, sex, age, ancestry, weight, axes, skin, iris, hair, brow, cloth }
    }

    pub(crate) fn shape(&self, assets: &Assets, view: &View) -> Body {
        let mut p = assets.rest.clone();
        let mut add = |target: Option<&Target>, weight: f32| {
            if weight.abs() < 1e-4 {
                return;
            }
            for &(vertex, d) in target.into_iter().flatten() {
                p[vertex as usize] += d * weight;
            }
        };
        let old = ((self.age as f32 - 25.0) / 50.0).clamp(0.0, 1.0);
        let male = if self.sex == Sex::Male { 0.92 } else { 0.08 };
        let a = self.ancestry;
        for (sex, of_sex) in [("male", male), ("female", 1.0 - male)] {
            for (age, of_age) in [("young", 1.0 - old), ("old", old)] {
                for (race, of_race) in [("african", a.african), ("asian", a.asian), ("caucasian", a.caucasian)] {
                    add(assets.macros.get(&format!("{race}-{sex}-{age}")), of_sex * of_age * of_race);
                }
                let extreme = if self.weight < 0.0 { "minweight" } else { "maxweight" };
                for (load, of_load) in [("averageweight", 1.0 - self.weight.abs()), (extreme, self.weight.abs())] {
                    let name = format!("universal-{sex}-{age}-averagemuscle-{load}");
                    add(assets.macros.get(&name), of_sex * of_age * of_load);
                }
            }
        }
        for ((_, minus, plus), weight) in assets.axes.iter().zip(&self.axes) {
            add(Some(if *weight < 0.0 { minus } else { plus }), weight.abs());
        }
        for (name, weight) in &view.expression {
            add(assets.expressions.get(*name), *weight);
        }
        let eyes = [false, true].map(|left| {
            let of_eye = assets.triangles.iter().filter(|t| t.material == Material::Eye { left });
            let corners: Vec<V3> = of_eye.flat_map(|t| t.corners).map(|c| p[c.vertex as usize]).collect();
            corners.iter().fold(V3::default(), |sum, at| sum + *at) * (1.0 / corners.len().max(1) as f32)
        });
        let mut normals = vec![V3::default(); p.len()];
        for t in &assets.triangles {
            let [a, b, c] = t.corners.map(|c| p[c.vertex as usize]);
            let n = (b - a).cross(c - a);
            for c in t.corners {
                normals[c.vertex as usize] += n;
            }
        }
        for n in &mut normals {
            *n = n.unit();
        }
        Body { positions: p, normals, eyes }
    }
}

fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01B3))
}

/// Signed weight of a local shape axis: mostly none, sometimes marked. Axes that leave the human
/// range quickly are held short; those that only move the whole head are left out.
fn axis_weight(name: &str, rng: &mut Rng) -> f32 {
    let reach = match name {
        n if n.starts_with("head-trans") || n.contains("shape-pointed") || n.contains("neck-trans") => 0.0,
        n if n.contains("breast") || n.contains("trunk") => 0.0,
        n if n.starts_with("asym") => 0.2,
        n if n.contains("angle") || n.contains("eye-height") || n.contains("laugh") => 0.28,
        n if n.contains("mouth-trans") || n.contains("mouth-scale") || n.contains("lip-volume") => 0.36,
        n if n.contains("jaw-drop") || n.contains("ear-wing") || n.contains("eye-push") => 0.28,
        n if n.contains("trans-") && (n.starts_with("nose-trans-i") || n.starts_with("mouth-trans-i")) => 0.12,
        n if n.starts_with("head-age") => 0.35,
        n if n.starts_with("ear") || n.starts_with("neck") || n.starts_with("measure") => 0.45,
        n if n.contains("epicanthus") || n.contains("eyefold") => 0.55,
        n if n.contains("eye-scale") => 0.45,
        n if n.starts_with("head-") => 0.48,
        _ => 0.55,
    };
    let marked = rng.chance(0.5);
    let weight = (rng.normal() * reach).clamp(-1.1 * reach, 1.1 * reach);
    if marked { weight } else { 0.0 }
}

fn ancestry(rng: &mut Rng) -> Ancestry {
    let mut shares = [rng.unit().powi(3) * 0.35, rng.unit().powi(3) * 0.35, rng.unit().powi(3) * 0.35];
    shares[(rng.next() % 3) as usize] += 1.0;
    let sum: f32 = shares.iter().sum();
    Ancestry { african: shares[0] / sum, asian: shares[1] / sum, caucasian: shares[2] / sum }
}

fn skin(rng: &mut Rng, ancestry: Ancestry, sex: Sex, age: u32) -> Skin {
    let spread = rng.between(-1.0, 1.0);
    let pale = srgb(218, 182, 164).mix(srgb(190, 146, 124), 0.5 + 0.5 * spread);
    let olive = srgb(210, 172, 146).mix(srgb(172, 130, 102), 0.5 + 0.5 * spread);
    let dark = srgb(140, 102, 80).mix(srgb(78, 54, 43), 0.5 + 0.5 * spread);
    let colour = pale * ancestry.caucasian + olive * ancestry.asian + dark * ancestry.african;
    let light = colour.y / 0.45;
    let lips =
        colour.times(v3(0.86, 0.62, 0.62)).mix(srgb(160, 88, 86) * light.clamp(0.3, 1.0), rng.between(0.15, 0.45));
    let freckles = if ancestry.caucasian > 0.5 && rng.chance(0.3) { rng.between(0.2, 1.0) } else { 0.0 };
    let marks = 2 + (rng.unit() * rng.unit() * 16.0) as usize;
    let moles = (0..marks)
        .map(|_| {
            let at = v3(rng.between(-0.7, 0.7), rng.between(6.2, 7.95), rng.between(1.0, 1.6));
            (at, rng.between(0.008, 0.02) * if rng.chance(0.15) { 1.7 } else { 1.0 }, rng.between(0.35, 0.85))
        })
        .collect();
    let scar = rng.chance(0.14).then(|| {
        let at = v3(rng.between(-0.55, 0.55), rng.between(6.5, 7.8), rng.between(1.2, 1.55));
        let along = v3(rng.between(-0.16, 0.16), rng.between(-0.16, 0.16), 0.0);
        (at + along, at - along)
    });
    Skin {
        colour,
        redness: rng.between(0.15, 1.0) * light.min(1.0),
        mottling: rng.between(0.3, 1.0),
        freckles,
        lips: if sex == Sex::Female && rng.chance(0.25) { lips.mix(srgb(150, 40, 50), 0.35) } else { lips },
        lids: rng.between(0.1, 0.6),
        circles: rng.between(0.0, 0.7) + if age > 50 { 0.2 } else { 0.0 },
        shine: rng.between(0.5, 1.3),
        wrinkles: ((age as f32 - 32.0) / 38.0).clamp(0.0, 1.0) * rng.between(0.5, 1.0),
        moles,
        scar,
    }
}

fn hair(rng: &mut Rng, ancestry: Ancestry, sex: Sex, age: u32) -> (Hair, V3) {
    let black = srgb(24, 20, 19);
    let dark = srgb(48, 34, 26);
    let natural = if rng.unit() < ancestry.caucasian {
        rng.pick(&[dark, srgb(78, 54, 36), srgb(112, 80, 50), srgb(160, 124, 78), srgb(122, 60, 32), srgb(58, 42, 32)])
    } else {
        rng.pick(&[black, black, srgb(32, 25, 22)])
    };
    let iris = if rng.unit() < ancestry.caucasian {
        rng.pick(&[srgb(92, 124, 148), srgb(110, 128, 112), srgb(104, 92, 56), srgb(86, 60, 38), srgb(126, 142, 156)])
    } else {
        rng.pick(&[srgb(54, 34, 22), srgb(66, 42, 26), srgb(42, 28, 20)])
    };
    let older = ((age as f32 - 38.0) / 34.0).clamp(0.0, 1.0);
    let grey = (older * rng.between(0.2, 1.5)).clamp(0.0, 0.95);
    let male = sex == Sex::Male;
    let style = if male {
        let bald = 0.04 + 0.28 * older;
        match rng.unit() {
            u if u < bald => HairStyle::Bald,
            u if u < bald + 0.26 => HairStyle::Buzz,
            u if u < bald + 0.58 => HairStyle::Short,
            u if u < 0.95 => HairStyle::Swept,
            _ => HairStyle::Long,
        }
    } else {
        match rng.unit() {
            u if u < 0.04 => HairStyle::Buzz,
            u if u < 0.24 => HairStyle::Short,
            u if u < 0.62 => HairStyle::Swept,
            _ => HairStyle::Long,
        }
    };
    let volume = match style {
        HairStyle::Bald => 0.008,
        HairStyle::Buzz => rng.between(0.02, 0.05),
        HairStyle::Short => rng.between(0.09, 0.24),
        HairStyle::Swept => rng.between(0.06, 0.2),
        HairStyle::Long => rng.between(0.1, 0.2),
    };
    let beard = if male {
        rng.pick(&[
            Beard::None,
            Beard::None,
            Beard::None,
            Beard::Stubble,
            Beard::Stubble,
            Beard::Moustache,
            Beard::Goatee,
            Beard::Full,
        ])
    } else {
        Beard::None
    };
    let hair = Hair {
        style,
        colour: natural,
        grey,
        volume: volume * if ancestry.african > 0.5 && style == HairStyle::Short { 1.35 } else { 1.0 },
        hairline: rng.normal() * 0.06 - if male { 0.0 } else { 0.05 },
        recede: if male { rng.between(0.0, 0.1) + older * rng.between(0.0, 0.28) } else { rng.between(-0.03, 0.04) },
        thinning: if male { (older * rng.between(0.0, 1.0)).powi(2) } else { 0.0 },
        curl: if ancestry.african > 0.5 { rng.between(0.6, 1.0) } else { rng.unit().powi(2) * 0.8 },
        parting: rng.between(-0.4, 0.4),
        beard,
    };
    (hair, iris)
}

fn brow(rng: &mut Rng, sex: Sex, hair: &Hair) -> Brow {
    let male = sex == Sex::Male;
    Brow {
        thickness: rng.between(0.032, 0.06) * if male { 1.3 } else { 0.95 },
        density: rng.between(0.55, 1.0),
        arch: rng.between(-0.02, 0.06) + if male { 0.0 } else { 0.02 },
        height: rng.normal() * 0.018,
        inner: rng.between(0.09, 0.17),
        outer: rng.between(0.53, 0.63),
        colour: hair.colour.mix(srgb(30, 24, 20), rng.between(0.2, 0.6)).mix(srgb(112, 108, 102), hair.grey * 0.3),
    }
}
