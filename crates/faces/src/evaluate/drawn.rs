//! A report's plots.

use catalogue::say;

use super::cost::{CostAt, Costs, GroupCost};
use super::report::Report;
use super::told::called;
use crate::plot::{Axis, Drawing, Plot, Series, Spot};

impl Report {
    /// The curve of true over false accept rates, and for each attribute what each group pays at a threshold (the one whose
    /// false accept rate is nearest to `far`) and a length of the list.
    pub fn drawings(&self, far: f64, list: usize) -> Vec<Drawing> {
        let mut drawings = vec![self.roc()];
        drawings.extend(self.costs.iter().flat_map(|costs| costs.drawings(far, list)));
        drawings
    }

    fn roc(&self) -> Drawing {
        let least = self.roc.first().map_or(1e-3, |p| p.far).min(1e-1);
        let least = 10f64.powf((least.log10() + 1e-9).floor());
        let curve = Series {
            name: say!("faces-plot-curve").to_owned(),
            line: self.roc.iter().map(|p| (p.far, p.tar)).collect(),
            ..Series::default()
        };
        let spots = self.tar_at_far.iter().filter(|p| p.interval.is_some());
        let spots = spots.map(|p| Spot { at: (p.far, p.tar), across: None, up: p.interval });
        let points =
            Series { name: say!("faces-plot-with-intervals").to_owned(), spots: spots.collect(), ..Series::default() };
        let series = [curve, points].into_iter().filter(|s| !(s.line.is_empty() && s.spots.is_empty()));
        let plot = Plot {
            title: say!("faces-plot-roc", model = self.model, mated = self.mated, non_mated = self.non_mated),
            x: Axis::log(say!("faces-plot-far"), least, 1.0),
            y: Axis::linear(say!("faces-plot-tar"), 0.0, 1.0),
            series: series.collect(),
            cross: None,
        };
        Drawing { name: "roc".to_owned(), plot, says: say!("faces-plot-roc-says").to_owned() }
    }
}

impl Costs {
    /// One plot an attribute. Attributes whose groups are all too small have none.
    fn drawings(&self, far: f64, list: usize) -> Vec<Drawing> {
        let Some(threshold) = self.nearest(far) else { return Vec::new() };
        let mut attributes: Vec<&str> = self.groups.iter().map(|g| g.attribute.as_str()).collect();
        attributes.dedup();
        let drawn = attributes.into_iter().enumerate().filter_map(|(number, attribute)| {
            let groups: Vec<&GroupCost> = self.groups.iter().filter(|g| g.attribute == attribute).collect();
            self.trade_off((number, attribute), &groups, threshold, list)
        });
        drawn.collect()
    }

    fn trade_off(
        &self,
        (number, attribute): (usize, &str),
        groups: &[&GroupCost],
        threshold: f32,
        list: usize,
    ) -> Option<Drawing> {
        let cells: Vec<_> = groups.iter().filter_map(|g| Some((*g, g.cell(threshold, list)?))).collect();
        let (first, all) = (cells.first()?.1, self.all.cell(threshold, list));
        let highest = |of: &dyn Fn(&CostAt) -> f64| {
            cells.iter().map(|(_, cell)| *cell).chain(all).map(of).fold(0.0, f64::max) * 1.05
        };
        let series = cells.iter().map(|(group, cell)| {
            let spot = Spot {
                at: (cell.leads_lost.value, cell.false_candidates.value),
                across: Some(cell.leads_lost.interval),
                up: Some(cell.false_candidates.interval),
            };
            let name = say!("faces-plot-group", group = group.value, people = group.people);
            Series { name, spots: vec![spot], ..Series::default() }
        });
        let small: Vec<String> = groups.iter().filter(|g| g.too_few_people).map(|g| called(g)).collect();
        let says = say!(
            "faces-plot-groups-says",
            attribute,
            list,
            threshold = format!("{threshold:.3}"),
            enrolled = self.enrolled
        );
        let says = match small.is_empty() {
            true => says,
            false => format!("{says} {}", say!("faces-plot-groups-small", groups = small.join(", "))),
        };
        let lost = highest(&|cell| cell.leads_lost.interval[1]);
        let plot = Plot {
            title: say!(
                "faces-plot-groups",
                attribute,
                list,
                threshold = format!("{threshold:.3}"),
                far = format!("{:.0e}", first.far)
            ),
            x: Axis::up_to(say!("faces-plot-lost"), lost).with_room(),
            y: Axis::up_to(say!("faces-plot-listed"), highest(&|cell| cell.false_candidates.interval[1])).with_room(),
            series: series.collect(),
            cross: all.map(|cell| {
                (say!("faces-plot-all-people").to_owned(), (cell.leads_lost.value, cell.false_candidates.value))
            }),
        };
        // By number: an attribute's name is no file name.
        Some(Drawing { name: format!("groups-{}", number + 1), plot, says })
    }
}
