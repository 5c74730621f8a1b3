//! Where the time goes from a file's bytes to a template, and what `convnet` gives for its lines: both as they are released,
//! on one thread. `cargo bench --bench speed -- FOLDER` makes photographs of 1, 12 and 24 megapixels in the folder, prints one
//! JSON object for each and one for each network; `tests/peers/speed.py` measures the Python peers beside them.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use convnet::{Network, multiplications_per_second};
use faces::{Engine, Manifest, Photo, Task};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};
use personae::{Assets, Identity, View};
use tract_onnx::prelude::*;

// tract is given its graph as `faces` gives it one.
#[path = "../src/rewrite.rs"]
mod rewrite;

/// Of a photograph; four times as many of a network.
const RUNS: usize = 15;

fn main() -> anyhow::Result<()> {
    // Cargo adds a flag of its own.
    let folder = std::env::args_os().skip(1).find(|given| given != "--bench").context("usage: speed FOLDER")?;
    let manifest = Manifest::locate()?;
    let engine = Engine::load(&manifest, None)?;
    for photograph in photographs(Path::new(&folder))? {
        whole(&engine, &photograph)?;
    }
    for (task, side) in [(Task::Detector, 640), (Task::Embedding, 112), (Task::Landmarks, 192)] {
        alone(&manifest, task, side)?;
    }
    Ok(())
}

/// One person before a wall, as a phone takes them.
fn photographs(folder: &Path) -> anyhow::Result<[PathBuf; 3]> {
    std::fs::create_dir_all(folder)?;
    let sizes = [("1mp", 1152, 864, 640, 9001), ("12mp", 4000, 3000, 1600, 9002), ("24mp", 6000, 4000, 1800, 9003)];
    for (name, width, height, face, seed) in sizes {
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
        let assets = Assets::shared()?;
        let person = personae::render(assets, &Identity::new(assets, seed), &View::new(seed, 0), face);
        imageops::replace(&mut scene, &person, i64::from((width - face) / 2), i64::from((height - face) / 2));
        let file = std::io::BufWriter::new(std::fs::File::create(&path)?);
        scene.write_with_encoder(JpegEncoder::new_with_quality(file, 88))?;
    }
    Ok(sizes.map(|(name, ..)| folder.join(format!("{name}.jpg"))))
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn whole(engine: &Engine, path: &Path) -> anyhow::Result<()> {
    let mut stages: [Vec<f64>; 5] = Default::default();
    for _ in 0..RUNS {
        let begun = Instant::now();
        let mut last = 0.0;
        let mut stage = |at: usize| {
            let now = begun.elapsed().as_secs_f64();
            stages[at].push(now - last);
            last = now;
        };
        let bytes = std::fs::read(path)?;
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
        serde_json::json!({ "path": path, "decode": decode, "detect": detect, "align": align, "embed": embed, "whole": whole })
    );
    Ok(())
}

fn alone(manifest: &Manifest, task: Task, side: usize) -> anyhow::Result<()> {
    let spec = manifest.model(task, None)?;
    let bytes = manifest.bytes(spec)?;
    let network = Network::from_onnx(&bytes)?;
    let mut proto = onnx().proto_model_for_read(&mut &bytes[..])?;
    proto.graph.as_mut().map(rewrite::spell_out_prelu);
    let model = onnx()
        .model_for_proto_model(&proto)?
        .with_input_fact(0, f32::fact([1, 3, side, side]).into())?
        .into_optimized()?
        .into_runnable()?;
    let input: Vec<f32> = (0..3 * side * side).map(|at| (at as f32 * 0.618).fract()).collect();
    let planes: Tensor = tract_ndarray::Array4::from_shape_vec((1, 3, side, side), input.clone())?.into();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..4 * RUNS {
        let begun = Instant::now();
        black_box(network.run(&input, side, side)?);
        ours.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        black_box(model.run(tvec!(planes.clone().into_tvalue()))?);
        theirs.push(begun.elapsed().as_secs_f64());
    }
    let peak = multiplications_per_second();
    println!(
        "{}",
        serde_json::json!({
            "model": spec.id,
            "convnet": median(ours),
            "tract": median(theirs),
            "limit": network.multiplications(side, side) as f64 / peak,
            "peak": peak,
        })
    );
    Ok(())
}
