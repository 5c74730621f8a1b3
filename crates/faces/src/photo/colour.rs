//! Embedded colour profiles: phones and scanners use wider colour spaces than sRGB, and the models were
//! trained on sRGB.

use std::sync::Arc;

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, ProfileText, Transform8BitExecutor, TransformOptions};

/// From the colours of a file to sRGB.
pub(super) struct Colours(Arc<Transform8BitExecutor>);

impl Colours {
    /// `None` where the profile is sRGB itself, is for something else than red, green and blue, or
    /// cannot be read: then the numbers are taken as they are, as other programs do.
    pub fn new(profile: &[u8]) -> Option<Self> {
        let profile = ColorProfile::new_from_slice(profile).ok()?;
        if profile.color_space != DataColorSpace::Rgb || says_srgb(&profile) {
            return None;
        }
        let srgb = ColorProfile::new_srgb();
        profile.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default()).ok().map(Self)
    }

    pub fn apply(&self, pixels: &mut RgbImage) {
        let row = pixels.width() as usize * 3;
        let mut from = vec![0; row];
        for to in pixels.chunks_exact_mut(row.max(1)) {
            from.copy_from_slice(to);
            // A row that cannot be converted keeps its numbers.
            if self.0.transform(&from, to).is_err() {
                to.copy_from_slice(&from);
            }
        }
    }
}

fn says_srgb(profile: &ColorProfile) -> bool {
    match &profile.description {
        Some(ProfileText::PlainString(text)) => text.contains("sRGB"),
        Some(ProfileText::Localizable(texts)) => texts.iter().any(|t| t.value.contains("sRGB")),
        Some(ProfileText::Description(text)) => text.ascii_string.contains("sRGB"),
        None => false,
    }
}
