//! The log over HTTP: workstations bring rows of their audits, and anybody reads its files.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use catalogue::say;
use department::PublicKey;
use ledger::Hash;
use service::Problem;
use service::log::{answer, changes};
use service::refusal::Refusal;
use service::request::{Caller, json_of};

use super::asking::gather;
use crate::admission::admitted;
use crate::running::{Shared, blocking};
use crate::store::{Held, LeafError, SignedHead};
use crate::wire::{AuditEnd, HEAD, HowFar, LEAVES, Logged, MAX_BODY, Rows};

impl From<LeafError> for Refusal {
    fn from(error: LeafError) -> Self {
        let detail = error.to_string();
        match error {
            LeafError::Store(error) => error.into(),
            LeafError::Gap { .. } => Refusal::new(StatusCode::CONFLICT, "audit-gap", say!("relay-audit-gap"), detail),
            LeafError::Fork { .. } => {
                Refusal::new(StatusCode::CONFLICT, "audit-fork", say!("relay-audit-fork"), detail)
            }
        }
    }
}

fn bytes_of(digits: &str) -> Result<Hash, Refusal> {
    let bytes = hex::decode(digits).ok().filter(|bytes| hex::encode(bytes) == digits);
    let malformed = || Refusal::invalid("malformed", say!("relay-malformed-request"), say!("relay-hash-of-64-digits"));
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(malformed)
}

fn logged(held: &Held) -> Logged {
    Logged { number: held.number, position: held.position, hash: hex::encode(held.hash) }
}

/// Takes rows of the own audit into the log. To repeat them is harmless; a gap, and another row where one is, are refused.
#[utoipa::path(post, path = "/v1/ledger/rows", security(("bearer" = [])), request_body = Rows,
    responses((status = 200, body = Logged, description = "The last of them is in the log"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Rows before these are not here, or another one is"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn bring(State(relay): State<Shared>, caller: Caller, body: Body) -> Result<Json<Logged>, Refusal> {
    let by = admitted(&relay, &caller).await?;
    let rows: Rows = json_of(body, MAX_BODY).await?;
    let answer = blocking(&relay, move |r| {
        let invalid = |detail: &'static str| Refusal::invalid("malformed", say!("relay-malformed-request"), detail);
        if rows.hashes.is_empty() || rows.hashes.len() > LEAVES {
            return Err(invalid(say!("relay-rows-one-to-500")));
        }
        let hashes = rows.hashes.iter().map(|hash| bytes_of(hash)).collect::<Result<Vec<Hash>, _>>()?;
        let end = &rows.end;
        let last = rows.first.checked_add(hashes.len() as u64 - 1);
        let signed = PublicKey::read(&by).and_then(|key| key.verify(HEAD, &end.text(&by), &end.signature));
        if last != Some(end.rows) || rows.hashes.last() != Some(&end.head) || signed.is_err() {
            return Err(invalid(say!("relay-rows-end-not-signed")));
        }
        let head = SignedHead { position: end.rows, at: end.at.clone(), signature: end.signature.clone() };
        let held = r.store()?.take_leaves(&bytes_of(&by)?, rows.first, &hashes, &head)?;
        r.grown()?;
        Ok(Json(logged(&held)))
    })
    .await?;
    gather(&relay);
    Ok(answer)
}

/// How far the log has the own audit.
#[utoipa::path(get, path = "/v1/ledger/rows", security(("bearer" = [])),
    responses((status = 200, body = HowFar),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn how_far(State(relay): State<Shared>, caller: Caller) -> Result<Json<HowFar>, Refusal> {
    let by = admitted(&relay, &caller).await?;
    let answer = blocking(&relay, move |r| {
        r.grown()?;
        let log = r.with_log(|log| Ok(log.key().to_string()))?;
        let (store, writer) = (r.store()?, bytes_of(&by)?);
        let newest = store.held(&writer, None)?;
        let end = match (store.signed_head(&writer)?, &newest) {
            (Some(end), Some(newest)) => Some(AuditEnd {
                rows: end.position,
                head: hex::encode(newest.hash),
                at: end.at,
                signature: end.signature,
            }),
            _ => None,
        };
        Ok(Json(HowFar { log, newest: newest.as_ref().map(logged), end }))
    })
    .await?;
    gather(&relay);
    Ok(answer)
}

/// Where a row of the own audit stands in the log.
#[utoipa::path(get, path = "/v1/ledger/rows/{position}", security(("bearer" = [])),
    params(("position" = u64, Path, description = "which row of the audit, from 1")),
    responses((status = 200, body = Logged),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn row(
    State(relay): State<Shared>,
    caller: Caller,
    Path(position): Path<u64>,
) -> Result<Json<Logged>, Refusal> {
    let by = admitted(&relay, &caller).await?;
    blocking(&relay, move |r| {
        let held = r.store()?.held(&bytes_of(&by)?, Some(position))?;
        held.map(|held| Json(logged(&held))).ok_or_else(|| Refusal::not_found(say!("relay-no-such-row")))
    })
    .await
}

/// The log's files, for anybody: `checkpoint`, `cosigned` and tiles.
pub(crate) async fn file(
    State(relay): State<Shared>,
    caller: Caller,
    Path(path): Path<String>,
) -> Result<Response, Refusal> {
    relay.readers.reads(caller.origin(relay.proxied))?;
    let asked = path.clone();
    let bytes = blocking(&relay, move |r| {
        if changes(&path) {
            r.grown()?;
        }
        r.with_log(|log| log.file(&path))?.ok_or_else(|| Refusal::not_found(say!("relay-no-such-part-of-ledger")))
    })
    .await?;
    Ok(answer(&asked, bytes))
}
