//! The one room with `unsafe`: vector instructions, behind safe doors.
//!
//! Rows lie in groups of [`LANES`]: a group holds, for each four dimensions, four bytes of every row. One vector
//! instruction then multiplies four dimensions of all sixteen rows and adds each to its row's sum, so nothing is ever
//! added across a register. Codes of rows are stored with 128 added (unsigned), those of queries are signed, as
//! `vpdpbusd` and `vpmaddubsw` want them.
#![allow(unsafe_code)]

/// Rows of a group.
pub const LANES: usize = 16;
/// Dimensions that lie together.
pub const STRIP: usize = 4;
/// Bytes of a strip of a group.
pub const STEP: usize = LANES * STRIP;
/// What is added to a row's code.
pub const BIAS: i32 = 128;

/// Sums of the sixteen rows of a group.
pub type Sums = [i32; LANES];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

/// How this machine multiplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kernel(Kind);

impl Kernel {
    /// The fastest that this machine has.
    pub fn detect() -> Self {
        Self::all()[0]
    }

    /// All that this machine has, fastest first.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vnni")
            {
                all.push(Self(Kind::Avx512));
            }
            if is_x86_feature_detected!("avx2") {
                all.push(Self(Kind::Avx2));
            }
        }
        all.push(Self(Kind::Portable));
        all
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "AVX-512 VNNI",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "AVX2",
            Kind::Portable => "portable",
        }
    }

    /// Largest code of a query: with a larger one `vpmaddubsw` would saturate (2 × 255 × 64 < 2^15).
    pub fn largest(self) -> i32 {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => 64,
            _ => 127,
        }
    }

    /// Biased sums of one group with each query: `out[q][lane] = Σ (code + 128) · query`.
    ///
    /// # Panics
    /// When a query and the group do not have the same number of strips, or `out` has another length than `queries`.
    pub fn sums(self, group: &[u8], queries: &[&[[i8; STRIP]]], out: &mut [Sums]) {
        let strips = group.len() / STEP;
        assert!(group.len().is_multiple_of(STEP) && queries.iter().all(|q| q.len() == strips));
        assert_eq!(queries.len(), out.len());
        match self.0 {
            // SAFETY: `detect` found the instructions; the group has `strips` steps of 64 bytes and each query as
            // many strips, both just asserted.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => unsafe { avx512(group, strips, queries, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { avx2(group, strips, queries, out) },
            Kind::Portable => portable(group, queries, out),
        }
    }
}

fn portable(group: &[u8], queries: &[&[[i8; STRIP]]], out: &mut [Sums]) {
    for (query, out) in queries.iter().zip(out) {
        *out = [0; LANES];
        for (step, strip) in group.as_chunks::<STEP>().0.iter().zip(*query) {
            let query = strip.map(i32::from);
            for (sum, codes) in out.iter_mut().zip(step.as_chunks::<STRIP>().0) {
                let codes = u32::from_le_bytes(*codes);
                let code = |at: u32| (codes >> (8 * at) & 255) as i32;
                *sum += code(0) * query[0] + code(1) * query[1] + code(2) * query[2] + code(3) * query[3];
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn avx512(group: &[u8], strips: usize, queries: &[&[[i8; STRIP]]], out: &mut [Sums]) {
    let mut at = 0;
    while queries.len() - at >= 8 {
        // SAFETY: bounds are the caller's.
        unsafe { avx512_tile::<8, 1>(group, strips, &queries[at..at + 8], &mut out[at..at + 8]) };
        at += 8;
    }
    while at < queries.len() {
        // SAFETY: bounds are the caller's.
        unsafe { avx512_tile::<1, 4>(group, strips, &queries[at..=at], &mut out[at..=at]) };
        at += 1;
    }
}

/// `Q` queries at once; `CHAINS` sums a query, so that one multiplication need not wait for the one before.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn avx512_tile<const Q: usize, const CHAINS: usize>(
    group: &[u8],
    strips: usize,
    queries: &[&[[i8; STRIP]]],
    out: &mut [Sums],
) {
    use std::arch::x86_64::{
        __m512i, _mm512_add_epi32, _mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_setzero_si512,
        _mm512_storeu_si512,
    };
    let mut sums = [[_mm512_setzero_si512(); CHAINS]; Q];
    let mut add = |strip: usize, chain: usize| {
        // SAFETY: `strip < strips`, and the group has `strips` steps of 64 bytes.
        let rows: __m512i = unsafe { _mm512_loadu_si512(group.as_ptr().add(strip * STEP).cast()) };
        for q in 0..Q {
            let query = _mm512_set1_epi32(i32::from_le_bytes(queries[q][strip].map(i8::cast_unsigned)));
            sums[q][chain] = _mm512_dpbusd_epi32(sums[q][chain], rows, query);
        }
    };
    let whole = strips - strips % CHAINS;
    for first in (0..whole).step_by(CHAINS) {
        for chain in 0..CHAINS {
            add(first + chain, chain);
        }
    }
    for strip in whole..strips {
        add(strip, 0);
    }
    for q in 0..Q {
        let mut sum = sums[q][0];
        for other in &sums[q][1..] {
            sum = _mm512_add_epi32(sum, *other);
        }
        // SAFETY: sixteen sums of four bytes are 64 bytes.
        unsafe { _mm512_storeu_si512(out[q].as_mut_ptr().cast(), sum) };
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn avx2(group: &[u8], strips: usize, queries: &[&[[i8; STRIP]]], out: &mut [Sums]) {
    use std::arch::x86_64::{
        _mm256_add_epi32, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_set1_epi16,
        _mm256_set1_epi32, _mm256_setzero_si256, _mm256_storeu_si256,
    };
    let ones = _mm256_set1_epi16(1);
    for (query, out) in queries.iter().zip(out) {
        let mut sums = [_mm256_setzero_si256(); 2];
        for (strip, query) in query.iter().enumerate().take(strips) {
            let query = _mm256_set1_epi32(i32::from_le_bytes(query.map(i8::cast_unsigned)));
            for (half, sum) in sums.iter_mut().enumerate() {
                // SAFETY: two halves of 32 bytes of a step that lies in the group.
                let rows = unsafe { _mm256_loadu_si256(group.as_ptr().add(strip * STEP + half * 32).cast()) };
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(_mm256_maddubs_epi16(rows, query), ones));
            }
        }
        for (half, sum) in sums.into_iter().enumerate() {
            // SAFETY: eight sums of four bytes, twice.
            unsafe { _mm256_storeu_si256(out.as_mut_ptr().add(half * 8).cast(), sum) };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_kernel_multiplies_like_plain_arithmetic(
            strips in 1usize..40,
            seed in any::<u64>(),
            count in 1usize..20,
        ) {
            let mut state = seed;
            let mut next = || { state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407); (state >> 33) as i32 };
            let group: Vec<u8> = (0..strips * STEP).map(|_| (next() % 256).unsigned_abs() as u8).collect();
            for kernel in Kernel::all() {
                let most = kernel.largest();
                let queries: Vec<Vec<[i8; STRIP]>> = (0..count)
                    .map(|_| (0..strips).map(|_| std::array::from_fn(|_| (next() % (2 * most + 1) - most) as i8)).collect())
                    .collect();
                let queries: Vec<&[[i8; STRIP]]> = queries.iter().map(Vec::as_slice).collect();
                let (mut fast, mut plain) = (vec![[0; LANES]; count], vec![[0; LANES]; count]);
                kernel.sums(&group, &queries, &mut fast);
                portable(&group, &queries, &mut plain);
                prop_assert_eq!(fast, plain, "{}", kernel.name());
            }
        }
    }

    #[test]
    fn the_largest_codes_do_not_saturate() {
        for kernel in Kernel::all() {
            for sign in [1, -1] {
                let query = vec![[(kernel.largest() * sign) as i8; STRIP]; 128];
                let mut out = [[0; LANES]];
                kernel.sums(&vec![255; 128 * STEP], &[&query], &mut out);
                assert_eq!(out[0], [255 * kernel.largest() * sign * 512; LANES], "{}", kernel.name());
            }
        }
    }
}
