//! The arithmetic limit of this processor, measured where the kernels are compiled, so that both are compiled alike.

use std::hint::black_box;
use std::time::Instant;

use pulp::{Arch, Simd, WithSimd};

struct Peak;

impl WithSimd for Peak {
    type Output = f64;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        const SUMS: usize = 12;
        const ROUNDS: usize = 20_000_000;
        let (by, plus) = (simd.splat_f32s(black_box(0.999)), simd.splat_f32s(black_box(0.001)));
        let mut sums = [plus; SUMS];
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = simd.mul_add_e_f32s(*sum, by, plus);
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        black_box(sums);
        (SUMS * ROUNDS * S::F32_LANES) as f64 / seconds
    }
}

/// What one core multiplies and adds at most in a second, with everything in registers: what the kernels are measured by. It takes about a
/// second.
pub fn multiplications_per_second() -> f64 {
    Arch::new().dispatch(Peak)
}
