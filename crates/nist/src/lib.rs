//! ANSI/NIST-ITL files in traditional encoding (NIST SP 500-290e3, annex B): read and written.
//!
//! A file is a transaction of records. A record is a list of fields `type.number:value`, divided by [`GS`] and ended by
//! [`FS`]; a value is subfields divided by [`RS`] of items divided by [`US`]. The first field of every record is its
//! length in bytes; the image of a Type-10 record is its last field, 10.999, and holds any bytes. Only tagged records
//! are read (not the binary Types 3 to 8).
//!
//! **Invariant:** nothing is guessed. A file whose lengths, counts or separators do not agree is refused with the
//! position of the byte where they part.

use std::ops::Range;

use catalogue::say;

/// Ends a record.
pub const FS: u8 = 0x1C;
/// Divides fields.
pub const GS: u8 = 0x1D;
/// Divides subfields.
pub const RS: u8 = 0x1E;
/// Divides items.
pub const US: u8 = 0x1F;

/// Most records of a transaction: Type-1 counts with two digits for each type, and one of each is usual.
const MOST_RECORDS: usize = 1000;
/// Number of the field that holds an image.
const DATA: u32 = 999;

/// A file that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("booking-malformed-byte", position, reason))]
pub struct Malformed {
    /// Byte of the file, from 0.
    pub position: usize,
    /// What is wrong there.
    pub reason: String,
}

fn malformed<T>(position: usize, reason: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed { position, reason: reason.into() })
}

/// A record: its type and its fields in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Type, 1 to 99.
    pub kind: u32,
    fields: Vec<(u32, Vec<u8>)>,
}

impl Record {
    /// A record without fields.
    pub fn new(kind: u32) -> Self {
        Self { kind, fields: Vec::new() }
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, number: u32, value: impl Into<Vec<u8>>) -> Self {
        self.fields.push((number, value.into()));
        self
    }

    /// A field's bytes.
    pub fn field(&self, number: u32) -> Option<&[u8]> {
        self.fields.iter().find(|(n, _)| *n == number).map(|(_, value)| value.as_slice())
    }

    /// A field as text without blanks around it; `None` where it is missing, empty or no text.
    pub fn text(&self, number: u32) -> Option<&str> {
        let text = std::str::from_utf8(self.field(number)?).ok()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The image of a Type-10 record.
    pub fn image(&self) -> Option<&[u8]> {
        self.field(DATA)
    }
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Type-1 first.
    pub records: Vec<Record>,
}

/// Digits at `at`: a number and where it ends.
fn number(file: &[u8], at: usize, end: usize, what: &str) -> Result<(u32, usize), Malformed> {
    let digits = file[at..end].iter().take_while(|b| b.is_ascii_digit()).count();
    let text = std::str::from_utf8(&file[at..at + digits]).unwrap_or_default();
    match text.parse() {
        Ok(number) if digits <= 9 => Ok((number, at + digits)),
        _ => malformed(at, say!("booking-should-number", what)),
    }
}

/// The tag `type.number:` at `at`: both numbers and where the value begins.
fn tag(file: &[u8], at: usize, end: usize) -> Result<(u32, u32, usize), Malformed> {
    let (kind, dot) = number(file, at, end, say!("booking-record-type"))?;
    if file.get(dot) != Some(&b'.') || dot >= end {
        return malformed(dot, say!("booking-field-tag-should-like-10"));
    }
    let (field, colon) = number(file, dot + 1, end, say!("booking-field-number"))?;
    if file.get(colon) != Some(&b':') || colon >= end {
        return malformed(colon, say!("booking-field-tag-should-end-colon"));
    }
    Ok((kind, field, colon + 1))
}

/// The record that begins at `at`, and where it ends.
fn record(file: &[u8], at: usize) -> Result<(Record, usize), Malformed> {
    let (kind, first, value) = tag(file, at, file.len())?;
    if first != 1 {
        return malformed(at, say!("booking-record-should-begin-length-field"));
    }
    let (length, after) = number(file, value, file.len(), say!("booking-record-length"))?;
    let Some(end) = at.checked_add(length as usize).filter(|end| *end <= file.len()) else {
        return malformed(value, say!("booking-record-should-bytes-file-ends", length));
    };
    if length < 2 || file[end - 1] != FS {
        return malformed(end.saturating_sub(1), say!("booking-record-should-end-here-file"));
    }
    let last = end - 1;
    let mut fields = vec![(1, file[value..after].to_vec())];
    let mut at = after;
    while at < last {
        if file[at] != GS {
            return malformed(at, say!("booking-group-separator-should-stand-between"));
        }
        let (own, number, value) = tag(file, at + 1, last)?;
        if own != kind {
            return malformed(at + 1, say!("booking-field-type-stands-record-type", own, kind));
        }
        // Only the last field may hold separators: an image is any bytes.
        let ends = if number == DATA {
            last
        } else {
            file[value..last].iter().position(|b| *b == GS).map_or(last, |n| value + n)
        };
        if let Some(stray) = file[value..ends].iter().position(|b| *b == FS && number != DATA) {
            return malformed(value + stray, say!("booking-file-separator-stands-within-record"));
        }
        if fields.iter().any(|(known, _)| *known == number) {
            return malformed(
                at + 1,
                say!("booking-field-stands-twice-record", kind, number = format!("{:03}", number)),
            );
        }
        fields.push((number, file[value..ends].to_vec()));
        at = ends;
    }
    if at != last {
        return malformed(at, say!("booking-record-longer-than-fields"));
    }
    Ok((Record { kind, fields }, end))
}

/// What the contents field of a Type-1 record lists: types of the records that follow, in their order.
fn contents(first: &Record, at: &Range<usize>) -> Result<Vec<u32>, Malformed> {
    let field = first.field(3).unwrap_or_default();
    let items: Vec<Vec<&[u8]>> = field.split(|b| *b == RS).map(|sub| sub.split(|b| *b == US).collect()).collect();
    let read = |item: &[u8]| std::str::from_utf8(item).ok().and_then(|text| text.trim().parse::<u32>().ok());
    let listed: Option<Vec<u32>> = items.iter().skip(1).map(|sub| sub.first().and_then(|item| read(item))).collect();
    let count = items.first().and_then(|sub| Some((read(sub.first()?)?, read(sub.get(1)?)?)));
    match (count, listed) {
        (Some((1, count)), Some(listed)) if count as usize == listed.len() => Ok(listed),
        _ => malformed(at.start, say!("booking-field-1-003-does-not")),
    }
}

impl Transaction {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Malformed`], with the position.
    pub fn parse(file: &[u8]) -> Result<Self, Malformed> {
        let (first, mut at) = record(file, 0)?;
        if first.kind != 1 {
            return malformed(0, say!("booking-transaction-should-begin-type-1"));
        }
        let listed = contents(&first, &(0..at))?;
        let mut records = vec![first];
        for kind in &listed {
            if at >= file.len() {
                return malformed(
                    at,
                    say!("booking-field-1-003-lists-records", listed = listed.len(), records = records.len() - 1),
                );
            }
            if (3..=8).contains(kind) {
                return malformed(at, say!("booking-binary-record-type-not-supported", kind));
            }
            let (next, end) = record(file, at)?;
            if next.kind != *kind {
                return malformed(at, say!("booking-field-1-003-lists-record", kind, kind2 = next.kind));
            }
            if next.text(2).is_none_or(|idc| idc.parse::<u8>().is_err()) {
                return malformed(at, say!("booking-field-002-should-number-record"));
            }
            records.push(next);
            at = end;
            if records.len() > MOST_RECORDS {
                return malformed(at, say!("booking-more-than-records", most_records = MOST_RECORDS));
            }
        }
        if at != file.len() {
            return malformed(at, say!("booking-bytes-stand-behind-last-record"));
        }
        Ok(Self { records })
    }

    /// Writes a file: lengths, contents and record numbers are made here.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut listed = format!("1{}{}", char::from(US), self.records.len().saturating_sub(1)).into_bytes();
        for (number, record) in self.records.iter().skip(1).enumerate() {
            listed.push(RS);
            listed.extend(format!("{}{}{number:02}", record.kind, char::from(US)).bytes());
        }
        let mut file = Vec::new();
        for (at, record) in self.records.iter().enumerate() {
            let mut body = Vec::new();
            let mut put = |number: u32, value: &[u8]| {
                body.push(GS);
                body.extend(format!("{}.{number:03}:", record.kind).bytes());
                body.extend(value);
            };
            // The transaction's contents, or the record's number; an image is last, because it may hold anything.
            let made = if at == 0 { (3, listed.clone()) } else { (2, format!("{:02}", at - 1).into_bytes()) };
            let mut fields: Vec<&(u32, Vec<u8>)> =
                record.fields.iter().filter(|(n, _)| *n != 1 && *n != made.0).chain([&made]).collect();
            fields.sort_by_key(|(n, _)| (*n == DATA, *n));
            for (number, value) in fields {
                put(*number, value);
            }
            let head = format!("{}.001:", record.kind);
            // The length counts its own digits.
            let without = head.len() + body.len() + 1;
            let mut length = without + 1;
            while without + length.to_string().len() != length {
                length = without + length.to_string().len();
            }
            file.extend(head.bytes());
            file.extend(length.to_string().bytes());
            file.extend(body);
            file.push(FS);
        }
        file
    }

    /// Records of a type.
    pub fn of(&self, kind: u32) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn booking(image: Vec<u8>) -> Transaction {
        let header = Record::new(1)
            .with(2, "0500")
            .with(4, "BOOK")
            .with(5, "20240531")
            .with(7, "CAREGION0")
            .with(8, "CA0190000")
            .with(9, "T-1");
        let person = Record::new(2).with(15, "CA12345678");
        let face =
            Record::new(10).with(3, "FACE").with(4, "CA0190000").with(5, "20240530").with(11, "JPEGB").with(999, image);
        Transaction { records: vec![header, person, face] }
    }

    #[test]
    fn a_written_file_is_read_as_it_was() {
        // An image that holds every separator and a false tag.
        let image = b"\xFF\xD8\x1C\x1D10.020:F\x1E\x1F\x1C\xFF\xD9".to_vec();
        let file = booking(image.clone()).to_bytes();
        let read = Transaction::parse(&file).expect("read");
        assert_eq!(read.records.len(), 3);
        assert_eq!(read.of(10).next().and_then(Record::image), Some(image.as_slice()));
        assert_eq!(read.of(2).next().and_then(|r| r.text(15)), Some("CA12345678"));
        assert_eq!(read.records[0].field(3), Some(&b"1\x1F2\x1E2\x1F00\x1E10\x1F01"[..]));
        assert_eq!(read.to_bytes(), file);
    }

    #[test]
    fn what_does_not_agree_is_refused_where_it_parts() {
        let file = booking(vec![1, 2, 3]).to_bytes();
        let refused = |file: &[u8]| Transaction::parse(file).expect_err("refused");
        let first = file.iter().position(|b| *b == FS).expect("a record's end");
        assert_eq!(refused(b"").position, 0);
        assert_eq!(refused(&file[..first + 1]).position, first + 1, "records are missing");
        assert!(refused(&file[..file.len() - 1]).reason.contains("ends before"));
        assert_eq!(refused(&[file.as_slice(), b"x"].concat()).position, file.len());
        let wrong_type = String::from_utf8_lossy(&file).replace("2.015:", "3.015:").into_bytes();
        assert!(refused(&wrong_type).reason.contains("type 3 stands in a record of type 2"));
        let twice = Transaction { records: vec![Record::new(1).with(2, "0500").with(4, "A").with(4, "B")] };
        assert!(refused(&twice.to_bytes()).reason.contains("twice"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_make_it_panic_and_what_is_read_is_whole(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            cut in any::<prop::sample::Index>(),
            whole in any::<bool>(),
        ) {
            let mut file = booking(b"\xFF\xD8 image \x1D\x1C".to_vec()).to_bytes();
            for (at, byte) in changes {
                let at = at.index(file.len());
                file[at] = byte;
            }
            if !whole {
                file.truncate(cut.index(file.len()));
            }
            match Transaction::parse(&file) {
                Err(refused) => prop_assert!(refused.position <= file.len()),
                Ok(read) => prop_assert_eq!(Transaction::parse(&read.to_bytes()).map(|t| t.records.len()), Ok(read.records.len())),
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(prop_oneof![Just(FS), Just(GS), Just(b'.'), Just(b':'), b'0'..=b'9', any::<u8>()], 0..200)) {
            drop(Transaction::parse(&bytes));
        }
    }
}
