//! A case that moves to another workstation of the department: whole, and to one. Nothing of it changes here once it is on its way,
//! and nothing of it stays here once the other workstation has said that it has it.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::say;
use department::fingerprint;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use uuid::Uuid;

use casework::{CandidateId, CaseFile, CaseId, Moment, PersonId, PersonRef, Trace};

use super::around::Around;
use super::moves::{Listed, MOVE, Move, file_sha256, follow, go_on, known, owed_by_case, photographs_of, were_theirs};
use super::package::{Content, FileLine, Files, Filled, LISTED, Taken, unfit};
use super::statements::all_signed;
use super::taken_back::{goes_on, were_there};
use crate::audit::append;
use crate::cases::put_parts;
use crate::error::{PackageError, VaultError};
use crate::hashing::sha256;
use crate::moved::{is_moved, traces};
use crate::rows::{parse_id, parse_moment};
use crate::unproven::first;
use crate::vault::Vault;

/// How long the package that took a case away is kept after it arrived.
const SENT_AGAIN: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);

/// A case that moved away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub case: CaseId,
    /// Its number, as typed.
    pub number: String,
    /// The key of the workstation to which it went.
    pub to: String,
    /// Who has it.
    pub holder: PersonId,
    /// When it left.
    pub at: Moment,
    /// When that workstation was known to have it.
    pub arrived: Option<Moment>,
    /// Whether that workstation was taken out of the department before.
    pub stranded: bool,
}

/// What is put on record of a case that leaves.
pub(super) struct Gone<'a> {
    pub case: CaseId,
    /// The package that takes it, nil where it left before.
    pub package: Uuid,
    pub to: &'a str,
    pub at: Moment,
    pub moves: &'a [Move],
    pub came_from: Option<String>,
}

impl Gone<'_> {
    pub(super) fn put(&self, db: &Connection, file: &CaseFile) -> Result<(), VaultError> {
        let search = file.search().map(|search| search.id().to_string());
        self.insert(db, (file.purpose.case_number.trim(), file.holder().id), Some(&file.trace()), search)
    }

    /// The same of one of which nothing is here any more.
    pub(super) fn put_unseen(&self, db: &Connection, holder: &PersonRef) -> Result<(), VaultError> {
        self.insert(db, ("", holder.id), None, None)
    }

    fn insert(
        &self,
        db: &Connection,
        (number, holder): (&str, PersonId),
        trace: Option<&Trace>,
        search: Option<String>,
    ) -> Result<(), VaultError> {
        db.execute(
            "INSERT INTO case_moved
                (case_id, package_id, recipient, number, holder, moved_at, moves, trace, search, came_from)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                self.case.to_string(),
                self.package.to_string(),
                self.to,
                number,
                holder.to_string(),
                self.at.0.to_string(),
                serde_json::to_string(self.moves)?,
                trace.map(serde_json::to_string).transpose()?,
                search,
                self.came_from
            ],
        )?;
        Ok(())
    }
}

/// Whether something of a case is never taken back here: a note, or what a supervisor said of how long it is kept.
pub(super) fn stays(db: &Connection, case: CaseId) -> Result<bool, VaultError> {
    let sql = "SELECT 1 FROM sealed_note WHERE case_id = ?1 UNION ALL SELECT 1 FROM keeping WHERE case_id = ?1";
    Ok(db.prepare(sql)?.exists([case.to_string()])?)
}

/// Removes what lies here of a case that is known to be elsewhere.
pub(super) fn clear(db: &Connection, case: CaseId) -> Result<(), VaultError> {
    let case = case.to_string();
    db.execute(
        "DELETE FROM verification_reply WHERE request_id IN (SELECT request_id FROM verification_asked WHERE case_id = ?1)",
        [&case],
    )?;
    let tables =
        ["verification_asked", "list_photograph", "case_came", "case_part", "original", "case_key", "case_file"];
    for table in tables {
        db.execute(&format!("DELETE FROM {table} WHERE case_id = ?1"), [&case])?;
    }
    Ok(())
}

/// Photographs of a list, by candidate and number: 0 is the listed one.
pub type ListPhotographs = BTreeMap<(CandidateId, u8), Vec<u8>>;

impl Vault {
    /// What the cases here go on knowing of those that moved away.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn traces(&self) -> Result<Vec<Trace>, VaultError> {
        traces(&self.db)
    }

    /// What people signed of the moves of a case, by the SHA-256 of each.
    pub(crate) fn moves_signed(&self, case: CaseId) -> Result<Vec<String>, VaultError> {
        known(&self.db, case)?.unwrap_or_default().iter().map(Move::sha256).collect()
    }

    /// Whether a case can move, as far as it is known here.
    ///
    /// # Errors
    /// [`VaultError::NotProven`] with what keeps it here; [`VaultError::KeptHere`].
    pub fn may_move(&self, file: &CaseFile) -> Result<(), VaultError> {
        let no = |why: String| Err(VaultError::NotProven { what: "case", why });
        if let Err(gaps) = file.may_move() {
            return no(first(&gaps));
        }
        // A hold is of this workstation, and would not go with it; nor would what it counts as disclosed.
        let case = file.id.to_string();
        if self.db.prepare("SELECT 1 FROM keeping WHERE case_id = ?1")?.exists([&case])? {
            return Err(VaultError::KeptHere);
        }
        if self.was_disclosed(file.id)? {
            return no(say!("vault-case-was-disclosed").to_owned());
        }
        if self.taken_back_at(file.id)?.is_some() {
            return no(say!("vault-case-was-taken-back").to_owned());
        }
        // A question that was taken back may still be answered: what was compared follows the lead, and comes here.
        let there: BTreeSet<String> = self.workstations_of_department()?.into_iter().map(|card| card.signs).collect();
        let mut query = self.db.prepare(
            "SELECT a.recipient FROM verification_asked a WHERE a.case_id = ?1 AND NOT EXISTS (
                SELECT 1 FROM verification_reply r WHERE r.request_id = a.request_id AND (r.counts = 1 OR r.why = ?2))",
        )?;
        let open = query.query_map([&case, say!("vault-verification-came-late")], |r| r.get::<_, String>(0))?;
        for recipient in open {
            if there.contains(&recipient?) {
                return no(say!("vault-case-waits-for-answer").to_owned());
            }
        }
        Ok(())
    }

    /// Moves a case to the workstation of the department whose key is `to`, with the `photographs` of its list that are not kept here:
    /// each that it lists, but of whom the gallery has withdrawn. Signed by whoever is signed in, who is `by`.
    ///
    /// # Errors
    /// [`PackageError::NoSuchWorkstation`]; [`VaultError::NotProven`] for a case that does not move, and for one of which something
    /// that must be signed is not; then nothing changed.
    pub fn move_case(
        &mut self,
        case: CaseId,
        to: &str,
        photographs: &ListPhotographs,
        by: &PersonRef,
        at: Moment,
    ) -> Result<(), VaultError> {
        match self.db.is_autocommit() {
            true => self.act(|v| v.move_within(case, to, photographs, by, at)),
            false => self.move_within(case, to, photographs, by, at),
        }
    }

    fn move_within(
        &mut self,
        case: CaseId,
        to: &str,
        photographs: &ListPhotographs,
        by: &PersonRef,
        at: Moment,
    ) -> Result<(), VaultError> {
        if !self.is_of_department(to)? {
            return Err(PackageError::NoSuchWorkstation.into());
        }
        let no = |why: &str| VaultError::NotProven { what: "case", why: why.to_owned() };
        let file: CaseFile = self.case(case)?;
        self.may_move(&file)?;
        let in_absence = file.moves_in_absence(by, at).ok_or_else(|| no(say!("vault-case-moved-by-another")))?;
        let (mut listed, mut pictures, mut lines) = (Vec::new(), BTreeMap::new(), Vec::new());
        for (candidate, number) in photographs_of(&file) {
            let bytes = match self.list_photograph(case, candidate, number)? {
                Some(kept) => kept,
                None => photographs
                    .get(&(candidate, number))
                    .cloned()
                    .ok_or_else(|| no(say!("vault-case-without-photograph")))?,
            };
            let (sha256, length) = (sha256(&bytes), bytes.len() as u64);
            lines.push(FileLine {
                sha256: sha256.clone(),
                kind: LISTED.to_owned(),
                file_name: String::new(),
                bytes: length,
            });
            listed.push(Listed { candidate, number, sha256: sha256.clone() });
            pictures.insert(sha256, bytes);
        }
        let content = serde_json::to_value(&file)?;
        let mut moves = known(&self.db, case)?.unwrap_or_default();
        moves.push(Move {
            schema: MOVE.to_owned(),
            case,
            number: moves.len() + 1,
            before: moves.last().map(Move::sha256).transpose()?.unwrap_or_default(),
            from: self.card("").signs,
            to: to.to_owned(),
            file: file_sha256(&content)?,
            photographs: listed,
            by: by.clone(),
            in_absence,
            at,
        });
        if let Some(last) = moves.last() {
            let owed = last.owed()?;
            self.state(owed.stated, &owed.record, by, at)?;
        }
        // What the other workstation would refuse does not leave.
        let chain = self.department.as_ref().ok_or_else(|| no(say!("vault-verification-no-department")))?;
        if !were_there(chain, &moves) {
            return Err(no(say!("vault-case-moves-unproven")));
        }
        let owed = owed_by_case(&file, &moves)?;
        let mut statements: Vec<String> = Vec::new();
        for one in &owed {
            for statement in self.statements(one.stated, &one.record)? {
                if !statements.contains(&statement) {
                    statements.push(statement);
                }
            }
        }
        if !all_signed(chain, &owed, &statements)? {
            return Err(no(say!("vault-case-unsigned")));
        }
        let mut files = file.files().iter().map(|hash| self.file_line(case, hash)).collect::<Result<Vec<_>, _>>()?;
        files.extend(lines);
        let content = Content::Case { file: content, moves: moves.clone(), statements };
        // It came back and leaves once more: the package that took it there before is of no use to anybody.
        self.write(|db| {
            db.execute("DELETE FROM outbox WHERE kind = 'case' AND about = ?1", [case.to_string()])?;
            Ok(())
        })?;
        let package = self.put_package(case.0, to, content, files, Files::Case(case, &pictures), at)?;
        self.write(|db| {
            let came_from = "SELECT sender FROM case_came WHERE case_id = ?1";
            let came_from = db.query_row(came_from, [case.to_string()], |r| r.get(0)).optional()?;
            Gone { case, package, to, at, moves: &moves, came_from }.put(db, &file)?;
            append(db, Some(by), at, "case-moved", &json!({ "case": case, "to": fingerprint(to), "package": package }))
        })
    }

    /// Cases that moved away, last first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn moved(&self) -> Result<Vec<Moved>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT case_id, number, recipient, holder, moved_at, arrived_at FROM case_moved ORDER BY moved_at DESC, case_id",
        )?;
        let rows = query.query_map([], |r| {
            let texts = [r.get::<_, String>(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?];
            Ok((texts, r.get::<_, Option<String>>(5)?))
        })?;
        let stranded = self.stranded_ids()?;
        rows.map(|row| {
            let ([case, number, to, holder, at], arrived) = row?;
            let case = parse_id(&case)?;
            Ok(Moved {
                stranded: stranded.contains(&case),
                case,
                number,
                to,
                holder: parse_id(&holder)?,
                at: parse_moment(&at)?,
                arrived: arrived.as_deref().map(parse_moment).transpose()?,
            })
        })
        .collect()
    }

    /// Says of each case that came where it came from that it is here. What took one away is kept for a month after it arrived, for a
    /// workstation that is restored from a backup of before.
    pub(super) fn pack_arrivals(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        let long = Moment(at.0.saturating_sub(SENT_AGAIN).map_err(|_| VaultError::Unknown("moment"))?);
        self.write(|db| {
            db.execute(
                "UPDATE outbox SET bytes = x'' WHERE kind = 'case' AND length(bytes) > 0
                   AND package_id IN (SELECT package_id FROM case_moved WHERE arrived_at < ?1)",
                [long.0.to_string()],
            )?;
            Ok(())
        })?;
        let mut query = self.db.prepare(
            "SELECT package_id, sender FROM inbox WHERE kind = 'case'
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'case-arrived' AND o.about = inbox.package_id)",
        )?;
        let due = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let due = due.collect::<Result<Vec<_>, _>>()?;
        drop(query);
        let there = self.workstations_of_department()?;
        for (package, sender) in due.into_iter().filter(|(_, to)| there.iter().any(|card| card.signs == *to)) {
            let package: Uuid = parse_id(&package)?;
            let content = Content::CaseArrived { package };
            match self.put_package(package, &sender, content, Vec::new(), Files::None, at) {
                Ok(_) => filled.made += 1,
                Err(error) => filled.left.push(error),
            }
        }
        Ok(())
    }
}

impl Around<'_> {
    /// Takes a case in that moved here, but for its `files`, which follow: its own, and the photographs of its list, which are given.
    pub(super) fn take_case<'a>(
        &self,
        db: &Connection,
        file: &Value,
        (moves, statements): (&'a [Move], &[String]),
        (files, own): (&[FileLine], &str),
    ) -> Result<(CaseId, &'a [Listed]), VaultError> {
        if !self.is_from_department() {
            return Err(unfit(say!("vault-case-from-outside")));
        }
        let whole: CaseFile = serde_json::from_value(file.clone()).map_err(unfit)?;
        whole.may_move().map_err(|gaps| unfit(first(&gaps)))?;
        let listed = self.proves_moves(&whole, file, moves, own)?;
        let (originals, photographs) =
            files.split_at_checked(files.len() - listed.len().min(files.len())).unwrap_or((files, &[]));
        let named: BTreeSet<&String> = originals.iter().map(|line| &line.sha256).collect();
        let is_listed = |(line, one): (&FileLine, &Listed)| line.kind == LISTED && line.sha256 == one.sha256;
        let whole_files = named.len() == originals.len()
            && originals.iter().all(|line| line.kind != LISTED)
            && whole.files().iter().eq(named)
            && photographs.len() == listed.len()
            && photographs.iter().zip(listed).all(is_listed);
        if !whole_files {
            return Err(unfit(say!("vault-case-other-files")));
        }
        self.makes_room(db, &whole, moves, own)?;
        let expected = owed_by_case(&whole, moves)?;
        if self.keep_statements(db, &expected, statements)? != expected.len() {
            return Err(unfit(say!("vault-case-unsigned")));
        }
        let id = whole.id.to_string();
        db.execute(
            "INSERT INTO case_file (case_id, opened_by, changed_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (case_id) DO UPDATE SET changed_at = ?3",
            params![id, whole.opened_by.id.to_string(), self.at.0.to_string()],
        )?;
        put_parts(db, whole.id, file)?;
        db.execute(
            "INSERT INTO case_came (case_id, sender, moves) VALUES (?1, ?2, ?3)",
            params![id, self.sender, serde_json::to_string(moves)?],
        )?;
        let detail = json!({ "case": whole.id, "from": fingerprint(self.sender), "package": self.package });
        append(db, None, self.at, "case-came", &detail)?;
        Ok((whole.id, listed))
    }

    /// Whether the case is what whoever had it moved last has signed, and every move before was for its person to make. Gives the
    /// photographs that come with it.
    fn proves_moves<'a>(
        &self,
        whole: &CaseFile,
        file: &Value,
        moves: &'a [Move],
        own: &str,
    ) -> Result<&'a [Listed], VaultError> {
        let Some(last) = moves.last() else {
            // An earlier program moved what was not searched.
            return match whole.searches.is_empty() && whole.sent.is_empty() {
                true => Ok(&[]),
                false => Err(unfit(say!("vault-case-moves-unproven"))),
            };
        };
        if last.at > self.at {
            return Err(unfit(say!("vault-verification-clock-ahead")));
        }
        let photographs = last.photographs.iter().map(|one| (one.candidate, one.number));
        let proven = follow(moves, whole.id, own)?
            && were_there(self.chain()?, moves)
            && last.from == self.sender
            && last.file == file_sha256(file)?
            && photographs.eq(photographs_of(whole));
        if !proven {
            return Err(unfit(say!("vault-case-moves-unproven")));
        }
        were_theirs(whole, moves).map_err(unfit)?;
        Ok(&last.photographs)
    }

    /// Makes room for a case that comes: one that had left goes on where it left, and what had stayed of it is older. So it is where it
    /// left by a move that a restored vault does not know.
    fn makes_room(&self, db: &Connection, whole: &CaseFile, moves: &[Move], own: &str) -> Result<(), VaultError> {
        let id = whole.id.to_string();
        let before = known(db, whole.id)?;
        if is_moved(db, whole.id)? {
            if before.is_some_and(|before| !go_on(&before, moves)) {
                return Err(unfit(say!("vault-case-older-copy")));
            }
            db.execute(
                "UPDATE case_moved SET arrived_at = coalesce(arrived_at, ?2) WHERE case_id = ?1",
                params![id, self.at.0.to_string()],
            )?;
        } else {
            let row = db.query_row("SELECT home FROM case_file WHERE case_id = ?1", [&id], |r| r.get(0));
            let Some(home) = row.optional()? else { return Ok(()) };
            let home: Option<String> = home;
            let gives_way = home.is_none() && !stays(db, whole.id)?;
            let left = goes_on(self.chain()?, &before.unwrap_or_default(), moves, own);
            let left = left.filter(|_| gives_way).ok_or_else(|| unfit(say!("vault-case-lives-here")))?;
            let moved_at = moves[left].at;
            let gone =
                Gone { case: whole.id, package: Uuid::nil(), to: self.sender, at: moved_at, moves, came_from: None };
            gone.put(db, whole)?;
            db.execute("UPDATE case_moved SET arrived_at = ?2 WHERE case_id = ?1", params![id, self.at.0.to_string()])?;
        }
        clear(db, whole.id)?;
        db.execute("DELETE FROM case_moved WHERE case_id = ?1", [&id])?;
        Ok(())
    }

    /// The workstation to which a case went has it: nothing of it stays here.
    pub(super) fn take_arrival(&self, db: &Connection, package: Uuid) -> Result<Taken, VaultError> {
        let case: Option<String> = db
            .query_row(
                "SELECT case_id FROM case_moved WHERE package_id = ?1 AND recipient = ?2 AND arrived_at IS NULL",
                params![package.to_string(), self.sender],
                |r| r.get(0),
            )
            .optional()?;
        // Of a case that has come back since there is nothing to do.
        let Some(case) = case else { return Ok(Taken::Told) };
        db.execute("UPDATE case_moved SET arrived_at = ?2 WHERE case_id = ?1", params![case, self.at.0.to_string()])?;
        clear(db, parse_id(&case)?)?;
        append(db, None, self.at, "case-arrived", &json!({ "case": case, "at": fingerprint(self.sender) }))?;
        Ok(Taken::Told)
    }
}
