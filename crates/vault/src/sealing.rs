//! What a case holds lies sealed with the case's own key: its parts, its originals, the photographs of its candidates. The key lies in
//! this file too, sealed under the vault's secret `cases`; where it is gone, so is all that it opened.
//!
//! A part is XChaCha20-Poly1305 with a random nonce before it. An original is as large as a film, so it is sealed in segments (STREAM,
//! of `aead`): none can be left out, put elsewhere or cut off. Case and place are bound to each, so that no sealed text stands for another.

use std::io::{Error, ErrorKind, Read, Write};

use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::{self, random};
use casework::CaseId;

/// Bytes of the nonce, which stands before what is sealed.
const NONCE: usize = 24;
/// The same before segments.
const PREFIX: usize = 19;
/// Bytes of what proves that nothing was changed.
const TAG: usize = 16;
/// Bytes of a segment before it is sealed; the last one is shorter.
const SEGMENT: usize = 1 << 16;

/// The key of one case.
pub(crate) struct CaseKey {
    case: String,
    cipher: XChaCha20Poly1305,
}

/// The secret under which the keys of cases lie, made where there is none.
fn wrapping(db: &Connection) -> Result<XChaCha20Poly1305, VaultError> {
    let known: Option<String> =
        db.query_row("SELECT value FROM secret WHERE name = 'cases'", [], |r| r.get(0)).optional()?;
    let secret = match known.map(Zeroizing::new) {
        Some(secret) => secret,
        None => {
            let secret = Zeroizing::new(key::fresh()?);
            db.execute("INSERT INTO secret (name, value) VALUES ('cases', ?1)", [secret.as_str()])?;
            secret
        }
    };
    let bytes = Zeroizing::new(hex::decode(secret.as_str()).map_err(|_| VaultError::Unsealed)?);
    XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| VaultError::Unsealed)
}

fn seal(cipher: &XChaCha20Poly1305, place: &str, text: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce: [u8; NONCE] = random()?;
    let payload = Payload { msg: text, aad: place.as_bytes() };
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| VaultError::Unsealed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(cipher: &XChaCha20Poly1305, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, text) = sealed.split_at_checked(NONCE).ok_or(VaultError::Unsealed)?;
    let payload = Payload { msg: text, aad: place.as_bytes() };
    cipher.decrypt(XNonce::from_slice(nonce), payload).map(Zeroizing::new).map_err(|_| VaultError::Unsealed)
}

fn place_of_key(case: &str) -> String {
    format!("corroborate.case-key.v1\n{case}")
}

impl CaseKey {
    /// The key of a case; `None` where there is none: of a case that is not here, or not any more.
    pub(crate) fn known(db: &Connection, case: CaseId) -> Result<Option<Self>, VaultError> {
        let case = case.to_string();
        let mut query = db.prepare_cached("SELECT sealed FROM case_key WHERE case_id = ?1")?;
        let sealed: Option<Vec<u8>> = query.query_row([&case], |r| r.get(0)).optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        let bytes = open(&wrapping(db)?, &place_of_key(&case), &sealed)?;
        let cipher = XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| VaultError::Unsealed)?;
        Ok(Some(Self { case, cipher }))
    }

    /// The key of a case, made where there is none: when the case begins.
    pub(crate) fn of(db: &Connection, case: CaseId) -> Result<Self, VaultError> {
        if let Some(known) = Self::known(db, case)? {
            return Ok(known);
        }
        let case = case.to_string();
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random()?);
        let sealed = seal(&wrapping(db)?, &place_of_key(&case), bytes.as_slice())?;
        db.execute("INSERT INTO case_key (case_id, sealed) VALUES (?1, ?2)", params![case, sealed])?;
        let cipher = XChaCha20Poly1305::new_from_slice(bytes.as_slice()).map_err(|_| VaultError::Unsealed)?;
        Ok(Self { case, cipher })
    }

    fn place(&self, kind: &str, name: &str) -> String {
        format!("corroborate.{kind}.v1\n{}\n{name}", self.case)
    }

    /// A part of the case, sealed.
    pub(crate) fn seal_part(&self, name: &str, text: &str) -> Result<Vec<u8>, VaultError> {
        seal(&self.cipher, &self.place("case-part", name), text.as_bytes())
    }

    /// A part of the case, opened.
    pub(crate) fn open_part(&self, name: &str, sealed: &[u8]) -> Result<String, VaultError> {
        let text = open(&self.cipher, &self.place("case-part", name), sealed)?;
        String::from_utf8(text.to_vec()).map_err(|_| VaultError::Unsealed)
    }

    /// What is written to it comes out sealed at `to`, as the original with this SHA-256.
    pub(crate) fn sealing<W: Write>(&self, sha256: &str, mut to: W) -> Result<Sealing<W>, VaultError> {
        let prefix: [u8; PREFIX] = random()?;
        to.write_all(&prefix).map_err(|e| VaultError::Unreadable(e.to_string()))?;
        let stream = EncryptorBE32::from_aead(self.cipher.clone(), prefix.as_slice().into());
        let place = self.place("original", sha256);
        Ok(Sealing { to, stream, place, next: Zeroizing::new(Vec::with_capacity(SEGMENT)) })
    }

    /// The original with this SHA-256, read from where it lies sealed.
    pub(crate) fn opening<R: Read>(&self, sha256: &str, mut from: R) -> std::io::Result<Opening<R>> {
        let mut prefix = [0; PREFIX];
        from.read_exact(&mut prefix).map_err(|_| changed())?;
        let stream = Some(DecryptorBE32::from_aead(self.cipher.clone(), prefix.as_slice().into()));
        let mut opening = Opening {
            from,
            stream,
            place: self.place("original", sha256),
            next: Vec::new(),
            open: Zeroizing::new(Vec::new()),
            at: 0,
        };
        opening.next = opening.segment()?;
        Ok(opening)
    }
}

/// How many bytes an original of `length` bytes has once it is sealed.
pub(crate) fn sealed_length(length: u64) -> u64 {
    PREFIX as u64 + length + TAG as u64 * length.div_ceil(SEGMENT as u64).max(1)
}

/// A writer that seals.
pub(crate) struct Sealing<W> {
    to: W,
    stream: EncryptorBE32<XChaCha20Poly1305>,
    place: String,
    next: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealing<W> {
    /// Writes the end, without which nothing of it can be read to the end.
    pub(crate) fn finish(mut self) -> std::io::Result<()> {
        let payload = Payload { msg: &self.next, aad: self.place.as_bytes() };
        let sealed = self.stream.encrypt_last(payload).map_err(|_| changed())?;
        self.to.write_all(&sealed)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.next.len() == SEGMENT && !bytes.is_empty() {
            let payload = Payload { msg: &self.next, aad: self.place.as_bytes() };
            let sealed = self.stream.encrypt_next(payload).map_err(|_| changed())?;
            self.to.write_all(&sealed)?;
            self.next.clear();
        }
        let taken = bytes.len().min(SEGMENT - self.next.len());
        self.next.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// A reader that opens; what was changed or cut off is [`ErrorKind::InvalidData`].
pub(crate) struct Opening<R> {
    from: R,
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    place: String,
    /// The next segment, sealed: it is the last where nothing follows.
    next: Vec<u8>,
    open: Zeroizing<Vec<u8>>,
    at: usize,
}

fn changed() -> Error {
    Error::new(ErrorKind::InvalidData, "sealed")
}

impl<R: Read> Opening<R> {
    fn segment(&mut self) -> std::io::Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(SEGMENT + TAG);
        (&mut self.from).take((SEGMENT + TAG) as u64).read_to_end(&mut sealed)?;
        Ok(sealed)
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.open.len() {
            let Some(mut stream) = self.stream.take() else { return Ok(0) };
            let following = self.segment()?;
            let sealed = std::mem::replace(&mut self.next, following);
            let payload = Payload { msg: &sealed, aad: self.place.as_bytes() };
            let open = if self.next.is_empty() {
                stream.decrypt_last(payload)
            } else {
                let open = stream.decrypt_next(payload);
                self.stream = Some(stream);
                open
            };
            self.open = Zeroizing::new(open.map_err(|_| changed())?);
            self.at = 0;
        }
        let taken = to.len().min(self.open.len() - self.at);
        to[..taken].copy_from_slice(&self.open[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}
