//! What somebody does more often than chance makes of what is usual among colleagues.

use std::collections::BTreeMap;

use super::super::party::Party;
use super::super::rule::OversightRule;
use super::super::unusual::{Count, is_unusual, usual};

/// What each person did: whether it is what is looked for, and what shows it.
pub(super) type Did<T> = BTreeMap<Party, Vec<(bool, T)>>;

/// Somebody who did it unusually often.
pub(super) struct Often<T> {
    pub(super) who: Party,
    pub(super) hits: Vec<T>,
    pub(super) tries: usize,
    /// Share of colleagues, in hundredths.
    pub(super) usual: u32,
}

/// People who did it more often than chance makes of what is usual among colleagues, and often enough to be spoken of.
pub(super) fn often<T: Clone>(did: &Did<T>, rule: &OversightRule) -> Vec<Often<T>> {
    let count = |all: &Vec<(bool, T)>| Count { hits: all.iter().filter(|(hit, _)| *hit).count(), tries: all.len() };
    let counts: Vec<Count> = did.values().map(count).collect();
    let people = did.iter().enumerate().filter_map(|(at, (who, all))| {
        let (own, share) = (counts[at], usual(&counts, at));
        if own.hits < usize::from(rule.fewest) || !is_unusual(own, share, rule.chance_one_in) {
            return None;
        }
        let hits = all.iter().filter(|(hit, _)| *hit).map(|(_, shows)| shows.clone()).collect();
        Some(Often { who: who.clone(), hits, tries: own.tries, usual: (share * 100.0).round() as u32 })
    });
    people.collect()
}
