//! All that is told of how well templates tell people apart.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cost::Costs;
use super::resampled::{self, Identification, Pairs};
use super::scores::{FARS, Point, RANKS, Sample, Scores, above, subjects};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Template;

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
