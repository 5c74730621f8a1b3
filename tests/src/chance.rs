//! What tampering is drawn by.

use ledger::Hash;

/// Numbers from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Chance(pub u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..below`.
    pub fn below(&mut self, below: usize) -> usize {
        (self.next() % below.max(1) as u64) as usize
    }

    pub(crate) fn hash(&mut self) -> Hash {
        let mut hash = [0; 32];
        hash.chunks_mut(8).for_each(|part| part.copy_from_slice(&self.next().to_be_bytes()));
        hash
    }
}

/// Another text in which one character differs.
pub(crate) fn flipped(text: &str, chance: &mut Chance) -> String {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let at = chance.below(bytes.len());
        let (before, bit) = (bytes[at], 1 << chance.below(7));
        bytes[at] ^= bit;
        match String::from_utf8(bytes.clone()) {
            Ok(text) => return text,
            Err(_) => bytes[at] = before,
        }
    }
}

/// Two places that differ.
pub(crate) fn two(chance: &mut Chance, of: usize) -> (usize, usize) {
    let one = chance.below(of - 1);
    (one, one + 1 + chance.below(of - one - 1))
}
