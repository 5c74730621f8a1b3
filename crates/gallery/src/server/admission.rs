//! Who asks, and whether they may.

use axum::http::StatusCode;
use catalogue::say;
use service::refusal::Refusal;
use service::request::Caller;

use super::gallery::{Shared, blocking};
use crate::store::{Scope, TokenHolder};

/// The holder of the request's token or certificate, if it allows `scope`.
pub(super) async fn admitted(gallery: &Shared, caller: &Caller, scope: Scope) -> Result<TokenHolder, Refusal> {
    let secret = caller.token().map(str::to_owned);
    let address = caller.origin(gallery.proxied);
    let certificate = caller.certificate.clone();
    if secret.is_none() && certificate.is_none() {
        return Err(Refusal::unauthorized(say!("gallery-send-token-authorization-bearer-operator")));
    }
    blocking(gallery, move |g| {
        let holder = match (&secret, &certificate) {
            (Some(secret), _) => g.locked()?.holder(secret)?,
            (None, Some(certificate)) => g.locked()?.certificate_holder(certificate)?,
            (None, None) => None,
        };
        let Some(holder) = holder else {
            g.failed(address, scope)?;
            return Err(Refusal::unauthorized(say!("gallery-token-certificate-not-valid-here")));
        };
        if holder.may(scope) {
            Ok(holder)
        } else {
            Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                say!("gallery-not-allowed"),
                say!("gallery-token-does-not-allow-ask", scope = scope.code()),
            ))
        }
    })
    .await
}
