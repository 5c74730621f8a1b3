//! What searches look like that want the gallery and not a person. Probes of the last day are kept in memory for this,
//! never on the disk.
//!
//! Figures of real photographs (`traces`, in the README): each threshold lies outside of what they reached.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use catalogue::say;

/// How far back is looked.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Probes that are kept for one token or person.
const KEPT: usize = 320;
/// Tokens and persons that are kept; whoever searched longest ago is forgotten first.
const WHO: usize = 4096;

/// Furthest that the norm of a template may be from 1.
const NORM: f64 = 0.01;
/// Least share of its values that carries a template: (Σv²)² / (n Σv⁴) is 1/3 for normal values, 1/n for one alone.
const SHARE: f64 = 0.1;
/// Templates that no face gives, until it is a pattern.
const SYNTHETIC: usize = 5;
/// Probes that are this alike and not the same were changed a little.
const NUDGED: f32 = 0.9995;
/// Probes that are others changed a little, until it is a pattern.
const NUDGES: usize = 10;
/// Probes less alike than this are of different people.
const DIFFERENT: f32 = 0.6;
/// Probes of different people whose scores with each other are, in the mean of squares, no larger than so many times what
/// chance gives (1/√n for `n` values) are made, not photographed. Of [`unrelated`] people of press photographs the least was
/// 1.18 times in 4,000 draws with 128 values (`sface-2021dec`), and 2.8 on average with 512 (`mobilefacenet-512`).
const CHANCE: f64 = 1.1;
/// Different people looked for in a day, until it is a pattern.
const PEOPLE: usize = 200;

/// Why somebody is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// A stable code.
    pub code: &'static str,
    /// The same in words.
    pub words: String,
}

#[derive(Debug)]
struct Probe {
    at: Instant,
    values: Vec<f32>,
    synthetic: bool,
    nudged: bool,
    /// Unlike every one before.
    fresh: bool,
}

/// What was searched for lately, by token and by person.
#[derive(Debug, Default)]
pub(super) struct Patterns(Mutex<HashMap<String, VecDeque<Probe>>>);

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// People looked for with little in common, until it is a pattern: few enough that their scores give little of a template of
/// `dim` values away, and enough to be told from chance.
fn unrelated(dim: usize) -> usize {
    (dim / 8).clamp(32, 64)
}

/// Whether no network that ends in a normalised layer of many values gives this.
fn synthetic(raw: &[f32]) -> bool {
    let (mut two, mut four) = (0f64, 0f64);
    for value in raw {
        let square = f64::from(*value).powi(2);
        two += square;
        four += square * square;
    }
    (two.sqrt() - 1.0).abs() > NORM || two * two < SHARE * raw.len() as f64 * four
}

impl Patterns {
    /// Takes a probe in, as it came and normalised, and says whether the searches of `who` are a pattern with it. Then
    /// they are forgotten: once an operator lifts the pause, counting begins anew.
    pub fn look(&self, who: &str, raw: &[f32], unit: &[f32]) -> Option<Pattern> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= WHO && !all.contains_key(who) {
            let oldest = all.iter().min_by_key(|(_, probes)| probes.back().map(|p| p.at)).map(|(who, _)| who.clone());
            oldest.and_then(|who| all.remove(&who));
        }
        let probes = all.entry(who.to_owned()).or_default();
        while probes.front().is_some_and(|p| p.at.elapsed() > DAY) || probes.len() >= KEPT {
            probes.pop_front();
        }
        let mut probe =
            Probe { at: Instant::now(), values: unit.to_vec(), synthetic: synthetic(raw), nudged: false, fresh: true };
        for earlier in probes.iter() {
            if earlier.values == probe.values {
                // The same search once more tells nothing new.
                return None;
            }
            let score = dot(&earlier.values, &probe.values);
            probe.nudged |= score > NUDGED;
            probe.fresh &= score < DIFFERENT;
        }
        probes.push_back(probe);
        let found = pattern(probes);
        if found.is_some() {
            probes.clear();
        }
        found
    }
}

fn pattern(probes: &VecDeque<Probe>) -> Option<Pattern> {
    let count = |what: fn(&&Probe) -> bool| probes.iter().filter(what).count();
    let found = |code, words| Some(Pattern { code, words });
    let made = count(|p| p.synthetic);
    if made >= SYNTHETIC {
        return found("synthetic-templates", say!("gallery-templates-no-photograph-face-gives", made));
    }
    let nudges = count(|p| p.nudged);
    if nudges >= NUDGES {
        return found("small-changes", say!("gallery-probes-earlier-ones-changed-little", nudges));
    }
    let people: Vec<&Probe> = probes.iter().filter(|p| p.fresh).collect();
    if people.len() >= PEOPLE {
        return found("many-people", say!("gallery-different-people-within-day", people = people.len()));
    }
    let dim = people.first().map_or(0, |one| one.values.len());
    if people.len() >= unrelated(dim) {
        let (mut squares, mut pairs) = (0f64, 0f64);
        for (at, one) in people.iter().enumerate() {
            for other in &people[..at] {
                (squares, pairs) = (squares + f64::from(dot(&one.values, &other.values)).powi(2), pairs + 1.0);
            }
        }
        let spread = (squares / pairs).sqrt();
        if spread < CHANCE / (dim as f64).sqrt() {
            let words =
                say!("gallery-probes-no-more-common-than", people = people.len(), spread = format!("{:.3}", spread));
            return found("unrelated-templates", words);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::template;

    fn first(probes: impl Iterator<Item = Vec<f32>>) -> Option<(usize, &'static str)> {
        let patterns = Patterns::default();
        probes.enumerate().find_map(|(at, raw)| {
            let norm = raw.iter().map(|v| v * v).sum::<f32>().sqrt();
            let unit: Vec<f32> = raw.iter().map(|v| v / norm).collect();
            Some((at + 1, patterns.look("t", &raw, &unit)?.code))
        })
    }

    fn one_hot(at: usize) -> Vec<f32> {
        (0..512).map(|n| f32::from(u8::from(n == at))).collect()
    }

    #[test]
    fn probes_that_want_the_gallery_are_known_early() {
        assert_eq!(first((0..512).map(one_hot)), Some((SYNTHETIC, "synthetic-templates")));
        let loud = (0..512).map(|n| template(n, 512).iter().map(|v| 2.0 * v).collect());
        assert_eq!(first(loud), Some((SYNTHETIC, "synthetic-templates")));
        // Rows of a Hadamard matrix: dense, of norm 1, orthogonal.
        for (dim, stopped) in [(512usize, 64), (128, 32)] {
            let hadamard = (0..dim).map(|row| {
                let one = |at: usize| if (row & at).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 } / (dim as f32).sqrt();
                (0..dim).map(one).collect()
            });
            assert_eq!(first(hadamard), Some((stopped, "unrelated-templates")));
            // Drawn at random, they have as little in common as chance gives.
            let drawn = (0..150).map(|n| template(n, dim));
            assert_eq!(first(drawn), Some((stopped, "unrelated-templates")));
        }
        let nudged = (0..512).map(|at| {
            let mut values = template(1, 512);
            values[at] += 0.005;
            let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
            values.iter().map(|v| v / norm).collect()
        });
        assert_eq!(first(nudged), Some((NUDGES + 1, "small-changes")));
    }

    #[test]
    fn the_same_search_again_is_no_pattern() {
        assert_eq!(first((0..600).map(|_| template(1, 512))), None);
    }
}
