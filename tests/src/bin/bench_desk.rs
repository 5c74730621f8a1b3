//! How long the auditor's desk looks among a million events: `bench_desk [EVENTS]` fills a vault and prints the median and the longest of
//! several runs of each question.

use std::time::{Duration, Instant};

use anyhow::Context;
use casework::oversight::Party;
use casework::{CaseId, Moment};
use ledger::Chain;
use serde_json::json;
use vault::samples::{InMemory, opened};
use vault::{AuditEvent, EventQuery};
use whole_product::adversary::draw::Dice;
use whole_product::year::written;

/// Rows that come at a time, as in a package.
const AT_ONCE: usize = 2_000;
/// Workstations.
const STATIONS: usize = 10;
/// Runs of each question.
const RUNS: usize = 7;
/// What happens how often.
const ACTIONS: [(&str, usize); 12] = [
    ("candidate-opened", 300),
    ("candidate-concluded", 250),
    ("case-opened", 120),
    ("signed-in", 80),
    ("original-stored", 60),
    ("search-sent", 50),
    ("search-answered", 49),
    ("note-sealed", 35),
    ("note-reviewed", 33),
    ("sign-in-failed", 12),
    ("referred-to-audit", 6),
    ("disclosure-exported", 5),
];

fn main() -> anyhow::Result<()> {
    let wanted: usize = std::env::args().nth(1).map_or(Ok(1_000_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let mut desk = opened(folder.path(), &InMemory::default())?;
    let (mut dice, now) = (Dice::new(1), Moment(jiff::Timestamp::now()));
    let start = "2025-01-01T08:00:00Z".parse::<jiff::Timestamp>()?.as_second();
    let mut chains = vec![Chain::default(); STATIONS];
    let (begun, mut made) = (Instant::now(), 0);
    while made < wanted {
        let station = made / AT_ONCE % STATIONS;
        let rows: Vec<AuditEvent> = (0..AT_ONCE.min(wanted - made))
            .map(|_| {
                made += 1;
                let who = dice.below(4) * STATIONS + station;
                let party = Party { name: format!("Person {who}"), badge: format!("{}", 4_000 + who), ori: "CA0190000".to_owned() };
                let (person, action) = (written(&party, who), dice.weighed(&ACTIONS).unwrap_or("case-opened"));
                let case = made / 200;
                let id = CaseId(uuid::Uuid::from_u128(case as u128));
                let mut detail = json!({ "case": id, "policy": "ab".repeat(32) });
                if action == "search-sent" {
                    detail = json!({ "case": id, "number": format!("25-{case:06}"), "purpose": "felony", "gallery": "https://gallery.example" });
                }
                let at = Moment(jiff::Timestamp::from_second(start + made as i64 * 31).unwrap_or_default());
                let detail = detail.to_string();
                let (seq, hash) = chains[station].next(&[&at.0.to_string(), &person, action, &detail]);
                chains[station] = Chain::at(seq, hash.clone());
                AuditEvent { seq, at, person, action: action.to_owned(), detail, hash }
            })
            .collect();
        let taken = desk.desk_take(&format!("{station:064x}"), &rows, now)?;
        anyhow::ensure!(taken == rows.len(), "{taken} of {} rows were taken in", rows.len());
    }
    println!("{wanted} events were taken in within {:.0} s", begun.elapsed().as_secs_f64());

    let text = |text: &str| EventQuery { text: text.to_owned(), ..EventQuery::default() };
    let action = |action: &str| EventQuery { actions: vec![action.to_owned()], ..EventQuery::default() };
    let person = |n: usize| Some(format!("ca0190000 {}", 4_000 + n));
    let number = format!("25-{:06}", wanted / 400);
    let middle = Moment(jiff::Timestamp::from_second(start + wanted as i64 * 15)?);
    let questions = [
        ("the newest events", EventQuery::default()),
        ("one person", EventQuery { person: person(17), ..EventQuery::default() }),
        ("a rare action", action("disclosure-exported")),
        ("a common action of one person", EventQuery { person: person(3), ..action("candidate-opened") }),
        ("an action of somebody who does not occur", EventQuery { person: person(99), ..action("candidate-opened") }),
        (
            "a person at another's workstation",
            EventQuery { person: person(3), workstation: Some(format!("{:064x}", 4)), ..EventQuery::default() },
        ),
        ("a case number", text(&number)),
        ("a name and what it began with", text("person sear")),
        ("three common words", text("person badge candidate")),
        ("a common word and a rare one", text("candidate disclosure-exported")),
        ("the beginning of many numbers", text("25-00")),
        ("one of two letters", text("ca")),
        ("words before a day", EventQuery { until: Some(middle), ..text("person note-sealed") }),
        ("a page in the middle", EventQuery { before: Some(middle.0.as_second() << 20), ..EventQuery::default() }),
        ("words that occur nowhere", text("zebra person")),
    ];
    let mut longest = Duration::ZERO;
    for (name, query) in questions {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..RUNS {
            let start = Instant::now();
            found = desk.desk_events(&EventQuery { limit: 100, ..query.clone() })?.events.len();
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let most = times.last().copied().context("no run")?;
        longest = longest.max(most);
        println!("{name:45} {found:4} found, median {:6.1} ms, longest {:6.1} ms", ms(times[RUNS / 2]), ms(most));
    }
    println!("longest of all: {:.1} ms among {wanted} events (wanted: 200)", ms(longest));
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
