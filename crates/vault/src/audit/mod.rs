//! The audit chain: its events, how each follows from the one before it, what of it is lost, and its end as the workstation signs it.
//! Module list and re-exports.

mod anchors;
mod chain;
mod event;
mod export;
mod lost;
mod rows;
mod shown;

pub use anchors::RolledBack;
pub(crate) use chain::{append, append_after, chain, in_audit};
pub use event::{AUDIT_HEAD, AuditEvent, AuditHead};
pub use export::{CheckedAudit, verify_export};
pub use lost::LostRows;
pub(crate) use lost::{RESTORED, lost};
pub use shown::DisclosedEvent;
