//! A report for people: its tables.

use std::fmt::Write as _;

use catalogue::say;

use super::cost::{Costs, Figure, GroupCost, LEAST_PEOPLE, NO_THRESHOLD};
use super::report::Report;
use super::resampled::Identification;
use super::scores::{Point, RANKS};
use crate::interval::Interval;

fn between(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |[low, high]| {
        say!("faces-between-draws", low = format!("{low:.4}"), high = format!("{high:.4}"))
    })
}

/// Lines for rates at false accept rates and for rank 1.
fn rates<'a>(points: &'a [Point], identification: Option<&'a Identification>) -> impl Iterator<Item = String> + 'a {
    let points = points.iter().map(|p| {
        say!(
            "faces-tar-far-score-above",
            far = format!("{:<6.0e}", p.far),
            tar = format!("{:.4}", p.tar),
            between = between(p.interval),
            threshold = format!("{:.3}", p.threshold)
        )
    });
    let found = identification.map(|i| {
        say!(
            "faces-rank-1-of-enrolled",
            share = format!("{:.4}", i.rank_1),
            between = between(Some(i.interval)),
            probes = i.probes,
            enrolled = i.enrolled
        )
    });
    points.chain(found)
}

impl Report {
    /// The tables, for people.
    pub fn in_words(&self) -> String {
        let mut text = say!(
            "faces-photographs-people-mated-non-mated",
            model = self.model,
            images = self.images,
            subjects = self.subjects,
            mated = self.mated,
            non_mated = self.non_mated
        );
        text.push('\n');
        let mut line = |words: std::fmt::Arguments| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{words}");
        };
        for (k, share) in &self.rank {
            line(format_args!(
                "{}",
                say!("faces-within-first", k = format!("{:<2}", k), share = format!("{:.3}", share))
            ));
        }
        for words in rates(&self.tar_at_far, self.identification.as_ref()) {
            line(format_args!("{words}"));
        }
        line(format_args!("{}", say!("faces-equal-error-rate", eer = format!("{:.3}", self.eer))));
        for part in &self.shrunk {
            line(format_args!("{}", say!("faces-shrunk-to-pixels", pixels = part.pixels)));
            for words in rates(&part.tar_at_far, part.identification.as_ref()) {
                line(format_args!("{words}"));
            }
        }
        if !self.groups.is_empty() {
            line(format_args!("{}", say!("faces-group-thresholds-above-false-accepts")));
        }
        for g in &self.groups {
            let rate = |r: Option<f64>| r.map_or_else(|| "-".to_owned(), |r| format!("{r:.4}"));
            let at = g.at.iter().map(|p| format!("{}/{}", rate(p.far), rate(p.fnmr))).collect::<Vec<_>>().join("  ");
            line(format_args!(
                "{}",
                say!(
                    "faces-people",
                    attribute = g.attribute,
                    value = format!("{:<12}", g.value),
                    subjects = format!("{:>4}", g.subjects),
                    at
                )
            ));
        }
        for words in self.costs.iter().flat_map(Costs::in_words) {
            line(format_args!("{words}"));
        }
        line(format_args!("{}", say!("faces-figures-describe-photographs-model-no")));
        text
    }
}

/// How a group is called: by attribute and value, or as all people.
pub(super) fn called(group: &GroupCost) -> String {
    match group.attribute.is_empty() {
        true => say!("faces-cost-all").to_owned(),
        false => format!("{}: {}", group.attribute, group.value),
    }
}

impl Costs {
    /// What the longest list costs at each threshold, and which groups have too few people.
    fn in_words(&self) -> Vec<String> {
        let groups = || std::iter::once(&self.all).chain(&self.groups);
        let few = |group: &GroupCost| {
            say!("faces-cost-too-few", group = called(group), people = group.people, least = LEAST_PEOPLE)
        };
        let list = RANKS[RANKS.len() - 1];
        let mut lines = vec![say!("faces-cost-by-group", enrolled = self.enrolled, list)];
        for at in self.all.at.iter().filter(|at| at.list == list) {
            let threshold = format!("{:.3}", at.threshold);
            lines.push(match at.threshold == NO_THRESHOLD.1 {
                true => say!("faces-cost-at-none").to_owned(),
                false => say!("faces-cost-at", threshold, far = format!("{:.0e}", at.far)),
            });
            for (group, cell) in groups().filter_map(|g| Some((g, g.cell(at.threshold, list)?))) {
                let figure = |f: Figure| {
                    let [low, high] = f.interval;
                    format!("{:.4}{}", f.value, between(Some([low, high])))
                };
                lines.push(say!(
                    "faces-cost-of",
                    group = format!("{:<24}", called(group)),
                    people = format!("{:>5}", group.people),
                    listed = figure(cell.false_candidates),
                    lost = figure(cell.leads_lost)
                ));
            }
        }
        lines.extend(groups().filter(|g| g.too_few_people).map(few));
        if self.in_no_group > 0 {
            lines.push(say!("faces-cost-in-no-group", people = self.in_no_group));
        }
        lines.push(say!("faces-cost-elsewhere").to_owned());
        lines
    }
}
