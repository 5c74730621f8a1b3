//! How well likelihood ratios do what they say.
//!
//! Cllr and its least value after Brümmer & du Preez, “Application-independent evaluation of speaker detection”, *Computer
//! Speech and Language* 20 (2006); the empirical cross-entropy after Ramos & González-Rodríguez, “Reliable support”,
//! *Forensic Science International* 230 (2013); Tippett plots as in Meuwly, Ramos & Haraksim, “A guideline for the validation
//! of likelihood ratio methods”, *FSI* 276 (2017).

use serde::{Deserialize, Serialize};

use crate::interval::Interval;

/// Natural logarithms of likelihood ratios of pairs whose truth is known, each with how many pairs have it.
#[derive(Debug, Clone, Default)]
pub struct Ratios {
    /// Of one person.
    pub mated: Vec<(f64, u64)>,
    /// Of two.
    pub non_mated: Vec<(f64, u64)>,
}

/// One prior of an empirical cross-entropy plot, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Entropy {
    /// Logarithm to base 10 of the prior odds.
    pub prior: f64,
    /// With these ratios.
    pub ratios: f64,
    /// With the best ratios of the same order.
    pub best: f64,
    /// Without any: every ratio 1.
    pub none: f64,
}

/// One ratio of a Tippett plot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tippett {
    /// Logarithm to base 10 of the ratio.
    pub ratio: f64,
    /// Share of mated pairs with a ratio above it.
    pub mated: f64,
    /// Share of non-mated pairs with a ratio above it.
    pub non_mated: f64,
}

/// Both kinds of error where pairs with a ratio above a threshold are taken for one person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// Logarithm to base 10 of the ratio that is the threshold.
    pub ratio: f64,
    /// Share of non-mated pairs above it.
    pub false_accept: f64,
    /// Its interval, people drawn anew.
    pub false_accept_interval: Interval,
    /// Share of mated pairs that are not above it.
    pub false_reject: f64,
    /// Its interval, people drawn anew.
    pub false_reject_interval: Interval,
}

/// Logarithms to base 10 of the ratios of Tippett and DET plots: quarters from -8 to 8.
pub(super) fn quarters() -> impl Iterator<Item = f64> {
    (-32..=32).map(|quarter| f64::from(quarter) / 4.0)
}

/// `ln(1 + e^x)` without overflow.
fn softplus(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp().ln_1p() }
}

fn count(values: &[(f64, u64)]) -> f64 {
    values.iter().map(|(_, n)| n).sum::<u64>().max(1) as f64
}

fn mean(values: &[(f64, u64)], of: impl Fn(f64) -> f64) -> f64 {
    values.iter().map(|(r, n)| of(*r) * *n as f64).sum::<f64>() / count(values)
}

/// What a mated pair's ratio costs in bits (`same`), or a non-mated one's, at prior log-odds.
pub(super) fn cost(ratio: f64, same: bool, prior: f64) -> f64 {
    softplus(if same { -(ratio + prior) } else { ratio + prior }) / std::f64::consts::LN_2
}

impl Ratios {
    /// Log-likelihood-ratio cost in bits: 0 for ratios that are always right and sure, 1 for ratios that say nothing.
    pub fn cllr(&self) -> f64 {
        self.entropy(0.0)
    }

    /// Cross-entropy at prior log-odds (natural): what is left to find out after the ratio, in bits.
    fn entropy(&self, prior: f64) -> f64 {
        let chance = 1.0 / (1.0 + (-prior).exp());
        let missed = mean(&self.mated, |r| cost(r, true, prior));
        let false_ones = mean(&self.non_mated, |r| cost(r, false, prior));
        chance * missed + (1.0 - chance) * false_ones
    }

    /// The best ratios that keep the order: isotonic regression of the truth on the ratio, both kinds weighing the same
    /// (pool adjacent violators), as odds.
    #[must_use]
    pub fn best(&self) -> Self {
        let (m, n) = (count(&self.mated), count(&self.non_mated));
        let mut all: Vec<(f64, u64, u64)> = self.mated.iter().map(|(r, n)| (*r, *n, 0)).collect();
        all.extend(self.non_mated.iter().map(|(r, n)| (*r, 0, *n)));
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        // Equal ratios stand together from the start: mated and non-mated pairs of each block.
        let mut blocks: Vec<(u64, u64)> = Vec::new();
        for equal in all.chunk_by(|a, b| a.0 == b.0) {
            let mut block = equal.iter().fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
            // A block may not be likelier than the one after it.
            let odds =
                |a: (u64, u64), b: (u64, u64)| u128::from(a.0) * u128::from(b.1) >= u128::from(b.0) * u128::from(a.1);
            while let Some(before) = blocks.pop_if(|before| odds(*before, block)) {
                block = (before.0 + block.0, before.1 + block.1);
            }
            blocks.push(block);
        }
        let ratio = |(right, wrong): (u64, u64)| ((right as f64 / m) / (wrong as f64 / n)).ln();
        Self {
            mated: blocks.iter().filter(|b| b.0 > 0).map(|b| (ratio(*b), b.0)).collect(),
            non_mated: blocks.iter().filter(|b| b.1 > 0).map(|b| (ratio(*b), b.1)).collect(),
        }
    }

    /// Cllr that the best ratios of the same order have: what is lost by the scores themselves, not by their calibration.
    pub fn cllr_min(&self) -> f64 {
        self.best().cllr()
    }

    /// The empirical cross-entropy for prior odds from 1 : 1000 to 1000 : 1.
    pub fn entropies(&self) -> Vec<Entropy> {
        let (best, none) = (self.best(), Self { mated: vec![(0.0, 1)], non_mated: vec![(0.0, 1)] });
        let priors = (-30..=30).map(|tenth| f64::from(tenth) / 10.0);
        let of = |prior: f64| {
            let odds = prior * std::f64::consts::LN_10;
            Entropy { prior, ratios: self.entropy(odds), best: best.entropy(odds), none: none.entropy(odds) }
        };
        priors.map(of).collect()
    }

    /// The shares of both kinds above each ratio from 10⁻⁸ to 10⁸.
    pub fn tippett(&self) -> Vec<Tippett> {
        let above = |values: &[(f64, u64)], ratio: f64| mean(values, |r| f64::from(u8::from(r > ratio)));
        let of = |ratio: f64| {
            let r = ratio * std::f64::consts::LN_10;
            Tippett { ratio, mated: above(&self.mated, r), non_mated: above(&self.non_mated, r) }
        };
        quarters().map(of).collect()
    }
}

/// The logistic curve that fits `points` (value, truth, weight) best: slope and offset of the log-odds, by Newton's method. A
/// trace of weight on both slopes keeps it finite where the two kinds do not overlap. `None` without both kinds.
pub(super) fn logistic(points: &[(f64, bool, f64)]) -> Option<(f64, f64)> {
    /// A thousandth of one pair of weight 1.
    const TRACE: f64 = 1e-3;
    if !(points.iter().any(|p| p.1) && points.iter().any(|p| !p.1)) {
        return None;
    }
    let weight: f64 = points.iter().map(|p| p.2).sum();
    let middle = points.iter().map(|p| p.0 * p.2).sum::<f64>() / weight;
    let spread = (points.iter().map(|p| (p.0 - middle).powi(2) * p.2).sum::<f64>() / weight).sqrt();
    if !(spread.is_finite() && spread > 1e-12) {
        return None;
    }
    let (mut slope, mut offset) = (1.0, 0.0);
    for _ in 0..100 {
        let (mut ds, mut d0, mut ss, mut s0, mut oo) = (TRACE * slope, 0.0, TRACE, 0.0, 1e-12);
        for (value, truth, weight) in points {
            let x = (value - middle) / spread;
            let chance = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let (off, curve) = (weight * (chance - f64::from(u8::from(*truth))), weight * chance * (1.0 - chance));
            ds += off * x;
            d0 += off;
            ss += curve * x * x;
            s0 += curve * x;
            oo += curve;
        }
        let determinant = ss * oo - s0 * s0;
        let (by_slope, by_offset) = ((ds * oo - d0 * s0) / determinant, (d0 * ss - ds * s0) / determinant);
        // Steps are bounded: far from the answer the curve is flat and Newton's step leaps.
        slope -= by_slope.clamp(-2.0, 2.0);
        offset -= by_offset.clamp(-2.0, 2.0);
        if by_slope.abs() < 1e-9 && by_offset.abs() < 1e-9 {
            break;
        }
    }
    (slope.is_finite() && offset.is_finite()).then(|| (slope / spread, offset - slope * middle / spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_that_say_nothing_cost_one_bit_and_sure_right_ones_none() {
        let nothing = Ratios { mated: vec![(0.0, 3)], non_mated: vec![(0.0, 5)] };
        assert!((nothing.cllr() - 1.0).abs() < 1e-12 && (nothing.cllr_min() - 1.0).abs() < 1e-12);
        let right = Ratios { mated: vec![(50.0, 3)], non_mated: vec![(-50.0, 5)] };
        assert!(right.cllr() < 1e-9 && right.cllr_min() == 0.0);
        let wrong = Ratios { mated: vec![(-5.0, 1)], non_mated: vec![(5.0, 1)] };
        assert!(wrong.cllr() > 7.0 && (wrong.cllr_min() - 1.0).abs() < 1e-12, "no order can save them");
    }

    #[test]
    fn the_best_ratios_of_the_same_order_are_those_counted_by_hand() {
        // Of two steps: below 1 mated of 4 and 3 non-mated of 4, above the other way round.
        let ratios = Ratios { mated: vec![(-1.0, 1), (2.0, 3)], non_mated: vec![(-1.0, 3), (2.0, 1)] };
        let best = ratios.best();
        assert!((best.mated[0].0 - (1.0f64 / 3.0).ln()).abs() < 1e-12, "{best:?}");
        assert!((best.mated[1].0 - 3.0f64.ln()).abs() < 1e-12, "{best:?}");
        // Entropy of one in four.
        let quarter = -(0.25f64 * 0.25f64.log2() + 0.75 * 0.75f64.log2());
        assert!((ratios.cllr_min() - quarter).abs() < 1e-12);
        let plot = ratios.entropies();
        assert_eq!((plot.len(), plot[30].prior), (61, 0.0));
        assert!((plot[30].ratios - ratios.cllr()).abs() < 1e-12 && (plot[30].none - 1.0).abs() < 1e-12);
        let tippett = ratios.tippett();
        assert_eq!((tippett[32].ratio, tippett[32].mated, tippett[32].non_mated), (0.0, 0.75, 0.25));
    }

    #[test]
    fn a_logistic_curve_is_found_again() {
        let chance = |x: f64| 1.0 / (1.0 + (-(3.0 * x - 1.5)).exp());
        let values = (0..400).map(|n| f64::from(n) / 100.0 - 2.0);
        let points: Vec<_> = values.flat_map(|x| [(x, true, chance(x)), (x, false, 1.0 - chance(x))]).collect();
        let (slope, offset) = logistic(&points).expect("both kinds");
        assert!((slope - 3.0).abs() < 1e-2 && (offset + 1.5).abs() < 1e-2, "{slope} {offset}");
        assert_eq!(logistic(&points[..1]), None);
        let apart = logistic(&[(0.0, false, 1.0), (1.0, true, 1.0)]).expect("finite where nothing overlaps");
        assert!(apart.0.is_finite() && apart.0 > 1.0);
    }
}
