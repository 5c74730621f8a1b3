//! The service: axum over the store and the index.

use std::sync::{Arc, Mutex, RwLock};

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use uuid::Uuid;

use crate::desk::{self, Desk, DeskError, Put};
use crate::index::Index;
use crate::store::{Change, Idempotent, Scope, Sqlite, StoreError, TokenHolder};
use crate::wire::{
    AuditRow, Candidate, Completeness, Filters, Info, Limits, MAX_BODY, MAX_CANDIDATES, MIN_CANDIDATES, Mailbox,
    MailboxPackage, ModelInfo, NOTICE, PURPOSES, Problem, SearchAnswer, SearchRequest, Template,
};

/// A running gallery: one store, one index.
#[derive(Debug)]
pub struct Gallery {
    store: Mutex<Sqlite>,
    index: RwLock<Index>,
    model: String,
    dim: usize,
    training: bool,
    desk: Option<Desk>,
}

/// A refusal on its way to problem+json.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    fields: Vec<String>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, title, detail: detail.into(), fields: Vec::new() }
    }

    fn image() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "image-not-accepted",
            "Templates only",
            "A search carries a template, never an image. Encode the face on the workstation and send \
             application/json. Nothing of this request was kept.",
        )
    }

    fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", what)
    }

    fn internal(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The gallery cannot answer", detail)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store");
        match error {
            StoreError::Unknown(what) => Refusal::not_found(&format!("There is no {what}.")),
            other => {
                Refusal::internal(format!("Nothing was searched: {other}. Try again or tell the gallery's operator."))
            }
        }
    }
}

impl From<DeskError> for Refusal {
    fn from(error: DeskError) -> Self {
        let detail = error.to_string();
        match error {
            DeskError::Name => Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "mailbox-name", "Not a mailbox", detail),
            DeskError::Plain => {
                Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-encrypted", "Ciphertext only", detail)
            }
            DeskError::Other => Refusal::new(StatusCode::CONFLICT, "package-conflict", "Identity taken", detail),
            DeskError::NotYours => Refusal::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail),
            DeskError::Unknown => Refusal::not_found(&detail),
            DeskError::Disk(_) => Refusal::internal(detail),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: format!("urn:corroborate:problem:{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code.to_owned(),
            fields: self.fields,
        };
        let mut response = (self.status, Json(problem)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl Gallery {
    /// Opens the gallery: `model` and `dim` are those of an empty one; an enrolled one has its own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(store: Sqlite, model: &str, dim: usize) -> Result<Self, StoreError> {
        let enrolled = store.stats()?.models.into_iter().next();
        let (model, dim) = enrolled.map_or((model.to_owned(), dim), |m| (m.id, m.dim as usize));
        let gallery = Self {
            store: Mutex::new(store),
            index: RwLock::new(Index::new(dim)),
            model,
            dim,
            training: false,
            desk: None,
        };
        gallery.refresh(&*gallery.locked()?)?;
        Ok(gallery)
    }

    /// The same gallery for training: it answers searches for training and no others.
    #[must_use]
    pub fn for_training(mut self) -> Self {
        self.training = true;
        self
    }

    /// The same gallery, which keeps case packages too.
    #[must_use]
    pub fn with_desk(mut self, desk: Option<Desk>) -> Self {
        self.desk = desk;
        self
    }

    /// Purposes that this gallery is for. Workstations search for no other purpose here.
    fn purposes(&self) -> impl Iterator<Item = &'static str> {
        PURPOSES.into_iter().filter(|p| (*p == "training") == self.training)
    }

    /// Whether a search for `purpose` is answered. An operator's measurement counts as training and
    /// needs no second service; it is on the audit as what it is.
    fn answers(&self, purpose: &str) -> bool {
        PURPOSES.contains(&purpose) && (purpose == "training" || !self.training)
    }

    fn locked(&self) -> Result<std::sync::MutexGuard<'_, Sqlite>, StoreError> {
        self.store.lock().map_err(|_| poisoned())
    }

    /// Brings the index up to the store's outbox.
    fn refresh(&self, store: &Sqlite) -> Result<(), StoreError> {
        let applied = self.index.read().map_err(|_| poisoned())?.applied;
        let (last, changes) = store.changes(applied, &self.model)?;
        if changes.is_empty() {
            return Ok(());
        }
        let mut index = self.index.write().map_err(|_| poisoned())?;
        for change in changes {
            match change {
                Change::Add(Some((row, values))) => {
                    if !index.add(row, values) {
                        return Err(StoreError::Unknown("index: a stored template has another length".to_owned()));
                    }
                }
                Change::Add(None) => {}
                Change::Remove(record) => index.remove(record),
            }
        }
        index.applied = last;
        Ok(())
    }
}

fn poisoned() -> StoreError {
    StoreError::Unknown("working store: a request failed while writing; restart the gallery".to_owned())
}

type Shared = Arc<Gallery>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Regional gallery",
        description = "Searches carry a template, never an image. Candidates are investigative leads only.",
        license(name = "Apache-2.0 OR MIT")
    ),
    paths(info, search, photo, expunge, audit, mailbox, put_package, fetch_package, take_package, healthz),
    components(schemas(
        AuditRow, Candidate, Completeness, Filters, Info, Limits, Mailbox, MailboxPackage, ModelInfo, Problem, SearchAnswer, SearchRequest, Template
    )),
    modifiers(&BearerToken)
)]
struct Api;

struct BearerToken;

impl utoipa::Modify for BearerToken {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        api.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// The contract as OpenAPI 3.1.
pub fn openapi() -> String {
    Api::openapi().to_pretty_json().unwrap_or_else(|e| format!("{{\"error\":\"{e}\"}}"))
}

/// The service's routes.
pub fn router(gallery: Gallery) -> Router {
    Router::new()
        .route("/v1/info", get(info))
        .route("/v1/searches", post(search))
        .route("/v1/photos/{id}", get(photo))
        .route("/v1/subjects/{id}", delete(expunge))
        .route("/v1/audit", get(audit))
        .route("/v1/casework/{mailbox}", get(mailbox))
        .route(
            "/v1/casework/{mailbox}/{package}",
            get(fetch_package)
                .put(put_package)
                .delete(take_package)
                .layer(axum::extract::DefaultBodyLimit::max(desk::MAX_PACKAGE)),
        )
        .route("/v1/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], openapi()) }))
        .route("/v1/healthz", get(healthz))
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
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Refusal::internal("The gallery failed on this request. Tell its operator.").into_response()
        }))
        .layer(axum::middleware::from_fn(log_request))
        .with_state(Arc::new(gallery))
}

/// One line a request: never a body, a token or a case.
async fn log_request(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let [content_type, content_length] = [header::CONTENT_TYPE, header::CONTENT_LENGTH]
        .map(|name| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned());
    let start = std::time::Instant::now();
    let response = next.run(request).await;
    tracing::info!(
        %method, path, content_type, content_length,
        status = response.status().as_u16(), milliseconds = start.elapsed().as_millis() as u64, "request"
    );
    response
}

/// Runs `work` with the gallery where blocking is allowed.
async fn blocking<T: Send + 'static>(
    gallery: &Shared,
    work: impl FnOnce(&Gallery) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let gallery = Arc::clone(gallery);
    tokio::task::spawn_blocking(move || work(&gallery))
        .await
        .unwrap_or_else(|_| Err(Refusal::internal("The gallery failed on this request. Tell its operator.")))
}

/// The holder of the request's token, if it allows `scope`.
async fn admitted(gallery: &Shared, headers: &HeaderMap, scope: Scope) -> Result<TokenHolder, Refusal> {
    let secret = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")))
        .map(str::to_owned);
    let unauthorized = |detail: &str| Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", "Token needed", detail);
    let Some(secret) = secret else {
        return Err(unauthorized("Send the gallery's token as Authorization: Bearer …; its operator issues it."));
    };
    blocking(gallery, move |g| {
        let mut store = g.locked()?;
        let Some(holder) = store.holder(secret.trim())? else {
            store.audit("unknown", "", "token-refused", &json!({ "scope": scope.code() }))?;
            return Err(unauthorized(
                "This token is not valid here, or was revoked. Ask the gallery's operator for another.",
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

/// Models, counts and limits.
#[utoipa::path(get, path = "/v1/info", security(("bearer" = [])),
    responses((status = 200, body = Info), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn info(State(gallery): State<Shared>, headers: HeaderMap) -> Result<Json<Info>, Refusal> {
    admitted(&gallery, &headers, Scope::Search).await?;
    blocking(&gallery, |g| {
        let stats = g.locked()?.stats()?;
        let models = if stats.models.is_empty() {
            vec![ModelInfo { id: g.model.clone(), dim: g.dim as u32, templates: 0 }]
        } else {
            stats.models
        };
        Ok(Json(Info {
            service: "corroborate-gallery".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            models,
            subjects: stats.subjects,
            templates: stats.templates,
            limits: Limits {
                min_candidates: MIN_CANDIDATES,
                max_candidates: MAX_CANDIDATES,
                max_body_bytes: MAX_BODY as u64,
            },
            purposes: g.purposes().map(str::to_owned).collect(),
            notice: NOTICE.to_owned(),
        }))
    })
    .await
}

/// First bytes of image files, as they would stand in a body.
fn looks_like_image(body: &[u8]) -> bool {
    let starts: [&[u8]; 7] = [b"\xFF\xD8\xFF", b"\x89PNG", b"RIFF", b"II*\0", b"MM\0*", b"BM", b"GIF8"];
    starts.iter().any(|s| body.starts_with(s))
}

/// Whether a JSON body carries an image where a template belongs.
fn carries_image(body: &Value) -> bool {
    const NAMES: [&str; 9] = ["image", "images", "photo", "photograph", "picture", "probe", "file", "data", "crop"];
    let named = |v: &Value| v.as_object().is_some_and(|o| o.keys().any(|k| NAMES.contains(&k.to_lowercase().as_str())));
    named(body) || body.get("template").is_some_and(|t| t.is_string() || named(t))
}

fn parse_search(headers: &HeaderMap, body: &[u8]) -> Result<SearchRequest, Refusal> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence.starts_with("image/") || essence.starts_with("multipart/") || looks_like_image(body) {
        return Err(Refusal::image());
    }
    if essence != "application/json" {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "JSON needed",
            "Send application/json with a template.",
        ));
    }
    let malformed = |e: serde_json::Error| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "Malformed request",
            format!("The body does not follow the contract: {e}."),
        )
    };
    let value: Value = serde_json::from_slice(body).map_err(malformed)?;
    if carries_image(&value) {
        return Err(Refusal::image());
    }
    serde_json::from_value(value).map_err(malformed)
}

fn unit(template: &Template, model: &str, dim: usize) -> Result<Vec<f32>, Refusal> {
    if template.model != model {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "model-mismatch",
            "Another embedding model",
            format!(
                "This gallery is enrolled with {model}, the template was made with {}. Templates of two models cannot be \
                 compared: use the gallery's model on the workstation.",
                template.model
            ),
        ));
    }
    let norm = template.values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
    if template.values.len() != dim || !norm.is_finite() || norm < 1e-6 {
        return Err(Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "template-invalid",
            "Not a template",
            format!("A template of {model} has {dim} finite values that are not all zero."),
        ));
    }
    Ok(template.values.iter().map(|v| (f64::from(*v) / norm) as f32).collect())
}

fn valid_filters(filters: &Filters) -> Result<(), Refusal> {
    let days = [&filters.captured_from, &filters.captured_until];
    if days.into_iter().flatten().all(|d| d.len() == 10 && d.parse::<jiff::civil::Date>().is_ok()) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "filter-invalid",
        "Malformed filter",
        "captured_from and captured_until are days such as 2024-05-31.",
    ))
}

/// Searches the gallery with a template. The audit row is durable before the scan starts; a search
/// without purpose, case number or basis is refused, and that is audited too.
#[utoipa::path(post, path = "/v1/searches", security(("bearer" = [])), request_body = SearchRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeats of one request get one answer")),
    responses(
        (status = 200, body = SearchAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
async fn search(
    State(gallery): State<Shared>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Refusal> {
    let token = admitted(&gallery, &headers, Scope::Search).await?;
    let body = body.map_err(|e| {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if content_type.starts_with("image/") || content_type.starts_with("multipart/") {
            return Refusal::image();
        }
        Refusal::new(
            e.status(),
            "too-large",
            "Body not accepted",
            format!("The body could not be read ({e}); a search is a template of a few kilobytes."),
        )
    })?;
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_owned);
    blocking(&gallery, move |g| {
        let answer = run_search(g, &token, &headers, &body, key.as_deref())?;
        Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
    })
    .await
}

fn run_search(
    g: &Gallery,
    token: &TokenHolder,
    headers: &HeaderMap,
    body: &[u8],
    key: Option<&str>,
) -> Result<String, Refusal> {
    let refused = |store: &mut Sqlite, refusal: Refusal, detail: Value| -> Refusal {
        let detail = json!({ "code": refusal.code, "request": detail });
        match store.audit(&token.user, &token.agency, "search-refused", &detail) {
            Ok(()) => refusal,
            Err(error) => error.into(),
        }
    };
    let mut store = g.locked()?;
    let request = match parse_search(headers, body) {
        Ok(request) => request,
        Err(refusal) => return Err(refused(&mut store, refusal, Value::Null)),
    };
    let said = json!({
        "purpose": request.purpose, "case_number": request.case_number, "basis": request.basis,
        "examiner": request.examiner, "model": request.template.model, "limit": request.limit,
    });
    let mut fields = Vec::new();
    if !g.answers(&request.purpose) {
        fields.push("purpose".to_owned());
    }
    for (name, text) in [("case_number", &request.case_number), ("basis", &request.basis)] {
        if text.trim().is_empty() {
            fields.push(name.to_owned());
        }
    }
    if !fields.is_empty() {
        let detail = format!(
            "No search without a purpose ({}), a case number and a basis. Missing or unknown here: {}. The refusal is on the audit.",
            g.purposes().collect::<Vec<_>>().join(", "),
            fields.join(", ")
        );
        let refusal = Refusal {
            fields,
            ..Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "purpose-required",
                "Purpose, case number and basis needed",
                detail,
            )
        };
        return Err(refused(&mut store, refusal, said));
    }
    let checked =
        unit(&request.template, &g.model, g.dim).and_then(|probe| valid_filters(&request.filters).map(|()| probe));
    let probe = match checked {
        Ok(probe) => probe,
        Err(refusal) => return Err(refused(&mut store, refusal, said)),
    };
    if let Some(key) = key {
        match store.idempotent(token, key, body)? {
            Idempotent::Fresh => {}
            Idempotent::Replay(answer) => return Ok(answer),
            Idempotent::Conflict => {
                let refusal = Refusal::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "idempotency-conflict",
                    "Key used before",
                    "This Idempotency-Key was used for another request. Send a new key.",
                );
                return Err(refused(&mut store, refusal, said));
            }
        }
    }
    let search_id = Uuid::new_v4();
    store.audit(&token.user, &token.agency, "search", &json!({ "search_id": search_id, "request": said }))?;
    g.refresh(&store)?;
    drop(store);
    let limit = usize::from(request.limit.clamp(MIN_CANDIDATES, MAX_CANDIDATES));
    let (scan, size) = {
        let index = g.index.read().map_err(|_| poisoned())?;
        (index.scan(&probe, &request.filters, limit), index.len() as u64)
    };
    let mut store = g.locked()?;
    let listed = store.record_list(search_id, token, scan.found)?;
    let candidates = listed
        .into_iter()
        .map(|listed| Candidate {
            candidate_id: listed.id,
            subject_id: listed.found.row.subject,
            score: listed.found.score,
            captured_on: listed.found.row.captured_on,
            agency: listed.found.row.agency,
            photo: format!("/v1/photos/{}", listed.id),
            other_photos: listed.other_photos.iter().map(|id| format!("/v1/photos/{id}")).collect(),
        })
        .collect();
    let answer = SearchAnswer {
        search_id,
        candidates,
        completeness: Completeness {
            exact: true,
            scanned: scan.scanned,
            gallery_size: size,
            filtered_out: scan.filtered_out,
        },
        notice: NOTICE.to_owned(),
    };
    let answer = serde_json::to_string(&answer).map_err(|e| Refusal::internal(e.to_string()))?;
    if let Some(key) = key {
        store.keep_answer(token, key, body, &answer)?;
    }
    Ok(answer)
}

/// A candidate's photograph, served only to the token whose search listed it.
#[utoipa::path(get, path = "/v1/photos/{id}", security(("bearer" = [])), params(("id" = String, Path, description = "candidate_id")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn photo(State(gallery): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Refusal> {
    let token = admitted(&gallery, &headers, Scope::Search).await?;
    let photo = blocking(&gallery, move |g| Ok(g.locked()?.photo(&id, &token)?)).await?;
    let photo = photo.ok_or_else(|| {
        Refusal::not_found(
            "No search of this token listed this photograph, or the record was expunged since. Search again.",
        )
    })?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], photo).into_response())
}

/// Removes a person: photographs, templates and record. The audit keeps the proof.
#[utoipa::path(delete, path = "/v1/subjects/{id}", security(("bearer" = [])), params(("id" = String, Path, description = "subject_id")),
    responses((status = 200, description = "What was removed"), (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn expunge(
    State(gallery): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let token = admitted(&gallery, &headers, Scope::Enrol).await?;
    blocking(&gallery, move |g| {
        let mut store = g.locked()?;
        let done = store.expunge(&id, &token.user, &token.agency)?;
        g.refresh(&store)?;
        Ok(Json(json!({ "subject_id": id, "records": done.records })))
    })
    .await
}

#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
struct AuditPage {
    /// Rows after this position.
    #[serde(default)]
    after: i64,
    /// At most so many rows, up to 1000.
    #[serde(default = "hundred")]
    limit: u32,
}

fn hundred() -> u32 {
    100
}

/// The service's audit, oldest first.
#[utoipa::path(get, path = "/v1/audit", security(("bearer" = [])), params(AuditPage),
    responses((status = 200, body = [AuditRow]), (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn audit(
    State(gallery): State<Shared>,
    headers: HeaderMap,
    Query(page): Query<AuditPage>,
) -> Result<Json<Vec<AuditRow>>, Refusal> {
    let token = admitted(&gallery, &headers, Scope::Audit).await?;
    blocking(&gallery, move |g| {
        let mut store = g.locked()?;
        store.audit(&token.user, &token.agency, "audit-read", &json!({ "after": page.after }))?;
        Ok(Json(store.audit_rows(page.after, page.limit.min(1000))?))
    })
    .await
}

/// What a desk that lies elsewhere answers.
async fn ask_elsewhere(
    base: &reqwest::Url,
    method: reqwest::Method,
    path: &str,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let gone = |_| Refusal::internal("The department's desk cannot be reached. Nothing was changed; try again later.");
    let url = format!("{}{path}", base.as_str().trim_end_matches('/'));
    let mut call = reqwest::Client::new().request(method, url).body(body);
    if let Some(token) = headers.get(header::AUTHORIZATION) {
        call = call.header(header::AUTHORIZATION, token);
    }
    let answer = call.send().await.map_err(gone)?;
    let (status, kind) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
    let mut response = (status, answer.bytes().await.map_err(gone)?).into_response();
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    Ok(response)
}

/// Does `work` in the desk's folder for the holder of a token, or asks the desk that lies elsewhere.
async fn at_desk<T: IntoResponse + Send + 'static>(
    gallery: &Shared,
    (method, path, headers, body): (reqwest::Method, String, &HeaderMap, Bytes),
    work: impl FnOnce(&std::path::Path, &str, &[u8]) -> Result<(T, Option<Value>), DeskError> + Send + 'static,
) -> Result<Response, Refusal> {
    match &gallery.desk {
        None => {
            Err(Refusal::new(StatusCode::NOT_FOUND, "no-desk", "No desk here", "This service keeps no case packages."))
        }
        Some(Desk::Elsewhere(base)) => ask_elsewhere(base, method, &path, headers, body).await,
        Some(Desk::Folder(folder)) => {
            let token = admitted(gallery, headers, Scope::Casework).await?;
            let folder = folder.clone();
            blocking(gallery, move |g| {
                let holder = format!("{} {}", token.agency, token.user);
                let (answer, audited) = work(&folder, &holder, &body)?;
                if let Some(detail) = audited {
                    g.locked()?.audit(&token.user, &token.agency, "package", &detail)?;
                }
                Ok(answer.into_response())
            })
            .await
        }
    }
}

fn package_id(text: &str) -> Result<Uuid, Refusal> {
    text.parse().map_err(|_| Refusal::not_found("A package is named by a UUID."))
}

/// What waits in a mailbox. The first token's user that asks for one owns it.
#[utoipa::path(get, path = "/v1/casework/{mailbox}", security(("bearer" = [])),
    params(("mailbox" = String, Path, description = "recipient's public key, 64 hexadecimal digits")),
    responses((status = 200, body = Mailbox), (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn mailbox(
    State(gallery): State<Shared>,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let path = format!("/v1/casework/{name}");
    let asked = (reqwest::Method::GET, path, &headers, Bytes::new());
    at_desk(&gallery, asked, move |folder, holder, _| Ok((Json(desk::list(folder, &name, holder)?), None))).await
}

/// Puts a package, an age file, into a mailbox. To repeat it is harmless.
#[utoipa::path(put, path = "/v1/casework/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path), ("package" = Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "It lies there"), (status = 200, description = "It was put before"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn put_package(
    State(gallery): State<Shared>,
    headers: HeaderMap,
    Path((name, package)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let id = package_id(&package)?;
    let asked = (reqwest::Method::PUT, format!("/v1/casework/{name}/{id}"), &headers, body);
    at_desk(&gallery, asked, move |folder, _, body| {
        let put = desk::put(folder, &name, id, body)?;
        let detail = json!({ "put": id, "mailbox": name, "bytes": body.len() });
        Ok(match put {
            Put::Stored => (StatusCode::CREATED, Some(detail)),
            Put::Known => (StatusCode::OK, None),
        })
    })
    .await
}

/// A package of one's own mailbox.
#[utoipa::path(get, path = "/v1/casework/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path), ("package" = Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn fetch_package(
    State(gallery): State<Shared>,
    headers: HeaderMap,
    Path((name, package)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id = package_id(&package)?;
    let asked = (reqwest::Method::GET, format!("/v1/casework/{name}/{id}"), &headers, Bytes::new());
    at_desk(&gallery, asked, move |folder, holder, _| {
        let bytes = desk::fetch(folder, &name, id, holder)?;
        Ok((([(header::CONTENT_TYPE, "application/octet-stream")], bytes), None))
    })
    .await
}

/// Takes a package away that its recipient has. To repeat it is harmless.
#[utoipa::path(delete, path = "/v1/casework/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path), ("package" = Uuid, Path)),
    responses((status = 204, description = "It is gone"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn take_package(
    State(gallery): State<Shared>,
    headers: HeaderMap,
    Path((name, package)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id = package_id(&package)?;
    let asked = (reqwest::Method::DELETE, format!("/v1/casework/{name}/{id}"), &headers, Bytes::new());
    at_desk(&gallery, asked, move |folder, holder, _| {
        desk::take_away(folder, &name, id, holder)?;
        Ok((StatusCode::NO_CONTENT, Some(json!({ "taken": id, "mailbox": name }))))
    })
    .await
}

/// Whether the service can read its store.
#[utoipa::path(get, path = "/v1/healthz", responses((status = 200, description = "It can"), (status = 503, body = Problem)))]
async fn healthz(State(gallery): State<Shared>) -> Result<Json<Value>, Refusal> {
    blocking(&gallery, |g| {
        g.locked()?.stats()?;
        Ok(Json(json!({ "status": "ok" })))
    })
    .await
}
