//! What an auditor gets.

use serde::{Deserialize, Serialize};

use casework::oversight::{ClosedAs, DeskEvent, MatterKind, Party, Pattern};
use casework::{CaseId, Moment, Purpose};

/// The auditor's desk.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DeskView {
    /// Workstations whose events are here.
    pub sources: Vec<SourceLine>,
    /// The gallery's side, once it was read.
    pub gallery: Option<GalleryAuditLine>,
    /// The log of the gallery's audit, where it keeps one.
    pub gallery_log: Option<GalleryLogLine>,
    /// What the gallery showed that does not fit to what it showed before, a sentence each.
    pub gallery_faults: Vec<String>,
    /// Whether a token for the gallery's audit is stored.
    pub token_set: bool,
    /// Searches that stand alone, referrals, topics: those that are open first.
    pub matters: Vec<MatterLine>,
    /// Samples, the newest first.
    pub samples: Vec<SampleLine>,
    /// Actions that occur, for the filter.
    pub actions: Vec<String>,
    /// People who occur, for the filter.
    pub people: Vec<PartyLine>,
}

/// Somebody for a filter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
pub struct PartyLine {
    /// How they are named.
    pub name: String,
    /// What is looked for.
    pub key: String,
}

/// A workstation whose events are here.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SourceLine {
    /// Its key.
    pub workstation: String,
    /// Its name.
    pub name: String,
    /// Whether it is this one.
    pub own: bool,
    /// How many events.
    #[ts(type = "number")]
    pub rows: i64,
    /// When the newest happened.
    pub last_at: Option<Moment>,
    /// When something came last; none for a workstation of the roster of which nothing ever came.
    pub heard_at: Option<Moment>,
    /// Whether it has been silent for longer than the policy expects.
    pub silent: bool,
    /// What is wrong, a sentence each.
    pub faults: Vec<String>,
}

/// How far the gallery's audit was read.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GalleryAuditLine {
    /// Its address.
    pub address: String,
    /// How many rows.
    #[ts(type = "number")]
    pub rows: i64,
    /// When it was read last.
    pub read_at: Moment,
    /// The row that does not follow from the one before it.
    #[ts(type = "number | null")]
    pub broken_at: Option<i64>,
}

/// The log of the gallery's audit, as it was seen.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GalleryLogLine {
    /// Public key of the log, as its operator prints it (`gallery audit key`).
    pub key: String,
    /// Whether the department's roster names it; else it is the one that was seen first.
    pub named: bool,
    /// When it was seen first.
    pub since: Moment,
    /// Rows of the newest checkpoint that was seen.
    #[ts(type = "number")]
    pub rows: u64,
    /// When that was seen.
    pub seen_at: Moment,
    /// Witnesses of the department's roster who saw it, a sentence each.
    pub witnesses: Vec<String>,
}

/// Something that an auditor looks at.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct MatterLine {
    /// What it is told from others by.
    pub key: String,
    /// Which kind.
    pub kind: MatterKind,
    /// Which pattern, of a topic.
    pub pattern: Option<Pattern>,
    /// What it is, in a few words.
    pub title: String,
    /// Why, in a sentence.
    pub why: String,
    /// What is usual among colleagues, where that is known.
    pub usual: String,
    /// Whom it is about.
    pub about: Vec<Party>,
    /// When it happened last.
    pub at: Option<Moment>,
    /// Whose token, of a search that stands alone.
    pub who: String,
    /// Agency of that token.
    pub agency: String,
    /// Case number given.
    pub number: String,
    /// Purpose given.
    pub purpose: String,
    /// Basis given.
    pub basis: String,
    /// Code of the gallery's refusal, where it was refused.
    pub refused: Option<String>,
    /// Its cases.
    pub cases: Vec<DeskCaseLine>,
    /// How many events it rests on.
    pub events: usize,
    /// Whether what is missing may still come.
    pub waits: bool,
    /// How it was closed, if it is.
    pub closed: Option<ClosedLine>,
    /// Whether it was closed before and there is more of it since.
    pub reopened: bool,
    /// Whether it is about whoever is signed in, who cannot close it.
    pub own: bool,
}

/// A case as the desk names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct DeskCaseLine {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// What it is for.
    pub purpose: Option<Purpose>,
    /// The offence.
    pub offence: String,
    /// Whether it lives here.
    pub here: bool,
    /// At which workstation it lives.
    pub at: String,
}

/// How a matter was closed.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ClosedLine {
    /// How.
    pub closed_as: ClosedAs,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Party,
    /// When.
    pub at: Moment,
}

/// A sample.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SampleLine {
    /// SHA-256 of the seed.
    pub sha256: String,
    /// When it was committed to.
    pub committed_at: Moment,
    /// When it was drawn, if it was.
    pub drawn_at: Option<Moment>,
    /// The seed, once something was drawn.
    pub seed: Option<String>,
    /// From how many cases; until something is drawn, how many there would be now.
    pub population: usize,
    /// What was drawn.
    pub cases: Vec<DeskCaseLine>,
    /// Whether drawing again gives the same.
    pub holds: bool,
}

/// What events are looked for.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct EventsForm {
    /// Words or their beginnings; a case number finds all of its case.
    pub text: String,
    /// An action; empty for any.
    pub action: String,
    /// Somebody's key; empty for anybody's.
    pub person: String,
    /// A workstation's key; empty for any.
    pub workstation: String,
    /// From which day on, as it was typed; empty for any.
    pub from: String,
    /// Until which day; empty for any.
    pub until: String,
    /// Only what a matter rests on; empty for everything.
    pub matter: String,
    /// Where the page begins: `next` of the page before.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
}

/// A page of events.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EventsView {
    /// The events, the newest first.
    pub events: Vec<EventLine>,
    /// Where the next page begins, if there is more.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
}

/// An event.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EventLine {
    /// The event.
    pub event: DeskEvent,
    /// Name of the workstation.
    pub at: String,
    /// Its case, where it is known.
    pub case: Option<DeskCaseLine>,
    /// Why the case is referred to the auditor, if it is.
    pub marks: Vec<String>,
}
