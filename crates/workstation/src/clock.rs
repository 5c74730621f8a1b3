//! The clock of this program.

use casework::{Clock, Moment};

/// The system's clock, to the second: records show no fractions.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let now = jiff::Timestamp::now();
        Moment(jiff::Timestamp::from_second(now.as_second()).unwrap_or(now))
    }
}
