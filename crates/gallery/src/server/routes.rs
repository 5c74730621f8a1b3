//! The routes, their limits, and the contract that they answer.

use gallery_api::wire::{Searches, WithdrawnOf};

use super::*;

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
        anchors::last_anchor, mailboxes::prove, mailboxes::mailbox, mailboxes::put_package, mailboxes::fetch_package,
        mailboxes::take_package, records::healthz, records::metrics
    ),
    components(schemas(
        Anchor, AuditRow, Candidate, CertificateFile, Completeness, Filters, Info, Limits, Mailbox, MailboxClaim,
        MailboxPackage, ModelInfo, Opened, Order, Problem, SearchAnswer, SearchRequest, Signature, SubjectAnswer,
        Suppression, Template, Withdrawn, Searches, WithdrawnOf
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
