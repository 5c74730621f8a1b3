//! What is signed when a case moves: one record a move, each bound to the one before, by whoever had the case moved. By it the
//! receiving workstation proves what came, and an older copy of a case is told from the case.

use catalogue::say;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use casework::{CandidateId, CaseFile, CaseId, Handover, Moment, PersonRef, Verification};

use crate::error::VaultError;
use crate::hashing::{canonical, sha256};
use crate::signers::Owed;
use crate::stated::{Stated, conference_signed, handover_signed, verification_sha256, work_sha256};

/// Schema of a [`Move`].
pub(super) const MOVE: &str = "corroborate.move.v1";

/// A photograph of the list that moves with a case: the `number`th of a candidate, 0 the listed one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub candidate: CandidateId,
    pub number: u8,
    pub sha256: String,
}

/// One move of a case: what whoever had it moved signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    pub schema: String,
    pub case: CaseId,
    /// From 1.
    pub number: usize,
    /// SHA-256 of the move before; empty for the first.
    pub before: String,
    /// Keys of the workstations.
    pub from: String,
    pub to: String,
    /// SHA-256 of the case's canonical text.
    pub file: String,
    pub photographs: Vec<Listed>,
    pub by: PersonRef,
    /// Whether a supervisor did it for whoever had the case.
    pub in_absence: bool,
    pub at: Moment,
}

impl Move {
    pub fn sha256(&self) -> Result<String, VaultError> {
        Ok(sha256(canonical(self)?))
    }

    pub fn owed(&self) -> Result<Owed, VaultError> {
        let stated = if self.in_absence { Stated::Relocation } else { Stated::Move };
        Ok(Owed { stated, record: self.sha256()?, person: self.by.clone(), at: self.at })
    }
}

/// SHA-256 of a case as it travels.
pub(super) fn file_sha256(file: &Value) -> Result<String, VaultError> {
    Ok(sha256(canonical(file)?))
}

/// Whether `moves` are the moves of `case`, one after another, and end at the workstation `to`.
pub(super) fn follow(moves: &[Move], case: CaseId, to: &str) -> Result<bool, VaultError> {
    let mut before: Option<(&Move, String)> = None;
    for (at, one) in moves.iter().enumerate() {
        let fits = one.schema == MOVE && one.case == case && one.number == at + 1 && one.from != one.to;
        let follows = match &before {
            None => one.before.is_empty(),
            Some((last, sha256)) => one.before == *sha256 && one.from == last.to && last.at <= one.at,
        };
        if !fits || !follows {
            return Ok(false);
        }
        before = Some((one, one.sha256()?));
    }
    Ok(moves.last().is_some_and(|last| last.to == to))
}

/// Whether `moves` go on where `own` ended.
pub(super) fn go_on(own: &[Move], moves: &[Move]) -> bool {
    moves.len() > own.len() && moves.starts_with(own)
}

/// Whether each move was for its person to make, as the case has it.
///
/// # Errors
/// In words, which is not.
pub(super) fn were_theirs(file: &CaseFile, moves: &[Move]) -> Result<(), String> {
    let theirs = |one: &Move| file.moves_in_absence(&one.by, one.at) == Some(one.in_absence);
    match moves.iter().all(theirs) {
        true => Ok(()),
        false => Err(say!("vault-case-moved-by-another").to_owned()),
    }
}

/// The photographs that move with a case: every one of its list, but of those that the gallery has withdrawn.
pub(super) fn photographs_of(file: &CaseFile) -> Vec<(CandidateId, u8)> {
    let of = |(candidate, count): (CandidateId, usize)| {
        (0..count).filter_map(move |number| Some((candidate, u8::try_from(number).ok()?)))
    };
    file.photographs_that_move().into_iter().flat_map(of).collect()
}

/// What of a case somebody must have signed before it moves: each handing over, each conclusion, each second examiner's work, and
/// conferences across workstations; of examinations that were set aside too.
pub(super) fn owed_by_case(file: &CaseFile, moves: &[Move]) -> Result<Vec<Owed>, VaultError> {
    let mut all: Vec<Owed> = Vec::new();
    let mut owe = |owed: Owed| {
        if !all.contains(&owed) {
            all.push(owed);
        }
    };
    owed_by_moves(&file.history.handed_over, moves)?.into_iter().for_each(&mut owe);
    let aside = file.history.set_aside.iter().map(|aside| &aside.examination);
    for examination in aside.chain(&file.examination) {
        if let Some(at) = examination.concluded_at() {
            let work = examination.work();
            let (record, person) = (work_sha256(work)?, work.examiner.clone());
            owe(Owed { stated: Stated::Conclusion, record, person, at });
        }
        examination.verification().map(|v| owed_by_verification(v, &mut owe)).transpose()?;
    }
    Ok(all)
}

/// The same of who had it and had it moved.
pub(super) fn owed_by_moves(handed_over: &[Handover], moves: &[Move]) -> Result<Vec<Owed>, VaultError> {
    let handed_over = handed_over.iter().map(|handover| {
        let (stated, record) = handover_signed(handover)?;
        Ok(Owed { stated, record, person: handover.by.clone(), at: handover.at })
    });
    handed_over.chain(moves.iter().map(Move::owed)).collect()
}

fn owed_by_verification(v: &Verification, mut owe: impl FnMut(Owed)) -> Result<(), VaultError> {
    let record = verification_sha256(v)?;
    owe(Owed { stated: Stated::Verification, record, person: v.verifier.clone(), at: v.at });
    if let Some((record, signed)) = conference_signed(v) {
        for (person, at) in signed {
            owe(Owed { stated: Stated::Conference, record: record.clone(), person: person.clone(), at });
        }
    }
    Ok(())
}

/// The moves of a case as this workstation knows them: of one that lives here how it came, of one that left how it left. `None` for
/// one that was never here, and for one that left by an earlier program.
pub(super) fn known(db: &Connection, case: CaseId) -> Result<Option<Vec<Move>>, VaultError> {
    let sql = "SELECT coalesce((SELECT moves FROM case_moved WHERE case_id = ?1), (SELECT moves FROM case_came WHERE case_id = ?1))";
    let text: Option<String> = db.query_row(sql, [case.to_string()], |r| r.get(0)).optional()?.flatten();
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}
