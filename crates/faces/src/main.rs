//! `faces`: find, measure, encode and compare faces from the command line.

mod calibrating;
mod evaluating;
mod files;
mod refused;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalogue::say;
use clap::{Args, Parser, Subcommand};
use faces::sandbox::Walls;
use faces::{Engine, Face, Manifest, Quality, Template, Verdict};
use serde::Serialize;

use files::{faces_of, in_parallel};
use refused::{Failure, Refusal};

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
