//! Kinds of photographs that booking systems send: JPEG 2000 and JPEG in four inks, and those that attack a decoder.

use faces::Photo;
use turbojpeg::{Compressor, Image, PixelFormat};

/// What a JP2 file begins with.
const BOXES: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n";

/// A codestream of grey without any detail: one empty packet a tile, resolution and colour.
struct Plain {
    grid: [u32; 2],
    from: [u32; 2],
    tile: [u32; 2],
    colours: u16,
    layers: u16,
    /// Size of the precincts as powers of two; the largest where none is named.
    precincts: Option<u8>,
}

impl Plain {
    fn new(width: u32, height: u32) -> Self {
        let sides = [width, height];
        Self { grid: sides, from: [0, 0], tile: sides, colours: 3, layers: 1, precincts: None }
    }

    fn stream(&self) -> Vec<u8> {
        let colours = (0..self.colours).flat_map(|_| [7, 1, 1]);
        let sides = [self.grid, self.from, self.tile, [0, 0]].concat().into_iter().flat_map(u32::to_be_bytes);
        let sizes: Vec<u8> = [0, 0].into_iter().chain(sides).chain(self.colours.to_be_bytes()).chain(colours).collect();
        let style = u8::from(self.precincts.is_some());
        let [high, low] = self.layers.to_be_bytes();
        let mut coding = vec![style, 0, high, low, 0, 1, 4, 4, 0, 1];
        coding.extend(self.precincts.into_iter().flat_map(|p| [p, p]));
        let marker =
            |marker: u8, body: &[u8]| [&[0xFF, marker], &(body.len() as u16 + 2).to_be_bytes()[..], body].concat();
        // No guard bits to speak of, reversible, four subbands of eight bits.
        let quantised = [0x40, 0x40, 0x48, 0x48, 0x50];
        let packets = vec![0; 2 * usize::from(self.colours)];
        let part = 14 + packets.len() as u32;
        let tile = [&[0, 0][..], &part.to_be_bytes(), &[0, 1]].concat();
        [
            vec![0xFF, 0x4F],
            marker(0x51, &sizes),
            marker(0x52, &coding),
            marker(0x5C, &quantised),
            marker(0x90, &tile),
            vec![0xFF, 0x93],
            packets,
            vec![0xFF, 0xD9],
        ]
        .concat()
    }
}

fn boxed(stream: &[u8]) -> Vec<u8> {
    let made = |kind: &[u8; 4], body: &[u8]| [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat();
    let sizes = [0, 0, 0, 20, 0, 0, 0, 30, 0, 3, 7, 7, 0, 0];
    let colours = [1, 0, 0, 0, 0, 0, 16];
    let header = [made(b"ihdr", &sizes), made(b"colr", &colours)].concat();
    [BOXES, &made(b"ftyp", b"jp2 \0\0\0\0jp2 "), &made(b"jp2h", &header), &made(b"jp2c", stream)].concat()
}

fn code(bytes: &[u8]) -> &'static str {
    Photo::decode(bytes).map(|p| p.dimensions()).expect_err("refused").code()
}

#[test]
fn a_codestream_is_read_bare_and_in_boxes() {
    let plain = Plain::new(30, 20);
    for bytes in [plain.stream(), boxed(&plain.stream())] {
        let photo = Photo::decode(&bytes).expect("it decodes");
        assert_eq!((photo.dimensions(), photo.format()), ((30, 20), "JPEG 2000"));
        let grey = photo.fitted(u32::MAX).expect("decoded").get_pixel(7, 7).0;
        assert!(grey.iter().all(|c| c.abs_diff(128) < 2), "{grey:?}");
    }
}

#[test]
fn what_asks_for_too_much_is_refused_before_it_is_decoded() {
    let of = |change: &dyn Fn(&mut Plain)| {
        let mut plain = Plain::new(300, 200);
        change(&mut plain);
        plain.stream()
    };
    let started = std::time::Instant::now();
    assert_eq!(code(&of(&|p| p.grid = [u32::MAX, u32::MAX])), "too-large");
    assert_eq!(code(&of(&|p| p.grid = [60_000, 50_000])), "too-large");
    assert_eq!(code(&of(&|p| p.grid = [7000, 6000])), "too-demanding");
    assert_eq!(code(&of(&|p| p.colours = 16_384)), "too-demanding");
    assert_eq!(code(&of(&|p| p.tile = [1, 1])), "too-demanding");
    assert_eq!(code(&of(&|p| (p.grid, p.from) = ([u32::MAX; 2], [u32::MAX - 300; 2]))), "too-demanding");
    assert_eq!(code(&of(&|p| p.layers = 65_535)), "too-demanding");
    assert_eq!(code(&of(&|p| (p.grid, p.precincts) = ([3000, 3000], Some(0)))), "too-demanding");
    assert_eq!(code(&of(&|p| p.tile = [0, 0])), "damaged");
    assert_eq!(code(&of(&|p| p.from = [300, 0])), "damaged");
    assert!(started.elapsed().as_secs() < 5, "nothing was decoded");
}

#[test]
fn what_is_cut_or_lies_is_refused() {
    let whole = boxed(&Plain::new(30, 20).stream());
    for end in 12..whole.len() {
        assert!(Photo::decode(&whole[..end]).is_err(), "{end}");
    }
    let twice = [&whole[..], &whole[whole.len() - 40..]].concat();
    assert!(Photo::decode(&twice).is_err());
    let stream = Plain::new(30, 20).stream();
    let part = stream.windows(2).position(|w| w == [0xFF, 0x90]).expect("a tile-part") + 6;
    for length in [1u32, 13, 19, 4000, u32::MAX] {
        let mut lying = stream.clone();
        lying[part..part + 4].copy_from_slice(&length.to_be_bytes());
        assert_eq!(code(&lying), "damaged", "{length}");
    }
    // 0 is to the end.
    let mut last = stream.clone();
    last[part..part + 4].copy_from_slice(&[0; 4]);
    assert!(Photo::decode(&last).is_ok());
}

/// Left half red, right half dark grey, in inks as Adobe writes them.
fn inks(width: usize, height: usize) -> Vec<u8> {
    let pixel = |n: usize| if n % width < width / 2 { [255, 0, 0, 255] } else { [255, 255, 255, 80] };
    let pixels: Vec<u8> = (0..width * height).flat_map(pixel).collect();
    let image = Image { pixels: &pixels[..], width, pitch: 4 * width, height, format: PixelFormat::CMYK };
    let mut compressor = Compressor::new().expect("a compressor");
    compressor.set_quality(95).expect("set");
    compressor.set_subsamp(turbojpeg::Subsamp::None).expect("set");
    compressor.compress_to_vec(image).expect("compressed")
}

#[test]
fn four_inks_are_shown_as_they_are_meant() {
    let bytes = inks(64, 32);
    let photo = Photo::decode(&bytes).expect("it decodes");
    assert_eq!((photo.dimensions(), photo.format()), ((64, 32), "JPEG"));
    let pixels = photo.fitted(u32::MAX).expect("decoded");
    let near = |x: u32, wanted: [u8; 3]| {
        let found = pixels.get_pixel(x, 16).0;
        assert!(found.iter().zip(wanted).all(|(f, w)| f.abs_diff(w) < 8), "{found:?} for {wanted:?}");
    };
    near(12, [255, 0, 0]);
    near(52, [80, 80, 80]);
    // It cannot be stored as it is, and goes through the decoder.
    assert!(!Photo::is_plain(&bytes) && photo.upright_jpeg().is_none());
    assert!(Photo::decode(&bytes[..bytes.len() / 2]).is_err());
}

#[test]
fn adobes_marker_is_no_plain_photograph_and_no_other_picture() {
    let mut plain = std::io::Cursor::new(Vec::new());
    let scene = image::RgbImage::from_fn(64, 32, |x, _| image::Rgb([if x < 32 { 240 } else { 20 }, 90, 60]));
    scene.write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
    let plain = plain.into_inner();
    // Version, two flags, and the transform: YCbCr.
    let marker = [&b"\xFF\xEE\x00\x0EAdobe"[..], &[0, 100, 0, 0, 0, 0, 1]].concat();
    let marked = [&plain[..2], &marker, &plain[2..]].concat();
    assert!(Photo::is_plain(&plain) && !Photo::is_plain(&marked));
    let pixels = |bytes: &[u8]| Photo::decode(bytes).unwrap().fitted(u32::MAX).unwrap();
    assert_eq!(pixels(&marked), pixels(&plain));
}
