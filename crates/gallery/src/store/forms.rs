//! What rows hold, in their forms: moments, days, hashes, keys and templates.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::error::StoreError;

/// With a fixed number of digits, so that text sorts by time.
pub(super) fn now() -> String {
    moment(Timestamp::now())
}

/// A moment in UTC, to the microsecond.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A key of a person or file.
pub(super) fn new_key() -> Result<Vec<u8>, StoreError> {
    let mut key = vec![0; 32];
    getrandom::fill(&mut key).map_err(StoreError::Random)?;
    Ok(key)
}

/// The values of a template.
pub(super) fn from_blob(blob: &[u8]) -> Vec<f32> {
    blob.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

/// A day as the index has it.
pub(super) fn day_number(day: Option<&str>) -> i32 {
    let date = day.and_then(|day| day.parse::<jiff::civil::Date>().ok());
    date.map_or(0, |d| i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()))
}
