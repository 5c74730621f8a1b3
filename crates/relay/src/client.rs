//! The workstation's side: it shows that it has its key, then puts packages into mailboxes and fetches those of its own.

use std::time::Duration;

use reqwest::{Body, Method, header};
pub use service::client::AskError;
use service::client::Connection;
use tokio::io::AsyncWrite;
use uuid::Uuid;

use crate::wire::{self, Challenge, Claim, MAX_PACKAGE, Mailbox, Session};

/// How long a case package may take on its way.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// A connection to the department's relay, which does not know yet who asks.
#[derive(Debug, Clone)]
pub struct Client(Connection);

impl Client {
    /// A client of the relay at `address`. Plain http is accepted for this machine only.
    ///
    /// # Errors
    /// [`AskError::Address`].
    pub fn new(address: &str) -> Result<Self, AskError> {
        Connection::new("relay", address).map(Self)
    }

    /// The relay's address.
    pub fn address(&self) -> &str {
        self.0.address()
    }

    /// Begins a session of the workstation with the key `workstation`; `sign` signs a text as a request
    /// (`service::signing::message`), in hexadecimal.
    ///
    /// # Errors
    /// [`AskError`]; refused with `not-admitted` where the relay does not have this workstation's card.
    pub async fn begin<E: From<AskError>>(
        &self,
        workstation: &str,
        sign: impl AsyncFnOnce(String) -> Result<String, E>,
    ) -> Result<Mailer, E> {
        let Challenge { challenge } = self.0.json(self.0.call(Method::POST, "/v1/challenges")?).await?;
        let relay = self.0.authority();
        let signature = sign(wire::session_text(&relay, &challenge)).await?;
        let claim = Claim { workstation: workstation.to_owned(), relay, challenge, signature };
        let session: Session = self.0.json(self.0.call(Method::POST, "/v1/sessions")?.json(&claim)).await?;
        Ok(Mailer { relay: self.0.clone().with_token(&session.token), own: workstation.to_owned() })
    }
}

/// A session of a workstation.
#[derive(Debug, Clone)]
pub struct Mailer {
    relay: Connection,
    own: String,
}

impl Mailer {
    /// The relay's address.
    pub fn address(&self) -> &str {
        self.relay.address()
    }

    /// Puts a package of `length` bytes into the mailbox of the workstation with the key `to`. To repeat it is harmless.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn put(&self, to: &str, id: Uuid, length: u64, package: impl Into<Body>) -> Result<(), AskError> {
        let call = self.relay.call(Method::PUT, &format!("/v1/mailboxes/{to}/{id}"))?;
        let call = call.timeout(LONG_PATIENCE).header(header::CONTENT_LENGTH, length).body(package);
        self.relay.send(call).await.map(drop)
    }

    /// What waits in the own mailbox.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn waiting(&self) -> Result<Mailbox, AskError> {
        self.relay.json(self.relay.call(Method::GET, &format!("/v1/mailboxes/{}", self.own))?).await
    }

    /// Fetches a package and writes it to `to`.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn fetch(&self, id: Uuid, to: &mut (impl AsyncWrite + Unpin)) -> Result<(), AskError> {
        let call = self.relay.call(Method::GET, &self.path(id))?.timeout(LONG_PATIENCE);
        self.relay.save(self.relay.send(call).await?, MAX_PACKAGE, to).await
    }

    /// Takes a package away from the relay once it is safe here. To repeat it is harmless.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn take_away(&self, id: Uuid) -> Result<(), AskError> {
        self.relay.send(self.relay.call(Method::DELETE, &self.path(id))?).await.map(drop)
    }

    fn path(&self, id: Uuid) -> String {
        format!("/v1/mailboxes/{}/{id}", self.own)
    }
}
