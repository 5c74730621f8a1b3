//! The invitation by which a workstation joins a department.

use catalogue::say;
use department::PublicKey;
use serde::{Deserialize, Serialize};

use crate::error::{CommandError, Outcome};
use crate::settings::relay_address;

/// Schema of an [`Invitation`].
const INVITATION: &str = "corroborate.invitation.v1";

/// What a workstation must know of a department to join it. Nothing of it is secret; the root key's fingerprint is compared by
/// voice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invitation {
    /// `corroborate.invitation.v1`.
    schema: String,
    /// The department's name, as whoever made the invitation calls it.
    pub(crate) name: String,
    /// Its root key: 64 hexadecimal digits.
    root: String,
    /// Address of its relay.
    pub(crate) relay: String,
}

impl Invitation {
    /// The invitation to the department of `root`, by its `relay`.
    pub(crate) fn of(name: &str, root: &PublicKey, relay: &str) -> Self {
        let [schema, name, relay] = [INVITATION, name, relay].map(str::to_owned);
        Self { schema, name, root: root.to_string(), relay }
    }

    /// What is pasted at the workstation that joins.
    pub(crate) fn text(&self) -> Outcome<String> {
        Ok(vault::canonical(self)?)
    }

    /// Reads an invitation that somebody pasted.
    ///
    /// # Errors
    /// `invitation`; what is wrong with the relay's address.
    pub(crate) fn read(text: &str) -> Outcome<(Self, PublicKey)> {
        let none = || CommandError::new("invitation", say!("workstation-no-invitation"));
        let invitation: Self = serde_json::from_str(text.trim()).map_err(|_| none())?;
        let root = PublicKey::read(&invitation.root).map_err(|_| none())?;
        let relay = relay_address(&invitation.relay)?;
        if invitation.schema != INVITATION || relay.is_empty() {
            return Err(none());
        }
        Ok((Self { relay, ..invitation }, root))
    }
}
