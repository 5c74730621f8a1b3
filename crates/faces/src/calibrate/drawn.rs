//! A calibration's plots.

use catalogue::say;

use super::fitted::Calibration;
use super::measures::{Entropy, Tippett};
use crate::plot::{Axis, Drawing, Plot, Series};

impl Calibration {
    /// DET, empirical cross-entropy and Tippett plot, all of people who had no part in the fit.
    pub fn drawings(&self) -> Vec<Drawing> {
        vec![self.det(), self.entropy(), self.tippett()]
    }

    fn det(&self) -> Drawing {
        let det = &self.validity.det;
        let floor = |of: &mut dyn Iterator<Item = f64>| {
            let least = of.filter(|v| *v > 0.0).fold(0.1, f64::min);
            10f64.powf((least.log10() + 1e-9).floor()).max(1e-6)
        };
        let least = floor(&mut det.iter().map(|t| t.false_accept));
        // Where no pair was rejected there is no line, only how many might be.
        let rejects = det.iter().flat_map(|t| [t.false_reject, t.false_reject_interval[1]]);
        let least_rejected = floor(&mut rejects.map(|rate| rate / 2.0));
        let seen = det.iter().filter(|t| t.false_reject > 0.0);
        let series = Series {
            name: say!("faces-plot-det-band").to_owned(),
            line: seen.map(|t| (t.false_accept, t.false_reject)).collect(),
            band: det
                .iter()
                .map(|t| (t.false_accept, t.false_reject_interval[0], t.false_reject_interval[1]))
                .collect(),
            ..Series::default()
        };
        let plot = Plot {
            title: say!("faces-plot-det", model = self.model),
            x: Axis::log(say!("faces-plot-false-accepts"), least, 1.0),
            y: Axis::log(say!("faces-plot-false-rejects"), least_rejected, 1.0),
            series: vec![series],
            cross: None,
        };
        Drawing { name: "det".to_owned(), plot, says: say!("faces-plot-det-says").to_owned() }
    }

    fn entropy(&self) -> Drawing {
        let entropy = &self.validity.entropy;
        let series = |name: &str, of: fn(&Entropy) -> f64| Series {
            name: name.to_owned(),
            line: entropy.iter().map(|e| (10f64.powf(e.prior), of(e))).collect(),
            ..Series::default()
        };
        let highest = entropy.iter().flat_map(|e| [e.ratios, e.none]).fold(0.0, f64::max);
        let plot = Plot {
            title: say!("faces-plot-entropy", model = self.model),
            x: Axis::log(say!("faces-plot-prior"), 1e-3, 1e3),
            y: Axis::up_to(say!("faces-plot-bits"), highest.min(2.0)),
            series: vec![
                series(say!("faces-plot-entropy-ratios"), |e| e.ratios),
                series(say!("faces-plot-entropy-best"), |e| e.best),
                series(say!("faces-plot-entropy-none"), |e| e.none),
            ],
            cross: None,
        };
        Drawing { name: "entropy".to_owned(), plot, says: say!("faces-plot-entropy-says").to_owned() }
    }

    fn tippett(&self) -> Drawing {
        let tippett = &self.validity.tippett;
        let series = |name: &str, of: fn(&Tippett) -> f64| Series {
            name: name.to_owned(),
            line: tippett.iter().map(|t| (10f64.powf(t.ratio), of(t))).collect(),
            ..Series::default()
        };
        // As far as something changes, and one power of ten beyond.
        let beyond = |t: &&Tippett| t.mated > 0.0 && t.non_mated < 1.0;
        let changes: Vec<f64> = tippett.iter().filter(beyond).map(|t| t.ratio).collect();
        let (from, to) =
            (changes.first().map_or(-3.0, |r| r.floor() - 1.0), changes.last().map_or(3.0, |r| r.ceil() + 1.0));
        let plot = Plot {
            title: say!("faces-plot-tippett", model = self.model),
            x: Axis::log(say!("faces-plot-ratio"), 10f64.powf(from.max(-8.0)), 10f64.powf(to.min(8.0))),
            y: Axis::linear(say!("faces-plot-share-above"), 0.0, 1.0),
            series: vec![
                series(say!("faces-plot-one-person"), |t| t.mated),
                series(say!("faces-plot-two-people"), |t| t.non_mated),
            ],
            cross: None,
        };
        Drawing { name: "tippett".to_owned(), plot, says: say!("faces-plot-tippett-says").to_owned() }
    }
}
