//! Enrolment: photographs in, records out.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use faces::{Engine, EngineError, Face, Photo, PhotoError, files_by_person};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::store::{Enrolled, Enrolment, Sqlite, StoreError};

/// One photograph to enrol.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Job {
    /// The person.
    pub subject_id: String,
    /// The file; relative paths are relative to the table.
    pub path: PathBuf,
    /// Day of the photograph, `YYYY-MM-DD`.
    #[serde(default)]
    pub captured_on: Option<String>,
    /// Agency (ORI).
    #[serde(default)]
    pub agency: Option<String>,
}

/// Why a row was not enrolled.
#[derive(Debug, Clone, Serialize)]
pub struct RowError {
    /// The person.
    pub subject_id: String,
    /// The file.
    pub path: String,
    /// A stable code.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
}

/// What an enrolment came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// New records.
    pub enrolled: u64,
    /// Were there already.
    pub known: u64,
    /// Rows that failed.
    pub failed: Vec<RowError>,
}

/// The list of photographs could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Folder or file.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The table.
    #[error(
        "the table is malformed: {0}; it needs the columns subject_id and path, and may have captured_on and agency"
    )]
    Table(#[from] csv::Error),
    /// Nothing there.
    #[error("there is nothing to enrol in {0}: a folder needs one folder a subject with photographs in it")]
    Empty(String),
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("cannot read the file: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error(transparent)]
    Photo(#[from] PhotoError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("no face was found; enrol a frontal photograph")]
    NoFace,
    #[error("several faces were found; enrol a photograph of this person alone")]
    SeveralFaces,
    #[error("captured_on is {0:?}, not a day such as 2024-05-31")]
    Day(String),
    #[error("the subject id must have 1 to 200 characters")]
    Subject,
    #[error("the photograph cannot be stored: {0}")]
    Encode(#[from] image::ImageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::Unreadable(_) => "unreadable",
            Refusal::Photo(e) => e.code(),
            Refusal::Engine(e) => e.code(),
            Refusal::NoFace => "no-face",
            Refusal::SeveralFaces => "several-faces",
            Refusal::Day(_) => "captured-on",
            Refusal::Subject => "subject-id",
            Refusal::Encode(_) => "encode",
            Refusal::Store(_) => "store",
        }
    }
}

/// Longest side of a stored photograph in pixels.
const STORED_SIDE: u32 = 800;
/// Records written in one transaction.
const BATCH: usize = 32;

/// Reads what to enrol: a CSV table, or a folder of one folder a subject.
///
/// # Errors
/// [`ListError`].
pub fn list(source: &Path) -> Result<Vec<Job>, ListError> {
    let unreadable = |path: &Path| {
        let path = path.display().to_string();
        move |source| ListError::Read { path, source }
    };
    let mut jobs = Vec::new();
    if source.is_dir() {
        let files = files_by_person(source).map_err(|e| unreadable(&e.path)(e.source))?;
        for (folder, path) in files {
            let Some(subject) = folder.file_name().and_then(|n| n.to_str()) else { continue };
            jobs.push(Job { subject_id: subject.to_owned(), path, captured_on: None, agency: None });
        }
    } else {
        let base = source.parent().unwrap_or(Path::new("")).to_owned();
        let bytes = std::fs::read(source).map_err(unreadable(source))?;
        let empty = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
        for row in csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice()).deserialize() {
            let job: Job = row?;
            jobs.push(Job {
                path: base.join(job.path),
                captured_on: empty(job.captured_on),
                agency: empty(job.agency),
                subject_id: job.subject_id,
            });
        }
    }
    if jobs.is_empty() { Err(ListError::Empty(source.display().to_string())) } else { Ok(jobs) }
}

/// Enrols `jobs` with as many threads as the machine has; `progress` is called after each. What is
/// enrolled already is passed over, so an enrolment that was broken off is simply run again.
///
/// # Errors
/// [`StoreError`] when the store cannot be written; records up to then stay.
pub fn enrol(
    store: &mut Sqlite,
    engine: &Engine,
    jobs: &[Job],
    agency: Option<&str>,
    progress: &(dyn Fn(&Report) + Sync),
) -> Result<Report, StoreError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len().max(1));
    let next = AtomicUsize::new(0);
    let shared = Mutex::new((store, Report::default()));
    let poisoned =
        || StoreError::Unknown("enrolment thread left: one of them stopped; run the enrolment again".to_owned());
    std::thread::scope(|scope| {
        let work = || -> Result<(), StoreError> {
            let mut batch = Vec::new();
            loop {
                let job = jobs.get(next.fetch_add(1, Ordering::Relaxed));
                if let Some(job) = job {
                    let hash = prepare(job);
                    let known = match &hash {
                        Ok((sha, _)) => {
                            let state = shared.lock().map_err(|_| poisoned())?;
                            state.0.knows(&job.subject_id, sha, engine.model_id())?
                        }
                        Err(_) => false,
                    };
                    let outcome = match hash {
                        Ok(_) if known => None,
                        Ok((sha, bytes)) => Some(encode(engine, job, sha, &bytes, agency)),
                        Err(refusal) => Some(Err(refusal)),
                    };
                    let mut state = shared.lock().map_err(|_| poisoned())?;
                    match outcome {
                        None => state.1.known += 1,
                        Some(Ok(enrolment)) => batch.push(enrolment),
                        Some(Err(refusal)) => state.1.failed.push(RowError {
                            subject_id: job.subject_id.clone(),
                            path: job.path.display().to_string(),
                            code: refusal.code().to_owned(),
                            message: refusal.to_string(),
                        }),
                    }
                    progress(&state.1);
                }
                if batch.len() >= BATCH || (job.is_none() && !batch.is_empty()) {
                    let mut state = shared.lock().map_err(|_| poisoned())?;
                    let counts = state.0.enrol(&std::mem::take(&mut batch))?;
                    let new = counts.iter().filter(|c| **c == Enrolled::New).count() as u64;
                    state.1.enrolled += new;
                    state.1.known += counts.len() as u64 - new;
                    progress(&state.1);
                }
                if job.is_none() {
                    return Ok(());
                }
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|_| Err(poisoned())))
    })?;
    let (store, mut report) = shared.into_inner().map_err(|_| poisoned())?;
    report.failed.sort_by(|a, b| a.path.cmp(&b.path));
    let by_code = report.failed.iter().fold(BTreeMap::<&str, u64>::new(), |mut counts, e| {
        *counts.entry(&e.code).or_default() += 1;
        counts
    });
    store.audit(
        "administrator",
        agency.unwrap_or_default(),
        "enrolment",
        &serde_json::json!({ "enrolled": report.enrolled, "known": report.known, "failed": by_code }),
    )?;
    Ok(report)
}

fn prepare(job: &Job) -> Result<(String, Vec<u8>), Refusal> {
    if job.subject_id.trim().is_empty() || job.subject_id.chars().count() > 200 {
        return Err(Refusal::Subject);
    }
    if let Some(day) = &job.captured_on {
        day.parse::<jiff::civil::Date>().map_err(|_| Refusal::Day(day.clone()))?;
    }
    let bytes = std::fs::read(&job.path)?;
    Ok((hex::encode(Sha256::digest(&bytes)), bytes))
}

fn encode(engine: &Engine, job: &Job, sha: String, bytes: &[u8], agency: Option<&str>) -> Result<Enrolment, Refusal> {
    let photo = Photo::decode(bytes)?;
    let face = only_face(engine.detect(&photo)?)?;
    let (template, _) = engine.encode(&photo, &face)?;
    Ok(Enrolment {
        subject: job.subject_id.clone(),
        source_sha256: sha,
        photo: stored(&photo)?,
        captured_on: job.captured_on.clone(),
        agency: job.agency.clone().or_else(|| agency.map(str::to_owned)),
        model: template.model,
        values: template.values,
    })
}

/// A booking photograph shows one person; a much smaller second face is a poster or bystander.
fn only_face(mut found: Vec<Face>) -> Result<Face, Refusal> {
    let area = |f: &Face| f.bounds[2] * f.bounds[3];
    found.sort_by(|a, b| area(b).total_cmp(&area(a)));
    let mut found = found.into_iter();
    let largest = found.next().ok_or(Refusal::NoFace)?;
    if found.next().is_some_and(|second| area(&second) * 4.0 > area(&largest)) {
        return Err(Refusal::SeveralFaces);
    }
    Ok(largest)
}

/// The upright photograph as JPEG without metadata, scaled down where it is larger than needed.
fn stored(photo: &Photo) -> Result<Vec<u8>, Refusal> {
    let mut jpeg = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90);
    photo.fitted(STORED_SIDE)?.write_with_encoder(encoder)?;
    Ok(jpeg.into_inner())
}
