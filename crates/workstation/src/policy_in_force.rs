//! The policy that holds, with its text as the department signs it.

use std::ops::Deref;
use std::sync::Arc;

use catalogue::say;
use sha2::{Digest, Sha256};

use casework::Policy;

use crate::error::{CommandError, Outcome};

/// A policy with its text as the department signs it.
#[derive(Debug)]
pub(crate) struct PolicyInForce {
    pub(crate) policy: Policy,
    pub(crate) text: String,
}

impl PolicyInForce {
    /// Reads a policy.
    ///
    /// # Errors
    /// When it is malformed, or goes below a floor.
    pub(crate) fn read(text: &str) -> Outcome<Self> {
        let policy: Policy = toml::from_str(text).map_err(|e| unreadable_policy(&e))?;
        let policy = Policy { sha256: hex::encode(Sha256::digest(text)), ..policy };
        let policy = policy.check().map_err(|e| CommandError::new("policy", e))?;
        Ok(Self { policy, text: text.to_owned() })
    }
}

pub(crate) fn unreadable_policy(e: &dyn std::fmt::Display) -> CommandError {
    CommandError::new("policy", say!("workstation-policy-file-cannot-read-nothing", e))
}

/// The policy in force, as it was when it was asked for.
pub(crate) struct InForce(pub(crate) Arc<PolicyInForce>);

impl Deref for InForce {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        &self.0.policy
    }
}
