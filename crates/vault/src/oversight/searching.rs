//! Events are found by words and marks. Places grow with time, so that the newest come first without sorting.

use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};

use casework::oversight::{Conduct, DeskEvent, Party};
use casework::{CaseId, Moment};

use super::desk::WITHIN;
use super::words::{has_digit, is_looked_for, mark, words_of};
use crate::error::VaultError;
use crate::rows::{parse_id, parse_moment};
use crate::vault::Vault;

/// Most events of a page.
pub const MOST_EVENTS: usize = 500;
/// Pages that are kept in memory, in the unit of SQLite's pragma: so many KiB where it is negative.
const CACHE: i64 = -32_000;
/// Most words that are looked for at once.
const MOST_WORDS: usize = 12;
/// Words with one beginning that are looked for one by one: their lists are read as far as a page needs, and no further.
const FEW: usize = 60;
/// Most cases of one number that are looked for.
const MOST_CASES: usize = 50;

/// What is looked for. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventQuery {
    /// Words, or beginnings of words: of a name, an action, a number, what an event tells. A case number finds all of its case.
    pub text: String,
    /// One of these actions.
    pub actions: Vec<String>,
    /// By whom, as [`Party::key`] names them.
    pub person: Option<String>,
    /// Public key of the workstation.
    pub workstation: Option<String>,
    /// Of one of these cases.
    pub cases: Vec<CaseId>,
    /// From when on.
    pub from: Option<Moment>,
    /// Before when.
    pub until: Option<Moment>,
    /// Only before this place: the last of the page before.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// Some of what was found, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventPage {
    /// The events.
    pub events: Vec<DeskEvent>,
    /// Where the next page begins, if there is more.
    pub next: Option<i64>,
}

/// A word as the index is asked for it.
fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

fn any_of(words: Vec<String>) -> Option<String> {
    (!words.is_empty()).then(|| format!("({})", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" OR ")))
}

/// A case `c` that moved away from the workstation that says it, to one that had it come and says it too: by the events of both, which
/// are chained.
const LEFT: &str = "
    SELECT 1 FROM desk_event l WHERE l.action = 'case-moved' AND l.case_id = c.case_id AND l.source = c.source
        AND NOT EXISTS (SELECT 1 FROM desk_event b WHERE b.action IN ('case-came', 'case-taken-back') AND b.case_id = c.case_id
                        AND b.source = c.source AND b.seq > l.seq)
        AND EXISTS (SELECT 1 FROM desk_event t JOIN desk_case o ON o.source = t.source AND o.case_id = t.case_id
                    WHERE t.action = 'case-came' AND t.case_id = c.case_id AND t.source <> c.source AND t.place >= l.place - 1048576 * 3600)";

impl Vault {
    /// Cases of the desk that have this number.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn desk_cases_of(&self, number: &str) -> Result<Vec<CaseId>, VaultError> {
        let mut query = self.db.prepare_cached("SELECT DISTINCT case_id FROM desk_case WHERE number = ?1 LIMIT ?2")?;
        let rows = query.query_map([Sql::from(number.trim().to_owned()), Sql::from(MOST_CASES as i64)], |r| {
            r.get::<_, String>(0)
        })?;
        rows.map(|id| parse_id(&id?)).collect()
    }

    /// What finds the words that begin with `word`: each of them, where they are few.
    fn beginning_with(&self, word: &str) -> Result<String, VaultError> {
        if has_digit(word) {
            return Ok(any_of(vec![word.to_owned(), mark("num", word)]).unwrap_or_default());
        }
        if !is_looked_for(word) {
            return Ok(quoted(word));
        }
        let after = format!("{word}\u{10ffff}");
        let mut query = self
            .db
            .prepare_cached("SELECT term FROM desk_term WHERE term >= ?1 AND term < ?2 ORDER BY term LIMIT ?3")?;
        let terms = query.query_map(rusqlite::params![word, after, FEW as i64 + 1], |r| r.get(0))?;
        let terms: Vec<String> = terms.collect::<Result<_, _>>()?;
        match terms.len() {
            // No event has such a word.
            0 => Ok(quoted(word)),
            // What many words begin with one letter says nothing: the letter alone.
            many if many > FEW && word.chars().count() == 1 => Ok(quoted(word)),
            few if few <= FEW => Ok(any_of(terms).unwrap_or_default()),
            _ => Ok(format!("{}*", quoted(word))),
        }
    }

    /// A page of the events that are looked for, the newest first.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn desk_events(&self, query: &EventQuery) -> Result<EventPage, VaultError> {
        // The lists of common words are read again and again.
        self.db.pragma_update(None, "cache_size", CACHE)?;
        let mut wanted: Vec<String> = Vec::new();
        for typed in query.text.split_whitespace().take(MOST_WORDS) {
            let cases = self.desk_cases_of(typed)?;
            let cases = any_of(cases.iter().map(|case| mark("case", &case.to_string())).collect());
            let words: Vec<String> =
                words_of(typed).map(|word| self.beginning_with(&word)).collect::<Result<_, _>>()?;
            let words = Some(words.join(" AND ")).filter(|words| !words.is_empty());
            let any: Vec<String> = words.into_iter().chain(cases).collect();
            wanted.extend((!any.is_empty()).then(|| format!("({})", any.join(") OR ("))).map(|any| format!("({any})")));
        }
        wanted.extend(any_of(query.actions.iter().map(|action| mark("act", action)).collect()));
        wanted
            .extend(any_of(query.cases.iter().take(MOST_CASES).map(|case| mark("case", &case.to_string())).collect()));
        wanted.extend(query.person.iter().map(|person| quoted(&mark("by", person))));
        if let Some(workstation) = &query.workstation {
            let source =
                self.db.query_row("SELECT source FROM desk_source WHERE workstation = ?1", [workstation], |r| {
                    r.get::<_, i64>(0)
                });
            let source = rusqlite::OptionalExtension::optional(source)?;
            wanted.push(quoted(&mark("from", &source.unwrap_or(-1).to_string())));
        }
        let limit = query.limit.clamp(1, MOST_EVENTS);
        let at = |moment: Option<Moment>, none| moment.map_or(none, |at| at.0.as_second().saturating_mul(WITHIN));
        let from = at(query.from, i64::MIN);
        let before = at(query.until, i64::MAX).min(query.before.unwrap_or(i64::MAX));
        let columns = "e.place, s.workstation, e.seq, e.at, e.person, e.action, e.case_id, e.number, e.purpose, e.told";
        let bounds = [Sql::from(from), Sql::from(before), Sql::from(limit as i64 + 1)];
        let (sql, given): (String, Vec<Sql>) = if wanted.is_empty() {
            let sql = format!(
                "SELECT {columns} FROM desk_event e JOIN desk_source s USING (source)
                 WHERE e.place >= ?1 AND e.place < ?2 ORDER BY e.place DESC LIMIT ?3"
            );
            (sql, bounds.to_vec())
        } else {
            let sql = format!(
                "SELECT {columns} FROM (SELECT rowid AS place FROM desk_word
                     WHERE desk_word MATCH ?4 AND rowid >= ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3) w
                 JOIN desk_event e ON e.place = w.place JOIN desk_source s USING (source) ORDER BY w.place DESC"
            );
            (sql, bounds.into_iter().chain([Sql::from(wanted.join(" AND "))]).collect())
        };
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows = query.query(params_from_iter(given))?;
        let mut page = EventPage::default();
        let mut last = 0;
        while let Some(row) = rows.next()? {
            if page.events.len() == limit {
                page.next = Some(last);
                break;
            }
            last = row.get(0)?;
            page.events.push(event_of(row)?);
        }
        Ok(page)
    }

    /// Every event of these actions, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn desk_events_of(&self, actions: &[&str]) -> Result<Vec<DeskEvent>, VaultError> {
        let places = vec!["?"; actions.len()].join(", ");
        let mut query = self.db.prepare(&format!(
            "SELECT e.place, s.workstation, e.seq, e.at, e.person, e.action, e.case_id, e.number, e.purpose, e.told
             FROM desk_event e JOIN desk_source s USING (source) WHERE e.action IN ({places}) ORDER BY e.place"
        ))?;
        let mut rows = query.query(params_from_iter(actions))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(event_of(row)?);
        }
        Ok(found)
    }

    /// Actions that occur among the events, by name.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn desk_actions(&self) -> Result<Vec<String>, VaultError> {
        // From one action to the next by the index: there are few, of a million events.
        let mut query = self.db.prepare_cached(
            "WITH RECURSIVE each(action) AS (
                 SELECT min(action) FROM desk_event
                 UNION ALL SELECT (SELECT min(action) FROM desk_event WHERE action > each.action) FROM each
                 WHERE each.action IS NOT NULL)
             SELECT action FROM each WHERE action IS NOT NULL",
        )?;
        Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    /// How a case was conducted, with the key of the workstation that says so: the first that says it was searched, and where it moved
    /// since the one where it came last.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_case(&self, case: CaseId) -> Result<Option<(String, Conduct)>, VaultError> {
        let sql = format!(
            "SELECT workstation, content FROM desk_case c JOIN desk_source USING (source) WHERE case_id = ?1
             ORDER BY EXISTS ({LEFT}), searches = 0, c.rowid LIMIT 1"
        );
        let mut query = self.db.prepare_cached(&sql)?;
        let row = query.query_row([case.to_string()], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)));
        let Some((workstation, content)) = rusqlite::OptionalExtension::optional(row)? else { return Ok(None) };
        Ok(Some((workstation, serde_json::from_str(&content)?)))
    }

    /// How each case was conducted, with the key of the workstation that says so. Where several say it of one case all are given, but for
    /// those from which it moved away, and those before it was searched.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_cases(&self) -> Result<Vec<(String, Conduct)>, VaultError> {
        let mut query = self.db.prepare(&format!(
            "WITH said AS MATERIALIZED (SELECT c.rowid AS place, c.* FROM desk_case c WHERE NOT EXISTS ({LEFT}))
             SELECT workstation, content FROM said c JOIN desk_source USING (source)
             WHERE c.searches > 0 OR NOT EXISTS (
                 SELECT 1 FROM said o WHERE o.case_id = c.case_id AND (o.searches > 0 OR o.place > c.place))
             ORDER BY case_id, c.place DESC",
        ))?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (workstation, content) = row?;
            Ok((workstation, serde_json::from_str(&content)?))
        })
        .collect()
    }
}

fn event_of(row: &Row<'_>) -> Result<DeskEvent, VaultError> {
    let person: String = row.get(4)?;
    let (case, purpose): (Option<String>, Option<String>) = (row.get(6)?, row.get(8)?);
    Ok(DeskEvent {
        workstation: row.get(1)?,
        seq: row.get(2)?,
        at: parse_moment(&row.get::<_, String>(3)?)?,
        by: Party::read(&person),
        person,
        action: row.get(5)?,
        case: case.as_deref().map(parse_id).transpose()?,
        number: row.get(7)?,
        purpose: purpose.as_deref().map(parse_id).transpose()?,
        told: serde_json::from_str(&row.get::<_, String>(9)?)?,
    })
}
