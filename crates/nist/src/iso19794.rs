//! ISO/IEC 19794-5 face records, of 2005 (version `010`, which INCITS 385 shares) and of 2011 (version `030`): where the
//! photographs lie. Numbers are unsigned, most significant byte first.

use std::ops::Range;

use catalogue::say;

use crate::{MOST_RECORDS, Malformed};

/// What a face record begins with.
pub const MAGIC: &[u8; 4] = b"FAC\0";

/// A photograph of a face record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photograph {
    /// Bytes of the record that hold the image: JPEG or JPEG 2000, as the image itself says.
    pub image: Range<usize>,
    /// Day of the capture, `YYYY-MM-DD`; only the 2011 layout has one, and it may be left out (0 or 65535).
    pub captured_on: Option<String>,
}

/// A position in a record, never beyond `end`.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl Cursor<'_> {
    fn number(&mut self, size: usize, what: &str) -> Result<usize, Malformed> {
        let from = self.at;
        self.skip(size, what)?;
        Ok(self.bytes[from..self.at].iter().fold(0, |n, b| n << 8 | usize::from(*b)))
    }

    fn skip(&mut self, size: usize, what: &str) -> Result<(), Malformed> {
        match self.at.checked_add(size).filter(|to| *to <= self.end) {
            Some(to) => self.at = to,
            None => {
                let left = self.end.saturating_sub(self.at);
                return Err(Malformed::at(self.at as u64, say!("booking-face-block-ends", what, size, left)));
            }
        }
        Ok(())
    }
}

/// The photographs of a face record that fills `bytes`.
///
/// # Errors
/// [`Malformed`] with the byte within the record: lengths beyond the record or the block that they stand in, counts that
/// are not there, versions that are not known.
pub fn photographs(bytes: &[u8]) -> Result<Vec<Photograph>, Malformed> {
    let mut all = Cursor { bytes, at: 0, end: bytes.len() };
    all.skip(4, say!("booking-face-part-format"))?;
    if !bytes.starts_with(MAGIC) {
        return Err(Malformed::at(0, say!("booking-face-magic")));
    }
    all.skip(4, say!("booking-face-part-version"))?;
    let recent = match &bytes[4..8] {
        b"010\0" => false,
        b"030\0" => true,
        _ => return Err(Malformed::at(4, say!("booking-face-version"))),
    };
    let length = all.number(4, say!("booking-face-part-length"))?;
    if length != bytes.len() {
        return Err(Malformed::at(8, say!("booking-face-length", length, there = bytes.len())));
    }
    let count = all.number(2, say!("booking-face-part-count"))?;
    if count == 0 || count > MOST_RECORDS {
        return Err(Malformed::at(12, say!("booking-face-count", count, most_records = MOST_RECORDS)));
    }
    // Certification flag and temporal semantics.
    let certified = recent && all.number(1, say!("booking-face-part-certification"))? != 0;
    if recent {
        all.skip(2, say!("booking-face-part-semantics"))?;
    }
    let mut found = Vec::new();
    for number in 1..=count {
        let from = all.at;
        let placed = |bad: Malformed| bad.record(number, None);
        let size = all.number(4, say!("booking-face-part-block-length")).map_err(placed)?;
        let end = from.checked_add(size).filter(|end| *end <= all.end && size > 4);
        let Some(end) = end else {
            let there = all.end - from;
            return Err(placed(Malformed::at(from as u64, say!("booking-face-block", length = size, there))));
        };
        let mut block = Cursor { bytes, at: all.at, end };
        found.push(if recent { of_2011(&mut block, certified) } else { of_2005(&mut block) }.map_err(placed)?);
        all.at = end;
    }
    if all.at != bytes.len() {
        return Err(Malformed::at(all.at as u64, say!("booking-bytes-stand-behind-last-record")));
    }
    Ok(found)
}

/// Facial information (the length was read), feature points of eight bytes, image information, image.
fn of_2005(block: &mut Cursor<'_>) -> Result<Photograph, Malformed> {
    let points = block.number(2, say!("booking-face-part-points"))?;
    block.skip(14, say!("booking-face-part-information"))?;
    block.skip(points * 8, say!("booking-face-part-points"))?;
    block.skip(12, say!("booking-face-part-image-information"))?;
    Ok(Photograph { image: image(block, block.end)?, captured_on: None })
}

/// Capture date, device, quality blocks of five bytes, certification blocks of three, facial information, landmarks of
/// eight, image information, and the image behind its length.
fn of_2011(block: &mut Cursor<'_>, certified: bool) -> Result<Photograph, Malformed> {
    let (year, month, day) = (
        block.number(2, say!("booking-face-part-date"))?,
        block.number(1, say!("booking-face-part-date"))?,
        block.number(1, say!("booking-face-part-date"))?,
    );
    block.skip(5 + 5, say!("booking-face-part-device"))?;
    let qualities = block.number(1, say!("booking-face-part-quality"))?;
    block.skip(qualities * 5, say!("booking-face-part-quality"))?;
    if certified {
        let certifications = block.number(1, say!("booking-face-part-certifications"))?;
        block.skip(certifications * 3, say!("booking-face-part-certifications"))?;
    }
    let points = block.number(2, say!("booking-face-part-landmarks"))?;
    block.skip(15, say!("booking-face-part-information"))?;
    block.skip(points * 8, say!("booking-face-part-landmarks"))?;
    block.skip(11, say!("booking-face-part-image-information"))?;
    let at = block.at;
    let size = block.number(4, say!("booking-face-part-image-length"))?;
    let end = block.at.checked_add(size).filter(|end| *end <= block.end);
    let end = end.ok_or_else(|| {
        Malformed::at(
            at as u64,
            say!("booking-face-block-ends", what = say!("booking-face-part-image"), size, left = block.end - block.at),
        )
    })?;
    let real = (1..=12).contains(&month) && (1..=31).contains(&day) && (1800..=9999).contains(&year);
    let captured_on = real.then(|| format!("{year:04}-{month:02}-{day:02}"));
    // What stands behind the image is its 3D shape, which is not read.
    Ok(Photograph { image: image(block, end)?, captured_on })
}

fn image(block: &Cursor<'_>, end: usize) -> Result<Range<usize>, Malformed> {
    if block.at >= end {
        return Err(Malformed::at(block.at as u64, say!("booking-face-no-image")));
    }
    Ok(block.at..end)
}
