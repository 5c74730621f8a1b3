//! Asking the provider: what it is, and which keys it signs with.

use std::future::Future;
use std::pin::Pin;

use catalogue::say;
use department::{Moment, PersonRef, ProviderRule};
use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, ClientId, DiscoveryError, IssuerUrl, ProviderMetadataWithLogout};

use crate::proof::host;
use crate::refusal::shortened;
use crate::{Away, Refusal};

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

    pub(crate) fn client_id(&self) -> ClientId {
        ClientId::new(self.rule.client_id.clone())
    }
}

/// An error with all that it comes from.
pub(crate) fn in_full(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(further) = source {
        text = format!("{text}: {further}");
        source = further.source();
    }
    shortened(&text)
}
