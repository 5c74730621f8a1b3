use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

/// Most pixels a photo may have; larger files are refused before they are decoded.
pub const MAX_PIXELS: u64 = 64_000_000;

/// An upright photograph.
#[derive(Debug, Clone)]
pub struct Photo {
    /// Pixels after the EXIF orientation was applied; alpha is laid over white.
    pub pixels: RgbImage,
    /// Format of the file, for instance `JPEG`.
    pub format: &'static str,
}

/// A file that is not a usable photograph.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// Not an image in a known format.
    #[error("this is not a photograph in a known format (JPEG, PNG, WebP, TIFF, BMP)")]
    NotAnImage,
    /// A video or stream.
    #[error("this is a video ({0}), whatever its name says; only still photographs are accepted")]
    Video(&'static str),
    /// More pixels than allowed.
    #[error(
        "the image has {width} × {height} pixels, more than the {} megapixels that are accepted; ask its source for a smaller export",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The file says it is an image but cannot be decoded.
    #[error("the image is damaged or cut short ({0}); fetch the file again from its source")]
    Damaged(String),
}

impl PhotoError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            PhotoError::NotAnImage => "not-an-image",
            PhotoError::Video(_) => "video",
            PhotoError::TooLarge { .. } => "too-large",
            PhotoError::Damaged(_) => "damaged",
        }
    }
}

impl Photo {
    /// Decodes a file and turns it upright.
    ///
    /// # Errors
    /// [`PhotoError`]; nothing is decoded before the pixel count is known to be acceptable.
    pub fn decode(bytes: &[u8]) -> Result<Self, PhotoError> {
        if let Some(kind) = video_kind(bytes) {
            return Err(PhotoError::Video(kind));
        }
        let format = image::guess_format(bytes).map_err(|_| PhotoError::NotAnImage)?;
        let name = format_name(format).ok_or(PhotoError::NotAnImage)?;
        let damaged = |e: image::ImageError| PhotoError::Damaged(e.to_string());
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = image::Limits::default();
        limits.max_alloc = Some(MAX_PIXELS * 8);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(PhotoError::TooLarge { width, height });
        }
        if width == 0 || height == 0 {
            return Err(PhotoError::Damaged("it has no pixels".to_owned()));
        }
        if format == ImageFormat::Jpeg && !jpeg_is_whole(bytes) {
            return Err(PhotoError::Damaged("its end is missing".to_owned()));
        }
        let orientation = decoder.orientation().map_err(damaged)?;
        let mut decoded = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        decoded.apply_orientation(orientation);
        Ok(Self { pixels: opaque(decoded), format: name })
    }
}

/// Whether a JPEG's scan data is followed by its end marker. The decoder fills a missing end with
/// grey, and grey is no face that anybody photographed.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        // Markers may be filled up with 0xFF; the start of scan ends the headers.
        if marker == 0xFF {
            at += 1;
            continue;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == 0xDA {
            return bytes.get(at..).is_some_and(|scan| scan.windows(2).any(|m| m == [0xFF, 0xD9]));
        }
    }
    false
}

/// Lays an image with alpha over white; others are only converted.
fn opaque(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0.map(u16::from);
        image::Rgb([r, g, b].map(|c| ((c * a + 255 * (255 - a) + 127) / 255) as u8))
    })
}

fn format_name(format: ImageFormat) -> Option<&'static str> {
    match format {
        ImageFormat::Jpeg => Some("JPEG"),
        ImageFormat::Png => Some("PNG"),
        ImageFormat::WebP => Some("WebP"),
        ImageFormat::Tiff => Some("TIFF"),
        ImageFormat::Bmp => Some("BMP"),
        _ => None,
    }
}

/// Recognises common video containers by their first bytes.
fn video_kind(bytes: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    let still_brand = [&b"heic"[..], b"heix", b"mif1", b"avif", b"msf1"].iter().any(|brand| at(8, brand));
    match () {
        () if at(4, b"ftyp") && !still_brand => Some("MP4 or QuickTime"),
        () if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") => Some("QuickTime"),
        () if at(0, b"\x1A\x45\xDF\xA3") => Some("Matroska or WebM"),
        () if at(0, b"RIFF") && at(8, b"AVI ") => Some("AVI"),
        () if at(0, b"FLV\x01") => Some("Flash video"),
        () if at(0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11") => Some("Windows Media"),
        () if at(0, b"\x00\x00\x01\xBA") || at(0, b"\x00\x00\x01\xB3") => Some("MPEG"),
        () if at(0, b"OggS") => Some("Ogg"),
        () if at(0, b"\x47") && at(188, b"\x47") && at(376, b"\x47") => Some("MPEG transport stream"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]))
            .write_to(&mut bytes, ImageFormat::Jpeg)
            .expect("an image is written");
        bytes.into_inner()
    }

    /// A TIFF block with one entry, the orientation, as an APP1 segment after the JPEG's start.
    fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let tiff =
            [b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[orientation, 0, 0, 0, 0, 0, 0, 0]]
                .concat();
        let length = (tiff.len() as u16 + 2).to_be_bytes();
        [&jpeg[..2], b"\xFF\xE1", &length, &tiff, &jpeg[2..]].concat()
    }

    #[test]
    fn every_orientation_comes_out_upright() {
        let plain = jpeg(40, 20);
        for orientation in 1..=8 {
            let photo = Photo::decode(&with_orientation(&plain, orientation)).expect("it decodes");
            let turned = orientation >= 5;
            assert_eq!(
                photo.pixels.dimensions(),
                if turned { (20, 40) } else { (40, 20) },
                "orientation {orientation}"
            );
        }
        // 6: the camera was turned right, so the first column of the file is the top row.
        let photo = Photo::decode(&with_orientation(&plain, 6)).expect("it decodes");
        let [red, green, _] = photo.pixels.get_pixel(19, 0).0;
        assert!(red < 12 && green < 12, "the file's top left corner is at the top right, got {red} {green}");
    }

    #[test]
    fn bad_files_are_named_for_what_they_are() {
        let whole = jpeg(64, 64);
        let code = |bytes: &[u8]| Photo::decode(bytes).expect_err("refused").code();
        assert_eq!(code(b"hello, this is text"), "not-an-image");
        assert_eq!(code(b""), "not-an-image");
        assert_eq!(code(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), "video");
        assert_eq!(code(b"RIFF\x10\0\0\0AVI LIST"), "video");
        assert_eq!(code(&whole[..80]), "damaged");
        // A BMP header that promises 100 megapixels.
        let mut bmp = Vec::new();
        RgbImage::new(1, 1).write_to(&mut Cursor::new(&mut bmp), ImageFormat::Bmp).expect("written");
        bmp[18..22].copy_from_slice(&10_000u32.to_le_bytes());
        bmp[22..26].copy_from_slice(&10_000u32.to_le_bytes());
        assert_eq!(code(&bmp), "too-large");
    }

    #[test]
    fn a_jpeg_cut_in_half_is_refused_not_guessed() {
        let whole = jpeg(400, 400);
        let half = Photo::decode(&whole[..whole.len() / 2]);
        assert!(matches!(half, Err(PhotoError::Damaged(_))), "{:?}", half.map(|p| p.pixels.dimensions()));
    }
}
