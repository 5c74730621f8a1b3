//! The gallery's log, which outsiders can check, as it is served.

use axum::extract::{Path, State};
use axum::response::Response;
use catalogue::say;
use gallery_api::wire::Problem;
use service::log::{COSIGNED, LogError, answer, changes};
use service::refusal::Refusal;
use service::request::Caller;

use super::gallery::{Shared, blocking};
use super::refusal;

fn failed(error: LogError) -> Refusal {
    tracing::error!(%error, "ledger");
    refusal::internal(error.to_string())
}

/// A file of the log; those that change are brought up to date first.
async fn served(gallery: &Shared, caller: &Caller, path: String) -> Result<Response, Refusal> {
    gallery.readers.reads(caller.origin(gallery.proxied))?;
    let asked = path.clone();
    let bytes = blocking(gallery, move |g| {
        let none = || Refusal::not_found(say!("gallery-no-such-part-of-log"));
        let ledger = g.ledger.as_ref().ok_or_else(none)?;
        if changes(&path) {
            ledger.catch_up().map_err(failed)?;
        }
        ledger.with(|log| log.file(&path)).map_err(failed)?.ok_or_else(none)
    })
    .await?;
    Ok(answer(&asked, bytes))
}

/// How the log of the audit ends: size and root, signed by the gallery (C2SP tlog-checkpoint). The other files of the log lie
/// beside it (C2SP tlog-tiles).
#[utoipa::path(get, path = "/v1/ledger/checkpoint", responses((status = 200, body = String, content_type = "text/plain"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "This gallery keeps no log"),
    (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn checkpoint(State(gallery): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    served(&gallery, &caller, service::log::CHECKPOINT.to_owned()).await
}

/// The newest checkpoint that a witness cosigned.
#[utoipa::path(get, path = "/v1/ledger/cosigned", responses((status = 200, body = String, content_type = "text/plain"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "No witness cosigned it yet"),
    (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn cosigned(State(gallery): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    served(&gallery, &caller, COSIGNED.to_owned()).await
}

/// Tiles and bundles of entries.
pub(super) async fn tile(
    State(gallery): State<Shared>,
    caller: Caller,
    Path(path): Path<String>,
) -> Result<Response, Refusal> {
    served(&gallery, &caller, format!("tile/{path}")).await
}
