use department::Moment;
use serde::Serialize;

/// Who besides the own clock says what time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witnesses {
    /// The department's log has no witness: there is the own clock alone.
    None,
    /// It has some, and none of them was seen here yet.
    Unseen,
    /// When the newest checkpoint that was seen here was cosigned.
    Seen(Moment),
}

/// The time by which cases go. A workstation's clock is set by whoever sits at it, so where witnesses of the department's log were
/// seen it is never later than they say: a clock set forward makes nothing due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Reckoning {
    /// By the own clock, for want of another.
    Clock {
        /// Now.
        now: Moment,
    },
    /// By the witnesses of the department's log, or the own clock where that is earlier.
    Witnessed {
        /// Now.
        now: Moment,
    },
    /// Nobody can say: witnesses are named and none was seen here yet.
    Unknown,
}

impl Reckoning {
    /// What time it is, by the own `clock` and the `witnesses`.
    pub fn of(clock: Moment, witnesses: Witnesses) -> Self {
        match witnesses {
            Witnesses::None => Self::Clock { now: clock },
            Witnesses::Unseen => Self::Unknown,
            Witnesses::Seen(at) => Self::Witnessed { now: at.min(clock) },
        }
    }

    /// Now; `None` where nobody can say.
    pub fn now(self) -> Option<Moment> {
        match self {
            Self::Clock { now } | Self::Witnessed { now } => Some(now),
            Self::Unknown => None,
        }
    }
}
