//! A report that a law asks for, word for word, and that it becomes PDF/A with its bars in it.

use casework::samples::{at, examiner};
use casework::{Answer, Day, Dimension, Filled, Report, Row};
use documents::{page, print, public_report};

const SHA: &str = "abababababababababababababababababababababababababababababababab";

fn report() -> Report {
    let field = |code: &str, title: &str, definition: &str, answer| Filled {
        code: code.to_owned(),
        title: title.to_owned(),
        asks: "What the law asks, in short.".to_owned(),
        definition: definition.to_owned(),
        answer,
    };
    let row = |words: &[&str], count| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Row { group: words.clone(), words, count }
    };
    let day = |text: &str| Day(text.parse().unwrap());
    Report {
        schema: casework::REPORT_SCHEMA.to_owned(),
        pack: "transparency".to_owned(),
        title: "Annual transparency report".to_owned(),
        law: "Statement of record (2021)".to_owned(),
        department: "Sample County Sheriff".to_owned(),
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        time_zone: "America/Los_Angeles".to_owned(),
        covers: vec!["Desk 2 77d5 967a".to_owned()],
        made_by: examiner(9).reference(),
        made_at: at("2027-01-05T18:00:00Z"),
        least_told: 5,
        fields: vec![
            field("searches", "Searches", "Searches that were answered.", Answer::Count { count: 214 }),
            field(
                "by-race",
                "Arrests by race",
                "Arrests by the day on which they happened.",
                Answer::Table {
                    by: vec![Dimension::Race],
                    rows: vec![
                        row(&["Asian"], None),
                        row(&["Black or African American"], Some(11)),
                        row(&["White"], None),
                        row(&["<b>&"], Some(0)),
                    ],
                    total: 19,
                },
            ),
            field(
                "by-two",
                "Results by operation",
                "Results of every kind.",
                Answer::Table {
                    by: vec![Dimension::Operation, Dimension::Result],
                    rows: vec![row(&["Task force 9", "Arrest"], Some(7)), row(&["Task force 9", "Cleared"], Some(3))],
                    total: 10,
                },
            ),
            field(
                "nothing",
                "Violations",
                "None were recorded.",
                Answer::Table { by: vec![Dimension::Month], rows: vec![], total: 0 },
            ),
            field(
                "systems",
                "Systems",
                "",
                Answer::Facts { lines: vec!["https://gallery.example (sface-2021dec)".to_owned()] },
            ),
            field(
                "cost",
                "Cost",
                "",
                Answer::NotRecorded { because: "the program keeps no account of money".to_owned() },
            ),
        ],
        checkpoint: None,
    }
}

#[test]
fn a_report_says_this() {
    insta::assert_snapshot!(public_report(&report(), SHA).text());
}

#[test]
fn it_is_archival_and_its_bars_are_drawn() {
    let printed = print(&public_report(&report(), SHA), [2027, 1, 5, 18, 0, 0]).unwrap();
    assert!(printed.archival);
    if let Some(folder) = std::env::var_os("CORROBORATE_SCREENS") {
        std::fs::write(std::path::Path::new(&folder).join("report.pdf"), &printed.pdf).unwrap();
    }
    let (png, _) = page(printed.pdf, 0, 1000).unwrap();
    let drawn = image::load_from_memory(&png).unwrap().to_rgb8();
    if let Some(folder) = std::env::var_os("CORROBORATE_SCREENS") {
        drawn.save(std::path::Path::new(&folder).join("report-1.png")).unwrap();
    }
    let blue = drawn.pixels().filter(|p| i32::from(p[2]) - i32::from(p[0]) > 80).count();
    assert!(blue > 500, "{blue}");
}
