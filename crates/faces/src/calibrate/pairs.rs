//! Photographs of known people in pairs, their scores in steps, and the curve from a score to what it is worth.

use std::collections::BTreeMap;

use crate::Template;

/// Where the bins of quality begin, 0 to 100; the last ends at 100.
pub(super) const BINS: [u8; 4] = [0, 25, 50, 75];
/// Scores from -1 to 1 are counted in so many steps: 0.0001 each.
pub(super) const STEPS: usize = 20_000;

/// An enrolled photograph.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// Who it shows.
    pub subject: String,
    /// Its template.
    pub template: Template,
}

/// A probe that was made of an enrolled photograph, or is it.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Which photograph it was made of: it is never compared with that one.
    pub of: usize,
    /// Its template.
    pub template: Template,
    /// Its quality, 0 to 100.
    pub quality: u8,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Curve {
    pub(super) slope: f64,
    pub(super) offset: f64,
    pub(super) most: f64,
}

impl Curve {
    pub(super) fn ratio(&self, score: f64) -> f64 {
        (self.slope * score + self.offset).clamp(-self.most, self.most)
    }
}

pub(super) fn step(score: f32) -> usize {
    ((f64::from(score.clamp(-1.0, 1.0)) + 1.0) / 2.0 * STEPS as f64).round() as usize
}

pub(super) fn score(step: usize) -> f64 {
    2.0 * step as f64 / STEPS as f64 - 1.0
}

pub(super) fn bin(quality: u8) -> usize {
    BINS.iter().rposition(|from| quality >= *from).unwrap_or(0)
}

/// [`Bin::most`] of so many people.
pub(super) fn most(people: usize) -> f64 {
    let people = people as f64;
    (people * (people - 1.0) / 2.0 / 3.0).max(1.0).ln()
}

/// People by number and the half that each belongs to.
pub(super) struct People {
    /// Of each photograph.
    pub(super) numbers: Vec<usize>,
    pub(super) count: usize,
}

impl People {
    pub(super) fn of(enrolled: &[Enrolled]) -> Self {
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        let numbers = enrolled.iter().map(|e| {
            let next = known.len();
            *known.entry(&e.subject).or_insert(next)
        });
        Self { numbers: numbers.collect(), count: known.len() }
    }

    /// Which half a person is in: every second one in the order of their folders.
    pub(super) fn half(person: usize) -> usize {
        person % 2
    }
}

/// Every pair of a probe and another photograph.
pub(super) fn pairs<'a>(
    enrolled: &'a [Enrolled],
    probes: &'a [Probe],
    people: &'a People,
) -> impl Iterator<Item = Pair> + 'a {
    probes.iter().flat_map(move |probe| {
        let person = people.numbers[probe.of];
        enrolled.iter().enumerate().filter(move |(at, _)| *at != probe.of).filter_map(move |(at, other)| {
            let score = probe.template.score(&other.template).filter(|s| !s.is_nan())?;
            Some(Pair {
                score,
                bin: bin(probe.quality),
                photographs: (probe.of, at),
                people: (person, people.numbers[at]),
            })
        })
    })
}

pub(super) struct Pair {
    pub(super) score: f32,
    pub(super) bin: usize,
    pub(super) photographs: (usize, usize),
    pub(super) people: (usize, usize),
}

impl Pair {
    pub(super) fn same(&self) -> bool {
        self.people.0 == self.people.1
    }

    /// The half that both are in.
    pub(super) fn half(&self) -> Option<usize> {
        (People::half(self.people.0) == People::half(self.people.1)).then(|| People::half(self.people.0))
    }
}
