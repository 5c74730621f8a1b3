use catalogue::say;

use crate::Away;

/// Why somebody did not show their second factor at the provider. Nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It cannot be reached, or says that it cannot answer now.
    #[error("{}", say!("provider-away", host = _0.host(), why = _0.why()))]
    Away(Box<Away>),
    /// What it says of itself cannot be used.
    #[error("{}", say!("provider-unfit", host, why))]
    Unfit {
        /// Which provider.
        host: String,
        /// What is wrong.
        why: String,
    },
    /// The browser could not be opened, or nothing could be listened for.
    #[error("{}", say!("provider-no-browser", why = _0))]
    Browser(String),
    /// Nobody signed in there in time.
    #[error("{}", say!("provider-not-answered", minutes = _0))]
    NotAnswered(u64),
    /// It refused the person, or they gave up there.
    #[error("{}", say!("provider-denied", host, why))]
    Denied {
        /// Which provider.
        host: String,
        /// As it says.
        why: String,
    },
    /// It did not exchange the code that the browser brought.
    #[error("{}", say!("provider-exchange-refused", host, why))]
    Exchange {
        /// Which provider.
        host: String,
        /// As it says.
        why: String,
    },
    /// The ID token is none of this provider for this program and this attempt.
    #[error("{}", say!("provider-token", why = _0))]
    Token(String),
    /// It is signed with a key that the provider does not publish.
    #[error("{}", say!("provider-unknown-key", host = _0))]
    UnknownKey(String),
    /// The clocks of provider and workstation differ by more than the policy allows.
    #[error("{}", if *behind { say!("provider-clock-behind", minutes) } else { say!("provider-clock-ahead", minutes) })]
    Clock {
        /// Whole minutes, rounded up.
        minutes: i64,
        /// Whether it is the workstation's clock that is behind.
        behind: bool,
    },
    /// The ID token has ended.
    #[error("{}", say!("provider-expired"))]
    Expired,
    /// It does not say that the person showed several factors.
    #[error("{}", say!("provider-one-factor", said = _0))]
    OneFactor(String),
    /// The person was signed in there too long ago, or it does not say since when.
    #[error("{}", say!("provider-signed-in-long-ago"))]
    LongAgo,
    /// Somebody else signed in there.
    #[error("{}", say!("provider-other-person", found, wanted))]
    OtherPerson {
        /// Badge of whoever did.
        found: String,
        /// Badge of the person whose door it is.
        wanted: String,
    },
    /// Somebody of another agency signed in there.
    #[error("{}", say!("provider-other-agency", found, wanted))]
    OtherAgency {
        /// Their agency.
        found: String,
        /// The agency of the person whose door it is.
        wanted: String,
    },
}

impl Refusal {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Away(_) => "provider-away",
            Refusal::Unfit { .. } => "provider-unfit",
            Refusal::Browser(_) => "provider-no-browser",
            Refusal::NotAnswered(_) => "provider-not-answered",
            Refusal::Denied { .. } => "provider-denied",
            Refusal::Exchange { .. } => "provider-exchange-refused",
            Refusal::Token(_) => "provider-token",
            Refusal::UnknownKey(_) => "provider-unknown-key",
            Refusal::Clock { .. } => "provider-clock",
            Refusal::Expired => "provider-expired",
            Refusal::OneFactor(_) => "provider-one-factor",
            Refusal::LongAgo => "provider-signed-in-long-ago",
            Refusal::OtherPerson { .. } => "provider-other-person",
            Refusal::OtherAgency { .. } => "provider-other-agency",
        }
    }
}

/// What somebody else wrote, short and without anything that would not be seen.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
