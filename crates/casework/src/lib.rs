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

mod case;
mod corroboration;
mod disclosure;
mod examination;
mod file;
mod ids;
mod note;
pub mod oversight;
mod policy;
mod probe;
mod report;
mod results;
mod retention;
mod review;
#[cfg(feature = "samples")]
pub mod samples;
mod search;
mod text;
mod verification;

// The ground is named here too: whoever works on cases needs both.
pub use department::text::gist;
pub use department::{
    Clock, Day, Gap, Gaps, Moment, Person, PersonId, PersonRef, ProviderRule, Role, SessionRule, Staff, StaffChange,
    StaffEvent, Training, TrainingRule, check_passphrase,
};

pub use case::{
    Basis, Case, CaseDraft, CaseNumber, Confirmation, Flag, Handover, Offence, OffenceClass, Purpose, find_offence,
    flags, shipped_offences,
};
pub use corroboration::{
    Attachment, Attempt, Category, Checklist, Circumstances, CompleteChecklist, ContradictionAnswer, ContradictionItem,
    ContradictionPanel, Details, Entry, Finding, Fixes, FurtherDetails, Independence, MediaDetails, Objection,
    PanelAnswer, Root, Scope, Standing, VehicleDetails, WitnessDetails,
};
pub use disclosure::{
    AuditLine, CandidateWorth, DISCLOSURE_SCHEMA, DisclosedNote, DisclosedSearch, Disclosure, LOGGED_DISCLOSURE_SCHEMA,
    MeasuredWorth, NotMeasured, Usual, Worth, event_concerns,
};
pub use examination::{
    Blind, ChangedConclusion, Comparison, Component, Concluded, ConcludedExamination, Conclusion, Examination,
    ExaminationRecord, GivenUp, History, Listing, MAX_MARKS, MAX_POINTS, Mark, Observation, OnImage, Outcome, Place,
    ProbeAnalysis, RecordedConclusion, Seen, SetAside, Shape, SideSettings, Similarity, Suitability, Unveiled,
    UnveiledElsewhere, Verified, ViewMode, ViewSettings, Visibility, Work,
};
pub use file::{
    Came, CaseFile, Elsewhere, Kept, Seat, SeenBy, ShownCandidate, Sight, Step, StepState, Trace, UnveiledCandidate,
    WaitsFor, moved_in_absence,
};
pub use ids::{CandidateId, CaseId, EntryId, NoteId, ProbeId, RequestId, ResultId, SearchId};
pub use note::{
    Addendum, AddendumContent, Answered, CaseNote, Change, Disposition, FACTS, Fact, NOTE_SCHEMA, NoteContent,
    NoteDraft, NoteForm, SealError, SealedNote, SentBack, asked, difference, facts,
};
pub use policy::{Policy, PolicyError, PolicySummary, PurposeRule};
pub use probe::{
    Credentials, FaceBox, FileRead, FurtherDraft, FurtherImage, FurtherPhoto, ImageFacts, LEAST_SIDE, MAX_PHOTOS,
    MAX_STEPS, Preparation, PreparationStep, PreparedProbe, ProbeDraft, ProbeImage, ProbeOrigin, ProbeRecord,
    ProbeSource, QualityFinding, QualityVerdict, Saying, SeenFace, Signature, THUMBNAIL_ALIKE, Turned, may_join,
};
pub use report::{
    Answer, Dimension, EventKind, Facts, Filled, LEAST_TOLD, Making, Measure, Pack, PackError, PackField,
    REPORT_SCHEMA, Report, Row, Systems, Told, shipped_packs,
};
pub use results::{
    AgeBand, CaseDigest, Concern, Described, DescribedIn, DigestNote, DigestResult, DigestSearch, Figure, Gender,
    InvestigativeResult, Leaving, Operation, RESULT_SCHEMA, Race, RestedOn, ResultContent, ResultFigures, ResultForm,
    ResultKind, Span, may_read_figures, may_record,
};
pub use retention::{
    CERTIFICATE_SCHEMA, CertificateContent, Confirmed, Duty, Ended, Gone, KEEPING_SCHEMA, Keeping, KeepingWord,
    KeptNote, OnRecord, PurgePermit, Reckoning, Retention, RetentionRule, StillOpen, Witnesses, may_purge,
    may_see_retention,
};
pub use review::{
    Approval, Decision, Judged, Judgement, Remark, RemarkPlace, Review, ReviewContent, ReviewForm, may_review,
    remark_places, took_part, undecided, urgency,
};
pub use search::{
    Candidate, CandidateList, Completeness, Encoding, FilterKind, SearchAnswer, SearchFilters, SearchPermit,
    SearchRecord, Sent,
};
pub use text::{LEAD_STATEMENT, MAX_ACCOUNT, MAX_FIELD};
pub use verification::{
    Agreement, Asked, AskedElsewhere, Conference, ConferencePart, Conferred, Conferring, Declined, Reply, RequestKey,
    Requested, Sending, SentCandidate, Verification, VerificationAnswer, VerificationRequest, VerificationState,
    VerificationTask,
};
