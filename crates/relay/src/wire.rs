//! What goes over the wire, in both directions: HTTP `/v1`, JSON.

pub use ledger::origin;
use serde::{Deserialize, Serialize};
use service::signing;
use uuid::Uuid;

/// How the relay names itself.
pub const SERVICE: &str = "corroborate-relay";
/// Most bytes of a package.
pub const MAX_PACKAGE: usize = 1_000_000_000;
/// Most bytes of another body; a document of the department has a limit of its own.
pub const MAX_BODY: usize = 64 * 1024;
/// Most documents of the department in one answer, and most bytes of more than one.
pub const PAGE: usize = 200;
/// See [`PAGE`].
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;
/// What documents of the department are sent as: one a line, each as it is.
pub const DOCUMENTS: &str = "application/x-ndjson";
/// What a workstation signs a backup's manifest as.
pub const BACKUP: &str = "corroborate.backup.v1";
/// Most bytes of a piece of a backup, of a manifest, and of the answer to `GET /v1/backups`.
pub const PIECE: usize = 1 << 20;
/// See [`PIECE`].
pub const MOST_MANIFEST: usize = 16 << 20;
/// See [`PIECE`].
pub const MOST_BACKUPS: usize = 64 << 20;
/// Code of the problem that a workstation is told that was in the roster and is no longer.
pub const REVOKED: &str = "revoked";

/// Answer to `GET /v1/backups`: what lies at the relay of the own backups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Backups {
    /// Manifests by when they were made, without colons; oldest first.
    pub manifests: Vec<String>,
    /// SHA-256 of each piece.
    pub pieces: Vec<String>,
}

/// Answer to `GET /v1/info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Info {
    /// [`SERVICE`].
    pub service: String,
    /// Version of the program.
    pub version: String,
}

/// Answer to `POST /v1/challenges`: what a workstation signs to show that it has its key, once and soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// The challenge.
    pub challenge: String,
}

/// `POST /v1/sessions`: a workstation shows that it has its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The workstation's public key, 64 hexadecimal digits.
    #[cfg_attr(feature = "server", schema(pattern = "^[0-9a-f]{64}$"))]
    pub workstation: String,
    /// Host and port by which the workstation knows the relay.
    #[cfg_attr(feature = "server", schema(max_length = 300))]
    pub relay: String,
    /// As the relay gave it.
    #[cfg_attr(feature = "server", schema(max_length = 300))]
    pub challenge: String,
    /// Ed25519 signature of [`session_text`], 128 hexadecimal digits.
    #[cfg_attr(feature = "server", schema(pattern = "^[0-9a-fA-F]{128}$"))]
    pub signature: String,
}

/// Answer to `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Session {
    /// Bearer token of what the workstation asks from now on.
    pub token: String,
    /// Seconds for which it is good.
    pub seconds: u64,
}

/// What a workstation signs (`service::signing::message`) to begin a session with the relay that it knows as `relay`: another
/// relay that passes on its challenges gains nothing.
pub fn session_text(relay: &str, challenge: &str) -> String {
    signing::canonical(&serde_json::json!({
        "schema": "corroborate.session.v1", "relay": relay, "challenge": challenge,
    }))
}

/// Answer to `GET /v1/department`: how far the department's documents go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Newest {
    /// The department's root key, 64 hexadecimal digits.
    #[cfg_attr(feature = "server", schema(pattern = "^[0-9a-f]{64}$"))]
    pub department: String,
    /// Number of the newest version.
    pub version: u32,
    /// SHA-256 of its text, 64 hexadecimal digits.
    #[cfg_attr(feature = "server", schema(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
}

/// One package of a [`Mailbox`]: ciphertext for its recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MailboxPackage {
    /// Identity that the sender gave it.
    pub package_id: Uuid,
    /// Size.
    pub bytes: u64,
}

/// Answer to `GET /v1/mailboxes/{mailbox}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Mailbox {
    /// What waits, oldest first.
    pub packages: Vec<MailboxPackage>,
}

/// Most rows of an audit in one request.
pub const LEAVES: usize = 500;
/// Schema of the end of a workstation's audit, which it signs as every other head of it.
pub const HEAD: &str = "corroborate.audit-head.v1";
/// Where the log's files are served: `checkpoint`, `cosigned`, `tile/…` below it (C2SP tlog-tiles).
pub const LEDGER: &str = "/ledger";

/// The end of a workstation's audit, as it signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AuditEnd {
    /// How many rows.
    #[cfg_attr(feature = "server", schema(minimum = 1))]
    pub rows: u64,
    /// Hash of the last one, 64 hexadecimal digits.
    #[cfg_attr(feature = "server", schema(pattern = "^[0-9a-f]{64}$"))]
    pub head: String,
    /// When it was signed (RFC 3339, UTC).
    #[cfg_attr(feature = "server", schema(max_length = 40))]
    pub at: String,
    /// Ed25519 signature of [`HEAD`], a line feed and [`AuditEnd::text`], 128 hexadecimal digits.
    #[cfg_attr(feature = "server", schema(pattern = "^[0-9a-f]{128}$"))]
    pub signature: String,
}

impl AuditEnd {
    /// What the workstation with the key `workstation` signs, as canonical JSON.
    pub fn text(&self, workstation: &str) -> String {
        // Whole numbers and strings: nothing that the canonical form refuses.
        signing::canonical(&serde_json::json!({
            "at": self.at, "head": self.head, "rows": self.rows, "schema": HEAD, "workstation": workstation,
        }))
    }
}

/// `POST /v1/ledger/rows`: rows of the own audit by their hashes, for the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Position of the first, from 1.
    #[cfg_attr(feature = "server", schema(minimum = 1))]
    pub first: u64,
    /// Their hashes, 64 hexadecimal digits each, in their order; at most [`LEAVES`].
    #[cfg_attr(feature = "server", schema(max_items = 500))]
    pub hashes: Vec<String>,
    /// The audit's end with the last of them.
    pub end: AuditEnd,
}

/// A row of the own audit that is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Logged {
    /// Where it stands in the log, from 0.
    pub number: u64,
    /// Its position in the audit, from 1.
    pub position: u64,
    /// Its hash.
    pub hash: String,
}

/// Answer to `GET /v1/ledger/rows`: how far the log has the own audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct HowFar {
    /// The log's key, as signed-note writes it.
    pub log: String,
    /// The newest row.
    pub newest: Option<Logged>,
    /// The audit's end as it was signed with that row.
    pub end: Option<AuditEnd>,
}
