//! What a person, a token and an agency may take out of the gallery in a day, counted from the records of searches and
//! of photographs that were shown: a restart forgets nothing.

use std::time::Duration;

use catalogue::say;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::agencies::AgencyRule;
use super::audit::append_audit;
use super::error::StoreError;
use super::forms::{moment, now, sha256};
use super::searches::Idempotent;
use super::sql::{Database, Row, all, one, with, write};
use super::tokens::TokenHolder;
use super::whole::Store;

/// What may be taken in 24 hours where an agency's rule says nothing else, and how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Searches of a person; a token may make twice as many.
    pub searches_a_day: u32,
    /// Searches of an agency.
    pub searches_together: u32,
    /// Photographs shown to a person; to a token twice as many.
    pub photographs_a_day: u32,
    /// Photographs shown to an agency.
    pub photographs_together: u32,
    /// Candidates that a person may open; a token twice as many.
    pub openings_a_day: u32,
    /// Searches of a token that need not wait for each other.
    pub burst: u32,
    /// What lies between two searches of a token once its burst is used up.
    pub interval: Duration,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            searches_a_day: 300,
            searches_together: 5_000,
            photographs_a_day: 6_000,
            photographs_together: 100_000,
            openings_a_day: 600,
            burst: 30,
            interval: Duration::from_millis(500),
        }
    }
}

/// Photographs that need not wait for each other, for each search that need not.
pub(super) const PHOTOGRAPHS: u32 = 10;
/// Different people who may be shown to one person in 24 hours however small the gallery is; of a larger one, a tenth.
const PEOPLE: u64 = 200;

impl Allowance {
    /// Different people whose photographs may be shown to one person in 24 hours, of a gallery of `templates`.
    pub fn people(&self, templates: u64) -> u64 {
        PEOPLE.max(templates / 10)
    }
}

/// A search that is about to begin.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'a> {
    /// Identity of the search.
    pub id: Uuid,
    /// Whom it counts for: the examiner, or the token's holder where none is named.
    pub person: &'a str,
    /// Idempotency key and request.
    pub repeat: Option<(&'a str, &'a [u8])>,
    /// Whether whoever asks waits where the searches come too fast; else that is refused.
    pub waits: bool,
}

/// What came of beginning a search.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is on the audit; its answer must be at or past this position of the outbox.
    At(i64),
    /// It is too early: come back after this time. Nothing was written.
    Wait(Duration),
    /// Its key was used before.
    Before(Idempotent),
}

/// Why something is refused, and after how many seconds it may not be.
pub(super) type Refused = (String, u64);

pub(super) fn day() -> SignedDuration {
    SignedDuration::from_hours(24)
}

/// Whom a limit is counted for.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    Person(&'a str, &'a str),
    Token(&'a str),
    Agency(&'a str),
}

impl Of<'_> {
    pub(super) fn condition(self) -> &'static str {
        match self {
            Of::Person(..) => "agency = $1 AND person = $2",
            Of::Token(_) => "token_id = $1 AND $2 = ''",
            Of::Agency(_) => "agency = $1 AND $2 = ''",
        }
    }

    pub(super) fn values(self) -> (String, String) {
        match self {
            Of::Person(agency, person) => (agency.to_owned(), person.to_owned()),
            Of::Token(one) | Of::Agency(one) => (one.to_owned(), String::new()),
        }
    }

    pub(super) fn words(self) -> String {
        match self {
            Of::Person(agency, person) => say!("gallery-of", person, agency),
            Of::Token(_) => say!("gallery-token").to_owned(),
            Of::Agency(agency) => say!("gallery-whole", agency),
        }
    }
}

/// Rows of `table` since `since`, and when the oldest of the last `most` was.
fn counted(
    db: &mut dyn Database,
    table: &str,
    of: Of<'_>,
    since: Timestamp,
    most: u32,
) -> Result<(i64, Option<Timestamp>), StoreError> {
    let (first, second) = of.values();
    let condition = of.condition();
    let since = moment(since);
    let sql = format!("SELECT count(*) FROM {table} WHERE {condition} AND at > $3");
    let count: i64 = one(db, &sql, with![&first, &second, &since], Row::next)?.unwrap_or(0);
    if count < i64::from(most) {
        return Ok((count, None));
    }
    let sql = format!("SELECT at FROM {table} WHERE {condition} AND at > $3 ORDER BY at DESC LIMIT 1 OFFSET $4");
    let oldest: Option<String> = one(db, &sql, with![&first, &second, &since, i64::from(most.max(1)) - 1], Row::next)?;
    Ok((count, oldest.and_then(|at| at.parse().ok())))
}

/// Seconds from `now` until `back` after `oldest`.
pub(super) fn until(oldest: Option<Timestamp>, back: SignedDuration, now: Timestamp) -> Duration {
    let end = oldest.and_then(|at| at.checked_add(back).ok()).unwrap_or(now);
    Duration::try_from(now.duration_until(end)).unwrap_or(Duration::ZERO)
}

pub(super) fn day_limit(
    db: &mut dyn Database,
    (table, what): (&str, &str),
    limits: &[(Of<'_>, u32)],
    now: Timestamp,
) -> Result<Option<Refused>, StoreError> {
    for (of, most) in limits {
        let (count, oldest) = counted(db, table, *of, now - day(), *most)?;
        if count >= i64::from(*most) {
            let why = say!("gallery-reached-24-hours-allow", words = of.words(), most, what);
            return Ok(Some((why, until(oldest, day(), now).as_secs().max(1))));
        }
    }
    Ok(None)
}

/// How long to wait until `burst` rows of a token no longer lie within `burst` intervals.
pub(super) fn pace(
    db: &mut dyn Database,
    table: &str,
    token: &str,
    (burst, interval): (u32, Duration),
    now: Timestamp,
) -> Result<Duration, StoreError> {
    let window = SignedDuration::try_from(interval * burst).unwrap_or(SignedDuration::ZERO);
    let (count, oldest) = counted(db, table, Of::Token(token), now - window, burst)?;
    Ok(if count < i64::from(burst) { Duration::ZERO } else { until(oldest, window, now) })
}

/// The name under which a person of an agency is paused.
fn person_of(agency: &str, person: &str) -> String {
    format!("{agency} {person}")
}

pub(super) fn not_paused(db: &mut dyn Database, token: &TokenHolder, person: &str) -> Result<(), StoreError> {
    let because: Option<String> = one(
        db,
        "SELECT because FROM pause WHERE who = $1 OR who = $2 LIMIT 1",
        with![&token.id, person_of(&token.agency, person)],
        Row::next,
    )?;
    because.map_or(Ok(()), |because| Err(StoreError::Paused { because, token: token.id.clone() }))
}

impl Store {
    /// Writes the audit row of a search before it starts, counts it and claims its idempotency key. A search beyond a
    /// limit is refused, which is on the audit as an alarm; one whose key was used before does not run again.
    ///
    /// # Errors
    /// [`StoreError::Limited`], [`StoreError::Paused`]; any other: then nothing may be searched.
    pub fn begin_search(
        &mut self,
        search: Beginning<'_>,
        token: &TokenHolder,
        rule: &AgencyRule,
        allowance: Option<&Allowance>,
        request: &Json,
    ) -> Result<Begun, StoreError> {
        let Self { db, alarms, .. } = self;
        let started = Timestamp::now();
        let agency = token.agency.as_str();
        let done = write(&mut **db, |db| {
            not_paused(db, token, search.person)?;
            if let Some((key, body)) = search.repeat {
                let known = before(db, token, key, body)?;
                if known != Idempotent::Fresh {
                    if let Idempotent::Replay(of, _) = &known {
                        let detail = json!({ "search_id": of, "request": request });
                        append_audit(db, &token.user, agency, "search-replayed", &detail)?;
                    }
                    return Ok(Ok(Begun::Before(known)));
                }
            }
            let person = Of::Person(agency, search.person);
            let own = rule.searches_a_day.or(allowance.map(|a| a.searches_a_day));
            let together = rule.searches_together.or(allowance.map(|a| a.searches_together));
            let mut limits = Vec::new();
            limits.extend(own.map(|most| (person, most)));
            // Names that are only claimed do not multiply what a token may.
            limits.extend(own.map(|most| (Of::Token(&token.id), most.saturating_mul(2))));
            limits.extend(together.map(|most| (Of::Agency(agency), most)));
            let mut refused = day_limit(db, ("search", "searches"), &limits, started)?;
            if refused.is_none()
                && let Some(least) = rule.minimum_seconds
            {
                let window = SignedDuration::from_secs(i64::from(least));
                let (count, oldest) = counted(db, "search", person, started - window, 1)?;
                if count > 0 {
                    let wait = until(oldest, window, started).as_secs() + 1;
                    refused = Some((say!("gallery-allows-people-one-search-seconds", agency, least), wait));
                }
            }
            if refused.is_none()
                && let Some(allowance) = allowance
            {
                let wait = pace(db, "search", &token.id, (allowance.burst, allowance.interval), started)?;
                if !wait.is_zero() {
                    if search.waits {
                        return Ok(Ok(Begun::Wait(wait)));
                    }
                    refused = Some((say!("gallery-searches-token-come-too-fast").to_owned(), wait.as_secs() + 1));
                }
            }
            if let Some((why, seconds)) = refused {
                if let Some(unwritten) = alarms.due(&token.id) {
                    let detail = json!({ "request": request, "limit": why, "unwritten": unwritten });
                    append_audit(db, &token.user, agency, "alarm-limit", &detail)?;
                }
                return Ok(Err(StoreError::Limited { why, seconds }));
            }
            db.execute(
                "INSERT INTO search (search_id, token_id, agency, holder, person, at) VALUES ($1, $2, $3, $4, $5, $6)",
                with![search.id.to_string(), &token.id, agency, &token.user, search.person, moment(started)],
            )?;
            if let Some((key, body)) = search.repeat {
                db.execute(
                    "INSERT INTO request (token_id, key, request_sha256, search_id, at) VALUES ($1, $2, $3, $4, $5)",
                    with![&token.id, key, sha256(body), search.id.to_string(), moment(started)],
                )?;
            }
            let detail = json!({ "search_id": search.id, "request": request });
            append_audit(db, &token.user, agency, "search", &detail)?;
            Ok(Ok(Begun::At(0)))
        })?;
        match done? {
            Begun::At(_) => self.last_seq().map(Begun::At),
            other => Ok(other),
        }
    }

    /// Gives an idempotency key free whose search was not answered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn release(&mut self, search: Uuid) -> Result<(), StoreError> {
        let sql = "DELETE FROM request WHERE search_id = $1 AND answer IS NULL";
        self.db.execute(sql, with![search.to_string()]).map(drop)
    }

    /// What `key` of `token` stands for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn idempotent(&mut self, token: &TokenHolder, key: &str, body: &[u8]) -> Result<Idempotent, StoreError> {
        before(&mut *self.db, token, key, body)
    }

    /// Stops a token, and with `person` that person of its agency too, until [`Store::resume`]. It is on the audit as
    /// an alarm.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pause(
        &mut self,
        token: &TokenHolder,
        person: Option<&str>,
        because: &str,
        detail: &Json,
    ) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            let person = person.map(|person| person_of(&token.agency, person));
            for who in [Some(token.id.clone()), person].into_iter().flatten() {
                db.execute(
                    "INSERT INTO pause (who, token_id, since, because) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                    with![who, &token.id, now(), because],
                )?;
            }
            let detail = json!({ "token_id": token.id, "because": because, "seen": detail });
            append_audit(db, &token.user, &token.agency, "alarm-pattern", &detail)
        })
    }

    /// Lets a token search again, with the persons that were stopped with it; or a person alone, named as agency and
    /// person. Gives how many are free again.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when nobody of that name is stopped.
    pub fn resume(&mut self, who: &str, by: &str) -> Result<u64, StoreError> {
        write(&mut *self.db, |db| {
            let id: Option<String> = one(
                db,
                "SELECT token_id FROM token WHERE secret_sha256 = $1",
                with![sha256(who.as_bytes())],
                Row::next,
            )?;
            let who = id.unwrap_or_else(|| who.to_owned());
            let freed = db.execute("DELETE FROM pause WHERE who = $1 OR token_id = $1", with![&who])?;
            if freed == 0 {
                return Err(StoreError::Unknown(say!("gallery-paused-token-person-name").to_owned()));
            }
            append_audit(db, by, "", "resumed", &json!({ "who": who }))?;
            Ok(freed)
        })
    }

    /// Who is paused: name, since when and why.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn paused(&mut self) -> Result<Vec<(String, String, String)>, StoreError> {
        all(&mut *self.db, "SELECT who, since, because FROM pause ORDER BY since, who", &[], |r| {
            Ok((r.next()?, r.next()?, r.next()?))
        })
    }

    /// Forgets what limits no longer look at: photographs that were shown more than a day ago, and answers that were
    /// kept for repeats. That a key was used is kept for a year.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget(&mut self) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            let now = Timestamp::now();
            let yesterday = moment(now - day());
            db.execute("DELETE FROM shown WHERE at < $1", with![&yesterday])?;
            db.execute("UPDATE request SET answer = '' WHERE at < $1 AND answer <> ''", with![&yesterday])?;
            db.execute("DELETE FROM request WHERE at < $1", with![moment(now - SignedDuration::from_hours(24 * 366))])?;
            Ok(())
        })
    }
}

/// How long a search may be under way before its key is taken over: longer than any request may last.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(180);

fn before(db: &mut dyn Database, token: &TokenHolder, key: &str, body: &[u8]) -> Result<Idempotent, StoreError> {
    let given_up = moment(Timestamp::now() - UNDER_WAY);
    db.execute(
        "DELETE FROM request WHERE token_id = $1 AND key = $2 AND answer IS NULL AND at < $3",
        with![&token.id, key, given_up],
    )?;
    let known: Option<(String, String, Option<String>)> = one(
        db,
        "SELECT request_sha256, search_id, answer FROM request WHERE token_id = $1 AND key = $2",
        with![&token.id, key],
        |r| Ok((r.next()?, r.next()?, r.next()?)),
    )?;
    Ok(match known {
        None => Idempotent::Fresh,
        Some((request, ..)) if request != sha256(body) => Idempotent::Conflict,
        Some((_, _, None)) => Idempotent::UnderWay,
        Some((_, _, Some(answer))) if answer.is_empty() => Idempotent::Gone,
        Some((_, search, Some(answer))) => Idempotent::Replay(search, answer),
    })
}
