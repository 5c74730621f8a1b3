//! Who asks, and whether they may.

use super::*;

/// The holder of the request's token or certificate, if it allows `scope`.
pub(super) async fn admitted(gallery: &Shared, caller: &Caller, scope: Scope) -> Result<TokenHolder, Refusal> {
    let secret = caller.token().map(str::to_owned);
    let address = caller.origin(gallery.proxied);
    let certificate = caller.certificate.clone();
    if secret.is_none() && certificate.is_none() {
        return Err(Refusal::unauthorized(
            "Send the gallery's token as Authorization: Bearer …; its operator issues it.",
        ));
    }
    blocking(gallery, move |g| {
        let holder = match (&secret, &certificate) {
            (Some(secret), _) => g.locked()?.holder(secret)?,
            (None, Some(certificate)) => g.locked()?.certificate_holder(certificate)?,
            (None, None) => None,
        };
        let Some(holder) = holder else {
            g.failed(address, scope)?;
            return Err(Refusal::unauthorized(
                "This token or certificate is not valid here, has expired or was revoked. Ask the gallery's operator.",
            ));
        };
        if holder.may(scope) {
            Ok(holder)
        } else {
            Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "Not allowed",
                format!("This token does not allow {}. Ask the gallery's operator.", scope.code()),
            ))
        }
    })
    .await
}

/// Whose records the holder of a token may change.
pub(super) fn by(token: &TokenHolder) -> Authority<'_> {
    Authority::Agency { ori: &token.agency, user: &token.user }
}
