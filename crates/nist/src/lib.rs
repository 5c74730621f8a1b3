//! ANSI/NIST-ITL files in traditional encoding (NIST SP 500-290e3, annex B) and ISO/IEC 19794-5 face records: read,
//! passed over and written.
//!
//! A file is a transaction of records. A tagged record (Types 1, 2 and 9 to 99) is a list of fields
//! `type.number:value`, divided by [`GS`] and ended by [`FS`]; a value is subfields divided by [`RS`] of items divided by
//! [`US`]. The first field of every record is its length in bytes; the data of a record is its last field, 999, and holds
//! any bytes. A binary record (Types 3 to 8) begins with its length as four bytes, most significant first, and its
//! number (IDC) as one byte. Only field 1.003 says which type a binary record is.
//!
//! [`Survey`] walks a file of any size and keeps its text alone; [`Transaction`] holds a whole file and writes it again.
//!
//! **Invariant:** nothing is guessed. A file whose lengths, counts or separators do not agree is refused with the record,
//! the field and the byte where they part. What was not edited is written as it was read, byte for byte.

mod charset;
pub mod iso19794;
mod record;
mod subject;
mod survey;
mod tagged;
mod transaction;

use catalogue::say;

pub use charset::Charset;
pub use record::Record;
pub use subject::{NoSubject, Subject, SubjectFields, SubjectSource};
pub use survey::{Place, ReadError, Survey, read_range};
pub use transaction::Transaction;

/// Ends a record.
pub const FS: u8 = 0x1C;
/// Divides fields.
pub const GS: u8 = 0x1D;
/// Divides subfields.
pub const RS: u8 = 0x1E;
/// Divides items.
pub const US: u8 = 0x1F;

/// Most records of a transaction besides Type-1. The standard numbers them with two digits (IDC, 0 to 99) and lets
/// several of one finger or face share a number.
pub const MOST_RECORDS: usize = 1000;
/// Most bytes of text that are kept of a file, images apart: 16 MiB.
pub const MOST_TEXT: u64 = 16 << 20;
/// Largest image that is read out of a file, in bytes: 64 MiB.
pub const MOST_IMAGE: u64 = 64 << 20;
/// Number of the field that holds an image or other data.
pub const DATA: u32 = 999;

/// Binary types: their records have no tags.
pub(crate) fn is_binary(kind: u32) -> bool {
    (3..=8).contains(&kind)
}

/// A file that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("booking-malformed-byte", position, place = self.place(), reason))]
pub struct Malformed {
    /// Byte of the file, from 0.
    pub position: u64,
    /// Which record, from 1, and its type where that is known.
    pub record: Option<(usize, Option<u32>)>,
    /// Number of the field within the record, such as 3 for 1.003.
    pub field: Option<u32>,
    /// What is wrong there.
    pub reason: String,
}

impl Malformed {
    pub(crate) fn at(position: u64, reason: impl Into<String>) -> Self {
        Self { position, record: None, field: None, reason: reason.into() }
    }

    pub(crate) fn field(mut self, number: u32) -> Self {
        self.field.get_or_insert(number);
        self
    }

    pub(crate) fn record(mut self, number: usize, kind: Option<u32>) -> Self {
        self.record.get_or_insert((number, kind));
        self
    }

    /// The record and field in words, behind a comma; empty where none is known.
    fn place(&self) -> String {
        match (self.record, self.field) {
            (Some((record, Some(kind))), Some(field)) => {
                say!("booking-place-record-type-field", record, kind, field = format!("{field:03}"))
            }
            (Some((record, Some(kind))), None) => say!("booking-place-record-type", record, kind),
            (Some((record, None)), _) => say!("booking-place-record", record),
            (None, _) => String::new(),
        }
    }
}
