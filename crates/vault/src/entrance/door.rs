//! What a passphrase or an enrolment code opens: a person's secrets, and among them the key of the vault.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use casework::PersonId;

use crate::error::VaultError;
use crate::key::random;

/// What is said before whose secrets they are, so that no sealed text stands for another kind or another person's.
const SEALED: &str = "corroborate.door.v1";
/// Bytes of the nonce, which stands before the ciphertext.
const NONCE: usize = 24;

/// What somebody who got in holds until they leave.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secrets {
    /// The vault's key: 32 bytes in hexadecimal.
    pub vault: String,
    /// The person's Ed25519 seed, in hexadecimal; empty for somebody of an earlier program's vault.
    pub seed: String,
    /// Secret of their authenticator app, in hexadecimal; empty where there is none.
    pub second: String,
    /// SHA-256 of recovery codes that were not used yet, in hexadecimal.
    pub recovery: Vec<String>,
    /// The department's recovery kit, until whoever founded it has put it away.
    #[serde(default)]
    pub kit: String,
    /// age identity of the person: other workstations seal the key of their vault to it. Empty until it is first needed.
    #[serde(default)]
    pub receives: String,
}

impl Secrets {
    /// Those of somebody who has only the key of the vault yet.
    pub fn with_vault(key: &str) -> Self {
        let nothing = String::new;
        Self {
            vault: key.to_owned(),
            seed: nothing(),
            second: nothing(),
            recovery: Vec::new(),
            kit: nothing(),
            receives: nothing(),
        }
    }

    /// Those of somebody who is admitted: a signing key of their own is made.
    ///
    /// # Errors
    /// [`VaultError::Secret`] without randomness.
    pub fn fresh(key: &str) -> Result<Self, VaultError> {
        let mut secrets = Self::with_vault(key);
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(random()?);
        secrets.seed = hex::encode(*seed);
        Ok(secrets)
    }

    /// The person's own key, once there is one.
    pub fn signing(&self) -> Option<SigningKey> {
        let seed = Zeroizing::new(hex::decode(&self.seed).ok()?);
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(seed.as_slice().try_into().ok()?);
        Some(SigningKey::from_bytes(&seed))
    }
}

/// The key that a passphrase gives, with the salt by which it does.
#[derive(Clone)]
pub(crate) struct Key {
    pub salt: [u8; 16],
    key: Zeroizing<[u8; 32]>,
}

/// What one guess of a passphrase costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    kibibytes: u32,
    passes: u32,
}

impl Cost {
    /// Of every vault: 64 MiB and three passes, the second recommended choice of RFC 9106, section 4, with one lane, because a
    /// sign-in may not need more cores than there are.
    pub const FULL: Self = Self { kibibytes: 64 * 1024, passes: 3 };
    /// Of vaults that tests make by the hundred.
    #[cfg(feature = "samples")]
    pub const SAMPLE: Self = Self { kibibytes: 64, passes: 1 };

    /// Argon2id at this cost.
    ///
    /// # Errors
    /// [`VaultError::Passphrase`].
    pub fn argon2(self) -> Result<Argon2<'static>, VaultError> {
        let cost =
            Params::new(self.kibibytes, self.passes, 1, Some(32)).map_err(|e| VaultError::Passphrase(e.to_string()))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, cost))
    }
}

impl Key {
    /// A key with a salt of its own.
    ///
    /// # Errors
    /// [`VaultError::Secret`] without randomness, [`VaultError::Passphrase`] without memory.
    pub fn fresh(passphrase: &str, cost: Cost) -> Result<Self, VaultError> {
        Self::of(passphrase, random()?, cost)
    }

    /// The key that `passphrase` gives with `salt` at `cost`.
    ///
    /// # Errors
    /// [`VaultError::Passphrase`].
    pub fn of(passphrase: &str, salt: [u8; 16], cost: Cost) -> Result<Self, VaultError> {
        let mut key = Zeroizing::new([0; 32]);
        cost.argon2()?
            .hash_password_into(passphrase.as_bytes(), &salt, key.as_mut())
            .map_err(|e| VaultError::Passphrase(e.to_string()))?;
        Ok(Self { salt, key })
    }

    /// Seals `secrets` as those of `person`.
    ///
    /// # Errors
    /// [`VaultError`] without randomness.
    pub fn seal(&self, person: PersonId, secrets: &Secrets) -> Result<Vec<u8>, VaultError> {
        let text = Zeroizing::new(serde_json::to_vec(secrets)?);
        let nonce: [u8; NONCE] = random()?;
        let said = said(person);
        let sealed = XChaCha20Poly1305::new((&*self.key).into())
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: &text, aad: said.as_bytes() })
            .map_err(|e| VaultError::Passphrase(e.to_string()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed as the secrets of `person`; `None` for whatever another key sealed, or was changed.
    pub fn open(&self, person: PersonId, sealed: &[u8]) -> Option<Secrets> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let said = said(person);
        let text = XChaCha20Poly1305::new((&*self.key).into())
            .decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: said.as_bytes() })
            .ok()?;
        serde_json::from_slice(&Zeroizing::new(text)).ok()
    }
}

fn said(person: PersonId) -> String {
    format!("{SEALED}\n{person}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn secrets_open_for_their_person_and_passphrase_alone() {
        let (one, two) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let key = Key::fresh("four words to remember", Cost::FULL).expect("a key");
        let sealed = key.seal(one, &Secrets::with_vault("ab")).expect("sealed");
        assert_eq!(key.open(one, &sealed).expect("opened").vault, "ab");
        assert!(key.open(two, &sealed).is_none(), "somebody else's");
        assert!(
            Key::fresh("four words to remember", Cost::FULL).expect("a key").open(one, &sealed).is_none(),
            "another salt"
        );
        assert!(Key::of("four words to remembeR", key.salt, Cost::FULL).expect("a key").open(one, &sealed).is_none());
        let rfc = Cost::FULL.argon2().expect("allowed");
        let cost = (rfc.params().m_cost(), rfc.params().t_cost(), rfc.params().p_cost());
        assert_eq!(cost, (64 * 1024, 3, 1), "RFC 9106, section 4");
        let again = Key::of("four words to remember", key.salt, Cost::FULL).expect("a key");
        assert!(again.open(one, &sealed).is_some());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(again.open(one, &changed).is_none(), "byte {at}");
        }
        assert!(again.open(one, &sealed[..20]).is_none());
    }
}
