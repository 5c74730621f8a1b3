//! The workstation's side: asks a gallery and trusts nothing that comes back.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Response, StatusCode, Url, header};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::signing;
use crate::wire::{
    Anchor, Info, Mailbox, MailboxClaim, Opened, Problem, SearchAnswer, SearchRequest, Searches, WithdrawnOf,
};

/// Most bytes of a JSON answer.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
/// Most bytes of a photograph.
const MAX_PHOTO: usize = 16 * 1024 * 1024;
/// Most bytes of a case package.
const MAX_PACKAGE: usize = 1_000_000_000;
/// How long a case package may take on its way.
const LONG_PATIENCE: Duration = Duration::from_secs(600);
/// How long a gallery may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The gallery could not be asked or did not answer well. Nothing on the workstation changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is not usable.
    #[error("{address:?} is not a usable gallery address: {why}")]
    Address {
        /// As typed.
        address: String,
        /// What is wrong.
        why: &'static str,
    },
    /// No connection.
    #[error("the gallery at {0} cannot be reached. Check the network and the address in Settings, then try again")]
    Unreachable(String),
    /// No answer in time.
    #[error("the gallery at {0} did not answer within {n} seconds. Try again; if it stays slow, tell its operator", n = PATIENCE.as_secs())]
    Slow(String),
    /// Wrong token.
    #[error(
        "the gallery does not accept this workstation's token. Ask its operator for a token and enter it in Settings"
    )]
    Token,
    /// Another model.
    #[error("{0}")]
    ModelMismatch(String),
    /// The gallery refused.
    #[error("the gallery refused: {}", .0.detail)]
    Refused(Box<Problem>),
    /// The answer does not follow the contract.
    #[error("the gallery's answer does not follow its contract ({0}). It was not used. Tell the gallery's operator")]
    Garbage(String),
}

impl ClientError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ClientError::Address { .. } => "gallery-address",
            ClientError::Unreachable(_) => "gallery-unreachable",
            ClientError::Slow(_) => "gallery-slow",
            ClientError::Token => "gallery-token",
            ClientError::ModelMismatch(_) => "model-mismatch",
            ClientError::Refused(_) => "gallery-refused",
            ClientError::Garbage(_) => "gallery-garbage",
        }
    }
}

/// A connection to one gallery.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: String,
}

impl Client {
    /// A client of the gallery at `address`. Plain http is accepted for this machine only.
    ///
    /// # Errors
    /// [`ClientError::Address`].
    pub fn new(address: &str, token: &str) -> Result<Self, ClientError> {
        let bad = |why| ClientError::Address { address: address.to_owned(), why };
        let base = Url::parse(address.trim()).map_err(|_| bad("write it like https://gallery.example.gov"))?;
        let local = base.host_str().is_some_and(|h| {
            h == "localhost" || h.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        });
        match base.scheme() {
            "https" => {}
            "http" if local => {}
            "http" => return Err(bad("templates leave this machine encrypted only; use https")),
            _ => return Err(bad("it must begin with https://")),
        }
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(PATIENCE);
        if local {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|_| bad("this machine cannot make secure connections"))?;
        Ok(Self { http, base, token: token.trim().to_owned() })
    }

    /// The address.
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Asks what the gallery holds.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn info(&self) -> Result<Info, ClientError> {
        let info: Info = self.json(self.http.get(self.at("/v1/info")?)).await?;
        if info.service != "corroborate-gallery" {
            return Err(ClientError::Garbage("it is another service".to_owned()));
        }
        Ok(info)
    }

    /// Searches. `key` makes a repeat of the same request harmless.
    ///
    /// # Errors
    /// [`ClientError`]; `ModelMismatch` when the gallery is enrolled with another model.
    pub async fn search(&self, request: &SearchRequest, key: &str) -> Result<SearchAnswer, ClientError> {
        let call = self.http.post(self.at("/v1/searches")?).header("idempotency-key", key).json(request);
        let answer: SearchAnswer = self.json(call).await?;
        check(&answer).map_err(|why| ClientError::Garbage(why.to_owned()))?;
        Ok(answer)
    }

    /// Says that a candidate of an own search was opened: its photographs come whole from then on. To repeat it is
    /// harmless.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn opened(&self, search: Uuid, candidate: Uuid) -> Result<(), ClientError> {
        let call = self.http.post(self.at(&format!("/v1/searches/{search}/opened"))?);
        self.send(call.json(&Opened { candidate_id: candidate })).await.map(drop)
    }

    /// Fetches the photograph of a candidate of an answer: small until the candidate was opened.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn photo(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        let response = self.send(self.http.get(self.at(path)?)).await?;
        self.body(response, MAX_PHOTO).await
    }

    /// Candidates of own searches whose records were expunged or suppressed since, by search.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn withdrawn(&self, searches: Vec<Uuid>) -> Result<BTreeMap<Uuid, Vec<Uuid>>, ClientError> {
        let call = self.http.post(self.at("/v1/searches/withdrawn")?).json(&Searches { searches });
        let answer: WithdrawnOf = self.json(call).await?;
        let read = |gone: Vec<String>| gone.iter().map(|id| id.parse()).collect::<Result<Vec<Uuid>, _>>();
        let each = answer.searches.into_iter().map(|(search, gone)| Ok((search, read(gone)?)));
        let all: Result<_, uuid::Error> = each.collect();
        all.map_err(|_| ClientError::Garbage("a candidate has no identity".to_owned()))
    }

    /// Puts a package into a mailbox of the department's desk. To repeat it is harmless.
    ///
    /// # Errors
    /// [`ClientError`]; refused with `no-desk` where the service keeps none.
    pub async fn put_package(&self, mailbox: &str, id: Uuid, bytes: Vec<u8>) -> Result<(), ClientError> {
        let call = self.http.put(self.at(&format!("/v1/casework/{mailbox}/{id}"))?).timeout(LONG_PATIENCE).body(bytes);
        self.send(call).await.map(drop)
    }

    /// What the key of a mailbox signs ([`signing::message`]) so that this client's token opens it.
    pub fn mailbox_text(&self, mailbox: &str) -> String {
        signing::mailbox_text(mailbox, &signing::token_sha256(&self.token))
    }

    /// Proves to the desk that this workstation has the key of a mailbox: `signature`, in hexadecimal, of
    /// [`Client::mailbox_text`]. To repeat it is harmless.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn prove_mailbox(&self, mailbox: &str, signature: String) -> Result<(), ClientError> {
        let call = self.http.post(self.at(&format!("/v1/casework/{mailbox}/proof"))?);
        self.send(call.json(&MailboxClaim { signature })).await.map(drop)
    }

    /// What waits in a mailbox whose key was proved.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn mailbox(&self, mailbox: &str) -> Result<Mailbox, ClientError> {
        self.json(self.http.get(self.at(&format!("/v1/casework/{mailbox}"))?)).await
    }

    /// Fetches a package.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn package(&self, mailbox: &str, id: Uuid) -> Result<Vec<u8>, ClientError> {
        let call = self.http.get(self.at(&format!("/v1/casework/{mailbox}/{id}"))?).timeout(LONG_PATIENCE);
        let response = self.send(call).await?;
        self.body(response, MAX_PACKAGE).await
    }

    /// Takes a package away from the desk once it is safe here. To repeat it is harmless.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn take_package(&self, mailbox: &str, id: Uuid) -> Result<(), ClientError> {
        self.send(self.http.delete(self.at(&format!("/v1/casework/{mailbox}/{id}"))?)).await.map(drop)
    }

    /// Deposits the signed head of this workstation's audit.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn deposit_anchor(&self, anchor: &Anchor) -> Result<(), ClientError> {
        self.send(self.http.post(self.at("/v1/anchors")?).json(anchor)).await.map(drop)
    }

    /// The latest signed head that this gallery has of a workstation, if it has one.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn last_anchor(&self, workstation: &str) -> Result<Option<Anchor>, ClientError> {
        match self.json(self.http.get(self.at(&format!("/v1/anchors/{workstation}"))?)).await {
            Ok(anchor) => Ok(Some(anchor)),
            Err(ClientError::Refused(problem)) if problem.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn at(&self, path: &str) -> Result<Url, ClientError> {
        let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|_| ClientError::Garbage("it names a malformed path".to_owned()))?;
        if url.origin() == self.base.origin() {
            Ok(url)
        } else {
            Err(ClientError::Garbage("it names another server".to_owned()))
        }
    }

    async fn json<T: DeserializeOwned>(&self, call: reqwest::RequestBuilder) -> Result<T, ClientError> {
        let response = self.send(call).await?;
        let body = self.body(response, MAX_ANSWER).await?;
        serde_json::from_slice(&body).map_err(|e| ClientError::Garbage(e.to_string()))
    }

    async fn send(&self, call: reqwest::RequestBuilder) -> Result<Response, ClientError> {
        let response = call.bearer_auth(&self.token).send().await.map_err(|e| self.transport(&e))?;
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
        Err(match (status, problem) {
            (StatusCode::UNAUTHORIZED, _) => ClientError::Token,
            (StatusCode::FORBIDDEN, problem) if problem.as_ref().is_none_or(|p| p.code == "forbidden") => {
                ClientError::Token
            }
            (_, Some(problem)) if problem.code == "model-mismatch" => ClientError::ModelMismatch(problem.detail),
            (_, Some(problem)) => ClientError::Refused(Box::new(problem)),
            (status, None) => ClientError::Garbage(format!("status {status} without a reason")),
        })
    }

    async fn body(&self, mut response: Response, limit: usize) -> Result<Vec<u8>, ClientError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| self.transport(&e))? {
            if body.len() + chunk.len() > limit {
                return Err(ClientError::Garbage(format!("it is longer than {limit} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn transport(&self, error: &reqwest::Error) -> ClientError {
        if error.is_timeout() && !error.is_connect() {
            ClientError::Slow(self.address().to_owned())
        } else if error.is_decode() || error.is_body() {
            ClientError::Garbage("it breaks off".to_owned())
        } else {
            ClientError::Unreachable(self.address().to_owned())
        }
    }
}

/// What an answer must be whatever the gallery says.
fn check(answer: &SearchAnswer) -> Result<(), &'static str> {
    let c = &answer.completeness;
    let mut ids = std::collections::HashSet::new();
    match () {
        () if !c.exact => Err("it is not exact"),
        () if c.scanned.checked_add(c.filtered_out) != Some(c.gallery_size) => Err("its counts do not add up"),
        () if answer.candidates.len() as u64 > c.scanned => Err("it lists more than it compared"),
        () if !answer.candidates.iter().all(|c| (-1.01..=1.01).contains(&c.score)) => Err("a score is no cosine"),
        () if !answer.candidates.iter().all(|c| ids.insert(c.candidate_id)) => Err("a candidate is listed twice"),
        () if !answer
            .candidates
            .iter()
            .all(|c| std::iter::once(&c.photo).chain(&c.other_photos).all(|path| path.starts_with("/v1/photos/"))) =>
        {
            Err("a photograph lies elsewhere")
        }
        () if !answer.candidates.is_sorted_by(|a, b| a.score >= b.score) => Err("its list is out of order"),
        () => Ok(()),
    }
}
