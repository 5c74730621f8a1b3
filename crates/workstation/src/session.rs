//! A person who is signed in, as the workstation holds them.

use vault::{Entered, SecondFactor};
use zeroize::Zeroizing;

use crate::awake::Awake;

/// A person who is signed in, with their secrets.
pub struct Session {
    pub(crate) entered: Entered,
    /// When the person last did something.
    pub(crate) seen: Awake,
    /// The second factor that they are setting up.
    pub(crate) factor: Option<SecondFactor>,
    /// Where the browser's session with the identity provider is ended.
    pub(crate) end_session: Option<Zeroizing<String>>,
    /// Whether they came in while the identity provider was away.
    pub(crate) away: bool,
}
