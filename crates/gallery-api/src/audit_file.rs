//! A gallery's audit as a file: a line of JSON that says of which log it is, and then one line for each row, from the first on.
//! Whoever reads it needs no gallery: the rows make the tree, and the checkpoint in the first line is the tree's.

use std::io::BufRead;

use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::wire::AuditRow;

/// What the first line says it is.
pub const FORMAT: &str = "corroborate.gallery-audit.v1";
/// Longest line, in bytes.
const LINE: u64 = 1024 * 1024;

/// The first line. Nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditFileHead {
    /// [`FORMAT`].
    pub format: String,
    /// The log's checkpoint (C2SP tlog-checkpoint), of as many rows as follow; none where the gallery keeps no log.
    pub checkpoint: Option<String>,
    /// The newest checkpoint that a witness cosigned, of as many rows or fewer.
    pub cosigned: Option<String>,
}

/// The file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AuditFileError {
    /// The disk.
    #[error("{}", say!("gallery-audit-file-unread", what = _0))]
    Io(#[from] std::io::Error),
    /// A line that is none of this format.
    #[error("{}", say!("gallery-audit-file-line", line = _0))]
    Line(u64),
}

/// A file that is read from its beginning.
#[derive(Debug)]
pub struct AuditFile<R> {
    head: AuditFileHead,
    rest: R,
    line: u64,
}

fn line_of(from: &mut impl BufRead, number: u64) -> Result<Option<Vec<u8>>, AuditFileError> {
    let mut line = Vec::new();
    let read = std::io::Read::take(&mut *from, LINE).read_until(b'\n', &mut line)?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) if read as u64 == LINE => Err(AuditFileError::Line(number)),
        // A file that was cut off within its last line.
        Some(_) => Err(AuditFileError::Line(number)),
    }
}

impl<R: BufRead> AuditFile<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// [`AuditFileError`].
    pub fn open(mut from: R) -> Result<Self, AuditFileError> {
        let line = line_of(&mut from, 1)?.ok_or(AuditFileError::Line(1))?;
        let head: AuditFileHead = serde_json::from_slice(&line).map_err(|_| AuditFileError::Line(1))?;
        if head.format == FORMAT { Ok(Self { head, rest: from, line: 1 }) } else { Err(AuditFileError::Line(1)) }
    }

    /// The first line.
    pub fn head(&self) -> &AuditFileHead {
        &self.head
    }
}

impl<R: BufRead> Iterator for AuditFile<R> {
    type Item = Result<AuditRow, AuditFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line += 1;
        let line = line_of(&mut self.rest, self.line).transpose()?;
        Some(line.and_then(|line| serde_json::from_slice(&line).map_err(|_| AuditFileError::Line(self.line))))
    }
}
