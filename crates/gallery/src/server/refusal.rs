//! What the gallery refuses, as RFC 9457 problem+json.

use axum::http::StatusCode;
use catalogue::say;
use service::refusal::Refusal;
use vector_index::IndexError;

use crate::store::StoreError;

pub(super) fn image() -> Refusal {
    Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "image-not-accepted",
        say!("gallery-templates-only"),
        say!("gallery-search-carries-template-never-image"),
    )
}

pub(super) fn internal(detail: impl Into<String>) -> Refusal {
    Refusal::unavailable(say!("gallery-cannot-answer"), detail)
}

pub(super) fn stale(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "stale-index", say!("gallery-index-behind"), detail)
}

pub(super) fn partial(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "partial-gallery", say!("gallery-part-missing"), detail)
}

/// A template of another model than the gallery's.
pub(super) fn other_model(model: &str, offered: &str) -> Refusal {
    Refusal::new(
        StatusCode::CONFLICT,
        "model-mismatch",
        say!("gallery-another-embedding-model"),
        say!("gallery-enrolled-template-made-templates-two", model, model2 = offered),
    )
}

/// The service failed on a request.
pub(super) fn failed() -> Refusal {
    internal(say!("gallery-failed-request-nothing-answered-tell"))
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unknown(what) => Refusal::not_found(&say!("gallery-no", what)),
            StoreError::Limited { why, seconds } => {
                Refusal::limited(say!("gallery-nothing-answered-auditor-sees-wait", why), seconds)
            }
            StoreError::Paused { .. } => {
                Refusal::new(StatusCode::FORBIDDEN, "paused", say!("gallery-paused-alarm"), error.to_string())
            }
            StoreError::NotOpened => Refusal::new(
                StatusCode::FORBIDDEN,
                "not-opened",
                say!("gallery-candidate-not-opened"),
                error.to_string(),
            ),
            StoreError::OtherAgency(_) => Refusal::new(
                StatusCode::FORBIDDEN,
                "other-agency",
                say!("gallery-another-agency-records"),
                error.to_string(),
            ),
            StoreError::Resembles(_) => Refusal::new(
                StatusCode::CONFLICT,
                "resembles-expunged",
                say!("gallery-looks-like-expunged-photograph"),
                error.to_string(),
            ),
            StoreError::Expunged(_) => {
                Refusal::new(StatusCode::CONFLICT, "expunged", say!("gallery-expunged-order"), error.to_string())
            }
            StoreError::OtherModel { .. } => Refusal::new(
                StatusCode::CONFLICT,
                "model-mismatch",
                say!("gallery-another-embedding-model"),
                error.to_string(),
            ),
            other => {
                tracing::error!(error = %other, "store");
                internal(say!("gallery-nothing-done-try-again-tell", other))
            }
        }
    }
}

/// The index failed.
pub(super) fn index(error: IndexError) -> Refusal {
    tracing::error!(%error, "index");
    stale(say!("gallery-nothing-answered-tell-operator", error))
}
