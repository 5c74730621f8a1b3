use catalogue::say;
use department::Gap;
use serde::{Deserialize, Serialize};

use super::component::Component;

/// A place in pixels of the upright image, from its top left corner.
pub type Place = [f32; 2];

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Shape {
    /// A point.
    Point {
        /// Where.
        at: Place,
    },
    /// A line.
    Line {
        /// From.
        from: Place,
        /// To.
        to: Place,
    },
    /// An outline, open or closed.
    Outline {
        /// Its points.
        points: Vec<Place>,
    },
}

/// Which image a mark was drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum OnImage {
    /// The probe.
    Probe,
    /// A photograph of the candidate: 0 is the listed one, others follow.
    Candidate {
        /// Which.
        photo: u8,
    },
}

/// A drawn mark. It stays at its place of the image whatever the view does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Mark {
    /// On which image.
    pub on: OnImage,
    /// Which component it shows.
    pub component: Component,
    /// What was drawn.
    pub shape: Shape,
}

/// Most marks of one comparison.
pub const MAX_MARKS: usize = 500;

/// Most points of one outline.
pub const MAX_POINTS: usize = 2000;

pub(super) fn drawable(marks: &[Mark]) -> Result<(), Vec<Gap>> {
    let finite = |p: &Place| p.iter().all(|v| v.is_finite());
    let fine = marks.iter().all(|mark| match &mark.shape {
        Shape::Point { at } => finite(at),
        Shape::Line { from, to } => finite(from) && finite(to),
        Shape::Outline { points } => points.len() <= MAX_POINTS && points.iter().all(finite),
    });
    if fine && marks.len() <= MAX_MARKS {
        return Ok(());
    }
    let text = say!("rule-examination-most-marks-can-drawn-here", max_marks = MAX_MARKS);
    Err(vec![Gap::new("examination.marks", text, say!("rule-examination-marks-explain-comparison-hundreds-them"))])
}
