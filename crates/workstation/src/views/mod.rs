//! What the screens get: plain values, nothing hidden that they may not see.

mod case;
mod examination;
mod note;
mod oversight;
mod reports;
mod results;
mod retention;
mod start;
mod validity;

pub use case::*;
pub use examination::*;
pub use note::*;
pub use oversight::*;
pub use reports::*;
pub use results::*;
pub use retention::*;
pub use start::*;
pub use validity::*;
