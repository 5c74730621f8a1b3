//! Tagged records: tags, numbers and fields of the beginning of a record.

use std::ops::Range;

use catalogue::say;

use crate::{DATA, FS, GS, Malformed};

/// Longest number: lengths go to nine digits, and some systems fill them up with noughts.
const MOST_DIGITS: usize = 12;

/// Why the fields of a record were not read.
pub(crate) enum Unread {
    /// The beginning that was looked at ends before they do.
    More,
    /// They do not agree.
    Bad(Malformed),
}

impl From<Malformed> for Unread {
    fn from(bad: Malformed) -> Self {
        Unread::Bad(bad)
    }
}

/// The beginning of a record, where it lies in the file, and how long the whole record is.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    pub bytes: &'a [u8],
    pub at: u64,
    /// Bytes of the record with its last separator; of a file's rest where the length is not known yet.
    pub length: u64,
}

impl Head<'_> {
    fn bad(&self, at: usize, reason: impl Into<String>) -> Unread {
        // Where the beginning is all there is, its end is the record's.
        if at >= self.bytes.len() && (self.bytes.len() as u64) < self.length {
            return Unread::More;
        }
        Unread::Bad(Malformed::at(self.at + at as u64, reason))
    }

    /// Digits at `at`: a number and where it ends.
    fn number(&self, at: usize, what: &str) -> Result<(u32, usize), Unread> {
        let digits = self.bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
        let ends = at + digits;
        if ends >= self.bytes.len() && digits <= MOST_DIGITS && (self.bytes.len() as u64) < self.length {
            return Err(Unread::More);
        }
        let text = std::str::from_utf8(&self.bytes[at.min(ends)..ends]).unwrap_or_default();
        match text.parse() {
            Ok(number) if digits <= MOST_DIGITS => Ok((number, ends)),
            _ => Err(Unread::Bad(Malformed::at(self.at + at as u64, say!("booking-should-number", what)))),
        }
    }

    /// The tag `type.number:` at `at`: both numbers and where the value begins.
    fn tag(&self, at: usize) -> Result<(u32, u32, usize), Unread> {
        let (kind, dot) = self.number(at, say!("booking-record-type"))?;
        if self.bytes.get(dot) != Some(&b'.') {
            return Err(self.bad(dot, say!("booking-field-tag-should-like-10")));
        }
        let (field, colon) = self.number(dot + 1, say!("booking-field-number"))?;
        if self.bytes.get(colon) != Some(&b':') {
            return Err(self.bad(colon, say!("booking-field-tag-should-end-colon")));
        }
        Ok((kind, field, colon + 1))
    }

    /// Type of the record, its length in bytes, and where that number lies.
    pub fn length(&self) -> Result<(u32, u64, Range<usize>), Unread> {
        let (kind, first, value) = self.tag(0)?;
        if first != 1 {
            return Err(self.bad(0, say!("booking-record-should-begin-length-field")));
        }
        let (length, after) = self.number(value, say!("booking-record-length")).map_err(|unread| match unread {
            Unread::Bad(bad) => Unread::Bad(bad.field(1)),
            Unread::More => Unread::More,
        })?;
        Ok((kind, u64::from(length), value..after))
    }

    /// All fields of the record but its length: number, and where the value lies in the file. The record is known to end
    /// with [`FS`].
    pub fn fields(&self, kind: u32, from: usize) -> Result<Vec<(u32, Range<u64>)>, Unread> {
        let last = self.length - 1;
        let whole = self.bytes.len() as u64 >= self.length;
        let text = if whole { &self.bytes[..last as usize] } else { self.bytes };
        // A beginning's end is no value's end.
        let head = Head { bytes: text, at: self.at, length: if whole { last } else { self.length } };
        let mut fields = Vec::new();
        let mut at = from;
        while (at as u64) < last {
            match text.get(at) {
                None => return Err(Unread::More),
                Some(&GS) => {}
                Some(_) => return Err(head.bad(at, say!("booking-group-separator-should-stand-between"))),
            }
            // Some systems divide the last field from the record's end, too.
            if at as u64 + 1 == last {
                break;
            }
            let (own, number, value) = head.tag(at + 1)?;
            if own != kind {
                return Err(head.bad(at + 1, say!("booking-field-type-stands-record-type", own, kind)));
            }
            // Only the last field may hold separators: an image is any bytes.
            if number == DATA {
                fields.push((DATA, self.at + value as u64..self.at + last));
                return Ok(fields);
            }
            let ends = match text.get(value..).unwrap_or_default().iter().position(|b| *b == GS) {
                Some(n) => value + n,
                None if whole => text.len(),
                None => return Err(Unread::More),
            };
            if let Some(stray) = text[value..ends].iter().position(|b| *b == FS) {
                let bad = Malformed::at(
                    self.at + (value + stray) as u64,
                    say!("booking-file-separator-stands-within-record"),
                );
                return Err(bad.field(number).into());
            }
            fields.push((number, self.at + value as u64..self.at + ends as u64));
            at = ends;
        }
        Ok(fields)
    }
}
