//! Booking systems' files into the gallery: what is listed of them, who is named, and the program `gallery import`.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use faces::decoder::Decoder;
use gallery::enrol::booking::{export, image, list};
use gallery::store::Portrait;
use nist::{DATA, Record, SubjectFields, Transaction};
use serde_json::{Value, json};

fn jpeg() -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    ::image::RgbImage::new(40, 50).write_to(&mut jpeg, ::image::ImageFormat::Jpeg).expect("encoded");
    jpeg.into_inner()
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

fn booking(faces: Vec<Record>) -> Vec<u8> {
    let head = Record::new(1).with(2, "0502").with(4, "CAR").with(8, "CA0190000").with(9, "T-1");
    Transaction::new([vec![head, Record::new(2).with(5, "77")], faces].concat()).to_bytes()
}

#[test]
fn what_is_exported_is_listed_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let portrait = Portrait { photo: jpeg(), captured_on: Some("2024-05-30".to_owned()), agency: None };
    let bytes = export("CÄ-1", std::slice::from_ref(&portrait), "CA0190000", "T-1");
    let path = written(folder.path(), "a.an2", &bytes);
    let broken = written(folder.path(), "b.an2", b"no such file");
    let found = list(&[path.clone(), broken], &SubjectFields::default());
    let [job] = &found.jobs[..] else { panic!("{found:?}") };
    assert_eq!((job.subject_id.as_str(), job.captured_on.as_deref()), ("CÄ-1", Some("2024-05-30")));
    assert_eq!(job.agency.as_deref(), Some("CA0190000"));
    assert_eq!(image(&path, job.image.as_ref().expect("within a file")).expect("read"), portrait.photo);
    assert_eq!((found.bookings.len(), found.bookings[0].subject_from.as_str()), (1, "2.015"));
    assert_eq!(found.refused.len(), 1);
    let said = &found.refused[0].message;
    assert!(said.starts_with("malformed at byte 0, record 1"), "{said}");
    let only: SubjectFields = "2.014".parse().expect("a list");
    assert_eq!(list(&[path], &only).refused[0].code, "no-subject");
}

#[test]
fn every_way_that_a_face_is_held_is_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    // A face record of 2005: header, facial information, image information, image.
    let photo = jpeg();
    let block = [&[0; 16][..], &[0; 12], &photo].concat();
    let block = [&(block.len() as u32 + 4).to_be_bytes()[..], &block].concat();
    let iso = [b"FAC\x00010\0", &(block.len() as u32 + 14).to_be_bytes()[..], &[0, 1], &block].concat();
    let grey = Record::new(10).with(3, "FACE").with(11, "NONE").with(12, "GRAY");
    let faces = vec![
        Record::new(10).with(3, "FACE").with(13, "51").with(DATA, &photo),
        Record::new(10).with(3, "SCAR").with(DATA, b"a mark"),
        Record::new(10).with(3, "FACE").with(DATA, &iso),
        Record::new(99).with(DATA, &iso),
        Record::new(99).with(DATA, b"a voice"),
        grey.clone().with(6, "3").with(7, "2").with(DATA, [9; 6]),
        grey.clone().with(6, "3").with(7, "3").with(DATA, [9; 6]),
        Record::new(10).with(3, "FACE"),
        Record::new(10).with(3, "FACE").with(DATA, &iso[..40]),
    ];
    let path = written(folder.path(), "a.an2", &booking(faces));
    let alone = written(folder.path(), "B-2.fac", &iso);
    let found = list(&[path, alone], &SubjectFields::default());
    let subjects: Vec<&str> = found.jobs.iter().map(|job| job.subject_id.as_str()).collect();
    let booked = "CA0190000:77";
    assert_eq!(subjects, [booked, booked, booked, booked, "B-2"]);
    let images: Vec<Vec<u8>> =
        found.jobs.iter().map(|job| image(&job.path, job.image.as_ref().expect("inside")).expect("read")).collect();
    assert!([0, 1, 2, 4].iter().all(|at| images[*at] == photo));
    assert_eq!(::image::load_from_memory(&images[3]).expect("a picture").to_luma8().as_raw(), &[9; 6]);
    let said: Vec<(&str, &[Option<u16>])> =
        found.bookings.iter().map(|b| (b.subject_from.as_str(), b.sap.as_slice())).collect();
    assert_eq!(said, [("agency+2.005", &[Some(51), None, None, None][..]), ("file-name", &[None])]);
    let codes: Vec<&str> = found.refused.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["no-image", "no-image", "nist-malformed"]);
    assert!(found.refused[2].message.contains("field 10.999"), "{}", found.refused[2].message);
    // Two face records of one name.
    let other = folder.path().join("other");
    std::fs::create_dir(&other).expect("made");
    let files = [written(&other, "B-2.fac", &iso), folder.path().join("B-2.fac")];
    let found = list(&files, &SubjectFields::default());
    assert_eq!((found.jobs.len(), found.refused.len()), (0, 2));
}

fn gallery(arguments: &[&str], data: &Path, files: &[PathBuf]) -> (Option<i32>, Vec<Value>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gallery"));
    let done = command.args(arguments).arg("--json").arg("--data").arg(data).args(files).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    (done.status.code(), said.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The rendered person of seed 3 in each encoding; all are one person's, and are enrolled as several.
fn encodings() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let data = |name: &str| std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap();
    let jp2 = data("person.jp2");
    // In bare pixels, as PNG and as JPEG: from the tiled file, which has all that the others have.
    let decoder = Decoder::new(env!("CARGO_BIN_EXE_gallery"), &["decoder"]);
    let png = decoder.picture(&jp2, u32::MAX).unwrap();
    let pixels = ::image::load_from_memory(&png).unwrap().into_rgb8();
    let mut jpeg = Cursor::new(Vec::new());
    pixels.write_to(&mut jpeg, ::image::ImageFormat::Jpeg).unwrap();
    vec![
        ("JP2", "jp2", jp2),
        ("JP2L", "tiled", data("tiled.j2k")),
        ("JPEGB", "inks", data("inks.jpg")),
        ("PNG", "png", png),
        ("JPEGB", "jpeg", jpeg.into_inner()),
        ("NONE", "bare", pixels.into_raw()),
    ]
}

#[test]
fn every_encoding_of_a_face_beside_prints_and_signatures_is_enrolled() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (how, name, image) in encodings() {
        // A print and a signature as binary records: length, number, header, data that looks like separators.
        let binary = |kind: u32, head: usize| {
            let length = (head + 40) as u32;
            [&length.to_be_bytes()[..], &[kind as u8], &vec![0; head - 5], &[0x1C; 40]].concat()
        };
        let face = Record::new(10)
            .with(3, "FACE")
            .with(5, "20240530")
            .with(6, "256")
            .with(7, "256")
            .with(11, how)
            .with(12, "SRGB")
            .with(13, "30")
            .with(DATA, image);
        let head = Record::new(1).with(2, "0502").with(4, "CAR").with(8, "CA0190000").with(9, format!("T-{name}"));
        let text = Transaction::new(vec![head, face]).to_bytes();
        // The binary records stand before the face, and the contents list them.
        let listed = b"1\x1F1\x1E10\x1F00";
        let at = text.windows(listed.len()).position(|w| w == listed).unwrap();
        let header_ends = text.iter().position(|b| *b == 0x1C).unwrap() + 1;
        let all = b"1\x1F3\x1E4\x1F04\x1E8\x1F08\x1E10\x1F00";
        let length = (header_ends + all.len() - listed.len()).to_string();
        assert_eq!(length.len(), text[6..].iter().position(|b| *b == 0x1D).unwrap());
        let bytes = [
            &b"1.001:"[..],
            length.as_bytes(),
            &text[6 + length.len()..at],
            all,
            &text[at + listed.len()..header_ends],
            &binary(4, 18),
            &binary(8, 12),
            &text[header_ends..],
        ]
        .concat();
        assert!(Transaction::parse(&bytes).unwrap().to_bytes() == bytes);
        files.push(written(folder.path(), &format!("{name}.an2"), &bytes));
    }
    let data = folder.path().join("data");
    let (code, said) = gallery(&["import"], &data, &files);
    let summary = said.last().unwrap();
    assert_eq!((code, &summary["enrolled"], &summary["failed"]), (Some(0), &json!(6), &json!(0)), "{said:?}");
    let booked = &summary["bookings"][0];
    assert_eq!(booked["subject_id"], "CA0190000:T-jp2");
    assert_eq!((&booked["subject_from"], &booked["sap"]), (&json!("agency+1.009"), &json!([30])));
    let report = std::fs::read_to_string(data.join("enrol-report.csv")).unwrap();
    assert!(report.contains("CA0190000:T-inks by agency+1.009"), "{report}");
    // Again: nothing twice.
    let (code, said) = gallery(&["import"], &data, &files);
    assert_eq!((code, &said.last().unwrap()["known"]), (Some(0), &json!(6)));
    // Another field names the person.
    let other = folder.path().join("other");
    let (_, said) = gallery(&["import", "--subject", "2.015,1.009"], &other, &files[..1]);
    assert_eq!(said.last().unwrap()["bookings"][0]["subject_id"], "T-jp2");
    let (code, said) = gallery(&["import", "--subject-field", "15"], &other, &files[..1]);
    assert_eq!((code, &said[0]["error"]["code"]), (Some(1), &json!("no-subject")));
    let (code, _) = gallery(&["import", "--subject", "2"], &other, &files[..1]);
    assert_eq!(code, Some(2));
}

#[test]
fn faces_that_attack_the_decoder_are_refused_alone() {
    let folder = tempfile::tempdir().unwrap();
    let encodings = encodings();
    let (jp2, inks, good) = (&encodings[0].2, &encodings[2].2, &encodings[4].2);
    let sizes = jp2.windows(4).position(|w| w == b"\xFF\x4F\xFF\x51").unwrap() + 8;
    let with = |at: usize, bytes: &[u8]| {
        let mut image = jp2.clone();
        image[at..at + bytes.len()].copy_from_slice(bytes);
        image
    };
    let attacks = [
        (with(sizes, &[0xFF; 8]), "too-large"),
        (with(sizes + 16, &[0, 0, 0, 1, 0, 0, 0, 1]), "too-demanding"),
        (jp2[..jp2.len() / 2].to_vec(), "damaged"),
        (inks[..inks.len() / 2].to_vec(), "damaged"),
    ];
    let faces: Vec<Record> = attacks
        .iter()
        .map(|(image, _)| image.as_slice())
        .chain([good.as_slice()])
        .map(|image| Record::new(10).with(3, "FACE").with(DATA, image))
        .collect();
    let path = written(folder.path(), "a.an2", &booking(faces));
    let (code, said) = gallery(&["import"], &folder.path().join("data"), &[path]);
    let mut codes: Vec<&str> = said.iter().filter_map(|line| line["error"]["code"].as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["damaged", "damaged", "too-demanding", "too-large"], "{said:?}");
    assert_eq!((code, &said.last().unwrap()["enrolled"]), (Some(1), &json!(1)), "{said:?}");
}
