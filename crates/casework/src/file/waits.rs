//! Who a case waits for.

use department::PersonRef;
use serde::Serialize;

use super::CaseFile;
use crate::review::Decision;
use crate::verification::VerificationState;

/// Who a case waits for, as somebody's list of cases tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum WaitsFor {
    /// Whoever looks at the list.
    You,
    /// An examiner: whoever holds it, or a second one.
    Examiner,
    /// A supervisor, who reviews its note.
    Supervisor,
    /// An auditor, to whom its note was referred.
    Auditor,
    /// Nobody.
    Nobody,
}

impl CaseFile {
    /// Who it waits for, told to `reader`; `decision` is the one on its sealed note.
    pub fn whom_it_waits_for(&self, decision: Option<Decision>, reader: &PersonRef) -> WaitsFor {
        let holder = if self.holder().is_same(reader) { WaitsFor::You } else { WaitsFor::Examiner };
        match (self.sealed, decision) {
            (Some(_), None) => WaitsFor::Supervisor,
            (Some(_), Some(Decision::Refer)) => WaitsFor::Auditor,
            (Some(_), Some(Decision::Approve)) => WaitsFor::Nobody,
            (Some(_), Some(Decision::Return)) => holder,
            (None, _) => match self.verification_state() {
                VerificationState::Asked | VerificationState::Begun if self.returned.is_empty() => WaitsFor::Examiner,
                _ => holder,
            },
        }
    }
}
