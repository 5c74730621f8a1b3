use department::{Moment, PersonRef};
use serde::{Deserialize, Serialize};

use super::request::AskedElsewhere;
use crate::examination::{Blind, Work};
use crate::ids::CandidateId;

/// A verification that was asked for and is not handed in yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerificationTask {
    /// Who asked.
    pub asked_by: PersonRef,
    /// When.
    pub asked_at: Moment,
    /// The lead and the others, by identity: nothing in it tells which is which.
    pub among: Vec<CandidateId>,
    /// The second examiner's work, once one has begun.
    pub begun: Option<Work>,
    /// Set where it is asked of somebody at another workstation: it waits for nobody here then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Box<AskedElsewhere>>,
}

impl VerificationTask {
    /// The bench of `person`, if they began it.
    pub fn bench_of(&self, person: &PersonRef) -> Option<Blind> {
        self.begun.clone().filter(|work| work.examiner.is_same(person)).map(Blind::resume)
    }
}

/// Where the verification of a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum VerificationState {
    /// The examination is not unveiled yet.
    NotYet,
    /// There is no lead to verify.
    NoLead,
    /// It can be asked for.
    Open,
    /// It was asked for; nobody has begun.
    Asked,
    /// A second examiner compares.
    Begun,
    /// It was handed in.
    Done,
}
