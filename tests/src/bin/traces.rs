//! `traces FOLDER [PEOPLE]`: how far copies of a photograph lie from it in the traces that an expungement leaves, how
//! far other photographs lie, and what real templates look like to the alarms of the gallery. FOLDER holds one folder a
//! person. Prints the figures of `crates/gallery/README.md`.

use std::io::Cursor;

use anyhow::{Context, ensure};
use faces::{Engine, Manifest, Photo};
use gallery::store::trace::{Trace, distance, of_picture, of_template, resembles};
use image::imageops::{FilterType, crop_imm, resize};
use image::{DynamicImage, ImageFormat, RgbImage, codecs::jpeg::JpegEncoder};

/// Any secret: the distances are those of every gallery.
const SECRET: [u8; 32] = [42; 32];

struct Kept {
    person: usize,
    values: Vec<f32>,
    template: Trace,
    picture: Option<Trace>,
}

fn jpeg(picture: &RgbImage, quality: u8) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))?;
    Ok(bytes.into_inner())
}

/// Copies as they come about: saved anew, scaled, cropped, lightened, sent through a messenger.
fn copies(picture: &RgbImage) -> anyhow::Result<Vec<(&'static str, Vec<u8>)>> {
    let (width, height) = picture.dimensions();
    let scaled = |share: f32| {
        resize(picture, (width as f32 * share) as u32, (height as f32 * share) as u32, FilterType::Triangle)
    };
    let cropped = |share: f32| {
        let (x, y) = ((width as f32 * share) as u32, (height as f32 * share) as u32);
        crop_imm(picture, x, y, width - 2 * x, height - 2 * y).to_image()
    };
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png)?;
    let lighter = DynamicImage::from(picture.clone()).brighten(25).to_rgb8();
    let contrast = DynamicImage::from(picture.clone()).adjust_contrast(20.0).to_rgb8();
    let mirrored = image::imageops::flip_horizontal(picture);
    Ok(vec![
        ("saved as PNG", png.into_inner()),
        ("saved as JPEG 75", jpeg(picture, 75)?),
        ("saved as JPEG 40", jpeg(picture, 40)?),
        ("half the size, JPEG 75", jpeg(&scaled(0.5), 75)?),
        ("half again as large, JPEG 85", jpeg(&scaled(1.5), 85)?),
        ("cropped by 5 % a side", jpeg(&cropped(0.05), 85)?),
        ("cropped by 12 % a side", jpeg(&cropped(0.12), 85)?),
        ("lighter by 25 of 255", jpeg(&lighter, 85)?),
        ("more contrast", jpeg(&contrast, 85)?),
        (
            "half the size, cropped, JPEG 50",
            jpeg(&resize(&cropped(0.08), width / 2, height / 2, FilterType::Triangle), 50)?,
        ),
        ("mirrored", jpeg(&mirrored, 85)?),
    ])
}

fn encode(engine: &Engine, person: usize, bytes: &[u8]) -> Option<Kept> {
    let photo = Photo::decode(bytes).ok()?;
    let faces = engine.detect(&photo).ok()?;
    let face = faces.into_iter().max_by(|a, b| (a.bounds[2] * a.bounds[3]).total_cmp(&(b.bounds[2] * b.bounds[3])))?;
    let values = engine.encode(&photo, &face).ok()?.0.values;
    // The picture as it is stored is what an enrolment is compared by.
    let stored = jpeg(&photo.fitted(1600).ok()?, 92).ok()?;
    Some(Kept { person, template: of_template(&SECRET, &values), picture: of_picture(&SECRET, &stored), values })
}

fn spread(what: &str, mut distances: Vec<u32>, caught: usize) {
    distances.sort_unstable();
    let at = |share: f64| distances.get(((distances.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or(0);
    println!(
        "  {what:<34} n {:>7}  least {:>2}  1 % {:>2}  median {:>2}  99 % {:>2}  most {:>2}   known {caught} = {:.4} %",
        distances.len(),
        at(0.0),
        at(0.01),
        at(0.5),
        at(0.99),
        at(1.0),
        100.0 * caught as f64 / distances.len().max(1) as f64
    );
}

fn known(a: &Kept, b: &Kept) -> bool {
    resembles((&b.template, Some(&a.template)), (b.picture.as_ref(), a.picture.as_ref()))
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("traces FOLDER [PEOPLE]")?;
    let most: usize = arguments.next().map_or(Ok(300), |n| n.parse())?;
    let engine = Engine::load(&Manifest::locate()?, None)?;
    let (mut originals, mut copied) = (Vec::new(), Vec::<(&'static str, u32, Option<u32>, bool)>::new());
    let (mut people, mut last) = (0usize, None);
    for (person, file) in faces::files_by_person(folder.as_ref()).map_err(|e| anyhow::anyhow!("{e}"))? {
        if last.as_ref() != Some(&person) {
            people += 1;
            last = Some(person);
        }
        if people > most {
            break;
        }
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let Some(original) = encode(&engine, people, &bytes) else { continue };
        let first = !originals.iter().any(|o: &Kept| o.person == people);
        if first {
            let picture = Photo::decode(&bytes)?.fitted(1600)?;
            for (what, bytes) in copies(&picture)? {
                // A copy in which no face is found cannot be enrolled either.
                let Some(copy) = encode(&engine, people, &bytes) else { continue };
                let pictures = original.picture.zip(copy.picture).map(|(a, b)| distance(&a, &b));
                copied.push((what, distance(&original.template, &copy.template), pictures, known(&original, &copy)));
            }
        }
        originals.push(original);
    }
    ensure!(originals.len() > 1, "no photographs");
    println!("{folder}: {} photographs of {} people", originals.len(), people.min(most));
    println!("signs of 64 in which the traces differ; known by the rule as it is");
    let mut kinds: Vec<&str> = Vec::new();
    copied.iter().for_each(|(what, ..)| {
        if !kinds.contains(what) {
            kinds.push(what)
        }
    });
    for kind in kinds {
        let of: Vec<_> = copied.iter().filter(|(what, ..)| *what == kind).collect();
        let caught = of.iter().filter(|(.., known)| *known).count();
        spread(&format!("{kind}: face"), of.iter().map(|(_, d, ..)| *d).collect(), caught);
        spread(&format!("{kind}: picture"), of.iter().filter_map(|(_, _, d, _)| *d).collect(), caught);
    }
    let (mut same, mut other) = ((Vec::new(), Vec::new(), 0), (Vec::new(), Vec::new(), 0));
    let (mut sum, mut squares, mut pairs, mut firsts) = (0f64, 0f64, 0f64, Vec::<&Kept>::new());
    for (at, a) in originals.iter().enumerate() {
        for b in &originals[..at] {
            let of = if a.person == b.person { &mut same } else { &mut other };
            of.0.push(distance(&a.template, &b.template));
            of.1.extend(a.picture.zip(b.picture).map(|(a, b)| distance(&a, &b)));
            of.2 += usize::from(known(a, b));
        }
        if firsts.last().is_none_or(|f| f.person != a.person) {
            for b in &firsts {
                let score: f64 = a.values.iter().zip(&b.values).map(|(a, b)| f64::from(a * b)).sum();
                (sum, squares, pairs) = (sum + score, squares + score * score, pairs + 1.0);
            }
            firsts.push(a);
        }
    }
    spread("another photograph, same person: face", same.0, same.2);
    spread("another photograph, same person: picture", same.1, same.2);
    spread("another person: face", other.0, other.2);
    spread("another person: picture", other.1, other.2);
    let share = |values: &[f32]| {
        let (two, four) = values.iter().fold((0f64, 0f64), |(two, four), v| {
            let square = f64::from(*v).powi(2);
            (two + square, four + square * square)
        });
        (two.sqrt(), two * two / (values.len() as f64 * four))
    };
    let mut shares: Vec<(f64, f64)> = originals.iter().map(|o| share(&o.values)).collect();
    let norms = shares.iter().map(|(norm, _)| (norm - 1.0).abs()).fold(0f64, f64::max);
    shares.sort_by(|a, b| a.1.total_cmp(&b.1));
    println!(
        "templates: norm within {norms:.6} of 1; share of values that carry one {:.3} to {:.3}",
        shares[0].1,
        shares[shares.len() - 1].1
    );
    let mean = sum / pairs;
    println!(
        "scores of {} different people: mean {mean:.3}, spread {:.3}",
        firsts.len(),
        (squares / pairs - mean * mean).sqrt()
    );
    // As the alarm looks: windows of 64 people.
    let mut least = f64::INFINITY;
    for window in firsts.chunks(64).filter(|w| w.len() == 64) {
        let (mut sum, mut squares, mut pairs) = (0f64, 0f64, 0f64);
        for (at, a) in window.iter().enumerate() {
            for b in &window[..at] {
                let score: f64 = a.values.iter().zip(&b.values).map(|(a, b)| f64::from(a * b)).sum();
                (sum, squares, pairs) = (sum + score, squares + score * score, pairs + 1.0);
            }
        }
        least = least.min((squares / pairs - (sum / pairs).powi(2)).sqrt());
    }
    println!("least spread of 64 people in a row: {least:.3}");
    Ok(())
}
