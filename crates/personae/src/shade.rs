use image::{Rgb, RgbImage};

use crate::assets::{Assets, Material};
use crate::hair::Hairdo;
use crate::identity::{Beard, Body, HairStyle, Identity};
use crate::math::{V3, lerp, polyline, smooth, v3};
use crate::noise::{cells, fractal, hash, value};
use crate::raster::{Fragment, Frame, SAMPLES};
use crate::view::View;

// Places are rest positions of the base mesh, as in `hair`.

struct Surface {
    /// Diffuse colour, linear.
    colour: V3,
    normal: V3,
    gloss: f32,
    power: f32,
    /// How far light bleeds around the edge, 0 to 1.
    soft: f32,
    occlusion: f32,
}

/// Colours the frame and brings it down to the picture's size.
pub(crate) fn picture(
    assets: &Assets,
    identity: &Identity,
    body: &Body,
    view: &View,
    frame: &Frame,
    size: u32,
) -> RgbImage {
    let side = frame.side;
    let hairdo = Hairdo::new(identity);
    let tint = v3(1.0 + view.warmth, 1.0, 1.0 - view.warmth * 1.4);
    let colour_of = |pixel: usize, f: Fragment| -> V3 {
        if f.triangle == u32::MAX {
            let (x, y) = ((pixel % side) as f32 / side as f32, (pixel / side) as f32 / side as f32);
            let glow = (1.0 - ((x - 0.5).powi(2) + (y - 0.45).powi(2)) * 1.1).max(0.0);
            return view.background.1.mix(view.background.0, glow);
        }
        let t = &assets.triangles[f.triangle as usize];
        let at = |values: &[V3]| {
            let [a, b, c] = t.corners.map(|c| values[c.vertex as usize]);
            a + (b - a) * f.b + (c - a) * f.c
        };
        let rest = at(&assets.rest);
        let model = at(&body.positions);
        let normal = at(&body.normals).unit();
        let uv = [0, 1].map(|i| {
            let [a, b, c] = t.corners.map(|c| c.uv[i]);
            a + (b - a) * f.b + (c - a) * f.c
        });
        let surface = match t.material {
            Material::Skin if f.layer > 0.0 => hair_surface(&hairdo, rest, normal, f),
            Material::Skin => skin_surface(assets, identity, &hairdo, rest, normal, uv),
            Material::Eye { left } => eye_surface(identity, body, left, model, view),
            Material::Lash => {
                Surface { colour: v3(0.02, 0.016, 0.014), normal, gloss: 0.0, power: 1.0, soft: 0.0, occlusion: 0.9 }
            }
            Material::Cloth => {
                let weave = 0.9 + 0.1 * value(rest * 60.0, 3);
                let collar = smooth(5.6, 5.95, rest.y) * 0.1;
                Surface {
                    colour: identity.cloth * (weave - collar),
                    normal,
                    gloss: 0.02,
                    power: 8.0,
                    soft: 0.1,
                    occlusion: 1.0,
                }
            }
            Material::LongHair => {
                let f = Fragment { layer: 0.35 + 0.3 * value(rest * 7.0, 9), ..f };
                hair_surface(&hairdo, rest, normal, f)
            }
        };
        let placed = frame.camera.place(model);
        light(&surface, placed, frame, view).times(tint) * view.exposure
    };
    let occlusion = ambient_occlusion(frame);
    let mut out = RgbImage::new(size, size);
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let corner = y as usize * SAMPLES * side + x as usize * SAMPLES;
        let samples = [corner, corner + 1, corner + side, corner + side + 1];
        let seen = samples.map(|at| frame.fragments[at]);
        // Inside one triangle of bare surface the four samples differ too little to be shaded one by one.
        let plain = seen.iter().all(|f| f.triangle == seen[0].triangle && f.layer == 0.0);
        let mean = if plain {
            let middle = |of: fn(&Fragment) -> f32| seen.iter().map(of).sum::<f32>() / 4.0;
            let f = Fragment { b: middle(|f| f.b), c: middle(|f| f.c), ..seen[0] };
            tone(colour_of(corner, f) * occlusion[corner])
        } else {
            let all = samples.iter().zip(seen).map(|(at, f)| tone(colour_of(*at, f) * occlusion[*at]));
            all.fold(V3::default(), |sum, c| sum + c) * 0.25
        };
        *pixel = Rgb([mean.x, mean.y, mean.z].map(|c| (c * 255.0).round().clamp(0.0, 255.0) as u8));
    }
    out
}

/// Filmic curve (Hable's form, fitted by Narkowicz 2015) and display gamma.
fn tone(c: V3) -> V3 {
    c.map(|x| {
        let x = x.max(0.0) * 0.78;
        ((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14)).clamp(0.0, 1.0).powf(1.0 / 2.2)
    })
}

/// Darkening of creases, from depth differences around each sample.
fn ambient_occlusion(frame: &Frame) -> Vec<f32> {
    let side = frame.side as i32;
    let reach = side as f32 * 0.022;
    let rings: Vec<(i32, i32)> = (0..12)
        .map(|i| {
            let (a, r) = (i as f32 * 2.4, reach * (0.25 + 0.75 * (i as f32 / 11.0)));
            ((a.cos() * r) as i32, (a.sin() * r) as i32)
        })
        .collect();
    (0..side * side)
        .map(|pixel| {
            let f = frame.fragments[pixel as usize];
            if f.triangle == u32::MAX {
                return 1.0;
            }
            let (x, y) = (pixel % side, pixel / side);
            let here = 1.0 / f.depth;
            let closed: f32 = rings
                .iter()
                .map(|(dx, dy)| {
                    let (sx, sy) = (x + dx, y + dy);
                    if sx < 0 || sy < 0 || sx >= side || sy >= side {
                        return 0.0;
                    }
                    let d = frame.fragments[(sy * side + sx) as usize].depth;
                    let nearer = here - 1.0 / d.max(1e-6);
                    if d <= 0.0 { 0.0 } else { smooth(0.02, 0.14, nearer) * (1.0 - smooth(0.3, 0.7, nearer)) }
                })
                .sum();
            1.0 - 0.5 * closed / 12.0
        })
        .collect()
}

fn light(s: &Surface, placed: V3, frame: &Frame, view: &View) -> V3 {
    let n = frame.camera.turn(s.normal);
    let eye = (frame.camera.eye() - placed).unit();
    let lit = frame.shadow.lit(placed);
    let mut diffuse = V3::default();
    let mut shine = 0.0;
    let fill = v3(-view.key.x * 0.8, 0.25, 0.9).unit();
    for (l, strength, open) in [(view.key, 1.5 * view.key_strength, lit), (fill, 0.5 * view.fill_strength, 1.0)] {
        let cos = n.dot(l);
        // Wrapped more in red than in blue: light that has travelled under the skin.
        let wrap = v3(0.42, 0.2, 0.13) * s.soft;
        let through = wrap.map(|w| ((cos + w) / (1.0 + w)).max(0.0));
        let bleed = v3(1.0, lerp(1.0, open, 0.25), lerp(1.0, open, 0.35));
        let open = v3(open, open, open).mix(bleed * open, s.soft);
        diffuse += through.times(open) * strength;
        let half = (l + eye).unit();
        let fresnel = 0.04 + 0.96 * (1.0 - eye.dot(half).max(0.0)).powi(5);
        shine +=
            n.dot(half).max(0.0).powf(s.power) * s.gloss * strength * open.x * (0.6 + fresnel) * cos.max(0.0).sqrt();
    }
    let sky = 0.5 + 0.5 * n.y;
    let ambient = v3(0.34, 0.35, 0.38).mix(v3(0.25, 0.2, 0.17), 1.0 - sky) * (view.fill_strength * s.occlusion * 1.25);
    s.colour.times(diffuse + ambient) * s.occlusion.sqrt() + v3(shine, shine, shine)
}

fn hair_surface(hairdo: &Hairdo, rest: V3, normal: V3, f: Fragment) -> Surface {
    let along = hairdo.lie(rest);
    let tilt = value(hairdo.strand_space(rest) * 0.7, 3);
    let normal = (normal + along * (tilt * 0.4)).unit();
    Surface {
        colour: hairdo.colour(rest, f.layer),
        normal,
        gloss: 0.05 * f.layer,
        power: 22.0,
        soft: 0.25,
        occlusion: 0.45 + 0.55 * f.layer,
    }
}

fn gaussian(p: V3, centre: V3, radius: f32) -> f32 {
    let d = p - centre;
    (-d.dot(d) / (radius * radius)).exp()
}

/// Height of the fine relief of the skin, for bumps.
fn relief(identity: &Identity, p: V3) -> f32 {
    let seed = identity.seed as u32;
    let x = p.x.abs();
    let pores = 0.0011 * value(p * 85.0, seed) + 0.0016 * value(p * 40.0, seed ^ 2);
    let w = identity.skin.wrinkles;
    let mut lines = 0.0;
    if w > 0.0 {
        let wobble = value(v3(p.x * 3.0, p.y * 3.0, 0.0), seed ^ 5) * 1.2;
        let forehead = smooth(7.58, 7.68, p.y) * (1.0 - smooth(7.86, 7.98, p.y)) * (1.0 - smooth(0.35, 0.6, x));
        lines += forehead * ((p.y * 52.0 + wobble * 2.0).sin() - 0.3).max(0.0);
        let feet =
            smooth(0.5, 0.56, x) * (1.0 - smooth(0.66, 0.74, x)) * (1.0 - smooth(0.08, 0.16, (p.y - 7.25).abs()));
        let fan = ((p.y - 7.25) / (x - 0.36)).atan();
        lines += feet * ((fan * 22.0 + wobble).sin() - 0.2).max(0.0);
        let bags = gaussian(v3(x, p.y, 0.0), v3(0.32, 7.13, 0.0), 0.12);
        lines += bags * ((p.y * 75.0 + x * 20.0 + wobble).sin()).max(0.0) * 0.5;
        let between = gaussian(v3(x, p.y, 0.0), v3(0.06, 7.5, 0.0), 0.07);
        lines += between * (((x * 90.0) + wobble).sin()).max(0.0);
    }
    pores - lines * w * 0.0065
}

fn skin_surface(assets: &Assets, identity: &Identity, hairdo: &Hairdo, p: V3, normal: V3, uv: [f32; 2]) -> Surface {
    let skin = &identity.skin;
    let seed = identity.seed as u32;
    let mirrored = v3(p.x.abs(), p.y, p.z);
    let mut colour = skin.colour;

    // Large patches of blood and pigment.
    let blush = gaussian(mirrored, v3(0.42, 6.98, 1.3), 0.24)
        + 0.9 * gaussian(p, v3(0.0, 6.93, 1.66), 0.14)
        + 0.4 * gaussian(p, v3(0.0, 6.36, 1.5), 0.16)
        + 0.6 * assets.ears.at(uv);
    let patches = fractal(p * 3.1, seed ^ 11);
    let fine = fractal(p * 17.0, seed ^ 12);
    let red = skin.redness * (0.55 * blush + 0.18 * patches.max(0.0));
    colour = colour.times(v3(1.0 + 0.1 * red, 1.0 - 0.26 * red, 1.0 - 0.24 * red));
    colour = colour * (1.0 + skin.mottling * (0.06 * patches + 0.07 * fine));
    let circles = gaussian(mirrored, v3(0.3, 7.12, 1.4), 0.13) + 0.5 * gaussian(mirrored, v3(0.17, 7.28, 1.42), 0.08);
    colour = colour.times(v3(1.0, 1.0, 1.0).mix(v3(0.72, 0.64, 0.7), (circles * skin.circles).min(1.0)));
    colour = colour.mix(colour.times(v3(0.78, 0.64, 0.6)), (assets.eyelids.at(uv) * skin.lids).min(1.0));

    if skin.freckles > 0.0 {
        let (d, kind) = cells(p * 19.0, seed ^ 13);
        let zone = gaussian(mirrored, v3(0.25, 7.05, 1.5), 0.42) + 0.35;
        let spot = (1.0 - smooth(0.12, 0.34, d)) * if kind < 0.7 { 1.0 } else { 0.2 };
        colour = colour.mix(colour.times(v3(0.68, 0.5, 0.38)), (spot * zone * skin.freckles * 0.75).min(0.9));
    }
    for (at, radius, dark) in &skin.moles {
        let d = ((p.x - at.x).powi(2) + (p.y - at.y).powi(2)).sqrt();
        if p.z > 0.6 && d < radius * 2.0 {
            let spot = 1.0 - smooth(radius * 0.6, radius * 1.25, d);
            colour = colour.mix(colour.times(v3(0.34, 0.22, 0.18)), spot * dark);
        }
    }
    if let Some((a, b)) = skin.scar {
        let along = b - a;
        let t = ((p - a).dot(along) / along.dot(along).max(1e-6)).clamp(0.0, 1.0);
        let d = v3(p.x, p.y, 0.0) - v3(a.x + along.x * t, a.y + along.y * t, 0.0);
        if p.z > 0.8 {
            let line = 1.0 - smooth(0.008, 0.024, d.length() + 0.006 * fine);
            colour = colour.mix(colour.times(v3(1.18, 0.98, 0.98)) + v3(0.03, 0.012, 0.012), line * 0.8);
        }
    }

    // Lips: mask of the mesh, darker where they meet.
    let lips = smooth(0.15, 0.75, assets.lips.at(uv));
    let seam = 1.0 - smooth(0.0, 0.028, (p.y - 6.715).abs());
    let ridges = 1.0 + 0.08 * value(v3(p.x * 60.0, p.y * 8.0, 0.0), seed ^ 15);
    colour = colour.mix(skin.lips * (ridges - 0.25 * seam), lips * 0.85);

    // Nostrils hold no light.
    let nostril = gaussian(mirrored, v3(0.075, 6.82, 1.5), 0.05);

    // Roots of hair and beard, brows.
    let scalp = hairdo.scalp(p);
    let roots = smooth(-0.03, 0.08, scalp);
    let covering = match identity.hair.style {
        HairStyle::Bald => 0.1,
        HairStyle::Buzz => 0.75,
        _ => 0.92,
    };
    let speckle = 0.75 + 0.25 * value(p * 70.0, seed ^ 17);
    colour = colour.mix(hairdo.colour(p, 0.3), roots * covering * speckle);
    let beard = hairdo.beard(p);
    if beard > 0.0 {
        let q = p * 88.0;
        let grain = hash(q.x as i32, q.y as i32, q.z as i32, seed ^ 19);
        let dark = hairdo.colour(p, 0.35).mix(colour, 0.25);
        let strength = match identity.hair.beard {
            Beard::Stubble => 0.28 + 0.4 * if grain > 0.55 { 1.0 } else { 0.0 },
            _ => 0.75,
        };
        colour = colour.mix(dark, beard * strength);
    }
    let brow = brow(identity, p);
    colour = colour.mix(identity.brow.colour * (0.7 + 0.4 * value(p * 50.0, seed)), brow);

    // Bumps: the gradient of the relief, by differences in rest space.
    let e = 0.006;
    let h = relief(identity, p);
    let gradient = v3(
        relief(identity, p + v3(e, 0.0, 0.0)) - h,
        relief(identity, p + v3(0.0, e, 0.0)) - h,
        relief(identity, p + v3(0.0, 0.0, e)) - h,
    ) * (1.0 / e);
    let tangent = gradient - normal * gradient.dot(normal);
    let normal = (normal - tangent * (1.0 - roots * 0.8)).unit();
    let zone = 0.6 + 0.8 * gaussian(p, v3(0.0, 7.0, 1.6), 0.25) + 0.5 * gaussian(p, v3(0.0, 7.75, 1.5), 0.35);
    Surface {
        colour,
        normal,
        gloss: (0.075 * skin.shine * zone + 0.09 * lips) * (1.0 - roots) * (1.0 - 0.6 * brow) * (1.0 - 0.5 * beard),
        power: lerp(13.0, 34.0, lips),
        soft: 1.0 - 0.7 * roots,
        occlusion: 1.0 - 0.8 * nostril,
    }
}

/// How much of `p` a brow covers: strokes that fan out along an arch.
fn brow(identity: &Identity, p: V3) -> f32 {
    let brow = &identity.brow;
    let x = p.x.abs();
    if p.z < 1.0 || x < brow.inner - 0.08 || x > brow.outer + 0.08 {
        return 0.0;
    }
    let t = (x - brow.inner) / (brow.outer - brow.inner);
    let centre =
        7.455 + brow.height + brow.arch * (1.0 - ((t - 0.62) / 0.62).powi(2)) + 0.03 * t - 0.07 * (t - 0.75).max(0.0);
    let width = brow.thickness * polyline(&[(-0.1, 0.55), (0.1, 1.0), (0.6, 0.8), (1.0, 0.3), (1.1, 0.0)], t);
    let off = (p.y - centre) / width.max(1e-3);
    let lean = lerp(0.6, 2.6, t.clamp(0.0, 1.0));
    let side = if p.x > 0.0 { 1 } else { 2 };
    let stroke =
        value(v3((x - (p.y - centre) * lean) * 95.0, (p.y - centre) * 16.0, side as f32 * 7.0), identity.seed as u32);
    let ends = smooth(-0.1, 0.12, t) * (1.0 - smooth(0.88, 1.08, t));
    let body = 1.0 - smooth(0.45, 1.15, off.abs() + 0.35 * stroke);
    (body * ends * brow.density * (0.75 + 0.35 * stroke)).clamp(0.0, 0.95)
}

fn eye_surface(identity: &Identity, body: &Body, left: bool, model: V3, view: &View) -> Surface {
    let centre = body.eyes[usize::from(left)];
    let normal = (model - centre).unit();
    // The gaze goes to the camera, softened so that nobody stares.
    let camera = v3(-view.yaw.sin() * 0.75, view.pitch.sin() * 0.6, 1.0).unit();
    let gaze = camera;
    let cos = normal.dot(gaze);
    let off = (1.0 - cos * cos).max(0.0).sqrt() * cos.signum().max(0.0) + if cos < 0.0 { 1.0 } else { 0.0 };
    let seed = identity.seed as u32;
    let tangent = normal - gaze * cos;
    let angle = tangent.y.atan2(tangent.x);
    let vein = (value(normal * 9.0, seed ^ 41) - 0.35).max(0.0);
    let sclera = v3(0.62, 0.57, 0.54).mix(v3(0.55, 0.3, 0.27), vein * 0.35 + 0.25 * smooth(0.55, 0.95, off));
    let fibres = 0.78 + 0.45 * value(v3(angle * 7.0, off * 6.0, 1.0), seed ^ 43).abs();
    let ring = smooth(0.32, 0.47, off);
    let iris = identity.iris * (fibres * lerp(1.25, 0.35, ring)) + v3(0.02, 0.015, 0.01);
    let pupil = 1.0 - smooth(0.165, 0.2, off);
    let edge = smooth(0.455, 0.5, off);
    let colour = iris.mix(sclera, edge) * (1.0 - pupil * 0.96);
    // The lids shade the upper part and the corners.
    let lid = smooth(-0.1, 0.55, normal.y) * 0.55 + 0.25 * smooth(0.35, 0.75, normal.x.abs());
    Surface { colour, normal, gloss: 0.85, power: 260.0, soft: 0.2, occlusion: 1.0 - lid.min(0.8) }
}
