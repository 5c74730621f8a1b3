//! Alarms that were written lately.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Alarms that were written lately, so that whoever runs against a limit does not fill the audit.
#[derive(Debug, Default)]
pub(super) struct Alarms(HashMap<String, (Instant, u64)>);

impl Alarms {
    /// How often an alarm of `who` went unwritten since the last one, or `None` where this one does too.
    pub(super) fn due(&mut self, who: &str) -> Option<u64> {
        let minute = Duration::from_secs(60);
        self.0.retain(|_, (at, unwritten)| at.elapsed() < minute || *unwritten > 0);
        match self.0.get_mut(who) {
            Some((at, unwritten)) if at.elapsed() < minute => {
                *unwritten += 1;
                None
            }
            Some((at, unwritten)) => {
                *at = Instant::now();
                Some(std::mem::take(unwritten))
            }
            None => {
                self.0.insert(who.to_owned(), (Instant::now(), 0));
                Some(0)
            }
        }
    }
}
