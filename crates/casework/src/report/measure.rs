use catalogue::say;
use department::{Day, Moment};
use serde::{Deserialize, Serialize};

use crate::note::Disposition;
use crate::probe::ProbeSource;
use crate::results::{AgeBand, CaseDigest, Described, Gender, Race, ResultKind, Span};

/// What a field counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Searches made.
    Searches,
    /// Searches of whose list nobody was kept.
    SearchesGaveNothing,
    /// Cases with a search.
    Cases,
    /// Notes sealed; one that was returned and sealed again is one.
    Notes,
    /// Notes of a corroborated lead that a supervisor approved.
    LeadsCorroborated,
    /// Notes of a lead that was not corroborated.
    LeadsNotCorroborated,
    /// Reviews that returned a note or referred it to audit.
    NotesReturned,
    /// Results of every kind.
    Results,
    /// Results of one kind.
    Result(ResultKind),
    /// Arrests, charges and warrants that rested on the lead alone.
    Violations,
    /// Events of the audit.
    Event(EventKind),
}

/// An event of the audit that a field may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A disclosure that left, as a file, on paper or as a kit.
    Disclosure,
    /// What the program or a reviewer referred to the auditor.
    Referral,
    /// A search that was refused.
    SearchRefused,
    /// A note that was refused.
    NoteRefused,
    /// A sign-in that was refused.
    SignInRefused,
    /// The policy became laxer.
    PolicyLoosened,
    /// A note, a report or an audit that left as a file.
    Export,
}

impl EventKind {
    /// All.
    pub const ALL: [EventKind; 7] = [
        EventKind::Disclosure,
        EventKind::Referral,
        EventKind::SearchRefused,
        EventKind::NoteRefused,
        EventKind::SignInRefused,
        EventKind::PolicyLoosened,
        EventKind::Export,
    ];

    /// Actions of the audit that are such an event.
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            EventKind::Disclosure => &["disclosure-exported", "disclosure-printed", "kit-exported"],
            EventKind::Referral => &["referred-to-audit"],
            EventKind::SearchRefused => &["search-refused"],
            EventKind::NoteRefused => &["note-refused"],
            EventKind::SignInRefused => &["sign-in-refused"],
            EventKind::PolicyLoosened => &["policy-loosened"],
            EventKind::Export => &["note-exported", "report-printed", "audit-exported"],
        }
    }
}

impl Measure {
    /// Kinds of result that it counts; none for what is no result.
    pub(super) fn kinds(self) -> Vec<ResultKind> {
        match self {
            Measure::Results => ResultKind::ALL.to_vec(),
            Measure::Result(kind) => vec![kind],
            _ => Vec::new(),
        }
    }

    /// How it is counted, as the report says beside the number.
    pub fn definition(self) -> String {
        match self {
            Measure::Searches => say!("rule-report-counts-searches").to_owned(),
            Measure::SearchesGaveNothing => say!("rule-report-counts-gave-nothing").to_owned(),
            Measure::Cases => say!("rule-report-counts-cases").to_owned(),
            Measure::Notes => say!("rule-report-counts-notes").to_owned(),
            Measure::LeadsCorroborated => say!("rule-report-counts-corroborated").to_owned(),
            Measure::LeadsNotCorroborated => say!("rule-report-counts-not-corroborated").to_owned(),
            Measure::NotesReturned => say!("rule-report-counts-returned").to_owned(),
            Measure::Results => say!("rule-report-counts-results").to_owned(),
            Measure::Result(kind) => say!("rule-report-counts-result", kind = kind.in_words()),
            Measure::Violations => say!("rule-report-counts-violations").to_owned(),
            Measure::Event(kind) => say!("rule-report-counts-events", actions = kind.actions().join(", ")),
        }
    }
}

/// By what a field is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// What the search was for.
    Purpose,
    /// The offence.
    Offence,
    /// The operation.
    Operation,
    /// What kind of image the probe is.
    Source,
    /// The note's disposition.
    Disposition,
    /// The kind of result.
    Result,
    /// Calendar month.
    Month,
    /// Race of whom a result concerns, as a record has it.
    Race,
    /// Gender.
    Gender,
    /// Age.
    Age,
}

/// Code of what nobody recorded.
pub(super) const NOT_RECORDED: &str = "not-recorded";

/// The code of a variant as records write it: `MiddleEastern` is `middle-eastern`.
fn code(of: impl std::fmt::Debug) -> String {
    let mut code = String::new();
    for letter in format!("{of:?}").chars() {
        if letter.is_ascii_uppercase() && !code.is_empty() {
            code.push('-');
        }
        code.push(letter.to_ascii_lowercase());
    }
    code
}

impl Dimension {
    /// Whether it says something of a person.
    pub fn is_personal(self) -> bool {
        matches!(self, Dimension::Race | Dimension::Gender | Dimension::Age)
    }

    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Dimension::Purpose => say!("rule-report-by-purpose"),
            Dimension::Offence => say!("rule-report-by-offence"),
            Dimension::Operation => say!("rule-report-by-operation"),
            Dimension::Source => say!("rule-report-by-source"),
            Dimension::Disposition => say!("rule-report-by-disposition"),
            Dimension::Result => say!("rule-report-by-result"),
            Dimension::Month => say!("rule-report-by-month"),
            Dimension::Race => say!("rule-report-by-race"),
            Dimension::Gender => say!("rule-report-by-gender"),
            Dimension::Age => say!("rule-report-by-age"),
        }
    }

    /// Every group of a personal dimension, code and words, the one of what nobody recorded last.
    pub(super) fn groups(self) -> Vec<(String, String)> {
        let mut groups: Vec<(String, String)> = match self {
            Dimension::Race => Race::ALL.iter().map(|one| (code(one), one.in_words().to_owned())).collect(),
            Dimension::Gender => Gender::ALL.iter().map(|one| (code(one), one.in_words().to_owned())).collect(),
            Dimension::Age => {
                AgeBand::ALL.iter().map(|one| (one.code().to_owned(), one.in_words().to_owned())).collect()
            }
            _ => Vec::new(),
        };
        groups.push((NOT_RECORDED.to_owned(), say!("rule-report-not-recorded").to_owned()));
        groups
    }
}

/// One thing that is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) case: Option<&'a CaseDigest>,
    pub(super) day: Day,
    disposition: Option<Disposition>,
    pub(super) kind: Option<ResultKind>,
    described: Option<&'a Described>,
}

impl Item<'_> {
    /// The group of `dimension` that it belongs to: code and words.
    pub(super) fn group(&self, dimension: Dimension) -> (String, String) {
        let none = || (NOT_RECORDED.to_owned(), say!("rule-report-not-recorded").to_owned());
        let plain = |text: &str| if text.is_empty() { none() } else { (text.to_owned(), text.to_owned()) };
        let described = self.described;
        let found = match dimension {
            Dimension::Purpose => self.case.map(|c| (c.purpose.code().to_owned(), c.purpose.in_words().to_owned())),
            Dimension::Offence => self.case.map(|c| plain(&c.offence)),
            Dimension::Operation => self.case.map(|c| plain(&c.operation)),
            Dimension::Source => {
                self.case.and_then(|c| c.source).map(|s: ProbeSource| (code(s), s.in_words().to_owned()))
            }
            Dimension::Disposition => self.disposition.map(|d| (code(d), d.in_words().to_owned())),
            Dimension::Result => self.kind.map(|k| (k.code().to_owned(), k.in_words().to_owned())),
            Dimension::Month => {
                let month = format!("{:04}-{:02}", self.day.0.year(), self.day.0.month());
                Some((month.clone(), month))
            }
            Dimension::Race => described.and_then(|d| d.race).map(|r| (code(r), r.in_words().to_owned())),
            Dimension::Gender => described.and_then(|d| d.gender).map(|g| (code(g), g.in_words().to_owned())),
            Dimension::Age => described.and_then(|d| d.age).map(|a| (a.code().to_owned(), a.in_words().to_owned())),
        };
        found.unwrap_or_else(none)
    }
}

/// Everything of `digests` and `events` that `measure` counts in `span`.
pub(super) fn items<'a>(
    measure: Measure,
    digests: &'a [CaseDigest],
    events: &[(EventKind, Moment)],
    span: &Span,
    zone: &str,
) -> Vec<Item<'a>> {
    let item = |case, day| Item { case, day, disposition: None, kind: None, described: None };
    if let Measure::Event(kind) = measure {
        let of_kind = events.iter().filter(|(one, at)| *one == kind && span.holds_moment(*at, zone));
        return of_kind.map(|(_, at)| item(None, at.day_in(zone))).collect();
    }
    let mut found = Vec::new();
    for digest in digests.iter().filter(|digest| digest.counts()) {
        let case = Some(digest);
        let searches = digest.searches.iter().filter(|search| span.holds_moment(search.at, zone));
        let notes = digest.notes.iter().filter(|note| span.holds_moment(note.sealed_at, zone));
        match measure {
            Measure::Searches => found.extend(searches.map(|search| item(case, search.at.day_in(zone)))),
            Measure::SearchesGaveNothing => {
                found.extend(searches.filter(|one| one.gave_nothing).map(|search| item(case, search.at.day_in(zone))));
            }
            Measure::Cases => found.extend(searches.take(1).map(|search| item(case, search.at.day_in(zone)))),
            Measure::Notes | Measure::LeadsCorroborated | Measure::LeadsNotCorroborated => {
                let wanted = |disposition, approved| match measure {
                    Measure::LeadsCorroborated => disposition == Disposition::LeadCorroborated && approved,
                    Measure::LeadsNotCorroborated => disposition == Disposition::LeadNotCorroborated,
                    _ => true,
                };
                let notes = notes.filter(|note| !note.amended);
                let notes = notes.filter(|note| wanted(note.disposition, note.approved_at.is_some()));
                found.extend(notes.map(|note| Item {
                    disposition: Some(note.disposition),
                    ..item(case, note.sealed_at.day_in(zone))
                }));
            }
            Measure::NotesReturned => {
                let each = notes.flat_map(|note| std::iter::repeat_n(note, note.returned));
                found.extend(each.map(|note| Item {
                    disposition: Some(note.disposition),
                    ..item(case, note.sealed_at.day_in(zone))
                }));
            }
            Measure::Results | Measure::Result(_) => {
                let kinds = measure.kinds();
                let results = digest.results.iter().filter(|one| !one.corrected && kinds.contains(&one.kind));
                found.extend(results.filter(|one| span.holds(one.on)).map(|one| Item {
                    kind: Some(one.kind),
                    described: Some(&one.described),
                    ..item(case, one.on)
                }));
            }
            Measure::Violations => {
                let results = digest.results.iter().filter(|one| one.is_violation(span, zone));
                found.extend(results.map(|one| Item {
                    kind: Some(one.kind),
                    described: Some(&one.described),
                    ..item(case, one.recorded_at.day_in(zone))
                }));
            }
            Measure::Event(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_records() {
        for race in Race::ALL {
            assert_eq!(code(race), written(&race));
        }
        for gender in Gender::ALL {
            assert_eq!(code(gender), written(&gender));
        }
        for age in AgeBand::ALL {
            assert_eq!(age.code(), written(&age));
        }
        for source in ProbeSource::ALL {
            assert_eq!(code(source), written(&source));
        }
        for disposition in Disposition::ALL {
            assert_eq!(code(disposition), written(&disposition));
        }
    }

    fn written(of: &impl Serialize) -> String {
        serde_json::to_value(of).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }
}
