//! Patterns beside the cases: what leaves, who tries to come in, by which rules.

use std::collections::BTreeMap;

use catalogue::say;

use super::topic::{Observed, Pattern, Topic};
use crate::oversight::event::DeskEvent;
use crate::oversight::party::Party;
use crate::oversight::rule::OversightRule;

/// Actions by which something leaves as a file.
const EXPORTS: &[&str] = &[
    "audit-exported",
    "defence-kit-exported",
    "disclosure-exported",
    "disclosure-printed",
    "note-exported",
    "report-printed",
];
const DAY: i64 = 86_400;

pub(super) fn topics(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let exports = crowded(observed, |event| EXPORTS.contains(&event.action.as_str()), 30 * DAY, rule.exports_a_month);
    let exports = exports.into_iter().map(|crowded| Topic {
        pattern: Pattern::Exports,
        why: say!("rule-oversight-exports-why", name = crowded.who.in_words(), exports = crowded.events.len()),
        usual: say!("rule-oversight-exports-usual", usual = crowded.usual, most = rule.exports_a_month),
        about: vec![crowded.who],
        cases: Vec::new(),
        events: crowded.events,
    });
    let failed = crowded(observed, |event| event.action == "sign-in-failed", DAY, rule.failed_sign_ins_a_day);
    let failed = failed.into_iter().map(|crowded| Topic {
        pattern: Pattern::FailedSignIns,
        why: say!("rule-oversight-failed-why", name = crowded.who.in_words(), times = crowded.events.len()),
        usual: say!("rule-oversight-failed-usual", usual = crowded.usual, most = rule.failed_sign_ins_a_day),
        about: vec![crowded.who],
        cases: Vec::new(),
        events: crowded.events,
    });
    exports.chain(failed).chain(loosened(observed)).collect()
}

/// Somebody with many events in a short time.
struct Crowded {
    who: Party,
    events: Vec<(String, i64)>,
    /// The most that the person in the middle of all has in such a time.
    usual: usize,
}

/// People with more than `most` such events within `window` seconds, with those of the fullest window.
fn crowded(observed: &Observed<'_>, such: impl Fn(&DeskEvent) -> bool, window: i64, most: u16) -> Vec<Crowded> {
    let mut by: BTreeMap<&Party, Vec<&DeskEvent>> = BTreeMap::new();
    for event in observed.events.iter().filter(|event| such(event)) {
        if let Some(who) = &event.by {
            by.entry(who).or_default().push(event);
        }
    }
    let mut fullest: Vec<(&Party, Vec<&DeskEvent>)> = Vec::new();
    for (who, mut events) in by {
        events.sort_by_key(|event| event.at);
        let (mut from, mut best) = (0, 0..0);
        for until in 0..events.len() {
            while events[until].at.0.as_second() - events[from].at.0.as_second() >= window {
                from += 1;
            }
            if until + 1 - from > best.len() {
                best = from..until + 1;
            }
        }
        fullest.push((who, events[best].to_vec()));
    }
    let mut sizes: Vec<usize> = fullest.iter().map(|(_, events)| events.len()).collect();
    sizes.sort_unstable();
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    let many = fullest.into_iter().filter(|(_, events)| events.len() > usize::from(most));
    many.map(|(who, events)| Crowded {
        who: who.clone(),
        events: events.iter().map(|event| (event.workstation.clone(), event.seq)).collect(),
        usual,
    })
    .collect()
}

/// Every policy that became laxer. One version is told by each workstation that took it up: it is one topic.
fn loosened(observed: &Observed<'_>) -> Vec<Topic> {
    let mut versions: BTreeMap<String, Vec<&DeskEvent>> = BTreeMap::new();
    for event in observed.events.iter().filter(|event| event.action == "policy-loosened") {
        let version = event.says("version").unwrap_or_default();
        versions.entry(version.to_owned()).or_default().push(event);
    }
    let topic = |(_, events): (String, Vec<&DeskEvent>)| Topic {
        pattern: Pattern::PolicyLoosened,
        about: events.iter().find_map(|event| event.by.clone()).into_iter().collect(),
        why: say!("rule-oversight-policy-why", workstations = events.len()),
        usual: String::new(),
        cases: Vec::new(),
        events: events.iter().map(|event| (event.workstation.clone(), event.seq)).collect(),
    };
    versions.into_iter().map(topic).collect()
}
