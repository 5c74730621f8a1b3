//! `faces evaluate`: an agency's own labelled photographs, before it relies on a model.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalogue::say;
use clap::Args;
use faces::evaluate::{DRAWN_AT, RANKS, Report, Sample, Scores, whom_it_shows};
use faces::{Engine, Manifest, Template, files_by_person};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{ImageFormat, RgbImage};

use crate::files::{alike_folders, draw, faces_of, in_parallel, today, written};
use crate::refused::{Failure, Refusal};

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
    #[command(flatten)]
    reading: Reading,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Write the report there, as JSON.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Write the plots into this folder, as SVG.
    #[arg(long)]
    plots: Option<PathBuf>,
    /// Draw what groups pay at the threshold whose false accept rate is nearest to this.
    #[arg(long, default_value_t = DRAWN_AT.0, value_parser = rate)]
    far: f64,
    /// Draw what groups pay with a list of so many candidates: 1, 5, 10 or 20.
    #[arg(long, default_value_t = DRAWN_AT.1, value_parser = length)]
    list: usize,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| *rate > 0.0 && *rate < 1.0);
    rate.ok_or_else(|| say!("faces-rate-between").to_owned())
}

fn length(text: &str) -> Result<usize, String> {
    let length = text.parse().ok().filter(|length| RANKS.contains(length));
    length.ok_or_else(|| say!("faces-list-of", lengths = RANKS.map(|k| k.to_string()).join(", ")))
}

fn csv(path: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let bad = |e: csv::Error| Failure::Labels { path: path.display().to_string(), message: e.to_string() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).map_err(bad)?;
    reader.records().map(|row| Ok(row.map_err(bad)?.iter().map(str::to_owned).collect())).collect()
}

/// Attributes of each of the `known` people; a column with one value or many, or with fractions, is no grouping.
fn attributes(path: &Path, known: &BTreeSet<&str>) -> Result<BTreeMap<String, Vec<(String, String)>>, Failure> {
    const MOST: usize = 12;
    let wrong = |message: &str| Failure::Labels { path: path.display().to_string(), message: message.to_owned() };
    let rows = csv(path)?;
    let Some((header, rows)) = rows.split_first() else { return Err(wrong(say!("faces-groups-empty"))) };
    let cell = |row: &[String], column: usize| row.get(column).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    let groups = |column: &usize| {
        let values: BTreeSet<String> = rows.iter().filter_map(|r| cell(r, *column)).collect();
        let fraction = |v: &String| v.contains('.') && v.parse::<f64>().is_ok();
        (2..=MOST).contains(&values.len()) && !values.iter().any(fraction)
    };
    let (columns, no_columns): (Vec<usize>, Vec<usize>) = (1..header.len()).partition(groups);
    if columns.is_empty() {
        return Err(wrong(say!("faces-groups-no-column")));
    }
    for column in no_columns {
        eprintln!("{}", say!("faces-groups-column-left-out", column = header[column]));
    }
    let own = |row: &Vec<String>| -> Vec<(String, String)> {
        columns.iter().filter_map(|c| Some((header[*c].trim().to_owned(), cell(row, *c)?))).collect()
    };
    let mut named: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let Some(name) = cell(row, 0) else { continue };
        let own = own(row);
        if named.get(&name).is_some_and(|before| *before != own) {
            return Err(wrong(&say!("faces-groups-person-twice", at = at + 2, name)));
        }
        named.insert(name, own);
    }
    if !named.keys().any(|name| known.contains(name.as_str())) {
        return Err(wrong(say!("faces-groups-name-nobody")));
    }
    Ok(named)
}

/// Each photograph with the name of its person's folder.
pub fn photographs(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let name = |person: PathBuf| person.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(files_by_person(folder)?.into_iter().map(|(person, file)| (name(person), file)).collect())
}

/// How labelled photographs are read.
#[derive(Debug, Clone, Args)]
pub struct Reading {
    /// The files are ready 112×112 crops.
    #[arg(long)]
    aligned: bool,
    /// Sum each template with that of the mirrored crop.
    #[arg(long)]
    pub thorough: bool,
    /// Embedding model.
    #[arg(long)]
    pub model: Option<String>,
    /// Photographs worked on at a time.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Make copies, too, whose crops were shrunk to so many pixels, as of a face far away.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(8..=112))]
    pub shrunk: Vec<u32>,
}

/// Whom a file shows.
pub struct Shown {
    /// As a gallery enrols it.
    pub enrolled: Template,
    /// As it is looked for, with its quality: the photograph, then its copies shrunk to each size.
    pub probes: Vec<(Template, u8)>,
    faces: usize,
}

/// What the files show, in order, and in how many of them several faces were found.
pub struct Encoded {
    /// Of each file; nothing where nobody is found.
    pub shown: Vec<Option<Shown>>,
    several: usize,
}

/// Whom a file shows: the most central and largest of several faces, not the one that is found most surely.
fn shown(engine: &Engine, path: &Path, reading: &Reading) -> Result<Shown, Refusal> {
    let (photo, found) = faces_of(engine, path, reading.aligned)?;
    let bounds: Vec<[f32; 4]> = found.iter().map(|f| f.bounds).collect();
    let face = &found[whom_it_shows(&bounds, photo.dimensions()).ok_or(Refusal::NoFace)?];
    let crop = if reading.aligned { photo.fitted(112)? } else { engine.crop(&photo, face)? };
    let copies =
        reading.shrunk.iter().map(|pixels| Ok((as_if_small(&crop, *pixels)?, face.clone().shown_in_crop(*pixels))));
    let probes = std::iter::once(Ok((crop.clone(), face.clone()))).chain(copies).map(|copy: Result<_, Refusal>| {
        let (crop, face) = copy?;
        let encoded =
            if reading.thorough { engine.encode_crop_summed(&face, &crop) } else { engine.encode_crop(&face, &crop) };
        let (template, quality) = encoded?;
        Ok((template, quality.overall))
    });
    let probes: Vec<(Template, u8)> = probes.collect::<Result<_, Refusal>>()?;
    let enrolled = if reading.thorough { engine.encode_crop(face, &crop)?.0 } else { probes[0].0.clone() };
    Ok(Shown { enrolled, probes, faces: bounds.len() })
}

/// A crop as it would be if the face had been so many pixels wide, enlarged again and saved as JPEG 40.
fn as_if_small(crop: &RgbImage, pixels: u32) -> Result<RgbImage, Refusal> {
    let unwritten = |e: image::ImageError| Refusal::Unreadable(std::io::Error::other(e));
    let small = image::imageops::resize(crop, pixels, pixels, FilterType::Triangle);
    let enlarged = image::imageops::resize(&small, crop.width(), crop.height(), FilterType::Triangle);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 40).encode_image(&enlarged).map_err(unwritten)?;
    Ok(image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).map_err(unwritten)?.into_rgb8())
}

/// [`shown`] of each file; `None` and a line on stderr where there is nobody.
pub fn encoded(engine: &Engine, files: &[PathBuf], reading: &Reading) -> Encoded {
    let (mut all, mut several) = (Vec::with_capacity(files.len()), 0);
    in_parallel(
        files,
        reading.threads,
        |path| shown(engine, path, reading),
        |path, found| {
            if let Err(refusal) = &found {
                eprintln!("{}: {refusal}", path.display());
            }
            several += usize::from(found.as_ref().is_ok_and(|shown| shown.faces > 1));
            all.push(found.ok());
        },
    );
    Encoded { shown: all, several }
}

pub fn run(arguments: &Evaluation) -> Result<ExitCode, Failure> {
    let engine = Engine::load(&Manifest::locate()?, arguments.reading.model.as_deref())?;
    let mut names = Vec::new();
    let (report, failed, several) = if let Some(file) = &arguments.pairs {
        of_pairs(&engine, file, arguments)?
    } else {
        let labelled = photographs(arguments.folders.as_deref().unwrap_or(Path::new(".")))?;
        let (subjects, files): (Vec<String>, Vec<_>) = labelled.into_iter().unzip();
        let known = subjects.iter().map(String::as_str).collect();
        let groups = arguments.groups.as_deref().map(|path| attributes(path, &known)).transpose()?.unwrap_or_default();
        names.clone_from(&subjects);
        let Encoded { shown, several } = encoded(&engine, &files, &arguments.reading);
        let failed = shown.iter().filter(|t| t.is_none()).count();
        let mut by_size = vec![Vec::new(); 1 + arguments.reading.shrunk.len()];
        for (subject, shown) in subjects.into_iter().zip(shown) {
            for (samples, (template, _)) in by_size.iter_mut().zip(shown.into_iter().flat_map(|s| s.probes)) {
                samples.push(Sample { subject: subject.clone(), template });
            }
        }
        let (samples, copies) = (&by_size[0], &by_size[1..]);
        let mut report = Report::of_samples(engine.model_id(), samples, &groups);
        for (pixels, copies) in arguments.reading.shrunk.iter().zip(copies) {
            report.add_shrunk(*pixels, copies, samples);
        }
        (report, failed, several)
    };
    if report.mated == 0 || report.non_mated == 0 {
        return Err(Failure::Labels {
            path: say!("faces-photographs").to_owned(),
            message: say!("faces-pairs-one-person-two-found", mated = report.mated, non_mated = report.non_mated),
        });
    }
    let report = Report { made_on: Some(today()), ..report };
    let alike = alike_folders(&names);
    let mut json = serde_json::json!(report);
    json["failed"] = failed.into();
    json["several_faces"] = several.into();
    json["alike_names"] = serde_json::json!(alike);
    if let Some(out) = &arguments.out {
        written(out, &format!("{json:#}\n"))?;
    }
    if let Some(folder) = &arguments.plots {
        draw(folder, &report.drawings(arguments.far, arguments.list))?;
    }
    if arguments.json {
        println!("{json}");
    } else {
        print!("{}", report.in_words());
        for (a, b) in alike {
            println!("{}", say!("faces-alike-names", a, b));
        }
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
    let Encoded { shown, several } = encoded(engine, &files, &arguments.reading);
    let failed = shown.iter().filter(|t| t.is_none()).count();
    let images = shown.len() - failed;
    let templates = shown.into_iter().map(|s| Some(s?.probes.into_iter().next()?.0));
    let by_file: BTreeMap<&PathBuf, Option<Template>> = files.iter().zip(templates).collect();
    let mut scores = Scores::default();
    for (a, b, same) in &pairs {
        if let (Some(Some(a)), Some(Some(b))) = (by_file.get(a), by_file.get(b)) {
            scores.push(*same, a.score(b));
        }
    }
    Ok((Report { images, ..Report::of_scores(engine.model_id(), scores) }, failed, several))
}
