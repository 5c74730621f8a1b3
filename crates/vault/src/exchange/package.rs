//! What a package is: the line that begins it, what it says, and what comes of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use casework::oversight::Conduct;
use casework::{
    CandidateId, CaseId, ConferencePart, Decision, Declined, Handover, Moment, NoteId, PersonId, PersonRef, Reply,
    RequestId, VerificationRequest,
};
use department::Card;

use super::moves::Move;
use crate::audit::AuditEvent;
use crate::error::{PackageError, VaultError};
use crate::signed::Signed;

/// Notes and reviews.
pub(super) const MANIFEST: &str = "corroborate.package.v1";
/// What came later: a program that knows only the first refuses these as a whole.
pub(super) const MANIFEST_2: &str = "corroborate.package.v2";
/// Most bytes of the line that begins a package, its end included: a case without its files.
pub(super) const MAX_LINE: u64 = 64_000_000;
/// Most bytes of a package: SQLite keeps no longer value.
pub(super) const MAX_PACKAGE: u64 = 900_000_000;

/// A misidentification that was recorded at the sender: nothing of its account, which is the case's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Misidentified {
    /// The number of the case.
    pub number: String,
    /// SHA-256 of the result, which whoever recorded it signed.
    pub record: String,
    pub by: PersonRef,
    pub at: Moment,
    pub statements: Vec<String>,
}

/// What a package holds besides files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub(super) enum Content {
    /// A sealed note for review, with its case, and the notes of the case that were reviewed before.
    Note {
        note: Signed,
        earlier: Vec<Earlier>,
        file: Value,
        /// What people of the department signed of it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        statements: Vec<String>,
    },
    /// A review on its way to where the case lives.
    Review {
        review: Signed,
        /// What the reviewer signed, within a department.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        statements: Vec<String>,
    },
    /// A case that moves to the recipient with its files and the photographs of its list, all its moves with this one, and what people
    /// signed of it.
    Case {
        file: Value,
        /// None in packages of an earlier program, which moved what was not searched.
        #[serde(default)]
        moves: Vec<Move>,
        statements: Vec<String>,
    },
    /// The case of a package is at the recipient of that.
    CaseArrived { package: Uuid },
    /// The gallery has withdrawn records of the list of a case that moved to the recipient.
    CandidatesWithdrawn { case: CaseId, candidates: Vec<CandidateId> },
    /// The sender was restored from a backup: by the row of its audit that says so.
    Restored { row: String },
    /// A case that left the recipient lives at the sender: from whom to whom it went, and by which moves.
    CaseLivesHere { case: CaseId, handed_over: Vec<Handover>, moves: Vec<Move>, statements: Vec<String> },
    /// Somebody's door, as they stated it: they come in by it at the recipient too.
    Door { statement: String },
    /// A blind comparison that somebody at the recipient is asked for. Its pictures are the package's files.
    VerificationRequest { request: VerificationRequest },
    /// It is asked no more.
    VerificationWithdrawn { request: RequestId },
    /// The gallery has withdrawn the record of one of its people: their photographs go.
    VerificationRemoval { request: RequestId, token: CandidateId },
    /// What came of it, with the signature of whoever was asked where they handed in.
    VerificationReply { reply: Reply, statement: Option<String> },
    /// A conference about a disagreement, signed by the examiner, for the verifier's signature.
    Conference { id: Uuid, part: ConferencePart, statement: String },
    /// The verifier's word on it.
    ConferenceReply { id: Uuid, at: Moment, declined: Option<Declined>, statement: Option<String> },
    /// A lead of the sender was a misidentification.
    Misidentified { told: Misidentified },
    /// Rows of the sender's audit for the auditors, how its cases were conducted, and proofs that rows are in the department's log.
    Events { rows: Vec<AuditEvent>, cases: Vec<Conduct>, proofs: Vec<(i64, String)> },
}

impl Content {
    /// Its kind, as packages of this program name it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Note { .. } => "note",
            Self::Review { .. } => "review",
            Self::Case { .. } => "case",
            Self::CaseArrived { .. } => "case-arrived",
            Self::CandidatesWithdrawn { .. } => "candidates-withdrawn",
            Self::Restored { .. } => "restored",
            Self::CaseLivesHere { .. } => "case-lives-here",
            Self::Door { .. } => "door",
            Self::VerificationRequest { .. } => "verification-request",
            Self::VerificationWithdrawn { .. } => "verification-withdrawn",
            Self::VerificationRemoval { .. } => "verification-removal",
            Self::VerificationReply { .. } => "verification-reply",
            Self::Conference { .. } => "conference",
            Self::ConferenceReply { .. } => "conference-reply",
            Self::Misidentified { .. } => "misidentified",
            Self::Events { .. } => "events",
        }
    }

    /// The schema of a package with it.
    pub(super) fn schema(&self) -> &'static str {
        match self {
            Self::Note { .. } | Self::Review { .. } => MANIFEST,
            _ => MANIFEST_2,
        }
    }
}

/// Every kind that this program knows, by schema.
pub(super) const KINDS: [(&str, &[&str]); 2] = [
    (MANIFEST, &["note", "review"]),
    (
        MANIFEST_2,
        &[
            "case",
            "case-arrived",
            "candidates-withdrawn",
            "restored",
            "case-lives-here",
            "door",
            "verification-request",
            "verification-withdrawn",
            "verification-removal",
            "verification-reply",
            "conference",
            "conference-reply",
            "misidentified",
            "events",
        ],
    ),
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Earlier {
    pub(super) note: Signed,
    pub(super) review: Option<Signed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) statements: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileLine {
    pub(super) sha256: String,
    pub(super) kind: String,
    pub(super) file_name: String,
    pub(super) bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) schema: String,
    pub(super) id: Uuid,
    pub(super) from: Card,
    /// The recipient's key: a package that somebody encrypts anew to another workstation is refused there.
    pub(super) to: String,
    pub(super) made_at: Moment,
    pub(super) content: Content,
    pub(super) files: Vec<FileLine>,
}

/// What came of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// A note waits for review now.
    Note(NoteId),
    /// A review reached its note.
    Review(NoteId, Decision),
    /// A case lives here from now on.
    Case(CaseId),
    /// Somebody of the department can come in here.
    Door(PersonId),
    /// A comparison or a conference waits for somebody here.
    Asked,
    /// What another workstation said of a verification has taken effect.
    Told,
    /// It counts for nothing, for the reason given; that is on record, and it is not to come again.
    Void(String),
    /// Events of another workstation are at the desk.
    Events,
    /// It was taken in before; nothing changed.
    Already,
}

/// What came of filling the outbox.
#[derive(Debug, Default)]
pub struct Filled {
    /// Packages that were added.
    pub made: usize,
    /// Why others could not be made.
    pub left: Vec<VaultError>,
}

/// A package in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Identity of the package.
    pub id: Uuid,
    /// The recipient's key, which names its mailbox.
    pub to: String,
    /// What it is about: a note, a case, the package of a case that arrived, a verification's request, or of a door the first half of
    /// the statement's SHA-256.
    pub about: Uuid,
    /// When it was made.
    pub made_at: Moment,
    /// When a relay took it, or it was written to a file.
    pub sent_at: Option<Moment>,
}

/// The kind of a file that is a photograph of a list.
pub(super) const LISTED: &str = "listed";

/// Where the files of a package are taken from.
#[derive(Clone, Copy)]
pub(super) enum Files<'a> {
    /// Originals of this case.
    Originals(CaseId),
    /// Pictures in memory, by SHA-256.
    Pictures(&'a BTreeMap<String, Vec<u8>>),
    /// Originals of this case, and photographs of its list in memory.
    Case(CaseId, &'a BTreeMap<String, Vec<u8>>),
    /// It has none.
    None,
}

/// It is not whole, for the reason given.
pub(super) fn altered(why: impl std::fmt::Display) -> PackageError {
    PackageError::Altered(why.to_string())
}

/// It does not fit what is here, for the reason given.
pub(super) fn unfit(why: impl std::fmt::Display) -> VaultError {
    PackageError::Unfit(why.to_string()).into()
}
