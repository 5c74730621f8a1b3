//! Ed25519 keys and signatures, checked strictly everywhere: a key of small order, a second encoding of a key, and a
//! signature that somebody else can turn into another one are refused.

use std::cmp::Ordering;
use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Serialize, Serializer};

use crate::{Day, Refusal};

/// The order of the group that signatures live in, least byte first: a signature's second half lies below it.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// An Ed25519 public key that a signature can be believed by. Written as 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a key.
    ///
    /// # Errors
    /// [`Refusal::KeyMalformed`] where the text is not the one form of a point; [`Refusal::KeyWeak`] for a point of small
    /// order, by which anybody signs.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let malformed = || Refusal::KeyMalformed { key: text.chars().take(80).collect() };
        let bytes: [u8; 32] = hex_lower(text).and_then(|bytes| bytes.try_into().ok()).ok_or_else(malformed)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| malformed())?;
        if key.is_weak() {
            return Err(Refusal::KeyWeak { key: text.to_owned() });
        }
        // A coordinate has two encodings where it lies just above the field's size.
        if key.to_edwards().compress().to_bytes() != bytes {
            return Err(malformed());
        }
        Ok(Self(key))
    }

    /// The public half of a secret key.
    pub fn of(secret: &SigningKey) -> Self {
        Self(secret.verifying_key())
    }

    /// Checks that `signature` (128 hexadecimal digits) is this key's of `text`, as one of `context`.
    ///
    /// # Errors
    /// [`Refusal::SignatureMalformed`], [`Refusal::SignatureMalleable`], or [`Refusal::SignatureWrong`].
    pub fn verify(&self, context: &str, text: &str, signature: &str) -> Result<(), Refusal> {
        let bytes: [u8; 64] =
            hex_lower(signature).and_then(|bytes| bytes.try_into().ok()).ok_or(Refusal::SignatureMalformed)?;
        if bytes[32..].iter().rev().cmp(ORDER.iter().rev()) != Ordering::Less {
            return Err(Refusal::SignatureMalleable);
        }
        let signature = Signature::from_bytes(&bytes);
        let wrong = |_| Refusal::SignatureWrong { key: self.to_string() };
        self.0.verify_strict(&message(context, text), &signature).map_err(wrong)
    }
}

/// What a key signs for `text`: a line that says what it is, so that no signature stands for another kind of text.
pub(crate) fn message(context: &str, text: &str) -> Vec<u8> {
    format!("{context}\n{text}").into_bytes()
}

/// The signature of `text` as one of `context`, in hexadecimal.
pub(crate) fn sign(secret: &SigningKey, context: &str, text: &str) -> String {
    hex::encode(secret.sign(&message(context, text)).to_bytes())
}

fn hex_lower(text: &str) -> Option<Vec<u8>> {
    let lower = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    lower.then(|| hex::decode(text).ok()).flatten()
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.as_bytes().cmp(other.0.as_bytes())
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A public key with the first and the last day on which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySpan {
    key: PublicKey,
    from: Day,
    until: Option<Day>,
}

impl KeySpan {
    /// A key that counts from `from` to `until`, both included (days in UTC).
    ///
    /// # Errors
    /// [`Refusal::DatesOutOfOrder`] where it would end before it begins.
    pub fn new(key: PublicKey, from: Day, until: Option<Day>) -> Result<Self, Refusal> {
        in_order(from, until, || key.to_string())?;
        Ok(Self { key, from, until })
    }

    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// First day on which it counts.
    pub fn from(&self) -> Day {
        self.from
    }

    /// Last day on which it counts, if it ends.
    pub fn until(&self) -> Option<Day> {
        self.until
    }

    /// Whether it counts on `day`.
    pub fn counts_on(&self, day: Day) -> bool {
        self.from <= day && !self.ended_by(day)
    }

    /// Whether its last day lies before `day`.
    pub fn ended_by(&self, day: Day) -> bool {
        self.until.is_some_and(|until| until < day)
    }
}

/// # Errors
/// [`Refusal::DatesOutOfOrder`] where `until` lies before `from`.
pub(crate) fn in_order(from: Day, until: Option<Day>, what: impl Fn() -> String) -> Result<(), Refusal> {
    match until {
        Some(until) if until < from => {
            Err(Refusal::DatesOutOfOrder { what: what(), earlier: from.to_string(), later: until.to_string() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points of small order, with the second encodings of those that have one.
    const SMALL: [&str; 14] = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    ];

    #[test]
    fn no_key_of_small_order_is_one() {
        for text in SMALL {
            let refused = PublicKey::read(text).expect_err(text);
            assert!(matches!(refused, Refusal::KeyWeak { .. } | Refusal::KeyMalformed { .. }), "{text}: {refused:?}");
        }
    }

    #[test]
    fn a_second_encoding_of_a_point_is_no_key() {
        // The field has 2^255 - 19 elements: what lies above is one of the first nineteen once more.
        let mut points = 0;
        for (low, sign) in (0xed..=0xffu8).flat_map(|low| [(low, 0x7f), (low, 0xff)]) {
            let mut bytes = [0xff; 32];
            (bytes[0], bytes[31]) = (low, sign);
            points += usize::from(VerifyingKey::from_bytes(&bytes).is_ok());
            assert!(PublicKey::read(&hex::encode(bytes)).is_err(), "{}", hex::encode(bytes));
        }
        assert!(points > 10, "the library reads {points}");
    }

    #[test]
    fn a_key_has_one_form() {
        let key = PublicKey::of(&SigningKey::from_bytes(&[7; 32])).to_string();
        assert_eq!(PublicKey::read(&key).expect("a key").to_string(), key);
        let long = format!("{key}00");
        for wrong in [key.to_uppercase().as_str(), &key[1..], &key[2..], &long, "", " ", "é"] {
            assert!(matches!(PublicKey::read(wrong), Err(Refusal::KeyMalformed { .. })), "{wrong}");
        }
    }

    #[test]
    fn a_signature_is_of_one_kind_of_text_and_in_one_form() {
        let secret = SigningKey::from_bytes(&[7; 32]);
        let key = PublicKey::of(&secret);
        let signature = sign(&secret, "corroborate/a/v1", "text");
        assert_eq!(key.verify("corroborate/a/v1", "text", &signature), Ok(()));
        for (context, text) in
            [("corroborate/b/v1", "text"), ("corroborate/a/v1", "Text"), ("corroborate/a/v1\ntext", "")]
        {
            assert!(matches!(key.verify(context, text, &signature), Err(Refusal::SignatureWrong { .. })));
        }
        let mut bytes = hex::decode(&signature).expect("bytes");
        // S + L is the same number to whoever does not look.
        let mut carry = 0u16;
        for (byte, order) in bytes[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(order) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        assert_eq!(key.verify("corroborate/a/v1", "text", &hex::encode(bytes)), Err(Refusal::SignatureMalleable));
        for wrong in [&signature[2..], &signature.to_uppercase(), ""] {
            assert_eq!(key.verify("corroborate/a/v1", "text", wrong), Err(Refusal::SignatureMalformed));
        }
    }
}
