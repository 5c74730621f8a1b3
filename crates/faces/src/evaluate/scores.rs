//! Photographs whose people are known, and the scores of their pairs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Template;
use crate::interval::Interval;

/// False accept rates that are always reported.
pub const FARS: [f64; 6] = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];
/// Ranks that are always reported.
pub const RANKS: [usize; 4] = [1, 5, 10, 20];
/// The false accept rate and the length of the list that what groups pay is drawn at where nobody says.
pub const DRAWN_AT: (f64, usize) = (1e-3, RANKS[3]);

/// One photograph of a known person.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Who it shows.
    pub subject: String,
    /// Its template.
    pub template: Template,
}

/// Scores of pairs.
#[derive(Debug, Clone, Default)]
pub struct Scores {
    /// Of one person.
    pub mated: Vec<f32>,
    /// Of two.
    pub non_mated: Vec<f32>,
}

/// What holds at one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The false accept rate that was asked for, or that the threshold gives.
    pub far: f64,
    /// Share of mated pairs above the threshold.
    pub tar: f64,
    /// Scores above it are accepted.
    pub threshold: f32,
    /// Of the true accept rate, where the people are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

impl Scores {
    /// All pairs of `samples`, every photograph against every other.
    pub fn of_all(samples: &[Sample]) -> Self {
        Self::of(samples, |_, _| true)
    }

    fn of(samples: &[Sample], wanted: impl Fn(&Sample, &Sample) -> bool) -> Self {
        let mut scores = Self::default();
        for (at, a) in samples.iter().enumerate() {
            for b in samples[at + 1..].iter().filter(|b| wanted(a, b)) {
                scores.push(a.subject == b.subject, a.template.score(&b.template));
            }
        }
        scores
    }

    /// Adds one pair; templates that cannot be compared have no score and count as below any threshold.
    pub fn push(&mut self, mated: bool, score: Option<f32>) {
        let side = if mated { &mut self.mated } else { &mut self.non_mated };
        side.push(score.filter(|s| !s.is_nan()).unwrap_or(-1.0));
    }

    pub(super) fn sorted(mut self) -> Self {
        for side in [&mut self.mated, &mut self.non_mated] {
            side.sort_by(|a, b| b.total_cmp(a));
        }
        self
    }

    /// TAR at a false accept rate. `None` when there are too few non-mated pairs to show that rate.
    pub fn at_far(&self, far: f64) -> Option<Point> {
        self.clone().sorted().at(far)
    }

    /// As [`Scores::at_far`], on sorted scores.
    pub(super) fn at(&self, far: f64) -> Option<Point> {
        let accepted = (far * self.non_mated.len() as f64 + 1e-9).floor() as usize;
        let threshold = *self.non_mated.get(accepted)?;
        (accepted > 0).then(|| Point { far, tar: above(&self.mated, threshold), threshold, interval: None })
    }

    /// The rate at which as many are falsely accepted as falsely refused.
    pub(super) fn eer(&self) -> f64 {
        let rates = |threshold: f32| (above(&self.non_mated, threshold), 1.0 - above(&self.mated, threshold));
        let mut best = (1.0, 0.0);
        for step in 0..=2000 {
            let (far, fnmr) = rates(1.0 - step as f32 / 1000.0);
            if (far - fnmr).abs() < f64::abs(best.0 - best.1) {
                best = (far, fnmr);
            }
        }
        (best.0 + best.1) / 2.0
    }
}

/// Share of scores, sorted from high to low, above a threshold.
pub(super) fn above(sorted: &[f32], threshold: f32) -> f64 {
    sorted.partition_point(|s| *s > threshold) as f64 / sorted.len().max(1) as f64
}

/// How many people `samples` show.
pub(super) fn subjects(samples: &[Sample]) -> usize {
    samples.iter().map(|s| &s.subject).collect::<BTreeSet<_>>().len()
}
