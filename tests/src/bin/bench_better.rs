//! What more than one crop buys, on labelled crops: the mirrored crop, shifted crops, several probes of one
//! person. `make bench` prints it.

use std::path::Path;

use anyhow::Context;
use faces::evaluate::{Sample, Scores};
use faces::{Engine, Face, Manifest, Photo, TEMPLATE_LANDMARKS, Template, align, files_by_person};
use image::RgbImage;

const FARS: [f64; 3] = [1e-2, 1e-3, 1e-4];

struct Crop {
    subject: String,
    plain: Template,
    thorough: Template,
    shifted: Template,
    /// Embedding length.
    strength: f32,
}

fn main() -> anyhow::Result<()> {
    let Some(folder) = std::env::args().nth(1) else {
        println!("no folder of labelled crops given: what more than one crop buys is skipped");
        return Ok(());
    };
    let crops = read(&Engine::load(&Manifest::locate()?, None)?, Path::new(&folder))?;
    println!("{} labelled crops of {folder}: TAR at FAR 1e-2, 1e-3, 1e-4", crops.len());
    let of = |template: fn(&Crop) -> &Template| -> Vec<Sample> {
        crops.iter().map(|c| Sample { subject: c.subject.clone(), template: template(c).clone() }).collect()
    };
    let (plain, thorough, shifted) = (of(|c| &c.plain), of(|c| &c.thorough), of(|c| &c.shifted));
    line("one crop, both sides", &Scores::of_all(&plain));
    line("mirrored summed in, both sides (2x time)", &Scores::of_all(&thorough));
    line("mirrored summed in, probes only", &between(&thorough, &plain));
    line("five shifted crops summed, both sides (5x)", &Scores::of_all(&shifted));
    for count in [2, 3, 5] {
        let equal = fused(&crops, count, |_| 1.0);
        line(&format!("{count} probes of one person, equal weights"), &equal);
        let weighted = fused(&crops, count, |c| c.strength);
        line(&format!("{count} probes of one person, by quality"), &weighted);
    }
    Ok(())
}

fn line(name: &str, scores: &Scores) {
    let at = |far: f64| scores.at_far(far).map_or_else(|| "    -".to_owned(), |p| format!("{:.3}", p.tar));
    println!("  {name:<44} {}", FARS.map(at).join("  "));
}

/// Each of `probes` against every other photograph of `gallery`.
fn between(probes: &[Sample], gallery: &[Sample]) -> Scores {
    let mut scores = Scores::default();
    for (at, probe) in probes.iter().enumerate() {
        for (_, other) in gallery.iter().enumerate().filter(|(i, _)| *i != at) {
            scores.push(probe.subject == other.subject, probe.template.score(&other.template));
        }
    }
    scores
}

/// `count` neighbouring photographs of a person as one probe, against all photographs not in it.
fn fused(crops: &[Crop], count: usize, weight: impl Fn(&Crop) -> f32) -> Scores {
    let mut scores = Scores::default();
    for start in 0..crops.len() {
        let Some(group) = crops.get(start..start + count) else { break };
        if group.iter().any(|c| c.subject != group[0].subject) {
            continue;
        }
        let weighted: Vec<(&Template, f32)> = group.iter().map(|c| (&c.thorough, weight(c))).collect();
        let Some(probe) = Template::fused(&weighted) else { continue };
        for (at, other) in crops.iter().enumerate() {
            if !(start..start + count).contains(&at) {
                scores.push(other.subject == group[0].subject, probe.score(&other.thorough));
            }
        }
    }
    scores
}

fn read(engine: &Engine, folder: &Path) -> anyhow::Result<Vec<Crop>> {
    let face = Face::of_crop();
    let mut crops = Vec::new();
    for (person, file) in files_by_person(folder)? {
        let photo = Photo::decode(&std::fs::read(&file)?).with_context(|| file.display().to_string())?;
        let crop = photo.fitted(112)?;
        let (plain, quality) = engine.encode_crop(&face, &crop)?;
        let (thorough, _) = engine.encode_crop_thorough(&photo, &face, &crop)?;
        let shifted: Vec<Template> =
            shifts(&crop).iter().map(|c| Ok(engine.encode_crop(&face, c)?.0)).collect::<anyhow::Result<_>>()?;
        let equal: Vec<(&Template, f32)> = shifted.iter().map(|t| (t, 1.0)).collect();
        let shifted = Template::fused(&equal).context("the shifted crops cancel out")?;
        let subject = person.display().to_string();
        crops.push(Crop { subject, plain, thorough, shifted, strength: quality.strength() });
    }
    Ok(crops)
}

/// The crop, and the crop moved by two pixels in four directions.
fn shifts(crop: &RgbImage) -> Vec<RgbImage> {
    [[0.0, 0.0], [2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [0.0, -2.0]]
        .iter()
        .filter_map(|[dx, dy]| align(crop, &TEMPLATE_LANDMARKS.map(|[x, y]| [x + dx, y + dy])))
        .collect()
}
