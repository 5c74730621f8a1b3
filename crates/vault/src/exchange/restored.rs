//! A workstation that was restored from a backup knows cases that have left it since. It says so to the others; whoever has one of them
//! answers with its moves, and the older copy goes. A case that had left for it since the backup is sent there once more.

use catalogue::say;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::{CaseFile, CaseId, Handover, Moment, moved_in_absence};
use department::fingerprint;

use super::around::Around;
use super::moves::{Move, follow, known, owed_by_moves};
use super::moving::{Gone, clear, stays};
use super::package::{Content, Files, Filled, Taken};
use super::taken_back::{goes_on, taken_back, were_there};
use crate::audit::append;
use crate::cases::case_text;
use crate::error::VaultError;
use crate::moved::is_moved;
use crate::retention::is_purged;
use crate::rows::parse_id;
use crate::vault::Vault;

fn about(parts: &[&str]) -> Result<Uuid, VaultError> {
    Uuid::from_slice(&Sha256::digest(parts.join("\n"))[..16]).map_err(|_| VaultError::Unknown("package"))
}

impl Vault {
    fn pairs(&self, query: &str) -> Result<Vec<(String, String)>, VaultError> {
        let mut query = self.db.prepare(query)?;
        let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Says to the department's other workstations that this one was restored or took a case back, once for each time; and answers those
    /// that said so, of each case that left them and lives here.
    pub(super) fn pack_restored(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        let mut due: Vec<(Uuid, String, Content)> = Vec::new();
        let last =
            "SELECT hash FROM audit WHERE action IN ('vault-restored', 'case-taken-back') ORDER BY seq DESC LIMIT 1";
        let row: Option<String> = self.db.query_row(last, [], |r| r.get(0)).optional()?;
        if let Some(row) = row {
            for card in self.workstations_of_department()? {
                due.push((
                    about(&["restored", &row, &card.signs])?,
                    card.signs,
                    Content::Restored { row: row.clone() },
                ));
            }
        }
        let came = "SELECT case_id, moves FROM case_came WHERE case_id NOT IN (SELECT case_id FROM case_moved) ORDER BY case_id";
        for (sender, row) in self.pairs("SELECT sender, row FROM restored_elsewhere ORDER BY rowid")? {
            for (case, moves) in self.pairs(came)? {
                let (case, moves): (CaseId, Vec<Move>) = (parse_id(&case)?, serde_json::from_str(&moves)?);
                if moves.iter().any(|one| one.from == sender) {
                    let handed_over = self.case::<CaseFile>(case)?.history.handed_over.clone();
                    let mut statements = Vec::new();
                    for owed in owed_by_moves(&handed_over, &moves)? {
                        statements.extend(self.statements(owed.stated, &owed.record)?);
                    }
                    let about = about(&["lives-here", &row, &sender, &case.to_string()])?;
                    let content = Content::CaseLivesHere { case, handed_over, moves, statements };
                    due.push((about, sender.clone(), content));
                }
            }
        }
        for (about, to, content) in due {
            if self.is_packed(&to, content.kind(), about)? {
                continue;
            }
            match self.put_package(about, &to, content, Vec::new(), Files::None, at) {
                Ok(_) => filled.made += 1,
                Err(error) => filled.left.push(error),
            }
        }
        Ok(())
    }
}

impl Around<'_> {
    /// Another workstation of the department was restored from a backup.
    pub(super) fn take_restored(&self, db: &Connection, row: &str) -> Result<Taken, VaultError> {
        if !self.is_from_department() {
            return self.void(db, self.package, say!("vault-case-from-outside").to_owned());
        }
        db.execute(
            "INSERT INTO restored_elsewhere (sender, row) VALUES (?1, ?2) ON CONFLICT (sender) DO UPDATE SET row = ?2",
            [self.sender, row],
        )?;
        // What had left for it, and that what had left it arrived, may be none of its backup. It is the same packages: where they are
        // known nothing changes.
        db.execute(
            "UPDATE outbox SET sent_at = NULL WHERE recipient = ?1 AND length(bytes) > 0 AND (kind IN ('case-arrived', 'misidentified')
               OR (kind = 'case' AND package_id IN (SELECT package_id FROM case_moved WHERE recipient = ?1)))",
            [self.sender],
        )?;
        Ok(Taken::Told)
    }

    /// A case that left here lives at the sender: what of it is here is an older copy, and goes. Nobody's word for it counts but the
    /// signatures of those who had it, from whoever has it here on.
    pub(super) fn take_lives_elsewhere(
        &self,
        db: &Connection,
        case: CaseId,
        (handed_over, moves, statements): (&[Handover], &[Move], &[String]),
        own: &str,
    ) -> Result<Taken, VaultError> {
        // Of one that is known to have left its arrival is told by where it went.
        if is_moved(db, case)? || is_purged(db, case)? {
            return Ok(Taken::Told);
        }
        let before = known(db, case)?.unwrap_or_default();
        let file: Option<CaseFile> = case_text(db, case)?.map(|text| serde_json::from_str(&text)).transpose()?;
        let Some(chain) = self.chain else { return Ok(Taken::Told) };
        let left = match &file {
            Some(_) => goes_on(chain, &before, moves, own).is_some(),
            // It came and went since the backup: what is sent once more of it is older.
            None => moves.iter().any(|one| one.from == own),
        };
        let until = taken_back(chain, &before).map(|back| back.at);
        let theirs = file.as_ref().is_none_or(|file| {
            let theirs =
                |one: &Move| moved_in_absence((&file.opened_by, handed_over), &one.by, one.at) == Some(one.in_absence);
            file.was_handed_on(handed_over, until) && moves.iter().all(theirs)
        });
        let in_time = were_there(chain, moves) && moves.last().is_none_or(|last| last.at <= self.at);
        let proven = left && theirs && in_time && follow(moves, case, self.sender)?;
        let expected = owed_by_moves(handed_over, moves)?;
        if !proven || self.keep_statements(db, &expected, statements)? != expected.len() {
            return self.void(db, case.0, say!("vault-case-moves-unproven").to_owned());
        }
        // What was sealed or held here since is never taken back: both stand, and who reads the audit is told.
        if stays(db, case)? {
            append(db, None, self.at, "case-lives-twice", &json!({ "case": case, "at": fingerprint(self.sender) }))?;
            return Ok(Taken::Told);
        }
        let gone = Gone { case, package: Uuid::nil(), to: self.sender, at: self.at, moves, came_from: None };
        match (&file, moves.last()) {
            (Some(file), _) => gone.put(db, file)?,
            (None, Some(last)) => gone.put_unseen(db, handed_over.last().map_or(&last.by, |one| &one.to))?,
            (None, None) => {}
        }
        db.execute(
            "UPDATE case_moved SET arrived_at = ?2 WHERE case_id = ?1",
            params![case.to_string(), self.at.0.to_string()],
        )?;
        clear(db, case)?;
        append(db, None, self.at, "case-lives-elsewhere", &json!({ "case": case, "at": fingerprint(self.sender) }))?;
        Ok(Taken::Told)
    }
}
