//! Booking systems' files: ANSI/NIST-ITL and ISO/IEC 19794-5, mapped to what the gallery keeps. `docs/booking.md` has the
//! mapping.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use catalogue::say;
use nist::{Charset, DATA, Place, ReadError, Record, SubjectFields, Survey, Transaction, iso19794, read_range};
use serde::Serialize;

use crate::job::{Bare, Inside, Job, RowError};
use crate::store::Portrait;

/// What a file said of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Booking {
    /// The file.
    pub path: String,
    /// The person.
    pub subject_id: String,
    /// What named the person: a field such as `2.015`, `agency+1.009`, or `file-name`.
    pub subject_from: String,
    /// Each face's subject acquisition profile (10.013), where it names one.
    pub sap: Vec<Option<u16>>,
}

/// What was found in files: faces to enrol, files that were refused, and what the others said of themselves.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Faces.
    pub jobs: Vec<Job>,
    /// Files, or faces of files, that were refused.
    pub refused: Vec<RowError>,
    /// Files that hold faces of somebody.
    pub bookings: Vec<Booking>,
}

fn rejected(path: &Path, subject: &str, code: &str, message: String) -> RowError {
    RowError { subject_id: subject.to_owned(), path: path.display().to_string(), code: code.to_owned(), message }
}

/// A date as these files have it (`YYYYMMDD`) as the gallery has it; `None` where it is none.
fn day(text: &str) -> Option<String> {
    let day = format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..8)?);
    (text.len() == 8 && day.parse::<jiff::civil::Date>().is_ok()).then_some(day)
}

/// The images of a record's data: itself, or those of the face record that it is.
fn images(
    file: &mut (impl Read + Seek),
    data: &Range<u64>,
    bare: Option<Bare>,
) -> Result<Vec<(Inside, Option<String>)>, ReadError> {
    let magic = data.start..data.end.min(data.start + iso19794::MAGIC.len() as u64);
    if read_range(file, &magic)? != iso19794::MAGIC {
        return Ok(vec![(Inside { range: data.clone(), bare }, None)]);
    }
    let found = iso19794::photographs(&read_range(file, data)?).map_err(|mut bad| {
        bad.position += data.start;
        bad
    })?;
    let absolute = |range: Range<usize>| data.start + range.start as u64..data.start + range.end as u64;
    Ok(found.into_iter().map(|f| (Inside { range: absolute(f.image), bare: None }, f.captured_on)).collect())
}

/// How the data of a Type-10 record is read.
///
/// # Errors
/// What does not agree: bare pixels whose number is not what sides and colours make, or whose colours are not known.
fn bare(place: &Place) -> Result<Option<Bare>, String> {
    let text = |number| place.record.text(number, Charset::Ascii);
    if text(11).is_none_or(|how| !how.eq_ignore_ascii_case("NONE")) {
        return Ok(None);
    }
    let side = |number| text(number).and_then(|side| side.parse::<u32>().ok());
    let colours = match text(12).map(|space| space.to_ascii_uppercase()).as_deref() {
        Some("GRAY") => 1,
        Some("RGB" | "SRGB") => 3,
        _ => return Err(say!("gallery-bare-colours", colours = text(12).unwrap_or_default())),
    };
    let (width, height) = (side(6).unwrap_or_default(), side(7).unwrap_or_default());
    let size = place.data.as_ref().map_or(0, |data| data.end - data.start);
    if size == 0 || u64::from(width) * u64::from(height) * u64::from(colours) != size {
        return Err(say!("gallery-bare-size", width, height, colours, size));
    }
    Ok(Some(Bare { width, height, colours }))
}

/// Faces of one file.
fn faces(path: &Path, fields: &SubjectFields, found: &mut Found) -> Result<(), RowError> {
    let refuse = |code: &str, message: String| rejected(path, "", code, message);
    let unreadable = |e: io::Error| refuse("unreadable", say!("gallery-cannot-read-file", e));
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let malformed = |e: ReadError| match e {
        ReadError::Io(e) => unreadable(e),
        ReadError::Malformed(e) => refuse("nist-malformed", say!("gallery-nothing-enrolled", e)),
    };
    let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    if read_range(&mut file, &(0..length.min(4))).map_err(unreadable)? == iso19794::MAGIC {
        return face_record(path, length, &mut file, found).map_err(malformed);
    }
    let survey = Survey::of(&mut file).map_err(malformed)?;
    let subject = fields.find(&survey).map_err(|e| refuse("no-subject", e.to_string()))?;
    let mut booking = Booking {
        path: path.display().to_string(),
        subject_id: subject.id,
        subject_from: subject.from.to_string(),
        sap: Vec::new(),
    };
    let sender = survey.places.first().and_then(|first| survey.text(&first.record, 8));
    let before = found.refused.len();
    for (number, place) in survey.places.iter().enumerate() {
        let text = |field| survey.text(&place.record, field);
        let one = |code: &str, message: String| {
            let place = say!("gallery-face-of-record", record = number + 1, message);
            rejected(path, &booking.subject_id, code, place)
        };
        let face = match place.record.kind {
            // Marks and tattoos travel as Type-10 as well.
            10 => text(3).is_none_or(|kind| kind.eq_ignore_ascii_case("FACE")),
            // Biometric data in somebody's format: only face records are read.
            99 => place.data.as_ref().is_some_and(|data| {
                read_range(&mut file, &(data.start..data.end.min(data.start + 4))).is_ok_and(|b| b == iso19794::MAGIC)
            }),
            _ => false,
        };
        if !face {
            continue;
        }
        let Some(data) = place.data.clone().filter(|data| !data.is_empty()) else {
            found.refused.push(one("no-image", say!("gallery-face-without-image").to_owned()));
            continue;
        };
        let bare = match bare(place) {
            Ok(bare) => bare,
            Err(why) => {
                found.refused.push(one("no-image", why));
                continue;
            }
        };
        let images = match images(&mut file, &data, bare) {
            Ok(images) => images,
            Err(ReadError::Io(e)) => return Err(unreadable(e)),
            Err(ReadError::Malformed(mut bad)) => {
                (bad.record, bad.field) = (Some((number + 1, Some(place.record.kind))), Some(DATA));
                found.refused.push(one("nist-malformed", bad.to_string()));
                continue;
            }
        };
        for (inside, captured_on) in images {
            booking.sap.push(place.record.sap());
            found.jobs.push(Job {
                subject_id: booking.subject_id.clone(),
                path: path.to_owned(),
                captured_on: text(5).as_deref().and_then(day).or(captured_on),
                agency: text(4).or_else(|| sender.clone()),
                image: Some(inside),
            });
        }
    }
    if booking.sap.is_empty() && found.refused.len() == before {
        return Err(refuse("no-photograph", say!("gallery-holds-no-type-10-record").to_owned()));
    }
    if !booking.sap.is_empty() {
        found.bookings.push(booking);
    }
    Ok(())
}

/// Faces of a file that is one face record. It names nobody: the file's name does.
fn face_record(path: &Path, length: u64, file: &mut (impl Read + Seek), found: &mut Found) -> Result<(), ReadError> {
    let subject_id = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let images = images(file, &(0..length), None)?;
    found.bookings.push(Booking {
        path: path.display().to_string(),
        subject_id: subject_id.clone(),
        subject_from: FILE_NAME.to_owned(),
        sap: vec![None; images.len()],
    });
    found.jobs.extend(images.into_iter().map(|(inside, captured_on)| Job {
        subject_id: subject_id.clone(),
        path: path.to_owned(),
        captured_on,
        agency: None,
        image: Some(inside),
    }));
    Ok(())
}

const FILE_NAME: &str = "file-name";

/// Faces of all `files`, and the files that were refused. The text of a file is read and its images are left where they
/// lie, whatever their size. Photographs whose pose (10.020) is another than frontal are taken too: the detector decides.
pub fn list(files: &[PathBuf], fields: &SubjectFields) -> Found {
    let mut found = Found::default();
    for path in files {
        if let Err(row) = faces(path, fields, &mut found) {
            found.refused.push(row);
        }
    }
    // Two files of one name in two folders need not show one person.
    let named: Vec<&Booking> = found.bookings.iter().filter(|b| b.subject_from == FILE_NAME).collect();
    let again = |b: &Booking| named.iter().any(|other| other.subject_id == b.subject_id && other.path != b.path);
    let twice: Vec<String> = named.iter().filter(|b| again(b)).map(|b| b.path.clone()).collect();
    for path in &twice {
        let message = say!("gallery-file-name-twice").to_owned();
        found.refused.push(rejected(Path::new(path), "", "no-subject", message));
    }
    found.bookings.retain(|b| !twice.contains(&b.path));
    found.jobs.retain(|job| !twice.contains(&job.path.display().to_string()));
    found
}

/// The image of a listed face: as it lies in the file, or bare pixels as PNG.
///
/// # Errors
/// What is wrong with the file now.
pub fn image(path: &Path, at: &Inside) -> io::Result<Vec<u8>> {
    let data = read_range(&mut BufReader::new(File::open(path)?), &at.range)?;
    let Some(Bare { width, height, colours }) = at.bare else { return Ok(data) };
    let gone = || io::Error::other(say!("gallery-file-holds-no-such-image"));
    let picture: image::DynamicImage = if colours == 1 {
        image::GrayImage::from_raw(width, height, data).ok_or_else(gone)?.into()
    } else {
        image::RgbImage::from_raw(width, height, data).ok_or_else(gone)?.into()
    };
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).map_err(io::Error::other)?;
    Ok(png.into_inner())
}

/// A person's photographs as one file.
pub fn export(subject: &str, portraits: &[Portrait], agency: &str, number: &str) -> Vec<u8> {
    let today = jiff::Timestamp::now().to_string();
    let compact = |day: &str| day.get(..10).unwrap_or_default().replace('-', "");
    let mut records = vec![
        Record::new(1)
            .with(2, "0500")
            .with(4, "BOOK")
            .with(5, compact(&today))
            .with(7, agency)
            .with(8, agency)
            .with(9, number)
            // Subjects may have names beyond ASCII.
            .with(15, "3\u{1F}UTF-8\u{1F}"),
        Record::new(2).with(15, subject),
    ];
    for portrait in portraits {
        let (width, height) = image::ImageReader::new(Cursor::new(&portrait.photo))
            .with_guessed_format()
            .ok()
            .and_then(|reader| reader.into_dimensions().ok())
            .unwrap_or_default();
        let mut face = Record::new(10)
            .with(3, "FACE")
            .with(4, portrait.agency.as_deref().unwrap_or(agency))
            .with(6, width.to_string())
            .with(7, height.to_string())
            .with(8, "0")
            .with(9, "1")
            .with(10, "1")
            .with(11, "JPEGB")
            .with(12, "SYCC")
            .with(20, "F");
        if let Some(day) = &portrait.captured_on {
            face = face.with(5, compact(day));
        }
        records.push(face.with(DATA, &portrait.photo));
    }
    Transaction::new(records).to_bytes()
}
