//! The gallery's log: one leaf for each row of the audit, in its order. Rows enter it after they are durable, in a thread that no
//! search waits for; its files are plain, and made anew from the store where they are missing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use catalogue::say;
use ledger::{Key, Kind, Signed};
use service::log::{Log, LogError, Logged, ask};

use crate::audited;
use crate::store::{Leaves, Store};

/// How often the index looks for changes when nobody searches.
pub(super) const TEND: Duration = Duration::from_secs(1);
/// How long a witness that did not cosign is left alone.
const AGAIN: Duration = Duration::from_secs(60);

/// A witness of the gallery's log, and where it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessOf {
    /// Its public key.
    pub key: Key,
    /// Address of its service.
    pub address: String,
}

/// It is not `KEY=ADDRESS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("gallery-witness-key-and-address"))]
pub struct WitnessOfError;

impl std::str::FromStr for WitnessOf {
    type Err = WitnessOfError;

    fn from_str(text: &str) -> Result<Self, WitnessOfError> {
        let (key, address) = text.split_once('=').ok_or(WitnessOfError)?;
        let key = Key::read(key.trim()).ok().filter(|key| key.kind() == Kind::Witness);
        let usable = service::client::Connection::new("witness", address).is_ok();
        key.filter(|_| usable).map(|key| Self { key, address: address.trim().to_owned() }).ok_or(WitnessOfError)
    }
}

/// What a gallery's log is opened with.
#[derive(Debug, Clone)]
pub struct Logging {
    /// Folder of its files.
    pub folder: PathBuf,
    /// Who is asked to cosign it.
    pub witnesses: Vec<WitnessOf>,
}

/// The log with the rows that it is made from.
#[derive(Debug)]
pub(super) struct Ledger(Mutex<(Log, Leaves)>);

impl Ledger {
    /// Opens the log, and takes in what a crash left out.
    ///
    /// # Errors
    /// [`LogError`], also where the audit is not the one that was signed.
    pub(super) fn open(store: &mut Store, folder: PathBuf) -> Result<Self, LogError> {
        audited::open(store, folder).map(|log| Self(Mutex::new(log)))
    }

    /// Takes in what is durable by now; gives how it ends then.
    pub(super) fn catch_up(&self) -> Result<Signed, LogError> {
        let mut locked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (log, leaves) = &mut *locked;
        log.catch_up(leaves).cloned()
    }

    /// Works with the log.
    pub(super) fn with<T>(&self, work: impl FnOnce(&Log) -> Result<T, LogError>) -> Result<T, LogError> {
        work(&self.0.lock().unwrap_or_else(PoisonError::into_inner).0)
    }
}

impl Logged for Ledger {
    fn with<T>(&self, work: impl FnOnce(&Log) -> Result<T, LogError>) -> Result<T, String> {
        Ledger::with(self, work).map_err(|error| error.to_string())
    }
}

/// Asks the witnesses whenever the log grew, until `ledger` gives none any more: the gallery is gone.
pub(super) fn gather(ledger: impl Fn() -> Option<Arc<Ledger>>, witnesses: Vec<WitnessOf>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tracing::error!(%error, "witnesses are not asked"),
    };
    let mut known: Vec<(WitnessOf, u64, Option<Instant>)> = witnesses.into_iter().map(|of| (of, 0, None)).collect();
    while let Some(ledger) = ledger() {
        for (WitnessOf { key, address }, rows, failed) in &mut known {
            if failed.is_some_and(|at| at.elapsed() < AGAIN) {
                continue;
            }
            *failed = runtime.block_on(ask(&ledger, key, address, rows)).err().map(|why| {
                tracing::warn!(witness = key.name(), message = why);
                Instant::now()
            });
        }
        drop(ledger);
        std::thread::sleep(TEND);
    }
}
