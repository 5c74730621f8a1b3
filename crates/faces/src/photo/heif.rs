//! HEIC, HEIF and AVIF through the system's libheif.

use catalogue::say;
use image::RgbImage;
use libheif_rs::{ColorSpace, HeifContext, RgbChroma};

use super::accepted::{PhotoError, acceptable, opaque};
use super::colour::Colours;

/// The primary picture, turned as the file says.
///
/// What a file says of its size is looked at before anything is decoded; what it does besides costs the memory of the
/// process that decodes it, and the library has limits of its own.
pub(super) fn decode(bytes: &[u8]) -> Result<RgbImage, PhotoError> {
    let context = HeifContext::read_from_bytes(bytes).map_err(PhotoError::damaged)?;
    let handle = context.primary_image_handle().map_err(PhotoError::damaged)?;
    acceptable(handle.width(), handle.height())?;
    let alpha = handle.has_alpha_channel();
    let chroma = if alpha { RgbChroma::Rgba } else { RgbChroma::Rgb };
    let image = handle.decode(ColorSpace::Rgb(chroma), None).map_err(PhotoError::damaged)?;
    let plane = image.planes().interleaved.ok_or_else(|| PhotoError::damaged(say!("faces-no-colours")))?;
    let each = if alpha { 4 } else { 3 };
    let row = plane.width as usize * each;
    if plane.stride < row || plane.data.len() < plane.stride * plane.height as usize {
        return Err(PhotoError::damaged(say!("faces-rows-shorter-than-width")));
    }
    acceptable(plane.width, plane.height)?;
    let rows: Vec<u8> = plane.data.chunks(plane.stride).flat_map(|r| &r[..row]).copied().collect();
    let sized = || PhotoError::damaged(say!("faces-size-not-says"));
    let mut pixels = if alpha {
        opaque(image::RgbaImage::from_raw(plane.width, plane.height, rows).ok_or_else(sized)?.into())
    } else {
        RgbImage::from_raw(plane.width, plane.height, rows).ok_or_else(sized)?
    };
    if let Some(colours) = handle.color_profile_raw().and_then(|profile| Colours::new(&profile.data)) {
        colours.apply(&mut pixels);
    }
    Ok(pixels)
}
