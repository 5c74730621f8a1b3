//! Photographs of a list that was searched at another workstation, kept with the case where it lives now; and what the gallery has
//! withdrawn of them since, which only the workstation that searched is told and tells on.

use std::io::Read;

use catalogue::say;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::{CandidateId, CaseId, Moment, SearchId};

use super::around::Around;
use super::moves::Listed;
use super::package::{Content, Files, Filled, Taken, altered, unfit};
use crate::error::VaultError;
use crate::hashing::sha256;
use crate::moved::is_moved;
use crate::rows::parse_id;
use crate::sealing::{CaseKey, sealed_length};
use crate::vault::Vault;

/// Most bytes of one photograph.
const MAX_PHOTOGRAPH: u64 = 64_000_000;
/// Most candidates that one package names.
const MAX_NEWS: usize = 10_000;

/// Seals a photograph of a list.
pub(super) fn put(db: &Connection, case: CaseId, listed: &Listed, bytes: &[u8]) -> Result<(), VaultError> {
    let unreadable = |e: std::io::Error| VaultError::Unreadable(e.to_string());
    let mut sealed = Vec::with_capacity(usize::try_from(sealed_length(bytes.len() as u64)).unwrap_or_default());
    let mut sealing = CaseKey::of(db, case)?.sealing(&listed.sha256, &mut sealed)?;
    std::io::Write::write_all(&mut sealing, bytes).map_err(unreadable)?;
    sealing.finish().map_err(unreadable)?;
    db.execute(
        "INSERT INTO list_photograph (case_id, candidate, number, sha256, length, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            case.to_string(),
            listed.candidate.to_string(),
            listed.number,
            listed.sha256,
            bytes.len() as i64,
            sealed
        ],
    )?;
    Ok(())
}

/// Takes the next photograph of a package in.
pub(super) fn take(
    db: &Connection,
    case: CaseId,
    listed: &Listed,
    length: u64,
    plain: &mut impl Read,
) -> Result<(), VaultError> {
    if length > MAX_PHOTOGRAPH {
        return Err(unfit(say!("vault-case-other-files")));
    }
    let mut bytes = Vec::new();
    plain.take(length).read_to_end(&mut bytes).map_err(altered)?;
    if bytes.len() as u64 != length || sha256(&bytes) != listed.sha256 {
        return Err(altered(say!("vault-file-cut-off")).into());
    }
    put(db, case, listed, &bytes)
}

impl Vault {
    /// The `number`th photograph of a candidate (0 the listed one) that came with the case from another workstation; `None` where
    /// none is kept.
    ///
    /// # Errors
    /// [`VaultError::FileChanged`] for one that is not what came.
    pub fn list_photograph(
        &self,
        case: CaseId,
        candidate: CandidateId,
        number: u8,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let row = self.db.query_row(
            "SELECT sha256, bytes FROM list_photograph WHERE case_id = ?1 AND candidate = ?2 AND number = ?3",
            params![case.to_string(), candidate.to_string(), number],
            |r| Ok((r.get::<_, String>(0)?, r.get::<_, Vec<u8>>(1)?)),
        );
        let Some((hash, sealed)) = row.optional()? else { return Ok(None) };
        let key = CaseKey::known(&self.db, case)?.ok_or(VaultError::Unsealed)?;
        let mut bytes = Vec::new();
        let read = key.opening(&hash, sealed.as_slice()).and_then(|mut opening| opening.read_to_end(&mut bytes));
        match read {
            Ok(_) if sha256(&bytes) == hash => Ok(Some(bytes)),
            _ => Err(VaultError::FileChanged(hash)),
        }
    }

    /// Lists of cases that moved away, of which the gallery tells this workstation alone what it has withdrawn.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn moved_lists(&self) -> Result<Vec<(CaseId, SearchId)>, VaultError> {
        let mut query =
            self.db.prepare("SELECT case_id, search FROM case_moved WHERE search IS NOT NULL ORDER BY case_id")?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            row.map_err(VaultError::from).and_then(|(case, search)| Ok((parse_id(&case)?, parse_id(&search)?)))
        })
        .collect()
    }

    /// Keeps what the gallery has withdrawn of a case that moved away, for where it lives now. Whether any of it is new.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn tell_withdrawn(&mut self, case: CaseId, withdrawn: &[CandidateId]) -> Result<bool, VaultError> {
        self.write(|db| keep_news(db, case, withdrawn))
    }

    /// What other workstations told that the gallery has withdrawn, of cases that live here.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn withdrawn_news(&self) -> Result<Vec<(CaseId, Vec<CandidateId>)>, VaultError> {
        self.news(
            "FROM withdrawn_news WHERE case_id IN (SELECT case_id FROM case_file WHERE home IS NULL)
                   AND case_id NOT IN (SELECT case_id FROM case_moved)",
        )
    }

    /// News of `whose` cases, from where on the statement says it.
    fn news(&self, whose: &str) -> Result<Vec<(CaseId, Vec<CandidateId>)>, VaultError> {
        let sql = format!("SELECT case_id, candidate {whose} ORDER BY case_id, candidate");
        let mut query = self.db.prepare(&sql)?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let mut found: Vec<(CaseId, Vec<CandidateId>)> = Vec::new();
        for row in rows {
            let (case, candidate) = row?;
            let (case, candidate) = (parse_id(&case)?, parse_id(&candidate)?);
            match found.last_mut().filter(|(last, _)| *last == case) {
                Some((_, all)) => all.push(candidate),
                None => found.push((case, vec![candidate])),
            }
        }
        Ok(found)
    }

    /// What was told of a case is done: photographs of its list go, and the news with them. [`Vault::scrub`] is owed where one went,
    /// which is given.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn withdrawn_done(&mut self, case: CaseId, withdrawn: &[CandidateId]) -> Result<bool, VaultError> {
        self.write(|db| {
            let mut gone = 0;
            for candidate in withdrawn {
                let of = [case.to_string(), candidate.to_string()];
                gone += db.execute("DELETE FROM list_photograph WHERE case_id = ?1 AND candidate = ?2", of.clone())?;
                db.execute("DELETE FROM withdrawn_news WHERE case_id = ?1 AND candidate = ?2", of)?;
            }
            if gone > 0 {
                crate::retention::scrub_owed(db)?;
            }
            Ok(gone > 0)
        })
    }

    /// Tells on what the gallery has withdrawn of cases that moved away. The package that brought one there is not sent again: it holds
    /// the photographs.
    pub(super) fn pack_withdrawn(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        for (case, candidates) in self.news("FROM withdrawn_news WHERE case_id IN (SELECT case_id FROM case_moved)")? {
            let to: String =
                self.db.query_row("SELECT recipient FROM case_moved WHERE case_id = ?1", [case.to_string()], |r| {
                    r.get(0)
                })?;
            let about = Sha256::digest(serde_json::to_string(&("withdrawn", case, &to, &candidates))?);
            let about = Uuid::from_slice(&about[..16]).map_err(|_| VaultError::Unknown("candidate"))?;
            let content = Content::CandidatesWithdrawn { case, candidates };
            if self.is_packed(&to, content.kind(), about)? {
                continue;
            }
            self.write(|db| {
                db.execute(
                    "UPDATE outbox SET bytes = x'' WHERE kind = 'case' AND about = ?1
                       AND EXISTS (SELECT 1 FROM case_moved WHERE case_id = ?1 AND arrived_at IS NOT NULL)",
                    [case.to_string()],
                )?;
                Ok(())
            })?;
            // Nobody is there to be told any more.
            if !self.is_of_department(&to)? {
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

fn keep_news(db: &Connection, case: CaseId, withdrawn: &[CandidateId]) -> Result<bool, VaultError> {
    let mut new = 0;
    for candidate in withdrawn {
        new += db.execute(
            "INSERT INTO withdrawn_news (case_id, candidate) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            [case.to_string(), candidate.to_string()],
        )?;
    }
    Ok(new > 0)
}

impl Around<'_> {
    /// What the gallery has withdrawn of a case that came from the sender. What of it is on the list is for the case to say.
    pub(super) fn take_withdrawn(
        &self,
        db: &Connection,
        case: CaseId,
        candidates: &[CandidateId],
    ) -> Result<Taken, VaultError> {
        let id = case.to_string();
        if crate::retention::is_purged(db, case)? {
            return self.void(db, case.0, say!("vault-case-purged").to_owned());
        }
        let sql = "SELECT coalesce((SELECT came_from FROM case_moved WHERE case_id = ?1), (SELECT sender FROM case_came WHERE case_id = ?1))";
        let from: Option<String> = db.query_row(sql, [&id], |r| r.get(0))?;
        let here = db.prepare("SELECT 1 FROM case_file WHERE case_id = ?1")?.exists([&id])?;
        if !here && !is_moved(db, case)? {
            // The case itself is still on its way.
            return Err(unfit(say!("vault-case-not-here-yet")));
        }
        if !self.is_from_department() || from.as_deref() != Some(self.sender) || candidates.len() > MAX_NEWS {
            return self.void(db, case.0, say!("vault-case-from-elsewhere").to_owned());
        }
        keep_news(db, case, candidates)?;
        Ok(Taken::Told)
    }
}
