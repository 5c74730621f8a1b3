//! A witness of logs (C2SP tlog-witness), run by somebody outside the department: it keeps the last checkpoint of each log that
//! it watches, and cosigns only what follows from that. It needs no database, and knows nothing of what the logs hold.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use catalogue::say;
use ledger::{Asked, Denied, Key, Refusal, Signer, Watched};
use service::request::read;
use sha2::{Digest, Sha256};

/// Largest request, in bytes.
const MOST: usize = 96 * 1024;

/// The witness cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// A file.
    #[error("{}", say!("relay-ledger-files", path = path.display(), source))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another one runs on this folder.
    #[error("{}", say!("relay-witness-runs-already", path = _0.display()))]
    Running(PathBuf),
    /// What was kept of a log does not hold: nothing is cosigned, since nobody knows any more what was.
    #[error("{}", say!("relay-witness-kept-does-not-hold", path = path.display(), why))]
    Kept {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: Refusal,
    },
}

/// A witness with what it keeps.
#[derive(Debug)]
pub struct Witness {
    signer: Signer,
    folder: PathBuf,
    logs: Mutex<HashMap<String, Watched>>,
    /// Held for as long as this witness runs.
    _lock: File,
}

/// The file in which the last checkpoint of a log is kept. An origin may have any characters; its hash has none that lead elsewhere.
fn file_of(folder: &Path, log: &Key) -> PathBuf {
    folder.join(format!("{}.checkpoint", hex::encode(Sha256::digest(log.to_string()))))
}

/// Keeps bytes in a file before anything is said that rests on them.
fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("part");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    match path.parent() {
        #[cfg(unix)]
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

impl Witness {
    /// A witness that signs by `signer`, keeps what it saw in `folder`, and watches `logs`.
    ///
    /// # Errors
    /// [`WitnessError`].
    pub fn open(signer: Signer, folder: &Path, logs: Vec<Key>) -> Result<Self, WitnessError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| WitnessError::File { path, source }
        };
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        let lock_path = folder.join("lock");
        let lock = File::create(&lock_path).map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(WitnessError::Running(folder.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(&lock_path)(source)),
        }
        let mut watched = HashMap::new();
        for log in logs {
            let path = file_of(folder, &log);
            let kept = match std::fs::read(&path) {
                Ok(kept) => Some(kept),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(source) => return Err(failed(&path)(source)),
            };
            let name = log.name().to_owned();
            let of = Watched::new(log, kept.as_deref()).map_err(|why| WitnessError::Kept { path, why })?;
            watched.insert(name, of);
        }
        Ok(Self { signer, folder: folder.to_owned(), logs: Mutex::new(watched), _lock: lock })
    }

    /// The signature line of what is asked. The checkpoint is on the disk before it is given.
    fn answer(&self, body: &[u8], now: u64) -> Result<String, Answer> {
        let asked = Asked::read(body)?;
        let mut logs = self.logs.lock().map_err(|_| Answer::Failed)?;
        let watched = logs.get_mut(asked.origin()).ok_or(Denied::Unknown)?;
        let (line, next) = watched.answer(&asked, &self.signer, now)?;
        let whole = next.last().map(|last| last.whole()).unwrap_or_default();
        keep(&file_of(&self.folder, next.log()), whole.as_bytes()).map_err(|error| {
            tracing::error!(%error, "witness");
            Answer::Failed
        })?;
        *watched = next;
        Ok(line)
    }
}

/// What is answered instead of a cosignature.
#[derive(Debug)]
enum Answer {
    Denied(Denied),
    Failed,
}

impl From<Denied> for Answer {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Self::Denied(denied) = self else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let status = StatusCode::from_u16(denied.status()).unwrap_or(StatusCode::BAD_REQUEST);
        match denied {
            Denied::Conflict { size } => {
                (status, [(header::CONTENT_TYPE, "text/x.tlog.size")], format!("{size}\n")).into_response()
            }
            Denied::Unknown => status.into_response(),
            Denied::Malformed(why) | Denied::Unsigned(why) | Denied::Unproven(why) => {
                (status, format!("{why}\n")).into_response()
            }
        }
    }
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Body) -> Result<String, Response> {
    let body = read(body, MOST).await.map_err(IntoResponse::into_response)?;
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
    let answered = tokio::task::spawn_blocking(move || witness.answer(&body, now)).await;
    answered.unwrap_or(Err(Answer::Failed)).map_err(IntoResponse::into_response)
}

/// The witness's routes.
pub fn router(witness: Witness) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/healthz", get(|| async { "ok\n" }))
        .with_state(Arc::new(witness))
}
