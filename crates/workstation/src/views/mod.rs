//! What the screens get: plain values, nothing hidden that they may not see.

mod case;
mod examination;
mod note;
mod oversight;
mod reports;
mod results;
mod start;
mod validity;

pub use case::*;
pub use examination::*;
pub use note::*;
pub use oversight::*;
pub use reports::*;
pub use results::*;
pub use start::*;
pub use validity::*;
