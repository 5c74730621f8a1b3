//! The blind second examination of a lead.

mod record;
mod task;

pub use record::{Agreement, Conference, Verification};
pub use task::{VerificationState, VerificationTask};
