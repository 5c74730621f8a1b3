//! A photograph that is to be enrolled, and why one was not.

use std::ops::Range;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One photograph to enrol.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Job {
    /// The person.
    pub subject_id: String,
    /// The file; relative paths are relative to the table.
    pub path: PathBuf,
    /// Day of the photograph, `YYYY-MM-DD`.
    #[serde(default)]
    pub captured_on: Option<String>,
    /// Agency (ORI).
    #[serde(default)]
    pub agency: Option<String>,
    /// Which image of the file, where it is a booking system's.
    #[serde(skip)]
    pub image: Option<Inside>,
}

/// Why a row was not enrolled.
#[derive(Debug, Clone, Serialize)]
pub struct RowError {
    /// The person.
    pub subject_id: String,
    /// The file.
    pub path: String,
    /// A stable code.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
}

/// An image within a booking system's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// Its bytes.
    pub range: Range<u64>,
    /// How they are to be read where they are bare pixels (10.011 `NONE`); otherwise the image says.
    pub bare: Option<Bare>,
}

/// Pixels without compression, row by row from the top left corner, one byte a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bare {
    /// Pixels across (10.006 HLL).
    pub width: u32,
    /// Pixels down (10.007 VLL).
    pub height: u32,
    /// Bytes of a pixel: 1 for grey, 3 for red, green and blue.
    pub colours: u32,
}
