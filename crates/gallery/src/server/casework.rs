//! The department's desk over HTTP: case packages, ciphertext for their recipients.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use super::refusal::Refusal;
use super::{Caller, Shared, admitted, blocking};
use crate::desk::{self, Desk, DeskError, Put};
use crate::store::Scope;
use crate::wire::{Mailbox, Problem};

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
    (method, path, caller, body): (reqwest::Method, String, Caller, Bytes),
    work: impl FnOnce(&std::path::Path, &str, &[u8]) -> Result<(T, Option<Value>), DeskError> + Send + 'static,
) -> Result<Response, Refusal> {
    match &gallery.desk {
        None => {
            Err(Refusal::new(StatusCode::NOT_FOUND, "no-desk", "No desk here", "This service keeps no case packages."))
        }
        Some(Desk::Elsewhere(base)) => ask_elsewhere(base, method, &path, &caller.headers, body).await,
        Some(Desk::Folder(folder)) => {
            let token = admitted(gallery, &caller, Scope::Casework).await?;
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
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$", description = "recipient's public key, 64 hexadecimal digits")),
    responses((status = 200, body = Mailbox), (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn mailbox(
    State(gallery): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let path = format!("/v1/casework/{name}");
    let asked = (reqwest::Method::GET, path, caller, Bytes::new());
    at_desk(&gallery, asked, move |folder, holder, _| Ok((Json(desk::list(folder, &name, holder)?), None))).await
}

/// Puts a package, an age file, into a mailbox. To repeat it is harmless.
#[utoipa::path(put, path = "/v1/casework/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$"), ("package" = Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "It lies there"), (status = 200, description = "It was put before"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn put_package(
    State(gallery): State<Shared>,
    caller: Caller,
    Path((name, package)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let id = package_id(&package)?;
    let body = body.map_err(|e| {
        Refusal::new(e.status(), "too-large", "Body not accepted", format!("The package could not be read: {e}."))
    })?;
    let asked = (reqwest::Method::PUT, format!("/v1/casework/{name}/{id}"), caller, body);
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
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$"), ("package" = Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn fetch_package(
    State(gallery): State<Shared>,
    caller: Caller,
    Path((name, package)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id = package_id(&package)?;
    let asked = (reqwest::Method::GET, format!("/v1/casework/{name}/{id}"), caller, Bytes::new());
    at_desk(&gallery, asked, move |folder, holder, _| {
        let bytes = desk::fetch(folder, &name, id, holder)?;
        Ok((([(header::CONTENT_TYPE, "application/octet-stream")], bytes), None))
    })
    .await
}

/// Takes a package away that its recipient has. To repeat it is harmless.
#[utoipa::path(delete, path = "/v1/casework/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$"), ("package" = Uuid, Path)),
    responses((status = 204, description = "It is gone"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn take_package(
    State(gallery): State<Shared>,
    caller: Caller,
    Path((name, package)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id = package_id(&package)?;
    let asked = (reqwest::Method::DELETE, format!("/v1/casework/{name}/{id}"), caller, Bytes::new());
    at_desk(&gallery, asked, move |folder, holder, _| {
        desk::take_away(folder, &name, id, holder)?;
        Ok((StatusCode::NO_CONTENT, Some(json!({ "taken": id, "mailbox": name }))))
    })
    .await
}
