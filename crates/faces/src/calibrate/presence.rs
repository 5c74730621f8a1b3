//! Whether the person of a probe is in the gallery at all.
//!
//! With a likelihood ratio for each of `M` people and no reason to expect one of them more than another, the odds that one of
//! them is the person are the prior odds times the mean of the ratios; the list holds nearly all of its sum. What is off in
//! that, because ratios of one search depend on each other, a logistic curve over its logarithm sets right.

use serde::{Deserialize, Serialize};

use super::measures::logistic;
use super::pairs::{Enrolled, People, Probe};

/// Candidates of a list.
const LIST: usize = 20;
/// Parts of the people that are enrolled in turn, so that galleries of several sizes are met.
const PARTS: [usize; 3] = [2, 8, 32];
/// Searches of either kind that a fit needs.
const LEAST: usize = 50;

/// The curve from the mean ratio of a list to the chance that the person is in the gallery, where both are as usual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Presence {
    /// The log-odds are `slope · ln(mean ratio) + offset`.
    pub slope: f64,
    /// See `slope`.
    pub offset: f64,
    /// Searches it was fitted to.
    pub searches: usize,
    /// The largest gallery among them, in people: for a larger one the curve is carried on.
    pub largest: usize,
}

/// A search whose truth is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Search {
    /// Logarithm of the mean ratio.
    mean: f64,
    /// Whether the person was enrolled.
    present: bool,
    gallery: usize,
}

/// Logarithm of the mean over `gallery` people of ratios given as logarithms; those that are not listed count nothing.
fn mean(ratios: &[f64], gallery: u64) -> f64 {
    let highest = ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !highest.is_finite() {
        return -50.0;
    }
    let sum: f64 = ratios.iter().map(|r| (r - highest).exp()).sum();
    highest + sum.ln() - (gallery.max(1) as f64).ln()
}

impl Search {
    /// Searches among the people of one half: some are enrolled, each with the first photograph, and everybody is looked for.
    pub fn played(
        enrolled: &[Enrolled],
        probes: &[Probe],
        people: &People,
        half: usize,
        ratio: impl Fn(u8, f32) -> Option<f64>,
    ) -> Vec<Self> {
        let mut firsts: Vec<Option<usize>> = vec![None; people.count];
        for (at, person) in people.numbers.iter().enumerate() {
            firsts[*person].get_or_insert(at);
        }
        let firsts: Vec<usize> = firsts.into_iter().flatten().collect();
        let own: Vec<(usize, usize)> =
            firsts.iter().copied().enumerate().filter(|(person, _)| People::half(*person) == half).collect();
        let mut searches = Vec::new();
        for part in PARTS {
            // Every `part`th person of the half, in an order that has nothing to do with the halves.
            let gallery: Vec<(usize, usize)> =
                own.iter().copied().filter(|(person, _)| (person / 2).is_multiple_of(part)).collect();
            for probe in probes {
                let person = people.numbers[probe.of];
                let present = (person / 2).is_multiple_of(part);
                // Whoever is enrolled is not looked for with the photograph that is; of the others as many are taken.
                let taken = if present { firsts[person] != probe.of } else { person / 2 % part == 1 };
                if People::half(person) != half || !taken {
                    continue;
                }
                let mut scores: Vec<f32> = gallery
                    .iter()
                    .filter_map(|(_, photograph)| probe.template.score(&enrolled[*photograph].template))
                    .collect();
                scores.sort_unstable_by(|a, b| b.total_cmp(a));
                let ratios: Option<Vec<f64>> =
                    scores.iter().take(LIST).map(|score| ratio(probe.quality, *score)).collect();
                let Some(ratios) = ratios.filter(|r| !r.is_empty()) else { continue };
                searches.push(Self { mean: mean(&ratios, gallery.len() as u64), present, gallery: gallery.len() });
            }
        }
        searches
    }
}

/// Weights that make both kinds count the same.
fn weights(searches: &[Search]) -> Option<[f64; 2]> {
    let present = searches.iter().filter(|s| s.present).count();
    let absent = searches.len() - present;
    (present >= LEAST && absent >= LEAST).then(|| [0.5 / absent as f64, 0.5 / present as f64])
}

impl Presence {
    /// `None` with too few searches.
    pub(super) fn fit(searches: &[Search]) -> Option<Self> {
        let weights = weights(searches)?;
        let points: Vec<_> = searches.iter().map(|s| (s.mean, s.present, weights[usize::from(s.present)])).collect();
        let (slope, offset) = logistic(&points)?;
        let largest = searches.iter().map(|s| s.gallery).max().unwrap_or(0);
        Some(Self { slope, offset, searches: searches.len(), largest })
    }

    /// The chance, 0 to 1, from the logarithms of the ratios of a list.
    pub(super) fn chance(&self, ratios: &[f64], gallery: u64) -> f64 {
        self.of(mean(ratios, gallery))
    }

    fn of(&self, mean: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * mean + self.offset)).exp())
    }

    /// Expected calibration error on other searches: how far the chances are from what came true, in ten bins of them (Naeini,
    /// Cooper & Hauskrecht 2015).
    pub(super) fn error(&self, searches: &[Search]) -> f64 {
        let Some(weights) = weights(searches) else { return 1.0 };
        let mut bins = [(0.0, 0.0); 10];
        for search in searches {
            let (chance, weight) = (self.of(search.mean), weights[usize::from(search.present)]);
            let bin = &mut bins[((chance * 10.0) as usize).min(9)];
            *bin = (bin.0 + weight * chance, bin.1 + weight * f64::from(u8::from(search.present)));
        }
        bins.iter().map(|(said, came)| (said - came).abs()).sum()
    }
}
