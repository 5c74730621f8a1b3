//! How many faces of 24 to 600 pixels are found in one large photograph. `make bench` prints it.

use std::time::Instant;

use anyhow::ensure;
use faces::{Engine, Manifest, Photo};
use image::RgbImage;
use image::imageops::{FilterType, overlay, resize};
use whole_product::people::Renderer;

const SIZE: (u32, u32) = (6000, 4000);
const FACES: u32 = 60;

/// A face that was pasted in: middle and width in pixels.
struct Pasted {
    middle: [f32; 2],
    width: f32,
}

fn main() -> anyhow::Result<()> {
    let (engine, renderer) = (Engine::load(&Manifest::locate()?, None)?, Renderer::new()?);
    let mut wall = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let shade = 120 + (x * 60 / SIZE.0) as u8 + ((x / 7 + y / 11) % 5) as u8;
        image::Rgb([shade, shade, shade.saturating_add(8)])
    });
    let mut pasted = Vec::new();
    // Shelves from the top, the largest faces first.
    let (mut x, mut y, mut shelf) = (8, 8, 0);
    for n in 0..FACES {
        let picture = renderer.picture(xtask::demo::FIRST_SEED + u64::from(n), n % 2, 512);
        let Some(face) = engine.detect(&Photo::from(picture.clone()))?.into_iter().next() else {
            anyhow::bail!("person {n} has no face");
        };
        // Widths shrink by a constant factor from 600 to 24 pixels.
        let width = 600.0 / 25f32.powf(n as f32 / (FACES - 1) as f32);
        let [left, top, w, h] = face.bounds;
        let corner = [(left - 0.3 * w).max(0.0), (top - 0.35 * h).max(0.0)];
        let far = [(left + 1.3 * w).min(512.0), (top + 1.3 * h).min(512.0)];
        let cut = [corner[0] as u32, corner[1] as u32, (far[0] - corner[0]) as u32, (far[1] - corner[1]) as u32];
        let part = image::imageops::crop_imm(&picture, cut[0], cut[1], cut[2], cut[3]).to_image();
        let scale = width / w;
        let scaled = |length: u32| ((length as f32 * scale).round() as u32).max(1);
        let part = resize(&part, scaled(cut[2]), scaled(cut[3]), FilterType::CatmullRom);
        if x + part.width() + 8 > SIZE.0 {
            (x, y, shelf) = (8, y + shelf + 8, 0);
        }
        ensure!(y + part.height() <= SIZE.1, "the faces do not fit");
        overlay(&mut wall, &part, i64::from(x), i64::from(y));
        let middle =
            [x as f32 + (left + w / 2.0 - cut[0] as f32) * scale, y as f32 + (top + h / 2.0 - cut[1] as f32) * scale];
        pasted.push(Pasted { middle, width });
        shelf = shelf.max(part.height());
        x += part.width() + 8;
    }
    let photo = Photo::from(wall);
    let begun = Instant::now();
    let found = engine.detect(&photo)?;
    let seconds = begun.elapsed().as_secs_f32();
    let on = |p: &Pasted, b: &[f32; 4]| {
        let near = |at: usize| (b[at] + b[at + 2] / 2.0 - p.middle[at]).abs() < p.width / 2.0;
        near(0) && near(1) && (0.5..2.0).contains(&(b[2] / p.width))
    };
    let false_faces = found.iter().filter(|f| !pasted.iter().any(|p| on(p, &f.bounds))).count();
    let wanted: Vec<&Pasted> = pasted.iter().filter(|p| p.width >= 32.0).collect();
    let hit = wanted.iter().filter(|p| found.iter().any(|f| on(p, &f.bounds))).count();
    let share = 100.0 * hit as f32 / wanted.len() as f32;
    println!("collage of {} x {} pixels with {FACES} faces from 24 to 600 pixels", SIZE.0, SIZE.1);
    println!("  of 32 pixels or more  {hit}/{} = {share:.1} % found (goal 98 %), {false_faces} false", wanted.len());
    println!("  all sizes             {} found, {seconds:.2} s", found.len());
    ensure!(share >= 98.0 && false_faces == 0, "below the goal");
    Ok(())
}
