//! When the department's log was looked at last.

use std::time::{Duration, Instant};

/// How often the log is looked at when this workstation has nothing to bring.
const LOOK: Duration = Duration::from_secs(60);

/// The last look at the log.
#[derive(Debug, Clone)]
pub(crate) struct Looked {
    at: Instant,
    rows: u64,
    said: Vec<String>,
}

impl Looked {
    /// It was looked at now, when the own audit had `rows`; `said` is what had to be said of it.
    pub(crate) fn now(rows: u64, said: &[String]) -> Self {
        Self { at: Instant::now(), rows, said: said.to_vec() }
    }

    /// What still has to be said, where the own audit has no more than the same `rows` and the look was not long ago.
    pub(crate) fn still_said(&self, rows: u64) -> Option<&[String]> {
        (self.rows == rows && self.at.elapsed() < LOOK).then_some(self.said.as_slice())
    }
}
