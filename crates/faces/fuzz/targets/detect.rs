//! Any pixels as a photograph: faces with any geometry, encoded and measured, never a crash.
#![no_main]

use std::sync::OnceLock;

use faces::{Engine, Face, Manifest, Photo};
use image::RgbImage;
use libfuzzer_sys::fuzz_target;

static ENGINE: OnceLock<Engine> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let engine = ENGINE.get_or_init(|| Engine::load(&Manifest::locate().unwrap(), None).unwrap());
    let Some((head, pixels)) = bytes.split_at_checked(18) else { return };
    let (width, height) = (u32::from(head[0]) / 2 + 1, u32::from(head[1]) / 2 + 1);
    let full = (width * height * 3) as usize;
    // The bytes are repeated where they are fewer than the pixels.
    let filled: Vec<u8> = pixels.iter().copied().chain([0]).cycle().take(full).collect();
    let photo = Photo::from(RgbImage::from_raw(width, height, filled).unwrap());
    let mut found = engine.detect(&photo).unwrap();
    // And a face whose numbers come from the bytes, as a damaged record could give it.
    let number = |at: usize| f32::from(i16::from_le_bytes([head[at], head[at + 1]]));
    found.push(Face {
        bounds: [number(2), number(4), number(6), number(8)],
        landmarks: std::array::from_fn(|i| [number(2 + 2 * i), number(16 - 2 * i)]),
        score: 1.0,
    });
    for face in &found {
        if let Ok((template, quality)) = engine.encode(&photo, face) {
            assert!(template.values.iter().all(|v| v.is_finite()));
            assert!(quality.overall <= 100);
        }
    }
});
