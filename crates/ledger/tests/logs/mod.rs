//! Keys, entries and a second reckoning of the tree for tests.

use ed25519_dalek::SigningKey;
use ledger::{Hash, Key, Kind, Leaf, Signed, Signer, Whole};
use sha2::{Digest, Sha256};

pub const ORIGIN: &str = "ledger.example/nowhere";

pub fn secret(n: u8) -> SigningKey {
    let seed: [u8; 32] = Sha256::digest(format!("corroborate test key {n}, not for use")).into();
    SigningKey::from_bytes(&seed)
}

pub fn log() -> Signer {
    Signer::new(Kind::Log, ORIGIN, &secret(1)).unwrap()
}

pub fn witness(n: u8) -> Signer {
    Signer::new(Kind::Witness, &format!("witness.example/{n}"), &secret(10 + n)).unwrap()
}

pub fn witnesses() -> Vec<Key> {
    [1, 2].map(|n| witness(n).key().clone()).to_vec()
}

/// The `n`th entry, from 1, of the workstation with key 7.
pub fn leaf(n: u64) -> Leaf {
    let hash: Hash = Sha256::digest(format!("row {n}")).into();
    Leaf::new(secret(7).verifying_key().to_bytes(), n, hash).unwrap()
}

pub fn leaves(count: u64) -> Vec<Leaf> {
    (1..=count).map(leaf).collect()
}

pub fn log_of(count: u64) -> Whole {
    Whole::of(&leaves(count))
}

/// A checkpoint of the first `count` entries, with the cosignatures of both witnesses.
pub fn cosigned(whole: &Whole) -> Signed {
    let signed = whole.checkpoint(&log()).unwrap();
    let lines: String = [1, 2].map(|n| witness(n).line(signed.text(), 1_772_000_000 + u64::from(n))).concat();
    signed.with_lines(&lines).unwrap()
}

/// The root as RFC 6962, section 2.1, says it.
pub fn root(leaves: &[Leaf]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => Sha256::new().chain_update([0]).chain_update(one.entry()).finalize().into(),
        more => {
            let (left, right) = more.split_at(more.len().next_power_of_two() / 2);
            Sha256::new().chain_update([1]).chain_update(root(left)).chain_update(root(right)).finalize().into()
        }
    }
}
