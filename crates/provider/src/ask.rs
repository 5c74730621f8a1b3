//! Asking the provider: what it is, which keys it signs with, and for the ID token of a code.

use std::future::Future;
use std::pin::Pin;

use catalogue::say;
use department::{Clock, Moment, PersonRef, ProviderRule};
use openidconnect::core::{CoreClient, CoreErrorResponseType, CoreJsonWebKeySet};
use openidconnect::url::Url;
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, DiscoveryError, IssuerUrl, ProviderMetadataWithLogout,
    RequestTokenError, StandardErrorResponse, TokenResponse,
};

use crate::proof::host;
use crate::refusal::shortened;
use crate::verify::{Unverified, verify};
use crate::{Attempt, Away, Proof, Refusal};

/// A request to the provider.
pub type Request = openidconnect::HttpRequest;
/// What it answered.
pub type Response = openidconnect::HttpResponse;
/// An answer that is waited for.
pub type Asked<'a> = Pin<Box<dyn Future<Output = Result<Response, Unasked>> + Send + 'a>>;

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Unasked {
    /// Nobody answers there, or says that they cannot now.
    #[error("{0}")]
    Away(String),
    /// The address may not be asked, or the answer cannot be taken.
    #[error("{0}")]
    Unusable(String),
}

/// Whoever makes the connections: encrypted, following no redirect, with a limit on time and length of what comes back.
pub trait Ask: Send + Sync {
    /// Sends a request.
    fn ask(&self, request: Request) -> Asked<'_>;
}

pub(crate) struct Client<'a>(pub &'a dyn Ask);

impl<'c> AsyncHttpClient<'c> for Client<'_> {
    type Error = Unasked;
    type Future = Asked<'c>;

    fn call(&'c self, request: Request) -> Self::Future {
        self.0.ask(request)
    }
}

/// The provider as it describes itself, with the keys that it signs with.
#[derive(Debug)]
pub struct Provider {
    pub(crate) rule: ProviderRule,
    pub(crate) metadata: ProviderMetadataWithLogout,
    pub(crate) keys: CoreJsonWebKeySet,
}

/// Whether an address may be sent something that nobody else may read.
fn is_private(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(openidconnect::url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(openidconnect::url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(openidconnect::url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

impl Provider {
    /// Asks the provider of `rule` what it is, for a sign-in of `person`.
    ///
    /// # Errors
    /// [`Refusal::Away`], [`Refusal::Unfit`].
    pub async fn discover(
        rule: &ProviderRule,
        person: &PersonRef,
        asks: &dyn Ask,
        now: Moment,
    ) -> Result<Self, Refusal> {
        let unfit = |why: String| Refusal::Unfit { host: host(rule).to_owned(), why };
        let away = |why| Refusal::Away(Box::new(Away { person: person.id, rule: rule.clone(), at: now, why }));
        let issuer = IssuerUrl::new(rule.issuer.clone()).map_err(|e| unfit(e.to_string()))?;
        if !is_private(issuer.url()) {
            return Err(unfit(say!("provider-address-not-private", address = rule.issuer)));
        }
        let found = ProviderMetadataWithLogout::discover_async(issuer, &Client(asks)).await;
        let metadata = found.map_err(|error| match error {
            DiscoveryError::Request(Unasked::Away(why)) => away(why),
            other => unfit(in_full(&other)),
        })?;
        // What it names is opened in a browser and sent codes: nothing but what nobody reads on the way.
        let end_session = metadata.additional_metadata().end_session_endpoint.as_ref().map(|url| url.url());
        let token = metadata.token_endpoint().ok_or_else(|| unfit(say!("provider-no-token-endpoint").to_owned()))?;
        let named = [metadata.authorization_endpoint().url(), token.url(), metadata.jwks_uri().url()];
        if let Some(open) = named.into_iter().chain(end_session).find(|url| !is_private(url)) {
            return Err(unfit(say!("provider-address-not-private", address = open)));
        }
        let keys = metadata.jwks().clone();
        Ok(Self { rule: rule.clone(), metadata, keys })
    }

    /// Host and port, as people are told of it.
    pub fn host(&self) -> &str {
        host(&self.rule)
    }

    /// Exchanges the code that the browser brought, and verifies the ID token. Where that is signed with a key that was
    /// not there when the provider was asked, its keys are fetched anew once, if `anew` allows it.
    ///
    /// # Errors
    /// [`Refusal`]; the attempt is over then.
    pub async fn redeem(
        mut self,
        attempt: Attempt,
        code: String,
        asks: &dyn Ask,
        clock: &(dyn Clock + Sync),
        anew: impl FnOnce() -> bool + Send,
    ) -> Result<Proof, Refusal> {
        let token = self.exchange(&attempt, code, asks, clock).await?;
        match verify(&token, &self, &attempt, clock.now()) {
            Err(Unverified::UnknownKey) if anew() => {
                let uri = self.metadata.jwks_uri();
                self.keys = CoreJsonWebKeySet::fetch_async(uri, &Client(asks)).await.map_err(|error| match error {
                    DiscoveryError::Request(Unasked::Away(why)) => self.away(&attempt, clock.now(), why),
                    other => Refusal::Unfit { host: self.host().to_owned(), why: in_full(&other) },
                })?;
                verify(&token, &self, &attempt, clock.now()).map_err(|error| error.refusal(self.host()))
            }
            verified => verified.map_err(|error| error.refusal(self.host())),
        }
    }

    fn away(&self, attempt: &Attempt, now: Moment, why: String) -> Refusal {
        Refusal::Away(Box::new(Away { person: attempt.person.id, rule: self.rule.clone(), at: now, why }))
    }

    pub(crate) fn client_id(&self) -> ClientId {
        ClientId::new(self.rule.client_id.clone())
    }

    async fn exchange(
        &self,
        attempt: &Attempt,
        code: String,
        asks: &dyn Ask,
        clock: &(dyn Clock + Sync),
    ) -> Result<String, Refusal> {
        let refused = |why: String| Refusal::Exchange { host: self.host().to_owned(), why };
        let token = self.metadata.token_endpoint().ok_or_else(|| refused(String::new()))?;
        let client = CoreClient::new(self.client_id(), self.metadata.issuer().clone(), self.keys.clone())
            .set_redirect_uri(attempt.redirect.clone())
            .set_token_uri(token.clone());
        let asked = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(attempt.verifier())
            .request_async(&Client(asks))
            .await;
        let answer = asked.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => refused(said_by(&said)),
            RequestTokenError::Request(Unasked::Away(why)) => self.away(attempt, clock.now(), why),
            // Its text would show what the provider sent, which may hold a token.
            RequestTokenError::Parse(_, _) => Refusal::Token(say!("provider-answer-malformed").to_owned()),
            other => refused(other.to_string()),
        })?;
        let token = answer.id_token().ok_or_else(|| Refusal::Token(say!("provider-no-id-token").to_owned()))?;
        Ok(token.to_string())
    }
}

fn said_by(said: &StandardErrorResponse<CoreErrorResponseType>) -> String {
    shortened(&match said.error_description() {
        Some(description) => format!("{}: {description}", said.error().as_ref()),
        None => said.error().as_ref().to_owned(),
    })
}

fn in_full(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(further) = source {
        text = format!("{text}: {further}");
        source = further.source();
    }
    shortened(&text)
}
