//! Taking a package in: whole or not at all, and once.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use catalogue::say;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use casework::{CaseFile, CaseId, Decision, Moment, NoteContent, NoteId, RequestId, ReviewContent};
use department::fingerprint;

use super::around::Around;
use super::doors::take_door;
use super::listed;
use super::moves::Move;
use super::package::{Content, Earlier, FileLine, KINDS, MANIFEST, MAX_LINE, Manifest, Taken, altered, unfit};
use crate::audit::append;
use crate::cases::{case_text, put_after, put_parts};
use crate::error::{PackageError, VaultError};
use crate::hashing::measure;
use crate::note::{insert_note, insert_review, prove_note, prove_review, review_of};
use crate::originals::{NotPut, copy_failed, has_original, put_sealed};
use crate::retention::is_purged;
use crate::rows::signed_row;
use crate::sealing::CaseKey;
use crate::signed::Signed;
use crate::signers::Owed;
use crate::stated::Stated;
use crate::vault::Vault;

impl Vault {
    fn unread(&self, error: std::io::Error) -> VaultError {
        unread(&self.folder, error)
    }

    /// Takes a package in: whole, or not at all, and once.
    ///
    /// # Errors
    /// [`VaultError::Package`] for one that is for another workstation, altered, of an unknown sender, or that does not
    /// fit; nothing is changed then.
    pub fn take_package(&mut self, mut package: impl Read + Seek, at: Moment) -> Result<Taken, VaultError> {
        let length = package.seek(SeekFrom::End(0)).and_then(|length| package.rewind().map(|()| length));
        let length = length.map_err(|e| self.unread(e))?;
        let of_auditors = self.auditors_identity()?;
        let plain = age::Decryptor::new(package).and_then(|sealed| {
            let own: &dyn age::Identity = &self.receiving;
            let of_auditors = of_auditors.iter().map(|key| key as &dyn age::Identity);
            sealed.decrypt(std::iter::once(own).chain(of_auditors))
        });
        let mut plain = BufReader::new(plain.map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => PackageError::NotForUs.into(),
            age::DecryptError::Io(error) => self.unread(error),
            other => altered(other).into(),
        })?);
        let mut line = Vec::new();
        let read = Read::by_ref(&mut plain).take(MAX_LINE).read_until(b'\n', &mut line);
        read.map_err(|e| self.unread(e))?;
        if line.pop() != Some(b'\n') {
            return Err(altered(say!("vault-no-manifest")).into());
        }
        let signed: Signed = serde_json::from_slice(&line).map_err(altered)?;
        drop(line);
        let manifest: Manifest = signed.open(known_schema(&signed)?).map_err(altered)?;
        // Room is made in the vault for what is named before it comes: no more than can come.
        let named = manifest.files.iter().try_fold(0u64, |sum, file| sum.checked_add(file.bytes));
        if named.is_none_or(|named| named > length) {
            return Err(altered(say!("vault-names-more-than-holds")).into());
        }
        let mut cards = self.workstations()?;
        let chain = self.department.clone();
        let moves: &[Move] = match &manifest.content {
            Content::Case { moves, .. } => moves,
            _ => &[],
        };
        let around = Around { chain: chain.as_ref(), package: manifest.id, sender: &signed.public_key, moves, at };
        let is_known = cards.iter().any(|card| card.signs == signed.public_key)
            || (!moves.is_empty() && around.is_from_department());
        if !is_known || manifest.from.signs != signed.public_key {
            let card = manifest.from;
            return Err(PackageError::UnknownSender { fingerprint: card.fingerprint(), name: card.name }.into());
        }
        cards.push(self.card(""));
        if manifest.to != self.card("").signs {
            return Err(PackageError::NotForUs.into());
        }
        let seen =
            self.db.query_row("SELECT 1 FROM inbox WHERE package_id = ?1", [manifest.id.to_string()], |_| Ok(()));
        if seen.optional()?.is_some() {
            return Ok(Taken::Already);
        }
        let (sender, own) = (&signed.public_key, self.card("").signs);
        let keys: BTreeSet<String> = cards.into_iter().map(|card| card.signs).collect();
        let folder = self.folder.clone();
        let door = match &manifest.content {
            Content::Door { statement } => Some(self.read_door(statement, at).map_err(unfit)?),
            _ => None,
        };
        let log = self.log_seen()?.map(|seen| seen.newest().log().clone());
        self.write(|db| {
            let kind = manifest.content.kind();
            let (about, taken) = match &manifest.content {
                Content::Note { file, .. } | Content::Case { file, .. } if is_purged(db, case_of_file(file)?)? => {
                    let case = case_of_file(file)?;
                    for line in &manifest.files {
                        measure((&mut plain).take(line.bytes), std::io::sink()).map_err(|e| unread(&folder, e))?;
                    }
                    (case.0, around.void(db, case.0, say!("vault-case-purged").to_owned())?)
                }
                Content::Note { note, earlier, file, statements } => {
                    let (id, case) = take_note(db, note, earlier, file, sender, &keys, at)?;
                    around.keep_statements_of_note(db, note, None, statements)?;
                    for Earlier { note, review, statements } in earlier {
                        around.keep_statements_of_note(db, note, review.as_ref(), statements)?;
                    }
                    manifest.files.iter().try_for_each(|line| take_file(db, &folder, case, line, &mut plain))?;
                    (id.0, Taken::Note(id))
                }
                Content::Review { review, statements } => {
                    let (id, decision) = take_review(db, review, sender, at)?;
                    let made: ReviewContent = serde_json::from_str(&review.text).map_err(altered)?;
                    let (stated, record) = (Stated::Review, review.sha256.clone());
                    let owed = Owed { stated, record, person: made.reviewer, at: made.at };
                    around.keep_statements(db, &[owed], statements)?;
                    (id.0, Taken::Review(id, decision))
                }
                Content::Case { file, moves, statements } => {
                    let (case, listed) = around.take_case(db, file, (moves, statements), (&manifest.files, &own))?;
                    let (originals, photographs) = manifest.files.split_at(manifest.files.len() - listed.len());
                    originals.iter().try_for_each(|line| take_file(db, &folder, case, line, &mut plain))?;
                    for (line, one) in photographs.iter().zip(listed) {
                        listed::take(db, case, one, line.bytes, &mut plain)?;
                    }
                    (case.0, Taken::Case(case))
                }
                Content::CaseArrived { package } => (*package, around.take_arrival(db, *package)?),
                Content::CandidatesWithdrawn { case, candidates } => {
                    (case.0, around.take_withdrawn(db, *case, candidates)?)
                }
                Content::Restored { row } => (manifest.id, around.take_restored(db, row)?),
                Content::CaseLivesHere { case, handed_over, moves, statements } => {
                    (case.0, around.take_lives_elsewhere(db, *case, (handed_over, moves, statements), &own)?)
                }
                Content::Door { statement } => {
                    let door = door.as_ref().ok_or(VaultError::Travelling)?;
                    take_door(db, door, statement)?;
                    (door.person.id.0, Taken::Door(door.person.id))
                }
                Content::VerificationRequest { request } => {
                    let taken = around.take_request(db, request, &manifest.files, |line, db| {
                        take_picture(db, &folder, request.id(), line, &mut plain)
                    })?;
                    (request.id().0, taken)
                }
                Content::VerificationWithdrawn { request } => (request.0, around.take_withdrawal(db, *request)?),
                Content::VerificationRemoval { request, token } => {
                    (request.0, around.take_removal(db, *request, *token)?)
                }
                Content::VerificationReply { reply, statement } => {
                    (reply.request().0, around.take_reply(db, reply, statement.as_deref())?)
                }
                Content::Events { rows, cases, proofs } => {
                    let log = log.as_ref().filter(|_| around.is_from_department());
                    (manifest.id, around.take_events(db, rows, cases, proofs, log)?)
                }
                Content::Misidentified { told } => (manifest.id, around.take_misidentified(db, told)?),
                Content::Conference { id, part, statement } => (*id, around.take_conference(db, *id, part, statement)?),
                Content::ConferenceReply { id, at, declined, statement } => {
                    (*id, around.take_conference_reply(db, *id, *at, declined.as_ref(), statement.as_deref())?)
                }
            };
            if matches!(taken, Taken::Void(_)) {
                std::io::copy(&mut plain, &mut std::io::sink()).map_err(|e| unread(&folder, e))?;
            }
            // The last part of a package is known to be whole once its end was read.
            if plain.read(&mut [0]).map_err(|e| unread(&folder, e))? != 0 {
                return Err(altered(say!("vault-holds-more-than-names")).into());
            }
            db.execute(
                "INSERT INTO inbox (package_id, sender, kind, about, taken_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![manifest.id.to_string(), sender, kind, about.to_string(), at.0.to_string()],
            )?;
            let what = if manifest.schema == MANIFEST { "note" } else { "about" };
            let detail = json!({ "package": manifest.id, "kind": kind, what: about, "from": fingerprint(sender) });
            append(db, None, at, "package-taken", &detail)?;
            Ok(taken)
        })
    }
}

/// The schema of a package, if this program knows it and what is in it. What is claimed here is proven when it is opened.
fn known_schema(signed: &Signed) -> Result<&'static str, VaultError> {
    #[derive(serde::Deserialize)]
    struct Named {
        schema: String,
        content: Kind,
    }
    #[derive(serde::Deserialize)]
    struct Kind {
        kind: String,
    }
    let Ok(named) = serde_json::from_str::<Named>(&signed.text) else { return Ok(MANIFEST) };
    let known = KINDS.iter().find(|(schema, _)| *schema == named.schema);
    match known {
        Some((schema, kinds)) if kinds.contains(&named.content.kind.as_str()) => Ok(schema),
        _ if named.schema.starts_with("corroborate.package.") => Err(PackageError::Newer.into()),
        _ => Ok(MANIFEST),
    }
}

/// Takes the next picture of a request in, as its line names it.
fn take_picture(
    db: &Connection,
    folder: &Path,
    request: RequestId,
    line: &FileLine,
    plain: &mut impl Read,
) -> Result<(), VaultError> {
    db.execute(
        "INSERT INTO requested_picture (request_id, sha256, bytes) VALUES (?1, ?2, zeroblob(?3))",
        params![request.to_string(), line.sha256, line.bytes as i64],
    )?;
    let blob = db.blob_open("main", "requested_picture", "bytes", db.last_insert_rowid(), false)?;
    let (sha256, bytes) = measure(plain.take(line.bytes), blob).map_err(|e| unread(folder, e))?;
    if bytes != line.bytes {
        return Err(altered(say!("vault-file-cut-off")).into());
    }
    if sha256 != line.sha256 {
        return Err(altered(say!("vault-file-not-sent", file_name = line.file_name)).into());
    }
    Ok(())
}

/// Takes the next file of a package in, as its line names it.
fn take_file(
    db: &Connection,
    folder: &Path,
    case: CaseId,
    line: &FileLine,
    plain: &mut impl Read,
) -> Result<(), VaultError> {
    let (next, mut read) = (plain.take(line.bytes), (String::new(), 0));
    if has_original(db, case, &line.sha256)? {
        read = measure(next, std::io::sink()).map_err(|e| unread(folder, e))?;
    } else {
        let named = (line.sha256.as_str(), line.kind.as_str(), line.file_name.as_str());
        let put = put_sealed(db, &CaseKey::of(db, case)?, &case.to_string(), named, line.bytes, |mut to| {
            read = measure(next, &mut to)?;
            // What is cut off is shorter than the room for it; it is refused below.
            if read.1 == line.bytes { to.finish() } else { Ok(()) }
        });
        put.map_err(|e| match e {
            NotPut::Vault(error) => error,
            NotPut::Copy(error) => unread(folder, error),
        })?;
    }
    let (sha256, bytes) = read;
    if bytes != line.bytes {
        return Err(altered(say!("vault-file-cut-off")).into());
    }
    if sha256 != line.sha256 {
        return Err(altered(say!("vault-file-not-sent", file_name = line.file_name)).into());
    }
    Ok(())
}

/// What does not decrypt is no fault of the disk.
fn unread(folder: &Path, error: std::io::Error) -> VaultError {
    match error.kind() {
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof | ErrorKind::InvalidInput => altered(error).into(),
        _ => copy_failed(folder, error),
    }
}

/// Of which case a package says it is.
fn case_of_file(file: &Value) -> Result<CaseId, VaultError> {
    serde_json::from_value(file["id"].clone()).map_err(unfit)
}

fn note_exists(db: &Connection, id: NoteId) -> Result<bool, VaultError> {
    let found = db.query_row("SELECT 1 FROM sealed_note WHERE note_id = ?1", [id.to_string()], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// Takes a note in whose case lives at `sender`; `keys` are those of the workstations whose reviews may be in it.
fn take_note(
    db: &Connection,
    note: &Signed,
    earlier: &[Earlier],
    file: &Value,
    sender: &str,
    keys: &BTreeSet<String>,
    at: Moment,
) -> Result<(NoteId, CaseId), VaultError> {
    let opened = |signed: &Signed| -> Result<NoteContent, VaultError> {
        if signed.public_key != sender {
            return Err(unfit(say!("vault-note-sealed-another-workstation-than")));
        }
        prove_note(signed).map_err(unfit)
    };
    let content = opened(note)?;
    let whole: CaseFile = serde_json::from_value(file.clone()).map_err(unfit)?;
    let same_case = whole.sealed == Some(content.id)
        && whole.id == content.case.id()
        && whole.case.as_ref() == Some(&content.case)
        && whole.probe.as_ref() == Some(&content.probe)
        && whole.checklist == content.checklist
        && whole.examination.as_ref().map(casework::Examination::record).as_ref() == Some(&content.examination);
    if !same_case {
        return Err(unfit(say!("vault-case-not-one-note")));
    }
    let home: Option<Option<String>> = db
        .query_row("SELECT home FROM case_file WHERE case_id = ?1", [whole.id.to_string()], |r| r.get(0))
        .optional()?;
    if home.is_some_and(|home| home.as_deref() != Some(sender)) {
        return Err(unfit(say!("vault-case-lives-another-workstation")));
    }
    db.execute(
        "INSERT INTO case_file (case_id, opened_by, changed_at, home) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (case_id) DO UPDATE SET changed_at = ?3",
        params![whole.id.to_string(), whole.opened_by.id.to_string(), at.0.to_string(), sender],
    )?;
    put_parts(db, whole.id, file)?;
    for Earlier { note, review, .. } in earlier {
        let before = opened(note)?;
        if before.case.id() != whole.id {
            return Err(unfit(say!("vault-earlier-note-another-case")));
        }
        if !note_exists(db, before.id)? {
            insert_note(db, &before, note)?;
            if let Some(review) = review {
                if !keys.contains(&review.public_key) {
                    return Err(unfit(say!("vault-review-signed-key-no-workstation")));
                }
                let checked = check_review(&before, &note.sha256, review)?;
                insert_review(db, &checked, review)?;
            }
        }
    }
    if !note_exists(db, content.id)? {
        insert_note(db, &content, note)?;
    }
    Ok((content.id, whole.id))
}

fn check_review(note: &NoteContent, note_sha256: &str, review: &Signed) -> Result<ReviewContent, VaultError> {
    prove_review(review, note, note_sha256).map_err(unfit)
}

/// Takes in a review of a note of this workstation. The first that arrives counts; a further one is kept beside it.
fn take_review(db: &Connection, review: &Signed, sender: &str, at: Moment) -> Result<(NoteId, Decision), VaultError> {
    if review.public_key != sender {
        return Err(unfit(say!("vault-review-signed-another-workstation-than")));
    }
    let claimed: ReviewContent = serde_json::from_str(&review.text).map_err(altered)?;
    let note: Option<Signed> = db
        .query_row(
            "SELECT n.content, n.sha256, n.signature, n.public_key FROM sealed_note n JOIN case_file c USING (case_id)
             WHERE n.note_id = ?1 AND c.home IS NULL",
            [claimed.note.to_string()],
            signed_row,
        )
        .optional()?;
    let note = note.ok_or_else(|| unfit(say!("vault-review-note-not-sealed-here")))?;
    let content = prove_note(&note).map_err(|why| VaultError::NotProven { what: "note", why: why.said })?;
    let checked = check_review(&content, &note.sha256, review)?;
    if let Some(first) = review_of(db, checked.note)? {
        if first.signature != review.signature {
            db.execute(
                "INSERT INTO further_review (note_id, content, signature, public_key) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (signature) DO NOTHING",
                params![checked.note.to_string(), review.text, review.signature, review.public_key],
            )?;
            let detail = json!({ "note": checked.note, "decision": checked.decision });
            append(db, Some(&checked.reviewer), at, "note-reviewed-twice", &detail)?;
        }
        return Ok((checked.note, checked.decision));
    }
    insert_review(db, &checked, review)?;
    if checked.decision == Decision::Return {
        let case = content.case.id();
        let text = case_text(db, case)?.ok_or(VaultError::Unknown("case"))?;
        let mut file: CaseFile = serde_json::from_str(&text)?;
        file.reopen(&checked).map_err(|_| unfit(say!("vault-note-no-longer-case-own")))?;
        put_after(db, case, at, &serde_json::to_value(&file)?)?;
    }
    let detail = json!({ "note": checked.note, "decision": checked.decision, "sha256": review.sha256 });
    append(db, Some(&checked.reviewer), at, "note-reviewed", &detail)?;
    Ok((checked.note, checked.decision))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use casework::samples::{at, examiner};
    use uuid::Uuid;

    use super::*;
    use crate::hashing::canonical;
    use crate::samples::{InMemory, opened};
    use crate::signed::sign;

    #[test]
    fn a_known_sender_makes_no_room_for_more_than_comes() {
        let [here, there] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let mut vaults = [&here, &there].map(|folder| opened(folder.path(), &InMemory::default()).expect("opens"));
        let [sender, recipient] = &mut vaults;
        let now = at("2026-03-02T09:00:00Z");
        recipient.add_workstation(&sender.card("Robbery"), &examiner(1).reference(), now).expect("added");
        for bytes in [1, 800_000_000, 2_000_000_000, u64::MAX] {
            let line = |bytes| FileLine {
                sha256: "ab".repeat(32),
                kind: "attachment".to_owned(),
                file_name: "film.mp4".to_owned(),
                bytes,
            };
            let nothing = Signed { text: "{}".to_owned(), ..sign(&sender.signing, "x", &()).expect("signed") };
            let manifest = Manifest {
                schema: MANIFEST.to_owned(),
                id: Uuid::new_v4(),
                from: sender.card("Robbery"),
                to: recipient.card("").signs,
                made_at: now,
                content: Content::Review { review: nothing, statements: Vec::new() },
                files: vec![line(bytes), line(bytes)],
            };
            let signed = canonical(&sign(&sender.signing, MANIFEST, &manifest).expect("signed")).expect("written");
            let package =
                age::encrypt(&recipient.receiving.to_public(), format!("{signed}\n").as_bytes()).expect("encrypted");
            let refused = recipient.take_package(Cursor::new(package), now).expect_err("refused");
            assert!(matches!(refused, VaultError::Package(_)), "{bytes}: {refused}");
        }
    }
}
