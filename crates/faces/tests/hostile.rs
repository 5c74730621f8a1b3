//! Hostile files end in an answer: never in a crash that reaches the caller, never in waiting.

use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use faces::decoder::{Decoder, DecoderError};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

fn decoder() -> Decoder {
    Decoder::new(env!("CARGO_BIN_EXE_faces"), &["decoder"])
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// One file of each format: those of `tests/files` and some written here.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CORROBORATE_ROOT")).join("crates/faces/tests/files");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let picture = DynamicImage::from(RgbImage::from_fn(40, 30, |x, y| Rgb([(x * 6) as u8, (y * 8) as u8, 99])));
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Tiff, ImageFormat::Bmp, ImageFormat::WebP];
    let stored = files.iter().map(|f| (f.display().to_string(), std::fs::read(f).unwrap()));
    stored.chain(formats.map(|f| (format!("{f:?}"), written(&picture, f)))).collect()
}

/// A small generator with a fixed start, so that a failure can be seen again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

fn mutated(file: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..=chance.below(4) {
        // Headers decide most, so half of the changes go there.
        let reach = if chance.below(2) == 0 { bytes.len().min(200) } else { bytes.len() };
        let at = chance.below(reach);
        match chance.below(6) {
            0 => bytes.truncate(at.max(1)),
            1 => bytes[at] ^= 1 << chance.below(8),
            2 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][chance.below(5)],
            3 => {
                let value = (chance.below(2) as u32).wrapping_sub(1).to_be_bytes();
                bytes.splice(at..(at + 4).min(bytes.len()), value);
            }
            4 => {
                let end = (at + 1 + chance.below(64)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            _ => drop(bytes.splice(at..(at + 1 + chance.below(32)).min(bytes.len()), [])),
        }
    }
    bytes
}

#[test]
fn some_hundred_mutated_files_are_decoded_or_refused() {
    let decoder = decoder();
    let mut chance = Chance(2026);
    let (mut decoded, mut refused) = (0, 0);
    for (name, seed) in seeds() {
        for round in 0..30 {
            let file = mutated(&seed, &mut chance);
            match decoder.picture(&file, 64) {
                Ok(_) => decoded += 1,
                Err(DecoderError::Refused { message, .. }) => {
                    assert!(message.len() > 10, "{name} {round}: {message}");
                    refused += 1;
                }
                Err(other) => panic!("{name}, change {round}: {other}"),
            }
        }
    }
    println!("{decoded} mutated files were decoded, {refused} refused");
    assert!(decoded > 50 && refused > 200, "the changes are too mild or too harsh: {decoded} {refused}");
}

#[test]
fn bombs_are_refused_before_they_are_decoded() {
    let decoder = decoder();
    // A PNG of 30000×30000 pixels that says so in its header.
    let mut png = written(&DynamicImage::from(RgbImage::new(1, 1)), ImageFormat::Png);
    png[16..20].copy_from_slice(&30_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&30_000u32.to_be_bytes());
    let checksum = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&checksum);
    let refused = decoder.picture(&png, 64).unwrap_err();
    assert_eq!(refused.code(), "too-large", "{refused}");
}

/// As PNG has it (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

#[test]
fn a_file_that_takes_too_long_is_given_up_and_the_next_one_is_served() {
    let slow = written(&DynamicImage::from(RgbImage::new(5000, 4000)), ImageFormat::Png);
    let hasty = decoder().with_limit(Duration::from_millis(1));
    let late = hasty.look(&slow, 1).unwrap_err();
    assert_eq!(late.code(), "decoder-timeout", "{late}");
    let patient = decoder();
    assert_eq!(patient.look(&slow, 1).unwrap().faces, []);
}

#[cfg(unix)]
#[test]
fn a_decoder_that_crashes_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let once = folder.path().join("once");
    // The first process dies in the middle of its work, as a decoder with a bug does; later ones work.
    let script = format!(
        "if [ -e {once} ]; then exec {faces} decoder; fi; touch {once}; head -c 100 >/dev/null; kill -SEGV $$",
        once = once.display(),
        faces = env!("CARGO_BIN_EXE_faces"),
    );
    let decoder = Decoder::new("/bin/sh", &["-c", &script]);
    let photo = written(&DynamicImage::from(RgbImage::new(64, 48)), ImageFormat::Png);
    let crashed = decoder.picture(&photo, 32).unwrap_err();
    assert_eq!(crashed.code(), "decoder-crashed", "{crashed}");
    let jpeg = decoder.picture(&photo, 32).unwrap();
    assert_eq!(image::load_from_memory(&jpeg).unwrap().width(), 32);
    assert_eq!(Decoder::new("/no/such/program", &[]).picture(&photo, 1).unwrap_err().code(), "decoder-not-started");
}

#[test]
fn faces_come_back_whole_and_can_be_encoded() {
    let photo = Path::new(env!("CORROBORATE_ROOT")).join("models/photos/astronaut.png");
    let bytes = std::fs::read(photo).unwrap();
    let decoder = decoder();
    let looked = decoder.look(&bytes, 10).unwrap();
    assert_eq!((looked.width, looked.height, looked.format.as_str()), (512, 512, "PNG"));
    let [(face, Some(quality))] = looked.faces.as_slice() else { panic!("{looked:?}") };
    assert!(quality.overall > 60 && quality.components.iter().any(|c| c.name == "head bent"));
    let (plain, thorough) =
        (decoder.encode(&bytes, face.bounds, false).unwrap().0, decoder.encode(&bytes, face.bounds, true).unwrap().0);
    assert!((0.9..0.9999).contains(&plain.score(&thorough).unwrap()));
    assert_eq!(decoder.encode(&bytes, [0.0; 4], false).unwrap_err().code(), "face-lost");
}
