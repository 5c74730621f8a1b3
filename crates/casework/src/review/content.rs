use catalogue::say;
use department::{Moment, PersonRef, Role};
use serde::{Deserialize, Serialize};

use crate::ids::NoteId;

/// What a reviewer judges with their own eyes. Each is asked; none is preselected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// The purpose fits the case.
    PurposeFits,
    /// The probe's quality is acceptable for what was concluded.
    ProbeAcceptable,
    /// The examination gives its reasons.
    ExaminationReasoned,
    /// What is counted as corroboration is independent.
    CorroborationIndependent,
    /// What speaks for the person was handled.
    ExculpatoryHandled,
}

impl Judgement {
    /// All, in the order of the form.
    pub const ALL: [Judgement; 5] = [
        Judgement::PurposeFits,
        Judgement::ProbeAcceptable,
        Judgement::ExaminationReasoned,
        Judgement::CorroborationIndependent,
        Judgement::ExculpatoryHandled,
    ];

    /// Where its remark leads to, as [`Gap::place`] names it.
    pub(crate) fn place(self) -> &'static str {
        match self {
            Judgement::PurposeFits => "note.narrative",
            Judgement::ProbeAcceptable | Judgement::ExaminationReasoned => "examination",
            Judgement::CorroborationIndependent => "vehicle",
            Judgement::ExculpatoryHandled => "panel.speaks_for_the_person",
        }
    }

    /// The question.
    pub fn question(self) -> &'static str {
        match self {
            Judgement::PurposeFits => say!("rule-review-does-purpose-fit-case-basis"),
            Judgement::ProbeAcceptable => say!("rule-review-probe-quality-acceptable-concluded"),
            Judgement::ExaminationReasoned => say!("rule-review-does-examination-give-reasons"),
            Judgement::CorroborationIndependent => say!("rule-review-counts-corroboration-independent-search"),
            Judgement::ExculpatoryHandled => say!("rule-review-speaks-person-looked-answered"),
        }
    }
}

/// A reviewer's answer to one judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Judged {
    /// Which.
    pub judgement: Judgement,
    /// The answer.
    pub holds: Option<bool>,
    /// In the reviewer's words; needed where it does not hold.
    pub remark: String,
}

/// What a reviewer asks to be mended, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Remark {
    /// The field, as [`Gap::place`](department::Gap::place) names it; one of [`remark_places`](crate::remark_places).
    pub place: String,
    /// What is wrong with it.
    pub text: String,
}

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The note stands; a lead may be handed on, as a lead.
    Approve,
    /// Back to the author, with reasons.
    Return,
    /// To audit.
    Refer,
}

/// What a review says; it can be read by anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReviewContent {
    /// `corroborate.review.v2`.
    pub schema: String,
    /// The note.
    pub note: NoteId,
    /// SHA-256 of the note as it was reviewed.
    pub note_sha256: String,
    /// Who reviewed; never the author, the examiner or the verifier.
    pub reviewer: PersonRef,
    /// The role in which they reviewed: `supervisor`.
    #[serde(default)]
    pub role: Option<Role>,
    /// When.
    pub at: Moment,
    /// The decision.
    pub decision: Decision,
    /// The reviewer's own judgement.
    pub judged: Vec<Judged>,
    /// Why it was referred.
    pub reason: String,
    /// What is to be mended, field by field.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}
