//! A calibration, fitted to pairs of photographs; what it says of a score, and of a list.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::intervals;
use super::measures::{Entropy, Ratios, Tippett, Trade, logistic};
use super::pairs::{BINS, Curve, Enrolled, People, Probe, STEPS, bin, most, pairs, score, step};
use super::presence::{Presence, Search};
use crate::interval::Interval;

/// A bin with fewer people or mated pairs is not measured.
const LEAST_PEOPLE: usize = 30;
const LEAST_MATED: u64 = 100;

/// What was measured for probes of one quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Least quality.
    pub from: u8,
    /// Highest quality.
    pub to: u8,
    /// People with a probe of this quality.
    pub people: usize,
    /// Mated pairs.
    pub mated: u64,
    /// Non-mated pairs.
    pub non_mated: u64,
    /// The natural logarithm of the likelihood ratio is `slope · score + offset`…
    pub slope: f64,
    /// See `slope`.
    pub offset: f64,
    /// …and never beyond plus or minus this: what so many people can show. With none of `n` pairs on the wrong side, up to 3
    /// in `n` may be (Hanley & Lippman-Hand 1983); `n` counts pairs of people, not of photographs.
    pub most: f64,
    /// Shares of non-mated pairs, falling, each with the score that so many are above.
    pub false_above: Vec<(f32, f64)>,
}

/// How well it does what it says, on people that had no part in the fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Validity {
    /// Log-likelihood-ratio cost in bits, 0 to 1 and above.
    pub cllr: f64,
    /// Its interval, people drawn anew.
    pub cllr_interval: Interval,
    /// What the scores alone would cost at best.
    pub cllr_min: f64,
    /// Empirical cross-entropy.
    pub entropy: Vec<Entropy>,
    /// Tippett plot.
    pub tippett: Vec<Tippett>,
    /// Both kinds of error by the ratio that is taken as threshold (DET).
    pub det: Vec<Trade>,
    /// Expected calibration error of [`Presence`], 0 to 1; `None` where it was not measured.
    pub presence_error: Option<f64>,
    /// Searches that this was measured with.
    pub searches: usize,
}

/// Two photographs that are labelled other than they score: somebody looks at them, nothing is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doubtful {
    /// Number of the first photograph.
    pub a: usize,
    /// Number of the second.
    pub b: usize,
    /// Their score.
    pub score: f32,
    /// Whether they are labelled as one person.
    pub same: bool,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Embedding model.
    pub model: String,
    /// Whether a probe has the mirrored crop's template summed in; what is enrolled has not.
    pub thorough: bool,
    /// What photographs these were, in words.
    pub measured_on: String,
    /// The day on which it was made (UTC), as `2026-11-29`; the first ones did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_on: Option<String>,
    /// People.
    pub people: usize,
    /// Photographs.
    pub photographs: usize,
    /// Bins that were measured, by rising quality.
    pub bins: Vec<Bin>,
    /// Whether a search finds somebody at all.
    pub presence: Option<Presence>,
    /// How well it does.
    pub validity: Validity,
}

/// What one score is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    /// Likelihood ratio, above 0.
    pub ratio: f64,
    /// Whether so many people could show no more than this.
    pub bounded: bool,
    /// Share of non-mated pairs at or above the score.
    pub false_above: f64,
    /// Whether that is only what so many people can show: hardly any of their pairs scores so high, or none.
    pub beyond: bool,
}

/// Why nothing could be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TooFew {
    /// Fewer people with two photographs than a bin needs.
    People(usize),
    /// No bin has enough.
    Pairs,
}

/// Scores counted in [`STEPS`].
#[derive(Clone)]
struct Counts {
    mated: Vec<u64>,
    non_mated: Vec<u64>,
    people: BTreeSet<usize>,
}

impl Counts {
    fn new() -> Self {
        Self { mated: vec![0; STEPS + 1], non_mated: vec![0; STEPS + 1], people: BTreeSet::new() }
    }

    fn sums(&self) -> (u64, u64) {
        (self.mated.iter().sum(), self.non_mated.iter().sum())
    }

    fn suffices(&self) -> bool {
        self.people.len() >= LEAST_PEOPLE && self.sums().0 >= LEAST_MATED
    }

    fn ratios(&self, curve: &Curve) -> Ratios {
        let of = |counts: &[u64]| {
            let counted = counts.iter().enumerate().filter(|(_, n)| **n > 0);
            counted.map(|(step, n)| (curve.ratio(score(step)), *n)).collect()
        };
        Ratios { mated: of(&self.mated), non_mated: of(&self.non_mated) }
    }

    /// The curve of both kinds weighing the same, bounded.
    fn fitted(&self) -> Option<Curve> {
        let (m, n) = self.sums();
        let points = |counts: &[u64], same: bool, all: u64| {
            let counted = counts.iter().enumerate().filter(|(_, n)| **n > 0);
            let points = counted.map(move |(step, n)| (score(step), same, *n as f64 / all as f64));
            points.collect::<Vec<_>>()
        };
        let both = [points(&self.mated, true, m), points(&self.non_mated, false, n)].concat();
        let (slope, offset) = logistic(&both)?;
        Some(Curve { slope, offset, most: most(self.people.len()) })
    }
}

impl Calibration {
    /// Measures on labelled photographs; `probes` are made of them, so that more than one quality is seen.
    ///
    /// # Errors
    /// [`TooFew`] when no quality has enough people.
    pub fn fit(
        (model, thorough, measured_on): (&str, bool, &str),
        enrolled: &[Enrolled],
        probes: &[Probe],
    ) -> Result<(Self, Vec<Doubtful>), TooFew> {
        let people = People::of(enrolled);
        if people.count < LEAST_PEOPLE {
            return Err(TooFew::People(people.count));
        }
        // By bin: all, and each half by itself.
        let mut all = vec![Counts::new(); BINS.len()];
        let mut halves = vec![[Counts::new(), Counts::new()]; BINS.len()];
        for pair in pairs(enrolled, probes, &people) {
            let half = pair.half().map(|half| &mut halves[pair.bin][half]);
            for counts in std::iter::once(&mut all[pair.bin]).chain(half) {
                let side = if pair.same() { &mut counts.mated } else { &mut counts.non_mated };
                side[step(pair.score)] += 1;
                if pair.same() {
                    counts.people.insert(pair.people.0);
                }
            }
        }
        let curves: Vec<Option<Curve>> = all.iter().map(|c| c.fitted().filter(|_| c.suffices())).collect();
        if curves.iter().all(Option::is_none) {
            return Err(TooFew::Pairs);
        }
        // What the other half says of a half: nobody is judged by a curve that they had part in.
        let other: Vec<[Option<Curve>; 2]> = (0..BINS.len())
            .map(|b| [1, 0].map(|half| halves[b][half].fitted().filter(|_| curves[b].is_some())))
            .collect();
        let mut held_out = Ratios::default();
        for (halves, curves) in halves.iter().zip(&other) {
            for (counts, curve) in halves.iter().zip(curves).filter_map(|(c, curve)| Some((c, curve.as_ref()?))) {
                let ratios = counts.ratios(curve);
                held_out.mated.extend(ratios.mated);
                held_out.non_mated.extend(ratios.non_mated);
            }
        }
        let by_curve =
            |of: &[Option<Curve>], quality: u8, score: f32| of[bin(quality)].map(|c| c.ratio(f64::from(score)));
        let searches = |half: usize| {
            let curves: Vec<Option<Curve>> = other.iter().map(|c| c[half]).collect();
            Search::played(enrolled, probes, &people, half, |quality, score| by_curve(&curves, quality, score))
        };
        let [first, second] = [0, 1].map(searches);
        let presence = Presence::fit(&[first.clone(), second.clone()].concat());
        let errors = [(&first, &second), (&second, &first)].map(|(fit, held)| Some(Presence::fit(fit)?.error(held)));
        let presence_error = errors[0].zip(errors[1]).map(|(a, b)| (a + b) / 2.0);
        let (cllr_interval, det) = intervals::drawn(enrolled, probes, &people, &other);
        let validity = Validity {
            cllr: held_out.cllr(),
            cllr_interval,
            cllr_min: held_out.cllr_min(),
            entropy: held_out.entropies(),
            tippett: held_out.tippett(),
            det,
            presence_error,
            searches: first.len() + second.len(),
        };
        let doubtful = doubtful(enrolled, probes, &people, &all);
        let bins =
            all.iter().zip(curves).enumerate().filter_map(|(b, (counts, curve))| Some(measured(b, counts, &curve?)));
        let calibration = Self {
            model: model.to_owned(),
            thorough,
            measured_on: measured_on.to_owned(),
            made_on: None,
            people: people.count,
            photographs: enrolled.len(),
            bins: bins.collect(),
            presence,
            validity,
        };
        Ok((calibration, doubtful))
    }

    /// What a score of a probe of this quality is worth. `None` where that was not measured: another model, another way of
    /// encoding, a quality with too few people.
    pub fn strength(&self, model: &str, thorough: bool, quality: u8, score: f32) -> Option<Strength> {
        let bin = self.bins.iter().find(|b| (b.from..=b.to).contains(&quality))?;
        if model != self.model || thorough != self.thorough || !score.is_finite() {
            return None;
        }
        let ratio = Curve { slope: bin.slope, offset: bin.offset, most: bin.most }.ratio(f64::from(score));
        // The share at the next lower score that was kept: never less than it is.
        let at = bin.false_above.iter().find(|(at, _)| *at <= score).map_or(1.0, |(_, share)| *share);
        // And never less than so many people can show, however many photographs of them were paired: a higher score would be
        // told as more usual than a lower one.
        let (highest, least) = (bin.false_above.first(), (-bin.most).exp());
        let beyond = at <= least || highest.is_none_or(|(highest, _)| score > *highest);
        let false_above = if beyond { least } else { at };
        Some(Strength { ratio: ratio.exp(), bounded: ratio.abs() >= bin.most, false_above, beyond })
    }

    /// The probability that the person of a probe is in a gallery of `gallery` people at all, from the scores of a list, where
    /// as many probes show somebody who is in it as somebody who is not. `None` as [`Calibration::strength`].
    pub fn presence(&self, model: &str, thorough: bool, quality: u8, scores: &[f32], gallery: u64) -> Option<f64> {
        let ratios = scores.iter().map(|score| Some(self.strength(model, thorough, quality, *score)?.ratio.ln()));
        Some(self.presence.as_ref()?.chance(&ratios.collect::<Option<Vec<_>>>()?, gallery))
    }
}

/// The bin's curve, and how many non-mated pairs are above each score.
fn measured(b: usize, counts: &Counts, curve: &Curve) -> Bin {
    let (mated, non_mated) = counts.sums();
    let mut false_above: Vec<(f32, f64)> = Vec::new();
    let mut above = 0;
    // From the highest score down; each share is at least a tenth of a decade more than the one before.
    for (at, count) in counts.non_mated.iter().enumerate().rev().filter(|(_, n)| **n > 0) {
        above += count;
        let share = above as f64 / non_mated as f64;
        if false_above.last().is_none_or(|(_, before)| share >= before * 1.26) {
            false_above.push((score(at) as f32, share));
        }
    }
    let to = BINS.get(b + 1).map_or(100, |next| next - 1);
    let Curve { slope, offset, most } = *curve;
    Bin { from: BINS[b], to, people: counts.people.len(), mated, non_mated, slope, offset, most, false_above }
}

/// Pairs of two people that score as half of all mated pairs do, and photographs whose best mated score is below what one in a
/// thousand non-mated pairs has; the most striking first, at most 50 of each.
fn doubtful(enrolled: &[Enrolled], probes: &[Probe], people: &People, counts: &[Counts]) -> Vec<Doubtful> {
    const MOST: usize = 50;
    let quantile = |of: fn(&Counts) -> &Vec<u64>, above: f64| {
        let all: u64 = counts.iter().flat_map(of).sum();
        let mut seen = 0;
        let step = (0..=STEPS).rev().find(|step| {
            seen += counts.iter().map(|c| of(c)[*step]).sum::<u64>();
            seen as f64 >= above * all as f64
        });
        step.map_or(1.0, score) as f32
    };
    let (high, low) = (quantile(|c| &c.mated, 0.5), quantile(|c| &c.non_mated, 1e-3));
    // Only the photographs as they are.
    let mut seen = BTreeSet::new();
    let originals: Vec<Probe> = probes.iter().filter(|p| seen.insert(p.of)).cloned().collect();
    let mut alike: Vec<Doubtful> = Vec::new();
    let mut best: BTreeMap<usize, Doubtful> = BTreeMap::new();
    for pair in pairs(enrolled, &originals, people) {
        let (a, b) = pair.photographs;
        let found = Doubtful { a, b, score: pair.score, same: pair.same() };
        if !pair.same() && a < b && pair.score >= high {
            alike.push(found);
        } else if pair.same() && best.get(&a).is_none_or(|before| before.score < pair.score) {
            best.insert(a, found);
        }
    }
    let mut unlike: Vec<Doubtful> = best.into_values().filter(|d| d.score <= low).collect();
    alike.sort_by(|x, y| y.score.total_cmp(&x.score));
    unlike.sort_by(|x, y| x.score.total_cmp(&y.score));
    alike.truncate(MOST);
    unlike.truncate(MOST);
    [alike, unlike].concat()
}
