//! Patterns worth a look. Each is a pure function of what was observed and of the policy's thresholds; each topic says why, what is
//! usual among colleagues, and what it rests on.

mod examining;
mod office;
mod often;
mod searching;
mod topic;

use super::rule::OversightRule;
pub use topic::{Observed, PATTERN_ACTIONS, Pattern, Topic};

/// Every topic, the patterns in their order.
pub fn topics(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let mut found = searching::topics(observed, rule);
    found.extend(examining::topics(observed, rule));
    found.extend(office::topics(observed, rule));
    found.sort_by(|a, b| (a.pattern, &a.about).cmp(&(b.pattern, &b.about)));
    found
}
