//! What Exif says, and whether its thumbnail shows the picture.

use std::io::Cursor;

use exif::{Exif as Fields, In, Reader, Tag, Value};
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, GrayImage, imageops};
use serde::{Deserialize, Serialize};

use super::foreign::plain;
use super::manifest;
use crate::Photo;

/// What Exif says, as it is written there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Exif {
    /// When the picture was taken, `2026:03-01 21:41:00` by the camera's clock, and its offset from UTC, `-08:00`.
    pub taken: Option<(String, Option<String>)>,
    /// When the file was changed last.
    pub changed: Option<(String, Option<String>)>,
    /// The satellites' time, UTC.
    pub satellites: Option<String>,
    /// Software, with the field that names it.
    pub software: Vec<(String, String)>,
    /// Pixels across and down.
    pub size: Option<(u32, u32)>,
}

fn text(fields: &Fields, tag: Tag) -> Option<String> {
    let field = fields.get_field(tag, In::PRIMARY)?;
    match &field.value {
        Value::Ascii(parts) => Some(plain(&String::from_utf8_lossy(parts.first()?))).filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn number(fields: &Fields, tag: Tag, of: In) -> Option<u32> {
    fields.get_field(tag, of)?.value.get_uint(0)
}

/// Exif's facts, and how alike thumbnail and picture are.
pub(super) fn read(bytes: &[u8], photo: &Photo, xmp: Option<&[u8]>) -> (Exif, Option<f32>) {
    let mut said = Exif::default();
    let tool = xmp.and_then(|xmp| manifest::named(xmp, b"CreatorTool"));
    let read = Reader::new().continue_on_error(true).read_from_container(&mut Cursor::new(bytes));
    let fields = read.or_else(|error| error.distill_partial_result(|_| {})).ok();
    let mut likeness = None;
    if let Some(fields) = &fields {
        let time = |time, offset| text(fields, time).map(|time| (time, text(fields, offset)));
        said.taken = time(Tag::DateTimeOriginal, Tag::OffsetTimeOriginal);
        said.changed = time(Tag::DateTime, Tag::OffsetTime);
        said.satellites = satellites(fields);
        for (name, tag) in [("Software", Tag::Software), ("ProcessingSoftware", Tag(exif::Context::Tiff, 11))] {
            said.software.extend(text(fields, tag).map(|value| (name.to_owned(), value)));
        }
        let size = |tag| number(fields, tag, In::PRIMARY);
        said.size = size(Tag::PixelXDimension).zip(size(Tag::PixelYDimension));
        likeness = thumbnail(fields, photo);
    }
    said.software.extend(tool.map(|value| ("CreatorTool".to_owned(), value)));
    (said, likeness)
}

fn satellites(fields: &Fields) -> Option<String> {
    let day = text(fields, Tag::GPSDateStamp)?;
    let Value::Rational(parts) = &fields.get_field(Tag::GPSTimeStamp, In::PRIMARY)?.value else { return None };
    let [hour, minute, second] =
        parts.get(..3)?.iter().map(|part| part.to_f64()).collect::<Vec<_>>().try_into().ok()?;
    let within = (0.0..24.0).contains(&hour) && (0.0..60.0).contains(&minute) && (0.0..61.0).contains(&second);
    within.then(|| plain(&format!("{day} {:02}:{:02}:{:02}", hour as u8, minute as u8, (second as u8).min(59))))
}

/// How alike the thumbnail, turned as the picture, and the picture are. Only of JPEG: elsewhere a thumbnail's turn is not
/// told.
fn thumbnail(fields: &Fields, photo: &Photo) -> Option<f32> {
    if photo.format() != "JPEG" {
        return None;
    }
    let start = number(fields, Tag::JPEGInterchangeFormat, In::THUMBNAIL)? as usize;
    let length = number(fields, Tag::JPEGInterchangeFormatLength, In::THUMBNAIL)? as usize;
    let small = Photo::decode(fields.buf().get(start..start.checked_add(length)?)?).ok()?;
    let mut small = DynamicImage::from(small.fitted(512).ok()?);
    let turn = number(fields, Tag::Orientation, In::PRIMARY).and_then(|turn| u8::try_from(turn).ok());
    small.apply_orientation(turn.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms));
    alike(&DynamicImage::from(photo.fitted(512).ok()?), &small)
}

/// Correlation of lightness over 32 by 32 places, the best of: each whole, and either cut in its middle to the other's
/// shape (bars at a thumbnail's sides, or a thumbnail of the middle). `None` where one shows nothing but one tone.
pub(super) fn alike(picture: &DynamicImage, thumbnail: &DynamicImage) -> Option<f32> {
    let shape = |image: &DynamicImage| image.width() as f32 / image.height() as f32;
    let middle = |image: &DynamicImage, wanted: f32| {
        let (width, height) = image.dimensions();
        let (across, down) = match shape(image) > wanted {
            true => (((height as f32 * wanted) as u32).clamp(1, width), height),
            false => (width, ((width as f32 / wanted) as u32).clamp(1, height)),
        };
        places(&image.crop_imm((width - across) / 2, (height - down) / 2, across, down))
    };
    let pairs = [
        (places(picture), places(thumbnail)),
        (places(picture), middle(thumbnail, shape(picture))),
        (middle(picture, shape(thumbnail)), places(thumbnail)),
    ];
    pairs.iter().filter_map(|(one, other)| correlation(one, other)).reduce(f32::max)
}

fn places(image: &DynamicImage) -> GrayImage {
    imageops::thumbnail(&image.to_luma8(), 32, 32)
}

fn correlation(one: &GrayImage, other: &GrayImage) -> Option<f32> {
    let mean = |image: &GrayImage| image.iter().map(|v| f32::from(*v)).sum::<f32>() / image.len() as f32;
    let (mean_one, mean_other) = (mean(one), mean(other));
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(other.iter()) {
        let (a, b) = (f32::from(*a) - mean_one, f32::from(*b) - mean_other);
        (both, first, second) = (both + a * b, first + a * a, second + b * b);
    }
    let least = 4.0 * one.len() as f32;
    (first > least && second > least).then(|| both / (first * second).sqrt())
}
