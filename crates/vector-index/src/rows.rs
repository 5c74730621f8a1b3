//! Rows as 8-bit codes in columns, and what each code may be off by.

use crate::simd::{BIAS, Kernel, LANES, STEP, STRIP};
use crate::{Entry, Filter};

/// Relative error of the few single-precision operations of a bound, generously (each has 2^-24).
const ROUNDING: f32 = 2e-6;

/// Columns of rows, wherever they lie. `codes` in groups (see [`crate::simd`]), the others one value a row, padded to
/// whole groups.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub codes: &'a [u8],
    /// Value of one step of a code.
    pub scale: &'a [f32],
    /// Euclidean length of what the codes leave out.
    pub residual: &'a [f32],
    /// Euclidean length of what the codes say.
    pub norm: &'a [f32],
    pub record: &'a [i64],
    pub subject: &'a [i64],
    pub day: &'a [i32],
    pub agency: &'a [i32],
}

impl Columns<'_> {
    pub(crate) fn entry(&self, row: usize) -> Entry {
        Entry { record: self.record[row], subject: self.subject[row], day: self.day[row], agency: self.agency[row] }
    }

    /// Which rows of a group pass a filter. What is not known passes.
    pub(crate) fn passing(&self, group: usize, filter: &Filter) -> u16 {
        let rows = group * LANES..(group + 1) * LANES;
        let mut mask = 0;
        for (lane, (day, agency)) in self.day[rows.clone()].iter().zip(&self.agency[rows]).enumerate() {
            mask |= u16::from(filter.passes(*day, *agency)) << lane;
        }
        mask
    }
}

/// Rows in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    strips: usize,
    len: usize,
    pub codes: Vec<u8>,
    pub scale: Vec<f32>,
    pub residual: Vec<f32>,
    pub norm: Vec<f32>,
    pub record: Vec<i64>,
    pub subject: Vec<i64>,
    pub day: Vec<i32>,
    pub agency: Vec<i32>,
    scratch: Vec<i8>,
}

impl Rows {
    pub(crate) fn new(dim: usize) -> Self {
        Self { strips: dim.div_ceil(STRIP), ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn columns(&self) -> Columns<'_> {
        Columns {
            codes: &self.codes,
            scale: &self.scale,
            residual: &self.residual,
            norm: &self.norm,
            record: &self.record,
            subject: &self.subject,
            day: &self.day,
            agency: &self.agency,
        }
    }

    /// Makes room for one more row and says where.
    fn grow(&mut self, entry: Entry, [scale, residual, norm]: [f32; 3]) -> (usize, usize) {
        let (group, lane) = (self.len / LANES, self.len % LANES);
        if lane == 0 {
            let rows = self.len + LANES;
            self.codes.resize((group + 1) * self.strips * STEP, BIAS as u8);
            for column in [&mut self.scale, &mut self.residual, &mut self.norm] {
                column.resize(rows, 0.0);
            }
            for column in [&mut self.record, &mut self.subject] {
                column.resize(rows, 0);
            }
            for column in [&mut self.day, &mut self.agency] {
                column.resize(rows, 0);
            }
        }
        let row = self.len;
        (self.scale[row], self.residual[row], self.norm[row]) = (scale, residual, norm);
        (self.record[row], self.subject[row]) = (entry.record, entry.subject);
        (self.day[row], self.agency[row]) = (entry.day, entry.agency);
        self.len += 1;
        (group * self.strips * STEP, lane * STRIP)
    }

    pub(crate) fn push(&mut self, entry: Entry, values: &[f32]) {
        let mut codes = std::mem::take(&mut self.scratch);
        let measures = quantise(values, &mut codes);
        codes.resize(self.strips * STRIP, 0);
        let (base, lane) = self.grow(entry, measures);
        let group = &mut self.codes[base..];
        for (step, strip) in group.as_chunks_mut::<STEP>().0.iter_mut().zip(codes.as_chunks::<STRIP>().0) {
            step[lane..lane + STRIP].copy_from_slice(&strip.map(|c| (i32::from(c) + BIAS) as u8));
        }
        self.scratch = codes;
    }

    /// Copies a row as it is.
    pub(crate) fn push_row(&mut self, from: &Columns<'_>, row: usize) {
        let (base, lane) = self.grow(from.entry(row), [from.scale[row], from.residual[row], from.norm[row]]);
        let theirs = &from.codes[row / LANES * self.strips * STEP..];
        let other = row % LANES * STRIP;
        for strip in 0..self.strips {
            let (to, at) = (base + strip * STEP + lane, strip * STEP + other);
            self.codes[to..to + STRIP].copy_from_slice(&theirs[at..at + STRIP]);
        }
    }
}

/// Added and taken off again it leaves the nearest whole number of a small one, without a call: 1.5 × 2^23.
const WHOLE: f32 = 12_582_912.0;

/// Codes of a row, with scale, length of the residual (rounded up) and length of the coded row (rounded up).
fn quantise(values: &[f32], codes: &mut Vec<i8>) -> [f32; 3] {
    let largest = values.iter().fold(0.0f32, |most, v| most.max(v.abs()));
    let scale = largest / 127.0;
    let step = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    codes.clear();
    codes.extend(values.iter().map(|v| ((v * step + WHOLE) - WHOLE) as i8));
    let (mut left, mut said) = ([0.0f64; 8], [0.0f64; 8]);
    let mut measure = |values: &[f32], codes: &[i8]| {
        for (lane, (value, code)) in values.iter().zip(codes).enumerate() {
            let coded = f64::from(scale) * f64::from(*code);
            left[lane] += (f64::from(*value) - coded).powi(2);
            said[lane] += coded.powi(2);
        }
    };
    for (values, codes) in values.chunks(8).zip(codes.chunks(8)) {
        measure(values, codes);
    }
    let up = |squares: [f64; 8]| (squares.iter().sum::<f64>().sqrt() as f32).next_up();
    [scale, up(left), up(said)]
}

/// A query as two planes of codes: the first is compared with every row, the second with the few that the first does
/// not rule out.
#[derive(Debug)]
pub(crate) struct Planes {
    pub coarse: Plane,
    pub fine: Plane,
}

/// One plane: codes, the value of a step, what their biased sums begin with, and how far the query is from what all
/// planes up to this one say.
#[derive(Debug)]
pub(crate) struct Plane {
    pub codes: Vec<[i8; STRIP]>,
    pub scale: f32,
    pub bias: i32,
    /// Error for each unit of a row's length.
    pub error: f32,
    /// Length of the query.
    pub length: f32,
}

impl Plane {
    /// What is left of `rest` after this plane is subtracted from it; `length` is the whole query's.
    fn of(rest: &mut [f64], length: f64, kernel: Kernel) -> Self {
        let largest = rest.iter().fold(0.0f64, |most, v| most.max(v.abs()));
        let most = f64::from(kernel.largest());
        let scale = (largest / most) as f32;
        let mut codes = vec![[0i8; STRIP]; rest.len().div_ceil(STRIP)];
        let mut sum = 0;
        for (at, value) in rest.iter_mut().enumerate() {
            let code = if scale > 0.0 { (*value / f64::from(scale)).round().clamp(-most, most) } else { 0.0 };
            codes[at / STRIP][at % STRIP] = code as i8;
            sum += code as i32;
            *value -= f64::from(scale) * code;
        }
        let left = rest.iter().map(|v| v * v).sum::<f64>().sqrt();
        let error = (left as f32).next_up() + ROUNDING * (length as f32).next_up();
        Self { codes, scale, bias: BIAS * sum, error, length: (length as f32).next_up() }
    }

    /// Most by which a row's product with this plane (and those before) may be off (Cauchy-Schwarz, twice: the row's
    /// residual against the query, the coded row against what the planes leave out).
    #[inline]
    pub(crate) fn slack(&self, residual: f32, norm: f32) -> f32 {
        residual * self.length + norm * self.error
    }
}

impl Planes {
    pub(crate) fn of(query: &[f32], kernel: Kernel) -> Self {
        let mut rest: Vec<f64> = query.iter().map(|v| f64::from(*v)).collect();
        let length = rest.iter().map(|v| v * v).sum::<f64>().sqrt();
        let coarse = Plane::of(&mut rest, length, kernel);
        let fine = Plane::of(&mut rest, length, kernel);
        Self { coarse, fine }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_product_is_further_off_than_its_bound(
            (row, query) in (1usize..70).prop_flat_map(|dim| {
                let values = || prop::collection::vec(prop_oneof![-1.0f32..1.0, Just(0.0), -1e-4f32..1e-4], dim);
                (values(), values())
            }),
        ) {
            let mut rows = Rows::new(row.len());
            rows.push(Entry::default(), &row);
            let columns = rows.columns();
            let truth: f64 = row.iter().zip(&query).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            for kernel in Kernel::all() {
                let planes = Planes::of(&query, kernel);
                let mut sums = [[0; LANES]; 2];
                kernel.sums(columns.codes, &[&planes.coarse.codes, &planes.fine.codes], &mut sums);
                let product = |plane: &Plane, sums: &[i32; LANES]| (sums[0] - plane.bias) as f32 * (plane.scale * columns.scale[0]);
                let coarse = product(&planes.coarse, &sums[0]);
                let fine = coarse + product(&planes.fine, &sums[1]);
                for (found, plane) in [(coarse, &planes.coarse), (fine, &planes.fine)] {
                    let slack = plane.slack(columns.residual[0], columns.norm[0]);
                    prop_assert!((f64::from(found) - truth).abs() <= f64::from(slack), "{found} {truth} {slack}");
                }
            }
        }
    }
}
