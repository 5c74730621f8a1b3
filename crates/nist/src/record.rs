//! A record: its fields as ranges of its own bytes.

use std::ops::Range;

use crate::{Charset, DATA, RS, US};

/// A record: its type and its fields in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Type, 1 to 99.
    pub kind: u32,
    /// The record as it was read, followed by values that were added; or only values.
    pub(crate) bytes: Vec<u8>,
    /// Number and where the value lies in `bytes`. A field that is repeated stands here as often.
    pub(crate) fields: Vec<(u32, Range<usize>)>,
    /// Whether `bytes` is the record as it stood in a file, and nothing was changed since.
    pub(crate) as_read: bool,
    /// Number of a binary record (IDC).
    pub(crate) idc: Option<u8>,
}

impl Record {
    /// A tagged record without fields.
    pub fn new(kind: u32) -> Self {
        Self { kind, bytes: Vec::new(), fields: Vec::new(), as_read: false, idc: None }
    }

    /// Adds a field behind those that are there. Length (001), contents (1.003) and, where none is given, number (002)
    /// are made when a transaction is written.
    #[must_use]
    pub fn with(mut self, number: u32, value: impl AsRef<[u8]>) -> Self {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(value.as_ref());
        self.fields.push((number, from..self.bytes.len()));
        self.as_read = false;
        self
    }

    /// A field's bytes; where it is repeated, those of the first.
    pub fn field(&self, number: u32) -> Option<&[u8]> {
        self.values(number).next()
    }

    /// The bytes of every field of this number, in their order.
    pub fn values(&self, number: u32) -> impl Iterator<Item = &[u8]> {
        self.fields.iter().filter(move |(n, _)| *n == number).filter_map(|(_, range)| self.bytes.get(range.clone()))
    }

    /// The first item of the first subfield that is not empty, as text in `charset`; over repeated fields, too. `None`
    /// where there is none or it cannot be read.
    pub fn text(&self, number: u32, charset: Charset) -> Option<String> {
        self.values(number)
            .flat_map(|value| value.split(|b| *b == RS))
            .filter_map(|subfield| subfield.split(|b| *b == US).next())
            .find_map(|item| charset.text(item))
    }

    /// What a Type-1 record says that the text of its transaction is written in.
    pub fn charset(&self) -> Charset {
        Charset::of(self.field(15))
    }

    /// The image or other data of the record (field 999).
    pub fn image(&self) -> Option<&[u8]> {
        self.field(DATA)
    }

    /// Number of the record (IDC, field 002), 0 to 255; the standard goes to 99.
    pub fn idc(&self) -> Option<u8> {
        self.idc.or_else(|| self.text(2, Charset::Ascii)?.parse().ok())
    }

    /// The subject acquisition profile of a Type-10 record (10.013 SAP), such as 30, 40, 50 or 51: how strictly the
    /// photograph was taken (NIST SP 500-290e3, table 62).
    pub fn sap(&self) -> Option<u16> {
        if self.kind == 10 { self.text(13, Charset::Ascii)?.parse().ok() } else { None }
    }
}
