//! Patterns of asking: why, how often, with what, when.

use catalogue::say;

use super::often::{Did, Often, often};
use super::topic::{Observed, Pattern, Topic};
use crate::ids::CaseId;
use crate::oversight::conduct::Conduct;
use crate::oversight::rule::OversightRule;

pub(super) fn topics(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    [
        unfinished(observed, rule),
        many_searches(observed, rule),
        same_basis(observed, rule),
        weak_basis(observed, rule),
        near_floor(observed, rule),
        unusual_hours(observed, rule),
    ]
    .concat()
}

/// Each searched case of each holder, and whether `hit` holds of it; none where `hit` has nothing to say of a case.
fn by_holder(cases: &[Conduct], hit: impl Fn(&Conduct) -> Option<bool>) -> Did<CaseId> {
    let mut did: Did<CaseId> = Did::new();
    for case in cases.iter().filter(|case| !case.searches.is_empty()) {
        if let Some(hit) = hit(case) {
            did.entry(case.holder.clone()).or_default().push((hit, case.case));
        }
    }
    did
}

fn unfinished(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let days = i64::from(rule.note_after_days);
    let did = by_holder(observed.cases, |case| {
        let last = case.searches.iter().map(|search| search.at).max()?;
        (observed.now.days_since(last) >= days).then_some(case.notes.is_empty())
    });
    let topic = |often: Often<CaseId>| Topic {
        pattern: Pattern::Unfinished,
        why: say!(
            "rule-oversight-unfinished-why",
            name = often.who.in_words(),
            cases = often.hits.len(),
            of = often.tries,
            days = rule.note_after_days
        ),
        usual: say!("rule-oversight-usual-share", share = often.usual),
        about: vec![often.who],
        cases: often.hits,
        events: Vec::new(),
    };
    often(&did, rule).into_iter().map(topic).collect()
}

fn many_searches(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let most = usize::from(rule.searches_a_case);
    let mut searched: Vec<usize> = observed.cases.iter().map(|case| case.searches.len()).filter(|n| *n > 0).collect();
    searched.sort_unstable();
    let usual = searched.get(searched.len() / 2).copied().unwrap_or_default();
    let did = by_holder(observed.cases, |case| Some(case.searches.len() > most));
    let people = did.into_iter().filter_map(|(who, all)| {
        let cases: Vec<CaseId> = all.into_iter().filter(|(hit, _)| *hit).map(|(_, case)| case).collect();
        let highest =
            observed.cases.iter().filter(|case| cases.contains(&case.case)).map(|case| case.searches.len()).max()?;
        Some(Topic {
            pattern: Pattern::ManySearches,
            why: say!("rule-oversight-many-searches-why", name = who.in_words(), cases = cases.len(), most, highest),
            usual: say!("rule-oversight-many-searches-usual", usual),
            about: vec![who],
            cases,
            events: Vec::new(),
        })
    });
    people.collect()
}

fn same_basis(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let mut by_holder: std::collections::BTreeMap<_, Vec<&Conduct>> = std::collections::BTreeMap::new();
    for case in observed.cases.iter().filter(|case| !case.searches.is_empty() && case.basis.is_some()) {
        by_holder.entry(&case.holder).or_default().push(case);
    }
    let mut found = Vec::new();
    for (who, cases) in by_holder {
        let alike = |case: &&Conduct, other: &&Conduct| {
            case.basis.as_ref().zip(other.basis.as_ref()).is_some_and(|(one, other)| one.is_like(other))
        };
        // The case whose basis most others share.
        let most = cases
            .iter()
            .map(|case| cases.iter().filter(|other| alike(case, other)).map(|other| other.case).collect::<Vec<_>>())
            .max_by_key(Vec::len)
            .unwrap_or_default();
        if most.len() > usize::from(rule.same_basis_cases) {
            found.push(Topic {
                pattern: Pattern::SameBasis,
                why: say!("rule-oversight-same-basis-why", name = who.in_words(), cases = most.len(), of = cases.len()),
                usual: say!("rule-oversight-same-basis-usual", most = rule.same_basis_cases),
                about: vec![who.clone()],
                cases: most,
                events: Vec::new(),
            });
        }
    }
    found
}

fn weak_basis(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let did = by_holder(observed.cases, |case| Some(case.weak_basis || !case.referrals.is_empty()));
    let topic = |often: Often<CaseId>| Topic {
        pattern: Pattern::WeakBasis,
        why: say!(
            "rule-oversight-weak-basis-why",
            name = often.who.in_words(),
            cases = often.hits.len(),
            of = often.tries
        ),
        usual: say!("rule-oversight-usual-share", share = often.usual),
        about: vec![often.who],
        cases: often.hits,
        events: Vec::new(),
    };
    often(&did, rule).into_iter().map(topic).collect()
}

fn near_floor(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let did = by_holder(observed.cases, |case| {
        let (quality, floor) = case.quality?;
        Some(quality <= floor.saturating_add(rule.near_floor_points))
    });
    let topic = |often: Often<CaseId>| Topic {
        pattern: Pattern::NearFloor,
        why: say!(
            "rule-oversight-near-floor-why",
            name = often.who.in_words(),
            cases = often.hits.len(),
            of = often.tries,
            points = rule.near_floor_points
        ),
        usual: say!("rule-oversight-usual-share", share = often.usual),
        about: vec![often.who],
        cases: often.hits,
        events: Vec::new(),
    };
    often(&did, rule).into_iter().map(topic).collect()
}

fn unusual_hours(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let zone = jiff::tz::TimeZone::get(observed.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let mut did: Did<(String, i64)> = Did::new();
    for event in observed.events.iter().filter(|event| event.action == "search-sent") {
        let Some(by) = &event.by else { continue };
        let hour = event.at.0.to_zoned_datetime(zone.clone()).hour().unsigned_abs();
        let outside = hour < rule.usual_from_hour || hour >= rule.usual_until_hour;
        did.entry(by.clone()).or_default().push((outside, (event.workstation.clone(), event.seq)));
    }
    let topic = |often: Often<(String, i64)>| Topic {
        pattern: Pattern::UnusualHours,
        why: say!(
            "rule-oversight-hours-why",
            name = often.who.in_words(),
            searches = often.hits.len(),
            of = often.tries,
            from = rule.usual_from_hour,
            until = rule.usual_until_hour
        ),
        usual: say!("rule-oversight-usual-searches", share = often.usual),
        about: vec![often.who],
        cases: Vec::new(),
        events: often.hits,
    };
    often(&did, rule).into_iter().map(topic).collect()
}
