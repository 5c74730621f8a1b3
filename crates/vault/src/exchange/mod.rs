//! Case packages between workstations: signed by the sender, encrypted to one recipient, taken in once.
//!
//! A package is an age file (X25519) around one line and the files it names: the line is a [`Signed`]
//! [`Manifest`], the files follow in its order. Whoever carries a package, a stick or a relay, reads nothing
//! of it.

mod asked;
mod events;
mod listed;
mod moves;
mod moving;
mod packing;
mod restored;
mod statements;
mod taking;
mod verification;

use std::collections::{BTreeMap, BTreeSet};

use age::secrecy::ExposeSecret;
use catalogue::say;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::oversight::Conduct;
use casework::{
    CandidateId, CaseId, ConferencePart, Decision, Declined, Handover, Moment, NoteId, PersonId, PersonRef, Reply,
    RequestId, VerificationRequest,
};
use department::Card;

use crate::audit::{AuditEvent, append};
use crate::signed::{Signed, canonical};
use crate::{Vault, VaultError};

use moves::Move;
pub(crate) use moving::is_moved;
pub use moving::{ListPhotographs, Moved};

/// Notes and reviews.
const MANIFEST: &str = "corroborate.package.v1";
/// What came later: a program that knows only the first refuses these as a whole.
const MANIFEST_2: &str = "corroborate.package.v2";
/// Most bytes of the line that begins a package, its end included: a case without its files.
const MAX_LINE: u64 = 64_000_000;
/// Most bytes of a package: SQLite keeps no longer value.
const MAX_PACKAGE: u64 = 900_000_000;

/// Reads the card of a workstation that packages can be encrypted to.
///
/// # Errors
/// [`PackageError::Card`].
pub fn read_card(text: &str) -> Result<Card, PackageError> {
    let card = Card::read(text).filter(|card| card.receives.parse::<age::x25519::Recipient>().is_ok());
    card.ok_or(PackageError::Card)
}

/// What a package holds besides files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
enum Content {
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
    /// Rows of the sender's audit for the auditors, how its cases were conducted, and proofs that rows are in the department's log.
    Events { rows: Vec<AuditEvent>, cases: Vec<Conduct>, proofs: Vec<(i64, String)> },
}

impl Content {
    /// Its kind, as packages of this program name it.
    fn kind(&self) -> &'static str {
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
            Self::Events { .. } => "events",
        }
    }

    /// The schema of a package with it.
    fn schema(&self) -> &'static str {
        match self {
            Self::Note { .. } | Self::Review { .. } => MANIFEST,
            _ => MANIFEST_2,
        }
    }
}

/// Every kind that this program knows, by schema.
const KINDS: [(&str, &[&str]); 2] = [
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
            "events",
        ],
    ),
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Earlier {
    note: Signed,
    review: Option<Signed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    statements: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FileLine {
    sha256: String,
    kind: String,
    file_name: String,
    bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Manifest {
    schema: String,
    id: Uuid,
    from: Card,
    /// The recipient's key: a package that somebody encrypts anew to another workstation is refused there.
    to: String,
    made_at: Moment,
    content: Content,
    files: Vec<FileLine>,
}

/// A package or card that was not taken in. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// Not a card.
    #[error("{}", say!("vault-no-workstation-card-copy-whole"))]
    Card,
    /// The own card.
    #[error("{}", say!("vault-workstation-own-card-paste-other"))]
    OwnCard,
    /// Encrypted to somebody else.
    #[error("{}", say!("vault-package-another-workstation-nothing-taken"))]
    NotForUs,
    /// Not whole.
    #[error("{}", say!("vault-package-changed-damaged-way-nothing", what = _0))]
    Altered(String),
    /// From a workstation whose card nobody added.
    #[error("{}", say!("vault-package-comes-from-workstation-not", name, fingerprint))]
    UnknownSender {
        /// As it calls itself.
        name: String,
        /// Of its card.
        fingerprint: String,
    },
    /// It does not fit what is here.
    #[error("{}", say!("vault-package-does-not-fit-workstation", what = _0))]
    Unfit(String),
    /// The department has taken this workstation out.
    #[error("{}", say!("vault-workstation-was-taken-out"))]
    TakenOut,
    /// Nobody to send to.
    #[error("{}", say!("vault-no-such-workstation-among-one"))]
    NoSuchWorkstation,
    /// It could not be encrypted to its recipient.
    #[error("{}", say!("vault-package-could-not-encrypted-nothing", what = _0))]
    NotEncrypted(String),
    /// Of a kind that this program does not know.
    #[error("{}", say!("vault-package-newer-program"))]
    Newer,
    /// Too much.
    #[error("{}", say!("vault-package-would-megabytes-more-than", what = _0))]
    TooLarge(u64),
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
const LISTED: &str = "listed";

/// Where the files of a package are taken from.
#[derive(Clone, Copy)]
enum Files<'a> {
    /// Originals of this case.
    Originals(CaseId),
    /// Pictures in memory, by SHA-256.
    Pictures(&'a BTreeMap<String, Vec<u8>>),
    /// Originals of this case, and photographs of its list in memory.
    Case(CaseId, &'a BTreeMap<String, Vec<u8>>),
    /// It has none.
    None,
}

/// A fresh identity of a workstation, for what is encrypted to it.
pub(crate) fn fresh() -> String {
    age::x25519::Identity::generate().to_string().expose_secret().to_owned()
}

/// Keeps the card of another workstation; an older card of the same key is replaced.
pub(crate) fn put_card(db: &Connection, card: &Card) -> Result<(), VaultError> {
    db.execute(
        "INSERT INTO workstation (public_key, content) VALUES (?1, ?2) ON CONFLICT (public_key) DO UPDATE SET content = ?2",
        [&card.signs, &canonical(card)?],
    )?;
    Ok(())
}

fn altered(why: impl std::fmt::Display) -> PackageError {
    PackageError::Altered(why.to_string())
}

impl Vault {
    /// This workstation's card.
    pub fn card(&self, name: &str) -> Card {
        let signs = self.own_key();
        Card::of(name, signs, self.receiving.to_public().to_string())
    }

    /// Begins to exchange with the workstation of `card`; an older card of the same key is replaced.
    ///
    /// # Errors
    /// [`PackageError::OwnCard`], or [`VaultError`].
    pub fn add_workstation(&mut self, card: &Card, by: &PersonRef, at: Moment) -> Result<(), VaultError> {
        if card.signs == self.card("").signs {
            return Err(PackageError::OwnCard.into());
        }
        if self.was_taken_out(card, at) {
            return Err(PackageError::TakenOut.into());
        }
        self.write(|db| {
            put_card(db, card)?;
            let detail = json!({ "name": card.name, "fingerprint": card.fingerprint() });
            append(db, Some(by), at, "workstation-added", &detail)
        })
    }

    /// Workstations that this one exchanges with, by name; none that the department has taken out.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn workstations(&self) -> Result<Vec<Card>, VaultError> {
        let mut query = self.db.prepare("SELECT content FROM workstation ORDER BY content ->> '$.name', public_key")?;
        let cards = query.query_map([], |r| r.get::<_, String>(0))?;
        let cards = cards.map(|card| Ok(serde_json::from_str(&card?)?)).collect::<Result<Vec<Card>, VaultError>>()?;
        // By the roster alone, whatever the day.
        let ever = Moment(jiff::Timestamp::UNIX_EPOCH);
        Ok(cards.into_iter().filter(|card| !self.was_taken_out(card, ever)).collect())
    }

    /// The other workstations of this department: what concerns its people and cases goes to no other.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn workstations_of_department(&self) -> Result<Vec<Card>, VaultError> {
        let chain = self.department.iter();
        let roster = chain.flat_map(|chain| &chain.newest().roster().content().workstations);
        let keys: BTreeSet<String> = roster.map(|workstation| workstation.signs.key().to_string()).collect();
        Ok(self.workstations()?.into_iter().filter(|card| keys.contains(&card.signs)).collect())
    }

    /// Keeps doors that were stated here, for a backup: by them its people come in where it is restored.
    pub(crate) fn keep_doors(&mut self, statements: &[String], at: Moment) -> Result<(), VaultError> {
        for statement in statements {
            // What was stated with a key that ended since opens nothing.
            if let Ok(door) = self.read_door(statement, at) {
                self.write(|db| taking::take_door(db, &door, statement))?;
            }
        }
        Ok(())
    }

    /// Puts doors that were stated here into the outbox for every other workstation of the department that does not have them.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn send_doors(&mut self, statements: &[String], at: Moment) -> Result<(), VaultError> {
        let others = self.workstations_of_department()?;
        for statement in statements {
            // What was stated with a key that ended since is not sent.
            if self.read_door(statement, at).is_err() {
                continue;
            }
            let about = Uuid::from_slice(&Sha256::digest(statement)[..16]).map_err(|_| VaultError::Unknown("door"))?;
            for card in &others {
                let sent = self
                    .db
                    .prepare("SELECT 1 FROM outbox WHERE kind = 'door' AND recipient = ?1 AND about = ?2")?
                    .exists([&card.signs, &about.to_string()])?;
                if !sent {
                    let content = Content::Door { statement: statement.clone() };
                    self.put_package(about, &card.signs, content, Vec::new(), Files::None, at)?;
                }
            }
        }
        Ok(())
    }
}
