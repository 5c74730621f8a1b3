use catalogue::say;
use department::{Day, Gap, Gaps, Moment, Person, PersonRef, Role, need};
use serde::{Deserialize, Serialize};

use super::decision::Retention;
use super::ended::Ended;
use super::reckoning::Reckoning;
use super::record::OnRecord;
use crate::ids::{CaseId, SearchId};
use crate::policy::Policy;

/// Schema of a [`CertificateContent`].
pub const CERTIFICATE_SCHEMA: &str = "corroborate.purge-certificate.v1";

/// One thing that went: what it was, and its hash. Nothing of what it said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// `note`, `review`, `addendum`, `result`, `operation`, `statement`, `keeping`, `part`, `probe`, `attachment`, `candidate`, `package`,
    /// `verification-request` or `verification-reply`.
    pub kind: String,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// A supervisor who looked at what goes, or let it go, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// Who.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
}

/// What stays of a case that was purged; the workstation signs it. Whoever reads one reads a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateContent {
    /// [`CERTIFICATE_SCHEMA`].
    pub schema: String,
    /// The case.
    pub case: CaseId,
    /// Its number, as typed; empty for one that never had any.
    pub number: String,
    /// How it ended.
    pub ended: Ended,
    /// Days after that, by the policy.
    pub days: u16,
    /// The law or order behind them.
    pub law: String,
    /// SHA-256 of the policy's text, in hexadecimal.
    pub policy: String,
    /// Since which day it was due.
    pub due_since: Day,
    /// When supervisors were told.
    pub told_at: Moment,
    /// Whether witnesses of the department's log bear the time out; else there is the workstation's clock alone.
    pub witnessed: bool,
    /// Its searches, as the gallery names them.
    pub searches: Vec<SearchId>,
    /// Who looked at what goes.
    pub previewed: Confirmed,
    /// Who let it go.
    pub confirmed: Confirmed,
    /// What went, in order.
    pub gone: Vec<Gone>,
}

impl CertificateContent {
    /// Whether it says nothing that the rule does not allow by any policy.
    ///
    /// # Errors
    /// A [`Gap`] for each thing that it should not say.
    pub fn proven(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        let field = match self.ended {
            Ended::Lead | Ended::Referred => "retention.lead_days",
            Ended::Nothing => "retention.nothing_days",
            Ended::Draft => "retention.draft_days",
        };
        let within = |field, found: i64| {
            let (least, most) = Policy::range_of(field);
            u64::try_from(found).is_ok_and(|found| least <= found && found <= most)
        };
        need!(
            gaps,
            self.schema == CERTIFICATE_SCHEMA && within(field, self.days.into()),
            "retention.days",
            say!("rule-retention-certificate-days"),
            "",
        );
        let noticed = self.confirmed.at.days_since(self.told_at);
        let least = i64::try_from(Policy::range_of("retention.notice_days").0).unwrap_or(i64::MAX);
        let in_order = self.due_since <= self.told_at.day() && self.previewed.at <= self.confirmed.at;
        need!(gaps, in_order && noticed >= least, "retention.order", say!("rule-retention-certificate-order"), "");
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let sorted = self.gone.windows(2).all(|two| two[0] <= two[1]);
        need!(
            gaps,
            !self.gone.is_empty()
                && sorted
                && self.gone.iter().all(|gone| is_hash(&gone.sha256))
                && is_hash(&self.policy),
            "retention.gone",
            say!("rule-retention-certificate-gone"),
            "",
        );
        gaps.into_result(|| ())
    }
}

/// That a case may go now. Its only constructor is [`PurgePermit::grant`]; nothing is purged without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgePermit(CertificateContent);

impl PurgePermit {
    /// Whether `case` may go now, all of it that is in `gone`, by the word of `supervisor`, who or whose colleague looked at exactly that
    /// as `previewed`.
    ///
    /// # Errors
    /// Every [`Gap`] that stands in the way.
    pub fn grant(
        case: &OnRecord<'_>,
        policy: &Policy,
        reckoning: Reckoning,
        mut gone: Vec<Gone>,
        previewed: Confirmed,
        supervisor: &Person,
        clock: Moment,
    ) -> Result<Self, Vec<Gap>> {
        may_purge(case, supervisor)?;
        let rule = &policy.retention;
        let refused = |missing: &str| vec![Gap::new("retention", missing, say!("rule-retention-what-is-due"))];
        let (since, ended, goes_from) = match Retention::of(case, rule, reckoning) {
            Retention::Due { since, ended, goes_from } => (since, ended, goes_from),
            Retention::Held { .. } => return Err(refused(say!("rule-retention-held"))),
            Retention::DisclosureDuty { .. } => return Err(refused(say!("rule-retention-duty"))),
            Retention::NotYet { .. } => return Err(refused(say!("rule-retention-not-yet"))),
            Retention::Open { .. } => return Err(refused(say!("rule-retention-open"))),
        };
        let over = goes_from.zip(reckoning.now()).is_some_and(|(from, now)| from <= now);
        let Some(told_at) = case.told_at.filter(|_| over) else {
            return Err(refused(&say!("rule-retention-notice", days = rule.notice_days)));
        };
        let mut gaps = Gaps::new();
        need!(
            gaps,
            previewed.at <= clock && case.said().iter().all(|said| said.at() <= previewed.at),
            "retention",
            say!("rule-retention-look-again"),
            say!("rule-retention-what-was-looked-at"),
        );
        need!(gaps, !gone.is_empty(), "retention", say!("rule-retention-look-again"), "",);
        gone.sort();
        let content = CertificateContent {
            schema: CERTIFICATE_SCHEMA.to_owned(),
            case: case.id(),
            number: case.number().to_owned(),
            ended,
            days: rule.days(ended),
            law: rule.law.clone(),
            policy: policy.sha256.clone(),
            due_since: since,
            told_at,
            witnessed: matches!(reckoning, Reckoning::Witnessed { .. }),
            searches: case.file.searches.iter().map(|search| search.id()).collect(),
            previewed,
            confirmed: Confirmed { by: supervisor.reference(), at: clock },
            gone,
        };
        gaps.into_result(|| Self(content))
    }

    /// What the certificate will say.
    pub fn content(&self) -> &CertificateContent {
        &self.0
    }
}

/// Whether `person` may see what is due, held and purged.
///
/// # Errors
/// A [`Gap`] for anybody but a supervisor or an auditor.
pub fn may_see_retention(person: &Person) -> Result<(), Vec<Gap>> {
    let mut gaps = Gaps::new();
    need!(
        gaps,
        person.is(Role::Supervisor) || person.is(Role::Auditor),
        "person.roles",
        say!("rule-retention-supervisors-and-auditors"),
        say!("rule-retention-somebody-answers"),
    );
    gaps.into_result(|| ())
}

/// Whether `supervisor` may let `case` go, once it is due.
///
/// # Errors
/// A [`Gap`] without the role, and for whoever worked on it or lifted its hold.
pub fn may_purge(case: &OnRecord<'_>, supervisor: &Person) -> Result<(), Vec<Gap>> {
    let mut gaps = Gaps::new();
    need!(
        gaps,
        supervisor.is(Role::Supervisor),
        "retention",
        say!("rule-retention-supervisor-alone"),
        say!("rule-retention-somebody-answers"),
    );
    let own = supervisor.reference();
    need!(
        gaps,
        !case.involves(&own),
        "retention",
        say!("rule-retention-took-part"),
        say!("rule-retention-nobody-lets-own-work-go"),
    );
    need!(
        gaps,
        case.let_go_by().all(|by| !by.is_same(&own)),
        "retention",
        say!("rule-retention-lifted-it"),
        say!("rule-retention-nobody-lets-own-work-go"),
    );
    gaps.into_result(|| ())
}
