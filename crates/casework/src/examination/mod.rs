//! The fourth gate: the comparison of a probe with candidates, and what of it may be seen when.
//!
//! An examination goes through four states, each a type of its own: [`Blind`], [`Concluded`],
//! [`Unveiled`], [`Verified`]. Scores and records of candidates are reached only through the two
//! latter ([`Unveiled::records`]), so that no screen can show them earlier.

mod analysis;
mod blind;
mod comparison;
mod component;
mod conclusion;
mod history;
mod listing;
mod mark;
mod proof;
mod state;
mod unveiled;
mod view;
mod work;

pub use analysis::{ProbeAnalysis, Seen, Suitability, Visibility};
pub use blind::{Blind, Concluded};
pub use comparison::{Comparison, Observation, Similarity};
pub use component::Component;
pub use conclusion::{ChangedConclusion, Conclusion, Outcome, RecordedConclusion};
pub use history::{GivenUp, History, SetAside, UnveiledElsewhere};
pub use listing::Listing;
pub use mark::{MAX_MARKS, MAX_POINTS, Mark, OnImage, Place, Shape};
pub use proof::ConcludedExamination;
pub use state::{Examination, ExaminationRecord};
pub use unveiled::{Unveiled, Verified};
pub use view::{SideSettings, ViewMode, ViewSettings};
pub use work::Work;
