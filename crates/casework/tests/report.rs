//! Reports: every pack that ships is filled, every number is one that a plain count gives, and no difference of reports tells of a
//! group of few people.

use casework::samples::*;
use casework::*;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day(text.parse().unwrap())
}

fn span(from: &str, to: &str) -> Span {
    Span { from: day(from), to: day(to) }
}

fn pack(name: &str) -> Pack {
    let text = shipped_packs().into_iter().find(|(one, _)| *one == name).unwrap().1;
    toml::from_str::<Pack>(text).unwrap().check().unwrap()
}

fn make(pack: &Pack, span: &Span, digests: &[CaseDigest], earlier: &[Told]) -> (Report, Vec<Told>) {
    let by = examiner(9).reference();
    let systems =
        Systems { program: "Corroborate".to_owned(), policies: vec![(at("2026-01-01T00:00:00Z"), "ab".repeat(32))] };
    let making = Making {
        digests,
        events: &[(EventKind::Referral, at("2026-02-03T10:00:00Z"))],
        earlier,
        department: "Demo Police Department",
        time_zone: "UTC",
        covers: &["This workstation".to_owned()],
        systems: &systems,
        by: &by,
        at: at("2027-01-05T09:00:00Z"),
    };
    Report::make(pack, span, making).unwrap()
}

/// A case with one search on `on`, and one result of `kind` on the same day about somebody of `race`.
fn case(n: u128, on: &str, kind: Option<ResultKind>, race: Option<Race>) -> CaseDigest {
    let described = Described { race, gender: None, age: None, from: race.map(|_| DescribedIn::BookingRecord) };
    let result = |kind| DigestResult {
        id: ResultId(uuid(n)),
        kind,
        on: day(on),
        recorded_at: at(&format!("{on}T12:00:00Z")),
        of: None,
        corrected: false,
        described,
        concerns: Vec::new(),
    };
    CaseDigest {
        case: CaseId(uuid(n)),
        number: format!("26-{n:06}"),
        purpose: Purpose::Felony,
        offence: "211 PC Robbery".to_owned(),
        operation: String::new(),
        source: Some(ProbeSource::FixedCameraStill),
        referrals: 0,
        searches: vec![DigestSearch {
            at: at(&format!("{on}T12:00:00Z")),
            gallery: "https://gallery.example".to_owned(),
            model: "sface-2021dec".to_owned(),
            gave_nothing: kind.is_none(),
        }],
        notes: Vec::new(),
        results: kind.into_iter().map(result).collect(),
    }
}

#[test]
fn every_pack_that_ships_is_filled() {
    let year = span("2026-01-01", "2026-12-31");
    for (name, text) in shipped_packs() {
        let pack = toml::from_str::<Pack>(text).unwrap().check().unwrap();
        assert_eq!(pack.id, name);
        for digests in [vec![], vec![case(1, "2026-02-03", Some(ResultKind::Arrest), Some(Race::White))]] {
            let (report, _) = make(&pack, &year, &digests, &[]);
            assert_eq!(report.fields.len(), pack.field.len());
            for field in &report.fields {
                match &field.answer {
                    Answer::NotRecorded { because } => assert!(because.len() > 20, "{name} {}", field.code),
                    Answer::Facts { .. } => {}
                    Answer::Count { .. } | Answer::Table { .. } => assert!(!field.definition.is_empty()),
                }
            }
        }
    }
}

#[test]
fn a_pack_tells_of_people_one_thing_at_a_time() {
    let refused = |field: &str| {
        let text = format!(
            "id='x'\ntitle='T x'\nlaw='L x'\nfrom='2020-01-01'\n[[field]]\ncode='a'\ntitle='A b'\nasks=''\n{field}"
        );
        toml::from_str::<Pack>(&text).ok().and_then(|pack| pack.check().ok()).is_none()
    };
    assert!(!refused("count={result='arrest'}\nby=['race']"));
    for field in [
        "count={result='arrest'}\nby=['race','gender']",
        "count={result='arrest'}\nby=['race','offence']",
        "count='searches'\nby=['race']",
        "count='violations'\nby=['race']",
        "count='searches'\nby=['month','offence','purpose']",
        "count='searches'\nfacts='systems'",
        "not_recorded=' '",
        "facts='systems'\nby=['month']",
        "",
        "count='guesses'",
        "count='searches'\nrow=1",
    ] {
        assert!(refused(field), "{field}");
    }
    let maryland = pack("maryland-2-510");
    assert!(matches!(maryland.covers(&span("2023-01-01", "2023-12-31")), Err(PackError::NotInForce { .. })));
    assert!(matches!(maryland.covers(&span("2026-02-01", "2026-01-31")), Err(PackError::Days)));
}

#[test]
fn training_and_what_was_corrected_do_not_count() {
    let mut digests = vec![
        case(1, "2026-02-03", Some(ResultKind::Arrest), None),
        case(2, "2026-02-03", Some(ResultKind::Arrest), None),
        case(3, "2026-02-03", Some(ResultKind::Arrest), None),
    ];
    digests[1].purpose = Purpose::Training;
    digests[2].results[0].corrected = true;
    let (report, _) = make(&pack("new-orleans"), &span("2026-01-01", "2026-12-31"), &digests, &[]);
    let count = |code: &str| match &report.fields.iter().find(|f| f.code == code).unwrap().answer {
        Answer::Count { count } => *count,
        Answer::Table { total, .. } => *total,
        other => panic!("{other:?}"),
    };
    assert_eq!((count("requests"), count("arrests")), (2, 1));
}

/// Numbers that a report tells of arrests by race: span, race (all together where there is none), count.
type Seen = Vec<(Span, Option<String>, usize)>;

fn seen(report: &Report) -> Seen {
    let span = Span { from: report.from, to: report.to };
    let mut seen = Vec::new();
    for field in &report.fields {
        if let Answer::Table { by, rows, total } = &field.answer
            && by == &[Dimension::Race]
        {
            seen.push((span, None, *total));
            seen.extend(rows.iter().filter_map(|row| Some((span, Some(row.group[0].clone()), row.count?))));
        }
    }
    seen
}

/// Months from January that a span holds.
fn months(span: &Span) -> Vec<usize> {
    (1..=12).filter(|month| span.holds(Day(jiff::civil::date(2026, *month, 15)))).map(|month| month as usize).collect()
}

/// An attack that shares nothing with the defence: everything that adding and subtracting up to three of the numbers gives, as
/// which group over which months it then is; a group of one race in some months that has 1 to 4 people is found.
fn attack(all: &Seen) -> Vec<String> {
    let mut races: Vec<String> = all.iter().filter_map(|(_, race, _)| race.clone()).collect();
    races.extend(Race::ALL.iter().map(|race| serde_json::to_value(race).unwrap().as_str().unwrap().to_owned()));
    races.push("not-recorded".to_owned());
    races.sort();
    races.dedup();
    let cells: Vec<Vec<i8>> = all
        .iter()
        .map(|(span, race, _)| {
            let months = months(span);
            let of = |one: &String, month| race.as_ref().is_none_or(|race| race == one) && months.contains(&month);
            races.iter().flat_map(|one| (1..=12).map(move |month| i8::from(of(one, month)))).collect()
        })
        .collect();
    let mut found = Vec::new();
    let mut look = |terms: &[(usize, i8)]| {
        let sum: i64 = terms.iter().map(|(at, sign)| i64::from(*sign) * all[*at].2 as i64).sum();
        if !(1..5).contains(&sum) {
            return;
        }
        let left: Vec<i8> =
            (0..races.len() * 12).map(|cell| terms.iter().map(|(at, sign)| sign * cells[*at][cell]).sum()).collect();
        let groups = left.chunks(12).filter(|of_race| of_race.iter().any(|times| *times != 0)).count();
        if groups == 1 && left.iter().all(|times| (0..=1).contains(times)) {
            found.push(format!("{sum}: {terms:?}"));
        }
    };
    for a in 0..all.len() {
        look(&[(a, 1)]);
        for b in 0..all.len() {
            look(&[(a, 1), (b, -1)]);
            for c in 0..b {
                look(&[(a, 1), (b, -1), (c, -1)]);
                look(&[(a, -1), (b, 1), (c, 1)]);
            }
        }
    }
    found
}

/// All races but the first few are nobody's here, so that the attack stays small.
const FEW: [Race; 3] = [Race::Asian, Race::Black, Race::White];

fn arrests(counts: &[(usize, usize, usize)]) -> Vec<CaseDigest> {
    let mut digests = Vec::new();
    for (month, race, count) in counts {
        for _ in 0..*count {
            let on = format!("2026-{:02}-15", month + 1);
            let n = digests.len() as u128 + 1;
            digests.push(case(n, &on, Some(ResultKind::Arrest), Some(FEW[*race])));
        }
    }
    digests
}

fn spans() -> Vec<Span> {
    vec![
        span("2026-01-01", "2026-01-31"),
        span("2026-02-01", "2026-02-28"),
        span("2026-03-01", "2026-03-31"),
        span("2026-01-01", "2026-03-31"),
        span("2026-01-01", "2026-02-28"),
        span("2026-02-01", "2026-04-30"),
        span("2026-01-01", "2026-06-30"),
    ]
}

/// Without the reports before, the quarter minus its months tells of two people: the attack finds what the defence is there for.
#[test]
fn the_attack_finds_what_each_report_alone_would_give_away() {
    let digests = arrests(&[(0, 0, 9), (0, 1, 8), (1, 0, 2), (1, 1, 9), (2, 0, 7), (2, 1, 8)]);
    let pack = pack("new-orleans");
    let spans = spans();
    let alone: Seen = spans[..4].iter().flat_map(|span| seen(&make(&pack, span, &digests, &[]).0)).collect();
    assert!(!attack(&alone).is_empty());
    assert_eq!(attack(&all(&pack, &digests, &spans[..4])), Vec::<String>::new());
}

fn all(pack: &Pack, digests: &[CaseDigest], spans: &[Span]) -> Seen {
    let (mut earlier, mut numbers) = (Vec::new(), Seen::new());
    for span in spans {
        let (report, told) = make(pack, span, digests, &earlier);
        earlier.extend(told);
        numbers.extend(seen(&report));
    }
    numbers
}

/// A day on which one person was arrested, then the year in which nobody of all other groups was: the year must not say of whom the day
/// was.
#[test]
fn nobody_in_a_year_is_nobody_on_each_of_its_days() {
    let mut digests: Vec<CaseDigest> =
        (0..9).map(|n| case(n + 1, "2026-03-15", Some(ResultKind::Arrest), Some(Race::White))).collect();
    digests.push(case(90, "2026-05-07", Some(ResultKind::Arrest), Some(Race::White)));
    let pack = pack("new-orleans");
    let (one_day, told) = make(&pack, &span("2026-05-07", "2026-05-07"), &digests, &[]);
    assert!(seen(&one_day).iter().any(|(_, race, count)| race.is_none() && *count == 1));
    let (year, _) = make(&pack, &span("2026-01-01", "2026-12-31"), &digests, &told);
    let zeros = seen(&year).iter().filter(|(_, race, count)| race.is_some() && *count == 0).count();
    assert!(zeros < Race::ALL.len(), "not every other group is told as nobody: {:?}", seen(&year));
}

/// The same report again after one more arrest: the cell that grew by one is not told.
#[test]
fn what_came_since_the_last_report_is_somebody() {
    let arrested =
        |count: u128, race| (0..count).map(move |n| case(n + 1, "2026-03-15", Some(ResultKind::Arrest), Some(race)));
    let mut digests: Vec<CaseDigest> = arrested(7, Race::White).chain(arrested(9, Race::Black)).collect();
    let (pack, year) = (pack("new-orleans"), span("2026-01-01", "2026-12-31"));
    let (first, told) = make(&pack, &year, &digests, &[]);
    let of = |report: &Report, wanted: &str| {
        seen(report).into_iter().find(|(_, race, _)| race.as_deref() == Some(wanted)).map(|(_, _, count)| count)
    };
    assert_eq!((of(&first, "white"), of(&first, "black")), (Some(7), Some(9)));
    digests.push(case(90, "2026-05-07", Some(ResultKind::Arrest), Some(Race::White)));
    let (again, _) = make(&pack, &year, &digests, &told);
    assert_eq!(of(&again, "white"), None);
}

/// A year of weekly reports, then the year's: nothing is told that the weeks keep, and it takes no minutes.
#[test]
fn a_year_of_weeks_and_the_year() {
    let digests = arrests(&(0..12).map(|n| (n % 12, n % 3, 9)).collect::<Vec<_>>());
    let first = jiff::civil::date(2026, 1, 1);
    let week = |n: i64| {
        let from = first.saturating_add(jiff::Span::new().days(7 * n));
        Span { from: Day(from), to: Day(from.saturating_add(jiff::Span::new().days(6))) }
    };
    let mut spans: Vec<Span> = (0..52).map(week).collect();
    spans.push(span("2026-01-01", "2026-12-31"));
    let began = std::time::Instant::now();
    let numbers = all(&pack("detroit-weekly"), &digests, &spans);
    assert!(numbers.iter().any(|(span, race, _)| span.from == span.to || race.is_some()));
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_difference_of_reports_tells_of_few(
        counts in proptest::collection::vec((0usize..5, 0usize..3, 0usize..10), 3..12),
        order in Just(spans()).prop_shuffle(),
    ) {
        let digests = arrests(&counts);
        let numbers = all(&pack("new-orleans"), &digests, &order);
        prop_assert_eq!(attack(&numbers), Vec::<String>::new());
    }

    #[test]
    fn what_is_told_is_what_a_plain_count_gives(
        counts in proptest::collection::vec((0usize..5, 0usize..3, 0usize..10), 1..12),
    ) {
        let digests = arrests(&counts);
        let quarter = span("2026-01-01", "2026-03-31");
        let (report, _) = make(&pack("new-orleans"), &quarter, &digests, &[]);
        for (_, race, count) in seen(&report) {
            let of = |(month, at, _): &&(usize, usize, usize)| {
                let code = serde_json::to_value(FEW[*at]).unwrap();
                *month < 3 && race.as_ref().is_none_or(|race| code == race.as_str())
            };
            prop_assert_eq!(counts.iter().filter(of).map(|(_, _, count)| count).sum::<usize>(), count);
        }
    }
}
