//! JPEG 2000 (ISO/IEC 15444-1): JP2 files and bare codestreams, as booking systems and face records hold them.
//!
//! Its headers can ask for almost any work of a few bytes, so they are read here first: sides, colours, tiles and packets
//! have limits, and every tile-part must be there to its end, before anything is decoded.

use catalogue::say;
use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};

use super::accepted::{PhotoError, acceptable, opaque};
use super::cmyk::{Ink, to_rgb};
use super::colour::Colours;

/// Most samples, pixels times colours: the decoder keeps each as a float, some of them twice.
const MAX_SAMPLES: u64 = 72_000_000;
/// Most tiles. Cameras and scanners write one, or some hundreds of 256 by 256 pixels.
const MAX_TILES: u64 = 4096;
/// Most packets: pieces of a tile by colour, resolution, precinct and layer.
const MAX_PACKETS: u64 = 1 << 20;
/// Most boxes of a JP2 file that are passed over.
const MAX_BOXES: usize = 1000;

/// What a JP2 file begins with.
pub(super) const BOXES: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n";
/// What a codestream begins with: its start and its sizes.
pub(super) const CODESTREAM: &[u8] = b"\xFF\x4F\xFF\x51";

fn number(bytes: &[u8], at: usize, size: usize) -> Result<u64, PhotoError> {
    let cut = || PhotoError::damaged(say!("faces-end-missing"));
    let part = at.checked_add(size).and_then(|to| bytes.get(at..to)).ok_or_else(cut)?;
    Ok(part.iter().fold(0, |n, b| n << 8 | u64::from(*b)))
}

/// The codestream of a file: of a JP2 the content of its one box `jp2c`.
fn codestream(file: &[u8]) -> Result<&[u8], PhotoError> {
    if file.starts_with(CODESTREAM) {
        return Ok(file);
    }
    let (mut at, mut found) = (0, None);
    for _ in 0..MAX_BOXES {
        if at >= file.len() {
            break;
        }
        let (short, kind) = (number(file, at, 4)?, file.get(at + 4..at + 8));
        let (head, length) = match short {
            0 => (8, (file.len() - at) as u64),
            1 => (16, number(file, at + 8, 8)?),
            length => (8, length),
        };
        let end = usize::try_from(length).ok().and_then(|length| at.checked_add(length));
        let end = end.filter(|end| *end <= file.len() && length >= head);
        let end = end.ok_or_else(|| PhotoError::damaged(say!("faces-jpeg-2000-box", at)))?;
        if kind == Some(b"jp2c") {
            if found.is_some() {
                return Err(PhotoError::Animated("JPEG 2000"));
            }
            found = Some(&file[at + head as usize..end]);
        }
        at = end;
    }
    found.ok_or_else(|| PhotoError::damaged(say!("faces-jpeg-2000-no-codestream")))
}

/// What the headers of a codestream ask for.
struct Asked {
    sides: [u64; 2],
    tiles: [u64; 2],
    colours: u64,
}

/// Sides, tiles and colours by the codestream's marker SIZ.
fn asked(stream: &[u8]) -> Result<Asked, PhotoError> {
    let side = |at: usize| number(stream, at, 4);
    let (mut sides, mut tiles) = ([0; 2], [0; 2]);
    for axis in 0..2 {
        let at = 8 + 4 * axis;
        let (grid, from, tile, tiles_from) = (side(at)?, side(at + 8)?, side(at + 16)?, side(at + 24)?);
        if from >= grid || tile == 0 || tiles_from > from {
            return Err(PhotoError::damaged(say!("faces-jpeg-2000-sizes")));
        }
        (sides[axis], tiles[axis]) = (grid - from, (grid - tiles_from).div_ceil(tile));
    }
    Ok(Asked { sides, tiles, colours: number(stream, 40, 2)? })
}

/// Packets that a coding style at `at` (its decomposition levels) with `layers` makes of one colour.
fn packets(stream: &[u8], at: usize, own_precincts: bool, layers: u64, asked: &Asked) -> Result<u64, PhotoError> {
    let levels = number(stream, at, 1)?;
    if levels > 32 {
        return Err(PhotoError::damaged(say!("faces-jpeg-2000-sizes")));
    }
    let mut all = 0u64;
    for resolution in 0..=levels {
        let sizes = if own_precincts { number(stream, at + 5 + resolution as usize, 1)? } else { 0xFF };
        let along = |axis: usize, size: u64| {
            let pixels = asked.sides[axis] >> (levels - resolution).min(63);
            (pixels >> size) + 1 + asked.tiles[axis]
        };
        all = all.saturating_add(along(0, sizes & 15).saturating_mul(along(1, sizes >> 4)));
    }
    Ok(all.saturating_mul(layers))
}

/// Refuses what asks for too much or is not there to its end.
fn check(stream: &[u8]) -> Result<(), PhotoError> {
    if !stream.starts_with(CODESTREAM) {
        return Err(PhotoError::damaged(say!("faces-jpeg-2000-no-codestream")));
    }
    let asked = asked(stream)?;
    let [width, height] = asked.sides.map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    acceptable(width, height)?;
    let tiles = asked.tiles[0].saturating_mul(asked.tiles[1]);
    let samples = u64::from(width) * u64::from(height) * asked.colours;
    if !(1..=5).contains(&asked.colours) || samples > MAX_SAMPLES {
        let (most, colours) = (MAX_SAMPLES / 1_000_000, asked.colours);
        return Err(PhotoError::Demanding(say!("faces-jpeg-2000-samples", width, height, colours, most)));
    }
    if tiles > MAX_TILES {
        return Err(PhotoError::Demanding(say!("faces-jpeg-2000-tiles", tiles, most = MAX_TILES)));
    }
    // Headers of the file, then of its tile-parts, which may set the coding style anew; between them is what is decoded.
    let (mut at, mut part_end, mut layers) = (2, None::<usize>, 1);
    loop {
        let marker = number(stream, at, 2)?;
        // The end; noughts may fill the box up behind it.
        if marker == 0xFFD9 {
            let nothing = stream.get(at + 2..).unwrap_or_default().iter().all(|b| *b == 0);
            return if nothing { Ok(()) } else { Err(PhotoError::damaged(say!("faces-jpeg-2000-behind"))) };
        }
        if marker == 0xFF93 {
            let end = part_end.take().ok_or_else(|| PhotoError::damaged(say!("faces-jpeg-2000-parts")))?;
            if end < at + 2 {
                return Err(PhotoError::damaged(say!("faces-jpeg-2000-parts")));
            }
            at = end;
            continue;
        }
        let length = number(stream, at + 2, 2)? as usize;
        match marker {
            0xFF90 => {
                let size = number(stream, at + 6, 4)? as usize;
                // 0: the last part goes to the end of the stream.
                let trimmed = stream.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
                let end = if size == 0 { trimmed.checked_sub(2) } else { at.checked_add(size) };
                let end = end.filter(|end| *end <= stream.len() && *end > at);
                part_end = Some(end.ok_or_else(|| PhotoError::damaged(say!("faces-end-missing")))?);
            }
            // COD: style, order, layers, colour transform, then levels.
            0xFF52 => {
                let style = number(stream, at + 4, 1)?;
                layers = number(stream, at + 6, 2)?;
                demanding(packets(stream, at + 9, style & 1 == 1, layers, &asked)?.saturating_mul(asked.colours))?;
            }
            // COC: one colour, then style and levels.
            0xFF53 => {
                let style = number(stream, at + 5, 1)?;
                demanding(packets(stream, at + 6, style & 1 == 1, layers, &asked)?)?;
            }
            _ => {}
        }
        if marker < 0xFF00 || length < 2 {
            return Err(PhotoError::damaged(say!("faces-jpeg-2000-parts")));
        }
        at += 2 + length;
    }
}

fn demanding(packets: u64) -> Result<(), PhotoError> {
    if packets > MAX_PACKETS {
        return Err(PhotoError::Demanding(say!("faces-jpeg-2000-packets", packets, most = MAX_PACKETS)));
    }
    Ok(())
}

/// The picture in sRGB.
pub(super) fn decode(file: &[u8]) -> Result<RgbImage, PhotoError> {
    check(codestream(file)?)?;
    // The library promises an error for whatever a file holds; should it fail otherwise, this file is what it costs.
    std::panic::catch_unwind(|| pixels(file))
        .unwrap_or_else(|_| Err(PhotoError::damaged(say!("faces-decoder-stopped"))))
}

fn pixels(file: &[u8]) -> Result<RgbImage, PhotoError> {
    let image = Image::new(file, &DecodeSettings::default()).map_err(PhotoError::damaged)?;
    let (width, height) = (image.width(), image.height());
    acceptable(width, height)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(PhotoError::damaged)?;
    let sized = || PhotoError::damaged(say!("faces-size-not-says"));
    let samples = u64::from(width) * u64::from(height);
    if decoded.components().iter().any(|c| c.samples().len() as u64 != samples) {
        return Err(sized());
    }
    let (data, channels) = (decoded.data_u8(), decoded.components().len());
    let mut rgb = match (channels, image.has_alpha()) {
        (1, _) => DynamicImage::from(GrayImage::from_raw(width, height, data).ok_or_else(sized)?).into_rgb8(),
        (2, true) => opaque(GrayAlphaImage::from_raw(width, height, data).ok_or_else(sized)?.into()),
        (3, _) => RgbImage::from_raw(width, height, data).ok_or_else(sized)?,
        (4, true) => opaque(RgbaImage::from_raw(width, height, data).ok_or_else(sized)?.into()),
        (4, false) => to_rgb(width, height, &data, Ink::Much).ok_or_else(sized)?,
        _ => return Err(PhotoError::damaged(say!("faces-no-colours"))),
    };
    if let ColorSpace::Icc { profile, num_channels: 3 } = image.color_space()
        && let Some(colours) = Colours::new(profile)
    {
        colours.apply(&mut rgb);
    }
    Ok(rgb)
}
