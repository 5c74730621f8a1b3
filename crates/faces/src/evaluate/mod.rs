//! How well templates tell people apart, on photographs whose people are known.
//!
//! Terms of ISO/IEC 19795-1. A *mated* pair shows one person, a *non-mated* pair two. At a threshold, FAR
//! is the share of non-mated pairs that score above it, TAR the share of mated pairs, FNMR is 1 − TAR.

mod cost;
mod drawn;
mod kept;
mod report;
mod resampled;
mod scores;
mod told;
mod whom;

pub use crate::interval::Interval;
pub use cost::{CostAt, Costs, Figure, GroupCost, LEAST_PEOPLE, NO_THRESHOLD};
pub use kept::NoReport;
pub use report::{GroupPoint, GroupRow, Report, Shrunk};
pub use resampled::Identification;
pub use scores::{DRAWN_AT, FARS, Point, RANKS, Sample, Scores};
pub use whom::whom_it_shows;
