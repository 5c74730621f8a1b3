//! The workstation's side: it shows that it has its key, then puts packages into mailboxes, fetches those of its own, and keeps
//! up with the department's roster and policy. What a relay says of the department is proven here from the root key on, and
//! held against the newest version that was seen: a relay is not believed.

use std::time::Duration;

use catalogue::say;
use department::{Chain, HighestSeen, MOST_BYTES, PublicKey, Refusal};
use reqwest::{Body, Method, header};
pub use service::client::AskError;
use service::client::Connection;
use tokio::io::AsyncWrite;
use uuid::Uuid;

use crate::wire::{self, Challenge, Claim, MAX_PACKAGE, Mailbox, Newest, PAGE, PAGE_BYTES, REVOKED, Session};

/// How long a case package may take on its way.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// The relay's documents of the department were not taken up. What was known stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum DepartmentError {
    /// The relay was not reached, or refused.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// It knows less than was seen: it was put back from a backup, or holds something back.
    #[error("{}", say!("relay-serves-older-department", seen, found))]
    Rollback {
        /// The newest version that was seen.
        seen: u32,
        /// The relay's newest.
        found: u32,
    },
    /// Two versions of one number were signed.
    #[error("{}", say!("relay-serves-fork", number, one, other))]
    Fork {
        /// Which number.
        number: u32,
        /// SHA-256 of the version that was seen.
        one: String,
        /// SHA-256 of the relay's.
        other: String,
    },
    /// It is another department's relay.
    #[error("{}", say!("relay-serves-other-department", found))]
    Other {
        /// The root key of that one.
        found: String,
    },
    /// What it serves does not hold.
    #[error("{}", say!("relay-serves-what-does-not-hold", why = _0))]
    Refused(Refusal),
}

impl DepartmentError {
    /// A stable code for programs, such as `department-rollback`.
    pub fn code(&self) -> String {
        match self {
            Self::Ask(error) => error.code(),
            Self::Rollback { .. } => "department-rollback".to_owned(),
            Self::Fork { .. } => "department-fork".to_owned(),
            Self::Other { .. } => "department-other".to_owned(),
            Self::Refused(_) => "department-refused".to_owned(),
        }
    }
}

impl From<Refusal> for DepartmentError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rollback { seen, found } => Self::Rollback { seen, found },
            Refusal::Fork { number, one, other } => Self::Fork { number, one, other },
            Refusal::OtherDepartment { found } => Self::Other { found },
            why => Self::Refused(why),
        }
    }
}

/// Whether a relay refused because this workstation was in the department's roster and is no longer.
pub fn is_revoked(error: &AskError) -> bool {
    error.problem().is_some_and(|problem| problem.code == REVOKED)
}

async fn newest(relay: &Connection) -> Result<Newest, AskError> {
    relay.json(relay.call(Method::GET, "/v1/department")?).await
}

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

    /// How far the relay says that the department's documents go. Nothing of it is proven: it is for whoever compares a root
    /// key, or wonders why there is no session.
    ///
    /// # Errors
    /// [`AskError`]; refused with `no-department` where none was founded.
    pub async fn newest(&self) -> Result<Newest, AskError> {
        newest(&self.0).await
    }

    /// Begins a session of the workstation with the key `workstation`; `sign` signs a text as a request
    /// (`service::signing::message`), in hexadecimal.
    ///
    /// # Errors
    /// [`AskError`]; refused with `not-admitted` where the newest roster does not have this workstation, and with `revoked`
    /// ([`is_revoked`]) where one before it had.
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

    pub(crate) fn connection(&self) -> &Connection {
        &self.relay
    }

    /// Which department the relay serves, and how far.
    ///
    /// # Errors
    /// As for [`Client::newest`].
    pub async fn newest(&self) -> Result<Newest, AskError> {
        newest(&self.relay).await
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

    /// The department whose root key is `root`, as the relay has it: `known` with what is new, or all of it. Where something
    /// was seen before, the answer is not older than that, and no other.
    ///
    /// # Errors
    /// [`DepartmentError`].
    pub async fn department(
        &self,
        root: &PublicKey,
        known: Option<&Chain>,
        seen: Option<&HighestSeen>,
    ) -> Result<Chain, DepartmentError> {
        self.department_with_documents(root, known, seen).await.map(|(chain, _)| chain)
    }

    /// The same, with the documents that `known` does not have, as they are and in their order: what to keep, so that the
    /// chain can be read again without the relay, and brought to one that was put back from a backup.
    ///
    /// # Errors
    /// [`DepartmentError`].
    pub async fn department_with_documents(
        &self,
        root: &PublicKey,
        known: Option<&Chain>,
        seen: Option<&HighestSeen>,
    ) -> Result<(Chain, Vec<String>), DepartmentError> {
        let newest = newest(&self.relay).await?;
        if newest.department != root.to_string() {
            return Err(DepartmentError::Other { found: newest.department });
        }
        let (mut chain, documents) = self.extended(root, known, newest.version).await?;
        for seen in known.map(Chain::highest_seen).iter().chain(seen) {
            // It is asked of what the relay serves, and not of what was known already.
            if newest.version < seen.version {
                return Err(DepartmentError::Rollback { seen: seen.version, found: newest.version });
            }
            chain = chain.not_before(seen)?;
        }
        // It said where it ends; what it then serves must be that.
        match chain.version(newest.version) {
            Some(version) if version.sha256() == newest.sha256 => Ok((chain, documents)),
            _ => Err(self.relay.garbage(say!("relay-says-another-newest")).into()),
        }
    }

    /// What is known, with the relay's versions up to `until`.
    async fn extended(
        &self,
        root: &PublicKey,
        known: Option<&Chain>,
        until: u32,
    ) -> Result<(Chain, Vec<String>), DepartmentError> {
        let Some(known) = known else { return self.read_on(root, None, 0, until).await };
        // The newest that is known comes once more: where the relay has another one, it is seen at once.
        let from = known.newest().number().min(until).saturating_sub(1);
        match self.read_on(root, Some(known.clone()), from, until).await {
            // Where the two part may lie further back.
            Err(DepartmentError::Refused(_)) => self.read_on(root, Some(known.clone()), 0, until).await,
            read => read,
        }
    }

    /// `chain` with the relay's documents after `after`, up to `until`, page by page: each is proven before the next is asked
    /// for. With those that the chain did not have.
    async fn read_on(
        &self,
        root: &PublicKey,
        mut chain: Option<Chain>,
        mut after: u32,
        until: u32,
    ) -> Result<(Chain, Vec<String>), DepartmentError> {
        let known = chain.as_ref().map_or(0, |chain| chain.newest().number());
        let mut documents = Vec::new();
        while after < until {
            let call = self.relay.call(Method::GET, &format!("/v1/department/versions?after={after}"))?;
            let response = self.relay.send(call.timeout(LONG_PATIENCE)).await?;
            let page = self.relay.body(response, PAGE_BYTES + MOST_BYTES).await?;
            let found: Vec<&[u8]> = page.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
            if found.is_empty() || found.len() > PAGE {
                return Err(self.relay.garbage(say!("relay-says-another-newest")).into());
            }
            // The chain takes them only in their order: the next is the one after.
            let number = after.saturating_add(1);
            let new = (number..).zip(&found).filter(|(number, _)| *number > known);
            documents.extend(new.map(|(_, document)| String::from_utf8_lossy(document).into_owned()));
            after = after.saturating_add(found.len() as u32);
            chain = Some(match &chain {
                Some(chain) => chain.extended_by(&found)?,
                None => Chain::read(root, &found)?,
            });
            // What comes again is no next page.
            if chain.as_ref().is_none_or(|chain| chain.newest().number() < after) {
                return Err(self.relay.garbage(say!("relay-says-another-newest")).into());
            }
        }
        Ok((chain.ok_or(Refusal::NoDocuments)?, documents))
    }

    /// Brings the relay a document of the department that it does not have. To repeat it is harmless.
    ///
    /// # Errors
    /// [`AskError`]; refused with `chain-fork` or `version-refused`.
    pub async fn bring(&self, document: &str) -> Result<Newest, AskError> {
        let call = self.relay.call(Method::POST, "/v1/department/versions")?.timeout(LONG_PATIENCE);
        self.relay.json(call.header(header::CONTENT_TYPE, "application/json").body(document.to_owned())).await
    }

    fn path(&self, id: Uuid) -> String {
        format!("/v1/mailboxes/{}/{id}", self.own)
    }
}
