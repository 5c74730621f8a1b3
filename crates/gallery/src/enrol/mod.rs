//! Enrolment: photographs in, records out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use catalogue::say;
use faces::decoder::{Decoder, DecoderError};
use faces::{Engine, EngineError, Face, Photo, PhotoError, files_by_person};
use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, markers};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::job::{Job, RowError};
use crate::store::{Enrolled, Enrolment, Override, Reader, Store, StoreError};

pub mod booking;

/// What an enrolment came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// New records.
    pub enrolled: u64,
    /// Were there already.
    pub known: u64,
    /// Rows that were not enrolled, by code.
    pub failed: BTreeMap<String, u64>,
}

impl Report {
    /// Rows that were not enrolled.
    pub fn rejected(&self) -> u64 {
        self.failed.values().sum()
    }

    /// Rows that are done.
    pub fn done(&self) -> u64 {
        self.enrolled + self.known + self.rejected()
    }
}

/// The list of photographs could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Folder or file.
    #[error("{}", say!("faces-cannot-read", path, source))]
    Read {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The table.
    #[error("{}", say!("gallery-table-malformed-needs-columns-subject", what = _0))]
    Table(#[from] csv::Error),
    /// The lines.
    #[error("{}", say!("gallery-file-malformed-each-line-needs", what = _0))]
    Lines(#[from] serde_json::Error),
    /// Nothing there.
    #[error("{}", say!("gallery-nothing-enrol-folder-needs-one", what = _0))]
    Empty(String),
}

/// Why a photograph is not enrolled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{}", say!("faces-cannot-read-file", what = _0))]
    Unreadable(#[from] std::io::Error),
    #[error(transparent)]
    Photo(#[from] PhotoError),
    #[error(transparent)]
    Decoder(#[from] DecoderError),
    #[error("{}", say!("gallery-needs-decoder"))]
    NeedsDecoder,
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{}", say!("gallery-no-face-found-enrol-frontal"))]
    NoFace,
    #[error("{}", say!("gallery-several-faces-found-enrol-photograph"))]
    SeveralFaces,
    #[error("{}", say!("gallery-photograph-quality-below-floor-enrol", found, floor))]
    Quality { found: u8, floor: u8 },
    #[error("{}", say!("gallery-captured-not-day-such-2024", what = format!("{:?}", _0)))]
    Day(String),
    #[error("{}", say!("gallery-subject-id-must-1-200"))]
    Subject,
    #[error("{}", say!("gallery-photograph-cannot-stored", what = _0))]
    Encode(#[from] image::ImageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Refusal::Unreadable(_) => "unreadable",
            Refusal::Photo(e) => e.code(),
            Refusal::Decoder(DecoderError::TimedOut(_)) => "decoder-timeout",
            Refusal::Decoder(DecoderError::Crashed) => "decoder-crashed",
            Refusal::Decoder(DecoderError::NotStarted(_)) => "decoder-not-started",
            Refusal::Decoder(DecoderError::Refused { code, .. }) => {
                // The process answers with the codes of a photograph.
                let known = ["too-large", "too-demanding", "animated", "video", "not-an-image"];
                known.into_iter().find(|known| known == code).unwrap_or("damaged")
            }
            Refusal::NeedsDecoder => "decoder-needed",
            Refusal::Engine(e) => e.code(),
            Refusal::NoFace => "no-face",
            Refusal::Quality { .. } => "quality-below-floor",
            Refusal::SeveralFaces => "several-faces",
            Refusal::Day(_) => "captured-on",
            Refusal::Subject => "subject-id",
            Refusal::Encode(_) => "encode",
            Refusal::Store(StoreError::Expunged(_)) => "expunged",
            Refusal::Store(StoreError::Resembles(_)) => "resembles-expunged",
            Refusal::Store(_) => "store",
        }
    }
}

/// Longest side of a stored photograph in pixels.
const STORED_SIDE: u32 = 1600;
/// Records written in one transaction.
const BATCH: usize = 32;

/// Reads what to enrol: a CSV table, a file of one JSON object a line (`.ndjson`, `.jsonl`), or a folder of one folder a
/// subject.
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
            jobs.push(Job { subject_id: subject.to_owned(), path, captured_on: None, agency: None, image: None });
        }
    } else {
        let base = source.parent().unwrap_or(Path::new("")).to_owned();
        let bytes = std::fs::read(source).map_err(unreadable(source))?;
        let lines = source.extension().is_some_and(|e| e == "ndjson" || e == "jsonl");
        let rows: Vec<Job> = if lines {
            serde_json::Deserializer::from_slice(&bytes).into_iter().collect::<Result<_, _>>()?
        } else {
            let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
            table.deserialize().collect::<Result<_, _>>()?
        };
        let empty = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
        for job in rows {
            jobs.push(Job {
                path: base.join(job.path),
                captured_on: empty(job.captured_on),
                agency: empty(job.agency),
                subject_id: job.subject_id,
                image: None,
            });
        }
    }
    if jobs.is_empty() { Err(ListError::Empty(source.display().to_string())) } else { Ok(jobs) }
}

/// How to enrol.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules<'a> {
    /// Agency of rows that name none.
    pub agency: Option<&'a str>,
    /// Least quality, 0 to 100.
    pub floor: Option<u8>,
    /// Enrol what was expunged by order or looks like it, too: who says so.
    pub despite: Option<&'a Override>,
    /// Threads that encode; 0 for as many as the machine has.
    pub threads: usize,
    /// Decodes photographs of unusual kinds ([`Photo::is_plain`]) in a process of its own; without it they are refused.
    pub decoder: Option<&'a Decoder>,
}

/// What a thread made of a row.
enum Done {
    Known,
    Encoded(usize, Box<Enrolment>),
    Failed(usize, Refusal),
}

/// Enrols `jobs`: all cores encode, one thread writes. `progress` is called as rows are done, `rejected` with each row
/// that was not enrolled. What is enrolled already is passed over, so an enrolment that was broken off is run again.
///
/// # Errors
/// [`StoreError`] when the store cannot be written; records up to then stay.
pub fn enrol(
    store: &mut Store,
    engine: &Engine,
    jobs: &[Job],
    rules: Rules<'_>,
    progress: &mut dyn FnMut(&Report),
    rejected: &mut dyn FnMut(&RowError),
) -> Result<Report, StoreError> {
    let threads = match rules.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let threads = threads.min(jobs.len().max(1));
    let next = AtomicUsize::new(0);
    let readers = (0..threads).map(|_| store.reader()).collect::<Result<Vec<_>, _>>()?;
    let mut report = Report::default();
    let written = std::thread::scope(|scope| -> Result<Report, StoreError> {
        // Bounded: memory does not grow with the list.
        let (sender, receiver) = sync_channel::<Done>(2 * BATCH);
        for mut reader in readers {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((at, job)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    jobs.get(at).map(|job| (at, job))
                } {
                    let done = match one_row(engine, job, rules, &mut reader) {
                        Ok(None) => Done::Known,
                        Ok(Some(enrolment)) => Done::Encoded(at, Box::new(enrolment)),
                        Err(refusal) => Done::Failed(at, refusal),
                    };
                    // The writer stopped: its error says why.
                    if sender.send(done).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut fail = |report: &mut Report, at: usize, refusal: &Refusal| {
            let job: &Job = &jobs[at];
            let row = RowError {
                subject_id: job.subject_id.clone(),
                path: job.path.display().to_string(),
                code: refusal.code().to_owned(),
                message: refusal.to_string(),
            };
            rejected(&row);
            *report.failed.entry(row.code).or_default() += 1;
        };
        let mut batch = Vec::new();
        loop {
            // Whatever is ready is written together; the first is waited for.
            let done = if batch.is_empty() { receiver.recv().ok() } else { receiver.try_recv().ok() };
            let ended = done.is_none() && batch.is_empty();
            let idle = done.is_none();
            match done {
                Some(Done::Known) => report.known += 1,
                Some(Done::Failed(at, refusal)) => fail(&mut report, at, &refusal),
                Some(Done::Encoded(at, enrolment)) => batch.push((at, *enrolment)),
                None => {}
            }
            if batch.len() >= BATCH || (idle && !batch.is_empty()) {
                let (places, rows): (Vec<usize>, Vec<Enrolment>) = std::mem::take(&mut batch).into_iter().unzip();
                for (at, outcome) in places.into_iter().zip(store.enrol(
                    &rows,
                    rules.despite,
                    ("administrator", rules.agency.unwrap_or_default()),
                )?) {
                    match outcome {
                        Enrolled::New => report.enrolled += 1,
                        Enrolled::Known => report.known += 1,
                        Enrolled::Expunged(certificate) => {
                            fail(&mut report, at, &StoreError::Expunged(certificate).into());
                        }
                        Enrolled::Resembles(certificate) => {
                            fail(&mut report, at, &StoreError::Resembles(certificate).into());
                        }
                    }
                }
            }
            progress(&report);
            if ended {
                return Ok(report);
            }
        }
    });
    let report = written?;
    Ok(report)
}

fn one_row(engine: &Engine, job: &Job, rules: Rules<'_>, reader: &mut Reader) -> Result<Option<Enrolment>, Refusal> {
    job.check()?;
    let bytes = match &job.image {
        None => std::fs::read(&job.path)?,
        Some(inside) => booking::image(&job.path, inside)?,
    };
    let sha = hex::encode(Sha256::digest(&bytes));
    if reader.knows(&job.subject_id, &sha, engine.model_id())? {
        return Ok(None);
    }
    encode(engine, job, sha, &developed(&bytes, rules.decoder)?, rules.agency, rules.floor).map(Some)
}

/// A photograph that may be decoded here: itself, or what the decoder made of it.
pub(crate) fn developed<'a>(bytes: &'a [u8], decoder: Option<&Decoder>) -> Result<Cow<'a, [u8]>, Refusal> {
    if Photo::is_plain(bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    let decoder = decoder.ok_or(Refusal::NeedsDecoder)?;
    Ok(Cow::Owned(decoder.picture(&bytes, u32::MAX)?))
}

impl Job {
    /// Whether the row can be enrolled at all.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.subject_id.trim().is_empty() || self.subject_id.chars().count() > 200 {
            return Err(Refusal::Subject);
        }
        match &self.captured_on {
            Some(day) if day.len() != 10 || day.parse::<jiff::civil::Date>().is_err() => Err(Refusal::Day(day.clone())),
            _ => Ok(()),
        }
    }
}

/// Encodes the one face of a photograph.
pub(crate) fn encode(
    engine: &Engine,
    job: &Job,
    sha: String,
    bytes: &[u8],
    agency: Option<&str>,
    floor: Option<u8>,
) -> Result<Enrolment, Refusal> {
    let photo = Photo::decode(bytes)?;
    let face = only_face(engine.detect(&photo)?)?;
    let (template, quality) = engine.encode(&photo, &face)?;
    if let Some(floor) = floor.filter(|floor| quality.overall < *floor) {
        return Err(Refusal::Quality { found: quality.overall, floor });
    }
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

/// The template of the one face of a kept photograph.
pub(crate) fn template_of(engine: &Engine, jpeg: &[u8]) -> Result<Vec<f32>, Refusal> {
    let photo = Photo::decode(jpeg)?;
    let face = only_face(engine.detect(&photo)?)?;
    Ok(engine.encode(&photo, &face)?.0.values)
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

/// The upright photograph as JPEG without metadata, scaled down where it is larger than needed. A JPEG that needs neither
/// is kept as it is but for its metadata: nothing is lost to encoding it again.
fn stored(photo: &Photo) -> Result<Vec<u8>, Refusal> {
    let (width, height) = photo.dimensions();
    let as_it_is = photo.upright_jpeg().filter(|_| width.max(height) <= STORED_SIDE);
    if let Some(bytes) = as_it_is.and_then(without_metadata) {
        return Ok(bytes);
    }
    let mut jpeg = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 92);
    photo.fitted(STORED_SIDE)?.write_with_encoder(encoder)?;
    Ok(jpeg.into_inner())
}

/// A JPEG without what it says beside the picture: place, camera, thumbnails, comments. Colour profile and colour
/// transform stay. `None` where it cannot be taken apart.
fn without_metadata(jpeg: &[u8]) -> Option<Vec<u8>> {
    let mut parts = Jpeg::from_bytes(Bytes::copy_from_slice(&jpeg[..picture_end(jpeg)?])).ok()?;
    let needed = |marker: u8| {
        let other = (markers::APP0..=markers::APP15).contains(&marker) || marker == markers::COM;
        !other || [markers::APP0, markers::APP2, markers::APP14].contains(&marker)
    };
    parts.segments_mut().retain(|segment| needed(segment.marker()));
    Some(parts.encoder().bytes().to_vec())
}

/// Where the picture of a JPEG ends: what stands behind its end marker may be anything. Markers within a scan are
/// escaped (ITU T.81, B.1.1.5), so the first one that is no restart ends it.
fn picture_end(jpeg: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        let [0xFF, marker] = *jpeg.get(at..at + 2)? else { return None };
        match marker {
            markers::EOI => return Some(at + 2),
            // Filled up with 0xFF.
            0xFF => at += 1,
            _ => {
                at += 2 + usize::from(u16::from_be_bytes(jpeg.get(at + 2..at + 4)?.try_into().ok()?));
                if marker == markers::SOS {
                    let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7);
                    at += jpeg.get(at..)?.windows(2).position(ends)?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_is_kept_as_it_is_without_its_metadata() {
        let picture = image::RgbImage::from_fn(90, 120, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8]));
        let mut jpeg = Cursor::new(Vec::new());
        picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encoded");
        let plain = jpeg.into_inner();
        let comment = [&plain[..2], &[0xFF, 0xFE, 0, 8], &b"secret"[..], &plain[2..], &b"behind the end"[..]].concat();
        let kept = stored(&Photo::decode(&comment).expect("decoded")).expect("stored");
        assert!(!kept.windows(6).any(|w| w == b"secret" || w == b"behind"));
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).expect("a picture").to_rgb8();
        assert_eq!(pixels(&kept), pixels(&plain));
        let large = image::RgbImage::new(STORED_SIDE + 200, 400);
        let mut jpeg = Cursor::new(Vec::new());
        large.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encoded");
        let kept = stored(&Photo::decode(jpeg.get_ref()).expect("decoded")).expect("stored");
        assert_eq!(pixels(&kept).width(), STORED_SIDE);
    }
}
