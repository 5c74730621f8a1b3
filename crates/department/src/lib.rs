//! The ground that everything stands on: identities, days and moments, what counts as said, people with their roles and
//! training, and who may change them.
//!
//! **Invariant:** a change of who may do what exists only as a [`StaffChange`], whose constructors ask the rules. This crate
//! knows no case, no disk, no network and no clock.

#![cfg_attr(not(test), warn(clippy::expect_used))]

mod card;
mod gap;
mod ids;
mod moment;
mod person;
mod rules;
mod staff;
pub mod text;
mod written;

pub use card::{Card, fingerprint, is_key};
pub use gap::{Gap, Gaps};
pub use ids::PersonId;
pub use moment::{Clock, Day, Moment};
pub use person::{Person, PersonRef, Role, Training, check_passphrase, is_ori};
pub use rules::{SessionRule, TrainingRule};
pub use staff::{Staff, StaffChange, StaffEvent};
