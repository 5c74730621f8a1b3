//! Searches: a template in, candidates out.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use super::refusal::Refusal;
use super::{Caller, Gallery, Shared, admitted, blocking};
use crate::store::{Idempotent, Scope, StoreError, TokenHolder};
use crate::wire::{
    Candidate, Completeness, Filters, MAX_CANDIDATES, MIN_CANDIDATES, NOTICE, Problem, SearchAnswer, SearchRequest,
    Template,
};

/// How often a list is made anew because somebody was expunged under it.
const TRIES: usize = 8;

/// First bytes of image files, as they would stand in a body.
pub(super) fn looks_like_image(body: &[u8]) -> bool {
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
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn search(
    State(gallery): State<Shared>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Search).await?;
    let headers = caller.headers;
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
    let refused = |refusal: Refusal, detail: Value| -> Refusal {
        let detail = json!({ "code": refusal.code, "request": detail });
        let audited =
            g.locked().and_then(|mut s| Ok(s.audit(&token.user, &token.agency, "search-refused", &detail)?));
        audited.err().unwrap_or(refusal)
    };
    let request = parse_search(headers, body).map_err(|refusal| refused(refusal, Value::Null))?;
    let said = json!({
        "purpose": request.purpose, "case_number": request.case_number, "basis": request.basis,
        "examiner": request.examiner, "model": request.template.model, "limit": request.limit,
    });
    let rule = g.locked()?.agency_rule(&token.agency)?;
    let allowed = rule.purposes.as_ref().is_none_or(|allowed| allowed.contains(&request.purpose));
    purposes(g, &request, allowed).map_err(|refusal| refused(refusal, said.clone()))?;
    let probe = unit(&request.template, &g.model, g.dim)
        .and_then(|probe| valid_filters(&request.filters).map(|()| probe))
        .map_err(|refusal| refused(refusal, said.clone()))?;
    if let Some(key) = key {
        let known = g.locked()?.idempotent(token, key, body)?;
        match known {
            Idempotent::Fresh => {}
            Idempotent::Replay(answer) => return Ok(answer),
            Idempotent::Conflict => {
                let refusal = Refusal::invalid(
                    "idempotency-conflict",
                    "Key used before",
                    "This Idempotency-Key was used for another request. Send a new key.",
                );
                return Err(refused(refusal, said));
            }
        }
    }
    let search_id = Uuid::new_v4();
    let (mut required, filter) = {
        let mut store = g.locked()?;
        // Durable before the scan starts.
        let required = store.begin_search(search_id, token, &rule, &said)?;
        (required, store.filter(&request.filters)?)
    };
    let limit = usize::from(request.limit.clamp(MIN_CANDIDATES, MAX_CANDIDATES));
    for _ in 0..TRIES {
        let found = g.scanner.search(probe.clone(), filter.clone(), limit, required)?;
        let completeness = Completeness {
            exact: true,
            scanned: found.scanned,
            gallery_size: found.scanned + found.filtered_out,
            filtered_out: found.filtered_out,
        };
        let repeat = key.map(|key| (key, body));
        let answer = g.locked()?.record_list(search_id, token, &found.hits, repeat, |listed| {
            let candidates = listed
                .into_iter()
                .map(|row| Candidate {
                    candidate_id: row.id,
                    subject_id: row.subject,
                    score: row.score as f32,
                    captured_on: row.captured_on,
                    agency: row.agency,
                    photo: format!("/v1/photos/{}", row.id),
                    other_photos: row.other_photos.iter().map(|id| format!("/v1/photos/{id}")).collect(),
                })
                .collect();
            let answer = SearchAnswer { search_id, candidates, completeness, notice: NOTICE.to_owned() };
            serde_json::to_string(&answer).map_err(|_| StoreError::Column)
        });
        match answer {
            // Somebody was expunged since the scan: whoever comes after them belongs on the list.
            Err(StoreError::Gone) => required = g.last_seq()?,
            answer => return Ok(answer?),
        }
    }
    Err(Refusal::stale(
        "Records are removed faster than this search could be answered. Nothing was answered; try again.",
    ))
}

/// Purpose, case number and basis, or what is missing of them.
fn purposes(g: &Gallery, request: &SearchRequest, allowed: bool) -> Result<(), Refusal> {
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
        let refusal = Refusal::invalid("purpose-required", "Purpose, case number and basis needed", detail);
        return Err(Refusal { fields, ..refusal });
    }
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "purpose-not-allowed",
        "Not for this purpose",
        format!(
            "This agency may not search for {}. The refusal is on the audit; ask the gallery's operator.",
            request.purpose
        ),
    ))
}
