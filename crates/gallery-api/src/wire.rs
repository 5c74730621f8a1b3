//! What goes over the wire, in both directions: HTTP `/v1`, JSON.

use catalogue::say;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
pub use service::Problem;
use uuid::Uuid;

/// Purposes that a search may have.
pub const PURPOSES: [&str; 7] = [
    "felony",
    "misdemeanor-with-injury",
    "missing-person",
    "deceased-identification",
    "unable-to-identify-self",
    "imminent-threat",
    "training",
];

/// Fewest candidates of a list: a list of one is an accusation.
pub const MIN_CANDIDATES: u16 = 20;
/// Most candidates of a list.
pub const MAX_CANDIDATES: u16 = 200;
/// Most bytes of a request's body.
pub const MAX_BODY: usize = 256 * 1024;

/// Most bytes of a photograph that is enrolled over HTTP.
pub const MAX_PHOTO: usize = 32_000_000;

/// Most characters of a purpose, a case number, an idempotency key and what names a person or an order.
pub const MAX_NAME: usize = 200;
/// Most characters of a basis or a reason.
pub const MAX_TEXT: usize = 4000;

/// Stands in every answer that lists candidates.
pub fn notice() -> &'static str {
    say!("gallery-notice")
}

/// A face as numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Id of the embedding model.
    pub model: String,
    /// L2-normalised values, as many as the model's dimension.
    pub values: Vec<f32>,
}

/// Limits the records that are compared. Records whose value is unknown always count as matching.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Filters {
    /// Only photographs taken on this day or later (`YYYY-MM-DD`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captured_from: Option<String>,
    /// Only photographs taken on this day or earlier (`YYYY-MM-DD`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captured_until: Option<String>,
    /// Only records of these agencies (ORI); empty means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<String>,
}

/// `POST /v1/searches`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// The encoded face. There is no place for an image.
    pub template: Template,
    /// One of [`PURPOSES`].
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 200))]
    pub purpose: String,
    /// The department's case number.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 200))]
    pub case_number: String,
    /// Why the search is justified.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 4000))]
    pub basis: String,
    /// The examiner, as the workstation knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examiner: Option<String>,
    /// Length of the list, 20 to 200; fewer are raised to 20.
    #[serde(default = "default_limit")]
    pub limit: u16,
    /// Which records are compared.
    #[serde(default)]
    pub filters: Filters,
    /// The workstation's word for who asks and why; a token that is bound to a key needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// Ed25519 over `corroborate.request.v1`, a line feed and the request's text ([`crate::signing`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The workstation's public key, 64 hexadecimal digits.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-fA-F]{64}$"))]
    pub public_key: String,
    /// The signature, 128 hexadecimal digits.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-fA-F]{128}$"))]
    pub signature: String,
}

/// `POST /v1/searches/{id}/opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The candidate that the examiner opened.
    pub candidate_id: Uuid,
}

fn default_limit() -> u16 {
    MIN_CANDIDATES
}

/// One row of a candidate list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// Identity of the row; valid for this search only.
    pub candidate_id: Uuid,
    /// The gallery's subject.
    pub subject_id: String,
    /// Similarity score: cosine, -1 to 1, rounded to hundredths. The order is that of the exact scores.
    pub score: f32,
    /// When the photograph was taken, if known (`YYYY-MM-DD`).
    pub captured_on: Option<String>,
    /// Agency that enrolled it (ORI), if known.
    pub agency: Option<String>,
    /// Path of the photograph, served only to the token that made this search: small until the candidate is opened.
    pub photo: String,
    /// Paths of other photographs of the subject, newest first, served once the candidate is opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_photos: Vec<String>,
}

/// What was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Completeness {
    /// Whether the answer equals a full-precision scan of all that was not filtered out.
    pub exact: bool,
    /// Templates compared.
    pub scanned: u64,
    /// Templates in the gallery: `scanned + filtered_out`.
    pub gallery_size: u64,
    /// Templates left out by filters.
    pub filtered_out: u64,
}

/// Answer to `POST /v1/searches`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchAnswer {
    /// Identity of the search, in the service's audit too.
    pub search_id: Uuid,
    /// One row a subject, best score first.
    pub candidates: Vec<Candidate>,
    /// What was compared.
    pub completeness: Completeness,
    /// What a candidate is, and is not.
    pub notice: String,
}

/// A model that the gallery is enrolled with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ModelInfo {
    /// Its id.
    pub id: String,
    /// Values of a template.
    pub dim: u32,
    /// Templates of this model.
    pub templates: u64,
}

/// What a client must keep to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Fewest candidates of a list.
    pub min_candidates: u16,
    /// Most candidates of a list.
    pub max_candidates: u16,
    /// Most bytes of a body.
    pub max_body_bytes: u64,
}

/// Answer to `GET /v1/info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Info {
    /// `corroborate-gallery`.
    pub service: String,
    /// Version of the service.
    pub version: String,
    /// Models that templates may have.
    pub models: Vec<ModelInfo>,
    /// People enrolled.
    pub subjects: u64,
    /// Templates enrolled.
    pub templates: u64,
    /// Limits.
    pub limits: Limits,
    /// Purposes that this gallery is for; `training` has a gallery of its own.
    pub purposes: Vec<String>,
    /// What a candidate is, and is not.
    pub notice: String,
}

/// Answer to `POST /v1/subjects`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SubjectAnswer {
    /// The person.
    pub subject_id: String,
}

/// `POST /v1/subjects/{id}/suppression`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// Why.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 4000, pattern = r"\S"))]
    pub because: String,
}

/// Answer to `GET /v1/searches/{id}/withdrawn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Withdrawn {
    /// Candidates whose records were expunged or suppressed since the search.
    pub candidates: Vec<String>,
}

/// `POST /v1/searches/withdrawn`: searches that the asker has open, at most 1,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Searches {
    /// Their identities.
    pub searches: Vec<Uuid>,
}

/// Answer to `POST /v1/searches/withdrawn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WithdrawnOf {
    /// By search: candidates whose records were expunged or suppressed since. Searches of others are left out.
    pub searches: BTreeMap<Uuid, Vec<String>>,
}

/// `POST /v1/anchors`: the head of a workstation's audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The workstation's public key, 64 hexadecimal digits.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-fA-F]{64}$"))]
    pub workstation: String,
    /// Rows of its audit.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub rows: i64,
    /// Hash of the last one, 64 hexadecimal digits.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-fA-F]{64}$"))]
    pub head: String,
    /// When it was signed (RFC 3339, UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Ed25519 signature by that key of [`Anchor::signed_text`], 128 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{128}$"))]
    pub signature: Option<String>,
}

impl Anchor {
    /// The text that is signed: its schema on a line, then the head as JSON after RFC 8785.
    pub fn signed_text(&self) -> String {
        format!("corroborate.audit-head.v1\n{}", self.text())
    }

    /// The head as JSON after RFC 8785.
    pub fn text(&self) -> String {
        // Keys in their order; no value holds anything that the two forms of JSON write differently.
        format!(
            r#"{{"at":{},"head":{},"rows":{},"schema":"corroborate.audit-head.v1","workstation":{}}}"#,
            serde_json::Value::from(self.at.clone().unwrap_or_default()),
            serde_json::Value::from(self.head.clone()),
            self.rows,
            serde_json::Value::from(self.workstation.clone()),
        )
    }
}

/// Where the files of the audit's log are served: `checkpoint`, `cosigned`, `tile/…` below it (C2SP tlog-tiles).
pub const LEDGER: &str = "/v1/ledger";

/// The leaf of the log with this key that the row at `seq` with this hash is; none for what is no row of an audit.
pub fn leaf_of(log: &ledger::Key, seq: i64, hash: &str) -> Option<ledger::Leaf> {
    let hash = hex::decode(hash).ok()?.try_into().ok()?;
    ledger::Leaf::new(log.bytes(), u64::try_from(seq).ok()?, hash).ok()
}

/// One row of the service's audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuditRow {
    /// Position, from 1 without gaps.
    pub seq: i64,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Token's user.
    pub actor: String,
    /// Token's agency.
    pub agency: String,
    /// What was done.
    pub action: String,
    /// Details as JSON text.
    pub detail: String,
    /// SHA-256 over the previous hash and this row, in hexadecimal.
    pub hash: String,
}
