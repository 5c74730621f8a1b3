//! Any bytes as a file: refused or decoded, never a crash, at every scale that the program asks for.
#![no_main]

use faces::Photo;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(photo) = Photo::decode(bytes) {
        let (width, height) = photo.dimensions();
        assert!(u64::from(width) * u64::from(height) <= faces::MAX_PIXELS);
        for side in [64, 112, 640] {
            if let Ok(pixels) = photo.fitted(side) {
                assert!(pixels.width().max(pixels.height()) <= side.max(width.max(height).min(side)));
            }
        }
    }
});
