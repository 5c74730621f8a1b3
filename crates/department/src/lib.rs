//! The ground that everything stands on: identities, days and moments, what counts as said, people with their roles and
//! training, the department's roster and policy text, and who could do what when.
//!
//! **Invariants:** a change of who may do what exists only as a [`StaffChange`], whose constructors ask the rules. A
//! [`Chain`] holds a version only if it follows from the root key on, signed by whoever administered before; a
//! [`Verified`] statement was allowed by the roster in force at the moment that it claims. This crate knows no case, no disk,
//! no network and no clock.

#![cfg_attr(not(test), warn(clippy::expect_used))]

mod card;
mod chain;
mod document;
pub mod escrow;
mod gap;
mod ids;
mod key;
mod moment;
mod person;
mod place;
mod refusal;
mod roster;
mod roster_text;
mod rules;
mod staff;
mod standing;
mod statement;
mod strict;
pub mod text;
mod written;

pub use card::{Card, fingerprint, is_key};
pub use chain::{Chain, HighestSeen, InForce, SignedBy, Signers};
pub use document::{Body, MOST_BYTES, PolicyText, Signature, Version};
pub use gap::{Gap, Gaps};
pub use ids::PersonId;
pub use key::{KeySpan, PublicKey};
pub use moment::{Clock, Day, Moment};
pub use person::{Person, PersonRef, Role, Training, check_passphrase, is_ori};
pub use place::{POLICY, ROSTER};
pub use refusal::Refusal;
pub use roster::{Member, Recipient, Roster, RosterDraft, Witness, Workstation};
pub use rules::{ProviderFault, ProviderRule, SessionRule, TrainingRule};
pub use staff::{Staff, StaffChange, StaffEvent};
pub use standing::{Acting, PolicyChange};
pub use statement::{Caveat, Kind, Known, Statement, Timing, Unsigned, Verified};
pub use strict::read as read_canonical;
