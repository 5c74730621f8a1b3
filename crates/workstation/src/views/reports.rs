//! Reports that can be made, and those that were.

use serde::Serialize;

use casework::{Day, Moment, Pack};

/// What can be reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ReportsView {
    /// Packs that ship.
    pub packs: Vec<PackLine>,
    /// Reports that were made, newest first.
    pub made: Vec<MadeReportLine>,
    /// Operations that cases here belong to.
    pub operations: Vec<String>,
}

/// A pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PackLine {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The law.
    pub law: String,
    /// First day in force.
    pub from: Day,
    /// Fields that are filled from the records.
    pub filled: usize,
    /// Fields that are not, each with why.
    pub not_recorded: Vec<String>,
}

impl PackLine {
    /// The line of a pack.
    pub fn of(pack: Pack) -> Self {
        let not_recorded: Vec<String> =
            pack.field.iter().filter_map(|f| Some(format!("{}: {}", f.title, f.not_recorded.as_ref()?))).collect();
        let filled = pack.field.len() - not_recorded.len();
        Self { id: pack.id, title: pack.title, law: pack.law, from: pack.from, filled, not_recorded }
    }
}

/// A report that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct MadeReportLine {
    /// The pack.
    pub pack: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// When it was made.
    pub at: Moment,
    /// SHA-256 of its JSON.
    pub sha256: String,
}

impl MadeReportLine {
    /// The line of one.
    pub fn of(made: vault::MadeReport) -> Self {
        Self { pack: made.pack, from: made.from, to: made.to, at: made.at, sha256: made.sha256 }
    }
}
