//! A case as the rule of retention looks at it, from what is proven here.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::{CaseFile, CaseId, Keeping, KeptNote, Moment, OnRecord, Reckoning, ReviewContent, Witnesses};

use super::keeping::SAID;
use crate::audit::append;
use crate::error::VaultError;
use crate::records::StoredNote;
use crate::rows::{parse_id, parse_moment};
use crate::vault::Vault;

/// What the audit calls that supervisors were told that a case is due.
pub(crate) const TOLD: &str = "retention-due";
/// What it calls that a case was disclosed.
const DISCLOSED: [&str; 3] = ["disclosure-exported", "disclosure-printed", "defence-kit-exported"];

/// What the audit has of one case that bears on how long it is kept.
#[derive(Debug, Clone, Default)]
struct Audited {
    said: Vec<String>,
    told_at: Option<Moment>,
    disclosed_at: Option<Moment>,
}

/// A case as it stands, read and proven.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The case.
    pub file: CaseFile,
    changed_at: Moment,
    notes: Vec<(StoredNote, Vec<ReviewContent>)>,
    moved: bool,
    waits: bool,
    said: Vec<Keeping>,
    audited: Audited,
    beside: bool,
}

/// Cases as the rule looks at them, each read or not.
pub type Standings = Vec<(CaseId, Result<Standing, VaultError>)>;

impl Standing {
    /// What the rule looks at.
    pub fn record(&self) -> OnRecord<'_> {
        fn kept((note, reviews): &(StoredNote, Vec<ReviewContent>)) -> KeptNote<'_> {
            KeptNote { note: &note.content, reviews, addenda: &note.addenda, results: &note.results }
        }
        OnRecord {
            file: &self.file,
            changed_at: self.changed_at,
            notes: self.notes.iter().map(kept).collect(),
            moved: self.moved,
            waits: self.waits,
            disclosed_at: self.audited.disclosed_at,
            said: &self.said,
            told_at: self.audited.told_at,
            beside: self.beside,
        }
    }
}

/// The number of a case as it is compared with others', however it is written.
fn numbered(standing: &Standing) -> String {
    casework::gist(standing.record().number())
}

impl Vault {
    /// Every case that is here, the copies for review among them, as the rule of retention looks at it; one that cannot be read is an
    /// error of its own. Only those that were not touched since `untouched`, where that is given.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn standings(&self, untouched: Option<Moment>) -> Result<Standings, VaultError> {
        let audited = self.audited(None)?;
        let mut query = self.db.prepare(
            "SELECT case_id FROM case_file WHERE ?1 IS NULL OR changed_at < ?1 ORDER BY changed_at, case_id",
        )?;
        let untouched = untouched.map(|moment| moment.0.to_string());
        let ids: Vec<String> = query.query_map([untouched], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let standing = |id: String| {
            let case = parse_id(&id)?;
            Ok((case, self.standing_with(case, audited.get(&id).cloned().unwrap_or_default())))
        };
        let mut all: Standings = ids.into_iter().map(standing).collect::<Result<_, VaultError>>()?;
        let kept = self.kept_numbers(&audited)?;
        for standing in all.iter_mut().filter_map(|(_, standing)| standing.as_mut().ok()) {
            standing.beside =
                kept.iter().any(|(case, number)| *case != standing.file.id && *number == numbered(standing));
        }
        Ok(all)
    }

    /// Numbers of cases that are kept by a hold or a duty, each with whose it is: of those of which the audit or a result says that they
    /// could be.
    fn kept_numbers(&self, audited: &HashMap<String, Audited>) -> Result<Vec<(CaseId, String)>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT DISTINCT n.case_id FROM result r JOIN sealed_note n USING (note_id)
             WHERE json_extract(r.content, '$.kind') IN ('arrest', 'charge-added')",
        )?;
        let mut ids: Vec<String> = query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        ids.extend(
            audited.iter().filter(|(_, of)| !of.said.is_empty() || of.disclosed_at.is_some()).map(|(id, _)| id.clone()),
        );
        ids.sort_unstable();
        ids.dedup();
        let mut kept = Vec::new();
        for id in ids {
            let case = parse_id(&id)?;
            let Ok(standing) = self.standing_with(case, audited.get(&id).cloned().unwrap_or_default()) else {
                continue;
            };
            if standing.record().is_kept() {
                kept.push((case, numbered(&standing)));
            }
        }
        Ok(kept)
    }

    /// One case as the rule of retention looks at it.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none, [`VaultError::NotProven`] when something of it does not hold.
    pub fn standing(&self, case: CaseId) -> Result<Standing, VaultError> {
        let audited = self.audited(None)?;
        let mut standing = self.standing_with(case, audited.get(&case.to_string()).cloned().unwrap_or_default())?;
        let number = numbered(&standing);
        standing.beside = self.kept_numbers(&audited)?.iter().any(|(other, of)| *other != case && *of == number);
        Ok(standing)
    }

    fn standing_with(&self, case: CaseId, audited: Audited) -> Result<Standing, VaultError> {
        let row = self.db.query_row(
            "SELECT changed_at, EXISTS (SELECT 1 FROM case_moved m WHERE m.case_id = case_file.case_id)
             FROM case_file WHERE case_id = ?1",
            [case.to_string()],
            |r| Ok((r.get::<_, String>(0)?, r.get(1)?)),
        );
        let (changed_at, moved) = row.optional()?.ok_or(VaultError::Unknown("case"))?;
        let text = crate::cases::case_text(&self.db, case)?.ok_or(VaultError::Unknown("case"))?;
        let notes = self.notes_of(case)?.into_iter().map(|note| {
            let reviews = note.review.iter().chain(&note.further_reviews).cloned().collect();
            (note, reviews)
        });
        Ok(Standing {
            file: serde_json::from_str(&text)?,
            changed_at: parse_moment(&changed_at)?,
            notes: notes.collect(),
            moved,
            waits: self.waits_to_leave(case)?,
            said: self.said(case, &audited.said)?,
            audited,
            beside: false,
        })
    }

    /// Whether something about a case has not left yet.
    fn waits_to_leave(&self, case: CaseId) -> Result<bool, VaultError> {
        let mut query = self.db.prepare_cached(
            "SELECT 1 FROM outbox WHERE sent_at IS NULL AND (about = ?1
               OR about IN (SELECT note_id FROM sealed_note WHERE case_id = ?1)
               OR about IN (SELECT request_id FROM verification_asked WHERE case_id = ?1))",
        )?;
        Ok(query.exists([case.to_string()])?)
    }

    /// Whether the audit says that a case was disclosed.
    pub(crate) fn was_disclosed(&self, case: CaseId) -> Result<bool, VaultError> {
        let audited = self.audited(Some(case))?;
        Ok(audited.values().any(|of| of.disclosed_at.is_some()))
    }

    fn audited(&self, case: Option<CaseId>) -> Result<HashMap<String, Audited>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT detail ->> '$.case', action, at, detail ->> '$.sha256', detail ->> '$.told' FROM audit
             WHERE action IN (?1, ?2, ?3, ?4, ?5) AND (?6 IS NULL OR detail ->> '$.case' = ?6) ORDER BY seq",
        )?;
        let [one, two, three] = DISCLOSED;
        let case = case.map(|case| case.to_string());
        let mut rows = query.query(params![SAID, TOLD, one, two, three, case])?;
        let mut found: HashMap<String, Audited> = HashMap::new();
        while let Some(row) = rows.next()? {
            let Some(case) = row.get::<_, Option<String>>(0)? else { continue };
            let (action, at): (String, String) = (row.get(1)?, row.get(2)?);
            let audited = found.entry(case).or_default();
            match action.as_str() {
                SAID => audited.said.push(row.get::<_, Option<String>>(3)?.unwrap_or_default()),
                TOLD => {
                    let told: Option<String> = row.get(4)?;
                    audited.told_at = told.as_deref().map(parse_moment).transpose()?;
                }
                _ => audited.disclosed_at = Some(parse_moment(&at)?),
            }
        }
        Ok(found)
    }

    /// Notes that supervisors are told that a case is due, by the time that is reckoned with.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn told_due(&mut self, case: CaseId, told: Moment, at: Moment) -> Result<(), VaultError> {
        self.write(|db| append(db, None, at, TOLD, &json!({ "case": case, "told": told })))
    }

    /// The time by which cases go: the own `clock`, and what witnesses of the department's log bear out.
    ///
    /// # Errors
    /// [`VaultError`] where what was kept of the log does not hold.
    pub fn reckoning(&self, clock: Moment) -> Result<Reckoning, VaultError> {
        // The witnesses that the newest roster names, whatever day the clock claims it is.
        let keys = match self.department() {
            Some(_) => self.every_witness()?,
            None => Vec::new(),
        };
        if keys.is_empty() {
            return Ok(Reckoning::of(clock, Witnesses::None));
        }
        let cosigned = self.log_seen()?.and_then(|seen| seen.cosigned().cloned());
        let seen = cosigned.iter().flat_map(|one| keys.iter().filter_map(|key| one.seen_by(key).ok())).min();
        let seen =
            seen.and_then(|second| i64::try_from(second).ok()).and_then(|s| jiff::Timestamp::from_second(s).ok());
        Ok(Reckoning::of(clock, seen.map_or(Witnesses::Unseen, |at| Witnesses::Seen(Moment(at)))))
    }
}
