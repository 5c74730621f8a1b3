//! Who asks, and what they sent: never more than asked for, and never for longer.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use catalogue::say;
use futures_util::StreamExt;

use crate::peer::{Peer, network};
use crate::refusal::Refusal;
use crate::signing;

/// How long the next bytes of a body may take, and how long all of a small one's.
pub(crate) const BODY: Duration = Duration::from_secs(30);
const SMALL_BODY: Duration = Duration::from_secs(60);

/// Who calls: by a token in the headers, or by the certificate of the connection.
#[derive(Debug)]
pub struct Caller {
    /// What came before the body.
    pub headers: HeaderMap,
    /// SHA-256 of the client's certificate, in hexadecimal.
    pub certificate: Option<String>,
    /// The connection's other end.
    pub address: Option<IpAddr>,
}

impl Caller {
    /// The bearer token.
    pub fn token(&self) -> Option<&str> {
        bearer(&self.headers, header::AUTHORIZATION)
    }

    /// SHA-256 of the token or certificate, in hexadecimal.
    pub fn token_sha256(&self) -> Option<String> {
        self.token().map(signing::token_sha256).or_else(|| self.certificate.clone())
    }

    /// Where the request comes from: what a proxy in front says if there is one, or else the connection.
    pub fn origin(&self, proxied: bool) -> Option<IpAddr> {
        let forwarded = self.headers.get("x-forwarded-for").filter(|_| proxied);
        // The last one is the proxy's own word; those before are the client's.
        let said = forwarded.and_then(|v| v.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        said.or(self.address).map(network)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let peer = parts.extensions.get::<ConnectInfo<Peer>>();
        let certificate = peer.and_then(|peer| peer.0.certificate.clone());
        Ok(Self { headers: parts.headers.clone(), certificate, address: peer.map(|peer| peer.0.address.ip()) })
    }
}

/// A bearer token of a header.
pub fn bearer(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer "))?.trim())
}

/// A body of at most `most` bytes, which must come within a minute.
///
/// # Errors
/// [`Refusal`] for one that is longer, slower or breaks off.
pub async fn read(body: Body, most: usize) -> Result<Bytes, Refusal> {
    let late = |_| {
        Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            say!("service-body-too-slow"),
            say!("service-body-took-too-long"),
        )
    };
    let body = tokio::time::timeout(SMALL_BODY, axum::body::to_bytes(body, most)).await.map_err(late)?;
    body.map_err(|_| {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            say!("service-body-not-accepted"),
            say!("service-body-broke-off-longer-than", most),
        )
    })
}

/// A JSON body of at most `most` bytes.
///
/// # Errors
/// [`Refusal`], also for one that does not follow the contract.
pub async fn json_of<T: serde::de::DeserializeOwned>(body: Body, most: usize) -> Result<T, Refusal> {
    let body = read(body, most).await?;
    serde_json::from_slice(&body).map_err(|e| {
        Refusal::invalid(
            "malformed",
            say!("service-malformed-request"),
            say!("service-body-does-not-follow-contract", e),
        )
    })
}

/// The next piece of a long body.
///
/// # Errors
/// [`Refusal`] where it breaks off.
pub async fn piece(body: &mut BodyDataStream) -> Result<Option<Bytes>, Refusal> {
    let broken = || {
        Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            say!("service-body-broke-off"),
            say!("service-body-broke-off-nothing-stored"),
        )
    };
    let next = tokio::time::timeout(BODY, body.next()).await.map_err(|_| broken())?;
    next.transpose().map_err(|_| broken())
}
