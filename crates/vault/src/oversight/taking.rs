//! Rows come in: in order, each once, and only as they follow from each other.

use ledger::{Chain, Key, Leaf, Proof};
use rusqlite::{Connection, OptionalExtension, params};

use casework::oversight::{Conduct, DeskEvent};
use casework::{CaseFile, Moment};

use super::desk::{DeskFault, DeskSource, WITHIN};
use super::words::{is_looked_for, words};
use crate::audit::{AuditEvent, LostRows};
use crate::error::VaultError;
use crate::log_row::bytes_of;
use crate::rows::{parse_id, parse_moment};
use crate::vault::Vault;

/// Rows that are taken in at a time.
const AT_ONCE: i64 = 5_000;
/// Packages of one workstation that wait for earlier ones.
const MOST_WAITING: i64 = 100;

/// The source of `workstation`, which is heard of now.
fn source_of(db: &Connection, workstation: &str, at: Moment) -> Result<i64, VaultError> {
    db.execute(
        "INSERT INTO desk_source (workstation, rows, head, heard_at) VALUES (?1, 0, ?2, ?3)
         ON CONFLICT (workstation) DO UPDATE SET heard_at = ?3",
        params![workstation, Chain::default().head(), at.0.to_string()],
    )?;
    Ok(db.query_row("SELECT source FROM desk_source WHERE workstation = ?1", [workstation], |r| r.get(0))?)
}

fn fault(db: &Connection, source: i64, seq: i64, what: DeskFault, at: Moment) -> Result<(), VaultError> {
    db.execute(
        "INSERT INTO desk_fault (source, seq, kind, noticed_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![source, seq, what.code(), at.0.to_string()],
    )?;
    Ok(())
}

/// Takes rows of `workstation` in, in the order in which they are given. Gives how many were new.
///
/// - A row that is here already changes nothing; with another hash it is a fork.
/// - A row that does not follow from the one before it is not taken in, nor is anything after it.
/// - Rows after a gap wait for what is missing.
///
/// # Errors
/// [`VaultError::Database`].
pub(crate) fn take_rows(
    db: &Connection,
    workstation: &str,
    rows: &[AuditEvent],
    at: Moment,
) -> Result<usize, VaultError> {
    let source = source_of(db, workstation, at)?;
    let mut taken = take_in(db, source, workstation, rows, at)?;
    // What waited may follow now.
    loop {
        let next: Option<(i64, String)> = db
            .query_row(
                "SELECT first, desk_waiting.rows FROM desk_waiting JOIN desk_source USING (source)
                 WHERE source = ?1 AND first <= desk_source.rows + 1 ORDER BY first LIMIT 1",
                [source],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        let Some((first, rows)) = next else { return Ok(taken) };
        db.execute("DELETE FROM desk_waiting WHERE source = ?1 AND first = ?2", [source, first])?;
        taken += take_in(db, source, workstation, &serde_json::from_str::<Vec<AuditEvent>>(&rows)?, at)?;
    }
}

fn take_in(
    db: &Connection,
    source: i64,
    workstation: &str,
    rows: &[AuditEvent],
    at: Moment,
) -> Result<usize, VaultError> {
    let mut chain = db.query_row("SELECT rows, head FROM desk_source WHERE source = ?1", [source], |r| {
        Ok(Chain::at(r.get(0)?, r.get(1)?))
    })?;
    let (mut taken, mut last_at) = (0, None);
    let mut known = db.prepare_cached("SELECT hash FROM desk_event WHERE source = ?1 AND seq = ?2")?;
    for (n, row) in rows.iter().enumerate() {
        if row.seq <= chain.rows() {
            let hash: Option<String> = known.query_row([source, row.seq], |r| r.get(0)).optional()?;
            if hash.is_some_and(|hash| hash != row.hash) {
                fault(db, source, row.seq, DeskFault::Fork, at)?;
            }
            continue;
        }
        let lost = LostRows::of(row, workstation).filter(|lost| (lost.from - 1..=lost.through).contains(&chain.rows()));
        if row.seq > chain.rows() + 1 && lost.is_none() {
            let waiting: i64 =
                db.query_row("SELECT count(*) FROM desk_waiting WHERE source = ?1", [source], |r| r.get(0))?;
            if waiting < MOST_WAITING {
                db.execute(
                    "INSERT INTO desk_waiting (source, first, rows) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    params![source, row.seq, serde_json::to_string(&rows[n..])?],
                )?;
            }
            break;
        }
        // Some of what is lost there may have come here.
        if let Some(lost) = lost.as_ref().filter(|lost| chain.rows() < lost.through) {
            chain = Chain::at(lost.from - 1, chain.head().to_owned());
        }
        if row.taken(&mut chain, workstation).is_err() {
            fault(db, source, row.seq, DeskFault::Changed, at)?;
            break;
        }
        // An auditor looks at each: somebody brought an older copy.
        if lost.is_some() {
            fault(db, source, row.seq, DeskFault::Lost, at)?;
        }
        put(db, source, workstation, row)?;
        last_at = Some(row.at);
        taken += 1;
    }
    if let Some(last_at) = last_at {
        db.execute(
            "UPDATE desk_source SET rows = ?2, head = ?3, last_at = ?4 WHERE source = ?1",
            params![source, chain.rows(), chain.head(), last_at.0.to_string()],
        )?;
    }
    Ok(taken)
}

fn put(db: &Connection, source: i64, workstation: &str, row: &AuditEvent) -> Result<(), VaultError> {
    let event = DeskEvent::read(workstation, row.seq, row.at, &row.person, &row.action, &row.detail);
    let first = row.at.0.as_second().saturating_mul(WITHIN);
    let mut last = db.prepare_cached("SELECT max(place) FROM desk_event WHERE place >= ?1 AND place < ?2")?;
    let last: Option<i64> = last.query_row([first, first.saturating_add(WITHIN)], |r| r.get(0))?;
    let place = last.map_or(first, |last| last + 1);
    let mut insert = db.prepare_cached(
        "INSERT INTO desk_event (place, source, seq, at, person, action, case_id, number, purpose, told, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute(params![
        place,
        source,
        row.seq,
        row.at.0.to_string(),
        event.person,
        event.action,
        event.case.map(|case| case.to_string()),
        event.number,
        event.purpose.map(casework::Purpose::code),
        serde_json::to_string(&event.told)?,
        row.hash,
    ])?;
    let words = words(&event, source);
    let mut term = db.prepare_cached("INSERT OR IGNORE INTO desk_term (term) VALUES (?1)")?;
    for word in words.iter().filter(|word| is_looked_for(word)) {
        term.execute([word])?;
    }
    let mut insert = db.prepare_cached("INSERT INTO desk_word (rowid, words) VALUES (?1, ?2)")?;
    insert.execute(params![place, words.into_iter().collect::<Vec<_>>().join(" ")])?;
    Ok(())
}

/// Takes in how a case was conducted, as `workstation` says.
pub(crate) fn put_case(db: &Connection, workstation: &str, conduct: &Conduct, at: Moment) -> Result<(), VaultError> {
    let source = source_of(db, workstation, at)?;
    db.execute(
        "INSERT INTO desk_case (case_id, source, number, searches, content) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (case_id, source) DO UPDATE SET number = ?3, searches = ?4, content = ?5",
        params![
            conduct.case.to_string(),
            source,
            conduct.number.trim(),
            conduct.searches.len() as i64,
            serde_json::to_string(conduct)?
        ],
    )?;
    Ok(())
}

/// Holds a row that is here against the department's log, by a proof that came with it. A proof that does not lead there is a fault.
pub(crate) fn take_proof(
    db: &Connection,
    workstation: &str,
    seq: i64,
    proof: &str,
    log: &Key,
    at: Moment,
) -> Result<(), VaultError> {
    let source = source_of(db, workstation, at)?;
    let hash: Option<String> = db
        .query_row("SELECT hash FROM desk_event WHERE source = ?1 AND seq = ?2", [source, seq], |r| r.get(0))
        .optional()?;
    let Some(hash) = hash else { return Ok(()) };
    let holds = || -> Option<()> {
        let leaf = Leaf::new(bytes_of(workstation)?, u64::try_from(seq).ok()?, bytes_of(&hash)?).ok()?;
        Proof::read(proof).ok()?.of(leaf, log).ok().map(drop)
    };
    match holds() {
        Some(()) => Ok(()),
        None => fault(db, source, seq, DeskFault::Ledger, at),
    }
}

impl Vault {
    /// Takes rows of a workstation in, as a package of it brings them.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    #[cfg(any(test, feature = "samples"))]
    pub fn desk_take(&mut self, workstation: &str, rows: &[AuditEvent], at: Moment) -> Result<usize, VaultError> {
        self.write(|db| take_rows(db, workstation, rows, at))
    }

    /// Takes in how a case was conducted, as a package of `workstation` brings it.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    #[cfg(any(test, feature = "samples"))]
    pub fn desk_take_case(&mut self, workstation: &str, conduct: &Conduct, at: Moment) -> Result<(), VaultError> {
        self.write(|db| put_case(db, workstation, conduct, at))
    }

    /// Takes the audit of this workstation itself to the desk, as far as it is not there, and how its cases were conducted. Gives how many
    /// events were new.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_take_own(&mut self, key: &str, floor: u8, at: Moment) -> Result<usize, VaultError> {
        let own = self.card("").signs;
        let mut taken = 0;
        loop {
            let known: Option<i64> = self
                .db
                .query_row("SELECT rows FROM desk_source WHERE workstation = ?1", [&own], |r| r.get(0))
                .optional()?;
            let rows = self.audit_after(known.unwrap_or_default(), AT_ONCE)?;
            let more = rows.len() as i64 == AT_ONCE;
            let new = self.write(|db| take_rows(db, &own, &rows, at))?;
            taken += new;
            // A row that does not follow keeps everything after it out.
            if !more || new == 0 {
                break;
            }
        }
        let since: Option<String> =
            self.db.query_row("SELECT value FROM setting WHERE name = 'desk-cases'", [], |r| r.get(0)).optional()?;
        let (conducted, newest) = self.conducted_since(since.as_deref().unwrap_or_default(), key, floor)?;
        self.write(|db| {
            for conduct in &conducted {
                put_case(db, &own, conduct, at)?;
            }
            db.execute(
                "INSERT INTO setting (name, value) VALUES ('desk-cases', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
                [&newest],
            )?;
            Ok(())
        })?;
        Ok(taken)
    }

    /// How the cases that live here and changed at or after `since` were conducted, and when the last of them changed. A case that cannot be
    /// read has none: the list of cases says so.
    pub(crate) fn conducted_since(
        &self,
        since: &str,
        key: &str,
        floor: u8,
    ) -> Result<(Vec<Conduct>, String), VaultError> {
        let mut query = self.db.prepare(
            "SELECT case_id, changed_at FROM case_file
             WHERE home IS NULL AND changed_at >= ?1 AND case_id NOT IN (SELECT case_id FROM case_moved)
             ORDER BY changed_at",
        )?;
        let changed: Vec<(String, String)> =
            query.query_map([since], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        let newest = changed.last().map_or_else(|| since.to_owned(), |(_, at)| at.clone());
        let mut found = Vec::new();
        for (case, _) in changed {
            let Ok(file) = self.case::<CaseFile>(parse_id(&case)?) else { continue };
            let notes = self.notes_of(file.id).unwrap_or_default();
            let notes: Vec<_> = notes.iter().map(|note| (&note.content, note.review.as_ref())).collect();
            found.extend(Conduct::of(&file, &notes, key, floor));
        }
        Ok((found, newest))
    }

    /// What the desk has of each workstation.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_sources(&self) -> Result<Vec<DeskSource>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT source, workstation, rows, last_at, heard_at,
                (SELECT min(first) FROM desk_waiting w WHERE w.source = s.source) FROM desk_source s ORDER BY source",
        )?;
        let rows = query.query_map([], |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, String>(1)?,
                r.get::<_, i64>(2)?,
                r.get::<_, Option<String>>(3)?,
                r.get::<_, String>(4)?,
                r.get::<_, Option<i64>>(5)?,
            ))
        })?;
        let mut faults =
            self.db.prepare("SELECT seq, kind, noticed_at FROM desk_fault WHERE source = ?1 ORDER BY seq")?;
        rows.map(|row| {
            let (source, workstation, rows, last_at, heard_at, waits_from) = row?;
            let found = faults
                .query_map([source], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?)))?;
            let faults = found
                .map(|one| {
                    let (seq, kind, at) = one?;
                    Ok((seq, DeskFault::read(&kind), parse_moment(&at)?))
                })
                .collect::<Result<_, VaultError>>()?;
            Ok(DeskSource {
                workstation,
                rows,
                last_at: last_at.as_deref().map(parse_moment).transpose()?,
                heard_at: parse_moment(&heard_at)?,
                faults,
                waits_from,
            })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use ed25519_dalek::SigningKey;
    use ledger::{Kind, Signer, Whole};

    use super::*;
    use crate::samples::{InMemory, opened};

    #[test]
    fn a_proof_counts_for_its_row_in_the_departments_log_and_for_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = opened(folder.path(), &InMemory::default()).unwrap();
        let (writer, now) = (hex::encode([1; 32]), Moment("2026-03-02T12:00:00Z".parse().unwrap()));
        let mut chain = Chain::default();
        let mut rows = Vec::new();
        for n in 0..6 {
            let (at, detail) = (now.0.to_string(), format!("{{\"n\":{n}}}"));
            let (seq, hash) = chain.next(&[&at, "workstation", "note-sealed", &detail]);
            chain = Chain::at(seq, hash.clone());
            let (person, action) = ("workstation".to_owned(), "note-sealed".to_owned());
            rows.push(AuditEvent { seq, at: now, person, action, detail, hash });
        }
        assert_eq!(desk.desk_take(&writer, &rows, now).unwrap(), 6);
        let log = |n: u8| {
            Signer::new(Kind::Log, &ledger::origin(&"ab".repeat(32)), &SigningKey::from_bytes(&[n; 32])).unwrap()
        };
        let leaf = |row: &AuditEvent| {
            Leaf::new(bytes_of(&writer).unwrap(), row.seq as u64, bytes_of(&row.hash).unwrap()).unwrap()
        };
        let leaves: Vec<Leaf> = rows.iter().map(leaf).collect();
        let whole = Whole::of(&leaves);
        let proof = |n: usize, signer: &Signer| {
            whole.included(leaves[n], n as u64, whole.checkpoint(signer).unwrap()).unwrap().text()
        };
        let (own, stranger) = (log(1), log(2));
        let mut take = |seq: i64, proof: &str| {
            let faults = |desk: &Vault| desk.desk_sources().unwrap().remove(0).faults.len();
            let before = faults(&desk);
            desk.write(|db| take_proof(db, &writer, seq, proof, own.key(), now)).unwrap();
            faults(&desk) - before
        };
        assert_eq!((take(1, &proof(0, &own)), take(6, &proof(5, &own))), (0, 0));
        // A row that is not here says nothing yet.
        assert_eq!(take(7, &proof(5, &own)), 0);
        assert_eq!(take(1, &proof(1, &own)), 1, "of another row");
        assert_eq!(take(2, &proof(1, &stranger)), 1, "of another log");
        assert_eq!(take(3, "no proof"), 1);
        assert_eq!(take(4, &proof(3, &own).replacen("index 3", "index 2", 1)), 1);
        assert_eq!(take(4, ""), 0, "a fault of a row is noted once");
        let kinds = desk.desk_sources().unwrap().remove(0).faults;
        assert!(kinds.iter().all(|(_, kind, _)| *kind == DeskFault::Ledger), "{kinds:?}");
    }
}
