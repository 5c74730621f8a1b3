//! Events of the audit as a file shows them.

use serde::{Deserialize, Serialize};

use super::event::AuditEvent;
use super::lost::LostRows;

/// An event as a disclosure shows it: with the hash before it, so that whoever reads it can compute its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedEvent {
    /// The event, its details included.
    #[serde(flatten)]
    pub event: AuditEvent,
    /// Hash of the event before it; empty for the first.
    pub previous: String,
}

impl DisclosedEvent {
    /// Those of `events` (the whole audit of `workstation`, oldest first) that are `wanted`.
    pub fn of(events: &[AuditEvent], workstation: &str, wanted: impl Fn(&AuditEvent) -> bool) -> Vec<Self> {
        let before = std::iter::once("").chain(events.iter().map(|event| event.hash.as_str()));
        let both = events.iter().zip(before).filter(|(event, _)| wanted(event));
        let own = |(event, previous): (&AuditEvent, &str)| {
            let lost = LostRows::of(event, workstation);
            let previous = lost.map_or_else(|| previous.to_owned(), |lost| lost.head().to_owned());
            Self { event: event.clone(), previous }
        };
        both.map(own).collect()
    }

    /// Whether the event's hash follows from its content and the hash before it.
    pub fn holds(&self) -> bool {
        self.event.follows_from(&self.previous)
    }
}
