//! Who asks, whether they may, and what they sent.

use super::*;

/// Who calls: by a token in the headers, or by the certificate of the connection.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) headers: HeaderMap,
    /// SHA-256 of the client's certificate, in hexadecimal.
    pub(super) certificate: Option<String>,
    pub(super) address: Option<IpAddr>,
}

impl Caller {
    /// SHA-256 of the token or certificate, in hexadecimal.
    pub(super) fn token_sha256(&self) -> Option<String> {
        let token = bearer(&self.headers, header::AUTHORIZATION).map(gallery_api::signing::token_sha256);
        token.or_else(|| self.certificate.clone())
    }

    /// Where the request comes from: what a proxy in front says, or else the connection.
    pub(super) fn origin(&self, gallery: &Gallery) -> Option<IpAddr> {
        let forwarded = self.headers.get("x-forwarded-for").filter(|_| gallery.proxied);
        // The last one is the proxy's own word; those before are the client's.
        let said = forwarded.and_then(|v| v.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        said.or(self.address).map(tls::network)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<tls::Peer>>();
        let certificate = peer.and_then(|peer| peer.0.certificate.clone());
        Ok(Self { headers: parts.headers.clone(), certificate, address: peer.map(|peer| peer.0.address.ip()) })
    }
}

/// The holder of the request's token or certificate, if it allows `scope`.
pub(super) async fn admitted(gallery: &Shared, caller: &Caller, scope: Scope) -> Result<TokenHolder, Refusal> {
    let secret = bearer(&caller.headers, header::AUTHORIZATION).map(str::to_owned);
    let address = caller.origin(gallery);
    let unauthorized = |detail: &str| Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", "Token needed", detail);
    let certificate = caller.certificate.clone();
    if secret.is_none() && certificate.is_none() {
        return Err(unauthorized("Send the gallery's token as Authorization: Bearer …; its operator issues it."));
    }
    blocking(gallery, move |g| {
        let holder = match (&secret, &certificate) {
            (Some(secret), _) => g.locked()?.holder(secret)?,
            (None, Some(certificate)) => g.locked()?.certificate_holder(certificate)?,
            (None, None) => None,
        };
        let Some(holder) = holder else {
            g.failed(address, scope)?;
            return Err(unauthorized(
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

/// A body of at most `most` bytes, which must come within a minute.
pub(super) async fn read(body: Body, most: usize) -> Result<Bytes, Refusal> {
    let late = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "Body too slow", "The body took too long.");
    let body = tokio::time::timeout(SMALL_BODY, axum::body::to_bytes(body, most)).await.map_err(late)?;
    body.map_err(|_| {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Body not accepted",
            format!("The body broke off or is longer than the {most} bytes that are taken here."),
        )
    })
}

/// A small JSON body.
pub(super) async fn json_of<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    let body = read(body, MAX_BODY).await?;
    serde_json::from_slice(&body).map_err(|e| {
        Refusal::invalid("malformed", "Malformed request", format!("The body does not follow the contract: {e}."))
    })
}

/// The next piece of a long body.
pub(super) async fn piece(body: &mut BodyDataStream) -> Result<Option<Bytes>, Refusal> {
    let broken = || {
        Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "Body broke off",
            "The body broke off. Nothing was stored.",
        )
    };
    let next = tokio::time::timeout(BODY, body.next()).await.map_err(|_| broken())?;
    next.transpose().map_err(|_| broken())
}

/// Whose records the holder of a token may change.
pub(super) fn by(token: &TokenHolder) -> Authority<'_> {
    Authority::Agency { ori: &token.agency, user: &token.user }
}

/// A bearer token of a header.
pub(super) fn bearer(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer "))?.trim())
}
