//! The regional service: what its clients can take from it.

use super::Attack;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[];
