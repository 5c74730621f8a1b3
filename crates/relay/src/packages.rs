//! Case packages over HTTP, piece by piece.

use std::io::Read;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::say;
use futures_util::{StreamExt, stream};
use service::Problem;
use service::refusal::Refusal;
use service::request::{Caller, piece};
use uuid::Uuid;

use crate::admission::{admitted, workstation};
use crate::mailboxes::{self, MailboxError, Put};
use crate::running::{Shared, blocking};
use crate::store::Package;
use crate::wire::Mailbox;

/// Bytes of a package that are read at a time.
const PIECE: usize = 64 * 1024;

fn package_id(text: &str) -> Result<Uuid, Refusal> {
    text.parse().map_err(|_| Refusal::not_found(say!("relay-package-named-uuid")))
}

/// The workstation that asks, if the mailbox is its own.
async fn owner(relay: &Shared, caller: &Caller, mailbox: &str) -> Result<String, Refusal> {
    let workstation = admitted(relay, caller).await?;
    if workstation == mailbox {
        return Ok(workstation);
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "not-your-mailbox",
        say!("relay-another-workstation-mailbox"),
        say!("relay-mailbox-opens-workstation-whose-key"),
    ))
}

/// What waits in the own mailbox.
#[utoipa::path(get, path = "/v1/mailboxes/{mailbox}", security(("bearer" = [])),
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$", description = "recipient's public key, 64 hexadecimal digits")),
    responses((status = 200, body = Mailbox), (status = 403, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn mailbox(
    State(relay): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Mailbox>, Refusal> {
    owner(&relay, &caller, &name).await?;
    blocking(&relay, move |r| Ok(Json(mailboxes::list(&r.mailboxes, &name)?))).await
}

/// Puts a package, an age file, into a mailbox. To repeat it is harmless.
#[utoipa::path(put, path = "/v1/mailboxes/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$"), ("package" = Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "It lies there"), (status = 200, description = "It was put before"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 507, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn put_package(
    State(relay): State<Shared>,
    caller: Caller,
    Path((name, package)): Path<(String, String)>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let sender = admitted(&relay, &caller).await?;
    let id = package_id(&package)?;
    let (from, mailbox) = (sender.clone(), name.clone());
    let (mut sending, mut incoming) = blocking(&relay, move |r| {
        if !department::is_key(&mailbox) {
            return Err(MailboxError::Name.into());
        }
        let chain = r.chain()?;
        let stands = |key: &str| workstation(&chain, key).is_ok();
        // A package for nobody would lie there for good.
        if !stands(&mailbox) {
            return Err(Refusal::not_found(say!("relay-no-workstation-key-roster")));
        }
        let sending = r.senders.sending(&from, &mailbox, stands)?;
        Ok((sending, mailboxes::Incoming::begin(&r.mailboxes, &mailbox)?))
    })
    .await?;
    let mut pieces = body.into_data_stream();
    while let Some(bytes) = piece(&mut pieces).await? {
        sending.grow(bytes.len() as u64)?;
        // One piece at a time: memory holds no more of a package than that.
        incoming = blocking(&relay, move |_| {
            incoming.write(&bytes)?;
            Ok(incoming)
        })
        .await?;
    }
    blocking(&relay, move |r| {
        let (put, bytes) = incoming.finish(id)?;
        if put == Put::Known {
            return Ok(StatusCode::OK);
        }
        let package = Package { mailbox: name, id, sender, bytes: bytes as u64 };
        if let Err(refused) = r.store().and_then(|mut store| Ok(store.package_put(&package)?)) {
            mailboxes::take_back(&r.mailboxes, &package.mailbox, id)?;
            return Err(refused);
        }
        sending.stored();
        Ok(StatusCode::CREATED)
    })
    .await
}

/// A package of one's own mailbox.
#[utoipa::path(get, path = "/v1/mailboxes/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$"), ("package" = Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn fetch_package(
    State(relay): State<Shared>,
    caller: Caller,
    Path((name, package)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    owner(&relay, &caller, &name).await?;
    let id = package_id(&package)?;
    let (file, length) = blocking(&relay, move |r| Ok(mailboxes::fetch(&r.mailboxes, &name, id)?)).await?;
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
            Err(_) => Some((Err(std::io::Error::other(say!("relay-reader-stopped"))), None)),
        }
    });
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    Ok((headers, Body::from_stream(pieces.boxed())).into_response())
}

/// Takes a package away that its recipient has. To repeat it is harmless.
#[utoipa::path(delete, path = "/v1/mailboxes/{mailbox}/{package}", security(("bearer" = [])),
    params(("mailbox" = String, Path, pattern = "^[0-9a-f]{64}$"), ("package" = Uuid, Path)),
    responses((status = 204, description = "It is gone"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn take_package(
    State(relay): State<Shared>,
    caller: Caller,
    Path((name, package)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    owner(&relay, &caller, &name).await?;
    let id = package_id(&package)?;
    blocking(&relay, move |r| {
        mailboxes::take_away(&r.mailboxes, &name, id)?;
        if let Some(package) = r.store()?.package_taken(&name, id)? {
            r.senders.taken(&package);
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
