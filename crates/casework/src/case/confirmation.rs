use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, Role, need};
use serde::{Deserialize, Serialize};

/// A supervisor of the roster who confirmed with their own sign-in what the program flagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Confirmation {
    /// Who.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
    /// What was confirmed, as far as a change of it matters: another text needs another confirmation.
    pub of: String,
}

impl Confirmation {
    /// Records that `supervisor` confirms `of` for a case opened by `opened_by`. Whoever calls has checked their
    /// passphrase.
    ///
    /// # Errors
    /// A [`Gap`] for somebody who is no supervisor, and for who works on the case.
    pub(crate) fn of(of: String, supervisor: &Person, working: &[&PersonRef], at: Moment) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = say!("rule-case-somebody-answers-looks-program-flags");
        need!(
            gaps,
            supervisor.is(Role::Supervisor),
            "purpose.basis.supervisor",
            say!("rule-case-only-supervisor-can-confirm-choose"),
            why,
        );
        need!(
            gaps,
            !working.iter().any(|p| p.is_same(&supervisor.reference())),
            "purpose.basis.supervisor",
            say!("rule-case-work-another-supervisor-must-confirm"),
            why,
        );
        gaps.into_result(|| Self { by: supervisor.reference(), at, of })
    }
}
