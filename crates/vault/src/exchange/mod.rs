//! Case packages between workstations: signed by the sender, encrypted to one recipient, taken in once.
//!
//! A package is an age file (X25519) around one line and the files it names: the line is a [`Signed`]
//! [`Manifest`], the files follow in its order. Whoever carries a package, a stick or a relay, reads nothing
//! of it.

mod events;
mod moving;
mod statements;
mod taking;
mod verification;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use age::secrecy::ExposeSecret;
use catalogue::say;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::oversight::Conduct;
use casework::{
    CandidateId, CaseFile, CaseId, ConferencePart, Decision, Declined, Moment, NoteId, PersonId, PersonRef, Reply,
    RequestId, VerificationRequest,
};
use department::{Card, fingerprint};

use crate::attachments::{copy_failed, measure};
use crate::audit::{AuditEvent, append};
use crate::records::{parse_id, review_of};
use crate::signed::{Signed, canonical, sha256, sign};
use crate::stated::Stated;
use crate::{Vault, VaultError};

pub use moving::Moved;
pub(crate) use moving::is_moved;

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
    /// A case that moves to the recipient with its files, and who signed that it was handed over.
    Case { file: Value, statements: Vec<String> },
    /// The case of a package is at the recipient of that.
    CaseArrived { package: Uuid },
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

/// Where the files of a package are taken from.
#[derive(Clone, Copy)]
enum Files<'a> {
    /// Originals of this case.
    Originals(CaseId),
    /// Pictures in memory, by SHA-256.
    Pictures(&'a BTreeMap<String, Vec<u8>>),
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
        let signs = hex::encode(self.signing.verifying_key().to_bytes());
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

    /// Puts into the outbox whatever should leave and is not there yet: notes of this workstation without a review for
    /// `review_at`, and reviews made here for the workstations whose notes they are about. To repeat it changes nothing.
    /// What cannot be packed stays due and holds nothing else up.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn fill_outbox(&mut self, review_at: Option<&str>, at: Moment) -> Result<Filled, VaultError> {
        let mut due: Vec<(String, &str, String)> = Vec::new();
        let mut rows = |db: &Connection, kind: &'static str, query: &str, key: &str| -> Result<(), VaultError> {
            let mut query = db.prepare(query)?;
            let found = query.query_map([key], |r| Ok((r.get(0)?, kind, r.get(1)?)))?;
            due.extend(found.collect::<Result<Vec<(String, &str, String)>, _>>()?);
            Ok(())
        };
        if let Some(key) = review_at {
            let notes = "SELECT n.note_id, ?1 FROM sealed_note n JOIN case_file c USING (case_id)
                 WHERE c.home IS NULL AND n.note_id NOT IN (SELECT note_id FROM review)
                   AND EXISTS (SELECT 1 FROM workstation WHERE public_key = ?1)
                   AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about = n.note_id AND o.kind = 'note' AND o.recipient = ?1)
                 ORDER BY n.sealed_at";
            rows(&self.db, "note", notes, key)?;
        }
        let reviews =
            "SELECT r.note_id, c.home FROM review r JOIN sealed_note n USING (note_id) JOIN case_file c USING (case_id)
             WHERE c.home IS NOT NULL AND r.public_key = ?1
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about = r.note_id AND o.kind = 'review')";
        rows(&self.db, "review", reviews, &self.card("").signs)?;
        let mut filled = Filled::default();
        self.pack_verifications(&mut filled, at)?;
        self.pack_arrivals(&mut filled, at)?;
        self.pack_events(&mut filled, at)?;
        for (note, kind, to) in &due {
            match self.pack(parse_id(note)?, kind, to, at) {
                Ok(_) => filled.made += 1,
                Err(error) => filled.left.push(error),
            }
        }
        Ok(filled)
    }

    /// Makes the package of `note` for `to` if it is not there yet, for a file or a relay.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn pack_note(&mut self, note: NoteId, to: &str, at: Moment) -> Result<Uuid, VaultError> {
        let known: Option<String> = self
            .db
            .query_row(
                "SELECT package_id FROM outbox WHERE about = ?1 AND kind = 'note' AND recipient = ?2",
                params![note.to_string(), to],
                |r| r.get(0),
            )
            .optional()?;
        match known {
            Some(id) => parse_id(&id),
            None => self.pack(note, "note", to, at),
        }
    }

    fn pack(&mut self, note: NoteId, kind: &str, to: &str, at: Moment) -> Result<Uuid, VaultError> {
        let stored = self.note(note)?;
        let case = stored.content.case.id();
        let mut files = Vec::new();
        // Who signed it concerns the department alone, and only there can it be checked.
        let of_department = self.workstations_of_department()?.iter().any(|card| card.signs == to);
        let content = if kind == "review" {
            let review = review_of(&self.db, note)?.ok_or(VaultError::Unknown("review"))?;
            let statements = self.statements(Stated::Review, &review.sha256)?;
            Content::Review { review, statements: statements.into_iter().filter(|_| of_department).collect() }
        } else {
            let mut file: CaseFile = self.case(case)?;
            // What the note withholds is not sent beside it.
            file.as_told(&stored.content);
            for hash in self.files_of(&file)? {
                files.push(self.file_line(case, &hash)?);
            }
            let earlier = self.notes_of(case)?.into_iter().filter(|n| n.content.id != note);
            let earlier = earlier
                .map(|n| {
                    let review = review_of(&self.db, n.content.id)?;
                    let mut statements = self.statements_of_note(&n.content, &n.signed.sha256)?;
                    if let Some(review) = &review {
                        statements.extend(self.statements(Stated::Review, &review.sha256)?);
                    }
                    statements.retain(|_| of_department);
                    Ok(Earlier { review, note: n.signed, statements })
                })
                .collect::<Result<_, VaultError>>()?;
            let mut statements = self.statements_of_note(&stored.content, &stored.signed.sha256)?;
            statements.retain(|_| of_department);
            Content::Note { note: stored.signed, earlier, file: serde_json::to_value(&file)?, statements }
        };
        self.put_package(note.0, to, content, files, Files::Originals(case), at)
    }

    /// How a package names an original of `case`.
    fn file_line(&self, case: CaseId, hash: &str) -> Result<FileLine, VaultError> {
        let query = "SELECT kind, file_name, length FROM original WHERE case_id = ?1 AND sha256 = ?2";
        Ok(self.db.query_row(query, params![case.to_string(), hash], |r| {
            let bytes = r.get::<_, i64>(2)?.unsigned_abs();
            Ok(FileLine { sha256: hash.to_owned(), kind: r.get(0)?, file_name: r.get(1)?, bytes })
        })?)
    }

    /// Puts a package of `content` about `about` into the outbox, with the `files` that it names.
    fn put_package(
        &mut self,
        about: Uuid,
        to: &str,
        content: Content,
        files: Vec<FileLine>,
        from: Files<'_>,
        at: Moment,
    ) -> Result<Uuid, VaultError> {
        let card = self.workstations()?.into_iter().find(|card| card.signs == to);
        let recipient = card.map(|card| card.receives).ok_or(PackageError::NoSuchWorkstation)?;
        self.put_package_for(about, (to, &recipient), content, files, from, at)
    }

    /// As [`Vault::put_package`], encrypted to another key than that of the workstation to whose mailbox it goes.
    fn put_package_for(
        &mut self,
        about: Uuid,
        (to, recipient): (&str, &str),
        content: Content,
        files: Vec<FileLine>,
        from: Files<'_>,
        at: Moment,
    ) -> Result<Uuid, VaultError> {
        let recipient = recipient.parse::<age::x25519::Recipient>().map_err(|_| PackageError::NoSuchWorkstation)?;
        let (kind, schema) = (content.kind(), content.schema());
        let id = Uuid::new_v4();
        let manifest = Manifest {
            schema: schema.to_owned(),
            id,
            from: self.card(&self.settings()?.workstation),
            to: to.to_owned(),
            made_at: at,
            content,
            files,
        };
        let line = canonical(&sign(&self.signing, schema, &manifest)?)?;
        let whole = line.len() as u64 + 1 + manifest.files.iter().map(|file| file.bytes).sum::<u64>();
        if whole > MAX_PACKAGE || line.len() as u64 >= MAX_LINE {
            return Err(PackageError::TooLarge(whole / 1_000_000).into());
        }
        let (mut sealed, length) = self.encrypt(&recipient, &line, &manifest.files, from)?;
        let folder = self.folder.clone();
        self.write(|db| {
            db.execute(
                "INSERT INTO outbox (package_id, recipient, kind, about, made_at, bytes) VALUES (?1, ?2, ?3, ?4, ?5, zeroblob(?6))",
                params![id.to_string(), to, kind, about.to_string(), at.0.to_string(), length as i64],
            )?;
            let mut blob = db.blob_open("main", "outbox", "bytes", db.last_insert_rowid(), false)?;
            let (sha256, _) = measure(&mut sealed, &mut blob).map_err(|e| copy_failed(&folder, e))?;
            let what = if schema == MANIFEST { "note" } else { "about" };
            let detail = json!({ "package": id, "kind": kind, what: about, "to": fingerprint(to), "sha256": sha256 });
            append(db, None, at, "package-made", &detail)
        })?;
        Ok(id)
    }

    /// A file without a name, in the vault's folder: for what is encrypted already and travels.
    ///
    /// # Errors
    /// [`VaultError::Folder`].
    pub fn spool(&self) -> Result<File, VaultError> {
        let unusable = |source| VaultError::Folder { path: self.folder.clone(), source };
        tempfile::tempfile_in(&self.folder).map_err(unusable)
    }

    /// The line and the files, encrypted to `recipient`, in a file without a name that ends with this process; its length
    /// beside it.
    fn encrypt(
        &self,
        recipient: &age::x25519::Recipient,
        line: &str,
        files: &[FileLine],
        from: Files<'_>,
    ) -> Result<(File, u64), VaultError> {
        let not_encrypted = |e| copy_failed(&self.folder, e);
        let to = std::iter::once(recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(to).map_err(|e| PackageError::NotEncrypted(e.to_string()))?;
        let mut sealing = encryptor.wrap_output(self.spool()?).map_err(not_encrypted)?;
        sealing.write_all(line.as_bytes()).and_then(|()| sealing.write_all(b"\n")).map_err(not_encrypted)?;
        for file in files {
            match from {
                Files::Originals(case) => {
                    if self.copy_original(case, &file.sha256, &mut sealing)?.as_ref() != Some(&file.sha256) {
                        return Err(VaultError::FileChanged(file.sha256.clone()));
                    }
                }
                Files::Pictures(pictures) => {
                    let bytes = pictures.get(&file.sha256).filter(|bytes| sha256(bytes) == file.sha256);
                    let bytes = bytes.ok_or_else(|| VaultError::FileChanged(file.sha256.clone()))?;
                    sealing.write_all(bytes).map_err(not_encrypted)?;
                }
                Files::None => return Err(VaultError::FileChanged(file.sha256.clone())),
            }
        }
        let mut spool = sealing.finish().map_err(not_encrypted)?;
        let length = spool.stream_position().map_err(not_encrypted)?;
        spool.seek(SeekFrom::Start(0)).map_err(not_encrypted)?;
        Ok((spool, length))
    }

    /// Hashes of what a case's record rests on and is here: its files, and the lead's photograph.
    fn files_of(&self, file: &CaseFile) -> Result<BTreeSet<String>, VaultError> {
        let mut query = self.db.prepare("SELECT sha256 FROM original WHERE case_id = ?1 AND kind = 'candidate'")?;
        let photos: Vec<String> = query.query_map([file.id.to_string()], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let told = file.note.disposition.is_some_and(casework::Disposition::tells_the_lead);
        Ok(file.files().into_iter().chain(photos.into_iter().filter(|_| told)).collect())
    }

    /// Everything in the outbox, oldest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn outbox(&self) -> Result<Vec<Outgoing>, VaultError> {
        let mut query = self
            .db
            .prepare("SELECT package_id, recipient, about, made_at, sent_at FROM outbox ORDER BY made_at, rowid")?;
        let rows = query.query_map([], |r| {
            Ok((r.get::<_, String>(0)?, r.get(1)?, r.get::<_, String>(2)?, r.get::<_, String>(3)?, r.get(4)?))
        })?;
        rows.map(|row| {
            let (id, to, about, made_at, sent_at): (_, _, _, _, Option<String>) = row?;
            Ok(Outgoing {
                id: parse_id(&id)?,
                to,
                about: parse_id(&about)?,
                made_at: parse_id(&made_at)?,
                sent_at: sent_at.as_deref().map(parse_id).transpose()?,
            })
        })
        .collect()
    }

    /// Writes a package of the outbox to `to`: always the same bytes.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none, [`VaultError::Unreadable`] when it cannot be written.
    pub fn package(&self, id: Uuid, to: impl Write) -> Result<(), VaultError> {
        let row: Option<i64> = self
            .db
            .query_row("SELECT rowid FROM outbox WHERE package_id = ?1", [id.to_string()], |r| r.get(0))
            .optional()?;
        let blob = self.db.blob_open("main", "outbox", "bytes", row.ok_or(VaultError::Unknown("package"))?, true)?;
        measure(blob, to).map_err(|e| copy_failed(&self.folder, e)).map(drop)
    }

    /// Notes that a package left, `way` to a relay or into a file.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn package_sent(&mut self, id: Uuid, way: &str, at: Moment) -> Result<(), VaultError> {
        self.write(|db| {
            let first = db.execute(
                "UPDATE outbox SET sent_at = ?2 WHERE package_id = ?1 AND sent_at IS NULL",
                params![id.to_string(), at.0.to_string()],
            )?;
            if first == 0 {
                return Ok(());
            }
            append(db, None, at, "package-sent", &json!({ "package": id, "way": way }))
        })
    }
}
