//! The routes, their limits, and the contract that they answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::{delete, get, post};
use catalogue::say;
use gallery_api::wire::{
    Anchor, AuditRow, Candidate, Completeness, Filters, Info, Limits, MAX_BODY, ModelInfo, Opened, Problem,
    SearchAnswer, SearchRequest, Searches, Signature, SubjectAnswer, Suppression, Template, Withdrawn, WithdrawnOf,
};
use service::refusal::Everywhere;
use service::requests::{self, Allowed};
use utoipa::OpenApi;

use super::gallery::Gallery;
use super::{anchors, ledger, records, refusal, search};
use crate::store::{CertificateFile, Order};

/// How long a request may take.
const REQUEST: Duration = Duration::from_secs(120);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Regional gallery",
        description = "Searches carry a template, never an image. Candidates are investigative leads only.",
        license(name = "Apache-2.0 OR MIT")
    ),
    paths(
        records::info, search::search, records::withdrawn, records::withdrawn_of, records::opened, records::photo, records::enrol, records::expunge,
        records::remove, records::suppress, records::restore, records::certificate, records::audit, records::anchor,
        anchors::last_anchor, ledger::checkpoint, ledger::cosigned, records::healthz, records::metrics
    ),
    components(schemas(
        Anchor, AuditRow, Candidate, CertificateFile, Completeness, Filters, Info, Limits, ModelInfo, Opened, Order, Problem, SearchAnswer, SearchRequest, Signature, SubjectAnswer,
        Suppression, Template, Withdrawn, Searches, WithdrawnOf
    )),
    modifiers(&Everywhere)
)]
struct Api;

/// The contract as OpenAPI 3.1.
pub fn openapi() -> String {
    Api::openapi().to_pretty_json().unwrap_or_else(|e| format!("{{\"error\":\"{e}\"}}"))
}

/// The service's routes.
pub fn router(gallery: Arc<Gallery>) -> Router {
    let app = Router::new()
        .route("/v1/info", get(records::info))
        .route("/v1/searches", post(search::search))
        .route("/v1/searches/{id}/withdrawn", get(records::withdrawn))
        .route("/v1/searches/withdrawn", post(records::withdrawn_of))
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
        .route("/v1/ledger/checkpoint", get(ledger::checkpoint))
        .route("/v1/ledger/cosigned", get(ledger::cosigned))
        .route("/v1/ledger/tile/{*path}", get(ledger::tile))
        .route("/v1/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], openapi()) }))
        .route("/v1/healthz", get(records::healthz))
        .route("/v1/metrics", get(records::metrics))
        .fallback(requests::nothing_here)
        .method_not_allowed_fallback(requests::not_this_way)
        .with_state(Arc::clone(&gallery));
    requests::mannerly(
        app,
        gallery.metrics.requests.clone(),
        Allowed {
            body: MAX_BODY,
            time: |_| REQUEST,
            late: || refusal::internal(say!("gallery-took-too-long-given-up")),
            failed: refusal::failed,
        },
    )
}
