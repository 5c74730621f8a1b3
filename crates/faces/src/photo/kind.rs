//! What a file is, by its first bytes and never by its name.

use catalogue::say;
use image::ImageFormat;

use super::accepted::PhotoError;

pub(super) enum Kind {
    Image(ImageFormat, &'static str),
    Heif(&'static str),
    Jpeg2000(&'static str),
}

/// # Errors
/// [`PhotoError`] that names what the file is instead of a still photograph.
pub(super) fn of(bytes: &[u8]) -> Result<Kind, PhotoError> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    if at(4, b"ftyp") {
        return match bytes.get(8..12) {
            Some(b"heic" | b"heix" | b"heim" | b"heis") => Ok(Kind::Heif("HEIC")),
            Some(b"avif") => Ok(Kind::Heif("AVIF")),
            Some(b"mif1") => Ok(Kind::Heif("HEIF")),
            Some(b"avis") => Err(PhotoError::Animated("AVIF")),
            Some(b"hevc" | b"hevx" | b"msf1") => Err(PhotoError::Animated("HEIF")),
            _ => Err(PhotoError::Video(say!("faces-mp4-quicktime"))),
        };
    }
    if at(0, super::jpeg2000::BOXES) || at(0, super::jpeg2000::CODESTREAM) {
        return Ok(Kind::Jpeg2000("JPEG 2000"));
    }
    if let Some(kind) = video(bytes) {
        return Err(PhotoError::Video(kind));
    }
    if at(0, b"%PDF") {
        return Err(PhotoError::Other(say!("faces-pdf-document")));
    }
    if at(0, b"PK\x03\x04") {
        return Err(PhotoError::Other(say!("faces-archive-office-document")));
    }
    match image::guess_format(bytes).map_err(|_| PhotoError::NotAnImage)? {
        ImageFormat::Jpeg => Ok(Kind::Image(ImageFormat::Jpeg, "JPEG")),
        ImageFormat::Png => Ok(Kind::Image(ImageFormat::Png, "PNG")),
        ImageFormat::WebP => Ok(Kind::Image(ImageFormat::WebP, "WebP")),
        ImageFormat::Tiff => Ok(Kind::Image(ImageFormat::Tiff, "TIFF")),
        ImageFormat::Bmp => Ok(Kind::Image(ImageFormat::Bmp, "BMP")),
        ImageFormat::Gif => Ok(Kind::Image(ImageFormat::Gif, "GIF")),
        _ => Err(PhotoError::NotAnImage),
    }
}

/// Common video containers.
fn video(bytes: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    match () {
        () if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") => Some("QuickTime"),
        () if at(0, b"\x1A\x45\xDF\xA3") => Some(say!("faces-matroska-webm")),
        () if at(0, b"RIFF") && at(8, b"AVI ") => Some("AVI"),
        () if at(0, b"FLV\x01") => Some(say!("faces-flash-video")),
        () if at(0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11") => Some(say!("faces-windows-media")),
        () if at(0, b"\x00\x00\x01\xBA") || at(0, b"\x00\x00\x01\xB3") => Some("MPEG"),
        () if at(0, b"OggS") => Some("Ogg"),
        () if at(0, b"\x47") && at(188, b"\x47") && at(376, b"\x47") => Some(say!("faces-mpeg-transport-stream")),
        () => None,
    }
}
