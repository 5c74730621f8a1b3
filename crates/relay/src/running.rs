//! A running relay: what all requests share, and how what fails below them is answered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use catalogue::say;
use department::{Chain, Moment};
use prometheus_client::registry::Registry;
use service::log::Readers;
use service::refusal::Refusal;
use service::requests::Requests;

use crate::log::opening::{self, Log, LogError, WitnessAt};
use crate::mailboxes::{self, MailboxError};
use crate::senders::{Limits, Senders};
use crate::sessions::Sessions;
use crate::store::{Store, StoreError};

/// A running relay.
#[derive(Debug)]
pub struct Relay {
    /// One folder a mailbox.
    pub(crate) mailboxes: PathBuf,
    store: Mutex<Store>,
    pub(crate) data: PathBuf,
    /// The log's files, once there is a department.
    log: Mutex<Option<Log>>,
    /// Where witnesses are asked, how far each cosigned, and whether they are being asked.
    pub(crate) witnesses: Vec<WitnessAt>,
    cosigned: Mutex<HashMap<String, u64>>,
    pub(crate) asking: AtomicBool,
    pub(crate) ask_again: AtomicBool,
    pub(crate) sessions: Sessions,
    pub(crate) senders: Arc<Senders>,
    /// Who reads the log's files, and whether a proxy in front says it.
    pub(crate) readers: Readers,
    pub(crate) proxied: bool,
    pub(crate) registry: Registry,
    pub(crate) requests: Requests,
}

pub(crate) type Shared = Arc<Relay>;

/// What kept a relay from opening.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mailboxes.
    #[error("{}", say!("relay-mailboxes-cannot-used", what = _0))]
    Mailboxes(MailboxError),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The system.
    #[error("{}", say!("relay-system-gives-no-randomness", what = _0))]
    Random(getrandom::Error),
}

impl Relay {
    /// Opens the relay in the folder `data`; what a crash left half written is removed. `witnesses` are asked to cosign its log.
    /// `proxied` says that a proxy stands in front, which says where a request comes from.
    ///
    /// # Errors
    /// [`OpenError`]; also where the department's documents do not hold, or the log contradicts what was signed of it.
    pub fn open(data: &Path, limits: Limits, witnesses: Vec<WitnessAt>, proxied: bool) -> Result<Shared, OpenError> {
        let folder = data.join("mailboxes");
        mailboxes::sweep(&folder).map_err(|e| OpenError::Mailboxes(e.into()))?;
        let mut store = Store::open(data)?;
        let log = match store.chain()? {
            Some(chain) => Some(opening::open(data, &chain.root().to_string(), &store)?),
            None => {
                tracing::warn!(message = say!("relay-no-department"));
                None
            }
        };
        let waiting = store.packages(mailboxes::lying(&folder).map_err(OpenError::Mailboxes)?)?;
        let mut registry = Registry::with_prefix("relay");
        Ok(Arc::new(Self {
            mailboxes: folder,
            store: Mutex::new(store),
            data: data.to_owned(),
            log: Mutex::new(log),
            witnesses,
            cosigned: Mutex::default(),
            asking: AtomicBool::new(false),
            ask_again: AtomicBool::new(false),
            senders: Senders::new(limits, &waiting),
            readers: Readers::new(limits.files_a_minute),
            proxied,
            sessions: Sessions::new().map_err(OpenError::Random)?,
            requests: Requests::counted_in(&mut registry),
            registry,
        }))
    }

    pub(crate) fn store(&self) -> Result<MutexGuard<'_, Store>, Refusal> {
        self.store.lock().map_err(|_| failed())
    }

    /// Does `work` with the log.
    ///
    /// # Errors
    /// 404 before there is a department, and those of `work`.
    pub(crate) fn with_log<T>(&self, work: impl FnOnce(&mut Log) -> Result<T, LogError>) -> Result<T, Refusal> {
        let mut log = self.log.lock().map_err(|_| failed())?;
        if log.is_none() {
            let root = self.chain()?.root().to_string();
            *log = Some(opening::open(&self.data, &root, &*self.store()?).map_err(opening::log_failed)?);
        }
        log.as_mut().ok_or_else(no_department).and_then(|log| work(log).map_err(opening::log_failed))
    }

    /// Takes into the log what was put on record since.
    ///
    /// # Errors
    /// As [`Relay::with_log`].
    pub(crate) fn grown(&self) -> Result<(), Refusal> {
        let store = || self.store.lock().unwrap_or_else(PoisonError::into_inner);
        self.with_log(|log| log.catch_up(&*store()).map(drop))
    }

    /// How many rows a witness cosigned, as far as that is known.
    pub(crate) fn cosigned_by(&self, witness: &str) -> u64 {
        self.cosigned.lock().unwrap_or_else(PoisonError::into_inner).get(witness).copied().unwrap_or(0)
    }

    /// Remembers it.
    pub(crate) fn know_cosigned(&self, witness: &str, rows: u64) {
        self.cosigned.lock().unwrap_or_else(PoisonError::into_inner).insert(witness.to_owned(), rows);
    }

    /// The department's documents.
    ///
    /// # Errors
    /// 404 before there is a department.
    pub(crate) fn chain(&self) -> Result<Arc<Chain>, Refusal> {
        self.store()?.chain()?.ok_or_else(no_department)
    }
}

/// The present instant.
pub(crate) fn now() -> Moment {
    Moment(jiff::Timestamp::now())
}

pub(crate) fn no_department() -> Refusal {
    let (title, detail) = (say!("relay-no-department-here"), say!("relay-no-department"));
    Refusal::new(StatusCode::NOT_FOUND, "no-department", title, detail)
}

pub(crate) fn unavailable(detail: impl Into<String>) -> Refusal {
    Refusal::unavailable(say!("relay-cannot-answer"), detail)
}

pub(crate) fn failed() -> Refusal {
    unavailable(say!("relay-failed-request-nothing-changed-tell"))
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store");
        unavailable(say!("relay-nothing-changed-try-again-tell", error))
    }
}

impl From<MailboxError> for Refusal {
    fn from(error: MailboxError) -> Self {
        let detail = error.to_string();
        match error {
            MailboxError::Name => Refusal::invalid("mailbox-name", say!("relay-not-mailbox"), detail),
            MailboxError::Plain => {
                Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-encrypted", say!("relay-ciphertext-only"), detail)
            }
            MailboxError::Other => {
                Refusal::new(StatusCode::CONFLICT, "package-conflict", say!("relay-identity-taken"), detail)
            }
            MailboxError::Long => {
                Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", say!("relay-package-too-long"), detail)
            }
            MailboxError::Full => {
                Refusal::new(StatusCode::INSUFFICIENT_STORAGE, "mailbox-full", say!("relay-mailbox-full"), detail)
            }
            MailboxError::Unknown => Refusal::not_found(&detail),
            MailboxError::NoRoom => {
                Refusal::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full", say!("relay-no-room"), detail)
            }
            MailboxError::Disk(_) => unavailable(detail),
        }
    }
}

/// Runs `work` with the relay where blocking is allowed.
pub(crate) async fn blocking<T: Send + 'static>(
    relay: &Shared,
    work: impl FnOnce(&Relay) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let relay = Arc::clone(relay);
    tokio::task::spawn_blocking(move || work(&relay)).await.unwrap_or_else(|_| Err(failed()))
}
