//! A report for people: its tables and its curve.

use std::fmt::Write as _;

use catalogue::say;

use super::{Identification, Interval, Point, Report};

fn between(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |[low, high]| {
        say!("faces-between-draws", low = format!("{low:.4}"), high = format!("{high:.4}"))
    })
}

/// Lines for rates at false accept rates and for rank 1.
fn rates<'a>(points: &'a [Point], identification: Option<&'a Identification>) -> impl Iterator<Item = String> + 'a {
    let points = points.iter().map(|p| {
        say!(
            "faces-tar-far-score-above",
            far = format!("{:<6.0e}", p.far),
            tar = format!("{:.4}", p.tar),
            between = between(p.interval),
            threshold = format!("{:.3}", p.threshold)
        )
    });
    let found = identification.map(|i| {
        say!(
            "faces-rank-1-of-enrolled",
            share = format!("{:.4}", i.rank_1),
            between = between(Some(i.interval)),
            probes = i.probes,
            enrolled = i.enrolled
        )
    });
    points.chain(found)
}

impl Report {
    /// The tables, for people.
    pub fn in_words(&self) -> String {
        let mut text = say!(
            "faces-photographs-people-mated-non-mated",
            model = self.model,
            images = self.images,
            subjects = self.subjects,
            mated = self.mated,
            non_mated = self.non_mated
        );
        let mut line = |words: std::fmt::Arguments| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{words}");
        };
        for (k, share) in &self.rank {
            line(format_args!(
                "{}",
                say!("faces-within-first", k = format!("{:<2}", k), share = format!("{:.3}", share))
            ));
        }
        for words in rates(&self.tar_at_far, self.identification.as_ref()) {
            line(format_args!("{words}"));
        }
        line(format_args!("{}", say!("faces-equal-error-rate", eer = format!("{:.3}", self.eer))));
        for part in &self.shrunk {
            line(format_args!("{}", say!("faces-shrunk-to-pixels", pixels = part.pixels)));
            for words in rates(&part.tar_at_far, part.identification.as_ref()) {
                line(format_args!("{words}"));
            }
        }
        if !self.groups.is_empty() {
            line(format_args!("{}", say!("faces-group-thresholds-above-false-accepts")));
        }
        for g in &self.groups {
            let rate = |r: Option<f64>| r.map_or_else(|| "-".to_owned(), |r| format!("{r:.4}"));
            let at = g.at.iter().map(|p| format!("{}/{}", rate(p.far), rate(p.fnmr))).collect::<Vec<_>>().join("  ");
            line(format_args!(
                "{}",
                say!(
                    "faces-people",
                    attribute = g.attribute,
                    value = format!("{:<12}", g.value),
                    subjects = format!("{:>4}", g.subjects),
                    at
                )
            ));
        }
        line(format_args!("{}", say!("faces-figures-describe-photographs-model-no")));
        text
    }

    /// The curve as an SVG picture, false accept rate on a logarithmic scale.
    pub fn svg(&self) -> String {
        const LEFT: f64 = 60.0;
        const TOP: f64 = 40.0;
        const WIDE: f64 = 480.0;
        const HIGH: f64 = 320.0;
        let x = |far: f64| LEFT + (far.max(1e-6).log10() + 6.0) / 6.0 * WIDE;
        let y = |tar: f64| TOP + (1.0 - tar) * HIGH;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 580 420\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <rect width=\"580\" height=\"420\" fill=\"#fff\"/>\n<text x=\"{LEFT}\" y=\"24\" font-size=\"14\">{}: {} mated, {} non-mated pairs</text>\n",
            escaped(&self.model),
            self.mated,
            self.non_mated
        );
        for power in -6..=0 {
            let at = x(10f64.powi(power));
            let _ = writeln!(
                svg,
                "<line x1=\"{at:.1}\" y1=\"{TOP}\" x2=\"{at:.1}\" y2=\"{:.1}\" stroke=\"#ddd\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">1e{power}</text>",
                TOP + HIGH,
                TOP + HIGH + 18.0
            );
        }
        for tenth in 0..=10 {
            let at = y(f64::from(tenth) / 10.0);
            let _ = writeln!(
                svg,
                "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.1}</text>",
                LEFT + WIDE,
                LEFT - 8.0,
                at + 4.0,
                f64::from(tenth) / 10.0
            );
        }
        let points: Vec<String> = self.roc.iter().map(|p| format!("{:.1},{:.1}", x(p.far), y(p.tar))).collect();
        let _ = writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"2\" points=\"{}\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">false accept rate</text>\n\
             <text transform=\"translate(18 {:.1}) rotate(-90)\" text-anchor=\"middle\">true accept rate</text>\n</svg>",
            points.join(" "),
            LEFT + WIDE / 2.0,
            TOP + HIGH + 40.0,
            TOP + HIGH / 2.0
        );
        svg
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
