//! What the validity of a calibration would be with other people: they are drawn anew, and each pair counts as often as both of
//! its people were drawn.

use super::measures::{Trade, cost, quarters};
use super::pairs::{Curve, Enrolled, People, Probe, pairs, score, step};
use crate::interval::{Interval, draws, interval};

/// Sums of one kind of pairs, for each draw; the first is of the people as they are.
struct Sums {
    cost: Vec<f64>,
    count: Vec<f64>,
    /// By how many of the thresholds the ratio is above.
    above: Vec<Vec<f64>>,
}

impl Sums {
    fn new(draws: usize, thresholds: usize) -> Self {
        Self { cost: vec![0.0; draws], count: vec![0.0; draws], above: vec![vec![0.0; draws]; thresholds + 1] }
    }

    fn add(&mut self, weight: impl Iterator<Item = f64>, cost: f64, above: usize) {
        let sums = self.cost.iter_mut().zip(&mut self.count).zip(&mut self.above[above]);
        for (((costs, count), above), weight) in sums.zip(weight) {
            *costs += weight * cost;
            *count += weight;
            *above += weight;
        }
    }

    /// The mean cost of each draw.
    fn costs(&self) -> Vec<f64> {
        self.cost.iter().zip(&self.count).map(|(sum, n)| sum / n.max(1.0)).collect()
    }

    /// The share above each threshold, by draw.
    fn shares(&self) -> Vec<Vec<f64>> {
        let mut sums = vec![0.0; self.count.len()];
        let mut shares: Vec<Vec<f64>> = Vec::with_capacity(self.above.len());
        for above in self.above.iter().skip(1).rev() {
            sums.iter_mut().zip(above).for_each(|(sum, more)| *sum += more);
            shares.push(sums.iter().zip(&self.count).map(|(sum, n)| sum / n.max(1.0)).collect());
        }
        shares.reverse();
        shares
    }
}

/// Where the draws of a share lie. What none of `n` showed, or all, up to 3 in `n` may show otherwise.
fn of_share(shares: &[f64], n: f64) -> (f64, Interval) {
    let mut within = interval(shares[1..].to_vec());
    if shares[0] <= 0.0 {
        within[1] = (3.0 / n).min(1.0);
    } else if shares[0] >= 1.0 {
        within[0] = (1.0 - 3.0 / n).max(0.0);
    }
    (shares[0], within)
}

/// Cllr's interval, and both kinds of error at each ratio that is a threshold: at all where both are still to be seen.
pub(super) fn drawn(
    enrolled: &[Enrolled],
    probes: &[Probe],
    people: &People,
    curves: &[[Option<Curve>; 2]],
) -> (Interval, Vec<Trade>) {
    // By person, then by draw, so that a pair is weighed by going along two rows.
    let mut times = vec![vec![1.0]; people.count];
    for drawn in draws(people.count) {
        times.iter_mut().zip(drawn).for_each(|(row, n)| row.push(f64::from(n)));
    }
    let draws = times.first().map_or(1, Vec::len);
    let thresholds: Vec<f64> = quarters().map(|ratio| ratio * std::f64::consts::LN_10).collect();
    let (mut mated, mut non_mated) = (Sums::new(draws, thresholds.len()), Sums::new(draws, thresholds.len()));
    let mut mated_people = std::collections::BTreeSet::new();
    for pair in pairs(enrolled, probes, people) {
        let Some(curve) = pair.half().and_then(|half| curves[pair.bin][half]) else { continue };
        let ratio = curve.ratio(score(step(pair.score)));
        let above = thresholds.partition_point(|threshold| *threshold < ratio);
        let (a, b) = (&times[pair.people.0], &times[pair.people.1]);
        let cost = cost(ratio, pair.same(), 0.0);
        if pair.same() {
            mated_people.insert(pair.people.0);
            mated.add(a.iter().copied(), cost, above);
        } else {
            non_mated.add(a.iter().zip(b).map(|(a, b)| a * b), cost, above);
        }
    }
    let cllr = mated.costs().into_iter().zip(non_mated.costs()).map(|(m, n)| f64::midpoint(m, n));
    let cllr = interval(cllr.skip(1).collect());
    let half = (people.count / 2) as f64;
    let (n_mated, n_non_mated) = (mated_people.len().max(1) as f64, (half * (half - 1.0)).max(1.0));
    let shares = mated.shares().into_iter().zip(non_mated.shares()).zip(quarters());
    let mut det: Vec<Trade> = Vec::new();
    for ((true_ones, false_ones), ratio) in shares {
        let (false_accept, false_accept_interval) = of_share(&false_ones, n_non_mated);
        let rejected: Vec<f64> = true_ones.iter().map(|share| 1.0 - share).collect();
        let (false_reject, false_reject_interval) = of_share(&rejected, n_mated);
        let trade = Trade { ratio, false_accept, false_accept_interval, false_reject, false_reject_interval };
        let same = |before: &Trade| (before.false_accept, before.false_reject) == (false_accept, false_reject);
        if false_accept > 0.0 && false_accept < 1.0 && !det.last().is_some_and(same) {
            det.push(trade);
        }
    }
    (cllr, det)
}
