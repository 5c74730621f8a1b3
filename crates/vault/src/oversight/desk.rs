//! What the desk has of each workstation, and what is wrong with it.

use casework::Moment;

/// Places within a second.
pub(super) const WITHIN: i64 = 1 << 20;

/// What is wrong with what a workstation delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeskFault {
    /// A row does not follow from the one before it.
    Changed,
    /// A row came with another hash than before.
    Fork,
    /// The department's log has another row.
    Ledger,
    /// The vault was restored from a backup, and lacks the rows before this one.
    Lost,
}

impl DeskFault {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Fork => "fork",
            Self::Ledger => "ledger",
            Self::Lost => "lost",
        }
    }

    pub(super) fn read(code: &str) -> Self {
        match code {
            "fork" => Self::Fork,
            "ledger" => Self::Ledger,
            "lost" => Self::Lost,
            _ => Self::Changed,
        }
    }
}

/// What the desk has of one workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSource {
    /// Its public key, in hexadecimal.
    pub workstation: String,
    /// Events that are here without a gap.
    pub rows: i64,
    /// When the newest of them happened.
    pub last_at: Option<Moment>,
    /// When something of it came last.
    pub heard_at: Moment,
    /// What is wrong: the row, what, and when it was noticed.
    pub faults: Vec<(i64, DeskFault, Moment)>,
    /// First row that came before those that it follows.
    pub waits_from: Option<i64>,
}
