use std::sync::atomic::{AtomicBool, Ordering};

use department::{Moment, PersonId, ProviderRule};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// What a verified ID token says: one person showed several factors at the department's provider just now. It opens one
/// door, once.
pub struct Proof {
    pub(crate) person: PersonId,
    pub(crate) rule: ProviderRule,
    pub(crate) subject: String,
    pub(crate) acr: Option<String>,
    pub(crate) amr: Vec<String>,
    pub(crate) authenticated_at: Moment,
    pub(crate) issued_at: Moment,
    pub(crate) verified_at: Moment,
    /// Where the browser's session there is ended, with the ID token that says whose.
    pub(crate) end_session: Option<Zeroizing<String>>,
    pub(crate) spent: AtomicBool,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").field("person", &self.person).field("issuer", &self.rule.issuer).finish_non_exhaustive()
    }
}

impl Proof {
    /// Whose door it opens.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The rule by which it was verified.
    pub fn rule(&self) -> &ProviderRule {
        &self.rule
    }

    /// How the provider knows the person: never given to another account there (`sub`).
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// When it was verified, by this machine's clock.
    pub fn verified_at(&self) -> Moment {
        self.verified_at
    }

    /// Where the browser's session with the provider is ended, if the policy wants that and the provider can.
    pub fn end_session(&self) -> Option<&Zeroizing<String>> {
        self.end_session.as_ref()
    }

    /// Takes its one use; `false` where that was taken before.
    pub fn spend(&self) -> bool {
        !self.spent.swap(true, Ordering::SeqCst)
    }

    /// What an audit keeps of it.
    pub fn on_record(&self) -> Value {
        json!({
            "provider": self.rule.issuer, "subject": self.subject, "acr": self.acr, "amr": self.amr,
            "authenticated_at": self.authenticated_at, "issued_at": self.issued_at,
        })
    }
}

/// The provider could not be reached when one person was to sign in there.
#[derive(Debug)]
pub struct Away {
    pub(crate) person: PersonId,
    pub(crate) rule: ProviderRule,
    pub(crate) at: Moment,
    pub(crate) why: String,
}

impl Away {
    /// Who was to sign in.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// By which rule.
    pub fn rule(&self) -> &ProviderRule {
        &self.rule
    }

    /// When it was tried.
    pub fn at(&self) -> Moment {
        self.at
    }

    /// What went wrong.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Where it was tried.
    pub fn host(&self) -> &str {
        host(&self.rule)
    }
}

/// Host and port of a provider, as people are told of it.
pub fn host(rule: &ProviderRule) -> &str {
    let rest = rule.issuer.split_once("://").map_or(rule.issuer.as_str(), |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
