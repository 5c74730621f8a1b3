//! The program's process, its files, its memory, its accounts and its audit.

use super::Attack;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[];
