//! Searches: a template in, candidates out.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::say;
use gallery_api::signing;
use gallery_api::wire::{
    Candidate, Completeness, Filters, MAX_BODY, MAX_CANDIDATES, MAX_NAME, MAX_TEXT, MIN_CANDIDATES, Problem,
    SearchAnswer, SearchRequest, Template, notice,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::admission::admitted;
use super::gallery::{Gallery, Shared, blocking};
use super::{refusal, words};
use crate::store::{Beginning, Begun, Idempotent, Scope, StoreError, TokenHolder};
use service::refusal::Refusal;
use service::request::{Caller, read};
use service::signing::verify;

/// How often a list is made anew because somebody was expunged under it.
const TRIES: usize = 8;
/// How long a search that comes too fast, or whose key is under way, waits before it is refused.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most agencies of a filter.
const MAX_AGENCIES: usize = 200;

/// A score as it leaves the service. Two hundredths are less than two photographs of one person differ by; more digits
/// would only help whoever rebuilds templates from scores. The list is ordered before.
fn rounded(score: f64) -> f32 {
    // Zero has no sign here.
    ((score * 100.0).round() / 100.0 + 0.0) as f32
}

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
        return Err(refusal::image());
    }
    if essence != "application/json" {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            say!("gallery-json-needed"),
            say!("gallery-send-application-json-template"),
        ));
    }
    let malformed = |e: serde_json::Error| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            say!("service-malformed-request"),
            say!("service-body-does-not-follow-contract", e),
        )
    };
    let value: Value = serde_json::from_slice(body).map_err(malformed)?;
    if carries_image(&value) {
        return Err(refusal::image());
    }
    serde_json::from_value(value).map_err(malformed)
}

fn unit(template: &Template, model: &str, dim: usize) -> Result<Vec<f32>, Refusal> {
    if template.model != model {
        return Err(refusal::other_model(model, &template.model));
    }
    let norm = template.values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
    if template.values.len() != dim || !norm.is_finite() || norm < 1e-6 {
        return Err(Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "template-invalid",
            say!("gallery-not-template"),
            say!("gallery-template-finite-values-not-all", model, dim),
        ));
    }
    Ok(template.values.iter().map(|v| (f64::from(*v) / norm) as f32).collect())
}

fn valid_filters(filters: &Filters) -> Result<(), Refusal> {
    let days = [&filters.captured_from, &filters.captured_until];
    let agencies = &filters.agencies;
    if agencies.len() > MAX_AGENCIES || agencies.iter().any(|ori| ori.chars().count() > MAX_NAME) {
        return Err(Refusal::invalid(
            "filter-invalid",
            say!("gallery-malformed-filter"),
            say!("gallery-agencies-holds-most-identifiers-ori", max_agencies = MAX_AGENCIES),
        ));
    }
    if days.into_iter().flatten().all(|d| d.len() == 10 && d.parse::<jiff::civil::Date>().is_ok()) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "filter-invalid",
        say!("gallery-malformed-filter"),
        say!("gallery-captured-from-captured-until-days"),
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
pub(super) async fn search(State(gallery): State<Shared>, caller: Caller, body: Body) -> Result<Response, Refusal> {
    let token = admitted(&gallery, &caller, Scope::Search).await?;
    let headers = caller.headers;
    let body = match read(body, MAX_BODY).await {
        Ok(body) => body,
        Err(refusal) => {
            let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let image = content_type.starts_with("image/") || content_type.starts_with("multipart/");
            return Err(if image { refusal::image() } else { refusal });
        }
    };
    let asked = blocking(&gallery, move |g| Asked::new(g, token, &headers, body.to_vec())).await?;
    let (asked, start) = (std::sync::Arc::new(asked), Instant::now());
    let answer = loop {
        let waits = start.elapsed() < PATIENCE;
        let this = std::sync::Arc::clone(&asked);
        match blocking(&gallery, move |g| this.run(g, waits)).await? {
            Ran::Answered(answer) => break answer,
            Ran::Later(wait) => tokio::time::sleep(wait.min(PATIENCE)).await,
        }
    };
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

/// What became of a search.
enum Ran {
    Answered(String),
    /// Ask again after this time.
    Later(Duration),
}

/// A search that may be made, if its limits allow.
struct Asked {
    id: Uuid,
    token: TokenHolder,
    body: Vec<u8>,
    key: Option<String>,
    /// Whom it counts for.
    person: String,
    signed: bool,
    request: SearchRequest,
    probe: Vec<f32>,
    /// What the audit says of it.
    said: Value,
}

fn refused(g: &Gallery, token: &TokenHolder, refusal: Refusal, detail: Value) -> Refusal {
    let detail = json!({ "code": refusal.code, "request": detail });
    let audited = g.locked().and_then(|mut s| Ok(s.audit(&token.user, &token.agency, "search-refused", &detail)?));
    audited.err().unwrap_or(refusal)
}

impl Asked {
    /// Reads and checks a request; each refusal is on the audit.
    fn new(g: &Gallery, token: TokenHolder, headers: &HeaderMap, body: Vec<u8>) -> Result<Self, Refusal> {
        let request = parse_search(headers, &body).map_err(|refusal| refused(g, &token, refusal, Value::Null))?;
        let key = headers.get("idempotency-key").map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        let signed = request.signature.as_ref().map(|s| s.public_key.to_ascii_lowercase());
        let said = json!({
            "purpose": words::audited(&request.purpose, MAX_NAME),
            "case_number": words::audited(&request.case_number, MAX_NAME),
            "basis": words::audited(&request.basis, MAX_TEXT),
            "examiner": request.examiner.as_deref().map(|name| words::audited(name, MAX_NAME)),
            "examiner_standing": if signed.is_some() { "signed by key" } else { "claimed" },
            "signed_by": signed, "model": words::audited(&request.template.model, MAX_NAME), "limit": request.limit,
        });
        let checked = (|| {
            let rule = g.locked()?.agency_rule(&token.agency)?;
            let allowed = rule.purposes.as_ref().is_none_or(|allowed| allowed.contains(&request.purpose));
            purposes(g, &request, allowed)?;
            words::check(&[
                words::name("purpose", &request.purpose),
                words::name("case_number", &request.case_number),
                words::sentences("basis", &request.basis),
                words::name("examiner", request.examiner.as_deref().unwrap_or_default()),
                words::name("idempotency-key", key.as_deref().unwrap_or_default()),
            ])?;
            valid_filters(&request.filters)?;
            let (model, dim) = g.embedding()?;
            unit(&request.template, &model, dim)
        })();
        let probe = checked.map_err(|refusal| refused(g, &token, refusal, said.clone()))?;
        if let Err(refusal) = signature(&token, &request, key.as_deref()) {
            // Whose name it is was not shown: it is not repeated as if it had been.
            let mut said = said;
            said["examiner_standing"] = json!("signature refused");
            return Err(refused(g, &token, refusal, said));
        }
        let named = request.examiner.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let person = named.unwrap_or(&token.user).to_owned();
        let signed = request.signature.is_some();
        Ok(Self { id: Uuid::new_v4(), token, body, key, person, signed, request, probe, said })
    }

    /// Makes the search, unless it must wait.
    fn run(&self, g: &Gallery, waits: bool) -> Result<Ran, Refusal> {
        let repeat = self.key.as_deref().map(|key| (key, self.body.as_slice()));
        let beginning = Beginning { id: self.id, person: &self.person, repeat, waits };
        let begun = {
            let mut store = g.locked()?;
            let rule = store.agency_rule(&self.token.agency)?;
            // Durable before the scan starts.
            store.begin_search(beginning, &self.token, &rule, g.allowance.as_ref(), &self.said)?
        };
        let required = match begun {
            Begun::At(required) => required,
            Begun::Wait(wait) => return Ok(Ran::Later(wait)),
            Begun::Before(known) => return self.before(g, known, waits),
        };
        let answered = self.watched(g).and_then(|()| self.answer(g, required));
        if answered.is_err() {
            // Nothing was answered: the same request may be tried again.
            g.locked()?.release(self.id)?;
        }
        answered.map(Ran::Answered)
    }

    fn before(&self, g: &Gallery, known: Idempotent, waits: bool) -> Result<Ran, Refusal> {
        let conflict = |code, title, detail| Refusal::new(StatusCode::CONFLICT, code, title, detail);
        let refusal = match known {
            Idempotent::Replay(_, answer) => return Ok(Ran::Answered(answer)),
            Idempotent::UnderWay if waits => return Ok(Ran::Later(Duration::from_millis(50))),
            Idempotent::Fresh | Idempotent::UnderWay => conflict(
                "idempotency-under-way",
                say!("gallery-still-under-way"),
                say!("gallery-search-idempotency-key-not-answered"),
            ),
            Idempotent::Gone => conflict(
                "idempotency-gone",
                say!("gallery-answered-before"),
                say!("gallery-search-answered-answer-no-longer"),
            ),
            Idempotent::Conflict => Refusal::invalid(
                "idempotency-conflict",
                say!("gallery-key-used-before"),
                say!("gallery-idempotency-key-used-another-request"),
            ),
        };
        Err(refused(g, &self.token, refusal, self.said.clone()))
    }

    /// Stops whoever searches for the gallery and not for a person.
    fn watched(&self, g: &Gallery) -> Result<(), Refusal> {
        if g.allowance.is_none() {
            return Ok(());
        }
        let person = format!("{} {}", self.token.agency, self.person);
        let raw = &self.request.template.values;
        let by_token = g.patterns.look(&self.token.id, raw, &self.probe);
        let Some(pattern) = by_token.or_else(|| g.patterns.look(&person, raw, &self.probe)) else { return Ok(()) };
        tracing::warn!(token = self.token.id, pattern = pattern.code, "a token is paused");
        // A name that is only claimed stops nobody else.
        let known = self.signed || self.person == self.token.user;
        let detail = json!({ "pattern": pattern.code, "words": pattern.words, "search_id": self.id });
        let because = format!("{}: {}", pattern.code, pattern.words);
        g.locked()?.pause(&self.token, Some(self.person.as_str()).filter(|_| known), &because, &detail)?;
        Err(StoreError::Paused { because, token: self.token.id.clone() }.into())
    }

    fn answer(&self, g: &Gallery, mut required: i64) -> Result<String, Refusal> {
        let filter = g.locked()?.filter(&self.request.filters)?;
        let limit = usize::from(self.request.limit.clamp(MIN_CANDIDATES, MAX_CANDIDATES));
        for _ in 0..TRIES {
            let found =
                g.scanner.search(&self.request.template.model, self.probe.clone(), filter.clone(), limit, required)?;
            let completeness = Completeness {
                exact: true,
                scanned: found.scanned,
                gallery_size: found.scanned + found.filtered_out,
                filtered_out: found.filtered_out,
            };
            let answer = g.locked()?.record_list(self.id, &self.token, &found.hits, |listed| {
                let candidates = listed
                    .into_iter()
                    .map(|row| Candidate {
                        candidate_id: row.id,
                        subject_id: row.subject,
                        score: rounded(row.score),
                        captured_on: row.captured_on,
                        agency: row.agency,
                        photo: format!("/v1/photos/{}", row.id),
                        other_photos: row.other_photos.iter().map(|id| format!("/v1/photos/{id}")).collect(),
                    })
                    .collect();
                let answer = SearchAnswer { search_id: self.id, candidates, completeness, notice: notice().to_owned() };
                serde_json::to_string(&answer).map_err(|_| StoreError::Column)
            });
            match answer {
                // Somebody was expunged since the scan: whoever comes after them belongs on the list.
                Err(StoreError::Gone) => required = g.last_seq()?,
                answer => return Ok(answer?),
            }
        }
        Err(refusal::stale(say!("gallery-records-removed-faster-than-search")))
    }
}

/// Whether the workstation's key says who asks and why, where it must or where it tries to.
fn signature(token: &TokenHolder, request: &SearchRequest, key: Option<&str>) -> Result<(), Refusal> {
    let bound = token.signing_key.as_deref();
    let Some(signature) = &request.signature else {
        return match bound {
            None => Ok(()),
            Some(_) => Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "signature-needed",
                say!("gallery-signed-searches-only"),
                say!("gallery-token-bound-workstation-key-takes"),
            )),
        };
    };
    if bound.is_some_and(|bound| !bound.eq_ignore_ascii_case(&signature.public_key)) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "signature-needed",
            say!("gallery-signed-another-key"),
            say!("gallery-token-bound-another-workstation-key"),
        ));
    }
    let invalid = |detail: &str| Refusal::invalid("signature-invalid", say!("gallery-not-signed-so"), detail);
    let key = key.ok_or_else(|| invalid(say!("gallery-signed-search-needs-idempotency-key")))?;
    if verify(&signature.public_key, &signing::search_text(request, key), &signature.signature) {
        return Ok(());
    }
    Err(invalid(say!("gallery-signature-does-not-fit-asks")))
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
        let detail = say!(
            "gallery-no-search-without-purpose-case",
            purposes = g.purposes().collect::<Vec<_>>().join(", "),
            fields = fields.join(", ")
        );
        let refusal = Refusal::invalid("purpose-required", say!("gallery-purpose-case-number-basis-needed"), detail);
        return Err(Refusal { fields, ..refusal });
    }
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "purpose-not-allowed",
        say!("gallery-not-purpose"),
        say!("gallery-agency-may-not-search-refusal", purpose = request.purpose),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::template;

    const DIM: usize = 512;

    /// How far from the real one a template is that somebody rebuilds from `probes` orthogonal ones and their scores.
    fn error(person: u64, probes: usize, score: impl Fn(f64) -> f64) -> f64 {
        let real = template(person, DIM);
        let mut rebuilt = vec![0f64; DIM];
        for row in 0..probes {
            let sign = |at: usize| if (row & at).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
            let probe = |at: usize| sign(at) / (DIM as f64).sqrt();
            let seen = score(real.iter().enumerate().map(|(at, v)| f64::from(*v) * probe(at)).sum());
            rebuilt.iter_mut().enumerate().for_each(|(at, v)| *v += seen * probe(at));
        }
        real.iter().zip(&rebuilt).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn a_template_is_not_rebuilt_from_scores() {
        let worst =
            |probes, score: fn(f64) -> f64| (0..125).map(|n| error(n, probes, score)).fold(f64::INFINITY, f64::min);
        let exact = worst(DIM, |score| score);
        let hundredths = worst(DIM, |score| f64::from(rounded(score)));
        let stopped = worst(63, |score| f64::from(rounded(score)));
        println!(
            "least error of 125: exact scores {exact:.1e}, rounded {hundredths:.3}, and stopped at 63 {stopped:.2}"
        );
        assert!(exact < 1e-6 && hundredths > 0.05 && stopped > 0.85, "{exact} {hundredths} {stopped}");
    }

    #[test]
    fn scores_are_hundredths_and_keep_their_order() {
        let exact: Vec<f64> = (-100..=100).map(|n| f64::from(n) * 0.009_99).collect();
        let seen: Vec<f32> = exact.iter().map(|score| rounded(*score)).collect();
        assert!(seen.is_sorted() && seen.iter().all(|s| (-1.0..=1.0).contains(s)));
        assert_eq!((rounded(0.876_543), rounded(-0.001).to_string()), (0.88, "0".to_owned()));
    }
}
