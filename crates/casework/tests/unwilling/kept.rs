//! A case that was put together by hand, of records that are each whole and not of one case.

use super::*;

/// What reading says of the sample's case after somebody changed what is kept of it.
fn read(change: impl FnOnce(&mut Kept)) -> Result<CaseFile, String> {
    let kept = serde_json::to_string(&forged(file(), change)).unwrap();
    serde_json::from_str(&kept).map_err(|e| e.to_string())
}

#[test]
fn what_is_kept_of_a_case_is_of_that_case() {
    assert_eq!(read(|_| ()).unwrap(), file());
    let refused = |change: fn(&mut Kept), word: &str| {
        let wrong = read(change).unwrap_err();
        assert!(wrong.contains(word), "{wrong}");
    };
    // Another case's purpose, and none under a probe that was searched.
    refused(|kept| kept.id = CaseId(uuid(99)), "purpose is of another case");
    refused(|kept| kept.case = None, "Complete case and purpose first");
    // Another photograph beneath the record of the probe.
    refused(|kept| kept.image.as_mut().unwrap().facts.sha256 = "cd".repeat(32), "of another photograph");
    refused(|kept| kept.image = None, "of another photograph");
    refused(|kept| kept.probe = None, "another purpose, probe or time");
    // A list that was searched for something else, before the case was opened, or twice.
    let of_another = |change: fn(&mut SearchAnswer)| {
        move |kept: &mut Kept| {
            kept.searches = vec![search_with(20, change)];
        }
    };
    for change in [
        of_another(|s| s.purpose = Purpose::MissingPerson),
        of_another(|s| s.probe_sha256 = "cd".repeat(32)),
        of_another(|s| s.at = at("2026-03-02T08:00:00Z")),
    ] {
        assert!(read(change).unwrap_err().contains("another purpose, probe or time"));
    }
    refused(|kept| kept.searches.push(search(20)), "another purpose, probe or time");
}

#[test]
fn what_was_seen_is_not_lost_by_taking_its_search_away() {
    let refused = |change: fn(&mut Kept)| {
        let wrong = read(change).unwrap_err();
        assert!(wrong.contains("not of its latest search"), "{wrong}");
    };
    refused(|kept| kept.searches.clear());
    refused(|kept| kept.examination = None);
    refused(|kept| {
        let mut searched = forged(file(), |_| ());
        searched_again(&mut searched);
        *kept = (*searched).clone();
        kept.searches.remove(0);
    });
    // Neither may it be set aside before it was made.
    refused(|kept| {
        let mut searched = forged(file(), |_| ());
        searched_again(&mut searched);
        *kept = (*searched).clone();
        kept.history.set_aside[0].at = at("2026-03-02T08:00:00Z");
    });
}
