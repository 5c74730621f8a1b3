//! Figures with their intervals: people are drawn again and again, not pairs, because pairs of one person stand and fall
//! together (a two-level bootstrap's outer level; Schuckers, *Computational Methods in Biometric Authentication*, 2010).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::scores::{Point, Sample, Scores, subjects};
use crate::interval::{Interval, draws, interval};

/// A person's first photograph is enrolled, each further one looked for among all that are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Identification {
    /// People enrolled.
    pub enrolled: usize,
    /// Photographs looked for.
    pub probes: usize,
    /// Share of them whose person has the highest score of all.
    pub rank_1: f64,
    /// Its interval.
    pub interval: Interval,
}

/// Pairs of two people, from the highest score down, each with both people.
pub(super) struct Pairs {
    mated: Vec<(f32, u32)>,
    non_mated: Vec<(f32, u32, u32)>,
    people: usize,
    /// Photographs of each person.
    photographs: Vec<usize>,
    /// Whether every pair was met from both sides.
    both_ways: bool,
}

/// The number of each sample's person.
pub(super) fn numbered(samples: &[Sample]) -> (Vec<u32>, usize) {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let of = samples.iter().map(|s| {
        let next = numbers.len() as u32;
        *numbers.entry(&s.subject).or_insert(next)
    });
    (of.collect(), subjects(samples))
}

impl Pairs {
    /// `probes` are the same photographs in the same order, made worse, each against all others; without them every two of
    /// `samples` once.
    pub fn of(probes: Option<&[Sample]>, samples: &[Sample]) -> Self {
        let (numbers, people) = numbered(samples);
        let mut photographs = vec![0; people];
        numbers.iter().for_each(|n| photographs[*n as usize] += 1);
        let mut pairs =
            Self { mated: Vec::new(), non_mated: Vec::new(), people, photographs, both_ways: probes.is_some() };
        for (i, probe) in probes.unwrap_or(samples).iter().enumerate() {
            let first = if probes.is_some() { 0 } else { i + 1 };
            for (j, other) in samples.iter().enumerate().skip(first).filter(|(j, _)| *j != i) {
                let score = probe.template.score(&other.template).filter(|s| !s.is_nan()).unwrap_or(-1.0);
                match (numbers[i], numbers[j]) {
                    (a, b) if a == b => pairs.mated.push((score, a)),
                    (a, b) => pairs.non_mated.push((score, a, b)),
                }
            }
        }
        pairs.mated.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        pairs.non_mated.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        pairs
    }

    /// Their scores, without the people.
    pub fn scores(&self) -> Scores {
        let mated = self.mated.iter().map(|pair| pair.0).collect();
        Scores { mated, non_mated: self.non_mated.iter().map(|pair| pair.0).collect() }
    }

    /// The share of mated pairs above the threshold at each of `fars`, rising, when each person counts `times`.
    fn at(&self, times: &[u32], fars: &[f64]) -> Vec<Option<(f32, f64)>> {
        let of = |person: u32| u64::from(times[person as usize]);
        // Pairs of two people, counted without going through them.
        let each = || self.photographs.iter().zip(times).map(|(n, t)| (*n as u64, u64::from(*t)));
        let all: u64 = each().map(|(n, t)| n * t).sum();
        let own: u64 = each().map(|(n, t)| (n * t).pow(2)).sum();
        let pairs = (all * all - own) / if self.both_ways { 1 } else { 2 };
        let mated: u64 = self.mated.iter().map(|(_, a)| of(*a)).sum();
        let (mut accepted, mut true_ones) = (0, 0);
        let (mut next, mut next_mated) = (0, 0);
        // From the strictest on, so that both lists are gone through once.
        let mut found = vec![None; fars.len()];
        let mut order: Vec<usize> = (0..fars.len()).collect();
        order.sort_by(|a, b| fars[*a].total_cmp(&fars[*b]));
        for at in order {
            let most = (fars[at] * pairs as f64 + 1e-9).floor() as u64;
            while let Some((_, a, b)) = self.non_mated.get(next) {
                let with = accepted + of(*a) * of(*b);
                if with > most {
                    break;
                }
                (accepted, next) = (with, next + 1);
            }
            let Some((threshold, ..)) = self.non_mated.get(next).filter(|_| most > 0) else { continue };
            while let Some((_, a)) = self.mated.get(next_mated).filter(|(score, _)| score > threshold) {
                (true_ones, next_mated) = (true_ones + of(*a), next_mated + 1);
            }
            if mated > 0 {
                found[at] = Some((*threshold, true_ones as f64 / mated as f64));
            }
        }
        found
    }
}

/// TAR at each of `fars`, with intervals. A rate that too few pairs can show is left out.
pub(super) fn points(pairs: &Pairs, fars: &[f64]) -> Vec<Point> {
    let whole = pairs.at(&vec![1; pairs.people], fars);
    let mut drawn = vec![Vec::new(); fars.len()];
    for times in draws(pairs.people) {
        for (values, found) in drawn.iter_mut().zip(pairs.at(&times, fars)) {
            values.extend(found.map(|(_, tar)| tar));
        }
    }
    let points = whole.into_iter().zip(fars).zip(drawn).filter_map(|((found, far), drawn)| {
        let (threshold, tar) = found?;
        Some(Point { far: *far, tar, threshold, interval: Some(interval(drawn)) })
    });
    points.collect()
}

/// Rank 1 among all people of `samples`, each enrolled with the first photograph. `None` where nobody has a second one.
pub(super) fn identified(probes: Option<&[Sample]>, samples: &[Sample]) -> Option<Identification> {
    let (numbers, people) = numbered(samples);
    let mut enrolled: Vec<Option<usize>> = vec![None; people];
    let mut found: Vec<(u32, bool)> = Vec::new();
    for (at, person) in numbers.iter().enumerate() {
        enrolled[*person as usize].get_or_insert(at);
    }
    let enrolled: Vec<usize> = enrolled.into_iter().flatten().collect();
    for (at, person) in numbers.iter().enumerate().filter(|(at, person)| enrolled[**person as usize] != *at) {
        let probe = &probes.unwrap_or(samples)[at].template;
        let score = |other: usize| probe.score(&samples[other].template).unwrap_or(-1.0);
        let own = score(enrolled[*person as usize]);
        let beaten = enrolled.iter().enumerate().any(|(other, at)| other != *person as usize && score(*at) >= own);
        found.push((*person, !beaten));
    }
    let share = |times: &dyn Fn(u32) -> u32| {
        let all: u32 = found.iter().map(|(person, _)| times(*person)).sum();
        let right: u32 = found.iter().filter(|(_, right)| *right).map(|(person, _)| times(*person)).sum();
        (all > 0).then(|| f64::from(right) / f64::from(all))
    };
    let rank_1 = share(&|_| 1)?;
    let interval = interval(draws(people).filter_map(|times| share(&|person| times[person as usize])).collect());
    Some(Identification { enrolled: people, probes: found.len(), rank_1, interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Template;
    use crate::evaluate::Report;

    /// People on a circle, three photographs each, so near to their neighbours that some are mistaken.
    fn circle(people: usize) -> Vec<Sample> {
        let mut random = fastrand::Rng::with_seed(4);
        let angles = (0..3 * people).map(|n| (n / 3) as f32 / people as f32 * 6.0 + 0.05 * (random.f32() - 0.5));
        let template = |a: f32| Template { model: "m".to_owned(), dim: 2, values: vec![a.cos(), a.sin()] };
        angles.enumerate().map(|(n, a)| Sample { subject: format!("{:03}", n / 3), template: template(a) }).collect()
    }

    #[test]
    fn drawn_figures_are_those_of_the_pairs_and_lie_in_their_intervals() {
        let samples = circle(120);
        let plain = Report::of_scores("m", Scores::of_all(&samples));
        let points = points(&Pairs::of(None, &samples), &[1e-1, 1e-2, 1e-3, 1e-6]);
        assert_eq!(points.len(), 3, "64,260 pairs cannot show one in a million");
        for (point, plain) in points.iter().zip(&plain.tar_at_far) {
            assert_eq!((point.tar, point.threshold), (plain.tar, plain.threshold));
            let [low, high] = point.interval.expect("an interval");
            assert!(low <= point.tar && point.tar <= high, "{point:?}");
        }
        let [low, high] = points[2].interval.expect("an interval");
        assert!(low < high, "some people are mistaken for each other, and not in every draw: {points:?}");
        // The same photographs as their own worse copies: met from both sides, the same rates.
        for (twice, once) in super::points(&Pairs::of(Some(&samples), &samples), &[1e-2]).iter().zip(&points[1..]) {
            assert!((twice.tar - once.tar).abs() < 1e-9, "{twice:?} {once:?}");
        }
    }

    #[test]
    fn somebody_who_counts_twice_counts_as_two_entries_would() {
        let samples = circle(9);
        let pairs = Pairs::of(None, &samples);
        let mut times = vec![1; 9];
        times[3] = 0;
        let without: Vec<Sample> = samples.iter().filter(|s| s.subject != "003").cloned().collect();
        let fewer = Pairs::of(None, &without);
        assert_eq!(pairs.at(&times, &[0.1, 0.02]), fewer.at(&[1; 8], &[0.1, 0.02]));
    }

    #[test]
    fn whoever_is_nearest_is_named() {
        let at = |subject: &str, angle: f32| Sample {
            subject: subject.to_owned(),
            template: Template { model: "m".to_owned(), dim: 2, values: vec![angle.cos(), angle.sin()] },
        };
        // The second photograph of `b` is nearer to `a`.
        let samples = [at("a", 0.0), at("a", 0.1), at("b", 1.0), at("b", 0.4), at("c", 2.0)];
        let found = identified(None, &samples).expect("two have a second photograph");
        assert_eq!((found.enrolled, found.probes, found.rank_1), (3, 2, 0.5));
        assert_eq!(found.interval, [0.0, 1.0]);
        assert_eq!(identified(None, &samples[..1]), None);
    }
}
