//! Reports over a generated year of 5,000 cases: every field of every pack that ships is what a plain count of the generator gives.

use std::collections::BTreeMap;

use casework::{
    Answer, Concern, Day, Decision, Dimension, Disposition, EventKind, Making, Measure, Pack, PersonId, PersonRef,
    Purpose, Report, ResultFigures, ResultKind, Span, Systems, shipped_packs,
};
use whole_product::year::{CASES, Year, YearResult, ZONE, operation_of};

/// One thing that is counted, with the code of its group for each dimension.
type Plain = BTreeMap<Dimension, String>;

fn code(of: impl serde::Serialize) -> String {
    serde_json::to_value(of).unwrap().as_str().unwrap_or("not-recorded").to_owned()
}

fn within(span: &Span, day: Day) -> bool {
    span.from <= day && day <= span.to
}

/// Everything that `measure` counts, straight from the generator.
fn plain(
    year: &Year,
    results: &[YearResult],
    events: &[(EventKind, Day)],
    measure: Measure,
    span: &Span,
) -> Vec<Plain> {
    let month = |day: Day| day.to_string()[..7].to_owned();
    let of_case = |at: usize, day: Day| {
        let case = &year.cases[at];
        let operation = operation_of(at);
        Plain::from([
            (Dimension::Purpose, code(case.purpose)),
            (Dimension::Offence, format!("{} {}", case.offence.1, case.offence.0)),
            (Dimension::Operation, if operation.is_empty() { "not-recorded" } else { operation }.to_owned()),
            (Dimension::Source, "fixed-camera-still".to_owned()),
            (Dimension::Month, month(day)),
        ])
    };
    let mut all = Vec::new();
    if let Measure::Event(kind) = measure {
        let days = events.iter().filter(|(one, day)| *one == kind && within(span, *day));
        return days.map(|(_, day)| Plain::from([(Dimension::Month, month(*day))])).collect();
    }
    for (at, case) in year.cases.iter().enumerate().filter(|(_, case)| case.purpose != Purpose::Training) {
        let answered: Vec<_> = case.searches.iter().filter(|search| search.answered).collect();
        let mut first = true;
        for (number, search) in answered.iter().enumerate() {
            let day = search.at.day_in(ZONE);
            let kept = case.examination.lead_rank.is_some() && number + 1 == answered.len();
            let counts = match measure {
                Measure::Searches => true,
                Measure::SearchesGaveNothing => !kept,
                Measure::Cases => within(span, day) && std::mem::take(&mut first),
                _ => false,
            };
            if counts && within(span, day) {
                all.push(of_case(at, day));
            }
        }
        if let Some((sealed, disposition)) = case.sealed {
            let decision = case.review.map(|review| review.2);
            let times = match measure {
                Measure::Notes => 1,
                Measure::LeadsCorroborated => {
                    usize::from(disposition == Disposition::LeadCorroborated && decision == Some(Decision::Approve))
                }
                Measure::LeadsNotCorroborated => usize::from(disposition == Disposition::LeadNotCorroborated),
                Measure::NotesReturned => usize::from(matches!(decision, Some(Decision::Return | Decision::Refer))),
                _ => 0,
            };
            let day = sealed.day_in(ZONE);
            if within(span, day) {
                let mut one = of_case(at, day);
                one.insert(Dimension::Disposition, code(disposition));
                all.extend(std::iter::repeat_n(one, times));
            }
        }
    }
    for one in results.iter().filter(|one| year.cases[one.case].purpose != Purpose::Training) {
        let day = one.at.day_in(ZONE);
        let counts = match measure {
            Measure::Results => !one.corrected,
            Measure::Result(kind) => !one.corrected && one.kind == kind,
            Measure::Violations => one.alone,
            _ => false,
        };
        if counts && within(span, day) {
            let mut plain = of_case(one.case, day);
            plain.insert(Dimension::Result, code(one.kind));
            plain.insert(Dimension::Race, code(one.described.race));
            plain.insert(Dimension::Gender, code(one.described.gender));
            plain.insert(Dimension::Age, code(one.described.age));
            all.push(plain);
        }
    }
    all
}

fn compared(report: &Report, pack: &Pack, count: impl Fn(Measure) -> Vec<Plain>) -> (usize, usize) {
    let (mut numbers, mut hidden) = (0, 0);
    for (field, filled) in pack.field.iter().zip(&report.fields) {
        let Some(measure) = field.count else { continue };
        let wanted = count(measure);
        match &filled.answer {
            Answer::Count { count } => {
                assert_eq!(*count, wanted.len(), "{} {}", pack.id, field.code);
                numbers += 1;
            }
            Answer::Table { by, rows, total } => {
                assert_eq!(*total, wanted.len(), "{} {}", pack.id, field.code);
                let mut groups: BTreeMap<Vec<String>, usize> = BTreeMap::new();
                for one in &wanted {
                    let group = by.iter().map(|dimension| one[dimension].clone()).collect();
                    *groups.entry(group).or_default() += 1;
                }
                let personal = by.iter().any(|dimension| dimension.is_personal());
                for row in rows {
                    let wanted = groups.remove(&row.group).unwrap_or(0);
                    match row.count {
                        Some(count) => assert_eq!(count, wanted, "{} {} {:?}", pack.id, field.code, row.group),
                        None => assert!(personal, "{} {}", pack.id, field.code),
                    }
                    assert!(!personal || !(1..5).contains(&wanted) || row.count.is_none(), "{:?} is told", row.group);
                    numbers += usize::from(row.count.is_some());
                    hidden += usize::from(row.count.is_none());
                }
                assert!(groups.is_empty(), "{} {}: {groups:?} are missing", pack.id, field.code);
            }
            other => panic!("{} {}: {other:?}", pack.id, field.code),
        }
    }
    (numbers, hidden)
}

#[test]
fn every_field_of_every_pack_is_what_a_plain_count_gives() {
    for seed in [1, 20_250_101] {
        let year = Year::of(seed);
        assert_eq!(year.cases.len(), CASES);
        let results = year.results(seed);
        let digests = year.digests(&results, ZONE);
        let kind_of = |action: &str| EventKind::ALL.into_iter().find(|kind| kind.actions().contains(&action));
        let events: Vec<_> = year.events.iter().filter_map(|event| Some((kind_of(&event.action)?, event.at))).collect();
        let days: Vec<_> = events.iter().map(|(kind, at)| (*kind, at.day_in(ZONE))).collect();
        let by = PersonRef {
            id: PersonId(uuid::Uuid::from_u128(1)),
            name: "Supervisor".to_owned(),
            badge: "1180".to_owned(),
            ori: "CA0190000".to_owned(),
        };
        let day = |text: &str| Day(text.parse().unwrap());
        let (mut earlier, mut numbers, mut hidden) = (Vec::new(), 0, 0);
        for (from, to) in [("2025-01-01", "2025-12-31"), ("2025-04-01", "2025-06-30"), ("2025-05-05", "2025-05-11")] {
            let span = Span { from: day(from), to: day(to) };
            for (_, text) in shipped_packs() {
                let pack = toml::from_str::<Pack>(text).unwrap().check().unwrap();
                let making = Making {
                    digests: &digests,
                    events: &events,
                    earlier: &earlier,
                    department: "Demo Police Department",
                    time_zone: ZONE,
                    covers: &["Ten workstations".to_owned()],
                    systems: &Systems::default(),
                    by: &by,
                    at: year.span.1,
                };
                let (report, told) = Report::make(&pack, &span, making).unwrap();
                earlier.extend(told);
                let (some, none) = compared(&report, &pack, |measure| plain(&year, &results, &days, measure, &span));
                numbers += some;
                hidden += none;
            }
            let figures = ResultFigures::of(&digests, None, &span, ZONE);
            let counts = |one: &YearResult| {
                !one.corrected
                    && within(&span, one.at.day_in(ZONE))
                    && year.cases[one.case].purpose != Purpose::Training
            };
            for kind in ResultKind::ALL {
                let wanted = results.iter().filter(|one| one.kind == kind && counts(one)).count();
                assert_eq!(figures.all.count(kind), wanted, "{kind:?}");
            }
        }
        assert!(numbers > 1_000, "{numbers}");
        println!("seed {seed}: {} cases, {} results; {numbers} numbers equal, {hidden} not told", CASES, results.len());
        assert!(digests.iter().flat_map(|d| &d.results).any(|one| one.concerns.contains(&Concern::LeadAlone)));
    }
}

/// A year in which nothing happened, and one of five million searches.
#[test]
fn a_report_over_nothing_and_over_five_million() {
    let by = PersonRef {
        id: PersonId(uuid::Uuid::from_u128(1)),
        name: "Supervisor".to_owned(),
        badge: "1180".to_owned(),
        ori: "CA0190000".to_owned(),
    };
    let year = Year::of(1);
    let mut digests = year.digests(&[], ZONE);
    let searches: usize = digests.iter().map(|digest| digest.searches.len()).sum();
    let times = 5_000_000 / searches + 1;
    for digest in &mut digests {
        digest.searches = std::iter::repeat_n(digest.searches.clone(), times).flatten().collect();
    }
    let span = Span { from: Day("2025-01-01".parse().unwrap()), to: Day("2025-12-31".parse().unwrap()) };
    let text = shipped_packs().into_iter().find(|(name, _)| *name == "maryland-2-510").unwrap().1;
    let pack = toml::from_str::<Pack>(text).unwrap().check().unwrap();
    for digests in [&[][..], &digests] {
        let making = Making {
            digests,
            events: &[],
            earlier: &[],
            department: "Demo Police Department",
            time_zone: ZONE,
            covers: &["Ten workstations".to_owned()],
            systems: &Systems::default(),
            by: &by,
            at: year.span.1,
        };
        let began = std::time::Instant::now();
        let (report, _) = Report::make(&pack, &span, making).unwrap();
        let searches = report.fields.iter().find(|field| field.code == "searches").unwrap();
        let Answer::Table { total, .. } = &searches.answer else { panic!("{searches:?}") };
        println!("{total} searches in {:?}", began.elapsed());
        assert!(digests.is_empty() == (*total == 0));
    }
}
