//! Candidates that were opened, and photographs: small until then, whole afterwards, and counted.

use catalogue::say;
use jiff::Timestamp;
use serde_json::json;

use super::agencies::agency_rule;
use super::audit::append_audit;
use super::error::StoreError;
use super::forms::{moment, now};
use super::limits::{Allowance, Of, PHOTOGRAPHS, Refused, day, day_limit, not_paused, pace, until};
use super::sql::{Database, one, with, write};
use super::tokens::TokenHolder;
use super::whole::Store;

/// A photograph on its way to a workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// JPEG as it is stored.
    pub jpeg: Vec<u8>,
    /// Whether the candidate was opened: else it is shown small.
    pub whole: bool,
}

impl Store {
    /// Notes that the workstation opened a candidate: from now on its photographs are served whole. To repeat it is
    /// harmless. `None` when `token` made no such search or it lists no such candidate.
    ///
    /// # Errors
    /// [`StoreError::Limited`], [`StoreError::Paused`] and others.
    pub fn open_candidate(
        &mut self,
        search: &str,
        candidate: &str,
        token: &TokenHolder,
        allowance: Option<(&Allowance, u64)>,
    ) -> Result<Option<()>, StoreError> {
        let Self { db, alarms, .. } = self;
        write(&mut **db, |db| {
            let found: Option<(String, i64, Option<String>)> = one(
                db,
                "SELECT q.person, r.subject_no, c.opened_at FROM search_candidate c
                 JOIN search q ON q.search_id = c.search_id
                 JOIN record r ON r.record_id = c.record_id AND r.suppressed_because IS NULL
                 WHERE c.candidate_id = $1 AND c.search_id = $2 AND q.token_id = $3",
                with![candidate, search, &token.id],
                |r| Ok((r.next()?, r.next()?, r.next()?)),
            )?;
            let Some((person, subject, opened)) = found else { return Ok(Ok(None)) };
            not_paused(db, token, &person)?;
            if opened.is_some() {
                return Ok(Ok(Some(())));
            }
            if let Some((allowance, people)) = allowance {
                let most = allowance.openings_a_day;
                let limits =
                    [(Of::Person(&token.agency, &person), most), (Of::Token(&token.id), most.saturating_mul(2))];
                let table = "(SELECT * FROM shown WHERE kind = 'opened') s";
                let now = Timestamp::now();
                let mut refused = day_limit(db, (table, say!("gallery-opened-candidates")), &limits, now)?;
                refused = match refused {
                    None => too_many_people(db, token, &person, subject, people, now)?,
                    refused => refused,
                };
                if let Some((why, seconds)) = refused {
                    if let Some(unwritten) = alarms.due(&token.id) {
                        let detail = json!({ "candidate_id": candidate, "limit": why, "unwritten": unwritten });
                        append_audit(db, &token.user, &token.agency, "alarm-limit", &detail)?;
                    }
                    return Ok(Err(StoreError::Limited { why, seconds }));
                }
            }
            db.execute("UPDATE search_candidate SET opened_at = $1 WHERE candidate_id = $2", with![now(), candidate])?;
            show(db, token, &person, "opened", subject)?;
            let detail = json!({ "search_id": search, "candidate_id": candidate, "person": person });
            append_audit(db, &token.user, &token.agency, "candidate-opened", &detail)?;
            Ok(Ok(Some(())))
        })?
    }

    /// The photograph of a candidate, or another one of its subject, if `token` made the search that listed it and the
    /// record is still there.
    ///
    /// # Errors
    /// [`StoreError::NotOpened`] for another photograph of a candidate that was not opened; [`StoreError::Limited`],
    /// [`StoreError::Paused`] and others.
    pub fn photo(
        &mut self,
        id: &str,
        token: &TokenHolder,
        allowance: Option<(&Allowance, u64)>,
    ) -> Result<Option<Shown>, StoreError> {
        struct Found {
            person: String,
            subject: i64,
            opened: bool,
            other: bool,
            photo: String,
            key: Vec<u8>,
        }
        let Self { db, photos, alarms } = self;
        let found = write(&mut **db, |db| {
            let found = one(
                db,
                "SELECT q.person, r.subject_no, c.opened_at, l.other, r.photo, k.key
                 FROM (SELECT candidate_id AS id, candidate_id, record_id, 0 AS other FROM search_candidate
                       UNION ALL SELECT photo_id, candidate_id, record_id, 1 FROM search_photo) l
                 JOIN search_candidate c ON c.candidate_id = l.candidate_id
                 JOIN search q ON q.search_id = c.search_id
                 JOIN record r ON r.record_id = l.record_id AND r.suppressed_because IS NULL
                 JOIN subject_key k ON k.subject_no = r.subject_no
                 WHERE l.id = $1 AND q.token_id = $2",
                with![id, &token.id],
                |r| {
                    Ok(Found {
                        person: r.next()?,
                        subject: r.next()?,
                        opened: r.next::<Option<String>>()?.is_some(),
                        other: r.next::<i64>()? == 1,
                        photo: r.next()?,
                        key: r.next()?,
                    })
                },
            )?;
            let Some(found) = found else { return Ok(Ok(None)) };
            not_paused(db, token, &found.person)?;
            if found.other && !found.opened {
                return Ok(Err(StoreError::NotOpened));
            }
            if let Some((allowance, people)) = allowance {
                let now = Timestamp::now();
                let rule = agency_rule(db, &token.agency)?;
                let own = rule.photographs_a_day.unwrap_or(allowance.photographs_a_day);
                let limits = [
                    (Of::Person(&token.agency, &found.person), own),
                    (Of::Token(&token.id), own.saturating_mul(2)),
                    (Of::Agency(&token.agency), rule.photographs_together.unwrap_or(allowance.photographs_together)),
                ];
                let mut refused = day_limit(db, ("shown", "photographs"), &limits, now)?;
                if refused.is_none() {
                    refused = too_many_people(db, token, &found.person, found.subject, people, now)?;
                }
                if refused.is_none() {
                    let speed = (allowance.burst.saturating_mul(PHOTOGRAPHS), allowance.interval / PHOTOGRAPHS);
                    let wait = pace(db, "shown", &token.id, speed, now)?;
                    if !wait.is_zero() {
                        let why = say!("gallery-photographs-asked-too-fast-token").to_owned();
                        refused = Some((why, wait.as_secs() + 1));
                    }
                }
                if let Some((why, seconds)) = refused {
                    if let Some(unwritten) = alarms.due(&token.id) {
                        let detail = json!({ "candidate_id": id, "limit": why, "unwritten": unwritten });
                        append_audit(db, &token.user, &token.agency, "alarm-limit", &detail)?;
                    }
                    return Ok(Err(StoreError::Limited { why, seconds }));
                }
            }
            let kind = if found.opened { "whole" } else { "thumbnail" };
            show(db, token, &found.person, kind, found.subject)?;
            let detail = json!({ "candidate_id": id, "person": found.person, "size": kind });
            append_audit(db, &token.user, &token.agency, "photo-served", &detail)?;
            Ok(Ok(Some(found)))
        })??;
        let found = found.filter(|found| !found.photo.is_empty());
        found.map(|f| Ok(Shown { jpeg: photos.get(&f.key, &f.photo)?, whole: f.opened })).transpose()
    }
}

fn show(db: &mut dyn Database, token: &TokenHolder, person: &str, kind: &str, subject: i64) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO shown (at, agency, person, token_id, kind, subject_no) VALUES ($1, $2, $3, $4, $5, $6)",
        with![now(), &token.agency, person, &token.id, kind, subject],
    )?;
    Ok(())
}

/// Whether `subject` would be one person too many.
fn too_many_people(
    db: &mut dyn Database,
    token: &TokenHolder,
    person: &str,
    subject: i64,
    most: u64,
    now: Timestamp,
) -> Result<Option<Refused>, StoreError> {
    for of in [Of::Person(&token.agency, person), Of::Token(&token.id)] {
        let (first, second) = of.values();
        let sql = format!(
            "SELECT count(DISTINCT subject_no), MAX(CASE WHEN subject_no = $4 THEN 1 ELSE 0 END), min(at)
             FROM shown WHERE {} AND at > $3",
            of.condition()
        );
        let found = one(db, &sql, with![first, second, moment(now - day()), subject], |r| {
            Ok((r.next::<i64>()?, r.next::<Option<i64>>()?, r.next::<Option<String>>()?))
        })?;
        let Some((people, seen, oldest)) = found else { continue };
        if seen != Some(1) && people >= i64::try_from(most).unwrap_or(i64::MAX) {
            let oldest = oldest.and_then(|at| at.parse().ok());
            let why = say!("gallery-shown-different-people-within-24", words = of.words(), people);
            return Ok(Some((why, until(oldest, day(), now).as_secs().max(1))));
        }
    }
    Ok(None)
}
