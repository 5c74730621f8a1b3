//! Photographs in four inks, as Photoshop and printers' systems write them: JPEG with Adobe's marker, and JPEG 2000.
//!
//! The inks are taken as ideal ones; a press's profile is not applied. That is what browsers show, and the models look at
//! faces, not at skin colours as printed.

use catalogue::say;
use image::RgbImage;
use turbojpeg::{Decompressor, Image, PixelFormat};

use super::accepted::{PhotoError, acceptable};
use super::jpeg;

/// What a large number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Much ink.
    Much,
    /// Little ink: Adobe's way in JPEG.
    Little,
}

/// Pixels of four inks to sRGB; `None` where there are not four for each.
pub(super) fn to_rgb(width: u32, height: u32, inks: &[u8], large: Ink) -> Option<RgbImage> {
    if inks.len() as u64 != 4 * u64::from(width) * u64::from(height) {
        return None;
    }
    let light = |ink: u8| u16::from(if large == Ink::Much { 255 - ink } else { ink });
    let rgb = inks
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|[c, m, y, k]| [*c, *m, *y].map(|ink| ((light(ink) * light(*k) + 127) / 255) as u8));
    RgbImage::from_raw(width, height, rgb.collect())
}

/// What the headers of a JPEG say of its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Header {
    /// Colours of the frame; 0 where none was found.
    pub colours: u8,
    /// Whether Adobe's marker (APP14) is there.
    pub adobe: bool,
}

/// Reads the headers of a JPEG up to its first scan.
pub(super) fn header(bytes: &[u8]) -> Header {
    let mut found = Header::default();
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let body = bytes.get(at + 4..).unwrap_or_default();
        match marker {
            0xDA | 0xD9 => break,
            0xEE if body.starts_with(b"Adobe") => found.adobe = true,
            // Frames: precision, two sides, colours. Of these markers three are no frames.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                found.colours = body.get(5).copied().unwrap_or_default();
            }
            _ => {}
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    found
}

/// A JPEG of four colours in sRGB, as it lies in the file.
pub(super) fn decode(bytes: &[u8], size: (u32, u32), header: Header) -> Result<RgbImage, PhotoError> {
    if !jpeg::is_whole(bytes) {
        return Err(PhotoError::damaged(say!("faces-end-missing")));
    }
    let mut decompressor = Decompressor::new().map_err(PhotoError::damaged)?;
    decompressor.set_scan_limit(jpeg::MAX_SCANS).map_err(PhotoError::damaged)?;
    let read = decompressor.read_header(bytes).map_err(PhotoError::damaged)?;
    if (read.width as u32, read.height as u32) != size {
        return Err(PhotoError::damaged(say!("faces-gives-two-sizes")));
    }
    acceptable(size.0, size.1)?;
    let mut inks = vec![0; read.width * read.height * 4];
    let (width, height, format) = (read.width, read.height, PixelFormat::CMYK);
    let image = Image { pixels: &mut inks[..], width, pitch: 4 * width, height, format };
    decompressor.decompress(bytes, image).map_err(PhotoError::damaged)?;
    let large = if header.adobe { Ink::Little } else { Ink::Much };
    to_rgb(size.0, size.1, &inks, large).ok_or_else(|| PhotoError::damaged(say!("faces-size-not-says")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_are_light_or_dark_by_whose_they_are() {
        let inks = [0, 255, 255, 0, 0, 0, 0, 200];
        let much = to_rgb(2, 1, &inks, Ink::Much).expect("two pixels");
        assert_eq!(much.as_raw(), &[255, 0, 0, 55, 55, 55]);
        let little = to_rgb(2, 1, &inks.map(|ink| 255 - ink), Ink::Little).expect("two pixels");
        assert_eq!(little, much);
        assert!(to_rgb(2, 2, &inks, Ink::Much).is_none());
    }
}
