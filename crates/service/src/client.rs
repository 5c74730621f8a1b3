//! How a workstation asks a service: encrypted, with a token, and with a limit on time and length of everything that comes back.

use std::net::IpAddr;
use std::time::Duration;

use catalogue::say;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url, header};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::Problem;

/// Most bytes of a JSON answer.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
/// How long a service may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long an idle connection is kept: shorter than a service does, which would close it under the next request.
const KEPT: Duration = Duration::from_secs(5);

/// A service could not be asked or did not answer well. Nothing on the workstation changed. `service` names it in words.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The address is not usable.
    #[error("{}", say!("service-not-usable-address", address = format!("{:?}", address), service, why))]
    Address {
        /// Which service.
        service: &'static str,
        /// As typed.
        address: String,
        /// What is wrong.
        why: &'static str,
    },
    /// No connection.
    #[error("{}", say!("service-cannot-reached-check-network-address", service, address))]
    Unreachable {
        /// Which service.
        service: &'static str,
        /// Where.
        address: String,
    },
    /// No answer in time.
    #[error("{}", say!("service-did-not-answer-within-seconds", service, address, n = PATIENCE.as_secs()))]
    Slow {
        /// Which service.
        service: &'static str,
        /// Where.
        address: String,
    },
    /// Wrong token.
    #[error("{}", say!("service-does-not-accept-workstation-token", service))]
    Token {
        /// Which service.
        service: &'static str,
    },
    /// The service refused.
    #[error("{}", say!("service-refused", service, detail = problem.detail))]
    Refused {
        /// Which service.
        service: &'static str,
        /// What it said.
        problem: Box<Problem>,
    },
    /// What it sends cannot be written down here.
    #[error("{}", say!("service-sent-cannot-be-kept", service, source))]
    Unkept {
        /// Which service.
        service: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The answer does not follow the contract.
    #[error("{}", say!("service-s-answer-does-not-follow", service, why))]
    Garbage {
        /// Which service.
        service: &'static str,
        /// What is wrong.
        why: String,
    },
}

impl AskError {
    /// A stable code for programs, such as `gallery-unreachable`.
    pub fn code(&self) -> String {
        let (service, what) = match self {
            AskError::Address { service, .. } => (service, "address"),
            AskError::Unreachable { service, .. } => (service, "unreachable"),
            AskError::Slow { service, .. } => (service, "slow"),
            AskError::Token { service } => (service, "token"),
            AskError::Refused { service, .. } => (service, "refused"),
            AskError::Unkept { service, .. } => (service, "unkept"),
            AskError::Garbage { service, .. } => (service, "garbage"),
        };
        format!("{service}-{what}")
    }

    /// What the service said, where it refused.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            AskError::Refused { problem, .. } => Some(problem),
            _ => None,
        }
    }
}

/// A connection to one service.
#[derive(Debug, Clone)]
pub struct Connection {
    http: reqwest::Client,
    base: Url,
    service: &'static str,
    token: String,
}

impl Connection {
    /// A connection to the `service` at `address`. Plain http is accepted for this machine only.
    ///
    /// # Errors
    /// [`AskError::Address`].
    pub fn new(service: &'static str, address: &str) -> Result<Self, AskError> {
        let bad = |why| AskError::Address { service, address: address.to_owned(), why };
        let base = Url::parse(address.trim()).map_err(|_| bad(say!("service-write-like-https-example-gov")))?;
        let local = base.host_str().is_some_and(|h| {
            h == "localhost" || h.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        });
        match base.scheme() {
            "https" => {}
            "http" if local => {}
            "http" => return Err(bad(say!("service-sent-leaves-machine-encrypted-only"))),
            _ => return Err(bad(say!("service-must-begin-https"))),
        }
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .pool_idle_timeout(KEPT)
            .timeout(PATIENCE);
        if local {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|_| bad(say!("service-machine-cannot-make-secure-connections")))?;
        Ok(Self { http, base, service, token: String::new() })
    }

    /// The same with a bearer token.
    pub fn with_token(self, token: &str) -> Self {
        Self { token: token.trim().to_owned(), ..self }
    }

    /// The address.
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Host and port as the service reads them in its requests.
    pub fn authority(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// A request for a `path` of the service.
    ///
    /// # Errors
    /// [`AskError::Garbage`] where the path, which a service may have named, leads elsewhere.
    pub fn call(&self, method: Method, path: &str) -> Result<RequestBuilder, AskError> {
        let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|_| self.garbage(say!("service-names-malformed-path")))?;
        if url.origin() == self.base.origin() {
            Ok(self.http.request(method, url))
        } else {
            Err(self.garbage(say!("service-names-another-server")))
        }
    }

    /// Sends a request and reads the JSON that answers it.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn json<T: DeserializeOwned>(&self, call: RequestBuilder) -> Result<T, AskError> {
        let response = self.send(call).await?;
        let body = self.body(response, MAX_ANSWER).await?;
        serde_json::from_slice(&body).map_err(|e| self.garbage(e.to_string()))
    }

    /// Sends a request, with the bearer token if there is one.
    ///
    /// # Errors
    /// [`AskError`], also for a status that is no success.
    pub async fn send(&self, call: RequestBuilder) -> Result<Response, AskError> {
        let call = if self.token.is_empty() { call } else { call.bearer_auth(&self.token) };
        let response = call.send().await.map_err(|e| self.transport(&e))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let is_problem = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|t| t.as_bytes().starts_with(b"application/problem+json"));
        let body = self.body(response, MAX_ANSWER).await?;
        let problem = is_problem.then(|| serde_json::from_slice::<Problem>(&body).ok()).flatten();
        let service = self.service;
        Err(match (status, problem) {
            (StatusCode::UNAUTHORIZED, _) => AskError::Token { service },
            (StatusCode::FORBIDDEN, problem) if problem.as_ref().is_none_or(|p| p.code == "forbidden") => {
                AskError::Token { service }
            }
            (_, Some(problem)) => AskError::Refused { service, problem: Box::new(problem) },
            (status, None) => self.garbage(say!("service-status-without-reason", status)),
        })
    }

    /// The bytes of an answer.
    ///
    /// # Errors
    /// [`AskError`], also where it is longer than `limit` bytes.
    pub async fn body(&self, mut response: Response, limit: usize) -> Result<Vec<u8>, AskError> {
        let (mut body, mut left) = (Vec::new(), limit);
        while let Some(part) = self.part(&mut response, &mut left, limit).await? {
            body.extend_from_slice(part.as_ref());
        }
        Ok(body)
    }

    /// Writes the bytes of an answer away as they come.
    ///
    /// # Errors
    /// [`AskError`], also where it is longer than `limit` bytes; [`AskError::Unkept`] where they cannot be written.
    pub async fn save(
        &self,
        mut response: Response,
        limit: usize,
        to: &mut (impl AsyncWrite + Unpin),
    ) -> Result<(), AskError> {
        let unkept = |source| AskError::Unkept { service: self.service, source };
        let mut left = limit;
        while let Some(part) = self.part(&mut response, &mut left, limit).await? {
            to.write_all(part.as_ref()).await.map_err(unkept)?;
        }
        to.flush().await.map_err(unkept)
    }

    async fn part(
        &self,
        response: &mut Response,
        left: &mut usize,
        limit: usize,
    ) -> Result<Option<impl AsRef<[u8]> + use<>>, AskError> {
        let part = response.chunk().await.map_err(|e| self.transport(&e))?;
        let length = part.as_ref().map_or(0, |part| part.len());
        *left = left.checked_sub(length).ok_or_else(|| self.garbage(say!("service-longer-than-bytes", limit)))?;
        Ok(part)
    }

    /// An answer that does not follow the contract.
    pub fn garbage(&self, why: impl Into<String>) -> AskError {
        AskError::Garbage { service: self.service, why: why.into() }
    }

    fn transport(&self, error: &reqwest::Error) -> AskError {
        let (service, address) = (self.service, self.address().to_owned());
        if error.is_timeout() && !error.is_connect() {
            AskError::Slow { service, address }
        } else if error.is_decode() || error.is_body() {
            self.garbage(say!("service-breaks-off"))
        } else {
            AskError::Unreachable { service, address }
        }
    }
}
