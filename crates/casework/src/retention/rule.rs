use catalogue::say;
use serde::Deserialize;

use super::ended::Ended;

/// How long cases are kept. What may be kept for longer is laxer; what goes too soon is lost to those who are accused, so that each
/// number has a least one too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// Days after the last word on an approved note that tells a lead. From 730 to 1,825.
    pub lead_days: u16,
    /// Days after the last word on an approved note of a search that gave nothing. From 30 to 365.
    pub nothing_days: u16,
    /// Days after the last change of a case that never came to a note. From 30 to 365.
    pub draft_days: u16,
    /// Days between the day on which supervisors are told that a case is due and the first on which it may go. From 7 to 90.
    pub notice_days: u16,
    /// The law or order behind the numbers, as certificates name it.
    pub law: String,
}

impl Default for RetentionRule {
    /// The strictest; what a policy of an earlier program says by saying nothing.
    fn default() -> Self {
        Self {
            lead_days: 730,
            nothing_days: 90,
            draft_days: 60,
            notice_days: 14,
            law: say!("rule-policy-retention-default").to_owned(),
        }
    }
}

impl RetentionRule {
    /// Days after a case has `ended`.
    pub fn days(&self, ended: Ended) -> u16 {
        match ended {
            Ended::Lead | Ended::Referred => self.lead_days,
            Ended::Nothing => self.nothing_days,
            Ended::Draft => self.draft_days,
        }
    }

    /// Numbers by their names in a policy.
    pub(crate) fn numbers(&self) -> [(&'static str, u16); 4] {
        [
            ("retention.lead_days", self.lead_days),
            ("retention.nothing_days", self.nothing_days),
            ("retention.draft_days", self.draft_days),
            ("retention.notice_days", self.notice_days),
        ]
    }
}
