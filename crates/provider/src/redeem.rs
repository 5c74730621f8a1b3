//! Asking the provider for the ID token of a code.

use catalogue::say;
use department::{Clock, Moment};
use openidconnect::core::{CoreClient, CoreErrorResponseType, CoreJsonWebKeySet};
use openidconnect::{AuthorizationCode, DiscoveryError, RequestTokenError, StandardErrorResponse, TokenResponse};

use crate::ask::{Client, Unasked, in_full};
use crate::refusal::shortened;
use crate::verify::{Unverified, verify};
use crate::{Ask, Attempt, Away, Proof, Provider, Refusal};

impl Provider {
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
