//! The arithmetic, written once and compiled for each vector width that the processor may have.

use pulp::{Arch, Simd, WithSimd};

/// Runs `$body` with `$act` bound to the activation's own type.
macro_rules! with_activation {
    ($activation:expr, $act:ident => $body:expr) => {
        match $activation {
            Activation::None => {
                let $act = Plain;
                $body
            }
            Activation::Relu => {
                let $act = Relu;
                $body
            }
            Activation::Prelu(slope) => {
                let $act = Prelu(slope);
                $body
            }
        }
    };
}

mod depthwise;
mod pointwise;

pub(crate) use depthwise::{Depthwise, between, run_depthwise, run_separable};
pub(crate) use pointwise::{Dense, Pointwise, run_dense, run_pointwise};

/// Channels are filled up to a multiple of this, the widest vector in use.
pub(crate) const LANES: usize = 16;

pub(crate) fn padded(channels: usize) -> usize {
    channels.next_multiple_of(LANES)
}

/// What happens to a sum: its bias is in it from the start, filled up.
#[derive(Debug, Clone)]
pub(crate) struct Finish {
    pub bias: Vec<f32>,
    pub activation: Activation,
}

#[derive(Debug, Clone)]
pub(crate) enum Activation {
    None,
    Relu,
    /// Slope per channel for values below zero, filled up.
    Prelu(Vec<f32>),
}

/// An [`Activation`] that is known while compiling, so that none costs nothing.
trait Act: Copy {
    /// What becomes of the sum for vector `at` of the channels.
    fn done<S: Simd>(self, simd: S, sum: S::f32s, at: usize) -> S::f32s;
}

#[derive(Clone, Copy)]
struct Plain;
#[derive(Clone, Copy)]
struct Relu;
#[derive(Clone, Copy)]
struct Prelu<'a>(&'a [f32]);

impl Act for Plain {
    #[inline(always)]
    fn done<S: Simd>(self, _: S, sum: S::f32s, _: usize) -> S::f32s {
        sum
    }
}

impl Act for Relu {
    #[inline(always)]
    fn done<S: Simd>(self, simd: S, sum: S::f32s, _: usize) -> S::f32s {
        simd.max_f32s(sum, simd.splat_f32s(0.0))
    }
}

impl Act for Prelu<'_> {
    #[inline(always)]
    fn done<S: Simd>(self, simd: S, sum: S::f32s, at: usize) -> S::f32s {
        let zero = simd.splat_f32s(0.0);
        let slope = S::as_simd_f32s(self.0).0[at];
        simd.mul_add_e_f32s(slope, simd.min_f32s(sum, zero), simd.max_f32s(sum, zero))
    }
}

impl Finish {
    fn is_plain(&self) -> bool {
        matches!(self.activation, Activation::None)
    }

    fn join(&mut self, other: &Self, a: usize, b: usize) {
        self.bias.truncate(a);
        self.bias.extend(&other.bias[..b]);
        self.bias.resize(padded(a + b), 0.0);
    }
}

/// Height and width after a window of `side` with `pad` at each border moved by `stride`.
pub(crate) fn moved((h, w): (usize, usize), side: usize, stride: usize, pad: usize) -> Option<(usize, usize)> {
    let one = |n: usize| Some((n + 2 * pad).checked_sub(side)? / stride + 1);
    Some((one(h)?, one(w)?))
}

/// The largest of each 2×2 square of two rows.
#[inline(always)]
fn largest<S: Simd>(simd: S, above: &[f32], below: &[f32], full: usize, out: &mut [f32]) {
    let rows = above.chunks_exact(2 * full).zip(below.chunks_exact(2 * full));
    for (out, (above, below)) in out.chunks_exact_mut(full).zip(rows) {
        let (out, _) = S::as_mut_simd_f32s(out);
        let (above, below) = (S::as_simd_f32s(above).0, S::as_simd_f32s(below).0);
        for v in 0..out.len() {
            let left = simd.max_f32s(above[v], below[v]);
            let right = simd.max_f32s(above[v + out.len()], below[v + out.len()]);
            out[v] = simd.max_f32s(left, right);
        }
    }
}

struct Sum<'a>(&'a mut [f32], &'a [f32]);

impl WithSimd for Sum<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (a, b) in self.0.iter_mut().zip(self.1) {
            *a += b;
        }
    }
}

struct Activated<'a, A>(&'a mut [f32], usize, A);

impl<A: Act> WithSimd for Activated<'_, A> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for pixel in self.0.chunks_exact_mut(self.1) {
            for (at, value) in S::as_mut_simd_f32s(pixel).0.iter_mut().enumerate() {
                *value = self.2.done(simd, *value, at);
            }
        }
    }
}

/// An activation by itself, on pixels of `full` channels.
pub(crate) fn run_activation(arch: Arch, out: &mut [f32], full: usize, activation: &Activation) {
    with_activation!(activation, act => arch.dispatch(Activated(out, full, act)));
}

struct Pool<'a>(&'a [f32], usize, usize, &'a mut [f32], usize);

impl WithSimd for Pool<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Pool(input, w, full, out, wide) = self;
        for (y, out) in out.chunks_exact_mut(wide * full).enumerate() {
            let row = |r: usize| &input[(2 * y + r) * w * full..][..w * full];
            largest(simd, row(0), row(1), full, out);
        }
    }
}

/// The largest of each 2×2 square.
pub(crate) fn run_max_pool(arch: Arch, input: &[f32], w: usize, full: usize, out: &mut [f32], wide: usize) {
    arch.dispatch(Pool(input, w, full, out, wide));
}

pub(crate) fn run_add(arch: Arch, out: &mut [f32], other: &[f32]) {
    arch.dispatch(Sum(out, other));
}

/// Adds a map of half the size, each pixel to four.
pub(crate) fn run_add_doubled(arch: Arch, out: &mut [f32], half: &[f32], wide: usize, full: usize) {
    let mut doubled = vec![0.0; wide * full];
    for (y, row) in out.chunks_exact_mut(wide * full).enumerate() {
        if y % 2 == 0 {
            let from = half[y / 2 * (wide / 2) * full..].chunks_exact(full);
            for (pair, value) in doubled.chunks_exact_mut(2 * full).zip(from) {
                pair[..full].copy_from_slice(value);
                pair[full..].copy_from_slice(value);
            }
        }
        run_add(arch, row, &doubled);
    }
}
