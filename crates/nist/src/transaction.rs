//! A whole file, in memory: read, edited, written.

use std::io::Cursor;

use crate::tagged::Head;
use crate::{Charset, DATA, FS, GS, Malformed, RS, ReadError, Record, Survey, US, is_binary};

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Type-1 first.
    pub records: Vec<Record>,
    /// Types that the Type-1 record lists as it was read; what was taken out or put in differs from it.
    listed: Vec<u32>,
    /// What stood behind the last record.
    rest: Vec<u8>,
}

impl Transaction {
    /// A transaction of `records`, Type-1 first.
    pub fn new(records: Vec<Record>) -> Self {
        Self { records, listed: Vec::new(), rest: Vec::new() }
    }

    /// Reads a file. Fields of all tagged records are there; where those of a record that is only passed over (other
    /// than Types 1, 2, 10 and 99) do not agree, it has none and is kept as it is.
    ///
    /// # Errors
    /// [`Malformed`], with the position.
    pub fn parse(file: &[u8]) -> Result<Self, Malformed> {
        let survey = Survey::of(&mut Cursor::new(file)).map_err(|error| match error {
            ReadError::Malformed(bad) => bad,
            // Memory is always read.
            ReadError::Io(e) => Malformed::at(0, e.to_string()),
        })?;
        let records: Vec<Record> = survey
            .places
            .iter()
            .map(|place| {
                let (from, to) = (place.range.start as usize, place.range.end as usize);
                let bytes = file[from..to].to_vec();
                let idc = place.record.idc;
                let fields = if idc.is_some() { Vec::new() } else { fields(&bytes) };
                Record { kind: place.record.kind, bytes, fields, as_read: true, idc }
            })
            .collect();
        let listed = records.iter().skip(1).map(|record| record.kind).collect();
        let rest = file[survey.rest.start as usize..].to_vec();
        Ok(Self { records, listed, rest })
    }

    /// Writes a file. Records that were read and not changed are written as they were, byte for byte; of others lengths
    /// and numbers are made here, and the contents where they changed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let kinds = self.records.iter().skip(1).map(|record| record.kind);
        let same = self.records.first().is_some_and(|first| first.as_read)
            && kinds.eq(self.listed.iter().copied())
            && self.records.iter().all(|record| record.as_read);
        let mut listed = format!("1{}{}", char::from(US), self.records.len().saturating_sub(1)).into_bytes();
        for (number, record) in self.records.iter().skip(1).enumerate() {
            let idc = record.idc().map_or(number, usize::from);
            listed.push(RS);
            listed.extend(format!("{}{}{idc:02}", record.kind, char::from(US)).bytes());
        }
        let mut file = Vec::new();
        for (at, record) in self.records.iter().enumerate() {
            if record.as_read && (at > 0 || same) {
                file.extend_from_slice(&record.bytes);
            } else if at == 0 {
                write(record, (3, &listed), &mut file);
            } else {
                let idc = record.idc().map_or(at - 1, usize::from);
                write(record, (2, format!("{idc:02}").as_bytes()), &mut file);
            }
        }
        file.extend_from_slice(&self.rest);
        file
    }

    /// Records of a type.
    pub fn of(&self, kind: u32) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.kind == kind)
    }

    /// What the text is written in.
    pub fn charset(&self) -> Charset {
        self.records.first().map_or(Charset::Ascii, Record::charset)
    }
}

/// The fields of a whole tagged record, its length among them; none where they do not agree.
fn fields(bytes: &[u8]) -> Vec<(u32, std::ops::Range<usize>)> {
    let head = Head { bytes, at: 0, length: bytes.len() as u64 };
    let Ok((kind, _, digits)) = head.length() else { return Vec::new() };
    let mut all = vec![(1, digits.clone())];
    let Ok(fields) = head.fields(kind, digits.end) else { return all };
    all.extend(fields.into_iter().map(|(number, range)| (number, range.start as usize..range.end as usize)));
    all
}

/// Writes a tagged record with its length and the field that is `made` for it, in the order of their numbers; data is
/// last, because it may hold anything.
fn write(record: &Record, made: (u32, &[u8]), file: &mut Vec<u8>) {
    let mut fields: Vec<(u32, &[u8])> = record
        .fields
        .iter()
        .filter(|(n, _)| *n != 1 && *n != made.0)
        .filter_map(|(n, range)| Some((*n, record.bytes.get(range.clone())?)))
        .chain([made])
        .collect();
    fields.sort_by_key(|(n, _)| (*n == DATA, *n));
    let mut body = Vec::new();
    for (number, value) in fields {
        body.push(GS);
        body.extend(format!("{}.{number:03}:", record.kind).bytes());
        body.extend_from_slice(value);
    }
    debug_assert!(!is_binary(record.kind) || record.fields.is_empty() || record.idc.is_none());
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
