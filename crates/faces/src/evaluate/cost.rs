//! What searches cost each group: people who are listed and are not the person, against people who are missed.
//!
//! Each person is enrolled with their first photograph. Each further photograph is looked for twice: among all, and among all
//! but its own person, who is then not enrolled. The gallery stays as it is; the people who are looked for are drawn anew.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::resampled::numbered;
use super::scores::{Point, RANKS, Sample};
use crate::interval::{Interval, draws, interval};

/// A group with fewer people who are looked for is not measured.
pub const LEAST_PEOPLE: usize = 30;

/// What stands for no threshold: every score is above it, and so is every pair.
pub const NO_THRESHOLD: (f64, f32) = (1.0, -2.0);

/// A figure with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// Its interval. Where none of `n` people had what is counted, or all, up to 3 in `n` may be otherwise (Hanley &
    /// Lippman-Hand 1983).
    pub interval: Interval,
}

/// What searches cost at one threshold and length of the list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CostAt {
    /// The false accept rate of the threshold, of all people's pairs; 1 without a threshold ([`NO_THRESHOLD`]).
    pub far: f64,
    /// Candidates score above it.
    pub threshold: f32,
    /// The list holds at most so many candidates.
    pub list: usize,
    /// Candidates of a search for somebody who is not enrolled; each of them is somebody else.
    pub false_candidates: Figure,
    /// Share of searches for somebody who is enrolled that do not list them.
    pub leads_lost: Figure,
}

/// What searches cost one group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupCost {
    /// Which attribute; empty for all people.
    pub attribute: String,
    /// Its value; empty for all people.
    pub value: String,
    /// People who are looked for: those with a second photograph.
    pub people: usize,
    /// Photographs that are looked for.
    pub searches: usize,
    /// Whether they are fewer than [`LEAST_PEOPLE`]: nothing was measured.
    pub too_few_people: bool,
    /// Without a threshold, as workstations search, and by each of [`super::Report::tar_at_far`]; then by length of the list
    /// ([`RANKS`]).
    pub at: Vec<CostAt>,
}

/// What searches cost all, and each group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// People in the gallery, each with one photograph.
    pub enrolled: usize,
    /// People who are in no group.
    pub in_no_group: usize,
    /// All people.
    pub all: GroupCost,
    /// By attribute and value.
    pub groups: Vec<GroupCost>,
}

/// What a photograph scores.
struct Search {
    person: usize,
    /// Against its person's enrolled one.
    own: f32,
    /// Against everybody else's, the highest first, as many as the longest list holds.
    others: Vec<f32>,
}

impl Search {
    fn false_candidates(&self, threshold: f32, list: usize) -> usize {
        self.others.iter().take(list).filter(|score| **score > threshold).count()
    }

    /// Whoever scores the same stands before the person: a tie is nobody's lead.
    fn lost(&self, threshold: f32, list: usize) -> bool {
        self.own <= threshold || self.others.iter().take(list).filter(|score| **score >= self.own).count() >= list
    }
}

fn searches(samples: &[Sample]) -> (Vec<Search>, Vec<usize>) {
    let longest = RANKS.into_iter().max().unwrap_or(0);
    let (numbers, people) = numbered(samples);
    let mut firsts: Vec<Option<usize>> = vec![None; people];
    for (at, person) in numbers.iter().enumerate() {
        firsts[*person as usize].get_or_insert(at);
    }
    let firsts: Vec<usize> = firsts.into_iter().flatten().collect();
    let further = numbers.iter().map(|n| *n as usize).enumerate().filter(|(at, person)| firsts[*person] != *at);
    let searches = further.map(|(at, person)| {
        let probe = &samples[at].template;
        let score = |at: usize| probe.score(&samples[at].template).filter(|s| !s.is_nan()).unwrap_or(-1.0);
        let mut others: Vec<f32> =
            firsts.iter().enumerate().filter(|(other, _)| *other != person).map(|(_, at)| score(*at)).collect();
        others.sort_unstable_by(|a, b| b.total_cmp(a));
        others.truncate(longest);
        Search { person, own: score(firsts[person]), others }
    });
    (searches.collect(), firsts)
}

/// Sums of one person's searches in a cell.
#[derive(Clone, Copy, Default)]
struct Sums {
    false_candidates: f64,
    lost: f64,
    searches: f64,
}

fn group(name: (&str, &str), searches: &[&Search], points: &[Point]) -> GroupCost {
    let mut of: BTreeMap<usize, Vec<&Search>> = BTreeMap::new();
    for search in searches {
        of.entry(search.person).or_default().push(search);
    }
    let mut cost = GroupCost {
        attribute: name.0.to_owned(),
        value: name.1.to_owned(),
        people: of.len(),
        searches: searches.len(),
        too_few_people: of.len() < LEAST_PEOPLE,
        at: Vec::new(),
    };
    if cost.too_few_people {
        return cost;
    }
    let people = of.len();
    let drawn: Vec<Vec<u32>> = draws(people).collect();
    let points = points.iter().map(|point| (point.far, point.threshold));
    for (far, threshold) in std::iter::once(NO_THRESHOLD).chain(points) {
        for list in RANKS {
            let sums: Vec<Sums> = of
                .values()
                .map(|own| {
                    own.iter().fold(Sums::default(), |sum, s| Sums {
                        false_candidates: sum.false_candidates + s.false_candidates(threshold, list) as f64,
                        lost: sum.lost + f64::from(u8::from(s.lost(threshold, list))),
                        searches: sum.searches + 1.0,
                    })
                })
                .collect();
            let figure = |of: fn(&Sums) -> f64| {
                let mean = |times: &[u32]| {
                    let weighed = sums.iter().zip(times).fold((0.0, 0.0), |sum, (s, times)| {
                        (sum.0 + of(s) * f64::from(*times), sum.1 + s.searches * f64::from(*times))
                    });
                    weighed.0 / f64::max(weighed.1, 1.0)
                };
                let mut interval = interval(drawn.iter().map(|times| mean(times)).collect());
                let unseen = 3.0 / people as f64;
                if sums.iter().all(|s| of(s) == 0.0) {
                    interval[1] = unseen;
                }
                (Figure { value: mean(&vec![1; people]), interval }, unseen)
            };
            let (false_candidates, _) = figure(|s| s.false_candidates);
            let (mut leads_lost, unseen) = figure(|s| s.lost);
            if sums.iter().all(|s| s.lost == s.searches) {
                leads_lost.interval[0] = 1.0 - unseen;
            }
            cost.at.push(CostAt { far, threshold, list, false_candidates, leads_lost });
        }
    }
    cost
}

impl Costs {
    /// At each threshold of `points`. `groups` gives the attributes of a person.
    pub(super) fn of(samples: &[Sample], points: &[Point], groups: &BTreeMap<String, Vec<(String, String)>>) -> Self {
        let (searches, firsts) = searches(samples);
        let subject = |person: usize| samples[firsts[person]].subject.as_str();
        let attributes: BTreeSet<&(String, String)> = groups.values().flatten().collect();
        let groups_of = |person: usize| groups.get(subject(person)).map_or(&[][..], Vec::as_slice);
        let by_group = attributes.into_iter().map(|pair| {
            let own: Vec<&Search> = searches.iter().filter(|s| groups_of(s.person).contains(pair)).collect();
            group((&pair.0, &pair.1), &own, points)
        });
        Self {
            enrolled: firsts.len(),
            in_no_group: (0..firsts.len()).filter(|person| groups_of(*person).is_empty()).count(),
            groups: by_group.collect(),
            all: group(("", ""), &searches.iter().collect::<Vec<_>>(), points),
        }
    }

    /// The threshold whose false accept rate is nearest to `far`, by powers of ten, of all and of groups with enough people;
    /// never none.
    pub fn nearest(&self, far: f64) -> Option<f32> {
        let off = |at: &CostAt| (at.far / far).ln().abs();
        let cells = std::iter::once(&self.all).chain(&self.groups).flat_map(|group| &group.at);
        let cells = cells.filter(|at| at.threshold != NO_THRESHOLD.1);
        cells.min_by(|a, b| off(a).total_cmp(&off(b))).map(|at| at.threshold)
    }
}

impl GroupCost {
    /// The cell of a threshold and a length of the list; `None` with too few people.
    pub fn cell(&self, threshold: f32, list: usize) -> Option<&CostAt> {
        self.at.iter().find(|at| at.threshold == threshold && at.list == list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Template;
    use crate::evaluate::Report;

    type Groups = BTreeMap<String, Vec<(String, String)>>;

    /// `count` people as directions, three photographs each; those of group `b` lie nearer to each other.
    fn people(count: usize) -> (Vec<Sample>, Groups) {
        let mut random = fastrand::Rng::with_seed(11);
        let mut normal = move || (0..12).map(|_| random.f32()).sum::<f32>() - 6.0;
        let (mut samples, mut groups) = (Vec::new(), Groups::new());
        for person in 0..count {
            let (subject, crowded) = (format!("{person:03}"), person % 3 == 0);
            let mut centre: Vec<f32> = (0..8).map(|_| normal()).collect();
            centre[0] += if crowded { 2.5 } else { 0.0 };
            for _ in 0..if person % 7 == 0 { 1 } else { 3 } {
                let values: Vec<f32> = centre.iter().map(|c| c + 0.6 * normal()).collect();
                let template = Template::normalised("m", &values).expect("it has a direction").0;
                samples.push(Sample { subject: subject.clone(), template });
            }
            let group = if crowded { "b" } else { "a" };
            groups.insert(subject, vec![("group".to_owned(), group.to_owned())]);
        }
        (samples, groups)
    }

    /// Both figures, slowly: every list is made, sorted and cut, person by person.
    fn plainly(samples: &[Sample], wanted: &dyn Fn(&str) -> bool, threshold: f32, list: usize) -> (f64, f64, usize) {
        let mut gallery: Vec<&Sample> = Vec::new();
        let mut probes: Vec<&Sample> = Vec::new();
        for sample in samples {
            if gallery.iter().any(|s| s.subject == sample.subject) {
                probes.push(sample);
            } else {
                gallery.push(sample);
            }
        }
        let (mut listed, mut lost, mut all) = (0, 0, 0);
        for probe in probes.into_iter().filter(|p| wanted(&p.subject)) {
            let listing = |without: Option<&str>| -> Vec<&str> {
                let mut scored: Vec<(f32, bool, &str)> = gallery
                    .iter()
                    .filter(|s| Some(s.subject.as_str()) != without)
                    .map(|s| {
                        let score = probe.template.score(&s.template).expect("one model");
                        (score, s.subject == probe.subject, s.subject.as_str())
                    })
                    .filter(|(score, ..)| *score > threshold)
                    .collect();
                scored.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
                scored.into_iter().take(list).map(|(_, _, subject)| subject).collect()
            };
            all += 1;
            listed += listing(Some(&probe.subject)).len();
            lost += usize::from(!listing(None).contains(&probe.subject.as_str()));
        }
        (listed as f64 / all as f64, lost as f64 / all as f64, all)
    }

    #[test]
    fn every_cell_is_what_a_plain_count_says() {
        let (samples, groups) = people(150);
        let report = Report::of_samples("m", &samples, &groups);
        let costs = report.costs.expect("there are groups");
        assert_eq!((costs.enrolled, costs.in_no_group), (150, 0));
        assert_eq!(costs.groups.iter().map(|g| g.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let mut unlike = 0;
        for group in costs.groups.iter().chain([&costs.all]) {
            assert_eq!(group.at.len(), RANKS.len() * (1 + report.tar_at_far.len()));
            for at in &group.at {
                let own = |subject: &str| group.value.is_empty() || groups[subject][0].1 == group.value;
                let (listed, lost, searches) = plainly(&samples, &own, at.threshold, at.list);
                assert_eq!(searches, group.searches);
                assert!((at.false_candidates.value - listed).abs() < 1e-9, "{at:?} {listed}");
                assert!((at.leads_lost.value - lost).abs() < 1e-9, "{at:?} {lost}");
                for figure in [at.false_candidates, at.leads_lost] {
                    let [low, high] = figure.interval;
                    assert!(low <= figure.value && figure.value <= high, "{at:?}");
                }
                unlike += usize::from(listed > 0.0 && lost > 0.0);
            }
        }
        assert!(unlike > 20, "most cells have something to count");
        // Whoever lies nearer to others has more of them listed, and it shows beyond the intervals.
        let threshold = costs.nearest(1e-2).expect("measured");
        let cell = |g: &GroupCost| *g.cell(threshold, 20).expect("enough people");
        let (a, b) = (cell(&costs.groups[0]), cell(&costs.groups[1]));
        assert!(a.false_candidates.interval[1] < b.false_candidates.interval[0], "{a:?} {b:?}");
    }

    #[test]
    fn whoever_pays_more_lies_higher_in_the_plot() {
        let (samples, mut groups) = people(150);
        // A group that is too small is named and not drawn.
        groups.insert("001".to_owned(), vec![("group".to_owned(), "c".to_owned())]);
        let report = Report::of_samples("m", &samples, &groups);
        let drawings = report.drawings(1e-2, 20);
        assert_eq!(drawings.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["roc", "groups-1"]);
        let (plot, says) = (&drawings[1].plot, &drawings[1].says);
        assert_eq!(plot.series.len(), 2);
        let [a, b] = [0, 1].map(|n| plot.series[n].spots[0]);
        assert!(b.at.1 > a.at.1 && b.up > a.up && plot.cross.is_some());
        assert!(says.contains("group: c"), "{says}");
    }

    #[test]
    fn intervals_are_those_of_people_drawn_by_hand() {
        let (samples, groups) = people(60);
        let report = Report::of_samples("m", &samples, &groups);
        let group = &report.costs.as_ref().expect("there are groups").groups[0];
        let cell = group.cell(report.tar_at_far[1].threshold, 5).expect("enough people");
        let names: BTreeSet<&str> =
            samples.iter().map(|s| s.subject.as_str()).filter(|s| groups[*s][0].1 == "a").collect();
        // What each person by themselves costs, and each draw's mean of it.
        let own: Vec<(f64, usize)> = names
            .iter()
            .map(|name| {
                let (listed, _, n) = plainly(&samples, &|subject| subject == *name, cell.threshold, cell.list);
                (if n == 0 { 0.0 } else { listed * n as f64 }, n)
            })
            .filter(|(_, n)| *n > 0)
            .collect();
        assert_eq!(own.len(), group.people);
        let means = draws(own.len()).map(|times| {
            let sum: f64 = own.iter().zip(&times).map(|((listed, _), t)| listed * f64::from(*t)).sum();
            sum / own.iter().zip(&times).map(|((_, n), t)| *n as f64 * f64::from(*t)).sum::<f64>()
        });
        let by_hand = interval(means.collect());
        assert!(by_hand.iter().zip(cell.false_candidates.interval).all(|(a, b)| (a - b).abs() < 1e-9), "{by_hand:?}");
        assert!(by_hand[0] < by_hand[1]);
    }

    #[test]
    fn a_small_group_is_refused_and_nobody_is_forgotten() {
        let (samples, mut groups) = people(60);
        groups.remove("001");
        groups.insert("nobody".to_owned(), vec![("group".to_owned(), "c".to_owned())]);
        let report = Report::of_samples("m", &samples, &groups);
        let costs = report.costs.as_ref().expect("there are groups");
        assert_eq!(costs.in_no_group, 1);
        let said: Vec<_> = costs.groups.iter().map(|g| (g.value.as_str(), g.too_few_people, g.at.len())).collect();
        let cells = RANKS.len() * (1 + report.tar_at_far.len());
        assert_eq!(said, [("a", false, cells), ("b", true, 0), ("c", true, 0)]);
        assert!(report.in_words().contains("too few people"), "{}", report.in_words());
        let (three, groups) = people(4);
        let costs = Report::of_samples("m", &three, &groups).costs.expect("there are groups");
        assert!(costs.all.too_few_people && costs.all.at.is_empty() && costs.nearest(1e-3).is_none());
        let none = Report::of_samples("m", &three, &Groups::new());
        assert!(none.costs.is_none(), "without groups nobody asked for it");
    }

    #[test]
    fn without_a_threshold_every_list_is_full_and_no_threshold_is_drawn() {
        let (samples, groups) = people(120);
        let costs = Report::of_samples("m", &samples, &groups).costs.expect("there are groups");
        for group in costs.groups.iter().chain([&costs.all]) {
            for list in RANKS {
                let (none, loosest) = (group.cell(NO_THRESHOLD.1, list).expect("measured"), &group.at[RANKS.len()]);
                assert_eq!((none.far, none.false_candidates.value), (1.0, list as f64));
                assert!(
                    none.leads_lost.value <= group.cell(loosest.threshold, list).expect("measured").leads_lost.value
                );
            }
        }
        assert_ne!(costs.nearest(1.0), Some(NO_THRESHOLD.1));
    }

    #[test]
    fn where_nothing_was_seen_something_may_be() {
        let (samples, groups) = people(120);
        let strict = Point { far: 1e-9, tar: 0.0, threshold: 1.0, interval: None };
        let none = Costs::of(&samples, &[strict], &groups);
        let at = *none.all.cell(1.0, RANKS[0]).expect("enough people");
        assert_eq!((at.false_candidates.value, at.leads_lost.value), (0.0, 1.0));
        let unseen = 3.0 / none.all.people as f64;
        assert_eq!((at.false_candidates.interval, at.leads_lost.interval), ([0.0, unseen], [1.0 - unseen, 1.0]));
    }
}
