//! What entries are worth beside each other, and what each must say before it is worth anything.

use casework::samples::*;
use casework::*;

use super::SEALED;

/// A checklist in which these entries stand in the place of the sample's.
fn with(entries: Vec<Entry>) -> Checklist {
    Checklist { entries, ..checklist() }
}

fn worth(entries: Vec<Entry>) -> Vec<Standing> {
    with(entries).standings(&around(SEALED)).into_iter().map(|(_, standing)| standing).collect()
}

fn not_counted(objection: Objection) -> Standing {
    Standing::NotCounted { objections: vec![objection] }
}

fn changed(n: u128, category: Category, change: impl FnOnce(&mut Entry)) -> Entry {
    let mut entry = support(n, category);
    change(&mut entry);
    entry
}

/// Places and words of what a checklist with `entry` beside the sample's lacks.
fn lacks(entry: Entry) -> Vec<(String, String)> {
    let mut list = checklist();
    list.entries.push(entry);
    let gaps = list.complete(&policy(), &around(SEALED)).err().unwrap_or_default();
    let last = |place: &str| place.rsplit('.').next().unwrap_or_default().to_owned();
    gaps.into_iter().map(|gap| (last(&gap.place), gap.missing)).collect()
}

fn lacks_at(entry: Entry, place: &str) -> bool {
    lacks(entry).iter().any(|(there, _)| there == place)
}

#[test]
fn of_two_that_share_a_root_the_mandatory_kind_counts_wherever_it_stands() {
    let alibi = changed(201, Category::Alibi, |e| e.source = "The clerk".to_owned());
    let witness = changed(202, Category::Witness, |e| e.source = "The clerk".to_owned());
    let shares = not_counted(Objection::SharesRootWithEntry);
    assert_eq!(worth(vec![alibi.clone(), witness.clone()]), [shares.clone(), Standing::Independent]);
    assert_eq!(worth(vec![witness, alibi]), [Standing::Independent, shares]);
}

#[test]
fn a_declared_root_is_the_named_entry_and_no_other() {
    let rooted = |n: u128| {
        changed(203, Category::Witness, |e| e.independence.root = Some(Root::Entry { entry: EntryId(uuid(n)) }))
    };
    let three =
        |root: u128| vec![support(201, Category::Vehicle), sought(202, Category::OpenSourceMedia), rooted(root)];
    assert_eq!(worth(three(202)), [Standing::Independent, Standing::Neutral, Standing::Independent]);
    let shares = not_counted(Objection::SharesRootWithEntry);
    assert_eq!(worth(three(201)), [Standing::Independent, Standing::Neutral, shares]);
    // Another entry, and one that is there.
    let wrong = |n: u128| with(three(n)).complete(&policy(), &around(SEALED)).err().unwrap_or_default();
    let at_root = |n: u128| wrong(n).iter().any(|gap| gap.place.ends_with(".root"));
    assert!(!at_root(201) && !at_root(202));
    assert!(at_root(203) && at_root(204));
}

#[test]
fn one_address_and_one_witness_are_one_root_whatever_the_sources_are_called() {
    let post = |n: u128, locator: &str| {
        changed(n, Category::OpenSourceMedia, |e| {
            if let Details::Media(media) = &mut e.details {
                media.locator = locator.to_owned();
            }
        })
    };
    let told = |n: u128, by: &str| {
        changed(n, Category::Witness, |e| {
            if let Details::Witness(witness) = &mut e.details {
                witness.witness = by.to_owned();
            }
        })
    };
    let shares = not_counted(Objection::SharesRootWithEntry);
    let one = "https://example.org/post/1";
    assert_eq!(worth(vec![post(201, one), post(202, one)]), [Standing::Independent, shares.clone()]);
    assert_eq!(
        worth(vec![post(201, one), post(202, "https://example.org/post/2")]),
        [Standing::Independent, Standing::Independent]
    );
    assert_eq!(worth(vec![told(201, "W-1"), told(202, "w 1")]), [Standing::Independent, shares]);
    assert_eq!(worth(vec![told(201, "W-1"), told(202, "W-2")]), [Standing::Independent, Standing::Independent]);
}

#[test]
fn the_lead_is_found_by_name_once() {
    let found = |n: u128, category| {
        changed(n, category, |e| {
            e.independence.found_by_name = Some(true);
            e.independence.recorded_before_search = Some(true);
        })
    };
    let both = worth(vec![found(201, Category::Vehicle), found(202, Category::OpenSourceMedia)]);
    assert_eq!(both[0], Standing::Independent, "{both:?}");
    assert!(
        matches!(&both[1], Standing::NotCounted { objections } if objections.contains(&Objection::SecondNameSearch)),
        "{both:?}"
    );
}

#[test]
fn words_of_an_earlier_entry_are_no_second_search_for_anything() {
    let first = sought(201, Category::Vehicle);
    let copy = Entry { attempts: first.attempts.clone(), ..sought(203, Category::Witness) };
    let three = |last: Entry| worth(vec![first.clone(), sought(202, Category::OpenSourceMedia), last]);
    assert_eq!(three(sought(203, Category::Witness)), [const { Standing::Neutral }; 3]);
    assert_eq!(three(copy), [Standing::Neutral, Standing::Neutral, Standing::Open]);
}

#[test]
fn half_an_attempt_is_finished_or_removed() {
    let half: [fn(&mut Attempt); 3] = [|a| a.what.clear(), |a| a.place.clear(), |a| a.at = None];
    // In words that no entry of the sample has.
    let fresh = || {
        let mut entry = sought(201, Category::Vehicle);
        for (attempt, what) in entry.attempts.iter_mut().zip(["Toll gate lists", "Parking garage films"]) {
            attempt.what = what.to_owned();
        }
        entry
    };
    for break_it in half {
        let mut entry = fresh();
        let third = Attempt { what: "Cameras on the bridge".to_owned(), ..entry.attempts[0].clone() };
        entry.attempts.push(third.clone());
        assert_eq!(lacks(entry.clone()), [], "three whole ones");
        let mut broken = third;
        break_it(&mut broken);
        for whole in [2, 3] {
            let mut entry = entry.clone();
            entry.attempts.truncate(whole);
            entry.attempts.push(broken.clone());
            let found = lacks(entry);
            assert!(found.iter().any(|(_, words)| words.contains("finish or remove")), "{whole}: {found:?}");
        }
    }
    for break_it in half {
        let mut entry = fresh();
        break_it(&mut entry.attempts[1]);
        assert!(lacks_at(entry, "attempts"), "one and a half are not two");
    }
    // With one whole attempt the second is still being written.
    let mut entry = fresh();
    entry.attempts[1].at = None;
    assert!(!lacks(entry).iter().any(|(_, words)| words.contains("finish or remove")));
}

#[test]
fn each_thing_that_is_fixed_is_one() {
    let none = Fixes { place: false, time: false, property: false };
    assert!(!none.any());
    for fixes in [Fixes { place: true, ..none }, Fixes { time: true, ..none }, Fixes { property: true, ..none }] {
        assert!(fixes.any(), "{fixes:?}");
    }
}

#[test]
fn a_vehicle_that_was_seen_says_when_and_one_that_is_only_owned_need_not() {
    let seen = |only_owned: bool| {
        changed(201, Category::Vehicle, |e| {
            if let Details::Vehicle(vehicle) = &mut e.details {
                vehicle.ownership_only = Some(only_owned);
                vehicle.seen_at = None;
            }
        })
    };
    assert!(lacks_at(seen(false), "seen_at"));
    assert!(!lacks_at(seen(true), "seen_at"));
}

#[test]
fn what_supports_says_in_words_what_it_shows() {
    let shows = |words: &str| changed(201, Category::Vehicle, |e| e.shows = words.to_owned());
    assert!(lacks_at(shows("Presence"), "shows"));
    assert!(!lacks_at(shows("Presence at the till"), "shows"));
}

#[test]
fn a_source_that_is_somebody_of_the_case_is_no_witness() {
    let from = |source: &str| worth(vec![changed(202, Category::Witness, |e| e.source = source.to_owned())]).remove(0);
    let name = examiner(1).name;
    assert_eq!(from("The clerk of the station"), Standing::Independent);
    let own = from(&name);
    assert!(matches!(own, Standing::NotCounted { .. } | Standing::Open), "{own:?}");
    // A record that such a person keeps is not that person.
    assert_eq!(from(&format!("Interview led by {name}")), Standing::Independent);
}

#[test]
fn a_contradiction_that_is_resolved_in_words_excludes_nobody() {
    let sealed_as_excluded = |resolution: &str| {
        let mut list = Checklist { scope: Disposition::Excluded.scope(), ..checklist() };
        list.entries.push(changed(300, Category::Alibi, |e| {
            e.finding = Some(Finding::Contradicts);
            e.resolution = resolution.to_owned();
        }));
        let complete = list.complete(&policy(), &around(SEALED)).unwrap();
        let reason = "The alibi excludes the person.".to_owned();
        let draft = NoteDraft { disposition: Some(Disposition::Excluded), reason, ..note_draft() };
        CaseNote::seal(draft, concluded(), complete, examiner(1).reference(), &StandingClock(at(SEALED)), &policy())
    };
    assert_eq!(sealed_as_excluded("").err(), None);
    assert!(sealed_as_excluded("Two cars").is_ok(), "that tells nothing");
    let refused = sealed_as_excluded("The ticket was another person's").unwrap_err();
    assert!(refused.0.iter().any(|gap| gap.place == "disposition"), "{refused:?}");
}

#[test]
fn what_contradicts_may_be_dated_until_it_is_whole() {
    let mut file = file();
    let begun = changed(300, Category::Alibi, |e| {
        e.finding = Some(Finding::Contradicts);
        e.source.clear();
    });
    file.edit_checklist(|list| list.entries.push(begun)).unwrap();
    let last = file.checklist.entries.len() - 1;
    let dated =
        |file: &mut CaseFile, when: &str| file.edit_checklist(|list| list.entries[last].obtained_at = Some(at(when)));
    dated(&mut file, "2026-03-02T11:20:00Z").unwrap();
    file.edit_checklist(|list| list.entries[last].source = "The cinema".to_owned()).unwrap();
    dated(&mut file, "2026-03-02T11:30:00Z").unwrap_err();
}
