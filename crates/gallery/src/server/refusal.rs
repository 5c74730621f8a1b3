//! What is refused, as RFC 9457 problem+json.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gallery_api::wire::Problem;
use vector_index::IndexError;

use crate::desk::DeskError;
use crate::store::StoreError;

/// A refusal on its way to problem+json.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub title: &'static str,
    pub detail: String,
    pub fields: Vec<String>,
    /// Seconds after which it may be tried again.
    pub retry: Option<u64>,
}

impl Refusal {
    pub fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, title, detail: detail.into(), fields: Vec::new(), retry: None }
    }

    pub fn image() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "image-not-accepted",
            "Templates only",
            "A search carries a template, never an image. Encode the face on the workstation and send \
             application/json. Nothing of this request was kept.",
        )
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", what)
    }

    pub fn invalid(code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
    }

    pub fn internal(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The gallery cannot answer", detail)
    }

    pub fn limited(detail: impl Into<String>, seconds: u64) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate-limited", "Limit reached", detail);
        Self { retry: Some(seconds), ..refusal }
    }

    pub fn stale(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "stale-index", "The index is behind", detail)
    }

    pub fn partial(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "partial-gallery", "A part of the gallery is missing", detail)
    }

    pub fn stopped() -> Self {
        Self::internal("The gallery failed on this request. Nothing was answered; tell its operator.")
    }
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
                Refusal::internal(format!("Nothing was done: {other}. Try again or tell the gallery's operator."))
            }
        }
    }
}

impl From<IndexError> for Refusal {
    fn from(error: IndexError) -> Self {
        tracing::error!(%error, "index");
        Refusal::stale(format!("{error}. Nothing was answered; tell the gallery's operator."))
    }
}

impl From<DeskError> for Refusal {
    fn from(error: DeskError) -> Self {
        let detail = error.to_string();
        match error {
            DeskError::Name => Refusal::invalid("mailbox-name", "Not a mailbox", detail),
            DeskError::Plain => {
                Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-encrypted", "Ciphertext only", detail)
            }
            DeskError::Other => Refusal::new(StatusCode::CONFLICT, "package-conflict", "Identity taken", detail),
            DeskError::Long => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Package too long", detail),
            DeskError::Full => {
                Refusal::new(StatusCode::INSUFFICIENT_STORAGE, "mailbox-full", "The mailbox is full", detail)
            }
            DeskError::Unknown => Refusal::not_found(&detail),
            DeskError::Disk(_) => Refusal::internal(detail),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: format!("urn:corroborate:problem:{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code.to_owned(),
            fields: self.fields,
        };
        let mut response = (self.status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(header::RETRY_AFTER, self.retry.unwrap_or(60).into());
            }
            _ => {}
        }
        response
    }
}
