//! Where the time goes from a file's bytes to a template, on one thread. `speed make FOLDER` writes
//! photographs of 1, 12 and 24 megapixels, `speed measure FILE…` prints one JSON object a file, and one of
//! the models alone with how far they are from what the processor could multiply. `make bench` runs both
//! beside the Python peers.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use convnet::{Network, multiplications_per_second};
use faces::{Engine, Manifest, Photo, Task};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};
use whole_product::people::Renderer;

const RUNS: usize = 15;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match arguments.split_first() {
        Some((what, [folder])) if what == Path::new("make") => make(folder),
        Some((what, files)) if what == Path::new("measure") => measure(files),
        _ => bail!("usage: speed make FOLDER | speed measure FILE…"),
    }
}

/// One person before a wall, as a phone takes them.
fn make(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let renderer = Renderer::new()?;
    for (name, width, height, face, seed) in
        [("1mp", 1152, 864, 640, 9001), ("12mp", 4000, 3000, 1600, 9002), ("24mp", 6000, 4000, 1800, 9003)]
    {
        let path = folder.join(format!("{name}.jpg"));
        if path.is_file() {
            continue;
        }
        // Plaster: a slow change of light and a grain that JPEG has to keep.
        let mut scene = RgbImage::from_fn(width, height, |x, y| {
            let slow = 40.0 * ((x as f32 / width as f32 * 5.0).sin() + (y as f32 / height as f32 * 4.0).cos());
            let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519) >> 28;
            let value = (140.0 + slow + grain as f32) as u8;
            Rgb([value, value.saturating_sub(6), value.saturating_sub(14)])
        });
        let person = renderer.picture(seed, 0, face);
        imageops::replace(&mut scene, &person, i64::from((width - face) / 2), i64::from((height - face) / 2));
        let file = std::io::BufWriter::new(std::fs::File::create(&path)?);
        scene.write_with_encoder(JpegEncoder::new_with_quality(file, 88))?;
    }
    Ok(())
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn measure(files: &[PathBuf]) -> anyhow::Result<()> {
    let manifest = Manifest::locate()?;
    let engine = Engine::load(&manifest, None)?;
    for file in files {
        let mut stages: [Vec<f64>; 5] = Default::default();
        for _ in 0..RUNS {
            let begun = Instant::now();
            let mut last = 0.0;
            let mut stage = |at: usize| {
                let now = begun.elapsed().as_secs_f64();
                stages[at].push(now - last);
                last = now;
            };
            let bytes = std::fs::read(file)?;
            let photo = Photo::decode(&bytes)?;
            stage(0);
            let face = engine.detect(&photo)?.into_iter().next().context("no face")?;
            stage(1);
            let crop = engine.crop(&photo, &face)?;
            stage(2);
            black_box(engine.encode_crop(&face, &crop)?);
            stage(3);
            stages[4].push(begun.elapsed().as_secs_f64());
        }
        let [decode, detect, align, embed, whole] = stages.map(median);
        println!(
            "{}",
            serde_json::json!({ "path": file, "decode": decode, "detect": detect, "align": align, "embed": embed, "whole": whole })
        );
    }
    let peak = multiplications_per_second();
    for (task, height, width) in [(Task::Detector, 640, 640), (Task::Embedding, 112, 112), (Task::Landmarks, 192, 192)]
    {
        let spec = manifest.model(task, None)?;
        let network = Network::from_onnx(&manifest.bytes(spec)?)?;
        let input: Vec<f32> = (0..height * width * 3).map(|at| (at as f32 * 0.618).fract()).collect();
        let seconds = median(
            (0..4 * RUNS)
                .map(|_| {
                    let begun = Instant::now();
                    black_box(network.run(&input, height, width)).map(|_| begun.elapsed().as_secs_f64())
                })
                .collect::<Result<_, _>>()?,
        );
        let share = network.multiplications(height, width) as f64 / seconds / peak;
        println!("{}", serde_json::json!({ "model": spec.id, "alone": seconds, "share_of_peak": share }));
    }
    println!("{}", serde_json::json!({ "peak": peak }));
    Ok(())
}
