//! `faces`: find, measure, encode and compare faces from the command line.

mod calibrating;
mod evaluating;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use catalogue::say;
use clap::{Args, Parser, Subcommand};
use faces::plot::Drawing;
use faces::sandbox::Walls;
use faces::{
    Engine, EngineError, Face, FolderError, Manifest, ManifestError, Photo, PhotoError, Quality, Template, Verdict,
};
use serde::Serialize;

/// Finds, measures, encodes and compares faces. Coordinates are pixels of the upright image.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Finds faces and their five landmarks.
    Detect(Files),
    /// Turns each face into a template.
    Embed(Files),
    /// Measures the quality of each face.
    Quality(Files),
    /// Similarity score of the best face of each of two files: cosine, -1 to 1.
    Compare {
        /// First photograph.
        a: PathBuf,
        /// Second photograph.
        b: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Embedding model.
        #[arg(long)]
        model: Option<String>,
        /// The files are ready 112×112 crops.
        #[arg(long)]
        aligned: bool,
    },
    /// Measures on labelled photographs how well people are told apart.
    Evaluate(evaluating::Evaluation),
    /// Measures on labelled photographs what a score is worth.
    Calibrate(calibrating::Calibrating),
    /// Develops photographs for another program on stdin and stdout.
    #[command(hide = true)]
    Decoder {
        /// Try to get out from behind these walls instead, and print what the system answered.
        #[arg(long)]
        attempts: Option<Walls>,
    },
    /// Lists the models of the manifest.
    Models {
        /// Check each file's SHA-256.
        #[arg(long)]
        verify: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
struct Files {
    /// Photographs.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// Photographs worked on at a time.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Embedding model.
    #[arg(long)]
    model: Option<String>,
    /// The files are ready 112×112 crops: skip detection.
    #[arg(long)]
    aligned: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Want {
    Boxes,
    Templates,
    Quality,
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("{}", say!("faces-cannot-read-file", what = _0))]
    Unreadable(#[from] std::io::Error),
    #[error(transparent)]
    Photo(#[from] PhotoError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{}", say!("faces-aligned-needs-crop-112-112", what = _0, what1 = _1))]
    NotACrop(u32, u32),
    #[error("{}", say!("faces-no-face-found"))]
    NoFace,
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::Unreadable(_) => "unreadable",
            Refusal::Photo(e) => e.code(),
            Refusal::Engine(e) => e.code(),
            Refusal::NotACrop(..) => "not-a-crop",
            Refusal::NoFace => "no-face",
        }
    }
}

#[derive(Serialize)]
struct Seen {
    path: String,
    width: u32,
    height: u32,
    faces: Vec<SeenFace>,
}

#[derive(Serialize)]
struct SeenFace {
    #[serde(flatten)]
    face: Face,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<Quality>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<Template>,
}

/// A photograph and its faces; a crop is one face.
fn faces_of(engine: &Engine, path: &Path, aligned: bool) -> Result<(Photo, Vec<Face>), Refusal> {
    let photo = Photo::decode(&std::fs::read(path)?)?;
    let found = match (aligned, photo.dimensions()) {
        (true, (112, 112)) => vec![Face::of_crop()],
        (true, (width, height)) => return Err(Refusal::NotACrop(width, height)),
        (false, _) => engine.detect(&photo)?,
    };
    Ok((photo, found))
}

fn look(engine: &Engine, path: &Path, want: Want, aligned: bool) -> Result<Seen, Refusal> {
    let (photo, found) = faces_of(engine, path, aligned)?;
    let (width, height) = photo.dimensions();
    let faces = found
        .into_iter()
        .map(|face| {
            if want == Want::Boxes {
                return Ok(SeenFace { face, quality: None, template: None });
            }
            let crop = if aligned { photo.fitted(112)? } else { engine.crop(&photo, &face)? };
            let (template, quality) = match want {
                Want::Quality => engine.encode_crop_thorough(&photo, &face, &crop)?,
                _ => engine.encode_crop(&face, &crop)?,
            };
            let template = (want != Want::Quality).then_some(template);
            Ok(SeenFace { face, quality: Some(quality), template })
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(Seen { path: path.display().to_string(), width, height, faces })
}

fn in_words(seen: &Seen) -> String {
    let mut lines = vec![say!(
        "faces-face-s",
        path = seen.path,
        width = seen.width,
        height = seen.height,
        faces = seen.faces.len()
    )];
    for f in &seen.faces {
        let [x, y, w, h] = f.face.bounds;
        let quality = f.quality.as_ref().map_or(String::new(), |q| say!("faces-quality-100", overall = q.overall));
        lines.push(say!(
            "faces-score",
            w = format!("{:.0}", w),
            h = format!("{:.0}", h),
            x = format!("{:.0}", x),
            y = format!("{:.0}", y),
            score = format!("{:.2}", f.face.score),
            quality
        ));
        for c in f.quality.iter().flat_map(|q| &q.components) {
            let verdict = match c.verdict {
                Verdict::Good => say!("faces-good").to_owned(),
                Verdict::Fair => say!("faces-fair", advice = c.advice),
                Verdict::Poor => say!("faces-poor", advice = c.advice),
            };
            lines.push(format!("    {:<20} {:>7.1} {:<20} {verdict}", c.name, c.value, c.unit));
        }
    }
    lines.join("\n")
}

/// Does `work` on each file, `threads` at a time, and gives the results to `then` in the files' order.
fn in_parallel<T: Send>(
    files: &[PathBuf],
    threads: u16,
    work: impl Fn(&Path) -> T + Sync,
    mut then: impl FnMut(&Path, T) + Send,
) {
    let next = AtomicUsize::new(0);
    // Results wait here until those of earlier files are given.
    let given = Mutex::new((0, std::collections::BTreeMap::new(), &mut then));
    std::thread::scope(|scope| {
        for _ in 0..usize::from(threads).min(files.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = files.get(at) else { break };
                    let result = work(path);
                    let Ok(mut state) = given.lock() else { break };
                    let (first, waiting, then) = &mut *state;
                    waiting.insert(at, result);
                    while let Some(result) = waiting.remove(first) {
                        then(&files[*first], result);
                        *first += 1;
                    }
                }
            });
        }
    });
}

fn each(files: &Files, want: Want) -> Result<ExitCode, Failure> {
    let engine = Engine::load(&Manifest::locate()?, files.model.as_deref())?;
    let mut failed = false;
    in_parallel(
        &files.files,
        files.threads,
        |path| look(&engine, path, want, files.aligned),
        |path, answer| {
            failed |= answer.is_err();
            match line(path, answer, files.json) {
                Ok(text) => println!("{text}"),
                Err(text) => eprintln!("{text}"),
            }
        },
    );
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What to print for one file: `Ok` on stdout, `Err` on stderr.
fn line(path: &Path, answer: Result<Seen, Refusal>, json: bool) -> Result<String, String> {
    match answer {
        Ok(seen) if json => serde_json::to_string(&seen).map_err(|e| e.to_string()),
        Ok(seen) => Ok(in_words(&seen)),
        Err(e) if json => Ok(serde_json::json!({
            "path": path.display().to_string(),
            "error": { "code": e.code(), "message": e.to_string() },
        })
        .to_string()),
        Err(e) => Err(format!("{}: {e}", path.display())),
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{path}: {message}")]
    Labels { path: String, message: String },
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Decoder(#[from] std::io::Error),
    #[error("{path}: {refusal}")]
    File { path: String, refusal: Refusal },
}

/// The day on which something is made.
fn today() -> String {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Writes a file whole or not at all.
fn written(path: &Path, text: &str) -> Result<(), Failure> {
    let failure = |e: std::io::Error| Failure::Labels { path: path.display().to_string(), message: e.to_string() };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let done = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    done.inspect_err(|_| _ = std::fs::remove_file(&beside)).map_err(failure)
}

/// Writes plots into a folder, which is made where it is not there.
fn draw(folder: &Path, drawings: &[Drawing]) -> Result<(), Failure> {
    let failure = |e: std::io::Error| Failure::Labels { path: folder.display().to_string(), message: e.to_string() };
    std::fs::create_dir_all(folder).map_err(failure)?;
    drawings.iter().try_for_each(|d| written(&folder.join(format!("{}.svg", d.name)), &d.plot.svg()))
}

/// Folders that are called alike in other letters: taken as two people, and named for somebody to look at.
fn alike_folders(subjects: &[String]) -> Vec<(&str, &str)> {
    faces::alike_names(subjects.iter().map(String::as_str))
}

fn compare(a: &Path, b: &Path, model: Option<&str>, aligned: bool, json: bool) -> Result<ExitCode, Failure> {
    let engine = Engine::load(&Manifest::locate()?, model)?;
    let template = |path: &Path| {
        look(&engine, path, Want::Templates, aligned)
            .and_then(|seen| seen.faces.into_iter().next().and_then(|f| f.template).ok_or(Refusal::NoFace))
            .map_err(|refusal| Failure::File { path: path.display().to_string(), refusal })
    };
    let score = template(a)?.score(&template(b)?).unwrap_or(f32::NAN);
    if json {
        println!("{}", serde_json::json!({ "score": score }));
    } else {
        println!("{}", say!("faces-similarity-score-cosine-1-1", score = format!("{:.3}", score)));
    }
    Ok(ExitCode::SUCCESS)
}

fn models(verify: bool, json: bool) -> Result<ExitCode, Failure> {
    let manifest = Manifest::locate()?;
    let mut failed = false;
    for model in manifest.models() {
        let present = manifest.path(model).is_file();
        let state = match (present, verify) {
            (false, _) if model.optional => say!("faces-absent-optional").to_owned(),
            (false, _) => "missing".to_owned(),
            (true, false) => "present".to_owned(),
            (true, true) => manifest.bytes(model).map_or_else(|e| e.to_string(), |_| "verified".to_owned()),
        };
        let well = matches!(state.as_str(), "present" | "verified" | "absent (optional)");
        failed |= !well;
        if json {
            println!(
                "{}",
                serde_json::json!({ "id": model.id, "file": model.file, "sha256": model.sha256, "licence": model.licence,
                    "state": state, "ok": well })
            );
        } else {
            println!("{}\t{}\t{}\t{state}", model.id, model.file, model.licence);
        }
    }
    if failed {
        eprintln!("{}", say!("faces-model-missing-not-file-manifest"));
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Detect(files) => each(&files, Want::Boxes),
        Command::Embed(files) => each(&files, Want::Templates),
        Command::Quality(files) => each(&files, Want::Quality),
        Command::Compare { a, b, json, model, aligned } => compare(&a, &b, model.as_deref(), aligned, json),
        Command::Evaluate(arguments) => evaluating::run(&arguments),
        Command::Calibrate(arguments) => calibrating::run(&arguments),
        Command::Decoder { attempts: Some(walls) } => {
            faces::decoder::try_to_get_out(walls).map(|()| ExitCode::SUCCESS).map_err(Failure::from)
        }
        Command::Decoder { attempts: None } => {
            faces::decoder::serve().map(|()| ExitCode::SUCCESS).map_err(Failure::from)
        }
        Command::Models { verify, json } => models(verify, json),
    };
    done.unwrap_or_else(|failure| {
        eprintln!("{}", say!("faces-faces", failure));
        ExitCode::FAILURE
    })
}
