//! A calibration as a file.

use std::str::FromStr;

use catalogue::say;

use super::fitted::{Bin, Calibration};
use super::pairs::most;

/// Why a calibration is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    /// It is not the text of one.
    #[error("{}", say!("faces-calibration-not-one", what = _0))]
    Text(#[from] serde_json::Error),
    /// A figure is one that nothing measures.
    #[error("{}", say!("faces-calibration-impossible", what = _0))]
    Impossible(&'static str),
}

impl FromStr for Calibration {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let calibration: Self = serde_json::from_str(text)?;
        calibration.check().map_or(Ok(()), |what| Err(Malformed::Impossible(what)))?;
        Ok(calibration)
    }
}

impl Calibration {
    /// The first figure that no measurement gives.
    fn check(&self) -> Option<&'static str> {
        let presence = self.presence.is_none_or(|p| p.slope.is_finite() && p.slope > 0.0 && p.offset.is_finite());
        let qualities =
            |b: &[Bin]| b.is_sorted_by(|a, b| a.to < b.from) && b.iter().all(|b| b.from <= b.to && b.to <= 100);
        [
            ("model", !self.model.trim().is_empty()),
            ("measured_on", !self.measured_on.trim().is_empty()),
            ("bins", !self.bins.is_empty() && qualities(&self.bins)),
            ("people", self.bins.iter().all(|b| b.people <= self.people)),
            ("slope", self.bins.iter().all(|b| b.slope.is_finite() && b.slope > 0.0)),
            ("offset", self.bins.iter().all(|b| b.offset.is_finite())),
            ("most", self.bins.iter().all(Bin::bounded)),
            ("false_above", self.bins.iter().all(Bin::falls)),
            ("presence", presence),
            ("cllr", self.validity.cllr.is_finite() && self.validity.cllr >= 0.0),
        ]
        .into_iter()
        .find_map(|(what, holds)| (!holds).then_some(what))
    }
}

impl Bin {
    /// Nobody's ratio goes beyond what so many people can show.
    fn bounded(&self) -> bool {
        (0.0..=most(self.people) + 1e-9).contains(&self.most)
    }

    fn falls(&self) -> bool {
        let share = |(score, share): &(f32, f64)| score.is_finite() && (0.0..=1.0).contains(share);
        self.false_above.iter().all(share) && self.false_above.is_sorted_by(|a, b| a.0 > b.0 && a.1 <= b.1)
    }
}
