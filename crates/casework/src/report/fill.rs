use std::collections::{BTreeMap, BTreeSet};

use department::{Moment, PersonRef};
use serde::Serialize;

use super::measure::{Dimension, EventKind, Item, Measure, items};
use super::pack::{Facts, Pack, PackError, PackField};
use super::suppress::{LEAST_TOLD, Table, Told, suppress};
use crate::results::{CaseDigest, Span};
use department::Day;

/// Schema of a report.
pub const REPORT_SCHEMA: &str = "corroborate.report.v1";

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Making<'a> {
    /// Every case.
    pub digests: &'a [CaseDigest],
    /// Events of the audit that fields may count.
    pub events: &'a [(EventKind, Moment)],
    /// What reports before this one told of groups of people.
    pub earlier: &'a [Told],
    /// Name of the department.
    pub department: &'a str,
    /// The zone in which days are counted.
    pub time_zone: &'a str,
    /// What the report covers: the workstations whose records it was made from.
    pub covers: &'a [String],
    /// What of the program and its policies fields may tell.
    pub systems: &'a Systems,
    /// Who makes it.
    pub by: &'a PersonRef,
    /// When.
    pub at: Moment,
}

/// What of the program a report may tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Systems {
    /// The program with its version.
    pub program: String,
    /// Policies in force: since when, SHA-256 of their text.
    pub policies: Vec<(Moment, String)>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`REPORT_SCHEMA`].
    pub schema: String,
    /// The pack.
    pub pack: String,
    /// Its title.
    pub title: String,
    /// The law.
    pub law: String,
    /// The department.
    pub department: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// The zone in which days are counted.
    pub time_zone: String,
    /// Workstations whose records it was made from.
    pub covers: Vec<String>,
    /// Who made it.
    pub made_by: PersonRef,
    /// When.
    pub made_at: Moment,
    /// A group of fewer people, but more than none, is not told.
    pub least_told: usize,
    /// Its fields.
    pub fields: Vec<Filled>,
    /// The newest checkpoint of the department's log that this workstation knows, where there is a log.
    pub checkpoint: Option<String>,
}

/// One field, filled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filled {
    /// Its name within the pack.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What the law asks.
    pub asks: String,
    /// How it was counted; empty where nothing was.
    pub definition: String,
    /// What it says.
    pub answer: Answer,
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Answer {
    /// A number.
    Count {
        /// Which.
        count: usize,
    },
    /// Numbers by group.
    Table {
        /// By what.
        by: Vec<Dimension>,
        /// One a group.
        rows: Vec<Row>,
        /// All together.
        total: usize,
    },
    /// Facts, a line each.
    Facts {
        /// The lines.
        lines: Vec<String>,
    },
    /// It cannot be filled from the records.
    NotRecorded {
        /// Why.
        because: String,
    },
}

/// One group of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Codes of the group, one a dimension.
    pub group: Vec<String>,
    /// The same in words.
    pub words: Vec<String>,
    /// How many; nothing where it is not told.
    pub count: Option<usize>,
}

impl Report {
    /// Fills the fields of `pack` over `span`, with what it tells of groups of people: whoever makes it keeps that for the next.
    ///
    /// # Errors
    /// [`PackError`] for days that are none or on which the pack was not in force.
    pub fn make(pack: &Pack, span: &Span, from: Making<'_>) -> Result<(Self, Vec<Told>), PackError> {
        pack.covers(span)?;
        let personal = Personal::of(pack, span, &from);
        let fields = pack.field.iter().map(|field| Filled {
            code: field.code.clone(),
            title: field.title.clone(),
            asks: field.asks.clone(),
            definition: field.count.map(Measure::definition).unwrap_or_default(),
            answer: answer(field, span, &from, &personal),
        });
        let report = Self {
            schema: REPORT_SCHEMA.to_owned(),
            pack: pack.id.clone(),
            title: pack.title.clone(),
            law: pack.law.clone(),
            department: from.department.to_owned(),
            from: span.from,
            to: span.to,
            time_zone: from.time_zone.to_owned(),
            covers: from.covers.to_vec(),
            made_by: from.by.clone(),
            made_at: from.at,
            least_told: LEAST_TOLD,
            fields: fields.collect(),
            checkpoint: None,
        };
        let told = personal.told(span);
        Ok((report, told))
    }
}

fn answer(field: &PackField, span: &Span, from: &Making<'_>, personal: &Personal) -> Answer {
    if let Some(because) = &field.not_recorded {
        return Answer::NotRecorded { because: because.clone() };
    }
    if let Some(facts) = field.facts {
        return Answer::Facts { lines: told(facts, span, from) };
    }
    let Some(measure) = field.count else { return Answer::Facts { lines: Vec::new() } };
    let found = items(measure, from.digests, from.events, span, from.time_zone);
    match field.by.as_slice() {
        [] => Answer::Count { count: found.len() },
        [one] if one.is_personal() => personal.answer(*one, measure),
        by => table(by, &found),
    }
}

fn table(by: &[Dimension], found: &[Item<'_>]) -> Answer {
    let mut groups: BTreeMap<Vec<String>, (Vec<String>, usize)> = BTreeMap::new();
    for item in found {
        let (codes, words) = by.iter().map(|dimension| item.group(*dimension)).unzip();
        groups.entry(codes).or_insert((words, 0)).1 += 1;
    }
    let rows = groups.into_iter().map(|(group, (words, count))| Row { group, words, count: Some(count) });
    Answer::Table { by: by.to_vec(), rows: rows.collect(), total: found.len() }
}

fn told(facts: Facts, span: &Span, from: &Making<'_>) -> Vec<String> {
    match facts {
        Facts::Systems => {
            let searches = from.digests.iter().filter(|digest| digest.counts()).flat_map(|digest| &digest.searches);
            let searches = searches.filter(|search| span.holds_moment(search.at, from.time_zone));
            let all: BTreeSet<String> =
                searches.map(|search| format!("{} ({})", search.gallery, search.model)).collect();
            all.into_iter().collect()
        }
        Facts::Program => vec![from.systems.program.clone()],
        Facts::Policies => {
            let policies = from.systems.policies.iter().filter(|(since, _)| since.day_in(from.time_zone) <= span.to);
            policies.map(|(since, sha256)| format!("{}: {sha256}", since.in_zone(from.time_zone))).collect()
        }
    }
}

/// Tables of groups of people, all of a pack at once: what one tells must not give away what another does not.
struct Personal(Vec<Broken>);

/// The tables of one dimension.
struct Broken {
    dimension: Dimension,
    /// Code and words of each group.
    groups: Vec<(String, String)>,
    tables: Vec<Table>,
}

impl Personal {
    fn of(pack: &Pack, span: &Span, from: &Making<'_>) -> Self {
        let all = from.digests.iter().filter(|digest| digest.counts()).flat_map(|digest| &digest.results);
        let (first, last) = all.fold((span.from, span.to), |(first, last), one| (first.min(one.on), last.max(one.on)));
        let ever = items(Measure::Results, from.digests, &[], &Span { from: first, to: last }, from.time_zone);
        let mut wanted: BTreeMap<Dimension, BTreeSet<Measure>> = BTreeMap::new();
        for field in &pack.field {
            let (Some(measure), [one]) = (field.count, field.by.as_slice()) else { continue };
            if one.is_personal() {
                wanted.entry(*one).or_default().insert(measure);
            }
        }
        let each = wanted.into_iter().map(|(dimension, measures)| {
            let groups = dimension.groups();
            let codes: Vec<String> = groups.iter().map(|(code, _)| code.clone()).collect();
            let count = |measure: Measure| {
                let found = items(measure, from.digests, &[], span, from.time_zone);
                let of = |code: &String| found.iter().filter(|item| item.group(dimension).0 == *code).count();
                codes.iter().map(of).collect::<Vec<usize>>()
            };
            let table = |measure: &Measure| {
                let counts = count(*measure);
                Table { kinds: measure.kinds(), told: vec![true; counts.len()], counts }
            };
            let mut tables: Vec<Table> = measures.iter().map(table).collect();
            suppress(dimension, &codes, span, &mut tables, from.earlier, &ever);
            Broken { dimension, groups, tables }
        });
        Self(each.collect())
    }

    fn answer(&self, dimension: Dimension, measure: Measure) -> Answer {
        let kinds = measure.kinds();
        let of = self.0.iter().find(|one| one.dimension == dimension);
        let found = of.and_then(|one| Some((&one.groups, one.tables.iter().find(|t| t.kinds == kinds)?)));
        let Some((groups, table)) = found else { return Answer::Facts { lines: Vec::new() } };
        let rows = groups.iter().enumerate().map(|(at, (code, words))| Row {
            group: vec![code.clone()],
            words: vec![words.clone()],
            count: table.told[at].then_some(table.counts[at]),
        });
        Answer::Table { by: vec![dimension], rows: rows.collect(), total: table.counts.iter().sum() }
    }

    fn told(&self, span: &Span) -> Vec<Told> {
        let mut all = Vec::new();
        for Broken { dimension, groups, tables } in &self.0 {
            for table in tables {
                let one = |group: Option<String>, count| Told {
                    dimension: *dimension,
                    kinds: table.kinds.clone(),
                    span: *span,
                    group,
                    count,
                };
                all.push(one(None, Some(table.counts.iter().sum())));
                let cells = groups.iter().enumerate().filter(|(at, _)| table.told[*at]);
                all.extend(cells.map(|(at, (code, _))| one(Some(code.clone()), Some(table.counts[at]))));
            }
        }
        all
    }
}
