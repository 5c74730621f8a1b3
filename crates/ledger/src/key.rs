//! Keys of logs and witnesses, with the names by which their signatures are found (signed-note, tlog-cosignature). Ed25519,
//! verified strictly: a key of small order, a second encoding of a key, and a signature in a second form are refused.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::Refusal;

/// Longest name, in bytes.
const MOST_NAME: usize = 256;

/// Whether a key may have this name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Checkpoints of its own log.
    Log,
    /// That a checkpoint follows from those it saw before, and when it saw it.
    Witness,
}

impl Kind {
    /// The byte of the signature's type.
    fn byte(self) -> u8 {
        match self {
            Self::Log => 0x01,
            Self::Witness => 0x04,
        }
    }
}

/// A public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    name: String,
    kind: Kind,
    key: VerifyingKey,
    id: u32,
}

impl Key {
    /// The key of 32 bytes that `name` signs by.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] for a name that is empty or holds a blank or a plus sign; [`Refusal::KeyMalformed`],
    /// [`Refusal::KeyWeak`].
    pub fn new(kind: Kind, name: &str, bytes: &[u8; 32]) -> Result<Self, Refusal> {
        if !is_name(name) || name.len() > MOST_NAME {
            return Err(Refusal::Malformed { what: "name" });
        }
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| Refusal::KeyMalformed)?;
        if key.is_weak() {
            return Err(Refusal::KeyWeak);
        }
        // A coordinate has two encodings where it lies just above the field's size.
        if key.to_edwards().compress().to_bytes() != *bytes {
            return Err(Refusal::KeyMalformed);
        }
        let digest =
            Sha256::new().chain_update(name).chain_update(b"\n").chain_update([kind.byte()]).chain_update(bytes);
        let digest = digest.finalize();
        let id = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        Ok(Self { name: name.to_owned(), kind, key, id })
    }

    /// Reads `name+id+key` (a vkey of signed-note).
    ///
    /// # Errors
    /// As [`Key::new`], and [`Refusal::KeyMalformed`] where the number is not the key's.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Refusal::KeyMalformed);
        };
        let key = BASE64_STANDARD.decode(key).map_err(|_| Refusal::KeyMalformed)?;
        let (kind, key) = match key.split_first() {
            Some((0x01, key)) => (Kind::Log, key),
            Some((0x04, key)) => (Kind::Witness, key),
            _ => return Err(Refusal::KeyMalformed),
        };
        let key = Self::new(kind, name, key.try_into().map_err(|_| Refusal::KeyMalformed)?)?;
        if format!("{:08x}", key.id) == id { Ok(key) } else { Err(Refusal::KeyMalformed) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The first four bytes of its hash, by which signature lines name it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The key itself.
    pub fn bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// When it signed `text`, seconds since 1970, where `signature` (without its four bytes of number) is its own; 0 for a log's,
    /// which says no time.
    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> Option<u64> {
        match self.kind {
            Kind::Log => self.fits(text.as_bytes(), signature).then_some(0),
            Kind::Witness => {
                let (time, signature) = signature.split_at_checked(8)?;
                let time = u64::from_be_bytes(time.try_into().ok()?);
                let within = i64::try_from(time).is_ok();
                (within && self.fits(cosigned(text, time).as_bytes(), signature)).then_some(time)
            }
        }
    }

    fn fits(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.kind.byte()][..], &self.bytes()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, BASE64_STANDARD.encode(bytes))
    }
}

/// What a witness signs of a checkpoint's text.
fn cosigned(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// A secret key with its name.
#[derive(Debug)]
pub struct Signer {
    key: Key,
    secret: SigningKey,
}

impl Signer {
    /// The secret key that `name` signs by.
    ///
    /// # Errors
    /// As [`Key::new`].
    pub fn new(kind: Kind, name: &str, secret: &SigningKey) -> Result<Self, Refusal> {
        let key = Key::new(kind, name, &secret.verifying_key().to_bytes())?;
        Ok(Self { key, secret: secret.clone() })
    }

    /// Its public half.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The signature line of a checkpoint's `text`. `time`, seconds since 1970, is what a witness says with it; a log's
    /// signature has none.
    pub fn line(&self, text: &str, time: u64) -> String {
        let signature = match self.key.kind {
            Kind::Log => self.secret.sign(text.as_bytes()).to_bytes().to_vec(),
            Kind::Witness => {
                let signature = self.secret.sign(cosigned(text, time).as_bytes()).to_bytes();
                [&time.to_be_bytes()[..], &signature].concat()
            }
        };
        let bytes = [&self.key.id.to_be_bytes()[..], &signature].concat();
        format!("\u{2014} {} {}\n", self.key.name, BASE64_STANDARD.encode(bytes))
    }
}
