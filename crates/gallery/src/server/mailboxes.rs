//! The department's desk over HTTP: case packages, ciphertext for their recipients.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use gallery_api::signing;
use gallery_api::wire::{Mailbox, MailboxClaim, Problem};
use serde_json::json;
use std::io::Read;
use std::path::PathBuf;
use uuid::Uuid;

use super::refusal::Refusal;
use super::{Caller, PACKAGE, Shared, admitted, blocking, json_of, piece};
use crate::desk::{self, Desk, Put};
use crate::store::{Scope, TokenHolder};

/// Bytes of a package that are read at a time.
const PIECE: usize = 64 * 1024;

/// What a desk that lies elsewhere answers. Bodies pass through piece by piece.
async fn ask_elsewhere(
    base: &reqwest::Url,
    (method, path): (reqwest::Method, &str),
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let gone = |_| Refusal::internal("The department's desk cannot be reached. Nothing was changed; try again later.");
    let url = format!("{}{path}", base.as_str().trim_end_matches('/'));
    let http = reqwest::Client::builder()
        .connect_timeout(std::time::Duration::from_secs(5))
        .timeout(PACKAGE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(gone)?;
    let mut call = http.request(method, url).body(reqwest::Body::wrap_stream(body.into_data_stream()));
    for name in [header::AUTHORIZATION, header::CONTENT_TYPE] {
        if let Some(value) = headers.get(&name) {
            call = call.header(name, value);
        }
    }
    let answer = call.send().await.map_err(gone)?;
    let (status, kind) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
    let mut response = (status, Body::from_stream(answer.bytes_stream())).into_response();
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    Ok(response)
}

/// Where a request is answered.
enum At {
    /// In this folder, for the holder of a valid token.
    Here(PathBuf, TokenHolder),
    /// Elsewhere, and this is what it answered.
    Elsewhere(Response),
}

async fn at_desk(
    gallery: &Shared,
    caller: &Caller,
    (method, path): (reqwest::Method, String),
    body: &mut Option<Body>,
) -> Result<At, Refusal> {
    match &gallery.desk {
        None => {
            Err(Refusal::new(StatusCode::NOT_FOUND, "no-desk", "No desk here", "This service keeps no case packages."))
        }
        Some(Desk::Elsewhere(base)) => {
            let body = body.take().unwrap_or_default();
            ask_elsewhere(base, (method, &path), &caller.headers, body).await.map(At::Elsewhere)
        }
        Some(Desk::Folder(folder)) => {
            let token = admitted(gallery, caller, Scope::Casework).await?;
            Ok(At::Here(folder.clone(), token))
        }
    }
}

/// Whether the caller proved to hold the key that the mailbox is named by.
async fn proved(gallery: &Shared, token: &TokenHolder, mailbox: &str) -> Result<(), Refusal> {
    let (token, mailbox) = (token.clone(), mailbox.to_owned());
    blocking(gallery, move |g| {
        if g.locked()?.has_proved(&token, &mailbox)? {
            return Ok(());
        }
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "mailbox-not-proved",
            "Not this token's mailbox",
            "A mailbox opens to whoever holds its key. Sign with it that this token may open it: \
             POST /v1/casework/{mailbox}/proof.",
        ))
    })
    .await
}

fn package_id(text: &str) -> Result<Uuid, Refusal> {
    text.parse().map_err(|_| Refusal::not_found("A package is named by a UUID."))
}

/// Proves to the desk that this token's holder has the key of a mailbox: an Ed25519 signature over the canonical text
/// of mailbox and SHA-256 of the token. To repeat it is harmless.
#[utoipa::path(post, path = "/v1/casework/{mailbox}/proof", security(("bearer" = [])), request_body = MailboxClaim,
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$", description = "recipient's public key, 64 hexadecimal digits")),
    responses((status = 204, description = "Proved"), (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn prove(
    State(gallery): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    let mut body = Some(body);
    desk::named(&name)?;
    let asked = (reqwest::Method::POST, format!("/v1/casework/{name}/proof"));
    let token = match at_desk(&gallery, &caller, asked, &mut body).await? {
        At::Elsewhere(answer) => return Ok(answer),
        At::Here(_, token) => token,
    };
    let claim: MailboxClaim = json_of(body.unwrap_or_default()).await?;
    let secret = caller.token_sha256().unwrap_or_default();
    if !signing::verify(&name, &signing::mailbox_text(&name, &secret), &claim.signature) {
        return Err(Refusal::invalid(
            "proof-invalid",
            "Not proved",
            "The signature is not this mailbox's key's over this mailbox and this token.",
        ));
    }
    blocking(&gallery, move |g| {
        g.locked()?.prove_key(&token, &name)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// What waits in a mailbox whose key the token's holder proved.
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
    desk::named(&name)?;
    let asked = (reqwest::Method::GET, format!("/v1/casework/{name}"));
    match at_desk(&gallery, &caller, asked, &mut None).await? {
        At::Elsewhere(answer) => Ok(answer),
        At::Here(folder, token) => {
            proved(&gallery, &token, &name).await?;
            blocking(&gallery, move |_| Ok(Json(desk::list(&folder, &name)?).into_response())).await
        }
    }
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
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 507, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn put_package(
    State(gallery): State<Shared>,
    caller: Caller,
    Path((name, package)): Path<(String, String)>,
    body: Body,
) -> Result<Response, Refusal> {
    let id = package_id(&package)?;
    let mut body = Some(body);
    desk::named(&name)?;
    let asked = (reqwest::Method::PUT, format!("/v1/casework/{name}/{id}"));
    let (folder, token) = match at_desk(&gallery, &caller, asked, &mut body).await? {
        At::Elsewhere(answer) => return Ok(answer),
        At::Here(folder, token) => (folder, token),
    };
    let mailbox = name.clone();
    let mut incoming = blocking(&gallery, move |_| Ok(desk::Incoming::begin(&folder, &mailbox)?)).await?;
    let mut pieces = body.unwrap_or_default().into_data_stream();
    while let Some(bytes) = piece(&mut pieces).await? {
        // One piece at a time: memory holds no more of a package than that.
        incoming = blocking(&gallery, move |_| {
            incoming.write(&bytes)?;
            Ok(incoming)
        })
        .await?;
    }
    blocking(&gallery, move |g| {
        let (put, bytes) = incoming.finish(id)?;
        Ok(match put {
            Put::Stored => {
                let detail = json!({ "put": id, "mailbox": name, "bytes": bytes });
                g.locked()?.audit(&token.user, &token.agency, "package", &detail)?;
                StatusCode::CREATED.into_response()
            }
            Put::Known => StatusCode::OK.into_response(),
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
    desk::named(&name)?;
    let asked = (reqwest::Method::GET, format!("/v1/casework/{name}/{id}"));
    let (folder, token) = match at_desk(&gallery, &caller, asked, &mut None).await? {
        At::Elsewhere(answer) => return Ok(answer),
        At::Here(folder, token) => (folder, token),
    };
    proved(&gallery, &token, &name).await?;
    let (file, length) = blocking(&gallery, move |_| Ok(desk::fetch(&folder, &name, id)?)).await?;
    let pieces = stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece);
            (file, read.map(|length| piece[..length].to_vec()))
        });
        match read.await {
            Ok((_, Ok(piece))) if piece.is_empty() => None,
            Ok((file, Ok(piece))) => Some((Ok(piece), Some(file))),
            Ok((_, Err(error))) => Some((Err(error), None)),
            Err(_) => Some((Err(std::io::Error::other("the reader stopped")), None)),
        }
    });
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    Ok((headers, Body::from_stream(pieces.boxed())).into_response())
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
    desk::named(&name)?;
    let asked = (reqwest::Method::DELETE, format!("/v1/casework/{name}/{id}"));
    let (folder, token) = match at_desk(&gallery, &caller, asked, &mut None).await? {
        At::Elsewhere(answer) => return Ok(answer),
        At::Here(folder, token) => (folder, token),
    };
    proved(&gallery, &token, &name).await?;
    blocking(&gallery, move |g| {
        desk::take_away(&folder, &name, id)?;
        let detail = json!({ "taken": id, "mailbox": name });
        g.locked()?.audit(&token.user, &token.agency, "package", &detail)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
