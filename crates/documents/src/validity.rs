use catalogue::say;
use faces::calibrate::{Bin, Calibration};
use faces::evaluate::{Costs, DRAWN_AT, Figure, GroupCost, Interval, LEAST_PEOPLE, Report};
use faces::plot::Drawing;

use crate::{Block, Drawn, Paper};

/// All that a validity report prints; each file with its SHA-256.
#[derive(Debug, Clone)]
pub struct ValidityReport<'a> {
    /// Name of the department; may be empty.
    pub department: &'a str,
    /// What was measured.
    pub calibration: (&'a Calibration, &'a str),
    /// What searches cost each group.
    pub groups: Option<(&'a Report, &'a str)>,
    /// The day it is printed.
    pub made_on: String,
}

/// A report by group that does not go with the calibration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OtherReport {
    /// It measured another model.
    #[error("{}", say!("paper-validity-other-model", calibration, report))]
    Model {
        /// The calibration's.
        calibration: String,
        /// The report's.
        report: String,
    },
    /// It has no groups.
    #[error("{}", say!("paper-validity-no-groups"))]
    NoGroups,
}

fn three(value: f64) -> String {
    format!("{value:.3}")
}

fn between([low, high]: Interval) -> String {
    say!("paper-validity-between", low = three(low), high = three(high))
}

/// A whole number with commas.
fn whole(number: u64) -> String {
    let digits = number.to_string();
    let parts = digits.as_bytes().rchunks(3).rev().map(|part| String::from_utf8_lossy(part).into_owned());
    parts.collect::<Vec<_>>().join(",")
}

fn plots(drawings: Vec<Drawing>) -> Block {
    let drawn = |d: Drawing| Drawn { svg: d.plot.svg(), name: d.name, says: d.says };
    Block::Plots { plots: drawings.into_iter().map(drawn).collect() }
}

/// What a calibration measured, for whoever never saw one: no sentence says more than that.
///
/// # Errors
/// [`OtherReport`] where the groups' figures are of another model, or none.
pub fn validity(told: &ValidityReport) -> Result<Paper, OtherReport> {
    let (calibration, sha256) = told.calibration;
    let mut blocks = measured(calibration, sha256);
    blocks.extend(by_quality(calibration));
    blocks.extend(holds(calibration));
    if let Some((report, sha256)) = told.groups {
        if report.model != calibration.model {
            let (calibration, report) = (calibration.model.clone(), report.model.clone());
            return Err(OtherReport::Model { calibration, report });
        }
        let costs = report.costs.as_ref().filter(|costs| !costs.groups.is_empty()).ok_or(OtherReport::NoGroups)?;
        blocks.extend(by_group(report, costs, sha256));
    }
    blocks.extend(limits(calibration, told.groups.is_some()));
    Ok(Paper {
        department: told.department.to_owned(),
        title: say!("paper-validity-title").to_owned(),
        subtitle: say!("paper-validity-subtitle", model = calibration.model),
        draft: String::new(),
        statement: say!("paper-validity-statement").to_owned(),
        footer: say!("paper-validity-footer", made_on = told.made_on),
        blocks,
    })
}

fn measured(c: &Calibration, sha256: &str) -> Vec<Block> {
    let encoding = if c.thorough { say!("paper-validity-thorough") } else { say!("paper-validity-plain") };
    let pairs = |of: fn(&Bin) -> u64| whole(c.bins.iter().map(of).sum());
    let facts = [
        (say!("paper-validity-photographs"), say!("paper-validity-so-named", measured_on = c.measured_on)),
        (
            say!("paper-validity-how-many"),
            say!(
                "paper-validity-of-people",
                photographs = whole(c.photographs as u64),
                people = whole(c.people as u64)
            ),
        ),
        (
            say!("paper-validity-pairs"),
            say!("paper-validity-both-kinds", mated = pairs(|b| b.mated), non_mated = pairs(|b| b.non_mated)),
        ),
        (say!("paper-validity-when"), c.made_on.clone().unwrap_or_else(|| say!("paper-not-recorded").to_owned())),
        (say!("paper-validity-model"), format!("{}; {encoding}", c.model)),
        (say!("paper-validity-file"), sha256.to_owned()),
    ];
    vec![
        Block::heading(say!("paper-validity-what")),
        Block::text(say!("paper-validity-score-and-ratio")),
        Block::Facts { pairs: facts.map(|(name, value)| (name.to_owned(), value)).to_vec() },
    ]
}

fn by_quality(c: &Calibration) -> Vec<Block> {
    let rows = c.bins.iter().map(|b| {
        vec![
            say!("paper-validity-from-to", from = b.from, to = b.to),
            whole(b.people as u64),
            whole(b.mated),
            whole(b.non_mated),
            three(-b.offset / b.slope),
            three(std::f64::consts::LN_10 / b.slope),
            say!("paper-validity-times", most = whole(b.most.exp().round() as u64)),
        ]
    });
    let header = [
        say!("paper-validity-quality"),
        say!("paper-validity-people"),
        say!("paper-validity-one-person"),
        say!("paper-validity-two-people"),
        say!("paper-validity-even"),
        say!("paper-validity-tenfold"),
        say!("paper-validity-most"),
    ];
    vec![
        Block::heading(say!("paper-validity-by-quality")),
        Block::text(say!("paper-validity-how-table-reads")),
        Block::Table {
            header: header.map(str::to_owned).to_vec(),
            widths: vec![12, 11, 13, 15, 16, 17, 16],
            rows: rows.collect(),
        },
        Block::text(say!("paper-validity-not-measured")),
    ]
}

fn holds(c: &Calibration) -> Vec<Block> {
    let v = &c.validity;
    let lost = (v.cllr - v.cllr_min).max(0.0);
    let facts = [
        (say!("paper-validity-cllr"), format!("{} ({})", three(v.cllr), between(v.cllr_interval))),
        (say!("paper-validity-cllr-min"), three(v.cllr_min)),
        (say!("paper-validity-lost"), three(lost)),
        (
            say!("paper-validity-presence"),
            match v.presence_error {
                Some(error) => {
                    say!("paper-validity-presence-off", error = three(error), searches = whole(v.searches as u64))
                }
                None => say!("paper-validity-no-presence").to_owned(),
            },
        ),
    ];
    let mut blocks = vec![
        Block::heading(say!("paper-validity-holds")),
        Block::text(say!("paper-validity-held-out")),
        Block::Facts { pairs: facts.map(|(name, value)| (name.to_owned(), value)).to_vec() },
    ];
    if v.cllr_interval[1] >= 1.0 {
        blocks.push(Block::Warning { text: say!("paper-validity-no-better").to_owned() });
    }
    blocks.push(plots(c.drawings()));
    blocks
}

fn by_group(report: &Report, costs: &Costs, sha256: &str) -> Vec<Block> {
    let (far, list) = DRAWN_AT;
    let threshold = costs.nearest(far);
    let row = |group: &GroupCost| {
        let name = match group.attribute.is_empty() {
            true => say!("paper-validity-all").to_owned(),
            false => format!("{}: {}", group.attribute, group.value),
        };
        let mut cells = vec![name, whole(group.people as u64), whole(group.searches as u64)];
        let figure = |f: Figure| format!("{} ({})", three(f.value), between(f.interval));
        match threshold.and_then(|threshold| group.cell(threshold, list)) {
            Some(cell) => cells.extend([figure(cell.false_candidates), figure(cell.leads_lost)]),
            None => {
                cells.extend([say!("paper-validity-too-few", least = LEAST_PEOPLE), "–".to_owned()]);
            }
        }
        cells
    };
    let mut blocks = vec![
        Block::heading(say!("paper-validity-groups")),
        Block::text(say!(
            "paper-validity-groups-how",
            photographs = whole(report.images as u64),
            people = whole(report.subjects as u64),
            enrolled = whole(costs.enrolled as u64)
        )),
    ];
    let header = [
        say!("paper-validity-group"),
        say!("paper-validity-people"),
        say!("paper-validity-searches"),
        say!("paper-validity-listed"),
        say!("paper-validity-leads-lost"),
    ];
    let at = threshold.and_then(|threshold| {
        costs.all.cell(threshold, list).or_else(|| costs.groups.iter().find_map(|g| g.cell(threshold, list)))
    });
    if let Some(at) = at {
        let (threshold, far) = (format!("{:.3}", at.threshold), format!("{}", at.far));
        blocks.push(Block::text(say!("paper-validity-groups-at", threshold, far, list)));
    }
    blocks.push(Block::Table {
        header: header.map(str::to_owned).to_vec(),
        widths: vec![24, 10, 12, 27, 27],
        rows: std::iter::once(&costs.all).chain(&costs.groups).map(row).collect(),
    });
    if costs.in_no_group > 0 {
        blocks.push(Block::text(say!("paper-validity-in-no-group", people = whole(costs.in_no_group as u64))));
    }
    let by_group = report.drawings(far, list).into_iter().filter(|d| d.name.starts_with("groups")).collect();
    blocks.push(plots(by_group));
    blocks.push(Block::Facts { pairs: vec![(say!("paper-validity-file").to_owned(), sha256.to_owned())] });
    blocks
}

fn limits(c: &Calibration, groups: bool) -> Vec<Block> {
    let mut items = vec![
        say!("paper-validity-limit-photographs").to_owned(),
        say!("paper-validity-limit-people", people = whole(c.people as u64)),
        say!("paper-validity-limit-labels").to_owned(),
        say!("paper-validity-limit-intervals").to_owned(),
        say!("paper-validity-limit-ratio").to_owned(),
        say!("paper-validity-limit-lead").to_owned(),
    ];
    if groups {
        items.insert(2, say!("paper-validity-limit-groups").to_owned());
    }
    vec![Block::heading(say!("paper-validity-limits")), Block::List { items }]
}
