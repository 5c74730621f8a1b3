//! A log asks its witnesses (C2SP tlog-witness), whenever it grew.

use std::str::FromStr;
use std::sync::Arc;

use catalogue::say;
use ledger::{Asked, Checkpoint, Key, Signed, consistency, denied_size};
use reqwest::{Method, StatusCode};

use super::{Log, LogError};
use crate::client::{AskError, Connection};

/// Longest answer of a witness, in bytes.
const ANSWER: usize = 16 * 1024;

/// Where a witness is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessAt {
    /// Its name, as the roster has it.
    pub name: String,
    /// Address of its service.
    pub address: String,
}

/// It is not `NAME=ADDRESS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("service-witness-name-and-address"))]
pub struct WitnessAtError;

impl FromStr for WitnessAt {
    type Err = WitnessAtError;

    fn from_str(text: &str) -> Result<Self, WitnessAtError> {
        let (name, address) = text.split_once('=').ok_or(WitnessAtError)?;
        let usable = !name.is_empty() && Connection::new("witness", address).is_ok();
        usable.then(|| Self { name: name.to_owned(), address: address.to_owned() }).ok_or(WitnessAtError)
    }
}

/// Whoever has a log that is to be cosigned.
pub trait Logged: Send + Sync + 'static {
    /// Does `work` with the log, where blocking is allowed.
    ///
    /// # Errors
    /// Why not, in words.
    fn with<T>(&self, work: impl FnOnce(&Log) -> Result<T, LogError>) -> Result<T, String>;
}

async fn blocking<L: Logged, T: Send + 'static>(
    logged: &Arc<L>,
    work: impl FnOnce(&Log) -> Result<T, LogError> + Send + 'static,
) -> Result<T, String> {
    let logged = Arc::clone(logged);
    let done = tokio::task::spawn_blocking(move || logged.with(work)).await;
    done.unwrap_or_else(|_| Err(say!("service-log-failed").to_owned()))
}

/// What a witness that cosigned `old` rows last is asked; nothing where it cosigned all there is.
fn asked(log: &Log, key: &Key, old: u64) -> Result<Option<(Asked, Signed)>, LogError> {
    let signed = log.checkpoint();
    // With the lines of others, so that in the end one text has them all.
    let so_far = log.cosigned()?.filter(|kept| kept.text() == signed.text());
    let signed = so_far.unwrap_or_else(|| signed.clone());
    if signed.seen_by(key).is_ok() {
        return Ok(None);
    }
    let hashes = consistency(signed.size(), old, log)?;
    let checkpoint = Checkpoint::read(signed.whole().as_bytes())?;
    Ok(Some((Asked::new(old, hashes, checkpoint), signed)))
}

/// Asks the witness with this key, at an address, for the newest checkpoint; what it cosigned is kept with the log. `rows` is how
/// many it cosigned, as far as that is known; it is known better afterwards.
///
/// # Errors
/// In words: it is away, it refuses, or it cosigned more rows than the log has.
pub async fn ask(logged: &Arc<impl Logged>, key: &Key, address: &str, rows: &mut u64) -> Result<(), String> {
    let service = Connection::new("witness", address).map_err(|e| e.to_string())?;
    // The second time it is known what the witness has.
    for _ in 0..2 {
        let (of, old) = (key.clone(), *rows);
        let Some((asked, signed)) = blocking(logged, move |log| asked(log, &of, old)).await? else {
            return Ok(());
        };
        let call = service.call(Method::POST, "/add-checkpoint").map_err(|e| e.to_string())?;
        let away = |_| AskError::Unreachable { service: "witness", address: address.to_owned() }.to_string();
        let response = call.body(asked.text()).send().await.map_err(away)?;
        let status = response.status();
        let body = service.body(response, ANSWER).await.map_err(|e| e.to_string())?;
        let body = String::from_utf8_lossy(&body).into_owned();
        match (status, denied_size(&body)) {
            (StatusCode::OK, _) => {
                let cosigned = signed.with_lines(&body).map_err(|e| e.to_string())?;
                cosigned.seen_by(key).map_err(|e| e.to_string())?;
                *rows = cosigned.size();
                return blocking(logged, move |log| log.keep_cosigned(&cosigned)).await;
            }
            (StatusCode::CONFLICT, Some(size)) if size != old => *rows = size,
            (status, _) => return Err(say!("service-witness-refuses", status)),
        }
    }
    Err(say!("service-witness-refuses", status = StatusCode::CONFLICT))
}
