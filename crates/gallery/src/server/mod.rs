//! The service: axum over the store and the index.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use faces::Engine;
use futures_util::StreamExt;
use gallery_api::wire::{
    Anchor, AuditRow, Candidate, Completeness, Filters, Info, Limits, MAX_BODY, Mailbox, MailboxClaim, MailboxPackage,
    ModelInfo, Opened, PURPOSES, Problem, SearchAnswer, SearchRequest, Signature, SubjectAnswer, Suppression, Template,
    Withdrawn,
};
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use utoipa::OpenApi;
use vector_index::{Index, Position};

use crate::desk::Desk;
use crate::store::{Allowance, Authority, CertificateFile, Change, Order, Scope, Store, StoreError, TokenHolder};

mod anchors;
pub mod listen;
mod mailboxes;
mod metrics;
mod patterns;
mod records;
mod refusal;
mod scanner;
mod search;
pub mod tls;
mod words;

use metrics::Metrics;
use refusal::Refusal;
use scanner::Scanner;

/// Changes that are read from the outbox at a time.
const PAGE: u32 = 4096;
/// How long a search waits for the index to catch up.
const CATCH_UP: Duration = Duration::from_secs(10);
/// How often the index looks for changes when nobody searches.
const TEND: Duration = Duration::from_secs(1);
/// How long a request may take, how long the next bytes of its body may take, and how long all of a small one's.
const REQUEST: Duration = Duration::from_secs(120);
const PACKAGE: Duration = Duration::from_secs(1200);
const BODY: Duration = Duration::from_secs(30);
const SMALL_BODY: Duration = Duration::from_secs(60);
/// Failed tokens of an address within a minute, after which it is asked to wait.
const FAILURES: u64 = 60;
/// Addresses whose failures are counted apart.
const ADDRESSES: usize = 4096;
const MINUTE: Duration = Duration::from_secs(60);
/// How often what limits no longer look at is forgotten.
const FORGET: Duration = Duration::from_secs(600);

/// What a gallery is opened with.
#[derive(Debug, Default)]
pub struct Options {
    /// Answer searches for training and no others.
    pub training: bool,
    /// Keep case packages.
    pub desk: Option<Desk>,
    /// Encodes photographs that are enrolled over HTTP.
    pub engine: Option<Engine>,
    /// Threads of a scan; 0 for as many as the machine has.
    pub threads: usize,
    /// What may be taken in a day, and how fast; without one everything, which is for trials and measurements.
    pub allowance: Option<Allowance>,
    /// A proxy stands in front: it says where a request comes from.
    pub proxied: bool,
}

/// Failed tokens of one address.
#[derive(Debug)]
struct Failures {
    since: Instant,
    /// In this minute.
    count: u64,
    /// Of those, how many the audit does not have yet.
    unwritten: u64,
}

/// A running gallery: one store, one index.
#[derive(Debug)]
pub struct Gallery {
    store: Mutex<Store>,
    index: RwLock<Index>,
    /// Held by whoever brings the index up to date, so that changes are applied once and in order.
    refreshing: Mutex<()>,
    scanner: Scanner,
    /// The thread behind it.
    scanning: OnceLock<JoinHandle<()>>,
    metrics: Metrics,
    model: String,
    dim: usize,
    training: bool,
    desk: Option<Desk>,
    engine: Option<Engine>,
    allowance: Option<Allowance>,
    proxied: bool,
    patterns: patterns::Patterns,
    failures: Mutex<HashMap<Option<IpAddr>, Failures>>,
    forgotten: Mutex<Option<Instant>>,
}

fn stopped<T>(_: PoisonError<T>) -> Refusal {
    Refusal::internal("The gallery's store failed on an earlier request. Its operator must restart it.")
}

/// What kept a gallery from opening.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index.
    #[error(transparent)]
    Index(#[from] vector_index::IndexError),
    /// The index could not be filled.
    #[error("the index could not be brought up to date: {0}")]
    Behind(String),
}

/// Brings an index up to the store's outbox: first what is damaged, then what is new.
///
/// # Errors
/// [`OpenError`].
pub fn catch_up(store: &mut Store, index: &mut Index, model: &str) -> Result<(), OpenError> {
    for range in index.damaged().to_vec() {
        tracing::warn!(from = range.from, through = range.through, "a damaged index segment is filled again");
        let (mut at, mut rows) = (range.from, Vec::new());
        while at < range.through {
            let most = u32::try_from(range.through - at).unwrap_or(PAGE).min(PAGE);
            let (last, changes) = store.changes(at, model, most)?;
            if last.seq == at {
                break;
            }
            rows.extend(changes.into_iter().filter_map(|change| match change {
                Change::Add(entry, values) => Some((entry, values)),
                Change::Remove(_) => None,
            }));
            at = last.seq;
        }
        index.refill(range, rows.into_iter())?;
    }
    // One thread reads the next page while this one adds.
    let (mut reader, mut at) = (store.reader()?, index.applied());
    let (sender, pages) = sync_channel(2);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                let page = reader.changes(at, model, PAGE);
                let ended = page.as_ref().map_or(true, |(_, changes)| changes.is_empty());
                at = page.as_ref().map_or(at, |(last, _)| last.seq);
                // Whoever adds stopped: its error says why.
                if sender.send(page).is_err() || ended {
                    return;
                }
            }
        });
        for page in pages {
            let (last, changes) = page?;
            apply(index, changes, last)?;
        }
        Ok(())
    })
}

fn apply(index: &mut Index, changes: Vec<Change>, last: Position) -> Result<(), vector_index::IndexError> {
    for change in changes {
        match change {
            Change::Add(entry, values) => index.add(entry, &values)?,
            Change::Remove(record) => drop(index.remove(record)),
        }
    }
    index.applied_through(last)
}

/// Opens the index in `folder` and brings it up to the store.
pub(crate) fn current_index(
    store: &mut Store,
    folder: &std::path::Path,
    model: &str,
    dim: usize,
) -> Result<Index, OpenError> {
    let mut index = Index::open(folder, model, dim)?;
    if !store.knows(index.position())? {
        // The store was restored from a backup: the index holds what the store does not, perhaps under numbers that
        // the store gave to others since.
        tracing::warn!(at = index.applied(), "the index is of another history than the store and begins anew");
        drop(index);
        std::fs::remove_dir_all(folder)
            .map_err(|e| OpenError::Behind(format!("{} cannot be removed: {e}", folder.display())))?;
        index = Index::open(folder, model, dim)?;
    }
    catch_up(store, &mut index, model)?;
    index.flush()?;
    Ok(index)
}

impl Gallery {
    /// Opens the gallery with its index in `folder`: `model` and `dim` are those of an empty one; an enrolled one has
    /// its own. Expungements that a crash interrupted are finished.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        mut store: Store,
        folder: &std::path::Path,
        (model, dim): (&str, usize),
        options: Options,
    ) -> Result<Arc<Self>, OpenError> {
        let enrolled = store.model()?;
        let (model, dim) = enrolled.map_or((model.to_owned(), dim), |m| (m.id, m.dim as usize));
        let index = current_index(&mut store, folder, &model, dim)?;
        let reader = store.reader()?;
        let threads = match options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let (scanner, jobs) = Scanner::new();
        let gallery = Arc::new(Self {
            store: Mutex::new(store),
            index: RwLock::new(index),
            refreshing: Mutex::new(()),
            scanner,
            scanning: OnceLock::new(),
            metrics: Metrics::new(),
            model,
            dim,
            training: options.training,
            desk: options.desk,
            engine: options.engine,
            allowance: options.allowance,
            proxied: options.proxied,
            patterns: patterns::Patterns::default(),
            failures: Mutex::default(),
            forgotten: Mutex::default(),
        });
        if gallery.allowance.is_none() {
            tracing::warn!("no limits and no alarms (--unlimited): for trials and measurements only");
            let said = json!({ "limits": "none" });
            gallery
                .locked()
                .and_then(|mut store| Ok(store.audit("gallery", "", "serving-unlimited", &said)?))
                .map_err(|refusal| OpenError::Behind(refusal.detail))?;
        }
        gallery.tend().map_err(|refusal| OpenError::Behind(refusal.detail))?;
        let scans = Arc::downgrade(&gallery);
        let scanning = std::thread::spawn(move || scanner::work(&scans, jobs, reader, threads));
        // Nobody else has set it: the gallery was made above.
        drop(gallery.scanning.set(scanning));
        let tended = Arc::downgrade(&gallery);
        std::thread::spawn(move || {
            while let Some(gallery) = tended.upgrade() {
                if let Err(refusal) = gallery.tend() {
                    tracing::warn!(detail = refusal.detail, "the index could not be brought up to date");
                }
                drop(gallery);
                std::thread::sleep(TEND);
            }
        });
        Ok(gallery)
    }

    /// Purposes that this gallery is for. Workstations search for no other purpose here.
    fn purposes(&self) -> impl Iterator<Item = &'static str> {
        PURPOSES.into_iter().filter(|p| (*p == "training") == self.training)
    }

    /// Whether a search for `purpose` is answered: training by a training gallery, and nothing else there.
    fn answers(&self, purpose: &str) -> bool {
        self.purposes().any(|known| known == purpose)
    }

    fn locked(&self) -> Result<MutexGuard<'_, Store>, Refusal> {
        self.store.lock().map_err(stopped)
    }

    fn last_seq(&self) -> Result<i64, Refusal> {
        Ok(self.locked()?.last_seq()?)
    }

    /// Brings the index to `required` or further.
    fn refresh(&self, required: i64) -> Result<(), Refusal> {
        if self.index.read().map_err(stopped)?.applied() >= required {
            return Ok(());
        }
        let _one = self.refreshing.lock().map_err(stopped)?;
        let start = Instant::now();
        loop {
            let applied = self.index.read().map_err(stopped)?.applied();
            if applied >= required {
                return Ok(());
            }
            if start.elapsed() > CATCH_UP {
                return Err(Refusal::stale(format!(
                    "The index is at {applied} where the store is at {required}. Nothing was answered; try again in a moment."
                )));
            }
            let (last, changes) = self.locked()?.changes(applied, &self.model, PAGE)?;
            if changes.is_empty() {
                return Err(Refusal::stale("The store's outbox is shorter than it was. Tell the gallery's operator."));
            }
            apply(&mut *self.index.write().map_err(stopped)?, changes, last)?;
        }
    }

    /// Applies what came, and finishes what was begun: expungements whose certificate is not signed yet.
    fn tend(&self) -> Result<(), Refusal> {
        let last = self.last_seq()?;
        self.refresh(last)?;
        self.write_failures(false)?;
        if self.forgotten.lock().map_err(stopped)?.is_none_or(|at| at.elapsed() > FORGET) {
            self.locked()?.forget()?;
            *self.forgotten.lock().map_err(stopped)? = Some(Instant::now());
        }
        let unfinished = self.locked()?.unfinished_expungements()?;
        for id in unfinished {
            self.finish(id)?;
        }
        let index = self.index.read().map_err(stopped)?;
        self.metrics.templates.set(i64::try_from(index.len()).unwrap_or(i64::MAX));
        self.metrics.behind.set(last - index.applied().min(last));
        Ok(())
    }

    fn expunge(&self, subject: &str, order: &Order, token: &TokenHolder) -> Result<CertificateFile, Refusal> {
        let id = self.locked()?.expunge(subject, order, by(token))?;
        self.finish(id)
    }

    /// What a person may be shown, for the gallery's size.
    fn allowed(&self) -> Result<Option<(&Allowance, u64)>, Refusal> {
        let templates = self.index.read().map_err(stopped)?.len() as u64;
        Ok(self.allowance.as_ref().map(|allowance| (allowance, allowance.people(templates))))
    }

    /// Counts a failed token. The first of an address is on the audit at once, the others of its minute as a number.
    fn failed(&self, address: Option<IpAddr>, scope: Scope) -> Result<(), Refusal> {
        self.metrics.token_refused();
        let write = {
            let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
            let address = address.filter(|address| all.len() < ADDRESSES || all.contains_key(&Some(*address)));
            let first = !all.contains_key(&address);
            let known = all.entry(address).or_insert(Failures { since: Instant::now(), count: 0, unwritten: 0 });
            known.count += 1;
            if !first {
                known.unwritten += 1;
            }
            if known.count > FAILURES {
                let wait = MINUTE.saturating_sub(known.since.elapsed()).as_secs() + 1;
                return Err(Refusal::limited(
                    "Too many requests with tokens that are not valid came from this address within a minute. Wait, \
                     or ask the gallery's operator for a token.",
                    wait,
                ));
            }
            first
        };
        if write {
            let detail = json!({ "scope": scope.code(), "address": address, "count": 1 });
            self.locked()?.audit("unknown", "", "token-refused", &detail)?;
        }
        Ok(())
    }

    /// Puts failures of minutes that are over on the audit: one row an address and minute.
    fn write_failures(&self, all: bool) -> Result<(), Refusal> {
        let mut over = Vec::new();
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).retain(|address, known| {
            if !all && known.since.elapsed() < MINUTE {
                return true;
            }
            if known.unwritten > 0 {
                over.push((*address, known.unwritten));
            }
            false
        });
        for (address, count) in over {
            let detail = json!({ "address": address, "count": count });
            self.locked()?.audit("unknown", "", "token-refused", &detail)?;
        }
        Ok(())
    }

    fn finish(&self, id: uuid::Uuid) -> Result<CertificateFile, Refusal> {
        self.refresh(self.last_seq()?)?;
        self.index.write().map_err(stopped)?.flush()?;
        Ok(self.locked()?.finish_expungement(id)?)
    }

    /// Whether this node can answer.
    fn ready(&self) -> Result<(), Refusal> {
        if self.scanning.get().is_none_or(JoinHandle::is_finished) {
            return Err(Refusal::partial("The thread that scans has stopped. Restart this service."));
        }
        let last = self.last_seq()?;
        let index = self.index.read().map_err(stopped)?;
        if !index.damaged().is_empty() {
            return Err(Refusal::partial("A segment of the index is damaged and not yet filled again."));
        }
        let behind = last - index.applied();
        if behind > i64::from(PAGE) {
            return Err(Refusal::stale(format!("The index is {behind} changes behind.")));
        }
        Ok(())
    }

    /// Writes the index to disk, so that the next start has nothing to replay.
    ///
    /// # Errors
    /// [`OpenError::Index`]; the next start replays what was not written.
    pub fn close(&self) -> Result<(), OpenError> {
        self.write_failures(true).map_err(|refusal| OpenError::Behind(refusal.detail))?;
        match self.index.write() {
            Ok(mut index) => Ok(index.flush()?),
            Err(_) => Ok(()),
        }
    }
}

type Shared = Arc<Gallery>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Regional gallery",
        description = "Searches carry a template, never an image. Candidates are investigative leads only.",
        license(name = "Apache-2.0 OR MIT")
    ),
    paths(
        records::info, search::search, records::withdrawn, records::opened, records::photo, records::enrol, records::expunge,
        records::remove, records::suppress, records::restore, records::certificate, records::audit, records::anchor,
        anchors::last_anchor, mailboxes::prove, mailboxes::mailbox, mailboxes::put_package, mailboxes::fetch_package,
        mailboxes::take_package, records::healthz, records::metrics
    ),
    components(schemas(
        Anchor, AuditRow, Candidate, CertificateFile, Completeness, Filters, Info, Limits, Mailbox, MailboxClaim,
        MailboxPackage, ModelInfo, Opened, Order, Problem, SearchAnswer, SearchRequest, Signature, SubjectAnswer,
        Suppression, Template, Withdrawn
    )),
    modifiers(&Everywhere)
)]
struct Api;

/// What every operation has: the token, and problems as RFC 9457 has them.
struct Everywhere;

impl utoipa::Modify for Everywhere {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        api.components.get_or_insert_default().add_security_scheme("bearer", scheme);
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let problem =
            ResponseBuilder::new().description("A problem").content("application/problem+json", content).build();
        for path in api.paths.paths.values_mut() {
            let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete];
            for operation in operations.into_iter().flatten() {
                operation.responses.responses.insert("default".to_owned(), problem.clone().into());
            }
        }
    }
}

/// The contract as OpenAPI 3.1.
pub fn openapi() -> String {
    Api::openapi().to_pretty_json().unwrap_or_else(|e| format!("{{\"error\":\"{e}\"}}"))
}

/// The service's routes.
pub fn router(gallery: Arc<Gallery>) -> Router {
    Router::new()
        .route("/v1/info", get(records::info))
        .route("/v1/searches", post(search::search))
        .route("/v1/searches/{id}/withdrawn", get(records::withdrawn))
        .route("/v1/searches/{id}/opened", post(records::opened))
        .route("/v1/photos/{id}", get(records::photo))
        .route("/v1/subjects", post(records::enrol))
        .route("/v1/subjects/{id}", delete(records::remove))
        .route("/v1/subjects/{id}/expungement", post(records::expunge))
        .route("/v1/subjects/{id}/suppression", post(records::suppress).delete(records::restore))
        .route("/v1/certificates/{id}", get(records::certificate))
        .route("/v1/audit", get(records::audit))
        .route("/v1/anchors", post(records::anchor))
        .route("/v1/anchors/{workstation}", get(anchors::last_anchor))
        .route("/v1/casework/{mailbox}", get(mailboxes::mailbox))
        .route("/v1/casework/{mailbox}/proof", post(mailboxes::prove))
        .route(
            "/v1/casework/{mailbox}/{package}",
            get(mailboxes::fetch_package).put(mailboxes::put_package).delete(mailboxes::take_package),
        )
        .route("/v1/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], openapi()) }))
        .route("/v1/healthz", get(records::healthz))
        .route("/v1/metrics", get(records::metrics))
        .fallback(|| async {
            Refusal::not_found("There is nothing at this address; the contract is at /v1/openapi.json.")
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed",
                "This address does not take this method; the contract is at /v1/openapi.json.",
            )
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(RequestBodyTimeoutLayer::new(BODY))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Refusal::stopped().into_response()))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&gallery), log_request))
        .with_state(gallery)
}

/// One line a request: never a body, a token, a case or a person.
async fn log_request(State(gallery): State<Shared>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // The route and not the path: an address may hold a subject's identity.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let [content_type, content_length] = [header::CONTENT_TYPE, header::CONTENT_LENGTH]
        .map(|name| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned());
    let start = Instant::now();
    // A case package may be a gigabyte on a slow line; its next bytes must come in time nevertheless.
    let limit = if route.starts_with("/v1/casework") { PACKAGE } else { REQUEST };
    let response = tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        Refusal::internal("This took too long and was given up. Try again later, or tell the gallery's operator.")
            .into_response()
    });
    let (status, time) = (response.status().as_u16(), start.elapsed());
    gallery.metrics.request(method.as_str(), &route, status, time);
    tracing::info!(
        %method, route, content_type, content_length, status, milliseconds = time.as_millis() as u64, "request"
    );
    response
}

/// Runs `work` with the gallery where blocking is allowed.
async fn blocking<T: Send + 'static>(
    gallery: &Shared,
    work: impl FnOnce(&Gallery) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let gallery = Arc::clone(gallery);
    tokio::task::spawn_blocking(move || work(&gallery)).await.unwrap_or_else(|_| Err(Refusal::stopped()))
}

/// A body of at most `most` bytes, which must come within a minute.
async fn read(body: Body, most: usize) -> Result<Bytes, Refusal> {
    let late = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "Body too slow", "The body took too long.");
    let body = tokio::time::timeout(SMALL_BODY, axum::body::to_bytes(body, most)).await.map_err(late)?;
    body.map_err(|_| {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Body not accepted",
            format!("The body broke off or is longer than the {most} bytes that are taken here."),
        )
    })
}

/// A small JSON body.
async fn json_of<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    let body = read(body, MAX_BODY).await?;
    serde_json::from_slice(&body).map_err(|e| {
        Refusal::invalid("malformed", "Malformed request", format!("The body does not follow the contract: {e}."))
    })
}

/// The next piece of a long body.
async fn piece(body: &mut BodyDataStream) -> Result<Option<Bytes>, Refusal> {
    let broken = || {
        Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "Body broke off",
            "The body broke off. Nothing was stored.",
        )
    };
    let next = tokio::time::timeout(BODY, body.next()).await.map_err(|_| broken())?;
    next.transpose().map_err(|_| broken())
}

/// Whose records the holder of a token may change.
fn by(token: &TokenHolder) -> Authority<'_> {
    Authority::Agency { ori: &token.agency, user: &token.user }
}

/// Who calls: by a token in the headers, or by the certificate of the connection.
#[derive(Debug)]
struct Caller {
    headers: HeaderMap,
    /// SHA-256 of the client's certificate, in hexadecimal.
    certificate: Option<String>,
    address: Option<IpAddr>,
}

/// A bearer token of a header.
fn bearer(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer "))?.trim())
}

impl Caller {
    /// SHA-256 of the token or certificate, in hexadecimal.
    fn token_sha256(&self) -> Option<String> {
        let token = bearer(&self.headers, header::AUTHORIZATION).map(gallery_api::signing::token_sha256);
        token.or_else(|| self.certificate.clone())
    }

    /// Where the request comes from: what a proxy in front says, or else the connection.
    fn origin(&self, gallery: &Gallery) -> Option<IpAddr> {
        let forwarded = self.headers.get("x-forwarded-for").filter(|_| gallery.proxied);
        // The last one is the proxy's own word; those before are the client's.
        let said = forwarded.and_then(|v| v.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        said.or(self.address).map(tls::network)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<tls::Peer>>();
        let certificate = peer.and_then(|peer| peer.0.certificate.clone());
        Ok(Self { headers: parts.headers.clone(), certificate, address: peer.map(|peer| peer.0.address.ip()) })
    }
}

/// The holder of the request's token or certificate, if it allows `scope`.
async fn admitted(gallery: &Shared, caller: &Caller, scope: Scope) -> Result<TokenHolder, Refusal> {
    let secret = bearer(&caller.headers, header::AUTHORIZATION).map(str::to_owned);
    let address = caller.origin(gallery);
    let unauthorized = |detail: &str| Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", "Token needed", detail);
    let certificate = caller.certificate.clone();
    if secret.is_none() && certificate.is_none() {
        return Err(unauthorized("Send the gallery's token as Authorization: Bearer …; its operator issues it."));
    }
    blocking(gallery, move |g| {
        let holder = match (&secret, &certificate) {
            (Some(secret), _) => g.locked()?.holder(secret)?,
            (None, Some(certificate)) => g.locked()?.certificate_holder(certificate)?,
            (None, None) => None,
        };
        let Some(holder) = holder else {
            g.failed(address, scope)?;
            return Err(unauthorized(
                "This token or certificate is not valid here, has expired or was revoked. Ask the gallery's operator.",
            ));
        };
        if holder.may(scope) {
            Ok(holder)
        } else {
            Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "Not allowed",
                format!("This token does not allow {}. Ask the gallery's operator.", scope.code()),
            ))
        }
    })
    .await
}
