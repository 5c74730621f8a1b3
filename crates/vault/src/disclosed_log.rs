//! What a disclosure shows of a log: which of its records and of the events of its audit are there, who saw them, and what was never
//! logged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use catalogue::say;
use department::Chain;

use casework::{AuditLine, Disclosure, Moment};

use crate::disclosure_proof::{DisclosureProof, ProofNote};
use crate::log_row::{LoggedRow, RECORDS, named_by};
use crate::note::{InLog, OfNote, Shown, Whose, in_log};
use crate::unproven::{Reason, Unproven};

/// How many notes, reviews, addenda and events of the audit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Sealed notes.
    pub notes: usize,
    /// Reviews.
    pub reviews: usize,
    /// Addenda.
    pub addenda: usize,
    /// Events of the audit.
    pub events: usize,
}

/// What a log says of a disclosure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoggedDisclosure {
    /// Its rows, in their order.
    pub rows: Vec<InLog>,
    /// How many of its records and events are in whose log.
    pub logged: Vec<(Whose, Counted)>,
    /// How many are in none.
    pub never: Counted,
    /// How many it has.
    pub all: Counted,
}

/// A record or an event: which of [`RECORDS`] put it there, and its SHA-256; behind them, an event of the audit and its hash.
type Part = (usize, String);

fn counted<'a>(parts: impl Iterator<Item = &'a Part>) -> Counted {
    parts.fold(Counted::default(), |mut counted, (kind, _)| {
        *match kind {
            0 => &mut counted.notes,
            1 => &mut counted.reviews,
            2 => &mut counted.addenda,
            _ => &mut counted.events,
        } += 1;
        counted
    })
}

fn of(note: &ProofNote) -> OfNote<'_> {
    OfNote { note: &note.note, reviews: &note.reviews, addenda: &note.addenda }
}

/// Whether a row is the event that a disclosure shows.
fn same(row: &LoggedRow, line: &AuditLine) -> bool {
    let event = &row.row.event;
    (event.seq, event.at, &event.person, &event.action) == (line.seq, line.at, &line.person, &line.action)
        && (&event.detail, &row.row.previous, &event.hash) == (&line.detail, &line.previous, &line.hash)
}

/// What the log says of a disclosure that holds. A row of the workstation that made it, at the position of an event that it shows, is
/// that event; any other is of a record.
///
/// # Errors
/// [`Reason::Ledger`].
pub(crate) fn logged(
    disclosure: &Disclosure,
    proof: &DisclosureProof,
    chain: Option<&Chain>,
) -> Result<LoggedDisclosure, Unproven> {
    let lines: HashMap<i64, &AuditLine> = disclosure.audit.iter().map(|line| (line.seq, line)).collect();
    let mut records: HashMap<&str, &ProofNote> = HashMap::new();
    let mut parts: BTreeSet<Part> = disclosure.audit.iter().map(|line| (RECORDS.len(), line.hash.clone())).collect();
    for note in &proof.notes {
        let all = std::iter::once((0, &note.note));
        let all = all.chain(note.reviews.iter().map(|one| (1, one))).chain(note.addenda.iter().map(|one| (2, one)));
        for (kind, record) in all {
            records.insert(&record.sha256, note);
            parts.insert((kind, record.sha256.clone()));
        }
    }
    let line_of = |row: &LoggedRow| (row.writer == proof.public_key).then(|| lines.get(&row.row.event.seq)).flatten();
    let record_of = |row: &LoggedRow| of(records.get(named_by(&row.row.event)?.as_str())?).record_of(row);
    let is_of = |row: &LoggedRow| line_of(row).map_or_else(|| record_of(row).is_some(), |line| same(row, line));
    let shown = Shown { rows: &proof.ledger, log: proof.log.as_deref(), root: proof.root.as_deref() };
    let rows = in_log(shown, chain, is_of).map_err(|why| Unproven::new(Reason::Ledger, why))?;

    let mut logged: Vec<(Whose, BTreeSet<Part>)> = Vec::new();
    for (row, found) in proof.ledger.iter().zip(&rows) {
        let event = line_of(row).map(|line| (RECORDS.len(), line.hash.clone()));
        let kind = RECORDS.iter().position(|action| *action == row.row.event.action);
        let these = event.into_iter().chain(kind.zip(record_of(row)));
        match logged.iter_mut().find(|(whose, _)| *whose == found.whose) {
            Some((_, known)) => known.extend(these),
            None => logged.push((found.whose, these.collect())),
        }
    }
    let never = parts.iter().filter(|part| !logged.iter().any(|(_, known)| known.contains(part)));
    Ok(LoggedDisclosure {
        never: counted(never),
        all: counted(parts.iter()),
        logged: logged.iter().map(|(whose, known)| (*whose, counted(known.iter()))).collect(),
        rows,
    })
}

impl LoggedDisclosure {
    fn said(&self, counted: &Counted) -> String {
        let (these, all) = (counted, &self.all);
        say!(
            "vault-disclosure-logged-parts",
            notes = these.notes,
            of_notes = all.notes,
            reviews = these.reviews,
            of_reviews = all.reviews,
            addenda = these.addenda,
            of_addenda = all.addenda,
            events = these.events,
            of_events = all.events
        )
    }

    /// What a reader should know of it, a sentence each.
    pub fn in_words(&self) -> Vec<String> {
        if self.rows.is_empty() {
            return vec![say!("vault-disclosure-logged-nothing").to_owned()];
        }
        let mut all: Vec<String> = Vec::new();
        for (whose, counted) in &self.logged {
            let parts = self.said(counted);
            all.push(match whose {
                Whose::Department => say!("vault-disclosure-logged-department", parts),
                Whose::Unnamed => say!("vault-disclosure-logged-unnamed", parts),
                Whose::Workstation => say!("vault-disclosure-logged-workstation", parts),
            });
        }
        let rows = self.rows.len();
        let mut seen: BTreeMap<&str, Vec<Moment>> = BTreeMap::new();
        let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &self.rows {
            row.seen.iter().for_each(|one| seen.entry(&one.name).or_default().push(one.at));
            row.missing.iter().for_each(|name| *missing.entry(name).or_default() += 1);
        }
        for (name, moments) in &seen {
            let count = moments.len();
            let (first, last) = (moments.iter().min(), moments.iter().max());
            all.extend(
                first
                    .zip(last)
                    .map(|(first, last)| say!("vault-disclosure-logged-seen", name, count, rows, first, last)),
            );
        }
        for (name, count) in &missing {
            all.push(say!("vault-disclosure-logged-missing", name, count, rows));
        }
        let unseen = self.rows.iter().filter(|row| row.seen.is_empty()).count();
        if unseen > 0 {
            all.push(say!("vault-disclosure-logged-unseen", count = unseen, rows));
        }
        if self.never != Counted::default() {
            all.push(say!("vault-disclosure-logged-never", parts = self.said(&self.never)));
        }
        all
    }
}
