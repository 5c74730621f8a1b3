//! `Checklist::complete` against an oracle that was written apart from it, plainly, from the rules.

use crate::cases;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use casework::samples::{around, at, attachment, policy, support, uuid};
use casework::*;
use proptest::prelude::*;

static POLICY: LazyLock<Policy> = LazyLock::new(policy);
static AROUND: LazyLock<Circumstances> = LazyLock::new(|| around(NOW));

const NOW: &str = "2026-03-02T12:00:00Z";
const EVENT: &str = "2026-03-01T21:40:00Z";
const SEARCH: &str = "2026-03-02T09:12:00Z";

/// What is drawn besides words: nothing that a reader sees.
const NOTHING: [&str; 6] = ["", " \t", ".", "\u{200b}\u{200b}", "\u{3164}", "\u{2800}"];

fn blank(text: &str) -> bool {
    NOTHING.contains(&text)
}

/// The sense of a text, of the words that are drawn here: letters in lower case.
fn sense(text: &str) -> String {
    if blank(text) {
        String::new()
    } else {
        text.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect()
    }
}

/// Every date that an entry holds.
fn dates(e: &Entry) -> Vec<Moment> {
    let own = match &e.details {
        Details::Vehicle(v) => v.seen_at,
        Details::Witness(w) => w.stated_at,
        Details::Media(m) => m.captured_at,
        _ => None,
    };
    let all = [own, e.obtained_at, e.independence.recorded_at];
    all.into_iter().flatten().chain(e.attempts.iter().filter_map(|a| a.at)).collect()
}

/// Whether what an entry rests on was recorded before the search, by its own times.
fn before_the_search(e: &Entry) -> bool {
    let own = match &e.details {
        Details::Vehicle(v) => v.seen_at,
        Details::Witness(w) => w.stated_at,
        _ => None,
    };
    let times: Vec<Moment> = [own, e.independence.recorded_at].into_iter().flatten().collect();
    !times.is_empty() && times.iter().all(|time| *time < at(SEARCH))
}

/// The rules once more, one sentence a line, without the program's helpers.
fn oracle(list: &Checklist) -> bool {
    if list.scope == Scope::NoCandidate {
        return true;
    }
    let mut ids: Vec<_> = list.entries.iter().map(|e| e.id.0).collect();
    ids.sort();
    ids.dedup();
    if ids.len() != list.entries.len() {
        return false;
    }
    if list.scope == Scope::Lead {
        let vehicles = list.entries.iter().filter(|e| matches!(e.details, Details::Vehicle(_))).count();
        let witnesses = list.entries.iter().filter(|e| matches!(e.details, Details::Witness(_))).count();
        let media = list.entries.iter().filter(|e| matches!(e.details, Details::Media(_))).count();
        if vehicles == 0 || witnesses == 0 || media == 0 {
            return false;
        }
        for item in ContradictionItem::ALL {
            let answers: Vec<_> = list.panel.answers.iter().filter(|a| a.item == item).collect();
            if answers.len() != 1 {
                return false;
            }
            match answers[0].answer {
                None => return false,
                Some(ContradictionAnswer::NotKnown) => {}
                Some(_) if blank(&answers[0].rests_on) => return false,
                Some(_) => {}
            }
        }
        if blank(&list.panel.speaks_for_the_person) {
            return false;
        }
    }
    let mut said_before: BTreeSet<String> = BTreeSet::new();
    for e in &list.entries {
        let before = said_before.clone();
        said_before
            .extend(e.attempts.iter().map(|a| sense(&a.what)).chain([sense(&e.shows)]).filter(|s| !s.is_empty()));
        if dates(e).iter().any(|date| *date > at(NOW)) {
            return false;
        }
        let years_before = dates(e).iter().any(|date| at(EVENT).days_since(*date) > 730);
        if years_before && e.dates_explained != "It is an old record" {
            return false;
        }
        if let Some(Root::Entry { entry }) = e.independence.root
            && (entry == e.id || list.entries.iter().all(|other| other.id != entry))
        {
            return false;
        }
        match e.finding {
            None => return false,
            Some(Finding::SoughtNotFound) => {
                if e.attempts.len() < 2 {
                    return false;
                }
                let whats: BTreeSet<String> = e.attempts.iter().map(|a| sense(&a.what)).collect();
                if whats.iter().filter(|what| !before.contains(*what)).count() < 2 {
                    return false;
                }
                if e.attempts.iter().any(|a| blank(&a.what) || blank(&a.place) || a.at.is_none()) {
                    return false;
                }
                continue;
            }
            Some(_) => {}
        }
        if blank(&e.shows)
            || blank(&e.source)
            || blank(&e.obtained_by)
            || blank(&e.obtained_how)
            || e.obtained_at.is_none()
        {
            return false;
        }
        if before.contains(&sense(&e.shows)) {
            return false;
        }
        let i = &e.independence;
        match &e.details {
            Details::Vehicle(v) => {
                if blank(&v.vehicle) && blank(&v.plate) && blank(&v.vin) {
                    return false;
                }
                // The only plates and VINs drawn here are these.
                if v.plate == "7ABC123;" || v.vin == "1M8GDM9AXKP04278" {
                    return false;
                }
                if v.ownership_only.is_none() {
                    return false;
                }
                if v.ownership_only == Some(false)
                    && (v.seen_at.is_none() || blank(&v.seen_where) || blank(&v.relation))
                {
                    return false;
                }
            }
            Details::Witness(w) => {
                if blank(&w.witness) || w.stated_at.is_none() || w.photo_shown_before.is_none() {
                    return false;
                }
                if w.name_told_before.is_none() || w.lineup_from_lead.is_none() || w.only_saw_video.is_none() {
                    return false;
                }
                let told = w.photo_shown_before == Some(true) || w.name_told_before == Some(true);
                if e.finding == Some(Finding::Supports) && told && i.source_knew_result == Some(false) {
                    return false;
                }
            }
            Details::Media(m) => {
                if blank(&m.locator) || blank(&m.account) || m.captured_at.is_none() || blank(&m.authentic_because) {
                    return false;
                }
                if m.is_probe_post.is_none() || m.lookalike_profile.is_none() || e.attachments.is_empty() {
                    return false;
                }
                if e.finding == Some(Finding::Supports) {
                    if m.is_probe_post == Some(true) && i.root == Some(Root::Own) {
                        return false;
                    }
                    if m.lookalike_profile == Some(true) && i.compares_faces == Some(false) {
                        return false;
                    }
                }
            }
            Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => {
                if blank(&f.rests_on) {
                    return false;
                }
            }
        }
        if e.finding == Some(Finding::Supports) {
            if blank(&e.link_to_crime) || i.source_knew_result.is_none() || i.recorded_before_search.is_none() {
                return false;
            }
            if sense(&e.link_to_crime) == sense(&e.shows) {
                return false;
            }
            if i.recorded_before_search == Some(true) && !before_the_search(e) {
                return false;
            }
            if i.compares_faces.is_none() || i.root.is_none() || i.about_event.is_none() || i.found_by_name.is_none() {
                return false;
            }
        }
    }
    true
}

/// Mostly something of its own, sometimes what was said elsewhere in other letters, sometimes nothing: a checklist with
/// everything random would practically never be complete.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        200 => (0..8u32.pow(6)).prop_map(|n| {
            let letters = (0..6).map(|at| char::from(b'a' + (n >> (3 * at) & 7) as u8));
            format!("Said {}", letters.collect::<String>())
        }),
        1 => Just("Said again".to_owned()),
        1 => Just("SAID, again.".to_owned()),
        4 => prop::sample::select(NOTHING.to_vec()).prop_map(str::to_owned),
    ]
}

fn answer() -> impl Strategy<Value = Option<bool>> {
    prop_oneof![20 => any::<bool>().prop_map(Some), 1 => Just(None)]
}

fn when() -> impl Strategy<Value = Option<Moment>> {
    prop_oneof![
        40 => Just(Some(at("2026-03-02T10:00:00Z"))),
        40 => Just(Some(at("2026-03-01T22:00:00Z"))),
        2 => Just(None),
        1 => Just(Some(at("2026-03-02T12:00:01Z"))),
        2 => Just(Some(at("2021-03-01T22:00:00Z"))),
    ]
}

fn root() -> impl Strategy<Value = Option<Root>> {
    prop_oneof![
        12 => Just(Some(Root::Own)),
        2 => Just(Some(Root::Probe)),
        2 => (0u128..7).prop_map(|n| Some(Root::Entry { entry: EntryId(uuid(n)) })),
        1 => Just(None),
    ]
}

prop_compose! {
    fn independence()(
        source_knew_result in answer(), recorded_before_search in answer(), compares_faces in answer(),
        root in root(), about_event in answer(), found_by_name in answer(), recorded_at in prop_oneof![1 => Just(None), 3 => when()],
    ) -> Independence {
        Independence {
            source_knew_result, recorded_before_search, recorded_at, compares_faces, root, about_event, found_by_name,
        }
    }
}

fn plate() -> impl Strategy<Value = String> {
    prop_oneof![8 => Just("7ABC123"), 8 => Just(""), 1 => Just("7ABC123;")].prop_map(str::to_owned)
}

fn vin() -> impl Strategy<Value = String> {
    prop_oneof![8 => Just("1M8GDM9AXKP042788"), 8 => Just(""), 1 => Just("1M8GDM9AXKP04278")].prop_map(str::to_owned)
}

fn details() -> impl Strategy<Value = Details> {
    prop_oneof![
        (text(), plate(), vin(), answer(), when(), text(), text()).prop_map(
            |(vehicle, plate, vin, ownership_only, seen_at, seen_where, relation)| {
                Details::Vehicle(VehicleDetails { vehicle, plate, vin, ownership_only, seen_at, seen_where, relation })
            }
        ),
        (0usize..4, text()).prop_map(|(kind, rests_on)| {
            let further = FurtherDetails { rests_on };
            match kind {
                0 => Details::Phone(further),
                1 => Details::Location(further),
                2 => Details::PhysicalEvidence(further),
                _ => Details::Alibi(further),
            }
        }),
        (text(), when(), answer(), answer(), answer(), answer()).prop_map(
            |(witness, stated_at, photo_shown_before, name_told_before, lineup_from_lead, only_saw_video)| {
                Details::Witness(WitnessDetails {
                    witness,
                    stated_at,
                    photo_shown_before,
                    name_told_before,
                    lineup_from_lead,
                    only_saw_video,
                })
            }
        ),
        (text(), text(), when(), text(), answer(), answer()).prop_map(
            |(locator, account, captured_at, authentic_because, is_probe_post, lookalike_profile)| {
                Details::Media(MediaDetails {
                    locator,
                    account,
                    captured_at,
                    authentic_because,
                    is_probe_post,
                    lookalike_profile,
                })
            }
        ),
    ]
}

fn finding() -> impl Strategy<Value = Option<Finding>> {
    prop_oneof![20 => prop::sample::select(Finding::ALL.to_vec()).prop_map(Some), 1 => Just(None)]
}

prop_compose! {
    fn attempt()(what in text(), place in text(), at in when()) -> Attempt {
        Attempt { what, place, at }
    }
}

fn entry() -> impl Strategy<Value = Entry> {
    let words = (text(), text(), text(), text(), text(), text());
    let attempts =
        prop_oneof![1 => prop::collection::vec(attempt(), 0..2), 6 => prop::collection::vec(attempt(), 2..4)];
    let attached = prop_oneof![12 => Just(1usize), 1 => Just(0)];
    let explained = prop_oneof![Just("It is an old record".to_owned()), Just("old".to_owned()), Just(String::new())];
    (0u128..400, details(), finding(), words, when(), attempts, independence(), attached, explained).prop_map(
        |(id, details, finding, words, obtained_at, attempts, independence, attached, dates_explained)| {
            let (shows, source, by, how, link, resolution) = words;
            Entry {
                attachments: vec![attachment("cd"); attached],
                id: EntryId(uuid(id)),
                details,
                finding,
                shows,
                source,
                obtained_at,
                obtained_by: by,
                obtained_how: how,
                link_to_crime: link,
                fixes: Fixes::default(),
                attempts,
                independence,
                resolution,
                made_for: None,
                dates_explained,
                earlier: Vec::new(),
            }
        },
    )
}

fn panel() -> impl Strategy<Value = ContradictionPanel> {
    let one = prop_oneof![
        12 => Just(Some(ContradictionAnswer::Consistent)), 12 => Just(Some(ContradictionAnswer::NotKnown)),
        6 => Just(Some(ContradictionAnswer::Contradicts)), 1 => Just(None),
    ];
    (prop::collection::vec((one, text()), 7), text(), prop::option::weighted(0.1, 0usize..7)).prop_map(
        |(answers, speaks_for_the_person, disturbed)| {
            let mut answers: Vec<PanelAnswer> = ContradictionItem::ALL
                .into_iter()
                .zip(answers)
                .map(|(item, (answer, rests_on))| PanelAnswer {
                    item,
                    answer,
                    rests_on,
                    resolution: String::new(),
                    earlier: Vec::new(),
                })
                .collect();
            if let Some(at) = disturbed {
                answers[at].item = ContradictionItem::Height;
            }
            ContradictionPanel { answers, speaks_for_the_person, earlier: Vec::new() }
        },
    )
}

fn checklist() -> impl Strategy<Value = Checklist> {
    let scope = prop_oneof![8 => Just(Scope::Lead), 3 => Just(Scope::Exclusion), 1 => Just(Scope::NoCandidate)];
    (scope, prop::collection::vec(entry(), 0..6), panel()).prop_map(|(scope, entries, panel)| Checklist {
        scope,
        entries,
        panel,
    })
}

/// A whole list in which a few random fields are replaced: near the border between the two answers.
fn nearly_whole() -> impl Strategy<Value = Checklist> {
    (prop::collection::vec((0usize..3, entry()), 0..2), panel(), prop::option::weighted(0.3, 0usize..3)).prop_map(
        |(replaced, panel, removed)| {
            let mut entries: Vec<Entry> =
                Category::MANDATORY.into_iter().enumerate().map(|(n, c)| support(n as u128 + 501, c)).collect();
            for (at, entry) in replaced {
                entries[at] = entry;
            }
            if let Some(at) = removed {
                entries.remove(at);
            }
            Checklist { scope: Scope::Lead, entries, panel }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases::cases()))]

    #[test]
    fn complete_agrees_with_the_oracle(list in prop_oneof![checklist(), nearly_whole()]) {
        let done = list.complete(&POLICY, &AROUND);
        prop_assert_eq!(done.is_ok(), oracle(&list), "gaps: {:?}", done.err());
        if let Err(gaps) = &done {
            prop_assert!(!gaps.is_empty(), "a refusal says what is missing");
        }
    }

    #[test]
    fn what_counts_is_a_support_with_all_its_answers(list in prop_oneof![checklist(), nearly_whole()]) {
        let standings = list.standings(&AROUND);
        let mut sources = BTreeSet::new();
        for ((_, standing), entry) in standings.iter().zip(&list.entries) {
            if *standing == Standing::Independent {
                prop_assert!(sources.insert(sense(&entry.source)), "two sources that count are two");
                prop_assert!(entry.independence.found_by_name != Some(true) || before_the_search(entry));
                prop_assert!(entry.independence.source_knew_result != Some(true) || before_the_search(entry));
                prop_assert!(!blank(&entry.shows) && !blank(&entry.link_to_crime) && entry.independence.root.is_some());
                prop_assert!(dates(entry).iter().all(|date| *date <= at(NOW)));
                prop_assert_eq!(entry.finding, Some(Finding::Supports));
                prop_assert_ne!(entry.independence.compares_faces, Some(true));
                prop_assert_ne!(entry.independence.about_event, Some(false));
                prop_assert_ne!(entry.independence.root, Some(Root::Probe));
                if let Details::Witness(w) = &entry.details {
                    prop_assert!(w.photo_shown_before != Some(true) && w.name_told_before != Some(true));
                    prop_assert!(w.lineup_from_lead != Some(true));
                }
            }
        }
        let by_name = standings.iter().zip(&list.entries)
            .filter(|((_, s), e)| *s == Standing::Independent && e.independence.found_by_name == Some(true)).count();
        prop_assert!(by_name <= 1);
    }
}

#[test]
fn random_lists_are_complete_often_enough_to_mean_something() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = prop_oneof![checklist(), nearly_whole()];
    let all = cases::cases().min(2000);
    let complete =
        (0..all).filter(|_| strategy.new_tree(&mut runner).is_ok_and(|tree| oracle(&tree.current()))).count() as u32;
    assert!((all / 10..all - all / 10).contains(&complete), "{complete} of {all}");
}

/// Every combination of the answers that decide what a support is worth, for each kind of entry, against the rules
/// written out once more: 7 kinds, 4 findings, all yes-no answers with "not answered", all roots, fixes or none.
#[test]
fn every_combination_of_answers_is_worth_what_the_rules_say() {
    const TRI: [Option<bool>; 3] = [None, Some(false), Some(true)];
    let roots = [None, Some(Root::Own), Some(Root::Probe), Some(Root::Entry { entry: EntryId(uuid(99)) })];
    let earlier = at("2026-03-01T22:00:00Z");
    let mut independences = Vec::new();
    for at in 0..3usize.pow(5) {
        let pick = |n: u32| TRI[at / 3usize.pow(n) % 3];
        for root in roots {
            independences.push(Independence {
                source_knew_result: pick(0),
                recorded_before_search: pick(1),
                recorded_at: Some(earlier),
                compares_faces: pick(2),
                about_event: pick(3),
                found_by_name: pick(4),
                root,
            });
        }
    }
    let (mut checked, mut counted) = (0usize, 0u32);
    let around = around(NOW);
    for category in Category::MANDATORY.into_iter().chain(Category::FURTHER) {
        let own = match category {
            Category::Witness => 4,
            Category::OpenSourceMedia => 2,
            Category::Vehicle => 1,
            _ => 0,
        };
        for answers in 0..3usize.pow(own) {
            let answer = |n: u32| TRI[answers / 3usize.pow(n) % 3];
            let mut entry = support(1, category);
            match &mut entry.details {
                Details::Vehicle(v) => v.ownership_only = answer(0),
                Details::Witness(w) => {
                    (w.photo_shown_before, w.name_told_before) = (answer(0), answer(1));
                    (w.lineup_from_lead, w.only_saw_video) = (answer(2), answer(3));
                }
                Details::Media(m) => (m.is_probe_post, m.lookalike_profile) = (answer(0), answer(1)),
                _ => {}
            }
            let yes = |n: u32| n < own && answer(n) == Some(true);
            let witness = category == Category::Witness;
            let contaminated = witness && (yes(0) || yes(1) || yes(2));
            let disqualified = (witness && yes(3)) || (!witness && (yes(0) || yes(1)));
            for (finding, fixes) in Finding::ALL.into_iter().flat_map(|f| [(f, false), (f, true)]) {
                entry.finding = Some(finding);
                entry.fixes = Fixes { place: fixes, ..Fixes::default() };
                for independence in &independences {
                    checked += 1;
                    if checked % cases::each() != 0 {
                        continue;
                    }
                    entry.independence = independence.clone();
                    let i = independence;
                    let told = i.source_knew_result == Some(true) && i.recorded_before_search != Some(true);
                    let by_name = i.found_by_name == Some(true) && !(i.recorded_before_search == Some(true) && fixes);
                    let worthless = disqualified
                        || told
                        || by_name
                        || i.compares_faces == Some(true)
                        || i.about_event == Some(false)
                        || i.root == Some(Root::Probe);
                    let answered = (0..own).all(|n| answer(n).is_some());
                    let own_answers = [i.source_knew_result, i.recorded_before_search, i.compares_faces, i.about_event];
                    let all_answered =
                        own_answers.iter().all(Option::is_some) && i.found_by_name.is_some() && i.root.is_some();
                    let media = category == Category::OpenSourceMedia;
                    let contradictory = (witness && (yes(0) || yes(1)) && i.source_knew_result == Some(false))
                        || (media && yes(0) && i.root == Some(Root::Own))
                        || (media && yes(1) && i.compares_faces == Some(false));
                    let whole = answered && (finding != Finding::Supports || (all_answered && !contradictory));
                    let wanted = if contaminated {
                        "contaminated"
                    } else if finding == Finding::Contradicts {
                        "against"
                    } else if !whole || finding == Finding::SoughtNotFound {
                        // Nothing was tried in these entries.
                        "open"
                    } else if finding != Finding::Supports {
                        "neutral"
                    } else if worthless {
                        "not-counted"
                    } else {
                        "independent"
                    };
                    let list = Checklist { entries: vec![entry.clone()], ..Checklist::default() };
                    let found = match list.standings(&around)[0].1 {
                        Standing::Independent => "independent",
                        Standing::NotCounted { .. } => "not-counted",
                        Standing::Contaminated { .. } => "contaminated",
                        Standing::Against => "against",
                        Standing::Neutral => "neutral",
                        Standing::Open => "open",
                    };
                    assert_eq!(found, wanted, "{entry:?}");
                    counted += u32::from(found == "independent");
                }
            }
        }
    }
    assert_eq!(checked, (3 + 81 + 9 + 4) * 4 * 2 * 243 * 4);
    assert!(counted > 0);
}
