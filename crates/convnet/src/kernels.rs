//! The arithmetic, written once and compiled for each vector width that the processor may have.

use pulp::{Arch, Simd, WithSimd};

/// Channels are filled up to a multiple of this, the widest vector in use.
pub(crate) const LANES: usize = 16;

pub(crate) fn padded(channels: usize) -> usize {
    channels.next_multiple_of(LANES)
}

/// Channels a matrix product makes at a time, and pixels. Eight times two vectors of sums leave
/// registers for weights on processors with 16 (at 8 lanes the pixels go four at a time).
const PANEL: usize = 32;
const PIXELS: usize = 8;
/// Pixels between two passes over all weights, so that their inputs stay in the first cache.
const BLOCK: usize = 48;
/// Values of an intermediate result up to which it stays in the second cache and rows need not be
/// interleaved.
const CACHED: usize = 96 * 1024;

/// Bias and PReLU slope per output channel, filled up. Slope 0 is ReLU, slope 1 is no activation.
#[derive(Debug, Clone)]
pub(crate) struct Finish {
    pub bias: Vec<f32>,
    pub slope: Vec<f32>,
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

impl Pointwise {
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

#[inline(always)]
fn finished<S: Simd>(simd: S, sum: S::f32s, slope: S::f32s) -> S::f32s {
    let zero = simd.splat_f32s(0.0);
    simd.mul_add_e_f32s(slope, simd.min_f32s(sum, zero), simd.max_f32s(sum, zero))
}

/// `P` pixels by `V` vectors of one panel.
#[inline(always)]
fn tile<S: Simd, const P: usize, const V: usize>(
    simd: S,
    x: [&[f32]; P],
    panel: &[S::f32s],
    bias: &[S::f32s],
    slope: &[S::f32s],
    out: &mut [f32],
    (at, step): (usize, usize),
) {
    let mut sums: [[S::f32s; V]; P] = [std::array::from_fn(|v| bias[v]); P];
    let inputs = panel.len() / V;
    let x: [&[f32]; P] = std::array::from_fn(|p| &x[p][..inputs]);
    for k in 0..inputs {
        let w: [S::f32s; V] = std::array::from_fn(|v| panel[k * V + v]);
        for p in 0..P {
            let value = simd.splat_f32s(x[p][k]);
            for v in 0..V {
                sums[p][v] = simd.mul_add_e_f32s(value, w[v], sums[p][v]);
            }
        }
    }
    for (p, sums) in sums.iter().enumerate() {
        let (out, _) = S::as_mut_simd_f32s(&mut out[at + p * step..][..V * S::F32_LANES]);
        for v in 0..V {
            out[v] = finished(simd, sums[v], slope[v]);
        }
    }
}

/// All pixels of `input` (`from` apart) to `out` (padded outputs apart), by one panel.
#[inline(always)]
fn panel<S: Simd, const P: usize, const V: usize>(
    simd: S,
    conv: &Pointwise,
    input: &[f32],
    from: usize,
    out: &mut [f32],
    (start, weights): (usize, &[f32]),
) {
    let to = padded(conv.outputs);
    let (weights, _) = S::as_simd_f32s(weights);
    let (bias, _) = S::as_simd_f32s(&conv.finish.bias[start..]);
    let (slope, _) = S::as_simd_f32s(&conv.finish.slope[start..]);
    let (bias, slope) = (&bias[..V], &slope[..V]);
    let pixels = out.len() / to;
    let mut done = 0;
    while done + P <= pixels {
        let x = std::array::from_fn(|p| &input[(done + p) * from..]);
        tile::<S, P, V>(simd, x, weights, bias, slope, out, (done * to + start, to));
        done += P;
    }
    for pixel in done..pixels {
        tile::<S, 1, V>(simd, [&input[pixel * from..]], weights, bias, slope, out, (pixel * to + start, to));
    }
}

#[inline(always)]
fn pointwise<S: Simd>(simd: S, conv: &Pointwise, input: &[f32], from: usize, out: &mut [f32]) {
    let to = padded(conv.outputs);
    for (input, out) in input.chunks(BLOCK * from).zip(out.chunks_mut(BLOCK * to)) {
        let mut weights = conv.weights.as_slice();
        for start in (0..to).step_by(PANEL) {
            let wide = (to - start).min(PANEL);
            let (these, rest) = weights.split_at(conv.inputs * wide);
            weights = rest;
            let at = (start, these);
            match wide / S::F32_LANES {
                1 => panel::<S, { PIXELS + 4 }, 1>(simd, conv, input, from, out, at),
                2 if S::F32_LANES == 16 => panel::<S, PIXELS, 2>(simd, conv, input, from, out, at),
                2 => panel::<S, 6, 2>(simd, conv, input, from, out, at),
                4 => panel::<S, 3, 4>(simd, conv, input, from, out, at),
                8 => panel::<S, 1, 8>(simd, conv, input, from, out, at),
                16 => panel::<S, 1, 16>(simd, conv, input, from, out, at),
                _ => panel::<S, 1, 32>(simd, conv, input, from, out, at),
            }
        }
    }
}

/// One row of a 3×3 depthwise convolution with a border of one; `rows` are those above, at and
/// below, each of `width` pixels.
#[inline(always)]
fn depthwise_row<S: Simd>(simd: S, conv: &Depthwise, rows: [&[f32]; 3], width: usize, out: &mut [f32]) {
    let vectors = padded(conv.channels) / S::F32_LANES;
    let (weights, _) = S::as_simd_f32s(&conv.weights);
    let (bias, _) = S::as_simd_f32s(&conv.finish.bias);
    let (slope, _) = S::as_simd_f32s(&conv.finish.slope);
    let rows = rows.map(|row| S::as_simd_f32s(&row[..width * vectors * S::F32_LANES]).0);
    let (out, _) = S::as_mut_simd_f32s(out);
    let zero = simd.splat_f32s(0.0);
    for v in 0..vectors {
        let w: [S::f32s; 9] = std::array::from_fn(|i| weights[i * vectors + v]);
        let (bias, slope) = (bias[v], slope[v]);
        let column = |x: usize| -> [S::f32s; 3] {
            if x < width { std::array::from_fn(|r| rows[r][x * vectors + v]) } else { [zero; 3] }
        };
        let mut left = [zero; 3];
        let mut middle = column(0);
        for (x, out) in out[v..].iter_mut().step_by(vectors).enumerate() {
            let right = column(x * conv.stride + 1);
            let mut sums = [bias, zero, zero];
            for r in 0..3 {
                sums[r] = simd.mul_add_e_f32s(w[3 * r], left[r], sums[r]);
                sums[r] = simd.mul_add_e_f32s(w[3 * r + 1], middle[r], sums[r]);
                sums[r] = simd.mul_add_e_f32s(w[3 * r + 2], right[r], sums[r]);
            }
            *out = finished(simd, simd.add_f32s(simd.add_f32s(sums[0], sums[1]), sums[2]), slope);
            (left, middle) = if conv.stride == 1 { (middle, right) } else { (right, column(x * conv.stride + 2)) };
        }
    }
}

/// A depthwise convolution of any size, for the few that are not 3×3.
#[inline(always)]
fn depthwise_any<S: Simd>(simd: S, conv: &Depthwise, input: &[f32], (h, w): (usize, usize), out: &mut [f32], wide: usize) {
    let full = padded(conv.channels);
    let vectors = full / S::F32_LANES;
    let (weights, _) = S::as_simd_f32s(&conv.weights);
    let (bias, _) = S::as_simd_f32s(&conv.finish.bias);
    let (slope, _) = S::as_simd_f32s(&conv.finish.slope);
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
        for (out, slope) in out.iter_mut().zip(slope) {
            *out = finished(simd, *out, *slope);
        }
    }
}

/// Rows `y−1`, `y`, `y+1` of a picture, `zero` outside.
fn around<'a>(input: &'a [f32], row: usize, height: usize, y: usize, zero: &'a [f32]) -> [&'a [f32]; 3] {
    [y.wrapping_sub(1), y, y + 1].map(|y| if y < height { &input[y * row..][..row] } else { zero })
}

struct Depth<'a>(&'a Depthwise, &'a [f32], (usize, usize), &'a mut [f32], usize);

impl WithSimd for Depth<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Depth(conv, input, (h, w), out, wide) = self;
        if (conv.side, conv.pad) != (3, 1) || conv.stride > 2 {
            return depthwise_any(simd, conv, input, (h, w), out, wide);
        }
        let full = padded(conv.channels);
        let zero = vec![0.0; w * full];
        for (y, out) in out.chunks_exact_mut(wide * full).enumerate() {
            depthwise_row(simd, conv, around(input, w * full, h, y * conv.stride, &zero), w, out);
        }
    }
}

struct Point<'a>(&'a Pointwise, &'a [f32], &'a mut [f32]);

impl WithSimd for Point<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        pointwise(simd, self.0, self.1, padded(self.0.inputs), self.2);
    }
}

/// A 1×1 convolution and the 3×3 depthwise one that follows, in rows: only three rows of what is
/// between them exist at a time.
struct Rows<'a>(&'a Pointwise, &'a Depthwise, &'a [f32], (usize, usize), &'a mut [f32], usize);

impl WithSimd for Rows<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Rows(first, second, input, (h, w), out, wide) = self;
        let (from, between) = (w * padded(first.inputs), w * padded(first.outputs));
        let mut ring: [Vec<f32>; 3] = std::array::from_fn(|_| vec![0.0; between]);
        let zero = vec![0.0; between];
        let mut made = 0;
        for (y, out) in out.chunks_exact_mut(wide * padded(second.channels)).enumerate() {
            let middle = y * second.stride;
            while made < h.min(middle + 2) {
                pointwise(simd, first, &input[made * from..][..from], padded(first.inputs), &mut ring[made % 3]);
                made += 1;
            }
            let row = |y: usize| if y < h { ring[y % 3].as_slice() } else { &zero };
            depthwise_row(simd, second, [row(middle.wrapping_sub(1)), row(middle), row(middle + 1)], w, out);
        }
    }
}

struct First<'a>(&'a Dense, &'a [f32], (usize, usize), &'a mut [f32], usize);

impl WithSimd for First<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let First(conv, input, (h, w), out, wide) = self;
        let (c, nine) = (conv.inputs, 9 * conv.inputs);
        let mut patches = vec![0.0; wide * nine];
        for (y, out) in out.chunks_exact_mut(wide * padded(conv.outputs)).enumerate() {
            for r in 0..3 {
                let from = (y * conv.stride + r).wrapping_sub(1);
                let row = if from < h { Some(&input[from * w * c..][..w * c]) } else { None };
                for (x, patch) in patches.chunks_exact_mut(nine).enumerate() {
                    let patch = &mut patch[3 * c * r..][..3 * c];
                    let left = x * conv.stride;
                    match row {
                        // The usual case in one copy: all three columns lie inside.
                        Some(row) if left >= 1 && left + 2 <= w => patch.copy_from_slice(&row[(left - 1) * c..][..3 * c]),
                        Some(row) => {
                            for (k, value) in patch.iter_mut().enumerate() {
                                let x = (left + k / c).wrapping_sub(1);
                                *value = if x < w { row[x * c + k % c] } else { 0.0 };
                            }
                        }
                        None => patch.fill(0.0),
                    }
                }
            }
            pointwise(simd, &conv.product, &patches, nine, out);
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

/// Both, one after the other or by rows, whichever keeps the values between them in the cache.
pub(crate) fn run_separable(
    arch: Arch,
    (first, second): (&Pointwise, &Depthwise),
    input: &[f32],
    size: (usize, usize),
    out: &mut [f32],
    (wide, between): (usize, &mut Vec<f32>),
) {
    let values = size.0 * size.1 * padded(first.outputs);
    if (second.side, second.pad) == (3, 1) && second.stride <= 2 && values > CACHED {
        return arch.dispatch(Rows(first, second, input, size, out, wide));
    }
    between.resize(values, 0.0);
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
            let (above, below) = (row(0).chunks_exact(2 * full), row(1).chunks_exact(2 * full));
            for ((out, above), below) in out.chunks_exact_mut(full).zip(above).zip(below) {
                let (out, _) = S::as_mut_simd_f32s(out);
                let (above, below) = (S::as_simd_f32s(above).0, S::as_simd_f32s(below).0);
                for v in 0..out.len() {
                    let left = simd.max_f32s(above[v], below[v]);
                    let right = simd.max_f32s(above[v + out.len()], below[v + out.len()]);
                    out[v] = simd.max_f32s(left, right);
                }
            }
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
