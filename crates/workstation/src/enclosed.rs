//! Passphrases and tokens on their way from the page. WebKit keeps copies of every message that passes between its
//! processes, in memory that nothing of ours overwrites; so the page encloses what is secret (HPKE, RFC 9180, base
//! mode: P-256, HKDF-SHA256, AES-256-GCM) for a key that is forgotten when the window locks, and only the enclosed form
//! travels.

use std::sync::{Mutex, PoisonError};

use catalogue::say;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, Serializable, single_shot_open};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::error::{CommandError, Outcome, stopped};

type Key = <DhP256HkdfSha256 as Kem>::PrivateKey;

/// Octets of the sender's key before the ciphertext: an uncompressed point of P-256.
const SENDER: usize = 65;

/// What was typed and is secret, as the page enclosed it: hexadecimal, the sender's key (65 octets) and the ciphertext.
/// Empty where nothing was typed.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(type = "string & { readonly enclosed: true }")]
pub struct Enclosed(String);

/// The key for which the page encloses.
#[derive(Default)]
pub struct Envelope(Mutex<Option<Key>>);

impl Envelope {
    /// A fresh key in place of the one before; its public part, as hexadecimal.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn renew(&self) -> Outcome<String> {
        let mut seed = Zeroizing::new([0u8; 32]);
        getrandom::fill(seed.as_mut()).map_err(|_| stopped())?;
        let (key, public) = DhP256HkdfSha256::derive_keypair(seed.as_ref());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
        Ok(hex::encode(public.to_bytes()))
    }

    /// Forgets the key: what was enclosed for it stays closed.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What was typed.
    ///
    /// # Errors
    /// [`CommandError`] with code `enclosed` when it was enclosed for another key, or did not arrive whole.
    pub fn open(&self, enclosed: &Enclosed) -> Outcome<Zeroizing<String>> {
        if enclosed.0.is_empty() {
            return Ok(Zeroizing::default());
        }
        self.read(enclosed).ok_or_else(|| CommandError::new("enclosed", say!("workstation-typed-did-not-arrive-sent")))
    }

    fn read(&self, enclosed: &Enclosed) -> Option<Zeroizing<String>> {
        let bytes = hex::decode(&enclosed.0).ok()?;
        let (sender, hidden) = bytes.split_at_checked(SENDER)?;
        let sender = <DhP256HkdfSha256 as Kem>::EncappedKey::from_bytes(sender).ok()?;
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let plain = single_shot_open::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeR::Base,
            slot.as_ref()?,
            &sender,
            b"",
            hidden,
            b"",
        );
        String::from_utf8(plain.ok()?).ok().map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encloses as the page does.
    fn enclose(public: &str, text: &str) -> Enclosed {
        let public = <DhP256HkdfSha256 as Kem>::PublicKey::from_bytes(&hex::decode(public).expect("it works"))
            .expect("it works");
        let (sender, hidden) = hpke::single_shot_seal::<AesGcm256, HkdfSha256, DhP256HkdfSha256, _>(
            &hpke::OpModeS::Base,
            &public,
            b"",
            text.as_bytes(),
            b"",
            &mut rand_core::OsRng,
        )
        .expect("it works");
        Enclosed(hex::encode([sender.to_bytes().as_slice(), &hidden].concat()))
    }

    #[test]
    fn only_the_present_key_opens() {
        let envelope = Envelope::default();
        let enclosed = enclose(&envelope.renew().expect("it works"), "quiet harbour at noon");
        assert_eq!(*envelope.open(&enclosed).expect("it works"), "quiet harbour at noon");
        let mut changed = enclosed.clone();
        changed.0.pop();
        for wrong in [changed, Enclosed("zz".into()), Enclosed("00".repeat(64)), Enclosed("00".repeat(90))] {
            assert_eq!(envelope.open(&wrong).expect_err("it opened").code, "enclosed");
        }
        envelope.renew().expect("it works");
        assert!(envelope.open(&enclosed).is_err(), "a later key opened it");
        envelope.forget();
        assert!(envelope.open(&enclosed).is_err(), "it opened without a key");
        assert_eq!(*envelope.open(&Enclosed::default()).expect("it works"), "");
    }
}
