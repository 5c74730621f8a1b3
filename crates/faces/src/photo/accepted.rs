//! Which pictures are accepted, and why others are not.

use catalogue::say;
use image::{DynamicImage, RgbImage};

/// Most pixels a photo may have; larger files are refused before they are decoded.
pub const MAX_PIXELS: u64 = 64_000_000;

/// A file that is not a usable photograph.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// Not an image in a known format.
    #[error("{}", say!("faces-not-photograph-known-format-jpeg"))]
    NotAnImage,
    /// Something else that can be named.
    #[error("{}", say!("faces-not-photograph-export-photograph-from", what = _0))]
    Other(&'static str),
    /// A video or stream.
    #[error("{}", say!("faces-video-whatever-name-says-only", what = _0))]
    Video(&'static str),
    /// More than one picture, shown one after the other.
    #[error("{}", say!("faces-animated-only-still-photographs-accepted", what = _0))]
    Animated(&'static str),
    /// More pixels than allowed.
    #[error("{}", say!("faces-image-pixels-more-than-megapixels", width, height, what = MAX_PIXELS / 1_000_000))]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Its headers ask for more work than any photograph needs.
    #[error("{}", say!("faces-image-asks-more", what = _0))]
    Demanding(String),
    /// The file says it is an image but cannot be decoded.
    #[error("{}", say!("faces-image-damaged-cut-short-fetch", what = _0))]
    Damaged(String),
}

impl PhotoError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            PhotoError::NotAnImage | PhotoError::Other(_) => "not-an-image",
            PhotoError::Video(_) => "video",
            PhotoError::Animated(_) => "animated",
            PhotoError::TooLarge { .. } => "too-large",
            PhotoError::Demanding(_) => "too-demanding",
            PhotoError::Damaged(_) => "damaged",
        }
    }

    pub(super) fn damaged(why: impl std::fmt::Display) -> Self {
        Self::Damaged(why.to_string())
    }
}

/// Whether a picture of this size is.
pub(super) fn acceptable(width: u32, height: u32) -> Result<(), PhotoError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(PhotoError::damaged(say!("faces-no-pixels"))),
        n if n > MAX_PIXELS => Err(PhotoError::TooLarge { width, height }),
        _ => Ok(()),
    }
}

/// Lays an image with alpha over white; others are only converted.
pub(super) fn opaque(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0.map(u16::from);
        image::Rgb([r, g, b].map(|c| ((c * a + 255 * (255 - a) + 127) / 255) as u8))
    })
}
