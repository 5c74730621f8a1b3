//! From an ONNX graph to steps, and the steps run.

mod folding;
mod lowering;
mod network;
mod step;
#[cfg(test)]
mod tests;

pub use network::{Map, Network};
pub use step::Unsupported;
