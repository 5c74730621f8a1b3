//! Matrix products: the 1×1 convolution, and the first layer, which is one over patches.

use pulp::{Arch, Simd, WithSimd};

use super::{Act, Activation, Finish, LANES, Plain, Prelu, Relu, padded};

/// Channels that a matrix product makes at a time, two vectors: known while compiling for each processor.
const fn panel<S: Simd>() -> usize {
    if 2 * S::F32_LANES > LANES { 2 * S::F32_LANES } else { LANES }
}

struct Width;

impl WithSimd for Width {
    type Output = usize;
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        panel::<S>()
    }
}

/// Pixels between two passes over all weights, so that their inputs stay in the second cache.
const BLOCK: usize = 240;

/// A 1×1 convolution.
#[derive(Debug, Clone)]
pub(crate) struct Pointwise {
    pub inputs: usize,
    pub outputs: usize,
    /// Outputs of a panel on the processor that this is made for; the last may be half.
    panel: usize,
    /// By panel: `[inputs][panel]`.
    weights: Vec<f32>,
    pub finish: Finish,
}

/// A full convolution of few channels, 3×3 with a border of one: the first layer.
#[derive(Debug, Clone)]
pub(crate) struct Dense {
    pub inputs: usize,
    pub outputs: usize,
    pub stride: usize,
    /// As a [`Pointwise`] of 9·inputs channels in the order row, column, channel.
    pub product: Pointwise,
}

impl Pointwise {
    fn weight(&self, output: usize, input: usize) -> f32 {
        let start = output / self.panel * self.panel;
        let wide = (padded(self.outputs) - start).min(self.panel);
        self.weights[start * self.inputs + input * wide + output % self.panel]
    }

    /// Whether another one's outputs can stand beside these.
    pub fn joins(&self, other: &Self) -> bool {
        self.inputs == other.inputs && self.finish.is_plain() && other.finish.is_plain()
    }

    pub fn join(&mut self, other: &Self) {
        let (a, b) = (self.outputs, other.outputs);
        let weight = |o: usize, i: usize| if o < a { self.weight(o, i) } else { other.weight(o - a, i) };
        let mut finish = self.finish.clone();
        finish.join(&other.finish, a, b);
        *self = Self::by_panels(self.panel, (self.inputs, a + b), weight, finish);
    }

    /// Of so many inputs and outputs, from `weight(output, input)`.
    pub fn new(arch: Arch, channels: (usize, usize), weight: impl Fn(usize, usize) -> f32, finish: Finish) -> Self {
        Self::by_panels(arch.dispatch(Width), channels, weight, finish)
    }

    fn by_panels(
        panel: usize,
        (inputs, outputs): (usize, usize),
        weight: impl Fn(usize, usize) -> f32,
        finish: Finish,
    ) -> Self {
        let full = padded(outputs);
        let mut weights = Vec::with_capacity(inputs * full);
        for start in (0..full).step_by(panel) {
            for input in 0..inputs {
                for output in start..(start + panel).min(full) {
                    weights.push(if output < outputs { weight(output, input) } else { 0.0 });
                }
            }
        }
        Self { inputs, outputs, panel, weights, finish }
    }
}

/// A panel of a matrix product, `P` pixels by `V` vectors at a time. `R` pieces of each pixel's inputs
/// lie apart: one for a 1×1 convolution, one a row for a 3×3.
///
/// This and [`DepthRow`] are what [`Simd::vectorize`] compiles for each processor, each small enough
/// for the compiler to keep its sums in registers.
struct Panel<'a, A, const P: usize, const V: usize, const R: usize> {
    act: A,
    rows: [&'a [f32]; R],
    /// `[R][inputs of a piece][V vectors]`.
    weights: &'a [f32],
    bias: &'a [f32],
    /// First output channel.
    start: usize,
    /// From one pixel to the next, in values: inputs and outputs.
    from: usize,
    to: usize,
    out: &'a mut [f32],
}

impl<A: Act, const P: usize, const V: usize, const R: usize> Panel<'_, A, P, V, R> {
    #[inline(always)]
    fn tile<S: Simd, const N: usize>(&mut self, simd: S, pixel: usize) {
        let (weights, _) = S::as_simd_f32s(self.weights).0.as_chunks::<V>();
        let (bias, _) = S::as_simd_f32s(self.bias);
        let mut sums: [[S::f32s; V]; N] = [std::array::from_fn(|v| bias[v]); N];
        let inputs = weights.len() / R;
        for (row, weights) in self.rows.iter().zip(weights.chunks_exact(inputs)) {
            let row = &row[pixel * self.from..];
            let x: [&[f32]; N] = std::array::from_fn(|p| &row[p * self.from..][..inputs]);
            for k in 0..inputs {
                let w = weights[k];
                for p in 0..N {
                    let value = simd.splat_f32s(x[p][k]);
                    for v in 0..V {
                        sums[p][v] = simd.mul_add_e_f32s(value, w[v], sums[p][v]);
                    }
                }
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            let at = (pixel + p) * self.to + self.start;
            let (out, _) = S::as_mut_simd_f32s(&mut self.out[at..][..V * S::F32_LANES]);
            for v in 0..V {
                out[v] = self.act.done(simd, sums[v], self.start / S::F32_LANES + v);
            }
        }
    }
}

impl<A: Act, const P: usize, const V: usize, const R: usize> WithSimd for Panel<'_, A, P, V, R> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let pixels = self.out.len() / self.to;
        let mut done = 0;
        macro_rules! tiles {
            ($($many:expr),*) => {$(
                if P >= $many {
                    while pixels - done >= $many {
                        self.tile::<S, $many>(simd, done);
                        done += $many;
                    }
                }
            )*};
        }
        tiles!(P);
        tiles!(8, 4, 2, 1);
    }
}

/// The product of each pixel's inputs, in `R` pieces `from` apart, with all weights.
#[inline(always)]
fn product<S: Simd, A: Act, const R: usize>(
    (simd, act): (S, A),
    conv: &Pointwise,
    (rows, from): ([&[f32]; R], usize),
    out: &mut [f32],
) {
    let to = padded(conv.outputs);
    let mut weights = conv.weights.as_slice();
    for start in (0..to).step_by(panel::<S>()) {
        let wide = (to - start).min(panel::<S>());
        let (these, rest) = weights.split_at(conv.inputs * wide);
        weights = rest;
        macro_rules! panel {
            ($pixels:literal, $vectors:literal) => {{
                let bias = &conv.finish.bias[start..][..wide];
                let weights = these;
                let out = &mut *out;
                simd.vectorize(Panel::<A, $pixels, $vectors, R> { act, rows, weights, bias, start, from, to, out });
            }};
        }
        // The sums take 12 to 24 registers of the 16 or 32 that there are at these widths.
        match (wide / S::F32_LANES, S::F32_LANES) {
            (1, _) => panel!(12, 1),
            (2, 16) => panel!(12, 2),
            (2, _) => panel!(6, 2),
            (4, _) => panel!(3, 4),
            (8, _) => panel!(1, 8),
            _ => panel!(1, 16),
        }
    }
}

#[inline(always)]
pub(super) fn pointwise<S: Simd>(simd: S, conv: &Pointwise, input: &[f32], out: &mut [f32]) {
    let (from, to) = (padded(conv.inputs), padded(conv.outputs));
    with_activation!(&conv.finish.activation, act => {
        for (input, out) in input.chunks(BLOCK * from).zip(out.chunks_mut(BLOCK * to)) {
            product((simd, act), conv, ([input], from), out);
        }
    });
}

struct Point<'a>(&'a Pointwise, &'a [f32], &'a mut [f32]);

impl WithSimd for Point<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        pointwise(simd, self.0, self.1, self.2);
    }
}

struct First<'a>(&'a Dense, &'a [f32], (usize, usize), &'a mut [f32], usize);

impl WithSimd for First<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let First(conv, input, (h, w), out, wide) = self;
        let c = conv.inputs;
        // Three rows of the input with a border of one pixel at both sides.
        let mut ring: [Vec<f32>; 3] = std::array::from_fn(|_| vec![0.0; (w + 2) * c]);
        let zero = vec![0.0; (w + 2) * c];
        let mut made = 0;
        with_activation!(&conv.product.finish.activation, act => {
            for (y, out) in out.chunks_exact_mut(wide * padded(conv.outputs)).enumerate() {
                let middle = y * conv.stride;
                while made < h.min(middle + 2) {
                    ring[made % 3][c..][..w * c].copy_from_slice(&input[made * w * c..][..w * c]);
                    made += 1;
                }
                let row = |y: usize| if y < h { ring[y % 3].as_slice() } else { &zero };
                let rows = [row(middle.wrapping_sub(1)), row(middle), row(middle + 1)];
                product((simd, act), &conv.product, (rows, conv.stride * c), out);
            }
        });
    }
}

pub(crate) fn run_dense(arch: Arch, conv: &Dense, input: &[f32], size: (usize, usize), out: &mut [f32], wide: usize) {
    arch.dispatch(First(conv, input, size, out, wide));
}

pub(crate) fn run_pointwise(arch: Arch, conv: &Pointwise, input: &[f32], out: &mut [f32]) {
    arch.dispatch(Point(conv, input, out));
}
