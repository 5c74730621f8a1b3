//! Every format that detectives meet gives the same person at the same place.

use std::io::Cursor;
use std::path::Path;
use std::sync::OnceLock;

use faces::{Engine, Manifest, Photo};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage};

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load(&Manifest::locate().unwrap(), None).unwrap())
}

/// The person of the files in `tests/files`.
fn person(size: u32) -> RgbImage {
    let assets = personae::Assets::shared().unwrap();
    let identity = personae::Identity::new(assets, 77);
    personae::render(assets, &identity, &personae::View::new(77, 0), size)
}

fn only_face(bytes: &[u8]) -> (faces::Face, (u32, u32)) {
    let photo = Photo::decode(bytes).unwrap();
    let mut found = engine().detect(&photo).unwrap();
    assert_eq!(found.len(), 1, "{}", photo.format());
    (found.remove(0), photo.dimensions())
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CORROBORATE_ROOT")).join("crates/faces/tests/files").join(name)).unwrap()
}

#[test]
fn every_format_shows_the_same_face() {
    let plain = DynamicImage::from(person(160));
    let (wanted, size) = only_face(&written(&plain, ImageFormat::Png));
    let deep = DynamicImage::from(plain.to_rgb16());
    let mut cut_out = plain.to_rgba8();
    for (x, y, pixel) in cut_out.enumerate_pixels_mut() {
        // Clear glass where the face is not.
        pixel.0[3] = if x.abs_diff(80) < 60 && y.abs_diff(80) < 70 { 255 } else { 0 };
    }
    let grey = |image: &DynamicImage| DynamicImage::from(image.to_luma8());
    let files = [
        ("JPEG", written(&plain, ImageFormat::Jpeg)),
        ("WebP", written(&plain, ImageFormat::WebP)),
        ("TIFF", written(&plain, ImageFormat::Tiff)),
        ("BMP", written(&plain, ImageFormat::Bmp)),
        ("GIF", written(&plain, ImageFormat::Gif)),
        ("16-bit PNG", written(&deep, ImageFormat::Png)),
        ("16-bit TIFF", written(&deep, ImageFormat::Tiff)),
        ("alpha", written(&cut_out.into(), ImageFormat::Png)),
        ("grey PNG", written(&grey(&plain), ImageFormat::Png)),
        ("grey JPEG", file("grey.jpg")),
        ("progressive JPEG", file("progressive.jpg")),
        ("CMYK JPEG", file("four-colours.jpg")),
        ("HEIC", file("person.heic")),
        ("AVIF", file("person.avif")),
    ];
    for (name, bytes) in files {
        let (face, seen) = only_face(&bytes);
        assert_eq!(seen, size, "{name}");
        for (found, wanted) in face.landmarks.iter().flatten().zip(wanted.landmarks.iter().flatten()) {
            assert!((found - wanted).abs() < 3.0, "{name}: {found} for {wanted}");
        }
    }
}

#[test]
fn moving_pictures_and_documents_are_refused_as_what_they_are() {
    let refused = |bytes: &[u8]| Photo::decode(bytes).unwrap_err();
    for name in ["animated.gif", "animated.png", "animated.webp"] {
        let error = refused(&file(name));
        assert_eq!(error.code(), "animated", "{name}: {error}");
    }
    // Found by fuzzing: the second frame promises 17 gigabytes.
    assert_eq!(refused(&file("huge-second-frame.gif")).code(), "damaged");
    assert_eq!(refused(b"\0\0\0\x1cftypavis\0\0\0\0avismsf1miaf").code(), "animated");
    assert_eq!(refused(b"\0\0\0\x18ftyphevc\0\0\0\0hevcmsf1").code(), "animated");
    assert!(refused(b"%PDF-1.7 and more").to_string().contains("PDF"));
    assert!(refused(b"PK\x03\x04 and more").to_string().contains("archive"));
    assert_eq!(refused(&file("person.heic")[..2000]).code(), "damaged");
}

/// Display P3's red lies outside sRGB: the same numbers mean a stronger red there.
#[test]
fn an_embedded_profile_is_obeyed() {
    let pixels = RgbImage::from_pixel(64, 64, Rgb([200, 100, 100]));
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let srgb = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let with = |profile: &[u8]| {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        encoder.set_icc_profile(profile.to_vec()).unwrap();
        encoder.write_image(&pixels, 64, 64, image::ExtendedColorType::Rgb8).unwrap();
        Photo::decode(&bytes).unwrap().fitted(64).unwrap().get_pixel(32, 32).0
    };
    let near = |found: [u8; 3], wanted: [u8; 3]| found.iter().zip(wanted).all(|(f, w)| f.abs_diff(w) <= 3);
    assert!(near(with(&srgb), [200, 100, 100]), "{:?}", with(&srgb));
    // By hand: to linear light, P3 to sRGB primaries, and back.
    assert!(near(with(&profile), [213, 94, 97]), "{:?}", with(&profile));
    assert!(near(with(b"no profile at all"), [200, 100, 100]));
}

/// A large JPEG is decoded coarsely for detection: what is found must lie where the full picture has it,
/// whichever way the camera was held.
#[test]
fn every_orientation_of_a_large_photograph_gives_the_same_place() {
    let mut scene = RgbImage::from_fn(1999, 1501, |x, y| Rgb([(x / 16) as u8, (y / 12) as u8, 90]));
    image::imageops::replace(&mut scene, &person(700), 240, 90);
    let (wanted, size) = only_face(&written(&scene.clone().into(), ImageFormat::Png));
    assert_eq!(size, (1999, 1501));
    for value in 1..=8u8 {
        let orientation = image::metadata::Orientation::from_exif(value).unwrap();
        // Stored turned, so that turning it by its EXIF value gives the scene.
        let back = match value {
            6 => image::metadata::Orientation::Rotate270,
            8 => image::metadata::Orientation::Rotate90,
            _ => orientation,
        };
        let mut stored = DynamicImage::from(scene.clone());
        stored.apply_orientation(back);
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        let exif =
            [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[value, 0, 0, 0, 0, 0, 0, 0]].concat();
        encoder.set_exif_metadata(exif).unwrap();
        let stored = stored.into_rgb8();
        encoder.write_image(&stored, stored.width(), stored.height(), image::ExtendedColorType::Rgb8).unwrap();
        let (face, seen) = only_face(&bytes);
        assert_eq!(seen, size, "orientation {value}");
        // Landmarks waver by some hundredths of the face when a picture is scaled in another way; what the
        // wrong turn or place would do is far more.
        for (found, wanted) in face.bounds.iter().zip(wanted.bounds) {
            assert!((found - wanted).abs() < 0.12 * wanted.max(200.0), "orientation {value}: {found} for {wanted}");
        }
        let nose = |face: &faces::Face| face.landmarks[2];
        let off = (nose(&face)[0] - nose(&wanted)[0]).hypot(nose(&face)[1] - nose(&wanted)[1]);
        assert!(off < 0.15 * wanted.inter_eye(), "orientation {value}: the nose is off by {off}");
    }
}

#[test]
fn a_photograph_inside_a_screenshot_is_found() {
    let mut screen = RgbImage::from_pixel(1280, 800, Rgb([245, 246, 248]));
    for (x, y, pixel) in screen.enumerate_pixels_mut() {
        if y < 48 {
            *pixel = Rgb([40, 44, 52]);
        } else if x < 220 && y % 40 < 12 {
            *pixel = Rgb([180, 184, 190]);
        }
    }
    image::imageops::replace(&mut screen, &person(300), 700, 300);
    let (face, _) = only_face(&written(&screen.into(), ImageFormat::Png));
    assert!(face.bounds[0] > 700.0 && face.bounds[1] > 300.0 && face.bounds[2] > 80.0, "{:?}", face.bounds);
}
