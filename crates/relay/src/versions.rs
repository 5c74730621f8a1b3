//! The department's documents over HTTP: each proves itself, so whoever belongs to the department may bring one.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use catalogue::say;
use department::{Chain, MOST_BYTES, POLICY, PublicKey, ROSTER, Refusal as Rule, Role};
use serde::Deserialize;
use service::Problem;
use service::refusal::Refusal;
use service::request::{Caller, read};

use crate::admission::admitted;
use crate::running::{Shared, blocking, no_department, now};
use crate::store::{TakeError, Taken};
use crate::wire::{DOCUMENTS, Newest, PAGE, PAGE_BYTES};

/// What is read without a look at its signatures first. A tree of JSON takes many times the room of its text: more is
/// built only of what somebody signed who ever administered.
const UNSEEN: usize = 256 * 1024;

impl From<TakeError> for Refusal {
    fn from(error: TakeError) -> Self {
        let detail = error.to_string();
        let refused = |reason: String| Refusal {
            reason: Some(reason.into()),
            ..Refusal::invalid("version-refused", say!("relay-version-refused"), detail.clone())
        };
        match error {
            TakeError::NoDepartment => no_department(),
            TakeError::Store(error) => error.into(),
            TakeError::Fork(why) => Refusal {
                reason: Some(why.reason().into()),
                ..Refusal::new(
                    StatusCode::CONFLICT,
                    "chain-fork",
                    say!("relay-chain-fork"),
                    say!("relay-fork-kept", why),
                )
            },
            TakeError::Refused(why) => refused(why.reason()),
            TakeError::Ahead { .. } => refused("dated-ahead".to_owned()),
            // Asked by the operator alone.
            TakeError::Founded(_) | TakeError::Meanwhile => refused("other-department".to_owned()),
        }
    }
}

fn newest_of(chain: &Chain) -> Newest {
    let seen = chain.highest_seen();
    Newest { department: seen.department, version: seen.version, sha256: seen.sha256 }
}

/// How far the department's documents go.
#[utoipa::path(get, path = "/v1/department", responses((status = 200, body = Newest),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn newest(State(relay): State<Shared>) -> Result<Json<Newest>, Refusal> {
    blocking(&relay, |r| Ok(Json(newest_of(r.chain()?.as_ref())))).await
}

fn after(uri: &Uri) -> Option<u32> {
    match uri.query().unwrap_or_default() {
        "" => Some(0),
        query => query.strip_prefix("after=")?.parse().ok(),
    }
}

/// The department's documents after a version, one a line and each as it is, oldest first. Where there are more than fit, as
/// many as do, and at least one.
#[utoipa::path(get, path = "/v1/department/versions", security(("bearer" = [])),
    params(("after" = Option<u32>, Query, description = "number of the last version that is known; 0 or nothing for all")),
    responses((status = 200, content_type = "application/x-ndjson", body = String),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn documents(State(relay): State<Shared>, caller: Caller, uri: Uri) -> Result<Response, Refusal> {
    admitted(&relay, &caller).await?;
    let malformed = || Refusal::invalid("malformed", say!("relay-malformed-request"), say!("relay-after-is-a-number"));
    let after = after(&uri).ok_or_else(malformed)?;
    let text = blocking(&relay, move |r| {
        let mut text = String::new();
        for (_, document) in r.store()?.documents(after, PAGE, PAGE_BYTES)? {
            text.push_str(&document);
            text.push('\n');
        }
        Ok(text)
    })
    .await?;
    Ok(([(header::CONTENT_TYPE, DOCUMENTS)], text).into_response())
}

/// Takes the version that comes next: one document as it is. To repeat it is harmless.
#[utoipa::path(post, path = "/v1/department/versions", security(("bearer" = [])),
    request_body(content = String, content_type = "application/json"),
    responses((status = 201, body = Newest, description = "It is the newest now"),
        (status = 200, body = Newest, description = "It was here"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "A fork: another version of this number was signed as well"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "It does not hold; `reason` says by which rule"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn bring(State(relay): State<Shared>, caller: Caller, body: Body) -> Result<Response, Refusal> {
    let by = admitted(&relay, &caller).await?;
    let bringing = relay.senders.brings(&by)?;
    let document = read(body, MOST_BYTES).await?;
    let (taken, newest) = blocking(&relay, move |r| {
        let _bringing = bringing;
        let chain = r.chain()?;
        let document = document.strip_suffix(b"\n").unwrap_or(&document);
        // Nobody waits while what does not hold is read: the store is asked only for what does, and for what to put on record.
        let known = if document.len() <= UNSEEN || signed_by_somebody(&chain, document) {
            chain.extended_by(&[document]).map(drop)
        } else {
            Err(Rule::TooFewSignatures { needed: 1, found: 0 })
        };
        let mut store = r.store()?;
        match known {
            Ok(()) | Err(Rule::Fork { .. }) => {
                let (taken, chain) = store.take(document, &by, now())?;
                Ok((taken, newest_of(&chain)))
            }
            Err(why) => {
                store.refused(&why, &by)?;
                Err(TakeError::Refused(why).into())
            }
        }
    })
    .await?;
    let status = if taken == Taken::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(newest)).into_response())
}

/// A document as far as its signatures can be checked without reading what it says.
#[derive(Deserialize)]
struct Envelope {
    signatures: Vec<Signed>,
    text: String,
}

#[derive(Deserialize)]
struct Signed {
    key: String,
    signature: String,
}

/// Whether the root key, or somebody who administered once, signed this text as a roster or a policy. Whether that is enough is
/// for the chain.
fn signed_by_somebody(chain: &Chain, document: &[u8]) -> bool {
    let Ok(Envelope { signatures, text }) = serde_json::from_slice(document) else { return false };
    let administered = |key: &PublicKey| {
        let rosters = (1..=chain.newest().number()).filter_map(|number| Some(chain.version(number)?.roster()));
        let held = |roster: &department::Roster| {
            roster.holder(key).is_some_and(|(member, _)| member.person.is(Role::Administrator))
        };
        key == chain.root() || rosters.into_iter().any(held)
    };
    signatures.iter().take(64).any(|Signed { key, signature }| {
        let Ok(key) = PublicKey::read(key) else { return false };
        administered(&key) && [ROSTER, POLICY].iter().any(|context| key.verify(context, &text, signature).is_ok())
    })
}
