//! JPEG through libjpeg-turbo, which can decode straight to eighths of the size: what detection needs of
//! a large photograph costs a fraction of all its pixels.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use catalogue::say;
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use turbojpeg::{Compressor, Decompressor, Image, PixelFormat, ScalingFactor, Subsamp};

use super::accepted::{PhotoError, acceptable};
use super::colour::Colours;
use super::scaled::Scaled;

/// Longest side that is decoded when a file is opened.
const FIRST: f32 = 800.0;
/// Photographs of at most so many pixels are decoded whole: it costs little, and what is found in them is
/// what any other program finds that shrinks by area.
const WHOLE: u64 = 4_000_000;
/// Eighths for which libjpeg-turbo has vector instructions; those between take as long as the whole.
const FAST: [usize; 4] = [1, 2, 4, 8];
/// Most passes of a progressive file; a hostile one has thousands.
pub(super) const MAX_SCANS: u32 = 200;

pub(super) struct Jpeg {
    bytes: Vec<u8>,
    size: (u32, u32),
    orientation: Orientation,
    colours: Option<Colours>,
    /// By eighths of the full size.
    decoded: Mutex<BTreeMap<usize, Arc<Scaled>>>,
}

impl std::fmt::Debug for Jpeg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Jpeg({:?}, {:?})", self.size, self.orientation)
    }
}

impl Jpeg {
    pub fn open(
        bytes: &[u8],
        size: (u32, u32),
        orientation: Orientation,
        colours: Option<Colours>,
    ) -> Result<Self, PhotoError> {
        let decoded = Mutex::default();
        let jpeg = Self { bytes: bytes.to_owned(), size, orientation, colours, decoded };
        jpeg.at(FIRST / size.0.max(size.1) as f32)?;
        Ok(jpeg)
    }

    fn turns(&self) -> bool {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        matches!(self.orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
    }

    /// The file, where it stands upright as it is.
    pub fn upright_bytes(&self) -> Option<&[u8]> {
        (self.orientation == Orientation::NoTransforms).then_some(&self.bytes)
    }

    /// Width and height when upright.
    pub fn upright(&self) -> (u32, u32) {
        if self.turns() { (self.size.1, self.size.0) } else { self.size }
    }

    pub fn at(&self, least: f32) -> Result<Arc<Scaled>, PhotoError> {
        let small = u64::from(self.size.0) * u64::from(self.size.1) <= WHOLE;
        let enough = |eighths: &&usize| **eighths as f32 >= least * 8.0 - 1e-4;
        let eighths = if small { 8 } else { *FAST.iter().find(enough).unwrap_or(&8) };
        let mut decoded = self.decoded.lock().map_err(|_| PhotoError::damaged(say!("faces-decoder-stopped")))?;
        if let Some((_, found)) = decoded.range(eighths..).next() {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(self.decode(eighths)?);
        decoded.insert(eighths, Arc::clone(&made));
        Ok(made)
    }

    pub fn decode(&self, eighths: usize) -> Result<Scaled, PhotoError> {
        let mut decompressor = Decompressor::new().map_err(PhotoError::damaged)?;
        decompressor.set_scan_limit(MAX_SCANS).map_err(PhotoError::damaged)?;
        let factor = ScalingFactor::new(eighths, 8);
        decompressor.set_scaling_factor(factor).map_err(PhotoError::damaged)?;
        let header = decompressor.read_header(&self.bytes).map_err(PhotoError::damaged)?;
        if (header.width as u32, header.height as u32) != self.size {
            return Err(PhotoError::damaged(say!("faces-gives-two-sizes")));
        }
        let header = header.scaled(factor);
        let (width, height) = (header.width as u32, header.height as u32);
        acceptable(width, height)?;
        let mut pixels = RgbImage::new(width, height);
        let image = Image {
            width: header.width,
            pitch: 3 * header.width,
            height: header.height,
            format: PixelFormat::RGB,
            pixels: &mut *pixels,
        };
        decompressor.decompress(&self.bytes, image).map_err(PhotoError::damaged)?;
        if let Some(colours) = &self.colours {
            colours.apply(&mut pixels);
        }
        let scale = eighths as f32 / 8.0;
        // The last pixel of a row stands for less than a whole one; where that end comes first when
        // upright, everything is moved by what is missing.
        let missing = [width as f32 - self.size.0 as f32 * scale, height as f32 - self.size.1 as f32 * scale];
        let (from_right, from_bottom) = match self.orientation {
            Orientation::NoTransforms | Orientation::Rotate90FlipH => (false, false),
            Orientation::FlipHorizontal | Orientation::Rotate270 => (true, false),
            Orientation::FlipVertical | Orientation::Rotate90 => (false, true),
            Orientation::Rotate180 | Orientation::Rotate270FlipH => (true, true),
        };
        let [x, y] = [if from_right { missing[0] } else { 0.0 }, if from_bottom { missing[1] } else { 0.0 }];
        let offset = if self.turns() { [y, x] } else { [x, y] };
        let mut upright = DynamicImage::from(pixels);
        upright.apply_orientation(self.orientation);
        Ok(Scaled { pixels: upright.into_rgb8(), scale, offset })
    }
}

/// A picture as JPEG of quality 95 whose colours are as fine as its brightness.
pub(crate) fn to_jpeg(pixels: &RgbImage) -> Result<Vec<u8>, String> {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let image = Image { pixels: pixels.as_raw().as_slice(), width, pitch: 3 * width, height, format: PixelFormat::RGB };
    let mut compressor = Compressor::new().map_err(|e| e.to_string())?;
    compressor.set_quality(95).map_err(|e| e.to_string())?;
    compressor.set_subsamp(Subsamp::None).map_err(|e| e.to_string())?;
    compressor.compress_to_vec(image).map_err(|e| e.to_string())
}

/// Whether a JPEG's picture is followed by its end marker. A decoder fills a missing end with grey, and
/// grey is no face that anybody photographed.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
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
