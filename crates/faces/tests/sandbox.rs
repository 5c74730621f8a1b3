//! The decoder behind its walls: each way out is tried from inside the confined process, and decoding still works.

#![cfg(target_os = "linux")]

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use faces::decoder::Decoder;
use image::{DynamicImage, ImageFormat};

/// What was tried behind `walls`, and whether the system forbade it.
fn attempts(walls: &str) -> Vec<(String, bool, String)> {
    let out = Command::new(env!("CARGO_BIN_EXE_faces")).args(["decoder", "--attempts", walls]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let lines = String::from_utf8(out.stdout).unwrap();
    let read = lines.lines().map(|line| {
        let told: serde_json::Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| told[name].as_str().unwrap().to_owned();
        (word("attempt"), told["denied"].as_bool().unwrap(), word("answer"))
    });
    read.collect()
}

#[test]
fn every_way_out_of_the_decoder_is_denied() {
    let tried = attempts("both");
    assert!(tried.len() >= 15, "{tried:?}");
    for (attempt, denied, answer) in tried {
        assert!(denied, "{attempt}: {answer}");
    }
}

/// A kernel without Landlock still denies everything, and each wall holds what it is there for by itself.
#[test]
fn each_wall_holds_by_itself() {
    for (attempt, denied, answer) in attempts("seccomp") {
        assert!(denied, "{attempt}: {answer}");
    }
    let tried = attempts("landlock");
    for wanted in [
        "read a file",
        "list a folder",
        "write a file",
        "make a folder",
        "connect to this machine",
        "listen",
        "become another program",
        "signal the window",
    ] {
        let (_, denied, answer) = tried.iter().find(|(attempt, ..)| attempt == wanted).unwrap();
        assert!(denied, "{wanted}: {answer}");
    }
}

#[test]
fn photographs_of_every_format_are_developed_behind_the_walls() {
    let assets = personae::Assets::shared().unwrap();
    let identity = personae::Identity::new(assets, 77);
    let person = DynamicImage::from(personae::render(assets, &identity, &personae::View::new(77, 0), 160));
    let written = |format| {
        let mut bytes = Cursor::new(Vec::new());
        person.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    };
    let stored =
        |name| std::fs::read(Path::new(env!("CORROBORATE_ROOT")).join("crates/faces/tests/files").join(name)).unwrap();
    let decoder = Decoder::new(env!("CARGO_BIN_EXE_faces"), &["decoder"]);
    for (name, bytes) in [
        ("JPEG", written(ImageFormat::Jpeg)),
        ("PNG", written(ImageFormat::Png)),
        ("WebP", written(ImageFormat::WebP)),
        ("TIFF", written(ImageFormat::Tiff)),
        ("BMP", written(ImageFormat::Bmp)),
        ("GIF", written(ImageFormat::Gif)),
        ("CMYK JPEG", stored("four-colours.jpg")),
        ("progressive JPEG", stored("progressive.jpg")),
        ("HEIC", stored("person.heic")),
        ("AVIF", stored("person.avif")),
    ] {
        let looked = decoder.look(&bytes, 1).unwrap_or_else(|e| panic!("{name}: {e}"));
        let [(face, Some(quality))] = looked.faces.as_slice() else { panic!("{name}: {looked:?}") };
        // The pose is measured by a model that is loaded last.
        assert!(quality.components.iter().any(|c| c.name == "head bent"), "{name}");
        decoder.encode(&bytes, face.bounds, true).unwrap_or_else(|e| panic!("{name}: {e}"));
        decoder.picture(&bytes, 64).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}
