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

mod amended;
mod basis;
mod bench;
mod case;
mod checklist;
mod circumstances;
mod disclosure;
mod entry;
mod examination;
mod facts;
mod file;
mod history;
mod ids;
mod morphology;
mod note;
mod offence;
mod policy;
mod preparation;
mod probe;
mod review;
#[cfg(feature = "samples")]
pub mod samples;
mod search;
mod sight;
mod text;
mod vehicle;
mod verification;

// The ground is named here too: whoever works on cases needs both.
pub use department::text::gist;
pub use department::{
    Clock, Day, Gap, Gaps, Moment, Person, PersonId, PersonRef, Role, SessionRule, Staff, StaffChange, StaffEvent,
    Training, TrainingRule, check_passphrase,
};

pub use amended::{Change, difference};
pub use basis::{Basis, Flag, flags};
pub use bench::{ShownCandidate, UnveiledCandidate, VerificationState};
pub use case::{Case, CaseDraft, CaseNumber, Confirmation, Purpose};
pub use checklist::{
    Category, Checklist, CompleteChecklist, ContradictionAnswer, ContradictionItem, ContradictionPanel, PanelAnswer,
    Scope,
};
pub use circumstances::Circumstances;
pub use disclosure::{AuditLine, DisclosedNote, DisclosedSearch, Disclosure};
pub use entry::{
    Attachment, Attempt, Details, Entry, Finding, Fixes, FurtherDetails, Independence, MediaDetails, Objection, Root,
    Standing, VehicleDetails, WitnessDetails,
};
pub use examination::{
    Blind, ChangedConclusion, Concluded, ConcludedExamination, Conclusion, Examination, ExaminationRecord, Outcome,
    RecordedConclusion, Unveiled, Verified, Work,
};
pub use facts::{Fact, facts};
pub use file::{
    CaseFile, Elsewhere, FurtherImage, MAX_PHOTOS, NoteForm, Preparation, ProbeImage, ProbeOrigin, SeenBy, SeenFace,
    Sent, Step, StepState,
};
pub use history::{GivenUp, History, SetAside, UnveiledElsewhere};
pub use ids::{CandidateId, CaseId, EntryId, NoteId, ProbeId, SearchId};
pub use morphology::{
    Comparison, Component, MAX_MARKS, MAX_POINTS, Mark, Observation, OnImage, Place, ProbeAnalysis, Seen, Shape,
    SideSettings, Similarity, Suitability, ViewMode, ViewSettings, Visibility,
};
pub use note::{
    Addendum, AddendumContent, Answered, CaseNote, Disposition, NOTE_SCHEMA, NoteContent, NoteDraft, SealError,
    SealedNote, SentBack, asked,
};
pub use offence::{Offence, OffenceClass, find_offence, shipped_offences};
pub use policy::{Policy, PolicyError, PolicySummary};
pub use preparation::{LEAST_SIDE, MAX_STEPS, PreparationStep};
pub use probe::{
    FaceBox, FurtherDraft, FurtherPhoto, ImageFacts, PreparedProbe, ProbeDraft, ProbeRecord, ProbeSource,
    QualityFinding, QualityVerdict,
};
pub use review::{
    Decision, Judged, Judgement, Remark, RemarkPlace, Review, ReviewContent, ReviewForm, may_review, remark_places,
    took_part, undecided, urgency,
};
pub use search::{Candidate, CandidateList, Completeness, FilterKind, SearchFilters, SearchPermit, SearchRecord};
pub use sight::{Seat, Sight};
pub use text::{MAX_ACCOUNT, MAX_FIELD};
pub use verification::{Agreement, Conference, Verification, VerificationTask};

/// The statement that stands on every screen, print and export that carries a candidate.
pub const LEAD_STATEMENT: &str = include_str!("../../../assets/lead-statement.txt");
