//! Patterns of comparing, verifying, corroborating and reviewing.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::say;

use super::often::{Did, Often, often};
use super::topic::{Observed, Pattern, Topic};
use crate::ids::CaseId;
use crate::oversight::conduct::{Conduct, ConductExamination};
use crate::oversight::party::Party;
use crate::oversight::rule::OversightRule;
use crate::review::Decision;

pub(super) fn topics(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    [
        in_seconds(observed, rule),
        top_score(observed, rule),
        changed(observed, rule),
        same_pair(observed, rule),
        never_returns(observed, rule),
        copied(observed),
    ]
    .concat()
}

/// Each examination of each examiner, and whether `hit` holds of it; none where `hit` has nothing to say of one.
fn by_examiner(cases: &[Conduct], hit: impl Fn(&ConductExamination) -> Option<bool>) -> Did<CaseId> {
    let mut did: Did<CaseId> = Did::new();
    for case in cases {
        let Some(examination) = &case.examination else { continue };
        if let Some(hit) = hit(examination) {
            did.entry(examination.examiner.clone()).or_default().push((hit, case.case));
        }
    }
    did
}

/// A topic about somebody who did something in some of their cases.
fn topic(pattern: Pattern, why: String, often: Often<CaseId>) -> Topic {
    Topic {
        pattern,
        why,
        usual: say!("rule-oversight-usual-share", share = often.usual),
        about: vec![often.who],
        cases: often.hits,
        events: Vec::new(),
    }
}

fn in_seconds(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let did = by_examiner(observed.cases, |e| {
        let enough = i64::from(rule.seconds_a_candidate).saturating_mul(i64::try_from(e.concluded).unwrap_or(i64::MAX));
        (e.concluded > 0).then_some(e.seconds < enough)
    });
    let why = |often: &Often<CaseId>| {
        say!(
            "rule-oversight-in-seconds-why",
            name = often.who.in_words(),
            cases = often.hits.len(),
            of = often.tries,
            seconds = rule.seconds_a_candidate
        )
    };
    often(&did, rule).into_iter().map(|often| topic(Pattern::InSeconds, why(&often), often)).collect()
}

fn top_score(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let did = by_examiner(observed.cases, |e| e.lead_rank.map(|rank| rank == 1));
    let always = often(&did, rule).into_iter().filter(|often| often.hits.len() == often.tries);
    let why = |often: &Often<CaseId>| {
        say!("rule-oversight-top-score-why", name = often.who.in_words(), leads = often.hits.len())
    };
    always.map(|often| topic(Pattern::TopScore, why(&often), often)).collect()
}

fn changed(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let did = by_examiner(observed.cases, |e| Some(e.changed > 0));
    let why = |often: &Often<CaseId>| {
        say!("rule-oversight-changed-why", name = often.who.in_words(), cases = often.hits.len(), of = often.tries)
    };
    often(&did, rule).into_iter().map(|often| topic(Pattern::ChangedAfterUnveiling, why(&often), often)).collect()
}

fn same_pair(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let mut verified: BTreeMap<Party, Vec<(Party, CaseId)>> = BTreeMap::new();
    for case in observed.cases {
        if let (Some(examination), Some(verification)) = (&case.examination, &case.verification) {
            let by = verified.entry(examination.examiner.clone()).or_default();
            by.push((verification.verifier.clone(), case.case));
        }
    }
    // Each examiner's verifications, and which of them the one did who verifies most for them.
    let mut partner: BTreeMap<Party, Party> = BTreeMap::new();
    let mut did: Did<CaseId> = Did::new();
    for (examiner, all) in &verified {
        let mut counts: BTreeMap<&Party, usize> = BTreeMap::new();
        for (verifier, _) in all {
            *counts.entry(verifier).or_default() += 1;
        }
        let Some((most, _)) = counts.into_iter().max_by_key(|(_, count)| *count) else { continue };
        partner.insert(examiner.clone(), most.clone());
        did.insert(examiner.clone(), all.iter().map(|(verifier, case)| (verifier == most, *case)).collect());
    }
    let always = often(&did, rule).into_iter().filter(|often| often.hits.len() == often.tries);
    let topics = always.filter_map(|often| {
        let verifier = partner.get(&often.who)?.clone();
        let why = say!(
            "rule-oversight-same-pair-why",
            name = often.who.in_words(),
            other = verifier.in_words(),
            cases = often.hits.len()
        );
        let topic = topic(Pattern::SamePair, why, often);
        let usual = say!("rule-oversight-same-pair-usual", topic = topic.usual);
        Some(Topic { about: topic.about.iter().cloned().chain([verifier]).collect(), usual, ..topic })
    });
    topics.collect()
}

fn never_returns(observed: &Observed<'_>, rule: &OversightRule) -> Vec<Topic> {
    let mut did: Did<CaseId> = Did::new();
    for case in observed.cases {
        for (reviewer, _, decision) in case.notes.iter().filter_map(|note| note.review.as_ref()) {
            did.entry(reviewer.clone()).or_default().push((*decision == Decision::Approve, case.case));
        }
    }
    let always = often(&did, rule).into_iter().filter(|often| often.hits.len() == often.tries);
    let why = |often: &Often<CaseId>| {
        say!("rule-oversight-never-returns-why", name = often.who.in_words(), notes = often.hits.len())
    };
    always
        .map(|often| {
            let usual = say!("rule-oversight-never-returns-usual", share = often.usual);
            Topic { usual, ..topic(Pattern::NeverReturns, why(&often), often) }
        })
        .collect()
}

fn copied(observed: &Observed<'_>) -> Vec<Topic> {
    let mut by_holder: BTreeMap<&Party, Vec<&Conduct>> = BTreeMap::new();
    for case in observed.cases.iter().filter(|case| !case.entries.is_empty()) {
        by_holder.entry(&case.holder).or_default().push(case);
    }
    let mut found = Vec::new();
    for (who, cases) in by_holder {
        let mut copies: BTreeSet<CaseId> = BTreeSet::new();
        for (at, case) in cases.iter().enumerate() {
            for other in &cases[at + 1..] {
                if case.entries.iter().any(|one| other.entries.iter().any(|other| one.is_like(other))) {
                    copies.extend([case.case, other.case]);
                }
            }
        }
        if !copies.is_empty() {
            found.push(Topic {
                pattern: Pattern::CopiedEntries,
                why: say!("rule-oversight-copied-why", name = who.in_words(), cases = copies.len()),
                usual: say!("rule-oversight-copied-usual").to_owned(),
                about: vec![who.clone()],
                cases: copies.into_iter().collect(),
                events: Vec::new(),
            });
        }
    }
    found
}
