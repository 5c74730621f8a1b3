//! A report as a file.

use std::str::FromStr;

use catalogue::say;

use super::cost::{CostAt, Figure, GroupCost, LEAST_PEOPLE};
use super::report::Report;

/// Why a report is not believed.
#[derive(Debug, thiserror::Error)]
pub enum NoReport {
    /// It is not the text of one.
    #[error("{}", say!("faces-report-not-one", what = _0))]
    Text(#[from] serde_json::Error),
    /// A figure is one that nothing measures.
    #[error("{}", say!("faces-report-impossible", what = _0))]
    Impossible(&'static str),
}

impl FromStr for Report {
    type Err = NoReport;

    fn from_str(text: &str) -> Result<Self, NoReport> {
        let report: Self = serde_json::from_str(text)?;
        report.check().map_or(Ok(report), |what| Err(NoReport::Impossible(what)))
    }
}

impl Report {
    /// The first figure that no measurement gives.
    fn check(&self) -> Option<&'static str> {
        let costs = self.costs.as_ref();
        let groups = || costs.into_iter().flat_map(|costs| std::iter::once(&costs.all).chain(&costs.groups));
        let cells = || groups().flat_map(|group| &group.at);
        let named: Vec<_> = groups().map(|group| (&group.attribute, &group.value)).collect();
        [
            ("model", !self.model.trim().is_empty()),
            ("groups", named.iter().enumerate().all(|(at, name)| !named[..at].contains(name))),
            ("people", groups().all(GroupCost::enough)),
            ("enrolled", costs.is_none_or(|costs| groups().all(|group| group.people <= costs.enrolled))),
            ("at", groups().all(GroupCost::each_once)),
            ("threshold", cells().all(|at| at.threshold.is_finite() && at.far > 0.0 && at.far <= 1.0)),
            ("false_candidates", cells().all(|at| at.false_candidates.within(at.list as f64))),
            ("leads_lost", cells().all(|at| at.leads_lost.within(1.0))),
        ]
        .into_iter()
        .find_map(|(what, holds)| (!holds).then_some(what))
    }
}

impl GroupCost {
    /// Nothing is said of a group that is too small to say it of.
    fn enough(&self) -> bool {
        let few = self.people < LEAST_PEOPLE;
        self.too_few_people == few && self.people <= self.searches && (!few || self.at.is_empty())
    }

    fn each_once(&self) -> bool {
        let setting = |at: &CostAt| (at.threshold, at.list);
        self.at.iter().enumerate().all(|(n, at)| self.at[..n].iter().all(|before| setting(before) != setting(at)))
    }
}

impl Figure {
    /// From 0 to `most`.
    fn within(self, most: f64) -> bool {
        let [low, high] = self.interval;
        (0.0..=most + 1e-9).contains(&self.value) && 0.0 <= low && low <= high && high.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::Template;
    use crate::evaluate::Sample;

    fn report() -> Value {
        let mut random = fastrand::Rng::with_seed(3);
        let (mut samples, mut groups) = (Vec::new(), BTreeMap::new());
        for person in 0..80 {
            let subject = format!("{person}");
            groups.insert(subject.clone(), vec![("half".to_owned(), format!("{}", person % 2))]);
            for _ in 0..2 {
                let values: Vec<f32> = (0..8).map(|_| random.f32() - 0.5).collect();
                let template = Template::normalised("m", &values).expect("a direction").0;
                samples.push(Sample { subject: subject.clone(), template });
            }
        }
        json!(Report::of_samples("m", &samples, &groups))
    }

    #[test]
    fn what_was_measured_is_read_and_what_nothing_measures_is_not() {
        let whole = report();
        let read: Report = whole.to_string().parse().expect("it was measured");
        assert_eq!(json!(read), whole);
        for (place, value, wrong) in [
            ("/costs/groups/0/at/5/false_candidates/value", json!(-0.1), "false_candidates"),
            ("/costs/groups/0/at/5/false_candidates/interval", json!([0.9, 0.1]), "false_candidates"),
            ("/costs/groups/0/at/5/leads_lost/value", json!(1.5), "leads_lost"),
            ("/costs/groups/0/at/5/threshold", json!(1e60), "threshold"),
            ("/costs/groups/0/at/5/list", json!(1), "at"),
            ("/costs/groups/0/people", json!(12), "people"),
            ("/costs/groups/0/value", json!("1"), "groups"),
            ("/costs/enrolled", json!(3), "enrolled"),
            ("/model", json!(" "), "model"),
        ] {
            let mut changed = whole.clone();
            *changed.pointer_mut(place).expect("it is there") = value;
            let refused = changed.to_string().parse::<Report>().expect_err(place).to_string();
            assert!(refused.contains(&format!("“{wrong}”")) || refused.contains("no report"), "{place}: {refused}");
        }
        assert!(matches!("{}".parse::<Report>(), Err(NoReport::Text(_))));
    }
}
