//! A sign-in at the identity provider, from the browser that opens to the proof.

use std::time::Duration;

use ::provider::{Proof, Provider, Refusal};
use casework::{Clock, PersonRef, ProviderRule};

use super::http::Http;
use super::listener::Listener;
use crate::shown_at_provider::Keys;

/// Has `person` sign in with the provider of `rule`: `browser` opens the address, and is waited for as long as
/// `patience`.
///
/// # Errors
/// [`Refusal`]; nobody is signed in then.
pub async fn ask(
    rule: &ProviderRule,
    person: &PersonRef,
    browser: impl FnOnce(&str) -> Result<(), String> + Send,
    clock: &(dyn Clock + Sync),
    patience: Duration,
    keys: &Keys,
) -> Result<Proof, Refusal> {
    let asks = Http::new(rule).map_err(Refusal::Browser)?;
    let provider = Provider::discover(rule, person, &asks, clock.now()).await?;
    let listener = Listener::bind().await.map_err(|e| Refusal::Browser(e.to_string()))?;
    let (attempt, address) = provider.begin(person, &listener.redirect(), clock.now())?;
    browser(address.as_str()).map_err(Refusal::Browser)?;
    let heard = tokio::time::timeout(patience, listener.wait(&attempt)).await;
    let code = heard.map_err(|_| Refusal::NotAnswered(patience.as_secs().div_ceil(60)))??;
    provider.redeem(attempt, code, &asks, clock, || keys.anew()).await
}
