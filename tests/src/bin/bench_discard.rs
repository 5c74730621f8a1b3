//! What quality is worth: the false non-match rate after dropping the photographs that a component calls
//! worst. On degraded pictures of rendered people, and on labelled crops where a folder is given.
//! `make bench` prints it.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use anyhow::Context;
use faces::evaluate::{Sample, Scores};
use faces::{Engine, Face, Manifest, Photo, Quality, files_by_person};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use whole_product::people::Renderer;

const PEOPLE: u64 = 40;
const VIEWS: u32 = 6;
const DROPPED: [usize; 4] = [0, 10, 20, 30];
const FAR: f64 = 1e-3;

fn main() -> anyhow::Result<()> {
    let engine = Engine::load(&Manifest::locate()?, None)?;
    let renderer = Renderer::new()?;
    let (mut measured, mut missed) = (Vec::new(), 0);
    for person in 0..PEOPLE {
        for view in 0..VIEWS {
            let at = person * u64::from(VIEWS) + u64::from(view);
            // Views have up to 20° of their own; every twentieth head is turned further.
            let picture = match at % 20 {
                17 => renderer.turned(7000 + person, view, if at % 40 < 20 { 0.9 } else { -0.75 }, 256),
                _ => renderer.picture(7000 + person, view, 256),
            };
            let file = degraded(&picture, at)?;
            let photo = Photo::decode(&file)?;
            match engine.detect(&photo)?.first() {
                Some(face) => {
                    let (template, quality) = engine.encode_thorough(&photo, face)?;
                    measured.push((Sample { subject: person.to_string(), template }, quality));
                }
                None => missed += 1,
            }
        }
    }
    println!("{PEOPLE} rendered people, {VIEWS} views each, most of them degraded; {missed} faces not found");
    table(&measured)?;
    match std::env::args().nth(1) {
        Some(folder) => {
            let measured = labelled(&engine, Path::new(&folder))?;
            println!("{} labelled crops of {folder}", measured.len());
            table(&measured)?;
        }
        None => println!("no folder of labelled crops given: that table is skipped"),
    }
    Ok(())
}

fn labelled(engine: &Engine, folder: &Path) -> anyhow::Result<Vec<(Sample, Quality)>> {
    let face = Face::of_crop();
    let mut measured = Vec::new();
    for (person, file) in files_by_person(folder)? {
        let photo = Photo::decode(&std::fs::read(&file)?).with_context(|| file.display().to_string())?;
        let (template, quality) = engine.encode_crop_thorough(&photo, &face, &photo.fitted(112)?)?;
        measured.push((Sample { subject: person.display().to_string(), template }, quality));
    }
    Ok(measured)
}

fn table(measured: &[(Sample, Quality)]) -> anyhow::Result<()> {
    let samples: Vec<Sample> = measured.iter().map(|(s, _)| s.clone()).collect();
    let threshold = Scores::of_all(&samples).at_far(FAR).context("too few pairs")?.threshold;
    println!("  FNMR at FAR {FAR:e} after dropping the worst  {}", DROPPED.map(|d| format!("{d:>5} %")).join("  "));
    let mut by_component: BTreeMap<String, Vec<f32>> = BTreeMap::new();
    for (_, quality) in measured {
        by_component.entry("OVERALL".to_owned()).or_default().push(f32::from(quality.overall));
        for c in &quality.components {
            by_component.entry(c.name.to_string()).or_default().push(f32::from(c.quality));
        }
    }
    for (name, values) in by_component.iter().filter(|(_, v)| v.len() == measured.len()) {
        if values.iter().all(|v| *v == values[0]) {
            continue;
        }
        let mut order: Vec<usize> = (0..measured.len()).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let rates = DROPPED.map(|percent| {
            let kept: Vec<Sample> =
                order[measured.len() * percent / 100..].iter().map(|at| samples[*at].clone()).collect();
            let mated = Scores::of_all(&kept).mated;
            let missed = mated.iter().filter(|score| **score <= threshold).count();
            format!("{:>7.3}", missed as f32 / mated.len() as f32)
        });
        println!("    {name:<40}{}", rates.join("  "));
    }
    Ok(())
}

/// A file of the picture with what goes wrong with photographs, each in another strength.
fn degraded(picture: &RgbImage, at: u64) -> anyhow::Result<Vec<u8>> {
    // A fixed sequence in place of chance: golden-ratio steps.
    let strength = (at as f32 * 0.618_034).fract();
    let (w, h) = picture.dimensions();
    let mut setting = 92;
    let lit = |gain: &dyn Fn(u32) -> f32| {
        RgbImage::from_fn(w, h, |x, y| {
            Rgb(picture.get_pixel(x, y).0.map(|c| (f32::from(c) * gain(x)).min(255.0) as u8))
        })
    };
    // Every other picture is left as it is.
    let out = match at % 20 {
        1 => imageops::fast_blur(picture, 1.0 + 5.0 * strength),
        3 => {
            let small = (w as f32 * (0.12 + 0.25 * strength)) as u32;
            imageops::resize(picture, small, small * h / w, FilterType::Triangle)
        }
        5 => {
            setting = 2 + (14.0 * strength) as u8;
            picture.clone()
        }
        7 => lit(&|_| 0.05 + 0.25 * strength),
        9 => lit(&|_| 2.0 + 3.0 * strength),
        11 => lit(&|x| if x < w / 2 { 0.04 + 0.2 * strength } else { 1.0 }),
        13 => imageops::crop_imm(picture, (w as f32 * (0.38 + 0.08 * strength)) as u32, 0, w / 2, h).to_image(),
        15 => {
            let mut covered = picture.clone();
            let top = (h as f32 * (0.5 + 0.08 * strength)) as u32;
            for y in top..h {
                for x in 0..w {
                    covered.put_pixel(x, y, Rgb([60, 70, 90]));
                }
            }
            covered
        }
        _ => picture.clone(),
    };
    let mut file = Cursor::new(Vec::new());
    out.write_with_encoder(JpegEncoder::new_with_quality(&mut file, setting))?;
    Ok(file.into_inner())
}
