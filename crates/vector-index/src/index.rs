//! Segments and what came since, as one index.

mod answering;
mod files;
mod held;

pub use held::{Index, IndexError, Position, Range};
