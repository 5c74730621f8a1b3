//! The service: axum over mailboxes, sessions, the log and the store.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use catalogue::say;
use department::{Chain, Moment, PublicKey};
use prometheus_client::registry::Registry;
use serde_json::json;
use service::Problem;
use service::log::Readers;
use service::refusal::{Everywhere, Refusal};
use service::request::{Caller, json_of};
use service::requests::{self, Allowed, Requests};
use utoipa::OpenApi;

use crate::log::{self, Log, LogError, WitnessAt};
use crate::mailboxes::{self, MailboxError};
use crate::senders::{Limits, Senders};
use crate::sessions::{SESSION, Sessions};
use crate::store::{Store, StoreError};
use crate::wire::{
    AuditEnd, Backups, Challenge, Claim, HowFar, Info, LEDGER, Logged, MAX_BODY, Mailbox, MailboxPackage, Newest,
    REVOKED, Rows, SERVICE, Session,
};
use crate::{backups, packages, versions};

/// How long a request may take, and one that moves a package on a slow line.
const REQUEST: Duration = Duration::from_secs(60);
const PACKAGE: Duration = Duration::from_secs(1200);

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
    sessions: Sessions,
    pub(crate) senders: Arc<Senders>,
    /// Who reads the log's files, and whether a proxy in front says it.
    pub(crate) readers: Readers,
    pub(crate) proxied: bool,
    registry: Registry,
    requests: Requests,
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
            Some(chain) => Some(log::open(data, &chain.root().to_string(), &store)?),
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
            *log = Some(log::open(&self.data, &root, &*self.store()?).map_err(log::log_failed)?);
        }
        log.as_mut().ok_or_else(no_department).and_then(|log| work(log).map_err(log::log_failed))
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

fn unavailable(detail: impl Into<String>) -> Refusal {
    Refusal::unavailable(say!("relay-cannot-answer"), detail)
}

fn failed() -> Refusal {
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

/// Asks whether the newest roster lets the workstation with this key work today.
///
/// # Errors
/// 403, which tells one that was taken out of the roster from one that never was in it.
pub(crate) fn workstation(chain: &Chain, key: &str) -> Result<(), Refusal> {
    use department::Refusal::{KeyEnded, KeyNotYet};
    let refused = match PublicKey::read(key).and_then(|key| chain.workstation(&key, now()).map(drop)) {
        Ok(()) => return Ok(()),
        Err(refused) => refused,
    };
    let (code, title, detail) = match refused {
        KeyEnded { ended, .. } => {
            (REVOKED, say!("relay-workstation-revoked"), say!("relay-workstation-taken-out-of-roster", ended))
        }
        KeyNotYet { from, .. } => {
            ("not-admitted", say!("relay-workstation-not-admitted"), say!("relay-workstation-counts-from", from))
        }
        _ => {
            ("not-admitted", say!("relay-workstation-not-admitted"), say!("relay-workstation-not-in-roster").to_owned())
        }
    };
    Err(Refusal::new(StatusCode::FORBIDDEN, code, title, detail))
}

fn of_session(relay: &Shared, caller: &Caller) -> Result<String, Refusal> {
    let asks = caller.token().and_then(|token| relay.sessions.workstation(token));
    asks.ok_or_else(|| Refusal::unauthorized(say!("relay-begin-session-first-post-v1")))
}

/// The workstation of a session, if the newest roster has it, and it does not ask too often.
pub(crate) async fn admitted(relay: &Shared, caller: &Caller) -> Result<String, Refusal> {
    relay.senders.asks(&of_session(relay, caller)?)?;
    known(relay, caller).await
}

/// The workstation of a session, if the newest roster has it.
pub(crate) async fn known(relay: &Shared, caller: &Caller) -> Result<String, Refusal> {
    let asks = of_session(relay, caller)?;
    blocking(relay, move |r| workstation(r.chain()?.as_ref(), &asks).map(|()| asks)).await
}

/// What this service is.
#[utoipa::path(get, path = "/v1/info", responses((status = 200, body = Info)))]
async fn info() -> Json<Info> {
    Json(Info { service: SERVICE.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// Something for a workstation to sign.
#[utoipa::path(post, path = "/v1/challenges", responses((status = 200, body = Challenge)))]
async fn challenge(State(relay): State<Shared>) -> Result<Json<Challenge>, Refusal> {
    let challenge = relay.sessions.challenge().map_err(|_| failed())?;
    Ok(Json(Challenge { challenge }))
}

/// Begins a session of a workstation that shows that it has its key.
#[utoipa::path(post, path = "/v1/sessions", request_body = Claim,
    responses((status = 200, body = Session),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
async fn session(
    State(relay): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Session>, Refusal> {
    let claim: Claim = json_of(body, MAX_BODY).await?;
    let said = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = uri.authority().map(|authority| authority.as_str()).or(said).unwrap_or_default().to_ascii_lowercase();
    if !relay.sessions.holds(&claim, &host) {
        return Err(Refusal::unauthorized(say!("relay-claim-does-not-hold-must")));
    }
    blocking(&relay, move |r| {
        workstation(r.chain()?.as_ref(), &claim.workstation)?;
        r.senders.asks(&claim.workstation)?;
        r.store()?.audit(&claim.workstation, "session", &json!({}))?;
        let token = r.sessions.begin(&claim.workstation).map_err(|_| failed())?;
        Ok(Json(Session { token, seconds: SESSION.as_secs() }))
    })
    .await
}

/// Whether it can answer.
#[utoipa::path(get, path = "/v1/healthz", responses((status = 200, description = "It can answer"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn healthz(State(relay): State<Shared>) -> Result<&'static str, Refusal> {
    blocking(&relay, |r| r.store()?.chain().map(|_| "ok\n").map_err(Refusal::from)).await
}

/// Numbers for Prometheus.
#[utoipa::path(get, path = "/v1/metrics", responses((status = 200, body = String, content_type = "text/plain")))]
async fn metrics(State(relay): State<Shared>) -> String {
    requests::text_of(&relay.registry)
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Department's relay",
        description = "The department's roster and policy versions, and mailboxes for case packages between workstations: ciphertext that this service cannot read.",
        license(name = "Apache-2.0 OR MIT")
    ),
    paths(
        info, challenge, session, healthz, metrics, packages::mailbox, packages::put_package, packages::fetch_package,
        packages::take_package, versions::newest, versions::documents, versions::bring, log::bring, log::how_far, log::row,
        backups::list, backups::put_piece, backups::piece, backups::put_manifest, backups::remove
    ),
    components(schemas(
        AuditEnd, Backups, Challenge, Claim, HowFar, Info, Logged, Mailbox, MailboxPackage, Newest, Problem, Rows, Session
    )),
    modifiers(&Everywhere)
)]
struct Api;

/// The contract as OpenAPI 3.1.
pub fn openapi() -> String {
    Api::openapi().to_pretty_json().unwrap_or_else(|e| format!("{{\"error\":\"{e}\"}}"))
}

/// The service's routes.
pub fn router(relay: Shared) -> Router {
    let app = Router::new()
        .route("/v1/info", get(info))
        .route("/v1/challenges", post(challenge))
        .route("/v1/sessions", post(session))
        .route("/v1/mailboxes/{mailbox}", get(packages::mailbox))
        .route(
            "/v1/mailboxes/{mailbox}/{package}",
            get(packages::fetch_package).put(packages::put_package).delete(packages::take_package),
        )
        .route("/v1/department", get(versions::newest))
        .route("/v1/department/versions", get(versions::documents).post(versions::bring))
        .route("/v1/backups", get(backups::list))
        .route("/v1/backups/{name}", put(backups::put_manifest).delete(backups::remove))
        .route("/v1/backups/pieces/{sha256}", get(backups::piece).put(backups::put_piece))
        .route("/v1/ledger/rows", get(log::how_far).post(log::bring))
        .route("/v1/ledger/rows/{position}", get(log::row))
        .route(&format!("{LEDGER}/{{*path}}"), get(log::file))
        .route("/v1/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], openapi()) }))
        .route("/v1/healthz", get(healthz))
        .route("/v1/metrics", get(metrics))
        .fallback(requests::nothing_here)
        .method_not_allowed_fallback(requests::not_this_way)
        .with_state(Arc::clone(&relay));
    requests::mannerly(
        app,
        relay.requests.clone(),
        Allowed {
            body: MAX_BODY,
            // A case package may be a gigabyte on a slow line; its next bytes must come in time nevertheless.
            time: |route| if route.ends_with("/{package}") { PACKAGE } else { REQUEST },
            late: || unavailable(say!("relay-took-too-long-given-up")),
            failed,
        },
    )
}
