//! Booking systems' files: ANSI/NIST-ITL, mapped to what the gallery keeps. `docs/booking.md` has the mapping.

use std::path::{Path, PathBuf};

use catalogue::say;
use nist::{Record, Transaction};

use crate::enrol::{Job, RowError};
use crate::store::Portrait;

/// Fields of the Type-2 record that may name the person, best first (EBTS: state, federal, agency's own number).
const SUBJECT: [u32; 3] = [15, 14, 9];

fn rejected(path: &Path, code: &str, message: String) -> RowError {
    RowError { subject_id: String::new(), path: path.display().to_string(), code: code.to_owned(), message }
}

/// A date as these files have it (`YYYYMMDD`) as the gallery has it; `None` where it is none.
fn day(text: &str) -> Option<String> {
    let day = format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..8)?);
    (text.len() == 8 && day.parse::<jiff::civil::Date>().is_ok()).then_some(day)
}

fn read(path: &Path) -> Result<Transaction, RowError> {
    let bytes = std::fs::read(path).map_err(|e| rejected(path, "unreadable", say!("gallery-cannot-read-file", e)))?;
    Transaction::parse(&bytes).map_err(|e| rejected(path, "nist-malformed", say!("gallery-nothing-enrolled", e)))
}

/// Faces of one file; `subject` is the field of its Type-2 record that names the person, where another than the usual
/// is wanted.
fn faces(path: &Path, subject: Option<u32>) -> Result<Vec<Job>, RowError> {
    let transaction = read(path)?;
    let person = transaction.of(2).next();
    let name = match subject {
        Some(field) => person.and_then(|p| p.text(field)),
        None => SUBJECT.iter().find_map(|field| person?.text(*field)),
    };
    let name =
        name.ok_or_else(|| rejected(path, "no-subject", say!("gallery-type-2-record-names-nobody").to_owned()))?;
    let mut jobs = Vec::new();
    for (at, record) in transaction.of(10).enumerate() {
        // Marks and tattoos travel as Type-10 as well.
        if record.text(3).is_none_or(|kind| kind.eq_ignore_ascii_case("FACE")) {
            jobs.push(Job {
                subject_id: name.to_owned(),
                path: path.to_owned(),
                captured_on: record.text(5).and_then(day),
                agency: record.text(4).or_else(|| transaction.records[0].text(8)).map(str::to_owned),
                image: Some(at),
            });
        }
    }
    if jobs.is_empty() {
        return Err(rejected(path, "no-photograph", say!("gallery-holds-no-type-10-record").to_owned()));
    }
    Ok(jobs)
}

/// Faces of all `files`, and the files that were refused. Photographs whose pose (10.020) is another than frontal are
/// taken too: the detector decides.
pub fn list(files: &[PathBuf], subject: Option<u32>) -> (Vec<Job>, Vec<RowError>) {
    let (mut jobs, mut refused) = (Vec::new(), Vec::new());
    for path in files {
        match faces(path, subject) {
            Ok(found) => jobs.extend(found),
            Err(row) => refused.push(row),
        }
    }
    (jobs, refused)
}

/// The image of a listed face.
///
/// # Errors
/// What is wrong with the file now.
pub(crate) fn image(path: &Path, at: usize) -> std::io::Result<Vec<u8>> {
    let transaction = Transaction::parse(&std::fs::read(path)?).map_err(std::io::Error::other)?;
    let image = transaction.of(10).nth(at).and_then(Record::image).map(<[u8]>::to_vec);
    image.ok_or_else(|| std::io::Error::other(say!("gallery-file-holds-no-such-image")))
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
            .with(9, number),
        Record::new(2).with(15, subject),
    ];
    for portrait in portraits {
        let (width, height) = image::ImageReader::new(std::io::Cursor::new(&portrait.photo))
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
        records.push(face.with(999, portrait.photo.clone()));
    }
    Transaction { records }.to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exported_is_listed_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut jpeg = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(40, 50).write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encoded");
        let portrait = Portrait { photo: jpeg.into_inner(), captured_on: Some("2024-05-30".to_owned()), agency: None };
        let path = folder.path().join("a.an2");
        std::fs::write(&path, export("CA-1", std::slice::from_ref(&portrait), "CA0190000", "T-1")).expect("written");
        let broken = folder.path().join("b.an2");
        std::fs::write(&broken, "no such file").expect("written");
        let (jobs, refused) = list(&[path.clone(), broken], None);
        let expected = Job {
            subject_id: "CA-1".to_owned(),
            path: path.clone(),
            captured_on: Some("2024-05-30".to_owned()),
            agency: Some("CA0190000".to_owned()),
            image: Some(0),
        };
        assert_eq!(jobs, [expected]);
        assert_eq!(image(&path, 0).expect("read"), portrait.photo);
        assert_eq!(refused.len(), 1);
        assert!(refused[0].message.starts_with("malformed at byte 0: "), "{}", refused[0].message);
        assert_eq!(list(&[path], Some(14)).1[0].code, "no-subject");
    }
}
