//! SHA-256 of bytes and of what is copied, and the canonical text of a record, which is what is hashed of it.

use std::io::{Read, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::VaultError;

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The canonical text of a record.
///
/// # Errors
/// [`VaultError::Record`].
pub fn canonical(record: &impl Serialize) -> Result<String, VaultError> {
    Ok(serde_json_canonicalizer::to_string(record)?)
}

/// Copies to the end and gives SHA-256 and length.
pub(crate) fn measure(mut from: impl Read, mut to: impl Write) -> std::io::Result<(String, u64)> {
    let (mut hash, mut length, mut part) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = from.read(&mut part)?;
        if n == 0 {
            return Ok((hex::encode(hash.finalize()), length));
        }
        hash.update(&part[..n]);
        to.write_all(&part[..n])?;
        length += n as u64;
    }
}
