//! The validity report word for word, and that it becomes PDF/A with its plots in it.

use documents::{Block, OtherReport, ValidityReport, page, print, validity};
use faces::calibrate::{Bin, Calibration, Entropy, Presence, Tippett, Trade, Validity};
use faces::evaluate::{CostAt, Costs, Figure, GroupCost, Report, Scores};

const MADE: [i32; 6] = [2026, 3, 3, 10, 0, 0];

/// Figures as they might be.
fn calibration() -> Calibration {
    let bin = |from, to, people, offset| Bin {
        from,
        to,
        people,
        mated: 4_120,
        non_mated: 1_204_551,
        slope: 21.5,
        offset,
        most: f64::ln(7_000.0),
        false_above: vec![(0.7, 1e-5)],
    };
    let quarters = || (-32..=32).map(|quarter| f64::from(quarter) / 4.0);
    // Two logistic curves stand in for what was counted.
    let above = |ratio: f64, middle: f64| 1.0 / (1.0 + f64::exp(2.5 * (ratio - middle)));
    let entropy = |prior: f64| {
        let none = 1.0 - prior.abs() / 3.2;
        Entropy { prior, ratios: none * 0.11, best: none * 0.09, none }
    };
    let det = quarters().map(|ratio| {
        let (false_accept, false_reject) = (above(ratio, -2.5), 1.0 - above(ratio, 3.0));
        Trade {
            ratio,
            false_accept,
            false_accept_interval: [false_accept * 0.8, false_accept * 1.2],
            false_reject,
            false_reject_interval: [false_reject * 0.8, (false_reject * 1.3).min(1.0)],
        }
    });
    Calibration {
        model: "sface-2021dec".to_owned(),
        thorough: false,
        measured_on: "press photographs, 2003 to 2007".to_owned(),
        made_on: Some("2026-02-27".to_owned()),
        people: 412,
        photographs: 1_683,
        bins: vec![bin(50, 74, 233, -6.3), bin(75, 100, 398, -6.9)],
        presence: Some(Presence { slope: 1.0, offset: 0.0, searches: 2_204, largest: 206 }),
        validity: Validity {
            cllr: 0.1102,
            cllr_interval: [0.0911, 0.1307],
            cllr_min: 0.0904,
            entropy: (-30..=30).map(|tenth| entropy(f64::from(tenth) / 10.0)).collect(),
            tippett: quarters()
                .map(|ratio| Tippett { ratio, mated: above(ratio, 3.0), non_mated: above(ratio, -2.5) })
                .collect(),
            det: det.filter(|t| t.false_accept > 1e-6 && t.false_accept < 0.999).collect(),
            presence_error: Some(0.0312),
            searches: 2_204,
        },
    }
}

fn report() -> Report {
    let figure = |value: f64, off: f64| Figure { value, interval: [(value - off).max(0.0), value + off] };
    let group = |value: &str, people: usize, listed: f64, lost: f64| {
        let at = CostAt {
            far: 1e-3,
            threshold: 0.4127,
            list: 20,
            false_candidates: figure(listed, 0.05),
            leads_lost: figure(lost, 0.012),
        };
        let too_few_people = people < 30;
        GroupCost {
            attribute: if value.is_empty() { "" } else { "ancestry" }.to_owned(),
            value: value.to_owned(),
            people,
            searches: 3 * people,
            too_few_people,
            at: if too_few_people { Vec::new() } else { vec![at] },
        }
    };
    let groups =
        vec![group("african", 101, 0.71, 0.061), group("asian", 17, 0.0, 0.0), group("caucasian", 240, 0.22, 0.018)];
    let costs = Costs { enrolled: 412, in_no_group: 9, all: group("", 358, 0.38, 0.031), groups };
    let scores = Scores { mated: vec![0.9, 0.8], non_mated: vec![0.1, 0.2] };
    Report { images: 1_683, subjects: 412, costs: Some(costs), ..Report::of_scores("sface-2021dec", scores) }
}

fn told<'a>(calibration: &'a Calibration, report: Option<&'a Report>) -> ValidityReport<'a> {
    ValidityReport {
        department: "Sample County Sheriff",
        calibration: (calibration, SHA),
        groups: report.map(|report| (report, SHA)),
        made_on: "2026-03-03".to_owned(),
    }
}

const SHA: &str = "abababababababababababababababababababababababababababababababab";

#[test]
fn a_validity_report_says_this() {
    let (calibration, report) = (calibration(), report());
    insta::assert_snapshot!(validity(&told(&calibration, Some(&report))).unwrap().text());
}

#[test]
fn it_is_archival_and_its_plots_are_drawn() {
    let (calibration, report) = (calibration(), report());
    let paper = validity(&told(&calibration, Some(&report))).unwrap();
    let plots = |paper: &documents::Paper| -> Vec<String> {
        let all = paper.blocks.iter().filter_map(|b| if let Block::Plots { plots } = b { Some(plots) } else { None });
        all.flatten().map(|p| p.name.clone()).collect()
    };
    assert_eq!(plots(&paper), ["det", "entropy", "tippett", "groups-1"]);
    let printed = print(&paper, MADE).unwrap();
    assert!(printed.archival);
    let (_, pages) = page(printed.pdf.clone(), 0, 400).unwrap();
    // Where a plot lies there are its colours.
    let coloured = (0..pages).map(|at| {
        let (png, _) = page(printed.pdf.clone(), at, 1000).unwrap();
        let drawn = image::load_from_memory(&png).unwrap().to_rgb8();
        drawn.pixels().filter(|p| i32::from(p[2]) - i32::from(p[0]) > 80).count()
    });
    assert!(coloured.sum::<usize>() > 1_000, "the first colour of every plot is a blue");
}

#[test]
fn figures_of_another_model_or_of_no_group_are_refused() {
    let (calibration, mut report) = (calibration(), report());
    report.model = "mobilefacenet-512".to_owned();
    let refused = validity(&told(&calibration, Some(&report))).unwrap_err();
    assert!(refused.to_string().contains("mobilefacenet-512"), "{refused}");
    report = Report { costs: None, ..self::report() };
    assert_eq!(validity(&told(&calibration, Some(&report))).unwrap_err(), OtherReport::NoGroups);
}

#[test]
fn what_is_no_better_than_nothing_says_so() {
    let mut worse = calibration();
    worse.validity.cllr_interval[1] = 1.0;
    worse.validity.presence_error = None;
    let text = validity(&told(&worse, None)).unwrap().text();
    assert!(text.contains("! It is not shown that these likelihood ratios are better than none"), "{text}");
    assert!(text.contains("too few searches") && !text.contains("each group"), "{text}");
    // What whoever measured typed is data, and stays in its place.
    worse.measured_on = "#import \"x\" *bold* $x$ <svg>".to_owned();
    let paper = validity(&told(&worse, None)).unwrap();
    assert!(print(&paper, MADE).unwrap().archival);
}
