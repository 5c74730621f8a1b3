//! Plots as SVG, 480×360: axes, lines, bands, points with intervals, a legend. Whatever is told apart is told apart by dash or
//! marker too; the colours are Okabe's and Ito's, which colour-blind readers tell apart.

use std::fmt::Write as _;

use crate::interval::Interval;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 464.0;
const BOTTOM: f64 = 314.0;
/// Where the first line of the legend stands, and how far apart its lines are.
const LEGEND: f64 = 38.0;
const LINE: f64 = 15.0;
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9"];
const DASHES: [&str; 6] = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2"];

/// How values lie on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By powers of ten; only values above 0 have a place.
    Log,
}

/// An axis: what it shows, from where to where.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What stands beside it.
    pub label: String,
    /// How values lie on it.
    pub scale: Scale,
    /// Least value.
    pub from: f64,
    /// Highest value.
    pub to: f64,
}

/// A point with the intervals of both its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Where it is.
    pub at: (f64, f64),
    /// Interval of the first value.
    pub across: Option<Interval>,
    /// Interval of the second.
    pub up: Option<Interval>,
}

/// What is drawn in one colour, dash and marker.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// A line through these points.
    pub line: Vec<(f64, f64)>,
    /// An area: first value, lower and upper bound of the second.
    pub band: Vec<(f64, f64, f64)>,
    /// Points with intervals.
    pub spots: Vec<Spot>,
}

/// A plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// What stands above it.
    pub title: String,
    /// The axis below.
    pub x: Axis,
    /// The axis at the left.
    pub y: Axis,
    /// What is drawn.
    pub series: Vec<Series>,
    /// A point to compare with, drawn as two thin lines through the whole plot, with its name.
    pub cross: Option<(String, (f64, f64))>,
}

/// A plot, what it is called as a file, and what it says in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Name of its file without ending: letters, digits and hyphens.
    pub name: String,
    /// The plot.
    pub plot: Plot,
    /// How it is read, for whoever never saw one.
    pub says: String,
}

impl Axis {
    /// An even axis.
    pub fn linear(label: impl Into<String>, from: f64, to: f64) -> Self {
        Self { label: label.into(), scale: Scale::Linear, from, to }
    }

    /// An axis by powers of ten.
    pub fn log(label: impl Into<String>, from: f64, to: f64) -> Self {
        Self { label: label.into(), scale: Scale::Log, from, to }
    }

    /// An even axis from 0 to a round number that is no less than `highest`.
    pub fn up_to(label: impl Into<String>, highest: f64) -> Self {
        let highest = if highest.is_finite() && highest > 0.0 { highest } else { 1.0 };
        let step = step(highest);
        Self::linear(label, 0.0, (highest / step).ceil() * step)
    }

    /// The same axis with a little room below its beginning, so that what lies there is not on its edge.
    #[must_use]
    pub fn with_room(self) -> Self {
        Self { from: self.from - 0.04 * (self.to - self.from), ..self }
    }

    /// From 0 to 1 along the axis; beyond its ends where the value is. `None` for what has no place.
    fn place(&self, value: f64) -> Option<f64> {
        let at = match self.scale {
            Scale::Linear => (value - self.from) / (self.to - self.from),
            Scale::Log => (value / self.from).ln() / (self.to / self.from).ln(),
        };
        at.is_finite().then_some(at)
    }

    /// As [`Axis::place`], what lies beyond an end at that end.
    fn held(&self, value: f64) -> Option<f64> {
        let least = if self.scale == Scale::Log { value.max(self.from) } else { value };
        self.place(least).map(|at| at.clamp(0.0, 1.0))
    }

    /// Values with a line, and what stands there.
    fn ticks(&self) -> Vec<(f64, String)> {
        match self.scale {
            Scale::Linear => {
                let step = step(self.to - self.from);
                let (first, last) = ((self.from / step).ceil() as i64, (self.to / step + 1e-9).floor() as i64);
                let places = usize::try_from((-step.log10().floor()) as i64).unwrap_or(0);
                (first..=last).map(|n| (n as f64 * step, format!("{:.places$}", n as f64 * step))).collect()
            }
            Scale::Log => {
                let (first, last) = (self.from.log10().ceil() as i32, (self.to.log10() + 1e-9).floor() as i32);
                let every = if last - first > 8 { 2 } else { 1 };
                (first..=last).filter(|p| p % every == 0).map(|p| (10f64.powi(p), power(p))).collect()
            }
        }
    }
}

/// A round distance of about five ticks.
fn step(range: f64) -> f64 {
    let least = range / 6.0;
    let decade = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * decade).find(|step| *step >= least * 0.999).unwrap_or(decade)
}

/// A power of ten as people read it.
fn power(power: i32) -> String {
    match power {
        0..=4 => format!("{}", 10i64.pow(power.unsigned_abs())),
        -4..=-1 => format!("{:.*}", power.unsigned_abs() as usize, 10f64.powi(power)),
        _ => {
            let plain = power.to_string();
            let raised = plain.chars().map(|c| match c {
                '-' => '⁻',
                '1' => '¹',
                '2' => '²',
                '3' => '³',
                c => c.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(c),
            });
            format!("10{}", raised.collect::<String>())
        }
    }
}

fn escaped(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// As much of a text as has room.
fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// About how wide a text is.
fn wide(text: &str) -> f64 {
    text.chars().count() as f64 * 5.9
}

/// A marker, the kind and colour by number.
fn marker(number: usize, x: f64, y: f64) -> String {
    let colour = COLOURS[number % COLOURS.len()];
    let fill = if number < COLOURS.len() { colour } else { "#fff" };
    let style = format!("fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"1.6\"");
    let shape = |points: &[(f64, f64)]| {
        let points: Vec<String> = points.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
        format!("<polygon points=\"{}\" {style}/>", points.join(" "))
    };
    match number % COLOURS.len() {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.2\" {style}/>"),
        1 => shape(&[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)]),
        2 => shape(&[(0.0, -5.0), (4.8, 3.8), (-4.8, 3.8)]),
        3 => shape(&[(0.0, -5.6), (5.6, 0.0), (0.0, 5.6), (-5.6, 0.0)]),
        4 => shape(&[(0.0, 5.0), (4.8, -3.8), (-4.8, -3.8)]),
        _ => shape(&[
            (-1.6, -5.0),
            (1.6, -5.0),
            (1.6, -1.6),
            (5.0, -1.6),
            (5.0, 1.6),
            (1.6, 1.6),
            (1.6, 5.0),
            (-1.6, 5.0),
            (-1.6, 1.6),
            (-5.0, 1.6),
            (-5.0, -1.6),
            (-1.6, -1.6),
        ]),
    }
}

impl Plot {
    /// The plot as a picture.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let legend = self.legend();
        let lines = legend.last().map_or(0, |(line, ..)| line + 1);
        let top = LEGEND + LINE * lines as f64;
        let x = |at: f64| LEFT + at * (RIGHT - LEFT);
        let y = |at: f64| BOTTOM - at * (BOTTOM - top);
        // Writing to a string cannot fail.
        let mut put = |text: String| _ = writeln!(svg, "{text}");
        put(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"Libertinus Serif, sans-serif\" font-size=\"11.5\" fill=\"#1d2733\" role=\"img\">"
        ));
        let title = escaped(&short(&self.title, 78));
        put(format!("<title>{title}</title><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"));
        put(format!("<text x=\"12\" y=\"18\" font-size=\"13\" font-weight=\"bold\">{title}</text>"));
        put(format!(
            "<clipPath id=\"within\"><rect x=\"{LEFT}\" y=\"{top}\" width=\"{:.1}\" height=\"{:.1}\"/></clipPath>",
            RIGHT - LEFT,
            BOTTOM - top
        ));
        self.axes(top, &mut put);
        if let Some((_, (across, up))) = &self.cross {
            let style = "stroke=\"#56616e\" stroke-width=\"1.2\" stroke-dasharray=\"1 3\"";
            if let Some(at) = self.x.held(*across).map(x) {
                put(format!("<line x1=\"{at:.1}\" y1=\"{top:.1}\" x2=\"{at:.1}\" y2=\"{BOTTOM}\" {style}/>"));
            }
            if let Some(at) = self.y.held(*up).map(y) {
                put(format!("<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{RIGHT}\" y2=\"{at:.1}\" {style}/>"));
            }
        }
        for (number, series) in self.series.iter().enumerate() {
            let (colour, dash) = (COLOURS[number % COLOURS.len()], DASHES[number % DASHES.len()]);
            let within = |(a, b): (f64, f64)| Some(format!("{:.1},{:.1}", x(self.x.place(a)?), y(self.y.held(b)?)));
            let joined =
                |points: &mut dyn Iterator<Item = (f64, f64)>| points.filter_map(within).collect::<Vec<_>>().join(" ");
            if !series.band.is_empty() {
                let lower = series.band.iter().map(|(a, low, _)| (*a, *low));
                let upper = series.band.iter().rev().map(|(a, _, high)| (*a, *high));
                let points = joined(&mut lower.chain(upper));
                put(format!(
                    "<polygon clip-path=\"url(#within)\" fill=\"{colour}\" fill-opacity=\"0.18\" points=\"{points}\"/>"
                ));
            }
            if !series.line.is_empty() {
                let points = joined(&mut series.line.iter().copied());
                put(format!(
                    "<polyline clip-path=\"url(#within)\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{}\" points=\"{points}\"/>",
                    if dash.is_empty() { "none" } else { dash }
                ));
            }
            for spot in &series.spots {
                let (Some(a), Some(b)) = (self.x.held(spot.at.0), self.y.held(spot.at.1)) else { continue };
                let (a, b) = (x(a), y(b));
                let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.4\"");
                // Bars of points at one place lie beside each other.
                let off =
                    (number as f64 - (self.series.len() - 1) as f64 / 2.0) * (8.0 / self.series.len() as f64).min(2.5);
                let (bar_a, bar_b) = (a + off, b + off);
                if let Some((low, high)) = spot.across.and_then(|[l, h]| Some((x(self.x.held(l)?), x(self.x.held(h)?))))
                {
                    put(format!(
                        "<path d=\"M{low:.1} {bar_b:.1}H{high:.1}M{low:.1} {:.1}v6M{high:.1} {:.1}v6\" {style}/>",
                        bar_b - 3.0,
                        bar_b - 3.0
                    ));
                }
                if let Some((low, high)) = spot.up.and_then(|[l, h]| Some((y(self.y.held(l)?), y(self.y.held(h)?)))) {
                    put(format!(
                        "<path d=\"M{bar_a:.1} {low:.1}V{high:.1}M{:.1} {low:.1}h6M{:.1} {high:.1}h6\" {style}/>",
                        bar_a - 3.0,
                        bar_a - 3.0
                    ));
                }
                put(marker(number, a, b));
            }
        }
        for (line, at, number, name) in legend {
            put(self.key(number, at, LEGEND + LINE * line as f64 - 3.0));
            put(format!(
                "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                at + 30.0,
                LEGEND + LINE * line as f64 + 1.0,
                escaped(&name)
            ));
        }
        put("</svg>".to_owned());
        svg
    }

    fn axes(&self, top: f64, put: &mut impl FnMut(String)) {
        for (at, label) in self.x.ticks() {
            let Some(at) = self.x.place(at).map(|at| LEFT + at * (RIGHT - LEFT)) else { continue };
            put(format!(
                "<line x1=\"{at:.1}\" y1=\"{top:.1}\" x2=\"{at:.1}\" y2=\"{:.1}\" stroke=\"#dde2e8\"/>\
                 <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
                BOTTOM + 4.0,
                BOTTOM + 17.0
            ));
        }
        for (at, label) in self.y.ticks() {
            let Some(at) = self.y.place(at).map(|at| BOTTOM - at * (BOTTOM - top)) else { continue };
            put(format!(
                "<line x1=\"{:.1}\" y1=\"{at:.1}\" x2=\"{RIGHT}\" y2=\"{at:.1}\" stroke=\"#dde2e8\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                LEFT - 4.0,
                LEFT - 7.0,
                at + 4.0
            ));
        }
        put(format!(
            "<path d=\"M{LEFT} {top}V{BOTTOM}H{RIGHT}\" fill=\"none\" stroke=\"#56616e\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            f64::midpoint(LEFT, RIGHT),
            BOTTOM + 36.0,
            escaped(&self.x.label),
            f64::midpoint(top, BOTTOM),
            escaped(&self.y.label)
        ));
    }

    /// What the legend says: line, where it begins, number of the series (none for the cross), name.
    fn legend(&self) -> Vec<(usize, f64, Option<usize>, String)> {
        let names = self.series.iter().enumerate().map(|(number, series)| (Some(number), series.name.as_str()));
        let all = names.chain(self.cross.iter().map(|(name, _)| (None, name.as_str())));
        let (mut line, mut at) = (0, 12.0);
        let mut placed = Vec::new();
        for (number, name) in all.filter(|(_, name)| !name.is_empty()) {
            let name = short(name, 60);
            let room = 30.0 + wide(&name) + 14.0;
            if at > 12.0 && at + room > WIDTH {
                (line, at) = (line + 1, 12.0);
            }
            placed.push((line, at, number, name));
            at += room;
        }
        placed
    }

    /// The piece of line, area or marker that stands before a name.
    fn key(&self, number: Option<usize>, at: f64, y: f64) -> String {
        let Some(number) = number else {
            let to = at + 24.0;
            return format!(
                "<line x1=\"{at:.1}\" y1=\"{y:.1}\" x2=\"{to:.1}\" y2=\"{y:.1}\" stroke=\"#56616e\" stroke-width=\"1.2\" stroke-dasharray=\"1 3\"/>"
            );
        };
        let (series, colour) = (&self.series[number], COLOURS[number % COLOURS.len()]);
        let dash = DASHES[number % DASHES.len()];
        let mut key = String::new();
        if !series.band.is_empty() {
            key += &format!(
                "<rect x=\"{at:.1}\" y=\"{:.1}\" width=\"24\" height=\"10\" fill=\"{colour}\" fill-opacity=\"0.18\"/>",
                y - 5.0
            );
        }
        if !series.line.is_empty() {
            key += &format!(
                "<line x1=\"{at:.1}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{}\"/>",
                at + 24.0,
                if dash.is_empty() { "none" } else { dash }
            );
        }
        if !series.spots.is_empty() {
            key += &marker(number, at + 12.0, y);
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(series: Vec<Series>) -> Plot {
        let (x, y) = (Axis::log("x", 1e-3, 1.0), Axis::up_to("y", 0.83));
        Plot { title: "Title <b>&\u{1}".to_owned(), x, y, series, cross: None }
    }

    #[test]
    fn axes_end_at_round_numbers_and_say_them() {
        let axis = Axis::up_to("y", 0.83);
        assert_eq!(axis.to, 1.0);
        let said: Vec<String> = axis.ticks().into_iter().map(|(_, said)| said).collect();
        assert_eq!(said, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!((Axis::up_to("", 0.0).to, Axis::up_to("", f64::NAN).to), (1.0, 1.0));
        let said: Vec<String> = Axis::log("", 1e-6, 1.0).ticks().into_iter().map(|(_, said)| said).collect();
        assert_eq!(said, ["10⁻⁶", "10⁻⁵", "0.0001", "0.001", "0.01", "0.1", "1"]);
    }

    #[test]
    fn what_has_no_place_is_left_out_and_text_is_no_markup() {
        let line = vec![(0.0, 0.5), (f64::NAN, 0.5), (0.1, 0.5), (1.0, 9.0)];
        let spot = Spot { at: (0.0, 0.2), across: Some([0.0, 0.01]), up: None };
        let svg =
            plot(vec![Series { name: "<script>".to_owned(), line, spots: vec![spot], ..Series::default() }]).svg();
        assert!(
            !svg.contains("NaN") && !svg.contains("inf") && !svg.contains("<script>") && !svg.contains("<b>"),
            "{svg}"
        );
        assert_eq!(svg.matches("<polyline").count(), 1);
        assert_eq!(svg.matches("<circle").count(), 2, "the point stands at the end of the axis, and in the legend");
    }

    #[test]
    fn twelve_series_differ_by_more_than_colour() {
        let spots = vec![Spot { at: (0.1, 0.2), across: None, up: None }];
        let all = (0..12).map(|n| Series { name: format!("group {n}"), spots: spots.clone(), ..Series::default() });
        let svg = plot(all.collect()).svg();
        // Without colours, no two markers are the same.
        let mut marks: Vec<String> = (0..12)
            .map(|n| marker(n, 0.0, 0.0))
            .map(|m| COLOURS.iter().fold(m, |m, c| m.replace(&format!("fill=\"{c}\""), "full").replace(c, "")))
            .collect();
        marks.sort();
        marks.dedup();
        assert_eq!(marks.len(), 12);
        assert!(svg.contains("group 11"));
    }
}
