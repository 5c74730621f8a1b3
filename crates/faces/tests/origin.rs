//! What a file says of where it comes from, through the real decoder: declared kinds, and thumbnails of rendered people
//! swapped with each other. `CORROBORATE_PHOTOS` names a folder of JPEGs that are tried as well.

use std::io::Cursor;

use faces::decoder::Decoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage, imageops};

/// Below this, a thumbnail is told to show another picture (`casework::THUMBNAIL_ALIKE`).
const ALIKE: f32 = 0.93;

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes.into_inner()
}

/// A thumbnail as cameras make one: small, and compressed much.
fn small(picture: &RgbImage, lighter: i32) -> Vec<u8> {
    let small = DynamicImage::from(picture.clone()).thumbnail(160, 160).into_rgb8();
    jpeg(&imageops::colorops::brighten(&small, lighter), 60)
}

/// A JPEG whose Exif has `orientation` and `thumbnail`.
fn with_thumbnail(photo: &[u8], thumbnail: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 26, 0, 0, 0]);
    tiff.extend(b"\x03\0\x03\x01\x03\0\x01\0\0\0\x06\0\0\0\x01\x02\x04\0\x01\0\0\0\x44\0\0\0\x02\x02\x04\0\x01\0\0\0");
    tiff.extend((thumbnail.len() as u32).to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(thumbnail);
    segment(photo, 0xE1, &[b"Exif\0\0", &tiff[..]].concat())
}

fn segment(photo: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    [&photo[..2], &[0xFF, marker], &(body.len() as u16 + 2).to_be_bytes(), body, &photo[2..]].concat()
}

fn decoder() -> Decoder {
    Decoder::new(env!("CARGO_BIN_EXE_faces"), &["decoder"])
}

fn likeness(decoder: &Decoder, photo: &[u8]) -> f32 {
    decoder.look(&photo, 0).unwrap().origin.thumbnail.unwrap()
}

#[test]
fn a_thumbnail_of_another_person_is_told_from_one_of_the_picture() {
    let assets = personae::Assets::shared().unwrap();
    let person = |seed| {
        let identity = personae::Identity::new(assets, seed);
        personae::render(assets, &identity, &personae::View::new(seed, 1), 320)
    };
    let mut pictures: Vec<RgbImage> = (500..516).map(person).collect();
    let folder = std::env::var_os("CORROBORATE_PHOTOS");
    let files = folder.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    pictures.extend(files.filter_map(|path| Some(image::open(path).ok()?.into_rgb8())));
    let decoder = decoder();
    let (mut least, mut most, mut between) = (1.0f32, -1.0f32, 0);
    for (at, picture) in pictures.iter().enumerate() {
        let photo = jpeg(picture, 90);
        for lighter in [0, 25] {
            least = least.min(likeness(&decoder, &with_thumbnail(&photo, &small(picture, lighter), 1)));
        }
        for other in [1, 2, 3].map(|step| &pictures[(at + step) % pictures.len()]) {
            let alike = likeness(&decoder, &with_thumbnail(&photo, &small(other, 0), 1));
            most = most.max(alike);
            between += usize::from(alike >= ALIKE);
        }
    }
    println!(
        "{} pictures: same at least {least:.3}, other at most {most:.3}, {between} others not told",
        pictures.len()
    );
    assert!(least > ALIKE, "a picture's own thumbnail reaches {least} alone");
    assert!(between * 20 <= pictures.len() * 3, "{between} foreign thumbnails of {} pass", pictures.len() * 3);
}

#[test]
fn a_turned_picture_has_a_turned_thumbnail() {
    let assets = personae::Assets::shared().unwrap();
    let identity = personae::Identity::new(assets, 77);
    let picture = personae::render(assets, &identity, &personae::View::new(77, 0), 320);
    let lies = imageops::rotate270(&picture);
    let alike = likeness(&decoder(), &with_thumbnail(&jpeg(&lies, 90), &small(&lies, 0), 6));
    assert!(alike > ALIKE, "{alike}");
    // Bars above and below, as cameras put them where the shapes differ.
    let wide = imageops::crop_imm(&picture, 0, 70, 320, 180).to_image();
    let mut barred = RgbImage::new(160, 120);
    imageops::overlay(&mut barred, &imageops::thumbnail(&wide, 160, 90), 0, 15);
    let alike = likeness(&decoder(), &with_thumbnail(&jpeg(&wide, 90), &jpeg(&barred, 60), 1));
    assert!(alike > ALIKE, "{alike}");
}

#[test]
fn what_xmp_says_is_read_and_nothing_follows_from_its_absence() {
    let photo = jpeg(&RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8, y as u8, 90])), 90);
    let decoder = decoder();
    assert_eq!(decoder.look(&photo, 0).unwrap().origin, faces::origin::Origin::default());
    let xmp = br#"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description xmp:CreatorTool="Paint 3" dcterms:provenance="https://example.org/a.c2pa" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></x:xmpmeta>"#;
    let origin = decoder.look(&segment(&photo, 0xE1, xmp), 0).unwrap().origin;
    assert_eq!(origin.sources, ["trainedAlgorithmicMedia"]);
    assert_eq!(origin.elsewhere.as_deref(), Some("https://example.org/a.c2pa"));
    assert_eq!(origin.exif.software, [("CreatorTool".to_owned(), "Paint 3".to_owned())]);
}

/// Cut short, turned over and overlong: told or not, the picture is looked at, and the process lives.
#[test]
fn hostile_metadata_cost_nothing() {
    let photo = jpeg(&RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8, y as u8, 90])), 90);
    let whole = with_thumbnail(&photo, &small(&RgbImage::new(200, 200), 9), 1);
    let decoder = decoder();
    for at in 6..150 {
        let mut changed = whole.clone();
        changed[at] = !changed[at];
        if let Err(error) = decoder.look(&changed, 0) {
            assert!(["damaged", "not-an-image"].contains(&error.code()), "byte {at}: {error}");
        }
    }
    let mut long = photo.clone();
    long.extend(b"<x:xmpmeta ");
    long.resize(100_000_000, b'd');
    assert!(decoder.look(&long, 0).is_ok());
}
