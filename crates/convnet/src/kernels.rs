//! The arithmetic, written once and compiled for each vector width that the processor may have.

use pulp::{Arch, Simd, WithSimd};

/// Channels are filled up to a multiple of this, the widest vector in use.
pub(crate) const LANES: usize = 16;

pub(crate) fn padded(channels: usize) -> usize {
    channels.next_multiple_of(LANES)
}

/// Channels that a matrix product makes at a time.
const PANEL: usize = 32;
/// Pixels between two passes over all weights, so that their inputs stay in the first cache.
const BLOCK: usize = 48;
/// Values of an intermediate result up to which it stays in the second cache and rows need not be
/// interleaved.
const CACHED: usize = 96 * 1024;

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

/// Runs `$body` with `$act` bound to the activation's own type.
macro_rules! with_activation {
    ($finish:expr, $act:ident => $body:expr) => {
        match &$finish.activation {
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

/// A 1×1 convolution.
#[derive(Debug, Clone)]
pub(crate) struct Pointwise {
    pub inputs: usize,
    pub outputs: usize,
    /// By panel of [`PANEL`] outputs (the last may be half): `[inputs][panel]`.
    pub weights: Vec<f32>,
    pub finish: Finish,
}

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

/// A full convolution of few channels, 3×3 with a border of one: the first layer.
#[derive(Debug, Clone)]
pub(crate) struct Dense {
    pub inputs: usize,
    pub outputs: usize,
    pub stride: usize,
    /// As a [`Pointwise`] of 9·inputs channels in the order row, column, channel.
    pub product: Pointwise,
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

impl Pointwise {
    fn weight(&self, output: usize, input: usize) -> f32 {
        let start = output / PANEL * PANEL;
        let wide = (padded(self.outputs) - start).min(PANEL);
        self.weights[start * self.inputs + input * wide + output % PANEL]
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
        *self = Self::new(self.inputs, a + b, weight, finish);
    }

    /// From `weight(output, input)`.
    pub fn new(inputs: usize, outputs: usize, weight: impl Fn(usize, usize) -> f32, finish: Finish) -> Self {
        let full = padded(outputs);
        let mut weights = Vec::with_capacity(inputs * full);
        for start in (0..full).step_by(PANEL) {
            for input in 0..inputs {
                for output in start..(start + PANEL).min(full) {
                    weights.push(if output < outputs { weight(output, input) } else { 0.0 });
                }
            }
        }
        Self { inputs, outputs, weights, finish }
    }
}

/// Height and width after a window of `side` with `pad` at each border moved by `stride`.
pub(crate) fn moved((h, w): (usize, usize), side: usize, stride: usize, pad: usize) -> Option<(usize, usize)> {
    let one = |n: usize| Some((n + 2 * pad).checked_sub(side)? / stride + 1);
    Some((one(h)?, one(w)?))
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
        let (weights, _) = S::as_simd_f32s(self.weights);
        let (bias, _) = S::as_simd_f32s(self.bias);
        let mut sums: [[S::f32s; V]; N] = [std::array::from_fn(|v| bias[v]); N];
        let inputs = weights.len() / (V * R);
        for (row, weights) in self.rows.iter().zip(weights.chunks_exact(inputs * V)) {
            let x: [&[f32]; N] = std::array::from_fn(|p| &row[(pixel + p) * self.from..][..inputs]);
            for k in 0..inputs {
                let w: [S::f32s; V] = std::array::from_fn(|v| weights[k * V + v]);
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
        while done + P <= pixels {
            self.tile::<S, P>(simd, done);
            done += P;
        }
        for pixel in done..pixels {
            self.tile::<S, 1>(simd, pixel);
        }
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
    for start in (0..to).step_by(PANEL) {
        let wide = (to - start).min(PANEL);
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
            (16, _) => panel!(1, 16),
            _ => panel!(1, 32),
        }
    }
}

#[inline(always)]
fn pointwise<S: Simd>(simd: S, conv: &Pointwise, input: &[f32], out: &mut [f32]) {
    let (from, to) = (padded(conv.inputs), padded(conv.outputs));
    with_activation!(conv.finish, act => {
        for (input, out) in input.chunks(BLOCK * from).zip(out.chunks_mut(BLOCK * to)) {
            product((simd, act), conv, ([input], from), out);
        }
    });
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
        with_activation!(conv.finish, act => if conv.slides() {
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

struct Point<'a>(&'a Pointwise, &'a [f32], &'a mut [f32]);

impl WithSimd for Point<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        pointwise(simd, self.0, self.1, self.2);
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
        with_activation!(second.finish, act => {
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
        with_activation!(conv.product.finish, act => {
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

pub(crate) fn run_dense(arch: Arch, conv: &Dense, input: &[f32], size: (usize, usize), out: &mut [f32], wide: usize) {
    arch.dispatch(First(conv, input, size, out, wide));
}

pub(crate) fn run_pointwise(arch: Arch, conv: &Pointwise, input: &[f32], out: &mut [f32]) {
    arch.dispatch(Point(conv, input, out));
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

/// Both, one after the other or by rows, whichever keeps the values between them in the cache; then
/// the largest of each 2×2 square with `pool`, which needs a convolution that slides.
pub(crate) fn run_separable(
    arch: Arch,
    (first, second, pool): (&Pointwise, &Depthwise, bool),
    input: &[f32],
    size: (usize, usize),
    out: &mut [f32],
    (wide, between): (usize, &mut Vec<f32>),
) {
    let values = size.0 * size.1 * padded(first.outputs);
    if second.slides() && (pool || values > CACHED) {
        return arch.dispatch(Rows { first, second, pool, input, size, out, wide });
    }
    if between.len() < values {
        between.resize(values, 0.0);
    }
    run_pointwise(arch, first, input, &mut between[..values]);
    run_depthwise(arch, second, &between[..values], size, out, wide);
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
