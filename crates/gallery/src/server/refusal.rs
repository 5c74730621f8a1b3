//! What the gallery refuses, as RFC 9457 problem+json.

use axum::http::StatusCode;
use service::refusal::Refusal;
use vector_index::IndexError;

use crate::store::StoreError;

pub(super) fn image() -> Refusal {
    Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "image-not-accepted",
        "Templates only",
        "A search carries a template, never an image. Encode the face on the workstation and send \
         application/json. Nothing of this request was kept.",
    )
}

pub(super) fn internal(detail: impl Into<String>) -> Refusal {
    Refusal::unavailable("The gallery cannot answer", detail)
}

pub(super) fn stale(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "stale-index", "The index is behind", detail)
}

pub(super) fn partial(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "partial-gallery", "A part of the gallery is missing", detail)
}

/// The service failed on a request.
pub(super) fn failed() -> Refusal {
    internal("The gallery failed on this request. Nothing was answered; tell its operator.")
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unknown(what) => Refusal::not_found(&format!("There is no {what}.")),
            StoreError::Limited { why, seconds } => Refusal::limited(
                format!("{why}. Nothing was answered; the auditor sees this. Wait, or ask the gallery's operator."),
                seconds,
            ),
            StoreError::Paused { .. } => {
                Refusal::new(StatusCode::FORBIDDEN, "paused", "Paused by an alarm", error.to_string())
            }
            StoreError::NotOpened => {
                Refusal::new(StatusCode::FORBIDDEN, "not-opened", "Candidate not opened", error.to_string())
            }
            StoreError::OtherAgency(_) => {
                Refusal::new(StatusCode::FORBIDDEN, "other-agency", "Another agency's records", error.to_string())
            }
            StoreError::Resembles(_) => Refusal::new(
                StatusCode::CONFLICT,
                "resembles-expunged",
                "Looks like an expunged photograph",
                error.to_string(),
            ),
            StoreError::Expunged(_) => {
                Refusal::new(StatusCode::CONFLICT, "expunged", "Expunged by order", error.to_string())
            }
            StoreError::OtherModel { .. } => {
                Refusal::new(StatusCode::CONFLICT, "model-mismatch", "Another embedding model", error.to_string())
            }
            other => {
                tracing::error!(error = %other, "store");
                internal(format!("Nothing was done: {other}. Try again or tell the gallery's operator."))
            }
        }
    }
}

/// The index failed.
pub(super) fn index(error: IndexError) -> Refusal {
    tracing::error!(%error, "index");
    stale(format!("{error}. Nothing was answered; tell the gallery's operator."))
}
