//! A year of a department with sixty misuses in it: what the auditor's desk finds, and whom it flags for nothing.

use std::collections::{BTreeMap, BTreeSet};

use casework::Moment;
use casework::oversight::{Grounds, Observed, OversightRule, Party, Pattern, case_searches, cross_check, topics};
use whole_product::year::{EACH, GALLERY, Kind, PEOPLE, Year, ZONE};

/// Seeds of the years that are tried.
const SEEDS: [u64; 5] = [1, 2, 3, 20_250_101, 0xfeed];

fn heard(year: &Year) -> BTreeMap<String, Moment> {
    let mut heard = BTreeMap::new();
    for event in &year.events {
        let last = heard.entry(event.workstation.clone()).or_insert(event.at);
        *last = (*last).max(event.at);
    }
    heard
}

#[test]
fn every_search_that_was_planted_at_the_gallery_stands_alone_and_no_other() {
    for seed in SEEDS {
        let year = Year::of(seed);
        let conducts = year.conducts();
        let mut numbers: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for conduct in &conducts {
            numbers.entry(conduct.number.clone()).or_default().push(conduct.case);
        }
        let covers =
            (year.gallery[0].at, Moment(year.gallery.last().unwrap().at.0 + jiff::SignedDuration::from_hours(1)));
        let searches = case_searches(&year.events, &conducts);
        let rule = OversightRule::default();
        let alone = cross_check(&year.gallery, covers, GALLERY, &searches, &heard(&year), &numbers, &rule);
        let found: BTreeSet<i64> = alone
            .iter()
            .filter(|one| !one.grounds.waits())
            .map(|one| one.mark.split(' ').nth(1).unwrap().parse().unwrap())
            .collect();
        let planted: BTreeSet<i64> = year.planted.iter().filter_map(|planted| planted.seq).collect();
        let waiting = alone.iter().filter(|one| one.grounds.waits()).count();
        println!(
            "seed {seed}: {} events, {} searches at the gallery; {} planted there, {} stand alone, {waiting} wait for a silent workstation",
            year.events.len(),
            year.gallery.len(),
            planted.len(),
            found.len()
        );
        assert_eq!(found, planted, "seed {seed}");
        assert_eq!((planted.len(), waiting), (3 * EACH, year.late), "seed {seed}");
        // Misuse first: what may still come does not hide it.
        assert!(alone.iter().take(planted.len()).all(|one| !one.grounds.waits()));
        for planted in &year.planted {
            let Some(seq) = planted.seq else { continue };
            let one = alone.iter().find(|one| one.mark.starts_with(&format!("gallery {seq} "))).unwrap();
            let wanted = match planted.kind {
                Kind::StolenToken => Grounds::Unsigned,
                Kind::OtherNumber => Grounds::OtherNumber,
                _ => Grounds::OtherTime,
            };
            assert_eq!(one.grounds, wanted, "seed {seed}, row {seq}");
        }
    }
}

#[test]
fn every_planted_kind_is_found_by_its_pattern_and_few_honest_people_are_flagged() {
    for seed in SEEDS {
        let year = Year::of(seed);
        let conducts = year.conducts();
        let now = Moment(year.span.1.0 + jiff::SignedDuration::from_hours(24 * 60));
        let observed = Observed { events: &year.events, cases: &conducts, now, zone: ZONE };
        let found = topics(&observed, &OversightRule::default());
        println!("seed {seed}: pattern, planted, found, honest people flagged");
        for pattern in Pattern::ALL {
            let of: Vec<_> = found.iter().filter(|topic| topic.pattern == pattern).collect();
            let planted: BTreeSet<&Party> = year.with(pattern).into_iter().collect();
            // Of a pair the one whose examinations they are.
            let flagged: BTreeSet<&Party> = of.iter().filter_map(|topic| topic.about.first()).collect();
            let (hit, honest): (Vec<&Party>, Vec<&Party>) = flagged.iter().partition(|party| planted.contains(*party));
            let allowed = (PEOPLE - planted.len()) as f64 * 0.05;
            println!("  {:40} {:2} {:2} {:2}", pattern.in_words(), planted.len(), hit.len(), honest.len());
            assert_eq!(hit.len(), planted.len(), "seed {seed}: {pattern:?}");
            assert!(honest.len() as f64 <= allowed, "seed {seed}: {pattern:?} flags {honest:?}");
            for topic in of {
                assert!(!topic.why.is_empty() && (!topic.cases.is_empty() || !topic.events.is_empty()), "{topic:?}");
            }
        }
        assert_eq!(found.iter().filter(|topic| topic.pattern == Pattern::PolicyLoosened).count(), 1);
        let twelve = year.planted.iter().filter(|planted| Kind::TWELVE.contains(&planted.kind)).count();
        assert_eq!(twelve, 12 * EACH);
    }
}
