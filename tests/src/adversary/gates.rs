//! What screens, commands, records and papers give away, and what a note can be made of.

use super::Attack;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[];
