use std::collections::BTreeMap;

use catalogue::say;
use department::{Day, Gap, Moment, Person, Role};
use serde::{Deserialize, Serialize};

use super::digest::{CaseDigest, DigestNote, DigestResult};
use super::kind::ResultKind;
use super::record::Concern;
use crate::note::Disposition;

/// Days of a report or a page, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Span {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
}

impl Span {
    /// Whether `day` is one of them.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether `at` falls into them where people are.
    pub fn holds_moment(&self, at: Moment, zone: &str) -> bool {
        self.holds(at.day_in(zone))
    }
}

/// Whether `person` may read figures over all cases: they tell no name, and no case.
///
/// # Errors
/// A gap for others than supervisors and auditors.
pub fn may_read_figures(person: &Person) -> Result<(), Vec<Gap>> {
    if person.is(Role::Supervisor) || person.is(Role::Auditor) {
        return Ok(());
    }
    Err(vec![Gap::new("figures", say!("rule-results-who-reads-figures"), say!("rule-results-why"))])
}

/// What came of it in one group of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Figure {
    /// The group: an operation, a purpose, an offence. Empty for cases without one.
    pub group: String,
    /// Searches made.
    pub searches: usize,
    /// Searches whose list held nobody who was kept.
    pub gave_nothing: usize,
    /// Notes of a lead that was never corroborated.
    pub not_corroborated: usize,
    /// Approved notes of a corroborated lead.
    pub corroborated: usize,
    /// Results, in the order of [`ResultKind::ALL`].
    pub results: Vec<usize>,
    /// Arrests, charges and warrants that rested on a lead alone, corrected later or not.
    pub violations: usize,
}

/// What came of it, as a chief presents it and as a council reads it: results with their denominator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ResultFigures {
    /// All cases together.
    pub all: Figure,
    /// By operation, then by name.
    pub by_operation: Vec<Figure>,
    /// By purpose, as its code.
    pub by_purpose: Vec<Figure>,
    /// By offence.
    pub by_offence: Vec<Figure>,
}

impl Figure {
    fn of<'a>(group: &str, digests: impl Iterator<Item = &'a CaseDigest>, span: &Span, zone: &str) -> Self {
        let mut figure = Self {
            group: group.to_owned(),
            searches: 0,
            gave_nothing: 0,
            not_corroborated: 0,
            corroborated: 0,
            results: vec![0; ResultKind::ALL.len()],
            violations: 0,
        };
        for digest in digests {
            for search in digest.searches.iter().filter(|search| span.holds_moment(search.at, zone)) {
                figure.searches += 1;
                figure.gave_nothing += usize::from(search.gave_nothing);
            }
            // A note that was returned and sealed again is one note.
            let last = digest.notes.iter().filter(|note| !note.amended && span.holds_moment(note.sealed_at, zone));
            for DigestNote { disposition, approved_at, .. } in last {
                figure.not_corroborated += usize::from(*disposition == Disposition::LeadNotCorroborated);
                let approved = *disposition == Disposition::LeadCorroborated && approved_at.is_some();
                figure.corroborated += usize::from(approved);
            }
            for result in &digest.results {
                let counts = span.holds(result.on) && !result.corrected;
                let at = place(result.kind).filter(|_| counts);
                if let Some(count) = at.and_then(|at| figure.results.get_mut(at)) {
                    *count += 1;
                }
                figure.violations += usize::from(result.is_violation(span, zone));
            }
        }
        figure
    }

    /// How often `kind` came of it.
    pub fn count(&self, kind: ResultKind) -> usize {
        place(kind).and_then(|at| self.results.get(at)).copied().unwrap_or(0)
    }
}

/// Where the number of a kind stands in [`Figure::results`].
fn place(kind: ResultKind) -> Option<usize> {
    ResultKind::ALL.iter().position(|one| *one == kind)
}

impl DigestResult {
    /// Whether it was recorded in `span` as resting on the lead alone. Correcting it later does not undo that it was.
    pub fn is_violation(&self, span: &Span, zone: &str) -> bool {
        self.concerns.contains(&Concern::LeadAlone) && span.holds_moment(self.recorded_at, zone)
    }
}

impl ResultFigures {
    /// Counts the cases that count of `digests` in `span`, of `operation` alone where one is named.
    pub fn of(digests: &[CaseDigest], operation: Option<&str>, span: &Span, zone: &str) -> Self {
        let wanted: Vec<&CaseDigest> = digests
            .iter()
            .filter(|digest| digest.counts() && operation.is_none_or(|name| digest.operation == name))
            .collect();
        let by = |group: fn(&CaseDigest) -> &str| {
            let mut groups: BTreeMap<&str, Vec<&CaseDigest>> = BTreeMap::new();
            for digest in &wanted {
                groups.entry(group(digest)).or_default().push(digest);
            }
            let figures = groups.into_iter().map(|(name, of)| Figure::of(name, of.into_iter(), span, zone));
            figures.filter(|one| one.searches + one.violations + one.results.iter().sum::<usize>() > 0).collect()
        };
        Self {
            all: Figure::of("", wanted.iter().copied(), span, zone),
            by_operation: by(|digest| &digest.operation),
            by_purpose: by(|digest| digest.purpose.code()),
            by_offence: by(|digest| &digest.offence),
        }
    }
}
