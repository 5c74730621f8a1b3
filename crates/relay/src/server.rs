//! The service: axum over mailboxes, sessions, the log and the store.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use catalogue::say;
use serde_json::json;
use service::Problem;
use service::refusal::{Everywhere, Refusal};
use service::request::json_of;
use service::requests::{self, Allowed};
use utoipa::OpenApi;

use crate::admission::workstation;
use crate::log::routes as log;
use crate::running::{Shared, blocking, failed, unavailable};
use crate::sessions::SESSION;
use crate::wire::{
    AuditEnd, Backups, Challenge, Claim, HowFar, Info, LEDGER, Logged, MAX_BODY, Mailbox, MailboxPackage, Newest, Rows,
    SERVICE, Session,
};
use crate::{backups, packages, versions};

/// How long a request may take, and one that moves a package on a slow line.
const REQUEST: Duration = Duration::from_secs(60);
const PACKAGE: Duration = Duration::from_secs(1200);

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
