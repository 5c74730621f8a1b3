//! Runs small depthwise-separable convolution networks (the MobileNet family) on one processor core.
//!
//! A [`Network`] is lowered from an ONNX graph and keeps pixels in the order height, width, channel,
//! with the channels filled up to whole vectors: a 1×1 convolution is then a matrix product over
//! contiguous rows, and a depthwise one slides over them with its nine weights in registers. The two
//! are done together row by row where their intermediate result would not fit the processor's cache.
//!
//! **Invariant:** a graph that holds anything else than what is known here is refused with
//! [`Unsupported`], never run approximately; such a model belongs to a general runtime.

mod graph;
mod kernels;
mod limit;

pub use graph::{Map, Network, Unsupported};
pub use limit::multiplications_per_second;

/// The ONNX graph that a [`Network`] is made from.
pub use tract_onnx::pb::GraphProto;
