//! Reports that laws ask for: packs of fields, each filled from the records by its definition or named as not recorded. Groups of few
//! people are not told, and no difference of reports tells them.

mod fill;
mod measure;
mod pack;
mod suppress;

pub use fill::{Answer, Filled, Making, REPORT_SCHEMA, Report, Row, Systems};
pub use measure::{Dimension, EventKind, Measure};
pub use pack::{Facts, Pack, PackError, PackField, shipped_packs};
pub use suppress::{LEAST_TOLD, Told};
