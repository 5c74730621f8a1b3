//! The desk of retention.

use serde::Serialize;

use casework::{
    CaseId, CertificateContent, Day, Ended, Gap, Gone, Moment, Reckoning, Retention, RetentionRule, StillOpen,
};
use vault::{Signed, VaultError};

/// What a supervisor or an auditor sees of how long cases are kept.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RetentionView {
    /// Whether whoever is signed in decides, and does not only read.
    pub may_decide: bool,
    /// The policy's numbers.
    pub rule: RetentionRuleView,
    /// The time by which cases go.
    pub reckoning: Reckoning,
    /// Cases that are due, held, kept or not yet due.
    pub lines: Vec<RetentionLine>,
    /// Open cases, by why they are.
    pub open: Vec<OpenCount>,
    /// Certificates of what was purged, newest first.
    pub certificates: Vec<CertificateLine>,
}

/// The policy's numbers of days.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RetentionRuleView {
    /// After a lead.
    pub lead_days: u16,
    /// After a search that gave nothing.
    pub nothing_days: u16,
    /// After the last change of a draft.
    pub draft_days: u16,
    /// Between telling and going.
    pub notice_days: u16,
    /// The law or order behind them.
    pub law: String,
}

impl From<RetentionRule> for RetentionRuleView {
    fn from(rule: RetentionRule) -> Self {
        let RetentionRule { lead_days, nothing_days, draft_days, notice_days, law } = rule;
        Self { lead_days, nothing_days, draft_days, notice_days, law }
    }
}

/// One case.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RetentionLine {
    /// Which.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// What the rule says of it.
    pub retention: Retention,
    /// Why whoever is signed in does not let it go; none where they may.
    pub refused: Option<String>,
}

impl RetentionLine {
    /// What goes first stands first.
    pub(crate) fn order(&self) -> (u8, Option<Day>) {
        match &self.retention {
            Retention::Due { since, .. } => (0, Some(*since)),
            Retention::Held { .. } => (1, None),
            Retention::DisclosureDuty { .. } => (2, None),
            Retention::NotYet { until, .. } => (3, Some(*until)),
            Retention::Open { .. } => (4, None),
        }
    }
}

/// How many cases are open for one reason.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct OpenCount {
    /// Why.
    pub because: StillOpen,
    /// How many.
    pub cases: u32,
}

/// A certificate.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CertificateLine {
    /// Of which case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// How it ended.
    pub ended: Ended,
    /// When it went.
    pub at: Moment,
    /// Who let it go.
    pub by: String,
    /// How many things went.
    pub gone: usize,
    /// SHA-256 of the certificate.
    pub sha256: String,
}

impl CertificateLine {
    pub(crate) fn read(signed: &Signed) -> Result<Self, VaultError> {
        let content: CertificateContent = serde_json::from_str(&signed.text)?;
        Ok(Self {
            case: content.case,
            number: content.number,
            ended: content.ended,
            at: content.confirmed.at,
            by: content.confirmed.by.name,
            gone: content.gone.len(),
            sha256: signed.sha256.clone(),
        })
    }
}

/// What would go of one kind.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GoneCount {
    /// Of what kind.
    pub kind: String,
    /// How many.
    pub count: u32,
    /// Bytes of all.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What would go of a case.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PurgePreview {
    /// Which.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// SHA-256 of what is confirmed.
    pub sha256: String,
    /// What goes, by kind.
    pub gone: Vec<GoneCount>,
    /// Why.
    pub retention: Retention,
    /// What stands in the way; nothing where it may go.
    pub refused: Vec<Gap>,
}

impl PurgePreview {
    pub(crate) fn new(
        case: CaseId,
        number: String,
        sha256: String,
        all: &[Gone],
        retention: Retention,
        refused: Vec<Gap>,
    ) -> Self {
        let mut gone: Vec<GoneCount> = Vec::new();
        for one in all {
            match gone.iter_mut().find(|known| known.kind == one.kind) {
                Some(known) => {
                    known.count += 1;
                    known.bytes += one.bytes;
                }
                None => gone.push(GoneCount { kind: one.kind.clone(), count: 1, bytes: one.bytes }),
            }
        }
        Self { case, number, sha256, gone, retention, refused }
    }
}
