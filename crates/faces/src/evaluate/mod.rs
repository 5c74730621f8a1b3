//! How well templates tell people apart, on photographs whose people are known.
//!
//! Terms of ISO/IEC 19795-1. A *mated* pair shows one person, a *non-mated* pair two. At a threshold, FAR
//! is the share of non-mated pairs that score above it, TAR the share of mated pairs, FNMR is 1 − TAR.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

mod cost;
mod drawn;
mod kept;
mod resampled;
mod told;

pub use cost::{CostAt, Costs, Figure, GroupCost, LEAST_PEOPLE, NO_THRESHOLD};
pub use kept::NoReport;
use resampled::Pairs;
pub use resampled::{Identification, Interval};
pub(crate) use resampled::{draws, interval};

use crate::Template;

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

/// One part of the people by itself, at the thresholds of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Which attribute.
    pub attribute: String,
    /// Its value.
    pub value: String,
    /// People.
    pub subjects: usize,
    /// Mated pairs.
    pub mated: usize,
    /// Non-mated pairs, both of this group.
    pub non_mated: usize,
    /// Per threshold of [`Report::tar_at_far`]: this group's own false accept rate and false
    /// non-match rate there.
    pub at: Vec<GroupPoint>,
}

/// A group's error rates at a threshold of all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GroupPoint {
    /// The threshold.
    pub threshold: f32,
    /// False accept rate of the group; `None` without non-mated pairs.
    pub far: Option<f64>,
    /// False non-match rate of the group; `None` without mated pairs.
    pub fnmr: Option<f64>,
}

/// All results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Embedding model.
    pub model: String,
    /// The day on which it was made (UTC), as `2026-11-29`; the first ones did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_on: Option<String>,
    /// Photographs with a template.
    pub images: usize,
    /// People.
    pub subjects: usize,
    /// Mated pairs.
    pub mated: usize,
    /// Non-mated pairs.
    pub non_mated: usize,
    /// Equal error rate, 0 to 1.
    pub eer: f64,
    /// At [`FARS`]; those that too few non-mated pairs can show (fewer than one accepted) are left out.
    pub tar_at_far: Vec<Point>,
    /// The curve, by rising FAR.
    pub roc: Vec<Point>,
    /// Share of photographs whose best mated photograph stands within the first `k` of all others.
    pub rank: Vec<(usize, f64)>,
    /// Rank 1 with one photograph of each person enrolled.
    pub identification: Option<Identification>,
    /// Copies as of a small face, against the photographs as they are.
    pub shrunk: Vec<Shrunk>,
    /// Per group.
    pub groups: Vec<GroupRow>,
    /// What searches cost all people and each group; `None` where nobody asked by group.
    pub costs: Option<Costs>,
}

/// What holds for probes that show a small face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shrunk {
    /// Side in pixels that the crop of 112 was shrunk to.
    pub pixels: u32,
    /// At [`FARS`].
    pub tar_at_far: Vec<Point>,
    /// Rank 1.
    pub identification: Option<Identification>,
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

    fn sorted(mut self) -> Self {
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
    fn at(&self, far: f64) -> Option<Point> {
        let accepted = (far * self.non_mated.len() as f64 + 1e-9).floor() as usize;
        let threshold = *self.non_mated.get(accepted)?;
        (accepted > 0).then(|| Point { far, tar: above(&self.mated, threshold), threshold, interval: None })
    }

    /// The rate at which as many are falsely accepted as falsely refused.
    fn eer(&self) -> f64 {
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
fn above(sorted: &[f32], threshold: f32) -> f64 {
    sorted.partition_point(|s| *s > threshold) as f64 / sorted.len().max(1) as f64
}

impl Report {
    /// From photographs, every pair of them, with intervals. `groups` gives the attributes of a person.
    pub fn of_samples(model: &str, samples: &[Sample], groups: &BTreeMap<String, Vec<(String, String)>>) -> Self {
        let pairs = Pairs::of(None, samples);
        let mut report = Self::of_scores(model, pairs.scores());
        report.tar_at_far = resampled::points(&pairs, &FARS);
        report.identification = resampled::identified(None, samples);
        report.images = samples.len();
        report.subjects = subjects(samples);
        report.rank = ranks(samples);
        report.costs = (!groups.is_empty()).then(|| Costs::of(samples, &report.tar_at_far, groups));
        let attributes: BTreeSet<&(String, String)> = groups.values().flatten().collect();
        for (attribute, value) in attributes {
            let own = |s: &Sample| {
                groups.get(&s.subject).is_some_and(|g| g.iter().any(|(a, v)| a == attribute && v == value))
            };
            let part: Vec<Sample> = samples.iter().filter(|s| own(s)).cloned().collect();
            let scores = Scores::of_all(&part).sorted();
            let rate = |sorted: &[f32], threshold: f32| (!sorted.is_empty()).then(|| above(sorted, threshold));
            let at = report.tar_at_far.iter().map(|point| GroupPoint {
                threshold: point.threshold,
                far: rate(&scores.non_mated, point.threshold),
                fnmr: rate(&scores.mated, point.threshold).map(|tar| 1.0 - tar),
            });
            report.groups.push(GroupRow {
                attribute: attribute.clone(),
                value: value.clone(),
                subjects: subjects(&part),
                mated: scores.mated.len(),
                non_mated: scores.non_mated.len(),
                at: at.collect(),
            });
        }
        report
    }

    /// From scores of pairs alone: without ranks and groups.
    pub fn of_scores(model: &str, scores: Scores) -> Self {
        let scores = scores.sorted();
        let steps = (0..=60).map(|step| 10f64.powf(-6.0 + f64::from(step) / 10.0));
        let mut roc: Vec<Point> = steps.filter_map(|far| scores.at(far)).collect();
        roc.dedup_by(|a, b| a.threshold == b.threshold);
        Self {
            model: model.to_owned(),
            made_on: None,
            images: 0,
            subjects: 0,
            mated: scores.mated.len(),
            non_mated: scores.non_mated.len(),
            eer: scores.eer(),
            tar_at_far: FARS.into_iter().filter_map(|far| scores.at(far)).collect(),
            roc,
            rank: Vec::new(),
            identification: None,
            shrunk: Vec::new(),
            groups: Vec::new(),
            costs: None,
        }
    }

    /// Adds what holds for copies of the same `samples`, in their order, shrunk to `pixels`.
    pub fn add_shrunk(&mut self, pixels: u32, copies: &[Sample], samples: &[Sample]) {
        let tar_at_far = resampled::points(&Pairs::of(Some(copies), samples), &FARS);
        let identification = resampled::identified(Some(copies), samples);
        self.shrunk.push(Shrunk { pixels, tar_at_far, identification });
    }
}

fn subjects(samples: &[Sample]) -> usize {
    samples.iter().map(|s| &s.subject).collect::<BTreeSet<_>>().len()
}

/// Each photograph as a probe against all others, where its person has another.
fn ranks(samples: &[Sample]) -> Vec<(usize, f64)> {
    let mut found = Vec::new();
    for (at, probe) in samples.iter().enumerate() {
        let others = samples.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, s)| s);
        let (mated, other): (Vec<_>, Vec<_>) = others
            .map(|s| (s.subject == probe.subject, probe.template.score(&s.template).unwrap_or(-1.0)))
            .partition(|(same, _)| *same);
        if let Some(best) = mated.iter().map(|(_, score)| *score).max_by(f32::total_cmp) {
            found.push(1 + other.iter().filter(|(_, score)| *score > best).count());
        }
    }
    let share = |k: usize| found.iter().filter(|rank| **rank <= k).count() as f64 / found.len() as f64;
    if found.is_empty() { Vec::new() } else { RANKS.into_iter().map(|k| (k, share(k))).collect() }
}

/// Which of several faces (`[x, y, width, height]` in pixels) a photograph of `size` pixels was taken of: the one whose area,
/// weighed by how near its middle is to the photograph's (1 in the middle, 0 in a corner), is largest. The face that a
/// detector is surest of is often a bystander's.
pub fn whom_it_shows(faces: &[[f32; 4]], size: (u32, u32)) -> Option<usize> {
    let (width, height) = (size.0 as f32, size.1 as f32);
    let corner = width.hypot(height) / 2.0;
    let weight = |[x, y, w, h]: [f32; 4]| {
        let off = (x + w / 2.0 - width / 2.0).hypot(y + h / 2.0 - height / 2.0);
        w * h * (1.0 - off / corner.max(1.0)).max(0.0)
    };
    let weighed = faces.iter().enumerate().map(|(at, face)| (at, weight(*face)));
    weighed.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_shows_whoever_is_in_its_middle_and_large() {
        let (bystander, shown) = ([10.0, 10.0, 90.0, 90.0], [250.0, 150.0, 100.0, 100.0]);
        assert_eq!(whom_it_shows(&[bystander, shown], (600, 400)), Some(1));
        assert_eq!(whom_it_shows(&[shown, bystander], (600, 400)), Some(0));
        // Small and in the middle is less than large and a little beside it.
        assert_eq!(whom_it_shows(&[[290.0, 190.0, 20.0, 20.0], [150.0, 100.0, 120.0, 120.0]], (600, 400)), Some(1));
        assert_eq!(whom_it_shows(&[shown, shown], (600, 400)), Some(0), "of two alike the first");
        assert_eq!(whom_it_shows(&[], (600, 400)), None);
    }

    fn sample(subject: &str, angle: f32) -> Sample {
        let values = vec![angle.cos(), angle.sin()];
        Sample { subject: subject.to_owned(), template: Template { model: "m".to_owned(), dim: 2, values } }
    }

    #[test]
    fn rates_are_counted_by_hand() {
        let scores = Scores { mated: vec![0.9, 0.8, 0.4, 0.2], non_mated: (0..10).map(|n| n as f32 / 20.0).collect() };
        // One of ten non-mated pairs may be accepted: the threshold is the second highest, 0.40.
        let point = scores.at_far(0.1).expect("ten pairs show one in ten");
        assert_eq!((point.threshold, point.tar), (0.4, 0.5));
        assert_eq!(scores.at_far(0.01), None, "ten pairs cannot show one in a hundred");
        let report = Report::of_scores("m", scores);
        assert_eq!(report.tar_at_far.len(), 1);
        // Above 0.35: two of ten non-mated, and one of four mated below.
        assert!((report.eer - 0.225).abs() < 1e-6, "{}", report.eer);
    }

    #[test]
    fn ranks_and_groups_follow_the_photographs() {
        let samples = [sample("a", 0.0), sample("a", 0.1), sample("b", 1.0), sample("b", 1.3), sample("c", 1.05)];
        let groups = ["a", "b", "c"]
            .map(|s| (s.to_owned(), vec![("sex".to_owned(), if s == "a" { "f" } else { "m" }.to_owned())]));
        let report = Report::of_samples("m", &samples, &groups.into_iter().collect());
        // Both of a find each other; each of b stands nearer to c.
        assert_eq!(report.rank[0], (1, 0.5));
        assert_eq!(report.rank[1], (5, 1.0));
        assert_eq!((report.images, report.subjects, report.mated, report.non_mated), (5, 3, 2, 8));
        assert_eq!(report.groups.len(), 2);
        assert_eq!((report.groups[1].value.as_str(), report.groups[1].non_mated), ("m", 2));
        assert!(report.in_words().contains("non-mated"));
        let written = serde_json::to_string(&report).expect("it can be written");
        assert_eq!(serde_json::from_str::<Report>(&written).expect("and read"), report);
    }
}
