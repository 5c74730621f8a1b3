use department::{Day, Moment, PersonRef};
use serde::Serialize;

use super::ended::{Duty, Ended, StillOpen};
use super::reckoning::Reckoning;
use super::record::OnRecord;
use super::rule::RetentionRule;
use crate::review::Approval;

/// What the rule of retention says of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Retention {
    /// It has not ended.
    Open {
        /// Why not.
        because: StillOpen,
    },
    /// A legal hold stands.
    Held {
        /// Who set it.
        by: PersonRef,
        /// When.
        at: Moment,
        /// Why.
        reason: String,
    },
    /// It is kept for those who are accused.
    DisclosureDuty {
        /// Why.
        duty: Duty,
    },
    /// Its days are not over.
    NotYet {
        /// The first day on which it is due.
        until: Day,
        /// How it ended.
        ended: Ended,
    },
    /// It is due.
    Due {
        /// Since which day.
        since: Day,
        /// How it ended.
        ended: Ended,
        /// The first moment at which it may go; none before supervisors were told.
        goes_from: Option<Moment>,
    },
}

impl Retention {
    /// What `rule` says of `case`.
    pub fn of(case: &OnRecord<'_>, rule: &RetentionRule, reckoning: Reckoning) -> Self {
        if let Some(hold) = case.hold() {
            return Self::Held { by: hold.by().clone(), at: hold.at(), reason: hold.reason().to_owned() };
        }
        if let Some(duty) = case.duty() {
            return Self::DisclosureDuty { duty };
        }
        let (ended, ended_at) = match ended(case) {
            Ok(ended) => ended,
            Err(because) => return Self::Open { because },
        };
        let Some(now) = reckoning.now() else { return Self::Open { because: StillOpen::NoTime } };
        // What was said or disclosed since counts as touching it.
        let touched = case.said().iter().map(|said| said.at()).chain(case.disclosed_at).fold(ended_at, Moment::max);
        let Some(since) = later(ended_at.day(), rule.days(ended)) else {
            return Self::Open { because: StillOpen::Unread };
        };
        if now.day() < since {
            return Self::NotYet { until: since, ended };
        }
        let told = case.told_at.filter(|told| *told >= touched && told.day() >= since);
        let goes_from = told.and_then(|told| {
            let days = jiff::SignedDuration::from_hours(24 * i64::from(rule.notice_days));
            told.0.checked_add(days).ok().map(Moment)
        });
        Self::Due { since, ended, goes_from }
    }
}

/// How and when a case ended.
fn ended(case: &OnRecord<'_>) -> Result<(Ended, Moment), StillOpen> {
    if case.moved {
        return Err(StillOpen::Moved);
    }
    let conferring = case.file.conferring.is_some();
    if case.waits || conferring || case.file.verifying.is_some() {
        return Err(StillOpen::Waits);
    }
    match case.approval() {
        Some((Approval::Given, at)) => {
            let lead = case.notes.iter().any(|kept| kept.note.disposition.tells_the_lead());
            Ok((if lead { Ended::Lead } else { Ended::Nothing }, at))
        }
        Some((Approval::NotReviewed, _)) => Err(StillOpen::UnderReview),
        Some((Approval::Returned, _)) => Err(StillOpen::Returned),
        Some((Approval::Referred | Approval::DecidedDifferently, _)) => Err(StillOpen::Referred),
        // A note that is named and not there is no draft.
        None if case.file.sealed.is_some() => Err(StillOpen::Unread),
        None if !case.notes.is_empty() => Err(StillOpen::Returned),
        None if !case.file.referrals().is_empty() => Ok((Ended::Referred, case.changed_at)),
        None => Ok((Ended::Draft, case.changed_at)),
    }
}

fn later(day: Day, days: u16) -> Option<Day> {
    day.0.checked_add(jiff::Span::new().days(i64::from(days))).ok().map(Day)
}
