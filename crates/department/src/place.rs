//! Which documents a department has, and where one stands in the chain.

use crate::{Moment, PublicKey};

/// What stands before a roster when it is signed, and its schema.
pub const ROSTER: &str = "corroborate/roster/v1";
/// What stands before a policy when it is signed, and its schema.
pub const POLICY: &str = "corroborate/policy/v1";

/// Where a version stands in the chain.
pub(crate) struct Place {
    pub department: PublicKey,
    pub number: u32,
    pub previous: Option<String>,
    pub made_at: Moment,
}
