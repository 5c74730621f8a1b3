//! What an auditor works with: events of all workstations, both sides of a search held against each other, patterns worth a
//! look, a sample that nobody could choose. Nothing here accuses: each matter is a topic until somebody closes it with a reason.

mod closing;
mod conduct;
mod cross_check;
mod event;
mod party;
mod patterns;
mod reading;
mod referral;
mod rule;
mod sample;
mod unusual;

pub use closing::{ClosedAs, Closing, Matter, MatterKind};
pub use conduct::{
    Conduct, ConductExamination, ConductNote, ConductSearch, ConductVerification, MAX_CONDUCT, Sameness,
};
pub use cross_check::{Alone, CaseSearch, GallerySearch, Grounds, SEARCH_ACTIONS, Side, case_searches, cross_check};
pub use event::{DeskEvent, MAX_TOLD};
pub use party::Party;
pub use patterns::{Observed, PATTERN_ACTIONS, Pattern, Topic, topics};
pub use reading::{AuditedCase, AuditedNote};
pub use referral::{REFERRAL_ACTIONS, Referral, referrals};
pub use rule::OversightRule;
pub use sample::{Commitment, Draw, SampleError};
