use std::borrow::Cow;

use catalogue::say;
use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::Face;
use crate::manifest::StrengthSpec;

/// How one component turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Too little to rely on.
    Poor,
    /// Usable with a warning.
    Fair,
    /// What a comparison wants.
    Good,
}

/// One measured component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Name.
    pub name: Cow<'static, str>,
    /// Value in `unit`.
    pub value: f32,
    /// Unit.
    pub unit: Cow<'static, str>,
    /// How good that is, 0 to 100 (a quality component value in the sense of ISO/IEC 29794-5).
    pub quality: u8,
    /// How it turned out.
    pub verdict: Verdict,
    /// What it means and what would help; empty when nothing needs to be better.
    pub advice: String,
}

/// Quality of one face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// 0 to 100, for the gates.
    pub overall: u8,
    /// What it is made of.
    pub components: Vec<Component>,
}

/// How a head is turned, in degrees. How it is tilted does not matter: alignment takes that out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pose {
    /// To the person's left.
    pub yaw: f32,
    /// Down.
    pub pitch: f32,
}

impl Quality {
    /// Length of the embedding: what a template weighs when several are fused. 1 where nobody measured what it tells: all
    /// weigh the same then.
    pub fn strength(&self) -> f32 {
        self.components.iter().find(|c| c.name == strength()).map_or(1.0, |c| c.value)
    }
}

/// The measure that [`Quality::strength`] reads.
fn strength() -> &'static str {
    say!("faces-template-strength")
}

/// What only a thorough measurement knows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Extra {
    /// Score of the crop's template with that of the mirrored crop.
    pub agreement: Option<f32>,
    /// From a model.
    pub pose: Option<Pose>,
}

/// Quality 0 to 100 of a measure that should be large: about 27 at `poor`, 73 at `fair`, never flat, so
/// that it orders photographs everywhere (a logistic function, as the standard maps its measures).
fn graded(measure: f32, poor: f32, fair: f32) -> u8 {
    let middle = (measure - (poor + fair) / 2.0) / ((fair - poor) / 2.0);
    (100.0 / (1.0 + (-middle).exp())).round() as u8
}

fn component(
    name: &'static str,
    (value, unit): (f32, &'static str),
    (measure, poor, fair): (f32, f32, f32),
    advice: impl FnOnce() -> String,
) -> Component {
    let verdict = match measure {
        m if m >= fair => Verdict::Good,
        m if m >= poor => Verdict::Fair,
        _ => Verdict::Poor,
    };
    Component {
        name: name.into(),
        value,
        unit: unit.into(),
        quality: graded(measure, poor, fair),
        verdict,
        advice: if verdict == Verdict::Good { String::new() } else { advice() },
    }
}

/// Share of the way from `low` to `high`, 0 to 1.
fn share(value: f32, low: f32, high: f32) -> f32 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}

/// Yaw in degrees, positive to the person's left, from the landmarks alone.
///
/// Seen from afar the tip of the nose moves sideways by its height over the face times sin(yaw), while
/// the eyes come nearer to each other by cos(yaw): so the ratio of both gives the tangent. The factor is
/// measured on 24 rendered people turned up to 60°: mean error 5.8°. From five points pitch cannot be
/// told from a long nose (mean error 12°), so it is not reported.
fn yaw(face: &Face) -> f32 {
    const EYES_PER_NOSE: f32 = 1.6;
    let [right, left, nose, mouth_right, mouth_left] = face.landmarks;
    let mid = |a: [f32; 2], b: [f32; 2]| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
    let middle = mid(mid(right, left), mid(mouth_right, mouth_left));
    let eyes = face.inter_eye().max(1.0);
    let along = [(left[0] - right[0]) / eyes, (left[1] - right[1]) / eyes];
    let shift = ((nose[0] - middle[0]) * along[0] + (nose[1] - middle[1]) * along[1]) / eyes;
    (EYES_PER_NOSE * shift).atan().to_degrees()
}

/// Measures a face from its geometry, its aligned crop and the length of its embedding.
///
/// Components follow ISO/IEC 29794-5 in name; the bounds are this program's own. `make bench` prints for
/// each what dropping the worst photographs by it does to errors; tilt, the JPEG setting and how much of the
/// face the picture's border cuts off did nothing and are left out.
pub(crate) fn measure(
    face: &Face,
    crop: &RgbImage,
    (length, spec): (f32, Option<&StrengthSpec>),
    extra: Extra,
) -> Quality {
    let eyes = face.inter_eye();
    let yaw = extra.pose.map_or_else(|| yaw(face), |pose| pose.yaw);
    let light = luminance(crop);
    let [dark, bright] = ends(&light);
    let burnt = light.iter().filter(|v| **v >= 250.0).count() as f32 / light.len() as f32;
    let uneven = unevenness(&light);
    let sharp = sharpness(&light);
    let side = if yaw > 0.0 { "left" } else { "right" };
    let mut components = vec![
        component(say!("faces-inter-eye-distance"), (eyes, "px"), (eyes, 16.0, 32.0), || {
            say!("faces-eyes-pixels-apart-look-larger", eyes = format!("{:.0}", eyes))
        }),
        component(say!("faces-head-turn"), (yaw, "°"), (-yaw.abs(), -40.0, -22.0), || {
            say!("faces-face-turned-look-frame-where", abs = format!("{:.0}", yaw.abs()), side)
        }),
        component("sharpness", (sharp, say!("faces-laplacian-deviation")), (sharp, 2.5, 5.0), || {
            say!("faces-face-blurred-look-frame-without").to_owned()
        }),
        component(
            "exposure",
            (bright, say!("faces-brightest-255")),
            ((bright / 90.0).min(1.0 - 2.5 * burnt), 0.6, 0.85),
            || {
                if bright < 90.0 {
                    say!("faces-face-too-dark-look-lighter").to_owned()
                } else {
                    say!("faces-face-burnt-out-look-darker", burnt = format!("{:.0}", burnt * 100.0))
                }
            },
        ),
        component(say!("faces-dynamic-range"), (bright - dark, "of 255"), (bright - dark, 35.0, 60.0), || {
            say!("faces-face-little-contrast-look-frame").to_owned()
        }),
        component(
            say!("faces-even-light"),
            (uneven * 100.0, say!("faces-between-sides")),
            (-uneven, -0.55, -0.35),
            || say!("faces-one-side-face-lies-shadow").to_owned(),
        ),
    ];
    if let Some(StrengthSpec { poor, fair, .. }) = spec {
        components.push(component(
            strength(),
            (length, say!("faces-embedding-length")),
            (length, *poor, *fair),
            || say!("faces-model-sees-little-face-here").to_owned(),
        ));
    }
    if let Some(Pose { pitch, .. }) = extra.pose {
        let (low, advice) = if pitch > 0.0 { ("down", "lower") } else { ("up", "higher") };
        components.push(component(say!("faces-head-bent"), (pitch, "°"), (-pitch.abs(), -35.0, -20.0), || {
            say!("faces-head-bent-look-frame-from", low, abs = format!("{:.0}", pitch.abs()), advice)
        }));
    }
    if let Some(score) = extra.agreement {
        components.push(component(
            say!("faces-mirror-agreement"),
            (score, "cosine"),
            (score, AGREEMENT.0, AGREEMENT.1),
            || say!("faces-mirrored-face-looks-like-somebody").to_owned(),
        ));
    }
    // The embedding's length carries the gate: nothing else orders photographs so well by the errors that
    // follow, and what harms a face shortens it. Size and turn limit it where they leave too little to see.
    // Where nobody measured what a length tells, a face is never said to be better than middling.
    let strength = spec.map_or(UNMEASURED, |spec| share(length, spec.least, spec.most));
    let limit = share(eyes, 4.0, 24.0).sqrt().min(1.0 - share(yaw.abs(), 40.0, 90.0));
    let overall = (100.0 * (0.1 + 0.9 * strength) * limit).round() as u8;
    Quality { overall, components }
}

/// Overall quality 50 at most.
const UNMEASURED: f32 = 4.0 / 9.0;

/// Scores with the mirrored crop below which a template is weak, and from which it is good.
const AGREEMENT: (f32, f32) = (0.6, 0.8);

/// Rec. 709 luma of the crop's inner part, row by row, side 72.
fn luminance(crop: &RgbImage) -> Vec<f32> {
    (28..100)
        .flat_map(|y| (20..92).map(move |x| (x, y)))
        .map(|(x, y)| {
            let [r, g, b] = crop.get_pixel(x.min(crop.width() - 1), y.min(crop.height() - 1)).0.map(f32::from);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        })
        .collect()
}

/// The brightness below which 5 % of the face lies, and above which 5 % lies.
fn ends(light: &[f32]) -> [f32; 2] {
    let mut sorted = light.to_vec();
    sorted.sort_by(f32::total_cmp);
    [sorted[sorted.len() / 20], sorted[sorted.len() - 1 - sorted.len() / 20]]
}

/// Difference of the mean light of both halves of the face, as a share of their sum.
fn unevenness(light: &[f32]) -> f32 {
    let (mut right, mut left) = (0.0, 0.0);
    for row in light.chunks_exact(SIDE) {
        right += row[..SIDE / 2].iter().sum::<f32>();
        left += row[SIDE / 2..].iter().sum::<f32>();
    }
    (right - left).abs() / (right + left).max(1.0)
}

/// Side of the part of the crop that is measured.
const SIDE: usize = 72;

/// Deviation of the four-neighbour Laplacian, relative to the contrast of the face.
fn sharpness(light: &[f32]) -> f32 {
    let mut sum = 0.0;
    for y in 1..SIDE - 1 {
        for x in 1..SIDE - 1 {
            let at = y * SIDE + x;
            let l = 4.0 * light[at] - light[at - 1] - light[at + 1] - light[at - SIDE] - light[at + SIDE];
            sum += l * l;
        }
    }
    (sum / ((SIDE - 2) * (SIDE - 2)) as f32).sqrt()
}
