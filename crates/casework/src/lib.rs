//! The domain as types and rules.
//!
//! A case passes gates in one order: purpose, probe, search, examination, corroboration, note.
//! Each gate is a function that either returns the proof that it was passed or the list of
//! [`Gap`]s that stand in the way, in words a detective can act on.
//!
//! **Invariant:** a [`SealedNote`] exists only as the value of [`CaseNote::seal`], whose arguments
//! prove the gates. This crate knows no disk, no network, no clock and no randomness: whoever
//! calls passes times and identifiers in.

#![cfg_attr(not(test), warn(clippy::expect_used))]

mod basis;
mod case;
mod checklist;
mod entry;
mod examination;
mod file;
mod gap;
mod ids;
mod moment;
mod note;
mod person;
mod policy;
mod probe;
#[cfg(feature = "samples")]
pub mod samples;
mod search;

pub use basis::{Basis, SensitiveTerm, sensitive_terms};
pub use case::{Case, CaseDraft, CaseNumber, Purpose};
pub use checklist::{
    Category, Checklist, CompleteChecklist, ContradictionAnswer, ContradictionItem, ContradictionPanel, PanelAnswer,
    Scope,
};
pub use entry::{
    Attempt, Details, Entry, Finding, Fixes, Independence, MediaDetails, Objection, Root, Standing, VehicleDetails,
    WitnessDetails,
};
pub use examination::{ConcludedExamination, Conclusion, Examination, Outcome, RecordedConclusion, Verification};
pub use file::{
    CaseFile, FurtherImage, MAX_PHOTOS, NoteForm, ProbeImage, ProbeOrigin, SeenFace, ShownCandidate, Step, StepState,
};
pub use gap::{Gap, Gaps};
pub use ids::{CandidateId, CaseId, EntryId, NoteId, PersonId, ProbeId, SearchId};
pub use moment::{Clock, Day, Moment};
pub use note::{CaseNote, Disposition, NoteContent, NoteDraft, SealError, SealedNote};
pub use person::{Person, PersonRef, Role, Training};
pub use policy::{Policy, PolicyError, PolicySummary};
pub use probe::{
    FaceBox, FurtherDraft, FurtherPhoto, ImageFacts, ProbeDraft, ProbeRecord, ProbeSource, QualityFinding,
    QualityVerdict,
};
pub use search::{Candidate, Completeness, SearchPermit, SearchRecord};

/// The statement that stands on every screen, print and export that carries a candidate.
pub const LEAD_STATEMENT: &str = include_str!("../../../assets/lead-statement.txt");

/// True when a person wrote something: more than white space.
pub(crate) fn said(text: &str) -> bool {
    !text.trim().is_empty()
}
