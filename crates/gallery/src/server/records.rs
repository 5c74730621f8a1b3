//! Everything that is neither a search nor a case package: what the gallery holds, photographs, people, audit, health.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::say;
use gallery_api::wire::{
    Anchor, AuditRow, Info, Limits, MAX_BODY, MAX_CANDIDATES, MAX_PHOTO, MIN_CANDIDATES, ModelInfo, Opened, Problem,
    Searches, SubjectAnswer, Suppression, Withdrawn, WithdrawnOf, notice,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::admission::admitted;
use super::gallery::{Shared, blocking, by};
use super::search::looks_like_image;
use super::{refusal, words};
use faces::Photo;
use service::refusal::Refusal;
use service::request::{Caller, bearer, json_of, read};

use crate::enrol::{developed, encode};
use crate::job::Job;
use crate::store::{CertificateFile, Enrolled, Order, Override, Scope, Shown, StoreError, TokenHolder};

/// Models, counts and limits.
#[utoipa::path(get, path = "/v1/info", security(("bearer" = [])),
    responses((status = 200, body = Info), (status = 401, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn info(State(gallery): State<Shared>, caller: Caller) -> Result<Json<Info>, Refusal> {
    admitted(&gallery, &caller, Scope::Search).await?;
    blocking(&gallery, |g| {
        let counts = g.counts()?;
        let (id, dim) = g.embedding()?;
        let model = counts.model.unwrap_or(ModelInfo { id, dim: dim as u32, templates: 0 });
        Ok(Json(Info {
            service: "corroborate-gallery".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            subjects: counts.subjects,
            templates: model.templates,
            models: vec![model],
            limits: Limits {
                min_candidates: MIN_CANDIDATES,
                max_candidates: MAX_CANDIDATES,
                max_body_bytes: MAX_BODY as u64,
            },
            purposes: g.purposes().map(str::to_owned).collect(),
            notice: notice().to_owned(),
        }))
    })
    .await
}

/// Searches of which one request may ask what was withdrawn.
const MAX_SEARCHES: usize = 1000;

/// Longest side of a photograph of a candidate that was not opened, in pixels.
const THUMBNAIL: u32 = 160;

/// A photograph as it may be seen.
fn shown(photo: Shown) -> Result<Vec<u8>, Refusal> {
    // What is no picture shows nobody: the workstation says so in its own words.
    if photo.whole || !looks_like_image(&photo.jpeg) {
        return Ok(photo.jpeg);
    }
    let unreadable = |_| refusal::internal(say!("gallery-photograph-cannot-read-any-more"));
    let small = Photo::decode(&photo.jpeg).and_then(|photo| photo.fitted(THUMBNAIL)).map_err(unreadable)?;
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 80);
    small.write_with_encoder(encoder).map_err(|_| refusal::failed())?;
    Ok(jpeg.into_inner())
}

/// A candidate's photograph, served only to the token whose search listed it: with a longest side of 160 pixels until
/// the workstation says that the candidate was opened, then whole. Other photographs of its subject are served once it
/// was opened.
#[utoipa::path(get, path = "/v1/photos/{id}", security(("bearer" = [])), params(("id" = String, Path, description = "candidate_id")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn photo(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Search).await?;
    let id = named(id)?;
    let photo = blocking(&gallery, move |g| {
        let allowed = g.allowed()?;
        g.locked()?.photo(&id, &token, allowed)?.map(shown).transpose()
    })
    .await?;
    let photo = photo.ok_or_else(|| Refusal::not_found(say!("gallery-no-search-token-listed-photograph")))?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], photo).into_response())
}

/// Says that an examiner opened a candidate of an own search: its photographs are served whole from then on. To repeat
/// it is harmless.
#[utoipa::path(post, path = "/v1/searches/{id}/opened", security(("bearer" = [])), request_body = Opened,
    params(("id" = String, Path, description = "search_id")),
    responses((status = 204, description = "It stands in the audit"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn opened(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Search).await?;
    let id = named(id)?;
    let opened: Opened = json_of(body, MAX_BODY).await?;
    blocking(&gallery, move |g| {
        let allowed = g.allowed()?;
        let done = g.locked()?.open_candidate(&id, &opened.candidate_id.to_string(), &token, allowed)?;
        done.map(|()| StatusCode::NO_CONTENT)
            .ok_or_else(|| Refusal::not_found(say!("gallery-made-no-such-search-lists")))
    })
    .await
}

fn named(path: Result<Path<String>, PathRejection>) -> Result<String, Refusal> {
    path.map(|Path(name)| name).map_err(|_| Refusal::not_found(say!("gallery-address-names-nothing-could-here")))
}

/// Candidates of an own search whose records were expunged or suppressed since.
#[utoipa::path(get, path = "/v1/searches/{id}/withdrawn", security(("bearer" = [])), params(("id" = String, Path, description = "search_id")),
    responses((status = 200, body = Withdrawn), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn withdrawn(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Withdrawn>, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Search).await?;
    let id = named(id)?;
    blocking(&gallery, move |g| {
        let candidates = g.locked()?.withdrawn(&id, &token)?;
        let candidates = candidates.ok_or_else(|| Refusal::not_found(say!("gallery-made-no-such-search")))?;
        Ok(Json(Withdrawn { candidates }))
    })
    .await
}

/// Candidates of own searches whose records were expunged or suppressed since: of all that a workstation has open, in one
/// request. Searches of others are left out.
#[utoipa::path(post, path = "/v1/searches/withdrawn", security(("bearer" = [])), request_body = Searches,
    responses((status = 200, body = WithdrawnOf), (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn withdrawn_of(
    State(gallery): State<Shared>,
    caller: Caller,
    body: Body,
) -> Result<Json<WithdrawnOf>, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Search).await?;
    let asked: Searches = json_of(body, MAX_BODY).await?;
    if asked.searches.len() > MAX_SEARCHES {
        let told = say!("gallery-ask-most-searches-time", max_searches = MAX_SEARCHES);
        return Err(Refusal::invalid("searches-invalid", say!("gallery-too-many-searches"), told));
    }
    blocking(&gallery, move |g| Ok(Json(WithdrawnOf { searches: g.locked()?.withdrawn_of(&asked.searches, &token)? })))
        .await
}

#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Enrolling {
    /// The person, 1 to 200 characters.
    #[param(min_length = 1, max_length = 200)]
    subject_id: String,
    /// Day of the photograph, `YYYY-MM-DD`.
    captured_on: Option<String>,
    /// Agency (ORI): the token's, and no other.
    agency: Option<String>,
    /// Enrol although the record was expunged by order, or looks like one that was. Another person of the agency agrees
    /// with their own token in the header `Second-Authorization`.
    #[serde(default)]
    override_expunged: bool,
}

/// Who agrees that an order no longer holds.
async fn second_person(gallery: &Shared, caller: &Caller, first: &TokenHolder) -> Result<Override, Refusal> {
    let needed = |detail: &str| {
        Refusal::new(StatusCode::FORBIDDEN, "second-person-needed", say!("gallery-second-person-needed"), detail)
    };
    let secret = bearer(&caller.headers, "second-authorization")
        .map(str::to_owned)
        .ok_or_else(|| needed(say!("gallery-enrol-expunged-order-second-person")))?;
    let address = caller.origin(gallery.proxied);
    let second = blocking(gallery, move |g| {
        let holder = g.locked()?.holder(&secret)?;
        if holder.is_none() {
            g.failed(address, Scope::Enrol)?;
        }
        Ok(holder)
    })
    .await?;
    match second {
        Some(second)
            if second.may(Scope::Enrol)
                && second.agency == first.agency
                && !second.user.trim().eq_ignore_ascii_case(first.user.trim()) =>
        {
            Ok(Override { by: first.user.clone(), second: second.user, agency: Some(first.agency.clone()) })
        }
        _ => Err(needed(say!("gallery-second-token-must-valid-another"))),
    }
}

/// Enrols one photograph of a person. To repeat it is harmless.
#[utoipa::path(post, path = "/v1/subjects", security(("bearer" = [])), params(Enrolling),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = SubjectAnswer), (status = 200, body = SubjectAnswer, description = "It was enrolled before"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn enrol(
    State(gallery): State<Shared>,
    caller: Caller,
    asked: Result<Query<Enrolling>, QueryRejection>,
    body: Body,
) -> Result<Response, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Enrol).await?;
    let Query(asked) =
        asked.map_err(|e| Refusal::invalid("query-invalid", say!("gallery-malformed-query"), e.body_text()))?;
    words::check(&[words::name("subject_id", &asked.subject_id)])?;
    if let Some(other) = asked.agency.as_ref().filter(|agency| **agency != token.agency) {
        words::check(&[words::name("agency", other)])?;
        let refusal = StoreError::OtherAgency(other.clone());
        return Err(refusal.into());
    }
    let despite = if asked.override_expunged { Some(second_person(&gallery, &caller, &token).await?) } else { None };
    let body = read(body, MAX_PHOTO).await?;
    if !looks_like_image(&body) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "image-needed",
            say!("gallery-photograph-needed"),
            say!("gallery-send-photograph-file-body-nothing"),
        ));
    }
    blocking(&gallery, move |g| {
        let engine =
            g.engine.as_ref().ok_or_else(|| refusal::internal(say!("gallery-service-no-models-encode-enrol")))?;
        let subject = asked.subject_id.trim().to_owned();
        let job = Job {
            subject_id: subject.clone(),
            path: "upload".into(),
            captured_on: asked.captured_on,
            agency: asked.agency,
            image: None,
        };
        let encoded = job.check().and_then(|()| developed(&body, g.decoder.as_ref())).and_then(|photo| {
            encode(engine, &job, hex::encode(Sha256::digest(&body)), &photo, Some(&token.agency), None)
        });
        let encoded = encoded.map_err(|e| Refusal::invalid(e.code(), say!("gallery-not-enrolled"), e.to_string()))?;
        let done = {
            let mut store = g.locked()?;
            let by = (token.user.as_str(), token.agency.as_str());
            store.enrol(std::slice::from_ref(&encoded), despite.as_ref(), by)?.into_iter().next()
        };
        let status = match done {
            Some(Enrolled::New) => StatusCode::CREATED,
            Some(Enrolled::Expunged(certificate)) => return Err(StoreError::Expunged(certificate).into()),
            Some(Enrolled::Resembles(certificate)) => return Err(StoreError::Resembles(certificate).into()),
            _ => StatusCode::OK,
        };
        Ok((status, Json(SubjectAnswer { subject_id: subject })).into_response())
    })
    .await
}

/// Removes a person by order: photographs, templates, records and the key. The certificate that it answers with is
/// signed and names nobody.
#[utoipa::path(post, path = "/v1/subjects/{id}/expungement", security(("bearer" = [])), request_body = Order,
    params(("id" = String, Path, description = "subject_id")),
    responses((status = 200, body = CertificateFile), (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn expunge(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<CertificateFile>, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Enrol).await?;
    let id = named(id)?;
    let order: Order = json_of(body, MAX_BODY).await?;
    words::check(&[
        words::name("order_reference", &order.order_reference),
        words::name("authority", &order.authority),
    ])?;
    if order.order_reference.trim().is_empty() || order.authority.trim().is_empty() {
        return Err(Refusal::invalid(
            "order-required",
            say!("gallery-order-needed"),
            say!("gallery-name-order-gave-both-stand"),
        ));
    }
    blocking(&gallery, move |g| Ok(Json(g.expunge(&id, &order, &token)?))).await
}

/// Removes a person without a court's order. The certificate says so.
#[utoipa::path(delete, path = "/v1/subjects/{id}", security(("bearer" = [])), params(("id" = String, Path, description = "subject_id")),
    responses((status = 200, body = CertificateFile), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn remove(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<CertificateFile>, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Enrol).await?;
    let id = named(id)?;
    blocking(&gallery, move |g| {
        let order = Order { order_reference: "none".to_owned(), authority: token.agency.clone() };
        Ok(Json(g.expunge(&id, &order, &token)?))
    })
    .await
}

/// Takes a person out of every answer until it is lifted: the reversible form of expungement.
#[utoipa::path(post, path = "/v1/subjects/{id}/suppression", security(("bearer" = [])), request_body = Suppression,
    params(("id" = String, Path, description = "subject_id")),
    responses((status = 204, description = "Suppressed"), (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn suppress(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Enrol).await?;
    let id = named(id)?;
    let body: Suppression = json_of(body, MAX_BODY).await?;
    words::check(&[words::sentences("because", &body.because)])?;
    if body.because.trim().is_empty() {
        return Err(Refusal::invalid(
            "reason-required",
            say!("gallery-reason-needed"),
            say!("gallery-say-why-person-suppressed"),
        ));
    }
    blocking(&gallery, move |g| {
        g.locked()?.suppress(&id, Some(&body.because), by(&token))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Lifts a suppression.
#[utoipa::path(delete, path = "/v1/subjects/{id}/suppression", security(("bearer" = [])),
    params(("id" = String, Path, description = "subject_id")),
    responses((status = 204, description = "Lifted"), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn restore(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Enrol).await?;
    let id = named(id)?;
    blocking(&gallery, move |g| {
        g.locked()?.suppress(&id, None, by(&token))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditPage {
    /// Rows after this position.
    #[serde(default)]
    #[param(minimum = 0)]
    after: i64,
    /// At most so many rows, up to 1000.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000)]
    limit: u32,
}

fn hundred() -> u32 {
    100
}

/// The service's audit, oldest first.
#[utoipa::path(get, path = "/v1/audit", security(("bearer" = [])), params(AuditPage),
    responses((status = 200, body = [AuditRow]), (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn audit(
    State(gallery): State<Shared>,
    caller: Caller,
    page: Result<Query<AuditPage>, QueryRejection>,
) -> Result<Json<Vec<AuditRow>>, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Audit).await?;
    let Query(page) =
        page.map_err(|e| Refusal::invalid("query-invalid", say!("gallery-malformed-query"), e.body_text()))?;
    if page.after < 0 || !(1..=1000).contains(&page.limit) {
        return Err(Refusal::invalid(
            "query-invalid",
            say!("gallery-malformed-query"),
            say!("gallery-after-0-more-limit-1"),
        ));
    }
    blocking(&gallery, move |g| {
        let mut store = g.locked()?;
        store.audit(&token.user, &token.agency, "audit-read", &json!({ "after": page.after }))?;
        Ok(Json(store.audit_rows(page.after, page.limit)?))
    })
    .await
}

/// Deposits the head of a workstation's audit: whoever rewrites that audit later contradicts this one.
#[utoipa::path(post, path = "/v1/anchors", security(("bearer" = [])), request_body = Anchor,
    responses((status = 204, description = "It stands in this gallery's audit"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn anchor(State(gallery): State<Shared>, caller: Caller, body: Body) -> Result<StatusCode, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Search).await?;
    let anchor: Anchor = json_of(body, MAX_BODY).await?;
    let hexadecimal = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !hexadecimal(&anchor.head) || !hexadecimal(&anchor.workstation) || anchor.rows < 1 {
        return Err(Refusal::invalid(
            "anchor-invalid",
            say!("gallery-not-anchor"),
            say!("gallery-workstation-head-64-hexadecimal-digits"),
        ));
    }
    if !super::anchors::signed_by_itself(&anchor) {
        return Err(Refusal::invalid(
            "anchor-invalid",
            say!("gallery-not-anchor"),
            say!("gallery-signature-not-key-names"),
        ));
    }
    blocking(&gallery, move |g| {
        g.locked()?.audit(&token.user, &token.agency, "anchor", &json!(anchor))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Whether the service can answer: its store can be read and its index is whole and not behind.
#[utoipa::path(get, path = "/v1/healthz", responses((status = 200, description = "It can"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn healthz(State(gallery): State<Shared>) -> Result<Json<Value>, Refusal> {
    blocking(&gallery, |g| {
        g.ready()?;
        Ok(Json(json!({ "status": "ok" })))
    })
    .await
}

/// Numbers for Prometheus; none names a person or a case.
#[utoipa::path(get, path = "/v1/metrics", responses((status = 200, content_type = "application/openmetrics-text", body = String)))]
pub(super) async fn metrics(State(gallery): State<Shared>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], gallery.metrics.text()).into_response()
}

/// A certificate of expungement.
#[utoipa::path(get, path = "/v1/certificates/{id}", security(("bearer" = [])), params(("id" = Uuid, Path, description = "certificate_id")),
    responses((status = 200, body = CertificateFile), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn certificate(
    State(gallery): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<CertificateFile>, Refusal> {
    admitted(&gallery, &caller, Scope::Enrol).await?;
    let none = || Refusal::not_found(say!("gallery-no-such-certificate-not-signed"));
    let id: Uuid = named(id)?.parse().map_err(|_| none())?;
    blocking(&gallery, move |g| Ok(Json(g.locked()?.certificate(id)?.ok_or_else(none)?))).await
}
