//! Agencies, and what each may do.

use super::error::StoreError;
use super::sql::{Database, Row, one, with};

/// The agency of whoever works at the gallery's own machine; records that name no agency are its.
pub const HOME: &str = "LOCAL0000";

/// What an agency may do. What is `None` is the gallery's [`super::Allowance`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgencyRule {
    /// Purposes that it may search for; all where none are named.
    pub purposes: Option<Vec<String>>,
    /// Searches that each of its people may make in 24 hours.
    pub searches_a_day: Option<u32>,
    /// Seconds that must lie between two searches of a person.
    pub minimum_seconds: Option<u32>,
    /// Searches that all its people together may make in 24 hours.
    pub searches_together: Option<u32>,
    /// Photographs that each of its people may be shown in 24 hours.
    pub photographs_a_day: Option<u32>,
    /// Photographs that all its people together may be shown in 24 hours.
    pub photographs_together: Option<u32>,
}

/// What an agency may do.
pub(super) fn agency_rule(db: &mut dyn Database, ori: &str) -> Result<AgencyRule, StoreError> {
    let rule = one(
        db,
        "SELECT purposes, searches_a_day, minimum_seconds, searches_together, photographs_a_day, photographs_together
         FROM agency WHERE ori = $1",
        with![ori],
        |r| {
            let purposes: Option<String> = r.next()?;
            let number = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
            Ok(AgencyRule {
                purposes: purposes.map(|p| p.split(',').map(str::to_owned).collect()),
                searches_a_day: number(r.next()?),
                minimum_seconds: number(r.next()?),
                searches_together: number(r.next()?),
                photographs_a_day: number(r.next()?),
                photographs_together: number(r.next()?),
            })
        },
    )?;
    Ok(rule.unwrap_or_default())
}

/// The number of an agency, which it gets with its first record or rule.
pub(super) fn agency_no(db: &mut dyn Database, ori: &str) -> Result<i64, StoreError> {
    if let Some(known) = one(db, "SELECT agency_no FROM agency WHERE ori = $1", with![ori], Row::next)? {
        return Ok(known);
    }
    one(db, "INSERT INTO agency (ori) VALUES ($1) RETURNING agency_no", with![ori], Row::next)?
        .ok_or(StoreError::Column)
}
