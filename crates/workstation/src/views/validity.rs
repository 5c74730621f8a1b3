//! What calibrations and reports by group say, as their screen draws it.

use serde::Serialize;

use faces::evaluate::{Costs, Figure, GroupCost, LEAST_PEOPLE, NO_THRESHOLD, RANKS};
use faces::plot::{Axis, Drawing, Scale, Series};

use crate::group_report::GroupReport;
use crate::strength::Kept;

/// What the figures of this workstation rest on.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ValidityView {
    /// The embedding model that searches are made with.
    pub model: String,
    /// Candidates of a list by the policy in force. Searches have no threshold.
    pub list: u16,
    /// Every calibration that is here, the first that fits first.
    pub calibrations: Vec<CalibrationView>,
    /// Reports by group.
    pub groups: Vec<GroupsView>,
    /// Folder from which reports by group are read; `None` where the department has no policy file of its own.
    pub folder: Option<String>,
    /// Files there that are no such reports, and why.
    pub unread: Vec<String>,
}

/// A calibration.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct CalibrationView {
    /// Name of its file.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Whether it is the department's own.
    pub own: bool,
    /// The model it was measured with.
    pub model: String,
    /// Whether it holds for thorough searches, or for plain ones.
    pub thorough: bool,
    /// For which qualities of a probe it is in force here, from and to; none where others go before it or its model is not used.
    pub holds: Vec<(u8, u8)>,
    /// What photographs it was measured on, in the words of whoever measured.
    pub measured_on: String,
    /// The day on which it was made, where that was recorded.
    pub made_on: Option<String>,
    /// People.
    pub people: usize,
    /// Photographs.
    pub photographs: usize,
    /// Cost of its ratios in bits, and its 95 % interval.
    pub cllr: f64,
    /// See `cllr`.
    pub cllr_interval: [f64; 2],
    /// What ratios of the same scores cost at best.
    pub cllr_min: f64,
    /// Whether the interval reaches 1: then it is not shown that they say anything.
    pub no_better: bool,
    /// By how much the stated share of lists with the person was off, 0 to 1.
    pub presence_error: Option<f64>,
    /// Searches that this was measured with.
    pub searches: usize,
    /// What is drawn of it.
    pub plots: Vec<PlotView>,
}

/// A plot.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PlotView {
    /// What it is called: letters and hyphens.
    pub name: String,
    /// What stands above it.
    pub title: String,
    /// How it is read.
    pub says: String,
    /// The axis below.
    pub x: AxisView,
    /// The axis at the left.
    pub y: AxisView,
    /// What is drawn.
    pub series: Vec<SeriesView>,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct AxisView {
    /// What it shows.
    pub label: String,
    /// Whether values lie on it by powers of ten.
    pub log: bool,
    /// Least value.
    pub from: f64,
    /// Highest value.
    pub to: f64,
}

/// What is drawn in one colour.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct SeriesView {
    /// Its name.
    pub name: String,
    /// A line through these points.
    pub line: Vec<(f64, f64)>,
    /// An area: first value, lower and upper bound of the second.
    pub band: Vec<(f64, f64, f64)>,
}

/// What searches cost each group, by one report.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct GroupsView {
    /// Name of its file.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// The model it was measured with.
    pub model: String,
    /// Whether that is the model of this workstation.
    pub fits: bool,
    /// The day on which it was made, where that was recorded.
    pub made_on: Option<String>,
    /// Photographs.
    pub photographs: usize,
    /// People of the gallery, each with one photograph.
    pub enrolled: usize,
    /// People who are in no group.
    pub in_no_group: usize,
    /// A group with fewer people who are looked for is not measured.
    pub least: usize,
    /// Thresholds, the loosest first; today's, none, first of all where it was measured.
    pub thresholds: Vec<ThresholdView>,
    /// Lengths of the list.
    pub lists: Vec<usize>,
    /// By attribute.
    pub attributes: Vec<AttributeView>,
}

/// A threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ts_rs::TS)]
pub struct ThresholdView {
    /// Candidates score above it; `None` is no threshold.
    pub above: Option<f32>,
    /// Share of pairs of two people that score above it.
    pub far: f64,
}

/// The groups of one attribute.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct AttributeView {
    /// Its name.
    pub name: String,
    /// Its groups; all people together are the last, without a name.
    pub groups: Vec<GroupView>,
    /// What each pays, by threshold, then by length of the list.
    pub settings: Vec<Vec<SettingView>>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct GroupView {
    /// Its name.
    pub name: String,
    /// People who are looked for.
    pub people: usize,
    /// Searches.
    pub searches: usize,
    /// Whether they are too few: nothing was measured.
    pub too_few: bool,
}

/// What each group pays with one threshold and one length of the list.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct SettingView {
    /// In the order of the groups; `None` with too few people.
    pub cells: Vec<Option<CellView>>,
    /// Who has most people listed who are not the person, against who has fewest.
    pub listed: Option<Against>,
    /// Who is missed most, against who is missed least.
    pub lost: Option<Against>,
}

/// What one group pays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ts_rs::TS)]
pub struct CellView {
    /// Candidates of a search for somebody who is not enrolled, with the 95 % interval.
    pub listed: FigureView,
    /// Share of searches for somebody who is enrolled that do not list them.
    pub lost: FigureView,
}

/// A figure with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ts_rs::TS)]
pub struct FigureView {
    /// The figure.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Two groups beside each other, by their number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ts_rs::TS)]
pub struct Against {
    /// The group that pays most.
    pub most: usize,
    /// The group that pays least.
    pub least: usize,
    /// Whether their intervals do not touch: only then it is shown that one pays more.
    pub apart: bool,
    /// How many times as much, rounded down to what is shown; `None` where that is less than 1.1 times, or the other pays nothing.
    pub times: Option<f64>,
}

impl CalibrationView {
    /// All of them, each with the qualities for which it is the first that has them.
    pub(crate) fn all(kept: &[Kept], model: &str) -> Vec<Self> {
        let first = |thorough: bool, quality: u8| {
            kept.iter().position(|k| {
                let c = &k.calibration;
                let has = c.bins.iter().any(|b| (b.from..=b.to).contains(&quality));
                c.model == model && c.thorough == thorough && has
            })
        };
        let view = |(at, kept): (usize, &Kept)| {
            let mut holds: Vec<(u8, u8)> = Vec::new();
            for quality in (0..=100).filter(|q| first(kept.calibration.thorough, *q) == Some(at)) {
                match holds.last_mut().filter(|last| last.1 + 1 == quality) {
                    Some(last) => last.1 = quality,
                    None => holds.push((quality, quality)),
                }
            }
            Self::new(kept, holds)
        };
        kept.iter().enumerate().map(view).collect()
    }

    fn new(kept: &Kept, holds: Vec<(u8, u8)>) -> Self {
        let (c, v) = (&kept.calibration, &kept.calibration.validity);
        Self {
            name: kept.name.clone(),
            sha256: kept.sha256.clone(),
            own: kept.own,
            model: c.model.clone(),
            thorough: c.thorough,
            holds,
            measured_on: c.measured_on.clone(),
            made_on: c.made_on.clone(),
            people: c.people,
            photographs: c.photographs,
            cllr: v.cllr,
            cllr_interval: v.cllr_interval,
            cllr_min: v.cllr_min,
            no_better: v.cllr_interval[1] >= 1.0,
            presence_error: v.presence_error,
            searches: v.searches,
            plots: c.drawings().into_iter().map(PlotView::from).collect(),
        }
    }
}

impl From<Drawing> for PlotView {
    fn from(drawing: Drawing) -> Self {
        let axis =
            |axis: Axis| AxisView { label: axis.label, log: axis.scale == Scale::Log, from: axis.from, to: axis.to };
        let series = |one: Series| SeriesView { name: one.name, line: one.line, band: one.band };
        let plot = drawing.plot;
        Self {
            name: drawing.name,
            title: plot.title,
            says: drawing.says,
            x: axis(plot.x),
            y: axis(plot.y),
            series: plot.series.into_iter().map(series).collect(),
        }
    }
}

impl GroupsView {
    pub(crate) fn new(read: &GroupReport, model: &str) -> Self {
        let (report, costs) = (&read.report, read.report.costs.as_ref());
        let mut at: Vec<(f64, f32)> = Vec::new();
        for cell in costs.iter().flat_map(|costs| std::iter::once(&costs.all).chain(&costs.groups)).flat_map(|g| &g.at)
        {
            if !at.iter().any(|(_, threshold)| *threshold == cell.threshold) {
                at.push((cell.far, cell.threshold));
            }
        }
        at.sort_by(|a, b| a.1.total_cmp(&b.1));
        let threshold = |(far, above): &(f64, f32)| ThresholdView {
            above: (*above != NO_THRESHOLD.1).then_some(*above),
            far: *far,
        };
        Self {
            name: read.name.clone(),
            sha256: read.sha256.clone(),
            model: report.model.clone(),
            fits: report.model == model,
            made_on: report.made_on.clone(),
            photographs: report.images,
            enrolled: costs.map_or(0, |costs| costs.enrolled),
            in_no_group: costs.map_or(0, |costs| costs.in_no_group),
            least: LEAST_PEOPLE,
            thresholds: at.iter().map(threshold).collect(),
            lists: RANKS.to_vec(),
            attributes: costs.map_or(Vec::new(), |costs| attributes(costs, &at)),
        }
    }
}

fn attributes(costs: &Costs, at: &[(f64, f32)]) -> Vec<AttributeView> {
    let mut names: Vec<&str> = Vec::new();
    for group in &costs.groups {
        if !names.contains(&group.attribute.as_str()) {
            names.push(&group.attribute);
        }
    }
    let attribute = |name: &str| {
        let groups: Vec<&GroupCost> = costs.groups.iter().filter(|g| g.attribute == name).chain([&costs.all]).collect();
        let setting = |threshold: f32, list: usize| SettingView::new(&groups, threshold, list);
        let group = |group: &&GroupCost| GroupView {
            name: group.value.clone(),
            people: group.people,
            searches: group.searches,
            too_few: group.too_few_people,
        };
        AttributeView {
            name: name.to_owned(),
            groups: groups.iter().map(group).collect(),
            settings: at.iter().map(|(_, t)| RANKS.iter().map(|list| setting(*t, *list)).collect()).collect(),
        }
    };
    names.into_iter().map(attribute).collect()
}

impl SettingView {
    /// All people together are the last of `groups`; they are compared with nobody.
    fn new(groups: &[&GroupCost], threshold: f32, list: usize) -> Self {
        let cells: Vec<Option<CellView>> = groups
            .iter()
            .map(|group| {
                let cell = group.cell(threshold, list)?;
                Some(CellView { listed: cell.false_candidates.into(), lost: cell.leads_lost.into() })
            })
            .collect();
        let own = cells.get(..cells.len().saturating_sub(1)).unwrap_or_default();
        let of = |figure: fn(&CellView) -> FigureView| {
            let figures = own.iter().enumerate().filter_map(|(at, cell)| Some((at, figure(cell.as_ref()?))));
            Against::of(&figures.collect::<Vec<_>>())
        };
        Self { listed: of(|cell| cell.listed), lost: of(|cell| cell.lost), cells }
    }
}

impl Against {
    /// Of groups with their numbers; `None` of fewer than two, and where all pay the same.
    fn of(figures: &[(usize, FigureView)]) -> Option<Self> {
        let by_value = |a: &&(usize, FigureView), b: &&(usize, FigureView)| a.1.value.total_cmp(&b.1.value);
        let (most, least) = (figures.iter().max_by(by_value)?, figures.iter().min_by(by_value)?);
        if most.1.value <= least.1.value {
            return None;
        }
        let times = most.1.value / least.1.value;
        // As it is shown: whole from ten on, tenths below.
        let times = if times >= 10.0 { times.floor() } else { (times * 10.0 + 1e-9).floor() / 10.0 };
        Some(Self {
            most: most.0,
            least: least.0,
            apart: most.1.low > least.1.high,
            times: Some(times).filter(|times| times.is_finite() && *times >= 1.1),
        })
    }
}

impl From<Figure> for FigureView {
    fn from(figure: Figure) -> Self {
        let [low, high] = figure.interval;
        Self { value: figure.value, low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strength::Calibrations;

    fn figure(value: f64, off: f64) -> FigureView {
        FigureView { value, low: (value - off).max(0.0), high: value + off }
    }

    #[test]
    fn one_group_pays_more_only_where_the_intervals_do_not_touch() {
        let apart =
            Against::of(&[(0, figure(0.3, 0.1)), (1, figure(2.03, 0.4)), (2, figure(0.9, 0.2))]).expect("unlike");
        assert_eq!((apart.most, apart.least, apart.apart, apart.times), (1, 0, true, Some(6.7)));
        let overlapping = Against::of(&[(0, figure(0.3, 0.1)), (1, figure(0.45, 0.1))]).expect("unlike");
        assert!(!overlapping.apart);
        let touching = Against::of(&[(0, figure(1.0, 0.5)), (1, figure(2.0, 0.5))]).expect("unlike");
        assert!(!touching.apart, "an interval that ends where the other begins");
        let nothing = Against::of(&[(0, FigureView { value: 0.0, low: 0.0, high: 0.1 }), (1, figure(0.4, 0.1))]);
        assert_eq!(nothing.expect("unlike").times, None, "nobody pays so many times nothing");
        assert_eq!(Against::of(&[(0, figure(20.0, 0.0)), (1, figure(20.0, 0.0))]), None, "full lists");
        assert_eq!(Against::of(&[(0, figure(20.0, 0.0))]), None, "one group alone");
    }

    #[test]
    fn each_quality_has_one_calibration_in_force_for_each_way_of_encoding() {
        let Calibrations(kept) = Calibrations::beside(None).expect("those that are built in");
        let views = CalibrationView::all(&kept, "sface-2021dec");
        for thorough in [false, true] {
            let held: Vec<u8> = views
                .iter()
                .filter(|view| view.thorough == thorough)
                .flat_map(|view| view.holds.iter().flat_map(|(from, to)| *from..=*to))
                .collect();
            assert_eq!(held, (0..=100).collect::<Vec<_>>(), "{thorough}");
        }
        assert!(views.iter().all(|view| !view.own && view.plots.len() == 3 && view.made_on.is_some()));
        assert!(CalibrationView::all(&kept, "another").iter().all(|view| view.holds.is_empty()));
    }
}
