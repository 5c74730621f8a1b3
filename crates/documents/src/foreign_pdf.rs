use std::io::Cursor;

use catalogue::say;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::{RenderCache, RenderSettings};
use image::{DynamicImage, ImageFormat, RgbaImage};

/// A PDF page could not be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not a PDF, damaged or encrypted.
    #[error("{}", say!("paper-no-pdf-can-shown-file"))]
    Unreadable,
    /// There is no such page.
    #[error("{}", say!("paper-pdf-pages-no-such-page", what = _0))]
    NoSuchPage(usize),
}

/// Longest side of a page's picture in pixels.
const MAX_SIDE: f32 = 4096.0;

/// Page `at` (from 0) of a PDF as PNG, its longer side `side` pixels, and the number of pages.
///
/// The file may be hostile: call this in a process that may be killed.
///
/// # Errors
/// [`PageError`].
pub fn page(pdf: Vec<u8>, at: usize, side: u32) -> Result<(Vec<u8>, usize), PageError> {
    let pdf = Pdf::new(pdf).map_err(|_| PageError::Unreadable)?;
    let pages = pdf.pages();
    let page = pages.get(at).ok_or(PageError::NoSuchPage(pages.len()))?;
    let (width, height) = page.render_dimensions();
    let scale = (side as f32).clamp(16.0, MAX_SIDE) / width.max(height).max(1.0);
    let settings = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: hayro::vello_cpu::color::palette::css::WHITE,
        ..RenderSettings::default()
    };
    let cache = RenderCache::new();
    let drawn = hayro::render(page, &cache, &InterpreterSettings::default(), &settings);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let pixels = RgbaImage::from_raw(width, height, drawn.data_as_u8_slice().to_vec()).ok_or(PageError::Unreadable)?;
    let mut png = Cursor::new(Vec::new());
    DynamicImage::from(pixels).to_rgb8().write_to(&mut png, ImageFormat::Png).map_err(|_| PageError::Unreadable)?;
    Ok((png.into_inner(), pages.len()))
}
