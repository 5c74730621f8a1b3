//! The blind second examination of a lead: at the same workstation, or asked of another one.

mod answer;
mod answered;
mod conference;
mod record;
mod request;
mod requested;
mod task;

pub use answer::{Reply, VerificationAnswer};
pub use conference::{ConferencePart, Conferred, Conferring};
pub use record::{Agreement, Conference, Verification};
pub use request::{Asked, AskedElsewhere, Declined, RequestKey, Sending, SentCandidate, VerificationRequest};
pub use requested::Requested;
pub use task::{VerificationState, VerificationTask};
