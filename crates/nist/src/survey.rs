//! A walk through a file of any size: where each record lies, and the text of those that say whom it shows.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use catalogue::say;

use crate::tagged::{Head, Unread};
use crate::{Charset, DATA, FS, MOST_IMAGE, MOST_RECORDS, MOST_TEXT, Malformed, RS, Record, US, is_binary};

/// Types whose fields are read; others are passed over by their length.
const READ: [u32; 4] = [1, 2, 10, 99];
/// Bytes of a record that are looked at first; most records' text is shorter.
const FIRST: u64 = 4096;
/// What a field costs besides its value: so many empty ones are no way around the limit.
const FIELD: u64 = 32;
/// Longest tag and length of a record: `99.001:` and nine digits.
const LENGTH: u64 = 64;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be read.
    #[error("{}", say!("booking-cannot-read", what = _0))]
    Io(#[from] io::Error),
    /// It is no file of this kind, or does not agree with itself.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// A record of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the file, with the record's last separator.
    pub range: Range<u64>,
    /// Type and text. Of records that were passed over only the type is known, and of binary ones the number.
    pub record: Record,
    /// Bytes of the file that hold the record's data (field 999), where its fields were read.
    pub data: Option<Range<u64>>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Records in their order, Type-1 first.
    pub places: Vec<Place>,
    /// Bytes of the file behind the last record: blanks and NUL only.
    pub rest: Range<u64>,
    /// What the text is written in.
    pub charset: Charset,
}

/// Bytes of a range of a file; fewer where it ends before.
fn bytes(source: &mut (impl Read + Seek), range: Range<u64>) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(range.start))?;
    let mut bytes = Vec::new();
    source.take(range.end.saturating_sub(range.start)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

struct Walk<'a, R> {
    source: &'a mut R,
    length: u64,
    /// Bytes of text that may still be kept.
    text: u64,
    /// Where the contents field of the Type-1 record lies.
    contents: u64,
}

impl<R: Read + Seek> Walk<'_, R> {
    fn bytes(&mut self, at: u64, most: u64) -> io::Result<Vec<u8>> {
        bytes(self.source, at..self.length.min(at.saturating_add(most)))
    }

    /// The tagged record that begins at `at`.
    fn tagged(&mut self, at: u64) -> Result<Place, ReadError> {
        let start = self.bytes(at, LENGTH)?;
        // The length is looked for within what there is.
        let head = Head { bytes: &start, at, length: start.len() as u64 };
        let (kind, length, digits) = head.length().map_err(|unread| match unread {
            Unread::Bad(bad) => bad,
            Unread::More => Malformed::at(at + start.len() as u64, say!("booking-record-length")),
        })?;
        let bad = |position: u64, reason: String| Malformed::at(position, reason).field(1).record_kind(kind);
        let ends = at + length;
        if ends > self.length {
            let reason = say!("booking-record-should-bytes-file-ends", length, there = self.length - at);
            return Err(bad(at + digits.start as u64, reason).into());
        }
        // Shorter than its own first field and separator.
        if length < digits.end as u64 + 1 || self.bytes(ends - 1, 1)? != [FS] {
            let position = (at + length).saturating_sub(1).max(at);
            return Err(bad(position, say!("booking-record-should-end-here-file", length)).into());
        }
        let mut place = Place { range: at..ends, record: Record::new(kind), data: None };
        if READ.contains(&kind) {
            self.read(&mut place, digits).map_err(|error| match error {
                ReadError::Malformed(bad) => ReadError::Malformed(bad.record_kind(kind)),
                other => other,
            })?;
        }
        Ok(place)
    }

    /// Reads the text of a record; its data is left where it lies.
    fn read(&mut self, place: &mut Place, digits: Range<usize>) -> Result<(), ReadError> {
        let (at, length) = (place.range.start, place.range.end - place.range.start);
        let mut most = FIRST;
        let (start, fields) = loop {
            let start = self.bytes(at, most.min(length))?;
            match (Head { bytes: &start, at, length }).fields(place.record.kind, digits.end) {
                Ok(fields) => break (start, fields),
                Err(Unread::Bad(bad)) => return Err(bad.into()),
                Err(Unread::More) if most >= length => {
                    let reason = say!("booking-record-longer-than-fields").to_owned();
                    return Err(Malformed::at(place.range.end - 1, reason).into());
                }
                Err(Unread::More) if most >= self.text => {
                    let reason = say!("booking-more-text", most = MOST_TEXT >> 20);
                    return Err(Malformed::at(at + self.text, reason).into());
                }
                Err(Unread::More) => most = (most * 8).min(self.text.max(FIRST)),
            }
        };
        let record = std::mem::replace(&mut place.record, Record::new(0));
        place.record = record.with(1, &start[digits]);
        for (number, range) in fields {
            if number == DATA {
                place.data = Some(range);
                continue;
            }
            if (place.record.kind, number) == (1, 3) {
                self.contents = range.start;
            }
            // An empty field is kept, too.
            let size = range.end - range.start + FIELD;
            self.text = self.text.checked_sub(size).ok_or_else(|| {
                Malformed::at(range.start, say!("booking-more-text", most = MOST_TEXT >> 20)).field(number)
            })?;
            let value = start.get((range.start - at) as usize..(range.end - at) as usize).unwrap_or_default();
            place.record = std::mem::replace(&mut place.record, Record::new(0)).with(number, value);
        }
        Ok(())
    }

    /// The binary record of a type that begins at `at`: its length is declared, and what it holds is not looked at.
    fn binary(&mut self, at: u64, kind: u32) -> Result<Place, ReadError> {
        let bad = |position: u64, reason: String| Malformed::at(position, reason).field(1).record_kind(kind);
        let start = self.bytes(at, 5)?;
        let [a, b, c, d, idc] = start[..] else {
            return Err(bad(at, say!("booking-record-should-bytes-file-ends", length = 5, there = start.len())).into());
        };
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        // Length and number; then impression, six fingers, resolution, two sides and compression of a fingerprint;
        // kind, representation, resolution and two sides of a signature; Type-7 is its user's own.
        let least = match kind {
            7 => 5,
            8 => 12,
            _ => 18,
        };
        if length < least {
            return Err(bad(at, say!("booking-binary-record-shorter", length, least, kind)).into());
        }
        if length > self.length - at {
            let reason = say!("booking-record-should-bytes-file-ends", length, there = self.length - at);
            return Err(bad(at, reason).into());
        }
        let record = Record { idc: Some(idc), ..Record::new(kind) };
        Ok(Place { range: at..at + length, record, data: None })
    }

    /// Whether a record of a binary type is written with tags all the same, as some systems write Type-7.
    fn has_tags(&mut self, at: u64, kind: u32) -> io::Result<bool> {
        let start = self.bytes(at, 6)?;
        Ok(start == format!("{kind}.001:").as_bytes())
    }
}

impl Malformed {
    /// Names the type; the number of the record is filled in by who counts.
    fn record_kind(self, kind: u32) -> Self {
        self.record(0, Some(kind))
    }

    fn numbered(mut self, number: usize, listed: u32) -> Self {
        let kind = self.record.and_then(|(_, kind)| kind).or(Some(listed));
        self.record = Some((number, kind));
        self
    }
}

/// What the contents field of a Type-1 record lists: types of the records that follow, in their order.
fn contents(first: &Record) -> Result<Vec<u32>, String> {
    let read = |item: &[u8]| std::str::from_utf8(item).ok().and_then(|text| text.trim().parse::<u32>().ok());
    let mut lists = first.values(3);
    let (field, None) = (lists.next().unwrap_or_default(), lists.next()) else {
        return Err(say!("booking-field-1-003-does-not").to_owned());
    };
    // Some systems divide the last subfield from nothing.
    let field = field.strip_suffix(&[RS]).unwrap_or(field);
    let mut subfields = field.split(|b| *b == RS).map(|sub| sub.split(|b| *b == US).map(read));
    let head: Vec<Option<u32>> = subfields.next().map(Iterator::collect).unwrap_or_default();
    let (Some(Some(1)), Some(Some(count))) = (head.first(), head.get(1)) else {
        return Err(say!("booking-field-1-003-does-not").to_owned());
    };
    if *count as usize > MOST_RECORDS {
        return Err(say!("booking-more-than-records", count, most_records = MOST_RECORDS));
    }
    let listed: Vec<Option<u32>> = subfields.map(|mut sub| sub.next().flatten()).take(MOST_RECORDS + 1).collect();
    if listed.len() != *count as usize {
        return Err(say!("booking-field-1-003-counts", count, listed = listed.len()));
    }
    let known = |kind: Option<u32>| kind.filter(|kind| (2..=99).contains(kind));
    listed.into_iter().map(known).collect::<Option<_>>().ok_or_else(|| say!("booking-field-1-003-does-not").to_owned())
}

impl Survey {
    /// Walks through a file. What is kept is text alone, at most [`MOST_TEXT`], whatever the file's size.
    ///
    /// # Errors
    /// [`ReadError`]; what does not agree is named by record, field and byte.
    pub fn of(source: &mut (impl Read + Seek)) -> Result<Self, ReadError> {
        let length = source.seek(SeekFrom::End(0))?;
        let mut walk = Walk { source, length, text: MOST_TEXT, contents: 0 };
        let start = walk.bytes(0, 64)?;
        let shown = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start).trim_ascii_start();
        if shown.starts_with(b"<") {
            return Err(Malformed::at(0, say!("booking-xml")).into());
        }
        let first = walk.tagged(0).map_err(|e| numbered(e, 1, 1))?;
        if first.record.kind != 1 {
            return Err(Malformed::at(0, say!("booking-transaction-should-begin-type-1")).record(1, None).into());
        }
        let listed = contents(&first.record)
            .map_err(|reason| Malformed::at(walk.contents, reason).field(3).record(1, Some(1)))?;
        let charset = first.record.charset();
        let mut at = first.range.end;
        let mut places = vec![first];
        for kind in &listed {
            let number = places.len() + 1;
            let bad = |reason: String| Malformed::at(at, reason).record(number, Some(*kind));
            if at >= length {
                let reason =
                    say!("booking-field-1-003-lists-records", listed = listed.len(), records = places.len() - 1);
                return Err(bad(reason).into());
            }
            let place =
                if is_binary(*kind) && !walk.has_tags(at, *kind)? { walk.binary(at, *kind) } else { walk.tagged(at) };
            let place = place.map_err(|e| numbered(e, number, *kind))?;
            if place.record.kind != *kind {
                return Err(bad(say!("booking-field-1-003-lists-record", kind, kind2 = place.record.kind)).into());
            }
            at = place.range.end;
            places.push(place);
        }
        // Tapes and mail fill files up; anything else behind the last record was meant for somebody.
        let mut behind = at;
        while behind < length {
            let some = walk.bytes(behind, FIRST)?;
            if let Some(n) = some.iter().position(|b| !matches!(b, 0 | b' ' | b'\r' | b'\n' | b'\t' | 0x1A)) {
                return Err(Malformed::at(behind + n as u64, say!("booking-bytes-stand-behind-last-record")).into());
            }
            behind += some.len().max(1) as u64;
        }
        Ok(Self { places, rest: at..length, charset })
    }

    /// Records of a type.
    pub fn of_kind(&self, kind: u32) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.record.kind == kind)
    }

    /// The first item of a field of a record as text.
    pub fn text(&self, record: &Record, number: u32) -> Option<String> {
        record.text(number, self.charset)
    }
}

impl Place {
    /// Reads the data of a record out of the file that it was found in.
    ///
    /// # Errors
    /// As [`read_range`].
    pub fn read_data(&self, source: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
        self.data.as_ref().map(|range| read_range(source, range)).transpose()
    }
}

/// Reads a range of a file, all of it.
///
/// # Errors
/// When the file cannot be read, ends before, or the range is larger than [`MOST_IMAGE`].
pub fn read_range(source: &mut (impl Read + Seek), range: &Range<u64>) -> io::Result<Vec<u8>> {
    let size = range.end.saturating_sub(range.start);
    if size > MOST_IMAGE {
        return Err(io::Error::other(say!("booking-image-too-large", most = MOST_IMAGE >> 20)));
    }
    let read = bytes(source, range.clone())?;
    if read.len() as u64 == size { Ok(read) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn numbered(error: ReadError, number: usize, listed: u32) -> ReadError {
    match error {
        ReadError::Malformed(bad) => bad.numbered(number, listed).into(),
        other => other,
    }
}
