//! Convolutions of each channel by itself, alone and together with the 1×1 one before.

use pulp::{Arch, Simd, WithSimd};

use super::pointwise::{Pointwise, pointwise, run_pointwise};
use super::{Act, Activation, Finish, Plain, Prelu, Relu, largest, padded};

/// Values of an intermediate result up to which it stays in the second cache and rows need not be
/// interleaved.
const CACHED: usize = 128 * 1024;

/// A convolution of each channel by itself, `side`×`side`.
#[derive(Debug, Clone)]
pub(crate) struct Depthwise {
    pub channels: usize,
    pub side: usize,
    pub stride: usize,
    pub pad: usize,
    /// `[side][side][padded channels]`.
    pub weights: Vec<f32>,
    pub finish: Finish,
}

impl Depthwise {
    /// Whether another one's channels can stand beside these.
    pub fn joins(&self, other: &Self) -> bool {
        let form = |d: &Self| (d.side, d.stride, d.pad);
        form(self) == form(other) && self.finish.is_plain() && other.finish.is_plain()
    }

    pub fn join(&mut self, other: &Self) {
        let (a, b) = (self.channels, other.channels);
        let full = padded(a + b);
        let mut weights = vec![0.0; self.side * self.side * full];
        for (at, both) in weights.chunks_exact_mut(full).enumerate() {
            both[..a].copy_from_slice(&self.weights[at * padded(a)..][..a]);
            both[a..a + b].copy_from_slice(&other.weights[at * padded(b)..][..b]);
        }
        (self.weights, self.channels) = (weights, a + b);
        self.finish.join(&other.finish, a, b);
    }

    /// Whether it is of the common form that goes row by row.
    pub fn slides(&self) -> bool {
        (self.side, self.pad) == (3, 1) && self.stride <= 2
    }
}

/// One row of a 3×3 depthwise convolution with a border of one; `rows` are those above, at and
/// below, each of `width` pixels.
struct DepthRow<'a, A> {
    act: A,
    conv: &'a Depthwise,
    rows: [&'a [f32]; 3],
    width: usize,
    out: &'a mut [f32],
}

impl<A: Act> WithSimd for DepthRow<'_, A> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { act, conv, rows, width, out } = self;
        let vectors = padded(conv.channels) / S::F32_LANES;
        let (weights, _) = S::as_simd_f32s(&conv.weights);
        let (bias, _) = S::as_simd_f32s(&conv.finish.bias);
        let row = |r: usize| S::as_simd_f32s(&rows[r][..width * vectors * S::F32_LANES]).0;
        let rows = [row(0), row(1), row(2)];
        let (out, _) = S::as_mut_simd_f32s(out);
        let zero = simd.splat_f32s(0.0);
        for v in 0..vectors {
            let w: [S::f32s; 9] = std::array::from_fn(|i| weights[i * vectors + v]);
            let column = |x: usize| -> [S::f32s; 3] {
                if x < width { std::array::from_fn(|r| rows[r][x * vectors + v]) } else { [zero; 3] }
            };
            let mut left = [zero; 3];
            let mut middle = column(0);
            for (x, out) in out[v..].iter_mut().step_by(vectors).enumerate() {
                let right = column(x * conv.stride + 1);
                let mut sum = bias[v];
                for r in 0..3 {
                    sum = simd.mul_add_e_f32s(w[3 * r], left[r], sum);
                    sum = simd.mul_add_e_f32s(w[3 * r + 1], middle[r], sum);
                    sum = simd.mul_add_e_f32s(w[3 * r + 2], right[r], sum);
                }
                *out = act.done(simd, sum, v);
                (left, middle) = if conv.stride == 1 { (middle, right) } else { (right, column(x * conv.stride + 2)) };
            }
        }
    }
}

/// A depthwise convolution of any size, for the few that are not 3×3.
#[inline(always)]
fn depthwise_any<S: Simd, A: Act>(
    (simd, act): (S, A),
    conv: &Depthwise,
    (input, (h, w)): (&[f32], (usize, usize)),
    (out, wide): (&mut [f32], usize),
) {
    let full = padded(conv.channels);
    let vectors = full / S::F32_LANES;
    let (weights, _) = S::as_simd_f32s(&conv.weights);
    let (bias, _) = S::as_simd_f32s(&conv.finish.bias);
    for (at, out) in out.chunks_exact_mut(full).enumerate() {
        let (oy, ox) = (at / wide * conv.stride, at % wide * conv.stride);
        let (out, _) = S::as_mut_simd_f32s(out);
        out.copy_from_slice(&bias[..vectors]);
        for ky in 0..conv.side {
            for kx in 0..conv.side {
                let (y, x) = ((oy + ky).wrapping_sub(conv.pad), (ox + kx).wrapping_sub(conv.pad));
                if y >= h || x >= w {
                    continue;
                }
                let (pixel, _) = S::as_simd_f32s(&input[(y * w + x) * full..][..full]);
                let (weights, _) = weights[(ky * conv.side + kx) * vectors..].split_at(vectors);
                for ((out, x), w) in out.iter_mut().zip(pixel).zip(weights) {
                    *out = simd.mul_add_e_f32s(*x, *w, *out);
                }
            }
        }
        for (v, out) in out.iter_mut().enumerate() {
            *out = act.done(simd, *out, v);
        }
    }
}

struct Depth<'a>(&'a Depthwise, &'a [f32], (usize, usize), &'a mut [f32], usize);

impl WithSimd for Depth<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Depth(conv, input, (h, w), out, wide) = self;
        with_activation!(&conv.finish.activation, act => if conv.slides() {
            let row = w * padded(conv.channels);
            let zero = vec![0.0; row];
            for (y, out) in out.chunks_exact_mut(wide * padded(conv.channels)).enumerate() {
                let at = |y: usize| if y < h { &input[y * row..][..row] } else { &zero };
                let y = y * conv.stride;
                let rows = [at(y.wrapping_sub(1)), at(y), at(y + 1)];
                simd.vectorize(DepthRow { act, conv, rows, width: w, out });
            }
        } else {
            depthwise_any((simd, act), conv, (input, (h, w)), (out, wide));
        });
    }
}

/// A 1×1 convolution and the 3×3 depthwise one that follows, in rows: only three rows of what is
/// between them exist at a time. With `pool`, only two rows of the result.
struct Rows<'a> {
    first: &'a Pointwise,
    second: &'a Depthwise,
    pool: bool,
    input: &'a [f32],
    size: (usize, usize),
    out: &'a mut [f32],
    wide: usize,
}

impl WithSimd for Rows<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Rows { first, second, pool, input, size: (h, w), out, wide } = self;
        let (from, between) = (w * padded(first.inputs), w * padded(first.outputs));
        let full = padded(second.channels);
        let mut ring: [Vec<f32>; 3] = std::array::from_fn(|_| vec![0.0; between]);
        let zero = vec![0.0; between];
        let mut made = 0;
        with_activation!(&second.finish.activation, act => {
            let mut row_of_result = |y: usize, out: &mut [f32]| {
                let middle = y * second.stride;
                while made < h.min(middle + 2) {
                    pointwise(simd, first, &input[made * from..][..from], &mut ring[made % 3]);
                    made += 1;
                }
                let row = |y: usize| if y < h { ring[y % 3].as_slice() } else { &zero };
                let rows = [row(middle.wrapping_sub(1)), row(middle), row(middle + 1)];
                simd.vectorize(DepthRow { act, conv: second, rows, width: w, out });
            };
            if pool {
                let mut pair = vec![0.0; 4 * wide * full];
                let (above, below) = pair.split_at_mut(2 * wide * full);
                for (y, out) in out.chunks_exact_mut(wide * full).enumerate() {
                    row_of_result(2 * y, above);
                    row_of_result(2 * y + 1, below);
                    largest(simd, above, below, full, out);
                }
            } else {
                for (y, out) in out.chunks_exact_mut(wide * full).enumerate() {
                    row_of_result(y, out);
                }
            }
        });
    }
}

/// Values to keep between the two for an input of this size; none where they are done by rows.
pub(crate) fn between((first, second, pool): (&Pointwise, &Depthwise, bool), size: (usize, usize)) -> usize {
    let values = size.0 * size.1 * padded(first.outputs);
    if second.slides() && (pool || values > CACHED) { 0 } else { values }
}

pub(crate) fn run_depthwise(
    arch: Arch,
    conv: &Depthwise,
    input: &[f32],
    size: (usize, usize),
    out: &mut [f32],
    wide: usize,
) {
    arch.dispatch(Depth(conv, input, size, out, wide));
}

/// Both, one after the other with what is [`between`] them, or by rows without; then the largest of each 2×2 square with `pool`, which
/// needs a convolution that slides.
pub(crate) fn run_separable(
    arch: Arch,
    (first, second, pool): (&Pointwise, &Depthwise, bool),
    input: &[f32],
    size: (usize, usize),
    out: &mut [f32],
    (wide, between): (usize, &mut [f32]),
) {
    match between.is_empty() {
        true => arch.dispatch(Rows { first, second, pool, input, size, out, wide }),
        false => {
            run_pointwise(arch, first, input, between);
            run_depthwise(arch, second, between, size, out, wide);
        }
    }
}
