//! The steps that a graph becomes.

use crate::kernels::{self as k, Activation, Dense, Depthwise, Pointwise};

/// The graph holds something that this crate does not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the graph is outside what is run here: {0}")]
pub struct Unsupported(pub(super) String);

pub(super) fn refused<T>(why: impl Into<String>) -> Result<T, Unsupported> {
    Err(Unsupported(why.into()))
}

/// `scale · x + shift`: what a graph does to its input before the first convolution. It is not part of the convolution, whose
/// border is of zeros.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Prepared {
    pub(super) scale: f32,
    pub(super) shift: f32,
}

impl Default for Prepared {
    fn default() -> Self {
        Self { scale: 1.0, shift: 0.0 }
    }
}

pub(super) struct Step {
    pub(super) what: What,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Values that no later step reads.
    pub(super) done: Vec<usize>,
}

pub(super) enum What {
    Dense(Dense),
    Pointwise(Pointwise),
    Depthwise(Depthwise),
    /// The last says whether a 2×2 pool follows.
    Separable(Pointwise, Depthwise, bool),
    /// A product over all pixels, of which there must be so many.
    Whole(Pointwise, usize),
    MaxPool,
    /// What follows a sum of two maps stands with it.
    Add(usize, Option<Activation>),
    AddDoubled(usize),
}

impl Step {
    pub(super) fn reads(&self) -> Vec<usize> {
        match self.what {
            What::Add(other, _) | What::AddDoubled(other) => vec![self.from, other],
            _ => vec![self.from],
        }
    }
}

impl What {
    pub(super) fn channels(&self) -> Option<usize> {
        match self {
            What::Dense(conv) => Some(conv.outputs),
            What::Pointwise(conv) | What::Whole(conv, _) => Some(conv.outputs),
            What::Depthwise(conv) | What::Separable(_, conv, _) => Some(conv.channels),
            What::MaxPool | What::Add(..) | What::AddDoubled(_) => None,
        }
    }

    pub(super) fn size(&self, from: (usize, usize)) -> Option<(usize, usize)> {
        match self {
            What::Dense(conv) => k::moved(from, 3, conv.stride, 1),
            What::Depthwise(conv) | What::Separable(_, conv, false) => k::moved(from, conv.side, conv.stride, conv.pad),
            What::Whole(_, pixels) => (from.0 * from.1 == *pixels).then_some((1, 1)),
            What::MaxPool | What::Separable(_, _, true) => Some((from.0 / 2, from.1 / 2)),
            What::Pointwise(_) | What::Add(..) | What::AddDoubled(_) => Some(from),
        }
    }
}
