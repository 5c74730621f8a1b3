//! `faces evaluate`: an agency's own labelled photographs, before it relies on a model.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalogue::say;
use clap::Args;
use faces::evaluate::{Report, Sample, Scores, whom_it_shows};
use faces::{Engine, Manifest, Template, files_by_person};

use crate::{Failure, Refusal, Want, in_parallel, look};

#[derive(Debug, Args)]
pub struct Evaluation {
    /// CSV with a header and the columns `a`, `b` (photographs, relative to the file) and `same` (1 or 0).
    #[arg(long, required_unless_present = "folders", conflicts_with = "folders")]
    pairs: Option<PathBuf>,
    /// A folder that holds one folder per person with that person's photographs.
    #[arg(long)]
    folders: Option<PathBuf>,
    /// CSV whose first column names the person; each further column is an attribute to report by.
    #[arg(long, conflicts_with = "pairs")]
    groups: Option<PathBuf>,
    /// The files are ready 112×112 crops.
    #[arg(long)]
    aligned: bool,
    /// Sum each template with that of the mirrored crop.
    #[arg(long)]
    thorough: bool,
    /// Embedding model.
    #[arg(long)]
    model: Option<String>,
    /// Photographs worked on at a time.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Write the curve there.
    #[arg(long)]
    svg: Option<PathBuf>,
}

fn csv(path: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let bad = |e: csv::Error| Failure::Labels { path: path.display().to_string(), message: e.to_string() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).map_err(bad)?;
    reader.records().map(|row| Ok(row.map_err(bad)?.iter().map(str::to_owned).collect())).collect()
}

/// Attributes of each person; a column with one value or many, or with fractions, is no grouping.
fn attributes(path: &Path) -> Result<BTreeMap<String, Vec<(String, String)>>, Failure> {
    const MOST: usize = 12;
    let rows = csv(path)?;
    let Some((header, rows)) = rows.split_first() else { return Ok(BTreeMap::new()) };
    let groups = |column: usize| {
        let values: BTreeSet<_> = rows.iter().filter_map(|r| r.get(column)).collect();
        let fraction = |v: &&String| v.contains('.') && v.parse::<f64>().is_ok();
        (2..=MOST).contains(&values.len()) && !values.iter().any(fraction)
    };
    let columns: Vec<usize> = (1..header.len()).filter(|c| groups(*c)).collect();
    let own =
        |row: &Vec<String>| columns.iter().filter_map(|c| Some((header[*c].clone(), row.get(*c)?.clone()))).collect();
    Ok(rows.iter().filter_map(|row| Some((row.first()?.clone(), own(row)))).collect())
}

/// Each photograph with the name of its person's folder.
fn photographs(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let name = |person: PathBuf| person.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(files_by_person(folder)?.into_iter().map(|(person, file)| (name(person), file)).collect())
}

/// Templates of the files, in order, and in how many of them several faces were found.
struct Encoded {
    templates: Vec<Option<Template>>,
    several: usize,
}

/// The template of whom each file shows: the most central and largest of several faces, not the one that is found most
/// surely. `None` and a line on stderr where there is none.
fn encoded(engine: &Engine, files: &[PathBuf], arguments: &Evaluation) -> Encoded {
    let (mut templates, mut several) = (Vec::with_capacity(files.len()), 0);
    let want = if arguments.thorough { Want::Thorough } else { Want::Templates };
    in_parallel(
        files,
        arguments.threads,
        |path| {
            let seen = look(engine, path, want, arguments.aligned)?;
            let bounds: Vec<[f32; 4]> = seen.faces.iter().map(|f| f.face.bounds).collect();
            let shown = whom_it_shows(&bounds, (seen.width, seen.height)).ok_or(Refusal::NoFace)?;
            let template = seen.faces.into_iter().nth(shown).and_then(|f| f.template).ok_or(Refusal::NoFace)?;
            Ok((template, bounds.len()))
        },
        |path, found: Result<(Template, usize), Refusal>| {
            if let Err(refusal) = &found {
                eprintln!("{}: {refusal}", path.display());
            }
            several += usize::from(found.as_ref().is_ok_and(|(_, faces)| *faces > 1));
            templates.push(found.ok().map(|(template, _)| template));
        },
    );
    Encoded { templates, several }
}

pub fn run(arguments: &Evaluation) -> Result<ExitCode, Failure> {
    let engine = Engine::load(&Manifest::locate()?, arguments.model.as_deref())?;
    let (report, failed, several) = if let Some(file) = &arguments.pairs {
        of_pairs(&engine, file, arguments)?
    } else {
        let labelled = photographs(arguments.folders.as_deref().unwrap_or(Path::new(".")))?;
        let groups = arguments.groups.as_deref().map(attributes).transpose()?.unwrap_or_default();
        let (subjects, files): (Vec<_>, Vec<_>) = labelled.into_iter().unzip();
        let Encoded { templates, several } = encoded(&engine, &files, arguments);
        let failed = templates.iter().filter(|t| t.is_none()).count();
        let samples =
            subjects.into_iter().zip(templates).filter_map(|(subject, t)| Some(Sample { subject, template: t? }));
        (Report::of_samples(engine.model_id(), &samples.collect::<Vec<_>>(), &groups), failed, several)
    };
    if report.mated == 0 || report.non_mated == 0 {
        return Err(Failure::Labels {
            path: say!("faces-photographs").to_owned(),
            message: say!("faces-pairs-one-person-two-found", mated = report.mated, non_mated = report.non_mated),
        });
    }
    if let Some(path) = &arguments.svg {
        let bad = |e: std::io::Error| Failure::Labels { path: path.display().to_string(), message: e.to_string() };
        std::fs::write(path, report.svg()).map_err(bad)?;
    }
    if arguments.json {
        let mut json = serde_json::json!(report);
        json["failed"] = failed.into();
        json["several_faces"] = several.into();
        println!("{json}");
    } else {
        print!("{}", report.in_words());
        println!("{}", say!("faces-photographs-gave-no-template-they", failed));
        println!("{}", say!("faces-photographs-show-several-most-central", several));
    }
    Ok(ExitCode::SUCCESS)
}

fn of_pairs(engine: &Engine, file: &Path, arguments: &Evaluation) -> Result<(Report, usize, usize), Failure> {
    let wrong = |message: String| Failure::Labels { path: file.display().to_string(), message };
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut pairs = Vec::new();
    for (at, row) in csv(file)?.iter().enumerate().skip(1) {
        let [a, b, same, ..] = row.as_slice() else {
            return Err(wrong(say!("faces-row-no-three-columns", at = at + 1)));
        };
        let same = match same.trim() {
            "1" | "true" => true,
            "0" | "false" => false,
            other => return Err(wrong(say!("faces-row-same-not-1-0", at = at + 1, other = format!("{:?}", other)))),
        };
        pairs.push((folder.join(a.trim()), folder.join(b.trim()), same));
    }
    let files: BTreeSet<PathBuf> = pairs.iter().flat_map(|(a, b, _)| [a.clone(), b.clone()]).collect();
    let files: Vec<PathBuf> = files.into_iter().collect();
    let Encoded { templates, several } = encoded(engine, &files, arguments);
    let failed = templates.iter().filter(|t| t.is_none()).count();
    let images = templates.len() - failed;
    let by_file: BTreeMap<&PathBuf, Option<Template>> = files.iter().zip(templates).collect();
    let mut scores = Scores::default();
    for (a, b, same) in &pairs {
        if let (Some(Some(a)), Some(Some(b))) = (by_file.get(a), by_file.get(b)) {
            scores.push(*same, a.score(b));
        }
    }
    Ok((Report { images, ..Report::of_scores(engine.model_id(), scores) }, failed, several))
}
