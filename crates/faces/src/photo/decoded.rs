//! A photograph, decoded from whatever kind its file is.

use std::io::Cursor;
use std::sync::Arc;

use catalogue::say;
use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use super::accepted::{MAX_PIXELS, PhotoError, acceptable, opaque};
use super::colour::Colours;
use super::jpeg::Jpeg;
use super::kind::Kind;
use super::scaled::Scaled;
use super::{cmyk, heif, jpeg, jpeg2000, kind};

/// Most bytes that decoding may take besides the result.
const MAX_MEMORY: u64 = MAX_PIXELS * 8;

/// An upright photograph in sRGB.
///
/// A JPEG is decoded no finer than what is asked for, and finer when more is asked; other formats are
/// decoded when opened.
#[derive(Debug)]
pub struct Photo {
    width: u32,
    height: u32,
    format: &'static str,
    from: Pixels,
}

#[derive(Debug)]
enum Pixels {
    Whole(Arc<Scaled>),
    Jpeg(Box<Jpeg>),
}

impl Photo {
    /// Opens a file's bytes and decodes them at least coarsely, so that what is damaged is known at once.
    ///
    /// # Errors
    /// [`PhotoError`]; nothing is decoded before the pixel count is known to be acceptable.
    pub fn decode(bytes: &[u8]) -> Result<Self, PhotoError> {
        match kind::of(bytes)? {
            Kind::Heif(format) => Ok(Self::whole(heif::decode(bytes)?, format)),
            Kind::Jpeg2000(format) => Ok(Self::whole(jpeg2000::decode(bytes)?, format)),
            Kind::Image(ImageFormat::Jpeg, format) => {
                let (decoder, orientation, colours) = opened(bytes, ImageFormat::Jpeg)?;
                let size = decoder.dimensions();
                drop(decoder);
                let header = cmyk::header(bytes);
                if header.colours == 4 {
                    let mut upright = DynamicImage::from(cmyk::decode(bytes, size, header)?);
                    upright.apply_orientation(orientation);
                    return Ok(Self::whole(upright.into_rgb8(), format));
                }
                match Jpeg::open(bytes, size, orientation, colours) {
                    Ok(jpeg) => {
                        let (width, height) = jpeg.upright();
                        Ok(Self { width, height, format, from: Pixels::Jpeg(Box::new(jpeg)) })
                    }
                    // Small damage that leaves the picture whole.
                    Err(_) if jpeg::is_whole(bytes) => general(bytes, ImageFormat::Jpeg, format),
                    Err(_) => Err(PhotoError::damaged(say!("faces-end-missing"))),
                }
            }
            Kind::Image(kind, format) => general(bytes, kind, format),
        }
    }

    /// Whether a file is a photograph of the usual kinds. JPEG 2000, and JPEG in four colours or with Adobe's marker, are
    /// written by few programs and read by little-used code: whoever takes files from strangers has them decoded by
    /// [`crate::decoder`].
    pub fn is_plain(bytes: &[u8]) -> bool {
        match kind::of(bytes) {
            Ok(Kind::Jpeg2000(_)) => false,
            Ok(Kind::Image(ImageFormat::Jpeg, _)) => {
                let header = cmyk::header(bytes);
                header.colours != 4 && !header.adobe
            }
            _ => true,
        }
    }

    fn whole(pixels: RgbImage, format: &'static str) -> Self {
        let (width, height) = pixels.dimensions();
        Self { width, height, format, from: Pixels::Whole(Arc::new(Scaled::full(pixels))) }
    }

    /// Pixels across and down.
    pub fn dimensions(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Format of the file, for instance `JPEG`.
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// The photograph at `least` of its size or somewhat finer, 0 to 1.
    ///
    /// # Errors
    /// [`PhotoError::Damaged`] when the file's finer detail cannot be decoded.
    pub(crate) fn at(&self, least: f32) -> Result<Arc<Scaled>, PhotoError> {
        match &self.from {
            Pixels::Whole(whole) => Ok(Arc::clone(whole)),
            Pixels::Jpeg(jpeg) => jpeg.at(least),
        }
    }

    /// The file itself where it is a JPEG that stands upright as it is: it can be shown without being encoded anew.
    pub fn upright_jpeg(&self) -> Option<&[u8]> {
        match &self.from {
            Pixels::Jpeg(jpeg) => jpeg.upright_bytes(),
            Pixels::Whole(_) => None,
        }
    }

    /// The photograph so that its longer side is at most `side` pixels; never enlarged.
    ///
    /// # Errors
    /// As [`Photo::at`].
    pub fn fitted(&self, side: u32) -> Result<RgbImage, PhotoError> {
        let scale = (side as f32 / self.width.max(self.height) as f32).min(1.0);
        let found = self.at(scale)?;
        Ok(found.shrunk(side).map_or_else(|| found.pixels.clone(), |(pixels, _)| pixels))
    }
}

impl From<RgbImage> for Photo {
    /// A photograph that was made here.
    fn from(pixels: RgbImage) -> Self {
        Self::whole(pixels, "pixels")
    }
}

fn limits() -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

/// A decoder whose size is acceptable, and what its metadata say.
fn opened(bytes: &[u8], format: ImageFormat) -> Result<(impl ImageDecoder, Orientation, Option<Colours>), PhotoError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(PhotoError::damaged)?;
    let (width, height) = decoder.dimensions();
    acceptable(width, height)?;
    let orientation = decoder.orientation().map_err(PhotoError::damaged)?;
    let colours = decoder.icc_profile().ok().flatten().and_then(|profile| Colours::new(&profile));
    Ok((decoder, orientation, colours))
}

fn general(bytes: &[u8], kind: ImageFormat, format: &'static str) -> Result<Photo, PhotoError> {
    let (decoder, orientation, colours) = opened(bytes, kind)?;
    let moves = match kind {
        ImageFormat::Gif => {
            let mut frames = GifDecoder::new(Cursor::new(bytes)).map_err(PhotoError::damaged)?;
            frames.set_limits(limits()).map_err(PhotoError::damaged)?;
            frames.into_frames().take(2).filter(Result::is_ok).count() > 1
        }
        ImageFormat::Png => PngDecoder::new(Cursor::new(bytes)).and_then(|d| d.is_apng()).unwrap_or(false),
        ImageFormat::WebP => WebPDecoder::new(Cursor::new(bytes)).is_ok_and(|d| d.has_animation()),
        _ => false,
    };
    if moves {
        return Err(PhotoError::Animated(format));
    }
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(PhotoError::damaged)?;
    decoded.apply_orientation(orientation);
    let mut pixels = opaque(decoded);
    if let Some(colours) = colours {
        colours.apply(&mut pixels);
    }
    Ok(Photo::whole(pixels, format))
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
            assert_eq!(photo.dimensions(), if turned { (20, 40) } else { (40, 20) }, "orientation {orientation}");
        }
        // 6: the camera was turned right, so the first column of the file is the top row.
        let photo = Photo::decode(&with_orientation(&plain, 6)).expect("it decodes");
        let [red, green, _] = photo.at(1.0).expect("decoded").pixels.get_pixel(19, 0).0;
        assert!(red < 12 && green < 12, "the file's top left corner is at the top right, got {red} {green}");
    }

    /// The sides are no multiples of what a coarse pixel covers, so places must be moved where the end of
    /// the file comes first.
    #[test]
    fn a_coarse_photograph_has_everything_at_its_place() {
        let mut scene = RgbImage::new(1003, 757);
        for (x, y) in (0..60u32).flat_map(|y| (0..80u32).map(move |x| (x, y))) {
            scene.put_pixel(300 + x, 120 + y, image::Rgb([255; 3]));
        }
        let mut bytes = Cursor::new(Vec::new());
        scene.write_to(&mut bytes, ImageFormat::Jpeg).expect("an image is written");
        for orientation in 1..=8 {
            let photo = Photo::decode(&with_orientation(&bytes.get_ref()[..], orientation)).expect("it decodes");
            let full = photo.at(1.0).expect("decoded");
            let middle = |scaled: &Scaled| {
                let mut sum = [0.0f64; 3];
                for (x, y, pixel) in scaled.pixels.enumerate_pixels() {
                    let weight = f64::from(pixel.0[1]);
                    sum = [
                        sum[0] + weight * (f64::from(x) + 0.5),
                        sum[1] + weight * (f64::from(y) + 0.5),
                        sum[2] + weight,
                    ];
                }
                [0, 1].map(|i| (sum[i] / sum[2]) as f32)
            };
            let wanted = middle(&full);
            for eighths in [1, 2, 4] {
                let scaled = decoded(&bytes.get_ref()[..], orientation, eighths);
                let [x, y] = middle(&scaled);
                let found = [(x - scaled.offset[0]) / scaled.scale, (y - scaled.offset[1]) / scaled.scale];
                let off = (found[0] - wanted[0]).abs().max((found[1] - wanted[1]).abs());
                assert!(off < 0.6, "orientation {orientation} at {}: {found:?} for {wanted:?}", scaled.scale);
            }
        }
    }

    fn decoded(jpeg: &[u8], orientation: u8, eighths: usize) -> Scaled {
        let photo = Photo::decode(&with_orientation(jpeg, orientation)).expect("it decodes");
        match &photo.from {
            Pixels::Jpeg(jpeg) => jpeg.decode(eighths).expect("it decodes"),
            Pixels::Whole(_) => unreachable!("it is a JPEG"),
        }
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
        assert!(matches!(half, Err(PhotoError::Damaged(_))), "{:?}", half.map(|p| p.dimensions()));
    }
}
