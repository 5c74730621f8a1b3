//! Why the identity provider lets nobody in.

use catalogue::say;

/// Why the identity provider's word, or that it is away, opens no door. The passphrase was right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderRefusal {
    /// The department asks for a sign-in with its provider.
    #[error("{}", say!("vault-provider-asked", name = _0))]
    Asked(String),
    /// The policy in force is not the one that the department signed, and says otherwise about the provider.
    #[error("{}", say!("vault-provider-unsigned"))]
    Unsigned,
    /// Somebody else's proof.
    #[error("{}", say!("vault-provider-another", name = _0))]
    Another(String),
    /// A proof that was used, or is too old, or of a moment to come.
    #[error("{}", say!("vault-provider-used"))]
    Used,
    /// Another account at the provider than the one with which the person signed in here first.
    #[error("{}", say!("vault-provider-account", name = _0))]
    Account(String),
    /// The provider is away, and the policy allows no sign-in without it.
    #[error("{}", say!("vault-provider-no-grace"))]
    NoGrace,
    /// It is away, and the person's last sign-in with it is too long ago, or there was none here.
    #[error("{}", say!("vault-provider-grace-over", name, hours))]
    GraceOver {
        /// Who.
        name: String,
        /// How long one lasts.
        hours: u16,
    },
    /// It is away, and the person has no authenticator app.
    #[error("{}", say!("vault-provider-no-code", name = _0))]
    NoCode(String),
    /// It is away, and the machine's clock stands before what is on record.
    #[error("{}", say!("vault-provider-clock-back", minutes = _0))]
    ClockBack(i64),
}

impl ProviderRefusal {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ProviderRefusal::Asked(_) => "provider-asked",
            ProviderRefusal::Unsigned => "provider-unsigned",
            ProviderRefusal::Another(_) => "provider-another",
            ProviderRefusal::Used => "provider-used",
            ProviderRefusal::Account(_) => "provider-account",
            ProviderRefusal::NoGrace => "provider-no-grace",
            ProviderRefusal::GraceOver { .. } => "provider-grace-over",
            ProviderRefusal::NoCode(_) => "provider-no-code",
            ProviderRefusal::ClockBack(_) => "provider-clock-back",
        }
    }
}
