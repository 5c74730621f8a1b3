//! Keys that everything is encrypted to besides, so that nothing is lost with a machine: the recovery kit's, and those of people whom
//! the roster names.

use bech32::{Bech32, Hrp};
use catalogue::say;
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::{Day, Recipient};

/// What separates this use of the root key from every other.
const CONTEXT: &[u8] = b"corroborate/recovery/v1";

/// How many keys of the escrow it takes together, where there are `keys`: one, and two from three on, so that of a department that has
/// named people nobody opens a lost machine's vault alone.
pub fn needed(keys: usize) -> usize {
    if keys >= 3 { 2 } else { 1 }
}

/// The age identity that a recovery kit holds besides the root key: derived from it in one step (NIST SP 800-56C rev. 2, section 4.1,
/// with SHA-256: a counter, the secret, the context).
fn secret(root: &SigningKey) -> StaticSecret {
    let seed = Zeroizing::new(root.to_bytes());
    let digest = Sha256::new().chain_update(1u32.to_be_bytes()).chain_update(seed.as_slice()).chain_update(CONTEXT);
    StaticSecret::from(<[u8; 32]>::from(digest.finalize()))
}

/// The recovery kit's entry in the escrow, for a department that is founded on `from`.
pub fn recovery_kit(root: &SigningKey, from: Day) -> Recipient {
    Recipient {
        name: say!("rule-department-recovery-kit").to_owned(),
        receives: recovery_recipient(root),
        from,
        until: None,
    }
}

/// The identity as age writes one: `AGE-SECRET-KEY-1…`.
pub fn recovery_identity(root: &SigningKey) -> Zeroizing<String> {
    let bytes = Zeroizing::new(secret(root).to_bytes());
    let mut text = Zeroizing::new(String::with_capacity(74));
    // The prefix is a constant, and the length fits.
    let written = bech32::encode_upper_to_fmt::<Bech32, String>(
        &mut text,
        Hrp::parse_unchecked("age-secret-key-"),
        bytes.as_slice(),
    );
    debug_assert!(written.is_ok());
    text
}

/// Its recipient, as a roster names one: `age1…`.
pub fn recovery_recipient(root: &SigningKey) -> String {
    let mut text = String::with_capacity(62);
    let public = PublicKey::from(&secret(root));
    let written =
        bech32::encode_lower_to_fmt::<Bech32, String>(&mut text, Hrp::parse_unchecked("age"), public.as_bytes());
    debug_assert!(written.is_ok());
    text
}
