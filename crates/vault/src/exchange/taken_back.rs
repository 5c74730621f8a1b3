//! A case that is on its way to a workstation which was taken out of the department: nobody there takes it in any more, and nobody
//! works on it here. A supervisor takes it back, for a colleague of whoever had it, and the others are asked whether one of them has it.

use catalogue::say;
use department::{Chain, fingerprint};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::{CaseFile, CaseId, Moment, PersonRef};

use super::moves::{MOVE, Move, file_sha256, go_on, known};
use crate::audit::append;
use crate::cases::case_text;
use crate::error::VaultError;
use crate::rows::parse_id;
use crate::vault::Vault;

/// Whether the department had the workstation from which the move went, at its moment.
fn was_there(chain: &Chain, one: &Move) -> bool {
    chain.at(one.at).is_some_and(|then| then.roster().has_workstation(&one.from))
}

/// Whether the move took a case back from a workstation that was of the department no more: from where the one before had brought it.
fn takes_back(chain: &Chain, before: &Move, one: &Move) -> bool {
    !was_there(chain, one) && one.in_absence && one.from == before.to && one.to == before.from
}

/// Whether everything moved from a workstation that was of the department then. A case that was taken back stays where that was done.
pub(super) fn were_there(chain: &Chain, moves: &[Move]) -> bool {
    moves.iter().all(|one| was_there(chain, one))
}

/// The move that took a case back last, if nothing moved it since.
pub(super) fn taken_back<'a>(chain: &Chain, moves: &'a [Move]) -> Option<&'a Move> {
    match moves {
        [.., before, last] if takes_back(chain, before, last) => Some(last),
        _ => None,
    }
}

/// From which of `moves` on a case went on from what is `known` of it here, `own` being this workstation: one that lived here left from
/// here; one that was taken back here went on from where it was taken back, if it went on.
pub(super) fn goes_on(chain: &Chain, known: &[Move], moves: &[Move], own: &str) -> Option<usize> {
    let back = taken_back(chain, known);
    let before = &known[..known.len() - usize::from(back.is_some())];
    let from = back.map_or(own, |back| &back.from);
    (go_on(before, moves) && moves[before.len()].from == from).then_some(before.len())
}

impl Vault {
    /// The cases that are on their way to a workstation which the department has taken out, as they left; but what cannot be read.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn stranded(&self) -> Result<Vec<CaseFile>, VaultError> {
        let texts = self.stranded_ids()?.into_iter().map(|case| case_text(&self.db, case));
        Ok(texts.filter_map(|text| serde_json::from_str(&text.ok()??).ok()).collect())
    }

    pub(super) fn stranded_ids(&self) -> Result<Vec<CaseId>, VaultError> {
        let Some(chain) = self.department() else { return Ok(Vec::new()) };
        let newest = chain.newest();
        let mut query = self
            .db
            .prepare("SELECT case_id, recipient FROM case_moved WHERE arrived_at IS NULL ORDER BY moved_at, case_id")?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let mut stranded = Vec::new();
        for row in rows {
            let (case, to) = row?;
            if !newest.roster().has_workstation(&to) {
                stranded.push(parse_id(&case)?);
            }
        }
        Ok(stranded)
    }

    /// When a case was taken back that is here since.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn taken_back_at(&self, case: CaseId) -> Result<Option<Moment>, VaultError> {
        let moves = known(&self.db, case)?.unwrap_or_default();
        Ok(self.department().and_then(|chain| taken_back(chain, &moves)).map(|back| back.at))
    }

    /// Takes a case of [`Vault::stranded`] back, within an act of its own: `hand_over` gives it to somebody, and `by`, the supervisor who
    /// does that and is signed in, signs that it came back. What may have been done at the other workstation is not known here.
    ///
    /// # Errors
    /// [`VaultError::Moved`] for a case that is not one of these; what `hand_over` refuses. Then nothing changed.
    pub fn take_back<E: From<VaultError>>(
        &mut self,
        case: CaseId,
        by: &PersonRef,
        at: Moment,
        hand_over: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let (from, moves) = self.bring_back(case)?;
        hand_over(self)?;
        Ok(self.sign_back(case, (&from, moves), by, at)?)
    }

    /// It lives here again. Gives where it was on its way to, and its moves.
    fn bring_back(&mut self, case: CaseId) -> Result<(String, Vec<Move>), VaultError> {
        if !self.stranded_ids()?.contains(&case) {
            return Err(VaultError::Moved);
        }
        let moves = known(&self.db, case)?.unwrap_or_default();
        let id = case.to_string();
        self.write(|db| {
            let query = "SELECT recipient, package_id FROM case_moved WHERE case_id = ?1";
            let row = db.query_row(query, [&id], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)));
            let (from, package) = row.optional()?.ok_or(VaultError::Moved)?;
            db.execute("DELETE FROM case_moved WHERE case_id = ?1", [&id])?;
            db.execute("DELETE FROM outbox WHERE kind = 'case' AND package_id = ?1", [&package])?;
            Ok((from, moves))
        })
    }

    fn sign_back(
        &mut self,
        case: CaseId,
        (from, mut moves): (&str, Vec<Move>),
        by: &PersonRef,
        at: Moment,
    ) -> Result<(), VaultError> {
        let no = |why: &str| VaultError::NotProven { what: "case", why: why.to_owned() };
        let file: CaseFile = self.case(case)?;
        // The handing over is of this taking back, and not an earlier one.
        let given = file.history.handed_over.last().filter(|last| last.at == at && last.by.is_same(by));
        if given.is_none() || file.moves_in_absence(by, at) != Some(true) {
            return Err(no(say!("vault-case-moved-by-another")));
        }
        // An earlier program signed no moves.
        if let Some(last) = moves.last() {
            let back = Move {
                schema: MOVE.to_owned(),
                case,
                number: moves.len() + 1,
                before: last.sha256()?,
                from: from.to_owned(),
                to: self.card("").signs,
                file: file_sha256(&serde_json::to_value(&file)?)?,
                photographs: last.photographs.clone(),
                by: by.clone(),
                in_absence: true,
                at,
            };
            // By a clock that is behind the department's it would be no taking back to anybody.
            if last.at > at || !self.department().is_some_and(|chain| takes_back(chain, last, &back)) {
                return Err(no(say!("vault-case-taken-back-too-early")));
            }
            let owed = back.owed()?;
            self.state(owed.stated, &owed.record, by, at)?;
            moves.push(back);
        }
        self.write(|db| {
            if !moves.is_empty() {
                db.execute(
                    "INSERT INTO case_came (case_id, sender, moves) VALUES (?1, ?2, ?3)
                     ON CONFLICT (case_id) DO UPDATE SET moves = ?3",
                    params![case.to_string(), from, serde_json::to_string(&moves)?],
                )?;
            }
            append(db, Some(by), at, "case-taken-back", &json!({ "case": case, "from": fingerprint(from) }))
        })
    }
}
