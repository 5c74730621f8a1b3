use catalogue::say;
use department::{Moment, PersonRef};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient};
use openidconnect::url::{Url, form_urlencoded};
use openidconnect::{
    AuthenticationContextClass, CsrfToken, LoginHint, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};

use crate::refusal::shortened;
use crate::{Provider, Refusal};

/// Octets of what is random in an attempt (state, nonce, PKCE verifier).
const RANDOM: u32 = 32;

/// One sign-in of one person that is under way in a browser.
#[derive(Debug)]
pub struct Attempt {
    pub(crate) person: PersonRef,
    pub(crate) redirect: RedirectUrl,
    issuer: String,
    host: String,
    state: CsrfToken,
    pub(crate) nonce: Nonce,
    verifier: PkceCodeVerifier,
    pub(crate) begun: Moment,
}

/// What a request to the address says to which the provider sends the browser back.
#[derive(Debug)]
pub enum Heard {
    /// The provider's answer to this attempt: a code.
    Code(String),
    /// The provider's answer to this attempt: no.
    Refused(Refusal),
    /// Anything else, from whoever found the port: it is not listened to.
    Foreign,
}

impl Provider {
    /// Begins a sign-in of `person`, whose browser comes back to `redirect`. The address is what the browser opens.
    ///
    /// # Errors
    /// [`Refusal::Unfit`].
    pub fn begin(&self, person: &PersonRef, redirect: &str, now: Moment) -> Result<(Attempt, Url), Refusal> {
        let host = self.host().to_owned();
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|e| Refusal::Unfit { host: host.clone(), why: e.to_string() })?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(RANDOM);
        let client = CoreClient::new(self.client_id(), self.metadata.issuer().clone(), self.keys.clone())
            .set_redirect_uri(redirect.clone())
            .set_auth_uri(self.metadata.authorization_endpoint().clone());
        let fresh = || (CsrfToken::new_random_len(RANDOM), Nonce::new_random_len(RANDOM));
        let (state, nonce) = fresh();
        let (given_state, given_nonce) = (state.clone(), nonce.clone());
        let minutes = u64::from(self.rule.max_age_minutes);
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || given_state, move || given_nonce)
            .set_pkce_challenge(challenge)
            .set_max_age(std::time::Duration::from_secs(minutes * 60))
            .set_login_hint(LoginHint::new(person.badge.clone()));
        for scope in &self.rule.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for acr in &self.rule.acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        if minutes == 0 {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        let (url, ..) = request.url();
        let issuer = self.rule.issuer.clone();
        let attempt = Attempt { person: person.clone(), redirect, issuer, host, state, nonce, verifier, begun: now };
        Ok((attempt, url))
    }
}

impl Attempt {
    pub(crate) fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.verifier.secret().clone())
    }

    /// Reads the query of a request that came to the redirect address. What does not carry this attempt's state is
    /// foreign, and so is what says a thing twice.
    pub fn hear(&self, query: &str) -> Heard {
        let mut found: [Option<String>; 5] = Default::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let at = ["state", "code", "error", "error_description", "iss"].iter().position(|known| *known == name);
            if let Some(at) = at
                && found[at].replace(value.into_owned()).is_some()
            {
                return Heard::Foreign;
            }
        }
        let [state, code, error, description, issuer] = found;
        if !state.is_some_and(|state| same(&state, self.state.secret())) {
            return Heard::Foreign;
        }
        // RFC 9207: an answer of another provider is none.
        if let Some(other) = issuer.filter(|issuer| *issuer != self.issuer) {
            return Heard::Refused(Refusal::Token(say!("provider-answer-of-another", issuer = shortened(&other))));
        }
        match (code, error) {
            (Some(code), None) if !code.is_empty() => Heard::Code(code),
            (_, Some(error)) => {
                let why = description.map_or_else(|| error.clone(), |description| format!("{error}: {description}"));
                Heard::Refused(Refusal::Denied { host: self.host.clone(), why: shortened(&why) })
            }
            _ => Heard::Foreign,
        }
    }
}

/// Compares what is secret without telling by the time that it takes where both differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}
